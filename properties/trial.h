/* One guest run to its end under one stack of monitors, with every property watched at
 * once: the material from which check.h makes findings.  Steps are bounded, so that a
 * monitor that hangs, crashes or prints without end makes a finding too.
 */
#ifndef DROSTE_TRIAL_H
#define DROSTE_TRIAL_H

#include "properties/efficiency.h"
#include "properties/equivalence.h"
#include "properties/inspection.h"

enum trial_end {
	TRIAL_SAME,     /* to the end, or to the limit */
	TRIAL_DIFFERS,
	TRIAL_STUCK,    /* the guest does not go on, and the monitor does not end */
	TRIAL_REFUSED,  /* no machine can be made of it */
};

struct trial {
	enum trial_end end;
	enum fault fault;            /* if not the same: its class, as far as the run tells */
	char what[256];              /* and what is wrong */
	uint64_t good;               /* entries up to which all was the same */
	uint64_t told;               /* entries up to which the VM table had PSW and clock right */
	uint64_t entries;            /* compared */
	uint64_t budget;             /* steps that the real machine was given */
	uint64_t shown;              /* steps after which it has shown that the two are not the same, if they are not */
	bool ended;                  /* the guest has */
	bool unseen;                 /* by the anchor there was no guest: nothing could be watched, nor compared but output and end */
	unsigned pardoned;           /* differences after which the two were put in step again */
	uint64_t clock;              /* the bare machine's, when last in step */
	struct violation violation;  /* of resource control */
	struct lie lie;
	struct efficiency efficiency;
	uint64_t indirect_at;        /* real steps at which an innocuous instruction was found not to be executed directly */
	struct level_trips trips;    /* of privileged instructions but SIO */
	uint64_t instructions;       /* of the bare machine */
	uint64_t real_steps;
	char said[160];              /* the last that the monitors wrote for themselves */
	struct stray stray;          /* where the monitor itself came to, if that is why the guest does not go on */
};

/* limit bounds what the bare machine does; 0: no bound but patience. */
void trial_run(struct trial *trial, const struct pair_case *c, uint64_t limit);

/* True iff the guest waits for its input when it has none, and then comes to an end soon: only
 * such a guest has any use of input that comes late. */
bool trial_waits(const struct pair_case *c);

/* How many steps the guest takes to its end on the bare machine, or limit. */
uint64_t trial_measure(const struct pair_case *c, uint64_t limit, struct refusal *why);

#endif
