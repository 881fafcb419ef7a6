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

/* Exceptions of a guest that has registers: void ipi_sync(struct guest_regs *), void ipi_irq(struct guest_regs *)  (ipi.c) */
	.macro	FROM_GUEST handler
	.balign	128
	sub	sp, sp, #256
	stp	x0, x1, [sp, #0]
	stp	x2, x3, [sp, #16]
	stp	x4, x5, [sp, #32]
	stp	x6, x7, [sp, #48]
	stp	x8, x9, [sp, #64]
	stp	x10, x11, [sp, #80]
	stp	x12, x13, [sp, #96]
	stp	x14, x15, [sp, #112]
	stp	x16, x17, [sp, #128]
	stp	x18, x19, [sp, #144]
	stp	x20, x21, [sp, #160]
	stp	x22, x23, [sp, #176]
	stp	x24, x25, [sp, #192]
	stp	x26, x27, [sp, #208]
	stp	x28, x29, [sp, #224]
	stp	x30, xzr, [sp, #240]
	mov	x0, sp
	bl	\handler
	b	return_to_guest
	.endm

	.balign	2048
	.global ipi_vectors
ipi_vectors:
	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7
	OWN_EXCEPTION \n
	.endr
	FROM_GUEST ipi_sync
	FROM_GUEST ipi_irq
	.irp	n, 10, 11, 12, 13, 14, 15
	OWN_EXCEPTION \n
	.endr

return_to_guest:
	ldp	x0, x1, [sp, #0]
	ldp	x2, x3, [sp, #16]
	ldp	x4, x5, [sp, #32]
	ldp	x6, x7, [sp, #48]
	ldp	x8, x9, [sp, #64]
	ldp	x10, x11, [sp, #80]
	ldp	x12, x13, [sp, #96]
	ldp	x14, x15, [sp, #112]
	ldp	x16, x17, [sp, #128]
	ldp	x18, x19, [sp, #144]
	ldp	x20, x21, [sp, #160]
	ldp	x22, x23, [sp, #176]
	ldp	x24, x25, [sp, #192]
	ldp	x26, x27, [sp, #208]
	ldp	x28, x29, [sp, #224]
	ldr	x30, [sp, #240]
	add	sp, sp, #256
	eret

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
