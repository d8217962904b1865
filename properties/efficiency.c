/* Efficiency, counted.  See efficiency.h; called by check.c. */

#include "efficiency.h"

#include "inspector/words.h"

/* A monitor may take its quantum, hear of an attention or of the timer's expiry before its
 * VM can, and come back for an instruction that it has not finished; but not as often as
 * instructions go by. */
enum { EXITS_SPARE = 16, INSTRUCTIONS_AN_EXIT = 1000 };

static uint64_t sum(const uint64_t counts[CAUSES])
{
	uint64_t n = 0;
	for (int cause = CAUSE_PRIVILEGED; cause < CAUSES; cause++)
		n += counts[cause];
	return n;
}

struct efficiency efficiency_of(const struct pair_counts *counts)
{
	uint64_t privileged = counts->system - counts->direct_system;
	struct efficiency e = {
		.innocuous = (uint64_t)((int64_t)(counts->instructions - counts->system) - counts->pardoned),
		.direct = counts->direct - counts->direct_system,
		.exits = sum(counts->exits),
		.required = sum(counts->traps) + privileged,
		.monitor_instructions = counts->monitor_instructions,
	};
	e.allowed = EXITS_SPARE + e.required + e.innocuous / INSTRUCTIONS_AN_EXIT;
	e.timer_allowed = EXITS_SPARE + counts->traps[CAUSE_TIMER] + counts->timed + e.innocuous / INSTRUCTIONS_AN_EXIT;
	for (int cause = 0; cause < CAUSES; cause++)
		e.by_cause[cause] = counts->exits[cause];
	return e;
}

enum fault efficiency_fault(const struct efficiency *e, const char **what)
{
	if (e->direct < e->innocuous) {
		*what = _("innocuous instructions were not executed directly");
		return FAULT_INTERPRETED;
	}
	if (e->exits > e->required + e->allowed) {
		*what = _("the guest is left more often than its own traps and privileged instructions require");
		return FAULT_EXITS;
	}
	if (e->by_cause[CAUSE_TIMER] > e->timer_allowed) {
		*what = _("the real timer interrupts the guest more often than a quantum, or its own timer, requires");
		return FAULT_EXITS;
	}
	return FAULT_NONE;
}
