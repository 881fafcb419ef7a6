/*
 * How does a vCPU of the L2 payload start and take its interrupts? Contract in l2.h. Nothing here or in C needs
 * relocation. Next: main.c.
 */
#include "guest-hyp/rt/asm.inc"

	.section .head, "ax"
	.global l2_start
l2_start:
	/* x0 = L2 IPA of struct l2_params; the stacks, 16 KiB each, are at the end of the same 2 MiB block */
	adr	x1, l2_vectors
	msr	vbar_el1, x1
	add	x1, x0, #0x200000
	mrs	x2, mpidr_el1
	and	x2, x2, #0xff
	sub	x1, x1, x2, lsl #14
	mov	sp, x1
	mov	x29, xzr
	mov	x30, xzr
	isb
	b	l2_main			/* void l2_main(struct l2_params *), does not return */

	.macro	UNEXPECTED
	.balign	128
	mrs	x0, esr_el1
	b	l2_exception		/* void l2_exception(uint64_t esr), does not return */
	.endm

	.balign	2048
l2_vectors:
	.rept	5
	UNEXPECTED
	.endr
	.balign	128			/* IRQ from EL1h */
	stp	x0, x1, [sp, #-160]!
	mrs	x0, cntvct_el0
	PAIRS	stp, 2, 8
	b	irq
	.rept	10
	UNEXPECTED
	.endr

irq:	PAIRS	stp, 10, 16
	stp	x18, x30, [sp, #144]
	bl	l2_irq			/* void l2_irq(uint64_t now) */
	ldp	x18, x30, [sp, #144]
	PAIRS	ldp, 2, 16
	ldp	x0, x1, [sp], #160
	eret

	.section .note.GNU-stack, "", @progbits
