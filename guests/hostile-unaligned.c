/* Command blocks, buffers and PSWs at odd addresses, which are as good as any;
 * commands, units and counts that are none, which are refused and change nothing but
 * the result.
 */
// input: "0123456789"
// expect-output: "unaligned\n"
// expect-output: "unaligned: 2179 checks, 0 failed, digest a459ec50\n"
#include "world.h"

static uint8_t storage[1200] __attribute__((aligned(16)));

static uint32_t address(const void *at) { return (uint32_t)(uintptr_t)at; }

static enum condition at_odd(unsigned odd, struct command_block *block)
{
	uint8_t *place = storage + 600 + odd;
	__builtin_memcpy(place, block, sizeof(*block));
	enum condition cc = sio((struct command_block *)(void *)place);
	__builtin_memcpy(block, place, sizeof(*block));
	return cc;
}

static void test_console(unsigned odd)
{
	struct command_block read = { DEVICE_CONSOLE, CONSOLE_READ, 0, address(storage + odd), odd, 99 };
	check_equal(at_odd(odd, &read), CC_DONE, "console read");
	check_equal(read.result, odd, "console read: bytes");
	check_equal(storage[odd], (uint32_t)('0' + odd * (odd - 1) / 2), "console read: the first");
	check_equal(storage[2 * odd - 1], (uint32_t)('0' + odd * (odd + 1) / 2 - 1), "console read: the last");
	check_equal(storage[2 * odd], 0, "console read: beyond");
	__builtin_memset(storage, 0, 20);
}

static void test_disk(unsigned odd)
{
	uint32_t sector = *cell(CELL_SECTORS);
	for (int i = 0; i < SECTOR; i++)
		storage[odd + i] = (uint8_t)(i * odd);
	struct command_block write = { DEVICE_DISK, DISK_WRITE, sector, address(storage + odd), SECTOR, 99 };
	check_equal(at_odd(odd, &write), CC_DONE, "disk write");
	check_equal(write.result, SECTOR, "disk write: bytes");
	__builtin_memset(storage, 0, sizeof(storage));
	struct command_block read = { DEVICE_DISK, DISK_READ, sector, address(storage + 2 * odd), SECTOR, 99 };
	check_equal(at_odd(odd, &read), CC_DONE, "disk read");
	check_equal(storage[2 * odd - 1], 0, "disk read: before");
	for (int i = 0; i < SECTOR; i += 73)
		check_equal(storage[2 * odd + i], (uint8_t)(i * odd), "disk read: data");
	check_equal(storage[2 * odd + SECTOR], 0, "disk read: behind");
	__builtin_memset(storage, 0, sizeof(storage));
}

static void refused(struct command_block block, enum condition cc)
{
	struct command_block before = block;
	for (unsigned odd = 0; odd < 4; odd++) {
		block.result = 99;
		check_equal(at_odd(odd, &block), cc, "refused");
		check_equal(block.result, 0, "refused: result");
		check_equal(block.count, before.count, "refused: count");
		check_equal(block.unit, before.unit, "refused: unit");
	}
}

static void test_refused(void)
{
	uint32_t a = address(storage);
	for (uint32_t command = 5; command != 0; command <<= 1)
		refused((struct command_block){ DEVICE_CONSOLE, command, 0, a, 4, 0 }, CC_REFUSED);
	for (uint32_t command = 3; command != 0; command <<= 1)
		refused((struct command_block){ DEVICE_DISK, command, 0, a, 512, 0 }, CC_REFUSED);
	for (uint32_t device = 2; device != 0; device <<= 1)
		refused((struct command_block){ device, 1, 0, a, 512, 0 }, CC_NO_DEVICE);
	for (uint32_t line = 32; line != 0; line <<= 1)
		refused((struct command_block){ DEVICE_CONSOLE, CONSOLE_WRITE, line, a, 4, 0 }, CC_REFUSED);
	for (uint32_t count = 1; count < SECTOR; count <<= 1)
		refused((struct command_block){ DEVICE_DISK, DISK_READ, 0, a, count, 0 }, CC_REFUSED);
	refused((struct command_block){ DEVICE_DISK, DISK_READ, 0, a, 0x80000001, 0 }, CC_REFUSED);
}

/* LPSW, SPSW and STCK at every offset in a word. */
static void test_operands(unsigned odd)
{
	enum { RS1 = 6 };
	struct psw next = { WORLD_CODE + 12, STATUS_M, WORLD, WORLD_BYTES, odd }, seen;
	const uint32_t code[] = {
		insn(OP_stck, 0, RS1, 0), insn(OP_spsw, 0, RS1, 16), insn(OP_lpsw, 0, RS1, 48),
	};
	world_make(0, code, 3);
	world_set(RS1, WORLD_DATA + odd);
	__builtin_memcpy((uint8_t *)world_word(WORLD_DATA) + odd + 48, &next, sizeof(next));
	expected.psw = next;
	world_check("unaligned operands");
	__builtin_memcpy(&seen, (uint8_t *)world_word(WORLD_DATA) + odd + 16, sizeof(seen));
	check_equal(seen.pc, WORLD_CODE + 8, "unaligned SPSW");
	check_equal(seen.bound, WORLD_BYTES, "unaligned SPSW");
}

int main(void)
{
	static const char text[] = "*unaligned\n";
	struct command_block write = { DEVICE_CONSOLE, CONSOLE_WRITE, 0, address(text + 1), sizeof(text) - 2, 0 };
	check_equal(at_odd(3, &write), CC_DONE, "console write");
	for (unsigned odd = 1; odd < 4; odd++) {
		test_console(odd);
		test_disk(odd);
	}
	test_refused();
	for (unsigned odd = 0; odd < 4; odd++)
		test_operands(odd);
	print("unaligned: ");
	return check_report();
}
