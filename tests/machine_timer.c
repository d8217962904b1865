/* The timer in the PSW and the clock: what counts them, when the interrupt
 * comes, and what each instruction that touches them sees (machine.md, Timer and
 * clock).
 */

#include "rig.h"

/* n instructions that do nothing, then whatever is there. */
static void put_nops(struct rig *rig, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		rig_put(rig, CODE + 4 * i, as_addi(X0, X0, 0));
}

/* ---- counting ----------------------------------------------------------- */

Test(timer, runs_only_with_te)
{
	struct rig *rig = rig_new();
	put_nops(rig, 2);
	rig_set_timer(rig, 5);
	RIG_EXPECT_STEP(rig);
	cr_expect(eq(u32, machine_psw(rig->m).timer, 5));
	rig_set_status(rig, STATUS_TE);
	RIG_EXPECT_STEP(rig);
	cr_expect(eq(u32, machine_psw(rig->m).timer, 4));
	rig_free(rig);
}

Test(timer, stays_at_0)
{
	struct rig *rig = rig_new();
	put_nops(rig, 3);
	rig_set_status(rig, STATUS_TE);
	rig_set_timer(rig, 1);
	for (int i = 0; i < 3; i++) {
		RIG_EXPECT_STEP(rig);
		cr_expect(eq(u32, machine_psw(rig->m).timer, 0));
	}
	rig_free(rig);
}

Test(timer, counts_from_the_largest_value)
{
	struct rig *rig = rig_new();
	put_nops(rig, 1);
	rig_set_status(rig, STATUS_TE);
	rig_set_timer(rig, UINT32_MAX);
	RIG_EXPECT_STEP(rig);
	cr_expect(eq(u32, machine_psw(rig->m).timer, UINT32_MAX - 1));
	rig_free(rig);
}

Test(timer, a_trapped_instruction_counts_neither_timer_nor_clock)
{
	struct rig *rig = rig_new();
	rig_set_status(rig, STATUS_TE);
	rig_set_timer(rig, 5);
	RIG_PROGRAM(rig, as_ecall());
	RIG_EXPECT_TRAP(rig, CAUSE_SVC, 0);
	cr_expect(eq(u32, rig_word(rig, CELL_OLD_PSW + 16), 5));
	rig_free(rig);
}

/* LPSW of timer n runs exactly n instructions, then the interrupt, whatever the
 * n: in the middle of a block, at its end, in a loop. */
Test(timer, lpsw_runs_exactly_n_instructions)
{
	for (uint32_t n = 1; n < 60; n++) {
		struct rig *rig = rig_new();
		RIG_PROGRAM(rig, as_lpsw(0, X2));
		rig_set_x(rig, X2, DATA);
		rig_put_psw(rig, DATA, (struct psw){ CODE + 0x100, STATUS_M | STATUS_IE | STATUS_TE, 0, BOUND_ALL, n });
		RIG_PROGRAM_AT(rig, CODE + 0x100, as_addi(X3, X3, 1), as_addi(X3, X3, 1), as_addi(X3, X3, 1),
		               as_addi(X3, X3, 1), as_addi(X3, X3, 1), as_addi(X3, X3, 1), as_jal(X0, -24));
		RIG_EXPECT_STEP(rig);
		cr_expect(rig_run(rig, n) == STOP_STEPS);
		cr_expect(eq(u32, machine_psw(rig->m).timer, 0));
		cr_expect(eq(u32, rig_x(rig, X3), n - n / 7));
		RIG_EXPECT_TRAP(rig, CAUSE_TIMER, 0);
		cr_expect(eq(u32, rig_word(rig, CELL_OLD_PSW), CODE + 0x100 + n % 7 * 4));
		cr_expect(eq(u64, machine_clock(rig->m), n + 1));
		rig_free(rig);
	}
}

