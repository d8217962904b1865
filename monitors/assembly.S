/* A whole monitor in assembly, for whoever writes one, and of another make than the reference
 * monitor: the registers of the VM that runs stand in one frame and move to the VM table when it
 * stops running; VMs that live are in a ring, the directory's last one first, and leave it at their end; R is
 * composed when it changes, not at each resume; a VM gets no more than its quantum, even
 * alone; and the idle monitor waits with interrupts off, then lets in what has come.  By itself:
 *
 *     riscv64-unknown-elf-gcc -march=rv32im -mabi=ilp32 -Imachine -nostdlib -static \
 *         -Wl,-Ttext=0,-eboot,--no-warn-rwx-segments monitors/assembly.S -o assembly.elf
 *
 *   s0 the VM whose trap it is    s1 cause    s2 tval, or the instruction's word
 *
 * Routines are called with ra, and use a and t registers; others where it says so.
 */
#include "isa/asm.h"
	.option norelax		/* la would use gp, which nobody sets here: it is the guest's */

/* ---- what the machine says ---------------------------------------------- */

	.equ	OLD_PC, 0x00
	.equ	OLD_TIMER, 0x10
	.equ	CAUSE, 0x14
	.equ	TVAL, 0x18
	.equ	NEW, 0x20
	.equ	NEW_BOUND, 0x2C
	.equ	MAGIC, 0x34
	.equ	SECTORS, 0x38
	.equ	DIRECTORY, 0x3C

	.equ	PRIVILEGED, 1
	.equ	MEMORY, 2
	.equ	ILLEGAL, 5
	.equ	TIMER, 7
	.equ	IO, 8

	.equ	M, 1
	.equ	IE, 2
	.equ	TE, 4

/* ---- cells of our own, reached from x0 ----------------------------------- */

	.equ	FRAME, 0x40		/* x0 ... x31 of the VM that runs */
	.equ	RESUME, 0xC0		/* the PSW that resumes it */
	.equ	CURRENT, 0xD4		/* its entry, or 0 */
	.equ	ARMED, 0xD8		/* real lines armed for VMs, a bit each */
	.equ	LAST, 0xDC		/* the VM that ended last */
	.equ	RING, 0xE0		/* a VM of the ring, or 0 if it is empty */
	.equ	RUNNING, 0x100		/* of the anchor */

/* ---- an entry of the VM table -------------------------------------------- */

	.equ	STATE, 0
	.equ	EXIT_CODE, 4
	.equ	REGION, 8
	.equ	SIZE, 12
	.equ	PC, 16
	.equ	STATUS, 20
	.equ	BASE, 24
	.equ	BOUND, 28
	.equ	VTIMER, 32
	.equ	X, 36
	.equ	CLOCK, 164
	.equ	LOADED, 172
	.equ	TRAPPED, 176
	.equ	EXITS, 180
	.equ	EMULATED, 216
	.equ	REFLECTED, 220
	.equ	FIRST_SECTOR, 224
	.equ	DISK_SECTORS, 228
	.equ	FIRST_LINE, 232
	.equ	LINES, 236
	.equ	PENDING, 240
	.equ	NAME, 244
	.equ	NEXT, 256		/* ours: in the ring */
	.equ	REAL_BASE, 260		/* R composed */
	.equ	REAL_BOUND, 264
	.equ	LEFT, 268		/* of its quantum */
	.equ	ENTRY, 288
	.equ	VMS, 16

	.equ	RUNNABLE, 1
	.equ	WAITING, 2
	.equ	HALTED, 3
	.equ	CHECK_STOPPED, 4
	.equ	DISABLED_WAIT, 5

	.equ	QUANTUM, 0x10000

/* ---- the image ----------------------------------------------------------- */

	.section .text
	.org	NEW
	.word	boot, 0, 0, 0xFFFFFFFF, 0
	.org	0xF0
	.ascii	"VMM1"
	.word	table, VMS, ENTRY, -1
	.org	0x120

