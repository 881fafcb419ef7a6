/*
 * What does a bare guest's memory look like?  Bump allocation above the image, and one identity map for
 * whichever translation regime it runs in.  Reads: rt.h.
 */
#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"
#include "nv/arch/addr.h"
#include "nv/arch/fields.h"
#include "nv/arch/pa_range.h"

/* VMSAv8-64 descriptors, 4 KiB granule */
#define DESC_TABLE UINT64_C(3)
#define DESC_BLOCK UINT64_C(1)
#define DESC_ATTR(index) ((uint64_t)(index) << 2)
#define DESC_AP_RES1 BIT(6) /* E2H = 0 EL2: AP[1] is RES1 */
#define DESC_SH_INNER BITS(9, 8)
#define DESC_AF BIT(10)
#define DESC_PXN BIT(53)
#define DESC_UXN BIT(54) /* XN where there is one privilege level only */

#define MAIR_DEVICE_NGNRE UINT64_C(0x04)
#define MAIR_NORMAL_WB UINT64_C(0xff)
enum {
	ATTR_DEVICE,
	ATTR_NORMAL
};

#define VA_BITS 39
#define BLOCK_SHIFT 21
#define BLOCK_SIZE BIT(BLOCK_SHIFT)
#define TABLE_SHIFT 30

extern char rt_image_end[];

static uint64_t next_page;

static bool overlaps_fdt(uint64_t from, uint64_t to)
{
	const struct rt_machine *m = rt_machine();

	return from < m->fdt + m->fdt_size && to > m->fdt;
}

void *rt_pages(uint64_t count, uint64_t align)
{
	const struct rt_machine *m = rt_machine();
	uint64_t from, size = count * PAGE_SIZE;

	if (!next_page)
		next_page = (uint64_t)rt_image_end;
	from = (next_page + align - 1) & ~(align - 1);
	while (overlaps_fdt(from, from + size))
		from = (m->fdt + m->fdt_size + align - 1) & ~(align - 1);
	if (from + size > m->ram + m->ram_size)
		rt_fail("out of memory");
	next_page = from + size;
	for (uint64_t at = from; at < from + size; at += 16)
		__asm__ volatile("stp xzr, xzr, [%0]" ::"r"(at) : "memory");
	return (void *)from;
}

void *rt_page(void)
{
	return rt_pages(1, PAGE_SIZE);
}

static uint64_t *table_of(uint64_t *root, uint64_t address)
{
	uint64_t *slot = &root[address >> TABLE_SHIFT & 511];

	if (!*slot)
		*slot = (uint64_t)rt_page() | DESC_TABLE;
	return (uint64_t *)(*slot & BITS(47, 12));
}

static void map_blocks(uint64_t *root, uint64_t base, uint64_t size, uint64_t attributes)
{
	for (uint64_t at = base & ~(BLOCK_SIZE - 1); size && at < base + size; at += BLOCK_SIZE)
		table_of(root, at)[at >> BLOCK_SHIFT & 511] = at | attributes | DESC_AF | DESC_BLOCK;
}

static uint64_t tcr_value(bool two_privileges)
{
	uint64_t pa_range = field_get(ID_AA64MMFR0_PARANGE, read_sysreg(ID_AA64MMFR0_EL1));
	uint64_t tcr = field_put(TCR_T0SZ, 64 - VA_BITS) | field_put(TCR_IRGN0, 1) | field_put(TCR_ORGN0, 1) |
		       field_put(TCR_SH0, 3);

	if (pa_range > PA_RANGE_48) /* 52 bits would need LPA2's descriptors */
		pa_range = PA_RANGE_48;
	if (two_privileges)
		return tcr | TCR_EPD1 | field_put(TCR_IPS, pa_range);
	return tcr | TCR_EL2_RES1 | field_put(TCR_EL2_PS, pa_range);
}

void rt_mmu_on(void)
{
	const struct rt_machine *m = rt_machine();
	bool el2 = rt_current_el() == 2, two_privileges = !el2 || rt_vhe();
	uint64_t base = two_privileges ? 0 : DESC_AP_RES1;
	uint64_t *root = rt_page();
	uint64_t mair = MAIR_DEVICE_NGNRE << 8 * ATTR_DEVICE | MAIR_NORMAL_WB << 8 * ATTR_NORMAL;
	uint64_t device = base | DESC_ATTR(ATTR_DEVICE) | DESC_UXN | (two_privileges ? DESC_PXN : 0);

	map_blocks(root, m->ram, m->ram_size, base | DESC_ATTR(ATTR_NORMAL) | DESC_SH_INNER);
	map_blocks(root, m->gicd, m->gicd_size, device);
	map_blocks(root, m->gicr, m->gicr_size, device);
	map_blocks(root, m->uart, PAGE_SIZE, device);
	dsb(ish);
	if (el2 && !two_privileges) {
		write_sysreg(MAIR_EL2, mair);
		write_sysreg(TCR_EL2, tcr_value(false));
		write_sysreg(TTBR0_EL2, root);
		tlbi(alle2);
		dsb(nsh);
		isb();
		write_sysreg(SCTLR_EL2, SCTLR_EL2_RES1 | SCTLR_M | SCTLR_C | SCTLR_I);
	} else {
		/* With E2H = 1 these names reach the EL2 registers. */
		write_sysreg(MAIR_EL1, mair);
		write_sysreg(TCR_EL1, tcr_value(true));
		write_sysreg(TTBR0_EL1, root);
		tlbi(vmalle1);
		if (el2)
			tlbi(alle2);
		dsb(nsh);
		isb();
		write_sysreg(SCTLR_EL1, SCTLR_EL1_RES1 | SCTLR_M | SCTLR_C | SCTLR_I);
	}
	isb();
}
