/* Interpretive execution, sentence by sentence as docs/machine.md has it.  The host stands at
 * CODE with its description at DATA; its guest has the last quarter of storage, where it
 * stands at CODE, too, with its handler at HANDLER. */

#include "rig.h"

enum { ORIGIN = 0xC000, EXTENT = 0x3000, TIME = 5000 };

static struct rig *sie_rig(void)
{
	return rig_new_as((struct machine_config){ .profile = &isa_profiles[PROFILE_sie] });
}

static struct state_description plain_guest(void)
{
	return (struct state_description){ .origin = ORIGIN, .extent = EXTENT, .psw = { CODE, 0, 0, BOUND_ALL, 0 },
	                                   .clock = { TIME, 0 }, .code = 77, .parameter = 77, .completed = 77 };
}

static void describe(struct rig *rig, const struct state_description *d)
{
	rig_put_words(rig, DATA, (const uint32_t *)d, STATE_WORDS);
}

static struct state_description described(const struct rig *rig)
{
	struct state_description d;
	cr_assert(machine_read(rig->m, DATA, &d, sizeof(d)));
	return d;
}

/* The host at its SIE, the guest with its new PSW. */
static struct rig *host_of(struct state_description d)
{
	struct rig *rig = sie_rig();
	RIG_PROGRAM(rig, as_sie(0, X2));
	rig_set_x(rig, X2, DATA);
	rig_put_psw(rig, d.origin + CELL_NEW_PSW, (struct psw){ HANDLER, 0, 0, BOUND_ALL, 0 });
	describe(rig, &d);
	return rig;
}

/* The same, with SIE done. */
static struct rig *guest_of(struct state_description d)
{
	struct rig *rig = host_of(d);
	RIG_EXPECT_STEP(rig);
	return rig;
}

#define GUEST_PROGRAM(rig, ...) RIG_PROGRAM_AT(rig, ORIGIN + CODE, __VA_ARGS__)

static struct machine_guest guest(const struct rig *rig)
{
	struct machine_guest guest = { 0 };
	cr_assert(machine_guest(rig->m, &guest), "no guest runs");
	return guest;
}

/* The next step ends it, with that in the description, and the host goes on behind SIE. */
static struct state_description expect_interception(struct rig *rig, enum interception code, uint32_t parameter)
{
	struct machine_guest guest;
	uint64_t steps = machine_steps(rig->m);
	rig_run(rig, 1);
	cr_expect(not(machine_guest(rig->m, &guest)), "it goes on");
	cr_expect(eq(u64, machine_steps(rig->m), steps + 1));
	struct state_description d = described(rig);
	cr_expect(eq(u32, d.code, (uint32_t)code));
	cr_expect(eq(u32, d.parameter, parameter));
	cr_expect(eq(u32, machine_psw(rig->m).pc, CODE + 4));
	cr_expect(machine_end(rig->m) == MACHINE_RUNNING);
	return d;
}

/* ---- the instruction ----------------------------------------------------- */

Test(sie, is_illegal_where_it_is_not)
{
	for (int p = 0; p < PROFILES; p++)
		for (uint32_t user = 0; user <= STATUS_M; user++) {
			if (isa_profiles[p].features & FEATURE_SIE)
				continue;
			struct rig *rig = rig_new_as((struct machine_config){ .profile = &isa_profiles[p] });
			RIG_PROGRAM(rig, as_sie(0, X2));
			rig_set_status(rig, user);
			rig_set_x(rig, X2, 1); /* no legal operand either: illegal comes first */
			RIG_EXPECT_TRAP(rig, CAUSE_ILLEGAL, as_sie(0, X2));
			rig_free(rig);
		}
}

Test(sie, is_privileged)
{
	struct rig *rig = host_of(plain_guest());
	rig_set_status(rig, STATUS_M);
	RIG_EXPECT_TRAP(rig, CAUSE_PRIVILEGED, as_sie(0, X2));
	rig_free(rig);
}

