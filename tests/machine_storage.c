/* Storage and relocation: which accesses R = (base, bound) allows, where they
 * go, and that nothing wraps (machine.md, Relocation); and the arithmetic of the
 * User ISA, against values from the RISC-V manual.
 */

#include "random.h"
#include "rig.h"

/* ---- the limits of R ---------------------------------------------------- */

/* The manual's rule, in 128 bits. */
static bool manual_allows(uint32_t a, unsigned n, uint32_t base, uint32_t bound, uint32_t q)
{
	__extension__ typedef unsigned __int128 wide;
	return (wide)a + n <= bound && (wide)base + a + n <= q;
}

static uint32_t load_of(unsigned n) { return n == 1 ? as_lbu(X1, 0, X2) : n == 2 ? as_lhu(X1, 0, X2) : as_lw(X1, 0, X2); }
static uint32_t store_of(unsigned n) { return n == 1 ? as_sb(X1, 0, X2) : n == 2 ? as_sh(X1, 0, X2) : as_sw(X1, 0, X2); }

/* The instruction word, executed once at virtual address pc under R; storage
 * around it may be anything.  True iff it completed; else it took a memory trap at a. */
static bool completes(struct rig *rig, uint32_t word, uint32_t pc, uint32_t base, uint32_t bound, uint32_t a)
{
	rig_set_r(rig, 0, BOUND_ALL);
	machine_set_trapped(rig->m, false);
	rig_put(rig, base + pc, word);
	machine_set_psw(rig->m, (struct psw){ pc, 0, base, bound, 0 });
	rig_set_x(rig, X2, a);
	uint64_t clock = machine_clock(rig->m);
	rig_run(rig, 1);
	if (machine_clock(rig->m) != clock)
		return true;
	cr_assert(eq(u32, rig_word(rig, CELL_CAUSE), CAUSE_MEMORY));
	cr_assert(eq(u32, rig_word(rig, CELL_TVAL), a));
	return false;
}

/* Every boundary of bound, of storage and of 32 bits, one byte either side. */
Test(storage, loads_and_stores_are_legal_exactly_as_the_manual_says)
{
	struct rig *rig = rig_new();
	uint32_t q = RIG_STORAGE, bases[] = { 0, 0x40, 0x2000, q - 0x1004 };
	for (size_t i = 0; i < 4; i++) {
		uint32_t l = bases[i], bounds[] = { 0x1004, 0x1008, q - l - 1, q - l, q - l + 1, BOUND_ALL - 1, BOUND_ALL };
		for (size_t j = 0; j < 7; j++) {
			uint32_t b = bounds[j];
			if (b < CODE + 4)
				continue; /* the fetch itself would trap */
			uint32_t edges[] = { b, q - l, q, UINT32_MAX - 2, 0u - l, 0u - l + 0x800, 0x900 };
			for (size_t k = 0; k < 7; k++)
				for (uint32_t a = edges[k] - 6; a != edges[k] + 6; a++)
					for (unsigned n = 1; n <= 4; n *= 2) {
						bool legal = manual_allows(a, n, l, b, q);
						if (a - CODE + 4 < 8 || l + a < 0x40)
							continue; /* not over the instruction or the trap cells */
						cr_expect(eq(int, completes(rig, load_of(n), CODE, l, b, a), legal),
						          "load %u at 0x%x, R = (0x%x, 0x%x)", n, a, l, b);
						cr_expect(eq(int, completes(rig, store_of(n), CODE, l, b, a), legal),
						          "store %u at 0x%x, R = (0x%x, 0x%x)", n, a, l, b);
					}
		}
	}
	rig_free(rig);
}

Test(storage, random_accesses_are_legal_exactly_as_the_manual_says)
{
	struct rig *rig = rig_new();
	struct dice dice = { 11 };
	for (int i = 0; i < 50000; i++) {
		uint32_t l = dice_below(&dice, RIG_STORAGE - 0x1004) & ~3u;
		uint32_t b = dice_one_in(&dice, 2) ? dice_word(&dice) : 0x1004 + dice_below(&dice, RIG_STORAGE);
		uint32_t a = dice_one_in(&dice, 2) ? dice_word(&dice) : dice_below(&dice, 2 * RIG_STORAGE);
		unsigned n = 1u << dice_below(&dice, 3);
		if (b < 0x1004 || l + CODE < 0x40)
			continue;
		bool legal = manual_allows(a, n, l, b, RIG_STORAGE);
		cr_assert(eq(int, completes(rig, load_of(n), CODE, l, b, a), legal),
		          "load %u at 0x%x, R = (0x%x, 0x%x)", n, a, l, b);
	}
	rig_free(rig);
}

