/* The trap log: every trap of the real machine and every one that a monitor reflected, with
 * the present moment between those before and those after.  Enter goes to one.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tui_inside.h"

/* ---- rows ----------------------------------------------------------------- */

static void row_text(const struct tui *t, const struct trap_record *trap, char *to, size_t n)
{
	snprintf(to, n, "%u %s %s %u %s: %s at %08x", trap->from, tui_name(t, trap->from).text, glyph(GLYPH_THEN), trap->level,
	         tui_name(t, trap->level).text, isa_cause_names[trap->cause], trap->old.pc);
}

static bool passes(const struct tui *t, const struct trap_record *trap)
{
	char text[192];
	row_text(t, trap, text, sizeof(text));
	return !t->traps.filter[0] || strstr(text, t->traps.filter);
}

/* System instructions by name, other traps' tval as a number. */
static void tval_text(const struct trap_record *trap, char *to, size_t n)
{
	to[0] = '\0';
	if (trap->cause == CAUSE_PRIVILEGED || trap->cause == CAUSE_ILLEGAL) {
		char text[64];
		disassemble(trap->tval, trap->old.pc, text, sizeof(text));
		snprintf(to, n, "%.*s", (int)strcspn(text, "\t"), text);
	} else if (trap->tval != 0) {
		snprintf(to, n, "%x", trap->tval);
	}
}

/* A row of the log; a reflection is set in, since the trap it comes from is above it. */
static void draw_trap(const struct tui *t, const struct rect *r, int row, const struct trap_record *trap, bool cursor,
                      bool past)
{
	char tval[64];
	tval_text(trap, tval, sizeof(tval));
	enum style style = cursor && t->focus == PANE_TRAPS ? STYLE_CURSOR : past ? STYLE_PLAIN : STYLE_FAINT;
	if (style == STYLE_CURSOR)
		screen_fill(r, row, style);
	int column = screen_put(r, row, 0, style == STYLE_PLAIN ? STYLE_FAINT : style, "%11s ", number(trap->steps).text);
	column = screen_put(r, row, column, style, "%u%s%u ", trap->from, glyph(GLYPH_THEN), trap->level);
	if (r->columns >= 70)
		column = screen_put(r, row, column, style, "%-12s ", tui_name(t, trap->from).text);
	column = screen_put(r, row, column, trap->level > 0 && style == STYLE_PLAIN ? STYLE_NAME : style, "%.*s",
	                    r->columns < 60 ? 10 : 24, isa_cause_names[trap->cause]);
	column = screen_put(r, row, column, style, " %s", tval);
	column = column < 56 ? 56 : column + 1;
	if (r->columns >= 60)
		screen_put(r, row, column, style == STYLE_PLAIN ? STYLE_FAINT : style, "at %08x", trap->old.pc);
}

/* ---- the log -------------------------------------------------------------- */

/* The n-th trap from i on that passes, back if n is negative; i if there is none. */
static size_t passing(const struct tui *t, const struct trap_record *traps, size_t n, size_t i, long steps)
{
	size_t found = i;
	while (steps != 0) {
		if (steps < 0 ? i == 0 : i + 1 >= n)
			return found;
		i = steps < 0 ? i - 1 : i + 1;
		if (!passes(t, &traps[i]))
			continue;
		found = i;
		steps += steps < 0 ? 1 : -1;
	}
	return found;
}

static const struct trap_record *log_of(struct tui *t, size_t *n, size_t *before)
{
	const struct trap_record *traps = session_traps(t->inspector->session, n, before);
	if (t->traps.at != t->now && *n > 0) {
		t->traps.cursor = *before > 0 ? *before - 1 : 0;
		t->traps.at = t->now;
	}
	if (t->traps.cursor >= *n)
		t->traps.cursor = *n > 0 ? *n - 1 : 0;
	return traps;
}

static void draw_now(const struct rect *r, int row)
{
	int column = screen_put(r, row, 0, STYLE_POINT, "%*s%s now ", 11 - 6, "", glyph(GLYPH_HERE));
	screen_repeat(r, row, column, STYLE_RULE, GLYPH_ACROSS, r->columns - column);
}

static void draw_traps(struct tui *t, const struct rect *r)
{
	size_t n, before;
	const struct trap_record *traps = log_of(t, &n, &before);
	int row = 0;
	if (t->traps.filter[0])
		screen_put(r, row++, 0, STYLE_NAME, "only those with '%s'", t->traps.filter);
	if (n == 0)
		screen_put(r, row, 1, STYLE_FAINT, "no trap yet");
	size_t i = passing(t, traps, n, t->traps.cursor, -(long)(r->rows * 2 / 3));
	for (; row < r->rows && i <= n && n > 0; i++) {
		if (i == before)
			draw_now(r, row++);
		if (i < n && passes(t, &traps[i]))
			draw_trap(t, r, row++, &traps[i], i == t->traps.cursor, i < before);
	}
}

/* ---- keys ----------------------------------------------------------------- */

static void walk_traps(struct tui *t, int rows)
{
	size_t n, before;
	const struct trap_record *traps = log_of(t, &n, &before);
	t->traps.cursor = passing(t, traps, n, t->traps.cursor, rows);
}

static void click_traps(struct tui *t, int row, int column)
{
	const struct rect inside = layout_inside(layout_slot(&t->layout, PANE_TRAPS));
	size_t n, before;
	const struct trap_record *traps = log_of(t, &n, &before);
	size_t i = passing(t, traps, n, t->traps.cursor, -(long)(inside.rows * 2 / 3));
	(void)column;
	for (int at = t->traps.filter[0] != '\0'; i < n && at <= row; i++) {
		at += i == before;
		if (!passes(t, &traps[i]))
			continue;
		if (at++ == row)
			t->traps.cursor = i;
	}
}

static void go_there(struct tui *t, const struct key *key)
{
	size_t n, before;
	const struct trap_record *traps = log_of(t, &n, &before);
	(void)key;
	if (n > 0)
		tui_go(t, traps[t->traps.cursor].steps);
}

static void filter(struct tui *t, const struct key *key)
{
	(void)key;
	char *text = ask_line(t, "only traps with (a level, a name, a cause, an address): ", t->traps.filter, false);
	if (text)
		snprintf(t->traps.filter, sizeof(t->traps.filter), "%s", text);
	free(text);
}

static const struct key traps_keys[] = {
	{ '\r', "Enter", "go to the moment after this trap", go_there, NULL },
	{ '\n', NULL, NULL, go_there, NULL },
	{ '/', "/", "show only some traps", filter, NULL },
	{ 0 },
};

const struct pane_kind traps_pane = { "Traps", draw_traps, walk_traps, click_traps, traps_keys };
