/*
 * How does this level enter its guest and get back?  The guest is one instruction and touches no register: what is saved here
 * is what enter_eret's caller may rely on.  An exception of this level itself goes to the run-time's table.
 */
#include "guest-hyp/rt/asm.inc"

	.text
	.balign	2048
	.global enter_vectors
enter_vectors:
	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7
	OWN_EXCEPTION \n
	.endr
	.balign	128
	ldp	x29, x30, [sp], #16	/* synchronous, from a lower level: the guest's HVC */
	ret
	.irp	n, 9, 10, 11, 12, 13, 14, 15
	OWN_EXCEPTION \n
	.endr

/* void enter_eret(void)   ELR_EL2 and SPSR_EL2 say where to */
	.global enter_eret
enter_eret:
	stp	x29, x30, [sp, #-16]!
	isb
	eret

	.global enter_guest
enter_guest:
	hvc	#0
	b	enter_guest

	.section .note.GNU-stack, "", @progbits
