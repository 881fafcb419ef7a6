/* Which interrupts go into list registers, and what comes back from them?  Reads: lists.h.  Next: regs.h. */
#include "nv/gic/lists.h"

#include <string.h>

#include "nv/arch/fields.h"
#include "nv/gic/lpi.h"

#define PRIVATE_EDGE UINT32_C(0x0000ffff) /* SGIs are edge-triggered, PPIs here are level-sensitive */
#define IDLE_PRIORITY 0x100U		  /* below every priority */

/* --- reset --- */

static void reset_bank(struct vgic_bank *bank, uint32_t edge)
{
	memset(bank, 0, sizeof(*bank));
	bank->edge = edge;
}

void vgic_reset_dist(struct vgic_dist *d)
{
	d->enabled_groups = 0;
	d->kick = 0;
	for (unsigned i = 0; i < VGIC_SPI_BANKS; i++)
		reset_bank(&d->spi[i], 0);
	for (uint32_t intid = VGIC_BANK; intid < VGIC_INTIDS; intid++)
		vgic_route(d, intid, 0);
	vgic_lpi_reset(d);
}

void vgic_reset_redist(struct vgic_cpu *c, uint32_t affinity)
{
	reset_bank(&c->bank, PRIVATE_EDGE);
	memset(c->held, 0, sizeof(c->held));
	c->affinity = affinity;
	c->deactivate = 0;
	c->deactivate_spis = 0;
	memset(&c->lpi, 0, sizeof(c->lpi));
	vgic_reset_interface(c);
}

void vgic_reset_interface(struct vgic_cpu *c)
{
	c->awake = true;
	c->hcr = ICH_HCR_EN;
	c->vmcr = ICH_VMCR_VFIQEN; /* RES1 with system registers */
	c->l1_traps = 0;
	memset(c->ap0r, 0, sizeof(c->ap0r));
	memset(c->ap1r, 0, sizeof(c->ap1r));
	memset(c->lr, 0, sizeof(c->lr));
	c->lr_used = 0;
	c->lr_latched = 0;
	c->loaded = false;
	c->recall = false;
	c->signal = VGIC_NOTHING;
	c->dirty = true;
	c->stale = true;
}

/* The priority that an active interrupt of the bank runs at. */
static inline unsigned active_priority(const struct vgic_bank *bank, unsigned i)
{
	return __builtin_expect(!(bank->altered & vgic_bit(i)), 1) ? bank->priority[i] :
								     bank->was_priority[i];
}

/* --- from list registers --- */

/* L1 changed something about an interrupt that was in a list register: what of that is left. */
static __attribute__((cold, noinline)) uint64_t fold_changed(struct vgic_bank *bank, uint32_t bit,
							     uint64_t lr)
{
	if (bank->drop_pending & bit)
		lr &= ~ICH_LR_PENDING;
	if (bank->drop_active & bit)
		lr &= ~ICH_LR_ACTIVE;
	bank->drop_pending &= ~bit;
	bank->drop_active &= ~bit;
	if (!(lr & ICH_LR_ACTIVE) && !(bank->active & bit))
		bank->altered &= ~bit;
	return lr;
}

/* An SPI is no longer this vCPU's. One that came again meanwhile, and is routed elsewhere by now, is news there. */
static void let_go(struct vgic_dist *d, unsigned vcpu, const struct vgic_bank *bank, uint32_t intid)
{
	unsigned spi = intid / VGIC_BANK - 1;
	uint32_t bit = vgic_bit(intid);

	d->cpu[vcpu]->held[spi] &= ~bit;
	if (__builtin_expect(!(d->routed[spi][vcpu] & bit), 0))
		vgic_changed(d, vcpu, bank, bit);
}

