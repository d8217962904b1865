/* `droste pack`: makes boot disks from images, under monitors or not, and describes
 * those there are.
 */

#include <getopt.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

struct options {
	struct wish wish;
	const char *output, *list;
	bool json;
};

enum { OPTION_LIST = 256, OPTION_JSON };

static const struct option long_options[] = {
	{ "output", required_argument, NULL, 'o' },
	{ "depth", required_argument, NULL, 'd' },
	{ "monitor", required_argument, NULL, 'm' },
	{ "memory", required_argument, NULL, 'M' },
	{ "lines", required_argument, NULL, 'l' },
	{ "spare", required_argument, NULL, 's' },
	{ "couple", required_argument, NULL, 'c' },
	{ "list", required_argument, NULL, OPTION_LIST },
	{ "json", no_argument, NULL, OPTION_JSON },
	{ "help", no_argument, NULL, 'h' },
	{ 0 },
};

/* ---- describing --------------------------------------------------------- */

static void print_node(void *self, const struct disk_node *node)
{
	(void)self;
	char storage[16] = "-", lines[16] = "-";
	if (node->storage > 0)
		snprintf(storage, sizeof(storage), "%" PRIu32, node->storage);
	if (node->depth > 0)
		snprintf(lines, sizeof(lines), "%" PRIu32, node->lines);
	printf("%8" PRIu32 " %8" PRIu32 " %6" PRIu32 " %10s %5s  %*s%s%s", node->first_sector, node->sectors,
	       node->boot_sectors, storage, lines, 2 * (int)node->depth, "",
	       node->depth > 0 ? node->name : "(the disk)",
	       node->directory > 0 ? ": monitor" : node->boot_sectors > 0 ? "" : ": no boot disk");
	for (unsigned i = 0; i < node->couplings; i++)
		printf("%s line %" PRIu32 " to %s:%" PRIu32, i > 0 ? "," : ":", node->coupling[i].line, node->coupling[i].with,
		       node->coupling[i].with_line);
	putchar('\n');
}

/* The arrays of minidisks from the whole disk down to the disk visited last. */
struct json_walk {
	json_t *whole;
	json_t *minidisks[LINES_MOST + 64];
};

static json_t *json_couplings(const struct disk_node *node)
{
	json_t *couplings = json_array();
	for (unsigned i = 0; i < node->couplings; i++)
		json_array_append_new(couplings, json_pack("{s:I, s:s, s:I}", "line", (json_int_t)node->coupling[i].line,
		                                           "with", node->coupling[i].with,
		                                           "with_line", (json_int_t)node->coupling[i].with_line));
	return couplings;
}

static void add_node(void *self, const struct disk_node *node)
{
	struct json_walk *walk = self;
	json_t *object = json_pack("{s:I, s:I, s:I, s:I}", "first_sector", (json_int_t)node->first_sector,
	                           "sectors", (json_int_t)node->sectors, "boot_sectors", (json_int_t)node->boot_sectors,
	                           "directory", (json_int_t)node->directory);
	json_t *minidisks = json_array();
	json_object_set_new(object, "minidisks", minidisks);
	walk->minidisks[node->depth] = minidisks;
	if (node->depth == 0) {
		walk->whole = object;
		return;
	}
	json_object_set_new(object, "name", json_string(node->name));
	json_object_set_new(object, "storage", json_integer(node->storage));
	json_object_set_new(object, "lines", json_integer(node->lines));
	json_object_set_new(object, "couplings", json_couplings(node));
	json_array_append_new(walk->minidisks[node->depth - 1], object);
}

static bool print_json(const struct file *file, struct refusal *why)
{
	struct json_walk walk = { 0 };
	if (!disk_walk(file->bytes, file->size / SECTOR, add_node, &walk, why))
		return false;
	json_dumpf(walk.whole, stdout, JSON_INDENT(1));
	putchar('\n');
	json_decref(walk.whole);
	return true;
}

