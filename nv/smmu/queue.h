/*
 * What goes through an SMMUv3's queues?  Commands to it, events from it.  An index counts to twice the size of a queue: the bit
 * above says how often it went round, so that full and empty differ (IHI0070, "Circular queues").  Reads: regs.h.  Next: queue.c.
 */
#ifndef NV_SMMU_QUEUE_H
#define NV_SMMU_QUEUE_H

#include <stdbool.h>
#include <stdint.h>

struct smmu_command {
	uint64_t word[2];
};

struct smmu_event {
	uint64_t word[4];
};

/* Of registers PROD and CONS, with whatever other bits they have. */
static inline uint32_t smmu_queue_index(uint32_t reg, unsigned log2)
{
	return reg & ((2U << log2) - 1);
}

static inline uint32_t smmu_queue_next(uint32_t reg, unsigned log2)
{
	return smmu_queue_index(reg + 1, log2);
}

static inline uint32_t smmu_queue_slot(uint32_t reg, unsigned log2)
{
	return reg & ((1U << log2) - 1);
}

static inline bool smmu_queue_is_empty(uint32_t prod, uint32_t cons, unsigned log2)
{
	return smmu_queue_index(prod, log2) == smmu_queue_index(cons, log2);
}

static inline bool smmu_queue_is_full(uint32_t prod, uint32_t cons, unsigned log2)
{
	return smmu_queue_index(prod ^ cons, log2) == 1U << log2;
}

/* --- commands --- */

struct smmu_command smmu_cfgi_ste(uint32_t stream); /* and its entry of level 1 */
struct smmu_command smmu_cfgi_all(void);
struct smmu_command smmu_cfgi_contexts(uint32_t stream); /* those of its stage 1 */
struct smmu_command smmu_tlbi_all(void);		 /* of every VMID */
struct smmu_command smmu_tlbi_vmid(uint16_t vmid);	 /* of both stages, and of the two combined */
struct smmu_command smmu_sync(void);

/* --- events --- */

struct smmu_fault {
	const char *what; /* in words, as the end of a sentence "refused: ..." */
	uint32_t stream;
	bool has_address, write;
	uint64_t address; /* where has_address */
};

struct smmu_fault smmu_event_decode(const struct smmu_event *e);

/* What follows from a stream's faults, of which it has had so many since it was attached and ever: the last one is among them. */
#define SMMU_FAULTS_MAX 64
struct smmu_consequence {
	bool say; /* it is worth a line: the first one, and then fewer and fewer */
	bool cut; /* the device has no more access at all */
};
struct smmu_consequence smmu_consequence(uint64_t since_attached, uint64_t ever);

#endif
