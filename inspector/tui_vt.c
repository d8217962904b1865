/* What a guest wrote on a console line, as a small terminal shows it: carriage return, line
 * feed, backspace, tab, the moves, erasures and colours of ANSI terminals (of which only the
 * moves and erasures are heeded), UTF-8.  Called by the console pane; nothing a guest writes
 * gets from here to the real terminal but printable characters.
 */

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

#include "tui_inside.h"

enum reading { TEXT, ESCAPED, SEQUENCE };

struct vt {
	wchar_t cell[VT_KEPT][VT_COLUMNS]; /* 0: nothing was written there */
	unsigned first;                    /* the oldest line is cell[first] */
	unsigned lines;                    /* kept */
	unsigned row, column;              /* the cursor: row counts from the oldest line */
	enum reading reading;
	unsigned number[4], numbers;       /* the arguments of a sequence */
	mbstate_t half;                    /* of a character of several bytes */
};

struct vt *vt_new(void)
{
	struct vt *vt = calloc(1, sizeof(*vt));
	if (vt)
		vt->lines = 1;
	return vt;
}

void vt_free(struct vt *vt) { free(vt); }

static wchar_t *line_of(struct vt *vt, unsigned row) { return vt->cell[(vt->first + row) % VT_KEPT]; }

/* The first line that can still be written to. */
static unsigned top(const struct vt *vt) { return vt->lines > VT_ROWS ? vt->lines - VT_ROWS : 0; }

/* ---- moving --------------------------------------------------------------- */

static void grow(struct vt *vt)
{
	if (vt->lines < VT_KEPT)
		vt->lines++;
	else
		vt->first = (vt->first + 1) % VT_KEPT;
	memset(line_of(vt, vt->lines - 1), 0, sizeof(vt->cell[0]));
}

static void feed_line(struct vt *vt)
{
	if (vt->row + 1 == vt->lines)
		grow(vt);
	if (vt->row + 1 < vt->lines)
		vt->row++;
}

static void move_to(struct vt *vt, unsigned row, unsigned column)
{
	if (row >= VT_ROWS)
		row = VT_ROWS - 1;
	while (vt->lines < VT_ROWS && row >= vt->lines)
		grow(vt);
	vt->row = top(vt) + row;
	vt->column = column < VT_COLUMNS ? column : VT_COLUMNS - 1;
}

static unsigned less(unsigned n, unsigned by) { return n > by ? n - by : 0; }

/* ---- erasing -------------------------------------------------------------- */

static void erase(struct vt *vt, unsigned row, unsigned from, unsigned to)
{
	memset(line_of(vt, row) + from, 0, (to - from) * sizeof(wchar_t));
}

/* 0: from the cursor, 1: up to it, 2: all. */
static void erase_line(struct vt *vt, unsigned how)
{
	unsigned at = vt->column < VT_COLUMNS ? vt->column : VT_COLUMNS - 1;
	erase(vt, vt->row, how == 0 ? at : 0, how == 1 ? at + 1 : VT_COLUMNS);
}

static void erase_screen(struct vt *vt, unsigned how)
{
	if (how > 2)
		return;
	erase_line(vt, how);
	for (unsigned row = top(vt); row < vt->lines; row++)
		if (row != vt->row && (how == 2 || (row > vt->row) == (how == 0)))
			erase(vt, row, 0, VT_COLUMNS);
}

/* ---- writing -------------------------------------------------------------- */

static void put(struct vt *vt, wchar_t c)
{
	int width = wcwidth(c);
	if (width < 1)
		return;
	if (vt->column + (unsigned)width > VT_COLUMNS) {
		feed_line(vt);
		vt->column = 0;
	}
	line_of(vt, vt->row)[vt->column] = c;
	vt->column += (unsigned)width;
}

