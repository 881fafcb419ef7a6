/* How do cases reach their PCI functions, and have an SMMU of L1's between them and memory?  Reads: pci.h. */
#include "tests/guests/irq/pci.h"

#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"
#include "nv/arch/bits.h"

#define ENABLED 0xdU /* SMMUEN, EVENTQEN, CMDQEN */
#define QUEUE_LOG2 6
#define CD_RECORD BIT(45)
#define PTE_PAGE UINT64_C(0x743) /* AF, inner shareable, read and write at any level, a page */
#define TABLE 3
#define CAPABILITIES_MAX 48

struct smmu_tables smmu;

unsigned pci_find(unsigned n, unsigned id)
{
	unsigned offset = pci_config(n, PCI_CAPABILITIES) & 0xff;

	for (unsigned i = 0; offset && i < CAPABILITIES_MAX; i++, offset = pci_config(n, offset) >> 8 & 0xff)
		if ((pci_config(n, offset) & 0xff) == id)
			return offset;
	rt_fail("no capability %u", id);
}

void smmu_command(uint64_t word0, uint64_t word1)
{
	unsigned slot = smmu.prod % (1U << QUEUE_LOG2);

	smmu.commands[2UL * slot] = word0;
	smmu.commands[2UL * slot + 1] = word1;
	smmu.prod = (smmu.prod + 1) % (2U << QUEUE_LOG2);
	dsb(sy);
	mmio_write(SMMU + SMMU_CMDQ_PROD, smmu.prod);
}

/* CMD_SYNC tells of its end by a message, and the queue is empty then, as each other time is waited for. */
void smmu_sync(void)
{
	static volatile uint32_t done;
	static uint32_t number;

	number++;
	smmu_command(0x46 | (number % 2) << 12 | (uint64_t)number << 32, (uint64_t)&done);
	while (number % 2 ? done != number : mmio_read(SMMU + SMMU_CMDQ_CONS) != smmu.prod)
		;
}

void smmu_map(uint64_t iova, uint64_t address)
{
	*(volatile uint64_t *)&smmu.level3[iova >> 12] = address ? address | PTE_PAGE : 0;
	dsb(sy);
}

/* A context of 39 bits. */
void smmu_tables(unsigned n, bool records)
{
	smmu.streams = rt_pages(4, 16384);
	smmu.context = rt_page();
	smmu.level1 = rt_page();
	smmu.level2 = rt_page();
	smmu.level3 = rt_page();
	smmu.commands = rt_page();
	smmu.events = rt_page();
	smmu.level1[0] = (uint64_t)smmu.level2 | TABLE;
	smmu.level2[0] = (uint64_t)smmu.level3 | TABLE;
	smmu.context[0] = 25 | 1 << 8 | 1 << 10 | 3 << 12 | BIT(30) | BIT(31) | UINT64_C(2) << 32 | BIT(41) |
			  (records ? CD_RECORD : 0) | BIT(46) | SMMU_ASID << 48;
	smmu.context[1] = (uint64_t)smmu.level1;
	smmu.context[3] = 0xff;
	smmu.streams[8UL * PCI_DEVICE(n)] = 1 | 5 << 1 | (uint64_t)smmu.context;
	smmu.streams[8UL * PCI_DEVICE(n) + 1] = BIT(2) | BIT(4) | 3 << 6;
}

void smmu_on(void)
{
	mmio_write(SMMU + SMMU_CR0, 0);
	mmio_write(SMMU + SMMU_CR1, 0xd75);
	mmio_write64(SMMU + SMMU_STRTAB_BASE, (uint64_t)smmu.streams);
	mmio_write(SMMU + SMMU_STRTAB_BASE_CFG, 8);
	mmio_write64(SMMU + SMMU_CMDQ_BASE, (uint64_t)smmu.commands | QUEUE_LOG2);
	mmio_write(SMMU + SMMU_CMDQ_PROD, 0);
	mmio_write(SMMU + SMMU_CMDQ_CONS, 0);
	mmio_write64(SMMU + SMMU_EVENTQ_BASE, (uint64_t)smmu.events | QUEUE_LOG2);
	mmio_write(SMMU + SMMU_EVENTQ_PROD, 0);
	mmio_write(SMMU + SMMU_EVENTQ_CONS, 0);
	mmio_write(SMMU + SMMU_GERRORN, mmio_read(SMMU + SMMU_GERROR));
	smmu.prod = smmu.seen = 0;
	dsb(sy);
	mmio_write(SMMU + SMMU_CR0, ENABLED);
	smmu_command(4, 31);
	smmu_command(0x30, 0);
	smmu_sync();
}

void smmu_off(void)
{
	mmio_write(SMMU + SMMU_CR0, 0);
}

void smmu_forget(uint64_t iova, unsigned how)
{
	switch (how % 4) {
	case 0:
		smmu_command(CMD_TLBI_NH_VA | SMMU_ASID << 48, iova | 1);
		break;
	case 1:
		smmu_command(CMD_TLBI_NH_ASID | SMMU_ASID << 48, 0);
		break;
	case 2:
		smmu_command(CMD_TLBI_NH_VAA, iova | 1);
		break;
	default:
		smmu_command(CMD_TLBI_NH_ALL, 0);
	}
	smmu_sync();
}

unsigned smmu_events(const uint64_t **first)
{
	uint32_t prod = mmio_read(SMMU + SMMU_EVENTQ_PROD), events = (prod - smmu.seen) % (2U << QUEUE_LOG2);

	*first = smmu.events + 4UL * (smmu.seen % (1U << QUEUE_LOG2));
	dsb(sy);
	smmu.seen = prod;
	mmio_write(SMMU + SMMU_EVENTQ_CONS, prod);
	return events;
}
