/* Which panes stand where, for screens of any size: the larger, the fewer share a place.
 * Called by tui.c whenever the size changes.  Places are cut off a rectangle that
 * shrinks; between neighbours is a column for a line.
 */

#include <stdlib.h>

#include "tui_inside.h"

enum { MACHINE_COLUMNS = 40 }; /* what levels and registers need */

static int at_most(int n, int most) { return n < most ? n : most; }

/* ---- cutting -------------------------------------------------------------- */

static struct rect cut_top(struct rect *from, int rows)
{
	struct rect top = { from->row, from->column, rows, from->columns };
	from->row += rows;
	from->rows -= rows;
	return top;
}

static struct rect cut_right(struct rect *from, int columns)
{
	struct rect right = { from->row, from->column + from->columns - columns, from->rows, columns };
	from->columns -= columns + 1;
	return right;
}

/* A place for the panes whose bits are set. */
static void add(struct layout *layout, struct rect rect, unsigned panes)
{
	struct slot *slot = &layout->slot[layout->slots++];
	*slot = (struct slot){ .rect = rect };
	for (unsigned pane = 0; pane < PANES; pane++)
		if (panes >> pane & 1)
			slot->pane[slot->panes++] = (enum pane)pane;
}

#define ONE(pane) (1u << PANE_##pane)

/* ---- three screens -------------------------------------------------------- */

/* 80 by 24: the program over whatever else is asked for; the machine at its right. */
static void make_small(struct layout *layout, struct rect all)
{
	struct rect right = cut_right(&all, at_most(MACHINE_COLUMNS, all.columns / 2));
	int registers = at_most(16, right.rows - 4);
	add(layout, cut_top(&all, (all.rows + 1) / 2), ONE(SOURCE) | ONE(CODE));
	add(layout, cut_top(&right, right.rows - registers), ONE(LEVELS));
	add(layout, right, ONE(REGISTERS) | ONE(BARE));
	add(layout, all, ONE(STORAGE) | ONE(TRAPS) | ONE(PROPERTIES) | ONE(CONSOLE));
}

/* 120 by 40: all but the properties at once. */
static void make_middle(struct layout *layout, struct rect all)
{
	struct rect right = cut_right(&all, MACHINE_COLUMNS);
	add(layout, cut_top(&all, all.rows * 2 / 5), ONE(SOURCE) | ONE(CODE));
	add(layout, cut_top(&right, right.rows - 16 - 12), ONE(LEVELS));
	add(layout, cut_top(&right, 16), ONE(REGISTERS) | ONE(BARE));
	add(layout, right, ONE(PROPERTIES));
	add(layout, cut_top(&all, 10), ONE(STORAGE));
	struct rect console = cut_right(&all, (all.columns - 1) / 2);
	add(layout, all, ONE(TRAPS));
	add(layout, console, ONE(CONSOLE));
}

/* 200 by 60: source beside instructions, a console as wide as guests expect. */
static void make_large(struct layout *layout, struct rect all)
{
	struct rect right = cut_right(&all, MACHINE_COLUMNS + all.columns / 25);
	struct rect upper = cut_top(&all, all.rows / 2);
	struct rect code = cut_right(&upper, (upper.columns - 1) / 2);
	add(layout, upper, ONE(SOURCE));
	add(layout, code, ONE(CODE));
	add(layout, cut_top(&right, right.rows - 19 - 19), ONE(LEVELS));
	add(layout, cut_top(&right, 19), ONE(REGISTERS) | ONE(BARE));
	add(layout, right, ONE(PROPERTIES));
	struct rect beside = cut_right(&all, (all.columns - 1) / 2);
	add(layout, cut_top(&all, all.rows / 2), ONE(STORAGE));
	add(layout, all, ONE(CONSOLE));
	add(layout, beside, ONE(TRAPS));
}

void layout_make(struct layout *layout, int rows, int columns)
{
	struct rect all = { 1, 0, rows - 2, columns }; /* between the bars */
	layout->slots = 0;
	if (columns >= 160 && rows >= 48)
		make_large(layout, all);
	else if (columns >= 112 && rows >= 36)
		make_middle(layout, all);
	else
		make_small(layout, all);
}

/* ---- finding -------------------------------------------------------------- */

struct slot *layout_slot(struct layout *layout, enum pane pane)
{
	for (struct slot *slot = layout->slot; slot < layout->slot + layout->slots; slot++)
		for (unsigned i = 0; i < slot->panes; i++)
			if (slot->pane[i] == pane)
				return slot;
	abort(); /* every layout has a place for every pane */
}

bool layout_shows(struct layout *layout, enum pane pane)
{
	const struct slot *slot = layout_slot(layout, pane);
	return slot->pane[slot->shown] == pane;
}

struct rect layout_inside(const struct slot *slot)
{
	struct rect inside = slot->rect;
	cut_top(&inside, 1);
	return inside;
}
