/*
 * How does an exception get from a guest to C and back?  The vector table of EL2, the save and the restore. Assembly
 * only moves registers; offsets come from host/run/asm_offsets.c.
 *
 * While a guest runs, SP_EL2 is its struct vcpu, whose first member are X0 to X30.
 *
 * Reads: host/vm/vcpu.h.  Next: run.c.
 */
#include "asm_offsets.h"
#include "host/report/panic_asm.h"
#include "host/run/leave.inc"

	.section .text.vectors, "ax"

/* A vector for an exception from a lower level. kind is an enum exit_kind; X0 and X1 are scratch once saved. */
.macro FROM_GUEST kind
	.balign 0x80
	stp	x0, x1, [sp, #VCPU_X0]
	mrs	x0, cntpct_el0
	mov	w1, #\kind
	b	exit_from_guest_context
.endm

	.balign 0x800
	.global vectors
vectors:
	.balign 0x80
	L0_VECTOR 0
	.balign 0x80
	L0_VECTOR 1
	.balign 0x80
	L0_VECTOR 2
	.balign 0x80
	L0_VECTOR 3
	.balign 0x80
	L0_VECTOR 4
	.balign 0x80
	L0_VECTOR 5
	.balign 0x80
	L0_VECTOR 6
	.balign 0x80
	L0_VECTOR 7
	FROM_GUEST EXIT_SYNC
	FROM_GUEST EXIT_IRQ
	FROM_GUEST EXIT_FIQ
	FROM_GUEST EXIT_SERROR
	/* AArch32 at EL0: L1 does not see it, but its guest can try. */
	FROM_GUEST EXIT_SYNC
	FROM_GUEST EXIT_IRQ
	FROM_GUEST EXIT_FIQ
	FROM_GUEST EXIT_SERROR
	.balign 0x80

/* X0 = number of the vector, TPIDR_EL0 = X0 of L0. The stack may be the cause: the emergency stack takes over. */
save_l0_exception:
	msr	tpidr_el1, x1
	mrs	x1, tpidr_el2
	ldr	x1, [x1, #CPU_EMERGENCY_STACK_TOP]
	sub	x1, x1, #L0_REGS_BYTES
	stp	x2, x3, [x1, #16]
	stp	x4, x5, [x1, #32]
	stp	x6, x7, [x1, #48]
	stp	x8, x9, [x1, #64]
	stp	x10, x11, [x1, #80]
	stp	x12, x13, [x1, #96]
	stp	x14, x15, [x1, #112]
	stp	x16, x17, [x1, #128]
	stp	x18, x19, [x1, #144]
	stp	x20, x21, [x1, #160]
	stp	x22, x23, [x1, #176]
	stp	x24, x25, [x1, #192]
	stp	x26, x27, [x1, #208]
	stp	x28, x29, [x1, #224]
	str	x30, [x1, #240]
	mrs	x2, tpidr_el0
	mrs	x3, tpidr_el1
	stp	x2, x3, [x1]
	mov	x2, sp
	str	x2, [x1, #L0_REGS_SP]
	mrs	x2, elr_el2
	str	x2, [x1, #L0_REGS_ELR]
	mrs	x2, spsr_el2
	str	x2, [x1, #L0_REGS_SPSR]
	mrs	x2, esr_el2
	str	x2, [x1, #L0_REGS_ESR]
	mrs	x2, far_el2
	str	x2, [x1, #L0_REGS_FAR]
	mov	sp, x1
	bl	panic_exception
	/* It was an access that may be aborted: X0 = where L0 goes on. Registers that a function keeps are kept. */
	msr	elr_el2, x0
	ldp	x2, x3, [sp, #16]
	ldr	x30, [sp, #240]
	ldr	x1, [sp, #L0_REGS_SP]
	mov	sp, x1
	eret

/* X0 = CNTPCT_EL0 at the exit, W1 = enum exit_kind, SP = vCPU, whose X0 and X1 are saved. */
exit_from_guest_context:
	stp	x2, x3, [sp, #VCPU_X0 + 16]
	stp	x4, x5, [sp, #VCPU_X0 + 32]
	stp	x6, x7, [sp, #VCPU_X0 + 48]
	stp	x8, x9, [sp, #VCPU_X0 + 64]
	stp	x10, x11, [sp, #VCPU_X0 + 80]
	stp	x12, x13, [sp, #VCPU_X0 + 96]
	stp	x14, x15, [sp, #VCPU_X0 + 112]
	stp	x16, x17, [sp, #VCPU_X0 + 128]
	stp	x18, x19, [sp, #VCPU_X0 + 144]
	stp	x20, x21, [sp, #VCPU_X0 + 160]
	stp	x22, x23, [sp, #VCPU_X0 + 176]
	stp	x24, x25, [sp, #VCPU_X0 + 192]
	stp	x26, x27, [sp, #VCPU_X0 + 208]
	stp	x28, x29, [sp, #VCPU_X0 + 224]
	str	x30, [sp, #VCPU_X0 + 240]
	mrs	x2, elr_el2
	mrs	x3, spsr_el2
	stp	x2, x3, [sp, #VCPU_PC]
	str	x0, [sp, #VCPU_ENTERED_L0]
	ldr	x2, [sp, #VCPU_LEDGER]
	ldr	x3, [x2, #LEDGER_ENTRIES]
	add	x3, x3, #1
	str	x3, [x2, #LEDGER_ENTRIES]
	mov	x0, sp
	mrs	x2, tpidr_el2
	ldp	x2, x3, [x2, #CPU_STACK_TOP]	/* and CPU_RUN_EXIT */
	mov	sp, x2
	mov	x29, xzr
	mov	x30, xzr
	blr	x3
	/* on with what it returned */

/* void vcpu_enter(struct vcpu *v)   X0 = v; does not return */
	.global vcpu_enter
vcpu_enter:
enter_guest_context:
	LEAVE_BEGIN
	ldr	x4, [sp, #VCPU_ENTERED_L0]
	ldr	x5, [sp, #VCPU_LEDGER]
	ldr	x6, [x5, #LEDGER_L0_TICKS]
last_read:
	mrs	x7, cntpct_el0
after_last_read:
	str	x7, [sp, #VCPU_LEFT_L0]
	sub	x7, x7, x4
	add	x6, x6, x7
	str	x6, [x5, #LEDGER_L0_TICKS]
	LEAVE_END after_eret

/*
 * How many instructions of L0 each exit and entry executes outside the interval between its two reads of the counter: one
 * before the first, the second read itself, and those behind it.
 */
	.section .rodata
	.balign 4
	.global ledger_untimed_instructions
ledger_untimed_instructions:
	.word	2 + (after_eret - after_last_read) / 4

/* And how many of those inside of it are behind run_exit. */
	.global entry_rest_instructions
entry_rest_instructions:
	.word	(last_read - enter_guest_context) / 4
