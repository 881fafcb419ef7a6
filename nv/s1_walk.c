/* What would AT find in a stage 1?  Reads: s1_walk.h.  Next: host/run/at.c. */
#include "nv/s1_walk.h"

#include "nv/arch/fields.h"
#include "nv/arch/pa_range.h"

#define FINAL_LEVEL 3

#define DESC_VALID BIT(0)
#define DESC_TABLE BIT(1) /* at level 3: a page */
#define DESC_ATTRINDX BITS(4, 2)
#define DESC_AP_EL0 BIT(6)	 /* AP[1] */
#define DESC_AP_READ_ONLY BIT(7) /* AP[2] */
#define DESC_SH BITS(9, 8)
#define DESC_AF BIT(10)
#define DESC_DBM BIT(51)
#define DESC_UXN BIT(54)
#define TABLE_UXN BIT(60)
#define TABLE_AP_NO_EL0 BIT(61)	   /* APTable[0] */
#define TABLE_AP_READ_ONLY BIT(62) /* APTable[1] */

#define VA_HALF BIT(55)
#define ATTR_NC 0x44 /* MAIR: Normal, Non-cacheable */
#define SH_OUTER 2
#define PS_52_BITS 6

static enum s1_step fault_with(struct s1_walk *w, uint32_t fsc, uint64_t more)
{
	w->par = PAR_F | PAR_RES1 | field_put(PAR_FST, fsc) | more;
	return S1_DONE;
}

static enum s1_step fault(struct s1_walk *w, uint32_t type, int level)
{
	if (level >= 0)
		return fault_with(w, type | (uint32_t)level, 0);
	return fault_with(w,
			  type == FSC_TRANSLATION  ? FSC_TRANSLATION_MINUS_1 :
			  type == FSC_ADDRESS_SIZE ? FSC_ADDRESS_SIZE_MINUS_1 :
						     FSC_EXTERNAL_WALK_MINUS_1,
			  0);
}

/* PAR_EL1 of a translation. Memory that nothing caches is outer shareable. */
static enum s1_step found(struct s1_walk *w, uint64_t address, uint64_t attr, uint64_t sh)
{
	if (!(attr >> 4) || attr == ATTR_NC)
		sh = SH_OUTER;
	w->par = field_put(PAR_ATTR, attr) | (address & PAR_PA) | PAR_RES1 | PAR_NS | field_put(PAR_SH, sh);
	return S1_DONE;
}

/* --- what TCR says --- */

static unsigned supported(const struct s1_cpu *cpu, unsigned shift)
{
	bool there = shift == 16 ? cpu->granule_64k : shift == 14 ? cpu->granule_16k : cpu->granule_4k;

	return there ? shift : cpu->granule_4k ? 12 : cpu->granule_16k ? 14 : 16;
}

/* TG0 and TG1 count differently; 0 means 4 KiB here for values that name none. */
static unsigned granule_shift(const struct s1_walk *w)
{
	static const uint8_t tg0[] = { 12, 16, 14, 12 }, tg1[] = { 12, 14, 12, 16 };

	return supported(w->cpu, w->high ? tg1[field_get(TCR_TG1, w->regime->tcr)] :
					   tg0[field_get(TCR_TG0, w->regime->tcr)]);
}

static bool has_ds(const struct s1_walk *w)
{
	return (w->regime->tcr & TCR_DS) &&
	       ((w->granule_shift == 12 && w->cpu->lpa2_4k) || (w->granule_shift == 14 && w->cpu->lpa2_16k));
}

/* TCR.IPS, of which values above the implemented size mean that size. */
static unsigned output_bits(const struct s1_walk *w)
{
	unsigned bits = pa_range_bits(field_get(TCR_IPS, w->regime->tcr));

	if (!w->ds && w->granule_shift != 16 && bits > 48)
		bits = 48;
	return bits < w->cpu->pa_bits ? bits : w->cpu->pa_bits;
}

/* The two bounds of ia_bits. */
static unsigned largest_range(const struct s1_walk *w)
{
	return w->ds || (w->granule_shift == 16 && w->cpu->large_va) ? 52 : 48;
}

static unsigned smallest_range(const struct s1_walk *w)
{
	return !w->cpu->small_tables ? 25 : w->granule_shift == 16 ? 17 : 16;
}

/* AArch64.S1TxSZFaults: where the manual leaves a choice, a size out of bounds faults. */
static bool size_is_good(const struct s1_walk *w)
{
	return w->ia_bits >= smallest_range(w) && w->ia_bits <= largest_range(w);
}

