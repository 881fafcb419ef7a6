/* How does L1's console work?  Reads: pl011.h. Register names and offsets: Arm DDI0183. */
#include "host/device/pl011.h"

#include "host/interrupt/vgic.h"
#include "host/machine/uart.h"
#include "host/report/print.h"
#include "host/vm/vm.h"

enum pl011_register {
	UARTDR = 0x000,
	UARTRSR = 0x004,
	UARTFR = 0x018,
	UARTILPR = 0x020,
	UARTIBRD = 0x024,
	UARTFBRD = 0x028,
	UARTLCR_H = 0x02c,
	UARTCR = 0x030,
	UARTIFLS = 0x034,
	UARTIMSC = 0x038,
	UARTRIS = 0x03c,
	UARTMIS = 0x040,
	UARTICR = 0x044,
	UARTDMACR = 0x048,
	UART_ID = 0xfe0, /* UARTPeriphID0 to 3, UARTPCellID0 to 3 */
};

#define DR_OE BIT(11)
#define FR_RXFE BIT(4)
#define FR_RXFF BIT(6)
#define FR_TXFE BIT(7)
#define LCR_H_FEN BIT(4)
#define IFLS_RX BITS(5, 3)
#define INT_RX BIT(4)
#define INT_TX BIT(5)
#define INT_RT BIT(6)
#define INT_OE BIT(10)
#define INTERRUPTS BITS(10, 0)
#define CR_RESET 0x300	/* TXE, RXE */
#define IFLS_RESET 0x12 /* both half full */
#define REAL_FIFO 32	/* of revision 3, for the trigger levels */

static const uint8_t identification[] = { 0x11, 0x10, 0x34, 0x00, 0x0d, 0xf0, 0x05, 0xb1 };

void pl011_reset(struct pl011 *u)
{
	struct spinlock lock = u->lock;

	*u = (struct pl011){ .lock = lock, .cr = CR_RESET, .ifls = IFLS_RESET };
}

/* With the lock held, after every change: the interrupt line follows what is raised and not masked. */
static void update_line(struct vm *vm)
{
	vgic_set_level(vm, 0, VM_INTID_UART, vm->uart.ris & vm->uart.imsc);
}

/* --- receiving --- */

/* How many characters raise the receive interrupt: an eighth, a quarter, a half, ... of the FIFO, or one without it. */
static unsigned trigger(const struct pl011 *u)
{
	static const uint8_t eighths[] = { 1, 2, 4, 6, 7 };
	unsigned which = (unsigned)field_get(IFLS_RX, u->ifls);

	if (!(u->lcr_h & LCR_H_FEN))
		return 1;
	return REAL_FIFO / 8 * eighths[which < sizeof(eighths) ? which : sizeof(eighths) - 1];
}

/* Fewer than that are reported by the timeout, which passes at once here. */
static void receive(struct pl011 *u, uint8_t c)
{
	if (u->filled == PL011_FIFO) {
		u->overrun = true;
		u->ris |= (uint32_t)INT_OE;
		return;
	}
	u->fifo[(u->first + u->filled++) % PL011_FIFO] = c;
	u->ris |= (uint32_t)(u->filled >= trigger(u) ? INT_RX : INT_RT);
}

static uint32_t take(struct pl011 *u)
{
	uint32_t c;

	if (!u->filled)
		return 0;
	c = u->fifo[u->first] | (u->overrun ? (uint32_t)DR_OE : 0);
	u->overrun = false;
	u->first = (u->first + 1) % PL011_FIFO;
	u->filled--;
	if (u->filled < trigger(u))
		u->ris &= ~(uint32_t)INT_RX;
	u->ris = u->filled ? u->ris | (uint32_t)INT_RT : u->ris & ~(uint32_t)INT_RT;
	return c;
}

void pl011_input(void)
{
	struct vm *vm = vm_get(0);
	uint8_t c;

	if (!vm) {
		while (uart_getc(&c))
			;
		return;
	}
	spin_lock(&vm->uart.lock);
	while (uart_getc(&c))
		receive(&vm->uart, c);
	update_line(vm);
	spin_unlock(&vm->uart.lock);
}

/* --- sending: the transmit FIFO is always empty again --- */

static void send_line(struct vm *vm)
{
	struct pl011 *u = &vm->uart;

	u->line[u->line_filled] = 0;
	print("vm%u| %s\n", vm->index, u->line);
	u->line_filled = 0;
}

/* The terminal is VM 0's: others cannot send it what it would obey. */
static bool is_text(char c)
{
	return (c >= ' ' && c <= '~') || c == '\t';
}

static void send(struct vm *vm, char c)
{
	struct pl011 *u = &vm->uart;

	u->ris |= (uint32_t)INT_TX;
	if (vm->index == 0) {
		uart_putc(c);
		return;
	}
	if (c == '\r')
		return;
	if (c != '\n')
		u->line[u->line_filled++] = is_text(c) ? c : '?';
	if (c == '\n' || u->line_filled == sizeof(u->line) - 1)
		send_line(vm);
}

/* --- registers --- */

static uint32_t flags(const struct pl011 *u)
{
	unsigned depth = u->lcr_h & LCR_H_FEN ? PL011_FIFO : 1;

	return (uint32_t)(FR_TXFE | (u->filled ? 0 : FR_RXFE) | (u->filled >= depth ? FR_RXFF : 0));
}

static uint32_t read_register(struct vm *vm, uint64_t offset)
{
	struct pl011 *u = &vm->uart;

	switch (offset) {
	case UARTDR:
		return take(u);
	case UARTRSR:
		return u->overrun ? (uint32_t)(DR_OE >> 8) : 0;
	case UARTFR:
		return flags(u);
	case UARTILPR:
		return u->ilpr;
	case UARTIBRD:
		return u->ibrd;
	case UARTFBRD:
		return u->fbrd;
	case UARTLCR_H:
		return u->lcr_h;
	case UARTCR:
		return u->cr;
	case UARTIFLS:
		return u->ifls;
	case UARTIMSC:
		return u->imsc;
	case UARTRIS:
		return u->ris;
	case UARTMIS:
		return u->ris & u->imsc;
	case UARTDMACR:
		return u->dmacr;
	default:
		return 0;
	}
}

static void write_register(struct vm *vm, uint64_t offset, uint32_t value)
{
	struct pl011 *u = &vm->uart;

	switch (offset) {
	case UARTDR:
		send(vm, (char)value);
		return;
	case UARTRSR:
		u->overrun = false;
		return;
	case UARTILPR:
		u->ilpr = value & BITS(7, 0);
		return;
	case UARTIBRD:
		u->ibrd = value & BITS(15, 0);
		return;
	case UARTFBRD:
		u->fbrd = value & BITS(5, 0);
		return;
	case UARTLCR_H:
		u->lcr_h = value & BITS(7, 0);
		return;
	case UARTCR:
		u->cr = value & BITS(15, 0);
		return;
	case UARTIFLS:
		u->ifls = value & BITS(5, 0);
		return;
	case UARTIMSC:
		u->imsc = value & INTERRUPTS;
		return;
	case UARTICR:
		u->ris &= ~value;
		return;
	case UARTDMACR:
		u->dmacr = value & BITS(2, 0);
		return;
	default:
		return;
	}
}

uint32_t pl011_read(struct vm *vm, uint64_t offset)
{
	uint32_t value;

	if (offset >= UART_ID)
		return offset % 4 ? 0 : identification[(offset - UART_ID) / 4];
	spin_lock(&vm->uart.lock);
	value = read_register(vm, offset);
	update_line(vm);
	spin_unlock(&vm->uart.lock);
	return value;
}

void pl011_write(struct vm *vm, uint64_t offset, uint32_t value)
{
	spin_lock(&vm->uart.lock);
	write_register(vm, offset, value);
	update_line(vm);
	spin_unlock(&vm->uart.lock);
}
