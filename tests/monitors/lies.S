/* A monitor whose anchor names a table that is not inside its storage, and which halts as
 * if its guest had. */
#include "isa/asm.h"
	.section .text
	.org	0x20
	.word	start, 0, 0, 0xFFFFFFFF, 0
	.org	0xF0
	.ascii	"VMM1"
	.word	0xFFFFFF00, 16, 256, 3
	.org	0x200
start:	halt	x0
	.skip	256
