/* Kernel: SHA-256 (FIPS 180-4) of messages whose digests are known. */
// expect-output: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n"
// expect-output: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\n"
// expect-output: "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1\n"
// expect-output: "27dd1f61b867b6a0f6e9d8a41c43231de52107e53ae424de8f847b821db4b711\n"
#include "droste.h"

static const uint32_t k[64] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
	0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
	0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
	0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
	0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
	0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
	0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

struct sha256 {
	uint32_t h[8];
	uint8_t block[64];
	uint32_t bytes; /* of the message so far */
};

static uint32_t rotate(uint32_t x, int n) { return x >> n | x << (32 - n); }

static void schedule(uint32_t *w, const uint8_t *block)
{
	for (int i = 0; i < 16; i++, block += 4)
		w[i] = (uint32_t)block[0] << 24 | (uint32_t)block[1] << 16 | (uint32_t)block[2] << 8 | block[3];
	for (int i = 16; i < 64; i++) {
		uint32_t s0 = rotate(w[i - 15], 7) ^ rotate(w[i - 15], 18) ^ w[i - 15] >> 3;
		uint32_t s1 = rotate(w[i - 2], 17) ^ rotate(w[i - 2], 19) ^ w[i - 2] >> 10;
		w[i] = w[i - 16] + s0 + w[i - 7] + s1;
	}
}

static void compress(struct sha256 *s)
{
	uint32_t w[64], v[8];
	schedule(w, s->block);
	for (int i = 0; i < 8; i++)
		v[i] = s->h[i];
	for (int i = 0; i < 64; i++) {
		uint32_t s1 = rotate(v[4], 6) ^ rotate(v[4], 11) ^ rotate(v[4], 25);
		uint32_t choice = (v[4] & v[5]) ^ (~v[4] & v[6]);
		uint32_t t1 = v[7] + s1 + choice + k[i] + w[i];
		uint32_t s0 = rotate(v[0], 2) ^ rotate(v[0], 13) ^ rotate(v[0], 22);
		uint32_t majority = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]);
		for (int j = 7; j > 0; j--)
			v[j] = v[j - 1];
		v[4] += t1;
		v[0] = t1 + s0 + majority;
	}
	for (int i = 0; i < 8; i++)
		s->h[i] += v[i];
}

static void begin(struct sha256 *s)
{
	*s = (struct sha256){ .h = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
	                             0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19 } };
}

static void take(struct sha256 *s, uint8_t byte)
{
	s->block[s->bytes++ % 64] = byte;
	if (s->bytes % 64 == 0)
		compress(s);
}

static void finish(struct sha256 *s)
{
	uint32_t bytes = s->bytes;
	take(s, 0x80);
	while (s->bytes % 64 != 56)
		take(s, 0);
	for (int shift = 56; shift >= 0; shift -= 8)
		take(s, (uint8_t)((uint64_t)bytes * 8 >> shift));
	for (int i = 0; i < 8; i++)
		print("%08lx", s->h[i]);
	print("\n");
}

/* The message, so many times. */
static void digest(const char *message, int times)
{
	struct sha256 s;
	begin(&s);
	for (int i = 0; i < times; i++)
		for (const char *c = message; *c; c++)
			take(&s, (uint8_t)*c);
	finish(&s);
}

int main(void)
{
	digest("", 1);
	digest("abc", 1);
	digest("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1);
	digest("a", 10000);
	return 0;
}