/* One trip: save, charge, decide, resume. */
	.globl	trap
trap:
	.irp	r, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	sw	x\r, FRAME+4*\r(x0)
	.endr
	lw	s0, CURRENT(x0)
	lw	s1, CAUSE(x0)
	lw	s2, TVAL(x0)
	beqz	s0, attended		/* idle: nothing else can come */
	lw	t0, OLD_PC(x0)
	sw	t0, PC(s0)
	lw	a0, LOADED(s0)
	lw	t0, OLD_TIMER(x0)
	sub	a0, a0, t0
	jal	completed
	slli	t0, s1, 2
	add	t0, t0, s0
	lw	t1, EXITS(t0)
	addi	t1, t1, 1
	sw	t1, EXITS(t0)
	li	t0, TIMER
	beq	s1, t0, schedule
	li	t0, IO
	beq	s1, t0, attended
	mv	a0, s1
	mv	a1, s2
	li	t0, PRIVILEGED
	bne	s1, t0, theirs
	lw	t0, STATUS(s0)
	andi	t0, t0, M
	beqz	t0, emulate
theirs:	jal	reflect
	j	schedule
attended:
	slli	a0, s2, 16
	srli	a0, a0, 16
	jal	attention

/* Who goes on?  The same, as long as it can and its quantum lasts; else the next of the ring. */
schedule:
	lw	s0, CURRENT(x0)
	beqz	s0, choose
	lw	t0, STATE(s0)
	addi	t0, t0, -RUNNABLE
	bnez	t0, choose
	lw	t0, LEFT(s0)
	bnez	t0, deliver
choose:	lw	s3, RING(x0)
	beqz	s3, over
	beqz	s0, 1f
	lw	s3, NEXT(s0)
1:	mv	t1, s3
2:	lw	t0, STATE(t1)
	addi	t0, t0, -RUNNABLE
	beqz	t0, turn
	lw	t1, NEXT(t1)
	bne	t1, s3, 2b
	j	idle
turn:	li	t0, QUANTUM
	sw	t0, LEFT(t1)
	beq	t1, s0, deliver
	mv	s3, t1
	jal	leave
	mv	s0, s3
	jal	enter

/* Interrupts that are due and let in, each as a trap of the VM's. */
deliver:
	lw	t0, STATE(s0)
	addi	t0, t0, -RUNNABLE
	bnez	t0, schedule
	lw	t0, STATUS(s0)
	andi	t1, t0, IE
	beqz	t1, resume
	andi	t1, t0, TE
	beqz	t1, 1f
	lw	t1, VTIMER(s0)
	bnez	t1, 1f
	li	a0, TIMER
	li	a1, 0
	jal	reflect
	j	deliver
1:	lw	t0, PENDING(s0)
	beqz	t0, resume
	addi	t1, t0, -1
	and	t1, t1, t0
	sw	t1, PENDING(s0)
	xor	t0, t0, t1		/* the lowest bit */
	li	a1, -1
2:	addi	a1, a1, 1
	srli	t0, t0, 1
	bnez	t0, 2b
	li	a0, IO
	jal	reflect
	j	deliver

/* Until the quantum ends, or the VM's own timer if it may interrupt. */
resume:	lw	t2, LEFT(s0)
	lw	t0, STATUS(s0)
	not	t0, t0
	andi	t0, t0, IE|TE
	bnez	t0, 1f
	lw	t1, VTIMER(s0)
	bgeu	t1, t2, 1f
	mv	t2, t1
1:	sw	t2, LOADED(s0)
	sw	t2, RESUME+16(x0)
	lw	t0, PC(s0)
	sw	t0, RESUME(x0)
	li	t0, M|IE|TE
	sw	t0, RESUME+4(x0)
	lw	t0, REAL_BASE(s0)
	sw	t0, RESUME+8(x0)
	lw	t0, REAL_BOUND(s0)
	sw	t0, RESUME+12(x0)
	.irp	r, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	lw	x\r, FRAME+4*\r(x0)
	.endr
	lpsw	RESUME(x0)

