/* Whole-ISA emulation: the Manchester Small-Scale Experimental Machine of 1948, the "Baby",
 * the first computer that ran a program from its own storage: 32 lines of 32 bits, one
 * accumulator, seven instructions, no input but switches and no output but the picture of
 * its storage on a cathode-ray tube.  Nothing of it is executed directly: its instruction set
 * is not ours.  An instruction of the Baby's takes some twenty of PG-32's.
 *
 * The program is the first there was: Tom Kilburn's for the highest factor of a number, June 1948, as
 * amended on 18 July and kept in Geoff Tootill's notebook.  For 2^18 the Baby took 52 minutes
 * and about 2.1 million instructions (University of Manchester, "The First Program", digital60.org);
 * so it does here, but for the minutes.  Another number, from 2 on, can be given on the console, in the
 * place of the switches; or another program, a line of storage in a line of text (README.md).
 */
// expect-output: "the highest factor of 262144 is 131072\n"
// expect-output: "by Tom Kilburn's program of 1948, in 2097154 instructions\n"
// expect-output: "the storage, as on the tube, the lowest bit on the left:\n"
// expect-output: "................................\n"
// expect-output: "...##.........#.................\n"
// expect-output: ".#.##........##.................\n"
// expect-output: ".#.##.........#.................\n"
// expect-output: "##.##........##.................\n"
// expect-output: "###.#.........#.................\n"
// expect-output: "##.##..........#................\n"
// expect-output: "..............##................\n"
// expect-output: "..#.#........#..................\n"
// expect-output: ".#.##..........#................\n"
// expect-output: "#..##........##.................\n"
// expect-output: "#..##.........#.................\n"
// expect-output: "..............##................\n"
// expect-output: ".............###................\n"
// expect-output: ".#.##.........#.................\n"
// expect-output: "#.#.#..........#................\n"
// expect-output: "##.##........##.................\n"
// expect-output: "##.##.........#.................\n"
// expect-output: ".#.##........##.................\n"
// expect-output: ".##.#...........................\n"
// expect-output: "#.##############################\n"
// expect-output: "#...............................\n"
// expect-output: "..#.............................\n"
// expect-output: "..................##############\n"
// expect-output: "##################..............\n"
// expect-output: "................................\n"
// expect-output: ".................###############\n"
// expect-output: ".................#..............\n"
// expect-output: "................................\n"
// expect-output: "................................\n"
// expect-output: "................................\n"
// expect-output: "................................\n"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "droste.h"
#include "form.h"

enum { LINES = 32 };

/* ---- the instruction set ------------------------------------------------- */

/* Bits 0 to 4 of a word are a line of storage, bits 13 to 15 the function. */
enum function { JMP, JRP, LDN, STO, SUB, SUB_TOO, CMP, STP };

static uint32_t word(enum function function, unsigned line) { return (uint32_t)function << 13 | line; }

struct baby {
	uint32_t store[LINES];
	uint32_t accumulator, control; /* control: the line of the instruction that ran last */
	bool stopped;
	uint64_t instructions;
};

static struct baby baby;
static uint32_t steps;

static const struct form_field fields[] = {
	FORM_FIELD("accumulator", baby.accumulator, SIGNED), FORM_FIELD("control", baby.control, SIGNED),
	FORM_FIELD("steps", steps, SIGNED), FORM_FIELD("store", baby.store, BITS),
};

static const struct form_description description = {
	.name = "Manchester Baby", .rows = 1, .steps = FORM_ADDRESS(steps),
	.fields = FORM_ADDRESS(fields), .n = sizeof(fields) / sizeof(*fields),
};

FORM_ANCHOR(description);

static void step(struct baby *b)
{
	uint32_t instruction = b->store[++b->control % LINES];
	uint32_t *s = &b->store[instruction % LINES];
	switch ((enum function)(instruction >> 13 & 7)) {
	case JMP: b->control = *s; break;
	case JRP: b->control += *s; break;
	case LDN: b->accumulator = 0 - *s; break;
	case STO: *s = b->accumulator; break;
	case SUB: case SUB_TOO: b->accumulator -= *s; break;
	case CMP: b->control += b->accumulator >> 31; break; /* skips if negative */
	case STP: b->stopped = true; break;
	}
	b->instructions++;
	FORM_STEP(steps);
}

/* ---- the first program --------------------------------------------------- */

enum { LEAST = 24, MINUS_A = 23, MINUS_DIVISOR = 26 };

/* Tries divisors downwards from a - 1: subtracts each from a until the rest is negative, and
 * stops when adding it back gives 0. */
