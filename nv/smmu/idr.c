/* What of an SMMUv3 can L0 use?  Reads: idr.h. */
#include "nv/smmu/idr.h"

#include <stddef.h>

#include "nv/arch/pa_range.h"
#include "nv/smmu/regs.h"

#define STREAM_BITS_MAX 16 /* a Requester ID has as many */

static unsigned lesser(uint64_t a, unsigned b)
{
	return a < b ? (unsigned)a : b;
}

/* With more than 6 bits of StreamID there are two levels (IHI0070, "Stream table"); a linear table is short. */
static unsigned stream_bits(uint32_t idr1, bool two_levels)
{
	return lesser(field_get(IDR1_SIDSIZE, idr1), two_levels ? STREAM_BITS_MAX : SMMU_SPLIT);
}

const char *smmu_decide(uint32_t idr0, uint32_t idr1, uint32_t idr5, struct smmu_shape *shape)
{
	if (!(idr0 & IDR0_S2P))
		return "the SMMU has no stage 2 (QEMU: -global arm-smmuv3.stage=nested)";
	if (!(idr0 & IDR0_TTF_AARCH64) || field_get(IDR0_TTENDIAN, idr0) == IDR0_TTENDIAN_BIG)
		return "the SMMU reads no little-endian AArch64 tables";
	if (!(idr0 & IDR0_COHACC))
		return "the SMMU does not see the CPUs' caches";
	if (field_get(IDR0_STALL_MODEL, idr0) == IDR0_STALL_MODEL_FORCED)
		return "the SMMU has a device wait after each fault";
	if (!(idr5 & IDR5_GRAN4K))
		return "the SMMU has no granule of 4 KiB";
	if (idr1 & (IDR1_QUEUES_PRESET | IDR1_TABLES_PRESET))
		return "the SMMU has queues or tables at fixed addresses";
	shape->two_levels = field_get(IDR0_ST_LEVEL, idr0) == 1 && field_get(IDR1_SIDSIZE, idr1) > SMMU_SPLIT;
	shape->stream_bits = stream_bits(idr1, shape->two_levels);
	shape->oas = pa_range_bits(lesser(field_get(IDR5_OAS, idr5), PA_RANGE_48));
	shape->cmdq_log2 = lesser(field_get(IDR1_CMDQS, idr1), SMMU_CMDQ_LOG2);
	shape->eventq_log2 = lesser(field_get(IDR1_EVENTQS, idr1), SMMU_EVENTQ_LOG2);
	return shape->cmdq_log2 ? NULL : "the SMMU has a queue for one command only";
}

uint32_t smmu_cr0(uint32_t idr0, uint32_t enables)
{
	return enables | (idr0 & IDR0_ATS ? (uint32_t)CR0_ATSCHK : 0);
}
