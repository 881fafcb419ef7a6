/* What do rows say of a stage 2?  Fields of VTCR_EL2 (DDI0487), and a CPU that has all that there is. */
#ifndef TESTS_UNIT_SHADOW_S2_VTCR_H
#define TESTS_UNIT_SHADOW_S2_VTCR_H

#include "shadow-s2/geometry.h"

#define SL0(n) ((uint64_t)(n) << 6)
#define SH0(n) ((uint64_t)(n) << 12)
#define TG0_4K UINT64_C(0)
#define TG0_64K (UINT64_C(1) << 14)
#define TG0_16K (UINT64_C(2) << 14)
#define PS(n) ((uint64_t)(n) << 16)
#define VS (UINT64_C(1) << 19)
#define HA (UINT64_C(1) << 21)
#define HD (UINT64_C(1) << 22)
#define DS (UINT64_C(1) << 32)
#define SL2 (UINT64_C(1) << 33)

static const struct s2_cpu everything = {
	.pa_bits = 52,
	.granule_16k = true,
	.granule_64k = true,
	.lpa2_4k = true,
	.lpa2_16k = true,
	.small_tables = true,
	.xnx = true,
	.access_flag = true,
	.dirty_state = true,
};

#endif
