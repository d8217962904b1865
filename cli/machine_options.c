/* The options that say which machine is built, and what waits on its console: the same
 * for every command that runs images.  A command has MACHINE_OPTIONS in its
 * own table, and gives here what it does not know.
 */

#include <getopt.h>
#include <stdlib.h>

#include "cli.h"

static bool add_file(const char *list[], unsigned *n, const char *option, const char *path)
{
	if (*n == DIRECTORY_ENTRIES)
		return complain("more than %d %s", DIRECTORY_ENTRIES, option) == 0;
	list[(*n)++] = path;
	return true;
}

static void machine_options_start(struct machine_options *o)
{
	*o = (struct machine_options){ .wish = { .depth = -1, .spare = DEFAULT_SPARE } };
}

bool machine_option(struct machine_options *o, int option, const char *value)
{
	switch (option) {
	case 'p': return (o->profile = option_profile(value, &o->own_profile)) != NULL;
	case 'D': return add_file(o->wish.disk, &o->wish.disks, "--disk", value);
	case 'i': return add_file(o->input, &o->inputs, "--input", value);
	case 'E': o->eof = true; return true;
	default:  return wish_option(&o->wish, option, value);
	}
}

/* A disk alone is the image. */
static bool machine_options_images(struct machine_options *o, const struct command *command, char **images)
{
	for (; *images; images++)
		if (!add_file(o->wish.image, &o->wish.images, "images", *images))
			return false;
	if (o->wish.images == 0 && o->wish.disks == 1) {
		o->whole_disk = o->wish.disk[0];
		o->wish.image[o->wish.images++] = o->wish.disk[0];
		o->wish.disks = 0;
	}
	if (o->wish.images == 0)
		return complain("%s: no image to run: see 'droste help %s'", command->name, command->name) == 0;
	if (o->inputs > o->wish.images)
		return complain("%u --input for %u images: the i-th belongs to the i-th image", o->inputs,
		                o->wish.images) == 0;
	return true;
}

int machine_options_parse(struct machine_options *o, const struct command *command, int argc, char **argv,
                          const struct option_table *table)
{
	machine_options_start(o);
	int status = options_parse(table, command, argc, argv);
	return status < 0 && !machine_options_images(o, command, argv + optind) ? EXIT_DROSTE : status;
}

/* ---- commands to begin with --------------------------------------------- */

bool first_lines_add(struct first_lines *first, const char *command, const char *text)
{
	if (first->n == FIRST_LINES_MOST)
		return complain("more than %d of -x and -ex", FIRST_LINES_MOST) == 0;
	if (asprintf(&first->line[first->n], "%s%s", command, text) < 0)
		return complain("no memory") == 0;
	first->n++;
	return true;
}

void first_lines_free(struct first_lines *first)
{
	while (first->n > 0)
		free(first->line[--first->n]);
}
