/*
 * What do the vectors call while somebody records?  run_exit, between two pieces in which time stands still. A trap that is there only
 * because it does ends with the first.  Reads: host/report/pause.inc.  Next: host/record/trace.c, host/record/quiet.c.
 */
#include "asm_offsets.h"
#include "host/report/pause.inc"
#include "host/run/leave.inc"

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

/*
 * An instruction whose access is refused is executed to QEMU's -icount, as it is where nothing records; so only the vector and what
 * follows is taken out. With it two instructions are in front of the vector's read of the counter.
 */
quiet:
	ldr	x0, [sp, #16]
	ldr	x9, [x0, #VCPU_ENTERED_L0]
	str	x9, [sp, #32]
	PAUSE_END 32, PAUSE_QUIET, quiet_last
	LEAVE_BEGIN
	LEAVE_END quiet_end

/* In instructions: those around the two reads, and those in front of the first (enum pause_piece). */
	.section .rodata
	.balign 4
	.global traced_instructions
traced_instructions:
	.word	(exit_first - run_exit_traced) / 4 + (exit_end - exit_last) / 4
	.word	(exit_first - run_exit_traced) / 4
	.word	(entry_first - exit_end) / 4 + (entry_end - entry_last) / 4
	.word	(entry_first - exit_end) / 4
	.word	2 + (quiet_end - quiet_last) / 4 - 1
	.word	2
