/* Random numbers for tests: the same seed gives the same run everywhere
 * (splitmix64, Steele, Lea and Flood 2014).
 */
#ifndef DROSTE_TESTS_RANDOM_H
#define DROSTE_TESTS_RANDOM_H

#include <stdint.h>

struct dice {
	uint64_t state;
};

static inline uint64_t dice_roll(struct dice *dice)
{
	uint64_t z = dice->state += UINT64_C(0x9E3779B97F4A7C15);
	z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
	return z ^ z >> 31;
}

static inline uint32_t dice_word(struct dice *dice) { return (uint32_t)(dice_roll(dice) >> 32); }

/* 0 to n - 1. */
static inline uint32_t dice_below(struct dice *dice, uint32_t n) { return (uint32_t)((uint64_t)dice_word(dice) * n >> 32); }

static inline int dice_one_in(struct dice *dice, uint32_t n) { return dice_below(dice, n) == 0; }

#endif
