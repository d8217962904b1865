/* The panes for the program of the level looked at: its source, and its instructions.  The
 * cursor is one address; b sets and clears a breakpoint there.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tui_inside.h"

static struct source_line line_of(const struct tui *t, uint32_t address)
{
	const struct symbols *symbols = inspector_symbols(t->inspector, t->inspector->level);
	return symbols ? symbols_line(symbols, address + t->state.psw.base) : (struct source_line){ 0 };
}

/* ---- instructions --------------------------------------------------------- */

static bool word_at(const struct tui *t, uint32_t address, uint32_t *word)
{
	return session_read(t->inspector->session, t->inspector->level, address, false, word, sizeof(*word));
}

static void draw_mark(const struct tui *t, const struct rect *r, int row, uint32_t address)
{
	const struct point *point = tui_break_at(t, address);
	if (point)
		screen_put(r, row, 0, STYLE_POINT, "%s", glyph(point->disabled ? GLYPH_OFF : GLYPH_POINT));
	if (address == t->state.psw.pc)
		screen_put(r, row, 1, STYLE_POINT, "%s", glyph(GLYPH_HERE));
}

static enum style style_of(const struct tui *t, uint32_t address, uint32_t word)
{
	enum insn insn = isa_decode(word);
	if (address == t->state.psw.pc)
		return STYLE_NOW;
	if (t->focus == PANE_CODE && address == t->code.cursor)
		return STYLE_CURSOR;
	return insn != INSN_NONE && insn >= INSN_SYSTEM ? STYLE_SYSTEM : STYLE_PLAIN;
}

/* "bne	a0,a1,0x1234" in columns, with the place that a jump goes to. */
static void instruction_text(const struct tui *t, uint32_t address, uint32_t word, char *to, size_t n)
{
	char text[96];
	disassemble(word, address, text, sizeof(text));
	char *operands = strchr(text, '\t');
	if (operands)
		*operands++ = '\0';
	int length = snprintf(to, n, "%-7s%s", text, operands ? operands : "");
	enum immediate kind = isa_decode(word) == INSN_NONE ? IMM_NONE
	                    : (enum immediate)isa_formats[isa_insns[isa_decode(word)].format].immediate;
	if (kind != IMM_B && kind != IMM_J)
		return;
	struct place_name there = tui_place(t, address + isa_immediate(kind, word));
	if (there.text[0])
		snprintf(to + length, n - (size_t)length, " <%s>", there.text);
}

static void draw_instruction(const struct tui *t, const struct rect *r, int row, uint32_t address)
{
	uint32_t word;
	char text[192];
	bool wide = r->columns >= 60;
	int column = screen_put(r, row, 3, STYLE_FAINT, "%08x ", address);
	draw_mark(t, r, row, address);
	if (!word_at(t, address, &word)) {
		screen_put(r, row, column, STYLE_WRONG, "outside the machine's storage");
		return;
	}
	if (wide)
		column = screen_put(r, row, column, STYLE_FAINT, "%08x  ", word);
	instruction_text(t, address, word, text, sizeof(text));
	enum style style = style_of(t, address, word);
	screen_put(r, row, column, style, "%-*.*s", wide ? 40 : 0, r->columns - column, text);
}

/* A row for the name of a function before its first instruction. */
static bool begins_function(const struct tui *t, uint32_t address, struct place_name *name)
{
	*name = tui_place(t, address);
	return name->text[0] && !strchr(name->text, '+');
}

/* Draws from top on; true if both cursor and pc, if it is near, were among it. */
static bool draw_code_from(struct tui *t, const struct rect *r, uint32_t top)
{
	bool seen = false;
	uint32_t address = top;
	for (int row = 0; row < r->rows; row++, address += 4) {
		struct place_name name;
		screen_fill(r, row, STYLE_PLAIN);
		if (begins_function(t, address, &name) && row + 1 < r->rows)
			screen_put(r, row++, 3, STYLE_NAME, "%s:%*s", name.text, r->columns, "");
		screen_fill(r, row, STYLE_PLAIN);
		draw_instruction(t, r, row, address);
		seen |= address == t->code.cursor && (row < r->rows - 1 || r->rows < 2);
	}
	return seen;
}

static void draw_code(struct tui *t, const struct rect *r)
{
	if (draw_code_from(t, r, t->code.top))
		return;
	uint32_t above = (uint32_t)r->rows / 3 * 4;
	t->code.top = t->code.cursor > above ? t->code.cursor - above : 0;
	draw_code_from(t, r, t->code.top);
}

static void walk_code(struct tui *t, int rows)
{
	if (rows == ALL_THE_WAY || rows == -ALL_THE_WAY)
		t->code.cursor = t->state.psw.pc;
	else
		t->code.cursor += (uint32_t)rows * 4;
}

static void click_code(struct tui *t, int row, int column)
{
	uint32_t address = t->code.top;
	struct place_name name;
	(void)column;
	for (int at = 0; at <= row; at++, address += 4) {
		t->code.cursor = address;
		if (begins_function(t, address, &name))
			at++;
	}
}