static void fold_one(struct vgic_dist *d, unsigned vcpu, uint64_t lr, bool latched)
{
	uint32_t intid = (uint32_t)field_get(ICH_LR_VINTID, lr), bit = vgic_bit(intid);
	struct vgic_bank *bank = vgic_bank_of(d, vcpu, intid);
	bool was_empty = !(lr & ICH_LR_STATE);

	bank->in_lr &= ~bit;
	if (__builtin_expect((bank->drop_pending | bank->drop_active | bank->altered) & bit, 0))
		lr = fold_changed(bank, bit, lr);
	if ((lr & ICH_LR_PENDING) && latched)
		bank->latch |= bit;
	if (lr & ICH_LR_ACTIVE)
		bank->active |= bit;
	else if (intid >= VGIC_BANK && !(bank->active & bit))
		let_go(d, vcpu, bank, intid);
	if (!(lr & ICH_LR_HW) || (lr & ICH_LR_STATE))
		return;
	/* Hardware has deactivated the physical interrupt together with this one, unless another CPU ended it. */
	if (was_empty && !(bank->again & bit))
		bank->linked &= ~bit;
	else
		vgic_end_links(d, vcpu, bank, bit);
}

static uint32_t active_here(const struct vgic_dist *d, const struct vgic_cpu *c, unsigned bank)
{
	return bank == 0 ? c->bank.active : d->spi[bank - 1].active & c->held[bank - 1];
}

static const struct vgic_bank *bank_here(const struct vgic_dist *d, const struct vgic_cpu *c, unsigned bank)
{
	return bank == 0 ? &c->bank : &d->spi[bank - 1];
}

/* An EOI without a list register ended the active interrupt that runs: the one of the highest priority. */
static void end_running(struct vgic_dist *d, unsigned vcpu)
{
	const struct vgic_cpu *c = d->cpu[vcpu];
	unsigned best = IDLE_PRIORITY;
	uint32_t intid = 0;

	for (unsigned n = 0; n <= VGIC_SPI_BANKS; n++)
		for (uint32_t bits = active_here(d, c, n); bits; bits &= bits - 1) {
			unsigned i = vgic_lowest(bits);

			if (active_priority(bank_here(d, c, n), i) < best) {
				best = active_priority(bank_here(d, c, n), i);
				intid = n * VGIC_BANK + i;
			}
		}
	if (best < IDLE_PRIORITY)
		vgic_end(d, vcpu, intid);
}

void vgic_fold(struct vgic_dist *d, unsigned vcpu, unsigned eoi_count)
{
	struct vgic_cpu *c = d->cpu[vcpu];
	unsigned used = c->lr_used;

	/* With EOImode 1 it is ICC_DIR_EL1 that deactivates, and it traps while something active is outside. */
	for (; eoi_count && !(c->vmcr & ICH_VMCR_VEOIM); eoi_count--)
		end_running(d, vcpu);
	c->lr_used = 0;
	for (; used; used &= used - 1) {
		uint64_t lr = c->lr[vgic_lowest(used)];

		if (__builtin_expect(vgic_is_lpi((uint32_t)field_get(ICH_LR_VINTID, lr)), 0))
			vgic_lpi_fold(d, vcpu, lr);
		else
			fold_one(d, vcpu, lr, c->lr_latched & BIT(vgic_lowest(used)));
	}
	c->recall = false;
	c->dirty = true;
	c->stale = true;
}

/* --- into list registers --- */

/* Most banks have nothing to offer at most times. */
static bool is_idle(const struct vgic_bank *b)
{
	return !(b->latch | b->level | b->active);
}

/* Interrupts of a bank that could be signalled to c, and are in no list register. */
static uint32_t deliverable(const struct vgic_dist *d, unsigned vcpu, unsigned n)
{
	const struct vgic_cpu *c = d->cpu[vcpu];
	const struct vgic_bank *b = bank_here(d, c, n);
	uint32_t pending = (b->latch | (b->level & ~b->edge)) & b->enabled & ~b->in_lr;

	if (!pending || !c->awake)
		return 0;
	if (!(d->enabled_groups & 1))
		pending &= b->group;
	if (!(d->enabled_groups & 2))
		pending &= ~b->group;
	if (n == 0)
		return pending;
	/* Active on another vCPU: not before that one has completed it. */
	return pending & d->routed[n - 1][vcpu] & (~b->active | c->held[n - 1]);
}

struct pick {
	unsigned key; /* order: active ones first, then by priority */
	uint32_t intid;
	bool pending; /* and deliverable */
};

struct picks {
	struct pick pick[VGIC_MAX_LRS];
	struct pick best_pending; /* only where there are many */
	unsigned count, max;
	bool left_active, left_pending;
};

