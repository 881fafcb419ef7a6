/* Where in a stream table is a stream's entry, and what does the entry say?  Reads: regs.h.  Next: stream.c. */
#ifndef NV_SMMU_STREAM_H
#define NV_SMMU_STREAM_H

#include <stdint.h>

#include "nv/arch/addr.h"
#include "nv/smmu/idr.h"

#define SMMU_STE_WORDS 8

struct smmu_ste {
	uint64_t word[SMMU_STE_WORDS];
};

/* Bytes of the only level, or of level 1; of a table of level 2. A table's address is a multiple of its size. */
uint64_t smmu_stream_table_bytes(const struct smmu_shape *shape);
#define SMMU_LEVEL2_BYTES (sizeof(struct smmu_ste) << SMMU_SPLIT)

/* SMMU_STRTAB_BASE_CFG, and the entry of level 1 for a table of level 2. */
uint32_t smmu_stream_table_config(const struct smmu_shape *shape);
uint64_t smmu_level1_entry(pa_t level2);

/* A VM's stage 2 as a device gets it: a table that begins at level 1 and translates ipa_bits, 31 to 39, to oas bits. */
struct smmu_stage2 {
	pa_t root;
	unsigned ipa_bits, oas;
	uint16_t vmid;
};

/* What is read or written is translated by stage 2, and refused with an event. */
struct smmu_ste smmu_ste_stage2(const struct smmu_stage2 *s);

/* What is read or written is refused, without an event. An entry of zeroes refuses with one. */
struct smmu_ste smmu_ste_abort(void);

#endif
