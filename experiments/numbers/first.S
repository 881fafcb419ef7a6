/*
 * When does L1 begin?  The smallest L1 there is: an arm64 Image that says what the counter was at its first instruction, in hex on
 * the PL011 that firn gives it, and switches itself off.  Assembled and run by experiments/numbers/start.
 */
	b	first
	.word	0
	.quad	0		/* text_offset */
	.quad	4096		/* image_size */
	.quad	0xa		/* flags: little-endian, 4 KiB, anywhere */
	.quad	0, 0, 0
	.ascii	"ARM\x64"
	.word	0
first:
	mrs	x0, cntpct_el0
	mov	x1, #0x09000000
	mov	w2, #16
digit:
	ror	x0, x0, #60
	and	w3, w0, #15
	cmp	w3, #10
	add	w4, w3, #'0'
	add	w3, w3, #'a' - 10
	csel	w3, w4, w3, lo
	str	w3, [x1]
	subs	w2, w2, #1
	b.ne	digit
	mov	w3, #'\n'
	str	w3, [x1]
	ldr	x0, =0x84000008	/* PSCI SYSTEM_OFF */
	smc	#0
