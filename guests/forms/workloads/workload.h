/* What the workloads of droste forms share: each reads a number from line 0 and does so much.  The
 * same work is done by programs for the other forms, which say what they find in the same
 * words (README.md).
 */
#ifndef WORKLOAD_H
#define WORKLOAD_H

#include "droste.h"

static inline uint32_t read_number(void)
{
	uint32_t n = 0;
	for (char c; console_read(0, &c, 1) && c >= '0' && c <= '9';)
		n = 10 * n + (uint32_t)(c - '0');
	return n;
}

#endif
