/* Every program of one instruction and of two, from every boundary state, under a monitor
 * and bare, with every property of one run watched: bounded, but without a gap.  A failure prints the
 * program and goes on, up to a few.
 *
 *     exhaustive MONITOR [PART PARTS]     this part of so many, to run them side by side
 *
 * The program stands in a guest with our trap handler, which hashes all that a trap shows
 * (properties/random_guest.h).  Called by `make exhaustive`, and in part by `make check`.
 */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "properties/random_guest.h"
#include "properties/trial.h"

enum { FILE_MOST = 1 << 20, SIZE = 1536, FAULTS_MOST = 10 };

/* ---- states and words --------------------------------------------------- */

static const uint32_t timers[] = { 0, 1, 2, UINT32_MAX };

/* Base and bound: all; a window that ends with storage; one that ends before; one that
 * begins beyond. */
static const uint32_t windows[][2] = { { 0, BOUND_ALL }, { 64, SIZE - 64 }, { 64, 1024 }, { 0, SIZE + 1 } };

/* What x1 holds; x2 holds the next. */
static const uint32_t values[] = { 0, 1, 4, SMALL_BLOCK, SIZE - 24, SIZE - 20, SIZE - 4, SIZE - 3, SIZE, UINT32_MAX, 0x1000 };

/* Registers rd, rs1, rs2 of a word. */
static const unsigned operands[][3] = { { 3, 1, 2 }, { 0, 1, 2 }, { 1, 1, 1 } };

static const uint32_t immediates[] = { 0, 4, 0xFFFFFFFC, 2 };

static const uint32_t blocks[][6] = {
	{ DEVICE_CONSOLE, CONSOLE_WRITE, 0, 0, 16, 0 },
	{ DEVICE_CONSOLE, CONSOLE_ARM, 0, 0, 0, 0 },
	{ DEVICE_DISK, DISK_READ, 1, 512, 512, 0 },
	{ SMALL_WORDS + 4, STATUS_M | STATUS_IE | STATUS_TE, 0, BOUND_ALL, 2, 0 }, /* a PSW */
};

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* ---- running ------------------------------------------------------------ */

struct runner {
	struct pack_monitor monitor;
	uint64_t part, parts, programs, run, faults;
};

static void print_fault(const struct small_guest *small, const struct trial *trial)
{
	printf("%s%s%s\n  status %x timer %x base %x bound %x, x1 %x x2 %x, block %x %x\n", trial->what, trial->violation.what,
	       trial->lie.what, small->psw.status, small->psw.timer, small->psw.base, small->psw.bound, small->x[1], small->x[2],
	       small->block[0], small->block[1]);
	for (unsigned i = 0; i < small->n; i++) {
		char text[96];
		disassemble(small->words[i], SMALL_WORDS + 4 * i, text, sizeof(text));
		printf("    %s\n", text);
	}
}

static void run(struct runner *runner, const struct small_guest *small)
{
	struct trial trial;
	const char *what;
	struct guest guest;
	if (runner->programs++ % runner->parts != runner->part || runner->faults >= FAULTS_MOST)
		return;
	runner->run++;
	if (!small_guest(&guest, small))
		exit(1);
	struct pair_case c = guest_case(&guest, &runner->monitor, 1);
	c.spare_storage = SECTOR;
	trial_run(&trial, &c, guest.limit);
	guest_free(&guest);
	if (trial.end == TRIAL_SAME && !trial.violation.what[0] && !trial.lie.what[0] && !efficiency_fault(&trial.efficiency, &what))
		return;
	runner->faults++;
	print_fault(small, &trial);
}

/* ---- all programs ------------------------------------------------------- */

static void set_state(struct small_guest *small, unsigned status, unsigned timer, unsigned window, unsigned value)
{
	small->size = SIZE;
	small->psw = (struct psw){ 0, status, windows[window][0], windows[window][1], timers[timer] };
	small->x[1] = values[value];
	small->x[2] = values[(value + 1) % COUNT(values)];
}

static uint32_t word(unsigned insn, unsigned operand, unsigned immediate)
{
	return isa_encode((enum insn)insn, operands[operand][0], operands[operand][1], operands[operand][2], immediates[immediate]);
}

/* From this state, every instruction with all operands. */
static void all_of_one(struct runner *runner, struct small_guest *small)
{
	small->n = 1;
	for (unsigned insn = 0; insn < INSNS; insn++)
		for (unsigned operand = 0; operand < COUNT(operands); operand++)
			for (unsigned immediate = 0; immediate < COUNT(immediates); immediate++) {
				memcpy(small->block, blocks[(insn + operand) % COUNT(blocks)], sizeof(small->block));
				small->words[0] = word(insn, operand, immediate);
				run(runner, small);
			}
}

/* Every System instruction, and one of each other kind, after every other. */
static void all_of_two(struct runner *runner, struct small_guest *small)
{
	static const unsigned others[] = { INSN_addi, INSN_lw, INSN_sw, INSN_jal, INSN_ecall };
	const unsigned kinds = SYSTEM_INSNS + COUNT(others);
	small->n = 2;
	for (unsigned pair = 0; pair < kinds * kinds; pair++) {
		unsigned a = pair / kinds, b = pair % kinds;
		memcpy(small->block, blocks[pair % COUNT(blocks)], sizeof(small->block));
		small->words[0] = word(a < SYSTEM_INSNS ? INSN_SYSTEM + a : others[a - SYSTEM_INSNS], 0, 0);
		small->words[1] = word(b < SYSTEM_INSNS ? INSN_SYSTEM + b : others[b - SYSTEM_INSNS], 2, 0);
		run(runner, small);
	}
}

static void all(struct runner *runner, void (*programs)(struct runner *runner, struct small_guest *small))
{
	for (unsigned status = 0; status <= STATUS_BITS; status++)
		for (unsigned timer = 0; timer < COUNT(timers); timer++)
			for (unsigned window = 0; window < COUNT(windows); window++)
				for (unsigned value = 0; value < COUNT(values); value++) {
					struct small_guest small = { .n = 0 };
					set_state(&small, status, timer, window, value);
					programs(runner, &small);
				}
}

int main(int argc, char **argv)
{
	static char bytes[FILE_MOST];
	FILE *file = argc == 2 || argc == 4 ? fopen(argv[1], "rb") : NULL;
	if (!file) {
		fprintf(stderr, "usage: exhaustive MONITOR [PART PARTS]\n");
		return 1;
	}
	struct runner runner = { .monitor = { bytes, fread(bytes, 1, FILE_MOST, file), argv[1] }, .parts = 1 };
	fclose(file);
	if (argc == 4) {
		runner.part = strtoull(argv[2], NULL, 0);
		runner.parts = strtoull(argv[3], NULL, 0);
	}
	runner.parts += runner.parts == 0;
	all(&runner, all_of_one);
	all(&runner, all_of_two);
	printf("exhaustive: %" PRIu64 " of %" PRIu64 " programs\n%" PRIu64 " passed, %" PRIu64 " failed\n", runner.run, runner.programs,
	       runner.run - runner.faults, runner.faults);
	return runner.faults > 0;
}
