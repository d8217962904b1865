/* Device transfers over what the machine is just using: the command block itself, the
 * instruction that comes next, and the trap cells.  Data moves first, then the
 * result is stored; the next fetch sees both.
 */
// input: "ABCDEFGHIJKLMNOPQRSTUVWX3333"
// expect-output: "overwrite: 15 checks, 0 failed, digest 94dc50be\n"
#include "world.h"

enum { RD = 5, RS1 = 6 };

/* 24 bytes of input over a whole command block: its result word stays, for it is
 * stored last. */
static void test_block(void)
{
	struct command_block block = { DEVICE_CONSOLE, CONSOLE_READ, 0, 0, 24, 0 };
	block.buffer = (uint32_t)(uintptr_t)&block;
	check_equal(sio(&block), CC_DONE, "over the command block");
	check_equal(block.device, 0x44434241, "over the command block: device");
	check_equal(block.count, 0x54535251, "over the command block: count");
	check_equal(block.result, 24, "over the command block: result");
}

/* Four bytes of input, an instruction: "3333" is the word 0x33333333, no
 * instruction. */
static void test_next(void)
{
	uint32_t word = insn(OP_sio, RD, RS1, 0);
	world_make(0, &word, 1);
	world_set(RS1, WORLD_DATA);
	*(struct command_block *)world_word(WORLD_DATA) =
		(struct command_block){ DEVICE_CONSOLE, CONSOLE_READ, 0, WORLD + WORLD_CODE + 4, 4, 0 };
	world_expect(1, CAUSE_ILLEGAL, 0x33333333);
	expected.x[RD] = CC_DONE;
	world_check("over the next instruction");
}

/* A sector of instructions over the code that reads it. */
static void test_code(void)
{
	static uint32_t sector[SECTOR / 4];
	for (uint32_t i = 0; i < SECTOR / 4; i++)
		sector[i] = OP_ebreak;
	uint32_t own = *cell(CELL_SECTORS), word = insn(OP_sio, RD, RS1, 0);
	check_equal(disk_write(own, sector, SECTOR), CC_DONE, "disk write");
	world_make(STATUS_TE, &word, 1);
	world_set(RS1, WORLD_DATA);
	*(struct command_block *)world_word(WORLD_DATA) =
		(struct command_block){ DEVICE_DISK, DISK_READ, own, WORLD + WORLD_CODE - 128, SECTOR, 0 };
	world_expect(1, CAUSE_BREAKPOINT, 0);
	expected.x[RD] = CC_DONE;
	world_check("over its own code");
	check_equal(*world_word(WORLD_CODE), OP_ebreak, "over its own code: where it was");
}

/* The result word over the next instruction.  The block's count is the SIO itself; the
 * command is refused, so the result is 0, which is no instruction. */
static void test_result(void)
{
	const uint32_t code[] = { insn(OP_sio, RD, RS1, 0), OP_ebreak };
	world_make(0, code, 2);
	world_set(RS1, WORLD_CODE + 4 - offsetof(struct command_block, result));
	*world_word(WORLD_CODE - 16) = DEVICE_CONSOLE;
	*world_word(WORLD_CODE - 12) = CONSOLE_WRITE;
	*world_word(WORLD_CODE - 4) = storage_size;
	world_expect(1, CAUSE_ILLEGAL, 0);
	expected.x[RD] = CC_REFUSED;
	world_check("result over the next instruction");
}

/* A new PSW from the disk. */
static void test_trap_cells(void)
{
	static uint32_t sector[SECTOR / 4];
	uint32_t own = *cell(CELL_SECTORS);
	for (uint32_t i = 0; i < SECTOR / 4; i++)
		sector[i] = *cell(4 * i);
	sector[0] = 0x12345678;
	sector[CELL_TVAL / 4] = 0x87654321;
	check_equal(disk_write(own, sector, SECTOR), CC_DONE, "disk write");
	check_equal(disk_read(own, NULL, SECTOR), CC_DONE, "over the trap cells");
	check_equal(*cell(CELL_OLD_PSW), 0x12345678, "over the trap cells: old PSW");
	check_equal(*cell(CELL_TVAL), 0x87654321, "over the trap cells: tval");
	world_make(0, NULL, 0);
	world_check("trap after that");
	check_equal(*cell(CELL_TVAL), 0, "trap after that: tval");
}

int main(void)
{
	test_block();
	test_next();
	test_code();
	test_result();
	test_trap_cells();
	print("overwrite: ");
	return check_report();
}