/* All that live wait.  If nothing can come any more, this is where we stay. */
idle:	jal	leave
	wait
	li	t0, IE
	ssm	x0, t0
	j	idle			/* never comes here: the attention is let in */

/* Nobody lives: we end as the last VM did. */
over:	jal	leave
	lw	s0, LAST(x0)
	lw	t0, STATE(s0)
	li	t1, HALTED
	beq	t0, t1, 1f
	li	t1, CHECK_STOPPED
	beq	t0, t1, 2f
	wait
1:	lw	t0, EXIT_CODE(s0)
	halt	t0
2:	sw	x0, NEW_BOUND(x0)
	ebreak

/* ---- the world switch ---------------------------------------------------- */

/* The VM s0, if any, is not current any more.  s0 <- 0 */
leave:	beqz	s0, 2f
	li	t0, 31*4
	add	t1, s0, t0
1:	lw	t2, FRAME(t0)
	sw	t2, X(t1)
	addi	t0, t0, -4
	addi	t1, t1, -4
	bnez	t0, 1b
	li	s0, 0
	sw	x0, CURRENT(x0)
	li	t0, -1
	sw	t0, RUNNING(x0)
2:	ret

/* The VM s0 is. */
enter:	sw	s0, CURRENT(x0)
	li	t0, 31*4
	add	t1, s0, t0
1:	lw	t2, X(t1)
	sw	t2, FRAME(t0)
	addi	t0, t0, -4
	addi	t1, t1, -4
	bnez	t0, 1b
	la	t0, table
	sub	t0, s0, t0
	li	t1, ENTRY
	divu	t0, t0, t1
	sw	t0, RUNNING(x0)
	ret

/* ---- a VM's time, traps and end ------------------------------------------ */

/* s0 has completed a0 instructions. */
completed:
	beqz	a0, 3f
	lw	t0, CLOCK(s0)
	add	t0, t0, a0
	sw	t0, CLOCK(s0)
	sltu	t0, t0, a0
	lw	t1, CLOCK+4(s0)
	add	t1, t1, t0
	sw	t1, CLOCK+4(s0)
	sw	x0, TRAPPED(s0)
	lw	t0, LEFT(s0)
	sltu	t1, a0, t0
	neg	t1, t1
	sub	t0, t0, a0
	and	t0, t0, t1
	sw	t0, LEFT(s0)
	lw	t0, STATUS(s0)
	andi	t0, t0, TE
	beqz	t0, 3f
	lw	t0, VTIMER(s0)
	sltu	t1, a0, t0
	neg	t1, t1
	sub	t0, t0, a0
	and	t0, t0, t1
	sw	t0, VTIMER(s0)
3:	ret

/* A trap of cause a0 with tval a1 is s0's own: what the machine does, done to its storage. */
reflect:
	lw	t0, REGION(s0)
	.irp	at, 0, 4, 8, 12, 16
	lw	t1, PC+\at(s0)
	sw	t1, \at(t0)
	.endr
	sw	a0, CAUSE(t0)
	sw	a1, TVAL(t0)
	lw	t1, REFLECTED(s0)
	addi	t1, t1, 1
	sw	t1, REFLECTED(s0)
	lw	t1, TRAPPED(s0)
	li	a0, CHECK_STOPPED
	bnez	t1, end
	li	t1, 1
	sw	t1, TRAPPED(s0)
	addi	a0, t0, NEW

/* s0's PSW <- the five words at a0, real; and R composed. */
load_psw:
	lw	t0, 0(a0)
	andi	t0, t0, -4
	sw	t0, PC(s0)
	lw	t0, 4(a0)
	andi	t0, t0, M|IE|TE
	sw	t0, STATUS(s0)
	lw	t0, 16(a0)
	sw	t0, VTIMER(s0)
	lw	t0, 8(a0)
	lw	t1, 12(a0)

