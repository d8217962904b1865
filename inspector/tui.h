/* The inspector on a whole terminal, in panes: where the machines are, what they are about
 * to execute, and how they came there.  Called by `droste inspect`.
 */
#ifndef DROSTE_TUI_H
#define DROSTE_TUI_H

#include "inspector/commands.h"

/* The least terminal that is of use. */
#define TUI_ROWS_LEAST 16
#define TUI_COLUMNS_LEAST 60

/* Has the terminal until the user quits; it is then as it was, whatever the way out.  False,
 * and the terminal untouched, if it cannot show this. */
bool tui_run(struct inspector *inspector, struct refusal *why);

#endif
