/*
 * Where do a bare guest's exceptions arrive?  At the table that VBAR_ELx points at: each entry builds a struct rt_frame (rt.h) on the
 * current stack.  Next: exception.c.
 */
#include "guest-hyp/rt/asm.inc"

	.macro	VECTOR number
	.balign	128
	sub	sp, sp, #288
	stp	x0, x1, [sp]
	mov	x1, #\number
	b	exception
	.endm

	.balign	2048
	.global rt_vectors
rt_vectors:
	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	VECTOR	\n
	.endr

exception:				/* void rt_exception(struct rt_frame *frame, unsigned vector) */
	PAIRS	stp, 2, 28
	str	x30, [sp, #240]
	mov	x0, sp
	bl	rt_exception
	ldr	x30, [sp, #240]
	PAIRS	ldp, 0, 28
	add	sp, sp, #288
	eret

	.section .note.GNU-stack, "", @progbits
