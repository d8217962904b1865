/* A boot image whose PSW has junk in it, and the timer due at the second instruction,
 * with interrupts off: the machine goes on.
 */
// expect-exit: 42
#include "isa/asm.h"
.global _start, boot_status, boot_timer
.equ boot_status, 0xFFFFFFFC  /* TE, and junk */
.equ boot_timer, 1
_start:
	spsw	0x60(x0)
	lw	a0, 0x64(x0)      /* status: 4 */
	lw	a1, 0x70(x0)      /* timer: 0 */
	add	a0, a0, a1
	addi	a0, a0, 38
	halt	a0