static bool print_list(const struct file *file, struct refusal *why)
{
	if (!disk_walk(file->bytes, file->size / SECTOR, NULL, NULL, why))
		return false;
	printf("%8s %8s %6s %10s %5s  %s\n", "sector", "sectors", "boot", "storage", "lines", "name");
	return disk_walk(file->bytes, file->size / SECTOR, print_node, NULL, why);
}

static int list(const struct options *o)
{
	struct file file;
	struct refusal why;
	if (!file_read(&file, o->list, &why))
		return complain("%s: %s", o->list, why.text);
	bool listed;
	if (file.size % SECTOR != 0)
		listed = refuse(&why, "%zu bytes are no whole sectors of %d: it is no disk, or cut off", file.size, SECTOR);
	else
		listed = o->json ? print_json(&file, &why) : print_list(&file, &why);
	file_free(&file);
	return listed ? 0 : complain("%s: %s", o->list, why.text);
}

/* ---- packing ------------------------------------------------------------ */

static int pack(const struct options *o)
{
	struct plan plan;
	struct refusal why;
	int status = EXIT_DROSTE;
	if (plan_make(&plan, &o->wish)) {
		const struct boot_disk *disk = &plan.machine.disk;
		status = 0;
		if (!file_write(o->output, disk->image, (size_t)disk->sectors * SECTOR, &why))
			status = complain("%s: %s", o->output, why.text);
	}
	plan_free(&plan);
	return status;
}

/* ---- options ------------------------------------------------------------ */

static bool take_option(void *to, int option, const char *value)
{
	struct options *o = to;
	switch (option) {
	case 'o':         o->output = value; return true;
	case OPTION_LIST: o->list = value; return true;
	case OPTION_JSON: o->json = true; return true;
	default:          return wish_option(&o->wish, option, value);
	}
}

static int check(const struct options *o, int images)
{
	if (o->list && (o->output || images > 0))
		return complain("pack: --list describes a disk and makes none: leave out images and --output");
	if (!o->list && o->json)
		return complain("pack: --json goes with --list");
	if (!o->list && images == 0)
		return complain("pack: no image to pack: see 'droste help pack'");
	if (images > DIRECTORY_ENTRIES)
		return complain("pack: a monitor hosts at most %d images", DIRECTORY_ENTRIES);
	if (!o->list && !o->output)
		return complain("pack: no --output to write to: see 'droste help pack'");
	return 0;
}

static int pack_images(const struct command *self, int argc, char **argv)
{
	struct options o = { .wish = { .depth = -1, .spare = DEFAULT_SPARE, .bootable = true } };
	const struct option_table table = { "ho:d:m:", long_options, false, take_option, &o };
	int status = options_parse(&table, self, argc, argv);
	if (status >= 0 || (status = check(&o, argc - optind)) != 0)
		return status;
	while (optind < argc)
		o.wish.image[o.wish.images++] = argv[optind++];
	return o.list ? list(&o) : pack(&o);
}

const struct command pack_command = {
	.name = "pack",
	.summary = "make boot disks from images, or describe one",
	.usage =
		"Usage: droste pack [OPTION]... --output FILE IMAGE...\n"
		"       droste pack --list FILE [--json]\n"
		"\n"
		"An IMAGE is an ELF file for PG-32 or a boot disk.\n"
		"\n"
		"  -o, --output FILE    the boot disk to write\n"
		"  -m, --monitor FILE   put the images under this monitor, an ELF file; given\n"
		"                       more than once, the outermost first\n"
		"  -d, --depth N        number of monitors (default: those given; 1 for several\n"
		"                       images)\n"
		"      --memory SIZE    storage of each image's machine (default 16M)\n"
		"      --lines N        console lines of each image's machine (default 1)\n"
		"      --spare N        blank sectors after a boot image (default 64)\n"
		"      --couple A:I,B:J wire console line I of image A to line J of B: see\n"
		"                       droste-run(1)\n"
		"      --list FILE      describe a boot disk and all that is nested in it\n"
		"      --json           as JSON\n",
	.run = pack_images,
};
