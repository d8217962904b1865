/* The panes for the machines themselves: the tree of them with their places in real storage,
 * registers and both PSWs of the one looked at, and how much of it is executed directly.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tui_inside.h"

/* Whether level is host, or in it at any depth. */
static bool is_in(const struct level *levels, unsigned level, unsigned host)
{
	for (int i = (int)level; i >= 0; i = levels[i].parent)
		if (i == (int)host)
			return true;
	return false;
}

/* ---- levels --------------------------------------------------------------- */

/* To each enum vm_state. */
static const char *const vm_states[VM_STATES] = {
	"empty", "runnable", "waits", "halted", "check-stop", "disabled wait",
};

static const char *state_of(const struct tui *t, const struct level *levels, unsigned level)
{
	const struct session *session = t->inspector->session;
	struct level_state state;
	session_state(session, level, &state);
	if (levels[level].lie)
		return "lies";
	if (level == 0 && machine_end(session_machine(session)) != MACHINE_RUNNING)
		return machine_end_names[machine_end(session_machine(session))];
	if (level == session_running(session))
		return "executes";
	if (state.running || state.vm >= VM_STATES)
		return "is run";
	return vm_states[state.vm];
}

/* Where the storage of a machine is in the real one's. */
static void draw_extent(const struct rect *r, int row, int column, const struct level *level, uint32_t whole, bool here)
{
	double columns = r->columns - column;
	int from = (int)((double)level->real / whole * columns + 0.5);
	int to = (int)(((double)level->real + level->size) / whole * columns + 0.5);
	screen_repeat(r, row, column, STYLE_FAINT, GLYPH_ELSEWHERE, r->columns - column);
	screen_repeat(r, row, column + from, here ? STYLE_GOOD : STYLE_NAME, GLYPH_FULL, to > from ? to - from : 1);
}

static void draw_level(const struct tui *t, const struct rect *r, int row, const struct level *levels, unsigned i)
{
	const struct level *level = &levels[i];
	const int names = 30, extent = r->columns - names;
	struct level_state state;
	session_state(t->inspector->session, i, &state);
	bool here = i == t->inspector->level;
	enum style style = here ? t->focus == PANE_LEVELS ? STYLE_CURSOR : STYLE_NAME : STYLE_PLAIN;
	if (i == session_running(t->inspector->session))
		screen_put(r, row, 0, STYLE_POINT, "%s", glyph(GLYPH_HERE));
	else if (state.running)
		screen_put(r, row, 0, STYLE_FAINT, "%s", glyph(GLYPH_DOWN));
	int column = screen_put(r, row, 1, here ? STYLE_CHANGED : STYLE_PLAIN, "%2u ", i);
	int indent = level->depth < 6 ? (int)level->depth : 6;
	if (indent > 0)
		column = screen_put(r, row, column + indent - 1, STYLE_RULE, "%s", glyph(GLYPH_CORNER));
	column = screen_put(r, row, column, style, "%s", tui_name(t, i).text);
	column = column < 18 ? 18 : column + 1;
	screen_put(r, row, column, level->lie ? STYLE_WRONG : state.running ? STYLE_PLAIN : STYLE_FAINT, "%s",
	           state_of(t, levels, i));
	if (extent >= 8)
		draw_extent(r, row, names, level, levels[0].size, here);
}

/* As many as there is room for, the one looked at among them. */
static unsigned first_shown(const struct tui *t, unsigned n, int rows)
{
	unsigned cursor = t->inspector->level, height = (unsigned)rows;
	if (n <= height || cursor < height / 2)
		return 0;
	return cursor - height / 2 < n - height ? cursor - height / 2 : n - height;
}

