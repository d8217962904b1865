/* The classifier: what it derives by running against the instruction table's class column,
 * which it never reads, and against expectations made by hand for every profile; witnesses
 * that hold when they are run again; profile files and their errors.
 */

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "properties/classify.h"
#include "properties/profile.h"

static struct classification *classified_as(const struct profile *profile, const bool only[INSNS])
{
	struct refusal why;
	struct classification *all = classify(profile, only, &why);
	cr_assert(all != NULL, "%s", why.text);
	return all;
}

/* The System ISA and a few others: for what need not be asked of every ALU instruction. */
static const bool some[INSNS] = {
	[INSN_jalr] = true, [INSN_beq] = true, [INSN_lw] = true, [INSN_sw] = true, [INSN_addi] = true, [INSN_ecall] = true,
#define INSN(name, format, match, class, effect)
#define SYSTEM(name, format, match, class, effect) [INSN_##name] = true,
#include "machine/isa/isa.def"
};

/* The instructions that break a theorem, by name. */
static const char *breakers(const struct classification *all, enum classify_theorem theorem,
                            enum classify_extent least, char to[512])
{
	to[0] = '\0';
	for (int insn = 0; insn < INSNS; insn++)
		if (classify_breaks(&all->any[insn], theorem, least))
			snprintf(to + strlen(to), 512 - strlen(to), "%s%s", to[0] ? " " : "", isa_insns[insn].name);
	return to;
}

/* ---- the strict machine --------------------------------------------------- */

Test(classify, the_class_column_is_what_running_says)
{
	struct classification *all = classified_as(&isa_profiles[PROFILE_strict], NULL);
	for (int insn = 0; insn < INSN_ASSIST; insn++)
		cr_expect(eq(uint, classify_column(&all->any[insn]), isa_insns[insn].sensitivity), "%s", isa_insns[insn].name);
	for (int insn = 0; insn < INSN_ASSIST; insn++) { /* the System ISA is privileged, the rest innocuous */
		const struct classified *c = &all->any[insn];
		bool system = insn >= INSN_SYSTEM;
		cr_expect(classify_privilege(c) == (system ? PRIVILEGED_YES : PRIVILEGED_NO), "%s", isa_insns[insn].name);
		cr_expect(eq(int, classify_sensitive(c, EXTENT_OURS), system), "%s", isa_insns[insn].name);
		cr_expect(not(classify_breaks(c, THEOREM_DX, EXTENT_OURS)), "%s", isa_insns[insn].name);
	}
	free(all);
}

/* Those from INSN_ASSIST on, on the machine that has them and on the one that has not. */
Test(classify, sie_is_control_sensitive_where_it_is)
{
	const bool only[INSNS] = { [INSN_sie] = true };
	struct classification *all = classified_as(&isa_profiles[PROFILE_sie], only);
	const struct classified *c = &all->any[INSN_sie];
	cr_expect(eq(uint, classify_column(c), isa_insns[INSN_sie].sensitivity));
	cr_expect(eq(int, classify_extent(c, PROPERTY_CONTROL), EXTENT_LETTER));
	cr_expect(classify_privilege(c) == PRIVILEGED_YES);
	cr_expect(not(classify_breaks(c, THEOREM_DX, EXTENT_OURS)));
	free(all);
	all = classified_as(&isa_profiles[PROFILE_strict], only);
	cr_expect(eq(u64, all->runs, 0));
	free(all);
}

