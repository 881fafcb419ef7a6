/*
 * Which interrupts of L1's own GIC are pending, active and enabled, and which vCPUs do they concern?  Plain structs, and what changes
 * them.  What a list register holds is held nowhere else: see lists.h.  Next: state.c, lists.h.
 */
#ifndef NV_GIC_STATE_H
#define NV_GIC_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "nv/arch/addr.h"
#include "nv/arch/intid.h"

#define VGIC_MAX_VCPUS 8
#define VGIC_BANK 32 /* interrupts in a bank: one bit each in its words */
#define VGIC_SPI_BANKS 2
#define VGIC_INTIDS (VGIC_BANK * (1 + VGIC_SPI_BANKS))
#define VGIC_LPIS 1024
#define VGIC_LPI_WORDS (VGIC_LPIS / 64)
#define VGIC_MAX_LRS 16
#define VGIC_AP_WORDS 4

/* 32 interrupts with consecutive INTIDs: the private ones of a vCPU, or a part of the SPIs. */
struct vgic_bank {
	uint32_t group; /* 1: Group 1 */
	uint32_t enabled;
	uint32_t edge;	 /* edge-triggered */
	uint32_t latch;	 /* pending by an edge or by a register write; not while in a list register */
	uint32_t level;	 /* state of the input line */
	uint32_t active; /* not while in a list register */
	uint32_t linked; /* to a physical interrupt that the deactivation deactivates */
	uint32_t high;	 /* PPIs: while linked, the line as last seen */
	uint32_t
		again; /* SPIs whose physical one came while the last one was linked, or in a list register */
	uint32_t in_lr;
	uint32_t drop_pending, drop_active; /* removed from outside while in a list register of another CPU */
	uint32_t
		altered; /* priority or group changed since they became active, or went into a list register */
	uint32_t was_group;	    /* where altered: as it was before */
	uint16_t pintid[VGIC_BANK]; /* where linked */
	uint8_t priority[VGIC_BANK];
	uint8_t was_priority[VGIC_BANK];
};

/* LPIs of one vCPU's redistributor: see lpi.h. */
struct vgic_redist_lpis {
	uint32_t some; /* which words of pending are not 0 */
	bool enabled;  /* GICR_CTLR.EnableLPIs */
	uint64_t propbaser, pendbaser;
	uint64_t pending[VGIC_LPI_WORDS]; /* not while in a list register */
	uint64_t drop[VGIC_LPI_WORDS];	  /* cleared from outside while in a list register */
};

/* LPIs of a VM. */
struct vgic_lpis {
	/* 64 bits of the VM's memory at an address that is a multiple of 8. False: there is none. */
	bool (*read)(const void *memory, l1_ipa_t ipa, uint64_t *value);
	bool (*write)(const void *memory, l1_ipa_t ipa, uint64_t value);
	const void *memory;
	uint64_t
		propbaser; /* where LPIs were enabled last: GICR_TYPER.CommonLPIAff says that there is one table */
	uint8_t config[VGIC_LPIS]; /* the table's bytes as last read: priority, and whether enabled */
	uint8_t home
		[VGIC_LPIS]; /* vCPU where an LPI is pending, or will be if it comes back from a list register */
};

/* One vCPU's redistributor and what of its CPU interface is not in hardware. */
struct vgic_cpu {
	struct vgic_bank bank;	       /* INTIDs 0 to 31 */
	uint32_t held[VGIC_SPI_BANKS]; /* SPIs that are in a list register here, or active here */
	uint32_t affinity;	       /* Aff3.Aff2.Aff1.Aff0, one byte each */
	uint32_t deactivate;	       /* private INTIDs to be deactivated in hardware on this CPU */
	uint64_t deactivate_spis;      /* bit 0: INTID 32; on any CPU */
	bool awake;		       /* GICR_WAKER.ProcessorSleep is 0 */
	bool dirty;		       /* something changed since the last vgic_choose */
	bool stale;		       /* something changed since the last vgic_would */
	bool recall;		       /* another CPU waits until the list registers have been folded: RWP */
	bool loaded;		       /* the list registers of hardware are these */
	uint8_t signal;		       /* enum vgic_signal as of the last time that it was worked out */
	uint16_t lr_used;	       /* one bit for each list register in use */
	uint16_t lr_latched;	       /* its pending state came from the latch, not from the level */
	uint64_t lr[VGIC_MAX_LRS];
	uint64_t hcr, vmcr;
	uint64_t l1_traps; /* for ICH_HCR_EL2, beside hcr: see vgic_trap, and vgic_hold */
	uint64_t unrouted; /* groups that are held back, as bits of ICH_VMCR_EL2: host/world/routing.h */
	uint64_t unrouted_enables; /* those of them that L1 has enabled */
	uint64_t ap0r[VGIC_AP_WORDS], ap1r[VGIC_AP_WORDS];
	struct vgic_redist_lpis lpi;
};

/* What a VM's vCPUs share. */
struct vgic_dist {
	unsigned vcpus;
	unsigned lr_count;	 /* list registers of hardware */
	unsigned preempt_bits;	 /* ICH_VTR_EL2.PREbits + 1 */
	uint8_t priority_mask;	 /* the implemented bits of a priority */
	uint32_t enabled_groups; /* bit 0: Group 0, bit 1: Group 1 */
	uint32_t kick;		 /* vCPUs that became dirty; the caller clears it and interrupts their CPUs */
	struct vgic_cpu *cpu[VGIC_MAX_VCPUS];
	struct vgic_bank spi[VGIC_SPI_BANKS];
	uint64_t irouter[VGIC_SPI_BANKS * VGIC_BANK];
	uint32_t routed[VGIC_SPI_BANKS][VGIC_MAX_VCPUS]; /* which SPIs of a bank go to a vCPU */
	struct vgic_lpis lpi;
};

