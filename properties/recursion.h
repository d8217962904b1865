/* Recursion (Popek and Goldberg 1974, section 4, Theorem 2): the monitor hosts itself.
 * Equivalence and resource control again with the monitor under itself, under a monitor
 * known to be good, and that one under it; and what a privileged instruction costs at
 * each depth n, against 2^(n-1) exits, the least there can be when a world switch needs
 * one privileged instruction.
 */
#ifndef DROSTE_RECURSION_H
#define DROSTE_RECURSION_H

#include "properties/check.h"

void recursion_judge(struct finding *finding, const struct check_case *c);

#endif
