/* Judges one monitor by every property, over the standard guests and over random
 * ones, and prints a line for each property: the guest that caught the monitor,
 * after how many steps of its own, and what was wrong.
 *
 *     judge MONITOR REFERENCE RANDOMS GUEST-FOLDER...
 *
 * REFERENCE is a monitor known to be right, for the properties that need two; RANDOMS
 * the number of random guests.  The lines have the form
 *
 *     property TAB verdict TAB guest @steps TAB what is wrong
 *
 * Called by mutants.mk, once for each monitor.
 */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "properties/check.h"

enum { DEEPEST = 2 };

static struct pack_monitor read_monitor(const char *path)
{
	FILE *file = fopen(path, "rb");
	char *bytes = NULL;
	long n = -1;
	if (file && fseek(file, 0, SEEK_END) == 0 && (n = ftell(file)) >= 0)
		bytes = malloc((size_t)n + 1);
	rewind(file ? file : stdin);
	if (!bytes || fread(bytes, 1, (size_t)n, file) != (size_t)n) {
		fprintf(stderr, "judge: %s cannot be read\n", path);
		exit(1);
	}
	fclose(file);
	return (struct pack_monitor){ bytes, (size_t)n, path };
}

/* The guests of one more folder. */
static void add_guests(struct guest_set *all, const char *folder)
{
	struct guest_set more;
	struct refusal why;
	if (!guest_set_read(&more, folder, &why)) {
		fprintf(stderr, "judge: %s\n", why.text);
		exit(1);
	}
	struct guest *guest = realloc(all->guest, (all->n + more.n) * sizeof(*guest));
	if (!guest)
		exit(1);
	memcpy(guest + all->n, more.guest, more.n * sizeof(*guest));
	*all = (struct guest_set){ guest, all->n + more.n };
	free(more.guest);
}

static void print(const struct finding *f)
{
	printf("%s\t%s\t", property_names[f->property], verdict_names[f->verdict]);
	if (f->verdict == FAILS)
		printf("%s @%" PRIu64, f->guest ? f->guest->name : "all", f->where.found ? f->where.steps : f->clock);
	printf("\t%s\n", f->what);
}

int main(int argc, char **argv)
{
	struct finding findings[PROPERTIES];
	if (argc < 5) {
		fprintf(stderr, "usage: judge MONITOR REFERENCE RANDOMS GUEST-FOLDER...\n");
		return 1;
	}
	struct check_case c = { .monitor = read_monitor(argv[1]), .reference = read_monitor(argv[2]), .seed = 1,
	                        .randoms = strtoull(argv[3], NULL, 0), .depth = DEEPEST };
	for (int i = 5; i < argc; i++)
		add_guests(&c.guests, argv[i]);
	check_run(&c, (1u << PROPERTIES) - 1, findings);
	for (int property = 0; property < PROPERTIES; property++) {
		print(&findings[property]);
		finding_free(&findings[property]);
	}
	guest_set_free(&c.guests);
	free((void *)c.monitor.elf);
	free((void *)c.reference.elf);
	return 0;
}
