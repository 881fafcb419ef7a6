/* How many bits of address do ID_AA64MMFR0_EL1.PARange, TCR_EL1.IPS, TCR_EL2.PS and VTCR_EL2.PS say?  They count alike. */
#ifndef NV_ARCH_PA_RANGE_H
#define NV_ARCH_PA_RANGE_H

#include <stdint.h>

/* The last value without FEAT_LPA2 or 64 KiB granules, and the last one without FEAT_D128: 48 and 52 bits. */
#define PA_RANGE_48 5U
#define PA_RANGE_52 6U

/* A reserved value counts as the largest there is. */
static inline unsigned pa_range_bits(uint64_t range)
{
	static const uint8_t bits[] = { 32, 36, 40, 42, 44, 48, 52, 56 };

	return bits[range < sizeof(bits) ? range : sizeof(bits) - 1];
}

#endif
