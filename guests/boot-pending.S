/* A boot image whose PSW has the timer due: an interrupt before any instruction has
 * completed since the reset, so the machine stops.
 */
// expect-end: check-stop
.global _start, boot_status, boot_timer
.equ boot_status, 6        /* IE, TE */
.equ boot_timer, 0
_start:
	j	_start
