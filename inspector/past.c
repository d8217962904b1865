/* See past.h.  Called by the session's motion. */

#include "past.h"

#include <stdlib.h>
#include <string.h>

static void drop(struct past *past, size_t i)
{
	struct moment *moment = &past->moments[i];
	snapshot_free(moment->machine, &past->bytes);
	free(moment->meter);
	past->bytes -= sizeof(*moment->meter);
	memmove(moment, moment + 1, (--past->n - i) * sizeof(*moment));
}

void past_free(struct past *past)
{
	while (past->n > 0)
		drop(past, past->n - 1);
	free(past->moments);
	past->moments = NULL;
}

/* How many moments are at or before steps. */
static size_t count_until(const struct past *past, uint64_t steps)
{
	size_t low = 0, high = past->n;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (past->moments[middle].steps <= steps)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct moment *past_nearest(const struct past *past, uint64_t steps)
{
	size_t n = count_until(past, steps);
	return n > 0 ? &past->moments[n - 1] : NULL;
}

const struct moment *past_before(const struct past *past, uint64_t steps)
{
	return steps > 0 ? past_nearest(past, steps - 1) : NULL;
}

/* ---- memory ------------------------------------------------------------- */

/* How little is lost with moment i, seen from now: the distance that has then to be run,
 * by how far away it is. */
static double loss(const struct past *past, size_t i, uint64_t now)
{
	const struct moment *at = &past->moments[i];
	uint64_t gap = at[1].steps - at[-1].steps;
	uint64_t away = now > at->steps ? now - at->steps : at->steps - now;
	return (double)gap / ((double)away + 1);
}

/* Never the first, nor the last. */
static void thin(struct past *past, uint64_t now, size_t most)
{
	while (past->bytes > most && past->n > 2) {
		size_t least = 1;
		for (size_t i = 2; i + 1 < past->n; i++)
			if (loss(past, i, now) < loss(past, least, now))
				least = i;
		drop(past, least);
	}
}

void past_halve(struct past *past, uint64_t now) { thin(past, now, past->bytes / 2); }

/* ---- keeping ------------------------------------------------------------ */

static bool make_room(struct past *past)
{
	if (past->n < past->room)
		return true;
	size_t room = 2 * past->room + 16;
	struct moment *moments = realloc(past->moments, room * sizeof(*moments));
	if (!moments)
		return false;
	past->moments = moments;
	past->room = room;
	return true;
}

static bool copy(struct past *past, struct moment *moment, const struct moment *before, const struct machine *m,
                 const struct levels_meter *meter)
{
	moment->meter = malloc(sizeof(*meter));
	moment->machine = moment->meter ? machine_snapshot(m, before ? before->machine : NULL, &past->bytes) : NULL;
	if (!moment->machine) {
		free(moment->meter);
		return false;
	}
	memcpy(moment->meter, meter, sizeof(*meter));
	past->bytes += sizeof(*meter);
	return true;
}

bool past_keep(struct past *past, const struct moment *moment, const struct machine *m,
               const struct levels_meter *meter)
{
	struct moment kept = *moment;
	size_t i = count_until(past, moment->steps);
	if (!make_room(past) || !copy(past, &kept, i > 0 ? &past->moments[i - 1] : NULL, m, meter))
		return false;
	memmove(&past->moments[i + 1], &past->moments[i], (past->n - i) * sizeof(kept));
	past->moments[i] = kept;
	past->n++;
	thin(past, moment->steps, past->most);
	return true;
}

void past_cut(struct past *past, uint64_t steps, size_t given)
{
	while (past->n > 1 && (past->moments[past->n - 1].steps > steps || past->moments[past->n - 1].given > given))
		drop(past, past->n - 1);
}
