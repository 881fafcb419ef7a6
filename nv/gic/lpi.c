/* How do LPIs become pending and enabled?  Reads: lpi.h.  Next: its.h. */
#include "nv/gic/lpi.h"

#include <stddef.h>
#include <string.h>

#include "nv/arch/fields.h"

#define WORD_BITS 64
#define ENABLED_GROUP1 2U

/* A byte of the configuration table. */
#define CONFIG_ENABLE 1U
#define CONFIG_PRIORITY 0xfcU

#define PROPBASER_ADDRESS BITS(51, 12)
#define PROPBASER_IDBITS BITS(4, 0)
#define PENDBASER_ADDRESS BITS(51, 16)
#define ATTRIBUTES (BITS(58, 56) | BITS(11, 7)) /* OuterCache, Shareability, InnerCache */

static uint64_t bit_of(unsigned n)
{
	return BIT(n % WORD_BITS);
}

/* --- pending --- */

static void pend(struct vgic_dist *d, unsigned vcpu, unsigned n)
{
	struct vgic_redist_lpis *l = &d->cpu[vcpu]->lpi;

	l->pending[n / WORD_BITS] |= bit_of(n);
	l->some |= UINT32_C(1) << (n / WORD_BITS);
	d->lpi.home[n] = (uint8_t)vcpu;
	vgic_mark(d, vcpu);
}

static void unpend(struct vgic_redist_lpis *l, unsigned n)
{
	l->pending[n / WORD_BITS] &= ~bit_of(n);
	if (!l->pending[n / WORD_BITS])
		l->some &= ~(UINT32_C(1) << (n / WORD_BITS));
}

#define ANY_LPI VGIC_LPIS

/*
 * The list registers of vCPU holder with an LPI that is n, or any for ANY_LPI, and that is pending at vCPU at for L1. Between a MOVI
 * and the time when the holder's CPU has come to L0 these two differ.
 */
static unsigned held_for(const struct vgic_dist *d, unsigned holder, unsigned at, unsigned n)
{
	const struct vgic_cpu *c = d->cpu[holder];
	unsigned held = 0;

	for (unsigned used = c->lr_used; used; used &= used - 1) {
		unsigned i = (unsigned)__builtin_ctz(used);
		uint32_t intid = (uint32_t)field_get(ICH_LR_VINTID, c->lr[i]);

		if (vgic_is_lpi(intid) && d->lpi.home[intid - INTID_FIRST_LPI] == at &&
		    (n == ANY_LPI || n == intid - INTID_FIRST_LPI))
			held |= (unsigned)BIT(i);
	}
	return held;
}

static unsigned lpi_in(const struct vgic_cpu *c, unsigned lrs)
{
	return (unsigned)field_get(ICH_LR_VINTID, c->lr[__builtin_ctz(lrs)]) - INTID_FIRST_LPI;
}

/* The CPUs of all list registers that hold n for vCPU at come to L0; what they hold is forgotten then, if drop says so. */
static void recall(struct vgic_dist *d, unsigned at, unsigned n, bool drop)
{
	for (unsigned i = 0; i < d->vcpus; i++) {
		unsigned lrs = held_for(d, i, at, n);

		if (lrs)
			vgic_mark(d, i);
		for (; lrs && drop; lrs &= lrs - 1) {
			unsigned lpi = lpi_in(d->cpu[i], lrs);

			d->cpu[i]->lpi.drop[lpi / WORD_BITS] |= bit_of(lpi);
		}
	}
}

/* What list registers hold for vCPU from is vCPU to's, if it was not taken before: fold sends it there. */
static void redirect(struct vgic_dist *d, unsigned from, unsigned to, unsigned n)
{
	recall(d, from, n, !d->cpu[to]->lpi.enabled);
	for (unsigned i = 0; i < d->vcpus; i++)
		for (unsigned lrs = held_for(d, i, from, n); lrs; lrs &= lrs - 1)
			d->lpi.home[lpi_in(d->cpu[i], lrs)] = (uint8_t)to;
}

void vgic_lpi_set(struct vgic_dist *d, unsigned vcpu, unsigned n)
{
	if (d->cpu[vcpu]->lpi.enabled)
		pend(d, vcpu, n);
}