/* What the manual says of each, in the paper's words; ours in the second column. */
Test(classify, extents_are_those_of_the_manual)
{
	static const struct {
		enum insn insn;
		enum classify_extent control, mode, location;
		bool bound, clock, mask, asymmetry;
	} expected[] = {
		{ INSN_lpsw, EXTENT_LETTER, EXTENT_NONE, EXTENT_NONE, false, false, false, true },
		{ INSN_spsw, EXTENT_NONE, EXTENT_LETTER, EXTENT_LETTER, true, true, true, true },
		{ INSN_sio, EXTENT_OURS, EXTENT_NONE, EXTENT_LETTER, false, false, false, true },
		{ INSN_stck, EXTENT_NONE, EXTENT_NONE, EXTENT_NONE, false, true, false, true },
		{ INSN_srb, EXTENT_LETTER, EXTENT_NONE, EXTENT_NONE, false, false, false, false },
		{ INSN_lra, EXTENT_NONE, EXTENT_NONE, EXTENT_REGISTERS, true, false, false, false },
		{ INSN_ssm, EXTENT_OURS, EXTENT_NONE, EXTENT_NONE, false, false, true, false },
		{ INSN_stmr, EXTENT_OURS, EXTENT_NONE, EXTENT_NONE, false, true, true, false },
		{ INSN_rtmr, EXTENT_NONE, EXTENT_NONE, EXTENT_NONE, false, true, true, false },
		{ INSN_rdst, EXTENT_NONE, EXTENT_REGISTERS, EXTENT_NONE, false, false, true, false },
		{ INSN_retu, EXTENT_LETTER, EXTENT_NONE, EXTENT_NONE, false, false, false, false },
		{ INSN_wait, EXTENT_OURS, EXTENT_NONE, EXTENT_NONE, false, false, true, false },
		{ INSN_halt, EXTENT_OURS, EXTENT_NONE, EXTENT_NONE, false, false, false, false },
	};
	struct classification *all = classified_as(&isa_profiles[PROFILE_strict], some);
	for (size_t i = 0; i < sizeof(expected) / sizeof(*expected); i++) {
		const struct classified *c = &all->any[expected[i].insn];
		const char *name = isa_insns[expected[i].insn].name;
		cr_expect(classify_extent(c, PROPERTY_CONTROL) == expected[i].control, "%s", name);
		cr_expect(classify_extent(c, PROPERTY_MODE) == expected[i].mode, "%s", name);
		cr_expect(classify_extent(c, PROPERTY_LOCATION) == expected[i].location, "%s", name);
		cr_expect(eq(int, classify_extent(c, PROPERTY_BOUND) != EXTENT_NONE, expected[i].bound), "%s", name);
		cr_expect(eq(int, classify_extent(c, PROPERTY_CLOCK) != EXTENT_NONE, expected[i].clock), "%s", name);
		cr_expect(eq(int, classify_extent(c, PROPERTY_MASK) != EXTENT_NONE, expected[i].mask), "%s", name);
		cr_expect(eq(int, c->asymmetry.extent != EXTENT_NONE, expected[i].asymmetry), "%s", name);
	}
	free(all);
}

/* What goes to x0 tells nobody anything. */
Test(classify, operands_make_a_difference)
{
	struct classification *all = classified_as(&isa_profiles[PROFILE_x86], some);
	static const enum insn readers[] = { INSN_rdst, INSN_lra, INSN_rtmr };
	for (size_t i = 0; i < 3; i++) {
		const struct classified *c = &all->by[readers[i]][OPERANDS_RD_X0];
		cr_expect(not(classify_sensitive(c, EXTENT_OURS)), "%s", isa_insns[readers[i]].name);
		cr_expect(not(classify_breaks(c, THEOREM_DX, EXTENT_OURS)), "%s", isa_insns[readers[i]].name);
	}
	cr_expect(classify_sensitive(&all->by[INSN_lra][OPERANDS_RD_RS1], EXTENT_REGISTERS));
	free(all);
}

/* ---- every profile -------------------------------------------------------- */

#define LOADS_AND_STORES "lb lh lw lbu lhu sb sh sw"
#define EVERYTHING \
	"lui auipc jal jalr beq bne blt bge bltu bgeu " LOADS_AND_STORES " addi slli slti sltiu xori srli srai ori " \
	"andi add sub mul sll mulh slt mulhsu sltu mulhu xor div srl sra divu or rem and remu fence fence_i"

