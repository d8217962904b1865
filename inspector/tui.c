/* The views as a whole: from key to command to screen.  What is shown is drawn anew after
 * every key, and curses sends what differs.  See tui.h; called by `droste inspect`.
 */

#include <curses.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lines.h"
#include "tui_inside.h"

/* To add a pane: a row here and in enum pane, its struct, and a place in each screen of
 * tui_layout.c. */
const struct pane_kind *const pane_kinds[PANES] = {
	[PANE_SOURCE] = &source_pane,
	[PANE_CODE] = &code_pane,
	[PANE_LEVELS] = &levels_pane,
	[PANE_REGISTERS] = &registers_pane,
	[PANE_STORAGE] = &storage_pane,
	[PANE_TRAPS] = &traps_pane,
	[PANE_PROPERTIES] = &properties_pane,
	[PANE_CONSOLE] = &console_pane,
	[PANE_BARE] = &bare_pane,
};

/* ---- names ---------------------------------------------------------------- */

struct level_name tui_name(const struct tui *t, unsigned level)
{
	struct level_name name = { "machine" };
	unsigned n;
	const struct level *levels = session_levels(t->inspector->session, &n);
	if (level > 0 && level < n)
		snprintf(name.text, sizeof(name.text), "%.*s", NAME_BYTES, levels[level].entry.name);
	return name;
}

struct place_name tui_place(const struct tui *t, uint32_t address)
{
	struct place_name place = { "" };
	const struct symbols *symbols = inspector_symbols(t->inspector, t->inspector->level);
	uint32_t offset;
	const char *name = symbols ? symbols_name(symbols, address + t->state.psw.base, &offset) : NULL;
	if (name && offset > 0)
		snprintf(place.text, sizeof(place.text), "%.48s+0x%x", name, offset);
	else if (name)
		snprintf(place.text, sizeof(place.text), "%.63s", name);
	return place;
}

const struct point *tui_break_at(const struct tui *t, uint32_t address)
{
	unsigned n;
	const struct point *points = session_points(t->inspector->session, &n);
	for (const struct point *p = points; p < points + n; p++)
		if (p->kind == POINT_BREAK && p->level == t->inspector->level &&
		    p->address == (p->absolute ? address + t->state.psw.base : address))
			return p;
	return NULL;
}

/* ---- the first and the last row ------------------------------------------- */

static struct rect row_of(int row) { return (struct rect){ row, 0, 1, COLS }; }

/* How far in all that is known of the run, right of a column. */
static void draw_time(const struct rect *r, int from, uint64_t now, uint64_t known)
{
	int columns = r->columns / 10;
	char text[96];
	int length = snprintf(text, sizeof(text), "step %s", number(now).text);
	if (now < known)
		length += snprintf(text + length, sizeof(text) - (size_t)length, " of %s", number(known).text);
	if (from + 1 + length + 1 + columns + 1 > r->columns)
		columns = 0;
	int column = r->columns - columns - length - 2;
	if (column <= from)
		return;
	screen_put(r, 0, column, STYLE_BAR, "%s", text);
	column += length + 1;
	int full = known > 0 ? (int)((double)now / (double)known * columns) : columns;
	column = screen_repeat(r, 0, column, STYLE_BAR, GLYPH_FULL, full);
	screen_repeat(r, 0, column, STYLE_BAR, GLYPH_EMPTY, columns - full);
}

static void draw_top(const struct tui *t)
{
	const struct rect r = row_of(0);
	const struct session *session = t->inspector->session;
	screen_fill(&r, 0, STYLE_BAR);
	int column = screen_put(&r, 0, 1, STYLE_BAR, "level %u %s: %s mode%s  clock %s", t->inspector->level,
	                        tui_name(t, t->inspector->level).text, t->state.psw.status & STATUS_M ? "user" : "supervisor",
	                        t->state.running ? "" : ", not running", number(t->state.clock).text);
	draw_time(&r, column, session_now(session), session_known(session));
}

/* As many as there is room for. */
static void draw_hints(const struct rect *r)
{
	int column = 1;
	for (const char *const *hint = keys_hints; *hint && column + (int)strlen(*hint) < r->columns; hint++)
		column = screen_put(r, 0, column, STYLE_FAINT, "%s", *hint) + 3;
}

