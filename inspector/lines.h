/* Command lines as a person writes them, with readline: what completes them, and the history
 * that all of them share.  Called by the prompt and by the views.
 */
#ifndef DROSTE_LINES_H
#define DROSTE_LINES_H

#include "inspector/commands.h"

/* From now on readline completes commands for this inspector, and recalls those of before. */
void lines_start(const struct inspector *inspector);
void lines_remember(const char *line); /* not what is empty, or the same again */
void lines_keep(void);                 /* for the next time */

#endif
