/* What has been tried: for each event of a guest, its cause, the virtual mode, the
 * instruction, whether interrupts were enabled and whether one was pending, and the
 * depth.  Filled from the bare machine of a pair, so that it says what the guest did,
 * whatever the monitor made of it.
 */
#ifndef DROSTE_COVERAGE_H
#define DROSTE_COVERAGE_H

#include <stdio.h>

#include "machine/window.h"

enum {
	COVERAGE_DEPTHS = 7,
	COVERAGE_CAUSES = CAUSES + 1,   /* the last: a System instruction that completed */
	COVERAGE_COMPLETED = CAUSES,
	COVERAGE_INSNS = INSNS + 1,     /* the last: no instruction */
};

struct coverage {
	uint64_t n[COVERAGE_DEPTHS][COVERAGE_CAUSES][2][COVERAGE_INSNS][4]; /* mode; IE + 2 * pending */
};

/* To be told of the events of a bare machine whose virtual twin is at depth. */
void coverage_trap(struct coverage *coverage, unsigned depth, const struct machine *m, const struct psw *old,
                   enum cause cause, uint32_t tval);
void coverage_system(struct coverage *coverage, unsigned depth, const struct machine *m, const struct psw *before,
                     enum insn insn);

/* True iff the machine can come there at all. */
bool coverage_possible(unsigned cause, unsigned mode, unsigned insn, unsigned enabled_pending);

void coverage_print(const struct coverage *coverage, FILE *to);
void coverage_draw(const struct coverage *coverage, FILE *to); /* SVG */

#endif
