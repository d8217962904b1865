# Calls counted on their way (load.c, -c): counted_calls[n] is what import n is bound to; it puts n
# in t1.  count_before gives the call's address; its arguments and result pass unchanged.
.text
.global counted_calls
counted_calls:
.set n, 0
.rept 32
	li	t1, n
	j	counted
.set n, n + 1
.endr

counted:
	addi	sp, sp, -32
	sw	ra, 0(sp)
	sw	t1, 4(sp)
	sw	a0, 8(sp)
	sw	a1, 12(sp)
	sw	a2, 16(sp)
	sw	a3, 20(sp)
	mv	a0, t1
	call	count_before
	mv	t0, a0
	lw	a0, 8(sp)
	lw	a1, 12(sp)
	lw	a2, 16(sp)
	lw	a3, 20(sp)
	jalr	t0
	sw	a0, 8(sp)
	lw	a0, 4(sp)
	call	count_after
	lw	a0, 8(sp)
	lw	ra, 0(sp)
	addi	sp, sp, 32
	ret
