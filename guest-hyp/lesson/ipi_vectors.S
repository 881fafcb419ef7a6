/*
 * How does a guest that has registers enter this level and go on?  What it has is saved for void ipi_sync(struct guest_regs *) and
 * void ipi_irq(struct guest_regs *) (ipi_exits.c).  An exception of this level itself goes to the run-time's table.
 */
#include "guest-hyp/rt/asm.inc"

	.macro	FROM_GUEST handler
	.balign	128
	sub	sp, sp, #256
	PAIRS	stp, 0, 28
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
	PAIRS	ldp, 0, 28
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

	.section .note.GNU-stack, "", @progbits
