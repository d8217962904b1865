/* Sends a frame to and fro, and says what a round trip costs in instructions of this machine.
 *
 *     droste run --couple ping:1,pong:1 ping.elf pong.elf
 */

#include "wire.h"

enum { ROUNDS = 100, ROUNDS_MOST = 100000 };

/* So many, or the number that waits on the console. */
static uint32_t how_many(void)
{
	char digits[8];
	uint32_t n = 0;
	size_t most = console_poll(0, digits, sizeof(digits));
	for (size_t i = 0; i < most && digits[i] >= '0' && digits[i] <= '9'; i++)
		n = 10 * n + (uint32_t)(digits[i] - '0');
	return n > 0 && n <= ROUNDS_MOST ? n : ROUNDS;
}

int main(void)
{
	struct wire wire = { .line = 1 };
	uint32_t least = UINT32_MAX, most = 0, rounds = how_many();
	for (uint32_t i = 0; i < rounds; i++) {
		uint64_t start = stck();
		wire_send(&wire, i + 1 < rounds ? DATA : LAST, &i, sizeof(i));
		uint32_t took = (uint32_t)(stck() - start);
		least = took < least ? took : least;
		most = took > most ? took : most;
	}
	print("ping: %lu round trips of %u bytes, %lu to %lu instructions each, at this end\n", rounds, FRAME_BYTES, least, most);
	return 0;
}
