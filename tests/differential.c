/* The engine against the plain executor: random programs from the instruction
 * table, in random states, run by both in chunks of random length, and compared in
 * everything after every chunk.  A failure names the first instruction after which they differ
 * and the command that shows it again: this same program, since compilers may roll
 * the dice for an instruction's operands in another order.
 *
 *     SEED=n      the first case (default 1); case i has the seed SEED + i
 *     CASES=n     how many (default 1500)
 *     SECONDS=n   instead of CASES: until that time has passed
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "assemble.h"
#include "machine/engine/engine.h"
#include "random.h"
#include "twins.h"

/* Registers 8 to 15 hold addresses, and few instructions write to them. */
enum { POINTERS = 8, POINTERS_END = 16, BLOCK_POINTER = 15, GUEST_POINTER = 14, BLOCKS = 4, PSWS = 4 };

/* One case: its dice, its machines, and the shape of its storage. */
struct trial {
	struct dice dice;
	struct twins *twins;
	uint32_t size, base, bound; /* q and R of the program under test */
	uint32_t code, code_words;  /* virtual address of the part that jumps stay in */
	uint32_t blocks;            /* the same of BLOCKS command blocks */
	uint32_t psws[PSWS];        /* the same of PSWs that lead to the code */
	bool assisted;              /* the machine has SIE: */
	uint32_t guest;             /* the same of a state description; its guest shares the code */
	bool calm;                  /* few traps, so that the engine runs far */
	bool handler;               /* traps lead to put_handler's, not to the code */
};

/* ---- choosing ----------------------------------------------------------- */

#define ROLL(t, n) dice_below(&(t)->dice, n)
#define ONE_IN(t, n) dice_one_in(&(t)->dice, n)

/* The most that virtual addresses reach under R. */
static uint32_t limit(const struct trial *t)
{
	uint32_t above = t->base < t->size ? t->size - t->base : 0;
	return t->bound < above ? t->bound : above;
}

/* One from which a store reaches from before a granule into its first bytes. */
static uint32_t an_edge_of_code(struct trial *t)
{
	uint32_t real = t->base + t->code + ROLL(t, 4 * t->code_words);
	return (real & ~(WATCH_GRANULE - 1u)) - t->base - ROLL(t, 4);
}

static uint32_t an_address(struct trial *t)
{
	if (ONE_IN(t, 8))
		return ONE_IN(t, 2) ? an_edge_of_code(t) : t->psws[ROLL(t, PSWS)];
	if (t->calm)
		return ROLL(t, 8) ? 32 + ROLL(t, limit(t)) * 15 / 16 : t->code + ROLL(t, 4 * t->code_words);
	switch (ROLL(t, 8)) {
	case 0: return limit(t) - ROLL(t, 12);
	case 1: return t->bound - ROLL(t, 12);
	case 2: return t->size - t->base - ROLL(t, 12);
	case 3: return 0u - ROLL(t, 16) * 4;
	case 4: case 5: return t->code + ROLL(t, 4 * t->code_words); /* stores here change code */
	default: return ROLL(t, limit(t) + 1);
	}
}

static uint32_t a_number(struct trial *t)
{
	static const uint32_t edges[] = { 0, 1, 2, 31, 32, 0x7FF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF };
	switch (ROLL(t, 3)) {
	case 0: return edges[ROLL(t, sizeof(edges) / sizeof(*edges))];
	case 1: return ROLL(t, 64);
	default: return dice_word(&t->dice);
	}
}

static unsigned a_destination(struct trial *t)
{
	if (ONE_IN(t, 20))
		return ROLL(t, 32);
	unsigned x = ROLL(t, 24);
	return x < POINTERS ? x : x + POINTERS_END - POINTERS;
}

static unsigned a_pointer(struct trial *t) { return POINTERS + ROLL(t, POINTERS_END - POINTERS); }