Test(storage, a_base_beyond_storage_makes_every_access_illegal)
{
	struct rig *rig = rig_new();
	uint32_t bases[] = { RIG_STORAGE, RIG_STORAGE + 4, UINT32_MAX - 3 };
	for (int i = 0; i < 3; i++) {
		machine_set_trapped(rig->m, false);
		machine_set_psw(rig->m, (struct psw){ CODE, 0, bases[i], BOUND_ALL, 0 });
		RIG_EXPECT_TRAP(rig, CAUSE_MEMORY, CODE);
	}
	/* base + pc wraps to 0x1000 in 32 bits, and must not. */
	RIG_PROGRAM(rig, as_addi(X1, X0, 1));
	machine_set_trapped(rig->m, false);
	machine_set_psw(rig->m, (struct psw){ CODE + 4, 0, UINT32_MAX - 3, BOUND_ALL, 0 });
	RIG_EXPECT_TRAP(rig, CAUSE_MEMORY, CODE + 4);
	rig_free(rig);
}

Test(storage, a_fetch_needs_all_four_bytes)
{
	struct rig *rig = rig_new();
	for (uint32_t bound = CODE + 1; bound <= CODE + 5; bound++) {
		machine_set_trapped(rig->m, false);
		RIG_PROGRAM(rig, as_addi(X1, X1, 1));
		machine_set_psw(rig->m, (struct psw){ CODE, 0, 0, bound, 0 });
		if (bound < CODE + 4)
			RIG_EXPECT_TRAP(rig, CAUSE_MEMORY, CODE);
		else
			RIG_EXPECT_STEP(rig);
	}
	machine_set_psw(rig->m, (struct psw){ RIG_STORAGE - 4, 0, 0, BOUND_ALL, 0 });
	rig_put(rig, RIG_STORAGE - 4, as_addi(X1, X1, 1));
	RIG_EXPECT_STEP(rig);
	RIG_EXPECT_TRAP(rig, CAUSE_MEMORY, RIG_STORAGE);
	rig_free(rig);
}

Test(storage, bound_0_allows_nothing)
{
	struct rig *rig = rig_new();
	machine_set_psw(rig->m, (struct psw){ 0, 0, 0, 0, 0 });
	RIG_EXPECT_TRAP(rig, CAUSE_MEMORY, 0);
	rig_free(rig);
}

Test(storage, the_pc_may_reach_the_top_of_the_address_space_and_traps_there)
{
	struct rig *rig = rig_new();
	rig_set_x(rig, X1, UINT32_MAX - 3);
	RIG_PROGRAM(rig, as_jalr(X0, 0, X1));
	RIG_EXPECT_STEP(rig);
	RIG_EXPECT_TRAP(rig, CAUSE_MEMORY, UINT32_MAX - 3);
	rig_free(rig);
}

Test(storage, relocation_is_active_in_both_modes)
{
	for (uint32_t status = 0; status <= STATUS_M; status++) {
		struct rig *rig = rig_new();
		RIG_PROGRAM_AT(rig, 0x2000 + CODE, as_sw(X1, 0x400, X0), as_lw(X3, 0x400, X0), as_sw(X1, 0, X2));
		machine_set_psw(rig->m, (struct psw){ CODE, status, 0x2000, 0x1100, 0 });
		rig_set_x(rig, X1, 0x12345678);
		rig_set_x(rig, X2, 0x10FD);
		RIG_EXPECT_STEP(rig);
		RIG_EXPECT_STEP(rig);
		cr_expect(eq(u32, rig_word(rig, 0x2400), 0x12345678));
		cr_expect(eq(u32, rig_word(rig, 0x400), 0));
		cr_expect(eq(u32, rig_x(rig, X3), 0x12345678));
		RIG_EXPECT_TRAP(rig, CAUSE_MEMORY, 0x10FD);
		rig_free(rig);
	}
}

