# A program begins: the kernel has put argc and argv on the stack (kernel/exec.c).
.text
.option norelax
.global _start
_start:
	la	gp, __global_pointer$
	la	tp, __tls_base
	lw	a0, 0(sp)
	addi	a1, sp, 4
	j	program_main

# int32_t os_call(uint32_t a, uint32_t b, uint32_t c, uint32_t number)
.global os_call
os_call:
	mv	a7, a3
	ecall
	ret