static void draw_box(const struct rect *r, enum style style)
{
	int last = r->columns - 1, bottom = r->rows - 1;
	screen_put(r, 0, 0, style, "%s", glyph(GLYPH_TOP_LEFT));
	screen_repeat(r, 0, 1, style, GLYPH_ACROSS, last - 1);
	screen_put(r, 0, last, style, "%s", glyph(GLYPH_TOP_RIGHT));
	for (int row = 1; row < bottom; row++) {
		screen_put(r, row, 0, style, "%s", glyph(GLYPH_DOWN));
		screen_put(r, row, last, style, "%s", glyph(GLYPH_DOWN));
	}
	screen_put(r, bottom, 0, style, "%s", glyph(GLYPH_CORNER));
	screen_repeat(r, bottom, 1, style, GLYPH_ACROSS, last - 1);
	screen_put(r, bottom, last, style, "%s", glyph(GLYPH_BOTTOM_RIGHT));
}

/* The machines one in the other, down to the one that executes or is looked at; if there is
 * room for all of them. */
static void draw_nest(const struct tui *t, struct rect r, const struct level *levels, unsigned n)
{
	unsigned running = session_running(t->inspector->session), innermost = t->inspector->level;
	if (running < n && is_in(levels, running, innermost))
		innermost = running;
	int boxes = (int)levels[innermost].depth + 1;
	if (r.rows < 2 * boxes + 1 || r.columns < 4 * boxes + 20)
		return;
	for (unsigned i = 0; i < n; i++) {
		if (!is_in(levels, innermost, i))
			continue;
		draw_box(&r, i == running ? STYLE_CHANGED : i == t->inspector->level ? STYLE_NAME : STYLE_RULE);
		screen_put(&r, 0, 2, i == running ? STYLE_CHANGED : STYLE_PLAIN, " %u %s ", i, tui_name(t, i).text);
		if (i == innermost)
			screen_put(&r, 1, 3, STYLE_PLAIN, "%s", state_of(t, levels, i));
		r = (struct rect){ r.row + 1, r.column + 2, r.rows - 2, r.columns - 4 };
	}
}

/* Text over as many rows as it takes; returns the row after it. */
static int draw_wrapped(const struct rect *r, int row, enum style style, const char *format, ...) __attribute__((format(printf, 4, 5)));

/* What a machine's program makes in its turn, as far as there is room; returns the row after
 * it. */
static int draw_forms(const struct tui *t, const struct rect *r, int row)
{
	const struct rect indented = { r->row, r->column + 4, r->rows, r->columns - 4 };
	struct answer answer = { 0 };
	char *text = NULL, *rest = NULL;
	size_t n = 0;
	answer.text = open_memstream(&text, &n);
	if (!answer.text)
		return row;
	inspector_forms(t->inspector, t->inspector->level, &answer);
	bool whole = fclose(answer.text) == 0;
	for (char *line = whole ? strtok_r(text, "\n", &rest) : NULL; line; line = strtok_r(NULL, "\n", &rest))
		row = draw_wrapped(&indented, row, STYLE_PLAIN, "%s", strncmp(line, "    ", 4) == 0 ? line + 4 : line);
	free(text);
	if (row > r->rows) {
		screen_fill(r, r->rows - 1, STYLE_FAINT);
		screen_put(&indented, r->rows - 1, 0, STYLE_FAINT, "... more: ':info form'");
	}
	return row;
}

static void draw_levels(struct tui *t, const struct rect *r)
{
	unsigned n;
	const struct level *levels = session_levels(t->inspector->session, &n);
	unsigned i = first_shown(t, n, r->rows), row = 0;
	for (; row < (unsigned)r->rows && i < n; row++, i++)
		draw_level(t, r, (int)row, levels, i);
	if (levels[t->inspector->level].lie)
		screen_put(r, (int)row++, 1, STYLE_WRONG, "its anchor: %s", levels[t->inspector->level].lie);
	row = (unsigned)draw_forms(t, r, (int)row);
	draw_nest(t, (struct rect){ r->row + (int)row + 1, r->column + 1, r->rows - (int)row - 1, r->columns - 2 }, levels, n);
}

static void walk_levels(struct tui *t, int rows)
{
	unsigned n;
	session_levels(t->inspector->session, &n);
	long level = (long)t->inspector->level + rows;
	tui_choose(t, level < 0 ? 0 : level >= (long)n ? n - 1 : (unsigned)level);
}

