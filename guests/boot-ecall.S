/* A boot image whose first instruction is a supervisor call: a trap before any has
 * completed since the reset, so the machine stops.
 */
// expect-end: check-stop
.global _start
_start:
	ecall
