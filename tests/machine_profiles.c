/* Profiles: what user mode does on machines that break the theorems, row by row;
 * and that supervisor mode never changes (machine.md, Profiles).
 */

#include "rig.h"

static struct rig *user_on(enum profile_number profile)
{
	struct rig *rig = rig_new_as((struct machine_config){ .profile = &isa_profiles[profile] });
	machine_set_psw(rig->m, (struct psw){ CODE, STATUS_M | STATUS_TE, 0, BOUND_ALL, 100 });
	rig_set_x(rig, X2, DATA);
	return rig;
}

/* What the manual's table says, spelled again: a witness for profiles.def. */
Test(profiles, user_mode_traps_wherever_the_table_names_nothing_else)
{
	static const struct { enum profile_number profile; enum insn insn; enum user_action action; } named[] = {
		{ PROFILE_pdp10, INSN_retu, USER_EXECUTE }, { PROFILE_m68000, INSN_rdst, USER_EXECUTE },
		{ PROFILE_x86, INSN_ssm, USER_IGNORE }, { PROFILE_x86, INSN_rdst, USER_EXECUTE },
		{ PROFILE_x86, INSN_spsw, USER_EXECUTE }, { PROFILE_x86, INSN_lra, USER_EXECUTE },
		{ PROFILE_stck, INSN_stck, USER_EXECUTE },
		{ PROFILE_pdp11, INSN_ssm, USER_IGNORE }, { PROFILE_pdp11, INSN_lra, USER_EXECUTE },
		{ PROFILE_vax, INSN_rdst, USER_EXECUTE }, { PROFILE_vax, INSN_lra, USER_EXECUTE },
		{ PROFILE_arm, INSN_ssm, USER_IGNORE }, { PROFILE_itanium, INSN_lra, USER_HASH },
		{ PROFILE_probe, INSN_lra, USER_PROBE },
	};
	for (int p = 0; p < PROFILES; p++)
		for (int i = 0; i < SYSTEM_INSNS; i++) {
			enum user_action expected = USER_TRAP;
			for (size_t k = 0; k < sizeof(named) / sizeof(*named); k++)
				if ((int)named[k].profile == p && (int)named[k].insn == INSN_SYSTEM + i)
					expected = named[k].action;
			cr_expect(eq(int, isa_profiles[p].user[i], expected), "%s %s", isa_profiles[p].name,
			          isa_insns[INSN_SYSTEM + i].name);
		}
}

Test(profiles, what_the_table_says_traps_does_trap)
{
	for (int p = 0; p < PROFILES; p++)
		for (int i = 0; i < SYSTEM_INSNS; i++) {
			if (isa_profiles[p].user[i] != USER_TRAP)
				continue;
			struct rig *rig = user_on((enum profile_number)p);
			uint32_t word = assemble((enum insn)(INSN_SYSTEM + i), X1, X2, X3, 0);
			RIG_PROGRAM(rig, word);
			RIG_EXPECT_TRAP(rig, CAUSE_PRIVILEGED, word);
			rig_free(rig);
		}
}

Test(profiles, pdp10_retu_is_a_jump)
{
	struct rig *rig = user_on(PROFILE_pdp10);
	RIG_PROGRAM(rig, as_retu(X2));
	RIG_EXPECT_STEP(rig);
	EXPECT_PSW(machine_psw(rig->m), ((struct psw){ DATA, STATUS_M | STATUS_TE, 0, BOUND_ALL, 99 }));
	rig_free(rig);
}

Test(profiles, m68000_rdst_tells_the_mode)
{
	struct rig *rig = user_on(PROFILE_m68000);
	RIG_PROGRAM(rig, as_rdst(X1));
	RIG_EXPECT_STEP(rig);
	cr_expect(eq(u32, rig_x(rig, X1), STATUS_M | STATUS_TE));
	rig_free(rig);
}

