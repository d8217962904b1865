/* SIO, the console lines and the disk: condition codes, results, transfers over
 * the command block, the trap cells and code, attention (machine.md, Devices).
 */

#include <stdlib.h>

#include "rig.h"

#define SIO(rig, ...) rig_sio(rig, (struct command_block){ __VA_ARGS__ })

static void expect_sio(struct sio_outcome outcome, uint32_t cc, uint32_t result, const char *what)
{
	cr_expect(outcome.cc == cc && outcome.result == result, "%s: condition %u and result %u, not %u and %u",
	          what, outcome.cc, outcome.result, cc, result);
}

/* ---- condition codes ---------------------------------------------------- */

Test(devices, no_such_device)
{
	struct rig *rig = rig_new();
	expect_sio(SIO(rig, 2, 0, 0, 0, 0, 0), CC_NO_DEVICE, 0, "device 2");
	expect_sio(SIO(rig, 0xFFFFFFFF, 99, 99, 0, 0, 0), CC_NO_DEVICE, 0, "device -1");
	rig_free(rig);
}

Test(devices, no_such_command_or_unit)
{
	struct rig *rig = rig_new();
	expect_sio(SIO(rig, DEVICE_CONSOLE, 5, 0, 0, 0, 0), CC_REFUSED, 0, "console 5");
	expect_sio(SIO(rig, DEVICE_DISK, 3, 0, 0, 0, 0), CC_REFUSED, 0, "disk 3");
	for (uint32_t command = 0; command <= 4; command++) {
		expect_sio(SIO(rig, DEVICE_CONSOLE, command, RIG_LINES, 0, 0, 0), CC_REFUSED, 0, "line 2 of 2");
		expect_sio(SIO(rig, DEVICE_CONSOLE, command, RIG_LINES - 1, 0, 0, 0),
		           command == CONSOLE_READ ? CC_NOTHING : CC_DONE, 0, "line 1 of 2");
	}
	rig_free(rig);
}

Test(devices, a_buffer_beyond_storage_is_refused_whole)
{
	struct rig *rig = rig_new();
	rig_input(rig, 0, "abc");
	const struct { uint32_t buffer, count, cc; } cases[] = {
		{ RIG_STORAGE - 512, 512, CC_DONE }, { RIG_STORAGE - 511, 512, CC_REFUSED }, { RIG_STORAGE, 0, CC_DONE },
		{ RIG_STORAGE + 1, 0, CC_REFUSED }, { UINT32_MAX, 512, CC_REFUSED }, { UINT32_MAX - 511, 512, CC_REFUSED },
		{ 512, UINT32_MAX - 511, CC_REFUSED },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		uint32_t b = cases[i].buffer, n = cases[i].count;
		uint32_t moved = cases[i].cc == CC_DONE ? n : 0;
		expect_sio(SIO(rig, DEVICE_CONSOLE, CONSOLE_WRITE, 0, b, n, 0), cases[i].cc, moved, "console write");
		expect_sio(SIO(rig, DEVICE_DISK, DISK_WRITE, 0, b, n, 0), cases[i].cc, moved, "disk write");
		expect_sio(SIO(rig, DEVICE_DISK, DISK_READ, 0, b, n, 0), cases[i].cc, moved, "disk read");
		if (cases[i].cc != CC_DONE)
			expect_sio(SIO(rig, DEVICE_CONSOLE, CONSOLE_READ, 0, b, n, 0), CC_REFUSED, 0, "console read");
	}
	cr_expect(eq(sz, machine_line(rig->m, 0).waiting, 3), "no input was lost to refused reads");
	cr_expect(eq(sz, rig->output[0].n, 512));
	rig_free(rig);
}

