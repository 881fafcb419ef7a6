/*
 * What does L2 run?  A loop of loads at EL1 with stage 1 off (x0: struct mailbox), and single accesses. One page, which L1
 * copies; nothing in it depends on where it is.
 */
	.text
	.balign	4096
	.global l2_code, l2_code_end, l2_access
l2_code:
	mov	x4, #0x40000000		/* L2_WINDOW */
1:	ldr	x5, [x0, #16]		/* stop */
	cbnz	x5, 3f
	ldr	x6, [x0, #32]		/* random */
	mov	x7, x4
	cbz	x6, 2f
	eor	x6, x6, x6, lsl #13
	eor	x6, x6, x6, lsr #7
	eor	x6, x6, x6, lsl #17
	str	x6, [x0, #32]
	and	x8, x6, #0x3ffffff8	/* anywhere in it */
	add	x7, x4, x8
2:	ldr	x2, [x7]
	str	x2, [x0, #8]
	ldr	x3, [x0]
	add	x3, x3, #1
	str	x3, [x0]
	b	1b
3:	hvc	#0

	/* x0: address, x1: 0 for a load, else what to store */
l2_access:
	cbnz	x1, 4f
	ldr	x1, [x0]
	hvc	#0
4:	str	x1, [x0]
	hvc	#0

	.balign	2048
	.rept	16
	.balign	128
	hvc	#1			/* an abort of EL1's own: L1 starts the loop again */
	.endr
l2_code_end:

/*
 * The second CPU's first instructions, with the MMU off: x0 points at TTBR0_EL2, TCR_EL2, MAIR_EL2, SCTLR_EL2, SP,
 * VBAR_EL2 and the function to call.
 */
	.global second_entry
second_entry:
	ldp	x1, x2, [x0]
	msr	ttbr0_el2, x1
	msr	tcr_el2, x2
	ldp	x1, x2, [x0, #16]
	msr	mair_el2, x1
	tlbi	alle2
	dsb	nsh
	isb
	msr	sctlr_el2, x2
	isb
	ldp	x1, x2, [x0, #32]
	mov	sp, x1
	msr	vbar_el2, x2
	ldr	x1, [x0, #48]
	mov	x29, xzr
	mov	x30, xzr
	isb
	br	x1

	.section .note.GNU-stack, "", @progbits
