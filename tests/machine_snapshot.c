/* Marked addresses, and machines put back as they were (window.h). */

#include "random.h"
#include "rig.h"

/* ---- marks -------------------------------------------------------------- */

/* x1 counts rounds of a loop of four instructions. */
static struct rig *looping(void)
{
	struct rig *rig = rig_new();
	RIG_PROGRAM(rig, as_addi(X1, X1, 1), as_addi(X2, X2, 2), as_add(X3, X1, X2), as_jal(X0, -12));
	return rig;
}

Test(snapshot, a_run_stops_before_a_marked_instruction)
{
	struct rig *rig = looping();
	rig_run(rig, 100);
	cr_assert(machine_break(rig->m, CODE + 8, true));
	for (uint32_t round = 26; round < 40; round++) {
		cr_expect(eq(int, rig_run(rig, 1000), STOP_BREAK));
		cr_expect(eq(u32, machine_psw(rig->m).pc, CODE + 8));
		cr_expect(machine_at_break(rig->m));
		cr_expect(eq(u32, rig_x(rig, X1), round));
		cr_expect(eq(u64, machine_steps(rig->m), 4 * (round - 1) + 2));
	}
	cr_expect(machine_break(rig->m, CODE + 8, false));
	cr_expect(eq(int, rig_run(rig, 1000), STOP_STEPS));
	rig_free(rig);
}

Test(snapshot, a_run_may_begin_with_a_marked_instruction)
{
	struct rig *rig = looping();
	for (uint32_t i = 0; i < 4; i++)
		machine_break(rig->m, CODE + 4 * i, true);
	for (uint32_t i = 1; i < 50; i++) {
		cr_expect(eq(int, rig_run(rig, 1000), STOP_BREAK));
		cr_expect(eq(u64, machine_steps(rig->m), i));
	}
	rig_free(rig);
}

Test(snapshot, an_interrupt_comes_before_a_marked_instruction)
{
	struct rig *rig = looping();
	machine_break(rig->m, CODE + 4, true);
	rig_set_status(rig, STATUS_IE | STATUS_TE);
	rig_set_timer(rig, 1);
	cr_expect(eq(int, rig_run(rig, 2), STOP_STEPS));
	cr_expect(eq(u32, machine_psw(rig->m).pc, HANDLER));
	rig_free(rig);
}

/* ---- snapshots ---------------------------------------------------------- */

static void expect_same(const struct machine *m, const struct machine *n)
{
	cr_assert(memcmp(machine_storage(m), machine_storage(n), machine_storage_size(m)) == 0);
	for (unsigned x = 0; x < 32; x++)
		cr_assert(eq(u32, machine_register(m, x), machine_register(n, x)));
	EXPECT_PSW(machine_psw(m), machine_psw(n));
	cr_assert(eq(u64, machine_clock(m), machine_clock(n)));
	cr_assert(eq(u64, machine_steps(m), machine_steps(n)));
	cr_assert(machine_trapped(m) == machine_trapped(n) && machine_end(m) == machine_end(n));
	for (unsigned line = 0; line < machine_lines(m); line++) {
		struct line_state a = machine_line(m, line), b = machine_line(n, line);
		cr_assert(a.armed == b.armed && a.pending == b.pending && a.ended == b.ended && a.waiting == b.waiting);
	}
}

/* Random words for code: they trap, store over themselves, and reach the devices. */
static void fill(struct rig *rig, uint64_t seed)
{
	struct dice dice = { seed };
	for (uint32_t at = HANDLER; at < DATA; at += 4)
		rig_put(rig, at, isa_insns[dice_below(&dice, INSNS)].match | (dice_word(&dice) & 0x0FF00F80));
	rig_input(rig, 0, "some input");
}

Test(snapshot, what_is_put_back_runs_on_as_it_did)
{
	for (uint64_t seed = 1; seed <= 200; seed++) {
		struct rig *rig = rig_new(), *other = rig_new();
		size_t bytes = 0;
		fill(rig, seed), fill(other, seed);
		rig_run(rig, seed), rig_run(other, seed);
		struct snapshot *early = machine_snapshot(rig->m, NULL, &bytes);
		rig_run(rig, 50);
		rig_input(rig, 1, "later");
		struct snapshot *late = machine_snapshot(rig->m, early, &bytes);
		rig_run(rig, 100);
		cr_assert(machine_restore(rig->m, early));
		expect_same(rig->m, other->m);
		rig_run(rig, 50), rig_run(other, 50);
		expect_same(rig->m, other->m);
		snapshot_free(early, &bytes);
		rig_input(other, 1, "later");
		cr_assert(machine_restore(rig->m, late));
		rig_run(rig, 70), rig_run(other, 70);
		expect_same(rig->m, other->m);
		cr_assert(memcmp(rig->disk, other->disk, sizeof(rig->disk)) == 0);
		snapshot_free(late, &bytes);
		cr_assert(eq(sz, bytes, 0));
		rig_free(rig), rig_free(other);
	}
}

Test(snapshot, pages_alike_are_kept_once)
{
	struct rig *rig = looping();
	size_t bytes = 0;
	struct snapshot *first = machine_snapshot(rig->m, NULL, &bytes);
	size_t one = bytes;
	cr_expect(one < 6 * 4096, "three pages hold something");
	rig_put(rig, DATA, 1);
	struct snapshot *second = machine_snapshot(rig->m, first, &bytes);
	cr_expect(bytes - one < 2 * 4096 && bytes - one > 4096);
	snapshot_free(first, &bytes);
	snapshot_free(second, &bytes);
	cr_expect(eq(sz, bytes, 0));
	rig_free(rig);
}
