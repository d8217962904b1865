/* What gdb's packets mean for a machine under inspection.  Each level is a process with
 * one thread; its number is the level's index + 1.  A machine that hosts is shown as its
 * monitor: while one of its VMs runs, at the instruction where the monitor will go on,
 * with the PSW that the next trap will load.  Called by gdb_server.c with one packet at a
 * time, and by the fuzzer; whatever a packet says, there is an answer.
 */
#ifndef DROSTE_GDB_TARGET_H
#define DROSTE_GDB_TARGET_H

#include "inspector/commands.h"
#include "inspector/gdb_packets.h"

struct gdb_target {
	struct inspector *inspector;

	/* While it runs: a packet to send, and whether gdb wants it to stop. */
	void *self;
	void (*say)(void *self, const struct gdb_text *text);
	bool (*asked)(void *self);

	/* The target's own. */
	bool multiprocess, swbreak, hwbreak; /* what gdb understands */
	bool attached[LEVELS_MOST];
	unsigned level;    /* registers, storage and points are this one's (Hg) */
	unsigned moving;   /* and motion is this one's (Hc) */
	bool forwards;     /* it is under way, and what it writes can be told at once */
	uint64_t start;    /* steps at which gdb found it */
	uint64_t told_end; /* steps at which its end was told; 0: not yet */
};

void gdb_target_start(struct gdb_target *target, struct inspector *inspector);

/* What the server does after an answer. */
enum gdb_after {
	GDB_GO_ON,
	GDB_BE_QUIET, /* no acknowledgements from now on */
	GDB_HANG_UP,  /* without an answer: gdb is done, and so is droste */
};

enum gdb_after gdb_target_do(struct gdb_target *target, const char *packet, size_t n, struct gdb_text *answer);

/* Tells gdb what the console lines have written since the last time. */
void gdb_say_output(struct gdb_target *target);

/* Points that gdb set go with it. */
void gdb_target_leave(struct gdb_target *target);

/* ---- gdb_documents.c ----------------------------------------------------- */

/* A document that gdb asks for with qXfer. */
struct gdb_document {
	const char *name;
	/* annex: what of it; false: there is no such. */
	bool (*write)(const struct gdb_target *target, const char *annex, FILE *to);
};

/* The table; ends with a name of NULL. */
extern const struct gdb_document gdb_documents[];

/* Registers by gdb's numbers, as the target description has them. */
enum { GDB_PC = 32, GDB_STATUS, GDB_BASE, GDB_BOUND, GDB_TIMER, GDB_CLOCK, GDB_REGISTERS };

#endif