Test(devices, queries_arm_and_disarm_ignore_buffer_and_count)
{
	struct rig *rig = rig_new();
	rig_input(rig, 1, "abc");
	expect_sio(SIO(rig, DEVICE_CONSOLE, CONSOLE_QUERY, 1, UINT32_MAX, UINT32_MAX, 0), CC_DONE, 3, "query");
	expect_sio(SIO(rig, DEVICE_CONSOLE, CONSOLE_DISARM, 1, UINT32_MAX, UINT32_MAX, 0), CC_DONE, 0, "disarm");
	expect_sio(SIO(rig, DEVICE_CONSOLE, CONSOLE_ARM, 1, UINT32_MAX, UINT32_MAX, 0), CC_DONE, 0, "arm");
	expect_sio(SIO(rig, DEVICE_DISK, DISK_QUERY, UINT32_MAX, UINT32_MAX, 1, 0), CC_DONE, RIG_DISK_SECTORS, "disk query");
	rig_free(rig);
}

/* ---- the command block -------------------------------------------------- */

Test(devices, the_command_block_is_relocated_and_the_buffer_is_not)
{
	struct rig *rig = rig_new();
	machine_set_psw(rig->m, (struct psw){ CODE, 0, 0x2000, DATA + 24, 0 });
	RIG_PROGRAM_AT(rig, 0x2000 + CODE, as_sio(X1, 4, X2));
	RIG_PROGRAM_AT(rig, 0x2000 + DATA, DEVICE_CONSOLE, CONSOLE_WRITE, 1, 0x400, 3, 99);
	machine_write(rig->m, 0x400, "abc", 3);
	machine_write(rig->m, 0x2400, "xyz", 3);
	rig_set_x(rig, X2, DATA - 4);
	RIG_EXPECT_STEP(rig);
	cr_expect(eq(u32, rig_x(rig, X1), CC_DONE));
	cr_expect(eq(u32, rig_word(rig, 0x2000 + DATA + 20), 3));
	cr_expect(eq(str, rig->output[1].text, "abc"));
	rig_free(rig);
}

Test(devices, a_block_cut_off_by_bound_traps_before_anything_happens)
{
	struct rig *rig = rig_new();
	RIG_PROGRAM(rig, as_sio(X1, 0, X2));
	RIG_PROGRAM_AT(rig, DATA, DEVICE_CONSOLE, CONSOLE_WRITE, 0, 0x400, 3, 99);
	rig_set_r(rig, 0, DATA + 23);
	rig_set_x(rig, X2, DATA);
	RIG_EXPECT_TRAP(rig, CAUSE_MEMORY, DATA);
	cr_expect(eq(sz, rig->output[0].n, 0));
	cr_expect(eq(u32, rig_word(rig, DATA + 20), 99));
	rig_free(rig);
}

Test(devices, rd_may_be_x0_or_rs1)
{
	struct rig *rig = rig_new();
	RIG_PROGRAM(rig, as_sio(X0, 0, X2), as_sio(X2, 0, X2));
	RIG_PROGRAM_AT(rig, DATA, 7, 0, 0, 0, 0, 0);
	rig_set_x(rig, X2, DATA);
	RIG_EXPECT_STEP(rig);
	RIG_EXPECT_STEP(rig);
	cr_expect(eq(u32, rig_x(rig, X2), CC_NO_DEVICE));
	rig_free(rig);
}

Test(devices, a_transfer_may_cover_its_own_command_block_and_the_result_comes_last)
{
	struct rig *rig = rig_new();
	for (int i = 0; i < 128; i++)
		((uint32_t *)rig->disk)[i] = 0x1000u + (uint32_t)i;
	expect_sio(SIO(rig, DEVICE_DISK, DISK_READ, 0, DATA, SECTOR, 0), CC_DONE, SECTOR, "over the block");
	cr_expect(eq(u32, rig_word(rig, DATA), 0x1000));
	cr_expect(eq(u32, rig_word(rig, DATA + 16), 0x1004));
	cr_expect(eq(u32, rig_word(rig, DATA + 24), 0x1006));
	rig_free(rig);
}

Test(devices, a_transfer_may_cover_the_trap_cells)
{
	struct rig *rig = rig_new();
	uint32_t *sector = (uint32_t *)rig->disk;
	sector[CELL_NEW_PSW / 4] = 0x3000;
	sector[CELL_NEW_PSW / 4 + 3] = BOUND_ALL;
	SIO(rig, DEVICE_DISK, DISK_READ, 0, 0, SECTOR, 0);
	rig_put(rig, CODE + 4, as_ecall());
	RIG_EXPECT_TRAP(rig, CAUSE_SVC, 0);
	EXPECT_PSW(machine_psw(rig->m), ((struct psw){ 0x3000, 0, 0, BOUND_ALL, 0 }));
	rig_free(rig);
}