/* What pick[] has beyond count is never read. */
static inline void begin(struct picks *p, const struct vgic_dist *d)
{
	p->best_pending.key = ~0U;
	p->count = 0;
	p->max = d->lr_count;
	p->left_active = p->left_pending = false;
}

#define NOT_ACTIVE 0x100U    /* added to the priority */
#define NOT_SIGNALLED 0x100U /* added to that: behind those that L1's interface signals */

static void leave_out(struct picks *p, struct pick one)
{
	if (one.key < NOT_ACTIVE)
		p->left_active = true;
	else
		p->left_pending = true;
}

static inline void offer(struct picks *p, struct pick one)
{
	unsigned at = p->count;

	while (at && p->pick[at - 1].key > one.key)
		at--;
	if (at == p->max) {
		leave_out(p, one);
		return;
	}
	if (p->count == p->max)
		leave_out(p, p->pick[--p->count]);
	for (unsigned i = p->count++; i > at; i--)
		p->pick[i] = p->pick[i - 1];
	p->pick[at] = one;
}

/* Does ICC_IGRPEN<n>_EL1 of L1 let the interface signal this one? */
static bool is_signalled(const struct vgic_dist *d, unsigned vcpu, uint32_t intid)
{
	const struct vgic_cpu *c = d->cpu[vcpu];
	bool group1 = vgic_is_lpi(intid) || bank_here(d, c, intid / VGIC_BANK)->group & vgic_bit(intid);

	return c->vmcr & (group1 ? ICH_VMCR_VENG1 : ICH_VMCR_VENG0);
}

/* There are more than list registers: of the pending ones those come first that the interface signals. */
static inline void offer_of_many(const struct vgic_dist *d, unsigned vcpu, struct picks *p, struct pick one)
{
	if (one.key >= NOT_ACTIVE && !is_signalled(d, vcpu, one.intid))
		one.key += NOT_SIGNALLED;
	if (one.key >= NOT_ACTIVE && one.key < p->best_pending.key)
		p->best_pending = one;
	offer(p, one);
}

static inline __attribute__((always_inline)) void offer_bank(struct vgic_dist *d, unsigned vcpu, unsigned n,
							     struct picks *p, bool many)
{
	const struct vgic_cpu *c = d->cpu[vcpu];
	uint32_t active, pending;

	if (is_idle(bank_here(d, c, n)))
		return;
	active = active_here(d, c, n) & ~bank_here(d, c, n)->in_lr;
	pending = deliverable(d, vcpu, n);
	for (uint32_t bits = pending | active; bits; bits &= bits - 1) {
		unsigned i = vgic_lowest(bits);
		const struct vgic_bank *b = bank_here(d, c, n);
		bool is_active = active & vgic_bit(i);
		struct pick one = { is_active ? active_priority(b, i) : NOT_ACTIVE + b->priority[i],
				    n * VGIC_BANK + i, pending & vgic_bit(i) };

		if (many)
			offer_of_many(d, vcpu, p, one);
		else
			offer(p, one);
	}
}

static void offer_lpis(const struct vgic_dist *d, unsigned vcpu, struct picks *p, bool many)
{
	for (unsigned n = 0; vgic_lpi_next(d, vcpu, &n); n++) {
		struct pick one = { NOT_ACTIVE + vgic_lpi_priority(d, n), INTID_FIRST_LPI + n, true };

		if (many)
			offer_of_many(d, vcpu, p, one);
		else
			offer(p, one);
	}
}

static inline __attribute__((always_inline)) void offer_all(struct vgic_dist *d, unsigned vcpu,
							    struct picks *p, bool many)
{
	for (unsigned n = 0; n <= VGIC_SPI_BANKS; n++)
		offer_bank(d, vcpu, n, p, many);
	if (__builtin_expect(d->cpu[vcpu]->lpi.some != 0, 0))
		offer_lpis(d, vcpu, p, many);
}

/* An active interrupt keeps what it was acknowledged with, and what of it is pending has to wait for its end. */
static __attribute__((cold, noinline)) uint64_t with_attributes_kept(const struct vgic_bank *b,
								     uint32_t intid, uint64_t lr)
{
	lr = field_set(ICH_LR_PRIORITY, lr, b->was_priority[intid % VGIC_BANK]) & ~ICH_LR_GROUP;
	return b->was_group & vgic_bit(intid) ? lr | ICH_LR_GROUP : lr;
}

