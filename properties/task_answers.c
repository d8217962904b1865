/* A file of answers, line by line: NAME = VALUE, and # begins a remark.  A line that is none costs its
 * own question and no other.  See task.h.
 */

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "inspector/words.h"
#include "task.h"

enum { ANSWERS_MOST = 500 };

struct line {
	const char *start, *at, *end; /* end: of the line, without a remark and the space before it */
	unsigned number;
};

static unsigned column(const struct line *line) { return (unsigned)(line->at - line->start) + 1; }

static void note_error(struct answers *to, const struct line *line, const char *what)
{
	if (to->errors++ == 0)
		snprintf(to->error, sizeof(to->error), "%u:%u: %s", line->number, column(line), what);
}

static bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r'; }

static void skip_space(struct line *line)
{
	while (line->at < line->end && is_space(*line->at))
		line->at++;
}

static bool take_name(struct line *line, char *to, size_t room)
{
	size_t n = 0;
	while (line->at + n < line->end && (isalnum((unsigned char)line->at[n]) || strchr("._-", line->at[n])))
		n++;
	if (n == 0 || n >= room)
		return false;
	memcpy(to, line->at, n);
	to[n] = '\0';
	line->at += n;
	return true;
}

static struct answer *add(struct answers *to)
{
	struct answer *more = to->n < ANSWERS_MOST ? realloc(to->answer, (to->n + 1) * sizeof(*more)) : NULL;
	if (!more)
		return NULL;
	to->answer = more;
	more[to->n] = (struct answer){ 0 };
	return &more[to->n++];
}

static void parse_line(struct answers *to, struct line *line)
{
	char name[48], again[80];
	skip_space(line);
	if (line->at == line->end)
		return;
	if (!take_name(line, name, sizeof(name))) {
		note_error(to, line, _("a line begins with the name of a question: NAME = VALUE"));
		return;
	}
	skip_space(line);
	if (line->at == line->end || *line->at != '=') {
		note_error(to, line, _("'=' is missing between the name and the value: NAME = VALUE"));
		return;
	}
	const struct answer *before = answers_find(to, name);
	if (before && *before->value) {
		snprintf(again, sizeof(again), _("%s is answered before, in line %u"), name, before->line);
		note_error(to, line, again);
		return;
	}
	line->at++;
	skip_space(line);
	struct answer *answer = before ? &to->answer[before - to->answer] : add(to); /* what was left open may be answered below */
	if (!answer || (size_t)(line->end - line->at) >= sizeof(answer->value)) {
		note_error(to, line, answer ? _("the value is too long") : _("there are too many answers"));
		to->n -= answer && !before;
		return;
	}
	strcpy(answer->name, name);
	memcpy(answer->value, line->at, (size_t)(line->end - line->at));
	answer->line = line->number;
	answer->column = column(line);
}

/* The line from start on, without its remark. */
static struct line find_line(const char *start, const char *end, unsigned number)
{
	const char *newline = memchr(start, '\n', (size_t)(end - start)), *stop = newline ? newline : end;
	const char *remark = memchr(start, '#', (size_t)(stop - start));
	stop = remark ? remark : stop;
	while (stop > start && is_space(stop[-1]))
		stop--;
	return (struct line){ start, start, stop, number };
}

bool answers_parse(struct answers *to, const char *text, size_t n)
{
	const char *end = text + n;
	*to = (struct answers){ 0 };
	if (n >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) /* some editors begin a file so */
		text += 3;
	for (unsigned number = 1; text < end; number++) {
		struct line line = find_line(text, end, number);
		parse_line(to, &line);
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		text = newline ? newline + 1 : end;
	}
	return to->errors == 0;
}

const struct answer *answers_find(const struct answers *answers, const char *name)
{
	for (unsigned i = 0; i < answers->n; i++)
		if (strcmp(answers->answer[i].name, name) == 0)
			return &answers->answer[i];
	return NULL;
}

/* ---- a name misspelt ---------------------------------------------------- */

static unsigned least(unsigned a, unsigned b) { return a < b ? a : b; }

/* How many letters to change, add or leave out. */
static unsigned distance(const char *a, const char *b)
{
	unsigned row[64], n = (unsigned)strlen(b);
	for (unsigned j = 0; j <= n; j++)
		row[j] = j;
	for (unsigned i = 1; a[i - 1]; i++) {
		unsigned diagonal = row[0];
		row[0] = i;
		for (unsigned j = 1; j <= n; j++) {
			unsigned same = diagonal + (tolower((unsigned char)a[i - 1]) != tolower((unsigned char)b[j - 1]));
			diagonal = row[j];
			row[j] = least(same, least(row[j], row[j - 1]) + 1);
		}
	}
	return row[n];
}

static bool is_asked(const struct tasks *tasks, const char *name)
{
	for (unsigned i = 0; i < tasks->n; i++)
		if (tasks->task[i].kind == TASK_ANSWER && strcmp(tasks->task[i].name, name) == 0)
			return true;
	return false;
}

const struct answer *answers_like(const struct answers *answers, const char *name, const struct tasks *tasks)
{
	const struct answer *best = NULL;
	unsigned nearest = 3;
	for (unsigned i = 0; i < answers->n; i++) {
		const struct answer *answer = &answers->answer[i];
		unsigned d = distance(answer->name, name);
		if (d < nearest && !is_asked(tasks, answer->name)) {
			nearest = d;
			best = answer;
		}
	}
	return best;
}

/* ---- numbers ------------------------------------------------------------ */

static bool take_digits(const char **at, unsigned base, uint64_t *value)
{
	const char *start = *at;
	for (; isxdigit((unsigned char)**at) && (base == 16 || isdigit((unsigned char)**at)); ++*at) {
		unsigned digit = isdigit((unsigned char)**at) ? (unsigned)(**at - '0') : (unsigned)(tolower((unsigned char)**at) - 'a' + 10);
		if (*value > UINT64_C(1000000000000000))
			return false;
		*value = *value * base + digit;
	}
	return *at > start;
}

/* Up to three places; an x behind it, as droste nest has it, is no matter. */
bool answer_number(const char *text, int64_t *thousandths)
{
	uint64_t whole = 0, places = 0;
	if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
		text += 2;
		*thousandths = take_digits(&text, 16, &whole) ? (int64_t)whole * 1000 : 0;
		return *text == '\0' && whole <= UINT64_C(1000000000000000) && text[-1] != 'x' && text[-1] != 'X';
	}
	if (!take_digits(&text, 10, &whole))
		return false;
	if (*text == '.') {
		const char *start = ++text;
		if (!take_digits(&text, 10, &places) || text - start > 3)
			return false;
		for (long n = text - start; n < 3; n++)
			places *= 10;
	}
	text += *text == 'x';
	*thousandths = (int64_t)(whole * 1000 + places);
	return *text == '\0';
}