/* ---- disk --------------------------------------------------------------- */

Test(devices, disk_moves_whole_sectors_both_ways)
{
	struct rig *rig = rig_new();
	for (uint32_t i = 0; i < 2 * SECTOR; i += 4)
		rig_put(rig, 0x6000 + i, i * 3);
	expect_sio(SIO(rig, DEVICE_DISK, DISK_WRITE, 3, 0x6000, 2 * SECTOR, 0), CC_DONE, 2 * SECTOR, "write");
	cr_expect(memcmp(rig->disk + 3 * SECTOR, machine_storage(rig->m) + 0x6000, 2 * SECTOR) == 0);
	expect_sio(SIO(rig, DEVICE_DISK, DISK_READ, 4, 0x8001, SECTOR, 0), CC_DONE, SECTOR, "read, unaligned");
	cr_expect(memcmp(rig->disk + 4 * SECTOR, machine_storage(rig->m) + 0x8001, SECTOR) == 0);
	rig_free(rig);
}

Test(devices, disk_refuses_counts_and_sectors_beyond_its_end)
{
	struct rig *rig = rig_new();
	const struct { uint32_t sector, count, cc; } cases[] = {
		{ 7, SECTOR, CC_DONE }, { 8, SECTOR, CC_REFUSED }, { 7, 2 * SECTOR, CC_REFUSED }, { 8, 0, CC_DONE },
		{ 9, 0, CC_REFUSED }, { 0, 511, CC_REFUSED }, { 0, 513, CC_REFUSED }, { 0, 1, CC_REFUSED },
		{ UINT32_MAX, SECTOR, CC_REFUSED }, { 0, 8 * SECTOR, CC_DONE }, { 0, 9 * SECTOR, CC_REFUSED },
	};
	for (uint32_t command = DISK_WRITE; command <= DISK_READ; command++)
		for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
			expect_sio(SIO(rig, DEVICE_DISK, command, cases[i].sector, 0x6000, cases[i].count, 0), cases[i].cc,
			           cases[i].cc == CC_DONE ? cases[i].count : 0, "disk");
	rig_free(rig);
}

Test(devices, without_a_disk_there_are_no_sectors)
{
	struct rig *rig = rig_new();
	machine_attach_disk(rig->m, NULL, 0);
	expect_sio(SIO(rig, DEVICE_DISK, DISK_QUERY, 0, 0, 0, 0), CC_DONE, 0, "query");
	expect_sio(SIO(rig, DEVICE_DISK, DISK_READ, 0, 0x6000, 0, 0), CC_DONE, 0, "read of 0");
	expect_sio(SIO(rig, DEVICE_DISK, DISK_READ, 0, 0x6000, SECTOR, 0), CC_REFUSED, 0, "read");
	rig_free(rig);
}

/* ---- console ------------------------------------------------------------ */

Test(devices, writes_go_to_their_line)
{
	struct rig *rig = rig_new();
	machine_write(rig->m, 0x6000, "one two", 7);
	expect_sio(SIO(rig, DEVICE_CONSOLE, CONSOLE_WRITE, 0, 0x6000, 3, 0), CC_DONE, 3, "write");
	expect_sio(SIO(rig, DEVICE_CONSOLE, CONSOLE_WRITE, 1, 0x6004, 3, 0), CC_DONE, 3, "write");
	expect_sio(SIO(rig, DEVICE_CONSOLE, CONSOLE_WRITE, 0, 0x6000, 0, 0), CC_DONE, 0, "write of 0");
	cr_expect(eq(str, rig->output[0].text, "one"));
	cr_expect(eq(str, rig->output[1].text, "two"));
	rig_free(rig);
}

