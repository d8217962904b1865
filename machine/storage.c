/* Main storage, E: every access that a program makes passes the relocation
 * R = (base, bound) here, and each that changes it is reported (storage_changed).
 * Called by the executors.  Like execute.c and trap.c it also runs on PG-32 itself,
 * in monitors that interpret (monitors/), so it asks nothing of a host.
 */

#include "machine.h"

#define KSEG (UINT32_C(1) << 31)

/* Where n bytes at virtual address a are in storage; false if they are not legal. */
static bool locate(const struct machine *m, uint32_t a, uint32_t n, uint32_t *real)
{
	if (address_legal(a, n, m->psw.base, m->psw.bound, m->extent)) {
		*real = m->origin + m->psw.base + a;
		return true;
	}
	a -= KSEG;
	*real = m->origin + a;
	return m->profile->features & FEATURE_KSEG && !(m->psw.status & STATUS_M) && a < KSEG &&
	       address_legal(a, n, 0, BOUND_ALL, m->extent);
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

struct fault storage_locate_words(const struct machine *m, uint32_t a, unsigned words, uint32_t *real)
{
	return locate(m, a, 4 * words, real) ? NO_FAULT : fault(CAUSE_MEMORY, a);
}

void storage_read_real(const struct machine *m, uint32_t real, unsigned words, uint32_t *to)
{
	const uint8_t *at = m->storage + real;
	for (unsigned i = 0; i < words; i++, at += 4)
		to[i] = get(at, 4);
}

struct fault storage_load_words(const struct machine *m, uint32_t a, unsigned words, uint32_t *to)
{
	uint32_t real;
	if (!locate(m, a, 4 * words, &real))
		return fault(CAUSE_MEMORY, a);
	storage_read_real(m, real, words, to);
	return NO_FAULT;
}

/* Word by word, as programs write it: a processor waits long for a wide load
 * of what narrow stores have just written. */
void storage_read_psw(const struct machine *m, uint32_t real, struct psw *psw)
{
	const uint8_t *at = m->storage + real;
	psw->pc = get(at, 4) & ~UINT32_C(3);
	psw->status = get(at + 4, 4) & STATUS_BITS;
	psw->base = get(at + 8, 4) & ~UINT32_C(3);
	psw->bound = get(at + 12, 4);
	psw->timer = get(at + 16, 4);
}

struct fault storage_load_psw(const struct machine *m, uint32_t a, struct psw *psw)
{
	uint32_t real;
	if (!locate(m, a, sizeof(*psw), &real))
		return fault(CAUSE_MEMORY, a);
	storage_read_psw(m, real, psw);
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

static inline void put_psw(uint8_t *at, const struct psw *psw)
{
	put_word(at, psw->pc);
	put_word(at + 4, psw->status);
	put_word(at + 8, psw->base);
	put_word(at + 12, psw->bound);
	put_word(at + 16, psw->timer);
}

void storage_write_trap(struct machine *m, enum cause cause, uint32_t tval)
{
	uint32_t cells = m->origin;
	put_psw(m->storage + cells + CELL_OLD_PSW, &m->psw);
	put_word(m->storage + cells + CELL_CAUSE, cause);
	put_word(m->storage + cells + CELL_TVAL, tval);
	storage_changed(m, cells + CELL_OLD_PSW, CELL_TVAL + 4 - CELL_OLD_PSW);
}

struct fault storage_store_psw(struct machine *m, uint32_t a, const struct psw *psw)
{
	uint32_t real;
	if (!locate(m, a, sizeof(*psw), &real))
		return fault(CAUSE_MEMORY, a);
	put_psw(m->storage + real, psw);
	storage_changed(m, real, sizeof(*psw));
	return NO_FAULT;
}

void storage_write_real(struct machine *m, uint32_t real, unsigned words, const uint32_t *from)
{
	uint8_t *at = m->storage + real;
	for (unsigned i = 0; i < words; i++, at += 4)
		put(at, 4, from[i]);
	storage_changed(m, real, 4 * words);
}
