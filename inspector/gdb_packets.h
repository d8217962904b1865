/* gdb's remote protocol, apart from what its packets mean (gdb_target.h): from bytes to
 * packets and back, checksums, acknowledgements, escapes; and the parts that packets are
 * made of.  Knows no machine, opens no socket.  Whatever bytes come in, nothing goes out of
 * bounds: what is damaged is asked for again, what is too long is dropped.
 */
#ifndef DROSTE_GDB_PACKETS_H
#define DROSTE_GDB_PACKETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GDB_PACKET_MOST 16384 /* bytes between $ and #, either way */

/* ---- what goes out ------------------------------------------------------- */

/* The inside of a packet.  What does not fit is left out, and full says so. */
struct gdb_text {
	size_t n;
	bool full;
	char bytes[GDB_PACKET_MOST];
};

void gdb_put(struct gdb_text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void gdb_put_hex(struct gdb_text *text, const void *bytes, size_t n);

/* Bytes as they are, those that frame packets escaped.  Returns how many fitted. */
size_t gdb_put_binary(struct gdb_text *text, const void *bytes, size_t n);

/* ---- what comes in ------------------------------------------------------- */

/* What has not been read yet of a packet.  A scan that fails takes nothing. */
struct gdb_scan {
	const char *at, *end;
};

bool gdb_scan_is(struct gdb_scan *scan, const char *literal);
bool gdb_scan_number(struct gdb_scan *scan, uint64_t *value); /* hexadecimal */
bool gdb_scan_hex(struct gdb_scan *scan, void *bytes, size_t n);

/* ADDRESS,LENGTH; the address has 32 bits. */
bool gdb_scan_range(struct gdb_scan *scan, uint32_t *address, uint64_t *length);

/* A thread as gdb writes it: pPID.TID, or TID alone, of which one of a process is all there
 * is.  -1: all of them. */
bool gdb_scan_process(struct gdb_scan *scan, int *process);

/* ---- a connection -------------------------------------------------------- */

enum gdb_heard {
	GDB_NOTHING,   /* so far */
	GDB_PACKET,    /* one is whole, acknowledged, and in packet */
	GDB_INTERRUPT, /* Ctrl-C */
};

struct gdb_link {
	bool quiet; /* no acknowledgements, once both have agreed to that */
	void *self;
	void (*send)(void *self, const void *bytes, size_t n);

	/* The packet coming in; whole until the next byte is taken.  Escapes are undone. */
	size_t n;
	char packet[GDB_PACKET_MOST + 1];

	/* The link's own. */
	enum { GDB_BETWEEN, GDB_INSIDE, GDB_ESCAPED, GDB_SUM_HIGH, GDB_SUM_LOW } state;
	bool too_long;
	uint8_t sum, sum_given;
	size_t sent; /* bytes of the last packet out, kept in case it is asked for again */
	char out[GDB_PACKET_MOST + 4];
};

void gdb_link_start(struct gdb_link *link, void (*send)(void *self, const void *bytes, size_t n), void *self);
enum gdb_heard gdb_link_take(struct gdb_link *link, uint8_t byte);
void gdb_link_send(struct gdb_link *link, const struct gdb_text *text);

#endif
