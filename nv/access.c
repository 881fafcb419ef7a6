/* Where does a register that traps from vEL2 live?  Reads: access.h, sysreg_list.h.  Next: forward.c. */
#include "nv/access.h"

#include "nv/translate.h"

/* Registers with a slot in the VNCR page that belong to a feature which L1's ID registers do not show. */
static bool is_hidden(const struct nv_state *l1, enum sysreg r)
{
	switch (r) {
	case SR_HFGRTR_EL2:
	case SR_HFGWTR_EL2:
	case SR_HFGITR_EL2:
	case SR_HDFGRTR_EL2:
	case SR_HDFGWTR_EL2:
		return !l1->has_fgt;
	case SR_CNTPOFF_EL2:
		return !l1->has_ecv;
	case SR_VDISR_EL2:
	case SR_VSESR_EL2:
		return !l1->has_ras;
	case SR_ZCR_EL1:
		return !nv_has_sve(l1);
	case SR_VSTTBR_EL2:
	case SR_VSTCR_EL2:
	case SR_HCRX_EL2:
	case SR_VNCR_EL2:
	case SR_SCXTNUM_EL1:
	case SR_TFSR_EL1:
	case SR_SMCR_EL1:
	case SR_SMPRIMAP_EL2:
	case SR_HDFGRTR2_EL2:
	case SR_HDFGWTR2_EL2:
	case SR_HFGRTR2_EL2:
	case SR_HFGWTR2_EL2:
	case SR_HFGITR2_EL2:
	case SR_HAFGRTR_EL2:
	case SR_TCR2_EL1:
	case SR_PIRE0_EL1:
	case SR_PIR_EL1:
	case SR_POR_EL1:
	case SR_GCSCR_EL1:
	case SR_TRFCR_EL1:
		return true;
	default:
		return sysreg_info[r].slot >= SLOT_PMBLIMITR_EL1; /* SPE, TRBE, MPAM: the page's upper half */
	}
}

static enum nv_place place_of_memory(const struct nv_state *l1, enum sysreg r)
{
	if (is_hidden(l1, r))
		return NV_PLACE_UNDEFINED;
	return r == SR_CNTVOFF_EL2 || r == SR_CNTPOFF_EL2 ? NV_PLACE_OFFSET : NV_PLACE_STORED;
}

/* EL2 names that trap in both modes. */
static enum nv_place place_of_el2(const struct nv_state *l1, enum sysreg r, bool is_read)
{
	switch (r) {
	case SR_SCTLR_EL2:
	case SR_TTBR0_EL2:
	case SR_TCR_EL2:
	case SR_MAIR_EL2:
	case SR_AMAIR_EL2:
	case SR_VBAR_EL2:
	case SR_AFSR0_EL2:
	case SR_AFSR1_EL2:
	case SR_CPTR_EL2:
	case SR_CNTHCTL_EL2:
		return NV_PLACE_TWIN;
	case SR_TTBR1_EL2:
	case SR_CONTEXTIDR_EL2:
		return l1->has_vhe ? NV_PLACE_TWIN : NV_PLACE_UNDEFINED;
	case SR_ZCR_EL2:
		return nv_has_sve(l1) ? NV_PLACE_TWIN : NV_PLACE_UNDEFINED;
	case SR_ACTLR_EL2:
	case SR_HACR_EL2:
	case SR_MDCR_EL2:
	case SR_HPFAR_EL2:
	case SR_SPSR_irq:
	case SR_SPSR_abt:
	case SR_SPSR_und:
	case SR_SPSR_fiq:
		return NV_PLACE_STORED;
	case SR_RVBAR_EL2:
		return is_read ? NV_PLACE_STORED : NV_PLACE_UNDEFINED;
	case SR_ICC_SRE_EL2:
		return NV_PLACE_ICC_SRE;
	case SR_ICH_VTR_EL2:
	case SR_ICH_MISR_EL2:
	case SR_ICH_EISR_EL2:
	case SR_ICH_ELRSR_EL2:
		return is_read ? NV_PLACE_ICH_STATUS : NV_PLACE_UNDEFINED;
	case SR_CNTHP_CTL_EL2:
	case SR_CNTHP_CVAL_EL2:
	case SR_CNTHP_TVAL_EL2:
		return NV_PLACE_TIMER;
	case SR_CNTHV_CTL_EL2:
	case SR_CNTHV_CVAL_EL2:
	case SR_CNTHV_TVAL_EL2:
		return l1->has_vhe ? NV_PLACE_TIMER : NV_PLACE_UNDEFINED;
	default:
		return NV_PLACE_UNDEFINED;
	}
}

