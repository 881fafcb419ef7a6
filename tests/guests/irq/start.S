/* Where does a secondary vCPU begin?  X0 = its stack, whose last 16 bytes hold its index.  Next: smp.c. */
#include "guest-hyp/rt/asm.inc"

	.text
	.global smp_secondary
smp_secondary:
	mov	sp, x0
	ldr	w0, [sp]
	mov	x29, xzr
	mov	x30, xzr
	b	smp_entry

/* void fp_fill(uint64_t seed), bool fp_holds(uint64_t seed): all of V0 to V31 are seed + their number */
	.arch	armv8-a+fp+simd
	.global fp_fill, fp_holds
fp_fill:
	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	add	x1, x0, #\n
	dup	v\n\().2d, x1
	.endr
	ret
fp_holds:
	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	add	x1, x0, #\n
	mov	x2, v\n\().d[0]
	mov	x3, v\n\().d[1]
	cmp	x1, x2
	b.ne	1f
	cmp	x1, x3
	b.ne	1f
	.endr
	mov	w0, #1
	ret
1:	mov	w0, #0
	ret

/*
 * uint64_t guest_visit(uint64_t pc, uint64_t pstate, uint64_t x0, uint64_t x1)
 * The exception that ends it returns to guest_back at EL2, with the guest's X0. What the guest may clobber of a C function's own is kept.
 */
	.global guest_visit, guest_back
guest_visit:
	PUSH_CALLEE_SAVED
	msr	elr_el2, x0
	msr	spsr_el2, x1
	mov	x0, x2
	mov	x1, x3
	isb
	eret
guest_back:
	POP_CALLEE_SAVED
	ret

/* l2.c: X0 = its stack, X1 = a function; then HVC */
	.global l2_begin
l2_begin:
	mov	sp, x0
	mov	x29, xzr
	mov	x30, xzr
	blr	x1
1:	hvc	#0
	b	1b

/* Guests of storm.c, serror.c and vtime.c */
	.global storm_guest, serror_guest, vtime_guest
storm_guest:
	hvc	#0
	b	storm_guest
serror_guest: /* X1 goes to X0 */
	mov	x0, x1
	hvc	#0
	b	serror_guest
vtime_guest:
	mrs	x1, cntpct_el0
	mrs	x2, cntvct_el0
	sub	x0, x1, x2
	b	vtime_guest

	.arch	armv8.2-a+sve
	.global	sve_fill, sve_store, sve_bytes, sve_guest
/* void sve_fill(uint64_t seed) */
sve_fill:
	lsr	x2, x0, #32
	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	index	z\n\().d, x0, #1
	add	x0, x0, #1000
	.endr
	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	add	x1, x2, #\n
	and	x1, x1, #15
	add	x1, x1, #1
	whilelo	p\n\().b, xzr, x1
	.endr
	wrffr	p7.b
	ret

/* void sve_store(uint8_t *to)   Z0 to Z31, P0 to P15, FFR */
sve_store:
	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	str	z\n, [x0, #\n, mul vl]
	.endr
	addvl	x0, x0, #16
	addvl	x0, x0, #16
	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	str	p\n, [x0, #\n, mul vl]
	.endr
	rdffr	p0.b
	str	p0, [x0, #16, mul vl]
	ldr	p0, [x0]
	ret

/* uint64_t sve_bytes(void) */
sve_bytes:
	rdvl	x0, #1
	ret

/* X0 = seed, X1 = where to: fills, waits, stores, and ends with HVC */
sve_guest:
	mov	x19, x1
	bl	sve_fill
	mov	x1, #0x100000
1:	subs	x1, x1, #1
	b.ne	1b
	mov	x0, x19
	bl	sve_store
2:	hvc	#0
	b	2b

/* X0 = the PL031: reads of a wrong size */
	.globl	rtc_guest, rtc_byte, rtc_double
rtc_byte:
	ldrb	w0, [x0]
	hvc	#0
rtc_double:
	ldr	x0, [x0]
	hvc	#0

/* X0 = the PL031, or 0: takes an interrupt, clears it there, ends it. X0 = its INTID, and RTCLR in the upper half. If it was cleared
   there, HVC after a while that another one could come in; else there is another one, for whoever is at EL2, however late. */
rtc_guest:
	mov	x1, x0
	mov	w5, wzr
	mrs	x0, S3_0_C12_C12_0	/* ICC_IAR1_EL1 */
	cbz	x1, 1f
	ldr	w5, [x1, #0x08]		/* RTCLR */
	str	wzr, [x1, #0x04]	/* RTCMR */
	mov	w3, #1
	str	w3, [x1, #0x1c]		/* RTCICR */
1:	dsb	sy
	msr	S3_0_C12_C12_1, x0	/* ICC_EOIR1_EL1 */
	isb
	orr	x0, x0, x5, lsl #32
	cbz	x1, .
	mov	w3, #1000
2:	sub	w3, w3, #1
	cbnz	w3, 2b
3:	hvc	#0
	b	3b

	.section .note.GNU-stack, "", @progbits
