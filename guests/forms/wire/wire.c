/* The protocol of wire.h: stop and wait, with a number on each frame.  One frame is under way at
 * a time, so no timer is needed: whoever has received one, damaged or not, sends the next.
 */

#include "wire.h"

/* ---- bytes -------------------------------------------------------------- */

bool wire_write(unsigned line, const void *bytes, uint32_t n)
{
	struct command_block block = { DEVICE_CONSOLE, CONSOLE_WRITE, line, (uint32_t)(uintptr_t)bytes, n, 0 };
	while (block.count > 0) {
		if (sio(&block) >= CC_REFUSED)
			return false;
		block.buffer += block.result;
		block.count -= block.result;
	}
	return true;
}

void wire_read(unsigned line, void *bytes, uint32_t n)
{
	uint8_t *to = bytes;
	for (uint32_t got = 0; got < n;)
		got += (uint32_t)console_read(line, to + got, n - got);
}

uint32_t crc32(uint32_t crc, const void *bytes, uint32_t n)
{
	const uint8_t *from = bytes;
	crc = ~crc;
	for (uint32_t i = 0; i < n; i++) {
		crc ^= from[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320 : 0);
	}
	return ~crc;
}

/* ---- frames ------------------------------------------------------------- */

static void put(struct wire *wire, struct frame *frame)
{
	frame->crc = crc32(0, frame, offsetof(struct frame, crc));
	if (!wire_write(wire->line, frame, sizeof(*frame)))
		panic("there is nobody at the other end of the wire");
}

/* Nothing can be sent again before the first frame. */
static void ask_again(struct wire *wire)
{
	struct frame again = { .kind = AGAIN };
	put(wire, &again);
}

static void put_again(struct wire *wire)
{
	if (wire->sent.kind)
		put(wire, &wire->sent);
	else
		ask_again(wire);
}

/* The next frame that says something. */
static void get(struct wire *wire, struct frame *frame)
{
	for (;;) {
		wire_read(wire->line, frame, sizeof(*frame));
		if (frame->crc != crc32(0, frame, offsetof(struct frame, crc))) {
			wire->damaged++;
			ask_again(wire);
		} else if (frame->kind == AGAIN) {
			put_again(wire);
		} else {
			return;
		}
	}
}

/* ---- the conversation --------------------------------------------------- */

static void copy(uint8_t *to, const uint8_t *from, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		to[i] = from[i];
}

/* An answer to an earlier frame: this one has not arrived. */
void wire_send(struct wire *wire, enum kind kind, const void *bytes, uint32_t n)
{
	struct frame answer;
	wire->sent = (struct frame){ .kind = (uint8_t)kind, .number = wire->number, .length = (uint8_t)n };
	copy(wire->sent.payload, bytes, n);
	put(wire, &wire->sent);
	for (get(wire, &answer); answer.number != wire->number; get(wire, &answer))
		put(wire, &wire->sent);
	wire->number++;
}

/* A frame that has come before is answered, and that is all. */
void wire_receive(struct wire *wire, struct frame *frame)
{
	bool is_new;
	do {
		get(wire, frame);
		is_new = frame->number == wire->number;
		wire->sent = (struct frame){ .kind = TAKEN, .number = frame->number };
		put(wire, &wire->sent);
	} while (!is_new);
	wire->number++;
}
