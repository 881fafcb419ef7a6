/*
 * How does EL2 run a few instructions of EL1 or EL0?  Vectors of its own, and back to the caller at the next exception.
 */
#include "guest-hyp/rt/asm.inc"

/* uint64_t oracle_enter(uint64_t pc, uint64_t pstate, uint64_t x0, uint64_t x1)   returns x1 of the lower level; callee-saved
 * registers are kept, VBAR_EL2 and the stack pointer too */
	.global oracle_enter
oracle_enter:
	PUSH_CALLEE_SAVED 112
	mrs	x9, vbar_el2
	str	x9, [sp, #96]
	adr	x9, vectors
	msr	vbar_el2, x9
	msr	elr_el2, x0
	msr	spsr_el2, x1
	isb
	mov	x0, x2
	mov	x1, x3
	eret

back:	ldr	x9, [sp, #96]
	msr	vbar_el2, x9
	isb
	mov	x0, x1
	POP_CALLEE_SAVED 112
	ret

	.balign	2048
vectors:
	.rept	4
	.balign	128
	b	.
	.endr
	.irp	n, 4, 5, 6, 7
	OWN_EXCEPTION \n
	.endr
	.rept	4
	.balign	128
	b	back
	.endr

	.section .note.GNU-stack, "", @progbits