Test(devices, reads_take_what_there_is_and_never_wait)
{
	struct rig *rig = rig_new();
	expect_sio(SIO(rig, DEVICE_CONSOLE, CONSOLE_READ, 0, 0x6000, 10, 0), CC_NOTHING, 0, "no input");
	rig_input(rig, 0, "abcde");
	expect_sio(SIO(rig, DEVICE_CONSOLE, CONSOLE_QUERY, 0, 0, 0, 0), CC_DONE, 5, "query");
	expect_sio(SIO(rig, DEVICE_CONSOLE, CONSOLE_READ, 0, 0x6000, 0, 0), CC_DONE, 0, "count 0 with input");
	expect_sio(SIO(rig, DEVICE_CONSOLE, CONSOLE_READ, 0, 0x6000, 2, 0), CC_DONE, 2, "two");
	expect_sio(SIO(rig, DEVICE_CONSOLE, CONSOLE_READ, 0, 0x6002, 10, 0), CC_DONE, 3, "the rest");
	cr_expect(eq(str, (char *)machine_storage(rig->m) + 0x6000, "abcde"));
	expect_sio(SIO(rig, DEVICE_CONSOLE, CONSOLE_READ, 0, 0x6000, 0, 0), CC_NOTHING, 0, "count 0 without");
	machine_input_ends(rig->m, 0);
	expect_sio(SIO(rig, DEVICE_CONSOLE, CONSOLE_READ, 0, 0x6000, 10, 0), CC_NOTHING, 0, "ended");
	rig_free(rig);
}

Test(devices, much_input_in_small_and_large_pieces_arrives_in_order)
{
	struct rig *rig = rig_new();
	uint8_t next_in = 0, next_out = 0, bytes[5000];
	for (uint32_t round = 1; round < 200; round++) {
		uint32_t n = round * 37 % 4999;
		for (uint32_t i = 0; i < n; i++)
			bytes[i] = next_in++;
		cr_assert(machine_input(rig->m, 0, bytes, n));
		uint32_t got = SIO(rig, DEVICE_CONSOLE, CONSOLE_READ, 0, 0x6000, round * 53 % 4000, 0).result;
		for (uint32_t i = 0; i < got; i++)
			cr_assert(eq(u8, machine_storage(rig->m)[0x6000 + i], next_out++));
	}
	rig_free(rig);
}

Test(devices, line_32_of_32)
{
	struct rig *rig = rig_new_as((struct machine_config){ .lines = 32 });
	rig_input(rig, 31, "x");
	expect_sio(SIO(rig, DEVICE_CONSOLE, CONSOLE_ARM, 31, 0, 0, 0), CC_DONE, 0, "arm");
	expect_sio(SIO(rig, DEVICE_CONSOLE, CONSOLE_ARM, 32, 0, 0, 0), CC_REFUSED, 0, "arm line 32");
	rig_set_status(rig, STATUS_IE);
	RIG_EXPECT_TRAP(rig, CAUSE_IO, 31);
	rig_free(rig);
}

/* ---- attention ---------------------------------------------------------- */

static void expect_line(struct rig *rig, unsigned line, bool armed, bool pending)
{
	struct line_state s = machine_line(rig->m, line);
	cr_expect(s.armed == armed && s.pending == pending, "line %u: armed %d, pending %d", line, s.armed, s.pending);
}

Test(devices, input_on_an_armed_line_makes_it_pending_and_disarms_it)
{
	struct rig *rig = rig_new();
	SIO(rig, DEVICE_CONSOLE, CONSOLE_ARM, 0, 0, 0, 0);
	expect_line(rig, 0, true, false);
	rig_input(rig, 0, "");
	expect_line(rig, 0, true, false);
	rig_input(rig, 0, "a");
	expect_line(rig, 0, false, true);
	rig_free(rig);
}

Test(devices, arming_with_input_waiting_makes_it_pending_at_once)
{
	struct rig *rig = rig_new();
	rig_input(rig, 0, "a");
	SIO(rig, DEVICE_CONSOLE, CONSOLE_ARM, 0, 0, 0, 0);
	expect_line(rig, 0, false, true);
	rig_free(rig);
}

