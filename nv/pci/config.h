/*
 * What does L1 find in the configuration space of a PCI function that it has?  A copy of the function's own as it was found, of which L1
 * changes what a driver must: nothing of it is the machine's. BARs are at addresses of L1's, capabilities are those that firn knows to be
 * harmless, interrupts are messages (MSI, or MSI-X with its table). Names and offsets as in the PCI Local Bus Specification 3.0 and the PCI Express Base
 * Specification.  Next: config.c, host/device/pci.h.
 */
#ifndef NV_PCI_CONFIG_H
#define NV_PCI_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include "nv/arch/addr.h"
#include "nv/pci/reset.h"

#define VPCI_VECTORS 32 /* messages of a function */

#define PCI_COMMAND_MEMORY 0x2U
#define PCI_COMMAND_MASTER 0x4U
#define PCI_COMMAND_INTX_OFF 0x400U
#define PCI_BAR0 0x10

struct vpci_message {
	uint64_t address;
	uint32_t data, control; /* control: bit 0 masks it */
};

struct vpci_bar {
	uint64_t size; /* 0: there is none, or it is the upper half of the one before */
	bool is_64;
};

struct vpci {
	uint32_t word[PCI_CONFIG_WORDS],
		writable[PCI_CONFIG_WORDS]; /* as L1 reads them, and which bits it writes */
	struct vpci_bar bar[PCI_BARS];
	uint8_t msi, msix;	/* offsets of capabilities, in the machine's function too; 0: none */
	uint8_t af;		/* and where L1 has one by which it asks for a reset */
	struct pci_reset reset; /* how the function itself is reset */
	bool msi_64;
	unsigned vectors;
	unsigned table_bar;
	uint32_t table_offset;
	struct vpci_message table[VPCI_VECTORS]; /* of MSI-X */
};

/*
 * What the function says of itself, and the sizes of its BARs: 0 for those that it has not, and for I/O, which L1 does not get.
 * NULL: L1 can have it, and p is as out of reset. Else a sentence that says why not. Nothing that a function says is trusted.
 */
const char *vpci_init(struct vpci *p, const uint32_t raw[PCI_CONFIG_WORDS], const uint64_t size[PCI_BARS]);

/* As L1 finds it after a reset of the function. */
void vpci_reset(struct vpci *p);

/* An access of 1 << size_log2 bytes at offset in 4 KiB; one that PCI does not have reads as ones and does nothing. */
uint32_t vpci_read(const struct vpci *p, uint32_t offset, unsigned size_log2);

/* The same, and what may have changed by it. */
#define VPCI_DECODES 1U	 /* where BARs are */
#define VPCI_MASTERS 2U	 /* whether it may access memory */
#define VPCI_MESSAGES 4U /* MSI or MSI-X */
#define VPCI_RESETS \
	8U /* it asks for a Function Level Reset: vpci_reset and the function's are the caller's */
unsigned vpci_write(struct vpci *p, uint32_t offset, unsigned size_log2, uint32_t value);

/*
 * Can L1 reset the function?  By Function Level Reset of PCI Express if that is what the function has; whatever else p->reset is, by that of Advanced
 * Features.
 */
bool vpci_can_reset(const struct vpci *p);
/*
 * The function's own word that says whether it waits for answers, which L1 reads: vpci_set_pending takes what is in it. 0: it does not say.
 */
unsigned vpci_pending_at(const struct vpci *p);
void vpci_set_pending(struct vpci *p, uint32_t value);

/* Where L1 has put BAR n, a multiple of 4 KiB. False: it is none, or does not decode. */
bool vpci_bar_at(const struct vpci *p, unsigned n, uint64_t *ipa);

/* Does it master the bus? */
bool vpci_is_master(const struct vpci *p);

/* Is [offset, offset + bytes) of BAR n in the table of MSI-X, or in a page that it is in? */
bool vpci_is_table(const struct vpci *p, unsigned n, uint64_t offset, uint64_t bytes);
bool vpci_is_table_page(const struct vpci *p, unsigned n, uint64_t offset);

/* Accesses to the table, at an offset in the BAR: 32 or 64 bits; others read as 0 and do nothing. */
uint64_t vpci_table_read(const struct vpci *p, uint64_t offset, unsigned size_log2);
/* Returns the vector whose entry it was. VPCI_VECTORS: none's. */
unsigned vpci_table_write(struct vpci *p, uint64_t offset, unsigned size_log2, uint64_t value);

/* What the function would send for a vector now. False: nothing, it is masked or disabled. */
bool vpci_message(const struct vpci *p, unsigned vector, struct vpci_message *m);
/* And what it would, if it were neither masked nor disabled: after a reset, nothing to address 0. False: there is no such vector. */
bool vpci_entry(const struct vpci *p, unsigned vector, struct vpci_message *m);

#endif
