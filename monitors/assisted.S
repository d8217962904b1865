/* The world of a guest under SIE (assisted.c): all of its registers are in the machine, so
 * the state description is at an address that x0 reaches.  When interpretive execution
 * ends, the registers are the guest's still, and saved as after a trap.
 */
#include "machine/isa/asm.h"

#define CELL_NEW_PSW     0x20
#define CELL_DESCRIPTION 0x5C

	.globl	description
	.set	description, CELL_DESCRIPTION

	.text
	.globl	interpret_guest
interpret_guest:
	sie	CELL_DESCRIPTION(x0)
	j	trap_entry

/* A description of zeros is not valid: SIE ends at once, where there is one. */
	.globl	has_sie
has_sie:
	lw	t0, CELL_NEW_PSW(x0)
	la	t1, back
	sw	t1, CELL_NEW_PSW(x0)
	li	a0, 0
	sie	CELL_DESCRIPTION(x0)
	li	a0, 1
back:	sw	t0, CELL_NEW_PSW(x0)
	ret
