/*
 * How does L0 leave its path at a site, and come back as if nothing had been?  Every register is saved, and each instruction of the way
 * there and back is known: the counter says how many were between.  Reads: pause.inc, host/machine/site.h.  Next: pause.c.
 */
#include "asm_offsets.h"
#include "host/report/pause.inc"

	.text

/* From a stub, with SP at a struct site_frame, whose X30 is kept; X30 = where the stub goes on. */
	.global pause_gate
pause_gate:
	stp	x0, x1, [sp]
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
	mrs	x0, nzcv
	stp	x0, x30, [sp, #248]
	PAUSE_BEGIN 264, PAUSE_SITE, gate_first
	mov	x0, sp
	add	x1, x30, #(4 * SITE_STUB_OUT + 7)
	and	x1, x1, #~7
	ldr	x2, [x1]			/* struct site: act */
	blr	x2
	PAUSE_END 264, PAUSE_SITE, gate_last
	ldp	x0, x30, [sp, #248]
	msr	nzcv, x0
	ldp	x0, x1, [sp]
	ldp	x2, x3, [sp, #16]
	ldp	x4, x5, [sp, #32]
	ldp	x6, x7, [sp, #48]
	ldp	x8, x9, [sp, #64]
	ldp	x10, x11, [sp, #80]
	ldp	x12, x13, [sp, #96]
	ldp	x14, x15, [sp, #112]
	ldp	x16, x17, [sp, #128]
	ldp	x18, x19, [sp, #144]
	ldp	x20, x21, [sp, #160]
	ldp	x22, x23, [sp, #176]
	ldp	x24, x25, [sp, #192]
	ldp	x26, x27, [sp, #208]
	ldp	x28, x29, [sp, #224]
	ret
gate_end:

/*
 * Around the two reads are the stub, and this. A branch is in the place of an instruction of a clock site, which is in front of the first
 * read; of a call's site the branch to the stub is made without recording too, and not taken.
 */
	.section .rodata
	.balign 4
	.global pause_site_instructions
pause_site_instructions:
	.word	SITE_STUB_IN + (gate_first - pause_gate) / 4 + (gate_end - gate_last) / 4 + SITE_STUB_OUT
	.word	1 + SITE_STUB_IN + (gate_first - pause_gate) / 4
