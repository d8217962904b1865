/* The terminal under the views: taken and given back, whatever the way out; and
 * characters put on it in styles.  A signal handler can reach nothing but what is
 * static, so this file, alone, keeps state of its own: how the terminal was, what puts it
 * back, and whom Ctrl-C interrupts.
 */

#include <curses.h>
#include <langinfo.h>
#include <limits.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termcap.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>
#include <wctype.h>

#include "tui_inside.h"

static struct termios before;             /* as the terminal was */
static char undo[256];                    /* what a crash sends, so that it is so again */
static volatile sig_atomic_t taken;
static struct session *_Atomic moving;
static char crash_stack[1 << 16];

/* ---- styles and signs ----------------------------------------------------- */

/* To add a style: a row here and its name in tui_inside.h. */
static const struct {
	short colour, behind; /* -1: the terminal's own */
	attr_t with, without; /* attributes with colours, and where there are none */
} styles[STYLES] = {
	[STYLE_PLAIN]   = { -1, -1, A_NORMAL, A_NORMAL },
	[STYLE_BAR]     = { COLOR_WHITE, COLOR_BLUE, A_BOLD, A_REVERSE },
	[STYLE_RULE]    = { COLOR_BLUE, -1, A_NORMAL, A_NORMAL },
	[STYLE_FOCUS]   = { COLOR_BLACK, COLOR_CYAN, A_NORMAL, A_REVERSE | A_BOLD },
	[STYLE_CURSOR]  = { -1, -1, A_REVERSE, A_REVERSE },
	[STYLE_NOW]     = { COLOR_BLACK, COLOR_YELLOW, A_NORMAL, A_REVERSE | A_BOLD },
	[STYLE_CHANGED] = { COLOR_YELLOW, -1, A_BOLD, A_BOLD | A_UNDERLINE },
	[STYLE_POINT]   = { COLOR_RED, -1, A_BOLD, A_BOLD },
	[STYLE_SYSTEM]  = { COLOR_MAGENTA, -1, A_BOLD, A_BOLD },
	[STYLE_NAME]    = { COLOR_CYAN, -1, A_NORMAL, A_NORMAL },
	[STYLE_FAINT]   = { -1, -1, A_DIM, A_DIM },
	[STYLE_GOOD]    = { COLOR_GREEN, -1, A_NORMAL, A_NORMAL },
	[STYLE_WRONG]   = { COLOR_RED, -1, A_BOLD, A_BOLD | A_STANDOUT },
};

static const char *const glyphs[GLYPHS][2] = { /* ASCII, UTF-8 */
	[GLYPH_ACROSS]     = { "-", "─" },
	[GLYPH_DOWN]       = { "|", "│" },
	[GLYPH_CROSS]      = { "+", "┼" },
	[GLYPH_FROM_LEFT]  = { "+", "┤" },
	[GLYPH_FROM_RIGHT] = { "+", "├" },
	[GLYPH_TEE]        = { "+", "┬" },
	[GLYPH_CORNER]     = { "+", "└" },
	[GLYPH_TOP_LEFT]   = { "+", "┌" },
	[GLYPH_TOP_RIGHT]  = { "+", "┐" },
	[GLYPH_BOTTOM_RIGHT] = { "+", "┘" },
	[GLYPH_HERE]       = { ">", "▶" },
	[GLYPH_POINT]      = { "*", "●" },
	[GLYPH_OFF]        = { "o", "○" },
	[GLYPH_FULL]       = { "#", "█" },
	[GLYPH_EMPTY]      = { ".", "░" },
	[GLYPH_THEN]       = { "->", "→" },
	[GLYPH_ELSEWHERE]  = { ".", "·" },
};

const char *glyph(enum glyph g) { return glyphs[g][strcmp(nl_langinfo(CODESET), "UTF-8") == 0]; }

/* ---- putting characters --------------------------------------------------- */

/* Pairs exist once start_color has been called, which NO_COLOR prevents. */
static attr_t attribute(enum style style)
{
	return COLOR_PAIRS > 0 ? styles[style].with | (attr_t)COLOR_PAIR(style + 1) : styles[style].without;
}

static void start_styles(void)
{
	const char *no_color = getenv("NO_COLOR");
	if ((no_color && *no_color) || !has_colors() || start_color() == ERR)
		return;
	use_default_colors();
	for (int style = 0; style < STYLES; style++)
		init_pair((short)(style + 1), styles[style].colour, styles[style].behind);
}

/* The next character of text and the columns that it takes. */
static wchar_t next_character(const char **text, int *columns)
{
	wchar_t c;
	mbstate_t state = { 0 };
	size_t n = mbrtowc(&c, *text, strlen(*text), &state);
	*text += n == 0 || n > MB_LEN_MAX ? 1 : n;
	if (n == 0 || n > MB_LEN_MAX || !iswprint((wint_t)c))
		c = L'?';
	*columns = wcwidth(c);
	return c;
}

static int put_text(const struct rect *r, int row, int column, enum style style, const char *text)
{
	if (row < 0 || row >= r->rows || column < 0)
		return column;
	attrset(attribute(style));
	while (*text) {
		int columns;
		wchar_t c = next_character(&text, &columns);
		if (column + columns > r->columns)
			break;
		mvaddnwstr(r->row + row, r->column + column, &c, 1);
		column += columns;
	}
	attrset(A_NORMAL);
	return column;
}

