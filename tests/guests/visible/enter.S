/*
 * How does a run start and end?
 *   void visible_enter(uint64_t pc, uint64_t pstate, uint64_t x0, uint64_t x1)
 * saves what a function must keep and returns to pc with that PSTATE.  The exception hook sends the first exception to
 * visible_return, which restores it: the stack pointer of EL2 is as visible_enter left it.  Next: main.c.
 */
	.text
	.global visible_enter
visible_enter:
	stp	x29, x30, [sp, #-96]!
	stp	x19, x20, [sp, #16]
	stp	x21, x22, [sp, #32]
	stp	x23, x24, [sp, #48]
	stp	x25, x26, [sp, #64]
	stp	x27, x28, [sp, #80]
	msr	elr_el2, x0
	msr	spsr_el2, x1
	mov	x0, x2
	mov	x1, x3
	isb
	eret

	.global visible_return
visible_return:
	ldp	x19, x20, [sp, #16]
	ldp	x21, x22, [sp, #32]
	ldp	x23, x24, [sp, #48]
	ldp	x25, x26, [sp, #64]
	ldp	x27, x28, [sp, #80]
	ldp	x29, x30, [sp], #96
	ret

/* EL1: x9 = vector, x10 = ESR_EL1, x11 = ELR_EL1, x12 = SPSR_EL1, x13 = FAR_EL1, then the call to EL2. */
	.macro	EL1_VECTORS name, call
	.balign	2048
	.global \name
\name:
	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	.balign	128
	mov	x9, #\n
	mrs	x10, esr_el1
	mrs	x11, elr_el1
	mrs	x12, spsr_el1
	mrs	x13, far_el1
	\call
	b	.
	.endr
	.balign	128
	.endm

	EL1_VECTORS visible_el1_vectors, "hvc #16"
	EL1_VECTORS visible_el1_vectors_smc, "smc #16"

	.section .note.GNU-stack, "", @progbits
