/* Text that somebody else chose, made safe to show: what a monitor wrote, what a file is
 * called, what debug information says.  Everything in a grade goes through text_plain
 * once; each report then escapes for its own format.
 */
#ifndef DROSTE_GRADE_TEXT_H
#define DROSTE_GRADE_TEXT_H

#include <stdio.h>

/* A copy, from malloc, in which control characters, what is not UTF-8, and characters that
 * change the order or the breaking of text are '?'.  Line feeds stay if asked to. */
char *text_plain(const char *text, int keep_lines);

/* Leaves so many bytes at most, whole characters all. */
void text_cut(char *text, size_t most);

/* As the text of XML or HTML, also inside quotes. */
void text_markup(const char *text, FILE *to);

/* As one word of a shell. */
void text_shell(const char *text, FILE *to);

#endif
