/* Lines become commands: finding the row, its arguments and its level, and help.  See
 * commands.h; the rows are in commands_table.c.
 */

#include "commands.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "commands_inside.h"

/* ---- answering ---------------------------------------------------------- */

void answer_say(struct answer *answer, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	vfprintf(answer->text, format, args);
	va_end(args);
}

void answer_fail(struct answer *answer, const char *format, ...)
{
	char text[512];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	answer->failed = true;
	answer_say(answer, "%s\n", text);
	answer_set(answer, "error", json_bytes((const uint8_t *)text, strlen(text)));
}

void answer_set(struct answer *answer, const char *key, json_t *value)
{
	if (answer->json)
		json_object_set_new(answer->json, key, value);
	else
		json_decref(value);
}

json_t *json_address(uint32_t address) { return json_sprintf("0x%08x", address); }

/* As text if it is UTF-8; else byte by byte, as in Latin-1. */
json_t *json_bytes(const uint8_t *bytes, size_t n)
{
	json_t *text = json_stringn((const char *)bytes, n);
	if (text)
		return text;
	char *latin = malloc(2 * n + 1), *to = latin;
	for (size_t i = 0; latin && i < n; i++) {
		if (bytes[i] >= 0x80)
			*to++ = (char)(0xC0 | bytes[i] >> 6);
		*to++ = (char)(bytes[i] < 0x80 ? bytes[i] : 0x80 | (bytes[i] & 0x3F));
	}
	text = latin ? json_stringn(latin, (size_t)(to - latin)) : NULL;
	free(latin);
	return text;
}

/* ---- reading ------------------------------------------------------------ */

static char *skip_space(char *text)
{
	while (isspace((unsigned char)*text))
		text++;
	return text;
}

static void cut_space_at_end(char *text)
{
	size_t n = strlen(text);
	while (n > 0 && isspace((unsigned char)text[n - 1]))
		text[--n] = '\0';
}

char *next_word(char **text)
{
	char *word = skip_space(*text), *end = word;
	while (*end && !isspace((unsigned char)*end))
		end++;
	*text = *end ? end + 1 : end;
	*end = '\0';
	*text = skip_space(*text);
	return word;
}

char *split_at_word(char *text, const char *word)
{
	size_t n = strlen(word);
	for (char *at = text; (at = strstr(at, word)); at++) {
		bool begins = at == text || isspace((unsigned char)at[-1]);
		if (!begins || (at[n] != '\0' && !isspace((unsigned char)at[n])))
			continue;
		*at = '\0';
		cut_space_at_end(text);
		return skip_space(at + n);
	}
	return NULL;
}

static bool has_name(const struct level *level, const char *name)
{
	return level->parent >= 0 && strlen(name) <= NAME_BYTES && strncmp(level->entry.name, name, NAME_BYTES) == 0;
}

static bool find_level(const struct inspector *inspector, const char *text, unsigned *level)
{
	unsigned n;
	char *end;
	const struct level *levels = session_levels(inspector->session, &n);
	if (isdigit((unsigned char)*text)) {
		unsigned long number = strtoul(text, &end, 10);
		*level = number < LEVELS_MOST ? (unsigned)number : LEVELS_MOST;
		return *end == '\0' && *level < n;
	}
	for (*level = 0; *level < n; ++*level)
		if (has_name(&levels[*level], text))
			return true;
	return false;
}

bool read_level(const struct inspector *inspector, const char *text, unsigned *level, struct answer *answer)
{
	unsigned found;
	if (!find_level(inspector, text, &found)) {
		answer_fail(answer, "no level '%s' now: 'levels' lists them, 'enter' goes on until a guest runs", text);
		return false;
	}
	*level = found;
	return true;
}

/* Numbers of levels are dealt out in the order of programs, so those to come are known. */
static bool read_level_to_come(const struct inspector *inspector, const char *text, unsigned *level, struct answer *answer)
{
	unsigned found = 0;
	if (isdigit((unsigned char)*text) && !find_level(inspector, text, &found) && found < inspector->programs) {
		*level = found;
		return true;
	}
	return read_level(inspector, text, level, answer);
}