static enum nv_place place_of_el1(const struct nv_state *l1, enum sysreg r)
{
	switch (r) {
	case SR_CNTP_CTL_EL0:
	case SR_CNTP_CVAL_EL0:
	case SR_CNTP_TVAL_EL0:
	case SR_CNTV_CTL_EL0:
	case SR_CNTV_CVAL_EL0:
	case SR_CNTV_TVAL_EL0:
		return NV_PLACE_TIMER;
	case SR_CNTKCTL_EL1:
		return NV_PLACE_STORED;
	default:
		if (sysreg_info[r].slot == NO_SLOT || is_hidden(l1, r))
			return NV_PLACE_UNDEFINED;
		return NV_PLACE_STORED;
	}
}

/* Trapped while L0 has hardware's registers for vEL2 (host/world/debug.h). */
static bool is_debug(enum sysreg r)
{
	return (sysreg_info[r].enc & SYSREG_ENC(3, 0, 0, 0, 0)) == SYSREG_ENC(2, 0, 0, 0, 0);
}

static enum nv_place place_of_direct(const struct nv_state *l1, enum sysreg r, bool is_read)
{
	switch (r) {
	case SR_ICC_SGI1R_EL1:
	case SR_ICC_ASGI1R_EL1:
	case SR_ICC_SGI0R_EL1:
		return is_read ? NV_PLACE_UNDEFINED : NV_PLACE_SGI;
	case SR_ICC_DIR_EL1: /* while an active interrupt of L1 is in no list register */
		return is_read ? NV_PLACE_UNDEFINED : NV_PLACE_DIR;
	case SR_CNTP_TVAL_EL0:
	case SR_CNTV_TVAL_EL0:
		return NV_PLACE_TIMER;
	case SR_CNTPCT_EL0: /* while time stops for L1, and where nv_timer_cnthctl says so */
	case SR_CNTPCTSS_EL0:
	case SR_CNTVCT_EL0:
	case SR_CNTVCTSS_EL0:
		return is_read ? NV_PLACE_COUNTER : NV_PLACE_UNDEFINED;
	case SR_ERRIDR_EL1: /* no error records: the other registers of them are UNDEFINED */
		return is_read && l1->has_ras ? NV_PLACE_STORED : NV_PLACE_UNDEFINED;
	default:
		return is_debug(r) ? NV_PLACE_DEBUG : NV_PLACE_UNDEFINED;
	}
}

/* With E2H=1 the names of EL1's physical timer are EL2's own. They trap while time stops for L1. */
static enum sysreg own_timer(const struct nv_state *l1, enum sysreg r)
{
	if (!nv_e2h(l1))
		return r;
	switch (r) {
	case SR_CNTP_CTL_EL0:
		return SR_CNTHP_CTL_EL2;
	case SR_CNTP_CVAL_EL0:
		return SR_CNTHP_CVAL_EL2;
	case SR_CNTP_TVAL_EL0:
		return SR_CNTHP_TVAL_EL2;
	default:
		return r;
	}
}

/* FEAT_SPECRES; COSP RCTX is of its second version, which L1 does not see. */
static enum nv_place place_of_other(const struct nv_state *l1, enum sysreg r, bool is_read)
{
	bool has_specres = field_get(ID_AA64ISAR1_SPECRES, l1->reg[SR_ID_AA64ISAR1_EL1]);

	if (is_read || !has_specres || (r != SR_CFP_RCTX && r != SR_DVP_RCTX && r != SR_CPP_RCTX))
		return NV_PLACE_UNDEFINED;
	return NV_PLACE_PREDICTION;
}

