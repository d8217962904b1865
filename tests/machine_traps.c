/* Traps: what is stored where, what is loaded, in which order causes apply, and
 * that a second trap without an instruction between is a check-stop (machine.md,
 * Traps).
 */

#include "rig.h"

enum { WAIT_WORD = 0x0E00400B, FAR = 0x20000 }; /* FAR is outside storage */

/* ---- each cause --------------------------------------------------------- */

Test(traps, privileged_gives_the_word)
{
	struct rig *rig = rig_new();
	rig_set_status(rig, STATUS_M);
	RIG_PROGRAM(rig, WAIT_WORD);
	RIG_EXPECT_TRAP(rig, CAUSE_PRIVILEGED, WAIT_WORD);
	rig_free(rig);
}

Test(traps, memory_gives_the_virtual_address)
{
	struct rig *rig = rig_new();
	rig_set_r(rig, 0x400, 0x2000);
	RIG_PROGRAM_AT(rig, CODE + 0x400, as_sw(X0, -4, X1));
	rig_set_x(rig, X1, 0x2002);
	RIG_EXPECT_TRAP(rig, CAUSE_MEMORY, 0x1FFE);
	rig_free(rig);
}

Test(traps, svc_and_breakpoint_leave_pc_at_the_instruction_in_both_modes)
{
	for (uint32_t status = 0; status <= STATUS_M; status++) {
		struct rig *rig = rig_new();
		RIG_PROGRAM(rig, as_ecall());
		rig_set_status(rig, status);
		RIG_EXPECT_TRAP(rig, CAUSE_SVC, 0);
		machine_set_trapped(rig->m, false);
		RIG_PROGRAM_AT(rig, HANDLER, as_ebreak());
		RIG_EXPECT_TRAP(rig, CAUSE_BREAKPOINT, 0);
		cr_expect(eq(u32, rig_word(rig, CELL_OLD_PSW), HANDLER));
		rig_free(rig);
	}
}

Test(traps, illegal_gives_the_word_in_both_modes)
{
	static const uint32_t words[] = {
		0, 0xFFFFFFFF, 0x00000001, 0x30200073, 0xC0002573, /* zero, ones, compressed, mret, csrr */
		0x0000006B, 0x0000500B, 0x1200400B, 0x0000108B,    /* no opcode, no funct3, no funct7, spsw with rd */
		0x02001013, 0x00002067, 0x00003003, 0x00003023, 0x00002063, 0x04000033, 0x00200073, 0x000000F3,
	};
	for (uint32_t status = 0; status <= STATUS_M; status++)
		for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
			struct rig *rig = rig_new();
			rig_set_status(rig, status);
			rig_put(rig, CODE, words[i]);
			RIG_EXPECT_TRAP(rig, CAUSE_ILLEGAL, words[i]);
			rig_free(rig);
		}
}

/* Field by field: any bit that a System format fixes at 0 is illegal when set,
 * and illegal comes before privileged. */
Test(traps, fields_that_are_not_named_must_be_0)
{
	struct rig *rig = rig_new();
	for (int i = INSN_SYSTEM; i < INSNS; i++)
		for (int bit = 7; bit < 32; bit++) {
			uint32_t word = isa_insns[i].match ^ UINT32_C(1) << bit;
			if (!(isa_insns[i].mask >> bit & 1) || isa_decode(word) != INSN_NONE)
				continue;
			rig_put(rig, CODE, word);
			rig_set_pc(rig, CODE);
			machine_set_trapped(rig->m, false);
			rig_set_status(rig, bit & STATUS_M);
			RIG_EXPECT_TRAP(rig, CAUSE_ILLEGAL, word);
		}
	rig_free(rig);
}

