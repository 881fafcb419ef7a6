/* Where are the capabilities of a PCI function?  Its configuration space is words of 32 bits, and nothing in it is trusted.  Next: reset.c, config.c. */
#ifndef NV_PCI_CAPABILITY_H
#define NV_PCI_CAPABILITY_H

#include <stdbool.h>
#include <stdint.h>

#include "nv/arch/bits.h"

#define PCI_CONFIG_WORDS 64 /* of 32 bits; what is behind them, extended capabilities, is not shown */
#define PCI_CONFIG_BYTES 256U
#define PCI_COMMAND 0x04
#define PCI_STATUS_CAPABILITIES BIT(20) /* of the word that the command is in */
#define PCI_CAPABILITIES 0x34
#define PCI_FIRST_CAPABILITY 0x40

#define CAP_ID BITS(7, 0)
#define CAP_NEXT BITS(15, 8)
#define CAP_BYTES BITS(23, 16) /* of a vendor's, and of Advanced Features */
#define CAP_PM 0x01
#define CAP_MSI 0x05
#define CAP_VENDOR 0x09
#define CAP_PCIE 0x10
#define CAP_MSIX 0x11
#define CAP_AF 0x13

/* The capability that a pointer of 8 bits leads to, or 0: the list ends, or leads where there is none. */
static inline unsigned pci_cap_at(uint64_t pointer)
{
	pointer &= ~UINT64_C(3);
	return pointer >= PCI_FIRST_CAPABILITY && pointer < PCI_CONFIG_BYTES ? (unsigned)pointer : 0;
}

static inline unsigned pci_cap_first(const uint32_t raw[PCI_CONFIG_WORDS])
{
	return raw[PCI_COMMAND / 4] & PCI_STATUS_CAPABILITIES ?
		       pci_cap_at(raw[PCI_CAPABILITIES / 4] & BITS(7, 0)) :
		       0;
}

static inline unsigned pci_cap_next(const uint32_t raw[PCI_CONFIG_WORDS], unsigned offset)
{
	return pci_cap_at(field_get(CAP_NEXT, raw[offset / 4]));
}

static inline unsigned pci_cap_id(const uint32_t raw[PCI_CONFIG_WORDS], unsigned offset)
{
	return (unsigned)field_get(CAP_ID, raw[offset / 4]);
}

#endif
