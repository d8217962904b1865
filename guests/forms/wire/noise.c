/* A bad wire: passes frames between its lines 1 and 2, every seventh damaged by one bit.  It reads
 * along, and stops behind the last frame and its answer, which it leaves alone.
 *
 *     droste run --eof -i FILE --couple send:1,noise:1 --couple noise:2,receive:1 send.elf noise.elf receive.elf
 */

#include "wire.h"

enum { EVERY = 7 };

static void damage(struct frame *frame, uint32_t n)
{
	uint8_t *bytes = (uint8_t *)frame;
	if (n % EVERY == 0)
		bytes[n % FRAME_BYTES] ^= (uint8_t)(1 << n % 8);
}

/* From one line to the other, the n-th frame; is it the last? */
static bool pass(unsigned from, unsigned to, uint32_t n, bool last)
{
	struct frame frame;
	wire_read(from, &frame, sizeof(frame));
	last |= frame.kind == LAST;
	if (!last)
		damage(&frame, n);
	wire_write(to, &frame, sizeof(frame));
	return last;
}

int main(void)
{
	bool last = false;
	uint32_t n = 0;
	while (!last) {
		last = pass(1, 2, ++n, false);
		pass(2, 1, ++n, last);
	}
	print("noise: %lu frames passed, %lu of them damaged\n", n, (n - 2) / EVERY);
	return 0;
}
