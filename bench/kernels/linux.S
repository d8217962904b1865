# Start-up of a kernel as a Linux program: rounds are its argument, in decimal, and
# its exit code is what kernel returns.

	.section .text.start, "ax"
	.globl _start
_start:
	lw t0, 8(sp) # argv[1]
	li a0, 0
	li t2, 10
digits:
	lbu t1, 0(t0)
	beqz t1, run
	mul a0, a0, t2
	addi t1, t1, -'0'
	add a0, a0, t1
	addi t0, t0, 1
	j digits
run:
	la sp, stack_end
	call kernel
	li a7, 93 # exit
	ecall

	.bss
	.balign 16
	.skip 16384
stack_end:
