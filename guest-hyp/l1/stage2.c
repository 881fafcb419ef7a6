/*
 * Where is L2's memory?  L1's stage 2: 4 KiB granule, 39 bits of L2 IPA from level 1, pages and 2 MiB blocks.
 * No entry becomes another one while it is valid, so none ever needs break-before-make.
 */
#include "guest-hyp/l1/l1.h"
#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"
#include "nv/arch/fields.h"
#include "nv/arch/pa_range.h"

#define CTR_DMINLINE BITS(19, 16) /* log2 of the smallest line, in words */
#define L2_IPA_BITS 39
#define VMID 1

#define S2_TABLE UINT64_C(3)
#define S2_PAGE UINT64_C(3)
#define S2_BLOCK UINT64_C(1)
#define S2_NORMAL_WB BITS(5, 2)
#define S2_DEVICE_NGNRE BIT(2)
#define S2_READ_WRITE BITS(7, 6)
#define S2_SH_INNER BITS(9, 8)
#define S2_AF BIT(10)
#define S2_XN BIT(54)
#define S2_ADDRESS BITS(47, 12)
#define S2_LEAF (S2_NORMAL_WB | S2_READ_WRITE | S2_SH_INNER | S2_AF)

static uint64_t *root;

uint64_t stage2_vtcr(void)
{
	uint64_t pa_range = field_get(ID_AA64MMFR0_PARANGE, read_sysreg(ID_AA64MMFR0_EL1));

	return VTCR_RES1 | field_put(VTCR_T0SZ, 64 - L2_IPA_BITS) | field_put(VTCR_SL0, 1) |
	       field_put(VTCR_IRGN0, 1) | field_put(VTCR_ORGN0, 1) | field_put(VTCR_SH0, 3) |
	       field_put(VTCR_PS, pa_range > PA_RANGE_48 ? PA_RANGE_48 : pa_range);
}

static uint64_t *root_table(void)
{
	if (!root)
		root = rt_page();
	return root;
}

uint64_t stage2_vttbr(void)
{
	return (uint64_t)root_table() | field_put(VTTBR_VMID, VMID);
}

static unsigned index_at(l2_ipa_t l2_ipa, unsigned level)
{
	return (unsigned)(l2_ipa.val >> (12 + 9 * (3 - level)) & 511);
}

/* The table that slot points at, made on demand.  The new table is seen before the entry that leads to it. */
static uint64_t *next_table(uint64_t *slot)
{
	uint64_t *table;

	if (*slot)
		return (uint64_t *)(*slot & S2_ADDRESS);
	table = rt_page();
	dsb(ishst);
	*(volatile uint64_t *)slot = (uint64_t)table | S2_TABLE;
	return table;
}

void stage2_clean(const void *memory, uint64_t size)
{
	uint64_t line = UINT64_C(4) << field_get(CTR_DMINLINE, read_sysreg(CTR_EL0));
	uint64_t from = (uint64_t)memory;

	for (uint64_t at = from & ~(line - 1); at < from + size; at += line)
		__asm__ volatile("dc civac, %0" ::"r"(at) : "memory");
	dsb(sy);
}

static void set_leaf(uint64_t *slot, uint64_t descriptor)
{
	*(volatile uint64_t *)slot = descriptor;
	dsb(ishst);
}

void stage2_map_page(l2_ipa_t l2_ipa, void *page, bool exec)
{
	uint64_t *level2 = next_table(&root_table()[index_at(l2_ipa, 1)]);
	uint64_t *level3 = next_table(&level2[index_at(l2_ipa, 2)]);

	stage2_clean(page, PAGE_SIZE);
	set_leaf(&level3[index_at(l2_ipa, 3)], (uint64_t)page | S2_LEAF | (exec ? 0 : S2_XN) | S2_PAGE);
}

void stage2_map_device(l2_ipa_t l2_ipa, uint64_t device)
{
	uint64_t *level2 = next_table(&root_table()[index_at(l2_ipa, 1)]);
	uint64_t *level3 = next_table(&level2[index_at(l2_ipa, 2)]);

	set_leaf(&level3[index_at(l2_ipa, 3)],
		 device | S2_DEVICE_NGNRE | S2_READ_WRITE | S2_AF | S2_XN | S2_PAGE);
}

void stage2_map_block(l2_ipa_t l2_ipa, void *block)
{
	uint64_t *level2 = next_table(&root_table()[index_at(l2_ipa, 1)]);

	stage2_clean(block, L2_BLOCK_SIZE);
	set_leaf(&level2[index_at(l2_ipa, 2)], (uint64_t)block | S2_LEAF | S2_XN | S2_BLOCK);
}

/* As KVM does it: the page by its IPA, then what TLBs made of both stages. */
void stage2_unmap_page(l2_ipa_t l2_ipa)
{
	uint64_t *level2 = next_table(&root_table()[index_at(l2_ipa, 1)]);
	uint64_t *level3 = next_table(&level2[index_at(l2_ipa, 2)]);

	set_leaf(&level3[index_at(l2_ipa, 3)], 0);
	__asm__ volatile("tlbi ipas2e1is, %0" ::"r"(l2_ipa.val >> PAGE_SHIFT) : "memory");
	dsb(ish);
	tlbi(vmalle1is);
	dsb(ish);
	isb();
}

void stage2_flush(void)
{
	dsb(ishst);
	tlbi(vmalls12e1is);
	dsb(ish);
	isb();
}
