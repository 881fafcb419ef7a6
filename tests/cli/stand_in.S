/*
 * What does the program firn do with an L0 that says this and then that?  An arm64 image that prints TEXT on the PL011 of
 * QEMU's virt machine; then it switches the machine off, or with HANG loops, or with ECHO sends back what it receives
 * until a "q".  With LEDGER it has a ledger: ledger.c.
 */
image:
	b	start
	nop
	.quad	0, 0x10000, 0xa, 0, 0, 0 /* text_offset, image_size, flags: little-endian, 4K pages, anywhere */
	.ascii	"ARM\x64"
	.long	0
#ifdef LEDGER
	.ascii	"FIRNNHR1" /* struct ledger_anchor of traces/ledger.h */
	.quad	ledger_header - image
#endif
start:
	mov	x5, #0x09000000
	adr	x1, words
1:	ldrb	w0, [x1], #1
	cbz	w0, 2f
	str	w0, [x5]
	b	1b
2:
#ifdef HANG
	b	2b
#endif
#ifdef ECHO
3:	ldr	w0, [x5, #0x18] /* UARTFR */
	tbnz	w0, #4, 3b	/* RXFE */
	ldr	w0, [x5]
	str	w0, [x5]
	cmp	w0, #'q'
	b.ne	3b
#endif
	movz	x0, #0x8400, lsl #16 /* PSCI SYSTEM_OFF */
	movk	x0, #8
	smc	#0
words:
	.ascii	TEXT
	.byte	0
