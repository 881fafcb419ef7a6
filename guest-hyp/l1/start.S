/* Where does a vCPU of L2 begin, and a CPU of L1 that is not the first?  Next: exit.c, smp.c. */
	.text
/* void world_start(l2_ipa_t pc, uint64_t x0, uint64_t pstate)   x0 = pc, x1 = x0 of L2, x2 = pstate */
	.global world_start
world_start:
	msr	elr_el2, x0
	msr	spsr_el2, x2
	isb
	mov	x0, x1
	eret

/* void l1_secondary(struct smp_start *)   a CPU that L1 started, MMU off: its own regime is that of the first CPU (smp.c) */
	.global l1_secondary
l1_secondary:
	msr	spsel, #1
	msr	daifset, #0xf
	ldp	x1, x2, [x0]
	ldp	x3, x4, [x0, #16]
	ldp	x5, x6, [x0, #32]
	ldp	x7, x8, [x0, #48]
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
	br	x8			/* with X0 as it was; does not return */

	.section .note.GNU-stack, "", @progbits
