/* What each key does: one table for wherever the user is, from which help is printed, too.
 * The pane that has the focus is asked first, then the table for everywhere.  To add a
 * key: a row.
 */

#include <curses.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tui_inside.h"

/* ---- for everywhere ------------------------------------------------------- */

static void do_line(struct tui *t, const struct key *key) { tui_do(t, key->line); }

static void ask_command(struct tui *t, const struct key *key)
{
	char *line = ask_line(t, ":", key->line ? key->line : "", true);
	if (line)
		tui_do(t, line);
	free(line);
}

static void compare(struct tui *t, const struct key *key)
{
	(void)key;
	bool on = session_twin(t->inspector->session).state == TWIN_NONE;
	tui_do(t, on ? "compare on" : "compare off");
	if (on && session_twin(t->inspector->session).state != TWIN_NONE) {
		tui_show(t, NULL);
		tui_focus(t, PANE_BARE);
		t->message[0] = '\0';
	}
}

static void focus_by(struct tui *t, unsigned by) { tui_focus(t, (enum pane)((t->focus + by) % PANES)); }

static void focus_next(struct tui *t, const struct key *key)
{
	focus_by(t, key->key == '\t' ? 1 : PANES - 1);
}

static void choose_inner(struct tui *t, const struct key *key)
{
	if (key->key == ']' || t->inspector->level > 0)
		tui_choose(t, key->key == ']' ? t->inspector->level + 1 : t->inspector->level - 1);
}

static void choose_digit(struct tui *t, const struct key *key) { tui_choose(t, (unsigned)(key->key - '0')); }

static void choose_running(struct tui *t, const struct key *key)
{
	(void)key;
	tui_choose(t, session_running(t->inspector->session));
}

static int page_rows(struct tui *t)
{
	const struct slot *slot = layout_slot(&t->layout, t->focus);
	return slot->rect.rows > 3 ? slot->rect.rows - 2 : 1;
}

static void walk(struct tui *t, int rows) { pane_kinds[t->focus]->walk(t, rows); }

static void walk_key(struct tui *t, const struct key *key)
{
	switch (key->key) {
	case KEY_UP:    walk(t, -1); break;
	case KEY_DOWN:  walk(t, 1); break;
	case KEY_PPAGE: walk(t, -page_rows(t)); break;
	case KEY_NPAGE: walk(t, page_rows(t)); break;
	case KEY_HOME:  walk(t, -ALL_THE_WAY); break;
	default:        walk(t, ALL_THE_WAY); break;
	}
}

static void help(struct tui *t, const struct key *key)
{
	(void)key;
	tui_show(t, keys_help(t));
}

/* Asked for twice, since a session cannot be had back. */
static void quit(struct tui *t, const struct key *key)
{
	(void)key;
	t->leaving = t->quitting;
	t->quitting = true;
	tui_say(t, STYLE_PLAIN, "q again quits");
}

static void redraw(struct tui *t, const struct key *key)
{
	(void)t;
	(void)key;
	clearok(curscr, TRUE);
}

/* A click chooses a pane and a place in it; the wheel moves the cursor there. */
static void mouse(struct tui *t, const struct key *key)
{
	MEVENT event;
	(void)key;
	if (getmouse(&event) != OK)
		return;
	for (const struct slot *slot = t->layout.slot; slot < t->layout.slot + t->layout.slots; slot++) {
		const struct rect inside = layout_inside(slot);
		if (!rect_holds(&slot->rect, event.y, event.x))
			continue;
		tui_focus(t, slot->pane[slot->shown]);
		if (event.bstate & (BUTTON4_PRESSED | BUTTON5_PRESSED))
			walk(t, event.bstate & BUTTON4_PRESSED ? -3 : 3);
		else if (event.y == slot->rect.row)
			tui_focus(t, slot->pane[(slot->shown + 1) % slot->panes]);
		else if (pane_kinds[t->focus]->click)
			pane_kinds[t->focus]->click(t, event.y - inside.row, event.x - inside.column);
		return;
	}
}

