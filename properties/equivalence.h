/* Equivalence (Popek and Goldberg 1974, section 3): a program under a monitor does
 * what it does on the bare machine.  Here, at every entry of the guest, the virtual
 * machine is compared with a bare machine of the same size that has completed as many
 * instructions and taken as many traps: registers, PSW, clock, trapped bit, storage,
 * output; at the end also how both ended, and the disk.  PG-32 is exact, so the
 * paper's exceptions for timing and resources are not used.
 */
#ifndef DROSTE_EQUIVALENCE_H
#define DROSTE_EQUIVALENCE_H

#include "inspector/levels.h"

/* What to compare: a guest, and the monitors to put above it, the outermost first. */
struct equivalence_case {
	const struct vm_plan *guest;
	const struct pack_monitor *monitors;
	unsigned depth;
	const struct profile *profile;      /* NULL: strict */
	const char *input[LINES_MOST];      /* text waiting on each of the guest's lines, or NULL */
	bool plain;                         /* run the monitors by the plain executor */
};

enum equivalence_verdict {
	EQUIVALENCE_SAME,       /* so far */
	EQUIVALENCE_ENDED,      /* both have ended, the same */
	EQUIVALENCE_DIFFERS,    /* what says in what */
	EQUIVALENCE_UNDECIDED,  /* the guest was not entered again within the steps given */
};

struct equivalence {
	struct machine *bare, *nested;
	struct levels_meter meter;   /* of nested */
	unsigned guest;              /* its index in meter.levels; 0: not made yet */
	unsigned depth;
	const char *what;            /* the first difference, or NULL */
	uint64_t steps;              /* of the guest when last compared: instructions and traps */
	uint64_t entries;            /* compared so far */
	struct equivalence_outputs *outputs;
	struct boot_disk bare_disk, nested_disk;
};

/* Both machines, loaded.  Use it where it stands: the machines know its address. */
bool equivalence_start(struct equivalence *e, const struct equivalence_case *c, struct refusal *why);

/* Runs on to the guest's next entry, or its end, and compares.  steps bounds what the
 * real machine may do meanwhile. */
enum equivalence_verdict equivalence_advance(struct equivalence *e, uint64_t steps);

void equivalence_stop(struct equivalence *e);

#endif
