/*
 * Where is L2's memory?  L1's stage 2: 39 bits of L2 IPA, in pages of 4, 16 or 64 KiB as bootargs say ("granule=64K"), and in blocks of
 * level 2.  No entry becomes another one while it is valid, so none ever needs break-before-make.
 */
#include "guest-hyp/l1/l1.h"
#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"
#include "nv/arch/fields.h"
#include "nv/arch/pa_range.h"

#define CTR_DMINLINE BITS(19, 16) /* log2 of the smallest line, in words */
#define L2_IPA_BITS 39
#define VMID 1
#define TGRAN_2_AS_STAGE_1 0 /* ID_AA64MMFR0_EL1.TGran4_2 and its like */
#define TGRAN_2_NONE 1
#define NAME_MAX 8

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

struct granule {
	char name[NAME_MAX];
	unsigned
		shift; /* log2 of the bytes of a page, and of a table, which has one eighth as many entries */
	unsigned start;	   /* the level that resolves the first of L2_IPA_BITS, without concatenated tables */
	uint64_t tg0, sl0; /* VTCR_EL2 */
	uint64_t has_2, has; /* the fields of ID_AA64MMFR0_EL1 for stage 2 and for stage 1 */
	uint64_t none;	     /* what the latter says of a granule that is not there */
};

static const struct granule granules[] = {
	{ "4K", 12, 1, TG0_4K, 1, ID_AA64MMFR0_TGRAN4_2, ID_AA64MMFR0_TGRAN4, 0xf },
	{ "16K", 14, 1, TG0_16K, 2, ID_AA64MMFR0_TGRAN16_2, ID_AA64MMFR0_TGRAN16, 0 },
	{ "64K", 16, 2, TG0_64K, 1, ID_AA64MMFR0_TGRAN64_2, ID_AA64MMFR0_TGRAN64, 0xf },
};
#define GRANULES (sizeof(granules) / sizeof(granules[0]))

static struct granule granule;
static uint64_t *root;

/* --- shape --- */

static unsigned level_shift(unsigned level)
{
	return granule.shift + (granule.shift - 3) * (STAGE2_PAGE - level);
}

uint64_t stage2_size(unsigned level)
{
	return BIT(level_shift(level));
}

void *stage2_memory(uint64_t *size, unsigned level)
{
	uint64_t leaf = stage2_size(level);

	*size = (*size + leaf - 1) & ~(leaf - 1);
	return rt_pages(*size / PAGE_SIZE, leaf);
}

static uint64_t *new_table(void)
{
	uint64_t size = 1;

	return stage2_memory(&size, STAGE2_PAGE);
}

static bool is_there(const struct granule *g)
{
	uint64_t mmfr0 = read_sysreg(ID_AA64MMFR0_EL1), has_2 = field_get(g->has_2, mmfr0);

	return has_2 == TGRAN_2_AS_STAGE_1 ? field_get(g->has, mmfr0) != g->none : has_2 != TGRAN_2_NONE;
}

static const struct granule *asked_for(const char *name)
{
	unsigned n = 0;

	while (strcmp(name, granules[n].name))
		if (++n == GRANULES)
			rt_fail("granule=%s: wanted 4K, 16K or 64K", name);
	if (!is_there(&granules[n]))
		rt_fail("granule=%s: this CPU's stage 2 has none", name);
	return &granules[n];
}

void stage2_setup(void)
{
	char name[NAME_MAX];

	granule = rt_arg("granule", name, sizeof(name)) ? *asked_for(name) : granules[0];
	root = new_table();
}

uint64_t stage2_vtcr(void)
{
	uint64_t pa_range = field_get(ID_AA64MMFR0_PARANGE, read_sysreg(ID_AA64MMFR0_EL1));

	return VTCR_RES1 | field_put(VTCR_T0SZ, 64 - L2_IPA_BITS) | field_put(VTCR_SL0, granule.sl0) |
	       field_put(VTCR_TG0, granule.tg0) | field_put(VTCR_IRGN0, 1) | field_put(VTCR_ORGN0, 1) |
	       field_put(VTCR_SH0, 3) | field_put(VTCR_PS, pa_range > PA_RANGE_48 ? PA_RANGE_48 : pa_range);
}

uint64_t stage2_vttbr(void)
{
	return (uint64_t)root | field_put(VTTBR_VMID, VMID);
}

/* --- entries --- */

/* The table that slot points at, made on demand.  The new table is seen before the entry that leads to it. */
static uint64_t *next_table(uint64_t *slot)
{
	uint64_t *table;

	if (*slot)
		return (uint64_t *)(*slot & S2_ADDRESS);
	table = new_table();
	dsb(ishst);
	*(volatile uint64_t *)slot = (uint64_t)table | S2_TABLE;
	return table;
}

static uint64_t *slot_of(uint64_t *table, l2_ipa_t l2_ipa, unsigned level)
{
	return &table[(l2_ipa.val >> level_shift(level)) & (BIT(granule.shift - 3) - 1)];
}

/* The entry for an address at a level, and the tables above it. */
static uint64_t *leaf_of(l2_ipa_t l2_ipa, unsigned level)
{
	uint64_t *table = root;

	for (unsigned at = granule.start; at < level; at++)
		table = next_table(slot_of(table, l2_ipa, at));
	return slot_of(table, l2_ipa, level);
}

static void set_leaf(uint64_t *slot, uint64_t descriptor)
{
	*(volatile uint64_t *)slot = descriptor;
	dsb(ishst);
}

/* --- L2's memory --- */

void stage2_clean(const void *memory, uint64_t size)
{
	uint64_t line = UINT64_C(4) << field_get(CTR_DMINLINE, read_sysreg(CTR_EL0));
	uint64_t from = (uint64_t)memory;

	for (uint64_t at = from & ~(line - 1); at < from + size; at += line)
		__asm__ volatile("dc civac, %0" ::"r"(at) : "memory");
	dsb(sy);
}

void stage2_map(l2_ipa_t l2_ipa, const void *memory, uint64_t size, unsigned level, bool exec)
{
	uint64_t attributes = S2_LEAF | (exec ? 0 : S2_XN) | (level == STAGE2_PAGE ? S2_PAGE : S2_BLOCK);

	stage2_clean(memory, size);
	for (uint64_t at = 0; at < size; at += stage2_size(level))
		set_leaf(leaf_of((l2_ipa_t){ l2_ipa.val + at }, level), ((uint64_t)memory + at) | attributes);
}

void stage2_map_device(l2_ipa_t l2_ipa, uint64_t device)
{
	set_leaf(leaf_of(l2_ipa, STAGE2_PAGE),
		 device | S2_DEVICE_NGNRE | S2_READ_WRITE | S2_AF | S2_XN | S2_PAGE);
}

/* As KVM does it: the page by its IPA, then what TLBs made of both stages. */
void stage2_unmap_page(l2_ipa_t l2_ipa)
{
	set_leaf(leaf_of(l2_ipa, STAGE2_PAGE), 0);
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
