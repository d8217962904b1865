/* A boot image whose PSW has bound 0: the first fetch traps, and the machine stops.
 */
// expect-end: check-stop
.global _start, boot_bound
.equ boot_bound, 0
_start:
	j	_start
