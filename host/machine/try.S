/*
 * Which instructions of L0 may be aborted?  The access of each function here. The vectors use TPIDR_EL0 and TPIDR_EL1, which are a guest's,
 * for an exception of L0's own: X2 and X3 have what was in them.  Reads: try.h.
 */
	.text

	.macro	LOAD bits, instruction, register
	.global	try_load\bits
try_load\bits:
	mrs	x2, tpidr_el0
	mrs	x3, tpidr_el1
	\instruction	\register, [x0]
	str	x4, [x1]
	mov	w0, #1
	ret
	.endm

	.macro	STORE bits, instruction, register
	.global	try_store\bits
try_store\bits:
	mrs	x2, tpidr_el0
	mrs	x3, tpidr_el1
	\instruction	\register, [x0]
	mov	w0, #1
	ret
	.endm

	.global	try_begin, try_end, try_failed
try_begin:
	LOAD	8, ldrb, w4
	LOAD	16, ldrh, w4
	LOAD	32, ldr, w4
	LOAD	64, ldr, x4
	STORE	8, strb, w1
	STORE	16, strh, w1
	STORE	32, str, w1
	STORE	64, str, x1
try_end:

try_failed:
	msr	tpidr_el0, x2
	msr	tpidr_el1, x3
	mov	w0, wzr
	ret
