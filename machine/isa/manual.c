/* Prints docs/isa.md: the instruction set, causes, device commands and profiles, as
 * the tables of this folder have them.  Run by `make`, so that the manual cannot
 * say anything else.
 */

#include <stdio.h>
#include <string.h>

#include "isa.h"

/* The encoding as a pattern: fixed bits as they are, fields by letter. */
static void print_pattern(const struct isa_insn *insn)
{
	static const int field_ends[] = { 25, 20, 15, 12, 7, 0 };
	const int *end = field_ends;
	for (int bit = 31; bit >= 0; bit--) {
		if (insn->mask >> bit & 1)
			putchar(insn->match >> bit & 1 ? '1' : '0');
		else
			putchar('.');
		if (bit == *end && bit > 0) {
			putchar(' ');
			end++;
		}
	}
}

static void print_syntax(const struct isa_insn *insn)
{
	for (const char *c = insn->name; *c; c++)
		putchar(*c == '_' ? '.' : *c);
	for (const char *c = isa_formats[insn->format].operands; *c; c++) {
		if (c == isa_formats[insn->format].operands)
			putchar(' ');
		switch (*c) {
		case 'd': printf("rd"); break;
		case 's': printf("rs1"); break;
		case 't': printf("rs2"); break;
		case 'i': printf("imm"); break;
		case 'p': printf("target"); break;
		case ',': printf(", "); break;
		default:  putchar(*c); break;
		}
	}
}

static void print_class(unsigned sensitivity)
{
	static const char *const names[] = { "control", "mode", "location", "clock" };
	const char *separator = "";
	if (sensitivity == INNOCUOUS)
		printf("innocuous");
	for (int bit = 0; bit < 4; bit++) {
		if (sensitivity >> bit & 1) {
			printf("%s%s", separator, names[bit]);
			separator = ", ";
		}
	}
}

static void print_insns(int from, int to)
{
	printf("| instruction | encoding | effect | class |\n| --- | --- | --- | --- |\n");
	for (int i = from; i < to; i++) {
		printf("| `");
		print_syntax(&isa_insns[i]);
		printf("` | `");
		print_pattern(&isa_insns[i]);
		printf("` | %s | ", isa_insns[i].effect);
		print_class(isa_insns[i].sensitivity);
		printf(" |\n");
	}
}

static void print_causes(void)
{
	printf("| cause | name | tval |\n| --- | --- | --- |\n");
#define CAUSE(symbol, name, tval) printf("| %d | %s | %s |\n", CAUSE_##symbol, name, tval);
#include "causes.def"
}

static void print_devices(void)
{
#define DEVICE(symbol, number, name, unit) printf("* device %d: %s; unit = %s\n", number, name, unit);
#include "devices.def"
	printf("\n| device | command | name | moves | effect |\n| --- | --- | --- | --- | --- |\n");
#define COMMAND(device, symbol, number, moves, effect) \
	printf("| %d | %d | `%s` | %s | %s |\n", DEVICE_##device, number, #symbol, \
	       strcmp(#moves, "NOTHING") == 0 ? "nothing" : \
	       strcmp(#moves, "TO_STORAGE") == 0 ? "to storage" : "from storage", effect);
#include "devices.def"
}

static void print_interceptions(void)
{
	printf("| code | name | when | parameter |\n| --- | --- | --- | --- |\n");
#define INTERCEPTION(symbol, number, name, parameter, when) \
	printf("| %d | %s | %s | %s |\n", number, name, when, parameter);
#include "interceptions.def"
}

static void print_actions(void)
{
	printf("| in a profile file | the instruction | effect |\n| --- | --- | --- |\n");
#define ACTION(symbol, name, says, effect) printf("| `%s` | %s | %s |\n", name, says, effect);
#include "profiles.def"
	printf("\nWhat a machine may do otherwise:\n\n| in a profile file | effect |\n| --- | --- |\n");
#define FEATURE(symbol, bit, name, effect) printf("| `machine %s` | %s |\n", name, effect);
#include "profiles.def"
}

static void print_profiles(void)
{
	static const char *const actions[] = {
#define ACTION(symbol, name, says, effect) says,
#include "profiles.def"
	};
	printf("\n| profile | after | differs from `strict` in |\n| --- | --- | --- |\n");
	for (int p = 0; p < PROFILES; p++) {
		const char *separator = "";
		printf("| `%s` | %s | ", isa_profiles[p].name, isa_profiles[p].after);
		for (int i = 0; i < SYSTEM_INSNS; i++) {
			if (isa_profiles[p].user[i] == USER_TRAP)
				continue;
			printf("%s`%s` %s", separator, isa_insns[INSN_SYSTEM + i].name, actions[isa_profiles[p].user[i]]);
			separator = ", ";
		}
#define FEATURE(symbol, bit, name, effect) \
		if (isa_profiles[p].features & bit) { \
			printf("%s%s", separator, name); \
			separator = ", "; \
		}
#include "profiles.def"
		printf("%s |\n", *separator ? "" : "nothing");
	}
}

int main(void)
{
	printf("# The instruction set of PG-32\n\n"
	       "Made by `make` from the tables in `machine/isa/`; do not edit. What the machine does around\n"
	       "these instructions stands in [machine.md](machine.md).\n\n"
	       "In an encoding, from left to right: funct7, rs2, rs1, funct3, rd, opcode. A dot is a bit of a\n"
	       "register number or an immediate. `M[a]` is storage at virtual address a, `<s` a signed compare.\n"
	       "The class says what an instruction of supervisor mode is sensitive to, in Popek and Goldberg's\n"
	       "words.\n\n## User ISA: RV32IM\n\n");
	print_insns(0, INSN_SYSTEM);
	printf("\nFENCE and FENCE.I ignore their other fields.\n\n"
	       "## System ISA\n\nOpcode custom-0 (0x0B). On the strict machine user mode traps on every one of them, with cause 1.\n\n");
	print_insns(INSN_SYSTEM, INSN_ASSIST);
	printf("\nEvery other word is an illegal instruction, in both modes.\n\n"
	       "On machines with the feature `sie` there is one more, also privileged:\n\n");
	print_insns(INSN_ASSIST, INSNS);
	printf("\n## Causes of traps\n\n");
	print_causes();
	printf("\n## Interceptions\n\nWhy interpretive execution ends, where there is SIE:\n\n");
	print_interceptions();
	printf("\n## Devices\n\n");
	print_devices();
	printf("\n## Profiles\n\nWhat user mode may do with a System instruction:\n\n");
	print_actions();
	print_profiles();
	return 0;
}
