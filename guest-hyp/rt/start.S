/*
 * How does a bare guest start? Any loader of arm64 Linux images takes it: the header says so. It comes in
 * with the MMU off and x0 = address of the device tree, at EL2 or EL1, at any 4 KiB aligned address. Next:
 * rt.c, rt_start().
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

/*
 * The table that VBAR_ELx points at.  Each entry builds a struct rt_frame (rt.h) on the current stack and
 * calls
 *   void rt_exception(struct rt_frame *frame, unsigned vector)
 * which fills in and writes back what lives in system registers.
 */
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

exception:
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
	str	x30, [sp, #240]
	mov	x0, sp
	bl	rt_exception
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
	ldp	x0, x1, [sp]
	add	sp, sp, #288
	eret

	.section .note.GNU-stack, "", @progbits