/* A distance for branches from word i of the code: mostly inside it, and mostly aligned. */
static int a_distance(struct trial *t, uint32_t i)
{
	if (!t->calm && ONE_IN(t, 60))
		return (int)ROLL(t, 4096) - 2048;
	int target = ONE_IN(t, 2) ? (int)ROLL(t, t->code_words) : (int)(i + ROLL(t, 24)) - 16;
	int distance = 4 * (target - (int)i);
	if (!t->calm && ONE_IN(t, 100))
		distance += 2;
	return distance > 2000 ? 2000 : distance < -2000 ? -2000 : distance;
}

/* ---- programs ----------------------------------------------------------- */

static enum insn a_row(struct trial *t, enum insn from, enum insn past)
{
	return (enum insn)(from + (int)ROLL(t, (uint32_t)(past - from)));
}

/* The word at index i of the code. */
static uint32_t an_instruction(struct trial *t, uint32_t i)
{
	uint32_t d = a_destination(t), s = ROLL(t, 32), p = a_pointer(t);
	int near = ONE_IN(t, 4) ? 0 : (int)ROLL(t, 64) - 32;
	uint32_t kind = ROLL(t, t->calm && !ONE_IN(t, 4) ? 83 : 100);
	if (i + 1 == t->code_words)
		return as_jal(X0, -4 * (int)i);
	if (kind < 38)
		return assemble(a_row(t, INSN_addi, INSN_fence), d, s, ROLL(t, 32), ONE_IN(t, 3) ? a_number(t) : (uint32_t)near);
	if (kind < 52)
		return assemble(a_row(t, INSN_lb, INSN_sb), d, p, 0, (uint32_t)near);
	if (kind < 66)
		return assemble(a_row(t, INSN_sb, INSN_addi), 0, p, s, (uint32_t)near);
	if (kind < 80)
		return assemble(a_row(t, INSN_beq, INSN_lb), 0, s, ROLL(t, 32), (uint32_t)a_distance(t, i));
	if (kind < 83)
		return as_jal(d, a_distance(t, i));
	if (kind < 85)
		return as_jalr(d, near & ~3, p);
	if (kind < 89)
		return assemble(ONE_IN(t, 2) ? INSN_lui : INSN_auipc, d, 0, 0, a_number(t));
	if (kind < 92)
		return as_addi(p, p, near);
	if (t->assisted && ONE_IN(t, 2))
		return as_sie(ONE_IN(t, 16) ? near : 0, ONE_IN(t, 16) ? p : GUEST_POINTER);
	if (kind < 93)
		return dice_word(&t->dice);
	if (kind < 96)
		return assemble(a_row(t, INSN_fence, INSN_SYSTEM), 0, 0, 0, 0);
	if (kind < 97)
		return ONE_IN(t, 8) ? as_halt(s) : as_sio(d, 24 * (int)ROLL(t, BLOCKS), BLOCK_POINTER);
	if (kind < 98)
		return as_lpsw(0, p);
	return assemble(a_row(t, INSN_SYSTEM, INSN_halt), d, ONE_IN(t, 2) ? p : s, ROLL(t, 32), (uint32_t)near);
}

static void put_word(struct trial *t, uint32_t real, uint32_t word)
{
	twins_write(t->twins, real, &word, sizeof(word));
}

/* Word i of the code, if there is storage for it. */
static void put_code(struct trial *t, uint32_t i, uint32_t word)
{
	uint32_t real = t->base + t->code + 4 * i;
	if (real + 4 <= t->size)
		put_word(t, real, word);
}

/* One instruction of a row of the engine's fused handlers, after those before it. */
static uint32_t a_link(struct trial *t, const struct fusion *row, unsigned i, uint32_t at, unsigned *result)
{
	enum insn insn = (enum insn)row->insn[i];
	bool branch = insn >= INSN_beq && insn <= INSN_bgeu, moves = insn >= INSN_lb && insn <= INSN_sw;
	unsigned s = row->chained >> i & 1 ? *result : moves ? a_pointer(t) : ROLL(t, 32);
	unsigned d = row->in_place >> i & 1 ? *result : a_destination(t);
	uint32_t immediate = branch ? (uint32_t)a_distance(t, at) : insn == INSN_slli ? row->shift : ROLL(t, 64);
	*result = d;
	return assemble(insn, d, s, ONE_IN(t, 2) ? a_pointer(t) : ROLL(t, 32), immediate);
}

