/* The beginning of a monitor's image: a new PSW that starts at start, and an anchor with
 * a table of one empty VM.  For monitors that are wrong from the first instruction on.
 */
	.section .text
	.org	0x20
	.word	start, 0, 0, 0xFFFFFFFF, 0
	.org	0xF0
	.ascii	"VMM1"
	.word	table, 1, 256, -1
	.org	0x200
