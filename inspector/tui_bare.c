/* The pane of the bare machine: a guest and its bare twin side by side, and where they differ.
 */

#include <stdio.h>

#include "tui_inside.h"

/* ---- how they stand ------------------------------------------------------- */

static void draw_head(const struct tui *t, const struct rect *r, const struct twin_view *twin)
{
	int column = screen_put(r, 0, 0, STYLE_NAME, "%u %s ", twin->level, tui_name(t, twin->level).text);
	switch (twin->state) {
	case TWIN_WAITS:   screen_put(r, 0, column, STYLE_FAINT, "has not begun"); break;
	case TWIN_IN_STEP: screen_put(r, 0, column, STYLE_GOOD, "in step, %s entries", number(twin->entries).text); break;
	case TWIN_ENDED:   screen_put(r, 0, column, STYLE_GOOD, "ended as the bare one"); break;
	case TWIN_CHANGED: screen_put(r, 0, column, STYLE_WRONG, "changed by hand"); break;
	default:           screen_put(r, 0, column, STYLE_WRONG, "parts: %s", twin->what);
	}
}

/* ---- both states ---------------------------------------------------------- */

static int draw_word(const struct rect *r, int row, const char *name, uint32_t guest, uint32_t bare)
{
	enum style style = guest == bare ? STYLE_PLAIN : STYLE_WRONG;
	screen_put(r, row, 0, STYLE_FAINT, "%s", name);
	screen_put(r, row, 9, style, "%08x", guest);
	screen_put(r, row, 19, style, "%08x", bare);
	return row + 1;
}

static int draw_psw(const struct rect *r, int row, const struct level_state *guest, const struct level_state *bare)
{
	row = draw_word(r, row, "pc", guest->psw.pc, bare->psw.pc);
	row = draw_word(r, row, "status", guest->psw.status, bare->psw.status);
	row = draw_word(r, row, "base", guest->psw.base, bare->psw.base);
	row = draw_word(r, row, "bound", guest->psw.bound, bare->psw.bound);
	if (!guest->running)
		return row;
	row = draw_word(r, row, "timer", guest->psw.timer, bare->psw.timer);
	row = draw_word(r, row, "clock", (uint32_t)guest->clock, (uint32_t)bare->clock);
	return row;
}

/* Those that differ. */
static int draw_registers(const struct rect *r, int row, const struct level_state *guest, const struct level_state *bare)
{
	for (unsigned x = 1; x < 32; x++)
		if (guest->x[x] != bare->x[x])
			row = draw_word(r, row, isa_register_names[x], guest->x[x], bare->x[x]);
	return row;
}

static int draw_cells(const struct tui *t, const struct rect *r, int row)
{
	uint32_t guest[TRAP_CELLS], bare[TRAP_CELLS];
	session_twin_cells(t->inspector->session, guest, bare);
	for (unsigned i = 0; i < TRAP_CELLS; i++)
		if (guest[i] != bare[i])
			row = draw_word(r, row, session_cell_names[i], guest[i], bare[i]);
	return row;
}

static int draw_storage(const struct tui *t, const struct rect *r, int row, const struct twin_view *twin)
{
	char name[12];
	uint32_t guest = 0, bare = 0;
	snprintf(name, sizeof(name), "@%x", twin->address);
	session_read(t->inspector->session, twin->level, twin->address, true, &guest, sizeof(guest));
	session_read(twin->bare, 0, twin->address, true, &bare, sizeof(bare));
	return draw_word(r, row, name, guest, bare);
}

static void draw_states(const struct tui *t, const struct rect *r, const struct twin_view *twin)
{
	struct level_state guest, bare;
	session_twin_states(t->inspector->session, &guest, &bare);
	screen_put(r, 1, 9, STYLE_FAINT, "level %-3u bare%s", twin->level, guest.running ? "" : "      (away)");
	int row = draw_psw(r, 2, &guest, &bare), before = row;
	row = draw_registers(r, row, &guest, &bare);
	if (row == before)
		screen_put(r, row++, 0, STYLE_FAINT, "all registers are the same");
	if (twin->state == TWIN_PARTED)
		row = twin->stored ? draw_storage(t, r, row, twin) : draw_cells(t, r, row);
	if (twin->told)
		screen_put(r, row, 0, STYLE_WRONG, "its VM table: wrong %s since %s", twin->told_what, number(twin->told).text);
}

static void draw_bare(struct tui *t, const struct rect *r)
{
	struct twin_view twin = session_twin(t->inspector->session);
	if (twin.state == TWIN_NONE) {
		screen_put(r, 0, 0, STYLE_FAINT, "B lets a bare machine follow this level");
		return;
	}
	draw_head(t, r, &twin);
	if (twin.state == TWIN_PARTED && twin.parted != t->now)
		screen_put(r, 1, 0, STYLE_FAINT, "at step %s: g #%llu", number(twin.parted).text, (unsigned long long)twin.parted);
	else if (twin.state == TWIN_IN_STEP || twin.state == TWIN_PARTED)
		draw_states(t, r, &twin);
}

static void walk_nowhere(struct tui *t, int rows)
{
	(void)t;
	(void)rows;
}

static const struct key no_keys[] = { { 0 } };

const struct pane_kind bare_pane = { "Bare", draw_bare, walk_nowhere, NULL, no_keys };
