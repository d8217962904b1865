/* Sends a frame to and fro, and says what a round trip costs in instructions of this machine.
 *
 *     droste run --couple ping:1,pong:1 ping.elf pong.elf
 */

#include "wire.h"

enum { ROUNDS = 100 };

int main(void)
{
	struct wire wire = { .line = 1 };
	uint32_t least = UINT32_MAX, most = 0;
	for (uint32_t i = 0; i < ROUNDS; i++) {
		uint64_t start = stck();
		wire_send(&wire, i + 1 < ROUNDS ? DATA : LAST, &i, sizeof(i));
		uint32_t took = (uint32_t)(stck() - start);
		least = took < least ? took : least;
		most = took > most ? took : most;
	}
	print("ping: %u round trips of %u bytes, %lu to %lu instructions each, at this end\n", ROUNDS, FRAME_BYTES, least, most);
	return 0;
}
