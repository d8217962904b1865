/* Judges one monitor by every property, over the standard guests and over random
 * ones, and prints a line for each property: the guest that caught the monitor,
 * after how many steps of its own, and what was wrong.
 *
 *     judge MONITOR REFERENCE ELF-FOLDER SOURCE...
 *
 * The guest of guests/NAME.c is ELF-FOLDER/NAME.elf.  REFERENCE is a monitor known
 * to be right, for the properties that need two.  The lines have the form
 *
 *     property TAB guest or - TAB steps TAB what is wrong
 *
 * Called by mutants.mk, once for each monitor.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "properties/equivalence.h"

enum {
	GUESTS_MOST = 64, DEEPEST = 2,
	ENTRIES = 20000,        /* compared in each case */
	STEPS = 100000000,      /* of the real machine, between two entries */
};

struct guest {
	struct vm_plan plan;
	char input[1024];
};

struct judge {
	struct pack_monitor monitor, reference;
	struct guest guests[GUESTS_MOST];
	unsigned n;
};

/* Whom a property caught: the guest, and after how many of its steps. */
struct catch {
	const char *guest, *what;
	uint64_t steps;
};

/* ---- reading ------------------------------------------------------------ */

static void *read_file(const char *path, size_t *size)
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
	bytes[n] = '\0';
	*size = (size_t)n;
	return bytes;
}

static void refused(const char *path, const struct refusal *why)
{
	fprintf(stderr, "judge: %s: %s\n", path, why->text);
	exit(1);
}

/* A C string as it stands in a source, its quotes and escapes undone. */
static void unquote(char *to, size_t room, const char *from)
{
	static const char names[] = "ntrb\"\\", values[] = "\n\t\r\b\"\\";
	size_t n = strlen(to);
	for (from++; *from && *from != '"' && n + 1 < room; from++) {
		const char *name = *from == '\\' ? strchr(names, *++from) : NULL;
		if (*from == 'x') {
			to[n++] = (char)strtoul((char[]){ from[1], from[2], '\0' }, NULL, 16);
			from += 2;
		} else {
			to[n++] = name ? values[name - names] : *from;
		}
	}
	to[n] = '\0';
}

/* What the source says of how its guest is to be run; see guests/README.md. */
static void read_source(struct guest *guest, const char *path, uint32_t *spare)
{
	size_t size;
	char *source = read_file(path, &size), key[32];
	int at;
	for (char *line = strtok(source, "\n"); line; line = strtok(NULL, "\n")) {
		at = 0;
		if (sscanf(line, "// %31[a-z]: %n", key, &at) != 1 || at == 0)
			continue;
		if (strcmp(key, "input") == 0)
			unquote(guest->input, sizeof(guest->input), line + at);
		else if (strcmp(key, "memory") == 0)
			guest->plan.storage = (uint32_t)strtoul(line + at, NULL, 0);
		else if (strcmp(key, "lines") == 0)
			guest->plan.lines = (unsigned)strtoul(line + at, NULL, 0);
		else if (strcmp(key, "disk") == 0)
			*spare = (uint32_t)strtoul(line + at, NULL, 0);
	}
	free(source);
}

static void read_guest(struct guest *guest, const char *folder, const char *source)
{
	struct refusal why;
	uint32_t spare = 16;
	size_t size;
	char path[512];
	*guest = (struct guest){ .plan = { .storage = 1 << 20, .lines = 1 } };
	read_source(guest, source, &spare);
	plan_set_name(&guest->plan, source);
	const char *slash = strrchr(source, '/'), *name = slash ? slash + 1 : source;
	snprintf(path, sizeof(path), "%s/%.*s.elf", folder, (int)strcspn(name, "."), name);
	void *elf = read_file(path, &size);
	if (!disk_from_file(&guest->plan.disk, elf, size, spare, &why))
		refused(path, &why);
	free(elf);
}

/* ---- equivalence, also as the measure of others -------------------------- */

static struct catch equivalence_under(const struct pack_monitor *monitors, unsigned depth, const struct guest *guest)
{
	static struct equivalence e;
	struct refusal why;
	const struct equivalence_case c = {
		.guest = &guest->plan, .monitors = monitors, .depth = depth, .input = { guest->input },
	};
	if (!equivalence_start(&e, &c, &why))
		refused(guest->plan.name, &why);
	enum equivalence_verdict verdict;
	do
		verdict = equivalence_advance(&e, STEPS);
	while (verdict == EQUIVALENCE_SAME && e.entries < ENTRIES);
	struct catch catch = { NULL, NULL, e.steps };
	if (verdict == EQUIVALENCE_DIFFERS)
		catch = (struct catch){ guest->plan.name, e.what, e.steps };
	else if (verdict == EQUIVALENCE_UNDECIDED && machine_run(e.bare, STEPS) == STOP_END)
		catch = (struct catch){ guest->plan.name, "the bare machine ends", e.steps };
	equivalence_stop(&e);
	return catch;
}

static struct catch equivalence(const struct judge *judge)
{
	struct catch catch = { 0 };
	for (unsigned i = 0; i < judge->n && !catch.guest; i++)
		catch = equivalence_under(&judge->monitor, 1, &judge->guests[i]);
	return catch;
}

static struct catch recursion(const struct judge *judge)
{
	const struct pack_monitor stacks[][DEEPEST] = {
		{ judge->monitor, judge->monitor }, { judge->reference, judge->monitor }, { judge->monitor, judge->reference },
	};
	struct catch catch = { 0 };
	for (unsigned i = 0; i < judge->n && !catch.guest; i++)
		for (unsigned s = 0; s < sizeof(stacks) / sizeof(*stacks) && !catch.guest; s++)
			catch = equivalence_under(stacks[s], DEEPEST, &judge->guests[i]);
	return catch;
}

static const struct property {
	const char *name;
	struct catch (*judge)(const struct judge *judge);
} properties[] = {
	{ "equivalence", equivalence },
	{ "recursion", recursion },
};

int main(int argc, char **argv)
{
	static struct judge judge;
	if (argc < 5 || argc - 4 > GUESTS_MOST) {
		fprintf(stderr, "usage: judge MONITOR REFERENCE ELF-FOLDER SOURCE...\n");
		return 1;
	}
	judge.monitor.elf = read_file(judge.monitor.path = argv[1], &judge.monitor.size);
	judge.reference.elf = read_file(judge.reference.path = argv[2], &judge.reference.size);
	for (int i = 4; i < argc; i++)
		read_guest(&judge.guests[judge.n++], argv[3], argv[i]);
	for (unsigned i = 0; i < sizeof(properties) / sizeof(*properties); i++) {
		struct catch catch = properties[i].judge(&judge);
		printf("%s\t%s\t%llu\t%s\n", properties[i].name, catch.guest ? catch.guest : "-", (unsigned long long)catch.steps,
		       catch.guest ? catch.what : "");
		fflush(stdout);
	}
	return 0;
}
