/* No monitor at all: it loads its guest into its storage, and lets it run in supervisor
 * mode. */
#include "isa/asm.h"
#include "monitor.h"
start:	lw	x1, 0x3C(x0)		/* the directory's sector */
	sw	x1, %lo(read+8)(x0)
	sio	x2, %lo(read)(x0)
	lw	x1, %lo(directory)(x0)	/* the first minidisk's: its boot image, of 16 sectors at most */
	sw	x1, %lo(boot+8)(x0)
	sio	x2, %lo(boot)(x0)
	li	x1, 1
	sw	x1, %lo(table)(x0)
	lpsw	%lo(enter)(x0)
	.balign	4
read:	.word	1, 2, 0, directory, 512, 0
boot:	.word	1, 2, 0, 0x10000, 4096, 0
enter:	.word	0x200, 0, 0x10000, 0x100000, 0
table:	.word	0, 0, 0x10000, 0x100000
	.skip	240
directory:
	.skip	512