Test(storage, a_store_across_the_limit_stores_nothing)
{
	struct rig *rig = rig_new();
	for (unsigned n = 2; n <= 4; n *= 2)
		for (uint32_t inside = 1; inside < n; inside++) {
			rig_put(rig, DATA - 4, 0x55555555);
			rig_put(rig, DATA, 0x66666666);
			rig_set_x(rig, X1, 0xFFFFFFFF);
			cr_expect(not(completes(rig, store_of(n), CODE, 0, DATA, DATA - inside)));
			cr_expect(eq(u32, rig_word(rig, DATA - 4), 0x55555555));
			cr_expect(eq(u32, rig_word(rig, DATA), 0x66666666));
		}
	rig_free(rig);
}

Test(storage, a_load_that_traps_leaves_rd)
{
	struct rig *rig = rig_new();
	rig_set_x(rig, X1, 77);
	cr_expect(not(completes(rig, as_lw(X1, 0, X2), CODE, 0, DATA, DATA - 3)));
	cr_expect(eq(u32, rig_x(rig, X1), 77));
	rig_free(rig);
}

/* ---- bytes and words ---------------------------------------------------- */

Test(storage, is_little_endian_and_needs_no_alignment)
{
	struct rig *rig = rig_new();
	RIG_PROGRAM(rig, as_sw(X1, 1, X2), as_sh(X1, 7, X2), as_sb(X1, 11, X2), as_lw(X3, 1, X2), as_lw(X4, 2, X2));
	rig_set_x(rig, X1, 0x89ABCDEF);
	rig_set_x(rig, X2, DATA);
	rig_run(rig, 5);
	static const uint8_t expected[12] = { 0, 0xEF, 0xCD, 0xAB, 0x89, 0, 0, 0xEF, 0xCD, 0, 0, 0xEF };
	cr_expect(memcmp(machine_storage(rig->m) + DATA, expected, sizeof(expected)) == 0);
	cr_expect(eq(u32, rig_x(rig, X3), 0x89ABCDEF));
	cr_expect(eq(u32, rig_x(rig, X4), 0x0089ABCD));
	rig_free(rig);
}

Test(storage, loads_extend_as_their_names_say)
{
	struct rig *rig = rig_new();
	RIG_PROGRAM(rig, as_lb(X3, 0, X2), as_lbu(X4, 0, X2), as_lh(X5, 0, X2), as_lhu(X6, 0, X2), as_lb(X7, 2, X2),
	            as_lw(X0, 0, X2));
	rig_put(rig, DATA, 0x007F8081);
	rig_set_x(rig, X2, DATA);
	rig_run(rig, 6);
	uint32_t expected[] = { 0xFFFFFF81, 0x81, 0xFFFF8081, 0x8081, 0x7F };
	for (unsigned i = 0; i < 5; i++)
		cr_expect(eq(u32, rig_x(rig, X3 + i), expected[i]));
	cr_expect(eq(u32, rig_x(rig, X0), 0));
	rig_free(rig);
}

Test(storage, offsets_reach_both_ways_and_addresses_wrap_in_32_bits)
{
	struct rig *rig = rig_new();
	RIG_PROGRAM(rig, as_sb(X1, -2048, X2), as_sb(X1, 2047, X2), as_sb(X1, 0x700, X3));
	rig_set_x(rig, X1, 0xAA);
	rig_set_x(rig, X2, DATA);
	rig_set_x(rig, X3, 0u - 0x100);
	rig_run(rig, 3);
	cr_expect(eq(u8, machine_storage(rig->m)[DATA - 2048], 0xAA));
	cr_expect(eq(u8, machine_storage(rig->m)[DATA + 2047], 0xAA));
	cr_expect(eq(u8, machine_storage(rig->m)[0x600], 0xAA));
	rig_free(rig);
}

/* ---- code is storage ---------------------------------------------------- */

/* The instruction after the store has been executed already, so it is decoded;
 * then it is replaced. */
