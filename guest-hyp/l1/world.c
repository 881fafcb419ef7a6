/*
 * What does L1 set up once, so that no switch has to?  Its own VHE or non-VHE regime, and L2's: HCR_EL2 stays the
 * same while L1 and while L2 run, because with TGE = 0 its trap and routing bits mean nothing at EL2. Next:
 * start.S, vectors.S.
 */
#include "guest-hyp/l1/l1.h"
#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"
#include "nv/arch/fields.h"

static const char *vectors;

static void own_regime(void)
{
	uint64_t hcr = HCR_VM | HCR_RW | HCR_IMO | HCR_FMO | HCR_AMO | HCR_TSC | HCR_TID3;

	if (rt_current_el() != 2)
		rt_fail("%s entered at EL%u: it needs EL2", workload_name(), rt_current_el());
	if (VHE && !field_get(ID_AA64MMFR1_VH, read_sysreg(ID_AA64MMFR1_EL1)))
		rt_fail("%s this build needs FEAT_VHE", workload_name());
	if (VHE)
		hcr |= HCR_E2H;
	write_sysreg(HCR_EL2, hcr);
	isb();
	if (rt_vhe() != VHE)
		rt_fail("%s this build needs HCR_EL2.E2H = 0", workload_name());
	/* CPTR_EL2 changed its layout with E2H; L2 and L1 may use FP. */
	write_sysreg(CPTR_EL2, VHE ? CPACR_FPEN : CPTR_NVHE_RES1);
	rt_mmu_on();
}

static void l2_regime(void)
{
	write_sysreg(VTCR_EL2, stage2_vtcr());
	write_sysreg(VTTBR_EL2, stage2_vttbr());
	write_sysreg(VPIDR_EL2, read_sysreg(MIDR_EL1));
	write_sysreg(VMPIDR_EL2, MPIDR_RES1 | cpu_self());
	write_sysreg(HSTR_EL2, 0);
	write_sysreg(CNTVOFF_EL2, 0);
	write_sysreg(CNTHCTL_EL2,
		     VHE ? CNTHCTL_EL1PCTEN | CNTHCTL_EL1PTEN : CNTHCTL_NVHE_EL1PCTEN | CNTHCTL_NVHE_EL1PCEN);
	write_l2s(SCTLR, SCTLR_EL1_RES1);
	write_l2s(CPACR, 0);
	write_l2s(CNTKCTL, 0);
	isb();
	tlbi(vmalls12e1);
	dsb(nsh);
	isb();
}

void world_setup(void)
{
	write_sysreg(VBAR_EL2, vectors);
	isb();
	gic_setup();
	l2_regime();
}

void world_setup_first(const char *of_exceptions)
{
	vectors = of_exceptions;
	own_regime();
}