/* The same in one call, as a monitor's host runs it. */
Test(timer, interrupts_in_the_middle_of_a_long_run)
{
	for (uint32_t n = 1; n < 40; n++) {
		struct rig *rig = rig_new();
		machine_set_psw(rig->m, (struct psw){ CODE, STATUS_IE | STATUS_TE, 0, BOUND_ALL, n });
		RIG_PROGRAM(rig, as_addi(X3, X3, 1), as_jal(X0, -4));
		RIG_PROGRAM_AT(rig, HANDLER, as_halt(X3));
		cr_expect(rig_run(rig, 1000000) == STOP_END);
		cr_expect(eq(u32, rig_x(rig, X3), (n + 1) / 2));
		cr_expect(eq(u64, machine_clock(rig->m), n + 1));
		rig_free(rig);
	}
}

Test(timer, lpsw_of_timer_0_with_te_and_ie_interrupts_at_once)
{
	struct rig *rig = rig_new();
	RIG_PROGRAM(rig, as_lpsw(0, X2));
	rig_set_x(rig, X2, DATA);
	rig_put_psw(rig, DATA, (struct psw){ DATA, STATUS_IE | STATUS_TE, 0, BOUND_ALL, 0 });
	RIG_EXPECT_STEP(rig);
	RIG_EXPECT_TRAP(rig, CAUSE_TIMER, 0);
	rig_free(rig);
}

/* ---- before the effect -------------------------------------------------- */

static struct rig *running_with_timer(uint32_t timer)
{
	struct rig *rig = rig_new();
	rig_set_status(rig, STATUS_TE);
	rig_set_timer(rig, timer);
	rig_set_x(rig, X2, DATA);
	return rig;
}

/* By how much an instruction has counted timer down when it takes effect. */
static uint32_t counted(uint32_t timer) { return timer > 0 ? timer - 1 : 0; }

static const uint32_t timers[] = { 0, 1, 2, 3, UINT32_MAX };

Test(timer, spsw_and_rtmr_see_the_value_counted_down)
{
	for (int i = 0; i < 5; i++) {
		struct rig *rig = running_with_timer(timers[i]);
		RIG_PROGRAM(rig, as_spsw(0, X2), as_rtmr(X1));
		RIG_EXPECT_STEP(rig);
		cr_expect(eq(u32, rig_word(rig, DATA + 16), counted(timers[i])));
		RIG_EXPECT_STEP(rig);
		cr_expect(eq(u32, rig_x(rig, X1), counted(counted(timers[i]))));
		rig_free(rig);
	}
}

Test(timer, stmr_gives_the_value_counted_down_and_replaces_it)
{
	for (int i = 0; i < 5; i++)
		for (int k = 0; k < 5; k++) {
			struct rig *rig = running_with_timer(timers[i]);
			RIG_PROGRAM(rig, as_stmr(X1, X3));
			rig_set_x(rig, X3, timers[k]);
			RIG_EXPECT_STEP(rig);
			cr_expect(eq(u32, rig_x(rig, X1), counted(timers[i])));
			cr_expect(eq(u32, machine_psw(rig->m).timer, timers[k]));
			rig_free(rig);
		}
}

Test(timer, lpsw_loads_a_timer_that_it_has_not_counted)
{
	struct rig *rig = running_with_timer(9);
	RIG_PROGRAM(rig, as_lpsw(0, X2));
	rig_put_psw(rig, DATA, (struct psw){ CODE, STATUS_TE, 0, BOUND_ALL, 7 });
	RIG_EXPECT_STEP(rig);
	cr_expect(eq(u32, machine_psw(rig->m).timer, 7));
	rig_free(rig);
}

/* The TE of before counts: SSM that starts the timer is not counted, SSM that
 * stops it is. */
Test(timer, ssm_counts_under_the_old_te)
{
	struct rig *rig = rig_new();
	rig_set_timer(rig, 10);
	rig_set_x(rig, X3, STATUS_TE);
	RIG_PROGRAM(rig, as_ssm(X1, X3), as_ssm(X1, X0), as_ssm(X1, X0));
	RIG_EXPECT_STEP(rig);
	cr_expect(eq(u32, machine_psw(rig->m).timer, 10));
	RIG_EXPECT_STEP(rig);
	cr_expect(eq(u32, machine_psw(rig->m).timer, 9));
	RIG_EXPECT_STEP(rig);
	cr_expect(eq(u32, machine_psw(rig->m).timer, 9));
	rig_free(rig);
}