static const struct key everywhere[] = {
	{ 's', "s S", "step: one instruction of this level, monitors beneath unseen", do_line, "step" },
	{ 'S', NULL, NULL, do_line, "reverse-step" },
	{ 'n', "n N", "next: a step, but over a call", do_line, "next" },
	{ 'N', NULL, NULL, do_line, "reverse-next" },
	{ 'i', "i I", "into: one step of the real machine, whoever it is of", do_line, "into" },
	{ 'I', NULL, NULL, do_line, "reverse-into" },
	{ 'f', "f F", "finish: until this function returns, or LPSW ends a trap", do_line, "finish" },
	{ 'F', NULL, NULL, do_line, "reverse-finish" },
	{ 'e', "e E", "until the next exit: a trap of the real machine", do_line, "exit" },
	{ 'E', NULL, NULL, do_line, "reverse-exit" },
	{ 'r', "r R", "until a trap is reflected to this level", do_line, "reflection" },
	{ 'R', NULL, NULL, do_line, "reverse-reflection" },
	{ 'v', "v V", "until the next violation of resource control", do_line, "violation" },
	{ 'V', NULL, NULL, do_line, "reverse-violation" },
	{ 'B', "B", "a bare machine follows, to where they part; or no longer", compare, NULL },
	{ 'o', "o", "on, until the first guest runs", do_line, "enter" },
	{ 'c', "c C", "continue: until a point, or the end", do_line, "continue" },
	{ 'C', NULL, NULL, do_line, "reverse-continue" },
	{ '[', "[ ]", "look at the level outside, inside", choose_inner, NULL },
	{ ']', NULL, NULL, choose_inner, NULL },
	{ '0', "0 .. 9", "look at that level", choose_digit, NULL },
	{ '1', NULL, NULL, choose_digit, NULL },
	{ '2', NULL, NULL, choose_digit, NULL },
	{ '3', NULL, NULL, choose_digit, NULL },
	{ '4', NULL, NULL, choose_digit, NULL },
	{ '5', NULL, NULL, choose_digit, NULL },
	{ '6', NULL, NULL, choose_digit, NULL },
	{ '7', NULL, NULL, choose_digit, NULL },
	{ '8', NULL, NULL, choose_digit, NULL },
	{ '9', NULL, NULL, choose_digit, NULL },
	{ '.', ".", "look at the level that executes now", choose_running, NULL },
	{ ':', ":", "any command of droste debug; Tab completes, Up recalls", ask_command, NULL },
	{ 'g', "g", "go to a moment: a clock, or a mark", ask_command, "goto " },
	{ 'm', "m", "mark this moment", ask_command, "mark " },
	{ 'p', "p", "print an expression", ask_command, "print " },
	{ 'w', "w", "watch a word: stop when it changes", ask_command, "watch " },
	{ '\t', "Tab", "the next pane; Shift-Tab: the one before", focus_next, NULL },
	{ KEY_BTAB, NULL, NULL, focus_next, NULL },
	{ KEY_UP, "arrows", "move the cursor; so do PageUp, PageDown, Home and End", walk_key, NULL },
	{ KEY_DOWN, NULL, NULL, walk_key, NULL },
	{ KEY_PPAGE, NULL, NULL, walk_key, NULL },
	{ KEY_NPAGE, NULL, NULL, walk_key, NULL },
	{ KEY_HOME, NULL, NULL, walk_key, NULL },
	{ KEY_END, NULL, NULL, walk_key, NULL },
	{ KEY_MOUSE, "mouse", "a click: pane and cursor, on a name the next; the wheel scrolls", mouse, NULL },
	{ 'L' - '@', "Ctrl-L", "draw the screen again", redraw, NULL },
	{ '?', "?", "these keys", help, NULL },
	{ 'q', "q", "quit", quit, NULL },
	{ 0 },
};

/* ---- on a page ------------------------------------------------------------ */

static void close_page(struct tui *t, const struct key *key)
{
	(void)key;
	tui_show(t, NULL);
	t->message[0] = '\0';
}

static void turn_page(struct tui *t, const struct key *key)
{
	unsigned rows = (unsigned)LINES - 3, by = key->key == KEY_UP || key->key == KEY_DOWN ? 1 : rows;
	bool back = key->key == KEY_UP || key->key == KEY_PPAGE;
	t->page_top = !back ? t->page_top + by : t->page_top > by ? t->page_top - by : 0;
}

static const struct key on_page[] = {
	{ ' ', "Space", "the next page", turn_page, NULL },
	{ KEY_NPAGE, NULL, NULL, turn_page, NULL },
	{ KEY_PPAGE, NULL, NULL, turn_page, NULL },
	{ KEY_DOWN, NULL, NULL, turn_page, NULL },
	{ KEY_UP, NULL, NULL, turn_page, NULL },
	{ 'q', "q Esc Enter", "back to the panes", close_page, NULL },
	{ '\033', NULL, NULL, close_page, NULL },
	{ '\r', NULL, NULL, close_page, NULL },
	{ '?', NULL, NULL, close_page, NULL },
	{ 0 },
};

/* ---- finding -------------------------------------------------------------- */

static const struct key *find(const struct key *table, int key)
{
	while (table->key != 0 && table->key != key)
		table++;
	return table->key != 0 ? table : NULL;
}

static const struct key *key_here(const struct tui *t, int key)
{
	if (t->page)
		return find(on_page, key);
	const struct key *own = find(pane_kinds[t->focus]->keys, key);
	return own ? own : find(everywhere, key);
}

/* What was said stays until the next key. */
void keys_press(struct tui *t, int key)
{
	if (key == ERR || key == KEY_RESIZE)
		return;
	const struct key *row = key_here(t, key);
	if (!t->page)
		t->message[0] = '\0';
	if (key != 'q')
		t->quitting = false;
	if (row)
		row->act(t, row);
	else if (!t->page)
		tui_say(t, STYLE_FAINT, "no such key here: ? lists them");
}

/* ---- helping -------------------------------------------------------------- */

static void print_table(FILE *to, const char *title, const struct key *table)
{
	if (table->key != 0)
		fprintf(to, "%s\n\n", title);
	for (const struct key *key = table; key->key != 0; key++)
		if (key->name)
			fprintf(to, "  %-12s %s\n", key->name, key->says);
	if (table->key != 0)
		fputc('\n', to);
}

char *keys_help(const struct tui *t)
{
	char *text = NULL, title[64];
	size_t n = 0;
	FILE *to = open_memstream(&text, &n);
	if (!to)
		return NULL;
	snprintf(title, sizeof(title), "In the pane %s", pane_kinds[t->focus]->name);
	print_table(to, title, pane_kinds[t->focus]->keys);
	print_table(to, "Everywhere; a capital letter goes back", everywhere);
	print_table(to, "On a page like this", on_page);
	fclose(to);
	return text;
}

const char *const keys_hints[] = {
	"? keys", "s step", "S back", "i into", "[ ] level", "Tab pane", ": command", "q quit", "n next", "e exit",
	"r reflection", "c continue", "f finish", "g go to", "m mark", NULL,
};
