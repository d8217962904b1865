# The way in from a trap and out to a process.  A trap saves the registers where
# CELL_CONTEXT points, then C goes on with a fresh stack; nothing returns here.
#include "isa/asm.h"

# The same cells as in isa/isa.h and kernel.h, which the assembler cannot read.
#define CELL_OLD_PSW 0x00
#define CELL_TVAL    0x18
#define CELL_NEW_PSW 0x20
#define CELL_FREE    0x40
#define CELL_CONTEXT 0x44
#define CONTEXT_PSW  128

.text
.option norelax

.global _start
_start:
	lw	t1, CELL_TVAL(x0)
	la	t0, storage_size
	sw	t1, 0(t0)
	la	t0, trap_entry
	sw	t0, CELL_NEW_PSW(x0)
	la	gp, __global_pointer$
	la	sp, kernel_stack_end
	j	boot

trap_entry:
	sw	sp, CELL_FREE(x0)
	lw	sp, CELL_CONTEXT(x0)
.irp n, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	sw	x\n, 4*\n(sp)
.endr
	lw	t0, CELL_FREE(x0)
	sw	t0, 4*2(sp)
.irp n, 0, 1, 2, 3, 4
	lw	t0, CELL_OLD_PSW + 4*\n(x0)
	sw	t0, CONTEXT_PSW + 4*\n(sp)
.endr
	la	gp, __global_pointer$
	la	sp, kernel_stack_end
	j	trap

# void resume(const struct context *)
.global resume
resume:
	sw	a0, CELL_CONTEXT(x0)
	mv	sp, a0
.irp n, 0, 1, 2, 3, 4
	lw	t0, CONTEXT_PSW + 4*\n(sp)
	sw	t0, CELL_OLD_PSW + 4*\n(x0)
.endr
.irp n, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 2
	lw	x\n, 4*\n(sp)
.endr
	lpsw	CELL_OLD_PSW(x0)

.section .bss.kernel_stack, "aw", @nobits
.balign 16
	.skip 8192
kernel_stack_end:
