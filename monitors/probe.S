/* Worlds of the monitor's own (monitors.h): the window, in which an interrupt that is
 * pending comes before the trap; and the way into one in which an instruction is tried,
 * and back.
 */
#include "machine/isa/asm.h"

#define CELL_CAUSE   0x14
#define CELL_NEW_PSW 0x20

	.text
	.globl	window
window:	ebreak

/* The world leaves t1, t2 and sp alone, and the instruction that is tried has no result. */
	.globl	probe_enter
probe_enter:
	mv	t0, a0
	lw	t1, CELL_NEW_PSW(x0)
	la	t2, back
	sw	t2, CELL_NEW_PSW(x0)
	mv	a0, a1
	lpsw	0(t0)
back:	sw	t1, CELL_NEW_PSW(x0)
	lw	a0, CELL_CAUSE(x0)
	ret
