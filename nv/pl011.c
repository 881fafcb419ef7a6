/* What does a PL011 do?  Reads: pl011.h. Register names and offsets: Arm DDI0183. */
#include "nv/pl011.h"

#include "nv/arch/fields.h"

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

void nv_pl011_reset(struct nv_pl011 *u)
{
	*u = (struct nv_pl011){ .cr = CR_RESET, .ifls = IFLS_RESET };
}

/* --- receiving --- */

/* How many characters raise the receive interrupt: an eighth, a quarter, a half, ... of the FIFO, or one without it. */
static unsigned trigger(const struct nv_pl011 *u)
{
	static const uint8_t eighths[] = { 1, 2, 4, 6, 7 };
	unsigned which = (unsigned)field_get(IFLS_RX, u->ifls);

	if (!(u->lcr_h & LCR_H_FEN))
		return 1;
	return REAL_FIFO / 8 * eighths[which < sizeof(eighths) ? which : sizeof(eighths) - 1];
}

/* Fewer than that are reported by the timeout, which passes at once here. */
void nv_pl011_receive(struct nv_pl011 *u, uint8_t c)
{
	if (u->filled == NV_PL011_FIFO) {
		u->overrun = true;
		u->ris |= (uint32_t)INT_OE;
		return;
	}
	u->fifo[(u->first + u->filled++) % NV_PL011_FIFO] = c;
	u->ris |= (uint32_t)(u->filled >= trigger(u) ? INT_RX : INT_RT);
}

static uint32_t take(struct nv_pl011 *u)
{
	uint32_t c;

	if (!u->filled)
		return 0;
	c = u->fifo[u->first] | (u->overrun ? (uint32_t)DR_OE : 0);
	u->overrun = false;
	u->first = (u->first + 1) % NV_PL011_FIFO;
	u->filled--;
	if (u->filled < trigger(u))
		u->ris &= ~(uint32_t)INT_RX;
	u->ris = u->filled ? u->ris | (uint32_t)INT_RT : u->ris & ~(uint32_t)INT_RT;
	return c;
}

/* --- registers --- */

static uint32_t flags(const struct nv_pl011 *u)
{
	unsigned depth = u->lcr_h & LCR_H_FEN ? NV_PL011_FIFO : 1;

	return (uint32_t)(FR_TXFE | (u->filled ? 0 : FR_RXFE) | (u->filled >= depth ? FR_RXFF : 0));
}

uint32_t nv_pl011_read(struct nv_pl011 *u, uint64_t offset)
{
	if (offset >= UART_ID)
		return offset % 4 ? 0 : identification[(offset - UART_ID) / 4];
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

bool nv_pl011_write(struct nv_pl011 *u, uint64_t offset, uint32_t value)
{
	switch (offset) {
	case UARTDR:
		u->ris |= (uint32_t)INT_TX; /* the transmit FIFO is always empty again */
		return true;
	case UARTRSR:
		u->overrun = false;
		return false;
	case UARTILPR:
		u->ilpr = value & BITS(7, 0);
		return false;
	case UARTIBRD:
		u->ibrd = value & BITS(15, 0);
		return false;
	case UARTFBRD:
		u->fbrd = value & BITS(5, 0);
		return false;
	case UARTLCR_H:
		u->lcr_h = value & BITS(7, 0);
		return false;
	case UARTCR:
		u->cr = value & BITS(15, 0);
		return false;
	case UARTIFLS:
		u->ifls = value & BITS(5, 0);
		return false;
	case UARTIMSC:
		u->imsc = value & INTERRUPTS;
		return false;
	case UARTICR:
		u->ris &= ~value;
		return false;
	case UARTDMACR:
		u->dmacr = value & BITS(2, 0);
		return false;
	default:
		return false;
	}
}
