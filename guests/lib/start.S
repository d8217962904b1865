/* How a guest program begins, and the way into and out of its traps.  _start is where
 * the reset comes to (guest.ld), trap_entry where every later trap does.
 * Promises the C code a stack at the top of storage, gp and tp, and calls
 * guest_main; trap_handler gets a struct trap_frame and may change it.
 */
#include "isa/asm.h"

/* The same cells as in isa/isa.h, which the assembler cannot read. */
#define CELL_OLD_PSW 0x00
#define CELL_TVAL    0x18
#define CELL_NEW_PSW 0x20
#define CELL_FREE    0x40

/* struct trap_frame: x0 ... x31, the old PSW, cause, tval. */
#define FRAME_PSW    128
#define FRAME_BYTES  160
#define TRAP_STACK   4096

.text
.option norelax                         /* gp is not ours before it is loaded */

/* Reset.  Storage behind the image is 0 already, so .bss needs no clearing. */
.global _start
_start:
	lw	sp, CELL_TVAL(x0)       /* storage size */
	la	t0, storage_size
	sw	sp, 0(t0)
	andi	sp, sp, -16
	la	gp, __global_pointer$
	la	tp, __tls_base
	la	t0, trap_entry
	sw	t0, CELL_NEW_PSW(x0)
	call	guest_main
	halt	a0

/* Every trap but the reset: supervisor, base 0, interrupts off. */
.global trap_entry
trap_entry:
	sw	sp, CELL_FREE(x0)
	la	sp, trap_stack + TRAP_STACK - FRAME_BYTES
.irp n, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	sw	x\n, 4*\n(sp)
.endr
	lw	t0, CELL_FREE(x0)
	sw	t0, 4*2(sp)
.irp n, 0, 1, 2, 3, 4, 5, 6             /* old PSW, cause, tval */
	lw	t0, CELL_OLD_PSW + 4*\n(x0)
	sw	t0, FRAME_PSW + 4*\n(sp)
.endr
	la	gp, __global_pointer$
	la	tp, __tls_base
	mv	a0, sp
	call	trap_handler

	la	sp, trap_stack + TRAP_STACK - FRAME_BYTES
.irp n, 0, 1, 2, 3, 4
	lw	t0, FRAME_PSW + 4*\n(sp)
	sw	t0, CELL_OLD_PSW + 4*\n(x0)
.endr
.irp n, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 2
	lw	x\n, 4*\n(sp)
.endr
	lpsw	CELL_OLD_PSW(x0)

.global move_stack
move_stack:
	mv	sp, a0
	jalr	a1
	halt	a0

.section .bss.trap_stack, "aw", @nobits
.balign 16
trap_stack:
	.skip TRAP_STACK
