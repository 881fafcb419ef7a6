/*
 * How does L1 enter L2, and come back?
 *   unsigned victim_enter(struct l2 *l2)
 * loads and stores X0 to X30, PC and PSTATE of L2. While L2 runs, and no longer, VBAR_EL2 is here; an exception of EL2's own
 * goes on in rt_vectors.  Reads: victim.h.  Next: main.c.
 */
	.text
	.global victim_enter
victim_enter:
	stp	x29, x30, [sp, #-112]!
	stp	x19, x20, [sp, #16]
	stp	x21, x22, [sp, #32]
	stp	x23, x24, [sp, #48]
	stp	x25, x26, [sp, #64]
	stp	x27, x28, [sp, #80]
	str	x0, [sp, #96]
	adr	x1, vectors
	msr	vbar_el2, x1
	ldp	x1, x2, [x0, #248]
	msr	elr_el2, x1
	msr	spsr_el2, x2
	isb
	ldp	x2, x3, [x0, #16]
	ldp	x4, x5, [x0, #32]
	ldp	x6, x7, [x0, #48]
	ldp	x8, x9, [x0, #64]
	ldp	x10, x11, [x0, #80]
	ldp	x12, x13, [x0, #96]
	ldp	x14, x15, [x0, #112]
	ldp	x16, x17, [x0, #128]
	ldp	x18, x19, [x0, #144]
	ldp	x20, x21, [x0, #160]
	ldp	x22, x23, [x0, #176]
	ldp	x24, x25, [x0, #192]
	ldp	x26, x27, [x0, #208]
	ldp	x28, x29, [x0, #224]
	ldr	x30, [x0, #240]
	ldp	x0, x1, [x0]
	eret

/* [sp] = X0 and X1 of L2, x0 = the vector */
back:	ldr	x1, [sp, #112]		/* struct l2 */
	stp	x2, x3, [x1, #16]
	stp	x4, x5, [x1, #32]
	stp	x6, x7, [x1, #48]
	stp	x8, x9, [x1, #64]
	stp	x10, x11, [x1, #80]
	stp	x12, x13, [x1, #96]
	stp	x14, x15, [x1, #112]
	stp	x16, x17, [x1, #128]
	stp	x18, x19, [x1, #144]
	stp	x20, x21, [x1, #160]
	stp	x22, x23, [x1, #176]
	stp	x24, x25, [x1, #192]
	stp	x26, x27, [x1, #208]
	stp	x28, x29, [x1, #224]
	str	x30, [x1, #240]
	ldp	x2, x3, [sp], #16
	stp	x2, x3, [x1]
	mrs	x2, elr_el2
	mrs	x3, spsr_el2
	stp	x2, x3, [x1, #248]
	adrp	x2, rt_vectors
	add	x2, x2, :lo12:rt_vectors
	msr	vbar_el2, x2
	isb
	ldp	x27, x28, [sp, #80]
	ldp	x25, x26, [sp, #64]
	ldp	x23, x24, [sp, #48]
	ldp	x21, x22, [sp, #32]
	ldp	x19, x20, [sp, #16]
	ldp	x29, x30, [sp], #112
	ret

	.balign	2048
vectors:
	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7
	.balign	128
	b	rt_vectors + 128 * \n
	.endr
	.irp	n, 8, 9, 10, 11, 12, 13, 14, 15
	.balign	128
	stp	x0, x1, [sp, #-16]!
	mov	x0, #\n
	b	back
	.endr
	.balign	128

	.section .note.GNU-stack, "", @progbits