/* What the engine fuses, from index i of the code on, and sometimes almost that. */
static void put_fused(struct trial *t, uint32_t i)
{
	unsigned rows = 0, result = a_destination(t);
	while (engine_longer[rows].n != 0)
		rows++;
	const struct fusion *row = &engine_longer[ROLL(t, rows)];
	for (unsigned n = 0; n < row->n && i + n + 1 < t->code_words; n++)
		if (!ONE_IN(t, 40))
			put_code(t, i + n, a_link(t, row, n, i + n, &result));
}

/* Now and then one that cuts the code, or ends a word before or after it. */
static uint32_t a_bound(struct trial *t)
{
	uint32_t end = t->code + 4 * t->code_words;
	if (t->calm || !ONE_IN(t, 4))
		return t->bound;
	return ONE_IN(t, 2) ? end - 8 + ROLL(t, 17) : t->code + ROLL(t, 4 * t->code_words);
}

/* One whose storage begins amid the code. */
static struct psw a_psw_amid(struct trial *t)
{
	uint32_t base = t->base + t->code + 4 * ROLL(t, t->code_words);
	return (struct psw){ 4 * ROLL(t, 16), ROLL(t, 2), base, ROLL(t, 2) ? t->bound : 4 * ROLL(t, 64), 0 };
}

static struct psw a_psw(struct trial *t)
{
	if (!t->calm && ONE_IN(t, 6))
		return a_psw_amid(t);
	return (struct psw){
		.pc = t->code + (ONE_IN(t, 8) ? ROLL(t, 4 * t->code_words) : 0),
		.status = ONE_IN(t, 2) ? ROLL(t, 8) : ROLL(t, 4),
		.base = t->base,
		.bound = a_bound(t),
		.timer = ONE_IN(t, 2) ? ROLL(t, 60) : dice_word(&t->dice),
	};
}

/* Skips what trapped, unless it was an interrupt, and goes on under a timer of
 * some 40 instructions. */
static void put_handler(struct trial *t, uint32_t origin, uint32_t at)
{
	uint32_t words[] = {
		as_sw(X5, 0x40, X0), as_sw(X6, 0x44, X0),
		as_lw(X5, CELL_CAUSE, X0), as_addi(X6, X0, CAUSE_TIMER), as_bgeu(X5, X6, 16),
		as_lw(X5, 0, X0), as_addi(X5, X5, 4), as_sw(X5, 0, X0),
		as_addi(X5, X0, 40), as_sw(X5, 16, X0),
		as_lw(X5, 0x40, X0), as_lw(X6, 0x44, X0), as_lpsw(0, X0),
	};
	for (uint32_t i = 0; i < sizeof(words) / 4; i++)
		put_word(t, origin + at + 4 * i, words[i]);
	twins_write(t->twins, origin + CELL_NEW_PSW, &(struct psw){ at, 0, 0, BOUND_ALL, 0 }, sizeof(struct psw));
}

static void put_command_blocks(struct trial *t)
{
	for (uint32_t i = 0; i < BLOCKS; i++) {
		struct command_block block = { ROLL(t, 8) ? DEVICE_CONSOLE : ROLL(t, 3), ROLL(t, 6), ROLL(t, 3),
		                               ROLL(t, t->size), ROLL(t, 2) ? ROLL(t, 64) : 512 * ROLL(t, 3), 0 };
		if (ONE_IN(t, 2))
			block = (struct command_block){ DEVICE_CONSOLE, CONSOLE_ARM, ROLL(t, 2), 0, 0, 0 };
		twins_write(t->twins, t->base + t->blocks + i * sizeof(block), &block, sizeof(block));
	}
}

