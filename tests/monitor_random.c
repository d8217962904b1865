/* The monitor against the bare machine: random guests from the instruction table,
 * half of their instructions privileged, at storage limits, with junk in PSWs and
 * command blocks, run bare and under monitors and compared at every entry
 * (properties/equivalence.h).  A failure names the seed and the command that shows it.
 *
 *     SEED=n      the first case (default 1); case i has the seed SEED + i
 *     CASES=n     how many (default 600)
 *     DEPTH=n     how many monitors (default: 1, 2 and 3 in turn)
 *     MONITOR=f   an ELF file (default build/monitor.elf)
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "assemble.h"
#include "properties/equivalence.h"
#include "random.h"

enum {
	STORAGE_MOST_HERE = 4096, DISK_SECTORS = 16, /* of a guest */
	ENTRIES = 1500,        /* compared in each case */
	STEPS = 300000,        /* of the real machine, between two entries; then the guest loops */
	POINTERS = 8,          /* x1 to x7 are set at the start, and used most */
};

/* A guest in the making. */
struct guest {
	struct dice dice;
	uint32_t size;                        /* q */
	uint32_t image[DISK_SECTORS * SECTOR / 4];
	uint32_t sectors;                     /* that IPL loads */
	uint32_t start, at;                   /* words: where it starts; where the next goes */
};

#define ROLL(g, n) dice_below(&(g)->dice, n)
#define ONE_IN(g, n) dice_one_in(&(g)->dice, n)

/* ---- random guests ------------------------------------------------------ */

static uint32_t a_value(struct guest *g)
{
	switch (ROLL(g, 10)) {
	case 0: return ROLL(g, 3);
	case 1: return g->size;
	case 2: return g->size - 1 - ROLL(g, 32);
	case 3: return ROLL(g, 64);
	case 4: return UINT32_MAX - ROLL(g, 8);
	case 5: return ROLL(g, g->size);
	case 6: return ROLL(g, g->size) & ~UINT32_C(3);
	case 7: return 4 * (g->start + ROLL(g, 40));
	default: return dice_word(&g->dice);
	}
}

static uint32_t a_timer(struct guest *g) { return ONE_IN(g, 3) ? a_value(g) : ROLL(g, 6); }

static enum insn an_insn(struct guest *g)
{
	enum insn insn = (enum insn)(ROLL(g, 10) < 6 ? INSN_SYSTEM + ROLL(g, SYSTEM_INSNS) : ROLL(g, INSN_SYSTEM));
	return insn == INSN_halt && !ONE_IN(g, 4) ? INSN_ssm : insn;
}

static uint32_t a_word(struct guest *g)
{
	if (ONE_IN(g, 20))
		return ONE_IN(g, 2) ? dice_word(&g->dice) : (dice_word(&g->dice) & ~UINT32_C(0x7F)) | ISA_OPCODE_SYSTEM;
	bool near = ONE_IN(g, 2); /* operands and targets close by */
	uint32_t immediate = near ? 4 * ROLL(g, 256) : dice_word(&g->dice);
	unsigned base = near && ROLL(g, 3) ? 0 : ROLL(g, POINTERS);
	return assemble(an_insn(g), ROLL(g, POINTERS), base, ROLL(g, POINTERS), immediate);
}

static void put(struct guest *g, uint32_t word)
{
	if (g->at < g->sectors * SECTOR / 4)
		g->image[g->at++] = word;
}

static void put_psw(struct guest *g, uint32_t at)
{
	bool tame = !ONE_IN(g, 4);
	g->image[at] = tame ? 4 * (g->start + ROLL(g, 20)) : a_value(g);
	g->image[at + 1] = tame ? ROLL(g, 8) : dice_word(&g->dice);
	g->image[at + 2] = tame ? 0 : a_value(g);
	g->image[at + 3] = tame ? BOUND_ALL : a_value(g);
	g->image[at + 4] = a_timer(g);
}

static void put_command_block(struct guest *g, uint32_t at)
{
	g->image[at] = ROLL(g, ONE_IN(g, 8) ? 4 : 2);
	g->image[at + 1] = ROLL(g, ONE_IN(g, 8) ? 10 : 5);
	g->image[at + 2] = ONE_IN(g, 8) ? a_value(g) : ROLL(g, 3);
	g->image[at + 3] = a_value(g);
	g->image[at + 4] = ONE_IN(g, 2) ? ROLL(g, 64) : ONE_IN(g, 2) ? SECTOR * ROLL(g, 4) : a_value(g);
}

/* Registers with telling values, then instructions that use the PSWs and command
 * blocks among the random words. */
static void put_beginning(struct guest *g)
{
	g->at = g->start;
	for (unsigned x = 1; x < POINTERS; x++) {
		uint32_t value = a_value(g);
		put(g, as_lui(x, (value + 0x800) >> 12));
		put(g, as_addi(x, x, (int)(value & 0xFFF)));
	}
	for (int i = 0; i < 6; i++) {
		uint32_t at = 64 + ROLL(g, 64);
		if (at + 6 > g->sectors * SECTOR / 4 || (at + 6 > g->start && at < g->start + 60))
			continue;
		if (ONE_IN(g, 2)) {
			put_psw(g, at);
			put(g, as_lpsw((int)at * 4, X0));
		} else {
			put_command_block(g, at);
			put(g, as_sio(ROLL(g, POINTERS), (int)at * 4, X0));
		}
	}
}

