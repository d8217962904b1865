/* Sends what is typed, up to Ctrl-D, to another machine.
 *
 *     droste run --eof -i FILE --couple send:1,receive:1 send.elf receive.elf
 */

#include "wire.h"

enum { CTRL_D = 4 };

/* Up to a whole frame; true when there is more. */
static bool fill(uint8_t *bytes, uint32_t *n)
{
	for (*n = 0; *n < PAYLOAD_MOST; ++*n) {
		console_read(0, &bytes[*n], 1);
		if (bytes[*n] == CTRL_D)
			return false;
	}
	return true;
}

int main(void)
{
	struct wire wire = { .line = 1 };
	uint8_t bytes[PAYLOAD_MOST];
	uint32_t n, sent = 0, crc = 0;
	bool more;
	do {
		more = fill(bytes, &n);
		wire_send(&wire, more ? DATA : LAST, bytes, n);
		sent += n;
		crc = crc32(crc, bytes, n);
	} while (more);
	print("sent %lu bytes, crc %08lx; damaged answers: %lu\n", sent, crc, wire.damaged);
	return 0;
}
