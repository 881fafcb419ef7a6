/*
 * How does L1 enter L2, and come back?
 *   unsigned victim_enter(struct l2 *l2)
 * loads and stores X0 to X30, PC and PSTATE of L2. VBAR_EL2 stays at victim_vectors, where an exception of EL2's own goes on in
 * rt_vectors: to write it traps.  Reads: victim.h.  Next: main.c.
 */
#include "guest-hyp/rt/asm.inc"

	.text
	.global victim_enter, victim_vectors
victim_enter:
	PUSH_CALLEE_SAVED 112
	str	x0, [sp, #96]
	ldp	x1, x2, [x0, #248]
	msr	elr_el2, x1
	msr	spsr_el2, x2
	isb
	PAIRS	ldp, 2, 28, x0
	ldr	x30, [x0, #240]
	ldp	x0, x1, [x0]
	eret

/* [sp] = X0 and X1 of L2, x0 = the vector */
back:	ldr	x1, [sp, #112]		/* struct l2 */
	PAIRS	stp, 2, 28, x1
	str	x30, [x1, #240]
	ldp	x2, x3, [sp], #16
	stp	x2, x3, [x1]
	mrs	x2, elr_el2
	mrs	x3, spsr_el2
	stp	x2, x3, [x1, #248]
	POP_CALLEE_SAVED 112
	ret

	.balign	2048
victim_vectors:
	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7
	OWN_EXCEPTION \n
	.endr
	.irp	n, 8, 9, 10, 11, 12, 13, 14, 15
	.balign	128
	stp	x0, x1, [sp, #-16]!
	mov	x0, #\n
	b	back
	.endr
	.balign	128

	.section .note.GNU-stack, "", @progbits
