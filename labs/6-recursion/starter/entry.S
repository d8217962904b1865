/* The assembly of the monitor: where the machine starts us, one trip from a trap down to the
 * dispatcher and back into a world, and the few instructions that C cannot say.
 */
#include "machine/isa/asm.h"

	.globl	trap_entry
trap_entry:
	sw	x31, CELL_SAVED_X31(x0)
	lw	x31, CELL_REGISTERS(x0)
	each_register sw
	lw	x1, CELL_SAVED_X31(x0)
	sw	x1, 4*31(x31)
	la	sp, stack_top
	ssm	x0, x0			/* let nothing interrupt us */
	call	dispatcher
resume:
	lw	x31, CELL_REGISTERS(x0)
	each_register lw
	lw	x31, 4*31(x31)
	lpsw	CELL_RESUME(x0)
