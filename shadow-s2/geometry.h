/*
 * What shape has L1's stage 2?  VTCR_EL2 and VTTBR_EL2 of L1 decoded once, so that the walker has only to index.
 * Next: geometry.c, walk.h.
 */
#ifndef SHADOW_S2_GEOMETRY_H
#define SHADOW_S2_GEOMETRY_H

#include <stdbool.h>
#include <stdint.h>

#include "nv/arch/addr.h"

/* What L1's ID registers say of the CPU, as far as a stage 2 depends on it. */
struct s2_cpu {
	unsigned pa_bits;  /* ID_AA64MMFR0_EL1.PARange */
	bool granule_16k;  /* ID_AA64MMFR0_EL1.TGran16_2; the 4 KiB granule is always there */
	bool granule_64k;  /* .TGran64_2 */
	bool lpa2_4k;	   /* 52-bit addresses with the 4 KiB granule: VTCR_EL2.DS has an effect */
	bool lpa2_16k;	   /* the same with the 16 KiB granule */
	bool small_tables; /* FEAT_TTST */
	bool xnx;	   /* FEAT_XNX */
	bool access_flag;  /* FEAT_HAFDBS: VTCR_EL2.HA has an effect */
	bool dirty_state;  /* and VTCR_EL2.HD too */
};

struct s2_geometry {
	bool valid;	    /* false: every access is a translation fault at level 0 */
	bool base_in_range; /* false: every access is an address size fault at level 0 */
	bool ds;	    /* 52-bit descriptors */
	bool lpa; /* 64 KiB granule with address bits [51:48] in descriptors' [15:12], for any VTCR_EL2.PS */
	bool ha, hd, xnx;
	bool fwb; /* HCR_EL2.FWB: MemAttr in its form. s2_geometry leaves it clear */
	int start_level;
	unsigned granule_shift; /* 12, 14 or 16 */
	unsigned ia_bits, oa_bits;
	int block_level;     /* the first level at which a block is allowed */
	uint8_t ds_sh;	     /* shareability of all leaves when ds is set: VTCR_EL2.SH0 */
	uint64_t table_base; /* L1 IPA */
};

/*
 * Decodes vttbr and vtcr, whatever L1 wrote into them. AArch64.S2InvalidSL, AArch64.S2InconsistentSL,
 * AArch64.S2MinTxSZ, AArch64.S2StartLevel and AArch64.S2TTBaseAddress. Where the manual leaves a choice for values that it
 * does not allow, an access faults.
 */
struct s2_geometry s2_geometry(const struct s2_cpu *cpu, uint64_t vttbr, uint64_t vtcr);

/* log2 of the bytes that an entry of this level spans. */
static inline unsigned s2_level_shift(const struct s2_geometry *g, int level)
{
	return g->granule_shift + (g->granule_shift - 3) * (unsigned)(3 - level);
}

/* VMID of L1 that VTTBR_EL2 names: 8 bits unless VTCR_EL2.VS is set. */
uint16_t s2_vmid(uint64_t vttbr, uint64_t vtcr);

#endif
