/*
 * How does L0 get from the loader to C?  Entered as a Linux arm64 image: X0 = physical address of the device tree, MMU and
 * caches off, anywhere in RAM at a multiple of 2 MiB.  Leaves with the MMU on, at the image's own high address, in
 * boot_main.  Assembly only moves registers and fills the five tables of high.S; see host/core/mmu.c for the real ones.
 * Next: high.S, then main.c.
 */
#include "host/machine/layout.h"

	.section .text.boot, "ax"

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
	adrp	x22, _start
	ldr	x19, =primary_high
	b	to_high

primary_high:
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

	.section .bss.boot_stack, "aw", @nobits
	.balign	16
	.space	16384
boot_stack_top:
