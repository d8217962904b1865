/* wrong: entry.S
 * score: 31.42
 * message: What does the machine do by itself when it traps?
 *
 * The mask is left alone at last, and each trip reads the clock instead, for statistics.
 */

	.globl	trap_entry
trap_entry:
	sw	x31, CELL_SAVED_X31(x0)
	lw	x31, CELL_REGISTERS(x0)
	each_register sw
	lw	x1, CELL_SAVED_X31(x0)
	sw	x1, 4*31(x31)
	la	sp, stack_top
	stck	0x60(x0)
	call	dispatcher
resume:
	lw	x31, CELL_REGISTERS(x0)
	each_register lw
	lw	x31, 4*31(x31)
	lpsw	CELL_RESUME(x0)
