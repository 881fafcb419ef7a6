/*
 * How does L1 switch? From L2: all general registers to the stack, then C. To L2: the same back, then ERET.
 * An exception of L1 itself goes to the run-time's table, which reports it.
 * Next: exit.c.
 */
#include "guest-hyp/rt/asm.inc"

	.macro	FROM_L2 handler
	.balign	128
	sub	sp, sp, #256
	stp	x0, x1, [sp]
	adr	x1, \handler
	b	from_l2
	.endm

	.balign	2048
	.global l1_vectors
l1_vectors:
	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7
	OWN_EXCEPTION \n
	.endr
	FROM_L2	exit_sync
	FROM_L2	exit_irq
	.irp	n, 10, 11, 12, 13, 14, 15
	OWN_EXCEPTION \n
	.endr

from_l2:				/* void handler(struct l2_regs *), its address in x1 */
	PAIRS	stp, 2, 28
	stp	x30, xzr, [sp, #240]
	mov	x0, sp
	blr	x1
	ldr	x30, [sp, #240]
	PAIRS	ldp, 2, 28
	ldp	x0, x1, [sp], #256
	eret

	.section .note.GNU-stack, "", @progbits
