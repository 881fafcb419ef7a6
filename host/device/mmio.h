/* Which of L1's devices is at an address that its stage 2 does not map?  Next: mmio.c, host/interrupt/vgic.h, pl011.h. */
#ifndef HOST_DEVICE_MMIO_H
#define HOST_DEVICE_MMIO_H

#include "host/vm/vcpu.h"

enum mmio {
	MMIO_NONE, /* no device is there, or the access crosses its end: an External abort */
	MMIO_DONE,
	MMIO_AGAIN, /* the instruction is to be executed again: there is more to do than is good in one go */
};

/* A load (value is set, zero-extended) or store of 1 << size_log2 bytes by v at ipa. */
enum mmio mmio_access(struct vcpu *v, l1_ipa_t ipa, bool write, unsigned size_log2, uint64_t *value);

#endif