enum vgic_signal {
	VGIC_NOTHING,
	VGIC_IRQ,
	VGIC_FIQ
};

/* The input line of intid: of the vCPU's for a PPI, of the distributor for an SPI. Other INTIDs are ignored. */
void vgic_line(struct vgic_dist *d, unsigned vcpu, uint32_t intid, bool level);

/*
 * Physical interrupt pintid, active on the CPU of vcpu, stands for PPI vintid from now on: it is pending, and its
 * deactivation is pintid's. Only for the CPU that runs vcpu, with the list registers folded.
 */
void vgic_link(struct vgic_dist *d, unsigned vcpu, uint32_t vintid, uint32_t pintid);
/*
 * The line of a linked PPI as it is now. True: it has fallen before the interrupt was taken, and that is all there was to it; the
 * link has ended, and the physical interrupt is the caller's again. Callers as for vgic_link.
 */
bool vgic_sample(struct vgic_dist *d, unsigned vcpu, uint32_t vintid, bool level);
/*
 * Ends a link: from now on vintid is pending when its line is high. The physical interrupt is the caller's again. Whether it
 * is active stays.
 */
void vgic_unlink(struct vgic_dist *d, unsigned vcpu, uint32_t vintid);

/*
 * Physical SPI intid, active now, stands for L1's SPI of the same number: it is pending, and its deactivation is that of
 * both. Any vCPU's CPU, whatever list registers hold. The physical one is level-sensitive: deactivated too early, or once too
 * often, it comes again if its line is high.
 */
void vgic_link_spi(struct vgic_dist *d, uint32_t intid);
/* May a list register of L1's guest deactivate physical interrupt intid itself? */
bool vgic_spi_is_linked(const struct vgic_dist *d, uint32_t intid);

/* What a write to ICC_DIR_EL1 asks for, of an interrupt in no list register. A linked one is entered in c->deactivate. */
void vgic_end(struct vgic_dist *d, unsigned vcpu, uint32_t intid);

/*
 * ICC_SGI1R_EL1 (group 1), ICC_SGI0R_EL1 or ICC_ASGI1R_EL1 (group 0) written with value by vcpu: with one Security
 * state, the distributor treats the other state's Group 1 as Group 0. The SGI arises where its group is that one.
 */
void vgic_sgi(struct vgic_dist *d, unsigned vcpu, unsigned group, uint64_t value);

/* The bit of an INTID in the words of its bank. */
static inline uint32_t vgic_bit(uint32_t intid)
{
	return UINT32_C(1) << (intid % VGIC_BANK);
}

static inline unsigned vgic_lowest(uint64_t bits)
{
	return (unsigned)__builtin_ctzll(bits);
}

static inline bool vgic_is_lpi(uint32_t intid)
{
	return intid >= INTID_FIRST_LPI;
}

/* How many of AP0R<n> and AP1R<n> there are: five preemption bits, and there are no fewer, need one. */
static inline unsigned vgic_ap_words(const struct vgic_dist *d)
{
	return 1U << (d->preempt_bits - 5);
}

/* The bank of an INTID (NULL if there is none), and "these interrupts of it changed". */
struct vgic_bank *vgic_bank_of(struct vgic_dist *d, unsigned vcpu, uint32_t intid);
void vgic_changed(struct vgic_dist *d, unsigned vcpu, const struct vgic_bank *bank, uint32_t bits);
void vgic_changed_all(struct vgic_dist *d);
/*
 * Before the priorities or groups of these change: an active interrupt keeps both until it has ended, since the priority that its EOI
 * drops is that of its acknowledge, and in the register of that group (IHI0069, ICV_EOIR1_EL1).
 */
void vgic_keep_attributes(struct vgic_bank *bank, uint32_t bits);
/* The same of something else about a vCPU. */
void vgic_mark(struct vgic_dist *d, unsigned vcpu);
/* Does another CPU than that of vcpu have list registers that something has changed about since? */
bool vgic_others_recalled(const struct vgic_dist *d, unsigned vcpu);
/* Pending and active state, wherever it is kept at the moment. */
uint32_t vgic_pending_bits(const struct vgic_dist *d, unsigned vcpu, const struct vgic_bank *bank);
uint32_t vgic_active_bits(const struct vgic_dist *d, unsigned vcpu, const struct vgic_bank *bank);
/* Writes to ISPENDR, ICPENDR, ISACTIVER and ICACTIVER. */
void vgic_set_pending(struct vgic_dist *d, unsigned vcpu, struct vgic_bank *bank, uint32_t bits);
void vgic_clear_pending(struct vgic_dist *d, unsigned vcpu, struct vgic_bank *bank, uint32_t bits);
void vgic_set_active(struct vgic_dist *d, unsigned vcpu, struct vgic_bank *bank, uint32_t bits);
void vgic_clear_active(struct vgic_dist *d, unsigned vcpu, struct vgic_bank *bank, uint32_t bits);
/* The physical interrupts that some of them are linked to have to be deactivated with them. */
void vgic_release_links(struct vgic_dist *d, unsigned vcpu, struct vgic_bank *bank, uint32_t bits);

/* They have been completed. Where the physical one has come again since, the link is that of the next one. */
static inline void vgic_end_links(struct vgic_dist *d, unsigned vcpu, struct vgic_bank *bank, uint32_t bits)
{
	uint32_t next;

	if (__builtin_expect(!(bits & (bank->linked | bank->again)), 1))
		return;
	next = bits & bank->again & bank->latch;
	bank->again &= ~bits;
	vgic_release_links(d, vcpu, bank, bits & ~next);
}

/* GICD_IROUTER of an SPI. */
void vgic_route(struct vgic_dist *d, uint32_t intid, uint64_t irouter);

#endif