/* s0's R <- t0, t1. */
load_r:	andi	t0, t0, -4
	sw	t0, BASE(s0)
	sw	t1, BOUND(s0)
	lw	t2, SIZE(s0)
	lw	t3, REGION(s0)
	bltu	t0, t2, 1f
	mv	t0, t2			/* base beyond the end: nothing is left */
1:	sub	t2, t2, t0
	add	t0, t0, t3
	bltu	t1, t2, 2f
	mv	t1, t2
2:	sw	t0, REAL_BASE(s0)
	sw	t1, REAL_BOUND(s0)
	ret

/* s0 comes to the end a0.  Its lines are disarmed, and it leaves the ring. */
end:	sw	a0, STATE(s0)
	sw	s0, LAST(x0)
	lw	t0, FIRST_LINE(s0)
	lw	t1, LINES(s0)
	add	t1, t1, t0
	la	a1, block
	sw	x0, 0(a1)
	li	t2, 3			/* disarm */
	sw	t2, 4(a1)
1:	beq	t0, t1, 3f
	lw	t2, ARMED(x0)
	srl	t3, t2, t0
	andi	t3, t3, 1
	beqz	t3, 2f
	sll	t3, t3, t0
	xor	t2, t2, t3
	sw	t2, ARMED(x0)
	sw	t0, 8(a1)
	sio	t2, 0(a1)
2:	addi	t0, t0, 1
	j	1b
3:	mv	t0, s0
4:	mv	t1, t0			/* the one before it */
	lw	t0, NEXT(t0)
	bne	t0, s0, 4b
	lw	t0, NEXT(s0)
	sw	t0, NEXT(t1)
	bne	t0, s0, 5f
	li	t0, 0
5:	sw	t0, RING(x0)
	ret

/* Attention from the real line a0: pending for the VM that has it, which may have waited. */
attention:
	mv	s5, ra
	li	t0, 1
	sll	t0, t0, a0
	not	t0, t0
	lw	t1, ARMED(x0)
	and	t1, t1, t0
	sw	t1, ARMED(x0)
	mv	s4, s0
	lw	s0, RING(x0)
	beqz	s0, 3f
	mv	t2, s0
1:	lw	t0, FIRST_LINE(s0)
	sub	t0, a0, t0
	lw	t1, LINES(s0)
	bltu	t0, t1, 2f
	lw	s0, NEXT(s0)
	bne	s0, t2, 1b
	j	3f
2:	li	t1, 1
	sll	t1, t1, t0
	lw	t2, PENDING(s0)
	or	t2, t2, t1
	sw	t2, PENDING(s0)
	lw	t0, STATE(s0)
	addi	t0, t0, -WAITING
	bnez	t0, 3f
	li	t0, RUNNABLE
	sw	t0, STATE(s0)
	jal	step
3:	mv	s0, s4
	mv	ra, s5
	ret

/* s0 completes the instruction at its pc, which is emulated.  Uses a0 */
step:	lw	t0, PC(s0)
	addi	t0, t0, 4
	sw	t0, PC(s0)
	lw	t0, EMULATED(s0)
	addi	t0, t0, 1
	sw	t0, EMULATED(s0)
	li	a0, 1
	j	completed

/* ---- the interpreter routines --------------------------------------------
 *
 *   s3 the operand's place in our storage    s6 x[rs1]    s7 4*rd
 */
emulate:
	srli	t0, s2, 13
	andi	t0, t0, 0x7C
	lw	s6, FRAME(t0)
	srli	s7, s2, 5
	andi	s7, s7, 0x7C
	srli	t0, s2, 12
	andi	t0, t0, 7
	li	t1, 4
	beq	t0, t1, registers
	bltu	t0, t1, storage
	li	a0, ILLEGAL		/* SIE, which our VMs do not have */
	mv	a1, s2
	j	theirs

