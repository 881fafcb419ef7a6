/*
 * What does an AT instruction of vEL2 leave in PAR_EL1?  Hardware's own AT is asked, with the EL1&0 registers of the regime
 * that L1 names; what it says of a stage 2 must be L1's, so both stages together are walked in software.
 * Reads: at.h.  Next: shadow.c.
 */
#include "host/at.h"

#include "host/shadow.h"
#include "host/sysreg.h"
#include "host/vm/vm.h"
#include "host/world.h"
#include "nv/translate.h"

struct stage1 {
	uint64_t sctlr, tcr, ttbr0, ttbr1, mair;
};

static struct stage1 read_stage1(void)
{
	return (struct stage1){ read_sysreg(SCTLR_EL12), read_sysreg(TCR_EL12), read_sysreg(TTBR0_EL12),
				read_sysreg(TTBR1_EL12), read_sysreg(MAIR_EL12) };
}

static void write_stage1(const struct stage1 *s)
{
	write_sysreg(SCTLR_EL12, s->sctlr);
	write_sysreg(TCR_EL12, s->tcr);
	write_sysreg(TTBR0_EL12, s->ttbr0);
	write_sysreg(TTBR1_EL12, s->ttbr1);
	write_sysreg(MAIR_EL12, s->mair);
}

static struct stage1 guest_stage1(const struct vcpu *v)
{
	const struct vncr_page *p = v->nv.page;

	return (struct stage1){ vncr_read(p, SLOT_SCTLR_EL1), vncr_read(p, SLOT_TCR_EL1),
				vncr_read(p, SLOT_TTBR0_EL1), vncr_read(p, SLOT_TTBR1_EL1),
				vncr_read(p, SLOT_MAIR_EL1) };
}

/* Hardware's stage-1 AT for the regime that is loaded; the result is in PAR_EL1. PSTATE.PAN is L1's for the PAN forms. */
static void hw_at(const struct vcpu *v, enum sysreg op, uint64_t va)
{
	isb();
	switch (op) {
	case SR_AT_S1E1R:
	case SR_AT_S1E2R:
	case SR_AT_S12E1R:
		at_s1e1r(va);
		break;
	case SR_AT_S1E1W:
	case SR_AT_S1E2W:
	case SR_AT_S12E1W:
		at_s1e1w(va);
		break;
	case SR_AT_S1E0R:
	case SR_AT_S12E0R:
		at_s1e0r(va);
		break;
	case SR_AT_S1E0W:
	case SR_AT_S12E0W:
		at_s1e0w(va);
		break;
	case SR_AT_S1E1RP:
		pan_set(v->pstate & PSTATE_PAN);
		at_s1e1rp(va);
		pan_set(false);
		break;
	case SR_AT_S1E1WP:
		pan_set(v->pstate & PSTATE_PAN);
		at_s1e1wp(va);
		pan_set(false);
		break;
	default:
		break;
	}
	isb();
}

static bool is_write(enum sysreg op)
{
	return op == SR_AT_S1E1W || op == SR_AT_S1E0W || op == SR_AT_S1E1WP || op == SR_AT_S12E1W ||
	       op == SR_AT_S12E0W;
}

static bool both_stages(enum sysreg op)
{
	return op == SR_AT_S12E1R || op == SR_AT_S12E1W || op == SR_AT_S12E0R || op == SR_AT_S12E0W;
}

/* The guest context's stage 1, for a moment in place of vEL2's. */
static void at_guest(struct vcpu *v, enum sysreg op, uint64_t va)
{
	struct stage1 vel2 = read_stage1(), guest = guest_stage1(v);
	bool fgt = v->fgt_loaded;

	write_stage1(&guest);
	world_load_guest_controls(v);
	hw_at(v, op, va);
	write_stage1(&vel2);
	world_load_vel2_controls(v);
	v->fgt_loaded = v->fgt_loaded || fgt;
	isb();
}

/* --- a walk of the guest's stage 1, under a stage 2 of L1 that hardware knows only as far as it has been used --- */

