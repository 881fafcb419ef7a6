/* What changes an interrupt's state, and whom does it concern?  Reads: state.h.  Next: lists.c. */
#include "nv/gic/state.h"

#include <stddef.h>

#include "nv/arch/fields.h"

#define AFFINITY_OF_AFF3 BITS(31, 24)
#define AFFINITY_ABOVE_AFF0 BITS(31, 8)
#define SGI_TARGETS_PER_RANGE 16

/* Number of an SPI bank; VGIC_SPI_BANKS for private interrupts. */
static unsigned spi_bank(const struct vgic_dist *d, const struct vgic_bank *bank)
{
	for (unsigned i = 0; i < VGIC_SPI_BANKS; i++)
		if (bank == &d->spi[i])
			return i;
	return VGIC_SPI_BANKS;
}

struct vgic_bank *vgic_bank_of(struct vgic_dist *d, unsigned vcpu, uint32_t intid)
{
	if (intid < VGIC_BANK)
		return &d->cpu[vcpu]->bank;
	return intid < VGIC_INTIDS ? &d->spi[intid / VGIC_BANK - 1] : NULL;
}

void vgic_mark(struct vgic_dist *d, unsigned vcpu)
{
	struct vgic_cpu *c = d->cpu[vcpu];

	c->dirty = true;
	c->stale = true;
	if (c->lr_used)
		c->recall = true;
	d->kick |= UINT32_C(1) << vcpu;
}

void vgic_changed(struct vgic_dist *d, unsigned vcpu, const struct vgic_bank *bank, uint32_t bits)
{
	unsigned spi = spi_bank(d, bank);

	if (spi == VGIC_SPI_BANKS) {
		vgic_mark(d, vcpu);
		return;
	}
	for (unsigned i = 0; i < d->vcpus; i++)
		if (bits & (d->routed[spi][i] | d->cpu[i]->held[spi]))
			vgic_mark(d, i);
}

void vgic_changed_all(struct vgic_dist *d)
{
	for (unsigned i = 0; i < d->vcpus; i++)
		vgic_mark(d, i);
}

bool vgic_others_recalled(const struct vgic_dist *d, unsigned vcpu)
{
	for (unsigned i = 0; i < d->vcpus; i++)
		if (i != vcpu && d->cpu[i]->recall)
			return true;
	return false;
}

/* --- the state of an interrupt --- */

/* Interrupts of bank that are in a list register of c in one of the given states. */
static uint32_t lr_bits(const struct vgic_dist *d, const struct vgic_cpu *c, const struct vgic_bank *bank,
			uint64_t state)
{
	uint32_t bits = 0;

	for (unsigned used = c->lr_used; used; used &= used - 1) {
		uint64_t lr = c->lr[vgic_lowest(used)];
		uint32_t intid = (uint32_t)field_get(ICH_LR_VINTID, lr);

		if (!vgic_is_lpi(intid) && (lr & state) &&
		    bank == (intid < VGIC_BANK ? &c->bank : &d->spi[intid / VGIC_BANK - 1]))
			bits |= vgic_bit(intid);
	}
	return bits;
}

static uint32_t in_list_registers(const struct vgic_dist *d, unsigned vcpu, const struct vgic_bank *bank,
				  uint64_t state)
{
	uint32_t bits = 0;

	if (!bank->in_lr)
		return 0;
	if (spi_bank(d, bank) == VGIC_SPI_BANKS)
		return lr_bits(d, d->cpu[vcpu], bank, state);
	for (unsigned i = 0; i < d->vcpus; i++)
		bits |= lr_bits(d, d->cpu[i], bank, state);
	return bits;
}

uint32_t vgic_pending_bits(const struct vgic_dist *d, unsigned vcpu, const struct vgic_bank *bank)
{
	uint32_t bits = in_list_registers(d, vcpu, bank, ICH_LR_PENDING) & ~bank->drop_pending;

	return bits | bank->latch | (bank->level & ~bank->edge) | (bank->linked & bank->high);
}

uint32_t vgic_active_bits(const struct vgic_dist *d, unsigned vcpu, const struct vgic_bank *bank)
{
	return bank->active | (in_list_registers(d, vcpu, bank, ICH_LR_ACTIVE) & ~bank->drop_active);
}

void vgic_set_pending(struct vgic_dist *d, unsigned vcpu, struct vgic_bank *bank, uint32_t bits)
{
	bank->latch |= bits;
	vgic_changed(d, vcpu, bank, bits);
}

/* An active interrupt is its vCPU's to complete: an SPI that software makes active is where it is routed. */
void vgic_set_active(struct vgic_dist *d, unsigned vcpu, struct vgic_bank *bank, uint32_t bits)
{
	unsigned spi = spi_bank(d, bank);

	if (spi < VGIC_SPI_BANKS)
		for (unsigned i = 0; i < d->vcpus; i++)
			d->cpu[i]->held[spi] |= bits & ~(bank->active | bank->in_lr) & d->routed[spi][i];
	bank->active |= bits;
	vgic_changed(d, vcpu, bank, bits);
}

void vgic_keep_attributes(struct vgic_bank *bank, uint32_t bits)
{
	for (bits &= (bank->active | bank->in_lr) & ~bank->altered; bits; bits &= bits - 1) {
		unsigned i = vgic_lowest(bits);

		bank->altered |= vgic_bit(i);
		bank->was_priority[i] = bank->priority[i];
		bank->was_group = (bank->was_group & ~vgic_bit(i)) | (bank->group & vgic_bit(i));
	}
}

void vgic_release_links(struct vgic_dist *d, unsigned vcpu, struct vgic_bank *bank, uint32_t bits)
{
	struct vgic_cpu *c = d->cpu[vcpu];
	unsigned spi = spi_bank(d, bank);

	if (spi == VGIC_SPI_BANKS)
		c->deactivate |= bits & bank->linked;
	else
		c->deactivate_spis |= (uint64_t)(bits & bank->linked) << (spi * VGIC_BANK);
	bank->linked &= ~bits;
}

void vgic_clear_pending(struct vgic_dist *d, unsigned vcpu, struct vgic_bank *bank, uint32_t bits)
{
	vgic_changed(d, vcpu, bank, bits);
	bank->latch &= ~bits;
	bank->drop_pending |= bits & bank->in_lr;
	/* The physical one comes again if its line is still high. */
	vgic_end_links(d, vcpu, bank, bits & ~(bank->active | bank->in_lr));
}

/* The same bits again: Linux does so for its guest's timers at each entry. */
static bool is_active_nowhere(const struct vgic_bank *bank, uint32_t bits)
{
	return !(bits & (bank->active | bank->in_lr));
}

static void clear_active(struct vgic_dist *d, unsigned vcpu, struct vgic_bank *bank, uint32_t bits)
{
	unsigned spi = spi_bank(d, bank);
	uint32_t ended = bits & bank->active;

	vgic_changed(d, vcpu, bank, bits);
	bank->drop_active |= bits & bank->in_lr;
	bank->active &= ~bits;
	bank->altered &= bank->in_lr | ~bits;
	vgic_end_links(d, vcpu, bank, ended);
	if (spi == VGIC_SPI_BANKS)
		return;
	for (unsigned i = 0; i < d->vcpus; i++)
		d->cpu[i]->held[spi] &= ~ended | bank->in_lr;
}

void vgic_clear_active(struct vgic_dist *d, unsigned vcpu, struct vgic_bank *bank, uint32_t bits)
{
	if (!is_active_nowhere(bank, bits))
		clear_active(d, vcpu, bank, bits);
}

void vgic_end(struct vgic_dist *d, unsigned vcpu, uint32_t intid)
{
	struct vgic_bank *bank = vgic_bank_of(d, vcpu, intid);

	if (bank)
		vgic_clear_active(d, vcpu, bank, vgic_bit(intid));
}

/* --- where interrupts come from --- */

void vgic_line(struct vgic_dist *d, unsigned vcpu, uint32_t intid, bool level)
{
	struct vgic_bank *bank = vgic_bank_of(d, vcpu, intid);
	uint32_t bit = vgic_bit(intid);

	if (!bank || intid < INTID_FIRST_PPI || level == ((bank->level & bit) != 0))
		return;
	bank->level ^= bit;
	if (level)
		bank->latch |= bit & bank->edge;
	vgic_changed(d, vcpu, bank, bit);
}