/* x5, x6 and the targets: 2 modulo 4. */
Test(traps, a_misaligned_target_traps_and_rd_is_not_written)
{
	static const struct { uint32_t (*make)(unsigned, unsigned, int); } taken[] = {
		{ as_beq }, { as_bge }, { as_bgeu },
	}, not_taken[] = { { as_bne }, { as_blt }, { as_bltu } };
	struct rig *rig = rig_new();
	for (int i = 0; i < 3; i++) {
		rig_set_pc(rig, CODE);
		machine_set_trapped(rig->m, false);
		rig_put(rig, CODE, taken[i].make(X5, X5, 6));
		RIG_EXPECT_TRAP(rig, CAUSE_MISALIGNED, CODE + 6);
		rig_set_pc(rig, CODE);
		rig_put(rig, CODE, not_taken[i].make(X5, X5, 6));
		RIG_EXPECT_STEP(rig);
		cr_expect(eq(u32, machine_psw(rig->m).pc, CODE + 4));
	}
	rig_set_x(rig, X5, DATA + 3);
	RIG_PROGRAM(rig, as_jal(X5, -2));
	rig_set_pc(rig, CODE);
	RIG_EXPECT_TRAP(rig, CAUSE_MISALIGNED, CODE - 2);
	machine_set_trapped(rig->m, false);
	RIG_PROGRAM(rig, as_jalr(X5, 0, X5)); /* bit 0 is dropped first: the target is DATA + 2 */
	rig_set_pc(rig, CODE);
	RIG_EXPECT_TRAP(rig, CAUSE_MISALIGNED, DATA + 2);
	cr_expect(eq(u32, rig_x(rig, X5), DATA + 3));
	rig_free(rig);
}

Test(traps, timer_gives_0_and_the_instruction_to_come)
{
	struct rig *rig = rig_new();
	rig_set_status(rig, STATUS_IE | STATUS_TE);
	rig_set_timer(rig, 1);
	RIG_PROGRAM(rig, as_jal(X0, 0x40));
	RIG_EXPECT_STEP(rig);
	RIG_EXPECT_TRAP(rig, CAUSE_TIMER, 0);
	cr_expect(eq(u32, rig_word(rig, CELL_OLD_PSW), CODE + 0x40));
	rig_free(rig);
}

Test(traps, io_gives_the_line)
{
	struct rig *rig = rig_new();
	rig_sio(rig, (struct command_block){ DEVICE_CONSOLE, CONSOLE_ARM, 1, 0, 0, 0 });
	rig_input(rig, 1, "x");
	rig_set_status(rig, STATUS_IE);
	RIG_EXPECT_TRAP(rig, CAUSE_IO, DEVICE_CONSOLE << 16 | 1);
	rig_free(rig);
}

/* ---- what a trap stores and loads --------------------------------------- */

Test(traps, cells_are_at_absolute_addresses_whatever_r_holds)
{
	struct rig *rig = rig_new();
	machine_set_psw(rig->m, (struct psw){ CODE, STATUS_M | STATUS_TE, 0x2000, 0x3000, 77 });
	RIG_PROGRAM_AT(rig, 0x2000 + CODE, as_ecall());
	RIG_EXPECT_TRAP(rig, CAUSE_SVC, 0);
	EXPECT_PSW(rig_psw_at(rig, CELL_OLD_PSW), ((struct psw){ CODE, STATUS_M | STATUS_TE, 0x2000, 0x3000, 77 }));
	cr_expect(eq(u32, rig_word(rig, 0x2000), 0));
	rig_free(rig);
}

Test(traps, the_new_psw_is_loaded_without_undefined_bits)
{
	struct rig *rig = rig_new();
	rig_put_psw(rig, CELL_NEW_PSW, (struct psw){ HANDLER | 3, 0xFFFFFFFC, 0x1003, 0xFFFFFFFD, 0xFFFFFFFF });
	RIG_PROGRAM(rig, as_ecall());
	RIG_EXPECT_TRAP(rig, CAUSE_SVC, 0);
	EXPECT_PSW(machine_psw(rig->m), ((struct psw){ HANDLER, STATUS_TE, 0x1000, 0xFFFFFFFD, 0xFFFFFFFF }));
	rig_free(rig);
}

Test(traps, nothing_between_or_behind_the_cells_is_stored)
{
	struct rig *rig = rig_new();
	rig_put(rig, 0x1C, 0x11111111);
	for (uint32_t at = 0x34; at < 0x100; at += 4)
		rig_put(rig, at, at);
	RIG_PROGRAM(rig, as_ecall());
	RIG_EXPECT_TRAP(rig, CAUSE_SVC, 0);
	cr_expect(eq(u32, rig_word(rig, 0x1C), 0x11111111));
	EXPECT_PSW(rig_psw_at(rig, CELL_NEW_PSW), ((struct psw){ HANDLER, 0, 0, BOUND_ALL, 0 }));
	for (uint32_t at = 0x34; at < 0x100; at += 4)
		cr_expect(eq(u32, rig_word(rig, at), at));
	rig_free(rig);
}

