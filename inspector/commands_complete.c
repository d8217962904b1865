/* What could stand where a word begins on a line of commands.  Called by the prompt and by
 * the views' ':' line, through command_complete.
 */

#include <stdlib.h>
#include <string.h>

#include "commands_inside.h"

static bool begins(const char *name, const char *word) { return strncmp(name, word, strlen(word)) == 0; }

/* The n-th of names, which ends with NULL, that begins with a word; after as many as *n counts
 * are left out. */
static char *nth_name(const char *const *names, unsigned most, const char *word, unsigned *n)
{
	for (unsigned i = 0; i < most && names[i]; i++)
		if (begins(names[i], word) && (*n)-- == 0)
			return strdup(names[i]);
	return NULL;
}

/* ---- words -------------------------------------------------------------- */

char *complete_symbol(const struct inspector *inspector, const char *word, unsigned n)
{
	const char *name = symbols_match(inspector_symbols(inspector, inspector->level), word, n);
	return name ? strdup(name) : NULL;
}

char *complete_level(const struct inspector *inspector, const char *word, unsigned n)
{
	unsigned levels;
	session_levels(inspector->session, &levels);
	for (unsigned i = 0; i < levels; i++) {
		char number[12], name[32];
		snprintf(number, sizeof(number), "%u", i);
		level_name(inspector, i, name, sizeof(name));
		if (begins(number, word) && n-- == 0)
			return strdup(number);
		if (i > 0 && begins(name, word) && n-- == 0)
			return strdup(name);
	}
	return NULL;
}

/* With its '$'. */
char *complete_register(const struct inspector *inspector, const char *word, unsigned n)
{
	const char *name = word + (*word == '$');
	char *text = NULL;
	(void)inspector;
	char *found = nth_name(isa_register_names, 32, name, &n);
	if (!found)
		found = nth_name(special_names, SPECIALS, name, &n);
	if (found && asprintf(&text, "$%s", found) < 0)
		text = NULL;
	free(found);
	return text;
}

char *complete_cause(const struct inspector *inspector, const char *word, unsigned n)
{
	static const char *const others[] = { "any", "psw", "control", NULL };
	(void)inspector;
	char *found = nth_name(isa_cause_names, CAUSES, word, &n);
	return found ? found : nth_name(others, 3, word, &n);
}

char *complete_on_off(const struct inspector *inspector, const char *word, unsigned n)
{
	static const char *const both[] = { "on", "off" };
	(void)inspector;
	return nth_name(both, 2, word, &n);
}

char *complete_mark(const struct inspector *inspector, const char *word, unsigned n)
{
	unsigned count;
	const struct mark *marks = session_marks(inspector->session, &count);
	for (unsigned i = 0; i < count; i++)
		if (begins(marks[i].name, word) && n-- == 0)
			return strdup(marks[i].name);
	return NULL;
}

char *complete_point(const struct inspector *inspector, const char *word, unsigned n)
{
	unsigned count;
	const struct point *points = session_points(inspector->session, &count);
	for (unsigned i = 0; i < count; i++) {
		char number[12];
		snprintf(number, sizeof(number), "%u", points[i].number);
		if (begins(number, word) && n-- == 0)
			return strdup(number);
	}
	return NULL;
}

/* Names of commands, from a word of theirs on. */
static char *complete_name(const char *before, const char *word, unsigned n)
{
	char line[64];
	size_t skip = strlen(before);
	snprintf(line, sizeof(line), "%s%s", before, word);
	for (const struct inspector_command *row = inspector_commands; row->name; row++)
		if (begins(row->name, line) && n-- == 0)
			return strdup(row->name + skip);
	return NULL;
}

char *complete_command(const struct inspector *inspector, const char *word, unsigned n)
{
	(void)inspector;
	return complete_name("", word, n);
}

/* ---- a line ------------------------------------------------------------- */

static bool ends_with_word(const char *text, const char *word)
{
	size_t n = strlen(text), m = strlen(word);
	while (n > 0 && text[n - 1] == ' ')
		n--;
	return n > m && memcmp(text + n - m, word, m) == 0 && text[n - m - 1] == ' ';
}

char *command_complete(const struct inspector *inspector, const char *before, const char *word, unsigned n)
{
	char *name = complete_name(before, word, n);
	if (name || !*before)
		return name;
	if (*word == '$')
		return complete_register(inspector, word, n);
	if (ends_with_word(before, "at"))
		return complete_level(inspector, word, n);
	const struct inspector_command *row = command_named(before);
	return row && row->complete ? row->complete(inspector, word, n) : NULL;
}
