/* Text that others wrote, a guest, the author of an image or of a source, made plain for a terminal:
 * control characters could do anything to it.  Called by whoever shows such text outside of
 * curses, and by whoever reads names.
 */
#ifndef DROSTE_PLAIN_H
#define DROSTE_PLAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* The bytes of the character that a text of n bytes, one at least, begins with; 1 if that is no UTF-8.
 * plain: it is UTF-8, no control character, and none that changes the order or the breaking of text. */
size_t plain_next(const char *text, size_t n, bool *plain);

/* What is not plain, but for line ends and tabs, is written as \xNN. */
void plain_put(FILE *to, const char *text, size_t n);

#endif
