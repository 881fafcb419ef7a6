/*
 * What may a shadow entry allow?  What both L1's stage 2 and L0's allow, and no more: permissions, memory type,
 * shareability.  Next: combine.c, tree.h, which keeps the entries.
 */
#ifndef SHADOW_S2_COMBINE_H
#define SHADOW_S2_COMBINE_H

#include <stdbool.h>
#include <stdint.h>

#include "shadow-s2/walk.h"

/* What a page or block of a stage 2 says beyond addresses; memattr as in struct s2_leaf, SH as in descriptors. */
struct s2_attributes {
	uint8_t memattr, sh;
	bool read, write, exec_el1, exec_el0;
};

/* MemAttr and SH of ordinary RAM: Normal, write-back, inner shareable. */
#define S2_MEMATTR_WB 0xf
#define S2_SH_INNER 3
#define S2_MEMATTR_DEVICE_NGNRE 0x1
/* Of other memory: Normal, not cached; outer shareable. */
#define S2_MEMATTR_NC 0x5
#define S2_SH_OUTER 2

struct s2_attributes s2_leaf_attributes(const struct s2_leaf *leaf);

/*
 * Both stages in a row, L1's and L0's: never more than either. Commutative. If one of them has S2_MEMATTR_FWB, so has the
 * result, and the entry is for a PE with HCR_EL2.FWB = 1.
 */
struct s2_attributes s2_combine(struct s2_attributes l1, struct s2_attributes l0);

/*
 * A leaf descriptor of the 4 KiB granule for pa (aligned to the block, below 2^48): a page if is_page, else a block. xnx:
 * hardware has FEAT_XNX; without it, an entry that EL1 and EL0 may not both execute from is executable by neither.
 */
uint64_t s2_descriptor(struct s2_attributes a, pa_t pa, bool is_page, bool xnx);

/*
 * PAR_EL1 of AT S12E*: par is what stage 1 alone left there (F = 0, with an L2 IPA), leaf what L1's stage 2 says of that
 * IPA. AArch64.CombineS1S2Desc.
 */
uint64_t s2_par(uint64_t par, const struct s2_leaf *leaf);

#endif
