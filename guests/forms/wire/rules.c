/* A coupled line is a console line: its rules, by the letter.  Lines 1 and 2 are coupled with each
 * other, line 3 with one of a machine that ends (gone.c).  Ends in disabled wait, as it should.
 *
 *     droste run --couple rules:1,rules:2 --couple rules:3,gone:1 rules.elf gone.elf
 */

#include "droste.h"

enum { HERE = 1, THERE = 2, GONE = 3, ROOM = 512 };

static uint8_t bytes[2 * ROOM];
static uint32_t result;

static enum condition command(enum device_command what, uint32_t line, uint32_t count)
{
	struct command_block block = { DEVICE_CONSOLE, what, line, (uint32_t)(uintptr_t)bytes, count, 99 };
	enum condition cc = sio(&block);
	result = block.result;
	return cc;
}

static void expect(enum device_command what, uint32_t line, uint32_t count, enum condition cc, uint32_t moved)
{
	check_equal(command(what, line, count), cc, "a condition code");
	check_equal(result, moved, "a result word");
}

/* ---- attention ---------------------------------------------------------- */

static uint32_t interrupts, lines_seen; /* lines_seen: a digit each, in the order of their interrupts */

void trap_handler(struct trap_frame *frame)
{
	if (frame->cause != CAUSE_IO)
		trap_panic(frame);
	interrupts++;
	lines_seen = 10 * lines_seen + (frame->tval & 0xFFFF);
}

static void let_in(uint32_t expected, const char *what)
{
	lines_seen = 0;
	ssm(STATUS_IE);
	ssm(0);
	check_equal(lines_seen, expected, what);
}

static void attention(void)
{
	expect(CONSOLE_ARM, THERE, 0, CC_DONE, 0);
	let_in(0, "no attention without input");
	expect(CONSOLE_WRITE, HERE, 1, CC_DONE, 1);
	let_in(THERE, "attention when input comes to an armed line");
	expect(CONSOLE_WRITE, HERE, 1, CC_DONE, 1);
	let_in(0, "no attention when it is no longer armed");
	expect(CONSOLE_WRITE, THERE, 1, CC_DONE, 1);
	expect(CONSOLE_ARM, THERE, 0, CC_DONE, 0);
	expect(CONSOLE_ARM, HERE, 0, CC_DONE, 0);
	let_in(10 * HERE + THERE, "the lowest line first");
	expect(CONSOLE_ARM, THERE, 0, CC_DONE, 0);
	expect(CONSOLE_DISARM, THERE, 0, CC_DONE, 0);
	let_in(0, "disarming drops what is pending");
	expect(CONSOLE_ARM, THERE, 0, CC_DONE, 0);
	wait_for_interrupt();
	let_in(THERE, "WAIT completes when there is input already");
}

/* ---- transfers ---------------------------------------------------------- */

static void transfers(void)
{
	expect(CONSOLE_QUERY, HERE, 0, CC_DONE, 0);
	expect(CONSOLE_READ, HERE, 9, CC_NOTHING, 0);
	expect(CONSOLE_READ, HERE, 0, CC_NOTHING, 0);
	expect(CONSOLE_WRITE, THERE, 0, CC_DONE, 0);
	expect(CONSOLE_WRITE, THERE, 5, CC_DONE, 5);
	expect(CONSOLE_QUERY, HERE, 0, CC_DONE, 5);
	expect(CONSOLE_READ, HERE, 0, CC_DONE, 0);
	expect(CONSOLE_READ, HERE, 3, CC_DONE, 3);
	expect(CONSOLE_READ, HERE, 9, CC_DONE, 2);
	expect(CONSOLE_READ, HERE, UINT32_MAX, CC_REFUSED, 0);
	expect(CONSOLE_WRITE, HERE, UINT32_MAX, CC_REFUSED, 0);
	expect(CONSOLE_WRITE, 4, 1, CC_REFUSED, 0);
	expect(7, HERE, 1, CC_REFUSED, 0);
}

static void fill(uint32_t first)
{
	for (uint32_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(first + i * i % 251);
}

/* What finds room goes, and comes out as it went in. */
static void no_room(void)
{
	for (uint32_t round = 0; round < 5; round++) {
		fill(round);
		expect(CONSOLE_WRITE, HERE, ROOM - 100, CC_DONE, ROOM - 100);
		expect(CONSOLE_WRITE, HERE, 300, CC_DONE, 100);
		expect(CONSOLE_WRITE, HERE, 1, CC_NOTHING, 0);
		expect(CONSOLE_WRITE, HERE, 0, CC_DONE, 0);
		expect(CONSOLE_QUERY, THERE, 0, CC_DONE, ROOM);
		expect(CONSOLE_READ, THERE, 7, CC_DONE, 7);
		expect(CONSOLE_WRITE, HERE, 300, CC_DONE, 7);
		expect(CONSOLE_READ, THERE, sizeof(bytes), CC_DONE, ROOM);
		check_saw((const uint32_t *)(const void *)bytes, ROOM / 4);
	}
}

/* ---- the other end has ended --------------------------------------------- */

static void gone(void)
{
	expect(CONSOLE_WRITE, GONE, 2, CC_DONE, 2);
	expect(CONSOLE_ARM, GONE, 0, CC_DONE, 0);
	wait_for_interrupt();
	expect(CONSOLE_READ, GONE, 9, CC_DONE, 3);
	check(bytes[0] == 'b' && bytes[1] == 'y' && bytes[2] == 'e', "what it has written is read after its end");
	expect(CONSOLE_WRITE, GONE, 1, CC_REFUSED, 0);
	expect(CONSOLE_READ, GONE, 1, CC_NOTHING, 0);
	expect(CONSOLE_QUERY, GONE, 0, CC_DONE, 0);
}

int main(void)
{
	transfers();
	no_room();
	transfers();
	attention();
	while (command(CONSOLE_READ, HERE, 9) == CC_DONE || command(CONSOLE_READ, THERE, 9) == CC_DONE)
		;
	gone();
	print("%lu interrupts\n", interrupts);
	check_report();
	command(CONSOLE_DISARM, GONE, 0);
	command(CONSOLE_ARM, GONE, 0);
	wait_for_interrupt();
	panic("WAIT completed for a line on which nothing can come");
}
