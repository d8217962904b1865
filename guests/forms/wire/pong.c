/* The other end of ping: what comes is taken, and has to be in order. */

#include "wire.h"

int main(void)
{
	struct wire wire = { .line = 1 };
	struct frame frame;
	uint32_t rounds = 0, is;
	do {
		wire_receive(&wire, &frame);
		__builtin_memcpy(&is, frame.payload, sizeof(is));
		check_equal(is, rounds++, "the frame's number");
	} while (frame.kind != LAST);
	print("pong: %lu frames, in order\n", rounds);
	return check_failures() > 0;
}
