/* What do L1's performance monitors count, and when do they interrupt?  Reads: pmu.h. DDI0487, D13 and pmu pseudocode. */
#include "nv/pmu.h"

/* What a filter says of levels and of Security states, but for its event. */
#define LEVELS (PMEVTYPER_P | PMEVTYPER_NSH)
#define OTHER_STATES (PMEVTYPER_NSK | PMEVTYPER_NSU | PMEVTYPER_M | PMEVTYPER_SH)

/* ID_AA64DFR0_EL1.PMUVer of FEAT_PMUv3p1 and FEAT_PMUv3p5 */
#define V3P1 4
#define V3P5 6

uint64_t nv_pmu_mdcr_shown(unsigned version)
{
	uint64_t shown = version ? MDCR_HPMN | MDCR_HPME : 0;

	return shown | (version >= V3P1 ? MDCR_HPMD : 0) | (version >= V3P5 ? MDCR_HCCD | MDCR_HLP : 0);
}

uint64_t nv_pmu_pmcr_shown(unsigned version)
{
	uint64_t shown = version ? PMCR_E | PMCR_D | PMCR_X | PMCR_LC : 0;

	return shown | (version >= V3P1 ? PMCR_DP : 0) | (version >= V3P5 ? PMCR_LP : 0);
}

unsigned nv_pmu_hpmn(const struct nv_pmu *p)
{
	unsigned hpmn = (unsigned)field_get(MDCR_HPMN, p->mdcr);

	return hpmn < p->counters ? hpmn : p->counters;
}

static uint64_t below(unsigned n)
{
	return BIT(n) - 1;
}

uint64_t nv_pmu_accessible(const struct nv_pmu *p, enum nv_pmu_level level)
{
	return BIT(NV_PMU_CYCLES) | below(level == NV_PMU_AT_VEL2 ? p->counters : nv_pmu_hpmn(p));
}

static bool is_el2s(const struct nv_pmu *p, unsigned n)
{
	return n != NV_PMU_CYCLES && n >= nv_pmu_hpmn(p);
}

static bool is_enabled(const struct nv_pmu *p, unsigned n)
{
	return is_el2s(p, n) ? p->mdcr & MDCR_HPME : p->pmcr & PMCR_E;
}

bool nv_pmu_counts(const struct nv_pmu *p)
{
	return (p->pmcr & PMCR_E) || ((p->mdcr & MDCR_HPME) && nv_pmu_hpmn(p) < p->counters);
}

/* AArch64.CountPMUEvents: at EL2 HPMD prohibits the counters of EL1, and with PMCR_EL0.DP, or by HCCD, the cycle counter. */
static bool is_prohibited_at_el2(const struct nv_pmu *p, unsigned n)
{
	if (n != NV_PMU_CYCLES)
		return !is_el2s(p, n) && (p->mdcr & MDCR_HPMD);
	return (p->mdcr & MDCR_HCCD) || ((p->mdcr & MDCR_HPMD) && (p->pmcr & PMCR_DP));
}

static bool counts_at_el2(const struct nv_pmu *p, unsigned n, uint64_t filter)
{
	return (filter & PMEVTYPER_NSH) && !is_prohibited_at_el2(p, n);
}

uint64_t nv_pmu_filter(const struct nv_pmu *p, unsigned n, uint64_t filter, bool at_vel2)
{
	uint64_t out = filter & ~(uint64_t)(PMEVTYPER_NSH | OTHER_STATES);

	if (!at_vel2)
		return out;
	out &= ~(uint64_t)LEVELS;
	return counts_at_el2(p, n, filter) ? out : out | PMEVTYPER_P;
}

bool nv_pmu_counts_at(const struct nv_pmu *p, unsigned n, uint64_t filter, enum nv_pmu_level level)
{
	if (!is_enabled(p, n))
		return false;
	switch (level) {
	case NV_PMU_AT_VEL2:
		return counts_at_el2(p, n, filter);
	case NV_PMU_AT_EL1:
		return !(filter & PMEVTYPER_P);
	case NV_PMU_AT_EL0:
		return !(filter & PMEVTYPER_U);
	}
	return false;
}

struct nv_pmu_step nv_pmu_increment(const struct nv_pmu *p, unsigned n, uint64_t value)
{
	bool wide = is_el2s(p, n) ? p->mdcr & MDCR_HLP : p->pmcr & PMCR_LP;
	uint64_t next = value + 1;

	return (struct nv_pmu_step){ next, wide ? !next : !(next & BITS(31, 0)) };
}

bool nv_pmu_line(const struct nv_pmu *p, uint64_t enabled, uint64_t overflown)
{
	uint64_t asks = enabled & overflown, el1s = nv_pmu_accessible(p, NV_PMU_AT_EL1);

	return ((p->pmcr & PMCR_E) && (asks & el1s)) || ((p->mdcr & MDCR_HPME) && (asks & ~el1s));
}

uint64_t nv_pmu_mdcr(const struct nv_pmu *p, bool loaded)
{
	uint64_t mdcr = field_put(MDCR_HPMN, nv_pmu_hpmn(p));

	if (!loaded)
		return mdcr;
	return mdcr | (p->mdcr & (MDCR_HPME | MDCR_HLP)) | (nv_pmu_counts(p) ? MDCR_HPMD : 0);
}