/* For LPSW: some amid the code, and some over the trap cells. */
static void put_psws(struct trial *t)
{
	for (uint32_t i = 0; i < PSWS; i++) {
		struct psw psw = a_psw(t);
		uint64_t real = (uint64_t)t->base + t->psws[i];
		if (real + sizeof(psw) <= t->size)
			twins_write(t->twins, (uint32_t)real, &psw, sizeof(psw));
	}
}

/* A guest for SIE: in its storage, under its R, the code has the addresses that it has for
 * the host, so that both come by everywhere. */
static void put_guest(struct trial *t)
{
	struct state_description d = { .psw = a_psw(t), .clock = { dice_word(&t->dice), 0 }, .trapped = ONE_IN(t, 8) };
	d.origin = ROLL(t, t->base + 1) & ~3u;
	d.extent = (t->size - d.origin - (ONE_IN(t, 2) ? ROLL(t, t->size - d.origin) : 0)) & ~3u;
	d.psw.base -= d.origin;
	d.pending = ONE_IN(t, 3) ? ROLL(t, 8) : 0;
	if (t->handler && d.origin >= 0x100 && d.extent >= STORAGE_LEAST)
		put_handler(t, d.origin, 0x80);
	if (ONE_IN(t, 16))
		d.origin += ROLL(t, t->size);
	if ((uint64_t)t->base + t->guest + sizeof(d) <= t->size)
		twins_write(t->twins, t->base + t->guest, &d, sizeof(d));
}

/* Addresses and numbers all over storage, then code and what it needs. */
static void fill_storage(struct trial *t)
{
	for (uint32_t at = 0x40; at + 24 <= t->size; at += 4 + 4 * ROLL(t, t->size / 32))
		put_word(t, at, ONE_IN(t, 2) ? an_address(t) : a_number(t));
	for (uint32_t i = 0; i < t->code_words; i++)
		put_code(t, i, an_instruction(t, i));
	for (uint32_t i = ROLL(t, 40); i < t->code_words; i += 8 + ROLL(t, 40))
		put_fused(t, i);
	put_command_blocks(t);
	put_psws(t);
	if (t->handler)
		put_handler(t, 0, 0x80);
	else
		twins_write(t->twins, CELL_NEW_PSW, &(struct psw){ t->code, ROLL(t, 8), t->base, t->bound, ROLL(t, 50) },
		            sizeof(struct psw));
	if (t->assisted)
		put_guest(t);
}

static void set_registers(struct trial *t)
{
	for (unsigned x = 1; x < 32; x++)
		twins_set_register(t->twins, x, x >= POINTERS && x < POINTERS_END ? an_address(t) : a_number(t));
	if (!ONE_IN(t, 4))
		twins_set_register(t->twins, BLOCK_POINTER, t->blocks);
	if (t->assisted && !ONE_IN(t, 8))
		twins_set_register(t->twins, GUEST_POINTER, t->guest);
}

/* Everything afresh, in the machines there are: code decoded before is stale now. */
static void start_over(struct trial *t)
{
	if (ONE_IN(t, 3))
		twins_ipl(t->twins);
	t->base = ONE_IN(t, 3) ? 0 : ROLL(t, t->size / 2) & ~3u;
	uint32_t above = t->size - t->base;
	t->bound = ONE_IN(t, 3) ? BOUND_ALL : ONE_IN(t, 4) ? ROLL(t, above) : above - ROLL(t, above / 4) - ROLL(t, 4);
	t->calm = t->size >= 4096 && ONE_IN(t, 2);
	if (t->calm)
		t->bound = above;
	t->handler = t->calm || !ONE_IN(t, 4);
	t->code_words = 8 + ROLL(t, 120);
	t->code = ROLL(t, limit(t) + 1) & ~3u;
	if (!t->handler && ONE_IN(t, 2))
		t->base = t->code = ROLL(t, 2) ? 0 : 4 * ROLL(t, 24); /* over the trap cells */
	else if (ONE_IN(t, 2))
		t->code = limit(t) - 4 * t->code_words < limit(t) ? (limit(t) - 4 * t->code_words) & ~3u : 0;
	if (ONE_IN(t, 3))
		t->code += 4 * ROLL(t, 3); /* over the end, by a word or two */
	if (t->handler && t->base + t->code < 0xC0)
		t->code = 0xC0; /* past the handler */
	for (uint32_t i = 0; i < PSWS; i++)
		t->psws[i] = ONE_IN(t, 4) ? t->code + ROLL(t, 4 * t->code_words) : ROLL(t, limit(t) + 1);
	t->guest = ROLL(t, limit(t) + 1);
	t->blocks = limit(t) > 24 * BLOCKS ? ROLL(t, limit(t) - 24 * BLOCKS) : 0;
	fill_storage(t);
	set_registers(t);
	twins_set_psw(t->twins, a_psw(t));
	twins_set_clock(t->twins, ONE_IN(t, 4) ? UINT32_MAX - ROLL(t, 200) : dice_word(&t->dice), ONE_IN(t, 8));
}