/* ---- breakpoints ---------------------------------------------------------- */

static void toggle(struct tui *t, uint32_t address)
{
	const struct point *point = tui_break_at(t, address);
	char line[48];
	if (point)
		snprintf(line, sizeof(line), "delete %u", point->number);
	else
		snprintf(line, sizeof(line), "break 0x%x", address);
	tui_do(t, line);
}

static void toggle_here(struct tui *t, const struct key *key)
{
	(void)key;
	toggle(t, t->code.cursor);
}

static void until_here(struct tui *t, const struct key *key)
{
	char line[48];
	snprintf(line, sizeof(line), "%s 0x%x", key->line, t->code.cursor);
	tui_do(t, line);
}

static void look_at(struct tui *t, const struct key *key)
{
	struct refusal why;
	uint64_t address;
	(void)key;
	char *text = ask_line(t, "instructions at: ", "", false);
	if (!text)
		return;
	if (command_evaluate(t->inspector, t->inspector->level, text, &address, &why))
		t->code.cursor = (uint32_t)address & ~UINT32_C(3);
	else
		tui_say(t, STYLE_WRONG, "%s", why.text);
	free(text);
}

/* The next instruction whose text has the words in it. */
static void search_code(struct tui *t, const struct key *key)
{
	char text[192];
	uint32_t word, address = t->code.cursor;
	(void)key;
	char *wanted = ask_line(t, "/", t->found, false);
	if (!wanted)
		return;
	snprintf(t->found, sizeof(t->found), "%s", wanted);
	free(wanted);
	for (unsigned i = 0; i < 1 << 18 && word_at(t, address += 4, &word); i++) {
		struct place_name name;
		instruction_text(t, address, word, text, sizeof(text));
		if (strstr(text, t->found) || (begins_function(t, address, &name) && strstr(name.text, t->found))) {
			t->code.cursor = address;
			return;
		}
	}
	tui_say(t, STYLE_WRONG, "'%s' is in no instruction from here on", t->found);
}

static const struct key code_keys[] = {
	{ 'b', "b", "set or clear a breakpoint at the cursor", toggle_here, NULL },
	{ 'u', "u U", "run, or run back, until the cursor", until_here, "until" },
	{ 'U', NULL, NULL, until_here, "reverse-until" },
	{ 'a', "a", "look at an address, a function or FILE:LINE", look_at, NULL },
	{ '/', "/", "search the instructions", search_code, NULL },
	{ 0 },
};

const struct pane_kind code_pane = { "Instructions", draw_code, walk_code, click_code, code_keys };

/* ---- source --------------------------------------------------------------- */

static unsigned count_lines(const char *text)
{
	unsigned n = 1;
	for (; *text; text++)
		n += *text == '\n';
	return n;
}

static char *read_text(struct source_line at)
{
	FILE *file = source_open(at);
	char *text = NULL;
	size_t n = 0;
	if (!file)
		return NULL;
	if (getdelim(&text, &n, '\0', file) < 0) {
		free(text);
		text = NULL;
	}
	fclose(file);
	return text;
}

static void split(struct source *source)
{
	source->lines = 0;
	source->line = calloc(count_lines(source->text), sizeof(*source->line));
	for (char *line = source->text; source->line && line && *line; ) {
		char *end = strchr(line, '\n');
		source->line[source->lines++] = line;
		if (end)
			*end++ = '\0';
		line = end;
	}
}

static bool open_source(struct source *source, struct source_line at)
{
	if (source->file != at.file) {
		free(source->text);
		free(source->line);
		*source = (struct source){ .text = read_text(at), .file = at.file };
		if (source->text)
			split(source);
	}
	return source->line != NULL;
}

/* A line of text with its tabs as spaces. */
static void expand(const char *line, char *to, size_t n)
{
	size_t at = 0;
	for (; *line && at + 9 < n; line++) {
		if (*line != '\t')
			to[at++] = *line;
		else
			do
				to[at++] = ' ';
			while (at % 4 != 0);
	}
	to[at] = '\0';
}

/* Whether a breakpoint of this level is on a line; by addresses, since that is what points
 * have. */
static bool break_on(const struct tui *t, unsigned line)
{
	unsigned n;
	const struct point *points = session_points(t->inspector->session, &n);
	for (const struct point *p = points; p < points + n; p++) {
		if (p->kind != POINT_BREAK || p->level != t->inspector->level)
			continue;
		struct source_line at = line_of(t, p->absolute ? p->address - t->state.psw.base : p->address);
		if (at.file == t->source.file.file && at.line == line)
			return true;
	}
	return false;
}