Test(sie, operand_is_legal_to_its_last_byte)
{
	struct rig *rig = host_of(plain_guest());
	rig_set_r(rig, 0, DATA + sizeof(struct state_description) - 1);
	RIG_EXPECT_TRAP(rig, CAUSE_MEMORY, DATA);
	rig_set_pc(rig, CODE);
	machine_set_trapped(rig->m, false);
	rig_set_r(rig, 0, DATA + sizeof(struct state_description));
	RIG_EXPECT_STEP(rig);
	cr_expect(eq(u32, guest(rig).description, DATA));
	rig_free(rig);
}

Test(sie, validity_stores_three_words_and_does_nothing_else)
{
	const uint32_t bad[][2] = {
		{ ORIGIN + 2, EXTENT }, { ORIGIN, EXTENT + 2 }, { ORIGIN, STORAGE_LEAST - 4 }, { ORIGIN, 0 },
		{ RIG_STORAGE - EXTENT + 4, EXTENT }, { 0, RIG_STORAGE + 4 }, { 0xFFFFFF00, 0x200 }, { 4, RIG_STORAGE },
	};
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct state_description d = plain_guest(), after;
		struct rig *rig = host_of(d);
		d.origin = bad[i][0];
		d.extent = bad[i][1];
		d.psw.pc = 3; /* left as it stands, too */
		describe(rig, &d);
		RIG_EXPECT_STEP(rig);
		after = described(rig);
		d.code = INTERCEPTION_VALIDITY;
		d.parameter = d.completed = 0;
		cr_expect(memcmp(&after, &d, sizeof(d)) == 0, "%zu", i);
		cr_expect(eq(u32, machine_psw(rig->m).pc, CODE + 4));
		cr_expect(eq(u64, machine_counts(rig->m).interceptions[INTERCEPTION_VALIDITY], 0));
		rig_free(rig);
	}
}

Test(sie, all_of_storage_may_be_the_guest_s)
{
	struct state_description d = plain_guest();
	d.origin = 0;
	d.extent = RIG_STORAGE;
	struct rig *rig = guest_of(d);
	cr_expect(eq(u32, guest(rig).extent, RIG_STORAGE));
	rig_free(rig);
}

/* ---- going in ------------------------------------------------------------ */

Test(sie, loads_the_guest_s_state)
{
	struct state_description d = plain_guest();
	d.psw = (struct psw){ CODE + 3, 0xFFFFFFF8 | STATUS_TE, 0x103, 0x2000, 9 };
	d.clock[1] = 7;
	d.trapped = 0xFFFFFFFF;
	d.pending = 0x80000001;
	struct rig *rig = host_of(d);
	machine_set_clock(rig->m, 1000);
	RIG_EXPECT_STEP(rig);
	struct machine_guest g = guest(rig);
	EXPECT_PSW(g.psw, ((struct psw){ CODE, STATUS_TE, 0x100, 0x2000, 9 }));
	cr_expect(eq(u64, g.clock, UINT64_C(7) << 32 | TIME));
	cr_expect(g.trapped);
	cr_expect(eq(u32, g.pending, 0x80000001));
	cr_expect(eq(u32, g.origin, ORIGIN));
	cr_expect(eq(u32, g.host.pc, CODE + 4));
	cr_expect(eq(u64, machine_clock(rig->m), 1001));
	rig_free(rig);
}

Test(sie, guest_has_the_registers_there_are)
{
	struct rig *rig = guest_of(plain_guest());
	GUEST_PROGRAM(rig, as_addi(X5, X2, 1), as_halt(X5));
	RIG_EXPECT_STEP(rig);
	expect_interception(rig, INTERCEPTION_INSTRUCTION, as_halt(X5));
	cr_expect(eq(u32, rig_x(rig, X5), DATA + 1));
	cr_expect(eq(u32, rig_x(rig, X2), DATA));
	rig_free(rig);
}

