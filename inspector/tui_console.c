/* The console pane: what the machine looked at has written, line by console line, each on a
 * small terminal of its own (tui_vt.c), and what is typed to it.
 */

#include <stdlib.h>
#include <string.h>

#include "tui_inside.h"

/* ---- whose lines ---------------------------------------------------------- */

/* How many lines the machine looked at has, and which of the real machine's is the first.
 * Tables may say anything: at most what there is. */
static unsigned lines_of(const struct tui *t, unsigned level, unsigned *first)
{
	unsigned n, all = machine_lines(session_machine(t->inspector->session));
	const struct level *levels = session_levels(t->inspector->session, &n);
	uint64_t at = 0;
	for (int i = (int)level; i > 0; i = levels[i].parent)
		at += levels[i].entry.first_line;
	uint64_t lines = level > 0 ? levels[level].entry.lines : all;
	*first = at < all ? (unsigned)at : all - 1;
	return lines < all - *first ? (unsigned)lines : all - *first;
}

static unsigned real_line(struct tui *t)
{
	unsigned first, n = lines_of(t, t->inspector->level, &first);
	if (t->console.line >= n)
		t->console.line = 0;
	return first + t->console.line;
}

/* ---- feeding -------------------------------------------------------------- */

/* Whoever goes back sees the line as it was. */
static void feed(struct tui *t, unsigned line)
{
	struct output output = session_output(t->inspector->session, line);
	uint64_t written = output.before + output.n;
	if (written < t->console.fed[line] || output.before > t->console.fed[line]) {
		vt_free(t->console.vt[line]);
		t->console.vt[line] = NULL;
		t->console.fed[line] = output.before;
	}
	if (!t->console.vt[line])
		t->console.vt[line] = vt_new();
	if (!t->console.vt[line] || written == t->console.fed[line])
		return;
	size_t from = (size_t)(t->console.fed[line] - output.before);
	vt_write(t->console.vt[line], output.bytes + from, output.n - from);
	t->console.fed[line] = written;
}

/* ---- drawing -------------------------------------------------------------- */

static void draw_head(struct tui *t, const struct rect *r)
{
	unsigned first, n = lines_of(t, t->inspector->level, &first), line = real_line(t);
	const struct line_state state = machine_line(session_machine(t->inspector->session), line);
	int column = screen_put(r, 0, 0, STYLE_NAME, "line %u of %u", t->console.line, n);
	uint64_t before = session_output(t->inspector->session, line).before;
	column = screen_put(r, 0, column, STYLE_FAINT, ", the real machine's %u%s%s%s", line, state.armed ? ", armed" : "",
	                    state.pending ? ", pending" : "", state.ended ? ", input ended" : "");
	if (before > 0)
		screen_put(r, 0, column, STYLE_WRONG, ", %s bytes before are not kept", number(before).text);
}

static void draw_screen(const struct tui *t, const struct rect *r, const struct vt *vt)
{
	unsigned lines = vt_lines(vt), rows = (unsigned)r->rows, at, column;
	unsigned last = lines > t->console.back ? lines - t->console.back : 1;
	unsigned from = last > rows ? last - rows : 0;
	char text[VT_COLUMNS * 4 + 8];
	for (unsigned line = from; line < last; line++) {
		vt_line(vt, line, text, sizeof(text));
		screen_put(r, (int)(line - from), 0, STYLE_PLAIN, "%s", text);
	}
	vt_cursor(vt, &at, &column);
	if (at >= from && at < last && t->focus == PANE_CONSOLE)
		screen_put(r, (int)(at - from), (int)column, STYLE_CURSOR, " ");
}

static void draw_console(struct tui *t, const struct rect *r)
{
	const struct rect below = { r->row + 1, r->column, r->rows - 1, r->columns };
	unsigned line = real_line(t);
	feed(t, line);
	draw_head(t, r);
	if (t->console.vt[line])
		draw_screen(t, &below, t->console.vt[line]);
}

static void walk_console(struct tui *t, int rows)
{
	const struct vt *vt = t->console.vt[real_line(t)];
	long most = vt ? (long)vt_lines(vt) - 1 : 0, back = (long)t->console.back - rows;
	t->console.back = back < 0 ? 0 : back > most ? (unsigned)most : (unsigned)back;
}

/* ---- keys ----------------------------------------------------------------- */

static void type_line(struct tui *t, const struct key *key)
{
	char *text = ask_line(t, "type to it: ", "", false);
	(void)key;
	if (!text)
		return;
	char *end = text + strlen(text);
	*end = '\n';
	if (!session_input(t->inspector->session, real_line(t), text, (size_t)(end - text) + 1))
		tui_say(t, STYLE_WRONG, "its input has ended, or there is no memory for more");
	free(text);
	tui_arrive(t);
}

static void end_input(struct tui *t, const struct key *key)
{
	(void)key;
	session_input_ends(t->inspector->session, real_line(t));
	tui_say(t, STYLE_PLAIN, "no more input will come on this line");
}

static void next_line(struct tui *t, const struct key *key)
{
	(void)key;
	t->console.line++;
	t->console.back = 0;
	real_line(t);
}

static const struct key console_keys[] = {
	{ '\r', "Enter", "type a line to the machine", type_line, NULL },
	{ '\n', NULL, NULL, type_line, NULL },
	{ 'L' - '@', "Ctrl-L", "the machine's next console line", next_line, NULL },
	{ 'D' - '@', "Ctrl-D", "end the line's input", end_input, NULL },
	{ 0 },
};

const struct pane_kind console_pane = { "Console", draw_console, walk_console, NULL, console_keys };
