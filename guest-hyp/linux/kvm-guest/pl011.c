/*
 * What can L2 say before it has loaded any driver?  Everything, on a UART that each arm64 kernel knows: earlycon, and
 * ttyAMA0 for kernels without a virtio console.  Registers: DDI0183, chapter 3.
 */
#include <string.h>
#include <sys/eventfd.h>

#include "guest-hyp/linux/kvm-guest/device.h"
#include "guest-hyp/linux/kvm-guest/kvm.h"
#include "guest-hyp/linux/kvm-guest/output.h"

#define UARTDR 0x000
#define UARTFR 0x018
#define UARTCR 0x030
#define UARTIMSC 0x038
#define UARTRIS 0x03c
#define UARTMIS 0x040
#define UARTICR 0x044
#define UARTPERIPHID0 0xfe0

#define FR_RXFE (1u << 4)
#define FR_RXFF (1u << 6)
#define FR_TXFE (1u << 7)
#define CR_UARTEN (1u << 0)
#define CR_RXE (1u << 9)
#define INT_RX (1u << 4)
#define INT_TX (1u << 5)
#define INT_RT (1u << 6) /* something waits that is too little for INT_RX; here any */

/* Part 0x011, designer Arm (0x41), revision 3; then the PrimeCell's. */
static const uint8_t id[8] = { 0x11, 0x10, 0x34, 0x00, 0x0d, 0xf0, 0x05, 0xb1 };

static uint32_t word[UARTICR / 4]; /* the registers that only keep what is written */
#define REG(offset) word[(offset) / 4]

static uint32_t pending;
static char typed[16];
static size_t length;
static int wake_fd;

void pl011_make(int wake)
{
	wake_fd = wake;
}

static void set_pending(uint32_t now, uint32_t mask)
{
	bool before = pending & REG(UARTIMSC), after = now & mask;

	pending = now;
	REG(UARTIMSC) = mask;
	if (before != after)
		kvm_set_line(PL011_INTID, after);
}

static uint32_t take_typed(void)
{
	uint32_t byte = (uint8_t)typed[0];

	if (!length)
		return 0;
	memmove(typed, typed + 1, --length);
	if (!length)
		set_pending(pending & ~(INT_RX | INT_RT), REG(UARTIMSC));
	eventfd_write(wake_fd, 1);
	return byte;
}

uint32_t pl011_load(uint64_t offset)
{
	switch (offset) {
	case UARTDR:
		return take_typed();
	case UARTFR:
		return FR_TXFE | (length ? 0 : FR_RXFE) | (length == sizeof(typed) ? FR_RXFF : 0);
	case UARTRIS:
		return pending;
	case UARTMIS:
		return pending & REG(UARTIMSC);
	default:
		if (offset >= UARTPERIPHID0)
			return id[(offset - UARTPERIPHID0) / 4];
		return offset < sizeof(word) ? REG(offset) : 0;
	}
}

void pl011_store(uint64_t offset, uint32_t value)
{
	char byte = (char)value;

	switch (offset) {
	case UARTDR:
		output_console(&byte, 1);
		set_pending(pending | INT_TX, REG(UARTIMSC)); /* it is out, so there is room again */
		break;
	case UARTIMSC:
		set_pending(pending, value);
		eventfd_write(wake_fd, 1);
		break;
	case UARTICR:
		set_pending(pending & ~value, REG(UARTIMSC));
		break;
	default:
		if (offset < sizeof(word))
			REG(offset) = value;
	}
}

size_t pl011_type(const char *bytes, size_t size)
{
	size_t room = sizeof(typed) - length, n = size < room ? size : room;
	const uint32_t on = CR_UARTEN | CR_RXE;

	/* A driver throws away what came before it has enabled the interrupt. */
	if ((REG(UARTCR) & on) != on || !(REG(UARTIMSC) & (INT_RX | INT_RT)) || !n)
		return 0;
	memcpy(typed + length, bytes, n);
	length += n;
	set_pending(pending | INT_RX | INT_RT, REG(UARTIMSC));
	return n;
}