/* ---- the guest ----------------------------------------------------------- */

Test(sie, guest_s_storage_ends_at_its_extent)
{
	struct state_description d = plain_guest();
	struct rig *rig = guest_of(d);
	GUEST_PROGRAM(rig, as_lw(X1, 0, X3), as_lra(X4, X3), as_lw(X1, 1, X3));
	rig_set_x(rig, X3, EXTENT - 4);
	rig_put(rig, ORIGIN + EXTENT - 4, 0x5EED);
	RIG_EXPECT_STEP(rig);
	RIG_EXPECT_STEP(rig);
	cr_expect(eq(u32, rig_x(rig, X1), 0x5EED));
	cr_expect(eq(u32, rig_x(rig, X4), EXTENT - 4));
	rig_run(rig, 1);
	cr_expect(eq(u32, rig_word(rig, ORIGIN + CELL_CAUSE), CAUSE_MEMORY));
	cr_expect(eq(u32, rig_word(rig, ORIGIN + CELL_TVAL), EXTENT - 3));
	cr_expect(eq(u32, guest(rig).psw.pc, HANDLER));
	rig_free(rig);
}

Test(sie, guest_s_traps_are_its_own)
{
	struct state_description d = plain_guest();
	d.psw.status = STATUS_M;
	struct rig *rig = guest_of(d);
	GUEST_PROGRAM(rig, as_addi(X0, X0, 0), as_rdst(X1));
	uint32_t before = rig_word(rig, CELL_CAUSE);
	RIG_EXPECT_STEP(rig);
	rig_run(rig, 1);
	EXPECT_PSW(rig_psw_at(rig, ORIGIN), ((struct psw){ CODE + 4, STATUS_M, 0, BOUND_ALL, 0 }));
	cr_expect(eq(u32, rig_word(rig, ORIGIN + CELL_CAUSE), CAUSE_PRIVILEGED));
	cr_expect(eq(u32, rig_word(rig, ORIGIN + CELL_TVAL), as_rdst(X1)));
	EXPECT_PSW(guest(rig).psw, ((struct psw){ HANDLER, 0, 0, BOUND_ALL, 0 }));
	cr_expect(guest(rig).trapped);
	cr_expect(eq(u32, rig_word(rig, CELL_CAUSE), before), "the host's cells were touched");
	cr_expect(eq(u64, machine_steps(rig->m), 3)); /* SIE, ADDI, and the trap */
	rig_free(rig);
}

Test(sie, guest_s_system_instructions_execute)
{
	struct rig *rig = guest_of(plain_guest());
	GUEST_PROGRAM(rig, as_rdst(X1), as_stck(0x200, X0), as_stmr(X3, X4), as_ssm(X5, X6), as_rtmr(X7), as_spsw(0x220, X0),
	              as_srb(X8, X9));
	rig_set_x(rig, X1, 9);
	rig_set_x(rig, X4, 100);
	rig_set_x(rig, X6, STATUS_TE);
	rig_set_x(rig, X8, 0x100);
	rig_set_x(rig, X9, 0x2000);
	for (int i = 0; i < 7; i++)
		RIG_EXPECT_STEP(rig);
	cr_expect(eq(u32, rig_x(rig, X1), 0));
	cr_expect(eq(u32, rig_word(rig, ORIGIN + 0x200), TIME + 2));
	cr_expect(eq(u32, rig_x(rig, X7), 99));
	EXPECT_PSW(rig_psw_at(rig, ORIGIN + 0x220), ((struct psw){ CODE + 24, STATUS_TE, 0, BOUND_ALL, 98 }));
	EXPECT_PSW(guest(rig).psw, ((struct psw){ CODE + 28, STATUS_TE, 0x100, 0x2000, 97 }));
	rig_free(rig);
}