/* What does not fit begins in the row above, over the panes. */
static void draw_message(const struct tui *t)
{
	const struct rect above = row_of(LINES - 2), r = row_of(LINES - 1);
	int room = COLS - 2, cut = (int)strlen(t->message);
	if (cut > room)
		for (cut = room; cut > 0 && t->message[cut] != ' ';)
			cut--;
	if (t->message[cut] == '\0' || cut == 0) {
		screen_put(&r, 0, 1, t->message_style, "%s", t->message);
		return;
	}
	screen_fill(&above, 0, STYLE_PLAIN);
	screen_put(&above, 0, 1, t->message_style, "%.*s", cut, t->message);
	screen_put(&r, 0, 1, t->message_style, "%s", t->message + cut + 1);
}

static void draw_bottom(const struct tui *t)
{
	const struct rect r = row_of(LINES - 1);
	if (t->message[0])
		draw_message(t);
	else
		draw_hints(&r);
}

/* ---- panes and lines between them ----------------------------------------- */

/* The line at the left of a place meets those of its neighbours' names. */
static void draw_side(const struct tui *t, const struct slot *slot)
{
	const struct rect all = { 0, 0, LINES, COLS };
	const struct rect *r = &slot->rect;
	for (int row = r->row; r->column > 0 && row < r->row + r->rows; row++) {
		bool right = row == r->row, left = false;
		for (const struct slot *s = t->layout.slot; s < t->layout.slot + t->layout.slots; s++)
			left |= s->rect.column + s->rect.columns == r->column - 1 && s->rect.row == row;
		enum glyph g = !right ? left ? GLYPH_FROM_LEFT : GLYPH_DOWN : !left ? GLYPH_FROM_RIGHT
		             : row == 1 ? GLYPH_TEE : GLYPH_CROSS;
		screen_put(&all, row, r->column - 1, STYLE_RULE, "%s", glyph(g));
	}
}

static void draw_names(const struct tui *t, const struct slot *slot)
{
	const struct rect *r = &slot->rect;
	int column = screen_repeat(r, 0, 0, STYLE_RULE, GLYPH_ACROSS, 1);
	for (unsigned i = 0; i < slot->panes; i++) {
		bool shown = i == slot->shown;
		enum style style = !shown ? STYLE_FAINT : slot->pane[i] == t->focus ? STYLE_FOCUS : STYLE_PLAIN;
		column = screen_put(r, 0, column, style, " %s ", pane_kinds[slot->pane[i]]->name);
	}
	screen_repeat(r, 0, column, STYLE_RULE, GLYPH_ACROSS, r->columns - column);
}

static void draw_panes(struct tui *t)
{
	for (const struct slot *slot = t->layout.slot; slot < t->layout.slot + t->layout.slots; slot++) {
		struct rect inside = layout_inside(slot);
		draw_side(t, slot);
		draw_names(t, slot);
		pane_kinds[slot->pane[slot->shown]]->draw(t, &inside);
	}
}

/* ---- text over the panes -------------------------------------------------- */

static unsigned page_lines(const char *page)
{
	unsigned lines = 0;
	for (; *page; page++)
		lines += *page == '\n';
	return lines;
}

static void draw_page(struct tui *t)
{
	const struct rect r = { 1, 0, LINES - 2, COLS };
	unsigned lines = page_lines(t->page), row = 0;
	if (t->page_top + (unsigned)r.rows > lines + 1)
		t->page_top = lines + 1 > (unsigned)r.rows ? lines + 1 - (unsigned)r.rows : 0;
	const char *line = t->page;
	for (unsigned skip = 0; skip < t->page_top; skip++)
		line = strchr(line, '\n') + 1;
	for (; *line && row < (unsigned)r.rows; row++) {
		int length = (int)strcspn(line, "\n");
		screen_put(&r, (int)row, 1, STYLE_PLAIN, "%.*s", length, line);
		line += length + (line[length] == '\n');
	}
	tui_say(t, STYLE_FAINT, "%s", *line ? "Space: more   q: back to the panes" : "q: back to the panes");
}

