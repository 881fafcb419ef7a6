/*
 * What does L1 read and write in the frames of its distributor and redistributors?  Names and offsets as in IHI0069.
 * Reads: regs.h.  Next: host/interrupt/vgic.c.
 */
#include "nv/gic/regs.h"

#include <stddef.h>

#include "nv/arch/bits.h"
#include "nv/arch/fields.h"
#include "nv/gic/access.h"
#include "nv/gic/lpi.h"

#define GICD_CTLR 0x0000
#define GICD_TYPER 0x0004
#define GICD_IIDR 0x0008
#define GICD_ICFGR 0x0c00
#define GICD_ICFGR_END 0x0d00
#define GICD_IPRIORITYR 0x0400
#define GICD_IPRIORITYR_END 0x0800
#define GICD_IROUTER 0x6000

/* The seven groups of registers with one bit for each interrupt, one after the other. */
#define GICD_BITMAPS 0x0080
#define GICD_BITMAPS_END 0x0400
#define BITMAP_BYTES 0x80
enum bitmap {
	IGROUPR,
	ISENABLER,
	ICENABLER,
	ISPENDR,
	ICPENDR,
	ISACTIVER,
	ICACTIVER
};

#define GICD_CTLR_GROUPS BITS(1, 0) /* EnableGrp0, EnableGrp1 */
#define GICD_CTLR_ARE BIT(4)
#define GICD_CTLR_DS BIT(6)
#define GICD_CTLR_RWP BIT(31)

#define GICD_TYPER_ITLINES BITS(4, 0)
#define GICD_TYPER_NUM_LPIS BITS(15, 11)
#define GICD_TYPER_LPIS BIT(17)
#define GICD_TYPER_IDBITS BITS(23, 19)
#define LPIS_LOG2 10 /* of VGIC_LPIS */
#define GICD_TYPER_NO1N BIT(25)

#define GICR_CTLR 0x0000
#define GICR_IIDR 0x0004
#define GICR_TYPER 0x0008
#define GICR_WAKER 0x0014
#define GICR_PROPBASER 0x0070
#define GICR_PENDBASER 0x0078
#define GICR_SGI_BASE 0x10000
#define GICR_CTLR_ENABLE_LPIS BIT(0)
#define GICR_CTLR_CES BIT(1) /* Clear Enable Supported */
#define GICR_CTLR_RWP BIT(3)
#define GICR_TYPER_PLPIS BIT(0)
#define GICR_TYPER_LAST BIT(4)
#define GICR_TYPER_NUMBER BITS(23, 8)
#define GICR_TYPER_AFFINITY BITS(63, 32)
#define GICR_WAKER_PROCESSOR_SLEEP BIT(1)
#define GICR_WAKER_CHILDREN_ASLEEP BIT(2)

/* GICD_TYPER.No1N: no Interrupt_Routing_Mode */
#define IROUTER_BITS (MPIDR_AFF0 | MPIDR_AFF1 | MPIDR_AFF2 | MPIDR_AFF3)

/* --- registers with one bit for each interrupt --- */

static uint32_t read_bitmap(const struct vgic_dist *d, unsigned vcpu, const struct vgic_bank *b,
			    enum bitmap which)
{
	switch (which) {
	case IGROUPR:
		return b->group;
	case ISENABLER:
	case ICENABLER:
		return b->enabled;
	case ISPENDR:
	case ICPENDR:
		return vgic_pending_bits(d, vcpu, b);
	case ISACTIVER:
	case ICACTIVER:
		return vgic_active_bits(d, vcpu, b);
	}
	return 0;
}