static void control(struct vt *vt, char c)
{
	switch (c) {
	case '\r':   vt->column = 0; break;
	case '\b':   vt->column = less(vt->column, 1); break;
	case '\t':   vt->column = vt->column / 8 * 8 + 8 < VT_COLUMNS ? vt->column / 8 * 8 + 8 : VT_COLUMNS - 1; break;
	case '\033': vt->reading = ESCAPED; break;
	case '\n':   /* as on a terminal that is set up for files: a new line, from its start */
		feed_line(vt);
		vt->column = 0;
		break;
	default: break;
	}
}

static void write_text(struct vt *vt, uint8_t byte)
{
	wchar_t c;
	const char one = (char)byte;
	size_t n = mbrtowc(&c, &one, 1, &vt->half);
	if (n == (size_t)-2)
		return;
	if (n == (size_t)-1) {
		vt->half = (mbstate_t){ 0 };
		put(vt, L'?');
	} else if (iswprint((wint_t)c)) {
		put(vt, c);
	} else {
		control(vt, one);
	}
}

/* ---- sequences ------------------------------------------------------------ */

static void obey(struct vt *vt, uint8_t final)
{
	unsigned n = vt->number[0] > 0 ? vt->number[0] : 1, row = vt->row - top(vt);
	switch (final) {
	case 'A': move_to(vt, less(row, n), vt->column); break;
	case 'B': move_to(vt, row + n, vt->column); break;
	case 'C': move_to(vt, row, vt->column + n); break;
	case 'D': move_to(vt, row, less(vt->column, n)); break;
	case 'G': move_to(vt, row, n - 1); break;
	case 'H':
	case 'f': move_to(vt, n - 1, less(vt->number[1], 1)); break;
	case 'J': erase_screen(vt, vt->number[0]); break;
	case 'K': erase_line(vt, vt->number[0]); break;
	default: break;
	}
}

static void write_sequence(struct vt *vt, uint8_t byte)
{
	if (byte >= '0' && byte <= '9') {
		unsigned *number = &vt->number[vt->numbers];
		*number = *number * 10 + (byte - '0');
		if (*number > 9999)
			*number = 9999;
	} else if (byte == ';' && vt->numbers + 1 < sizeof(vt->number) / sizeof(*vt->number)) {
		vt->numbers++;
	} else if (byte >= 0x40 && byte <= 0x7E) {
		vt->reading = TEXT;
		obey(vt, byte);
	} else if (byte < 0x20) { /* it was none */
		vt->reading = TEXT;
		control(vt, (char)byte);
	}
}

static void write_escaped(struct vt *vt, uint8_t byte)
{
	vt->reading = byte == '[' ? SEQUENCE : TEXT;
	memset(vt->number, 0, sizeof(vt->number));
	vt->numbers = 0;
}

void vt_write(struct vt *vt, const uint8_t *bytes, size_t n)
{
	for (; n > 0; n--, bytes++)
		switch (vt->reading) {
		case TEXT:     write_text(vt, *bytes); break;
		case ESCAPED:  write_escaped(vt, *bytes); break;
		case SEQUENCE: write_sequence(vt, *bytes); break;
		}
}

/* ---- reading -------------------------------------------------------------- */

unsigned vt_lines(const struct vt *vt) { return vt->lines; }

void vt_cursor(const struct vt *vt, unsigned *line, unsigned *column)
{
	*line = vt->row;
	*column = vt->column < VT_COLUMNS ? vt->column : VT_COLUMNS - 1;
}

void vt_line(const struct vt *vt, unsigned line, char *to, size_t n)
{
	const wchar_t *cell = vt->cell[(vt->first + line) % VT_KEPT];
	unsigned end = VT_COLUMNS;
	size_t at = 0;
	mbstate_t state = { 0 };
	while (end > 0 && cell[end - 1] == 0)
		end--;
	for (unsigned i = 0; i < end && at + MB_LEN_MAX < n; i += cell[i] ? (unsigned)wcwidth(cell[i]) : 1) {
		size_t bytes = wcrtomb(to + at, cell[i] ? cell[i] : L' ', &state);
		at += bytes == (size_t)-1 ? 0 : bytes;
	}
	to[at] = '\0';
}