void vgic_link(struct vgic_dist *d, unsigned vcpu, uint32_t vintid, uint32_t pintid)
{
	struct vgic_bank *bank = &d->cpu[vcpu]->bank;
	uint32_t bit = vgic_bit(vintid);

	bank->linked |= bit;
	bank->pintid[vintid % VGIC_BANK] = (uint16_t)pintid;
	bank->latch |= bit;
	bank->high |= bit;
	vgic_mark(d, vcpu);
}

bool vgic_sample(struct vgic_dist *d, unsigned vcpu, uint32_t vintid, bool level)
{
	struct vgic_bank *bank = &d->cpu[vcpu]->bank;
	uint32_t bit = vgic_bit(vintid);

	bank->high = level ? bank->high | bit : bank->high & ~bit;
	if (level || !(bank->linked & bank->latch & ~bank->active & bit))
		return false;
	vgic_unlink(d, vcpu, vintid);
	return true;
}

void vgic_unlink(struct vgic_dist *d, unsigned vcpu, uint32_t vintid)
{
	d->cpu[vcpu]->bank.linked &= ~vgic_bit(vintid);
	d->cpu[vcpu]->bank.latch &= ~vgic_bit(vintid);
	vgic_mark(d, vcpu);
}

void vgic_link_spi(struct vgic_dist *d, uint32_t intid)
{
	struct vgic_bank *bank = vgic_bank_of(d, 0, intid);
	uint32_t bit = vgic_bit(intid);

	bank->again |= bit & (bank->linked | bank->in_lr);
	bank->linked |= bit;
	bank->pintid[intid % VGIC_BANK] = (uint16_t)intid;
	bank->latch |= bit;
	vgic_changed(d, 0, bank, bit);
}

bool vgic_spi_is_linked(const struct vgic_dist *d, uint32_t intid)
{
	const struct vgic_bank *bank;

	if (intid < VGIC_BANK || intid >= VGIC_INTIDS)
		return false;
	bank = &d->spi[intid / VGIC_BANK - 1];
	return bank->linked & ~bank->again & vgic_bit(intid);
}

static bool sgi_targets(const struct vgic_dist *d, unsigned from, unsigned to, uint64_t value)
{
	uint32_t affinity = d->cpu[to]->affinity;
	uint32_t aff0 = affinity & 0xff;
	uint64_t cluster = field_get(ICC_SGIR_AFF1, value) << 8 | field_get(ICC_SGIR_AFF2, value) << 16 |
			   field_get(ICC_SGIR_AFF3, value) << 24;

	if (value & ICC_SGIR_IRM)
		return to != from;
	return cluster == (affinity & AFFINITY_ABOVE_AFF0) &&
	       field_get(ICC_SGIR_RS, value) == aff0 / SGI_TARGETS_PER_RANGE &&
	       (field_get(ICC_SGIR_TARGETS, value) & BIT(aff0 % SGI_TARGETS_PER_RANGE));
}

void vgic_sgi(struct vgic_dist *d, unsigned vcpu, unsigned group, uint64_t value)
{
	uint32_t bit = vgic_bit((uint32_t)field_get(ICC_SGIR_INTID, value));

	for (unsigned i = 0; i < d->vcpus; i++) {
		struct vgic_bank *bank = &d->cpu[i]->bank;
		unsigned configured = (bank->group & bit) != 0;

		if (configured == group && sgi_targets(d, vcpu, i, value))
			vgic_set_pending(d, i, bank, bit);
	}
}

void vgic_route(struct vgic_dist *d, uint32_t intid, uint64_t irouter)
{
	unsigned spi = intid / VGIC_BANK - 1;
	uint32_t affinity = (uint32_t)(irouter & (MPIDR_AFF0 | MPIDR_AFF1 | MPIDR_AFF2)) |
			    (uint32_t)(field_get(MPIDR_AFF3, irouter) << vgic_lowest(AFFINITY_OF_AFF3));

	vgic_changed(d, 0, &d->spi[spi], vgic_bit(intid));
	d->irouter[intid - VGIC_BANK] = irouter;
	for (unsigned i = 0; i < d->vcpus; i++) {
		d->routed[spi][i] &= ~vgic_bit(intid);
		if (d->cpu[i]->affinity == affinity)
			d->routed[spi][i] |= vgic_bit(intid);
	}
	vgic_changed(d, 0, &d->spi[spi], vgic_bit(intid));
}
