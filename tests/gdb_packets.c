/* gdb's remote protocol, byte by byte: packets in and out, what is damaged, too long or no
 * packet at all, and the parts of packets (inspector/gdb_packets.h).
 */

#include "inspector/gdb_packets.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

#include "random.h"

/* What went out, and how often a packet came in. */
struct wire {
	struct gdb_link link;
	char out[2 * GDB_PACKET_MOST];
	size_t n;
	unsigned packets, interrupts;
};

static void record(void *self, const void *bytes, size_t n)
{
	struct wire *wire = self;
	if (n > sizeof(wire->out) - 1 - wire->n)
		wire->n = 0;
	memcpy(wire->out + wire->n, bytes, n);
	wire->n += n;
	wire->out[wire->n] = '\0';
}

static struct wire *wire_new(void)
{
	struct wire *wire = calloc(1, sizeof(*wire));
	gdb_link_start(&wire->link, record, wire);
	return wire;
}

static void hear(struct wire *wire, const char *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		enum gdb_heard heard = gdb_link_take(&wire->link, (uint8_t)bytes[i]);
		wire->packets += heard == GDB_PACKET;
		wire->interrupts += heard == GDB_INTERRUPT;
	}
}

/* These bytes give so many packets, the last of them with this inside, and this answer. */
static void expect(const char *bytes, unsigned packets, const char *inside, const char *answer)
{
	struct wire *wire = wire_new();
	hear(wire, bytes, strlen(bytes));
	cr_expect(eq(u32, wire->packets, packets), "%s", bytes);
	if (packets > 0)
		cr_expect(eq(str, wire->link.packet, (char *)inside), "%s", bytes);
	cr_expect(eq(str, wire->out, (char *)answer), "%s", bytes);
	free(wire);
}

Test(gdb_packets, are_acknowledged_if_their_sum_is_right)
{
	expect("$OK#9a", 1, "OK", "+");
	expect("$OK#9A", 1, "OK", "+");
	expect("$#00", 1, "", "+");
	expect("$OK#9b", 0, "", "-");
	expect("$OK#9b$OK#9a", 1, "OK", "-+");
	expect("$OK#xx", 0, "", "-");
	expect("$OK#9x", 0, "", "-");
	expect("junk $OK#9a junk", 1, "OK", "+");
	expect("++$m0,4#fd+", 1, "m0,4", "+");
}

Test(gdb_packets, cut_short_are_forgotten)
{
	expect("$m0,4$OK#9a", 1, "OK", "+");
	expect("$OK#9", 0, "", "");
}

Test(gdb_packets, undo_escapes)
{
	expect("$X0,1:}\x03#9f", 1, "X0,1:#", "+");
	expect("$}}#fa", 1, "]", "+");
}

Test(gdb_packets, between_them_a_byte_of_3_interrupts)
{
	struct wire *wire = wire_new();
	hear(wire, "\x03$a\x03#64\x03", 8);
	cr_expect(eq(u32, wire->interrupts, 2));
	cr_expect(eq(u32, wire->packets, 1));
	free(wire);
}

Test(gdb_packets, are_sent_again_when_asked_for)
{
	struct wire *wire = wire_new();
	struct gdb_text text = { 0 };
	hear(wire, "-", 1);
	cr_expect(eq(sz, wire->n, 0), "there is nothing to send again");
	gdb_put(&text, "O%s", "K");
	gdb_link_send(&wire->link, &text);
	hear(wire, "-+", 2);
	cr_expect(eq(str, wire->out, "$OK#9a$OK#9a"));
	free(wire);
}

Test(gdb_packets, are_not_acknowledged_once_agreed)
{
	struct wire *wire = wire_new();
	wire->link.quiet = true;
	hear(wire, "$OK#00-", 7);
	cr_expect(eq(u32, wire->packets, 1));
	cr_expect(eq(sz, wire->n, 0));
	free(wire);
}

Test(gdb_packets, that_are_too_long_become_empty_ones)
{
	struct wire *wire = wire_new();
	wire->link.quiet = true;
	hear(wire, "$", 1);
	for (int i = 0; i < 2 * GDB_PACKET_MOST; i++)
		hear(wire, "a", 1);
	hear(wire, "#00", 3);
	cr_expect(eq(u32, wire->packets, 1));
	cr_expect(eq(sz, wire->link.n, 0));
	free(wire);
}

/* ---- their parts --------------------------------------------------------- */

Test(gdb_packets, hold_what_fits_and_say_so_if_it_does_not)
{
	struct gdb_text *text = calloc(1, sizeof(*text));
	uint8_t bytes[GDB_PACKET_MOST / 2] = { 0x1F, 0xA0 };
	gdb_put_hex(text, bytes, 2);
	cr_expect(memcmp(text->bytes, "1fa0", 4) == 0 && text->n == 4 && !text->full);
	gdb_put_hex(text, bytes, sizeof(bytes));
	cr_expect(text->n == 4 && text->full, "all of it or nothing");
	*text = (struct gdb_text){ 0 };
	memset(bytes, '$', sizeof(bytes));
	cr_expect(eq(sz, gdb_put_binary(text, bytes, sizeof(bytes)), sizeof(bytes)));
	cr_expect(memcmp(text->bytes, "}\x04}\x04", 4) == 0 && text->n == GDB_PACKET_MOST && !text->full);
	cr_expect(eq(sz, gdb_put_binary(text, "$", 1), 0));
	gdb_put(text, "%d", 1);
	cr_expect(text->n == GDB_PACKET_MOST && text->full);
	free(text);
}

static struct gdb_scan scan_of(const char *text) { return (struct gdb_scan){ text, text + strlen(text) }; }

Test(gdb_packets, numbers_are_hexadecimal_and_have_64_bits)
{
	uint64_t value;
	struct gdb_scan scan = scan_of("ffffffffFFFFFFFF,");
	cr_expect(gdb_scan_number(&scan, &value) && value == UINT64_MAX && *scan.at == ',');
	cr_expect(gdb_scan_number(&scan, &value) == false, "at '%s'", scan.at);
	scan = scan_of("10000000000000000");
	cr_expect(gdb_scan_number(&scan, &value) == false, "at '%s'", scan.at);
	scan = scan_of("");
	cr_expect(gdb_scan_number(&scan, &value) == false, "at '%s'", scan.at);
	uint32_t word = 0;
	scan = scan_of("78563412");
	cr_expect(gdb_scan_hex(&scan, &word, 4) && word == 0x12345678);
	scan = scan_of("7856341");
	cr_expect(gdb_scan_hex(&scan, &word, 4) == false, "half a byte");
	scan = scan_of("7856x412");
	cr_expect(gdb_scan_hex(&scan, &word, 4) == false && *scan.at == '7', "nothing is taken");
}

static void expect_process(const char *text, bool good, int process)
{
	struct gdb_scan scan = scan_of(text);
	int found = 77;
	cr_expect(eq(int, gdb_scan_process(&scan, &found), good), "%s", text);
	if (good)
		cr_expect(eq(int, found, process), "%s", text);
}

Test(gdb_packets, threads_name_their_process)
{
	expect_process("p2.1", true, 2);
	expect_process("p1f.-1", true, 31);
	expect_process("p3", true, 3);
	expect_process("p-1.-1", true, -1);
	expect_process("-1", true, -1);
	expect_process("0", true, 0);
	expect_process("p2.", false, 0);
	expect_process("p.1", false, 0);
	expect_process("", false, 0);
	expect_process("p80000000.1", false, 0);
}

/* Whatever comes, what is sent is + and - alone, and a right packet is heard afterwards. */
Test(gdb_packets, garbage_does_no_harm)
{
	struct dice dice = { 7 };
	static const char likely[] = "$#}+-\x03*0a";
	struct wire *wire = wire_new();
	for (int round = 0; round < 200; round++) {
		for (int i = 0; i < 500; i++) {
			char byte = dice_one_in(&dice, 2) ? likely[dice_below(&dice, 9)] : (char)dice_below(&dice, 256);
			hear(wire, &byte, 1);
		}
		cr_assert(strspn(wire->out, "+-") == wire->n);
		unsigned before = wire->packets;
		hear(wire, "##$OK#9a", 8);
		cr_assert(wire->packets > before && strcmp(wire->link.packet, "OK") == 0);
	}
	free(wire);
}
