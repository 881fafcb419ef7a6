/*
 * What do L1's performance monitors count?  Expected values are from the text of PMEVTYPER<n>_EL0.{P,U,NSH}, MDCR_EL2.{HPMN,HPME,HPMD,
 * HCCD,HLP} and PMCR_EL0.{E,DP,LP}, bit by bit; a filter is asked what it does at each of hardware's levels.
 */
#include <CUnit/CUnit.h>

#include "nv/pmu.h"

void register_pmu(void);

#define P (UINT64_C(1) << 31)
#define U (UINT64_C(1) << 30)
#define NSK (UINT64_C(1) << 29)
#define NSU (UINT64_C(1) << 28)
#define NSH (UINT64_C(1) << 27)
#define M (UINT64_C(1) << 26)
#define HPME (1 << 7)
#define HPMD (1 << 17)
#define HCCD (1 << 23)
#define HLP (1 << 26)
#define E 1
#define DP (1 << 5)
#define LP (1 << 7)
#define N 6
#define CYCLES 31

/* Does hardware count at its EL2, EL1 and EL0 with this filter? Non-secure, with or without EL3. */
static bool at_el2(uint64_t filter)
{
	return filter & NSH;
}

static bool at_el1(uint64_t filter)
{
	return !(filter & P) == !(filter & NSK);
}

static bool at_el0(uint64_t filter)
{
	return !(filter & U) == !(filter & NSU);
}

static void check_filter(const struct nv_pmu *p, unsigned n, uint64_t filter, bool prohibited)
{
	uint64_t vel2 = nv_pmu_filter(p, n, filter | 0x11, true);
	uint64_t guest = nv_pmu_filter(p, n, filter | 0x11, false);

	/* L0 never; an L1 without EL3 has no NSK, NSU and M. */
	CU_ASSERT(!at_el2(vel2) && !at_el2(guest));
	CU_ASSERT_EQUAL(at_el1(vel2), (filter & NSH) && !prohibited);
	CU_ASSERT_EQUAL(at_el0(vel2), !(filter & U));
	CU_ASSERT_EQUAL(at_el1(guest), !(filter & P));
	CU_ASSERT_EQUAL(at_el0(guest), !(filter & U));
	CU_ASSERT_EQUAL(vel2 & 0xffff, 0x11);
	CU_ASSERT_EQUAL(guest & 0xffff, 0x11);
}

static void test_filter(void)
{
	for (unsigned bits = 0; bits < 64; bits++) {
		uint64_t filter = (uint64_t)bits << 26;

		for (unsigned hpmd = 0; hpmd < 2; hpmd++) {
			struct nv_pmu p = { 2 | (hpmd ? HPMD : 0), E, N };

			check_filter(&p, 1, filter, hpmd);
			check_filter(&p, 2, filter, false);
			check_filter(&p, CYCLES, filter, false);
			p.pmcr |= DP;
			check_filter(&p, CYCLES, filter, hpmd);
			p.pmcr = E;
			p.mdcr |= HCCD;
			check_filter(&p, 1, filter, hpmd);
			check_filter(&p, CYCLES, filter, true);
		}
	}
}

static void test_versions(void)
{
	static const struct {
		unsigned version;
		uint64_t mdcr, pmcr;
	} is[] = {
		{ 0, 0, 0 },
		{ 1, 0x1f | HPME, 0x59 },				/* FEAT_PMUv3: E, D, X, LC */
		{ 4, 0x1f | HPME | HPMD, 0x59 | DP },			/* FEAT_PMUv3p1 */
		{ 5, 0x1f | HPME | HPMD, 0x59 | DP },			/* FEAT_PMUv3p4 */
		{ 6, 0x1f | HPME | HPMD | HCCD | HLP, 0x59 | DP | LP }, /* FEAT_PMUv3p5 */
	};

	for (unsigned i = 0; i < sizeof(is) / sizeof(is[0]); i++) {
		CU_ASSERT_EQUAL(nv_pmu_mdcr_shown(is[i].version), is[i].mdcr);
		CU_ASSERT_EQUAL(nv_pmu_pmcr_shown(is[i].version), is[i].pmcr);
	}
}

static void test_shares(void)
{
	struct nv_pmu p = { 2, 0, N };

	CU_ASSERT_EQUAL(nv_pmu_hpmn(&p), 2);
	CU_ASSERT_EQUAL(nv_pmu_accessible(&p, NV_PMU_AT_VEL2), UINT64_C(0x8000003f));
	CU_ASSERT_EQUAL(nv_pmu_accessible(&p, NV_PMU_AT_EL1), UINT64_C(0x80000003));
	CU_ASSERT_EQUAL(nv_pmu_accessible(&p, NV_PMU_AT_EL0), UINT64_C(0x80000003));
	p.mdcr = 0; /* FEAT_HPMN0 */
	CU_ASSERT_EQUAL(nv_pmu_accessible(&p, NV_PMU_AT_EL1), UINT64_C(0x80000000));
	p.mdcr = 31;
	CU_ASSERT_EQUAL(nv_pmu_hpmn(&p), N);
	p = (struct nv_pmu){ 31, 0, 31 };
	CU_ASSERT_EQUAL(nv_pmu_accessible(&p, NV_PMU_AT_EL1), UINT64_C(0xffffffff));
}