/* ---- all of it ------------------------------------------------------------ */

static bool too_small(void) { return LINES < TUI_ROWS_LEAST || COLS < TUI_COLUMNS_LEAST; }

/* Keeps which pane is shown of those that share a place. */
static void lay_out(struct tui *t)
{
	struct layout old = t->layout;
	layout_make(&t->layout, LINES, COLS);
	for (unsigned i = 0; i < old.slots; i++) {
		enum pane pane = old.slot[i].pane[old.slot[i].shown];
		struct slot *slot = layout_slot(&t->layout, pane);
		for (unsigned j = 0; j < slot->panes; j++)
			if (slot->pane[j] == pane && slot->pane[slot->shown] != t->focus)
				slot->shown = j;
	}
	tui_focus(t, t->focus);
}

void tui_draw(struct tui *t)
{
	const struct rect all = { 0, 0, LINES, COLS };
	erase();
	if (too_small()) {
		screen_put(&all, 0, 0, STYLE_PLAIN, "%d by %d is too small: %d by %d, please", COLS, LINES,
		           TUI_COLUMNS_LEAST, TUI_ROWS_LEAST);
		refresh();
		return;
	}
	lay_out(t);
	if (t->page)
		draw_page(t);
	else
		draw_panes(t);
	draw_top(t);
	draw_bottom(t);
	refresh();
}

/* ---- saying and showing --------------------------------------------------- */

void tui_say(struct tui *t, enum style style, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	vsnprintf(t->message, sizeof(t->message), format, args);
	va_end(args);
	t->message_style = style;
}

/* Where a line of so many columns ends best: at a space, if it has one beyond its indentation. */
static int end_of_line(const char *line, int columns)
{
	int length = (int)strcspn(line, "\n"), end = columns, indent = (int)strspn(line, " ");
	if (length <= columns)
		return length;
	while (end > indent && line[end] != ' ')
		end--;
	return end > indent ? end : length;
}

/* Lines that are too long for the screen go on in the next, indented.  NULL: no memory. */
static char *fold(const char *text, int columns)
{
	char *folded = NULL;
	size_t n = 0;
	FILE *to = open_memstream(&folded, &n);
	if (!to)
		return NULL;
	for (int indent = 0; *text;) {
		int end = end_of_line(text, columns - indent);
		fprintf(to, "%*s%.*s", indent, "", end, text);
		text += end;
		indent = *text == ' ' ? 4 : 0;
		if (*text) {
			fputc('\n', to);
			text++;
		}
	}
	return fclose(to) == 0 ? folded : NULL;
}

void tui_show(struct tui *t, char *page)
{
	char *folded = page ? fold(page, COLS - 1) : NULL;
	if (folded) {
		free(page);
		page = folded;
	}
	free(t->page);
	t->page = page;
	t->page_top = 0;
}

void tui_focus(struct tui *t, enum pane pane)
{
	struct slot *slot = layout_slot(&t->layout, pane);
	for (unsigned i = 0; i < slot->panes; i++)
		if (slot->pane[i] == pane)
			slot->shown = i;
	t->focus = pane;
}

void tui_choose(struct tui *t, unsigned level)
{
	unsigned n;
	session_levels(t->inspector->session, &n);
	if (level >= n) {
		tui_say(t, STYLE_WRONG, "no level %u: there are 0 to %u", level, n - 1);
		return;
	}
	t->inspector->level = level;
	tui_arrive(t);
}

/* ---- moving --------------------------------------------------------------- */

static void show_progress(void *self, uint64_t steps, uint64_t to)
{
	struct tui *t = self;
	if (to > 0)
		tui_say(t, STYLE_NOW, " step %s on the way to %s   Ctrl-C stops ", number(steps).text, number(to).text);
	else
		tui_say(t, STYLE_NOW, " step %s   Ctrl-C stops ", number(steps).text);
	const struct rect r = row_of(LINES - 1);
	screen_fill(&r, 0, STYLE_PLAIN);
	draw_bottom(t);
	refresh();
}