static void write_bitmap(struct vgic_dist *d, unsigned vcpu, struct vgic_bank *b, enum bitmap which,
			 uint32_t value)
{
	switch (which) {
	case IGROUPR:
		vgic_changed(d, vcpu, b, value ^ b->group);
		vgic_keep_attributes(b, value ^ b->group);
		b->group = value;
		return;
	case ISENABLER:
		vgic_changed(d, vcpu, b, value & ~b->enabled);
		b->enabled |= value;
		return;
	case ICENABLER:
		vgic_changed(d, vcpu, b, value & b->enabled);
		b->enabled &= ~value;
		return;
	case ISPENDR:
		vgic_set_pending(d, vcpu, b, value);
		return;
	case ICPENDR:
		vgic_clear_pending(d, vcpu, b, value);
		return;
	case ISACTIVER:
		vgic_set_active(d, vcpu, b, value);
		return;
	case ICACTIVER:
		vgic_clear_active(d, vcpu, b, value);
		return;
	}
}

/* --- priorities and trigger modes --- */

/* Priorities may be accessed by byte or by word. */
static uint64_t read_priority(const struct vgic_bank *b, unsigned first, unsigned size)
{
	uint64_t value = 0;

	for (unsigned i = 0; i < BIT(size); i++)
		value |= (uint64_t)b->priority[first + i] << (8 * i);
	return value;
}

static void write_priority(struct vgic_dist *d, unsigned vcpu, struct vgic_bank *b, unsigned first,
			   unsigned size, uint64_t value)
{
	uint32_t bits = (uint32_t)(BITS(31, 0) >> (VGIC_BANK - BIT(size)) << first);

	vgic_keep_attributes(b, bits);
	for (unsigned i = 0; i < BIT(size); i++)
		b->priority[first + i] = (uint8_t)(value >> (8 * i)) & d->priority_mask;
	vgic_changed(d, vcpu, b, bits);
}

/* Two bits for each of 16 interrupts; the upper one says edge-triggered. */
static uint32_t read_config(const struct vgic_bank *b, unsigned first)
{
	uint32_t value = 0;

	for (unsigned i = 0; i < VGIC_BANK / 2; i++)
		if (b->edge & BIT(first + i))
			value |= UINT32_C(2) << (2 * i);
	return value;
}

static void write_config(struct vgic_dist *d, unsigned vcpu, struct vgic_bank *b, unsigned first,
			 uint32_t value)
{
	for (unsigned i = 0; i < VGIC_BANK / 2; i++) {
		uint32_t bit = UINT32_C(1) << (first + i);

		b->edge = value & (UINT32_C(2) << (2 * i)) ? b->edge | bit : b->edge & ~bit;
	}
	vgic_changed(d, vcpu, b, (uint32_t)BITS(15, 0) << first);
}

/* --- what the distributor and the SGI_base frames have in common --- */

/* Where in a bank-wise frame is this?  bank is an INTID divided by 32. */
struct where {
	enum {
		NOWHERE,
		BITMAP,
		PRIORITY,
		CONFIG
	} kind : 8;
	enum bitmap bitmap : 8;
	unsigned bank : 8, first : 8;
};

static struct where locate(uint64_t offset, unsigned size)
{
	unsigned at = (unsigned)offset;

	if (!gic_aligned(offset, size))
		return (struct where){ .kind = NOWHERE };
	if (at >= GICD_BITMAPS && at < GICD_BITMAPS_END && size == GIC_WORD) {
		unsigned n = at - GICD_BITMAPS;

		return (struct where){ BITMAP, (enum bitmap)(n / BITMAP_BYTES), n % BITMAP_BYTES / 4, 0 };
	}
	if (at >= GICD_IPRIORITYR && at < GICD_IPRIORITYR_END && (size == GIC_BYTE || size == GIC_WORD)) {
		unsigned n = at - GICD_IPRIORITYR;

		return (struct where){ PRIORITY, 0, (uint8_t)(n / VGIC_BANK), n % VGIC_BANK };
	}
	if (at >= GICD_ICFGR && at < GICD_ICFGR_END && size == GIC_WORD) {
		unsigned n = (at - GICD_ICFGR) / 4;

		return (struct where){ CONFIG, 0, (uint8_t)(n / 2), n % 2 * (VGIC_BANK / 2) };
	}
	return (struct where){ .kind = NOWHERE };
}

