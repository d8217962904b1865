/* Inside the views: what the files tui*.c ask of each other.  The public door is tui.h.
 */
#ifndef DROSTE_TUI_INSIDE_H
#define DROSTE_TUI_INSIDE_H

#include <stdarg.h>

#include "inspector/tui.h"

/* ---- tui_screen.c: the terminal, and marks on it -------------------------- */

/* Takes the terminal, or says why not. */
bool screen_open(struct refusal *why);
void screen_close(void);
bool screen_gone(void); /* the terminal was hung up, and nobody said so */

/* Ctrl-C interrupts what this session does; NULL: nothing is done. */
void screen_interrupts(struct session *session);

struct rect {
	int row, column, rows, columns;
};

static inline bool rect_holds(const struct rect *r, int row, int column)
{
	return row >= r->row && row < r->row + r->rows && column >= r->column && column < r->column + r->columns;
}

enum style {
	STYLE_PLAIN,
	STYLE_BAR,     /* the first and the last row */
	STYLE_RULE,    /* lines and titles of panes */
	STYLE_FOCUS,   /* the title of the pane that gets the keys */
	STYLE_CURSOR,  /* the row that the keys act on */
	STYLE_NOW,     /* the instruction to come; the moment that is shown */
	STYLE_CHANGED, /* since the last stop */
	STYLE_POINT,   /* a breakpoint */
	STYLE_SYSTEM,  /* instructions that a monitor must virtualize */
	STYLE_NAME,    /* names of machines and functions */
	STYLE_FAINT,   /* what is there to be looked up */
	STYLE_GOOD,    /* shares of direct execution */
	STYLE_WRONG,   /* refusals, lies, violations */
	STYLES
};

enum glyph {
	GLYPH_ACROSS, GLYPH_DOWN, GLYPH_CROSS, GLYPH_FROM_LEFT, GLYPH_FROM_RIGHT, GLYPH_TEE,
	GLYPH_CORNER, GLYPH_TOP_LEFT, GLYPH_TOP_RIGHT, GLYPH_BOTTOM_RIGHT,
	GLYPH_HERE, GLYPH_POINT, GLYPH_OFF, GLYPH_FULL, GLYPH_EMPTY, GLYPH_THEN, GLYPH_ELSEWHERE,
	GLYPHS
};

/* A sign as the terminal's character set has it. */
const char *glyph(enum glyph g);

/* Text at a place inside a rectangle, cut at its edges; what is no printable character is
 * shown as '?'.  Returns the column after it. */
int screen_put(const struct rect *r, int row, int column, enum style style, const char *format, ...)
	__attribute__((format(printf, 5, 6)));

/* The whole row in a style; and a sign repeated. */
void screen_fill(const struct rect *r, int row, enum style style);
int screen_repeat(const struct rect *r, int row, int column, enum style style, enum glyph g, int n);

/* A bar of so many columns, part of them full. */
int screen_gauge(const struct rect *r, int row, int column, int columns, double share, enum style style);

/* A number with its thousands apart. */
struct number {
	char text[32];
};

struct number number(uint64_t n);

/* ---- tui_layout.c: who is where ------------------------------------------- */

enum pane {
	PANE_SOURCE, PANE_CODE, PANE_LEVELS, PANE_REGISTERS, PANE_STORAGE, PANE_TRAPS, PANE_PROPERTIES, PANE_CONSOLE, PANE_BARE,
	PANES
};

/* A place on the screen and the panes that share it, the first row for their names. */
struct slot {
	struct rect rect;
	enum pane pane[PANES];
	unsigned panes;
	unsigned shown; /* index in pane */
};

struct layout {
	struct slot slot[PANES];
	unsigned slots;
};

/* Which panes stand where on a screen; of those that share a place, the first is shown. */
void layout_make(struct layout *layout, int rows, int columns);
struct slot *layout_slot(struct layout *layout, enum pane pane);
bool layout_shows(struct layout *layout, enum pane pane);
struct rect layout_inside(const struct slot *slot); /* without the row of names */

/* ---- tui_vt.c: a console line as a terminal ------------------------- */

enum { VT_ROWS = 24, VT_COLUMNS = 80, VT_KEPT = 500 };

/* Has the last VT_KEPT lines, of which the last VT_ROWS can be written to. */
struct vt;

struct vt *vt_new(void); /* NULL: out of memory */
void vt_free(struct vt *vt);
void vt_write(struct vt *vt, const uint8_t *bytes, size_t n);
unsigned vt_lines(const struct vt *vt); /* up to the last one written on */

