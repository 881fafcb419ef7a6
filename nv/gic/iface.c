/*
 * What does an access to a Group 0 or Group 1 register of L1's CPU interface do while hardware has another interface
 * loaded?  As the pseudocode of IHI0069 for ICV_IAR0_EL1 and its like.  Reads: iface.h, state.h.
 */
#include "nv/gic/iface.h"

#include "nv/arch/fields.h"
#include "nv/gic/lists.h"
#include "nv/gic/lpi.h"

#define BPR_MAX UINT64_C(7)

/* Which register of which group?  The two groups have the same ones. */
enum part {
	PART_NONE,
	PART_IAR,
	PART_EOIR,
	PART_HPPIR,
	PART_BPR,
	PART_IGRPEN,
	PART_AP, /* AP<x>R0 to R3 */
};

struct name {
	enum part part;
	bool group1;
	unsigned ap_word;
};

static struct name name_of(enum sysreg r)
{
	switch (r) {
#define GROUP(n, is_group1)                                        \
	case SR_ICC_IAR##n##_EL1:                                  \
		return (struct name){ PART_IAR, is_group1, 0 };    \
	case SR_ICC_EOIR##n##_EL1:                                 \
		return (struct name){ PART_EOIR, is_group1, 0 };   \
	case SR_ICC_HPPIR##n##_EL1:                                \
		return (struct name){ PART_HPPIR, is_group1, 0 };  \
	case SR_ICC_BPR##n##_EL1:                                  \
		return (struct name){ PART_BPR, is_group1, 0 };    \
	case SR_ICC_IGRPEN##n##_EL1:                               \
		return (struct name){ PART_IGRPEN, is_group1, 0 }; \
	case SR_ICC_AP##n##R0_EL1:                                 \
		return (struct name){ PART_AP, is_group1, 0 };     \
	case SR_ICC_AP##n##R1_EL1:                                 \
		return (struct name){ PART_AP, is_group1, 1 };     \
	case SR_ICC_AP##n##R2_EL1:                                 \
		return (struct name){ PART_AP, is_group1, 2 };     \
	case SR_ICC_AP##n##R3_EL1:                                 \
		return (struct name){ PART_AP, is_group1, 3 };
		GROUP(0, false)
		GROUP(1, true)
#undef GROUP
	default:
		return (struct name){ PART_NONE, false, 0 };
	}
}

static uint64_t highest_of_group(const struct vgic_dist *d, unsigned vcpu, bool group1, bool signalled)
{
	struct vgic_pending p;

	if (!vgic_highest(d, vcpu, &p) || p.group1 != group1 || (signalled && !vgic_preempts(d, vcpu, &p)))
		return INTID_SPURIOUS;
	return p.intid;
}

/* --- acknowledge and end --- */

static void activate(struct vgic_dist *d, unsigned vcpu, uint32_t intid)
{
	struct vgic_bank *b = vgic_bank_of(d, vcpu, intid);
	uint32_t bit = vgic_bit(intid);

	if (vgic_is_lpi(intid)) {
		(void)vgic_lpi_take(d, vcpu, intid - INTID_FIRST_LPI); /* an LPI is never active */
		vgic_mark(d, vcpu);
		return;
	}
	vgic_changed(d, vcpu, b, bit);
	b->latch &= ~bit;
	b->active |= bit;
	if (intid >= VGIC_BANK)
		d->cpu[vcpu]->held[intid / VGIC_BANK - 1] |= bit;
}

static void raise_running_priority(const struct vgic_dist *d, struct vgic_cpu *c,
				   const struct vgic_pending *p)
{
	unsigned level = (p->priority & vgic_preemption_mask(c->vmcr, p->group1)) >> (8 - d->preempt_bits);
	uint64_t *ap = p->group1 ? c->ap1r : c->ap0r;

	ap[level / 32] |= BIT(level % 32);
}

static uint64_t acknowledge(struct vgic_dist *d, unsigned vcpu, bool group1)
{
	struct vgic_pending p;

	if (highest_of_group(d, vcpu, group1, true) == INTID_SPURIOUS || !vgic_highest(d, vcpu, &p))
		return INTID_SPURIOUS;
	activate(d, vcpu, p.intid);
	raise_running_priority(d, d->cpu[vcpu], &p);
	return p.intid;
}

