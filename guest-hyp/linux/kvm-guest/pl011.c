/*
 * What can L2 say before it has loaded any driver?  Everything, on a UART that each arm64 kernel knows: earlycon, and
 * ttyAMA0 for kernels without a virtio console.  Registers: DDI0183, chapter 3.
 */
#define _GNU_SOURCE
#include "guest-hyp/linux/kvm-guest/pl011.h"

#include <string.h>
#include <sys/eventfd.h>

#include "guest-hyp/linux/kvm-guest/output.h"

#define UARTDR 0x000
#define UARTFR 0x018
#define UARTIBRD 0x024
#define UARTFBRD 0x028
#define UARTLCR_H 0x02c
#define UARTCR 0x030
#define UARTIFLS 0x034
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

static void set_pending(struct pl011 *uart, uint32_t pending, uint32_t mask)
{
	bool before = uart->pending & uart->mask, now = pending & mask;

	uart->pending = pending;
	uart->mask = mask;
	if (before != now)
		kvm_set_line(uart->kvm, PL011_INTID, now);
}

static uint32_t take_typed(struct pl011 *uart)
{
	uint32_t byte = (uint8_t)uart->typed[0];

	if (!uart->length)
		return 0;
	memmove(uart->typed, uart->typed + 1, --uart->length);
	if (!uart->length)
		set_pending(uart, uart->pending & ~(INT_RX | INT_RT), uart->mask);
	eventfd_write(uart->wake, 1);
	return byte;
}

uint32_t pl011_load(struct pl011 *uart, uint64_t offset)
{
	switch (offset) {
	case UARTDR:
		return take_typed(uart);
	case UARTFR:
		return FR_TXFE | (uart->length ? 0 : FR_RXFE) |
		       (uart->length == sizeof(uart->typed) ? FR_RXFF : 0);
	case UARTIBRD:
		return uart->ibrd;
	case UARTFBRD:
		return uart->fbrd;
	case UARTLCR_H:
		return uart->line_control;
	case UARTCR:
		return uart->control;
	case UARTIFLS:
		return uart->trigger;
	case UARTIMSC:
		return uart->mask;
	case UARTRIS:
		return uart->pending;
	case UARTMIS:
		return uart->pending & uart->mask;
	default:
		return offset >= UARTPERIPHID0 && offset < PL011_SIZE ? id[(offset - UARTPERIPHID0) / 4] : 0;
	}
}

void pl011_store(struct pl011 *uart, uint64_t offset, uint32_t value)
{
	char byte = (char)value;

	switch (offset) {
	case UARTDR:
		output_console(&byte, 1);
		set_pending(uart, uart->pending | INT_TX, uart->mask); /* it is out, so there is room again */
		break;
	case UARTIBRD:
		uart->ibrd = value;
		break;
	case UARTFBRD:
		uart->fbrd = value;
		break;
	case UARTLCR_H:
		uart->line_control = value;
		break;
	case UARTCR:
		uart->control = value;
		break;
	case UARTIFLS:
		uart->trigger = value;
		break;
	case UARTIMSC:
		set_pending(uart, uart->pending, value);
		eventfd_write(uart->wake, 1);
		break;
	case UARTICR:
		set_pending(uart, uart->pending & ~value, uart->mask);
		break;
	default:
		break;
	}
}

size_t pl011_type(struct pl011 *uart, const char *bytes, size_t size)
{
	size_t room = sizeof(uart->typed) - uart->length, n = size < room ? size : room;

	/* A driver throws away what came before it has enabled the interrupt. */
	if (!(uart->control & CR_UARTEN) || !(uart->control & CR_RXE) || !(uart->mask & (INT_RX | INT_RT)) ||
	    !n)
		return 0;
	memcpy(uart->typed + uart->length, bytes, n);
	uart->length += n;
	set_pending(uart, uart->pending | INT_RX | INT_RT, uart->mask);
	return n;
}
