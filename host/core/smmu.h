/*
 * How does L0 keep the machine's devices out of memory that is not their VM's?  An SMMUv3 whose streams are all refused but those of
 * devices that a VM has, which are translated by the VM's stage 2. VMIDs are the SMMU's own: the CPUs' are other ones, and their
 * broadcasts are not listened to.  Decisions: nv/smmu.  Next: smmu.c.
 */
#ifndef HOST_CORE_SMMU_H
#define HOST_CORE_SMMU_H

#include <stdbool.h>
#include <stdint.h>

#include "nv/smmu/queue.h"
#include "nv/smmu/stream.h"

#define SMMU_STREAMS 32 /* at once */

/* The first SMMUv3 of the tree: from then on no device accesses memory through it. One line if it cannot be used. */
void smmu_init(const void *fdt);

/* NULL: devices behind the SMMU with that phandle can be confined. Else why not, as a sentence of its own. */
const char *smmu_why_not(uint32_t phandle);

/* Bits of the addresses that it puts out. */
unsigned smmu_output_bits(void);

/* A device, as messages call it: function rid of the PCI bus of VM vm. */
struct smmu_device {
	uint32_t stream;
	uint16_t rid;
	unsigned vm;
	struct smmu_stage2 stage2;
};

/*
 * The device accesses memory by that stage 2, until smmu_detach. False: there is no memory for tables, or the SMMU has no such stream.
 * What it may not access is refused and counted; after SMMU_FAULTS_MAX of that it is cut off until it is attached again.
 */
bool smmu_attach(const struct smmu_device *d);

/* From then on everything is refused, what was under way has come to its end, and nothing is cached. */
void smmu_detach(uint32_t stream);

/*
 * What the stage 2 of vmid had before is not used any more. The tables have changed, and CPUs' TLBs are clean already. All of it goes: where stage 1 is
 * on, CMD_TLBI_S2_IPA leaves what both stages make together (IHI0070, "TLB invalidation").
 */
void smmu_unmap(uint16_t vmid);

/* For an SMMU of L1's (nv/smmu/virtual.h): the machine's SMMU_IDR0 and SMMU_IDR5. */
void smmu_features(uint32_t *idr0, uint32_t *idr5);

/* The entry of an attached stream becomes another one, with the same stage 2 or a refusing one; not that of a device that is cut off. */
void smmu_change(uint32_t stream, const struct smmu_ste *entry);

/* Commands that L1 cannot make illegal. They are looked at by smmu_wait at the latest, and have had their effect after it. */
void smmu_forward(const struct smmu_command *c);
void smmu_wait(void);

/* Who is asked first about an event, without a lock held: true if it is dealt with, and there is no end to them if nobody ends them. Boot sets it. */
void smmu_set_listener(bool (*listener)(const struct smmu_event *e));

/* An interrupt of the machine: true if it was the SMMU's, whose events have been looked at. */
__attribute__((cold)) bool smmu_interrupt(uint32_t intid);

#endif