Test(devices, input_while_pending_is_one_attention)
{
	struct rig *rig = rig_new();
	SIO(rig, DEVICE_CONSOLE, CONSOLE_ARM, 0, 0, 0, 0);
	rig_input(rig, 0, "a");
	rig_input(rig, 0, "b");
	rig_set_status(rig, STATUS_IE);
	RIG_EXPECT_TRAP(rig, CAUSE_IO, 0);
	expect_line(rig, 0, false, false);
	rig_input(rig, 0, "c");
	expect_line(rig, 0, false, false);
	rig_free(rig);
}

/* Arming again while the attention is still pending: one interrupt for the
 * first, and then, since input waits, the line stays armed no longer. */
Test(devices, arming_a_pending_line_again_is_still_one_attention)
{
	struct rig *rig = rig_new();
	rig_input(rig, 0, "a");
	SIO(rig, DEVICE_CONSOLE, CONSOLE_ARM, 0, 0, 0, 0);
	SIO(rig, DEVICE_CONSOLE, CONSOLE_ARM, 0, 0, 0, 0);
	expect_line(rig, 0, false, true);
	rig_free(rig);
}

Test(devices, disarming_drops_a_pending_attention)
{
	struct rig *rig = rig_new();
	rig_input(rig, 0, "a");
	SIO(rig, DEVICE_CONSOLE, CONSOLE_ARM, 0, 0, 0, 0);
	SIO(rig, DEVICE_CONSOLE, CONSOLE_DISARM, 0, 0, 0, 0);
	expect_line(rig, 0, false, false);
	SIO(rig, DEVICE_CONSOLE, CONSOLE_ARM, 1, 0, 0, 0);
	SIO(rig, DEVICE_CONSOLE, CONSOLE_DISARM, 1, 0, 0, 0);
	rig_input(rig, 1, "a");
	expect_line(rig, 1, false, false);
	rig_set_status(rig, STATUS_IE);
	rig_put(rig, CODE + 4, as_addi(X0, X0, 0));
	RIG_EXPECT_STEP(rig);
	rig_free(rig);
}

Test(devices, reading_leaves_a_pending_attention)
{
	struct rig *rig = rig_new();
	rig_input(rig, 0, "a");
	SIO(rig, DEVICE_CONSOLE, CONSOLE_ARM, 0, 0, 0, 0);
	SIO(rig, DEVICE_CONSOLE, CONSOLE_READ, 0, 0x6000, 10, 0);
	expect_line(rig, 0, false, true);
	rig_free(rig);
}

Test(devices, the_lowest_pending_line_comes_first)
{
	struct rig *rig = rig_new_as((struct machine_config){ .lines = 5 });
	static const unsigned lines[] = { 3, 1, 4 }, order[] = { 1, 3, 4 };
	for (int i = 0; i < 3; i++) {
		SIO(rig, DEVICE_CONSOLE, CONSOLE_ARM, lines[i], 0, 0, 0);
		rig_input(rig, lines[i], "x");
	}
	for (int i = 0; i < 3; i++) {
		machine_set_trapped(rig->m, false);
		rig_set_status(rig, STATUS_IE);
		RIG_EXPECT_TRAP(rig, CAUSE_IO, order[i]);
	}
	rig_free(rig);
}

/* Input of one line asked for by the host's callback raises attention too. */
static void give_once(void *self, struct machine *m, unsigned line)
{
	bool *given = self;
	if (!*given) {
		*given = true;
		machine_input(m, line, "x", 1);
	}
}

Test(devices, the_host_is_asked_before_input_is_looked_at)
{
	for (uint32_t command = 0; command <= 4; command += 2) {
		struct rig *rig = rig_new();
		bool given = false;
		machine_set_console(rig->m, &(struct console_host){ &given, NULL, give_once });
		struct sio_outcome outcome = SIO(rig, DEVICE_CONSOLE, command, 0, 0x6000, 5, 0);
		cr_expect(given);
		expect_sio(outcome, CC_DONE, command == CONSOLE_ARM ? 0 : 1, "query, read, arm");
		expect_line(rig, 0, false, command == CONSOLE_ARM);
		rig_free(rig);
	}
}
