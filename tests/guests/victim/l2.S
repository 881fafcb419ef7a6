/*
 * What does L2 stand on?  A page that it can read and execute: the way into the hostile code, and vectors that go on behind the
 * instruction that made an exception, or acknowledge and end an interrupt.  Reads: victim.h.
 */
	.text
	.balign	4096
	.global victim_l2
/* x29 = address of the code, x30 = PSTATE.DAIF. What a control of L1's traps of this, L1 skips. */
victim_l2:
	adr	x28, l2_vectors
	msr	vbar_el1, x28
	mov	x28, #3 << 20			/* CPACR_EL1.FPEN */
	msr	cpacr_el1, x28
	msr	spsel, #1
	mov	x28, #0x10000000
	add	x28, x28, #0x10, lsl #12	/* L2_DATA */
	add	x28, x28, #2048
	mov	sp, x28
	msr	sp_el0, x28
	isb
	msr	daif, x30
	br	x29

	.balign	2048
l2_vectors:
	.irp	from, 0, 1, 2, 3		/* 2: EL0 */
	.balign	128				/* synchronous */
	mrs	x29, tpidr_el1			/* how many there were */
	add	x29, x29, #1
	msr	tpidr_el1, x29
	mrs	x29, elr_el1
	add	x29, x29, #4
	msr	elr_el1, x29
	mrs	x29, spsr_el1			/* with IL set all that follows is illegal */
	bic	x29, x29, #1 << 20
	.if	\from == 2
	/* At EL0 nearly all is UNDEFINED, the end too: behind each eighth word L2 is at EL1 again. */
	mrs	x28, elr_el1
	tst	x28, #7 << 2
	b.ne	1f
	orr	x29, x29, #4
	orr	x29, x29, #1			/* EL1h */
1:
	.endif
	msr	spsr_el1, x29
	eret
	.balign	128				/* IRQ */
	mrs	x29, s3_0_c12_c12_0		/* ICC_IAR1_EL1 */
	msr	s3_0_c12_c12_1, x29		/* ICC_EOIR1_EL1 */
	eret
	.balign	128				/* FIQ */
	mrs	x29, s3_0_c12_c8_0		/* ICC_IAR0_EL1 */
	msr	s3_0_c12_c8_1, x29		/* ICC_EOIR0_EL1 */
	eret
	.balign	128				/* SError */
	eret
	.endr
	.balign	128

	.section .note.GNU-stack, "", @progbits
