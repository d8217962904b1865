/* Line editing.  See edit.h; called by the shell. */

#include "edit.h"

#include "program.h"

enum { CTRL_A = 1, CTRL_C = 3, CTRL_D = 4, CTRL_E = 5, BACKSPACE = 8, CTRL_K = 11, CTRL_U = 21, CTRL_W = 23, ESCAPE = 27, DELETE = 127 };

/* ---- the screen ---------------------------------------------------------- */

static void put(const char *bytes, size_t n) { write(STDOUT_FILENO, bytes, n); }
static void put_text(const char *text) { put(text, strlen(text)); }

static void back(size_t n)
{
	while (n-- > 0)
		put("\b", 1);
}

/* What is behind the cursor again, wiping out bytes that stood there before. */
static void redraw(const struct editor *e, size_t wiped)
{
	put(e->line + e->at, e->n - e->at);
	for (size_t i = 0; i < wiped; i++)
		put(" ", 1);
	back(e->n - e->at + wiped);
}

static void move(struct editor *e, size_t to)
{
	if (to < e->at)
		back(e->at - to);
	else
		put(e->line + e->at, to - e->at);
	e->at = to;
}

/* ---- changes ------------------------------------------------------------- */

static void insert(struct editor *e, char c)
{
	if (e->n + 1 == LINE_BYTES) {
		put_text("\a");
		e->cut = true;
		return;
	}
	memmove(e->line + e->at + 1, e->line + e->at, e->n - e->at);
	e->line[e->at] = c;
	e->n++;
	put(&c, 1);
	e->at++;
	redraw(e, 0);
}

/* The bytes from there up to the cursor. */
static void rub_out(struct editor *e, size_t from)
{
	size_t bytes = e->at - from;
	memmove(e->line + from, e->line + e->at, e->n - e->at);
	move(e, from);
	e->n -= bytes;
	redraw(e, bytes);
}

static size_t word_start(const struct editor *e)
{
	size_t at = e->at;
	while (at > 0 && e->line[at - 1] == ' ')
		at--;
	while (at > 0 && e->line[at - 1] != ' ')
		at--;
	return at;
}

static void replace(struct editor *e, const char *text)
{
	move(e, e->n);
	rub_out(e, 0);
	while (*text)
		insert(e, *text++);
}

static void show_history(struct editor *e, unsigned which)
{
	if (which > e->kept)
		return;
	e->shown = which;
	replace(e, which < e->kept ? e->history[which] : "");
}

static void keep(struct editor *e)
{
	if (e->n == 0 || (e->kept > 0 && strcmp(e->history[e->kept - 1], e->line) == 0))
		return;
	if (e->kept == HISTORY)
		memmove(e->history[0], e->history[1], (size_t)--e->kept * LINE_BYTES);
	memcpy(e->history[e->kept++], e->line, e->n + 1);
}

/* ---- keys ---------------------------------------------------------------- */

static int next_byte(void)
{
	unsigned char c;
	return read(STDIN_FILENO, &c, 1) == 1 ? c : EOF;
}

/* What follows ESC [. */
static void arrow(struct editor *e, int c)
{
	switch (c) {
	case 'A': show_history(e, e->shown > 0 ? e->shown - 1 : 0); break;
	case 'B': show_history(e, e->shown + 1); break;
	case 'C': move(e, e->at < e->n ? e->at + 1 : e->n); break;
	case 'D': move(e, e->at > 0 ? e->at - 1 : 0); break;
	case 'H': move(e, 0); break;
	case 'F': move(e, e->n); break;
	default:  break;
	}
}

static void key(struct editor *e, int c)
{
	size_t rest = e->n - e->at;
	switch (c) {
	case CTRL_A: move(e, 0); break;
	case CTRL_E: move(e, e->n); break;
	case BACKSPACE: case DELETE: rub_out(e, e->at > 0 ? e->at - 1 : 0); break;
	case CTRL_K: e->n = e->at; redraw(e, rest); break;
	case CTRL_U: rub_out(e, 0); break;
	case CTRL_W: rub_out(e, word_start(e)); break;
	case CTRL_C: put_text("^C"); put_text("\n"); e->n = e->at = 0; put_text(e->prompt); break;
	case ESCAPE:
		if (next_byte() == '[')
			arrow(e, next_byte());
		break;
	default:
		if (c >= ' ')
			insert(e, (char)c);
	}
}

const char *edit_line(struct editor *e)
{
	static int before; /* so that CR LF is one end */
	e->n = e->at = 0;
	e->cut = false;
	e->shown = e->kept;
	fflush(stdout);
	os_terminal(TERMINAL_BYTES);
	put_text(e->prompt);
	for (;;) {
		int c = next_byte(), last = before;
		before = c;
		if (c == EOF || (c == CTRL_D && e->n == 0))
			return NULL;
		if (c == '\n' && last == '\r')
			continue;
		if (c == '\r' || c == '\n')
			break;
		key(e, c);
		e->cut &= e->n > 0;
	}
	put_text("\n");
	e->line[e->n] = '\0';
	keep(e);
	return e->line;
}
