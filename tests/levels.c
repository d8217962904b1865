/* Anchors: machines in machines are found by them, and what an anchor or a VM table
 * says is believed only where it can be true (inspector/levels.h).
 */

#include "inspector/levels.h"
#include "random.h"
#include "rig.h"

enum { TABLE = 0x200 };

/* A monitor's anchor and a table of two VMs at 0x4000 and 0x8000, inside the
 * machine whose storage begins at real. */
static void put_monitor(struct rig *rig, uint32_t real, uint32_t region, uint32_t size)
{
	struct anchor anchor = { ANCHOR_MAGIC, TABLE, 2, sizeof(struct vm_entry), 1 };
	machine_write(rig->m, real + CELL_ANCHOR, &anchor, sizeof(anchor));
	for (uint32_t i = 0; i < 2; i++) {
		struct vm_entry vm = { .state = VM_RUNNABLE, .region = region + i * size, .size = size, .name = "vm" };
		vm.name[2] = (char)('0' + i);
		machine_write(rig->m, real + TABLE + i * sizeof(vm), &vm, sizeof(vm));
	}
}

static void put_word(struct rig *rig, uint32_t real, uint32_t word) { rig_put(rig, real, word); }

static unsigned count(struct rig *rig, struct level *found) { return levels_find(rig->m, found, LEVELS_MOST); }

Test(levels, a_machine_without_an_anchor_hosts_nobody)
{
	struct rig *rig = rig_new();
	struct level found[LEVELS_MOST];
	cr_expect(eq(u32, count(rig, found), 1));
	cr_expect(found[0].parent == -1 && !found[0].hosts && found[0].lie == NULL);
	cr_expect(eq(u32, found[0].size, RIG_STORAGE));
	cr_expect(eq(int, levels_inner(found, 1, 0), -1));
	rig_free(rig);
}

Test(levels, machines_are_found_from_level_to_level)
{
	struct rig *rig = rig_new();
	struct level found[LEVELS_MOST];
	put_monitor(rig, 0, 0x4000, 0x4000);
	put_monitor(rig, 0x8000, 0x1000, 0x1000);
	cr_assert(eq(u32, count(rig, found), 5));
	static const uint32_t real[] = { 0, 0x4000, 0x8000, 0x9000, 0xA000 };
	static const int parent[] = { -1, 0, 0, 2, 2 };
	for (unsigned i = 0; i < 5; i++) {
		cr_expect(eq(u32, found[i].real, real[i]));
		cr_expect(eq(int, found[i].parent, parent[i]));
		cr_expect(eq(u32, found[i].depth, i == 0 ? 0 : i < 3 ? 1 : 2));
	}
	cr_expect(eq(int, levels_inner(found, 5, 0), 2), "the VM that runs");
	put_word(rig, CELL_ANCHOR + 16, UINT32_MAX);
	cr_assert(eq(u32, count(rig, found), 5));
	cr_expect(eq(int, levels_inner(found, 5, 0), 1), "the first, if none runs");
	cr_expect(eq(u32, levels_at(found, 5, 0x100), 0));
	cr_expect(eq(u32, levels_at(found, 5, 0x4000), 1));
	cr_expect(eq(u32, levels_at(found, 5, 0x8FFF), 2));
	cr_expect(eq(u32, levels_at(found, 5, 0xA000), 4));
	cr_expect(eq(u32, levels_at(found, 5, 0xC000), 0));
	rig_free(rig);
}

Test(levels, no_more_are_found_than_there_is_room_for)
{
	struct rig *rig = rig_new();
	struct level found[4];
	memset(found, 0xAA, sizeof(found));
	put_monitor(rig, 0, 0x4000, 0x4000);
	cr_expect(eq(u32, levels_find(rig->m, found, 2), 2));
	uint32_t untouched;
	memcpy(&untouched, &found[2], 4);
	cr_expect(eq(u32, untouched, 0xAAAAAAAA));
	rig_free(rig);
}

/* ---- lies --------------------------------------------------------------- */

/* One word of the monitor's data changed: so many machines remain, and it is said
 * or not said to be a lie. */
static void expect_with(uint32_t at, uint32_t word, unsigned machines, bool lie)
{
	struct rig *rig = rig_new();
	struct level found[LEVELS_MOST];
	put_monitor(rig, 0, 0x4000, 0x4000);
	put_word(rig, at, word);
	cr_expect(eq(u32, count(rig, found), machines), "0x%x at 0x%x", word, at);
	cr_expect(eq(int, found[0].lie != NULL, lie), "0x%x at 0x%x", word, at);
	rig_free(rig);
}

