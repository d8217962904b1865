/* Guests for monitors that have no interrupts yet: each calm-*.c tries a few instructions with
 * many operands, in worlds of their own (lib/world.h), when no interrupt is ever due.  They know
 * of no right answers: all that is seen goes into the digest, and the bare machine has the right
 * one.  Beside its own instructions each needs LPSW, STCK, SIO and HALT.
 */
#ifndef CALM_H
#define CALM_H

#include "world.h"

enum { RD = 5, RS1 = 6, RS2 = 7 };

#define EACH(type, x, array) (const type *x = array; x < array + sizeof(array) / sizeof(*array); x++)

/* Nothing is due soon: never IE and TE with a small timer. */
static const uint32_t calm_statuses[] = { 0, STATUS_IE, STATUS_TE };
static const uint32_t calm_values[] = { 0, 1, 2, 4, WORLD, WORLD_DATA, WORLD_BYTES - 24, WORLD_BYTES - 4, WORLD_BYTES, 0xFFFFFFFF };

/* One instruction, with a value in RS1 and another in RS2. */
static inline void calm_try(uint32_t status, uint32_t word, uint32_t value, uint32_t other)
{
	world_make(status, &word, 1);
	world_set(RS1, value);
	world_set(RS2, other);
	*world_word(WORLD_DATA) = 0x200; /* as a PSW: an ECALL, in user mode */
	*world_word(WORLD_DATA + 4) = 0xFFFFFFF8 | STATUS_M;
	*world_word(WORLD_DATA + 8) = WORLD + 3;
	*world_word(WORLD_DATA + 12) = 0x800;
	*world_word(WORLD_DATA + 16) = 77;
	*world_word(0x200) = OP_ecall;
	world_enter(&world);
	check_saw((const uint32_t *)&world, sizeof(world) / sizeof(uint32_t));
	check_saw(world_word(WORLD_DATA), 8);
	uint32_t cycles = world_cycles();
	check_saw(&cycles, 1);
}

/* In each calm status of a mode, with each value, as rd and as x0. */
static inline void calm_try_all(uint32_t mode, uint32_t op, const unsigned *destinations, size_t n)
{
	for EACH(uint32_t, status, calm_statuses)
		for EACH(uint32_t, value, calm_values)
			for (size_t i = 0; i < n; i++)
				calm_try(mode | *status, insn(op, destinations[i], RS1, 0), *value, 0x5A5A5A5A);
}

#endif
