/*
 * What does kvm-guest do with an L2 that is not Linux, and means no good?  An arm64 Image for --kernel:
 *
 *   TOGETHER  four vCPUs ask for a reset at the same time
 *   TALKS     prints for ever, on the PL011
 *   FULL      says "full" when the PL011 can take no more of what was typed, and takes none
 *   GREEDY    makes a thousand requests of eight buffers available to the random number generator, and notifies it once: it
 *             switches the machine off if that many were served as the largest queue has, and otherwise resets it
 */
#define UARTDR 0x00
#define UARTFR 0x18
#define UARTCR 0x30
#define UARTIMSC 0x38

#define CPU_ON 0xc4000003
#define SYSTEM_OFF 0x84000008
#define SYSTEM_RESET 0x84000009

#define RNG 0x0a000200 /* the second virtio device; registers of virtio-mmio, virtio 1.2, 4.2.2 */
#define DRIVER_FEATURES 0x020
#define DRIVER_FEATURES_SEL 0x024
#define QUEUE_SIZE 0x038
#define QUEUE_READY 0x044
#define QUEUE_NOTIFY 0x050
#define STATUS 0x070
#define QUEUE_DESC 0x080
#define QUEUE_DRIVER 0x090
#define QUEUE_DEVICE 0x0a0

image:
	b	start
	nop
	.quad	0, 0x10000, 0, 0, 0, 0 /* text_offset, image_size, flags */
	.ascii	"ARM\x64"
	.long	0

	.macro	put register, value
	ldr	w0, =\value
	str	w0, [x19, #\register]
	.endm

start:
#ifdef TOGETHER
	adr	x19, ready
	mov	x20, #1
1:	ldr	x0, =CPU_ON
	mov	x1, x20
	adr	x2, secondary
	hvc	#0
	add	x20, x20, #1
	cmp	x20, #4
	b.ne	1b
secondary:			/* ready counts them; the MMU is off, so each has a byte of its own */
	adr	x19, ready
	mrs	x1, mpidr_el1
	and	x1, x1, #3
	mov	w2, #1
	strb	w2, [x19, x1]
	ldr	w1, =0x01010101
2:	ldr	w2, [x19]
	cmp	w2, w1
	b.ne	2b
	ldr	w0, =SYSTEM_RESET
	hvc	#0
#endif

#ifdef TALKS
	mov	x19, #0x09000000
1:	put	UARTDR, 'L'
	b	1b
#endif

#ifdef FULL
	mov	x19, #0x09000000
	put	UARTCR, 0x301	/* UARTEN, TXE, RXE */
	put	UARTIMSC, 0x10
1:	ldr	w0, [x19, #UARTFR]
	tbz	w0, #6, 1b	/* RXFF */
	put	UARTDR, 'f'
	put	UARTDR, 'u'
	put	UARTDR, 'l'
	put	UARTDR, 'l'
	put	UARTDR, '\n'
2:	wfi
	b	2b
#endif

#ifdef GREEDY
	ldr	x19, =RNG
	put	STATUS, 3	/* ACKNOWLEDGE, DRIVER */
	put	DRIVER_FEATURES_SEL, 1
	put	DRIVER_FEATURES, 1 /* VERSION_1 */
	put	STATUS, 0xb	/* FEATURES_OK */
	put	QUEUE_SIZE, 8
	adr	x1, descriptors
	str	w1, [x19, #QUEUE_DESC]
	adr	x1, available
	str	w1, [x19, #QUEUE_DRIVER]
	adr	x20, used
	str	w20, [x19, #QUEUE_DEVICE]
	put	QUEUE_READY, 1
	put	STATUS, 0xf	/* DRIVER_OK */
	adr	x1, available
	mov	w0, #1000
	strh	w0, [x1, #2]
	put	QUEUE_NOTIFY, 0
	ldrh	w1, [x20, #2]
	ldr	w0, =SYSTEM_RESET
	cmp	w1, #128
	cset	w1, eq
	sub	w0, w0, w1	/* SYSTEM_OFF is the one before */
	hvc	#0
#endif

	.ltorg
	.balign	16
descriptors:			/* all eight heads are 0: four bytes, for the device to write */
	.quad	0x40000000 + buffer - image
	.long	4
	.short	2, 0
available:
	.zero	32
used:
	.zero	128
buffer:
	.zero	4
ready:
	.zero	4
