/*
 * How does a bare guest start? Any loader of arm64 Linux images takes it: the header says so. It comes in
 * with the MMU off and x0 = address of the device tree, at EL2 or EL1, at any 4 KiB aligned address. Next:
 * begin.c, rt_start().
 */
	.section .head, "ax"
	.global _start
_start:
	b	entry			/* code0 */
	.long	0			/* code1 */
	.quad	0			/* text_offset */
	.quad	rt_image_size		/* from link.ld: file and bss */
	.quad	0xa			/* flags: little endian, 4 KiB pages, anywhere in RAM */
	.quad	0
	.quad	0
	.quad	0
	.ascii	"ARM\x64"
	.long	0

	.text
entry:
	msr	spsel, #1
	msr	daifset, #0xf
	mov	x20, x0
	adrp	x0, rt_stack_end
	add	x0, x0, :lo12:rt_stack_end
	mov	sp, x0

	adrp	x0, rt_bss_start
	add	x0, x0, :lo12:rt_bss_start
	adrp	x1, rt_bss_end
	add	x1, x1, :lo12:rt_bss_end
1:	cmp	x0, x1
	b.hs	2f
	stp	xzr, xzr, [x0], #16
	b	1b

2:	/* The image is linked at 0: every pointer in its data is one R_AARCH64_RELATIVE (Elf64_Rela) to adjust. */
	adrp	x4, _start
	add	x4, x4, :lo12:_start
	adrp	x0, rt_rela_start
	add	x0, x0, :lo12:rt_rela_start
	adrp	x1, rt_rela_end
	add	x1, x1, :lo12:rt_rela_end
3:	cmp	x0, x1
	b.hs	4f
	ldr	x2, [x0]
	ldr	x3, [x0, #16]
	add	x3, x3, x4
	str	x3, [x2, x4]
	add	x0, x0, #24
	b	3b

4:	mov	x0, x20
	mov	x29, xzr
	mov	x30, xzr
	b	rt_start		/* void rt_start(const void *fdt), does not return */

	.section .note.GNU-stack, "", @progbits
