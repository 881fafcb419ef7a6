/*
 * What does L1's own SMMU do?  An SMMUv3 with stage 1 alone, which the machine's carries out: a stream that L1 has given a table of
 * contexts is translated by that, and then by the VM's stage 2. So nothing that L1 writes has to be trusted but what is decided here: which entry of the
 * machine's stream table follows from L1's, and which command of the machine's from L1's. Tables of contexts and of translations are read by the machine's SMMU
 * alone, through the VM's stage 2.  Reads: regs.h, stream.h, queue.h.  Next: virtual.c, host/device/vsmmu.h.
 */
#ifndef NV_SMMU_VIRTUAL_H
#define NV_SMMU_VIRTUAL_H

#include <stdbool.h>
#include <stdint.h>

#include "nv/arch/addr.h"
#include "nv/smmu/queue.h"
#include "nv/smmu/stream.h"

#define VSMMU_STREAM_BITS 8 /* a StreamID is a Requester ID of the VM's one bus */

/* The VM's memory, at an address that is a multiple of what is accessed. False: there is none. */
struct vsmmu_memory {
	bool (*read)(const void *memory, l1_ipa_t ipa, uint64_t *value);	/* 64 bits */
	bool (*read_pair)(const void *memory, l1_ipa_t ipa, uint64_t value[2]); /* twice as many */
	bool (*write)(const void *memory, l1_ipa_t ipa, uint64_t value);	/* 64 */
	bool (*message)(const void *memory, l1_ipa_t ipa, uint32_t value);	/* written, 32 */
	const void *memory;
};

/* SMMU_<x>_IRQ_CFG0 to 2. An address of 0: no message, but a wire. */
struct vsmmu_irq {
	uint64_t address;
	uint32_t data, attributes;
};

struct vsmmu {
	uint32_t idr0, idr5; /* as L1 reads them */
	bool can_stall;	     /* the machine's SMMU, which L1 is not told of */
	uint32_t cr0, cr1, cr2, gbpa, irq_ctrl, gerror, gerrorn, strtab_cfg;
	uint64_t strtab_base, cmdq_base, eventq_base;
	uint32_t cmdq_prod, cmdq_cons, eventq_prod, eventq_cons;
	struct vsmmu_irq event_irq, error_irq;
	bool has_event, has_error; /* that L1 has not been told of: vsmmu_tell */
};

/* Of the machine's SMMU_IDR0 and SMMU_IDR5. False: it has no stage 1, so L1 has no SMMU. */
bool vsmmu_init(struct vsmmu *v, uint32_t idr0, uint32_t idr5);
void vsmmu_reset(struct vsmmu *v);

/*
 * An access of 1 << size_log2 bytes at offset in 128 KiB; what is no register of that size is RAZ/WI. A write says what may follow: streams have to be looked
 * at again, commands can be run (vsmmu_next).
 */
#define VSMMU_STREAMS 1U
#define VSMMU_COMMANDS 2U
uint64_t vsmmu_read(const struct vsmmu *v, uint64_t offset, unsigned size_log2);
unsigned vsmmu_write(struct vsmmu *v, uint64_t offset, unsigned size_log2, uint64_t value);

/* What is to be done for a command of L1's. */
enum vsmmu_act {
	VSMMU_IDLE,    /* there is none */
	VSMMU_NOTHING, /* and it is done with */
	VSMMU_STREAM,  /* the entry of stream is looked at again, with what is cached of its contexts */
	VSMMU_ALL_STREAMS,
	VSMMU_CONTEXTS, /* what the machine's SMMU has of contexts of stream goes: smmu_cfgi_contexts */
	VSMMU_FORWARD,	/* forward goes to the machine's SMMU */
	VSMMU_SYNC,	/* what went there has to be carried out; then vsmmu_synced */
	VSMMU_ERROR,	/* it is none; the queue stands still, and L1 is told by GERROR */
};
struct vsmmu_order {
	enum vsmmu_act act;
	uint32_t stream;	     /* VSMMU_STREAM, VSMMU_CONTEXTS */
	struct smmu_command forward; /* VSMMU_FORWARD */
	l1_ipa_t message;	     /* VSMMU_SYNC: by which it says that it is done. 0: by none */
	uint32_t data;		     /* and what the message is */
};

/* The next command of L1's queue, and the queue goes on to the one behind it. vmid is that of the VM's stage 2. Of *o what belongs to o->act is set. */
void vsmmu_next(struct vsmmu *v, const struct vsmmu_memory *m, uint16_t vmid, struct vsmmu_order *o);

/* A CMD_SYNC is done. If its message cannot be written, GERROR says so. */
void vsmmu_synced(struct vsmmu *v, const struct vsmmu_memory *m, const struct vsmmu_order *sync);

/* The machine's entry for a stream of L1's, and whether L1 translates it. s2 is the VM's stage 2. What L1 got wrong refuses. */
struct smmu_ste vsmmu_entry(const struct vsmmu *v, const struct vsmmu_memory *m, uint32_t stream,
			    const struct smmu_stage2 *s2, bool *translated);

/* An event of the machine's that is about L1's stage 1?  Then it can go to L1's queue as one of stream. If its queue cannot be written, GERROR says so. */
bool vsmmu_is_l1s(const struct smmu_event *e);
void vsmmu_event(struct vsmmu *v, const struct vsmmu_memory *m, const struct smmu_event *e, uint32_t stream);

/*
 * L1 is told of what is new: by messages, which are written here, or by wires, a bit for each that is to have an edge. To be called when commands have been
 * run, and behind vsmmu_event.
 */
#define VSMMU_WIRE_EVENT 1U
#define VSMMU_WIRE_ERROR 2U
unsigned vsmmu_tell(struct vsmmu *v, const struct vsmmu_memory *m);

#endif
