/*
 * How does a VM use PCI functions of the machine that are its own?  L1 has a host bridge, whose configuration spaces are nv/pci's. BARs are in
 * its stage 2 where it has put them, but for the pages of MSI-X tables; what the function reads and writes goes through the SMMU (pci_smmu.h);
 * its messages go to the machine's ITS and come to L1 as events of its own ITS (pci_messages.h).  Next: pci.c, host/create/pci.c.
 */
#ifndef HOST_DEVICE_PCI_H
#define HOST_DEVICE_PCI_H

#include "host/vm/vcpu.h"
#include "host/vm/vm.h"

/* When a VM's first vCPU starts: its functions are as out of reset. When the last one has stopped they have no access any more, and are reset. */
void pci_begin(struct vm *vm);
void pci_end(struct vm *vm);
/* Is the reset over?  Until then pci_begin has to wait, and this is to be asked again: a reset may have several steps. */
bool pci_is_ready(struct vm *vm);

/* An access of 1 << size_log2 bytes to the host bridge's windows, as mmio_access has it. False: it is not there, or does not answer. */
bool pci_access(struct vm *vm, l1_ipa_t ipa, bool write, unsigned size_log2, uint64_t *value);

/* This CPU's held_until has come: messages that waited come again, and what was refused is not. */
void pci_look(struct cpu *cpu);

#endif
