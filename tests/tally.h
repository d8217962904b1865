/* What tests of judging share: counting what is right, and a monitor read from its file.
 * Called by tests/check.c, tests/grade.c and tests/mutants/judge.c.
 */
#ifndef DROSTE_TALLY_H
#define DROSTE_TALLY_H

#include <stdbool.h>

#include "machine/window.h"

/* Counts; if it is not good, says what, after the test's name. */
void check(bool good, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Prints 'N passed, N failed'; the exit code. */
int tally_end(void);

/* The file of folder and name put together, in memory from malloc; ends the test if it cannot be read.
 */
struct pack_monitor tally_read_monitor(const char *folder, const char *name);

#endif