static struct nv_access by_nv1(const struct nv_state *l1, enum sysreg r)
{
	enum sysreg own = own_timer(l1, r);

	if (own != r)
		return (struct nv_access){ NV_PLACE_TIMER, own };
	return (struct nv_access){ nv_e2h(l1) ? NV_PLACE_UNDEFINED : place_of_el1(l1, r), r };
}

struct nv_access nv_vel2_access(const struct nv_state *l1, enum sysreg r, bool is_read)
{
	const struct sysreg_info *info = &sysreg_info[r];
	enum nv_place place;

	switch (info->access) {
	case VEL2_MEMORY:
		if (r == SR_MDSCR_EL1 && l1->mode == NV_MODE_V83)
			return (struct nv_access){ NV_PLACE_DEBUG, r };
		return (struct nv_access){ place_of_memory(l1, r), r };
	case VEL2_BY_NV1:
		return by_nv1(l1, r);
	case VEL2_ALIAS:
		place = nv_e2h(l1) ? place_of_el1(l1, info->rel) : NV_PLACE_UNDEFINED;
		return (struct nv_access){ place, info->rel };
	case VEL2_REDIRECT:
		return (struct nv_access){ NV_PLACE_REDIRECTED, r };
	case VEL2_TRAP:
		return (struct nv_access){ place_of_el2(l1, r, is_read), r };
	case VEL2_ID:
		return (struct nv_access){ is_read ? NV_PLACE_ID : NV_PLACE_UNDEFINED, r };
	case VEL2_DIRECT:
		return (struct nv_access){ place_of_direct(l1, r, is_read), own_timer(l1, r) };
	case SYS_TLBI:
		return (struct nv_access){ NV_PLACE_TLBI, r };
	case SYS_AT:
		return (struct nv_access){ r == SR_AT_S1E1A || r == SR_AT_S1E2A ? NV_PLACE_UNDEFINED :
										  NV_PLACE_AT,
					   r };
	case SYS_OTHER:
		return (struct nv_access){ place_of_other(l1, r, is_read), r };
	case SYS_CACHE:
		break;
	}
	return (struct nv_access){ NV_PLACE_UNDEFINED, r };
}

/* ICC_*_EL1, which are ICV_*_EL1 at EL1. */
static bool is_of_interface(enum sysreg r)
{
	unsigned enc = sysreg_info[r].enc;

	return (enc & SYSREG_ENC(3, 7, 15, 0, 0)) == SYSREG_ENC(3, 0, 12, 0, 0) || r == SR_ICC_PMR_EL1;
}

static enum nv_place place_of_guest(const struct nv_state *l1, enum sysreg r, bool is_read)
{
	switch (r) {
	case SR_ICC_SGI1R_EL1:
	case SR_ICC_ASGI1R_EL1:
	case SR_ICC_SGI0R_EL1:
		return is_read ? NV_PLACE_UNDEFINED : NV_PLACE_SGI;
	case SR_ICC_DIR_EL1: /* the guest has L1's own interface, and an active interrupt is in no list register */
		return is_read ? NV_PLACE_UNDEFINED : NV_PLACE_DIR;
	case SR_CNTPCT_EL0: /* these, while time stops for L1 */
	case SR_CNTPCTSS_EL0:
		return is_read ? NV_PLACE_COUNTER : NV_PLACE_UNDEFINED;
	case SR_CNTP_CTL_EL0:
	case SR_CNTP_CVAL_EL0:
	case SR_CNTP_TVAL_EL0:
		return NV_PLACE_TIMER;
	case SR_ERRIDR_EL1:
		return is_read && l1->has_ras ? NV_PLACE_ID : NV_PLACE_UNDEFINED;
	default:
		return is_of_interface(r) ? NV_PLACE_INTERFACE : NV_PLACE_UNDEFINED;
	}
}

struct nv_access nv_guest_access(const struct nv_state *l1, enum sysreg r, bool is_read)
{
	if (is_read && sysreg_info[r].access == VEL2_ID)
		return (struct nv_access){ NV_PLACE_ID, r };
	return (struct nv_access){ place_of_guest(l1, r, is_read), r };
}
