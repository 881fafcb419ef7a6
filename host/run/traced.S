/*
 * What do the vectors call while somebody records?  run_exit, between two pieces in which time stands still. A trap that is there only
 * because it does ends with the first.  Reads: host/report/pause.inc.  Next: host/record/trace.c, host/record/quiet.c.
 */
#include "asm_offsets.h"
#include "host/report/pause.inc"

	.text

/* struct vcpu *run_exit_traced(struct vcpu *v, enum exit_kind kind), with nothing of the caller's in X19 to X28 */
	.global run_exit_traced
run_exit_traced:
	stp	x29, x30, [sp, #-48]!
	stp	x0, x1, [sp, #16]
	PAUSE_BEGIN 32, PAUSE_EXIT, exit_first
	bl	trace_exit
	cbnz	w0, quiet
	PAUSE_END 32, PAUSE_EXIT, exit_last
	ldp	x0, x1, [sp, #16]
	bl	run_exit
exit_end:
	str	x0, [sp, #16]
	PAUSE_BEGIN 32, PAUSE_ENTRY, entry_first
	bl	trace_entry
	PAUSE_END 32, PAUSE_ENTRY, entry_last
	ldr	x0, [sp, #16]
	ldr	x10, [x0, #VCPU_ENTERED_L0]	/* of the clock that stood still; the entry's is hardware's again */
	add	x10, x10, x9
	str	x10, [x0, #VCPU_ENTERED_L0]
	ldp	x29, x30, [sp], #48
	ret
entry_end:

/* The exit began with the vector's first instruction, and without recording one would have been executed in its place. */
quiet:
	ldr	x0, [sp, #16]
	ldr	x9, [x0, #VCPU_ENTERED_L0]
	str	x9, [sp, #32]
	PAUSE_END 32, PAUSE_QUIET, quiet_last
	ldp	x2, x3, [x0, #VCPU_PC]
	msr	elr_el2, x2
	msr	spsr_el2, x3
	mov	sp, x0
	ldp	x2, x3, [sp, #VCPU_X0 + 16]
	ldp	x4, x5, [sp, #VCPU_X0 + 32]
	ldp	x6, x7, [sp, #VCPU_X0 + 48]
	ldp	x8, x9, [sp, #VCPU_X0 + 64]
	ldp	x10, x11, [sp, #VCPU_X0 + 80]
	ldp	x12, x13, [sp, #VCPU_X0 + 96]
	ldp	x14, x15, [sp, #VCPU_X0 + 112]
	ldp	x16, x17, [sp, #VCPU_X0 + 128]
	ldp	x18, x19, [sp, #VCPU_X0 + 144]
	ldp	x20, x21, [sp, #VCPU_X0 + 160]
	ldp	x22, x23, [sp, #VCPU_X0 + 176]
	ldp	x24, x25, [sp, #VCPU_X0 + 192]
	ldp	x26, x27, [sp, #VCPU_X0 + 208]
	ldp	x28, x29, [sp, #VCPU_X0 + 224]
	ldr	x30, [sp, #VCPU_X0 + 240]
	ldp	x0, x1, [sp, #VCPU_X0]
	eret
quiet_end:
	dsb	nsh
	isb

/* In instructions: those around the two reads, and those in front of the first (enum pause_piece). */
	.section .rodata
	.balign 4
	.global traced_instructions
traced_instructions:
	.word	(exit_first - run_exit_traced) / 4 + (exit_end - exit_last) / 4
	.word	(exit_first - run_exit_traced) / 4
	.word	(entry_first - exit_end) / 4 + (entry_end - entry_last) / 4
	.word	(entry_first - exit_end) / 4
	.word	1 + (quiet_end - quiet_last) / 4 - 1
	.word	1