static void click_levels(struct tui *t, int row, int column)
{
	unsigned n;
	struct rect inside = layout_inside(layout_slot(&t->layout, PANE_LEVELS));
	(void)column;
	session_levels(t->inspector->session, &n);
	unsigned level = first_shown(t, n, inside.rows) + (unsigned)row;
	if (level < n)
		tui_choose(t, level);
}

static const struct key no_keys[] = { { 0 } };

const struct pane_kind levels_pane = { "Levels", draw_levels, walk_levels, click_levels, no_keys };

/* ---- registers ------------------------------------------------------------ */

static enum style changed(const struct tui *t, bool differs)
{
	return t->moved && differs ? STYLE_CHANGED : STYLE_PLAIN;
}

/* One PSW in a row; timer: whether it is of this machine. */
static void draw_psw(const struct tui *t, const struct rect *r, int row, const char *name, const struct psw *psw,
                     const struct psw *before, bool timer)
{
	const char mode[] = {
		psw->status & STATUS_M ? 'U' : 'S', psw->status & STATUS_IE ? 'I' : '-', psw->status & STATUS_TE ? 'T' : '-', 0,
	};
	int column = screen_put(r, row, 0, STYLE_NAME, "%-8s", name);
	column = screen_put(r, row, column, changed(t, psw->status != before->status), "%s", mode);
	column = screen_put(r, row, column + 1, changed(t, psw->base != before->base), "%08x", psw->base);
	column = screen_put(r, row, column + 1, changed(t, psw->bound != before->bound), "%08x", psw->bound);
	if (timer)
		screen_put(r, row, column + 1, changed(t, psw->timer != before->timer), "%08x", psw->timer);
}

static void draw_register(const struct tui *t, const struct rect *r, int row, int column, unsigned x)
{
	column = screen_put(r, row, column, STYLE_FAINT, "%-3s ", isa_register_names[x]);
	screen_put(r, row, column, changed(t, t->state.x[x] != t->before.x[x]), "%08x", t->state.x[x]);
}

/* x0 is always 0 and is left out. */
static void draw_registers(struct tui *t, const struct rect *r)
{
	const struct level_state *now = &t->state, *before = &t->before;
	const int columns = r->columns >= 38 ? 3 : 2, rows = (31 + columns - 1) / columns, names = r->rows >= rows + 6;
	int row = 0;
	if (!now->exists) {
		screen_put(r, 0, 1, STYLE_FAINT, "this machine is no more");
		return;
	}
	int column = screen_put(r, row, 0, STYLE_NAME, "pc      ");
	column = screen_put(r, row, column, changed(t, now->psw.pc != before->psw.pc), "%08x", now->psw.pc);
	screen_put(r, row++, column + 1, STYLE_NAME, "%s", tui_place(t, now->psw.pc).text);
	screen_put(r, row++, 0, STYLE_FAINT, "        M   base     bound    timer");
	draw_psw(t, r, row++, "virtual", &now->psw, &before->psw, true);
	draw_psw(t, r, row++, "real", &now->real, &before->real, t->inspector->level == 0);
	row += names;
	for (unsigned x = 1; x < 32; x++)
		draw_register(t, r, row + (int)(x - 1) % rows, (int)(x - 1) / rows * 13, x);
}

static void walk_nowhere(struct tui *t, int rows)
{
	(void)t;
	(void)rows;
}

const struct pane_kind registers_pane = { "Registers", draw_registers, walk_nowhere, NULL, no_keys };

/* ---- properties ----------------------------------------------------------- */

/* The share of a machine's instructions that the real one completed by itself; -1: it has not
 * executed any. */
static double direct_share(const struct session *session, const struct level *levels, unsigned n, unsigned level)
{
	uint64_t direct = 0;
	for (unsigned i = level; i < n; i++)
		if (is_in(levels, i, level))
			direct += session_counts(session, i)->direct;
	uint64_t all = direct + levels[level].entry.emulated;
	return all > 0 ? (double)direct / (double)all : -1;
}

