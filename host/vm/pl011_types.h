/* What does L0 remember of L1's console?  Next: host/device/pl011.h. */
#ifndef HOST_VM_PL011_TYPES_H
#define HOST_VM_PL011_TYPES_H

#include <stdbool.h>
#include <stdint.h>

#include "host/machine/spinlock.h"

#define PL011_FIFO 4096 /* deeper than the real one: nothing slows the sender down */
#define PL011_LINE 128

struct pl011 {
	struct spinlock lock;
	uint8_t fifo[PL011_FIFO];
	unsigned first, filled;
	bool overrun;
	uint32_t ibrd, fbrd, lcr_h, cr, ifls, imsc, ris, dmacr, ilpr;
	char line[PL011_LINE]; /* of a VM that has no UART of its own */
	unsigned line_filled;
};

#endif
