/* Storage behind the kernel, dealt out to processes.  A process sees only its R, so it
 * can be moved: when no gap is large enough, all are moved down and the gaps become one.
 */

#include "kernel.h"

enum { ALIGNMENT = 16 };

static uint32_t round_up(uint32_t bytes) { return (bytes + ALIGNMENT - 1) & ~(uint32_t)(ALIGNMENT - 1); }

static uint32_t first_address(void) { return round_up((uint32_t)(uintptr_t)image_end); }

/* The process with the lowest storage that begins at or after an address; NULL: none. */
static struct process *first_from(uint32_t address)
{
	struct process *first = NULL;
	for (struct process *p = processes; p < processes + PROCESSES; p++)
		if (p->size && p->base >= address && (!first || p->base < first->base))
			first = p;
	return first;
}

/* Where bytes fit; 0: nowhere. */
static uint32_t find_gap(uint32_t bytes)
{
	uint32_t at = first_address();
	for (struct process *p; (p = first_from(at)) != NULL; at = p->base + p->size)
		if (p->base - at >= bytes)
			return at;
	return storage_size - at >= bytes ? at : 0;
}

static void move(struct process *p, uint32_t to)
{
	memmove((void *)(uintptr_t)to, (void *)(uintptr_t)p->base, p->size);
	p->base = to;
}

static void close_gaps(void)
{
	uint32_t at = first_address();
	for (struct process *p; (p = first_from(at)) != NULL; at += p->size)
		move(p, at);
}

bool storage_take(struct process *p, uint32_t bytes)
{
	bytes = round_up(bytes);
	uint32_t at = find_gap(bytes);
	if (!at) {
		close_gaps();
		at = find_gap(bytes);
	}
	if (!at || !bytes)
		return false;
	p->base = at;
	p->size = bytes;
	memset((void *)(uintptr_t)at, 0, bytes);
	return true;
}

/* In its place, if there is room behind it; else where there is, and the old place is free. */
static bool grow(struct process *p, uint32_t bytes)
{
	struct process *next = first_from(p->base + p->size);
	uint32_t end = next ? next->base : storage_size, old = p->size;
	if (end - p->base < bytes) {
		struct process place = { 0 };
		if (!storage_take(&place, bytes))
			return false;
		move(p, place.base);
	}
	p->size = bytes;
	memset((void *)(uintptr_t)(p->base + old), 0, bytes - old);
	return true;
}

bool storage_resize(struct process *p, uint32_t bytes)
{
	bytes = round_up(bytes);
	if (bytes > p->size)
		return grow(p, bytes);
	p->size = bytes;
	return true;
}

void storage_free(struct process *p) { p->base = p->size = 0; }