/* ---- running ------------------------------------------------------------ */

static struct trial begin(uint64_t seed)
{
	static const uint32_t sizes[] = { 512, 516, 1024, 4096, 4100, 65536, 1 << 20 };
	struct trial t = { .dice = { seed } };
	t.size = sizes[ROLL(&t, sizeof(sizes) / sizeof(*sizes))];
	const struct profile *profile = &isa_profiles[ONE_IN(&t, 3) ? ROLL(&t, PROFILES) : PROFILE_strict];
	if (ONE_IN(&t, 4))
		profile = &isa_profiles[PROFILE_sie];
	t.assisted = profile->features & FEATURE_SIE;
	t.twins = twins_new(t.size, 1 + ROLL(&t, 3), profile);
	if (t.twins->fast.m->engine && !ONE_IN(&t, 8))
		t.twins->fast.m->engine->patience = 0; /* decode at once */
	start_over(&t);
	return t;
}

/* What the host may do between two runs. */
static void intervene(struct trial *t)
{
	unsigned line = ROLL(t, machine_lines(t->twins->plain.m));
	switch (ROLL(t, 10)) {
	case 0: twins_input(t->twins, line, "input", 1 + ROLL(t, 5)); break;
	case 1: twins_observe(t->twins, ONE_IN(t, 2)); break;
	case 2: twins_watch(t->twins, ROLL(t, t->size), ONE_IN(t, 2)); break;
	case 3: twins_set_psw(t->twins, a_psw(t)); break;
	case 4: put_word(t, ROLL(t, t->size - 3), an_instruction(t, 0)); break;
	case 5: set_registers(t); break;
	case 7: twins_break(t->twins, t->base + t->code + 4 * ROLL(t, t->code_words), ONE_IN(t, 4)); break;
	case 6:
		if (ONE_IN(t, 20))
			twins_input_ends(t->twins, line);
		break;
	}
	if (machine_end(t->twins->plain.m) != MACHINE_RUNNING) {
		twins_ipl(t->twins); /* nothing else makes it run again */
		start_over(t);
	} else if (ONE_IN(t, 12)) {
		start_over(t);
	}
}

static uint64_t a_chunk(struct trial *t)
{
	static const uint32_t sizes[] = { 1, 2, 8, 50, 300, 3000 };
	return 1 + ROLL(t, sizes[ROLL(t, sizeof(sizes) / sizeof(*sizes))]);
}

enum { CHUNKS = 60 };

struct difference {
	int chunk;       /* the first after which they differ; -1: none */
	uint64_t steps;  /* in that chunk */
	uint32_t pc;     /* and word: what comes next if they do not differ */
	uint32_t word;
	char why[128];
};

