/* Frames over a wire between two VMs: a console line that a monitor has coupled with another
 * (monitors/coupling.c).  A frame that comes in damaged is known by its check sum and asked for
 * again; nothing is lost or comes twice.  Used by the programs of this folder.
 */
#ifndef WIRE_H
#define WIRE_H

#include "droste.h"

enum { FRAME_BYTES = 64, PAYLOAD_MOST = 56 };

enum kind {
	DATA  = 'D', /* to be answered by TAKEN with its number */
	LAST  = 'L', /* the same, and nothing follows */
	TAKEN = 'T',
	AGAIN = 'A', /* yours was damaged */
};

/* All of a length, so that damage cannot hide where the next one begins. */
struct frame {
	uint8_t kind, number, length, zero;
	uint8_t payload[PAYLOAD_MOST];
	uint32_t crc; /* of all before it */
};

_Static_assert(sizeof(struct frame) == FRAME_BYTES, "on the wire as in storage");

/* All n bytes, waiting for room if there is none; false if there is nobody to read them. */
bool wire_write(unsigned line, const void *bytes, uint32_t n);
void wire_read(unsigned line, void *bytes, uint32_t n);

/* An end of a conversation in which every frame is answered by one frame. */
struct wire {
	unsigned line;
	uint8_t number;    /* of the next frame of data */
	struct frame sent; /* last, but for AGAIN: to be sent again; kind 0: none */
	uint32_t damaged;  /* frames that have come in */
};

/* Sends up to PAYLOAD_MOST bytes as DATA or LAST; returns when they have been taken. */
void wire_send(struct wire *wire, enum kind kind, const void *bytes, uint32_t n);

/* Waits for a frame with the next number; it is answered. */
void wire_receive(struct wire *wire, struct frame *frame);

/* CRC-32, to be begun with 0. */
uint32_t crc32(uint32_t crc, const void *bytes, uint32_t n);

#endif
