/* Guests from a seed.  See random_guest.h; called by check.c and the tests of our own
 * monitor.
 */

#include "random_guest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	WORDS_MOST = 4096 / 4,
	POINTERS = 8,      /* x1 to x7 are set at the start, and used most */
	STEPS_LOOKED_ON = 30000,
	PSWS = 0x80,       /* address of three PSWs that the program loads */
	HANDLER = 0x100,   /* address; ends before SMALL_BLOCK */
	ARM_BLOCK = SMALL_BLOCK + 24, /* arms a line */
	TRAPS_MOST = 100,  /* that the handler goes on after */
	LINES_MANY = 12,
};

/* The same numbers everywhere (splitmix64, Steele, Lea and Flood 2014). */
struct maker {
	uint64_t seed, dice;
	uint32_t size;             /* q */
	uint32_t image[WORDS_MOST];
	uint32_t sectors;          /* that IPL loads */
	uint32_t start, at;        /* words: where it starts; where the next goes */
};

/* Of the tame ones. */
static bool many_lines(const struct maker *g) { return g->seed % 12 == 5; }

static uint32_t roll(struct maker *g)
{
	uint64_t z = g->dice += UINT64_C(0x9E3779B97F4A7C15);
	z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
	return (uint32_t)((z ^ z >> 31) >> 32);
}

static uint32_t below(struct maker *g, uint32_t n) { return (uint32_t)((uint64_t)roll(g) * n >> 32); }
static bool one_in(struct maker *g, uint32_t n) { return below(g, n) == 0; }

/* ---- words -------------------------------------------------------------- */

static void put(struct maker *g, uint32_t word)
{
	if (g->at < g->sectors * SECTOR / 4)
		g->image[g->at++] = word;
}

/* An instruction by its operands as isa_encode has them. */
#define PUT(g, name, rd, rs1, rs2, immediate) put(g, isa_encode(INSN_##name, rd, rs1, rs2, (uint32_t)(immediate)))

static void put_constant(struct maker *g, unsigned x, uint32_t value)
{
	PUT(g, lui, x, 0, 0, (value + 0x800) >> 12);
	PUT(g, addi, x, x, 0, value & 0xFFF);
}

static uint32_t a_value(struct maker *g)
{
	switch (below(g, 10)) {
	case 0: return below(g, 3);
	case 1: return g->size;
	case 2: return g->size - 1 - below(g, 32);
	case 3: return below(g, 64);
	case 4: return UINT32_MAX - below(g, 8);
	case 5: return below(g, g->size);
	case 6: return below(g, g->size) & ~UINT32_C(3);
	case 7: return 4 * (g->start + below(g, 40));
	default: return roll(g);
	}
}

static uint32_t a_timer(struct maker *g) { return one_in(g, 3) ? a_value(g) : below(g, 6); }

static enum insn an_insn(struct maker *g)
{
	enum insn insn = (enum insn)(below(g, 10) < 6 ? INSN_SYSTEM + below(g, SYSTEM_INSNS) : below(g, INSN_SYSTEM));
	return insn == INSN_halt && !one_in(g, 4) ? INSN_ssm : insn;
}

/* Operands that the instruction does not have go into its immediate, too: so targets and
 * addresses are odd ones. */
static uint32_t mixed(enum insn insn, unsigned rd, unsigned rs1, unsigned rs2, uint32_t immediate)
{
	uint32_t fields = rd << 7 | rs1 << 15 | rs2 << 20;
	return isa_encode(insn, rd, rs1, rs2, immediate) | (fields & ~isa_insns[insn].mask);
}

static uint32_t a_word(struct maker *g)
{
	if (one_in(g, 20))
		return one_in(g, 2) ? roll(g) : (roll(g) & ~UINT32_C(0x7F)) | ISA_OPCODE_SYSTEM;
	bool near = one_in(g, 2); /* operands and targets close by */
	uint32_t immediate = near ? 4 * below(g, 256) : roll(g);
	unsigned base = near && below(g, 3) ? 0 : below(g, POINTERS);
	/* One after the other: compilers evaluate arguments in orders of their own. */
	enum insn insn = an_insn(g);
	unsigned rd = below(g, POINTERS), rs2 = below(g, POINTERS);
	return mixed(insn, rd, base, rs2, immediate);
}

