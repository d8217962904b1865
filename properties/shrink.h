/* Counterexamples made small: words of a guest's image are cleared or made to do nothing
 * as long as the monitor still fails on it, then the program is moved together, and
 * what it was given of storage, lines and input is taken away.
 */
#ifndef DROSTE_SHRINK_H
#define DROSTE_SHRINK_H

#include <stdio.h>

#include "properties/check.h"

/* Changes guest, on which the monitor of c fails that property, to the smallest found on
 * which it still does. */
void shrink(struct guest *guest, const struct check_case *c, enum property property);

/* Words of the image that are neither 0 nor nop, but for the boot header's own. */
unsigned shrink_size(const struct guest *guest);

/* What stands in the image: instructions that the bare machine executes disassembled,
 * the rest as words. */
void shrink_list(const struct guest *guest, FILE *to);

#endif
