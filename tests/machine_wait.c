/* WAIT in all its cases: it completes at once, time jumps, the host is asked for
 * input, or the machine stops for ever (machine.md, System ISA).
 */

#include "rig.h"

static struct rig *at_wait(uint32_t status, uint32_t timer)
{
	struct rig *rig = rig_new();
	machine_set_psw(rig->m, (struct psw){ CODE + 0x100, status, 0, BOUND_ALL, timer });
	RIG_PROGRAM_AT(rig, CODE + 0x100, as_wait(), as_halt(X0));
	return rig;
}

/* Back at WAIT, with a line armed. */
static void arm(struct rig *rig, unsigned line)
{
	struct psw psw = machine_psw(rig->m);
	machine_set_psw(rig->m, (struct psw){ CODE, 0, 0, BOUND_ALL, 0 });
	rig_sio(rig, (struct command_block){ DEVICE_CONSOLE, CONSOLE_ARM, line, 0, 0, 0 });
	machine_set_psw(rig->m, psw);
	machine_set_clock(rig->m, 0);
}

static void expect_waited(struct rig *rig, uint64_t clock)
{
	RIG_EXPECT_STEP(rig);
	cr_expect(eq(u32, machine_psw(rig->m).pc, CODE + 0x104));
	cr_expect(eq(u32, machine_psw(rig->m).timer, 0));
	cr_expect(eq(u64, machine_clock(rig->m), clock));
}

/* ---- it completes ------------------------------------------------------- */

Test(wait, time_jumps_to_the_timer_s_expiry)
{
	static const uint32_t timers[] = { 1, 2, 3, 50000, UINT32_MAX };
	for (int i = 0; i < 5; i++)
		for (uint32_t ie = 0; ie <= STATUS_IE; ie += STATUS_IE) {
			struct rig *rig = at_wait(STATUS_TE | ie, timers[i]);
			expect_waited(rig, timers[i]);
			cr_expect(eq(u64, machine_counts(rig->m).instructions, 1), "one instruction, however long");
			if (ie) {
				RIG_EXPECT_TRAP(rig, CAUSE_TIMER, 0);
				cr_expect(eq(u32, rig_word(rig, CELL_OLD_PSW), CODE + 0x104));
			}
			rig_free(rig);
		}
}

Test(wait, the_clock_jumps_across_32_bits)
{
	struct rig *rig = at_wait(STATUS_TE, 10);
	machine_set_clock(rig->m, UINT32_MAX - 5);
	expect_waited(rig, (UINT64_C(1) << 32) + 4);
	rig_free(rig);
}

Test(wait, completes_at_once_if_the_timer_has_run_out_behind_the_mask)
{
	struct rig *rig = at_wait(STATUS_TE, 0);
	expect_waited(rig, 1);
	rig_free(rig);
}

Test(wait, completes_at_once_if_a_line_is_pending_behind_the_mask)
{
	struct rig *rig = at_wait(0, 0);
	arm(rig, 1);
	rig_input(rig, 1, "x");
	expect_waited(rig, 1);
	cr_expect(machine_line(rig->m, 1).pending, "WAIT takes no interrupt");
	rig_free(rig);
}

/* A pending line comes before the jump of time: one instruction, one tick. */
Test(wait, a_pending_line_leaves_the_timer_running)
{
	struct rig *rig = at_wait(STATUS_TE, 100);
	arm(rig, 0);
	rig_input(rig, 0, "x");
	RIG_EXPECT_STEP(rig);
	cr_expect(eq(u32, machine_psw(rig->m).timer, 99));
	cr_expect(eq(u64, machine_clock(rig->m), 1));
	rig_free(rig);
}

Test(wait, the_timer_is_not_waited_for_without_te)
{
	struct rig *rig = at_wait(0, 100);
	cr_expect(rig_run(rig, 1) == STOP_END);
	cr_expect(machine_end(rig->m) == MACHINE_DISABLED_WAIT);
	cr_expect(eq(u32, machine_psw(rig->m).timer, 100));
	rig_free(rig);
}

/* ---- it waits for the host ---------------------------------------------- */

