/* Where does a secondary vCPU begin?  X0 = its stack, whose last 16 bytes hold its index.  Next: smp.c. */
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

/* void storm_visit(void)   enters EL1 for one HVC; the exception that ends it returns to storm_back at EL2 */
	.global storm_visit, storm_back
storm_visit:
	stp	x29, x30, [sp, #-16]!
	adr	x0, 2f
	msr	elr_el2, x0
	mov	x0, #0x3c5
	msr	spsr_el2, x0
	isb
	eret
2:	hvc	#0
	b	2b
storm_back:
	ldp	x29, x30, [sp], #16
	ret

	.section .note.GNU-stack, "", @progbits
