/* A line typed at the terminal, with editing: arrows, Home and End (or Ctrl-A and Ctrl-E),
 * Backspace, Ctrl-K, Ctrl-U and Ctrl-W, and the lines before by Up and Down.
 */
#ifndef EDIT_H
#define EDIT_H

#include <stdbool.h>
#include <stddef.h>

enum { LINE_BYTES = 200, HISTORY = 16 };

struct editor {
	const char *prompt;
	char line[LINE_BYTES];
	size_t n, at; /* bytes, and where the cursor is */
	bool cut;     /* something typed found no room in it */
	char history[HISTORY][LINE_BYTES];
	unsigned kept, shown; /* lines in history; the one looked at, kept: none */
};

/* The line, without its end; NULL at the end of input.  The terminal gives bytes while it is
 * typed. */
const char *edit_line(struct editor *editor);

#endif