static void load(struct baby *b, uint32_t a)
{
	const uint32_t program[] = {
		[1] = word(LDN, 24), word(STO, 26), word(LDN, 26), word(STO, 27), /* divisor b */
		[5] = word(LDN, 23), word(SUB, 27), word(CMP, 0), word(JRP, 20), /* a - b - b ... */
		[9] = word(SUB, 26), word(STO, 25), word(LDN, 25), word(CMP, 0), /* the rest: is it 0? */
		[13] = word(STP, 0),
		[14] = word(LDN, 26), word(SUB, 21), word(STO, 27), word(LDN, 27), word(STO, 26), /* b - 1 */
		[19] = word(JMP, 22),
		[20] = (uint32_t)-3, 1, 4, [MINUS_A] = 0 - a, [LEAST] = a - 1,
	};
	*b = (struct baby){ 0 };
	for (unsigned i = 0; i < sizeof(program) / sizeof(program[0]); i++)
		b->store[i] = program[i];
}

/* ---- the tube ------------------------------------------------------------ */

static void show(const struct baby *b)
{
	for (unsigned line = 0; line < LINES; line++) {
		for (unsigned bit = 0; bit < 32; bit++)
			putchar(b->store[line] >> bit & 1 ? '#' : '.');
		putchar('\n');
	}
}

/* ---- other programs ------------------------------------------------------ */

static const struct {
	char name[4];
	enum function function;
} mnemonics[] = {
	{ "JMP", JMP }, { "JRP", JRP }, { "JPR", JRP }, { "LDN", LDN }, { "STO", STO }, { "SUB", SUB }, { "CMP", CMP }, { "SKN", CMP },
	{ "STP", STP }, { "HLT", STP },
};

/* As on the tube: 32 digits, the lowest first. */
static bool read_bits(uint32_t *to, const char *digits)
{
	*to = 0;
	for (unsigned bit = 0; bit < 32; bit++) {
		if (digits[bit] != '0' && digits[bit] != '1')
			return false;
		*to |= (uint32_t)(digits[bit] - '0') << bit;
	}
	return true;
}

/* A number, or an instruction and its line. */
static bool read_word(uint32_t *to, const char *text)
{
	char name[4] = "";
	int n = 0;
	sscanf(text, " %3s%n", name, &n);
	long value = strtol(text + n, NULL, 10);
	if (strcmp(name, "NUM") == 0) {
		*to = (uint32_t)value;
		return true;
	}
	for (size_t i = 0; i < sizeof(mnemonics) / sizeof(mnemonics[0]); i++)
		if (strcmp(name, mnemonics[i].name) == 0 && value >= 0 && value < LINES) {
			*to = word(mnemonics[i].function, (unsigned)value);
			return true;
		}
	return false;
}

/* "LINE:BITS" or "LINE WORD".  How many lines there are may be said, and is not needed. */
static bool read_line(struct baby *b, const char *text)
{
	char *rest;
	unsigned long line = strtoul(text, &rest, 10);
	while (*rest == ' ')
		rest++;
	if (rest == text ? *text == '\0' || *text == ';' || *text == 4 : *rest == '\0')
		return true;
	if (rest == text || line >= LINES)
		return false;
	return *rest == ':' ? read_bits(&b->store[line], rest + 1) : read_word(&b->store[line], rest);
}

static void load_text(struct baby *b, char *text)
{
	*b = (struct baby){ 0 };
	for (char *line = strtok(text, "\r\n"); line; line = strtok(NULL, "\r\n"))
		if (!read_line(b, line)) {
			printf("baby: '%s': give LINE:BITS, or LINE and an instruction or NUM, such as 01 LDN 24\n", line);
			exit(2);
		}
}

/* ---- from the beginning to the end ----------------------------------------- */

static void run(struct baby *b)
{
	while (!b->stopped)
		step(b);
}

static void factor(struct baby *b, uint32_t a)
{
	load(b, a);
	run(b);
	printf("the highest factor of %" PRIu32 " is %" PRIu32 "\n", a, 0 - b->store[MINUS_DIVISOR]);
	printf("by Tom Kilburn's program of 1948, in %" PRIu64 " instructions\n", b->instructions);
}

static void other(struct baby *b, char *text)
{
	load_text(b, text);
	run(b);
	printf("stopped after %" PRIu64 " instructions, %" PRId32 " in the accumulator\n", b->instructions, (int32_t)b->accumulator);
}

/* What waits on the console is a number, a program, or nothing. */
int main(void)
{
	static char text[4096];
	size_t n = console_poll(0, text, sizeof(text) - 1);
	char *rest;
	long a = strtol(text, &rest, 10);
	if (n > 0 && (rest == text || strspn(rest, " \r\n\4") != strlen(rest)))
		other(&baby, text);
	else
		factor(&baby, a >= 2 ? (uint32_t)a : UINT32_C(1) << 18);
	puts("the storage, as on the tube, the lowest bit on the left:");
	show(&baby);
	return 0;
}