static void put_psw(struct maker *g, uint32_t at)
{
	bool tame = !one_in(g, 4);
	g->image[at] = tame ? 4 * (g->start + below(g, 20)) : a_value(g);
	g->image[at + 1] = tame ? below(g, 8) : roll(g);
	g->image[at + 2] = tame ? 0 : a_value(g);
	g->image[at + 3] = tame ? BOUND_ALL : a_value(g);
	g->image[at + 4] = a_timer(g);
}

static void put_command_block(struct maker *g, uint32_t at)
{
	g->image[at] = below(g, one_in(g, 8) ? 4 : 2);
	g->image[at + 1] = below(g, one_in(g, 8) ? 10 : 5);
	g->image[at + 2] = one_in(g, 8) ? a_value(g) : below(g, 3);
	g->image[at + 3] = a_value(g);
	g->image[at + 4] = one_in(g, 2) ? below(g, 64) : one_in(g, 2) ? SECTOR * below(g, 4) : a_value(g);
}

static void put_header(struct maker *g)
{
	g->image[CELL_MAGIC / 4] = BOOT_MAGIC;
	g->image[CELL_SECTORS / 4] = g->sectors;
	g->image[CELL_DIRECTORY / 4] = 0;
}

/* ---- words at random ---------------------------------------------------- */

/* Registers with telling values, then instructions that use the PSWs and command
 * blocks among the random words. */
static void put_beginning(struct maker *g)
{
	g->at = g->start;
	for (unsigned x = 1; x < POINTERS; x++)
		put_constant(g, x, a_value(g));
	for (int i = 0; i < 6; i++) {
		uint32_t at = 64 + below(g, 64);
		if (at + 6 > g->sectors * SECTOR / 4 || (at + 6 > g->start && at < g->start + 60))
			continue;
		if (one_in(g, 2)) {
			put_psw(g, at);
			PUT(g, lpsw, 0, 0, 0, 4 * at);
		} else {
			put_command_block(g, at);
			PUT(g, sio, below(g, POINTERS), 0, 0, 4 * at);
		}
	}
}

static void make_wild(struct maker *g)
{
	static const uint32_t sizes[] = { 512, 1024, 1028, 2048, 4092, 4096 };
	g->size = sizes[below(g, 6)];
	g->sectors = 1 + below(g, g->size / SECTOR);
	for (uint32_t i = 0; i < g->sectors * SECTOR / 4; i++)
		g->image[i] = a_word(g);
	g->start = 24 + below(g, 40);
	put_psw(g, CELL_NEW_PSW / 4);
	if (!one_in(g, 20))
		g->image[CELL_NEW_PSW / 4] = 4 * g->start;
	put_header(g);
	if (one_in(g, 8)) { /* a boot disk that lies, or none */
		uint32_t cell = CELL_MAGIC / 4 + below(g, 2);
		g->image[cell] = below(g, 20);
	}
	put_beginning(g);
}

/* ---- with a handler ----------------------------------------------------- */

enum { CELL_CLOCK = 0x40, CELL_COUNT = 0x48 }; /* the handler's */

/* x9 <- x9 * x10 + word at address, for what a trap shows. */
static void put_hash(struct maker *g, uint32_t address)
{
	PUT(g, lw, 8, 0, 0, address);
	PUT(g, mul, 9, 9, 10, 0);
	PUT(g, add, 9, 9, 8, 0);
}

/* Supervisor, base 0, interrupts off.  Hashes what it sees, then goes on: after an
 * interrupt where it struck, else behind the instruction that trapped or, if pc has gone
 * astray, at the program's start with all of storage.  After TRAPS_MOST traps it halts. */
