/* The past of a session: moments at which all of it was kept.  There is always the
 * first; the others lie closer together the nearer they are to now, and take no more
 * memory than they may.
 */
#ifndef DROSTE_PAST_H
#define DROSTE_PAST_H

#include "inspector/control.h"
#include "inspector/recording.h"
#include "inspector/twin.h"

/* Everything about a session that running changes. */
struct moment {
	uint64_t steps;
	struct snapshot *machine;
	struct levels_meter *meter;
	struct control control;
	struct twin_place twin;
	size_t given;                /* of what came from outside */
	uint64_t traps, output[LINES_MOST]; /* where the tapes stand */
	uint8_t trapped_in[LEVELS_MOST];
};

struct past {
	struct moment *moments; /* in the order of steps */
	size_t n, room;
	size_t bytes, most;
};

void past_free(struct past *past);

/* The last moment at or before steps; NULL: there is none. */
const struct moment *past_nearest(const struct past *past, uint64_t steps);

/* The last moment before steps; NULL: there is none. */
const struct moment *past_before(const struct past *past, uint64_t steps);

/* Adds a moment, which then belongs to the past but for what machine and meter point to
 * now: these are copied.  False if out of memory, and nothing is kept. */
bool past_keep(struct past *past, const struct moment *moment, const struct machine *m,
               const struct levels_meter *meter);

/* Gives up moments until the past takes no more memory than half of what it takes. */
void past_halve(struct past *past, uint64_t now);

/* Forgets moments after steps, or with more given. */
void past_cut(struct past *past, uint64_t steps, size_t given);

#endif
