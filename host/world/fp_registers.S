/* How do the FP, SIMD and SVE registers get into memory and back?  Reads: fp.h. */
	.macro EACH_PAIR op
	\op	q0, q1, [x0]
	\op	q2, q3, [x0, #32]
	\op	q4, q5, [x0, #64]
	\op	q6, q7, [x0, #96]
	\op	q8, q9, [x0, #128]
	\op	q10, q11, [x0, #160]
	\op	q12, q13, [x0, #192]
	\op	q14, q15, [x0, #224]
	\op	q16, q17, [x0, #256]
	\op	q18, q19, [x0, #288]
	\op	q20, q21, [x0, #320]
	\op	q22, q23, [x0, #352]
	\op	q24, q25, [x0, #384]
	\op	q26, q27, [x0, #416]
	\op	q28, q29, [x0, #448]
	\op	q30, q31, [x0, #480]
	.endm

	.macro EACH_Z op
	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	\op	z\n, [x0, #\n, mul vl]
	.endr
	.endm

	.macro EACH_P op
	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	\op	p\n, [x0, #\n, mul vl]
	.endr
	.endm

	.arch	armv8.2-a+sve
	.text
/* void fp_save(struct fp_state *s)   X0 = s; X1, X2 are scratch */
	.global fp_save, fp_save_status
fp_save:
	EACH_PAIR stp
/* void fp_save_status(struct fp_state *s)   X0 = s; X1, X2 are scratch */
fp_save_status:
	mrs	x1, fpcr
	mrs	x2, fpsr
	str	x1, [x0, #512]
	str	x2, [x0, #520]
	ret

/* void fp_load(const struct fp_state *s)   X0 = s; X1, X2 are scratch */
	.global fp_load, fp_load_status
fp_load:
	EACH_PAIR ldp
/* void fp_load_status(const struct fp_state *s)   X0 = s; X1, X2 are scratch */
fp_load_status:
	ldr	x1, [x0, #512]
	ldr	x2, [x0, #520]
	msr	fpcr, x1
	msr	fpsr, x2
	ret

	.macro EACH_V op
	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	\op	q\n, [x1]
	ret
	.endr
	.endm

/* void fp_get_v(unsigned n, void *bytes), void fp_set_v(unsigned n, const void *bytes)   X0 = n, X1 = bytes; X2 is scratch */
	.global fp_get_v, fp_set_v
fp_get_v:
	adr	x2, 1f
	add	x2, x2, x0, lsl #3
	br	x2
1:	EACH_V str
fp_set_v:
	adr	x2, 1f
	add	x2, x2, x0, lsl #3
	br	x2
1:	EACH_V ldr

/* void sve_save(void *area)   X0 = area, clobbered; P0 is lost */
	.global sve_save
sve_save:
	EACH_Z str
	addvl	x0, x0, #16
	addvl	x0, x0, #16
	EACH_P str
	rdffr	p0.b
	str	p0, [x0, #16, mul vl]
	ret

/* void sve_load(const void *area)   X0 = area, clobbered */
	.global sve_load
sve_load:
	EACH_Z ldr
	addvl	x0, x0, #16
	addvl	x0, x0, #16
	ldr	p0, [x0, #16, mul vl]
	wrffr	p0.b
	EACH_P ldr
	ret

/* void sve_clear_predicates(void) */
	.global sve_clear_predicates
sve_clear_predicates:
	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	pfalse	p\n\().b
	.endr
	wrffr	p0.b
	ret
