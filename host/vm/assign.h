/*
 * Which devices of the machine does a VM have for itself?  Its registers are in L1's stage 2, and its SPIs are L1's: L0 drops
 * the priority, and the deactivation by L1 is hardware's.  Next: assign.c.
 */
#ifndef HOST_VM_ASSIGN_H
#define HOST_VM_ASSIGN_H

#include "host/vcpu/vcpu.h"

/*
 * The devices whose paths in fdt are in list (bytes long, one string behind the other) become vm's. What cannot be given
 * stops the machine with a line that begins with name.
 */
void assign_devices(const void *fdt, struct vm *vm, const char *name, const char *list, int bytes);

/* The SPIs of vm's devices, when its first vCPU starts, and when the last one has stopped: disabled, and inactive. */
void assign_enable(struct vm *vm);
void assign_disable(struct vm *vm);

/* An interrupt of the machine, active, its priority dropped. False: it is no assigned device's. Any CPU. */
bool assign_interrupt(uint32_t intid);

/* An access of 32 bits by L1's guest, which has no device in its tables. False: there is no device, or it is another size. */
bool assign_access(const struct vm *vm, l1_ipa_t ipa, bool write, unsigned size_log2, uint64_t *value);

#endif
