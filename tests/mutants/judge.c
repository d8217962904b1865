/* Judges one monitor, over the guests of a folder and random ones, and prints a line for
 * each property:
 *
 *     property TAB verdict TAB who and when TAB what is wrong
 *
 *     judge MONITOR REFERENCE PROPERTY RANDOMS FOLDER PROFILE
 *
 * REFERENCE is a monitor known to be right, for the properties that need two.  Judged
 * are the properties that guests alone decide, and PROPERTY however it is decided; all of
 * them if it is 'all'.  RANDOMS says how many random guests; FOLDER has the others.
 * Called by mutants.mk, once for each monitor.
 */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "properties/check.h"
#include "properties/profile.h"
#include "tests/tally.h"

enum { DEEPEST = 2 };

#define BIT(property) (1u << (property))

/* Isolation and recursion take many runs each. */
static unsigned properties_wanted(const char *name)
{
	unsigned all = BIT(PROPERTIES) - 1, wanted = all & ~(BIT(PROPERTY_ISOLATION) | BIT(PROPERTY_RECURSION));
	for (int property = 0; property < PROPERTIES; property++)
		if (strcmp(name, property_names[property]) == 0)
			wanted |= BIT(property);
	return strcmp(name, "all") == 0 ? all : wanted;
}

/* After how many steps or instructions of the guest; what recursion costs shows over all. */
static void print(const struct finding *f)
{
	printf("%s\t%s\t", property_names[f->property], verdict_names[f->verdict]);
	if (f->verdict == FAILS) {
		printf("%s", f->guest ? f->guest->name : "all guests");
		if (f->beside[0])
			printf(" beside %s", f->beside);
		else
			printf(" @%" PRIu64, f->where.found ? f->where.steps : f->clock);
	}
	printf("\t%s\n", f->what);
}

int main(int argc, char **argv)
{
	struct finding findings[PROPERTIES];
	if (argc != 7 || !profile_find(argv[6])) {
		fprintf(stderr, "usage: judge MONITOR REFERENCE PROPERTY RANDOMS FOLDER PROFILE\n");
		return 1;
	}
	struct check_case c = { .monitor = tally_read_monitor("", argv[1]), .reference = tally_read_monitor("", argv[2]), .seed = 1,
	                        .randoms = strtoull(argv[4], NULL, 0), .depth = DEEPEST, .profile = profile_find(argv[6]), .thorough = true };
	struct refusal why;
	if (!guest_set_read(&c.guests, argv[5], &why)) {
		fprintf(stderr, "judge: %s\n", why.text);
		return 1;
	}
	unsigned wanted = properties_wanted(argv[3]);
	c.alone = strcmp(argv[3], property_names[PROPERTY_CONTROL]) != 0 && strcmp(argv[3], "all") != 0;
	check_run(&c, wanted, findings);
	for (int property = 0; property < PROPERTIES; property++) {
		if (wanted & BIT(property))
			print(&findings[property]);
		finding_free(&findings[property]);
	}
	guest_set_free(&c.guests);
	free((void *)c.monitor.elf);
	free((void *)c.reference.elf);
	return 0;
}