Test(levels, an_anchor_that_cannot_be_true_is_not_followed)
{
	expect_with(CELL_ANCHOR, ANCHOR_MAGIC + 1, 1, false);
	expect_with(CELL_ANCHOR + 4, RIG_STORAGE, 1, true);
	expect_with(CELL_ANCHOR + 4, RIG_STORAGE - 511, 1, true);
	expect_with(CELL_ANCHOR + 4, UINT32_MAX, 1, true);
	expect_with(CELL_ANCHOR + 8, LEVELS_MOST + 1, 1, true);
	expect_with(CELL_ANCHOR + 8, UINT32_MAX, 1, true);
	expect_with(CELL_ANCHOR + 8, 0, 1, true);
	expect_with(CELL_ANCHOR + 12, 252, 1, true);
	expect_with(CELL_ANCHOR + 12, 258, 1, true);
	expect_with(CELL_ANCHOR + 12, 0x80000000, 1, true);
	expect_with(CELL_ANCHOR + 16, 2, 1, true);
}

Test(levels, a_vm_that_cannot_be_true_is_left_out)
{
	enum { STATE = TABLE, REGION = TABLE + 8, SIZE = TABLE + 12 };
	expect_with(STATE, VM_EMPTY, 2, false);
	expect_with(STATE, VM_STATES, 2, false);
	expect_with(REGION, 0, 2, true);
	expect_with(REGION, CELL_ANCHOR, 2, true);
	expect_with(REGION, RIG_STORAGE, 2, true);
	expect_with(REGION, UINT32_MAX, 2, true);
	expect_with(REGION, RIG_STORAGE - 0x3FFC, 2, true);
	expect_with(REGION, 0x6000, 2, true);
	expect_with(SIZE, 0, 2, true);
	expect_with(SIZE, 508, 2, true);
	expect_with(SIZE, 0x4004, 2, true);
	expect_with(SIZE, UINT32_MAX, 2, true);
	expect_with(SIZE, 0x1000, 3, false);
}

/* The machine that runs after an LPSW to user mode under R. */
static unsigned runs_under(struct rig *rig, uint32_t base, uint32_t bound)
{
	struct levels_meter meter;
	levels_meter_start(&meter, rig->m);
	rig_set_pc(rig, CODE);
	rig_set_status(rig, 0);
	rig_set_r(rig, 0, BOUND_ALL);
	rig_put(rig, CODE, isa_encode(INSN_lpsw, 0, 0, 0, 0x700));
	rig_put_psw(rig, 0x700, (struct psw){ .status = STATUS_M, .base = base, .bound = bound });
	rig_run(rig, 1);
	machine_observe(rig->m, &(struct observer){ 0 });
	return meter.running;
}

Test(levels, whose_an_empty_window_is_the_anchor_tells)
{
	struct rig *rig = rig_new();
	put_monitor(rig, 0, 0x4000, 0x4000);
	cr_expect(eq(u32, runs_under(rig, 0x4000, 4), 1), "what can be fetched is the VM's that has it");
	cr_expect(eq(u32, runs_under(rig, 0xC000, 4), 0), "or nobody's");
	static const uint32_t bases[] = { 0, 0x4000, 0x8000, 0xC000, RIG_STORAGE, UINT32_MAX - 3 };
	for (unsigned i = 0; i < sizeof(bases) / sizeof(*bases); i++)
		cr_expect(eq(u32, runs_under(rig, bases[i], 0), 2), "base 0x%x", bases[i]);
	cr_expect(eq(u32, runs_under(rig, RIG_STORAGE, 4), 2), "nothing is there, either");
	put_word(rig, CELL_ANCHOR + 16, UINT32_MAX);
	cr_expect(eq(u32, runs_under(rig, 0x4000, 0), 1), "who is not told is known by the base");
	rig_free(rig);
}

/* Any storage at all: it ends, and every machine is inside its host. */
Test(levels, random_tables_lead_nowhere_outside)
{
	struct dice dice = { 21 };
	struct rig *rig = rig_new();
	for (int round = 0; round < 2000; round++) {
		put_monitor(rig, 0, 0x4000, 0x4000);
		put_monitor(rig, 0x4000, 0x1000, 0x1000);
		for (int i = 0; i < 6; i++) {
			uint32_t host = 0x4000 * dice_below(&dice, 2);
			uint32_t at = dice_one_in(&dice, 2) ? CELL_ANCHOR + 4 * dice_below(&dice, 5) : TABLE + 4 * dice_below(&dice, 80);
			put_word(rig, host + at, dice_one_in(&dice, 2) ? dice_word(&dice) : dice_below(&dice, RIG_STORAGE));
		}
		struct level found[LEVELS_MOST];
		unsigned n = count(rig, found);
		for (unsigned i = 1; i < n; i++) {
			const struct level *host = &found[found[i].parent];
			cr_assert(found[i].parent < (int)i);
			cr_assert(found[i].real > host->real && found[i].size < host->size);
			cr_assert(found[i].real - host->real + found[i].size <= host->size);
		}
	}
	rig_free(rig);
}