/* The granule's address bits; 0 for a reserved one. */
static unsigned grain_of(uint64_t tcr, bool upper)
{
	uint64_t tg = upper ? field_get(TCR_TG1, tcr) : field_get(TCR_TG0, tcr);

	if (tg == (upper ? TG1_4K : TG0_4K))
		return 12;
	if (tg == (upper ? TG1_16K : TG0_16K))
		return 14;
	return tg == (upper ? TG1_64K : TG0_64K) ? 16 : 0;
}

/* PAR_EL1 for a stage 2 fault of a stage 1 walk. */
static uint64_t walk_fault(uint32_t fsc)
{
	return PAR_F | PAR_RES1 | PAR_S | PAR_PTW | field_put(PAR_FST, fsc);
}

/*
 * Hardware's AT met a descriptor that the shadow tables do not map. Those on the way to va are mapped here as far as L1's stage
 * 2 has them. True: hardware shall try again. False: L1's stage 2 refuses one, and *par says so, or there is nothing to do.
 */
static bool map_walk(struct vcpu *v, uint64_t va, uint64_t *par)
{
	struct stage1 s = guest_stage1(v);
	bool upper = va & BIT(55);
	unsigned grain = grain_of(s.tcr, upper), stride = grain - 3;
	unsigned bits = 64 - (unsigned)(upper ? field_get(TCR_T1SZ, s.tcr) : field_get(TCR_T0SZ, s.tcr));
	uint64_t table = (upper ? s.ttbr1 : s.ttbr0) & TTBR_BADDR;
	const uint64_t esr = field_put(ESR_EC, EC_DABT_LOW) | ESR_S1PTW | FSC_TRANSLATION | 3;

	if (!grain || bits <= grain || bits > 48)
		return false;
	va &= BITS(47, 0) >> (48 - bits);
	for (int level = 4 - (int)((bits - grain + stride - 1) / stride); level <= 3; level++) {
		unsigned shift = grain + stride * (unsigned)(3 - level);
		uint64_t index = (va >> shift) & (BIT(stride) - 1), descriptor;
		l2_ipa_t at = { table + index * sizeof(descriptor) };
		struct shadow_out out = { 0 };

		switch (shadow_fault(v, at, esr, &out)) {
		case SHADOW_L1_FAULT:
			*par = walk_fault(out.fsc);
			return false;
		case SHADOW_L1_DEVICE:
			return false;
		case SHADOW_RETRY:
			break;
		}
		if (!vm_read_u64(v->vm, out.l1_ipa, &descriptor))
			return true;
		if (s.sctlr & SCTLR_EE)
			descriptor = __builtin_bswap64(descriptor);
		if ((descriptor & 3) != 3)
			return true;
		table = descriptor & BITS(47, 0) & ~(BIT(grain) - 1);
	}
	return true;
}

static bool is_walk_fault(uint64_t par)
{
	return (par & (PAR_F | PAR_S | PAR_PTW)) == (PAR_F | PAR_S | PAR_PTW);
}

/* What hardware says of stage 1, with the shadow tables complete for it. */
static uint64_t stage1_par(struct vcpu *v, enum sysreg op, uint64_t va, bool l1_stage2)
{
	uint64_t par;

	at_guest(v, op, va);
	par = read_sysreg(PAR_EL1);
	if (!l1_stage2 || !is_walk_fault(par))
		return par;
	if (map_walk(v, va, &par)) {
		at_guest(v, op, va);
		return read_sysreg(PAR_EL1);
	}
	write_sysreg(PAR_EL1, par);
	return par;
}

static bool names_vel2(const struct vcpu *v, enum sysreg op)
{
	if (op == SR_AT_S1E2R || op == SR_AT_S1E2W)
		return true;
	return !both_stages(op) && v->vel2_is_vhe && nv_tge(&v->nv);
}

void at_emulate(struct vcpu *v, enum sysreg op, uint64_t va)
{
	bool l1_stage2 = vncr_read(v->nv.page, SLOT_HCR_EL2) & (HCR_VM | HCR_DC);
	uint64_t par;

	if (names_vel2(v, op)) {
		hw_at(v, op, va);
		return;
	}
	par = stage1_par(v, op, va, l1_stage2);
	if (both_stages(op) && !(par & PAR_F) && l1_stage2)
		write_sysreg(PAR_EL1, shadow_at_stage2(v, par, is_write(op)));
}
