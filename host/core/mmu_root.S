/* How does a CPU change the table of the high half that it runs in?  Next: mmu.c. */
#include "host/machine/layout.h"

	.section .text.low, "ax"

/*
 * void mmu_switch_root(uint64_t root_pa, uint64_t image_pa)   X0 = the new table of the high half, X1 = where the image was loaded
 * Runs from the identity map, since for a moment there is no high half. Clobbers X1 to X3.
 */
	.global	mmu_switch_root
mmu_switch_root:
	ldr	x3, =IMAGE_VA
	adr	x2, 1f
	sub	x2, x2, x3
	add	x2, x2, x1
	br	x2
1:	adrp	x1, empty_table		/* no descriptor is valid */
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

	.section .bss.empty_table, "aw", @nobits
	.balign	4096
empty_table:	.space	4096