static void find_range(struct s1_walk *w)
{
	const uint64_t tcr = w->regime->tcr;

	w->granule_shift = granule_shift(w);
	w->ds = has_ds(w);
	w->ia_bits = 64 - (unsigned)(w->high ? field_get(TCR_T1SZ, tcr) : field_get(TCR_T0SZ, tcr));
}

unsigned s1_range_bits(const struct s1_cpu *cpu, const struct s1_regime *regime, bool high)
{
	struct s1_walk w = { .cpu = cpu, .regime = regime, .high = high };

	find_range(&w);
	if (w.ia_bits < smallest_range(&w))
		return smallest_range(&w);
	return w.ia_bits < largest_range(&w) ? w.ia_bits : largest_range(&w);
}

/* AArch64.VAIsOutOfRange: the bits above the input address, but those that TBI ignores, say which half it is. */
static bool is_in_range(const struct s1_walk *w)
{
	bool tbi = w->regime->tcr & (w->high ? TCR_TBI1 : TCR_TBI0);
	uint64_t above = BITS(tbi ? 55 : 63, w->ia_bits);

	return (w->va & above) == (w->high ? above : 0);
}

static bool is_disabled(const struct s1_walk *w)
{
	uint64_t tcr = w->regime->tcr;

	if (tcr & (w->high ? TCR_EPD1 : TCR_EPD0))
		return true;
	return w->access.el0 && w->cpu->e0pd && (tcr & (w->high ? TCR_E0PD1 : TCR_E0PD0));
}

/* --- the walk --- */

static unsigned stride(const struct s1_walk *w)
{
	return w->granule_shift - 3;
}

static unsigned level_shift(const struct s1_walk *w, int level)
{
	return w->granule_shift + stride(w) * (unsigned)(FINAL_LEVEL - level);
}

/* AArch64.S1StartLevel: as many levels as the input address needs. */
static int start_level(const struct s1_walk *w)
{
	return FINAL_LEVEL - (int)((w->ia_bits - w->granule_shift - 1) / stride(w));
}

/* AArch64.S1TTBaseAddress: aligned to the size of the table. */
static uint64_t table_base(const struct s1_walk *w)
{
	uint64_t ttbr = w->high ? w->regime->ttbr1 : w->regime->ttbr0, base = ttbr & TTBR_BADDR;
	unsigned align = w->ia_bits - level_shift(w, w->level) + 3;

	if (w->ds || (w->lpa && field_get(TCR_IPS, w->regime->tcr) >= PS_52_BITS)) {
		base = (base & BITS(47, 6)) | (field_get(BITS(5, 2), ttbr) << 48);
		align = align < 6 ? 6 : align;
	}
	return base & (~UINT64_C(0) << align);
}

/* Stage 1 is off (and HCR_EL2.DC clear): the address is its own, as the strictest Device memory. */
static enum s1_step flat(struct s1_walk *w)
{
	uint64_t va = w->va & BITS(w->regime->tcr & (w->high ? TCR_TBI1 : TCR_TBI0) ? 55 : 63, 0);

	if (va >> w->cpu->pa_bits)
		return fault(w, FSC_ADDRESS_SIZE, 0);
	return found(w, va, 0, SH_OUTER);
}

enum s1_step s1_begin(struct s1_walk *w, const struct s1_cpu *cpu, const struct s1_regime *regime,
		      struct s1_access access, uint64_t va)
{
	*w = (struct s1_walk){ .cpu = cpu, .regime = regime, .access = access, .va = va };
	w->high = (va & VA_HALF) && !regime->one_privilege;
	if (!(regime->sctlr & SCTLR_M))
		return flat(w);
	find_range(w);
	w->lpa = w->granule_shift == 16 && cpu->pa_bits >= 52;
	w->oa_bits = output_bits(w);
	if (!size_is_good(w) || !is_in_range(w) || is_disabled(w))
		return fault(w, FSC_TRANSLATION, 0);
	w->level = start_level(w);
	w->top_shift = w->ia_bits;
	w->table = table_base(w);
	if (w->table >> w->oa_bits)
		return fault(w, FSC_ADDRESS_SIZE, 0);
	return S1_NEXT;
}

uint64_t s1_slot(const struct s1_walk *w)
{
	uint64_t index = (w->va & (BIT(w->top_shift) - 1)) >> level_shift(w, w->level);

	return w->table + index * sizeof(uint64_t);
}

