# Start-up of a kernel as a PG-32 guest: rounds are in a0 when it begins, and the
# machine halts with what kernel returns.

	.section .text.start, "ax"
	.globl _start
_start:
	la sp, stack_end
	call kernel
	.insn r 0x0B, 4, 8, x0, a0, x0 # halt a0

	.bss
	.balign 16
	.skip 16384
stack_end:
