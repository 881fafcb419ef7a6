/* How is an exception that L0 took itself saved for panic_exception?  For host/run/vectors.S. */
#ifndef HOST_REPORT_PANIC_ASM_H
#define HOST_REPORT_PANIC_ASM_H

/* clang-format off */
/* 32 instructions fit in a vector. The stack may be the cause, so the emergency stack of the CPU takes over. */
	.macro	L0_VECTOR kind
	msr	tpidr_el0, x0 /* what a guest had in it is lost, but for try.S */
	mov	x0, #\kind
	b	save_l0_exception
	.endm
/* clang-format on */

#endif