Test(storage, the_next_fetch_sees_a_store)
{
	struct rig *rig = rig_new();
	RIG_PROGRAM(rig,
		as_addi(X5, X0, 2),
		as_sw(X1, 8, X2),         /* over the next instruction: x3 += 1 becomes x3 += 100 */
		as_addi(X3, X3, 1),
		as_addi(X5, X5, -1),
		as_bne(X5, X0, -12),
		as_halt(X3));
	rig_set_x(rig, X1, as_addi(X3, X3, 100));
	rig_set_x(rig, X2, CODE);
	cr_expect(rig_run(rig, 100) == STOP_END);
	cr_expect(eq(u32, rig_x(rig, X3), 200));
	rig_free(rig);
}

Test(storage, the_next_fetch_sees_a_store_of_one_byte)
{
	struct rig *rig = rig_new();
	RIG_PROGRAM(rig,
		as_addi(X3, X3, 1),
		as_addi(X5, X5, 1),
		as_slti(X6, X5, 10),
		as_sb(X5, 3, X2),         /* the immediate's high bits of the first */
		as_bne(X6, X0, -16),
		as_halt(X0));
	rig_set_x(rig, X2, CODE);
	uint32_t expected = 1;
	for (uint32_t i = 1; i < 10; i++)
		expected += 1 + (i << 4);
	cr_expect(rig_run(rig, 1000) == STOP_END);
	cr_expect(eq(u32, rig_x(rig, X3), expected));
	rig_free(rig);
}

Test(storage, the_next_fetch_sees_what_a_device_stored)
{
	struct rig *rig = rig_new();
	RIG_PROGRAM(rig, as_addi(X3, X3, 1), as_jalr(X0, 0, X4));
	RIG_PROGRAM_AT(rig, CODE + 0x100, as_sio(X1, 0, X2), as_jalr(X0, 0, X5));
	uint32_t *sector = (uint32_t *)rig->disk;
	sector[0] = as_addi(X3, X3, 100);
	sector[1] = as_halt(X3);
	RIG_PROGRAM_AT(rig, DATA, DEVICE_DISK, DISK_READ, 0, CODE - 0x200 + 0x200, SECTOR, 0);
	RIG_PROGRAM_AT(rig, CODE + 0x200, as_sio(X1, 0, X2), as_jalr(X0, 0, X5));
	rig_set_x(rig, X2, DATA);
	rig_set_x(rig, X4, CODE + 0x200);
	rig_set_x(rig, X5, CODE);
	cr_expect(rig_run(rig, 3) == STOP_STEPS);
	cr_expect(eq(u32, rig_x(rig, X1), CC_DONE));
	/* The transfer replaced the jump after SIO as well: go on by hand. */
	rig_set_pc(rig, CODE);
	cr_expect(rig_run(rig, 100) == STOP_END);
	cr_expect(eq(u32, rig_x(rig, X3), 101));
	rig_free(rig);
}

Test(storage, the_next_fetch_sees_what_spsw_and_stck_stored)
{
	struct rig *rig = rig_new();
	RIG_PROGRAM(rig, as_addi(X3, X3, 1), as_stck(0, X2), as_jal(X0, -8));
	rig_set_x(rig, X2, CODE);
	machine_set_clock(rig->m, (uint64_t)as_halt(X3) << 32 | (as_addi(X3, X3, 100) - 2));
	/* The clock when STCK completes is the word of addi x3, x3, 100, high word halt. */
	cr_expect(rig_run(rig, 5) == STOP_END);
	cr_expect(eq(u32, rig_x(rig, X3), 101));
	rig_free(rig);
}

Test(storage, fences_with_any_fields_do_nothing)
{
	struct rig *rig = rig_new();
	RIG_PROGRAM(rig, as_fence(), as_fence_i(), 0xFFFF8F8F | 0x0000000F, 0xFFFF9F8F, 0x0FF0000F);
	for (unsigned i = 1; i < 32; i++)
		rig_set_x(rig, i, i);
	for (int i = 0; i < 5; i++)
		RIG_EXPECT_STEP(rig);
	for (unsigned i = 1; i < 32; i++)
		cr_expect(eq(u32, rig_x(rig, i), i));
	rig_put(rig, CODE + 20, 0x0000200F);
	RIG_EXPECT_TRAP(rig, CAUSE_ILLEGAL, 0x0000200F);
	rig_free(rig);
}

