/* Random guests, made from the instruction table: the same seed gives the same guest
 * everywhere.  Half of their instructions are privileged, their operands are at the
 * limits of storage, of the window and of the timer.  Most have a trap handler that
 * hashes cause, tval, old PSW and clock into a register and goes on, so that what they
 * can see they show; the others are words at random, and go where their traps take them.
 */
#ifndef DROSTE_RANDOM_GUEST_H
#define DROSTE_RANDOM_GUEST_H

#include "properties/guest_set.h"

/* False if out of memory. */
bool random_guest(struct guest *guest, uint64_t seed);

/* A guest of our handler and these n words of program, started with registers x1 to x7
 * as given, in a storage of size bytes, under psw but for its pc: for exhaustive runs
 * and for shrinking. */
struct small_guest {
	uint32_t words[8];
	unsigned n;
	uint32_t x[8]; /* x[0] is not used */
	struct psw psw;
	uint32_t size;
	uint32_t block[6]; /* at SMALL_BLOCK */
};

#define SMALL_BLOCK 0x1C0 /* where block stands: for LPSW and SIO */
#define SMALL_START 0x200 /* where the guest begins: it sets up handler and registers */
#define SMALL_WORDS 0x24C /* where words stand */

bool small_guest(struct guest *guest, const struct small_guest *small);

#endif
