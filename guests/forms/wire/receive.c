/* Shows what send has sent, whole and in order, then says how much it was. */

#include "wire.h"

int main(void)
{
	struct wire wire = { .line = 1 };
	struct frame frame;
	uint32_t received = 0, crc = 0;
	do {
		wire_receive(&wire, &frame);
		console_write(0, frame.payload, frame.length);
		received += frame.length;
		crc = crc32(crc, frame.payload, frame.length);
	} while (frame.kind != LAST);
	print("received %lu bytes, crc %08lx; damaged frames: %lu\n", received, crc, wire.damaged);
	return 0;
}
