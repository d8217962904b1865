# A PG-32 guest that does little but trap: a user program whose privileged
# instruction the handler skips.  Rounds are in a0 when it begins.  In each, besides
# the trap and its LPSW, five ordinary instructions complete.

	.equ OLD_PC, 0x00
	.equ NEW_PSW, 0x20
	.equ USER, 1

	.text
	.globl _start
_start:
	la t0, skip
	sw t0, NEW_PSW(x0)
	li t0, -1
	sw t0, NEW_PSW + 12(x0)
	la t0, user_psw
	.insn i 0x0B, 0, x0, t0, 0 # lpsw 0(t0)

	.balign 64
user:
	.insn r 0x0B, 4, 5, t1, x0, x0 # rdst t1
	addi a0, a0, -1
	bnez a0, user
	la t0, finish
	sw t0, NEW_PSW(x0)
	ecall

	.balign 64
skip:
	lw t0, OLD_PC(x0)
	addi t0, t0, 4
	sw t0, OLD_PC(x0)
	.insn i 0x0B, 0, x0, x0, OLD_PC # lpsw OLD_PC(x0)

finish:
	.insn r 0x0B, 4, 8, x0, x0, x0 # halt x0

	.balign 64
user_psw:
	.word user, USER, 0, -1, 0
