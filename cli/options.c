/* Options found, and the numbers, sizes and profiles in them.  Called by the commands as they parse. */

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"

int options_parse(const struct option_table *table, const struct command *command, int argc, char **argv)
{
	int (*next)(int, char *const *, const char *, const struct option *, int *) = table->one_dash ? getopt_long_only : getopt_long;
	for (int option; (option = next(argc, argv, table->letters, table->rows, NULL)) != -1;) {
		if (option == 'h')
			return print_usage(command);
		if (option == '?')
			return complain_of_option(command, argv);
		if (!table->take(table->self, option, optarg))
			return EXIT_DROSTE;
	}
	return -1;
}

/* strtoull without signs, leading space and octal. */
static bool leading_number(const char *text, uint64_t *value, const char **rest)
{
	char *end;
	int base = text[0] == '0' && (text[1] == 'x' || text[1] == 'X') ? 16 : 10;
	if (text[0] < '0' || text[0] > '9')
		return false;
	errno = 0;
	*value = strtoull(text, &end, base);
	*rest = end;
	return errno == 0;
}

bool option_number(const char *text, uint64_t most, uint64_t *value)
{
	const char *rest;
	return leading_number(text, value, &rest) && *rest == '\0' && *value <= most;
}

bool option_steps(const char *text, uint64_t *steps)
{
	if (option_number(text, UINT64_MAX, steps) && *steps > 0)
		return true;
	return complain("--limit '%s': give a number of steps, more than 0", text) == 0;
}

bool option_size(const char *text, uint64_t *bytes)
{
	static const char suffixes[] = "KMG";
	const char *rest;
	if (!leading_number(text, bytes, &rest))
		return false;
	if (*rest == '\0')
		return true;
	const char *suffix = strchr(suffixes, *rest & ~0x20);
	int shift = suffix ? 10 * (int)(suffix - suffixes + 1) : 0;
	if (!suffix || rest[1] != '\0' || *bytes >> (64 - shift))
		return false;
	*bytes <<= shift;
	return true;
}

static const struct profile *complain_of_profile(const char *name)
{
	fprintf(stderr, "droste: no profile '%s', and no file of that name: there are", name);
	for (int i = 0; i < PROFILES; i++)
		fprintf(stderr, " %s", isa_profiles[i].name);
	fputc('\n', stderr);
	return NULL;
}

const struct profile *option_profile(const char *name, struct own_profile *own)
{
	const struct profile *shipped = profile_find(name);
	struct file file;
	struct refusal why;
	if (shipped)
		return shipped;
	if (access(name, F_OK) != 0)
		return complain_of_profile(name);
	if (!file_read(&file, name, &why)) {
		complain("%s: %s", name, why.text);
		return NULL;
	}
	bool good = profile_parse(own, (const char *)file.bytes, file.size, &why);
	file_free(&file);
	if (!good)
		complain("%s:%s", name, why.text);
	return good ? &own->profile : NULL;
}
