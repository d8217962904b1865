/* The System ISA, instruction by instruction, in supervisor mode: effects,
 * operands at their limits, rd = x0 and rd = rs1 (machine.md, System ISA).  What
 * needs time or devices stands in machine_timer.c, _wait.c and _devices.c.
 */

#include "rig.h"

/* ---- all of them -------------------------------------------------------- */

Test(system, every_one_is_privileged)
{
	struct rig *rig = rig_new();
	for (int i = INSN_SYSTEM; i < INSN_ASSIST; i++) {
		uint32_t word = assemble((enum insn)i, X5, X6, X7, 8);
		machine_set_trapped(rig->m, false);
		rig_set_pc(rig, CODE);
		rig_set_status(rig, STATUS_M);
		rig_put(rig, CODE, word);
		RIG_EXPECT_TRAP(rig, CAUSE_PRIVILEGED, word);
	}
	rig_free(rig);
}

/* How many bytes at imm(rs1) each needs; 0: no operand in storage. */
static uint32_t operand_bytes(enum insn insn)
{
	switch (insn) {
	case INSN_lpsw: case INSN_spsw: return 20;
	case INSN_sio: return 24;
	case INSN_stck: return 8;
	default: return 0;
	}
}

Test(system, operands_are_legal_to_their_last_byte)
{
	for (int i = INSN_SYSTEM; i < INSNS; i++) {
		uint32_t n = operand_bytes((enum insn)i);
		if (n == 0)
			continue;
		struct rig *rig = rig_new();
		rig_put(rig, 0x2000 + CODE, assemble((enum insn)i, 0, X2, 0, 0));
		struct psw psw = { CODE, 0, 0x2000, DATA, 0 };
		machine_set_psw(rig->m, psw);
		rig_set_x(rig, X2, DATA - n + 1);
		RIG_EXPECT_TRAP(rig, CAUSE_MEMORY, DATA - n + 1);
		cr_expect(eq(u32, rig_word(rig, 0x2000 + DATA - 4), 0), "%s stored in part", isa_insns[i].name);
		machine_set_trapped(rig->m, false);
		machine_set_psw(rig->m, psw);
		rig_set_x(rig, X2, DATA - n);
		RIG_EXPECT_STEP(rig);
		rig_free(rig);
	}
}

Test(system, operands_may_end_with_storage_and_not_after)
{
	struct rig *rig = rig_new();
	RIG_PROGRAM(rig, as_spsw(0, X2), as_spsw(1, X2));
	rig_set_x(rig, X2, RIG_STORAGE - 20);
	RIG_EXPECT_STEP(rig);
	RIG_EXPECT_TRAP(rig, CAUSE_MEMORY, RIG_STORAGE - 19);
	rig_free(rig);
}

Test(system, offsets_are_signed)
{
	struct rig *rig = rig_new();
	RIG_PROGRAM(rig, as_stck(-2048, X2));
	rig_set_x(rig, X2, DATA);
	RIG_EXPECT_STEP(rig);
	cr_expect(eq(u32, rig_word(rig, DATA - 2048), 1));
	rig_free(rig);
}

/* ---- PSW ---------------------------------------------------------------- */

Test(system, lpsw_loads_all_five_words_without_undefined_bits)
{
	struct rig *rig = rig_new();
	RIG_PROGRAM(rig, as_lpsw(-4, X2));
	rig_set_x(rig, X2, DATA + 5); /* needs no alignment */
	uint8_t words[20];
	struct psw loaded = { 0x1237, 0xFFFFFFFF, 0x2003, 0x87654321, 0x9ABCDEF0 };
	memcpy(words, &loaded, sizeof(words));
	machine_write(rig->m, DATA + 1, words, sizeof(words));
	RIG_EXPECT_STEP(rig);
	EXPECT_PSW(machine_psw(rig->m), ((struct psw){ 0x1234, 7, 0x2000, 0x87654321, 0x9ABCDEF0 }));
	rig_free(rig);
}

Test(system, spsw_stores_the_next_pc_and_everything_else_as_it_is)
{
	struct rig *rig = rig_new();
	machine_set_psw(rig->m, (struct psw){ CODE, STATUS_IE, 0x2000, 0x8000, 5 });
	RIG_PROGRAM_AT(rig, 0x2000 + CODE, as_spsw(0x10, X2));
	rig_set_x(rig, X2, DATA);
	RIG_EXPECT_STEP(rig);
	EXPECT_PSW(rig_psw_at(rig, 0x2000 + DATA + 0x10), ((struct psw){ CODE + 4, STATUS_IE, 0x2000, 0x8000, 5 }));
	rig_free(rig);
}