Test(wait, an_armed_line_waits_for_input_and_nothing_has_happened_yet)
{
	struct rig *rig = at_wait(STATUS_IE, 0);
	arm(rig, 1);
	struct psw psw = machine_psw(rig->m);
	for (int i = 0; i < 3; i++) {
		cr_expect(rig_run(rig, 10) == STOP_INPUT);
		cr_expect(machine_end(rig->m) == MACHINE_RUNNING);
		EXPECT_PSW(machine_psw(rig->m), psw);
		cr_expect(eq(u64, machine_clock(rig->m), 0));
	}
	rig_input(rig, 1, "x");
	RIG_EXPECT_TRAP(rig, CAUSE_IO, 1); /* before WAIT, which still has not completed */
	cr_expect(eq(u32, rig_word(rig, CELL_OLD_PSW), CODE + 0x100));
	rig_free(rig);
}

Test(wait, input_with_the_mask_closed_lets_wait_complete)
{
	struct rig *rig = at_wait(0, 0);
	arm(rig, 0);
	cr_expect(rig_run(rig, 10) == STOP_INPUT);
	rig_input(rig, 0, "x");
	expect_waited(rig, 1);
	rig_free(rig);
}

Test(wait, input_on_a_line_that_is_not_armed_changes_nothing)
{
	struct rig *rig = at_wait(STATUS_IE, 0);
	arm(rig, 0);
	rig_input(rig, 1, "x");
	cr_expect(rig_run(rig, 10) == STOP_INPUT);
	machine_input_ends(rig->m, 0);
	cr_expect(rig_run(rig, 10) == STOP_END);
	cr_expect(machine_end(rig->m) == MACHINE_DISABLED_WAIT);
	rig_free(rig);
}

/* A host that gives input when asked, as run does with a file. */
static void give_x(void *self, struct machine *m, unsigned line)
{
	int *asked = self;
	if (++*asked == 2) {
		machine_input(m, line, "x", 1);
		machine_input_ends(m, line);
	}
}

Test(wait, the_host_is_asked_for_input_of_armed_lines)
{
	struct rig *rig = at_wait(0, 0);
	arm(rig, 0);
	int asked = 0;
	machine_set_console(rig->m, &(struct console_host){ &asked, NULL, give_x });
	cr_expect(rig_run(rig, 10) == STOP_INPUT);
	expect_waited(rig, 1);
	cr_expect(machine_line(rig->m, 0).pending);
	rig_free(rig);
}

static void give_nothing_more(void *self, struct machine *m, unsigned line)
{
	(void)self;
	machine_input_ends(m, line);
}

Test(wait, a_line_that_ends_when_asked_leaves_a_disabled_wait)
{
	struct rig *rig = at_wait(0, 0);
	arm(rig, 0);
	machine_set_console(rig->m, &(struct console_host){ NULL, NULL, give_nothing_more });
	cr_expect(rig_run(rig, 10) == STOP_END);
	cr_expect(machine_end(rig->m) == MACHINE_DISABLED_WAIT);
	rig_free(rig);
}

/* ---- it stops for ever -------------------------------------------------- */

Test(wait, a_disabled_wait_has_not_completed)
{
	for (int ended = 0; ended < 2; ended++) {
		struct rig *rig = at_wait(STATUS_IE, 0);
		if (ended) {
			arm(rig, 0);
			machine_input_ends(rig->m, 0);
		}
		struct psw psw = machine_psw(rig->m);
		uint64_t instructions = machine_counts(rig->m).instructions;
		cr_expect(rig_run(rig, 10) == STOP_END);
		cr_expect(machine_end(rig->m) == MACHINE_DISABLED_WAIT);
		EXPECT_PSW(machine_psw(rig->m), psw);
		cr_expect(eq(u64, machine_clock(rig->m), 0));
		cr_expect(eq(u64, machine_counts(rig->m).instructions, instructions));
		rig_free(rig);
	}
}

Test(wait, a_disabled_wait_right_after_a_trap_leaves_trapped)
{
	struct rig *rig = at_wait(0, 0);
	machine_set_trapped(rig->m, true);
	cr_expect(rig_run(rig, 1) == STOP_END);
	cr_expect(machine_trapped(rig->m));
	rig_free(rig);
}