void tui_arrive(struct tui *t)
{
	struct inspector *inspector = t->inspector;
	unsigned n;
	session_levels(inspector->session, &n);
	if (inspector->level >= n)
		inspector->level = n - 1;
	bool same = inspector->level == t->levels.cursor;
	if (!same || t->now != session_now(inspector->session)) {
		t->before = t->state;
		t->moved = same;
	}
	t->now = session_now(inspector->session);
	t->levels.cursor = inspector->level;
	t->storage.known &= same;
	session_state(inspector->session, inspector->level, &t->state);
	if (!same || t->state.psw.pc != t->before.psw.pc)
		t->code.cursor = t->state.psw.pc;
	t->source.cursor = 0;
}

/* An answer of one line is said, a longer one is shown. */
static void tell(struct tui *t, char *text, bool failed)
{
	size_t length = strlen(text);
	while (length > 0 && text[length - 1] == '\n')
		text[--length] = '\0';
	if (!strchr(text, '\n')) {
		tui_say(t, failed ? STYLE_WRONG : STYLE_PLAIN, "%s", text);
		free(text);
	} else {
		tui_show(t, text);
	}
}

/* Has the inspector fill an answer; returns its text, from malloc.  NULL: no memory. */
static char *answer_of(struct tui *t, struct answer *answer, void (*fill)(struct tui *t, const char *, struct answer *),
                       const char *line)
{
	char *text = NULL;
	size_t n = 0;
	answer->text = open_memstream(&text, &n);
	if (!answer->text)
		return NULL;
	screen_interrupts(t->inspector->session);
	fill(t, line, answer);
	screen_interrupts(NULL);
	return fclose(answer->text) == 0 ? text : NULL;
}

static void fill_by_command(struct tui *t, const char *line, struct answer *answer)
{
	command_run(t->inspector, line, answer);
}

static void fill_with_why(struct tui *t, const char *line, struct answer *answer)
{
	(void)line;
	inspector_why(t->inspector, answer);
}

/* Where a motion came to is seen; it remains to say why, if there is anything to say. */
void tui_do(struct tui *t, const char *line)
{
	struct answer answer = { .json = json_object() }, why = { 0 };
	storage_remember(t);
	char *text = answer_of(t, &answer, fill_by_command, line);
	if (json_object_get(answer.json, "why")) {
		free(text);
		text = answer_of(t, &why, fill_with_why, "");
	}
	json_decref(answer.json);
	tui_arrive(t);
	if (text)
		tell(t, text, answer.failed);
	else
		tui_say(t, STYLE_WRONG, "no memory for an answer");
}

void tui_go(struct tui *t, uint64_t steps)
{
	const struct motion there = { .kind = MOVE_STEPS, .argument = steps };
	storage_remember(t);
	screen_interrupts(t->inspector->session);
	session_move(t->inspector->session, &there);
	screen_interrupts(NULL);
	tui_arrive(t);
}

/* ---- from first to last --------------------------------------------------- */

static struct tui *tui_new(struct inspector *inspector)
{
	struct tui *t = calloc(1, sizeof(*t));
	if (!t)
		return NULL;
	t->inspector = inspector;
	t->levels.cursor = LEVELS_MOST; /* none was looked at */
	layout_make(&t->layout, LINES, COLS);
	tui_arrive(t);
	return t;
}

static void tui_free(struct tui *t)
{
	for (unsigned line = 0; line < LINES_MOST; line++)
		vt_free(t->console.vt[line]);
	free(t->source.file.text);
	free(t->source.file.line);
	free(t->page);
	free(t);
}

bool tui_run(struct inspector *inspector, struct refusal *why)
{
	if (!screen_open(why))
		return false;
	struct tui *t = tui_new(inspector);
	if (!t) {
		screen_close();
		return refuse(why, "no memory for the screen");
	}
	lines_start(inspector);
	session_on_progress(inspector->session, show_progress, t);
	tui_say(t, STYLE_NAME, "s steps, S back, i into the monitor beneath, o to the guest, ? lists all keys");
	while (!t->leaving && !inspector->quit) {
		tui_draw(t);
		int key = getch();
		t->leaving = key == ERR && screen_gone();
		keys_press(t, key);
	}
	session_on_progress(inspector->session, NULL, NULL);
	lines_keep();
	screen_close();
	tui_free(t);
	return true;
}