Test(system, lpsw_of_what_spsw_stored_goes_on_after_it)
{
	struct rig *rig = rig_new();
	RIG_PROGRAM(rig, as_spsw(0, X2), as_addi(X3, X3, 1), as_lpsw(0, X2));
	rig_set_x(rig, X2, DATA);
	rig_run(rig, 7);
	cr_expect(eq(u32, rig_x(rig, X3), 3));
	rig_free(rig);
}

Test(system, srb_makes_the_next_fetch_under_the_new_r)
{
	struct rig *rig = rig_new();
	RIG_PROGRAM(rig, as_srb(X1, X2));
	RIG_PROGRAM_AT(rig, 0x2000 + CODE + 4, as_addi(X3, X0, 7));
	rig_set_x(rig, X1, 0x2003);
	rig_set_x(rig, X2, CODE + 8);
	RIG_EXPECT_STEP(rig);
	RIG_EXPECT_STEP(rig);
	cr_expect(eq(u32, rig_x(rig, X3), 7));
	EXPECT_PSW(machine_psw(rig->m), ((struct psw){ CODE + 8, 0, 0x2000, CODE + 8, 0 }));
	RIG_EXPECT_TRAP(rig, CAUSE_MEMORY, CODE + 8);
	rig_free(rig);
}

Test(system, lra_gives_the_real_address_or_minus_1)
{
	const struct { uint32_t base, bound, a, result; } cases[] = {
		{ 0, BOUND_ALL, 0, 0 }, { 0, BOUND_ALL, RIG_STORAGE - 1, RIG_STORAGE - 1 },
		{ 0, BOUND_ALL, RIG_STORAGE, UINT32_MAX }, { 0, BOUND_ALL, UINT32_MAX, UINT32_MAX },
		{ 0x2000, 0x1800, 0x17FF, 0x37FF }, { 0x2000, 0x1800, 0x1800, UINT32_MAX },
		{ 0x2000, BOUND_ALL, RIG_STORAGE - 0x2001, RIG_STORAGE - 1 },
		{ 0x2000, BOUND_ALL, RIG_STORAGE - 0x2000, UINT32_MAX },
		{ 0x2000, BOUND_ALL, 0u - 0x2000, UINT32_MAX }, /* base + a wraps to 0 */
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		for (unsigned rd = X1; rd <= X2; rd++) { /* x2 is rs1 as well */
			struct rig *rig = rig_new();
			rig_put(rig, cases[i].base + CODE, as_lra(rd, X2));
			machine_set_psw(rig->m, (struct psw){ CODE, 0, cases[i].base, cases[i].bound, 0 });
			rig_set_x(rig, X2, cases[i].a);
			RIG_EXPECT_STEP(rig);
			cr_expect(eq(u32, rig_x(rig, rd), cases[i].result), "case %zu", i);
			rig_free(rig);
		}
}

/* ---- status ------------------------------------------------------------- */

Test(system, ssm_swaps_the_mask_and_never_m)
{
	for (uint32_t old = 0; old < 8; old += 2)
		for (uint32_t bits = 0; bits < 16; bits++)
			for (unsigned rd = X1; rd <= X2; rd++) {
				struct rig *rig = rig_new();
				machine_set_psw(rig->m, (struct psw){ CODE, old, 0, BOUND_ALL, 100 });
				RIG_PROGRAM(rig, as_ssm(rd, X2));
				rig_set_x(rig, X2, bits | 0xFFFFFF00);
				RIG_EXPECT_STEP(rig);
				cr_expect(eq(u32, rig_x(rig, rd), old));
				cr_expect(eq(u32, machine_psw(rig->m).status, bits & 6));
				rig_free(rig);
			}
}

Test(system, ssm_into_x0_still_sets_the_mask)
{
	struct rig *rig = rig_new();
	rig_set_x(rig, X2, STATUS_IE);
	RIG_PROGRAM(rig, as_ssm(X0, X2));
	RIG_EXPECT_STEP(rig);
	cr_expect(eq(u32, machine_psw(rig->m).status, STATUS_IE));
	rig_free(rig);
}

Test(system, rdst_reads_status)
{
	struct rig *rig = rig_new();
	machine_set_psw(rig->m, (struct psw){ CODE, STATUS_IE | STATUS_TE, 0, BOUND_ALL, 100 });
	RIG_PROGRAM(rig, as_rdst(X1));
	RIG_EXPECT_STEP(rig);
	cr_expect(eq(u32, rig_x(rig, X1), STATUS_IE | STATUS_TE));
	rig_free(rig);
}

Test(system, stmr_with_rd_equal_to_rs1_swaps)
{
	struct rig *rig = rig_new();
	rig_set_timer(rig, 5);
	rig_set_x(rig, X2, 9);
	RIG_PROGRAM(rig, as_stmr(X2, X2), as_rtmr(X0), as_rtmr(X3));
	rig_run(rig, 3);
	cr_expect(eq(u32, rig_x(rig, X2), 5));
	cr_expect(eq(u32, rig_x(rig, X3), 9));
	rig_free(rig);
}

/* ---- leaving ------------------------------------------------------------ */

Test(system, retu_goes_to_user_mode_at_rs1)
{
	struct rig *rig = rig_new();
	machine_set_psw(rig->m, (struct psw){ CODE, STATUS_IE, 0, BOUND_ALL, 3 });
	RIG_PROGRAM(rig, as_retu(X2));
	RIG_PROGRAM_AT(rig, DATA, as_rdst(X1));
	rig_set_x(rig, X2, DATA + 3);
	RIG_EXPECT_STEP(rig);
	EXPECT_PSW(machine_psw(rig->m), ((struct psw){ DATA, STATUS_M | STATUS_IE, 0, BOUND_ALL, 3 }));
	RIG_EXPECT_TRAP(rig, CAUSE_PRIVILEGED, as_rdst(X1));
	cr_expect(eq(u32, rig_word(rig, CELL_OLD_PSW), DATA));
	rig_free(rig);
}

Test(system, retu_outside_storage_completes_and_the_fetch_traps)
{
	struct rig *rig = rig_new();
	rig_set_x(rig, X2, 0xFFFFFFFF);
	RIG_PROGRAM(rig, as_retu(X2));
	RIG_EXPECT_STEP(rig);
	RIG_EXPECT_TRAP(rig, CAUSE_MEMORY, 0xFFFFFFFC);
	rig_free(rig);
}

Test(system, halt_stops_with_the_low_byte_is_counted_and_pc_is_past_it)
{
	struct rig *rig = rig_new();
	machine_set_psw(rig->m, (struct psw){ CODE, STATUS_TE, 0, BOUND_ALL, 10 });
	rig_set_x(rig, X2, 0x1234);
	RIG_PROGRAM(rig, as_halt(X2));
	cr_expect(rig_run(rig, 1) == STOP_END);
	cr_expect(machine_end(rig->m) == MACHINE_HALTED);
	cr_expect(eq(u8, machine_exit_code(rig->m), 0x34));
	cr_expect(eq(u64, machine_clock(rig->m), 1));
	EXPECT_PSW(machine_psw(rig->m), ((struct psw){ CODE + 4, STATUS_TE, 0, BOUND_ALL, 9 }));
	cr_expect(rig_run(rig, 10) == STOP_END);
	cr_expect(eq(u64, machine_clock(rig->m), 1));
	rig_free(rig);
}

/* An instruction that replaces itself, or the trap cells, or its own operand. */
Test(system, stores_over_itself_and_over_the_cells_are_stores)
{
	struct rig *rig = rig_new();
	rig_set_x(rig, X2, CODE);
	RIG_PROGRAM(rig, as_spsw(0, X2), as_addi(X1, X0, 1));
	RIG_EXPECT_STEP(rig);
	cr_expect(eq(u32, rig_word(rig, CODE), CODE + 4));
	cr_expect(eq(u32, rig_word(rig, CODE + 4), 0), "status over the next instruction");
	RIG_EXPECT_TRAP(rig, CAUSE_ILLEGAL, 0);
	rig_free(rig);

	rig = rig_new();
	RIG_PROGRAM(rig, as_spsw(CELL_NEW_PSW, X0), as_ecall());
	RIG_EXPECT_STEP(rig);
	RIG_EXPECT_TRAP(rig, CAUSE_SVC, 0);
	cr_expect(eq(u32, machine_psw(rig->m).pc, CODE + 4), "the new PSW is the one just stored");
	rig_free(rig);
}