void vgic_lpi_clear(struct vgic_dist *d, unsigned vcpu, unsigned n)
{
	struct vgic_cpu *c = d->cpu[vcpu];

	unpend(&c->lpi, n);
	c->stale = true;
	recall(d, vcpu, n, true);
}

static void move_pending(struct vgic_dist *d, unsigned from, unsigned to, unsigned n)
{
	struct vgic_cpu *c = d->cpu[from];

	if (!(c->lpi.pending[n / WORD_BITS] & bit_of(n)))
		return;
	unpend(&c->lpi, n);
	c->stale = true;
	vgic_lpi_set(d, to, n);
}

void vgic_lpi_move(struct vgic_dist *d, unsigned from, unsigned to, unsigned n)
{
	if (from == to)
		return;
	redirect(d, from, to, n);
	move_pending(d, from, to, n);
}

void vgic_lpi_move_all(struct vgic_dist *d, unsigned from, unsigned to)
{
	struct vgic_cpu *c = d->cpu[from];

	if (from == to)
		return;
	redirect(d, from, to, ANY_LPI);
	for (uint32_t words = c->lpi.some; words; words &= words - 1) {
		unsigned w = (unsigned)__builtin_ctz(words);

		for (uint64_t bits = c->lpi.pending[w]; bits; bits &= bits - 1)
			move_pending(d, from, to, w * WORD_BITS + (unsigned)__builtin_ctzll(bits));
	}
}

/* --- L1's table of them --- */

/* One bit for each INTID, from 0 on: where the word is that n's is in. */
static l1_ipa_t pending_word(const struct vgic_dist *d, unsigned vcpu, unsigned n)
{
	uint64_t table = d->cpu[vcpu]->lpi.pendbaser & PENDBASER_ADDRESS;

	return (l1_ipa_t){ table + (INTID_FIRST_LPI + n) / WORD_BITS * sizeof(uint64_t) };
}

static void read_table(struct vgic_dist *d, unsigned vcpu)
{
	for (unsigned n = 0; n < VGIC_LPIS; n += WORD_BITS) {
		uint64_t bits;

		if (!d->lpi.read(d->lpi.memory, pending_word(d, vcpu, n), &bits))
			return;
		for (; bits; bits &= bits - 1)
			pend(d, vcpu, n + (unsigned)__builtin_ctzll(bits));
	}
}

/* What is pending goes there, and is no longer here. Memory that there is not forgets it. */
static void write_table(struct vgic_dist *d, unsigned vcpu)
{
	struct vgic_redist_lpis *l = &d->cpu[vcpu]->lpi;

	for (unsigned n = 0; n < VGIC_LPIS; n += WORD_BITS)
		(void)d->lpi.write(d->lpi.memory, pending_word(d, vcpu, n), l->pending[n / WORD_BITS]);
	memset(l->pending, 0, sizeof(l->pending));
	l->some = 0;
}

/* One that was in a list register when LPIs were disabled. */
static void add_to_table(const struct vgic_dist *d, unsigned vcpu, unsigned n)
{
	uint64_t bits;

	if (d->lpi.read(d->lpi.memory, pending_word(d, vcpu, n), &bits))
		(void)d->lpi.write(d->lpi.memory, pending_word(d, vcpu, n), bits | bit_of(n));
}

/* --- list registers --- */

static bool is_enabled(const struct vgic_dist *d, unsigned n)
{
	return d->lpi.config[n] & CONFIG_ENABLE;
}

bool vgic_lpi_next(const struct vgic_dist *d, unsigned vcpu, unsigned *n)
{
	const struct vgic_cpu *c = d->cpu[vcpu];

	if (!c->awake || !(d->enabled_groups & ENABLED_GROUP1))
		return false;
	while (*n < VGIC_LPIS) {
		uint64_t bits = c->lpi.pending[*n / WORD_BITS] >> (*n % WORD_BITS);

		if (!bits) {
			*n = (*n / WORD_BITS + 1) * WORD_BITS;
			continue;
		}
		*n += (unsigned)__builtin_ctzll(bits);
		if (is_enabled(d, *n))
			return true;
		++*n;
	}
	return false;
}

unsigned vgic_lpi_priority(const struct vgic_dist *d, unsigned n)
{
	return d->lpi.config[n] & CONFIG_PRIORITY & d->priority_mask;
}