Test(sie, guest_s_timer_interrupts_it)
{
	struct state_description d = plain_guest();
	d.psw.status = STATUS_IE | STATUS_TE;
	d.psw.timer = 3;
	struct rig *rig = guest_of(d);
	GUEST_PROGRAM(rig, as_addi(X0, X0, 0), as_addi(X0, X0, 0), as_addi(X0, X0, 0), as_addi(X0, X0, 0));
	rig_run(rig, 4);
	cr_expect(eq(u32, rig_word(rig, ORIGIN + CELL_CAUSE), CAUSE_TIMER));
	EXPECT_PSW(rig_psw_at(rig, ORIGIN), ((struct psw){ CODE + 12, STATUS_IE | STATUS_TE, 0, BOUND_ALL, 0 }));
	cr_expect(eq(u64, guest(rig).clock, TIME + 3));
	rig_free(rig);
}

Test(sie, pending_lines_interrupt_the_guest_lowest_first_when_it_lets_them)
{
	struct state_description d = plain_guest();
	d.pending = 0x24;
	struct rig *rig = guest_of(d);
	GUEST_PROGRAM(rig, as_ssm(X0, X3), as_halt(X0));
	RIG_PROGRAM_AT(rig, ORIGIN + HANDLER, as_halt(X0));
	rig_set_x(rig, X3, STATUS_IE);
	RIG_EXPECT_STEP(rig);
	rig_run(rig, 1);
	cr_expect(eq(u32, rig_word(rig, ORIGIN + CELL_CAUSE), CAUSE_IO));
	cr_expect(eq(u32, rig_word(rig, ORIGIN + CELL_TVAL), 2));
	struct state_description after = expect_interception(rig, INTERCEPTION_INSTRUCTION, as_halt(X0));
	cr_expect(eq(u32, after.pending, 0x20));
	rig_free(rig);
}

Test(sie, wait_moves_the_guest_s_clock_only)
{
	struct state_description d = plain_guest();
	d.psw.status = STATUS_TE;
	d.psw.timer = 4000000000;
	struct rig *rig = host_of(d);
	machine_set_clock(rig->m, 10);
	GUEST_PROGRAM(rig, as_wait());
	RIG_EXPECT_STEP(rig);
	RIG_EXPECT_STEP(rig);
	cr_expect(eq(u64, guest(rig).clock, UINT64_C(4000000000) + TIME));
	cr_expect(eq(u32, guest(rig).psw.timer, 0));
	cr_expect(eq(u64, machine_clock(rig->m), 12));
	rig_free(rig);
}

/* ---- coming out ---------------------------------------------------------- */

Test(sie, stores_the_guest_s_state)
{
	struct state_description d = plain_guest();
	d.clock[0] = UINT32_MAX;
	d.psw.status = STATUS_TE;
	d.psw.timer = 50;
	struct rig *rig = guest_of(d);
	GUEST_PROGRAM(rig, as_ssm(X0, X3), as_srb(X4, X5), as_sio(X1, 0, X6));
	rig_set_x(rig, X3, STATUS_TE | STATUS_IE);
	rig_set_x(rig, X4, 0);
	rig_set_x(rig, X5, 0x2FFF);
	RIG_EXPECT_STEP(rig);
	RIG_EXPECT_STEP(rig);
	struct state_description after = expect_interception(rig, INTERCEPTION_INSTRUCTION, as_sio(X1, 0, X6));
	EXPECT_PSW(after.psw, ((struct psw){ CODE + 8, STATUS_TE | STATUS_IE, 0, 0x2FFF, 48 }));
	cr_expect(eq(u32, after.clock[0], 1));
	cr_expect(eq(u32, after.clock[1], 1));
	cr_expect(eq(u32, after.completed, 2));
	cr_expect(eq(u32, after.origin, ORIGIN));
	rig_free(rig);
}

Test(sie, trapped_goes_in_and_out)
{
	struct state_description d = plain_guest();
	d.trapped = 1;
	struct rig *rig = guest_of(d);
	GUEST_PROGRAM(rig, as_halt(X0));
	cr_expect(eq(u32, expect_interception(rig, INTERCEPTION_INSTRUCTION, as_halt(X0)).trapped, 1));
	cr_expect(not(machine_trapped(rig->m)));
	rig_free(rig);
}

