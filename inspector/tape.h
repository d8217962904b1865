/* What a run writes, kept in the order in which it was written.  A tape can be wound
 * back and written again with the same items; items written past its room push
 * the oldest out.
 */
#ifndef DROSTE_TAPE_H
#define DROSTE_TAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tape {
	size_t item;       /* bytes of one */
	size_t most;       /* items kept */
	uint8_t *items;    /* the kept ones: items first to first + n */
	size_t n, room;
	uint64_t first;
	uint64_t now;      /* where it stands; all counted from the run's beginning */
};

void tape_start(struct tape *tape, size_t item, size_t most);
void tape_free(struct tape *tape);

/* n items, at where it stands.  Out of memory, none are kept. */
void tape_write(struct tape *tape, const void *items, size_t n);

/* To where it has once been. */
void tape_wind(struct tape *tape, uint64_t to);

/* Forgets what comes after where it stands. */
void tape_cut(struct tape *tape);

/* The items kept that come before where it stands; they are the first of those kept. */
size_t tape_before(const struct tape *tape);

#endif
