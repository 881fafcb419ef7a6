/* What does L0 remember of L1's console?  Next: host/device/pl011.h. */
#ifndef HOST_VM_PL011_TYPES_H
#define HOST_VM_PL011_TYPES_H

#include <stdint.h>

#include "host/machine/spinlock.h"
#include "nv/pl011.h"

#define PL011_LINE 128

struct pl011 {
	struct spinlock lock;
	struct nv_pl011 state;
	char line[PL011_LINE]; /* of a VM that has no UART of its own */
	unsigned line_filled;
};

#endif