static const struct expectation {
	enum profile_number profile;
	const char *theorem_1, *theorem_1_ours, *theorem_3, *theorem_3_ours, *dx, *dx_user;
} expectations[] = {
	{ PROFILE_strict, "", "", "", "", "", "" },
	{ PROFILE_pdp10, "retu", "retu", "", "", "retu", "" },
	{ PROFILE_m68000, "rdst", "rdst", "", "rdst", "rdst", "rdst" },
	{ PROFILE_x86, "spsw lra rdst", "spsw lra ssm rdst", "spsw lra", "spsw lra ssm rdst", "spsw lra ssm rdst",
	  "spsw lra ssm rdst" },
	{ PROFILE_stck, "", "stck", "", "stck", "stck", "stck" },
	{ PROFILE_pdp11, "lra", "lra ssm", "lra", "lra ssm", "lra ssm", "lra ssm" },
	{ PROFILE_vax, "lra rdst", "lra rdst", "lra", "lra rdst", "lra rdst", "lra rdst" },
	{ PROFILE_arm, "", "ssm", "", "ssm", "ssm", "ssm" },
	{ PROFILE_mips, LOADS_AND_STORES, LOADS_AND_STORES, "", "", LOADS_AND_STORES, "" },
	{ PROFILE_itanium, "lra", "lra", "lra", "lra", "lra", "lra" },
	{ PROFILE_s370, EVERYTHING, EVERYTHING, EVERYTHING, EVERYTHING, EVERYTHING, EVERYTHING },
	{ PROFILE_sie, "", "", "", "", "", "" },
	{ PROFILE_probe, "lra", "lra", "", "", "", "" },
};

_Static_assert(sizeof(expectations) / sizeof(*expectations) == PROFILES, "an expectation for every profile");

Test(classify, theorems_on_every_profile)
{
	for (int i = 0; i < PROFILES; i++) {
		const struct expectation *e = &expectations[i];
		bool whole = isa_profiles[e->profile].features != 0;
		struct classification *all = classified_as(&isa_profiles[e->profile], whole ? NULL : some);
		const char *name = all->profile.name;
		char to[512];
		cr_expect(eq(str, (char *)breakers(all, THEOREM_1, EXTENT_REGISTERS, to), (char *)e->theorem_1), "%s", name);
		cr_expect(eq(str, (char *)breakers(all, THEOREM_1, EXTENT_OURS, to), (char *)e->theorem_1_ours), "%s", name);
		cr_expect(eq(str, (char *)breakers(all, THEOREM_3, EXTENT_REGISTERS, to), (char *)e->theorem_3), "%s", name);
		cr_expect(eq(str, (char *)breakers(all, THEOREM_3, EXTENT_OURS, to), (char *)e->theorem_3_ours), "%s", name);
		cr_expect(eq(str, (char *)breakers(all, THEOREM_DX, EXTENT_OURS, to), (char *)e->dx), "%s", name);
		cr_expect(eq(str, (char *)breakers(all, THEOREM_DX_USER, EXTENT_OURS, to), (char *)e->dx_user), "%s", name);
		free(all);
	}
}

/* Where each instruction leaves the timer in storage, a branch does so whether it is taken or
 * not. */
Test(classify, branches_are_tried_taken_and_not_taken)
{
	const bool only[INSNS] = { [INSN_beq] = true, [INSN_bne] = true };
	struct classification *all = classified_as(&isa_profiles[PROFILE_s370], only);
	cr_expect(classify_extent(&all->by[INSN_beq][OPERANDS_RS1_RS2], PROPERTY_LOCATION) == EXTENT_LETTER);
	cr_expect(classify_extent(&all->by[INSN_bne][OPERANDS_RS1_RS2], PROPERTY_LOCATION) == EXTENT_LETTER);
	free(all);
}

Test(classify, a_probe_that_traps_in_part_is_partially_privileged)
{
	const bool only[INSNS] = { [INSN_lra] = true };
	struct classification *all = classified_as(&isa_profiles[PROFILE_probe], only);
	char reason[512];
	cr_expect(classify_privilege(&all->any[INSN_lra]) == PRIVILEGED_PARTIALLY);
	cr_expect(classify_disagree(&all->any[INSN_lra], THEOREM_1, reason, sizeof(reason)));
	cr_expect(strstr(reason, "sufficient, not necessary") != NULL, "%s", reason);
	free(all);
}

