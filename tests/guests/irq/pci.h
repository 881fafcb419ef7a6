/*
 * How do cases reach their PCI functions, and have an SMMU of L1's between them and memory?  L1's map is docs/device-tree.md's.  Next:
 * pci.c, edu.c, nvme.c.
 */
#ifndef TESTS_GUESTS_IRQ_PCI_H
#define TESTS_GUESTS_IRQ_PCI_H

#include <stdbool.h>
#include <stdint.h>

#include "tests/guests/irq/irq.h"

#define PCI_WINDOW UINT64_C(0x10000000)
#define PCI_WINDOW_END UINT64_C(0x18000000)
#define PCI_ECAM UINT64_C(0x3f000000)
#define PCI_DEVICE(n) (((n) + 1U) << 3) /* of function n: its DeviceID and StreamID, too */

#define PCI_COMMAND 0x04
#define PCI_COMMAND_MEMORY 2
#define PCI_COMMAND_MASTER 4
#define PCI_BAR0 0x10
#define PCI_CAPABILITIES 0x34
#define PCI_CAP_MSI 5
#define PCI_CAP_EXPRESS 0x10
#define PCI_CAP_MSIX 0x11
#define PCI_CAP_FEATURES 0x13 /* Advanced Features */

static inline uint32_t pci_config(unsigned n, unsigned offset)
{
	return mmio_read(PCI_ECAM + (PCI_DEVICE(n) << 12) + offset);
}

static inline void pci_set_config(unsigned n, unsigned offset, uint32_t value)
{
	mmio_write(PCI_ECAM + (PCI_DEVICE(n) << 12) + offset, value);
}

/* Where a capability of function n is. */
unsigned pci_find(unsigned n, unsigned id);

static inline void mmio_write64(uint64_t address, uint64_t value)
{
	__asm__ volatile("str %0, [%1]" ::"r"(value), "r"(address) : "memory");
}

/* --- L1's SMMU, names as in IHI0070 --- */

#define SMMU UINT64_C(0x09050000)
#define SMMU_CR0 0x20
#define SMMU_CR1 0x28
#define SMMU_GERROR 0x60
#define SMMU_GERRORN 0x64
#define SMMU_STRTAB_BASE 0x80
#define SMMU_STRTAB_BASE_CFG 0x88
#define SMMU_CMDQ_BASE 0x90
#define SMMU_CMDQ_PROD 0x98
#define SMMU_CMDQ_CONS 0x9c
#define SMMU_EVENTQ_BASE 0xa0
#define SMMU_EVENTQ_PROD 0x100a8
#define SMMU_EVENTQ_CONS 0x100ac

#define CMD_CFGI_STE 0x03
#define CMD_TLBI_NH_ALL 0x10
#define CMD_TLBI_NH_ASID 0x11
#define CMD_TLBI_NH_VA 0x12
#define CMD_TLBI_NH_VAA 0x13
#define SMMU_ASID UINT64_C(5)

struct smmu_tables {
	uint64_t *streams, *context, *level1, *level2, *level3, *commands, *events;
	uint32_t prod, seen;
};
extern struct smmu_tables smmu;

/* Empty tables of one context, for addresses below 2 MiB, which function n has. With records its faults are events. */
void smmu_tables(unsigned n, bool records);
void smmu_on(void);
void smmu_off(void);

/* A page of them becomes that of L1's at address, or none for 0; nothing is invalidated. */
void smmu_map(uint64_t iova, uint64_t address);

void smmu_command(uint64_t word0, uint64_t word1);
void smmu_sync(void);

/* Nothing that the SMMU had for the page is used any more; by one of several commands that say so. */
void smmu_forget(uint64_t iova, unsigned how);

/* How many events have there been since the last time?  The first one of them. */
unsigned smmu_events(const uint64_t **first);

#endif