Test(sie, each_of_these_is_intercepted_and_has_not_completed)
{
	const uint32_t words[] = { as_sio(X1, 0, X6), as_halt(X3), as_sie(0, X6), as_wait() };
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		struct rig *rig = guest_of(plain_guest());
		GUEST_PROGRAM(rig, words[i]);
		rig_set_x(rig, X6, 0x400);
		struct state_description d = expect_interception(rig, INTERCEPTION_INSTRUCTION, words[i]);
		cr_expect(eq(u32, d.psw.pc, CODE));
		cr_expect(eq(u32, d.clock[0], TIME));
		cr_expect(eq(u32, d.completed, 0));
		rig_free(rig);
	}
}

Test(sie, the_same_in_user_mode_trap_in_the_guest)
{
	struct state_description d = plain_guest();
	d.psw.status = STATUS_M;
	struct rig *rig = guest_of(d);
	GUEST_PROGRAM(rig, as_sie(0, X6));
	rig_run(rig, 1);
	cr_expect(eq(u32, rig_word(rig, ORIGIN + CELL_CAUSE), CAUSE_PRIVILEGED));
	cr_expect(eq(u32, guest(rig).psw.pc, HANDLER));
	rig_free(rig);
}

Test(sie, their_operands_trap_in_the_guest)
{
	const struct { uint32_t word, bytes; } all[] = { { as_sio(X1, 0, X6), 24 }, { as_sie(0, X6), 56 } };
	for (int i = 0; i < 2; i++) {
		struct rig *rig = guest_of(plain_guest());
		GUEST_PROGRAM(rig, all[i].word);
		rig_set_x(rig, X6, EXTENT - all[i].bytes + 1);
		rig_run(rig, 1);
		cr_expect(eq(u32, rig_word(rig, ORIGIN + CELL_CAUSE), CAUSE_MEMORY));
		cr_expect(eq(u32, rig_word(rig, ORIGIN + CELL_TVAL), EXTENT - all[i].bytes + 1));
		cr_expect(eq(u32, guest(rig).psw.pc, HANDLER));
		rig_free(rig);
	}
}

Test(sie, wait_with_something_pending_completes)
{
	struct state_description d = plain_guest();
	d.pending = 1;
	struct rig *rig = guest_of(d);
	GUEST_PROGRAM(rig, as_wait());
	RIG_EXPECT_STEP(rig);
	cr_expect(eq(u32, guest(rig).psw.pc, CODE + 4));
	rig_free(rig);
}

Test(sie, check_stop_leaves_the_second_trap_in_the_cells)
{
	struct state_description d = plain_guest();
	struct rig *rig = guest_of(d);
	GUEST_PROGRAM(rig, as_ecall());
	RIG_PROGRAM_AT(rig, ORIGIN + HANDLER, as_ebreak());
	rig_run(rig, 1);
	d = expect_interception(rig, INTERCEPTION_CHECK_STOP, CAUSE_BREAKPOINT);
	cr_expect(eq(u32, rig_word(rig, ORIGIN + CELL_CAUSE), CAUSE_BREAKPOINT));
	cr_expect(eq(u32, d.psw.pc, HANDLER));
	cr_expect(eq(u32, d.trapped, 1));
	rig_free(rig);
}

/* ---- the host meanwhile -------------------------------------------------- */