Test(traps, a_trap_to_user_mode_is_a_trap)
{
	struct rig *rig = rig_new();
	rig_put_psw(rig, CELL_NEW_PSW, (struct psw){ HANDLER, STATUS_M, 0, BOUND_ALL, 0 });
	RIG_PROGRAM(rig, as_ecall());
	RIG_PROGRAM_AT(rig, HANDLER, as_addi(X1, X0, 1), as_rdst(X1));
	RIG_EXPECT_TRAP(rig, CAUSE_SVC, 0);
	RIG_EXPECT_STEP(rig);
	RIG_EXPECT_TRAP(rig, CAUSE_PRIVILEGED, as_rdst(X1));
	rig_free(rig);
}

Test(traps, the_old_psw_can_be_executed_as_code)
{
	struct rig *rig = rig_new();
	machine_set_psw(rig->m, (struct psw){ CODE, 0, 0, BOUND_ALL, as_halt(X5) }); /* at 0x10, TE off */
	rig_put_psw(rig, CELL_NEW_PSW, (struct psw){ 0x10, 0, 0, BOUND_ALL, 0 });
	RIG_PROGRAM(rig, as_ecall());
	rig_set_x(rig, X5, 42);
	cr_expect(rig_run(rig, 10) == STOP_END);
	cr_expect(machine_end(rig->m) == MACHINE_HALTED);
	cr_expect(eq(u8, machine_exit_code(rig->m), 42));
	rig_free(rig);
}

/* ---- the order of causes ------------------------------------------------ */

/* Everything at once, then one less each time.  Line 0 is pending, the timer has
 * run out, pc is outside, and so on. */
Test(traps, the_first_cause_that_applies_is_taken)
{
	struct rig *rig = rig_new();
	struct psw all = { FAR, STATUS_M | STATUS_IE | STATUS_TE, 0, BOUND_ALL, 0 };
	rig_sio(rig, (struct command_block){ DEVICE_CONSOLE, CONSOLE_ARM, 0, 0, 0, 0 });
	rig_input(rig, 0, "x");

	machine_set_psw(rig->m, all);
	RIG_EXPECT_TRAP(rig, CAUSE_TIMER, 0);
	cr_expect(machine_line(rig->m, 0).pending);

	machine_set_trapped(rig->m, false);
	all.timer = 5;
	machine_set_psw(rig->m, all);
	RIG_EXPECT_TRAP(rig, CAUSE_IO, 0);
	cr_expect(not(machine_line(rig->m, 0).pending));

	machine_set_trapped(rig->m, false);
	machine_set_psw(rig->m, all);
	RIG_EXPECT_TRAP(rig, CAUSE_MEMORY, FAR);

	machine_set_trapped(rig->m, false);
	all.pc = CODE;
	machine_set_psw(rig->m, all);
	uint32_t bad_lpsw = as_lpsw(0, X2) | 1 << 7; /* illegal, privileged and its operand outside */
	RIG_PROGRAM(rig, bad_lpsw);
	rig_set_x(rig, X2, FAR);
	RIG_EXPECT_TRAP(rig, CAUSE_ILLEGAL, bad_lpsw);

	machine_set_trapped(rig->m, false);
	machine_set_psw(rig->m, all);
	RIG_PROGRAM(rig, as_lpsw(0, X2));
	RIG_EXPECT_TRAP(rig, CAUSE_PRIVILEGED, as_lpsw(0, X2));

	machine_set_trapped(rig->m, false);
	all.status &= ~(uint32_t)STATUS_M;
	machine_set_psw(rig->m, all);
	RIG_EXPECT_TRAP(rig, CAUSE_MEMORY, FAR);
	rig_free(rig);
}

Test(traps, masked_interrupts_wait)
{
	struct rig *rig = rig_new();
	rig_sio(rig, (struct command_block){ DEVICE_CONSOLE, CONSOLE_ARM, 0, 0, 0, 0 });
	rig_input(rig, 0, "x");
	machine_set_psw(rig->m, (struct psw){ CODE, STATUS_TE, 0, BOUND_ALL, 0 });
	RIG_PROGRAM(rig, as_addi(X1, X0, STATUS_IE | STATUS_TE), as_ssm(X0, X1), as_addi(X1, X0, 99));
	RIG_EXPECT_STEP(rig);
	RIG_EXPECT_STEP(rig);
	RIG_EXPECT_TRAP(rig, CAUSE_TIMER, 0);
	cr_expect(eq(u32, rig_x(rig, X1), STATUS_IE | STATUS_TE));
	cr_expect(machine_line(rig->m, 0).pending);
	rig_free(rig);
}