/* Drops the running priority if it is this group's. */
static void drop_priority(struct vgic_cpu *c, bool group1)
{
	for (unsigned i = 0; i < VGIC_AP_WORDS; i++) {
		uint64_t all = c->ap0r[i] | c->ap1r[i], first = all & (~all + 1);

		if (!all)
			continue;
		if (group1)
			c->ap1r[i] &= ~first;
		else
			c->ap0r[i] &= ~first;
		return;
	}
}

static void end_of_interrupt(struct vgic_dist *d, unsigned vcpu, bool group1, uint64_t intid)
{
	struct vgic_cpu *c = d->cpu[vcpu];

	if (intid >= INTID_FIRST_SPECIAL && intid <= INTID_SPURIOUS)
		return;
	drop_priority(c, group1);
	c->stale = true;
	if (!(c->vmcr & ICH_VMCR_VEOIM))
		vgic_end(d, vcpu, (uint32_t)intid);
}

/* --- the rest --- */

static uint64_t smallest_bpr(const struct vgic_dist *d, bool group1)
{
	return 7 - d->preempt_bits + (group1 ? 1 : 0);
}

static uint64_t read_bpr(const struct vgic_cpu *c, bool group1)
{
	uint64_t bpr0 = field_get(ICH_VMCR_VBPR0, c->vmcr);

	if (!group1)
		return bpr0;
	if (c->vmcr & ICH_VMCR_VCBPR)
		return bpr0 < BPR_MAX ? bpr0 + 1 : BPR_MAX;
	return field_get(ICH_VMCR_VBPR1, c->vmcr);
}

static void write_bpr(const struct vgic_dist *d, struct vgic_cpu *c, bool group1, uint64_t value)
{
	uint64_t smallest = smallest_bpr(d, group1), bpr = value & BPR_MAX;

	if (group1 && (c->vmcr & ICH_VMCR_VCBPR))
		return;
	if (bpr < smallest)
		bpr = smallest;
	c->vmcr = group1 ? field_set(ICH_VMCR_VBPR1, c->vmcr, bpr) : field_set(ICH_VMCR_VBPR0, c->vmcr, bpr);
}

static uint64_t read_part(struct vgic_dist *d, unsigned vcpu, struct name n)
{
	struct vgic_cpu *c = d->cpu[vcpu];

	switch (n.part) {
	case PART_IAR:
		return acknowledge(d, vcpu, n.group1);
	case PART_HPPIR:
		return highest_of_group(d, vcpu, n.group1, false);
	case PART_BPR:
		return read_bpr(c, n.group1);
	case PART_IGRPEN:
		return (c->vmcr & (n.group1 ? ICH_VMCR_VENG1 : ICH_VMCR_VENG0)) != 0;
	case PART_AP:
		return n.group1 ? c->ap1r[n.ap_word] : c->ap0r[n.ap_word];
	case PART_EOIR:
	case PART_NONE:
		break;
	}
	return 0;
}

static void write_part(struct vgic_dist *d, unsigned vcpu, struct name n, uint64_t value)
{
	struct vgic_cpu *c = d->cpu[vcpu];
	uint64_t enable = n.group1 ? ICH_VMCR_VENG1 : ICH_VMCR_VENG0;

	c->stale = true;
	switch (n.part) {
	case PART_EOIR:
		end_of_interrupt(d, vcpu, n.group1, value & ICC_IAR_INTID);
		return;
	case PART_BPR:
		write_bpr(d, c, n.group1, value);
		return;
	case PART_IGRPEN:
		c->vmcr = value & ICC_IGRPEN_ENABLE ? c->vmcr | enable : c->vmcr & ~enable;
		return;
	case PART_AP:
		if (n.group1)
			c->ap1r[n.ap_word] = value & BITS(31, 0);
		else
			c->ap0r[n.ap_word] = value & BITS(31, 0);
		return;
	case PART_IAR:
	case PART_HPPIR:
	case PART_NONE:
		return;
	}
}

bool vgic_iface_access(struct vgic_dist *d, unsigned vcpu, enum sysreg r, bool group1, bool is_read,
		       uint64_t *value)
{
	struct name n = name_of(r);
	bool read_only = n.part == PART_IAR || n.part == PART_HPPIR;

	if (n.part == PART_NONE || n.group1 != group1 || (is_read ? n.part == PART_EOIR : read_only))
		return false;
	if (n.part == PART_AP && n.ap_word >= vgic_ap_words(d))
		return false;
	if (is_read)
		*value = read_part(d, vcpu, n);
	else
		write_part(d, vcpu, n, *value);
	return true;
}