storage:
	srai	a0, s2, 20
	add	a0, a0, s6
	la	t1, storage_routines
	slli	t0, t0, 3
	add	s8, t0, t1
	lw	a1, 4(s8)
	mv	s9, a0
	jal	operand
	beqz	a0, 1f
	mv	s3, a0
	jal	step
	lw	t0, 0(s8)
	jr	t0
1:	li	a0, MEMORY
	mv	a1, s9
	j	theirs

/* a0 <- where a1 bytes at s0's virtual address a0 stand, or 0. */
operand:
	lw	t0, BOUND(s0)
	bltu	t0, a1, 1f
	sub	t0, t0, a1
	bltu	t0, a0, 1f
	lw	t0, SIZE(s0)
	lw	t1, BASE(s0)
	bltu	t0, t1, 1f
	sub	t0, t0, t1
	bltu	t0, a1, 1f
	sub	t0, t0, a1
	bltu	t0, a0, 1f
	add	a0, a0, t1
	lw	t0, REGION(s0)
	add	a0, a0, t0
	ret
1:	li	a0, 0
	ret

storage_routines:
	.word	do_lpsw, 20, do_spsw, 20, do_sio, 24, do_stck, 8

registers:
	srli	t0, s2, 25
	li	t1, 7
	beq	t0, t1, do_wait
	slli	t0, t0, 2
	la	t1, register_routines
	add	s8, t0, t1
	jal	step
	lw	t0, 0(s8)
	jr	t0

register_routines:
	.word	do_srb, do_lra, do_ssm, do_stmr, do_rtmr, do_rdst, do_retu, 0, do_halt

do_lpsw:
	mv	a0, s3
	jal	load_psw
	j	schedule

do_spsw:
	.irp	at, 0, 4, 8, 12, 16
	lw	t0, PC+\at(s0)
	sw	t0, \at(s3)
	.endr
	j	schedule

do_stck:
	lw	t0, CLOCK(s0)
	sw	t0, 0(s3)
	lw	t0, CLOCK+4(s0)
	sw	t0, 4(s3)
	j	schedule

do_srb:	srli	t0, s2, 18
	andi	t0, t0, 0x7C
	lw	t1, FRAME(t0)
	mv	t0, s6
	jal	load_r
	j	schedule

do_lra:	mv	a0, s6
	li	a1, 1
	jal	operand
	mv	t0, a0
	li	a0, -1
	beqz	t0, set
	lw	a0, BASE(s0)
	add	a0, a0, s6
	j	set

do_ssm:	lw	t0, STATUS(s0)
	andi	a0, t0, IE|TE
	andi	t0, t0, M
	andi	t1, s6, IE|TE
	or	t0, t0, t1
	sw	t0, STATUS(s0)
	j	set

do_stmr:
	lw	a0, VTIMER(s0)
	sw	s6, VTIMER(s0)
	j	set

do_rtmr:
	lw	a0, VTIMER(s0)
	j	set

do_rdst:
	lw	a0, STATUS(s0)

set:	beqz	s7, 1f
	sw	a0, FRAME(s7)
1:	j	schedule

do_retu:
	lw	t0, STATUS(s0)
	ori	t0, t0, M
	sw	t0, STATUS(s0)
	andi	t0, s6, -4
	sw	t0, PC(s0)
	j	schedule

do_halt:
	andi	t0, s6, 0xFF
	sw	t0, EXIT_CODE(s0)
	li	a0, HALTED
	jal	end
	j	schedule

/* It completes at once, or time jumps; else the VM waits if something can come, or for ever. */
do_wait:
	lw	t0, PENDING(s0)
	bnez	t0, 1f
	lw	t0, STATUS(s0)
	andi	t0, t0, TE
	beqz	t0, 2f
	jal	step
	lw	a0, VTIMER(s0)
	jal	completed
	j	schedule
1:	jal	step
	j	schedule
