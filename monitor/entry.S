/* The assembly of the monitor: where the machine starts us, one trip from a trap
 * down to the dispatcher and back into a world, and the few instructions that C
 * cannot say.  A trip spends one privileged instruction, the LPSW at its end.
 */
#include "machine/isa/asm.h"

#define CELL_SAVED_X31 0x40
#define CELL_REGISTERS 0x44
#define CELL_RESUME    0x48
#define CELL_NEW_PSW   0x20

/* for each register but x0 and x31 */
.macro each_register op
	.irp r, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30
	\op	x\r, 4*\r(x31)
	.endr
.endm

	.section .boot, "awx"
	.word	start, 0, 0, 0xFFFFFFFF, 0	/* E[1]: the new PSW, at 0x20 */
	.ascii	"PG32"
	.word	image_sectors, 0		/* the packer sets the directory's sector */

	.text
	.globl	start
start:	la	sp, stack_top
	call	boot
	j	resume

	.globl	trap_entry
trap_entry:
	sw	x31, CELL_SAVED_X31(x0)
	lw	x31, CELL_REGISTERS(x0)
	each_register sw
	lw	x1, CELL_SAVED_X31(x0)
	sw	x1, 4*31(x31)
	la	sp, stack_top
	call	dispatcher
resume:
	lw	x31, CELL_REGISTERS(x0)
	each_register lw
	lw	x31, 4*31(x31)
	lpsw	CELL_RESUME(x0)

	.globl	idle		/* resumed with interrupts on: attention ends it */
idle:	wait
	j	idle

	.globl	halt_machine
halt_machine:
	halt	a0

	.globl	check_stop_machine
check_stop_machine:		/* a new PSW that cannot fetch, then a trap */
	sw	x0, CELL_NEW_PSW+12(x0)
	ebreak

	.globl	sio
sio:	sio	a0, 0(a0)
	ret

	.section .noinit, "aw", @nobits
	.balign	16
	.space	2048
stack_top:
