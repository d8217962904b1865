/* Text that others wrote, a guest, the author of an image or of a source, made plain for a terminal:
 * control characters could do anything to it.  Called by whoever shows such text outside of
 * curses, and by whoever reads names.
 */
#ifndef DROSTE_PLAIN_H
#define DROSTE_PLAIN_H

#include <stddef.h>
#include <stdio.h>

/* The bytes of the character at a text of n bytes, if it is UTF-8 and no control character; else
 * 0. */
size_t plain_character(const char *text, size_t n);

/* What is none, but for line ends and tabs, is written as \xNN. */
void plain_put(FILE *to, const char *text, size_t n);

#endif
