/* CRC-32 (IEEE 802.3) by table, a byte at a time, over 4 KiB.  Checked by the
 * well-known value for "123456789".
 */

#include "kernel.h"

#define POLYNOMIAL UINT32_C(0xEDB88320)

static uint32_t table[256];
static uint8_t data[4096];

static void make_table(void)
{
	for (uint32_t n = 0; n < 256; n++) {
		uint32_t crc = n;
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? POLYNOMIAL : 0);
		table[n] = crc;
	}
}

static __attribute__((noinline)) uint32_t update(uint32_t crc, const uint8_t *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		crc = crc >> 8 ^ table[(crc ^ bytes[i]) & 0xFF];
	return crc;
}

static uint32_t checksum(const void *bytes, size_t n) { return ~update(~UINT32_C(0), bytes, n); }

/* What is right: the CRC of any data followed by its own CRC is this constant. */
#define RESIDUE UINT32_C(0x2144DF1C)

int kernel(unsigned rounds)
{
	make_table();
	if (checksum("123456789", 9) != UINT32_C(0xCBF43926))
		return 1;
	uint32_t seed = 1;
	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)arbitrary(&seed);
	for (unsigned round = 0; round < rounds; round++) {
		size_t n = sizeof(data) - 4;
		uint32_t crc = checksum(data, n);
		for (int i = 0; i < 4; i++)
			data[n + i] = (uint8_t)(crc >> 8 * i);
		if (checksum(data, sizeof(data)) != RESIDUE)
			return 1;
		data[round % n] ^= (uint8_t)round;
	}
	return 0;
}
