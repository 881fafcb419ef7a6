/*
 * How can a PCI function be reset?  By what it says that it has: Function Level Reset of PCI Express, or of Advanced Features (PCI ECN "Advanced
 * Capabilities for Conventional PCI"), the status register of a virtio device (virtio 1.2, "Device Status Field"), or power management, where the way
 * from D3hot to D0 is a reset (PCI Power Management 1.2, No_Soft_Reset). In this order: the last two leave more to others.  Next: reset.c, config.h.
 */
#ifndef NV_PCI_RESET_H
#define NV_PCI_RESET_H

#include "nv/pci/capability.h"

#define PCI_BARS 6

enum pci_reset_by {
	PCI_RESET_NOT,
	PCI_RESET_FLR,
	PCI_RESET_AF,
	PCI_RESET_VIRTIO,
	PCI_RESET_PM,
};

struct pci_reset {
	enum pci_reset_by by;
	uint8_t offset; /* of its capability */
	uint8_t bar;	/* virtio: the status is there, at register */
	uint32_t in_bar;
};

/* raw and size as for vpci_init. */
struct pci_reset pci_reset_of(const uint32_t raw[PCI_CONFIG_WORDS], const uint64_t size[PCI_BARS]);

/*
 * A step is one write, and a time in which nothing else may touch the function. In configuration space: the word at offset, of which the bits in keep
 * stay. In a BAR: a byte.
 */
struct pci_reset_step {
	bool is_in_bar;
	uint8_t bar;
	uint32_t offset, keep, set;
	unsigned ms;
};

/* Step n of it. False: it has fewer, and with them the function is as out of reset. */
bool pci_reset_step(const struct pci_reset *r, unsigned n, struct pci_reset_step *s);

#define PCIE_DEVCAP 4U
#define PCIE_DEVCAP_FLR BIT(28)
#define PCIE_DEVCTL 8U
#define PCIE_DEVCTL_FLR 0x8000U
#define PCIE_BYTES 0x3c
#define AF_FLR BIT(25) /* in the first word */
#define AF_TP BIT(24)  /* it says whether transactions are pending */
#define AF_CONTROL 4U
#define AF_INITIATE_FLR 1U
#define AF_PENDING BIT(8) /* in the word of the control */
#define AF_BYTES 6

#endif
