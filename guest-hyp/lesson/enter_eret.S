/*
 * How does this level enter its guest and get back?  The guest is one instruction and touches no register: what is saved here
 * is what enter_eret's caller may rely on.  An exception of this level itself goes to the run-time's table.
 */
	.macro	OWN_EXCEPTION number
	.balign	128
	b	rt_vectors + 128 * \number
	.endm

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

/*
 * void ipi_become_guest(uint64_t stack)   returns as the guest, at EL1h with the same registers and stack, and exceptions masked; this
 * level has the other stack from then on.  void ipi_leave_guest(void)   returns at this level, on the guest's stack (ipi.c)
 */
	.global ipi_become_guest, ipi_leave_guest
ipi_become_guest:
	mov	x1, sp
	msr	sp_el1, x1
	mov	sp, x0
	mov	x1, #0x3c5
	msr	spsr_el2, x1
	msr	elr_el2, x30
	isb
	eret
ipi_leave_guest:
	hvc	#0
	mrs	x0, sp_el1
	mov	sp, x0
	ret

/* X0 = the stack of a vCPU that PSCI CPU_ON started.  Next: vcpus.c */
	.global secondary_entry
secondary_entry:
	mov	sp, x0
	mov	x29, xzr
	mov	x30, xzr
	b	secondary_main

	.section .note.GNU-stack, "", @progbits