int screen_put(const struct rect *r, int row, int column, enum style style, const char *format, ...)
{
	char text[1024];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	return put_text(r, row, column, style, text);
}

int screen_repeat(const struct rect *r, int row, int column, enum style style, enum glyph g, int n)
{
	for (int i = 0; i < n; i++)
		column = put_text(r, row, column, style, glyph(g));
	return column;
}

void screen_fill(const struct rect *r, int row, enum style style)
{
	if (row >= 0 && row < r->rows)
		screen_put(r, row, 0, style, "%*s", r->columns, "");
}

int screen_gauge(const struct rect *r, int row, int column, int columns, double share, enum style style)
{
	int full = (int)(share * columns + 0.5);
	column = screen_repeat(r, row, column, style, GLYPH_FULL, full);
	return screen_repeat(r, row, column, STYLE_FAINT, GLYPH_EMPTY, columns - full);
}

struct number number(uint64_t n)
{
	struct number to;
	char digits[24];
	int length = snprintf(digits, sizeof(digits), "%llu", (unsigned long long)n), at = 0;
	for (int i = 0; i < length; i++) {
		if (i > 0 && (length - i) % 3 == 0)
			to.text[at++] = ',';
		to.text[at++] = digits[i];
	}
	to.text[at] = '\0';
	return to;
}

/* ---- signals -------------------------------------------------------------- */

static void interrupt(int signal)
{
	struct session *session = atomic_load(&moving);
	(void)signal;
	if (session)
		session_interrupt(session);
}

void screen_interrupts(struct session *session) { atomic_store(&moving, session); }

/* Signals that end us, some of them through our own fault: curses cannot be trusted now. */
static void leave(int signal)
{
	if (taken && write(STDOUT_FILENO, undo, strlen(undo)) >= 0)
		tcsetattr(STDIN_FILENO, TCSANOW, &before);
	raise(signal); /* held back until we return; the handler is gone */
}

static void handle(int signal, void (*handler)(int), int flags)
{
	struct sigaction action = { .sa_handler = handler, .sa_flags = flags };
	sigemptyset(&action.sa_mask);
	sigaction(signal, &action, NULL);
}

/* Ctrl-Z and the change of size are curses' own. */
static void catch_signals(void)
{
	static const int fatal[] = { SIGTERM, SIGHUP, SIGQUIT, SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT };
	const stack_t stack = { .ss_sp = crash_stack, .ss_size = sizeof(crash_stack) };
	sigaltstack(&stack, NULL);
	for (size_t i = 0; i < sizeof(fatal) / sizeof(*fatal); i++)
		handle(fatal[i], leave, SA_RESETHAND | SA_ONSTACK);
	handle(SIGINT, interrupt, SA_RESTART);
}

/* ---- taking and giving back ----------------------------------------------- */

static const char *capability(const char *name)
{
	const char *text = tigetstr(name);
	return text && text != (const char *)-1 ? text : "";
}

static bool terminal_is_there(struct refusal *why)
{
	struct winsize size;
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return refuse(why, "needs a terminal for its input and output: 'droste debug' works without");
	if (tcgetattr(STDIN_FILENO, &before) != 0)
		return refuse(why, "the terminal's modes cannot be read: use 'droste debug'");
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0 &&
	    (size.ws_row < TUI_ROWS_LEAST || size.ws_col < TUI_COLUMNS_LEAST))
		return refuse(why, "the terminal has %d columns and %d rows: give it %d and %d, or use 'droste debug'",
		              size.ws_col, size.ws_row, TUI_COLUMNS_LEAST, TUI_ROWS_LEAST);
	return true;
}

/* Asked before curses touches anything. */
static bool terminal_will_do(struct refusal *why)
{
	const char *term = getenv("TERM");
	if (!term || tgetent(NULL, term) != 1)
		return refuse(why, "the terminal '%s' is not known: set TERM, or use 'droste debug'", term ? term : "");
	if (!tgetstr("cm", NULL))
		return refuse(why, "the terminal '%s' cannot move its cursor: use 'droste debug'", term);
	return true;
}

/* newterm, since initscr ends the program when it fails. */
static bool start_curses(struct refusal *why)
{
	use_tioctl(TRUE);
	return newterm(NULL, stdout, stdin) || refuse(why, "the terminal cannot be used: try another TERM, or 'droste debug'");
}

static void set_modes(void)
{
	cbreak();
	noecho();
	nonl();
	keypad(stdscr, TRUE);
	curs_set(0);
	set_escdelay(25);
	mousemask(BUTTON1_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED, NULL);
	mouseinterval(0);
	start_styles();
}

static void prepare_undo(void)
{
	snprintf(undo, sizeof(undo), "%s%s%s%s%s", *capability("kmous") ? "\033[?1000l\033[?1006l" : "",
	         capability("rmkx"), capability("sgr0"), capability("cnorm"), capability("rmcup"));
}

bool screen_open(struct refusal *why)
{
	if (!terminal_is_there(why) || !terminal_will_do(why) || !start_curses(why))
		return false;
	prepare_undo();
	taken = 1;
	atexit(screen_close);
	set_modes();
	catch_signals();
	return true;
}

bool screen_gone(void) { return !isatty(STDIN_FILENO); }

void screen_close(void)
{
	if (taken)
		endwin();
	taken = 0;
}
