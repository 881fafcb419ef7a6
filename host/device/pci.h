/*
 * How does a VM use PCI functions of the machine that are its own?  L1 has a host bridge, whose configuration spaces are nv/pci's. BARs are in
 * its stage 2 where it has put them, but for the pages of MSI-X tables; what the function reads and writes goes through the SMMU; its messages
 * go to the machine's ITS and come to L1 as events of its own ITS.  Next: pci.c, host/create/pci.c.
 */
#ifndef HOST_DEVICE_PCI_H
#define HOST_DEVICE_PCI_H

#include "host/vm/vcpu.h"
#include "host/vm/vm.h"
#include "nv/smmu/queue.h"

/* Message n of a function has the LPI f->lpi + n. */
void pci_own(struct vm *vm, const struct pci_function *f);

/* When a VM's first vCPU starts: its functions are as out of reset. When the last one has stopped they have no access any more, and are reset. */
void pci_begin(struct vm *vm);
void pci_end(struct vm *vm);
/* Is the reset over?  Until then pci_begin has to wait. */
bool pci_is_ready(const struct vm *vm);

/* An access of 1 << size_log2 bytes to the host bridge's windows, as mmio_access has it. False: it is not there, or does not answer. */
bool pci_access(struct vm *vm, l1_ipa_t ipa, bool write, unsigned size_log2, uint64_t *value);

/*
 * The same for the registers of L1's SMMU, at an offset. False: there are more commands in its queue than is good in one go, and the write has
 * to be made again.
 */
bool pci_smmu_access(struct vm *vm, uint64_t offset, bool write, unsigned size_log2, uint64_t *value);

/*
 * For smmu_set_listener: an event of a stage 1 of L1's goes to L1's own queue. After PCI_FAULTS_MAX of them in a 200th of a second the
 * function's accesses fail without an event until that is over.
 */
#define PCI_FAULTS_MAX 64
bool pci_smmu_event(const struct smmu_event *e);

/*
 * An LPI of the machine, whose priority has been dropped, on the VM's vm->pci.cpu. What comes while another VM's vCPU is there takes that one's
 * time: PCI_MESSAGES_MAX in a 200th of a second, then the function's messages wait for the end of it, or for a vCPU of their own VM.
 */
#define PCI_MESSAGES_MAX 64
void pci_interrupt(uint32_t lpi);

/* This CPU's held_until has come: messages that waited come again, and what was refused is not. And: a vCPU of this VM has come to this CPU. */
void pci_look(struct cpu *cpu);
void pci_loaded(struct vm *vm, const struct cpu *cpu);

#endif