bool read_value(const struct inspector *inspector, const char *text, uint64_t otherwise, uint64_t *value,
                struct answer *answer)
{
	struct refusal why;
	*value = otherwise;
	if (!*text || command_evaluate(inspector, inspector->level, text, value, &why))
		return true;
	answer_fail(answer, "%s", why.text);
	return false;
}

/* ---- finding a command -------------------------------------------------- */

/* How well a line's words fit a name: how many of them are used, exactly or as beginnings. */
struct fit {
	unsigned words;
	bool whole;
	const char *rest;
};

static size_t word_length(const char *text) { return strcspn(text, " \t\n/"); }

static struct fit fit_name(const char *line, const char *name)
{
	struct fit fit = { .whole = true, .rest = line };
	while (*name) {
		size_t given = word_length(fit.rest), wanted = strcspn(name, " ");
		if (given == 0 || given > wanted || strncmp(fit.rest, name, given) != 0)
			return (struct fit){ 0 };
		fit.whole &= given == wanted;
		fit.words++;
		fit.rest += given;
		name += wanted + (name[wanted] == ' ');
		if (*name)
			fit.rest += strspn(fit.rest, " \t");
	}
	return fit;
}

static bool better(const struct fit *a, const struct fit *b)
{
	return a->words != b->words ? a->words > b->words : a->whole && !b->whole;
}

static struct fit fit_row(const char *line, const struct inspector_command *row)
{
	struct fit name = fit_name(line, row->name), alias = row->alias ? fit_name(line, row->alias) : (struct fit){ 0 };
	return alias.whole && better(&alias, &name) ? alias : name;
}

static void refuse_ambiguous(const char *line, unsigned words, struct refusal *why)
{
	int n = snprintf(why->text, sizeof(why->text), "'%.*s' may be", (int)word_length(line), line);
	for (const struct inspector_command *row = inspector_commands; row->name && n < (int)sizeof(why->text); row++) {
		if (fit_row(line, row).words == words)
			n += snprintf(why->text + n, sizeof(why->text) - (size_t)n, " %s,", row->name);
	}
	n = n < (int)sizeof(why->text) ? n : (int)sizeof(why->text) - 1;
	snprintf(why->text + n - 1, sizeof(why->text) - (size_t)n + 1, ": write more of it");
}

/* Who comes from gdb looks for these. */
static const char *const gdb_has[] = { "backtrace", "bt", "display", "frame", "ptype", "whatis", "info locals", NULL };

static bool is_gdbs(const char *line)
{
	for (const char *const *name = gdb_has; *name; name++)
		if (fit_name(line, *name).whole && fit_name(line, *name).words > 0)
			return true;
	return false;
}

/* A first word without its second: which there are. */
static void refuse_unknown(const char *line, struct refusal *why)
{
	int length = (int)word_length(line), n = 0;
	for (const struct inspector_command *row = inspector_commands; row->name && n < (int)sizeof(why->text); row++)
		if (length > 0 && strncmp(row->name, line, (size_t)length) == 0 && row->name[length] == ' ')
			n += snprintf(why->text + n, sizeof(why->text) - (size_t)n, "%s%s", n == 0 ? "there are " : ", ", row->name);
	if (is_gdbs(line))
		snprintf(why->text, sizeof(why->text), "no command '%s' here: gdb has it, for every level, by 'droste gdb'", line);
	else if (n == 0)
		snprintf(why->text, sizeof(why->text), "no command '%.*s': 'help' lists them", length, line);
}

const struct inspector_command *command_find(char **line, struct refusal *why)
{
	const struct inspector_command *found = NULL;
	struct fit best = { 0 };
	bool ambiguous = false;
	for (const struct inspector_command *row = inspector_commands; row->name; row++) {
		struct fit fit = fit_row(*line, row);
		if (fit.words > 0 && better(&fit, &best)) {
			found = row;
			best = fit;
			ambiguous = false;
		} else if (fit.words > 0 && !better(&best, &fit)) {
			ambiguous = true;
		}
	}
	if (!found)
		refuse_unknown(*line, why);
	else if (ambiguous)
		refuse_ambiguous(*line, best.words, why);
	if (!found || ambiguous)
		return NULL;
	*line = skip_space(*line + (best.rest - *line));
	return found;
}

const struct inspector_command *command_named(const char *line)
{
	struct refusal why;
	char *copy = strdup(line), *at = copy ? skip_space(copy) : NULL;
	const struct inspector_command *found = at && *at ? command_find(&at, &why) : NULL;
	free(copy);
	return found;
}

/* ---- running ------------------------------------------------------------ */

/* A VM that was looked at may be gone. */
static void keep_level(struct inspector *inspector)
{
	unsigned n;
	session_levels(inspector->session, &n);
	if (inspector->level >= n)
		inspector->level = session_running(inspector->session);
}

/* A level given for this command only; what follows it closes up.  False if there is none
 * such. */
static bool take_level(struct inspector *inspector, const struct inspector_command *command, char *arguments,
                       struct answer *answer)
{
	char *rest = command->takes_text ? NULL : split_at_word(arguments, "at");
	if (!rest)
		return true;
	if (!(command->waits ? read_level_to_come : read_level)(inspector, next_word(&rest), &inspector->level, answer))
		return false;
	char *end = arguments + strlen(arguments);
	if (*rest) {
		*end++ = ' ';
		memmove(end, rest, strlen(rest) + 1);
	}
	return true;
}

static void do_line(struct inspector *inspector, char *line, struct answer *answer)
{
	struct refusal why;
	const struct inspector_command *command = command_find(&line, &why);
	if (!command) {
		answer_fail(answer, "%s", why.text);
		return;
	}
	unsigned before = inspector->level;
	if (take_level(inspector, command, line, answer)) {
		bool for_once = inspector->level != before;
		unsigned looked_at = inspector->level;
		command->run(inspector, command, line, answer);
		if (for_once && inspector->level == looked_at)
			inspector->level = before;
	}
	keep_level(inspector);
}

void command_run(struct inspector *inspector, const char *line, struct answer *answer)
{
	char *copy = strdup(line);
	if (!copy) {
		answer_fail(answer, "no memory for the line");
		return;
	}
	char *text = skip_space(copy);
	cut_space_at_end(text);
	answer_set(answer, "command", json_bytes((const uint8_t *)text, strlen(text)));
	keep_level(inspector);
	if (*text && *text != '#')
		do_line(inspector, text, answer);
	free(copy);
}

/* ---- help --------------------------------------------------------------- */

static void help_row(const struct inspector_command *row, struct answer *answer)
{
	answer_say(answer, "%s%s%s%s%s%s\n  %s\n", row->name, row->arguments ? " " : "", row->arguments ? row->arguments : "",
	           row->alias ? "   (" : "", row->alias ? row->alias : "", row->alias ? ")" : "", row->summary);
	if (row->more)
		answer_say(answer, "  %s\n", row->more);
	answer_say(answer, "  Example: %s\n", row->example);
	answer_set(answer, "name", json_string(row->name));
	answer_set(answer, "arguments", row->arguments ? json_string(row->arguments) : json_null());
	answer_set(answer, "summary", json_string(row->summary));
	answer_set(answer, "example", json_string(row->example));
}

static void help_all(struct answer *answer)
{
	json_t *names = json_array();
	for (const struct inspector_command *row = inspector_commands; row->name; row++) {
		answer_say(answer, "%-20s %-4s %s\n", row->name, row->alias ? row->alias : "", row->summary);
		json_array_append_new(names, json_string(row->name));
	}
	answer_say(answer, "\n'help COMMAND' says more, with an example.  Commands may be cut short; most take 'at LEVEL' at their end.\n"
	                   "Addresses: a number, symbol, FILE:LINE, $register, *ADDRESS, with C's operators; @ADDRESS is past R.\n");
	answer_set(answer, "commands", names);
}

COMMAND(command_help)
{
	struct refusal why;
	(void)inspector, (void)self;
	if (!*arguments) {
		help_all(answer);
		return;
	}
	const struct inspector_command *row = command_find(&arguments, &why);
	if (row)
		help_row(row, answer);
	else
		answer_fail(answer, "%s", why.text);
}
