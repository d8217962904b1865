/* Efficiency (Popek and Goldberg 1974, section 3): all innocuous instructions are
 * executed by the hardware directly.  Decided by counting: what the real machine
 * completed in the guest against what the bare machine completed; and the guest's
 * exits against those that its own traps and privileged instructions require.
 */
#ifndef DROSTE_EFFICIENCY_H
#define DROSTE_EFFICIENCY_H

#include "properties/pair.h"

struct efficiency {
	uint64_t innocuous, direct;       /* completed on the bare machine; directly under the monitor */
	uint64_t exits, required;         /* required: by the guest's own traps and privileged instructions */
	uint64_t allowed;                 /* beyond that */
	uint64_t timer_allowed;           /* exits by the real timer: each timer that it sets, or the quantum, may take one */
	uint64_t monitor_instructions;
	uint64_t by_cause[CAUSES];        /* exits */
};

struct efficiency efficiency_of(const struct pair_counts *counts);

/* FAULT_NONE if nothing is against it; else what says in what. */
enum fault efficiency_fault(const struct efficiency *efficiency, const char **what);

#endif