/* Plays the case of seed up to chunk last, which may be cut to so many steps. */
static struct difference play(uint64_t seed, int last, uint64_t most)
{
	struct trial t = begin(seed);
	struct difference d = { -1, 0, 0, 0, "" };
	for (int chunk = 0; chunk <= last && d.chunk < 0; chunk++) {
		uint64_t steps = a_chunk(&t);
		if (chunk == last && steps > most)
			steps = most;
		twins_run(t.twins, steps);
		if (!twins_same(t.twins, d.why, sizeof(d.why))) {
			d.chunk = chunk;
			d.steps = steps;
		} else {
			d.pc = machine_psw(t.twins->plain.m).pc;
			uint64_t real = (uint64_t)machine_psw(t.twins->plain.m).base + d.pc;
			if (real < t.size)
				machine_read(t.twins->plain.m, (uint32_t)real, &d.word, sizeof(d.word));
			intervene(&t);
		}
	}
	twins_free(t.twins);
	return d;
}

/* The fewest steps of the chunk after which they differ; a difference may show
 * only when a later instruction makes it visible, so all lengths are tried. */
static struct difference narrow(uint64_t seed, struct difference found)
{
	for (uint64_t steps = 1; steps < found.steps; steps++) {
		struct difference d = play(seed, found.chunk, steps);
		if (d.chunk >= 0)
			return d;
	}
	return found;
}

static void report(uint64_t seed, struct difference d)
{
	d = narrow(seed, d);
	struct difference before = play(seed, d.chunk, d.steps - 1);
	char text[128];
	disassemble(before.word, before.pc, text, sizeof(text));
	fprintf(stderr, "Case %llu, chunk %d: after step %llu, %s\n", (unsigned long long)seed, d.chunk,
	        (unsigned long long)d.steps, d.why);
	fprintf(stderr, "That step was at pc 0x%x: %s\n", before.pc, text);
	fprintf(stderr, "Again: SEED=%llu CASES=1 %s\n", (unsigned long long)seed, program_invocation_name);
}

/* ---- the engine is really at work ---------------------------------------- */

/* The engine, if this machine has one, completes a loop of plain instructions,
 * and never more than it is asked for. */
static bool engine_works(void)
{
	struct machine *m = machine_new(&(struct machine_config){ 4096, 1, NULL, false }, NULL);
	uint32_t loop[] = { as_addi(X1, X1, 1), as_sw(X1, 0, X2), as_lw(X3, 0, X2), as_bne(X1, X0, -12) };
	machine_write(m, 0x200, loop, sizeof(loop));
	machine_set_psw(m, (struct psw){ 0x200, STATUS_M, 0, 4096, 0 });
	machine_set_register(m, 2, 0x800);
	uint64_t asked = 0, done = 0;
	bool within = true;
	if (m->engine)
		m->engine->patience = 0;
	for (uint64_t budget = 1; m->engine && budget < 100000; budget += budget / 3 + 1) {
		uint64_t n = engine_run(m, budget).completed;
		within &= n <= budget;
		asked += budget;
		done += n;
		if (n < budget)
			step(m);
	}
	if (!m->engine)
		printf("differential: there is no engine here; comparing the plain executor with itself\n");
	machine_free(m);
	return within && done >= asked - asked / 10;
}

/* ---- */

static uint64_t setting(const char *name, uint64_t otherwise)
{
	const char *value = getenv(name);
	return value ? strtoull(value, NULL, 0) : otherwise;
}

int main(void)
{
	uint64_t seed = setting("SEED", 1), cases = setting("CASES", 1500), seconds = setting("SECONDS", 0);
	if (!engine_works()) {
		fprintf(stderr, "differential: the engine does not complete a plain loop\n");
		return 1;
	}
	time_t end = time(NULL) + (time_t)seconds;
	uint64_t n = 0;
	for (; seconds ? time(NULL) < end : n < cases; n++) {
		struct difference d = play(seed + n, CHUNKS - 1, UINT64_MAX);
		if (d.chunk >= 0) {
			report(seed + n, d);
			printf("%llu passed, 1 failed\n", (unsigned long long)n);
			return 1;
		}
	}
	printf("%llu passed, 0 failed\n", (unsigned long long)n);
	return 0;
}