2:	lw	t0, FIRST_LINE(s0)
	lw	t1, LINES(s0)
	lw	t2, ARMED(x0)
	srl	t2, t2, t0
	li	t0, -1
	sll	t0, t0, t1
	not	t0, t0
	and	t2, t2, t0
	li	a0, DISABLED_WAIT
	beqz	t2, 3f
	li	t0, WAITING
	sw	t0, STATE(s0)
	j	schedule
3:	jal	end
	j	schedule

/* ---- devices: units and addresses of the VM's become ours ---------------- */

	.equ	REFUSED, 2
	.equ	NO_DEVICE, 3

do_sio:	la	s9, block
	.irp	at, 0, 4, 8, 12, 16
	lw	t0, \at(s3)
	sw	t0, \at(s9)
	.endr
	sw	x0, 20(s9)
	lw	t0, 0(s9)
	lw	t1, 4(s9)		/* command */
	lw	t2, 8(s9)		/* unit */
	lw	t3, 12(s9)		/* buffer */
	lw	t4, 16(s9)		/* count */
	lw	t5, SIZE(s0)
	li	a0, NO_DEVICE
	li	t6, 1
	bltu	t6, t0, done
	li	a0, REFUSED
	beq	t0, t6, disk

	lw	t6, LINES(s0)
	bgeu	t2, t6, done
	li	t6, 4
	bltu	t6, t1, done
	li	a1, 1
	sll	a1, a1, t2		/* the line's bit: the VM's, */
	lw	t6, FIRST_LINE(s0)
	add	t2, t2, t6
	sw	t2, 8(s9)
	li	a2, 1
	sll	a2, a2, t2		/* and ours */
	beqz	t1, go
	li	t6, 3
	bltu	t1, t6, moves
	lw	t0, ARMED(x0)
	or	t0, t0, a2
	bne	t1, t6, arm
	xor	t0, t0, a2
	lw	t6, PENDING(s0)
	or	t6, t6, a1
	xor	t6, t6, a1
	sw	t6, PENDING(s0)
arm:	sw	t0, ARMED(x0)
	j	go

disk:	lw	t0, DISK_SECTORS(s0)
	beqz	t1, query
	li	t6, 2
	bltu	t6, t1, done
	andi	t6, t4, 511
	bnez	t6, done
	srli	t6, t4, 9
	bltu	t0, t6, done
	sub	t0, t0, t6
	bltu	t0, t2, done
	lw	t6, FIRST_SECTOR(s0)
	add	t2, t2, t6
	sw	t2, 8(s9)
moves:	bltu	t5, t4, done
	sub	t5, t5, t4
	bltu	t5, t3, done
	lw	t6, REGION(s0)
	add	t3, t3, t6
	sw	t3, 12(s9)
go:	sio	a0, 0(s9)
done:	lw	t0, 20(s9)
	sw	t0, 20(s3)
	j	set
query:	sw	t0, 20(s9)
	li	a0, 0
	j	done

/* ---- the beginning ------------------------------------------------------- */

	.equ	CANNOT_START, 125

	.globl	boot
boot:	la	t0, trap
	sw	t0, NEW(x0)
	la	a1, read_directory
	lw	t0, DIRECTORY(x0)
	beqz	t0, fail
	sw	t0, 8(a1)
	sio	t0, 0(a1)
	bnez	t0, fail

	/* how much is left to share, and among how many */
	la	s1, directory
	addi	s2, s1, 512
	la	s3, regions
	lw	s4, TVAL(x0)
	sub	s4, s4, s3
	li	s5, 0
1:	lw	t0, 4(s1)
	beqz	t0, 2f
	lw	t0, 8(s1)
	andi	t0, t0, -4
	sub	s4, s4, t0
	seqz	t0, t0
	add	s5, s5, t0
	addi	s1, s1, 32
	bne	s1, s2, 1b
2:	beqz	s5, 3f
	divu	s4, s4, s5
	andi	s4, s4, -4

	/* each VM: s0 its entry, s1 the directory's, s3 its region, s5 its first line */
