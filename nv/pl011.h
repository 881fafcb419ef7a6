/*
 * What does a PL011 (Arm DDI0183) do, whose transmit FIFO is always empty, and whose receive FIFO is deeper than the real one?  Next:
 * pl011.c, host/device/pl011.h.
 */
#ifndef NV_PL011_H
#define NV_PL011_H

#include <stdbool.h>
#include <stdint.h>

#define NV_PL011_FIFO 4096 /* nothing slows the sender down */

struct nv_pl011 {
	uint8_t fifo[NV_PL011_FIFO];
	unsigned first, filled;
	bool overrun;
	uint32_t ibrd, fbrd, lcr_h, cr, ifls, imsc, ris, dmacr, ilpr;
};

void nv_pl011_reset(struct nv_pl011 *u);

/* A character arrives; without room for it UARTRIS.OERIS says so. */
void nv_pl011_receive(struct nv_pl011 *u, uint8_t c);

/* An access to the register at offset, below 4 KiB: 32 bits wide, or narrower to its low part. A write is true if value's low byte is sent. */
uint32_t nv_pl011_read(struct nv_pl011 *u, uint64_t offset);
bool nv_pl011_write(struct nv_pl011 *u, uint64_t offset, uint32_t value);

/* UARTINTR: what is raised and not masked. */
static inline bool nv_pl011_line(const struct nv_pl011 *u)
{
	return u->ris & u->imsc;
}

#endif
