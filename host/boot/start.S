/*
 * How does L0 get from the loader to C?  Entered as a Linux arm64 image: X0 = physical address of the device tree, MMU and
 * caches off, anywhere in RAM at a multiple of 2 MiB.  Leaves with the MMU on, at the image's own high address, in
 * boot_main.  Assembly only moves registers and fills five tables; see host/memory/mmu.c for the real ones.
 *
 * With E2H=1 the EL1 names of the translation registers are EL2's, so the same lines serve a start at EL1, which only gets
 * as far as to say that it cannot be.
 */
#include "host/boot/layout.h"

	.section .text.boot, "ax"
	.arch	armv8.1-a

	.global _start
_start:
	b	primary
	.word	0
	.quad	0			/* text_offset */
	.quad	image_bytes		/* image_size: what is in use, with the zeroed part */
	.quad	0xa			/* little-endian, 4 KiB pages, anywhere in RAM */
	.quad	0, 0, 0
	.ascii	"ARM\x64"
	.word	0
	.global	ledger_anchor
ledger_anchor:				/* struct ledger_anchor, at LEDGER_ANCHOR_OFFSET */
	.ascii	"FIRNNHR1"
	.quad	ledger_header - _start

/* X0 = device tree */
primary:
	mov	x20, x0
	bl	to_el2_host		/* X21 = enum boot_level */
	bl	fill_boot_tables
	mov	x19, #0
	b	mmu_on

/* X0 = struct cpu, by its high address; the boot tables are there already */
	.global	secondary_start
secondary_start:
	mov	x19, x0
	bl	to_el2_host

/* Turns the MMU on and goes on at the high address. X19 = struct cpu or 0. */
mmu_on:
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
	adrp	x22, _start
	ldr	x1, =high
	br	x1

high:
	cbnz	x19, secondary_high
	ldr	x0, =bss_start
	ldr	x1, =bss_end
clear:
	cmp	x0, x1
	b.hs	cleared
	stp	xzr, xzr, [x0], #16
	b	clear
cleared:
	ldr	x0, =boot_stack_top
	mov	sp, x0
	mov	x29, xzr
	mov	x30, xzr
	mov	x0, x20
	mov	x1, x22
	mov	x2, x21
	b	boot_main		/* boot_main(fdt_pa, image_pa, level) */

secondary_high:
	ldr	x0, =mmu_root_pa
	ldr	x0, [x0]
	bl	mmu_switch_root
	ldr	x0, [x19, #CPU_STACK_TOP]
	mov	sp, x0
	mov	x29, xzr
	mov	x30, xzr
	mov	x0, x19
	b	boot_secondary		/* boot_secondary(cpu) */

/*
 * Goes to EL2 with E2H=1, or without FEAT_VHE to EL1; from EL3, where only a message follows, to EL1 too. X21 = enum boot_level.
 * Clobbers X0.
 */
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

/*
 * Identity for the gigabytes of the image and of the device tree (X20) in the low half; the image at its high address in
 * 2 MiB blocks. Clobbers X0 to X5.
 */
fill_boot_tables:
	adrp	x0, boot_l0_low
	mov	x1, #(5 * 4096)
zero:
	stp	xzr, xzr, [x0], #16
	subs	x1, x1, #16
	b.ne	zero
	ldr	x5, =BOOT_BLOCK
	adrp	x0, boot_l0_low
	adrp	x1, boot_l1_low
	orr	x2, x1, #3
	str	x2, [x0]
	adrp	x2, _start
	lsr	x2, x2, #30
	orr	x3, x5, x2, lsl #30
	str	x3, [x1, x2, lsl #3]
	lsr	x2, x20, #30
	orr	x3, x5, x2, lsl #30
	str	x3, [x1, x2, lsl #3]
	adrp	x0, boot_l0_high
	adrp	x1, boot_l1_high
	orr	x2, x1, #3
	str	x2, [x0, #(256 * 8)]	/* VA bits [47:39] of IMAGE_VA */
	adrp	x0, boot_l2_high
	orr	x2, x0, #3
	str	x2, [x1]
	adrp	x2, _start
	orr	x3, x5, x2
	mov	x4, #BOOT_IMAGE_BLOCKS
1:	str	x3, [x0], #8
	add	x3, x3, #(2 << 20)
	subs	x4, x4, #1
	b.ne	1b
	ret

/*
 * void mmu_switch_root(uint64_t root_pa)   X0 = physical address of the new table of the high half
 * Runs from the identity map, since for a moment there is no high half. Clobbers X1 to X3.
 */
	.global	mmu_switch_root
mmu_switch_root:
	ldr	x1, =IMAGE_VA
	adr	x2, 1f
	sub	x2, x2, x1
	ldr	x3, =image_pa
	ldr	x3, [x3]
	add	x2, x2, x3
	br	x2
1:	adrp	x1, boot_empty		/* no descriptor is valid */
	msr	ttbr1_el1, x1
	isb
	mrs	x1, CurrentEL
	cmp	x1, #(2 << 2)
	b.eq	3f
	tlbi	vmalle1			/* started at EL1: only a message follows */
	b	4f
3:	tlbi	alle2
4:	dsb	nsh
	isb
	msr	ttbr1_el1, x0
	isb
	ldr	x1, =2f
	br	x1
2:	ldr	x1, =SCTLR_RUN		/* WXN: from here on the writable identity map is not executable */
	msr	sctlr_el1, x1
	isb
	ret

/* void cpu_call_on_stack(uint64_t top, void (*f)(void))   X0 = stack, X1 = f; does not return */
	.global	cpu_call_on_stack
cpu_call_on_stack:
	mov	sp, x0
	mov	x29, xzr
	mov	x30, xzr
	br	x1

	.section .bss.boot_tables, "aw", @nobits
	.balign	4096
boot_l0_low:	.space	4096
boot_l1_low:	.space	4096
boot_l0_high:	.space	4096
boot_l2_high:	.space	4096
boot_l1_high:	.space	4096
boot_empty:	.space	4096

	.section .bss.boot_stack, "aw", @nobits
	.balign	16
	.space	16384
boot_stack_top:
