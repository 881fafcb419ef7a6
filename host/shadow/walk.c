/*
 * What does L1's stage 2 say of an address now?  The walker of shadow-s2/, fed from L1's RAM: for faults, and for AT.
 * Reads: walk.h, tree.h.  Next: shadow-s2/walk.c, host/run/at.c.
 */
#include "host/shadow/walk.h"

#include "host/machine/sysreg.h"
#include "host/shadow/tree.h"
#include "shadow-s2/combine.h"

static bool is_big_endian(const struct vcpu *v)
{
	return (v->world.loaded == WORLD_GUEST_CONTEXT ? vncr_get(&v->nv.file, SR_SCTLR_EL2) :
							 read_sysreg(SCTLR_EL12)) &
	       SCTLR_EE;
}

static uint64_t in_order_of(bool big_endian, uint64_t value)
{
	return big_endian ? __builtin_bswap64(value) : value;
}

enum s2_step shadow_walk(const struct vcpu *v, const struct s2_geometry *g, l2_ipa_t ipa, struct s2_access a,
			 bool set_flags, struct s2_walk *w)
{
	bool be = is_big_endian(v), swapped = true;
	enum s2_step step = s2_begin(w, g, ipa, a);
	uint64_t raw = 0;

	while (step == S2_NEXT) {
		if (!vm_read_u64(v->vm, s2_slot(w), &raw))
			return s2_unreadable(w);
		step = s2_feed(w, in_order_of(be, raw));
	}
	if (step == S2_LEAF && w->update && set_flags &&
	    !vm_cmpxchg_u64(v->vm, s2_slot(w), raw, in_order_of(be, w->update), &swapped))
		return s2_unreadable(w);
	return swapped ? step : S2_NEXT;
}

bool shadow_lookup(struct vcpu *v, l2_ipa_t ipa, struct s2_access how, l1_ipa_t *out, uint32_t *fsc)
{
	uint64_t hcr = vncr_get(&v->nv.file, SR_HCR_EL2);
	struct s2_geometry g;
	struct s2_walk w;

	out->val = ipa.val;
	if (!(hcr & (HCR_VM | HCR_DC)))
		return true;
	g = shadow_geometry(v->vm->shadow, shadow_regime(v));
	how.protect_walk = how.s1_walk && (hcr & HCR_PTW);
	if (shadow_walk(v, &g, ipa, how, false, &w) != S2_LEAF) {
		*fsc = w.fsc;
		return false;
	}
	*out = w.leaf.l1_ipa;
	return true;
}

bool shadow_read_u64(struct vcpu *v, l2_ipa_t ipa, uint64_t *value, bool *stage2, uint32_t *fsc)
{
	l1_ipa_t at;

	*stage2 = !shadow_lookup(v, ipa, (struct s2_access){ .s1_walk = true }, &at, fsc);
	return !*stage2 && vm_read_u64(v->vm, at, value);
}

/* HCR_EL2.CD of L1 makes Normal memory Non-cacheable, where HCR_EL2.FWB does not say what it is. */
static void apply_cd(const struct vcpu *v, struct s2_leaf *leaf)
{
	bool cd = vncr_get(&v->nv.file, SR_HCR_EL2) & HCR_CD;

	if (cd && !(leaf->memattr & S2_MEMATTR_FWB) && leaf->memattr > S2_MEMATTR_NC)
		leaf->memattr = S2_MEMATTR_NC;
}

uint64_t shadow_at_stage2(struct vcpu *v, uint64_t par, bool is_write)
{
	struct s2_geometry g = shadow_geometry(v->vm->shadow, shadow_regime(v));
	struct s2_walk w;

	if (shadow_walk(v, &g, (l2_ipa_t){ par & PAR_PA }, (struct s2_access){ .write = is_write }, false,
			&w) != S2_LEAF)
		return PAR_F | PAR_RES1 | PAR_S | field_put(PAR_FST, w.fsc);
	apply_cd(v, &w.leaf);
	return s2_par(par, &w.leaf);
}