static void draw_line(const struct tui *t, const struct rect *r, int row, unsigned line, unsigned now)
{
	char text[512];
	enum style style = line == now ? STYLE_NOW
	                 : t->focus == PANE_SOURCE && line == t->source.cursor ? STYLE_CURSOR : STYLE_PLAIN;
	expand(t->source.file.line[line - 1], text, sizeof(text));
	screen_put(r, row, 2, STYLE_FAINT, "%4u ", line);
	if (break_on(t, line))
		screen_put(r, row, 0, STYLE_POINT, "%s", glyph(GLYPH_POINT));
	if (line == now)
		screen_put(r, row, 1, STYLE_POINT, "%s", glyph(GLYPH_HERE));
	screen_put(r, row, 7, style, style == STYLE_PLAIN ? "%s" : "%-512s", text);
}

static void keep_in_sight(struct tui *t, int rows)
{
	unsigned cursor = t->source.cursor, height = (unsigned)rows;
	if (cursor < t->source.top || cursor >= t->source.top + height)
		t->source.top = cursor > height / 3 ? cursor - height / 3 : 1;
	if (t->source.top == 0)
		t->source.top = 1;
}

static void draw_why_none(const struct tui *t, const struct rect *r, const char *file)
{
	unsigned running = session_running(t->inspector->session);
	if (file)
		screen_put(r, 0, 3, STYLE_FAINT, "no file %s", file);
	else if (running != t->inspector->level && t->state.running)
		screen_put(r, 0, 3, STYLE_FAINT, ". looks at level %u, %s, which executes", running, tui_name(t, running).text);
	else
		screen_put(r, 0, 3, STYLE_FAINT, "no source is known for this address");
}

/* Without source, the instructions are what there is to see. */
static void draw_source(struct tui *t, const struct rect *r)
{
	struct source_line now = line_of(t, t->state.psw.pc);
	if (!now.file || !open_source(&t->source.file, now)) {
		struct rect below = { r->row + 1, r->column, r->rows - 1, r->columns };
		draw_why_none(t, r, now.file);
		if (!layout_shows(&t->layout, PANE_CODE))
			draw_code(t, &below);
		return;
	}
	if (t->source.cursor == 0 || t->source.cursor > t->source.file.lines)
		t->source.cursor = now.line < t->source.file.lines ? now.line : t->source.file.lines;
	keep_in_sight(t, r->rows - 1);
	screen_put(r, 0, 7, STYLE_NAME, "%s:%u", strrchr(now.file, '/') ? strrchr(now.file, '/') + 1 : now.file, now.line);
	for (int row = 1; row < r->rows && t->source.top + (unsigned)row - 1 <= t->source.file.lines; row++)
		draw_line(t, r, row, t->source.top + (unsigned)row - 1, now.line);
}

static void walk_source(struct tui *t, int rows)
{
	long line = (long)t->source.cursor + rows;
	if (t->source.file.lines == 0) {
		walk_code(t, rows);
		return;
	}
	t->source.cursor = line < 1 ? 1 : line > t->source.file.lines ? t->source.file.lines : (unsigned)line;
}

static void click_source(struct tui *t, int row, int column)
{
	(void)column;
	if (row > 0)
		t->source.cursor = t->source.top + (unsigned)row - 1;
}

/* The cursor's line as the address of its first instruction. */
static bool address_of_cursor(struct tui *t, uint32_t *address)
{
	const struct symbols *symbols = inspector_symbols(t->inspector, t->inspector->level);
	*address = t->code.cursor;
	if (!symbols || !t->source.file.line || !line_of(t, t->state.psw.pc).file)
		return true;
	if (!symbols_line_address(symbols, t->source.file.file, t->source.cursor, address)) {
		tui_say(t, STYLE_WRONG, "line %u has no instructions", t->source.cursor);
		return false;
	}
	*address -= t->state.psw.base;
	return true;
}

static void toggle_line(struct tui *t, const struct key *key)
{
	unsigned line = t->source.cursor;
	uint32_t address;
	(void)key;
	if (address_of_cursor(t, &address))
		toggle(t, address);
	t->source.cursor = line;
}

static void until_line(struct tui *t, const struct key *key)
{
	uint32_t address;
	if (address_of_cursor(t, &address)) {
		t->code.cursor = address;
		until_here(t, key);
	}
}

static void search_source(struct tui *t, const struct key *key)
{
	const struct source *source = &t->source.file;
	(void)key;
	char *wanted = ask_line(t, "/", t->found, false);
	if (!wanted)
		return;
	snprintf(t->found, sizeof(t->found), "%s", wanted);
	free(wanted);
	for (unsigned i = 0; i < source->lines; i++) {
		unsigned line = (t->source.cursor + i) % source->lines + 1;
		if (strstr(source->line[line - 1], t->found)) {
			t->source.cursor = line;
			return;
		}
	}
	tui_say(t, STYLE_WRONG, "'%s' is in no line", t->found);
}

static const struct key source_keys[] = {
	{ 'b', "b", "set or clear a breakpoint on the cursor's line", toggle_line, NULL },
	{ 'u', "u U", "run, or run back, until the cursor's line", until_line, "until" },
	{ 'U', NULL, NULL, until_line, "reverse-until" },
	{ '/', "/", "search the source", search_source, NULL },
	{ 0 },
};

const struct pane_kind source_pane = { "Source", draw_source, walk_source, click_source, source_keys };
