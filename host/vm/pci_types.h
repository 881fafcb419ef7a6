/* What does a VM keep of PCI functions of the machine that are its own?  Next: host/device/pci.h. */
#ifndef HOST_VM_PCI_TYPES_H
#define HOST_VM_PCI_TYPES_H

#include "host/machine/spinlock.h"
#include "nv/arch/addr.h"
#include "nv/budget.h"
#include "nv/pci/config.h"
#include "nv/smmu/virtual.h"

#define PCI_FUNCTIONS 4 /* of a VM */
#define PCI_L1_DEVFN(n) \
	(((n) + 1U) << 3) /* where L1 finds function n: at device n + 1, function 0, of bus 0 */

struct pci_bar {
	uint64_t bus; /* its address on the bus, and for CPUs */
	pa_t pa;
	volatile uint8_t *regs;
	bool is_open; /* in the VM's stage 2, at at */
	l1_ipa_t at;
};

struct pci_function {
	uint16_t rid; /* in the machine: device and function */
	uint32_t stream;
	volatile uint8_t *config;
	struct pci_bar bar[PCI_BARS];
	bool translated;   /* by a stage 1 of L1's */
	uint32_t lpi;	   /* of its first message */
	bool held;	   /* its messages wait */
	bool refused;	   /* its accesses to memory fail, without an event */
	bool is_away;	   /* L1 has reset it: nothing of it is there, until L1 looks when that is over */
	uint64_t ready_at; /* CNTPCT_EL0; the last step of its reset is done then */
	unsigned steps;	   /* that have been taken */
	struct vpci shown;
};

struct vm_pci {
	struct spinlock lock;
	unsigned count;
	struct pci_function function[PCI_FUNCTIONS];
	bool has_smmu; /* L1 has one, with a stage 1 */
	struct vsmmu smmu;
	unsigned cpu;		/* that takes its messages */
	struct budget messages; /* that came there while another VM ran */
	struct budget faults;	/* of L1's stage 1, that L1 was told of */
	uint64_t floods;	/* how often either was too much */
};

#endif