Test(classify, what_the_letter_misses_is_said)
{
	const bool only[INSNS] = { [INSN_ssm] = true, [INSN_stck] = true };
	struct classification *all = classified_as(&isa_profiles[PROFILE_arm], only);
	char reason[512];
	cr_expect(classify_disagree(&all->any[INSN_ssm], THEOREM_1, reason, sizeof(reason)));
	cr_expect(strstr(reason, "leaves out without a trap") != NULL, "%s", reason);
	cr_expect(not(classify_disagree(&all->any[INSN_stck], THEOREM_1, reason, sizeof(reason))));
	free(all);
}

/* ---- machines that nobody built ------------------------------------------- */

enum { T1 = 1, T1_OURS = 2, T3 = 4, T3_OURS = 8, DX_SUPERVISOR = 16, DX_USER = 32 };

enum {
	BY_LETTER = T1 | T1_OURS | T3 | T3_OURS | DX_SUPERVISOR | DX_USER,
	BY_US = T1_OURS | T3_OURS | DX_SUPERVISOR | DX_USER,
	SUPERVISOR_ONLY = T1 | T1_OURS | DX_SUPERVISOR,
	SUPERVISOR_BY_US = T1_OURS | DX_SUPERVISOR,
};

static int broken(const struct classified *c)
{
	return classify_breaks(c, THEOREM_1, EXTENT_REGISTERS) * T1 | classify_breaks(c, THEOREM_1, EXTENT_OURS) * T1_OURS |
	       classify_breaks(c, THEOREM_3, EXTENT_REGISTERS) * T3 | classify_breaks(c, THEOREM_3, EXTENT_OURS) * T3_OURS |
	       (c->dx[0].extent != EXTENT_NONE) * DX_SUPERVISOR | (c->dx[1].extent != EXTENT_NONE) * DX_USER;
}

/* One instruction that user mode executes, or ignores: worked out on paper. */
Test(classify, each_instruction_alone_unprivileged)
{
	static const struct { enum insn insn; int executed, ignored; } expected[SYSTEM_ROWS] = {
		{ INSN_lpsw, BY_LETTER, SUPERVISOR_ONLY },
		{ INSN_spsw, BY_LETTER, BY_LETTER }, /* ignoring leaves results alone */
		{ INSN_sio, BY_LETTER, SUPERVISOR_ONLY },
		{ INSN_stck, BY_US, BY_US },
		{ INSN_srb, BY_LETTER, SUPERVISOR_ONLY },
		{ INSN_lra, BY_LETTER, BY_LETTER },
		{ INSN_ssm, BY_US, BY_US },
		{ INSN_stmr, BY_US, BY_US },
		{ INSN_rtmr, BY_US, BY_US },
		{ INSN_rdst, BY_US | T1, BY_US | T1 },
		{ INSN_retu, SUPERVISOR_ONLY, SUPERVISOR_ONLY },
		{ INSN_wait, BY_US, SUPERVISOR_BY_US },
		{ INSN_halt, BY_US, SUPERVISOR_BY_US },
		{ INSN_sie, BY_LETTER, SUPERVISOR_ONLY },
	};
	for (int i = 0; i < SYSTEM_ROWS; i++) {
		enum insn insn = expected[i].insn;
		bool only[INSNS] = { false };
		struct profile profile = { .name = "alone", .after = "nothing", .features = FEATURE_SIE };
		only[insn] = true;
		profile.user[insn - INSN_SYSTEM] = USER_EXECUTE;
		struct classification *all = classified_as(&profile, only);
		cr_expect(eq(int, broken(&all->any[insn]), expected[i].executed), "%s executes", isa_insns[insn].name);
		free(all);
		profile.user[insn - INSN_SYSTEM] = USER_IGNORE;
		all = classified_as(&profile, only);
		cr_expect(eq(int, broken(&all->any[insn]), expected[i].ignored), "%s ignored", isa_insns[insn].name);
		free(all);
	}
}

/* ---- witnesses ------------------------------------------------------------ */

