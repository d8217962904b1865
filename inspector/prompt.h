/* Commands read line by line: from a person with readline, or from a script.
 */
#ifndef DROSTE_PROMPT_H
#define DROSTE_PROMPT_H

#include "inspector/commands.h"

struct prompt {
	struct inspector *inspector;
	json_t *answers;  /* an array that gets all answers as documents; NULL: text, at once */
	bool failed;      /* some command has */
	bool interrupted; /* by Ctrl-C, with nobody there to go on */
};

/* From now on Ctrl-C interrupts a motion, and returns to the prompt. */
void prompt_start(struct prompt *prompt);

/* Does one line: answers go to standard output, one that failed to standard error. */
void prompt_do(struct prompt *prompt, const char *line);

/* Does the lines of standard input, until they end or one says quit. */
void prompt_run(struct prompt *prompt);

#endif