/* ---- check-stop --------------------------------------------------------- */

/* The second trap is stored, the PSW is not replaced. */
static void expect_check_stop(struct rig *rig, enum cause cause, uint32_t tval)
{
	struct psw psw = machine_psw(rig->m);
	uint64_t clock = machine_clock(rig->m);
	cr_expect(rig_run(rig, 1) == STOP_END);
	cr_expect(machine_end(rig->m) == MACHINE_CHECK_STOPPED);
	EXPECT_PSW(machine_psw(rig->m), psw);
	EXPECT_PSW(rig_psw_at(rig, CELL_OLD_PSW), psw);
	cr_expect(eq(u32, rig_word(rig, CELL_CAUSE), cause));
	cr_expect(eq(u32, rig_word(rig, CELL_TVAL), tval));
	cr_expect(eq(u64, machine_clock(rig->m), clock));
	uint64_t steps = machine_steps(rig->m);
	cr_expect(rig_run(rig, 100) == STOP_END);
	cr_expect(eq(u64, machine_steps(rig->m), steps), "it went on");
}

Test(traps, a_second_trap_at_once_is_a_check_stop)
{
	struct rig *rig = rig_new();
	RIG_PROGRAM(rig, as_ecall());
	RIG_PROGRAM_AT(rig, HANDLER, as_ebreak());
	RIG_EXPECT_TRAP(rig, CAUSE_SVC, 0);
	expect_check_stop(rig, CAUSE_BREAKPOINT, 0);
	rig_free(rig);
}

Test(traps, an_instruction_between_two_traps_is_enough)
{
	struct rig *rig = rig_new();
	RIG_PROGRAM(rig, as_ecall());
	RIG_PROGRAM_AT(rig, HANDLER, as_addi(X0, X0, 0), as_ebreak());
	RIG_EXPECT_TRAP(rig, CAUSE_SVC, 0);
	RIG_EXPECT_STEP(rig);
	RIG_EXPECT_TRAP(rig, CAUSE_BREAKPOINT, 0);
	rig_free(rig);
}

Test(traps, an_interrupt_counts_as_the_first_trap_or_the_second)
{
	struct rig *rig = rig_new();
	rig_set_status(rig, STATUS_IE | STATUS_TE);
	RIG_PROGRAM_AT(rig, HANDLER, as_ecall());
	RIG_EXPECT_TRAP(rig, CAUSE_TIMER, 0);
	expect_check_stop(rig, CAUSE_SVC, 0);
	rig_free(rig);

	rig = rig_new();
	rig_put_psw(rig, CELL_NEW_PSW, (struct psw){ HANDLER, STATUS_IE | STATUS_TE, 0, BOUND_ALL, 0 });
	RIG_PROGRAM(rig, as_ecall());
	RIG_EXPECT_TRAP(rig, CAUSE_SVC, 0);
	expect_check_stop(rig, CAUSE_TIMER, 0);
	rig_free(rig);
}

Test(traps, a_handler_outside_storage_is_a_check_stop)
{
	struct rig *rig = rig_new();
	rig_put_psw(rig, CELL_NEW_PSW, (struct psw){ 0, 0, 0, 0, 0 });
	RIG_PROGRAM(rig, as_ecall());
	RIG_EXPECT_TRAP(rig, CAUSE_SVC, 0);
	expect_check_stop(rig, CAUSE_MEMORY, 0);
	rig_free(rig);
}

/* HALT completes, and so does WAIT that goes on: both end a trap. */
Test(traps, completing_clears_trapped)
{
	struct rig *rig = rig_new();
	RIG_PROGRAM(rig, as_ecall());
	RIG_PROGRAM_AT(rig, HANDLER, as_halt(X0));
	RIG_EXPECT_TRAP(rig, CAUSE_SVC, 0);
	RIG_EXPECT_STEP(rig);
	cr_expect(machine_end(rig->m) == MACHINE_HALTED);
	rig_free(rig);
}
