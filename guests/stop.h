/* For programs whose new PSW lets an attention in that is pending when they trap (stop-*.S).  What a
 * PSW drops when it is loaded is not zero.
 */
#include "isa/asm.h"

#define CELL_NEW_PSW 0x20
#define TEXT         0x140	/* where guest.ld puts .text */

	.text
block:	.word	0, 4, 0, 0, 0, 0		/* console, arm, line 0 */

	.globl	_start
_start:	sio	x5, TEXT(x0)
	wait					/* until there is input */
	li	x6, -6				/* IE, and what is dropped */
	sw	x6, CELL_NEW_PSW+4(x0)
	li	x6, 3
	sw	x6, CELL_NEW_PSW+8(x0)		/* base */
	lw	x7, CELL_NEW_PSW(x0)
	or	x6, x6, x7
	sw	x6, CELL_NEW_PSW(x0)		/* pc */
