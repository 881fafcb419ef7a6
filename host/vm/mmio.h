/* Which of L1's devices is at an address that its stage 2 does not map?  Next: mmio.c, vgic_hw.h, pl011.h. */
#ifndef HOST_VM_MMIO_H
#define HOST_VM_MMIO_H

#include "host/vcpu.h"

/*
 * A load (value is set, zero-extended) or store of 1 << size_log2 bytes by v at ipa. False: no device is there, or the
 * access crosses its end; the access is an External abort then.
 */
bool mmio_access(struct vcpu *v, l1_ipa_t ipa, bool write, unsigned size_log2, uint64_t *value);

#endif
