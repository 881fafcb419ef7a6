/*
 * What does L1's ITS do?  It translates the event of a device into an LPI and a vCPU, as commands from a queue in L1's memory have
 * set it up (IHI0069, "The ITS").  What is mapped is held here, in lists with bounds that GITS_TYPER tells or that make a command fail, and not
 * in the tables that L1 provides with GITS_BASER<n>: their content is IMPLEMENTATION DEFINED.  Reads: lpi.h.
 * Next: its.c.
 */
#ifndef NV_GIC_ITS_H
#define NV_GIC_ITS_H

#include "nv/gic/state.h"

#define VITS_DEVICES 256
#define VITS_EVENTS 1024 /* mapped at once, of all devices together */
#define VITS_COLLECTIONS 8
#define VITS_TABLES 2

#define VITS_SIZE UINT64_C(0x20000) /* the control frame and the translation frame */

struct vits_device {
	uint8_t event_bits; /* 0: not mapped */
	uint16_t first;	    /* of its events */
};

struct vits_event {
	uint16_t event, lpi; /* EventID; INTID less INTID_FIRST_LPI */
	uint16_t next;
	uint8_t collection;
};

struct vits {
	bool enabled;
	bool syncing; /* a SYNC at offset sync_at waits for list registers of other CPUs */
	uint32_t sync_at;
	uint32_t cwriter, creadr; /* offsets in the queue */
	uint64_t cbaser, baser[VITS_TABLES];
	uint16_t free;			      /* list of unused ones of event[] */
	uint8_t collection[VITS_COLLECTIONS]; /* its vCPU */
	struct vits_device device[VITS_DEVICES];
	struct vits_event event[VITS_EVENTS];
};

/* State out of reset. */
void vits_reset(struct vits *its);

/*
 * An access by vcpu at offset in the two frames; size is log2 of its bytes. Reserved offsets, and sizes and alignments that a
 * register does not have, are RAZ/WI. d is the distributor of the same VM.
 */
uint64_t vits_read(struct vits *its, const struct vgic_dist *d, unsigned vcpu, uint64_t offset,
		   unsigned size);

/* A device's message: data is written to GITS_TRANSLATER as that DeviceID. The INTID of the LPI that L1 has for it; 0: none. */
uint32_t vits_message(struct vits *its, struct vgic_dist *d, uint32_t device, uint32_t event);

/*
 * The same for a write, with the commands that it makes runnable. A write runs at most 64 of them, so that L0 is not away for long.
 * False: there are more, and the same write has to be done again; to L1 it is one that takes long.
 */
bool vits_write(struct vits *its, struct vgic_dist *d, uint64_t offset, unsigned size, uint64_t value);

#endif
