/*
 * How does a VM use a device of the machine that is its own?  Its registers are in L1's stage 2, and its SPIs are L1's: L0 drops
 * the priority, and the deactivation by L1 is hardware's.  Next: assigned.c.
 */
#ifndef HOST_DEVICE_ASSIGNED_H
#define HOST_DEVICE_ASSIGNED_H

#include "host/vm/vcpu.h"

/* Does a device have the SPI? From assigned_own on it is that VM's. */
bool assigned_has(uint32_t intid);
void assigned_own(struct vm *vm, uint32_t intid);

/* The SPIs of vm's devices, when its first vCPU starts, and when the last one has stopped: disabled, and inactive. */
void assigned_enable(struct vm *vm);
void assigned_disable(struct vm *vm);

/* An interrupt of the machine, active, its priority dropped. False: it is no assigned device's. Any CPU. */
bool assigned_interrupt(uint32_t intid);

/*
 * An access of 32 bits by L1's guest, which has no device in its tables. False: there is no device, it is another size, or it does not
 * answer.
 */
bool assigned_access(const struct vm *vm, l1_ipa_t ipa, bool write, unsigned size_log2, uint64_t *value);

#endif