static uint64_t read_bank(const struct vgic_dist *d, unsigned vcpu, const struct vgic_bank *b, struct where w,
			  unsigned size)
{
	switch (w.kind) {
	case BITMAP:
		return read_bitmap(d, vcpu, b, w.bitmap);
	case PRIORITY:
		return read_priority(b, w.first, size);
	case CONFIG:
		return read_config(b, w.first);
	case NOWHERE:
		break;
	}
	return 0;
}

static void write_bank(struct vgic_dist *d, unsigned vcpu, struct vgic_bank *b, struct where w, unsigned size,
		       uint64_t value)
{
	switch (w.kind) {
	case BITMAP:
		write_bitmap(d, vcpu, b, w.bitmap, (uint32_t)value);
		return;
	case PRIORITY:
		write_priority(d, vcpu, b, w.first, size, value);
		return;
	case CONFIG:
		if (b != &d->cpu[vcpu]->bank) /* of SGIs and PPIs it is fixed */
			write_config(d, vcpu, b, w.first, (uint32_t)value);
		return;
	case NOWHERE:
		return;
	}
}

/* --- the distributor --- */

static uint32_t read_ctlr(const struct vgic_dist *d, unsigned vcpu)
{
	uint64_t value = d->enabled_groups | GICD_CTLR_ARE | GICD_CTLR_DS;

	return (uint32_t)(vgic_others_recalled(d, vcpu) ? value | GICD_CTLR_RWP : value);
}

static uint64_t read_word_of_gicd(const struct vgic_dist *d, unsigned vcpu, uint64_t offset)
{
	switch (offset) {
	case GICD_CTLR:
		return read_ctlr(d, vcpu);
	case GICD_TYPER:
		return field_put(GICD_TYPER_ITLINES, VGIC_SPI_BANKS) | GICD_TYPER_NO1N | GICD_TYPER_LPIS |
		       field_put(GICD_TYPER_IDBITS, VGIC_INTID_BITS - 1) |
		       field_put(GICD_TYPER_NUM_LPIS, LPIS_LOG2 - 1);
	case GICD_IIDR:
		return GIC_IIDR;
	case GIC_PIDR2:
		return GIC_PIDR2_GICV3;
	default:
		return 0;
	}
}

/* Is it GICD_IROUTER<n>, or a half of it, of an SPI that exists?  The lower half holds Aff0 to 2, the upper one Aff3. */
static bool is_irouter(uint64_t offset, unsigned size, uint32_t *intid)
{
	if (offset < GICD_IROUTER || offset >= GICD_IROUTER + 8 * VGIC_INTIDS)
		return false;
	*intid = (uint32_t)(offset - GICD_IROUTER) / 8;
	return *intid >= VGIC_BANK && (size == GIC_WORD || size == GIC_DOUBLE) && gic_aligned(offset, size);
}

static struct vgic_bank *spi_bank_at(struct vgic_dist *d, struct where w)
{
	return w.kind != NOWHERE && w.bank >= 1 && w.bank <= VGIC_SPI_BANKS ? &d->spi[w.bank - 1] : NULL;
}

uint64_t vgic_gicd_read(const struct vgic_dist *d, unsigned vcpu, uint64_t offset, unsigned size)
{
	struct where w = locate(offset, size);
	uint32_t intid;

	if (is_irouter(offset, size, &intid))
		return gic_half(d->irouter[intid - VGIC_BANK], offset, size);
	if (w.kind != NOWHERE)
		return w.bank >= 1 && w.bank <= VGIC_SPI_BANKS ?
			       read_bank(d, vcpu, &d->spi[w.bank - 1], w, size) :
			       0;
	return size == GIC_WORD ? read_word_of_gicd(d, vcpu, offset) : 0;
}

