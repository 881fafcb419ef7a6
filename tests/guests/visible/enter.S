/*
 * How does a run start and end?
 *   void visible_enter(uint64_t pc, uint64_t pstate, uint64_t x0, uint64_t x1)
 * saves what a function must keep and returns to pc with that PSTATE.  The exception hook sends the first exception to
 * visible_return, which restores it: the stack pointer of EL2 is as visible_enter left it.  Next: main.c.
 *
 *   void visible_enter_big(uint64_t pc, uint64_t pstate, uint64_t x0, uint64_t x1, const uint64_t *el2_tables)
 * does so with SCTLR_EL2.EE = 1 and TTBR0_EL2 = el2_tables, which are big-endian.  The program itself is little-endian: EE is
 * set last before the run, and cleared first after it.  Runs keep x25 to x28.
 */
#include "guest-hyp/rt/asm.inc"

	.macro	BEGIN_RUN
	PUSH_CALLEE_SAVED
	msr	elr_el2, x0
	msr	spsr_el2, x1
	.endm

	/* x27 = SCTLR_EL2 with M = 0.  No data is accessed before the end. */
	.macro	TRANSLATE ttbr0, sctlr
	msr	sctlr_el2, x27
	isb
	msr	ttbr0_el2, \ttbr0
	isb
	tlbi	alle2
	dsb	nsh
	msr	sctlr_el2, \sctlr
	isb
	.endm

	.text
	.global visible_enter
visible_enter:
	BEGIN_RUN
	mov	x0, x2
	mov	x1, x3
	isb
	eret

	.global visible_enter_big
visible_enter_big:
	BEGIN_RUN
	mrs	x25, vbar_el2
	mrs	x26, sctlr_el2
	bic	x27, x26, #1
	mrs	x28, ttbr0_el2
	adr	x5, big_vectors
	msr	vbar_el2, x5
	orr	x5, x26, #1 << 25
	mov	x0, x2
	mov	x1, x3
	TRANSLATE x4, x5
	eret

	/* Back to the tables and vectors of before. */
	.balign	2048
big_vectors:
	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	.balign	128
	TRANSLATE x28, x26
	msr	vbar_el2, x25
	isb
	add	x25, x25, #\n * 128
	br	x25
	.endr
	.balign	128

	.global visible_return
visible_return:
	POP_CALLEE_SAVED
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