static bool counts(uint64_t mdcr, uint64_t pmcr)
{
	struct nv_pmu p = { mdcr, pmcr, N };

	return nv_pmu_counts(&p);
}

static void test_enable(void)
{
	CU_ASSERT(!counts(N, 0));
	CU_ASSERT(counts(N, E));
	CU_ASSERT(!counts(N | HPME, 0)); /* there is none of EL2 */
	CU_ASSERT(counts(2 | HPME, 0));
	CU_ASSERT(!counts(2, DP | LP));
}

static bool event(uint64_t mdcr, uint64_t pmcr, unsigned n, uint64_t filter, enum nv_pmu_level level)
{
	struct nv_pmu p = { mdcr, pmcr, N };

	return nv_pmu_counts_at(&p, n, filter, level);
}

static void test_software_events(void)
{
	CU_ASSERT(event(2, E, 1, 0, NV_PMU_AT_EL1));
	CU_ASSERT(event(2, E, 1, 0, NV_PMU_AT_EL0));
	CU_ASSERT(!event(2, E, 1, 0, NV_PMU_AT_VEL2));
	CU_ASSERT(event(2, E, 1, NSH, NV_PMU_AT_VEL2));
	CU_ASSERT(!event(2 | HPMD, E, 1, NSH, NV_PMU_AT_VEL2));
	CU_ASSERT(!event(2, E, 1, P, NV_PMU_AT_EL1));
	CU_ASSERT(!event(2, E, 1, U, NV_PMU_AT_EL0));
	CU_ASSERT(!event(2, 0, 1, 0, NV_PMU_AT_EL1));
	CU_ASSERT(!event(2, E, 2, NSH, NV_PMU_AT_VEL2));
	CU_ASSERT(event(2 | HPME, 0, 2, NSH, NV_PMU_AT_VEL2));
	CU_ASSERT(event(2 | HPME | HPMD, 0, 2, NSH, NV_PMU_AT_VEL2));
}

static void check_step(uint64_t mdcr, uint64_t pmcr, unsigned n, uint64_t value, bool overflow)
{
	struct nv_pmu p = { mdcr, pmcr, N };
	struct nv_pmu_step s = nv_pmu_increment(&p, n, value);

	CU_ASSERT_EQUAL(s.value, value + 1);
	CU_ASSERT_EQUAL(s.overflow, overflow);
}

static void test_increment(void)
{
	check_step(2, E, 1, 0, false);
	check_step(2, E, 1, UINT32_MAX, true);
	check_step(2, E, 1, UINT64_MAX, true);
	check_step(2, E | LP, 1, UINT32_MAX, false);
	check_step(2, E | LP, 1, UINT64_MAX, true);
	check_step(2, E | LP, 2, UINT32_MAX, true);
	check_step(2 | HLP, E, 2, UINT32_MAX, false);
	check_step(2 | HLP, E, 2, UINT64_MAX, true);
}

static bool line(uint64_t mdcr, uint64_t pmcr, uint64_t enabled, uint64_t overflown)
{
	struct nv_pmu p = { mdcr, pmcr, N };

	return nv_pmu_line(&p, enabled, overflown);
}

static void test_line(void)
{
	CU_ASSERT(line(2, E, 1, 1));
	CU_ASSERT(!line(2, 0, 1, 1));
	CU_ASSERT(!line(2, E, 1, 2));
	CU_ASSERT(line(2, E, UINT64_C(1) << CYCLES, UINT64_C(1) << CYCLES));
	CU_ASSERT(!line(2, E, 4, 4));
	CU_ASSERT(line(2 | HPME, 0, 4, 4));
	CU_ASSERT(!line(2 | HPME, 0, 1, 1));
}

static void test_mdcr(void)
{
	struct nv_pmu p = { 2 | HPME | HLP | HCCD | 0x40 | 0x200, 0, N };

	CU_ASSERT_EQUAL(nv_pmu_mdcr(&p, false), 2);
	CU_ASSERT_EQUAL(nv_pmu_mdcr(&p, true), 2 | HPME | HLP | HPMD);
	p.mdcr = N | HPMD;
	CU_ASSERT_EQUAL(nv_pmu_mdcr(&p, true), N);
}

void register_pmu(void)
{
	CU_pSuite s = CU_add_suite("nv/pmu", NULL, NULL);

	CU_add_test(s, "filters of each world", test_filter);
	CU_add_test(s, "who has which counters", test_shares);
	CU_add_test(s, "what enables them", test_enable);
	CU_add_test(s, "whether a software event counts", test_software_events);
	CU_add_test(s, "increments and overflows", test_increment);
	CU_add_test(s, "the interrupt", test_line);
	CU_add_test(s, "versions", test_versions);
	CU_add_test(s, "MDCR_EL2 for hardware", test_mdcr);
}
