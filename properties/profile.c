/* The parser of profile files (profile.h): line by line, word by word.  Whatever is not
 * understood is refused at the place where it stands.
 */

#include "profile.h"

#include <stdio.h>
#include <string.h>

struct parser {
	struct own_profile *to;
	const char *at, *line_end, *end; /* the present line is at ... line_end */
	const char *line_start;
	unsigned line;
	bool set[SYSTEM_ROWS];
	struct refusal *why;
};

struct word {
	const char *at;
	size_t n;
};

static const struct { const char *name; enum user_action action; } actions[] = {
#define ACTION(symbol, name, says, effect) { name, USER_##symbol },
#include "machine/isa/profiles.def"
};

static const struct { const char *name; enum profile_feature feature; } features[] = {
#define FEATURE(symbol, bit, name, effect) { name, FEATURE_##symbol },
#include "machine/isa/profiles.def"
};

static const char action_names[] = "say one of"
#define ACTION(symbol, name, says, effect) " " name
#include "machine/isa/profiles.def"
;

static const char feature_names[] = "there are"
#define FEATURE(symbol, bit, name, effect) " " name
#include "machine/isa/profiles.def"
;

#define COUNT(list) (sizeof(list) / sizeof(*(list)))

/* ---- words -------------------------------------------------------------- */

static bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r'; }

/* Refuses word: what says what is wrong with it, hint what to do. */
static bool refuse_word(const struct parser *p, struct word word, const char *what, const char *hint)
{
	int n = word.n > 32 ? 32 : (int)word.n;
	snprintf(p->why->text, sizeof(p->why->text), "%u:%u: %s%s%.*s%s: %s", p->line,
	         (unsigned)(word.at - p->line_start) + 1, what, n > 0 ? " '" : "", n, word.at, n > 0 ? "'" : "", hint);
	return false;
}

/* The next word of the line; empty, at the place where it ends, if there is none. */
static struct word next_word(struct parser *p)
{
	while (p->at < p->line_end && is_space(*p->at))
		p->at++;
	struct word word = { p->at, 0 };
	while (p->at < p->line_end && !is_space(*p->at))
		p->at++;
	word.n = (size_t)(p->at - word.at);
	return word;
}

static bool is(struct word word, const char *text)
{
	return word.n == strlen(text) && memcmp(word.at, text, word.n) == 0;
}

static bool line_ends(struct parser *p)
{
	struct word word = next_word(p);
	return word.n == 0 || refuse_word(p, word, "cannot understand", "the line ends before it");
}

static bool is_printable(struct word word)
{
	for (size_t i = 0; i < word.n; i++)
		if (word.at[i] < ' ' || word.at[i] > '~')
			return false;
	return true;
}

static bool copy(struct parser *p, struct word word, char *to, size_t room, const char *what)
{
	if (word.n == 0)
		return refuse_word(p, word, what, "missing");
	if (!is_printable(word))
		return refuse_word(p, (struct word){ word.at, 0 }, what, "use printable ASCII characters");
	if (word.n >= room)
		return refuse_word(p, word, what, "too long");
	if (*to)
		return refuse_word(p, word, what, "given before");
	memcpy(to, word.at, word.n);
	return true;
}

/* ---- lines -------------------------------------------------------------- */

static bool parse_name(struct parser *p)
{
	struct word name = next_word(p);
	char text[sizeof(p->to->name)] = "";
	if (name.n < sizeof(text))
		memcpy(text, name.at, name.n);
	if (profile_find(text))
		return refuse_word(p, name, "the name", "a profile of droste's own has it; choose another");
	return copy(p, name, p->to->name, sizeof(p->to->name), "the name") && line_ends(p);
}

static bool parse_after(struct parser *p)
{
	struct word text = next_word(p);
	const char *end = p->line_end;
	while (end > text.at && is_space(end[-1]))
		end--;
	text.n = (size_t)(end - text.at);
	p->at = p->line_end;
	return copy(p, text, p->to->after, sizeof(p->to->after), "the model");
}

static bool parse_feature(struct parser *p)
{
	struct word word = next_word(p);
	for (size_t i = 0; i < COUNT(features); i++)
		if (is(word, features[i].name)) {
			p->to->profile.features |= (uint8_t)features[i].feature;
			return line_ends(p);
		}
	return refuse_word(p, word, word.n ? "no feature" : "no feature given", feature_names);
}

static bool parse_action(struct parser *p, struct word name, int insn)
{
	struct word word = next_word(p);
	size_t i = 0;
	while (i < COUNT(actions) && !is(word, actions[i].name))
		i++;
	if (i == COUNT(actions))
		return refuse_word(p, word, word.n ? "user mode cannot" : "nothing said of what user mode does",
		                   action_names);
	enum user_action action = actions[i].action;
	if ((action == USER_HASH || action == USER_PROBE) && insn != INSN_lra)
		return refuse_word(p, word, "user mode cannot", "only lra can");
	if (p->set[insn - INSN_SYSTEM])
		return refuse_word(p, name, "instruction", "said before");
	p->set[insn - INSN_SYSTEM] = true;
	p->to->profile.user[insn - INSN_SYSTEM] = (uint8_t)action;
	return line_ends(p);
}

static bool parse_line(struct parser *p)
{
	struct word word = next_word(p);
	if (word.n == 0)
		return true;
	if (is(word, "name"))
		return parse_name(p);
	if (is(word, "after"))
		return parse_after(p);
	if (is(word, "machine"))
		return parse_feature(p);
	for (int insn = 0; insn < INSNS; insn++)
		if (is(word, isa_insns[insn].name))
			return insn >= INSN_SYSTEM ? parse_action(p, word, insn)
			       : refuse_word(p, word, "instruction", "it is of the User ISA, which no profile changes");
	if (!is_printable(word))
		return refuse_word(p, (struct word){ word.at, 0 }, "this is no text", "give a profile file");
	return refuse_word(p, word, "no instruction", "a line begins with name, after, machine or a System instruction");
}

/* The line from p->at: up to a comment, or to where it ends. */
static void find_line(struct parser *p)
{
	const char *newline = memchr(p->at, '\n', (size_t)(p->end - p->at));
	const char *end = newline ? newline : p->end;
	const char *comment = memchr(p->at, '#', (size_t)(end - p->at));
	p->line++;
	p->line_start = p->at;
	p->line_end = comment ? comment : end;
}

static void next_line(struct parser *p)
{
	const char *newline = memchr(p->line_end, '\n', (size_t)(p->end - p->line_end));
	p->at = newline ? newline + 1 : p->end;
}

bool profile_parse(struct own_profile *to, const char *text, size_t n, struct refusal *why)
{
	struct parser p = { .to = to, .at = text, .end = text + n, .line_start = text, .why = why };
	if (n >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) { /* a byte order mark, as some editors put there */
		p.at += 3;
		p.line_start += 3;
	}
	*to = (struct own_profile){ .profile = { .name = to->name, .after = to->after } };
	for (; p.at < p.end; next_line(&p)) {
		find_line(&p);
		if (!parse_line(&p))
			return false;
	}
	if (!to->name[0]) {
		snprintf(why->text, sizeof(why->text), "%u:1: no name: say one in a line 'name WORD'", p.line ? p.line : 1);
		return false;
	}
	if (!to->after[0])
		snprintf(to->after, sizeof(to->after), "a profile file");
	return true;
}

const struct profile *profile_find(const char *name)
{
	for (int i = 0; i < PROFILES; i++)
		if (strcmp(isa_profiles[i].name, name) == 0)
			return &isa_profiles[i];
	return NULL;
}
