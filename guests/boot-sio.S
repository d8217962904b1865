/* Between the reset and the next trap nothing completes but one SIO, which a monitor
 * emulates: that counts as well, so the trap is no second one, and the machine goes on.  The
 * SIO reads the new PSW's pc from the console.
 */
// input: "\x00\x02\x00\x00"
// expect-exit: 0
#include "isa/asm.h"

#define CELL_CAUSE   0x14
#define CELL_NEW_PSW 0x20
#define TEXT         0x140	/* where guest.ld puts .text */
#define HANDLER      0x200

	.text
block:	.word	0, 2, 0, CELL_NEW_PSW, 4, 0	/* console, read, line 0 */

	.globl	_start
_start:	sio	x5, TEXT(x0)
	ecall

	.org	HANDLER - TEXT
	lw	x6, CELL_CAUSE(x0)
	addi	x6, x6, -3			/* a supervisor call */
	halt	x6
