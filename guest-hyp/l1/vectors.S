/*
 * How does L1 switch? From L2: all general registers to the stack, then C. To L2: the same back, then ERET.
 * An exception of L1 itself goes to the run-time's table, which reports it. Next: exit.c.
 */
	.macro	OWN_EXCEPTION number
	.balign	128
	b	rt_vectors + 128 * \number
	.endm

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
	blr	x1
	ldr	x30, [sp, #240]
	ldp	x28, x29, [sp, #224]
	ldp	x26, x27, [sp, #208]
	ldp	x24, x25, [sp, #192]
	ldp	x22, x23, [sp, #176]
	ldp	x20, x21, [sp, #160]
	ldp	x18, x19, [sp, #144]
	ldp	x16, x17, [sp, #128]
	ldp	x14, x15, [sp, #112]
	ldp	x12, x13, [sp, #96]
	ldp	x10, x11, [sp, #80]
	ldp	x8, x9, [sp, #64]
	ldp	x6, x7, [sp, #48]
	ldp	x4, x5, [sp, #32]
	ldp	x2, x3, [sp, #16]
	ldp	x0, x1, [sp], #256
	eret

/* void world_start(l2_ipa_t pc, uint64_t x0, uint64_t pstate)   x0 = pc, x1 = x0 of L2, x2 = pstate */
	.global world_start
world_start:
	msr	elr_el2, x0
	msr	spsr_el2, x2
	isb
	mov	x0, x1
	eret

/* void l1_secondary(struct smp_start *)   a CPU that L1 started, MMU off: its own regime is that of the first CPU */
	.global l1_secondary
l1_secondary:
	msr	spsel, #1
	msr	daifset, #0xf
	ldp	x1, x2, [x0]
	ldp	x3, x4, [x0, #16]
	ldp	x5, x6, [x0, #32]
	ldr	x7, [x0, #48]
	mov	sp, x1
	msr	hcr_el2, x2
	isb
	msr	cptr_el2, x3
	msr	mair_el2, x4
	msr	tcr_el2, x5
	msr	ttbr0_el2, x6
	tlbi	alle2
	dsb	nsh
	isb
	msr	sctlr_el2, x7
	isb
	mov	x29, xzr
	mov	x30, xzr
	b	smp_main		/* void smp_main(struct smp_start *), does not return */

	.section .note.GNU-stack, "", @progbits