static int draw_shares(const struct tui *t, const struct rect *r, int row)
{
	unsigned n;
	const struct session *session = t->inspector->session;
	const struct level *levels = session_levels(session, &n);
	screen_put(r, row++, 0, STYLE_FAINT, "executed directly");
	for (unsigned i = first_shown(t, n, r->rows / 2), shown = 0; i < n && shown < (unsigned)r->rows / 2; i++, shown++) {
		double share = direct_share(session, levels, n, i);
		int column = screen_put(r, row, 0, i == t->inspector->level ? STYLE_NAME : STYLE_PLAIN, "%2u %-12s ", i,
		                        tui_name(t, i).text);
		if (share >= 0) {
			column = screen_gauge(r, row, column, r->columns - column - 10, share, STYLE_GOOD);
			screen_put(r, row, column, STYLE_PLAIN, " %7.3f %%", 100 * share);
		} else {
			screen_put(r, row, column, STYLE_FAINT, "nothing yet");
		}
		row++;
	}
	return row;
}

/* Exits by cause, as its monitor counts them; of the real machine, its traps. */
static void draw_exits(const struct tui *t, const struct rect *r, int row)
{
	unsigned n, level = t->inspector->level;
	const struct session *session = t->inspector->session;
	const struct level *of = &session_levels(session, &n)[level];
	uint64_t count[CAUSES], most = 1;
	for (unsigned cause = 0; cause < CAUSES; cause++) {
		count[cause] = level == 0 ? session_counts(session, 0)->traps[cause] : of->entry.exits[cause];
		most = count[cause] > most ? count[cause] : most;
	}
	screen_put(r, row++, 0, STYLE_FAINT, level == 0 ? "traps by cause" : "exits by cause, as its monitor counts");
	for (unsigned cause = 0; cause < CAUSES && row < r->rows; cause++) {
		if (count[cause] == 0)
			continue;
		int column = screen_put(r, row, 0, STYLE_PLAIN, "%-21.21s%10s ", isa_cause_names[cause], number(count[cause]).text);
		screen_repeat(r, row++, column, STYLE_NAME, GLYPH_FULL,
		              (int)((double)count[cause] / (double)most * (r->columns - column)));
	}
	if (level > 0 && row < r->rows)
		screen_put(r, row, 0, STYLE_FAINT, "emulated %s, reflected %s", number(of->entry.emulated).text,
		           number(of->entry.reflected).text);
}

static int draw_wrapped(const struct rect *r, int row, enum style style, const char *format, ...)
{
	char text[400];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	const char *at = text;
	do {
		int n = (int)strlen(at), cut = n;
		if (n > r->columns)
			for (cut = r->columns; cut > 1 && at[cut] != ' ';)
				cut--;
		screen_put(r, row++, 0, style, "%.*s", cut, at);
		at += cut + (at[cut] == ' ');
	} while (*at);
	return row;
}

/* Violations of resource control up to now, and what the last one was. */
static int draw_control(const struct tui *t, const struct rect *r, int row)
{
	const struct control *control = session_control(t->inspector->session);
	int column = screen_put(r, row, 0, STYLE_FAINT, "resource control ");
	if (control->vms == 0) {
		screen_put(r, row, column, STYLE_FAINT, "nobody is hosted");
	} else if (control->violations == 0) {
		screen_put(r, row, column, STYLE_GOOD, "kept");
	} else {
		screen_put(r, row++, column, STYLE_WRONG, "violated, %s so far", number(control->violations).text);
		return draw_wrapped(r, row, STYLE_WRONG, "step %s: %s", number(control->last.steps).text, control->last.what);
	}
	return row + 1;
}

static void draw_properties(struct tui *t, const struct rect *r)
{
	int apart = r->rows >= 16, row = draw_shares(t, r, 0) + apart;
	draw_exits(t, r, draw_control(t, r, row) + apart);
}

const struct pane_kind properties_pane = { "Properties", draw_properties, walk_nowhere, NULL, no_keys };
