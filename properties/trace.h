/* What a VM did, seen from outside and counted by its own instructions: its state at each
 * of its own traps, and a digest of what it left behind.  Two runs of the same guest have the same
 * trace, whenever its host let it run.  Taken for isolation.
 */
#ifndef DROSTE_TRACE_H
#define DROSTE_TRACE_H

#include "properties/pair.h"

/* A trap: why, where, after how many of the guest's instructions, and the registers then. */
struct traced {
	enum cause cause;
	uint32_t pc, tval;
	uint64_t direct;        /* instructions that the real machine executed in it so far */
	uint32_t x[32];
	uint64_t steps;         /* of the real machine, then */
};

struct trace {
	struct traced *at;          /* each of its own traps */
	size_t n, room;
	bool made;                  /* its host's table has shown it */
	bool ended;
	uint32_t state, exit_code;
	bool was_last;              /* all others had ended when it ran last: then the machine ends as it does */
	bool same_end;
	uint64_t storage, disk, output;
	uint64_t real_steps, work;  /* work: see pair.h */
	uint64_t waited;            /* instructions of others since it ran last */
	uint64_t waited_steps;      /* of the real machine */
	uint64_t gap;               /* the most that others had between two turns of its own */
	uint64_t went;              /* its own instructions and traps, those not seen by the VM table */
	uint32_t longest;           /* time that anybody was given */
	struct violation violation; /* of resource control, in the run */
};

/* Runs the case for at most so much work (pair.h).  False, and why, if it
 * cannot be run. */
bool trace_take(struct trace *trace, const struct pair_case *c, uint64_t work, struct refusal *why);
void trace_free(struct trace *trace);

/* FAULT_NONE unless the trace is another than beside a quiet neighbour, one that ends at once; what says in what,
 * and steps, of the real machine, where that shows.  One that has not ended proves nothing about its end. */
enum fault trace_differs(char *what, size_t room, uint64_t *steps, const struct trace *quiet, const struct trace *beside);

/* FAULT_NONE unless others were served, or nobody, while it waited for longer than there can be
 * reason for under a monitor of that quantum. */
enum fault trace_starves(char *what, size_t room, const struct trace *trace, uint32_t quantum);

#endif