/* A line, the oldest first, as text: UTF-8 without control characters.  And where the cursor
 * is. */
void vt_line(const struct vt *vt, unsigned line, char *to, size_t n);
void vt_cursor(const struct vt *vt, unsigned *line, unsigned *column);

/* ---- tui_keys.c: what keys do --------------------------------------------- */

struct tui;

struct key {
	int key;           /* as getch gives it; 0 ends a table */
	const char *name;  /* as help shows it; NULL: as the row before */
	const char *says;
	void (*act)(struct tui *t, const struct key *key);
	const char *line;  /* the command, or its beginning */
};

void keys_press(struct tui *t, int key);

/* What the keys do where the user is, as text, from malloc; and the few to begin with, the
 * most useful first. */
char *keys_help(const struct tui *t);
extern const char *const keys_hints[]; /* ends with NULL */

/* ---- tui_ask.c: a line from the user -------------------------------------- */

/* Lets the user edit a line that begins with text, with history and completion if it is to be
 * a command.  From malloc; NULL: thought better of it. */
char *ask_line(struct tui *t, const char *prompt, const char *text, bool command);

/* ---- the panes ------------------------------------------------------------ */

struct pane_kind {
	const char *name;
	void (*draw)(struct tui *t, const struct rect *inside);
	void (*walk)(struct tui *t, int rows);            /* the cursor; ALL_THE_WAY either way */
	void (*click)(struct tui *t, int row, int column); /* inside the pane; NULL: nothing */
	const struct key *keys;
};

#define ALL_THE_WAY (1 << 30)

extern const struct pane_kind *const pane_kinds[PANES];

extern const struct pane_kind source_pane, code_pane, levels_pane, registers_pane, storage_pane, traps_pane,
                              properties_pane, console_pane, bare_pane;

/* Keeps what storage shows, to be compared with what it becomes. */
void storage_remember(struct tui *t);

/* A file of source, in lines. */
struct source {
	char *text;
	const char **line;
	unsigned lines;
	const char *file; /* as symbols.h names it; not opened again if it could not be */
};

#define STORAGE_SHOWN 2048 /* bytes: the most that are remembered */

/* All that is shown, besides the session itself. */
struct tui {
	struct inspector *inspector;
	struct layout layout;
	enum pane focus;
	bool leaving;
	bool quitting; /* q was the last key */

	/* The level looked at, and as it was at the stop before: tui_arrive only. */
	struct level_state state, before;
	uint64_t now;
	bool moved; /* before is of the same level */

	char message[512];
	enum style message_style;
	char *page;    /* text over the panes; from malloc; or NULL */
	unsigned page_top;

	struct {
		uint32_t top, cursor;
	} code;
	struct {
		struct source file;
		unsigned top, cursor; /* lines, from 1 */
	} source;
	struct {
		unsigned cursor;
	} levels;
	struct {
		uint32_t top, cursor;
		bool absolute;
		uint32_t at, n; /* where before was read */
		uint8_t before[STORAGE_SHOWN];
		bool known;     /* before is of the same level and the same addresses */
	} storage;
	struct {
		size_t cursor;
		uint64_t at; /* the step at which the cursor was put */
		char filter[64];
	} traps;
	struct {
		struct vt *vt[LINES_MOST];
		uint64_t fed[LINES_MOST]; /* bytes since reset */
		unsigned line; /* of the level */
		unsigned back; /* lines scrolled back */
	} console;
	char found[128]; /* searched for last */
};

/* ---- tui.c ---------------------------------------------------------------- */

void tui_say(struct tui *t, enum style style, const char *format, ...) __attribute__((format(printf, 3, 4)));
void tui_show(struct tui *t, char *page); /* takes the text */

/* Does a command and shows its answer; goes to a step. */
void tui_do(struct tui *t, const char *line);
void tui_go(struct tui *t, uint64_t steps);

void tui_focus(struct tui *t, enum pane pane);
void tui_choose(struct tui *t, unsigned level);

/* The session moved, or another level is looked at. */
void tui_arrive(struct tui *t);
void tui_draw(struct tui *t);

/* The name of a machine, as its host's table has it. */
struct level_name {
	char text[NAME_BYTES + 1];
};

struct level_name tui_name(const struct tui *t, unsigned level);

/* "name+0x12" of a virtual address of the level looked at, or nothing. */
struct place_name {
	char text[64];
};

struct place_name tui_place(const struct tui *t, uint32_t address);

/* The breakpoint at an address of the level looked at; NULL: none. */
const struct point *tui_break_at(const struct tui *t, uint32_t address);

#endif
