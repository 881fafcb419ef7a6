/* What shape has L1's stage 2?  Reads: geometry.h.  Next: walk.c. */
#include "shadow-s2/geometry.h"

#include "nv/arch/bits.h"
#include "nv/arch/fields.h"
#include "nv/arch/pa_range.h"

#define FINAL_LEVEL 3
#define NO_LEVEL 4 /* SL0 and SL2 name none */
#define MAX_CONCATENATION_BITS 4
#define PS_52_BITS 6

static unsigned granule_shift(const struct s2_cpu *cpu, uint64_t vtcr)
{
	uint64_t tg0 = field_get(VTCR_TG0, vtcr);

	if (tg0 == 1 && cpu->granule_64k)
		return 16;
	if (tg0 == 2 && cpu->granule_16k)
		return 14;
	return 12;
}

/* AArch64.S2StartLevel; NO_LEVEL where AArch64.S2InvalidSL says that the PE may fault. */
static int start_level(const struct s2_cpu *cpu, const struct s2_geometry *g, uint64_t vtcr)
{
	unsigned sl0 = (unsigned)field_get(VTCR_SL0, vtcr);

	switch (g->granule_shift) {
	case 12:
		if (g->ds && (vtcr & VTCR_SL2))
			return sl0 == 0 && cpu->pa_bits >= 52 ? -1 : NO_LEVEL;
		if (sl0 == 3)
			return cpu->small_tables ? 3 : NO_LEVEL;
		return sl0 == 2 && cpu->pa_bits < 44 ? NO_LEVEL : 2 - (int)sl0;
	case 14:
		if (sl0 == 3)
			return g->ds && cpu->pa_bits >= 52 ? 0 : NO_LEVEL;
		return sl0 == 2 && cpu->pa_bits < 42 ? NO_LEVEL : 3 - (int)sl0;
	default:
		return sl0 == 3 || (sl0 == 2 && cpu->pa_bits < 44) ? NO_LEVEL : 3 - (int)sl0;
	}
}

/* VTCR_EL2.PS, of which values above the implemented size mean that size. */
static unsigned output_bits(const struct s2_cpu *cpu, const struct s2_geometry *g, uint64_t vtcr)
{
	unsigned bits = pa_range_bits(field_get(VTCR_PS, vtcr));

	if (!g->ds && g->granule_shift != 16 && bits > 48)
		bits = 48;
	return bits < cpu->pa_bits ? bits : cpu->pa_bits;
}

/* AArch64.S2MinTxSZ and AArch64.MaxTxSZ, then AArch64.S2InconsistentSL. */
static bool is_consistent(const struct s2_cpu *cpu, const struct s2_geometry *g)
{
	unsigned stride = g->granule_shift - 3;
	unsigned largest = g->ds || g->granule_shift == 16 || cpu->pa_bits < 48 ? cpu->pa_bits : 48;
	unsigned smallest = !cpu->small_tables ? 64 - 39 : g->granule_shift == 16 ? 64 - 47 : 64 - 48;
	unsigned below;

	if (g->start_level == NO_LEVEL || g->ia_bits > largest || g->ia_bits < smallest)
		return false;
	below = (unsigned)(FINAL_LEVEL - g->start_level) * stride + g->granule_shift;
	return g->ia_bits > below && g->ia_bits <= below + stride + MAX_CONCATENATION_BITS;
}

/* AArch64.S2TTBaseAddress: aligned to the size of the (concatenated) table that the walk starts at. */
static uint64_t table_base(const struct s2_geometry *g, uint64_t vttbr, uint64_t vtcr)
{
	unsigned below = (unsigned)(FINAL_LEVEL - g->start_level) * (g->granule_shift - 3) + g->granule_shift;
	unsigned align = g->ia_bits - below + 3;
	uint64_t base = vttbr & VTTBR_BADDR;

	if (g->ds || (g->lpa && field_get(VTCR_PS, vtcr) >= PS_52_BITS)) {
		base = (base & BITS(47, 6)) | (field_get(BITS(5, 2), vttbr) << 48);
		align = align < 6 ? 6 : align;
	}
	return base & (~UINT64_C(0) << align);
}

struct s2_geometry s2_geometry(const struct s2_cpu *cpu, uint64_t vttbr, uint64_t vtcr)
{
	struct s2_geometry g = { .granule_shift = granule_shift(cpu, vtcr), .xnx = cpu->xnx };

	g.ds = (vtcr & VTCR_DS) &&
	       ((g.granule_shift == 12 && cpu->lpa2_4k) || (g.granule_shift == 14 && cpu->lpa2_16k));
	g.lpa = g.granule_shift == 16 && cpu->pa_bits >= 52;
	g.ia_bits = 64 - (unsigned)field_get(VTCR_T0SZ, vtcr);
	g.oa_bits = output_bits(cpu, &g, vtcr);
	g.start_level = start_level(cpu, &g, vtcr);
	g.ds_sh = (uint8_t)field_get(VTCR_SH0, vtcr);
	g.ha = (vtcr & VTCR_HA) && cpu->access_flag;
	g.hd = g.ha && (vtcr & VTCR_HD) && cpu->dirty_state;
	g.block_level = g.granule_shift == 12 ? 1 : 2;
	if (g.ds || g.lpa)
		g.block_level--;
	g.valid = is_consistent(cpu, &g);
	if (g.valid) {
		g.table_base = table_base(&g, vttbr, vtcr);
		g.base_in_range = !(g.table_base >> g.oa_bits);
	}
	return g;
}

uint16_t s2_vmid(uint64_t vttbr, uint64_t vtcr)
{
	return (uint16_t)(field_get(VTTBR_VMID, vttbr) & (vtcr & VTCR_VS ? 0xffff : 0xff));
}