/* ---- arithmetic --------------------------------------------------------- */

struct sum {
	uint32_t word; /* rd x3, rs1 x1, rs2 x2 */
	uint32_t a, b, result;
};

static void check_sums(const struct sum *sums, size_t n)
{
	struct rig *rig = rig_new();
	for (size_t i = 0; i < n; i++) {
		rig_put(rig, CODE, sums[i].word);
		rig_set_pc(rig, CODE);
		rig_set_x(rig, X1, sums[i].a);
		rig_set_x(rig, X2, sums[i].b);
		RIG_EXPECT_STEP(rig);
		char text[64];
		disassemble(sums[i].word, CODE, text, sizeof(text));
		cr_expect(eq(u32, rig_x(rig, X3), sums[i].result), "%s of 0x%x, 0x%x", text, sums[i].a, sums[i].b);
	}
	rig_free(rig);
}

#define OF(name) as_##name(X3, X1, X2)
#define LEAST UINT32_C(0x80000000)
#define MINUS(n) (0u - UINT32_C(n))

/* The table of the unprivileged manual, 7.2, and signs. */
Test(storage, multiplication_and_division)
{
	const struct sum sums[] = {
		{ OF(mul), 7, 6, 42 }, { OF(mul), MINUS(7), 6, MINUS(42) }, { OF(mul), 0x10000, 0x10001, 0x10000 },
		{ OF(mulh), MINUS(1), MINUS(1), 0 }, { OF(mulh), LEAST, LEAST, 0x40000000 },
		{ OF(mulh), LEAST, MINUS(1), 0 }, { OF(mulh), MINUS(1), 1, MINUS(1) }, { OF(mulh), 0x7FFFFFFF, 4, 1 },
		{ OF(mulhu), MINUS(1), MINUS(1), MINUS(2) }, { OF(mulhu), LEAST, 2, 1 },
		{ OF(mulhsu), MINUS(1), MINUS(1), MINUS(1) }, { OF(mulhsu), LEAST, MINUS(1), LEAST },
		{ OF(mulhsu), 1, MINUS(1), 0 }, { OF(mulhsu), 2, MINUS(1), 1 },
		{ OF(div), 20, 6, 3 }, { OF(div), MINUS(20), 6, MINUS(3) }, { OF(div), 20, MINUS(6), MINUS(3) },
		{ OF(div), 1, 0, MINUS(1) }, { OF(div), 0, 0, MINUS(1) }, { OF(div), LEAST, MINUS(1), LEAST },
		{ OF(divu), MINUS(20), 6, 715827879 }, { OF(divu), 5, 0, MINUS(1) }, { OF(divu), LEAST, MINUS(1), 0 },
		{ OF(rem), 20, 6, 2 }, { OF(rem), MINUS(20), 6, MINUS(2) }, { OF(rem), 20, MINUS(6), 2 },
		{ OF(rem), MINUS(5), 0, MINUS(5) }, { OF(rem), LEAST, MINUS(1), 0 },
		{ OF(remu), MINUS(20), 6, 2 }, { OF(remu), 9, 0, 9 }, { OF(remu), LEAST, MINUS(1), LEAST },
	};
	check_sums(sums, sizeof(sums) / sizeof(*sums));
}