/* Both states of a pair, but for what the property varies. */
static bool pair_is_of(enum classify_property property, struct classify_state a, struct classify_state b)
{
	switch (property) {
	case PROPERTY_MODE:     b.psw.status ^= STATUS_M; break;
	case PROPERTY_LOCATION:
		if (classify_window(&a.psw) != classify_window(&b.psw) || a.psw.base == b.psw.base)
			return false;
		b.psw.base = a.psw.base;
		break;
	case PROPERTY_BOUND:    b.psw.bound = a.psw.bound; break;
	case PROPERTY_CLOCK:    b.psw.timer = a.psw.timer; b.clock = a.clock; break;
	case PROPERTY_MASK:     b.psw.status = (b.psw.status & STATUS_M) | (a.psw.status & STATUS_MASK); break;
	case PROPERTY_CONTROL:
	case PROPERTIES:        break;
	}
	return a.word == b.word && memcmp(&a.psw, &b.psw, sizeof(a.psw)) == 0 && a.rs1 == b.rs1 && a.rs2 == b.rs2 &&
	       a.block == b.block && a.clock == b.clock && a.pending == b.pending;
}

Test(classify, witnesses_are_pairs_of_the_kind_they_claim)
{
	for (int p = 0; p < PROFILES; p += PROFILE_x86) {
		struct classification *all = classified_as(&isa_profiles[p], some);
		for (int insn = 0; insn < INSNS; insn++)
			for (int i = 0; i < PROPERTIES; i++)
				for (int mode = 0; mode < 2; mode++) {
					const struct classify_verdict *v = &all->any[insn].sensitive[mode][i];
					cr_expect(v->extent == EXTENT_NONE || pair_is_of((enum classify_property)i, v->a, v->b),
					          "%s, %s", isa_insns[insn].name, classify_property_names[i]);
				}
		free(all);
	}
}

Test(classify, a_witness_runs_again_to_the_same_difference)
{
	const bool only[INSNS] = { [INSN_rdst] = true };
	const struct profile *profile = &isa_profiles[PROFILE_m68000];
	struct classification *all = classified_as(profile, only);
	struct classify_bench *bench = classify_bench_new(profile, false, NULL);
	struct classify_outcome a, b;
	const struct classify_verdict *mode = &all->any[INSN_rdst].sensitive[0][PROPERTY_MODE];
	classify_run(bench, &mode->a, &a);
	classify_run(bench, &mode->b, &b);
	cr_expect(mode->difference.part == PART_REGISTER);
	cr_expect(eq(u64, a.x[mode->difference.where], mode->difference.a));
	cr_expect(eq(u64, b.x[mode->difference.where], mode->difference.b));
	cr_expect(eq(u64, mode->difference.a ^ mode->difference.b, STATUS_M));
	cr_expect(mode->keeps);
	classify_bench_free(bench);
	free(all);
}

Test(classify, says_the_same_each_time)
{
	struct classification *a = classified_as(&isa_profiles[PROFILE_x86], some);
	struct classification *b = classified_as(&isa_profiles[PROFILE_x86], some);
	cr_expect(eq(u64, a->runs, b->runs));
	for (int insn = 0; insn < INSNS; insn++)
		for (int p = 0; p < PROPERTIES; p++) {
			const struct classify_verdict *v = classify_strongest(&a->any[insn], (enum classify_property)p);
			const struct classify_verdict *w = classify_strongest(&b->any[insn], (enum classify_property)p);
			cr_expect(v->extent == w->extent && v->a.word == w->a.word && v->a.rs1 == w->a.rs1 &&
			          memcmp(&v->a.psw, &w->a.psw, sizeof(v->a.psw)) == 0 && v->difference.a == w->difference.a);
		}
	free(a);
	free(b);
}

/* ---- profile files -------------------------------------------------------- */