static bool block_is_allowed(const struct s1_walk *w)
{
	int first = w->granule_shift == 12 ? 1 : 2;

	if (w->ds || w->lpa)
		first--;
	return w->level >= first;
}

static bool is_allowed(const struct s1_walk *w, uint64_t d)
{
	if (!(d & DESC_VALID))
		return false;
	if (w->level == FINAL_LEVEL)
		return d & DESC_TABLE;
	return (d & DESC_TABLE) || block_is_allowed(w);
}

static uint64_t output_address(const struct s1_walk *w, uint64_t d, unsigned shift)
{
	uint64_t above = ~UINT64_C(0) << shift;

	if (w->ds)
		return (d & BITS(49, 0) & above) | (field_get(BITS(9, 8), d) << 50);
	if (w->lpa)
		return (d & BITS(47, 0) & above) | (field_get(BITS(15, 12), d) << 48);
	return d & BITS(47, 0) & above;
}

/* FEAT_PAN3: with SCTLR.EPAN, PAN keeps EL1 from what EL0 may only execute too. */
static bool is_executed_by_el0(const struct s1_walk *w, uint64_t d)
{
	return w->cpu->pan3 && (w->regime->sctlr & SCTLR_EPAN) && !w->regime->one_privilege &&
	       !w->no_el0_exec && !(d & DESC_UXN);
}

/* AArch64.S1CheckPermissions for an AT: a page that hardware would make dirty is writable. */
static bool is_permitted(const struct s1_walk *w, uint64_t d)
{
	bool dirtied = w->cpu->dirty_state && (w->regime->tcr & TCR_HA) && (w->regime->tcr & TCR_HD) &&
		       (d & DESC_DBM);
	bool writable = !w->no_write && (!(d & DESC_AP_READ_ONLY) || dirtied);
	bool el0 = !w->regime->one_privilege && (d & DESC_AP_EL0) && !w->no_el0;

	if (w->access.el0 && !el0)
		return false;
	if (w->access.pan && !w->access.el0 && (el0 || is_executed_by_el0(w, d)))
		return false;
	return writable || !w->access.write;
}

/* A block may be larger than what TCR.IPS allows, and begin below its end. */
static enum s1_step feed_leaf(struct s1_walk *w, uint64_t d)
{
	unsigned shift = level_shift(w, w->level);
	uint64_t address = output_address(w, d, shift) | (w->va & (BIT(shift) - 1));
	uint64_t tcr = w->regime->tcr;
	unsigned attr = (unsigned)(w->regime->mair >> (8 * field_get(DESC_ATTRINDX, d)) & 0xff);
	uint64_t sh =
		w->ds ? (w->high ? field_get(TCR_SH1, tcr) : field_get(TCR_SH0, tcr)) : field_get(DESC_SH, d);

	if (address >> w->oa_bits)
		return fault(w, FSC_ADDRESS_SIZE, w->level);
	if (!(d & DESC_AF) && !(w->cpu->access_flag && (tcr & TCR_HA)))
		return fault(w, FSC_ACCESS, w->level);
	if (!is_permitted(w, d))
		return fault(w, FSC_PERMISSION, w->level);
	return found(w, address, attr, sh);
}

static void inherit(struct s1_walk *w, uint64_t d)
{
	if (w->cpu->hierarchy_off && (w->regime->tcr & (w->high ? TCR_HPD1 : TCR_HPD0)))
		return;
	w->no_write |= (d & TABLE_AP_READ_ONLY) != 0;
	w->no_el0 |= (d & TABLE_AP_NO_EL0) != 0;
	w->no_el0_exec |= (d & TABLE_UXN) != 0;
}

enum s1_step s1_feed(struct s1_walk *w, uint64_t d)
{
	uint64_t address;

	if (!is_allowed(w, d))
		return fault(w, FSC_TRANSLATION, w->level);
	if (w->level == FINAL_LEVEL || !(d & DESC_TABLE))
		return feed_leaf(w, d);
	address = output_address(w, d, w->granule_shift);
	if (address >> w->oa_bits)
		return fault(w, FSC_ADDRESS_SIZE, w->level);
	inherit(w, d);
	w->top_shift = level_shift(w, w->level);
	w->table = address;
	w->level++;
	return S1_NEXT;
}

enum s1_step s1_stage2_fault(struct s1_walk *w, uint32_t fsc)
{
	return fault_with(w, fsc, PAR_S | PAR_PTW);
}

enum s1_step s1_unreadable(struct s1_walk *w)
{
	return fault(w, FSC_EXTERNAL_WALK, w->level);
}
