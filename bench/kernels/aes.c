/* AES-128 (FIPS 197) encryption with four tables of words, as most software
 * without special instructions does it.  Tables are computed, not given; checked
 * by the standard's appendix C.1.
 */

#include "kernel.h"

enum { ROUNDS = 10, KEY_WORDS = 4, SCHEDULE = 4 * (ROUNDS + 1) };

static uint8_t sbox[256];
static uint32_t table[4][256]; /* SubBytes, ShiftRows and MixColumns in one, by row */

static uint8_t times_2(uint8_t a) { return (uint8_t)(a << 1 ^ (a & 0x80 ? 0x1B : 0)); }
static uint8_t rotate_byte(uint8_t a, int n) { return (uint8_t)(a << n | a >> (8 - n)); }
static uint32_t rotate(uint32_t a, int n) { return n ? a >> n | a << (32 - n) : a; }

/* Walks p through all of GF(2^8) but 0, as powers of 3, with q = 1/p. */
static void make_tables(void)
{
	uint8_t p = 1, q = 1;
	do {
		p ^= times_2(p);
		q ^= (uint8_t)(q << 1);
		q ^= (uint8_t)(q << 2);
		q ^= (uint8_t)(q << 4);
		if (q & 0x80)
			q ^= 0x09;
		sbox[p] = q ^ rotate_byte(q, 1) ^ rotate_byte(q, 2) ^ rotate_byte(q, 3) ^ rotate_byte(q, 4) ^ 0x63;
	} while (p != 1);
	sbox[0] = 0x63;
	for (int i = 0; i < 256; i++) {
		uint8_t s = sbox[i], s2 = times_2(s);
		uint32_t column = (uint32_t)s2 << 24 | (uint32_t)s << 16 | (uint32_t)s << 8 | (uint32_t)(s2 ^ s);
		for (int row = 0; row < 4; row++)
			table[row][i] = rotate(column, 8 * row);
	}
}

static uint32_t substitute(uint32_t a, uint32_t b, uint32_t c, uint32_t d)
{
	return (uint32_t)sbox[a >> 24] << 24 | (uint32_t)sbox[b >> 16 & 0xFF] << 16 |
	       (uint32_t)sbox[c >> 8 & 0xFF] << 8 | sbox[d & 0xFF];
}

static void expand_key(uint32_t w[SCHEDULE], const uint32_t key[KEY_WORDS])
{
	uint8_t constant = 1;
	for (int i = 0; i < SCHEDULE; i++) {
		if (i < KEY_WORDS) {
			w[i] = key[i];
			continue;
		}
		uint32_t t = w[i - 1];
		if (i % KEY_WORDS == 0) {
			t = rotate(t, 24);
			t = substitute(t, t, t, t) ^ (uint32_t)constant << 24;
			constant = times_2(constant);
		}
		w[i] = w[i - KEY_WORDS] ^ t;
	}
}

#define COLUMN(a, b, c, d) \
	(table[0][(a) >> 24] ^ table[1][(b) >> 16 & 0xFF] ^ table[2][(c) >> 8 & 0xFF] ^ table[3][(d) & 0xFF])

static __attribute__((noinline)) void encrypt(uint32_t block[4], const uint32_t w[SCHEDULE])
{
	uint32_t a = block[0] ^ w[0], b = block[1] ^ w[1], c = block[2] ^ w[2], d = block[3] ^ w[3];
	for (int round = 1; round < ROUNDS; round++) {
		w += 4;
		uint32_t e = COLUMN(a, b, c, d) ^ w[0];
		uint32_t f = COLUMN(b, c, d, a) ^ w[1];
		uint32_t g = COLUMN(c, d, a, b) ^ w[2];
		uint32_t h = COLUMN(d, a, b, c) ^ w[3];
		a = e, b = f, c = g, d = h;
	}
	w += 4;
	block[0] = substitute(a, b, c, d) ^ w[0];
	block[1] = substitute(b, c, d, a) ^ w[1];
	block[2] = substitute(c, d, a, b) ^ w[2];
	block[3] = substitute(d, a, b, c) ^ w[3];
}

int kernel(unsigned rounds)
{
	static const uint32_t key[4] = { 0x00010203, 0x04050607, 0x08090A0B, 0x0C0D0E0F };
	static const uint32_t right[4] = { 0x69C4E0D8, 0x6A7B0430, 0xD8CDB780, 0x70B4C55A };
	make_tables();
	for (unsigned round = 0; round < rounds; round++) {
		uint32_t w[SCHEDULE];
		uint32_t block[4] = { 0x00112233, 0x44556677, 0x8899AABB, 0xCCDDEEFF };
		expand_key(w, key);
		encrypt(block, w);
		for (int i = 0; i < 4; i++)
			if (block[i] != right[i])
				return 1;
		for (int i = 0; i < 63; i++)
			encrypt(block, w);
	}
	return 0;
}