3:	la	s0, table
	la	s1, directory
	li	s5, 1
	li	s6, 0
4:	lw	t0, 4(s1)
	beqz	t0, 7f
	sw	t0, DISK_SECTORS(s0)
	lw	t0, 0(s1)
	sw	t0, FIRST_SECTOR(s0)
	lw	t1, 12(s1)
	sw	t1, LINES(s0)
	sw	s5, FIRST_LINE(s0)
	add	s5, s5, t1
	.irp	at, 0, 4, 8
	lw	t0, 16+\at(s1)
	sw	t0, NAME+\at(s0)
	.endr
	lw	t0, 8(s1)
	andi	t0, t0, -4
	bnez	t0, 5f
	mv	t0, s4
5:	lw	t1, TVAL(x0)
	sub	t1, t1, s3
	bltu	t1, t0, 6f		/* there is no storage for it: the entry stays empty */
	sw	s3, REGION(s0)
	sw	t0, SIZE(s0)
	add	s3, s3, t0
	jal	join
6:	addi	s0, s0, ENTRY
	addi	s1, s1, 32
	bne	s1, s2, 4b
7:	lw	s6, RING(x0)
	beqz	s6, fail
	mv	s0, s6
8:	lw	s7, NEXT(s0)		/* one that check-stops leaves the ring */
	jal	load
	li	a0, 0
	lw	a1, SIZE(s0)
	jal	reflect
	mv	s0, s7
	bne	s0, s6, 8b
	j	schedule

/* s0 stands before all others in the ring. */
join:	li	t0, RUNNABLE
	sw	t0, STATE(s0)
	lw	t0, RING(x0)
	sw	s0, RING(x0)
	sw	s0, NEXT(s0)
	beqz	t0, 2f
	sw	t0, NEXT(s0)
	mv	t1, t0
1:	mv	t2, t1			/* the last one goes on to s0 */
	lw	t1, NEXT(t1)
	bne	t1, t0, 1b
	sw	s0, NEXT(t2)
2:	ret

/* Initial program load of s0.  What cannot be believed is cleared again. */
load:	mv	s10, ra
	jal	clear
	la	a1, block
	li	t0, 1
	sw	t0, 0(a1)
	li	t0, 2
	sw	t0, 4(a1)
	lw	t0, FIRST_SECTOR(s0)
	sw	t0, 8(a1)
	lw	s8, REGION(s0)
	sw	s8, 12(a1)
	li	t0, 512
	sw	t0, 16(a1)
	sio	t0, 0(a1)
	lw	t0, MAGIC(s8)
	li	t1, 0x32334750		/* 'PG32' */
	bne	t0, t1, clear_again
	lw	t0, SECTORS(s8)
	beqz	t0, clear_again
	lw	t1, DISK_SECTORS(s0)
	bltu	t1, t0, clear_again
	lw	t1, SIZE(s0)
	srli	t1, t1, 9
	bltu	t1, t0, clear_again
	slli	t0, t0, 9
	sw	t0, 16(a1)
	sio	t0, 0(a1)
	mv	ra, s10
	ret
clear_again:
	mv	ra, s10
clear:	lw	t0, REGION(s0)
	lw	t1, SIZE(s0)
	add	t1, t1, t0
1:	sw	x0, 0(t0)
	addi	t0, t0, 4
	bne	t0, t1, 1b
	ret

fail:	la	a1, complaint
	sio	t0, 0(a1)
	li	t0, CANNOT_START
	halt	t0

	.balign	4
complaint:
	.word	0, 1, 0, text, text_end - text, 0
text:	.ascii	"monitor: the disk has no directory, or storage for none of its machines\n"
text_end:
	.balign	4
read_directory:
	.word	1, 2, 0, directory, 512, 0

	.section .bss
	.balign	16
block:	.space	24
directory:
	.space	512
table:	.space	VMS*ENTRY
	.balign	64
regions:
