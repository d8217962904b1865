/* The storage pane: bytes as the machine looked at sees them, and the way of one address down
 * to the real machine.
 */

#include <ctype.h>
#include <curses.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tui_inside.h"

/* ---- the translation chain ------------------------------------------------ */

/* One row for each machine on the way, if there is room; else all in one. */
static bool chain_fits(const struct translation *chain, const struct rect *r)
{
	return r->columns >= 60 && r->rows >= (int)chain->n + 4;
}

static int chain_rows(const struct translation *chain, const struct rect *r)
{
	return chain_fits(chain, r) ? (int)chain->n : 1;
}

static void draw_long_chain(const struct tui *t, const struct rect *r, const struct translation *chain)
{
	for (unsigned i = 0; i < chain->n; i++) {
		bool refuses = chain->refuses == (int)i;
		int column = screen_put(r, (int)i, 0, refuses ? STYLE_WRONG : STYLE_NAME, "%s%08x  %s", i ? glyph(GLYPH_THEN) : "at ",
		                        chain->at[i].address, i ? tui_name(t, chain->at[i].level).text : "virtual");
		column = column < 28 ? 28 : column;
		if (i + 1 < chain->n || refuses)
			screen_put(r, (int)i, column, refuses ? STYLE_WRONG : STYLE_FAINT, " base %08x bound %08x%s",
			           chain->at[i].base, chain->at[i].bound, refuses ? " refuses" : "");
	}
}

static void draw_short_chain(const struct rect *r, const struct translation *chain)
{
	int column = 0;
	for (unsigned i = 0; i < chain->n; i++) {
		bool refuses = chain->refuses == (int)i;
		if (i > 0)
			column = screen_put(r, 0, column, STYLE_FAINT, " %s ", glyph(GLYPH_THEN));
		if (i > 0)
			column = screen_put(r, 0, column, STYLE_NAME, "%u:", chain->at[i].level);
		column = screen_put(r, 0, column, refuses ? STYLE_WRONG : STYLE_PLAIN, "%x%s", chain->at[i].address,
		                    refuses ? " refused" : "");
	}
}

static int draw_chain(const struct tui *t, const struct rect *r)
{
	struct translation chain;
	session_translate(t->inspector->session, t->inspector->level, t->storage.cursor, 1, t->storage.absolute, &chain);
	if (chain_fits(&chain, r))
		draw_long_chain(t, r, &chain);
	else
		draw_short_chain(r, &chain);
	return chain_rows(&chain, r);
}

/* ---- bytes ---------------------------------------------------------------- */

static int bytes_in_row(const struct rect *r) { return r->columns >= 10 + 16 * 4 ? 16 : 8; }

static void draw_byte(const struct tui *t, const struct rect *r, int row, int column, int text, uint32_t address)
{
	uint8_t byte, old;
	const struct session *session = t->inspector->session;
	if (!session_read(session, t->inspector->level, address, t->storage.absolute, &byte, 1)) {
		screen_put(r, row, column, STYLE_FAINT, "--");
		return;
	}
	bool differs = t->storage.known && address - t->storage.at < t->storage.n &&
	               (old = t->storage.before[address - t->storage.at], old != byte);
	enum style style = address == t->storage.cursor ? STYLE_CURSOR : differs ? STYLE_CHANGED : STYLE_PLAIN;
	screen_put(r, row, column, style, "%02x", byte);
	screen_put(r, row, text, style == STYLE_PLAIN ? STYLE_FAINT : style, "%c", isprint(byte) && byte < 127 ? byte : '.');
}

static void draw_bytes(const struct tui *t, const struct rect *r, int row, uint32_t address, int n)
{
	int column = screen_put(r, row, 0, STYLE_FAINT, "%08x", address) + 1;
	for (int i = 0; i < n; i++)
		draw_byte(t, r, row, column + i * 3 + (i >= 8), column + n * 3 + (n > 8) + i, address + (uint32_t)i);
}

static void keep_in_sight(struct tui *t, int n, int rows)
{
	uint32_t shown = (uint32_t)(n * rows), cursor = t->storage.cursor;
	if (cursor < t->storage.top || cursor - t->storage.top >= shown || t->storage.top % 8 != 0)
		t->storage.top = cursor / (uint32_t)n * (uint32_t)n;
	if (t->storage.top > UINT32_MAX - shown + 1)
		t->storage.top = UINT32_MAX - shown + 1;
}

static void draw_storage(struct tui *t, const struct rect *r)
{
	int above = draw_chain(t, r), n = bytes_in_row(r);
	const struct rect below = { r->row + above, r->column, r->rows - above, r->columns };
	keep_in_sight(t, n, below.rows);
	for (int row = 0; row < below.rows; row++)
		draw_bytes(t, &below, row, t->storage.top + (uint32_t)(row * n), n);
}

void storage_remember(struct tui *t)
{
	const struct session *session = t->inspector->session;
	t->storage.known = true;
	t->storage.at = t->storage.top;
	for (t->storage.n = 0; t->storage.n < STORAGE_SHOWN; t->storage.n++)
		if (!session_read(session, t->inspector->level, t->storage.at + t->storage.n, t->storage.absolute,
		                  &t->storage.before[t->storage.n], 1))
			break;
}

/* ---- keys ----------------------------------------------------------------- */

static int width_now(struct tui *t)
{
	const struct rect inside = layout_inside(layout_slot(&t->layout, PANE_STORAGE));
	return bytes_in_row(&inside);
}

static void walk_storage(struct tui *t, int rows)
{
	unsigned n;
	const struct level *levels = session_levels(t->inspector->session, &n);
	if (rows == ALL_THE_WAY || rows == -ALL_THE_WAY)
		t->storage.cursor = rows < 0 ? 0 : levels[t->inspector->level].size - 1;
	else
		t->storage.cursor += (uint32_t)(rows * width_now(t));
}

static void click_storage(struct tui *t, int row, int column)
{
	const struct rect inside = layout_inside(layout_slot(&t->layout, PANE_STORAGE));
	struct translation chain;
	session_translate(t->inspector->session, t->inspector->level, t->storage.cursor, 1, t->storage.absolute, &chain);
	int n = bytes_in_row(&inside), i = (column - 9) / 3;
	row -= chain_rows(&chain, &inside);
	if (row >= 0 && i >= 0 && i < n)
		t->storage.cursor = t->storage.top + (uint32_t)(row * n + i);
}

static void go_left(struct tui *t, const struct key *key)
{
	(void)key;
	t->storage.cursor--;
}

static void go_right(struct tui *t, const struct key *key)
{
	(void)key;
	t->storage.cursor++;
}

static void look_at(struct tui *t, const struct key *key)
{
	struct refusal why;
	uint64_t address;
	(void)key;
	char *text = ask_line(t, "storage at: ", "", false);
	if (!text)
		return;
	if (command_evaluate(t->inspector, t->inspector->level, text, &address, &why))
		t->storage.cursor = (uint32_t)address;
	else
		tui_say(t, STYLE_WRONG, "%s", why.text);
	t->storage.known = false;
	free(text);
}

static void switch_absolute(struct tui *t, const struct key *key)
{
	(void)key;
	t->storage.absolute = !t->storage.absolute;
	t->storage.known = false;
	tui_say(t, STYLE_PLAIN, t->storage.absolute ? "addresses in the machine's storage, as traps and devices see them"
	                                             : "addresses under the machine's relocation, as programs see them");
}

static void watch(struct tui *t, const struct key *key)
{
	char line[64];
	(void)key;
	snprintf(line, sizeof(line), "watch 0x%x", t->storage.cursor & ~UINT32_C(3));
	tui_do(t, line);
}

/* Text as it stands, from the cursor on. */
static void search_storage(struct tui *t, const struct key *key)
{
	const struct session *session = t->inspector->session;
	char bytes[sizeof(t->found)];
	(void)key;
	char *wanted = ask_line(t, "/", t->found, false);
	if (!wanted)
		return;
	snprintf(t->found, sizeof(t->found), "%s", wanted);
	free(wanted);
	uint32_t n = (uint32_t)strlen(t->found), at = t->storage.cursor + 1;
	while (n > 0 && session_read(session, t->inspector->level, at, t->storage.absolute, bytes, n) &&
	       memcmp(bytes, t->found, n) != 0)
		at++;
	if (n > 0 && session_read(session, t->inspector->level, at, t->storage.absolute, bytes, n))
		t->storage.cursor = at;
	else
		tui_say(t, STYLE_WRONG, "'%s' is nowhere from here on", t->found);
}

static const struct key storage_keys[] = {
	{ 'a', "a", "look at an address or a name", look_at, NULL },
	{ 'v', "v", "addresses under relocation, or of the machine's own storage", switch_absolute, NULL },
	{ 'w', "w", "stop when the word at the cursor changes", watch, NULL },
	{ '/', "/", "search for text", search_storage, NULL },
	{ KEY_LEFT, "Left Right", "a byte back, a byte on", go_left, NULL },
	{ KEY_RIGHT, NULL, NULL, go_right, NULL },
	{ 0 },
};

const struct pane_kind storage_pane = { "Storage", draw_storage, walk_storage, click_storage, storage_keys };
