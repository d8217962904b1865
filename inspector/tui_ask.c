/* A line from the user on the last row: readline edits it, so that history, completion and
 * ~/.inputrc are those of `droste debug` (lines.c).  readline keeps its state for itself, and calls back
 * without saying for whom; so this file, alone, remembers who asks.
 */

#include <curses.h>
#include <readline/readline.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ttydefaults.h>
#include <wchar.h>

#include "lines.h"
#include "tui_inside.h"

static struct tui *asking;
static bool cancelled;

/* ---- showing -------------------------------------------------------------- */

/* The columns that n bytes of text take. */
static int columns_of(const char *text, int n)
{
	int columns = 0;
	mbstate_t state = { 0 };
	while (n > 0) {
		wchar_t c;
		size_t bytes = mbrtowc(&c, text, (size_t)n, &state);
		int width = bytes == 0 || bytes > (size_t)n ? 1 : wcwidth(c);
		bytes = bytes == 0 || bytes > (size_t)n ? 1 : bytes;
		columns += width < 0 ? 1 : width;
		text += bytes;
		n -= (int)bytes;
	}
	return columns;
}

/* What is left of the cursor goes out of sight first. */
static void show(void)
{
	const struct rect r = { LINES - 1, 0, 1, COLS };
	const char *text = rl_line_buffer;
	int cursor = rl_point, prompt = columns_of(rl_display_prompt, (int)strlen(rl_display_prompt));
	while (cursor > 0 && prompt + columns_of(text, cursor) >= COLS) {
		do
			text++, cursor--;
		while (cursor > 0 && ((unsigned char)*text & 0xC0) == 0x80);
	}
	screen_fill(&r, 0, STYLE_PLAIN);
	screen_put(&r, 0, screen_put(&r, 0, 0, STYLE_NAME, "%s", rl_display_prompt), STYLE_PLAIN, "%s", text);
	move(LINES - 1, prompt + columns_of(text, cursor));
	refresh();
}

/* What a word could become, above the line. */
static void show_matches(char **matches, int n, int longest)
{
	const struct rect r = { LINES - 2, 0, 1, COLS };
	int column = 0;
	(void)longest;
	screen_fill(&r, 0, STYLE_PLAIN);
	for (int i = 1; i <= n; i++)
		column = screen_put(&r, 0, column, STYLE_NAME, "%s  ", matches[i]);
	show();
}

/* ---- keys ----------------------------------------------------------------- */

static int cancel(void)
{
	cancelled = true;
	rl_replace_line("", 0);
	return '\r';
}

/* Esc alone thinks better of it; before another key it is that key's prefix. */
static bool alone(void)
{
	timeout(25);
	int next = getch();
	timeout(-1);
	if (next != ERR)
		ungetch(next);
	return next == ERR;
}

static int next_key(FILE *from)
{
	(void)from;
	for (;;) {
		int key = getch();
		if (key == KEY_RESIZE) {
			tui_draw(asking);
			show();
		} else if (key == CTRL('c') || (key == '\033' && alone()) || (key == ERR && screen_gone())) {
			return cancel();
		} else if (key == CTRL('z')) {
			raise(SIGTSTP);
			show();
		} else if (key != ERR && key < KEY_MIN) {
			return key;
		}
	}
}

/* ---- asking --------------------------------------------------------------- */

static char **complete_nothing(const char *word, int start, int end)
{
	(void)word;
	(void)start;
	(void)end;
	rl_attempted_completion_over = 1;
	return NULL;
}

static const char *first_text;

static int insert_first(void) { return rl_insert_text(first_text); }

static void leave_terminal_alone(int meta) { (void)meta; }
static void nothing_to_undo(void) {}

/* The terminal and its signals stay curses'. */
static void prepare(struct tui *t, const char *text)
{
	asking = t;
	cancelled = false;
	first_text = text;
	rl_catch_signals = 0;
	rl_catch_sigwinch = 0;
	rl_change_environment = 0;
	rl_prep_term_function = leave_terminal_alone;
	rl_deprep_term_function = nothing_to_undo;
	rl_getc_function = next_key;
	rl_redisplay_function = show;
	rl_startup_hook = insert_first;
	rl_completion_display_matches_hook = show_matches;
}

char *ask_line(struct tui *t, const char *prompt, const char *text, bool command)
{
	rl_completion_func_t *completions = rl_attempted_completion_function;
	prepare(t, text);
	if (!command)
		rl_attempted_completion_function = complete_nothing;
	keypad(stdscr, FALSE); /* readline knows the keys' sequences itself */
	raw();                 /* Ctrl-C is a key here */
	curs_set(1);
	char *line = readline(prompt);
	rl_attempted_completion_function = completions;
	curs_set(0);
	noraw();
	cbreak();
	keypad(stdscr, TRUE);
	if (cancelled) {
		free(line);
		return NULL;
	}
	if (command && line)
		lines_remember(line);
	return line;
}