static void put_handler(struct maker *g)
{
	g->at = HANDLER / 4;
	PUT(g, stck, 0, 0, 0, CELL_CLOCK);
	for (uint32_t cell = CELL_OLD_PSW; cell <= CELL_TVAL; cell += 4)
		put_hash(g, cell);
	put_hash(g, CELL_CLOCK);
	PUT(g, lw, 11, 0, 0, CELL_COUNT);
	PUT(g, addi, 11, 11, 0, 1);
	PUT(g, sw, 0, 0, 11, CELL_COUNT);
	PUT(g, sltiu, 12, 11, 0, TRAPS_MOST);
	PUT(g, bne, 0, 12, 0, 8);
	PUT(g, halt, 0, 9, 0, 0);
	PUT(g, andi, 12, 11, 0, 7);             /* a new timer, of few instructions */
	PUT(g, sw, 0, 0, 12, CELL_OLD_PSW + 16);
	PUT(g, lw, 12, 0, 0, CELL_CAUSE);
	PUT(g, sltiu, 12, 12, 0, CAUSE_TIMER);
	PUT(g, beq, 0, 12, 0, 4 * 10);          /* an interrupt: to the LPSW */
	PUT(g, lw, 12, 0, 0, CELL_OLD_PSW);
	PUT(g, addi, 12, 12, 0, 4);
	PUT(g, sltiu, 13, 12, 0, SMALL_START + 256);
	PUT(g, bne, 0, 13, 0, 4 * 5);
	PUT(g, addi, 12, 0, 0, SMALL_START);
	PUT(g, addi, 13, 0, 0, -1);
	PUT(g, sw, 0, 0, 0, CELL_OLD_PSW + 8);
	PUT(g, sw, 0, 0, 13, CELL_OLD_PSW + 12);
	PUT(g, sw, 0, 0, 12, CELL_OLD_PSW);
	PUT(g, lpsw, 0, 0, 0, CELL_OLD_PSW);
}

static void put_handler_psw(struct maker *g, uint32_t pc)
{
	const uint32_t psw[5] = { pc, 0, 0, BOUND_ALL, 0 };
	memcpy(&g->image[CELL_NEW_PSW / 4], psw, sizeof(psw));
}

/* The reset finds its own new PSW, then puts the handler's in its place. */
static void put_entry(struct maker *g, const uint32_t x[8])
{
	put_handler_psw(g, SMALL_START);
	g->at = g->start = SMALL_START / 4;
	PUT(g, addi, 8, 0, 0, HANDLER);
	PUT(g, sw, 0, 0, 8, CELL_NEW_PSW);
	put_constant(g, 10, 0x01000193);
	for (unsigned i = 1; i < POINTERS; i++)
		put_constant(g, i, x[i]);
}

/* Instructions that are likely to matter: with operands in the program's own blocks, a
 * timer about to expire, masks, an attention, a jump out of line. */
static void put_telling(struct maker *g)
{
	unsigned x = 1 + below(g, POINTERS - 1);
	switch (below(g, 12)) {
	case 0:
	case 1:
		PUT(g, lpsw, 0, 0, 0, PSWS + 20 * below(g, 3));
		break;
	case 2:
		PUT(g, sio, below(g, POINTERS), 0, 0, SMALL_BLOCK);
		break;
	case 3:
		PUT(g, addi, x, 0, 0, below(g, many_lines(g) ? LINES_MANY : 2));
		PUT(g, sw, 0, 0, x, ARM_BLOCK + 8);
		PUT(g, sio, below(g, POINTERS), 0, 0, ARM_BLOCK);
		break;
	case 4:
		PUT(g, addi, x, 0, 0, below(g, 8));
		PUT(g, ssm, below(g, POINTERS), x, 0, 0);
		break;
	case 5:
		PUT(g, addi, x, 0, 0, below(g, 6));
		PUT(g, stmr, below(g, POINTERS), x, 0, 0);
		break;
	case 6:
		put(g, mixed((enum insn)(INSN_jal + below(g, INSN_bgeu + 1 - INSN_jal)), x, 0, below(g, POINTERS), 4 * below(g, 8) + 2));
		break;
	case 7:
		put(g, mixed((enum insn)below(g, INSN_SYSTEM), x, below(g, POINTERS), below(g, POINTERS), 4 * below(g, 8)));
		break;
	default:
		put(g, a_word(g));
	}
}

/* Somewhere in the program, in either mode, the timer about to expire. */
static void put_own_psw(struct maker *g, uint32_t at)
{
	put_psw(g, at);
	if (one_in(g, 2))
		return;
	g->image[at + 1] = below(g, 8) | STATUS_IE;
	g->image[at + 4] = below(g, 12);
}

