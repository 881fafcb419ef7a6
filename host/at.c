/*
 * What does an AT instruction of vEL2 leave in PAR_EL1?  Hardware's own AT is asked, with the EL1&0 registers of the regime
 * that L1 names; what it says of a stage 2 must be L1's, so both stages together are walked in software.
 * Reads: at.h.  Next: shadow.c.
 */
#include "host/at.h"

#include "host/shadow.h"
#include "host/sysreg.h"
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

static bool names_vel2(const struct vcpu *v, enum sysreg op)
{
	if (op == SR_AT_S1E2R || op == SR_AT_S1E2W)
		return true;
	return !both_stages(op) && v->vel2_is_vhe && nv_tge(&v->nv);
}

void at_emulate(struct vcpu *v, enum sysreg op, uint64_t va)
{
	uint64_t par;

	if (names_vel2(v, op)) {
		hw_at(v, op, va);
		return;
	}
	at_guest(v, op, va);
	par = read_sysreg(PAR_EL1);
	if (!both_stages(op) || (par & PAR_F) || !(vncr_read(v->nv.page, SLOT_HCR_EL2) & (HCR_VM | HCR_DC)))
		return;
	write_sysreg(PAR_EL1, shadow_at_stage2(v, par, is_write(op)));
}
