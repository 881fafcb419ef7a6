/* Which translations does a TLBI or an AT of vEL2 name?  Reads: regime.h.  Next: host/run/tlbi.c, host/run/at.c. */
#include "nv/regime.h"

#include "nv/translate.h"

/* With HCR_EL2.{E2H,TGE} = {1,1} the EL1&0 that instructions of stage 1 name is EL2&0. */
static bool el1_is_vel2(const struct nv_state *l1)
{
	return nv_e2h(l1) && nv_tge(l1);
}

#define NXS SYSREG_ENC(0, 0, 1, 0, 0)	   /* in CRn */
#define ANY_ASID SYSREG_ENC(0, 0, 0, 0, 2) /* in op2 of a form by address */

static enum sysreg without_nxs(enum sysreg op)
{
	uint16_t enc = sysreg_info[op].enc;

	return enc & NXS ? sysreg_from_enc(enc & (uint16_t)~NXS) : op;
}

/* The instructions of EL2&0 and of EL1&0 differ in op1 alone. */
static struct nv_tlbi of_el2(enum sysreg op, uint16_t also)
{
	uint16_t enc = sysreg_info[op].enc & (uint16_t)~SYSREG_ENC_OP1;

	return (struct nv_tlbi){ true, sysreg_from_enc(enc | also) };
}

static bool is_of_el1(enum sysreg op)
{
	return (sysreg_info[op].enc & SYSREG_ENC_OP1) == SYSREG_ENC(0, 0, 0, 0, 0);
}

struct nv_tlbi nv_tlbi(const struct nv_state *l1, enum sysreg op)
{
	op = without_nxs(op);
	switch (op) {
	case SR_TLBI_VAE2:
	case SR_TLBI_VAE2IS:
	case SR_TLBI_VAE2OS:
	case SR_TLBI_VALE2:
	case SR_TLBI_VALE2IS:
	case SR_TLBI_VALE2OS:
	case SR_TLBI_RVAE2:
	case SR_TLBI_RVAE2IS:
	case SR_TLBI_RVAE2OS:
	case SR_TLBI_RVALE2:
	case SR_TLBI_RVALE2IS:
	case SR_TLBI_RVALE2OS: /* with E2H=0 the operand has no ASID */
		return of_el2(op, nv_e2h(l1) ? 0 : ANY_ASID);
	case SR_TLBI_ALLE2:
	case SR_TLBI_ALLE2IS:
	case SR_TLBI_ALLE2OS:
		return of_el2(op, 0);
	default:
		return (struct nv_tlbi){ is_of_el1(op) && el1_is_vel2(l1), op };
	}
}

struct nv_at nv_at(const struct nv_state *l1, enum sysreg op, uint64_t pstate)
{
	struct nv_at at = { .of_vel2 = el1_is_vel2(l1) };
	bool pan = pstate & PSTATE_PAN, stage2 = vncr_get(&l1->file, SR_HCR_EL2) & (HCR_VM | HCR_DC);

	switch (op) {
	case SR_AT_S1E1W:
		at.access.write = true;
		break;
	case SR_AT_S1E0R:
		at.access.el0 = true;
		break;
	case SR_AT_S1E0W:
		at.access = (struct s1_access){ .write = true, .el0 = true };
		break;
	case SR_AT_S1E1RP:
		at.access.pan = pan;
		break;
	case SR_AT_S1E1WP:
		at.access = (struct s1_access){ .write = true, .pan = pan };
		break;
	case SR_AT_S1E2R:
		at.of_vel2 = true;
		break;
	case SR_AT_S1E2W:
		at.of_vel2 = at.access.write = true;
		break;
	case SR_AT_S12E1R:
		at.stage2 = stage2;
		break;
	case SR_AT_S12E1W:
		at.stage2 = stage2;
		at.access.write = true;
		break;
	case SR_AT_S12E0R:
		at.stage2 = stage2;
		at.access.el0 = true;
		break;
	case SR_AT_S12E0W:
		at.stage2 = stage2;
		at.access = (struct s1_access){ .write = true, .el0 = true };
		break;
	default: /* S1E1R */
		break;
	}
	at.stage2 = at.stage2 && !at.of_vel2;
	return at;
}
