/* Main storage, E: every access that a program makes passes the relocation
 * R = (base, bound) here, and whoever keeps something made from storage (decoded
 * code, watches) hears of its changes here.  Called by the executors, devices
 * and loaders.
 */

#include <string.h>

#include "machine.h"

static bool legal(const struct machine *m, uint32_t a, uint32_t n)
{
	return address_legal(a, n, m->psw.base, m->psw.bound, m->size);
}

static uint32_t get(const uint8_t *at, unsigned n)
{
	uint32_t value = 0;
	for (unsigned i = 0; i < n; i++)
		value |= (uint32_t)at[i] << 8 * i;
	return value;
}

static void put(uint8_t *at, unsigned n, uint32_t value)
{
	for (unsigned i = 0; i < n; i++)
		at[i] = (uint8_t)(value >> 8 * i);
}

struct fault storage_load(const struct machine *m, uint32_t a, unsigned n, uint32_t *value)
{
	if (!legal(m, a, n))
		return fault(CAUSE_MEMORY, a);
	*value = get(m->storage + m->psw.base + a, n);
	return NO_FAULT;
}

struct fault storage_store(struct machine *m, uint32_t a, unsigned n, uint32_t value)
{
	if (!legal(m, a, n))
		return fault(CAUSE_MEMORY, a);
	put(m->storage + m->psw.base + a, n, value);
	storage_changed(m, m->psw.base + a, n);
	return NO_FAULT;
}

struct fault storage_load_words(const struct machine *m, uint32_t a, unsigned words, uint32_t *to)
{
	if (!legal(m, a, 4 * words))
		return fault(CAUSE_MEMORY, a);
	storage_read_real(m, m->psw.base + a, words, to);
	return NO_FAULT;
}

struct fault storage_store_words(struct machine *m, uint32_t a, unsigned words, const uint32_t *from)
{
	if (!legal(m, a, 4 * words))
		return fault(CAUSE_MEMORY, a);
	storage_write_real(m, m->psw.base + a, words, from);
	return NO_FAULT;
}

void storage_read_real(const struct machine *m, uint32_t real, unsigned words, uint32_t *to)
{
	for (unsigned i = 0; i < words; i++)
		to[i] = get(m->storage + real + 4 * i, 4);
}

void storage_write_real(struct machine *m, uint32_t real, unsigned words, const uint32_t *from)
{
	for (unsigned i = 0; i < words; i++)
		put(m->storage + real + 4 * i, 4, from[i]);
	storage_changed(m, real, 4 * words);
}

void storage_changed(struct machine *m, uint32_t real, uint32_t n)
{
	if (n == 0)
		return;
	uint8_t flags = 0;
	for (uint32_t granule = real / WATCH_GRANULE; granule <= (real + n - 1) / WATCH_GRANULE; granule++)
		flags |= m->granule_flags[granule];
	if (flags & GRANULE_CODE)
		engine_forget(m, real, n);
	if (flags & GRANULE_WATCHED && m->observer.store)
		m->observer.store(m->observer.self, m, real, n);
}
