/* gdb's remote protocol: framing and its parts.  See gdb_packets.h; called by the server
 * and, for the parts of packets, by the target.
 */

#include "gdb_packets.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char hex_digits[] = "0123456789abcdef";

static int hex_value(int c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* ---- what goes out ------------------------------------------------------- */

void gdb_put(struct gdb_text *text, const char *format, ...)
{
	size_t room = sizeof(text->bytes) - text->n;
	va_list args;
	va_start(args, format);
	int n = vsnprintf(text->bytes + text->n, room, format, args);
	va_end(args);
	if (n < 0 || (size_t)n >= room)
		text->full = true;
	else
		text->n += (size_t)n;
}

void gdb_put_hex(struct gdb_text *text, const void *bytes, size_t n)
{
	const uint8_t *from = bytes;
	if (2 * n > sizeof(text->bytes) - text->n) {
		text->full = true;
		return;
	}
	for (size_t i = 0; i < n; i++) {
		text->bytes[text->n++] = hex_digits[from[i] >> 4];
		text->bytes[text->n++] = hex_digits[from[i] & 15];
	}
}

/* '*' would be taken for run-length coding. */
static bool needs_escape(char c) { return c == '$' || c == '#' || c == '}' || c == '*'; }

size_t gdb_put_binary(struct gdb_text *text, const void *bytes, size_t n)
{
	const char *from = bytes;
	for (size_t i = 0; i < n; i++) {
		bool escape = needs_escape(from[i]);
		if (sizeof(text->bytes) - text->n < 1u + escape) {
			text->full = true;
			return i;
		}
		if (escape)
			text->bytes[text->n++] = '}';
		text->bytes[text->n++] = (char)(escape ? from[i] ^ 0x20 : from[i]);
	}
	return n;
}

/* ---- what comes in ------------------------------------------------------- */

bool gdb_scan_is(struct gdb_scan *scan, const char *literal)
{
	size_t n = strlen(literal);
	if ((size_t)(scan->end - scan->at) < n || memcmp(scan->at, literal, n) != 0)
		return false;
	scan->at += n;
	return true;
}

bool gdb_scan_number(struct gdb_scan *scan, uint64_t *value)
{
	const char *at = scan->at;
	uint64_t number = 0;
	for (; at < scan->end && hex_value(*at) >= 0; at++) {
		if (number >> 60)
			return false;
		number = number << 4 | (uint64_t)hex_value(*at);
	}
	if (at == scan->at)
		return false;
	scan->at = at;
	*value = number;
	return true;
}

bool gdb_scan_hex(struct gdb_scan *scan, void *bytes, size_t n)
{
	uint8_t *to = bytes;
	if ((size_t)(scan->end - scan->at) / 2 < n)
		return false;
	for (size_t i = 0; i < 2 * n; i++)
		if (hex_value(scan->at[i]) < 0)
			return false;
	for (size_t i = 0; i < n; i++, scan->at += 2)
		to[i] = (uint8_t)(hex_value(scan->at[0]) << 4 | hex_value(scan->at[1]));
	return true;
}

bool gdb_scan_range(struct gdb_scan *scan, uint32_t *address, uint64_t *length)
{
	uint64_t at;
	if (!gdb_scan_number(scan, &at) || !gdb_scan_is(scan, ",") || !gdb_scan_number(scan, length))
		return false;
	*address = (uint32_t)at;
	return at <= UINT32_MAX;
}

static bool scan_id(struct gdb_scan *scan, int *id)
{
	uint64_t number;
	if (gdb_scan_is(scan, "-1")) {
		*id = -1;
		return true;
	}
	if (!gdb_scan_number(scan, &number) || number > INT32_MAX)
		return false;
	*id = (int)number;
	return true;
}

bool gdb_scan_process(struct gdb_scan *scan, int *process)
{
	struct gdb_scan at = *scan;
	int thread;
	bool named = gdb_scan_is(&at, "p");
	if (!scan_id(&at, process))
		return false;
	if (named && gdb_scan_is(&at, ".") && !scan_id(&at, &thread))
		return false;
	*scan = at;
	return true;
}

/* ---- a connection -------------------------------------------------------- */

void gdb_link_start(struct gdb_link *link, void (*send)(void *self, const void *bytes, size_t n), void *self)
{
	memset(link, 0, sizeof(*link));
	link->send = send;
	link->self = self;
}

static void begin(struct gdb_link *link)
{
	link->state = GDB_INSIDE;
	link->n = 0;
	link->sum = 0;
	link->too_long = false;
}

static void keep(struct gdb_link *link, uint8_t byte)
{
	if (link->n < GDB_PACKET_MOST)
		link->packet[link->n++] = (char)byte;
	else
		link->too_long = true;
	link->state = GDB_INSIDE;
}

static enum gdb_heard between(struct gdb_link *link, uint8_t byte)
{
	if (byte == '$')
		begin(link);
	else if (byte == '-' && !link->quiet && link->sent > 0)
		link->send(link->self, link->out, link->sent);
	return byte == 3 ? GDB_INTERRUPT : GDB_NOTHING;
}

/* A '$' cannot stand inside a packet: one that is cut short is followed by a new one. */
static void inside(struct gdb_link *link, uint8_t byte)
{
	if (byte == '$') {
		begin(link);
		return;
	}
	if (byte == '#') {
		link->state = GDB_SUM_HIGH;
		return;
	}
	link->sum += byte;
	if (link->state == GDB_ESCAPED)
		keep(link, byte ^ 0x20);
	else if (byte == '}')
		link->state = GDB_ESCAPED;
	else
		keep(link, byte);
}

/* Where nothing is acknowledged the connection is sound, and nobody looks at sums. */
static enum gdb_heard whole(struct gdb_link *link, bool sum_right)
{
	link->state = GDB_BETWEEN;
	link->packet[link->n] = '\0';
	if (!link->quiet)
		link->send(link->self, sum_right ? "+" : "-", 1);
	if (!sum_right && !link->quiet)
		return GDB_NOTHING;
	if (link->too_long)
		link->n = 0; /* an empty packet is one that nobody knows */
	return GDB_PACKET;
}

enum gdb_heard gdb_link_take(struct gdb_link *link, uint8_t byte)
{
	int digit = hex_value(byte);
	switch (link->state) {
	case GDB_BETWEEN:
		return between(link, byte);
	case GDB_INSIDE:
	case GDB_ESCAPED:
		inside(link, byte);
		return GDB_NOTHING;
	case GDB_SUM_HIGH:
		if (digit < 0)
			break;
		link->sum_given = (uint8_t)(digit << 4);
		link->state = GDB_SUM_LOW;
		return GDB_NOTHING;
	case GDB_SUM_LOW:
		break;
	}
	return whole(link, digit >= 0 && (link->sum_given | digit) == link->sum);
}

void gdb_link_send(struct gdb_link *link, const struct gdb_text *text)
{
	uint8_t sum = 0;
	char *to = link->out;
	*to++ = '$';
	for (size_t i = 0; i < text->n; i++)
		sum += (uint8_t)(*to++ = text->bytes[i]);
	*to++ = '#';
	*to++ = hex_digits[sum >> 4];
	*to++ = hex_digits[sum & 15];
	link->sent = (size_t)(to - link->out);
	link->send(link->self, link->out, link->sent);
}
