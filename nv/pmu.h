/*
 * What do L1's performance monitors count, and when do they interrupt?  L1 has all of hardware's event counters and the cycle
 * counter, and shares them out by MDCR_EL2.HPMN as it likes. vEL2 is at hardware's EL1: a filter that says EL2 has to say EL1
 * while it runs, and hardware's EL2, which is L0, is never counted.  Next: pmu.c, host/world/pmu.h.
 */
#ifndef NV_PMU_H
#define NV_PMU_H

#include <stdbool.h>
#include <stdint.h>

#include "nv/arch/fields.h"

/* The cycle counter, as a number of PMSELR_EL0.SEL and of the bits of PMCNTENSET_EL0 and its like. */
#define NV_PMU_CYCLES 31

/* What of L1 decides. */
struct nv_pmu {
	uint64_t mdcr;	   /* MDCR_EL2, without the bits of features that L1 does not see */
	uint64_t pmcr;	   /* PMCR_EL0 */
	unsigned counters; /* event counters that hardware has, PMCR_EL0.N at EL2 */
};

/* At which of L1's levels? */
enum nv_pmu_level {
	NV_PMU_AT_VEL2,
	NV_PMU_AT_EL1,
	NV_PMU_AT_EL0, /* of vEL2, or of the guest context */
};

/*
 * The bits of MDCR_EL2 that are about counters, and those of PMCR_EL0 that can be written and stay, as a version of the counters has them
 * (ID_AA64DFR0_EL1.PMUVer). The others are RES0 in it.
 */
uint64_t nv_pmu_mdcr_shown(unsigned version);
uint64_t nv_pmu_pmcr_shown(unsigned version);

/* MDCR_EL2.HPMN: counters with this number and above are EL2's alone. More than there are is all (CONSTRAINED UNPREDICTABLE). */
unsigned nv_pmu_hpmn(const struct nv_pmu *p);

/* Those that a level has, as a mask of PMCNTENSET_EL0: the cycle counter and, at EL1 and EL0, those below HPMN. */
uint64_t nv_pmu_accessible(const struct nv_pmu *p, enum nv_pmu_level level);

/* Can any counter count, if it is enabled by itself?  PMCR_EL0.E for those of EL1, MDCR_EL2.HPME for those of EL2. */
bool nv_pmu_counts(const struct nv_pmu *p);

/*
 * PMEVTYPER<n>_EL0 or, of NV_PMU_CYCLES, PMCCFILTR_EL0 for hardware while vEL2 runs with its EL0 (at_vel2), or the guest context,
 * given L1's. The bits for other Security states are RES0 for L1, which sees no EL3.
 */
uint64_t nv_pmu_filter(const struct nv_pmu *p, unsigned n, uint64_t filter, bool at_vel2);

/* Does an event of that level count, in a counter that is enabled by itself and has this filter? */
bool nv_pmu_counts_at(const struct nv_pmu *p, unsigned n, uint64_t filter, enum nv_pmu_level level);

/* Event counter n after one more event, and whether that is an overflow (IncrementEventCounter). */
struct nv_pmu_step {
	uint64_t value;
	bool overflow;
};
struct nv_pmu_step nv_pmu_increment(const struct nv_pmu *p, unsigned n, uint64_t value);

/* Is the interrupt asserted, given PMINTENSET_EL1 and PMOVSSET_EL0?  (AArch64.CheckForPMUOverflow) */
bool nv_pmu_line(const struct nv_pmu *p, uint64_t enabled, uint64_t overflown);

/*
 * What of MDCR_EL2 for hardware is about the counters: HPMN always; HPME and HLP while hardware has L1's counters (loaded), and HPMD,
 * which keeps L0 out as the filters do, while they can count.
 */
uint64_t nv_pmu_mdcr(const struct nv_pmu *p, bool loaded);

#endif
