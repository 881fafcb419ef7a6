/* Where in a stream table is a stream's entry, and what does the entry say?  Reads: stream.h. */
#include "nv/smmu/stream.h"

#include "nv/arch/pa_range.h"
#include "nv/smmu/regs.h"

#define ATTRIBUTE_WB 1
#define SHARE_INNER 3
#define SL0_LEVEL_1 1
#define LEVEL1_ENTRY_BYTES 8

uint64_t smmu_stream_table_bytes(const struct smmu_shape *shape)
{
	if (shape->two_levels)
		return (uint64_t)LEVEL1_ENTRY_BYTES << (shape->stream_bits - SMMU_SPLIT);
	return (uint64_t)sizeof(struct smmu_ste) << shape->stream_bits;
}

uint32_t smmu_stream_table_config(const struct smmu_shape *shape)
{
	uint64_t config = field_put(STRTAB_CFG_LOG2SIZE, shape->stream_bits);

	if (shape->two_levels)
		config |= STRTAB_CFG_2LEVEL | field_put(STRTAB_CFG_SPLIT, SMMU_SPLIT);
	return (uint32_t)config;
}

/* Span n: 2 to the power of n - 1 entries. */
uint64_t smmu_level1_entry(pa_t level2)
{
	return level2.val | field_put(STRTAB_L1_SPAN, SMMU_SPLIT + 1);
}

static uint64_t output_size(unsigned bits)
{
	uint64_t range = 0;

	while (range < PA_RANGE_48 && pa_range_bits(range) < bits)
		range++;
	return range;
}

struct smmu_ste smmu_ste_stage2(const struct smmu_stage2 *s)
{
	return (struct smmu_ste){ {
		STE_V | field_put(STE_CONFIG, STE_CONFIG_S2),
		field_put(STE1_SHCFG, STE1_SHCFG_INCOMING),
		field_put(STE2_S2VMID, s->vmid) | field_put(STE2_S2T0SZ, 64 - s->ipa_bits) |
			field_put(STE2_S2SL0, SL0_LEVEL_1) | field_put(STE2_S2IR0, ATTRIBUTE_WB) |
			field_put(STE2_S2OR0, ATTRIBUTE_WB) | field_put(STE2_S2SH0, SHARE_INNER) |
			field_put(STE2_S2PS, output_size(s->oas)) | STE2_S2AA64 | STE2_S2PTW | STE2_S2R,
		s->root.val,
	} };
}

struct smmu_ste smmu_ste_abort(void)
{
	return (struct smmu_ste){ { STE_V | field_put(STE_CONFIG, STE_CONFIG_ABORT) } };
}
