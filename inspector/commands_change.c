/* Commands that change a machine from outside, give it input, show its output, and keep the
 * session.  Called through the table.
 */

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "commands_inside.h"

/* ---- state -------------------------------------------------------------- */

static void set_register(struct inspector *inspector, const char *name, uint32_t value, struct answer *answer)
{
	struct refusal why;
	name += *name == '$';
	int x = register_number(name), field = 0;
	while (field < PSW_FIELDS && strcmp(name, special_names[field]) != 0)
		field++;
	if (x < 0 && field == PSW_FIELDS)
		answer_fail(answer, "'%s' cannot be set: registers, $pc, $status, $base, $bound, $timer and storage, as in *ADDRESS, can", name);
	else if (x >= 0 && !session_set_register(inspector->session, inspector->level, (unsigned)x, value))
		answer_fail(answer, "%s of level %u cannot be set now", name, inspector->level);
	else if (x < 0 && !session_set_psw(inspector->session, inspector->level, (enum psw_field)field, value, &why))
		answer_fail(answer, "%s of level %u: %s", name, inspector->level, why.text);
}

static void set_storage(struct inspector *inspector, const char *text, uint32_t value, unsigned bytes, struct answer *answer)
{
	struct place_at place;
	struct refusal why;
	if (!command_address(inspector, text, &place, &why))
		answer_fail(answer, "%s", why.text);
	else if (!session_write(inspector->session, inspector->level, place.address, place.absolute, &value, bytes))
		answer_fail(answer, "no storage at 0x%08" PRIx32 " of level %u: 'translate' says who refuses", place.address,
		            inspector->level);
}

/* set[/UNIT] TARGET = VALUE */
COMMAND(command_set)
{
	unsigned bytes = 4;
	uint64_t value;
	char *equals = strchr(arguments, '=');
	(void)self;
	if (arguments[0] == '/' && arguments[1] && strchr("bhw", arguments[1])) {
		bytes = arguments[1] == 'b' ? 1 : arguments[1] == 'h' ? 2 : 4;
		arguments += 2;
	}
	if (!equals) {
		answer_fail(answer, "set what to what? As in: set $a0 = 5, set *0x1000 = 7, set/b *buffer = 65");
		return;
	}
	*equals++ = '\0';
	char *target = next_word(&arguments);
	if (!read_value(inspector, equals, 0, &value, answer))
		return;
	if (*target == '*' || *arguments)
		set_storage(inspector, target + (*target == '*'), (uint32_t)value, bytes, answer);
	else
		set_register(inspector, target, (uint32_t)value, answer);
}

/* ---- the console -------------------------------------------------------- */

/* A line by number, from text; else the first line of the guest that is looked at, or of the
 * one within. */
static bool read_line(const struct inspector *inspector, char **text, unsigned *line, struct answer *answer)
{
	unsigned n, lines = machine_lines(session_machine(inspector->session));
	const struct level *levels = session_levels(inspector->session, &n);
	unsigned level = inspector->level;
	if (isdigit((unsigned char)**text)) {
		*line = (unsigned)strtoul(*text, text, 10);
		*text += strspn(*text, " \t");
	} else {
		for (int inner; (inner = levels_inner(levels, n, level)) >= 0;)
			level = (unsigned)inner;
		*line = first_line_of(inspector, level);
	}
	if (*line < lines)
		return true;
	answer_fail(answer, "there is no line %u: the machine has lines 0 to %u", *line, lines - 1);
	return false;
}

static unsigned hex_digit(char c) { return isdigit((unsigned char)c) ? (unsigned)(c - '0') : (unsigned)(c | 0x20) - 'a' + 10; }

/* C's \n, \t, \r, \e, \\ and \xNN; \c at the end means: no end of line.  In place; returns how
 * many bytes, the end of line counted in. */
static size_t unescape(char *text)
{
	static const char letters[] = "ntre\\", bytes[] = "\n\t\r\033\\";
	size_t n = 0;
	for (const char *from = text; *from; from++) {
		const char *letter = *from == '\\' && from[1] ? strchr(letters, from[1]) : NULL;
		if (letter) {
			text[n++] = bytes[letter - letters];
			from++;
		} else if (strcmp(from, "\\c") == 0) {
			return n;
		} else if (from[0] == '\\' && from[1] == 'x' && isxdigit((unsigned char)from[2]) && isxdigit((unsigned char)from[3])) {
			text[n++] = (char)(hex_digit(from[2]) << 4 | hex_digit(from[3]));
			from += 3;
		} else {
			text[n++] = *from;
		}
	}
	text[n++] = '\n'; /* where the 0 was, or before */
	return n;
}

COMMAND(command_type)
{
	unsigned line;
	bool numbered = *arguments == '/' && isdigit((unsigned char)arguments[1]);
	char *text = arguments + numbered;
	char *none = "";
	(void)self;
	if (!read_line(inspector, numbered ? &text : &none, &line, answer))
		return;
	size_t n = unescape(text);
	if (machine_line(session_machine(inspector->session), line).ended)
		answer_fail(answer, "the input of line %u has ended", line);
	else if (!session_input(inspector->session, line, text, n))
		answer_fail(answer, "no memory for the input");
	else
		answer_say(answer, "%zu bytes for line %u\n", n, line);
	answer_set(answer, "line", json_number(line));
}

COMMAND(command_eof)
{
	unsigned line;
	(void)self;
	if (!read_line(inspector, &arguments, &line, answer))
		return;
	session_input_ends(inspector->session, line);
	answer_say(answer, "the input of line %u has ended\n", line);
	answer_set(answer, "line", json_number(line));
}

COMMAND(command_output)
{
	unsigned line;
	(void)self;
	if (!read_line(inspector, &arguments, &line, answer))
		return;
	struct output output = session_output(inspector->session, line);
	describe_loss(answer, line, output.before);
	describe_bytes(answer, line, output.bytes, output.n);
	answer_set(answer, "line", json_number(line));
	answer_set(answer, "not_kept", json_number(output.before));
	answer_set(answer, "text", json_bytes(output.bytes, output.n));
}

/* ---- the session -------------------------------------------------------- */

COMMAND(command_mark)
{
	(void)self;
	if (!*arguments || strlen(arguments) >= MARK_BYTES || strpbrk(arguments, " \t#") || isdigit((unsigned char)*arguments))
		answer_fail(answer, "a mark has a name of one word, no number, of at most %d characters", MARK_BYTES - 1);
	else if (!session_mark(inspector->session, arguments))
		answer_fail(answer, "there is no room for more marks");
	else
		answer_say(answer, "%s is step %" PRIu64 "\n", arguments, session_now(inspector->session));
}

static bool has_file(const char *arguments, struct answer *answer)
{
	if (!*arguments)
		answer_fail(answer, "which file?");
	return *arguments;
}

COMMAND(command_save)
{
	struct refusal why;
	(void)self;
	if (has_file(arguments, answer) && !session_save(inspector->session, arguments, &why))
		answer_fail(answer, "%s: %s", arguments, why.text);
}

COMMAND(command_load)
{
	struct refusal why;
	(void)self;
	if (!has_file(arguments, answer))
		return;
	if (!session_load(inspector->session, arguments, &why)) {
		answer_fail(answer, "%s: %s", arguments, why.text);
		return;
	}
	inspector->level = session_running(inspector->session);
	describe_place(inspector, NULL, answer);
}

/* ---- scripts ------------------------------------------------------------ */

#define SOURCES_MOST 8 /* files within files */

/* Each line, until one fails. */
static void run_lines(struct inspector *inspector, FILE *file, const char *path, struct answer *answer)
{
	char *line = NULL;
	size_t room = 0;
	json_t *list = json_array();
	for (unsigned number = 1; !answer->failed && !inspector->quit && getline(&line, &room, file) >= 0; number++) {
		struct answer one = { answer->text, answer->json ? json_object() : NULL, false };
		line[strcspn(line, "\r\n")] = '\0';
		command_run(inspector, line, &one);
		if (one.json)
			json_array_append_new(list, one.json);
		if (one.failed)
			answer_fail(answer, "%s:%u: '%s' failed: what follows is left out", path, number, line);
	}
	if (ferror(file)) /* a folder can be opened, and not be read */
		answer_fail(answer, "cannot read %s: %s", path, strerror(errno));
	answer_set(answer, "answers", list);
	free(line);
}

COMMAND(command_source)
{
	(void)self;
	FILE *file = has_file(arguments, answer) ? fopen(arguments, "r") : NULL;
	if (!file) {
		if (*arguments)
			answer_fail(answer, "cannot open %s: %s", arguments, strerror(errno));
	} else if (inspector->sourcing >= SOURCES_MOST) {
		answer_fail(answer, "%s: files within files are at most %d deep", arguments, SOURCES_MOST);
	} else {
		inspector->sourcing++;
		run_lines(inspector, file, arguments, answer);
		inspector->sourcing--;
	}
	if (file)
		fclose(file);
}

COMMAND(command_quit)
{
	(void)self, (void)arguments, (void)answer;
	inspector->quit = true;
}
