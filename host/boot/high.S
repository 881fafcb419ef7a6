/*
 * How does a CPU get from the firmware to the image's own high address?  The first one and the others alike. Reads: host/machine/layout.h.
 *
 * With E2H=1 the EL1 names of the translation registers are EL2's, so the same lines serve a start at EL1, which only gets
 * as far as to say that it cannot be.
 */
#include "host/machine/layout.h"

	.section .text.low, "ax"
	.arch	armv8.1-a

/*
 * Goes to EL2 with E2H=1, or without FEAT_VHE to EL1; from EL3, where only a message follows, to EL1 too. X21 = enum boot_level.
 * Clobbers X0.
 */
	.global	to_el2_host
to_el2_host:
	msr	daifset, #0xf
	msr	spsel, #1
	mrs	x0, CurrentEL
	mov	x21, #BOOT_AT_EL3
	cmp	x0, #(3 << 2)
	b.eq	from_el3
	mov	x21, #BOOT_AT_EL1
	cmp	x0, #(2 << 2)
	b.ne	1f
	mov	x21, #BOOT_WITHOUT_VHE
	mrs	x0, id_aa64mmfr1_el1
	ubfx	x0, x0, #8, #4
	cbz	x0, without_vhe
	mov	x21, #BOOT_AT_EL2
	ldr	x0, =HCR_BOOT
	msr	hcr_el2, x0
	msr	tpidr_el2, xzr		/* no struct cpu yet */
	isb
1:	ret
from_el3:
	ldr	x0, =SCR_BOOT
	msr	scr_el3, x0
	mov	x0, #0x3c5		/* EL1h, masked */
	msr	spsr_el3, x0
	msr	elr_el3, x30
	ldr	x0, =SCTLR_OFF
	msr	sctlr_el1, x0
	mrs	x0, id_aa64pfr0_el1
	tst	x0, #(0xf << 8)		/* EL2 */
	b.eq	2f
	mov	x0, #(1 << 31)
	msr	hcr_el2, x0
2:	isb
	eret
without_vhe:
	mov	x0, #(1 << 31)		/* RW: EL1 is AArch64 */
	msr	hcr_el2, x0
	mov	x0, #0x3c5		/* EL1h, masked */
	msr	spsr_el2, x0
	msr	elr_el2, x30
	ldr	x0, =SCTLR_OFF
	msr	sctlr_el1, x0
	eret

/* Turns the MMU on, with the boot tables, and goes on at the address in X19. Clobbers X1 to X3. */
	.global	to_high
to_high:
	adrp	x1, boot_l0_low
	msr	ttbr0_el1, x1
	adrp	x1, boot_l0_high
	msr	ttbr1_el1, x1
	ldr	x1, =MAIR_VALUE
	msr	mair_el1, x1
	mrs	x2, id_aa64mmfr0_el1
	and	x2, x2, #0xf		/* PARange, at most 48 bits without FEAT_LPA2 */
	cmp	x2, #5
	mov	x3, #5
	csel	x2, x2, x3, lo
	ldr	x1, =TCR_VALUE
	orr	x1, x1, x2, lsl #32
	msr	tcr_el1, x1
	dsb	ish
	isb
	ldr	x1, =SCTLR_BOOT
	msr	sctlr_el1, x1
	isb
	br	x19

/* Filled by start.S. */
	.section .bss.boot_tables, "aw", @nobits
	.balign	4096
	.global boot_l0_low, boot_l1_low, boot_l0_high, boot_l2_high, boot_l1_high
boot_l0_low:	.space	4096
boot_l1_low:	.space	4096
boot_l0_high:	.space	4096
boot_l2_high:	.space	4096
boot_l1_high:	.space	4096