void vgic_gicd_write(struct vgic_dist *d, unsigned vcpu, uint64_t offset, unsigned size, uint64_t value)
{
	struct where w = locate(offset, size);
	struct vgic_bank *b = spi_bank_at(d, w);
	uint32_t intid;

	if (is_irouter(offset, size, &intid)) {
		vgic_route(d, intid,
			   gic_with_half(d->irouter[intid - VGIC_BANK], offset, size, value) & IROUTER_BITS);
	} else if (b) {
		write_bank(d, vcpu, b, w, size, value);
	} else if (offset == GICD_CTLR && size == GIC_WORD) {
		d->enabled_groups = (uint32_t)(value & GICD_CTLR_GROUPS);
		vgic_changed_all(d);
	}
}

/* --- a redistributor --- */

static uint64_t typer(const struct vgic_dist *d, unsigned owner)
{
	return GICR_TYPER_PLPIS | field_put(GICR_TYPER_AFFINITY, d->cpu[owner]->affinity) |
	       field_put(GICR_TYPER_NUMBER, owner) | (owner == d->vcpus - 1 ? GICR_TYPER_LAST : 0);
}

static uint64_t read_word_of_gicr(const struct vgic_cpu *c, uint64_t offset)
{
	switch (offset) {
	case GICR_CTLR:
		return GICR_CTLR_CES | (c->recall ? GICR_CTLR_RWP : 0) |
		       (c->lpi.enabled ? GICR_CTLR_ENABLE_LPIS : 0);
	case GICR_IIDR:
		return GIC_IIDR;
	case GICR_WAKER:
		return c->awake ? 0 : GICR_WAKER_PROCESSOR_SLEEP | GICR_WAKER_CHILDREN_ASLEEP;
	case GIC_PIDR2:
		return GIC_PIDR2_GICV3;
	default:
		return 0;
	}
}

uint64_t vgic_gicr_read(const struct vgic_dist *d, unsigned owner, uint64_t offset, unsigned size)
{
	const struct vgic_cpu *c = d->cpu[owner];
	struct where w;

	if (offset >= GICR_SGI_BASE) {
		w = locate(offset - GICR_SGI_BASE, size);
		return w.bank == 0 ? read_bank(d, owner, &c->bank, w, size) : 0;
	}
	if (gic_is_at(GICR_TYPER, offset, size))
		return gic_half(typer(d, owner), offset, size);
	if (gic_is_at(GICR_PROPBASER, offset, size))
		return gic_half(c->lpi.propbaser, offset, size);
	if (gic_is_at(GICR_PENDBASER, offset, size))
		return gic_half(c->lpi.pendbaser & ~GICR_PENDBASER_PTZ, offset, size);
	return size == GIC_WORD ? read_word_of_gicr(c, offset) : 0;
}

void vgic_gicr_write(struct vgic_dist *d, unsigned owner, uint64_t offset, unsigned size, uint64_t value)
{
	struct vgic_cpu *c = d->cpu[owner];
	struct where w;

	if (offset >= GICR_SGI_BASE) {
		w = locate(offset - GICR_SGI_BASE, size);
		if (w.bank == 0)
			write_bank(d, owner, &c->bank, w, size, value);
	} else if (gic_is_at(GICR_PROPBASER, offset, size)) {
		vgic_lpi_set_propbaser(c, gic_with_half(c->lpi.propbaser, offset, size, value));
	} else if (gic_is_at(GICR_PENDBASER, offset, size)) {
		vgic_lpi_set_pendbaser(c, gic_with_half(c->lpi.pendbaser, offset, size, value));
	} else if (offset == GICR_CTLR && size == GIC_WORD) {
		if (value & GICR_CTLR_ENABLE_LPIS)
			vgic_lpi_enable(d, owner);
		else
			vgic_lpi_disable(d, owner);
	} else if (offset == GICR_WAKER && size == GIC_WORD) {
		c->awake = !(value & GICR_WAKER_PROCESSOR_SLEEP);
		vgic_changed(d, owner, &c->bank, 0);
	}
}