Test(profiles, x86_ssm_leaves_the_mask_and_returns_it)
{
	struct rig *rig = user_on(PROFILE_x86);
	rig_set_x(rig, X3, STATUS_IE);
	RIG_PROGRAM(rig, as_ssm(X1, X3));
	RIG_EXPECT_STEP(rig);
	cr_expect(eq(u32, rig_x(rig, X1), STATUS_TE));
	EXPECT_PSW(machine_psw(rig->m), ((struct psw){ CODE + 4, STATUS_M | STATUS_TE, 0, BOUND_ALL, 99 }));
	rig_free(rig);
}

Test(profiles, x86_spsw_and_lra_tell_the_real_r)
{
	struct rig *rig = user_on(PROFILE_x86);
	machine_set_psw(rig->m, (struct psw){ CODE, STATUS_M, 0x2000, 0x8000, 0 });
	RIG_PROGRAM_AT(rig, 0x2000 + CODE, as_spsw(0, X2), as_lra(X1, X2), as_spsw(0, X3));
	rig_set_x(rig, X3, 0x8000 - 19);
	RIG_EXPECT_STEP(rig);
	EXPECT_PSW(rig_psw_at(rig, 0x2000 + DATA), ((struct psw){ CODE + 4, STATUS_M, 0x2000, 0x8000, 0 }));
	RIG_EXPECT_STEP(rig);
	cr_expect(eq(u32, rig_x(rig, X1), 0x2000 + DATA));
	RIG_EXPECT_TRAP(rig, CAUSE_MEMORY, 0x8000 - 19);
	rig_free(rig);
}

Test(profiles, stck_stores_the_clock)
{
	struct rig *rig = user_on(PROFILE_stck);
	RIG_PROGRAM(rig, as_stck(0, X2));
	RIG_EXPECT_STEP(rig);
	cr_expect(eq(u32, rig_word(rig, DATA), 1));
	rig_free(rig);
}

Test(profiles, itanium_lra_tells_where_a_table_entry_would_be)
{
	struct rig *rig = user_on(PROFILE_itanium);
	rig_set_r(rig, 0x1000, 0x800);
	rig_set_x(rig, X3, 0x4567);
	rig_put(rig, 0x1000 + CODE % 0x800, as_lra(X1, X3));
	rig_set_pc(rig, CODE % 0x800);
	RIG_EXPECT_STEP(rig);
	cr_expect(eq(u32, rig_x(rig, X1), 0x1000 + 8 * (0x4567 >> 9)));
	rig_free(rig);
}

Test(profiles, probe_answers_only_for_what_is_not_there)
{
	struct rig *rig = user_on(PROFILE_probe);
	RIG_PROGRAM(rig, as_lra(X1, X3), as_lra(X1, X3));
	rig_set_x(rig, X3, RIG_STORAGE);
	RIG_EXPECT_STEP(rig);
	cr_expect(eq(u32, rig_x(rig, X1), UINT32_MAX));
	rig_set_x(rig, X3, RIG_STORAGE - 1);
	RIG_EXPECT_TRAP(rig, CAUSE_PRIVILEGED, as_lra(X1, X3));
	rig_free(rig);
}

/* Code and data above 2^31 are real storage, to supervisor mode only. */
Test(profiles, mips_kseg_goes_round_r)
{
	const uint32_t kseg = UINT32_C(1) << 31;
	struct rig *rig = rig_new_as((struct machine_config){ .profile = &isa_profiles[PROFILE_mips] });
	RIG_PROGRAM(rig, as_sw(X4, 0, X3), as_lw(X1, 0, X3), as_lw(X1, 1, X3));
	machine_set_psw(rig->m, (struct psw){ kseg + CODE, 0, 0x8000, 16, 0 });
	rig_set_x(rig, X3, kseg + RIG_STORAGE - 4);
	rig_set_x(rig, X4, 0x600DF00D);
	RIG_EXPECT_STEP(rig);
	RIG_EXPECT_STEP(rig);
	cr_expect(eq(u32, rig_x(rig, X1), 0x600DF00D));
	cr_expect(eq(u32, rig_word(rig, RIG_STORAGE - 4), 0x600DF00D));
	RIG_EXPECT_TRAP(rig, CAUSE_MEMORY, kseg + RIG_STORAGE - 3);
	rig_free(rig);
}