Test(profile_file, a_machine_in_a_few_lines)
{
	static const char text[] = "# one of mine\n"
	                           "name  smsw\r\n"
	                           "after the 80286, as it was   # in 1982\n"
	                           "\n"
	                           "\trdst execute\n"
	                           "ssm   ignore\n"
	                           "lra   hash\n"
	                           "lpsw  trap\n"
	                           "machine kseg\n"
	                           "machine timer-cell";
	struct own_profile own;
	struct refusal why;
	cr_assert(profile_parse(&own, text, sizeof(text) - 1, &why), "%s", why.text);
	cr_expect(eq(str, (char *)own.profile.name, "smsw"));
	cr_expect(eq(str, (char *)own.profile.after, "the 80286, as it was"));
	cr_expect(eq(int, own.profile.features, FEATURE_KSEG | FEATURE_TIMER_CELL));
	for (int i = 0; i < SYSTEM_INSNS; i++) {
		enum insn insn = (enum insn)(INSN_SYSTEM + i);
		enum user_action expected = insn == INSN_rdst ? USER_EXECUTE : insn == INSN_ssm ? USER_IGNORE
		                            : insn == INSN_lra ? USER_HASH : USER_TRAP;
		cr_expect(eq(int, own.profile.user[i], expected), "%s", isa_insns[insn].name);
	}
}

Test(profile_file, a_byte_order_mark_is_no_text)
{
	static const char text[] = "\xEF\xBB\xBFname windows\nrdst execute\n";
	struct own_profile own;
	struct refusal why;
	cr_assert(profile_parse(&own, text, sizeof(text) - 1, &why), "%s", why.text);
	cr_expect(eq(str, own.name, "windows"));
	cr_expect(not(profile_parse(&own, "\xEF\xBB\xBFnam x\n", 9, &why)));
	cr_expect(eq(str, why.text, "1:1: no instruction 'nam': a line begins with name, after, machine or a System instruction"));
}

Test(profile_file, errors_say_where)
{
	static const struct { const char *text, *error; } wrong[] = {
		{ "", "1:1: no name: say one in a line 'name WORD'" },
		{ "rdst execute\n", "1:1: no name: say one in a line 'name WORD'" },
		{ "name a\nrdts execute\n", "2:1: no instruction 'rdts': a line begins with name, after, machine or a System instruction" },
		{ "name a\n  rdst exceute\n", "2:8: user mode cannot 'exceute': say one of trap execute ignore hash probe" },
		{ "name a\nrdst\n", "2:5: nothing said of what user mode does: say one of trap execute ignore hash probe" },
		{ "name a\nrdst # execute\n", "2:6: nothing said of what user mode does: say one of trap execute ignore hash probe" },
		{ "name a\nrdst hash\n", "2:6: user mode cannot 'hash': only lra can" },
		{ "name a\nrdst execute now\n", "2:14: cannot understand 'now': the line ends before it" },
		{ "name a\nrdst execute\nrdst trap\n", "3:1: instruction 'rdst': said before" },
		{ "name a\naddi execute\n", "2:1: instruction 'addi': it is of the User ISA, which no profile changes" },
		{ "name a\nmachine ksge\n", "2:9: no feature 'ksge': there are kseg timer-cell sie" },
		{ "name a\nmachine\n", "2:8: no feature given: there are kseg timer-cell sie" },
		{ "name x86\n", "1:6: the name 'x86': a profile of droste's own has it; choose another" },
		{ "name\n", "1:5: the name: missing" },
		{ "name a b\n", "1:8: cannot understand 'b': the line ends before it" },
		{ "name a\nname b\n", "2:6: the name 'b': given before" },
		{ "name abcdefghijklmnopqrstuvwxyzabcdefgh\n", "1:6: the name 'abcdefghijklmnopqrstuvwxyzabcdef': too long" },
		{ "name a\nafter\n", "2:6: the model: missing" },
		{ "name \x01\n", "1:6: the name: use printable ASCII characters" },
		{ "\x7f""ELF\x01\x02", "1:1: this is no text: give a profile file" },
	};
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		struct own_profile own;
		struct refusal why = { "" };
		cr_expect(not(profile_parse(&own, wrong[i].text, strlen(wrong[i].text), &why)), "%s", wrong[i].text);
		cr_expect(eq(str, why.text, (char *)wrong[i].error));
	}
}
