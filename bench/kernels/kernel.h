/* What each kernel gives its start-up: rounds of work, and whether its results
 * were right.  The same object is linked as a PG-32 guest (pg32.S) and as a
 * Linux program for qemu-riscv32 (linux.S), so nothing here may use a library.
 */
#ifndef DROSTE_BENCH_KERNEL_H
#define DROSTE_BENCH_KERNEL_H

#include <stddef.h>
#include <stdint.h>

/* Returns 0, or 1 if a result was wrong.  rounds is at least 1. */
int kernel(unsigned rounds);

/* One step of a generator of arbitrary numbers (Numerical Recipes' LCG). */
static inline uint32_t arbitrary(uint32_t *seed) { return (*seed = *seed * 1664525 + 1013904223) >> 8; }

#endif
