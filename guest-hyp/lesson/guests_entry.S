/*
 * How does a program become a guest, or a program at EL0, and return?  Registers and stack stay its own; this level has the other stack
 * from then on, on which the run-time's vectors keep them (guests.c).
 */
	.text

	/* x0: this level's stack.  \sp_of is the guest's stack pointer, \spsr the state that it is entered with. */
	.macro	BECOME name, sp_of, spsr
	.global	\name
\name:
	mov	x1, sp
	msr	\sp_of, x1
	mov	sp, x0
	mov	x1, #\spsr
	msr	spsr_el1, x1		/* with E2H = 1 those of EL2 */
	msr	elr_el1, x30
	isb
	eret
	.endm

	/* \call goes to this level, whose hook returns behind it, at this level. */
	.macro	LEAVE name, call, sp_of
	.global	\name
\name:
	\call	#0
	mrs	x0, \sp_of
	mov	sp, x0
	ret
	.endm

	BECOME	become_guest, sp_el1, 0x3c5	/* EL1h, all masked */
	LEAVE	leave_guest, hvc, sp_el1
	BECOME	become_program, sp_el0, 0x3c0	/* EL0t */
	LEAVE	leave_program, svc, sp_el0

	/* The guest's exceptions: an interrupt calls the hypervisor and goes back; nothing else is expected. */
	.balign	2048
	.global	guest_vectors
guest_vectors:
	.irp	n, 0, 1, 2, 3, 4
	.balign	128
	b	.
	.endr
	.balign	128
	hvc	#1
	eret
	.balign	128
	hvc	#1
	eret
	.irp	n, 7, 8, 9, 10, 11, 12, 13, 14, 15
	.balign	128
	b	.
	.endr

	.section .note.GNU-stack, "", @progbits