Test(sie, host_s_timer_lets_the_guest_complete_n)
{
	for (uint32_t ie = 0; ie <= STATUS_IE; ie += STATUS_IE) {
		struct rig *rig = host_of(plain_guest());
		GUEST_PROGRAM(rig, as_addi(X5, X5, 1), as_jal(X0, -4));
		machine_set_psw(rig->m, (struct psw){ CODE, ie | STATUS_TE, 0, BOUND_ALL, 101 });
		machine_set_clock(rig->m, 10);
		rig_run(rig, 101);
		cr_expect(eq(u32, machine_psw(rig->m).timer, 0));
		struct state_description d = expect_interception(rig, INTERCEPTION_TIMER, 0);
		cr_expect(eq(u32, d.completed, 100));
		cr_expect(eq(u32, rig_x(rig, X5), 50));
		cr_expect(eq(u64, machine_clock(rig->m), 111));
		EXPECT_PSW(machine_psw(rig->m), ((struct psw){ CODE + 4, ie | STATUS_TE, 0, BOUND_ALL, 0 }));
		if (ie)
			RIG_EXPECT_TRAP(rig, CAUSE_TIMER, 0);
		rig_free(rig);
	}
}

Test(sie, host_s_timer_counts_only_if_it_runs)
{
	struct rig *rig = host_of(plain_guest());
	GUEST_PROGRAM(rig, as_jal(X0, 0));
	machine_set_psw(rig->m, (struct psw){ CODE, 0, 0, BOUND_ALL, 101 });
	rig_run(rig, 1000);
	cr_expect(eq(u32, guest(rig).host.timer, 101));
	cr_expect(eq(u64, guest(rig).clock, TIME + 999));
	rig_free(rig);
}

/* Both due: the timer comes first.  It was due at the SIE, so that nothing has run. */
Test(sie, attention_ends_it_and_is_taken)
{
	struct rig *rig = host_of(plain_guest());
	GUEST_PROGRAM(rig, as_jal(X0, 0));
	rig_set_pc(rig, CODE + 0x100);
	RIG_PROGRAM_AT(rig, CODE + 0x100, as_sio(X1, 0, X7));
	RIG_PROGRAM_AT(rig, DATA + 0x100, DEVICE_CONSOLE, CONSOLE_ARM, 1, 0, 0, 0);
	rig_set_x(rig, X7, DATA + 0x100);
	RIG_EXPECT_STEP(rig);
	rig_set_pc(rig, CODE);
	RIG_EXPECT_STEP(rig);
	rig_run(rig, 500);
	rig_input(rig, 1, "x");
	struct state_description d = expect_interception(rig, INTERCEPTION_ATTENTION, 1);
	cr_expect(eq(u32, d.completed, 500));
	cr_expect(eq(u32, d.pending, 0));
	cr_expect(not(machine_line(rig->m, 1).pending));
	rig_free(rig);
}

Test(sie, an_interrupt_that_is_due_lets_nothing_run)
{
	struct rig *rig = host_of(plain_guest());
	machine_set_psw(rig->m, (struct psw){ CODE, STATUS_TE, 0, BOUND_ALL, 1 });
	RIG_EXPECT_STEP(rig);
	cr_expect(eq(u32, expect_interception(rig, INTERCEPTION_TIMER, 0).completed, 0));
	rig_free(rig);
}

/* ---- seen from outside --------------------------------------------------- */

Test(sie, the_psw_shown_is_what_holds_the_guest)
{
	struct state_description d = plain_guest();
	d.psw = (struct psw){ CODE, 0, 0x1000, BOUND_ALL, 5 };
	struct rig *rig = host_of(d);
	machine_set_psw(rig->m, (struct psw){ CODE, STATUS_TE, 0, BOUND_ALL, 900 });
	RIG_EXPECT_STEP(rig);
	EXPECT_PSW(machine_psw(rig->m), ((struct psw){ CODE, STATUS_M | STATUS_IE | STATUS_TE, ORIGIN + 0x1000, EXTENT - 0x1000, 899 }));
	rig_free(rig);
	d.psw.base = EXTENT + 4;
	rig = guest_of(d);
	EXPECT_PSW(machine_psw(rig->m), ((struct psw){ CODE, STATUS_M | STATUS_IE, ORIGIN, 0, 0 }));
	rig_set_pc(rig, CODE + 8);
	EXPECT_PSW(guest(rig).psw, ((struct psw){ CODE + 8, 0, EXTENT + 4, BOUND_ALL, 5 }));
	rig_free(rig);
}

