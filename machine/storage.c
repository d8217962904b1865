/* Main storage, E: every access that a program makes passes the relocation
 * R = (base, bound) here, and whoever keeps something made from storage (decoded
 * code, watches) hears of its changes here.  Called by the executors, devices
 * and loaders.
 */

#include <string.h>

#include "machine.h"

#define KSEG (UINT32_C(1) << 31)

/* The real address of n bytes at virtual address a; false if they are not legal. */
static bool locate(const struct machine *m, uint32_t a, uint32_t n, uint32_t *real)
{
	if (address_legal(a, n, m->psw.base, m->psw.bound, m->size)) {
		*real = m->psw.base + a;
		return true;
	}
	*real = a - KSEG;
	return m->profile->features & FEATURE_KSEG && !(m->psw.status & STATUS_M) && a >= KSEG &&
	       address_legal(*real, n, 0, BOUND_ALL, m->size);
}

/* Written out byte by byte, which compilers make one access of. */
static uint32_t get(const uint8_t *at, unsigned n)
{
	switch (n) {
	case 1:  return at[0];
	case 2:  return at[0] | (uint32_t)at[1] << 8;
	default: return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
	}
}

static void put_half(uint8_t *at, uint32_t value)
{
	at[0] = (uint8_t)value;
	at[1] = (uint8_t)(value >> 8);
}

static void put_word(uint8_t *at, uint32_t value)
{
	at[0] = (uint8_t)value;
	at[1] = (uint8_t)(value >> 8);
	at[2] = (uint8_t)(value >> 16);
	at[3] = (uint8_t)(value >> 24);
}

static void put(uint8_t *at, unsigned n, uint32_t value)
{
	switch (n) {
	case 1:  *at = (uint8_t)value; break;
	case 2:  put_half(at, value); break;
	default: put_word(at, value); break;
	}
}

struct fault storage_load(const struct machine *m, uint32_t a, unsigned n, uint32_t *value)
{
	uint32_t real;
	if (!locate(m, a, n, &real))
		return fault(CAUSE_MEMORY, a);
	*value = get(m->storage + real, n);
	return NO_FAULT;
}

struct fault storage_store(struct machine *m, uint32_t a, unsigned n, uint32_t value)
{
	uint32_t real;
	if (!locate(m, a, n, &real))
		return fault(CAUSE_MEMORY, a);
	put(m->storage + real, n, value);
	storage_changed(m, real, n);
	return NO_FAULT;
}

struct fault storage_load_words(const struct machine *m, uint32_t a, unsigned words, uint32_t *to)
{
	uint32_t real;
	if (!locate(m, a, 4 * words, &real))
		return fault(CAUSE_MEMORY, a);
	storage_read_real(m, real, words, to);
	return NO_FAULT;
}

struct fault storage_store_words(struct machine *m, uint32_t a, unsigned words, const uint32_t *from)
{
	uint32_t real;
	if (!locate(m, a, 4 * words, &real))
		return fault(CAUSE_MEMORY, a);
	storage_write_real(m, real, words, from);
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
