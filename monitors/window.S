/* The window of monitors.h: an interrupt that is pending comes before the trap. */

	.text
	.globl	window
window:	ebreak
