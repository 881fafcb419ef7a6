/* What of an SMMUv3 can L0 use?  From its ID registers; nothing is assumed.  Reads: regs.h.  Next: idr.c. */
#ifndef NV_SMMU_IDR_H
#define NV_SMMU_IDR_H

#include <stdbool.h>
#include <stdint.h>

#define SMMU_SPLIT 8 /* bits of a StreamID that level 2 of a stream table has, where there are two levels */

/* Both queues are a page, or what the SMMU has of it. */
#define SMMU_CMDQ_LOG2 8
#define SMMU_EVENTQ_LOG2 7

struct smmu_shape {
	unsigned oas;	      /* bits of an output address */
	unsigned stream_bits; /* of a StreamID that the stream table has an entry for */
	bool two_levels;      /* of the stream table */
	unsigned cmdq_log2, eventq_log2;
};

/*
 * From SMMU_IDR0, SMMU_IDR1 and SMMU_IDR5. NULL: it can confine devices by stage 2 as L0 has it (4 KiB granule, AArch64 tables that it
 * reads from caches), and shape says how. Else a sentence that says what it lacks.
 */
const char *smmu_decide(uint32_t idr0, uint32_t idr1, uint32_t idr5, struct smmu_shape *shape);

/* SMMU_CR0 with those enables. Where devices can do without translation by ATS, an address that one calls translated is checked. */
uint32_t smmu_cr0(uint32_t idr0, uint32_t enables);

#endif
