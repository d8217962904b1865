/* Pictures of terminals, from what tmux says that they show.  `picture svg COLUMNS ROWS` makes a picture
 * of `tmux capture-pane -e -p`; `picture cast COLUMNS ROWS OUTPUT` makes an asciicast (version 2)
 * of what a program wrote to OUTPUT, from lines 'SECONDS BYTES' that say when how much of it was
 * there.  Called by pictures.sh.
 */

#include <jansson.h>
#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

enum { CELL_WIDTH = 9, CELL_HEIGHT = 18, MARGIN = 12 };

/* ---- colours -------------------------------------------------------------- */

static const char *const palette[8] = {
	"#15181e", "#f0616d", "#7fce6a", "#f2c249", "#2f5fa8", "#d68cf0", "#5ccfe6", "#e6e6e6",
};

struct style {
	int colour, behind; /* -1: the terminal's own */
	bool bold, dim, underlined, reversed;
};

static const struct style plain = { -1, -1, false, false, false, false };

static void set(struct style *style, int n)
{
	switch (n) {
	case 0:  *style = plain; break;
	case 1:  style->bold = true; break;
	case 2:  style->dim = true; break;
	case 4:  style->underlined = true; break;
	case 7:  style->reversed = true; break;
	case 39: style->colour = -1; break;
	case 49: style->behind = -1; break;
	default:
		if (n >= 30 && n <= 37)
			style->colour = n - 30;
		if (n >= 40 && n <= 47)
			style->behind = n - 40;
	}
}

/* Takes a sequence that begins after its escape; returns what follows it. */
static const char *take_sequence(const char *text, struct style *style)
{
	if (*text != '[')
		return text + (*text != '\0' ? 1 : 0) + (*text == '(' && text[1] ? 1 : 0);
	do {
		char *end;
		long n = strtol(++text, &end, 10);
		set(style, (int)n);
		text = end;
	} while (*text == ';');
	return *text ? text + 1 : text;
}

/* ---- svg ------------------------------------------------------------------ */

static void put_escaped(wchar_t c)
{
	switch (c) {
	case '&': printf("&amp;"); break;
	case '<': printf("&lt;"); break;
	case '>': printf("&gt;"); break;
	default:  printf("%lc", (wint_t)c); break;
	}
}

/* Characters of one style, n columns from a column on. */
static void put_run(int row, int column, const wchar_t *text, int n, struct style style)
{
	int x = MARGIN + column * CELL_WIDTH, y = MARGIN + row * CELL_HEIGHT;
	const char *colour = style.colour >= 0 ? palette[style.colour] : palette[7];
	const char *behind = style.behind >= 0 ? palette[style.behind] : palette[0];
	bool blank = wcsspn(text, L" ") == wcslen(text);
	if (style.reversed || style.behind >= 0)
		printf("<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\"/>\n", x, y, n * CELL_WIDTH, CELL_HEIGHT,
		       style.reversed ? colour : behind);
	if (blank && !style.underlined)
		return;
	printf("<text x=\"%d\" y=\"%d\" textLength=\"%d\" fill=\"%s\"%s%s%s>", x, y + CELL_HEIGHT - 4, n * CELL_WIDTH,
	       style.reversed ? behind : colour, style.bold ? " font-weight=\"bold\"" : "",
	       style.dim ? " opacity=\"0.6\"" : "", style.underlined ? " text-decoration=\"underline\"" : "");
	for (; *text; text++)
		put_escaped(*text);
	printf("</text>\n");
}

static bool same(const struct style *a, const struct style *b)
{
	return a->colour == b->colour && a->behind == b->behind && a->bold == b->bold && a->dim == b->dim &&
	       a->underlined == b->underlined && a->reversed == b->reversed;
}

/* Goes on in a style from row to row, as tmux does. */
static int put_row(int row, const char *text, struct style *style)
{
	wchar_t run[1024] = L"";
	int column = 0, from = 0, n = 0;
	struct style before = *style;
	mbstate_t state = { 0 };
	while (*text && *text != '\n') {
		wchar_t c;
		if (*text == '\033') {
			text = take_sequence(text + 1, style);
			continue;
		}
		size_t bytes = mbrtowc(&c, text, strlen(text), &state);
		if (bytes == 0 || bytes > strlen(text))
			return column;
		if ((!same(style, &before) || n == 1023) && n > 0) {
			put_run(row, from, run, column - from, before);
			from = column;
			n = 0;
		}
		before = *style;
		run[n++] = c;
		run[n] = L'\0';
		column += wcwidth(c);
		text += bytes;
	}
	if (n > 0)
		put_run(row, from, run, column - from, before);
	return column;
}

static int print_svg(int columns, int rows)
{
	char *line = NULL;
	size_t room = 0;
	struct style style = plain;
	int width = 2 * MARGIN + columns * CELL_WIDTH, height = 2 * MARGIN + rows * CELL_HEIGHT;
	printf("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" "
	       "font-family=\"'DejaVu Sans Mono', monospace\" font-size=\"15\" xml:space=\"preserve\">\n"
	       "<rect width=\"100%%\" height=\"100%%\" rx=\"8\" fill=\"%s\"/>\n", width, height, width, height, palette[0]);
	for (int row = 0; getline(&line, &room, stdin) >= 0; row++)
		put_row(row, line, &style);
	free(line);
	printf("</svg>\n");
	return 0;
}

/* ---- asciicast ------------------------------------------------------------ */

static void print_json(json_t *value)
{
	json_dumpf(value, stdout, JSON_COMPACT | JSON_ENSURE_ASCII);
	putchar('\n');
	json_decref(value);
}

static int print_cast(int columns, int rows, const char *path)
{
	FILE *output = fopen(path, "rb");
	double seconds;
	size_t until, at = 0;
	if (!output) {
		perror(path);
		return 1;
	}
	print_json(json_pack("{s:i,s:i,s:i,s:{s:s}}", "version", 2, "width", columns, "height", rows, "env", "TERM",
	                     "xterm-256color"));
	while (scanf("%lf %zu", &seconds, &until) == 2) {
		char *bytes = until > at ? calloc(until - at, 1) : NULL;
		size_t n = bytes ? fread(bytes, 1, until - at, output) : 0;
		if (n > 0)
			print_json(json_pack("[f,s,o]", seconds, "o", json_stringn_nocheck(bytes, n)));
		at = until;
		free(bytes);
	}
	fclose(output);
	return 0;
}

int main(int argc, char **argv)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	if (argc == 4 && strcmp(argv[1], "svg") == 0)
		return print_svg(atoi(argv[2]), atoi(argv[3]));
	if (argc == 5 && strcmp(argv[1], "cast") == 0)
		return print_cast(atoi(argv[2]), atoi(argv[3]), argv[4]);
	fputs("usage: picture svg COLUMNS ROWS <capture | picture cast COLUMNS ROWS OUTPUT <times\n", stderr);
	return 2;
}
