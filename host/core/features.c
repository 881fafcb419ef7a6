/* What can this CPU do?  Reads: features.h. */
#include "host/core/features.h"

#include "host/machine/sysreg.h"
#include "host/report/panic.h"
#include "host/report/print.h"
#include "nv/arch/pa_range.h"

struct cpu_features cpu_features_found;

static void read_id_registers(uint64_t *id)
{
#define ID(name) id[SR_##name] = read_sysreg(name)
	ID(ID_AA64PFR0_EL1);
	ID(ID_AA64PFR1_EL1);
	ID(ID_AA64DFR0_EL1);
	ID(ID_AA64DFR1_EL1);
	ID(ID_AA64ISAR0_EL1);
	ID(ID_AA64ISAR1_EL1);
	ID(ID_AA64ISAR2_EL1);
	ID(ID_AA64MMFR0_EL1);
	ID(ID_AA64MMFR1_EL1);
	ID(ID_AA64MMFR2_EL1);
	id[SR_ID_AA64ZFR0_EL1] = read_sysreg(S3_0_C0_C4_4);
	id[SR_ID_AA64MMFR3_EL1] = read_sysreg(S3_0_C0_C7_3);
	id[SR_ID_AA64MMFR4_EL1] = read_sysreg(S3_0_C0_C7_4);
#undef ID
}

/*
 * QEMU 10.0 keeps CNTPOFF_EL2 without EL3 and does nothing with it, since SCR_EL3.ECVEn is 0 there: a timer that an offset makes
 * expire tells.
 */
static bool cntpoff_works(void)
{
	bool met;

	write_sysreg(CNTHCTL_EL2, CNTHCTL_ECV);
	write_sysreg(CNTPOFF_EL2, -BIT(41));
	write_sysreg(CNTP_CVAL_EL02, read_sysreg(CNTPCT_EL0) + BIT(40));
	write_sysreg(CNTP_CTL_EL02, CNT_CTL_ENABLE | CNT_CTL_IMASK);
	isb();
	met = read_sysreg(CNTP_CTL_EL02) & CNT_CTL_ISTATUS;
	write_sysreg(CNTP_CTL_EL02, 0);
	write_sysreg(CNTPOFF_EL2, 0);
	return met;
}

/*
 * Without it the CPU has no more than the first level of FEAT_ECV. Below an EL3 that does not know the register even trying it out
 * traps there (SCR_EL3.ECVEn), for good where there is no firmware, as with QEMU's secure=on.
 */
static void find_cntpoff(struct cpu_features *f)
{
	uint64_t *mmfr0 = &f->hw_id[SR_ID_AA64MMFR0_EL1];

	if (field_get(ID_AA64MMFR0_ECV, *mmfr0) < 2)
		return;
	f->ecv_poff = !field_get(ID_AA64PFR0_FIELD_EL3, f->hw_id[SR_ID_AA64PFR0_EL1]) && cntpoff_works();
	if (!f->ecv_poff)
		*mmfr0 = field_set(ID_AA64MMFR0_ECV, *mmfr0, 1);
}

static bool is_one_algorithm(uint64_t isar1, uint64_t isar2)
{
	if (field_get(ID_AA64ISAR1_APA, isar1))
		return field_get(ID_AA64ISAR1_GPA, isar1);
	if (field_get(ID_AA64ISAR1_API, isar1))
		return field_get(ID_AA64ISAR1_GPI, isar1);
	return field_get(ID_AA64ISAR2_APA3, isar2) && field_get(ID_AA64ISAR2_GPA3, isar2);
}

/* Without PACGA of the same algorithm L0 could not tell where ERETAA and ERETAB of vEL2 go. */
static void find_pauth(struct cpu_features *f)
{
	uint64_t *isar1 = &f->hw_id[SR_ID_AA64ISAR1_EL1], *isar2 = &f->hw_id[SR_ID_AA64ISAR2_EL1];
	const uint64_t all1 = ID_AA64ISAR1_APA | ID_AA64ISAR1_API | ID_AA64ISAR1_GPA | ID_AA64ISAR1_GPI,
		       all2 = ID_AA64ISAR2_APA3 | ID_AA64ISAR2_GPA3;

	f->pauth = (*isar1 & all1) || (*isar2 & all2);
	if (is_one_algorithm(*isar1, *isar2))
		return;
	*isar1 &= ~all1;
	*isar2 &= ~all2;
}

/* 0xf: counters of another kind, which are none to L1. */
static void find_counters(struct cpu_features *f)
{
	uint64_t *dfr0 = &f->hw_id[SR_ID_AA64DFR0_EL1];

	if (field_get(ID_AA64DFR0_PMUVER, *dfr0) == 0xf)
		*dfr0 = field_set(ID_AA64DFR0_PMUVER, *dfr0, 0);
	f->pmu = field_get(ID_AA64DFR0_PMUVER, *dfr0);
	if (f->pmu)
		f->pmu_counters = (unsigned)field_get(PMCR_N, read_sysreg(PMCR_EL0));
}

void cpu_features_init(void)
{
	struct cpu_features *f = &cpu_features_found;
	uint64_t nv_frac, pfr0, mmfr0, mmfr1, mmfr2;

	read_id_registers(f->hw_id);
	pfr0 = f->hw_id[SR_ID_AA64PFR0_EL1];
	mmfr0 = f->hw_id[SR_ID_AA64MMFR0_EL1];
	mmfr1 = f->hw_id[SR_ID_AA64MMFR1_EL1];
	mmfr2 = f->hw_id[SR_ID_AA64MMFR2_EL1];
	nv_frac = field_get(ID_AA64MMFR4_NV_FRAC, f->hw_id[SR_ID_AA64MMFR4_EL1]);
	f->vhe = field_get(ID_AA64MMFR1_VH, mmfr1);
	f->nv = field_get(ID_AA64MMFR2_NV, mmfr2) >= 1;
	f->nv2 = field_get(ID_AA64MMFR2_NV, mmfr2) >= 2 || nv_frac >= 1;
	f->fgt = field_get(ID_AA64MMFR0_FGT, mmfr0);
	f->ecv = field_get(ID_AA64MMFR0_ECV, mmfr0);
	f->hcx = field_get(ID_AA64MMFR1_HCX, mmfr1);
	f->ras = field_get(ID_AA64PFR0_RAS, pfr0);
	f->sve = field_get(ID_AA64PFR0_SVE, pfr0);
	f->pa_bits = pa_range_bits(field_get(ID_AA64MMFR0_PARANGE, mmfr0));
	f->vmid_bits = field_get(ID_AA64MMFR1_VMIDBITS, mmfr1) == 2 ? 16 : 8;
	f->midr = read_sysreg(MIDR_EL1);
	find_counters(f);
	if (f->vhe)
		find_cntpoff(f);
	find_pauth(f);
	if (!f->nv)
		stop("this CPU (MIDR_EL1 %lx) has no FEAT_NV: nested virtualization needs it. Use -cpu max, "
		     "neoverse-v1 or neoverse-n2",
		     f->midr);
	if (field_get(ID_AA64PFR0_GIC, pfr0) == 0)
		stop("this machine has no GICv3 system registers. Use -machine virt,gic-version=3");
	f->ich_vtr = read_sysreg(ICH_VTR_EL2);
	f->lr_count = (unsigned)field_get(ICH_VTR_LISTREGS, f->ich_vtr) + 1;
}