Test(storage, sums_shifts_and_compares)
{
	const struct sum sums[] = {
		{ OF(add), MINUS(1), 2, 1 }, { OF(sub), 1, 2, MINUS(1) },
		{ OF(and), 12, 10, 8 }, { OF(or), 12, 10, 14 }, { OF(xor), 12, 10, 6 },
		{ OF(sll), 1, 33, 2 }, { OF(srl), LEAST, 31, 1 }, { OF(sra), LEAST, 31, MINUS(1) },
		{ OF(srl), LEAST, 32, LEAST }, { OF(sra), 0x40000000, 62, 1 },
		{ OF(slt), MINUS(1), 0, 1 }, { OF(slt), 0, MINUS(1), 0 }, { OF(sltu), MINUS(1), 0, 0 }, { OF(sltu), 0, 1, 1 },
		{ as_addi(X3, X1, -2048), 1, 0, MINUS(2047) }, { as_slti(X3, X1, -1), MINUS(2), 0, 1 },
		{ as_sltiu(X3, X1, -1), MINUS(2), 0, 1 }, { as_sltiu(X3, X1, 1), 0, 0, 1 },
		{ as_xori(X3, X1, -1), 5, 0, MINUS(6) }, { as_ori(X3, X1, -16), 5, 0, MINUS(11) }, { as_andi(X3, X1, 6), 5, 0, 4 },
		{ as_slli(X3, X1, 31), 3, 0, LEAST }, { as_srli(X3, X1, 31), LEAST, 0, 1 }, { as_srai(X3, X1, 31), LEAST, 0, MINUS(1) },
		{ as_lui(X3, 0xFFFFF), 0, 0, 0xFFFFF000 }, { as_auipc(X3, 0xFFFFF), 0, 0, CODE - 0x1000 },
	};
	check_sums(sums, sizeof(sums) / sizeof(*sums));
}

Test(storage, x0_reads_0_whatever_is_written_to_it)
{
	struct rig *rig = rig_new();
	RIG_PROGRAM(rig, as_addi(X0, X0, 5), as_lui(X0, 7), as_jal(X0, 4), as_add(X1, X0, X0), as_lw(X0, 0, X0), as_rdst(X0));
	rig_set_x(rig, X0, 9);
	rig_set_x(rig, X1, 9);
	rig_put(rig, 0, 99);
	for (int i = 0; i < 6; i++)
		RIG_EXPECT_STEP(rig);
	cr_expect(eq(u32, rig_x(rig, X0), 0));
	cr_expect(eq(u32, rig_x(rig, X1), 0));
	rig_free(rig);
}

/* ---- jumps and branches ------------------------------------------------- */

Test(storage, jumps_link_and_go)
{
	struct rig *rig = rig_new();
	RIG_PROGRAM(rig, as_jal(X1, 0x400));
	RIG_PROGRAM_AT(rig, CODE + 0x400, as_jalr(X2, -4, X2));
	rig_set_x(rig, X2, CODE + 0x205);
	RIG_EXPECT_STEP(rig);
	cr_expect(eq(u32, rig_x(rig, X1), CODE + 4));
	RIG_EXPECT_STEP(rig); /* rd = rs1; bit 0 is dropped */
	cr_expect(eq(u32, machine_psw(rig->m).pc, CODE + 0x200));
	cr_expect(eq(u32, rig_x(rig, X2), CODE + 0x404));
	rig_free(rig);
}

Test(storage, branches_compare_as_their_names_say)
{
	const struct { uint32_t word, a, b; bool taken; } cases[] = {
		{ as_beq(X1, X2, 16), 1, 1, true }, { as_beq(X1, X2, 16), 1, 2, false },
		{ as_bne(X1, X2, 16), 1, 1, false }, { as_bne(X1, X2, 16), 1, 2, true },
		{ as_blt(X1, X2, 16), MINUS(1), 0, true }, { as_blt(X1, X2, 16), 0, MINUS(1), false }, { as_blt(X1, X2, 16), 1, 1, false },
		{ as_bge(X1, X2, 16), MINUS(1), 0, false }, { as_bge(X1, X2, 16), 0, MINUS(1), true }, { as_bge(X1, X2, 16), 1, 1, true },
		{ as_bltu(X1, X2, -16), MINUS(1), 0, false }, { as_bltu(X1, X2, -16), 0, MINUS(1), true },
		{ as_bgeu(X1, X2, -16), MINUS(1), 0, true }, { as_bgeu(X1, X2, -16), 0, MINUS(1), false }, { as_bgeu(X1, X2, -16), 3, 3, true },
	};
	struct rig *rig = rig_new();
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		rig_put(rig, CODE, cases[i].word);
		rig_set_pc(rig, CODE);
		rig_set_x(rig, X1, cases[i].a);
		rig_set_x(rig, X2, cases[i].b);
		RIG_EXPECT_STEP(rig);
		uint32_t target = CODE + isa_imm_b(cases[i].word);
		cr_expect(eq(u32, machine_psw(rig->m).pc, cases[i].taken ? target : CODE + 4), "case %zu", i);
	}
	rig_free(rig);
}