Test(profiles, mips_kseg_is_not_for_user_mode)
{
	struct rig *rig = user_on(PROFILE_mips);
	RIG_PROGRAM(rig, as_lw(X1, 0, X3));
	rig_set_x(rig, X3, UINT32_C(1) << 31);
	RIG_EXPECT_TRAP(rig, CAUSE_MEMORY, UINT32_C(1) << 31);
	rig_free(rig);
}

Test(profiles, s370_timer_is_in_storage_as_it_is_after_each_instruction)
{
	struct rig *rig = rig_new_as((struct machine_config){ .profile = &isa_profiles[PROFILE_s370] });
	RIG_PROGRAM(rig, as_addi(X0, X0, 0), as_stmr(X0, X3), as_lw(X1, CELL_TIMER, X0), as_lw(X1, -1, X0));
	machine_set_psw(rig->m, (struct psw){ CODE, STATUS_TE, 0, BOUND_ALL, 100 });
	rig_set_x(rig, X3, 50);
	RIG_EXPECT_STEP(rig);
	cr_expect(eq(u32, rig_word(rig, CELL_TIMER), 99));
	RIG_EXPECT_STEP(rig);
	cr_expect(eq(u32, rig_word(rig, CELL_TIMER), 50));
	RIG_EXPECT_STEP(rig);
	cr_expect(eq(u32, rig_x(rig, X1), 50));
	RIG_EXPECT_TRAP(rig, CAUSE_MEMORY, UINT32_MAX);
	cr_expect(eq(u32, rig_word(rig, CELL_TIMER), 49));
	rig_free(rig);
}

/* SSM in supervisor mode, on the profile that ignores it in user mode. */
Test(profiles, supervisor_mode_never_changes)
{
	for (int p = 0; p < PROFILES; p++) {
		struct rig *rig = user_on((enum profile_number)p);
		rig_set_status(rig, 0);
		rig_set_x(rig, X3, STATUS_IE);
		RIG_PROGRAM(rig, as_ssm(X1, X3), as_rdst(X4), as_stck(0, X2), as_retu(X2));
		for (int i = 0; i < 4; i++)
			RIG_EXPECT_STEP(rig);
		cr_expect(eq(u32, rig_x(rig, X4), STATUS_IE));
		EXPECT_PSW(machine_psw(rig->m), ((struct psw){ DATA, STATUS_M | STATUS_IE, 0, BOUND_ALL, 100 }));
		rig_free(rig);
	}
}

/* A profile of a user's own: every instruction ignored.  What executes leaves the
 * PSW alone, but for pc and the timer's tick; SIO, WAIT and HALT do nothing. */
Test(profiles, ignored_instructions_change_no_control_state)
{
	struct profile all = { .name = "all", .after = "nothing", .features = FEATURE_SIE };
	memset(all.user, USER_IGNORE, sizeof(all.user));
	for (int i = INSN_SYSTEM; i < INSNS; i++) {
		struct rig *rig = rig_new_as((struct machine_config){ .profile = &all });
		machine_set_psw(rig->m, (struct psw){ CODE, STATUS_M | STATUS_TE, 0, BOUND_ALL, 100 });
		rig_set_x(rig, X2, DATA);
		rig_set_x(rig, X3, 0x77);
		RIG_PROGRAM_AT(rig, DATA, DEVICE_CONSOLE, CONSOLE_WRITE, 0, 0, 5, 9);
		rig_put(rig, CODE, assemble((enum insn)i, X1, X2, X3, 0));
		RIG_EXPECT_STEP(rig);
		EXPECT_PSW(machine_psw(rig->m), ((struct psw){ CODE + 4, STATUS_M | STATUS_TE, 0, BOUND_ALL, 99 }));
		cr_expect(machine_end(rig->m) == MACHINE_RUNNING, "%s", isa_insns[i].name);
		cr_expect(eq(sz, rig->output[0].n, 0), "%s", isa_insns[i].name);
		rig_free(rig);
	}
}