static uint64_t list_register(struct vgic_bank *b, uint32_t intid, bool pending, bool *latched)
{
	uint32_t bit = vgic_bit(intid);
	uint64_t lr =
		field_put(ICH_LR_VINTID, intid) | field_put(ICH_LR_PRIORITY, b->priority[intid % VGIC_BANK]);

	if (b->group & bit)
		lr |= ICH_LR_GROUP;
	if (b->active & bit) {
		lr |= ICH_LR_ACTIVE;
		if (__builtin_expect(b->altered & bit, 0)) {
			lr = with_attributes_kept(b, intid, lr);
			pending = false;
		}
	}
	if (b->linked & bit) {
		/* Pending and active at once is not for linked ones: the physical one comes again. */
		if (b->active & bit)
			b->latch &= ~bit;
		pending = pending && !(b->active & bit);
		lr |= ICH_LR_HW | field_put(ICH_LR_PINTID, b->pintid[intid % VGIC_BANK]);
	} else if ((b->level & ~b->edge & bit) || (!pending && (b->latch & bit))) {
		lr |= ICH_LR_EOI; /* is the line still high then? And what could not be with it is to come now. */
	}
	if (pending)
		lr |= ICH_LR_PENDING;
	*latched = pending && (b->latch & bit);
	return lr;
}

/* Moves the state of what was picked into list register n. */
static inline __attribute__((always_inline)) void occupy(struct vgic_dist *d, unsigned vcpu, unsigned n,
							 const struct pick *p)
{
	struct vgic_cpu *c = d->cpu[vcpu];
	uint32_t intid = p->intid;
	struct vgic_bank *b = vgic_bank_of(d, vcpu, intid);
	uint32_t bit = vgic_bit(intid);
	bool latched;

	c->lr_used |= (uint16_t)BIT(n);
	if (vgic_is_lpi(intid)) {
		c->lr[n] = vgic_lpi_take(d, vcpu, intid - INTID_FIRST_LPI);
		return;
	}
	c->lr[n] = list_register(b, intid, p->pending, &latched);
	b->in_lr |= bit;
	b->active &= ~bit;
	if (latched) {
		c->lr_latched |= (uint16_t)BIT(n);
		b->latch &= ~bit;
	}
	if (intid >= VGIC_BANK)
		c->held[intid / VGIC_BANK - 1] |= bit;
}

static inline __attribute__((always_inline)) void occupy_all(struct vgic_dist *d, unsigned vcpu,
							     const struct picks *p)
{
	d->cpu[vcpu]->lr_latched = 0;
	for (unsigned i = 0; i < p->count; i++)
		occupy(d, vcpu, i, &p->pick[i]);
	d->cpu[vcpu]->dirty = false;
}

/* Maintenance interrupts for when a group is not as vmcr says any more: L1 enables and disables it without a trap. */
static uint64_t told_of_groups(uint64_t vmcr)
{
	return (vmcr & ICH_VMCR_VENG0 ? ICH_HCR_VGRP0DIE : ICH_HCR_VGRP0EIE) |
	       (vmcr & ICH_VMCR_VENG1 ? ICH_HCR_VGRP1DIE : ICH_HCR_VGRP1EIE);
}

/*
 * Those that the interface does not signal would keep the others out for as long as their group is disabled. When that changes, or
 * there is room, L0 chooses again; where vmcr was an old one, at once.
 */
static __attribute__((cold, noinline)) void choose_of_many(struct vgic_dist *d, unsigned vcpu)
{
	struct vgic_cpu *c = d->cpu[vcpu];
	struct picks p;

	begin(&p, d);
	offer_all(d, vcpu, &p, true);
	/* A pending interrupt must be where the PE sees it, however many active ones there are. */
	if (p.left_pending && p.pick[p.max - 1].key < NOT_ACTIVE) {
		p.pick[p.max - 1] = p.best_pending;
		p.left_active = true;
	}
	/* What came again while active is no better off: L0 chooses again at its end. */
	for (unsigned i = 0; p.left_pending && i < p.count; i++)
		if (p.pick[i].key < NOT_ACTIVE)
			p.pick[i].pending = false;
	occupy_all(d, vcpu, &p);
	c->hcr = ICH_HCR_EN | (p.left_pending ? ICH_HCR_NPIE | told_of_groups(c->vmcr) : 0) |
		 (p.left_active ? ICH_HCR_LRENPIE | ICH_HCR_TDIR : 0);
}

