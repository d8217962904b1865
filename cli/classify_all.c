/* droste classify --all: the theorems on every shipped profile, as a table that is
 * Markdown, too.  docs/verdicts.md is made by it.
 */

#include "classify.h"

#include <stdio.h>
#include <stdlib.h>

enum { NAMES_MOST = 8 }; /* in a cell */

/* The instructions that break a theorem, or 'holds'. */
static void print_cell(const struct classification *all, enum classify_theorem theorem, enum classify_extent least)
{
	unsigned n = 0;
	char name[16];
	for (int insn = 0; insn < INSNS; insn++) {
		if (!classify_breaks(&all->any[insn], theorem, least))
			continue;
		if (n++ < NAMES_MOST)
			printf(" %s", insn_text((enum insn)insn, name));
	}
	if (n > NAMES_MOST)
		printf(" and %u more", n - NAMES_MOST);
	fputs(n == 0 ? " holds |" : " |", stdout);
}

static bool print_profile(const struct profile *profile, struct refusal *why)
{
	struct classification *all = classify(profile, NULL, why);
	if (!all)
		return false;
	printf("| `%s` | %s |", profile->name, profile->after);
	print_cell(all, THEOREM_1, EXTENT_REGISTERS);
	print_cell(all, THEOREM_1, EXTENT_OURS);
	print_cell(all, THEOREM_3, EXTENT_REGISTERS);
	print_cell(all, THEOREM_3, EXTENT_OURS);
	print_cell(all, THEOREM_DX, EXTENT_OURS);
	print_cell(all, THEOREM_DX_USER, EXTENT_OURS);
	putchar('\n');
	fflush(stdout);
	free(all);
	return true;
}

bool print_all_profiles(struct refusal *why)
{
	puts("| profile | after | Theorem 1, by the letter | ours | Theorem 3, by the letter | ours | DX | DX, virtual user |\n"
	     "| --- | --- | --- | --- | --- | --- | --- | --- |");
	for (int i = 0; i < PROFILES; i++)
		if (!print_profile(&isa_profiles[i], why))
			return false;
	puts("\nWhere a theorem does not hold, the instructions that break it are named.");
	return true;
}
