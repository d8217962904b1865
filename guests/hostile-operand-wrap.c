/* Operands that begin just below 2^32: their last byte, computed in 32 bits, would be at the
 * start of storage.  Each is a memory trap, and what stands before a virtual machine's
 * storage, in its host's, stays as it is.
 */
// expect-exit: 0
#include "droste.h"

static uint32_t traps;

void trap_handler(struct trap_frame *frame)
{
	traps += frame->cause == CAUSE_MEMORY && frame->tval == frame->x[31];
	frame->psw.pc += 4;
}

/* a is in x31, where the handler looks for it. */
static void try_all_at(uint32_t a)
{
	register uint32_t address __asm__("x31") = a;
	__asm__ volatile("spsw	0(%0)\n"
	                 "stck	0(%0)\n"
	                 "sio	x30, 0(%0)\n"
	                 "lpsw	0(%0)\n" : : "r"(address) : "x30", "memory");
}

int main(void)
{
	for (uint32_t below = 1; below <= sizeof(struct command_block); below++)
		try_all_at(-below);
	return traps != 4 * sizeof(struct command_block);
}