void vgic_choose(struct vgic_dist *d, unsigned vcpu)
{
	struct picks p;

	begin(&p, d);
	offer_all(d, vcpu, &p, false);
	if (__builtin_expect(p.left_active || p.left_pending, 0)) {
		choose_of_many(d, vcpu);
		return;
	}
	occupy_all(d, vcpu, &p);
	d->cpu[vcpu]->hcr = ICH_HCR_EN;
}

/* --- what the interface would do --- */

unsigned vgic_preemption_mask(uint64_t vmcr, bool group1)
{
	if (group1 && !(vmcr & ICH_VMCR_VCBPR))
		return 0xffU << field_get(ICH_VMCR_VBPR1, vmcr);
	return 0xffU << (field_get(ICH_VMCR_VBPR0, vmcr) + 1);
}

static unsigned running_priority(const struct vgic_dist *d, const struct vgic_cpu *c)
{
	unsigned words = vgic_ap_words(d);

	for (unsigned i = 0; i < words; i++) {
		uint64_t active = c->ap0r[i] | c->ap1r[i];

		if (active)
			return (i * 32 + vgic_lowest(active)) << (8 - d->preempt_bits);
	}
	return IDLE_PRIORITY;
}

static void highest_lpi(const struct vgic_dist *d, unsigned vcpu, struct vgic_pending *h)
{
	for (unsigned n = 0; vgic_lpi_next(d, vcpu, &n); n++)
		if (vgic_lpi_priority(d, n) < h->priority)
			*h = (struct vgic_pending){ INTID_FIRST_LPI + n, vgic_lpi_priority(d, n), true };
}

bool vgic_highest(const struct vgic_dist *d, unsigned vcpu, struct vgic_pending *highest)
{
	const struct vgic_cpu *c = d->cpu[vcpu];
	struct vgic_pending h = { .priority = IDLE_PRIORITY };

	for (unsigned n = 0; n <= VGIC_SPI_BANKS; n++) {
		const struct vgic_bank *b = bank_here(d, c, n);
		uint32_t bits;

		if (is_idle(b))
			continue;
		bits = deliverable(d, vcpu, n) & ~b->active;
		bits &= (c->vmcr & ICH_VMCR_VENG1 ? b->group : 0) |
			(c->vmcr & ICH_VMCR_VENG0 ? ~b->group : 0);
		for (; bits; bits &= bits - 1) {
			unsigned i = vgic_lowest(bits);

			if (b->priority[i] < h.priority)
				h = (struct vgic_pending){ n * VGIC_BANK + i, b->priority[i],
							   (b->group & vgic_bit(i)) != 0 };
		}
	}
	if (c->lpi.some && (c->vmcr & ICH_VMCR_VENG1))
		highest_lpi(d, vcpu, &h);
	*highest = h;
	return h.priority < IDLE_PRIORITY;
}

bool vgic_preempts(const struct vgic_dist *d, unsigned vcpu, const struct vgic_pending *p)
{
	const struct vgic_cpu *c = d->cpu[vcpu];

	return p->priority < field_get(ICH_VMCR_VPMR, c->vmcr) &&
	       (p->priority & vgic_preemption_mask(c->vmcr, p->group1)) < running_priority(d, c);
}

enum vgic_signal vgic_would(struct vgic_dist *d, unsigned vcpu)
{
	struct vgic_cpu *c = d->cpu[vcpu];
	struct vgic_pending p;

	c->stale = false;
	c->signal = VGIC_NOTHING;
	if (vgic_highest(d, vcpu, &p) && vgic_preempts(d, vcpu, &p))
		c->signal = p.group1 ? VGIC_IRQ : VGIC_FIQ;
	return (enum vgic_signal)c->signal;
}