static void make_tame(struct maker *g)
{
	static const uint32_t sizes[] = { 1536, 2048, 2052, 4092, 4096 }, large[] = { 0x10000, 0x100004, 0x300000 };
	uint32_t x[8];
	g->size = one_in(g, 12) ? large[below(g, 3)] : sizes[below(g, 5)];
	g->sectors = 2 + below(g, 2);
	g->start = SMALL_START / 4 + 18;
	for (unsigned i = 1; i < POINTERS; i++)
		x[i] = a_value(g);
	put_header(g);
	put_handler(g);
	for (unsigned i = 0; i < 3; i++)
		put_own_psw(g, PSWS / 4 + 5 * i);
	put_command_block(g, SMALL_BLOCK / 4);
	g->image[ARM_BLOCK / 4 + 1] = CONSOLE_ARM;
	put_entry(g, x);
	for (uint32_t n = 4 + below(g, 40); n > 0; n--)
		put_telling(g);
	PUT(g, halt, 0, 9, 0, 0);
	if (many_lines(g)) {
		g->image[SMALL_BLOCK / 4] = DEVICE_CONSOLE;
		g->image[SMALL_BLOCK / 4 + 2] = below(g, LINES_MANY + 1);
		g->image[ARM_BLOCK / 4 + 2] = below(g, LINES_MANY);
	}
}

/* ---- guests ------------------------------------------------------------- */

static bool give_input(struct text *to, const char *text)
{
	size_t n = strlen(text);
	*to = (struct text){ malloc(n + 1), n, n + 1 };
	if (to->at)
		memcpy(to->at, text, n + 1);
	return to->at != NULL;
}

/* Any: a host is not to care. */
static void name_guest(struct guest *guest, struct maker *g)
{
	for (unsigned i = 0, n = 1 + below(g, NAME_BYTES); i < n && i < sizeof(guest->plan.name) - 1; i++)
		guest->plan.name[i] = (char)('a' + below(g, 26));
}

static bool finish(struct guest *guest, const struct maker *g, uint32_t spare, bool input)
{
	guest->plan = (struct vm_plan){ .storage = g->size, .lines = many_lines(g) ? LINES_MANY : 2 };
	guest->limit = STEPS_LOOKED_ON;
	guest->late = guest->seed % 4 == 1;
	guest->plan.disk.sectors = g->sectors + spare;
	guest->plan.disk.image = calloc(guest->plan.disk.sectors, SECTOR);
	if (!guest->plan.disk.image || (input && !give_input(&guest->input[0], "What is now proved was once only imagined.")) ||
	    !give_input(&guest->input[1], "Blake")) {
		guest_free(guest);
		return false;
	}
	memcpy(guest->plan.disk.image, g->image, (size_t)g->sectors * SECTOR);
	return true;
}

bool random_guest(struct guest *guest, uint64_t seed)
{
	struct maker g = { .seed = seed, .dice = seed };
	*guest = (struct guest){ .seed = seed };
	snprintf(guest->name, sizeof(guest->name), "random %llu", (unsigned long long)seed);
	if (seed % 3 == 0)
		make_wild(&g);
	else
		make_tame(&g);
	if (!finish(guest, &g, seed % 4, seed % 5 != 0))
		return false;
	name_guest(guest, &g);
	return true;
}

bool small_guest(struct guest *guest, const struct small_guest *small)
{
	struct maker g = { .size = small->size, .sectors = 2 };
	const uint32_t psw[5] = { 0, small->psw.status, small->psw.base, small->psw.bound, small->psw.timer };
	*guest = (struct guest){ .name = "small" };
	put_header(&g);
	put_handler(&g);
	memcpy(&g.image[SMALL_BLOCK / 4], small->block, sizeof(small->block));
	memcpy(&g.image[PSWS / 4], psw, sizeof(psw));
	put_entry(&g, small->x);
	g.image[PSWS / 4] = 4 * (g.at + 1) - small->psw.base;
	PUT(&g, lpsw, 0, 0, 0, PSWS);
	for (unsigned i = 0; i < small->n; i++)
		put(&g, small->words[i]);
	PUT(&g, halt, 0, 9, 0, 0);
	return finish(guest, &g, 0, true);
}
