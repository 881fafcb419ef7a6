/*
 * What does a message of a PCI function become?  L1's entry of MSI or MSI-X is not the function's own: in there all go to the machine's ITS, or
 * are masked where L1's are. What comes is an LPI of the machine, and an event of L1's own ITS.  Next: pci_messages.c, pci.h.
 */
#ifndef HOST_DEVICE_PCI_MESSAGES_H
#define HOST_DEVICE_PCI_MESSAGES_H

#include "host/vm/vcpu.h"
#include "host/vm/vm.h"

/* Message n of a function has the LPI f->lpi + n. */
void pci_own(struct vm *vm, const struct pci_function *f);

/*
 * An LPI of the machine, whose priority has been dropped, on the VM's vm->pci.cpu. What comes while another VM's vCPU is there takes that one's
 * time: PCI_MESSAGES_MAX in a 200th of a second, then the function's messages wait for the end of it, or for a vCPU of their own VM.
 */
#define PCI_MESSAGES_MAX 64
void pci_interrupt(uint32_t lpi);

/* A vCPU of this VM has come to this CPU: messages that waited come again. */
void pci_loaded(struct vm *vm, const struct cpu *cpu);

/* With vm->pci.lock held: the same for all of the VM's functions; and do any wait? */
void pci_release(struct vm *vm);
bool pci_is_holding(const struct vm *vm);

/*
 * With vm->pci.lock held: the function's own entries, or that of one vector of MSI-X, follow what L1 has of them. And: they are as after a
 * reset, which is that MSI-X is on and each vector masked.
 */
void pci_follow_messages(const struct pci_function *f);
void pci_follow_vector(const struct pci_function *f, unsigned vector);
void pci_set_up_messages(const struct pci_function *f);

#endif