uint64_t vgic_lpi_take(struct vgic_dist *d, unsigned vcpu, unsigned n)
{
	unpend(&d->cpu[vcpu]->lpi, n);
	return ICH_LR_PENDING | ICH_LR_GROUP | field_put(ICH_LR_PRIORITY, vgic_lpi_priority(d, n)) |
	       field_put(ICH_LR_VINTID, INTID_FIRST_LPI + n);
}

void vgic_lpi_fold(struct vgic_dist *d, unsigned vcpu, uint64_t lr)
{
	unsigned n = (unsigned)field_get(ICH_LR_VINTID, lr) - INTID_FIRST_LPI;
	uint64_t *drop = &d->cpu[vcpu]->lpi.drop[n / WORD_BITS];
	bool dropped = *drop & bit_of(n);

	*drop &= ~bit_of(n);
	/* QEMU 10.0 makes an LPI active until its EOI. An EOI of one without a list register does no more than drop the priority. */
	if (!(lr & ICH_LR_PENDING) || dropped)
		return;
	if (d->cpu[d->lpi.home[n]]->lpi.enabled)
		pend(d, d->lpi.home[n], n);
	else
		add_to_table(d, d->lpi.home[n], n);
}

/* --- configuration, and on and off --- */

/* Eight bytes of the configuration table. Those of LPIs beyond GICR_PROPBASER.IDbits, or outside memory: not enabled. */
static uint64_t read_config(const struct vgic_lpis *l, unsigned n)
{
	uint64_t base = l->propbaser & PROPBASER_ADDRESS, bytes = 0;

	if (field_get(PROPBASER_IDBITS, l->propbaser) + 1 < VGIC_INTID_BITS ||
	    !l->read(l->memory, (l1_ipa_t){ base + n }, &bytes))
		return 0;
	return bytes;
}

static void set_config(struct vgic_dist *d, unsigned n, uint8_t config)
{
	if (d->lpi.config[n] == config)
		return;
	d->lpi.config[n] = config;
	vgic_mark(d, d->lpi.home[n]);
}

void vgic_lpi_configure(struct vgic_dist *d, unsigned n)
{
	set_config(d, n, (uint8_t)(read_config(&d->lpi, n & ~7U) >> (n % 8 * 8)));
}

void vgic_lpi_configure_all(struct vgic_dist *d)
{
	for (unsigned n = 0; n < VGIC_LPIS; n += 8) {
		uint64_t bytes = read_config(&d->lpi, n);

		for (unsigned i = 0; i < 8; i++)
			set_config(d, n + i, (uint8_t)(bytes >> (8 * i)));
	}
}

void vgic_lpi_enable(struct vgic_dist *d, unsigned vcpu)
{
	struct vgic_redist_lpis *l = &d->cpu[vcpu]->lpi;

	if (l->enabled)
		return;
	l->enabled = true;
	d->lpi.propbaser = l->propbaser;
	vgic_lpi_configure_all(d);
	if (!(l->pendbaser & GICR_PENDBASER_PTZ))
		read_table(d, vcpu);
	l->pendbaser &= ~GICR_PENDBASER_PTZ;
}

void vgic_lpi_disable(struct vgic_dist *d, unsigned vcpu)
{
	struct vgic_redist_lpis *l = &d->cpu[vcpu]->lpi;

	if (!l->enabled)
		return;
	l->enabled = false;
	write_table(d, vcpu);
	vgic_mark(d, vcpu);
}

void vgic_lpi_set_propbaser(struct vgic_cpu *c, uint64_t value)
{
	if (!c->lpi.enabled)
		c->lpi.propbaser = value & (PROPBASER_ADDRESS | PROPBASER_IDBITS | ATTRIBUTES);
}

void vgic_lpi_set_pendbaser(struct vgic_cpu *c, uint64_t value)
{
	if (!c->lpi.enabled)
		c->lpi.pendbaser = value & (PENDBASER_ADDRESS | GICR_PENDBASER_PTZ | ATTRIBUTES);
}

void vgic_lpi_reset(struct vgic_dist *d)
{
	d->lpi.propbaser = 0;
	memset(d->lpi.config, 0, sizeof(d->lpi.config));
	memset(d->lpi.home, 0, sizeof(d->lpi.home));
}
