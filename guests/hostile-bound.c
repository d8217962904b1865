/* Bases and bounds whose sum goes past 2^32, bases beyond storage, and bounds larger
 * than storage: what lies outside is out of reach, in either mode, by LPSW and by
 * SRB, for fetches, loads and stores; what lies inside is not.
 */
// expect-output: "bound: 588 checks, 0 failed, digest df4281a5\n"
#include "world.h"

enum { RD = 5, RS1 = 6, RS2 = 7 };

#define EACH(type, x, array) (const type *x = array; x < array + sizeof(array) / sizeof(*array); x++)

static const uint32_t huge[] = { 0x80000000, 0xFFFF0000, 0xFFFFFFFC, 0xFFFFFFFF };

/* A world whose one instruction looks at virtual address a. */
static void look(uint32_t mode, uint32_t word, uint32_t bound, uint32_t a)
{
	world_make(mode, &word, 1);
	world.psw.bound = bound;
	world_set(RS1, a);
	world_set(RS2, 0xBADBAD);
	world_expect(0, CAUSE_MEMORY, a);
	world_check("bound larger than storage");
}

/* From the end of storage to 2^32, and what would wrap to low storage. */
static void test_large_bound(uint32_t mode)
{
	const uint32_t above = storage_size - WORLD;
	for EACH(uint32_t, bound, huge)
		for (uint32_t step = 1; step != 0; step <<= 1) {
			look(mode, insn(OP_lw, RD, RS1, 0), *bound, above - 4 + step);
			look(mode, OP_sb | RS1 << 15 | RS2 << 20, *bound, above - 1 + step);
		}
	look(mode, insn(OP_lw, RD, RS1, 0), BOUND_ALL, 0u - WORLD);
	look(mode, OP_sw | RS1 << 15 | RS2 << 20, BOUND_ALL, 0u - WORLD + 0x20);
}

/* A bound that goes a few bytes beyond storage. */
static void test_bound_just_beyond(uint32_t mode)
{
	const uint32_t above = storage_size - WORLD;
	for (uint32_t over = 1; over <= 4; over++) {
		look(mode, insn(OP_lbu, RD, RS1, 0), above + over, above + over - 1);
		look(mode, OP_sb | RS1 << 15 | RS2 << 20, above + over, above + over - 1);
	}
}

/* Code that would run if base + pc wrapped, or if only pc were compared with the
 * bound. */
static void test_far_base(uint32_t mode)
{
	const uint32_t bases[] = { storage_size, storage_size + 4, 0x80000000, 0xFFFF0000, 0xFFFFFFFC };
	for EACH(uint32_t, base, bases)
		for EACH(uint32_t, bound, huge) {
			world_make(mode, NULL, 0);
			world.psw.base = *base;
			world.psw.bound = *bound;
			world.psw.pc = WORLD + WORLD_CODE - *base;
			world_expect(0, CAUSE_MEMORY, world.psw.pc);
			world_check("base beyond storage");
		}
}

/* SRB to such an R; the next fetch is under it. */
static void test_srb(void)
{
	for EACH(uint32_t, bound, huge) {
		uint32_t word = insn(OP_srb, 0, RS1, RS2);
		world_make(STATUS_IE, &word, 1);
		world_set(RS1, 0u - WORLD_CODE - 4);
		world_set(RS2, *bound);
		world_expect(1, CAUSE_MEMORY, WORLD_CODE + 4);
		expected.psw.base = 0u - WORLD_CODE - 4;
		expected.psw.bound = *bound;
		world_check("srb to the end of the address space");
	}
}

/* Bounds that are not multiples of 4 hold to the byte. */
static void test_odd_bound(uint32_t mode)
{
	uint32_t word = insn(OP_lbu, RD, RS1, 0);
	for (uint32_t bound = 0x801; bound <= 0x803; bound++) {
		look(mode, word, bound, bound);
		world_make(mode, &word, 1);
		world.psw.bound = bound;
		world_set(RS1, bound - 1);
		world_expect(1, CAUSE_SVC, 0);
		expected.x[RD] = 0;
		world_check("odd bound");
	}
}

int main(void)
{
	for (uint32_t mode = 0; mode <= STATUS_M; mode++) {
		test_large_bound(mode);
		test_bound_just_beyond(mode);
		test_far_base(mode);
		test_odd_bound(mode);
	}
	test_srb();
	print("bound: ");
	return check_report();
}
