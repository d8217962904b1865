/* See tape.h.  Called by the session, for console output and for traps. */

#include "tape.h"

#include <stdlib.h>
#include <string.h>

void tape_start(struct tape *tape, size_t item, size_t most) { *tape = (struct tape){ .item = item, .most = most }; }

void tape_free(struct tape *tape)
{
	free(tape->items);
	tape->items = NULL;
}

/* Keeps nothing of what was, and goes on from where it stands. */
static void start_anew(struct tape *tape)
{
	tape->first = tape->now;
	tape->n = 0;
}

static bool make_room(struct tape *tape, size_t n)
{
	if (n <= tape->room)
		return true;
	size_t room = 2 * n > tape->most ? tape->most : 2 * n;
	uint8_t *items = realloc(tape->items, room * tape->item);
	if (!items)
		return false;
	tape->items = items;
	tape->room = room;
	return true;
}

/* Half of the tape, or more if need be. */
static void push_out(struct tape *tape, size_t at)
{
	size_t out = at < tape->most / 2 ? at : tape->most / 2;
	memmove(tape->items, tape->items + out * tape->item, (at - out) * tape->item);
	tape->first += out;
	tape->n = at - out;
}

static void write_some(struct tape *tape, const uint8_t *items, size_t n)
{
	if (tape->now < tape->first || tape->now - tape->first > tape->n)
		start_anew(tape);
	if (tape->now - tape->first + n > tape->most)
		push_out(tape, (size_t)(tape->now - tape->first));
	size_t at = (size_t)(tape->now - tape->first);
	tape->now += n;
	if (!make_room(tape, at + n)) {
		start_anew(tape);
		return;
	}
	memcpy(tape->items + at * tape->item, items, n * tape->item);
	if (at + n > tape->n)
		tape->n = at + n;
}

void tape_write(struct tape *tape, const void *items, size_t n)
{
	const uint8_t *from = items;
	for (size_t some; n > 0; from += some * tape->item, n -= some) {
		some = n < tape->most / 2 ? n : tape->most / 2;
		write_some(tape, from, some);
	}
}

void tape_wind(struct tape *tape, uint64_t to)
{
	tape->now = to;
	if (to < tape->first || to - tape->first > tape->n)
		start_anew(tape);
}

void tape_cut(struct tape *tape) { tape->n = tape_before(tape); }

size_t tape_before(const struct tape *tape) { return (size_t)(tape->now - tape->first); }
