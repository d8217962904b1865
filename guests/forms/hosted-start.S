# The hosted monitor begins on a stack of its own: the VM gets what lies behind the image, the
# stack that the kernel has made there included.
	.text
	.globl	start
start:	lw	a0, 0(sp)
	addi	a1, sp, 4
	la	sp, stack_top
	j	hosted

	.globl	os_call
os_call:
	mv	a7, a3
	ecall
	ret

	.section .noinit, "aw", @nobits
	.balign	16
	.space	2048
stack_top:
