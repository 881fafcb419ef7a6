/*
 * How is L1's SMMU that of its PCI functions?  What nv/smmu/virtual.h decides is carried out here by the machine's: entries of streams, commands about
 * this VM's stage 1, events.  Next: pci_smmu.c, nv/smmu/virtual.h, host/core/smmu.h.
 */
#ifndef HOST_DEVICE_PCI_SMMU_H
#define HOST_DEVICE_PCI_SMMU_H

#include "host/vm/vcpu.h"
#include "host/vm/vm.h"
#include "nv/smmu/queue.h"

/*
 * An access of 1 << size_log2 bytes to the registers of L1's SMMU, at an offset. False: there are more commands in its queue than is good in one
 * go, and the write has to be made again.
 */
bool pci_smmu_access(struct vm *vm, uint64_t offset, bool write, unsigned size_log2, uint64_t *value);

/*
 * For smmu_set_listener: an event of a stage 1 of L1's goes to L1's own queue. After PCI_FAULTS_MAX of them in a 200th of a second the
 * function's accesses fail without an event until that is over.
 */
#define PCI_FAULTS_MAX 64
bool pci_smmu_event(const struct smmu_event *e);

/* The VM's own stage 2, for the machine's SMMU. */
struct smmu_stage2 pci_stage2(const struct vm *vm);

/* With vm->pci.lock held, from here on: the machine's entry for function n follows L1's, or refuses while the function is away or refused. */
void pci_follow_stream(struct vm *vm, unsigned n);

/* Are any refused because of too many faults?  And: none is any more. */
bool pci_is_refused(const struct vm *vm);
void pci_allow(struct vm *vm);

#endif