Test(timer, stmr_of_0_is_an_expiry)
{
	struct rig *rig = running_with_timer(5);
	rig_set_status(rig, STATUS_TE | STATUS_IE);
	RIG_PROGRAM(rig, as_stmr(X1, X0));
	RIG_EXPECT_STEP(rig);
	RIG_EXPECT_TRAP(rig, CAUSE_TIMER, 0);
	rig_free(rig);
}

/* The last instruction before expiry can still put it off. */
Test(timer, stmr_as_the_last_instruction_puts_the_interrupt_off)
{
	struct rig *rig = running_with_timer(1);
	rig_set_status(rig, STATUS_TE | STATUS_IE);
	rig_set_x(rig, X3, 2);
	RIG_PROGRAM(rig, as_stmr(X1, X3), as_addi(X0, X0, 0), as_addi(X0, X0, 0));
	RIG_EXPECT_STEP(rig);
	RIG_EXPECT_STEP(rig);
	RIG_EXPECT_STEP(rig);
	RIG_EXPECT_TRAP(rig, CAUSE_TIMER, 0);
	rig_free(rig);
}

Test(timer, an_expiry_behind_the_mask_is_kept)
{
	struct rig *rig = running_with_timer(1);
	rig_set_x(rig, X3, STATUS_TE | STATUS_IE);
	RIG_PROGRAM(rig, as_addi(X0, X0, 0), as_addi(X0, X0, 0), as_ssm(X1, X3));
	for (int i = 0; i < 3; i++)
		RIG_EXPECT_STEP(rig);
	RIG_EXPECT_TRAP(rig, CAUSE_TIMER, 0);
	rig_free(rig);
}

Test(timer, an_expiry_is_forgotten_when_te_goes_off)
{
	struct rig *rig = running_with_timer(1);
	rig_set_x(rig, X3, STATUS_IE);
	RIG_PROGRAM(rig, as_addi(X0, X0, 0), as_ssm(X1, X3), as_addi(X0, X0, 0));
	for (int i = 0; i < 3; i++)
		RIG_EXPECT_STEP(rig);
	rig_free(rig);
}

/* ---- the clock ---------------------------------------------------------- */

Test(timer, stck_counts_itself_in)
{
	struct rig *rig = rig_new();
	rig_set_x(rig, X2, DATA);
	RIG_PROGRAM(rig, as_addi(X0, X0, 0), as_stck(0, X2), as_stck(8, X2));
	rig_run(rig, 3);
	cr_expect(eq(u32, rig_word(rig, DATA), 2));
	cr_expect(eq(u32, rig_word(rig, DATA + 4), 0));
	cr_expect(eq(u32, rig_word(rig, DATA + 8), 3));
	rig_free(rig);
}

Test(timer, the_clock_counts_across_32_bits)
{
	struct rig *rig = rig_new();
	rig_set_x(rig, X2, DATA);
	machine_set_clock(rig->m, UINT32_MAX - 1);
	RIG_PROGRAM(rig, as_stck(0, X2), as_stck(8, X2), as_addi(X0, X0, 0));
	rig_run(rig, 3);
	cr_expect(eq(u32, rig_word(rig, DATA), UINT32_MAX));
	cr_expect(eq(u32, rig_word(rig, DATA + 4), 0));
	cr_expect(eq(u32, rig_word(rig, DATA + 8), 0));
	cr_expect(eq(u32, rig_word(rig, DATA + 12), 1));
	cr_expect(eq(u64, machine_clock(rig->m), (UINT64_C(1) << 32) + 1));
	rig_free(rig);
}

Test(timer, the_clock_wraps_in_64_bits)
{
	struct rig *rig = rig_new();
	machine_set_clock(rig->m, UINT64_MAX);
	put_nops(rig, 1);
	rig_run(rig, 1);
	cr_expect(eq(u64, machine_clock(rig->m), 0));
	rig_free(rig);
}