struct told {
	unsigned traps, interceptions;
	struct psw old;
	enum interception code;
	uint32_t parameter;
};

static void see_trap(void *self, struct machine *m, struct psw old, enum cause cause, uint32_t tval)
{
	(void)m, (void)old, (void)cause, (void)tval;
	((struct told *)self)->traps++;
}

static void see_interception(void *self, struct machine *m, struct psw old, enum interception code, uint32_t parameter)
{
	struct told *told = self;
	(void)m;
	told->interceptions++;
	told->old = old;
	told->code = code;
	told->parameter = parameter;
}

Test(sie, observers_are_told)
{
	struct told told = { 0 };
	struct rig *rig = guest_of(plain_guest());
	machine_observe(rig->m, &(struct observer){ .self = &told, .trap = see_trap, .interception = see_interception });
	GUEST_PROGRAM(rig, as_ecall());
	RIG_PROGRAM_AT(rig, ORIGIN + HANDLER, as_halt(X0));
	rig_run(rig, 2);
	cr_expect(eq(uint, told.traps, 1));
	cr_expect(eq(uint, told.interceptions, 1));
	EXPECT_PSW(told.old, ((struct psw){ HANDLER, STATUS_M | STATUS_IE, ORIGIN, EXTENT, 0 }));
	cr_expect(eq(int, (int)told.code, INTERCEPTION_INSTRUCTION));
	cr_expect(eq(u32, told.parameter, as_halt(X0)));
	cr_expect(eq(u64, machine_counts(rig->m).interceptions[INTERCEPTION_INSTRUCTION], 1));
	rig_free(rig);
}

Test(sie, breaks_are_at_real_addresses)
{
	struct rig *rig = guest_of(plain_guest());
	GUEST_PROGRAM(rig, as_addi(X0, X0, 0), as_addi(X0, X0, 0), as_jal(X0, -4));
	cr_assert(machine_break(rig->m, ORIGIN + CODE + 4, true));
	for (int i = 0; i < 50; i++)
		cr_assert(eq(int, (int)rig_run(rig, 1000), STOP_BREAK));
	cr_expect(eq(u32, guest(rig).psw.pc, CODE + 4));
	rig_free(rig);
}

Test(sie, snapshots_have_guests)
{
	struct rig *rig = guest_of(plain_guest());
	size_t bytes = 0;
	GUEST_PROGRAM(rig, as_addi(X5, X5, 1), as_jal(X0, -4));
	rig_run(rig, 100);
	struct snapshot *s = machine_snapshot(rig->m, NULL, &bytes);
	struct machine_guest before = guest(rig);
	rig_run(rig, 77);
	rig_set_pc(rig, EXTENT);
	machine_ipl(rig->m);
	cr_assert(machine_restore(rig->m, s));
	struct machine_guest after = guest(rig);
	EXPECT_PSW(after.psw, before.psw);
	EXPECT_PSW(after.host, before.host);
	cr_expect(eq(u64, after.clock, before.clock));
	cr_expect(eq(u32, after.origin, ORIGIN));
	cr_expect(eq(u32, after.extent, EXTENT));
	cr_expect(eq(u32, after.description, DATA));
	rig_run(rig, 100);
	cr_expect(eq(u64, guest(rig).clock, before.clock + 100));
	cr_expect(eq(u32, rig_x(rig, X5), 100));
	snapshot_free(s, &bytes);
	rig_free(rig);
}

Test(sie, reset_ends_it)
{
	struct machine_guest none;
	struct rig *rig = guest_of(plain_guest());
	machine_ipl(rig->m);
	cr_expect(not(machine_guest(rig->m, &none)));
	cr_expect(eq(u32, machine_storage_size(rig->m), RIG_STORAGE));
	rig_free(rig);
}