static void make_guest(struct guest *g, uint64_t seed)
{
	static const uint32_t sizes[] = { 512, 1024, 1028, 2048, 4092, STORAGE_MOST_HERE };
	*g = (struct guest){ .dice = { seed } };
	g->size = sizes[ROLL(g, 6)];
	g->sectors = 1 + ROLL(g, g->size / SECTOR);
	for (uint32_t i = 0; i < g->sectors * SECTOR / 4; i++)
		g->image[i] = a_word(g);
	g->start = 24 + ROLL(g, 40);
	put_psw(g, CELL_NEW_PSW / 4);
	if (!ONE_IN(g, 20))
		g->image[CELL_NEW_PSW / 4] = 4 * g->start;
	g->image[CELL_MAGIC / 4] = BOOT_MAGIC;
	g->image[CELL_SECTORS / 4] = ONE_IN(g, 50) ? ROLL(g, 20) : g->sectors;
	put_beginning(g);
}

/* ---- running them ------------------------------------------------------- */

struct totals {
	uint64_t cases, entries, ended;
};

static int fail(const struct equivalence *e, uint64_t seed, unsigned depth)
{
	struct psw bare = machine_psw(e->bare);
	const struct psw *vm = &e->meter.levels[e->guest].entry.psw;
	printf("seed %llu, depth %u: %s differs after %llu steps of the guest\n"
	       "  bare    pc %08x status %x base %08x bound %08x timer %08x\n"
	       "  virtual pc %08x status %x base %08x bound %08x timer %08x\n"
	       "  again: SEED=%llu CASES=1 DEPTH=%u build/tests/monitor_random\n",
	       (unsigned long long)seed, depth, e->what, (unsigned long long)e->steps,
	       bare.pc, bare.status, bare.base, bare.bound, bare.timer,
	       vm->pc, vm->status, vm->base, vm->bound, vm->timer, (unsigned long long)seed, depth);
	return 1;
}

static int run_case(const struct pack_monitor *monitors, uint64_t seed, unsigned depth, struct totals *totals)
{
	static struct guest guest;
	static struct equivalence e;
	struct refusal why;
	make_guest(&guest, seed);
	const struct vm_plan plan = {
		.disk = { (uint8_t *)guest.image, guest.sectors + (uint32_t)(seed % 4) },
		.storage = guest.size, .lines = 2, .name = "random",
	};
	const struct equivalence_case c = {
		.guest = &plan, .monitors = monitors, .depth = depth, .plain = seed % 2,
		.input = { seed % 3 ? "What is now proved was once only imagined." : NULL, "Blake" },
	};
	if (!equivalence_start(&e, &c, &why)) {
		printf("seed %llu: %s\n", (unsigned long long)seed, why.text);
		return 1;
	}
	enum equivalence_verdict verdict;
	do
		verdict = equivalence_advance(&e, STEPS);
	while (verdict == EQUIVALENCE_SAME && e.entries < ENTRIES);
	totals->cases++;
	totals->entries += e.entries;
	totals->ended += verdict == EQUIVALENCE_ENDED;
	int failed = verdict == EQUIVALENCE_DIFFERS ? fail(&e, seed, depth) : 0;
	equivalence_stop(&e);
	return failed;
}

static uint64_t setting(const char *name, uint64_t otherwise)
{
	const char *text = getenv(name);
	return text ? strtoull(text, NULL, 0) : otherwise;
}

/* The monitor's bytes; NULL if there are none. */
static void *read_monitor(const char *path, size_t *size)
{
	FILE *file = fopen(path, "rb");
	if (!file)
		return NULL;
	void *bytes = malloc(1 << 20);
	*size = bytes ? fread(bytes, 1, 1 << 20, file) : 0;
	fclose(file);
	return bytes;
}

int main(void)
{
	const char *path = getenv("MONITOR") ? getenv("MONITOR") : "build/monitor.elf";
	struct pack_monitor monitors[8];
	struct totals totals = { 0 };
	size_t size = 0;
	void *bytes = read_monitor(path, &size);
	if (!bytes) {
		printf("%s: cannot be read: run make first\n", path);
		return 1;
	}
	for (int i = 0; i < 8; i++)
		monitors[i] = (struct pack_monitor){ bytes, size, path };
	uint64_t first = setting("SEED", 1), cases = setting("CASES", 600), depth = setting("DEPTH", 0), failed = 0;
	for (uint64_t seed = first; seed < first + cases; seed++)
		failed += (uint64_t)run_case(monitors, seed, depth && depth <= 8 ? (unsigned)depth : 1 + seed % 3, &totals);
	printf("monitor_random: %llu random guests, compared at %llu entries; %llu ended; %llu differ\n",
	       (unsigned long long)totals.cases, (unsigned long long)totals.entries,
	       (unsigned long long)totals.ended, (unsigned long long)failed);
	free(bytes);
	return failed || totals.entries < totals.cases;
}
