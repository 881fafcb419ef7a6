/* Where does a register that traps from vEL2 live?  Reads: access.h, sysreg_list.h.  Next: forward.c. */
#include "nv/access.h"

#include "nv/translate.h"

/* Does L1 have what a register comes with?  nv/idreg.c says what its ID registers show of L0's machine. */
static __attribute__((noinline)) bool has_feature(const struct nv_state *l1, enum sysreg_feature feature)
{
	switch (feature) {
	case FEAT_VHE:
		return l1->has_vhe;
	case FEAT_FGT:
		return l1->has_fgt;
	case FEAT_ECV_POFF:
		return l1->has_ecv;
	case FEAT_RAS:
	case FEAT_RASv1p1: /* its registers are those of error records, of which there is none */
		return l1->has_ras;
	case FEAT_SVE:
		return nv_has_sve(l1);
	case FEAT_HCX:
		return field_get(ID_AA64MMFR1_HCX, vncr_get(&l1->file, SR_ID_AA64MMFR1_EL1));
	case FEAT_PMUv3:
		return l1->has_pmu;
	case FEAT_PMUv3p4:
		return field_get(ID_AA64DFR0_PMUVER, vncr_get(&l1->file, SR_ID_AA64DFR0_EL1)) >= 5;
	case FEAT_SPECRES:
		return field_get(ID_AA64ISAR1_SPECRES, vncr_get(&l1->file, SR_ID_AA64ISAR1_EL1));
	case FEAT_BASE:
	case FEAT_ECV: /* from here on without the feature hardware says UNDEFINED, before it traps */
	case FEAT_PAN2:
	case FEAT_TLBIOS:
	case FEAT_TLBIRANGE:
	case FEAT_XS:
		return true;
	default:
		return false;
	}
}

static bool goes_that_way(enum nv_place place, bool is_read)
{
	if (place < NV_PLACE_FIRST_READ_ONLY)
		return true;
	return is_read == (place < NV_PLACE_FIRST_WRITE_ONLY);
}

static enum nv_place place_of(const struct nv_state *l1, enum sysreg r, bool is_read)
{
	const struct sysreg_info *info = &sysreg_info[r];
	enum sysreg_feature feature = (enum sysreg_feature)info->feature;
	enum nv_place place = (enum nv_place)info->place;

	if ((feature != FEAT_BASE && !has_feature(l1, feature)) || !goes_that_way(place, is_read))
		return NV_PLACE_UNDEFINED;
	return place;
}

/* Names that may mean another register. */
#define NAMES_BY_E2H (BIT(VEL2_BY_NV1) | BIT(VEL2_DIRECT) | BIT(VEL2_ALIAS))

/* The register that a name means at vEL2, where accesses of it trap; SR_NONE: none. */
static enum sysreg meant_at_vel2(const struct nv_state *l1, enum sysreg r)
{
	const struct sysreg_info *info = &sysreg_info[r];
	enum sysreg rel = (enum sysreg)info->rel;

	if (!(BIT(info->access) & NAMES_BY_E2H))
		return r;
	switch ((enum sysreg_access)info->access) {
	case VEL2_BY_NV1:
		return nv_e2h(l1) ? rel : r;
	case VEL2_DIRECT:
		return rel != SR_NONE && nv_e2h(l1) ? rel : r;
	case VEL2_ALIAS:
		return nv_e2h(l1) ? rel : SR_NONE;
	default:
		return r;
	}
}

/* The interface of vEL2 is hardware's. Of the debug registers MDSCR_EL1 has a slot, and is there in nv2 mode. */
static enum nv_place place_at_vel2(const struct nv_state *l1, enum sysreg r, bool is_read)
{
	enum nv_place place = place_of(l1, r, is_read);

	if (place == NV_PLACE_INTERFACE)
		return NV_PLACE_UNDEFINED;
	if (place == NV_PLACE_DEBUG && l1->mode == NV_MODE_V84 && sysreg_info[r].slot != NO_SLOT)
		return NV_PLACE_STORED;
	return place;
}

struct nv_access nv_vel2_access(const struct nv_state *l1, enum sysreg r, bool is_read)
{
	enum sysreg meant = meant_at_vel2(l1, r);

	return (struct nv_access){ place_at_vel2(l1, meant, is_read), meant };
}

/* Does HCR_EL2.TID3, ICH_HCR_EL2, CNTHCTL_EL2 or MDCR_EL2 trap it for L0? */
static bool traps_from_guest_context(enum nv_place place)
{
	switch (place) {
	case NV_PLACE_ID:
	case NV_PLACE_SGI:
	case NV_PLACE_DIR:
	case NV_PLACE_COUNTER:
	case NV_PLACE_TIMER:
	case NV_PLACE_INTERFACE:
	case NV_PLACE_PMU:
		return true;
	default:
		return false;
	}
}

struct nv_access nv_guest_context_access(const struct nv_state *l1, enum sysreg r, bool is_read)
{
	bool is_of_el2 = field_get(SYSREG_ENC_OP1, sysreg_info[r].enc) >= 4;
	enum nv_place place = place_of(l1, r, is_read);

	return (struct nv_access){ is_of_el2 || !traps_from_guest_context(place) ? NV_PLACE_UNDEFINED : place,
				   r };
}
