/* What guests write, as the small terminal of the inspector's console pane shows it. */

#include <criterion/criterion.h>
#include <locale.h>
#include <string.h>

#include "inspector/tui_inside.h"

static struct vt *vt;
static char text[VT_COLUMNS * 4 + 8];

/* Each test is a process of its own. */
static void start(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	vt = vt_new();
}

static void writes(const char *bytes) { vt_write(vt, (const uint8_t *)bytes, strlen(bytes)); }

static const char *line(unsigned n)
{
	vt_line(vt, n, text, sizeof(text));
	return text;
}

Test(vt, lines_end_with_a_line_feed)
{
	start();
	writes("one\ntwo\r\nthree");
	cr_assert_eq(vt_lines(vt), 3);
	cr_assert_str_eq(line(0), "one");
	cr_assert_str_eq(line(1), "two");
	cr_assert_str_eq(line(2), "three");
	vt_free(vt);
}

Test(vt, return_backspace_and_tab_move)
{
	start();
	writes("abc\rX\ndef\b\bY\n1\t2");
	cr_assert_str_eq(line(0), "Xbc");
	cr_assert_str_eq(line(1), "dYf");
	cr_assert_str_eq(line(2), "1       2");
	vt_free(vt);
}

Test(vt, a_long_line_goes_on_below)
{
	start();
	for (int i = 0; i < VT_COLUMNS + 3; i++)
		writes("x");
	cr_assert_eq(vt_lines(vt), 2);
	cr_assert_eq(strlen(line(0)), VT_COLUMNS);
	cr_assert_str_eq(line(1), "xxx");
	vt_free(vt);
}

Test(vt, sequences_move_and_erase)
{
	start();
	writes("aaaa\nbbbb\033[1;3HX\033[2;2H\033[K\033[10CY\033[2D\033[1AZ");
	cr_assert_str_eq(line(0), "aaXa      Z");
	cr_assert_str_eq(line(1), "b          Y");
	writes("\033[2J\033[HQ");
	cr_assert_str_eq(line(0), "Q");
	cr_assert_str_eq(line(1), "");
	vt_free(vt);
}

Test(vt, nothing_but_text_comes_out)
{
	start();
	writes("\033[31;1mred\033[0m\007\001\033]0\x7F!\033[5n");
	for (const char *c = line(0); *c; c++)
		cr_assert(*c >= ' ' && *c < 0x7F);
	cr_assert(strncmp(text, "red", 3) == 0);
	vt_free(vt);
}

Test(vt, utf_8_counts_columns)
{
	start();
	unsigned at, column;
	writes("é→\xFFz漢");
	cr_assert_str_eq(line(0), "é→?z漢");
	vt_cursor(vt, &at, &column);
	cr_assert_eq(at, 0);
	cr_assert_eq(column, 6);
	vt_free(vt);
}

Test(vt, the_oldest_lines_are_forgotten)
{
	start();
	char number[16];
	for (int i = 0; i < VT_KEPT + 10; i++) {
		snprintf(number, sizeof(number), "%d\n", i);
		writes(number);
	}
	cr_assert_eq(vt_lines(vt), VT_KEPT);
	cr_assert_str_eq(line(0), "11");
	writes("\033[1;1Htop");
	cr_assert(strncmp(line(VT_KEPT - VT_ROWS), "top", 3) == 0);
	vt_free(vt);
}

/* Whatever bytes there are: lines stay within their bounds. */
Test(vt, any_bytes_will_do)
{
	start();
	uint32_t seed = 1;
	for (int i = 0; i < 200000; i++) {
		static const char likely[] = "\033[;0123456789ABCDHJKmf\n\r\b\tx\xC3\xA9\xE6\xBC\xA2";
		seed = seed * 1664525 + 1013904223;
		uint8_t byte = seed >> 31 ? (uint8_t)(seed >> 16) : (uint8_t)likely[(seed >> 16) % (sizeof(likely) - 1)];
		vt_write(vt, &byte, 1);
	}
	unsigned at, column;
	vt_cursor(vt, &at, &column);
	cr_assert(at < vt_lines(vt) && column < VT_COLUMNS && vt_lines(vt) <= VT_KEPT);
	for (unsigned i = 0; i < vt_lines(vt); i++)
		cr_assert(strlen(line(i)) < sizeof(text));
	vt_free(vt);
}
