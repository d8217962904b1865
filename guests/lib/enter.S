/* world_enter: into a world by LPSW, and out by the first trap.  All that it
 * needs beyond the stack it keeps in the trap handler's free cells, which x0
 * reaches.  The number of its instructions does not vary.
 */
#include "isa/asm.h"

#define CELL_OLD_PSW 0x00
#define CELL_NEW_PSW 0x20
#define CELL_A0      0x40
#define CELL_FRAME   0x44
#define CELL_SP      0x48
#define CELL_TARGET  0x50 /* the world's PSW */
#define CELL_BEFORE  0x68 /* clock */
#define CELL_AFTER   0x70
#define FRAME_PSW    128

.macro callee_saved what
	\what	ra, 0(sp)
	\what	gp, 4(sp)
	\what	tp, 8(sp)
	\what	s0, 12(sp)
	\what	s1, 16(sp)
	\what	s2, 20(sp)
	\what	s3, 24(sp)
	\what	s4, 28(sp)
	\what	s5, 32(sp)
	\what	s6, 36(sp)
	\what	s7, 40(sp)
	\what	s8, 44(sp)
	\what	s9, 48(sp)
	\what	s10, 52(sp)
	\what	s11, 56(sp)
.endm

.section .text.world_enter, "ax"
.option norelax
.global world_enter
world_enter:
	addi	sp, sp, -64
	callee_saved sw
	sw	sp, CELL_SP(x0)
	sw	a0, CELL_FRAME(x0)
.irp n, 0, 1, 2, 3, 4
	lw	t0, FRAME_PSW + 4*\n(a0)
	sw	t0, CELL_TARGET + 4*\n(x0)
.endr
	la	t0, back
	sw	t0, CELL_NEW_PSW(x0)
.irp n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 10
	lw	x\n, 4*\n(a0)
.endr
	stck	CELL_BEFORE(x0)
	lpsw	CELL_TARGET(x0)

back:
	stck	CELL_AFTER(x0)
	sw	a0, CELL_A0(x0)
	lw	a0, CELL_FRAME(x0)
.irp n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	sw	x\n, 4*\n(a0)
.endr
	lw	t0, CELL_A0(x0)
	sw	t0, 4*10(a0)
.irp n, 0, 1, 2, 3, 4, 5, 6
	lw	t0, CELL_OLD_PSW + 4*\n(x0)
	sw	t0, FRAME_PSW + 4*\n(a0)
.endr
	la	t0, trap_entry
	sw	t0, CELL_NEW_PSW(x0)
	lw	sp, CELL_SP(x0)
	callee_saved lw
	addi	sp, sp, 64
	ret

/* AFTER counts the STCK that stored it, and LPSW. */
.section .text.world_cycles, "ax"
.global world_cycles
world_cycles:
	lw	a0, CELL_AFTER(x0)
	lw	t0, CELL_BEFORE(x0)
	sub	a0, a0, t0
	addi	a0, a0, -2
	ret
