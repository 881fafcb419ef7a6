/*
 * What do the performance monitors of EL2 do?  Registers, who reaches them and who is told when not, at which level a counter
 * counts, and overflow.  Events are those that a program makes itself (PMSWINC_EL0), and of cycles whether there are any.
 * Reads: visible.h.
 */
#include "tests/guests/visible/visible.h"

#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define INTID_PMU 23
#define GICR_ISPENDR0 0x10200
#define CYCLES UINT64_C(0x80000000) /* in PMCNTENSET_EL0 */
#define PMUVER_V3P5 6

#define PM(name, write, mask)                   \
	{                                       \
#name, ENC_##name, write, mask, \
	}

/* A value to write, 0 for what is read only, and the bits that are compared. Fixed: more counters than the smallest CPU has. */
static const struct monitor {
	const char *name;
	unsigned enc;
	uint64_t write, mask;
} monitors[] = {
	PM(PMCR_EL0, PMCR_DP | PMCR_LC, BITS(31, 0)),
	PM(PMCNTENSET_EL0, 5, 0x8000003f),
	PM(PMCNTENCLR_EL0, 1, 0x8000003f),
	PM(PMINTENSET_EL1, 0x80000003, 0x8000003f),
	PM(PMINTENCLR_EL1, 2, 0x8000003f),
	PM(PMOVSSET_EL0, 6, 0x8000003f),
	PM(PMOVSCLR_EL0, 2, 0x8000003f),
	PM(PMSELR_EL0, 1, ALL_BITS),
	PM(PMXEVTYPER_EL0, PMEVTYPER_P | PMEVTYPER_NSH | 8, PMEVTYPER_SHOWN),
	PM(PMEVTYPER1_EL0, PMEVTYPER_U, PMEVTYPER_SHOWN),
	PM(PMXEVCNTR_EL0, 0x12345, ALL_BITS),
	PM(PMEVCNTR1_EL0, 0x54321, ALL_BITS),
	PM(PMEVCNTR0_EL0, 0xfffffff0, ALL_BITS),
	PM(PMEVTYPER0_EL0, PMEVTYPER_P | PMEVTYPER_U | PMEVTYPER_NSH, PMEVTYPER_SHOWN),
	PM(PMCCFILTR_EL0, PMEVTYPER_P | PMEVTYPER_U, PMCCFILTR_SHOWN),
	PM(PMCCNTR_EL0, UINT64_C(0x123456789a), ALL_BITS),
	PM(PMUSERENR_EL0, 0xa, ALL_BITS),
	PM(PMSWINC_EL0, 0, 0),
	PM(PMCEID0_EL0, 0, ALL_BITS),
	PM(PMCEID1_EL0, 0, ALL_BITS),
	PM(PMMIR_EL1, 0, ALL_BITS),
};

static const struct level {
	const char *name;
	uint64_t pstate;
} levels[] = {
	{ "EL2", AT_EL2 },
	{ "EL1", AT_EL1 },
	{ "EL0", AT_EL0 },
};

static unsigned counters(void)
{
	return (unsigned)field_get(PMCR_N, get(PMCR_EL0));
}

/* Out of the way: nothing is enabled, and the values are known. */
static void quiet(void)
{
	set(PMCR_EL0, PMCR_LC | PMCR_P | PMCR_C);
	set(MDCR_EL2, counters());
	set(PMCNTENCLR_EL0, BITS(31, 0));
	set(PMINTENCLR_EL1, BITS(31, 0));
	set(PMOVSCLR_EL0, BITS(31, 0));
	set(PMUSERENR_EL0, 0);
	set(PMSELR_EL0, 0);
	set(PMEVTYPER0_EL0, 0);
	set(PMEVTYPER1_EL0, 0);
	set(PMCCFILTR_EL0, 0);
	isb();
}

/* --- the registers --- */

static void written_and_read(const char *what, uint64_t pmcr)
{
	visible_prefix("pmu %s", what);
	quiet();
	set(PMCR_EL0, pmcr);
	for (size_t i = 0; i < COUNT(monitors); i++) {
		const struct monitor *m = &monitors[i];

		if (m->write)
			visible_write(m->enc, m->write | (m->enc == ENC_PMCR_EL0 ? pmcr : 0));
		for (size_t j = 0; j < COUNT(monitors); j++)
			if (monitors[j].mask)
				visible_value(monitors[j].name,
					      visible_read(monitors[j].enc) & monitors[j].mask);
	}
	quiet();
}

/* --- who reaches them --- */

static void accesses(uint64_t pstate)
{
	for (size_t i = 0; i < COUNT(monitors); i++) {
		visible_outcome(monitors[i].name, visible_try(INSN_MRS(monitors[i].enc, 0), pstate, 0, 0),
				false);
		visible_outcome(monitors[i].name, visible_try(INSN_MSR(monitors[i].enc, 0), pstate, 0, 0),
				false);
	}
}

/* A write of 0 to PMCR_EL0 among them ends the counting, so the levels are asked with it and then without. */
static void by_level(const char *what, uint64_t pmcr)
{
	for (uint64_t user = 0; user < 16; user++)
		for (size_t i = user ? 2 : 0; i < COUNT(levels); i++) {
			quiet();
			set(PMUSERENR_EL0, user);
			set(PMCR_EL0, pmcr);
			isb();
			visible_prefix("pmu %s PMUSERENR %lx %s", what, user, levels[i].name);
			accesses(levels[i].pstate);
		}
	quiet();
}

static void trapped(const char *what, unsigned enc, uint64_t value)
{
	for (uint64_t pmcr = 0; pmcr < 2; pmcr++)
		for (size_t i = 1; i < COUNT(levels); i++) {
			quiet();
			set(PMUSERENR_EL0, PMUSERENR_SHOWN);
			set(PMCR_EL0, pmcr);
			visible_write(enc, visible_read(enc) | value);
			isb();
			visible_prefix("pmu %s E=%lx %s", what, pmcr, levels[i].name);
			accesses(levels[i].pstate);
			visible_write(enc, visible_read(enc) & ~value);
		}
	quiet();
}

static void trapped_by_el2(void)
{
	trapped("TPM", ENC_MDCR_EL2, MDCR_TPM);
	if (!visible_fgt())
		return;
	for (unsigned bit = 12; bit < 23; bit++) {
		trapped("HDFGRTR", ENC_HDFGRTR_EL2, BIT(bit) & HDFGRTR_SHOWN);
		trapped("HDFGWTR", ENC_HDFGWTR_EL2, BIT(bit) & HDFGWTR_SHOWN);
	}
	trapped("HDFGRTR", ENC_HDFGRTR_EL2, HDFGRTR_PMUSERENR_EL0 | HDFGRTR_PMCEIDN_EL0);
	trapped("HDFGWTR", ENC_HDFGWTR_EL2, HDFGRTR_PMUSERENR_EL0);
}

/* --- what counts --- */

/* Three events of a level's own, and the cycles around them. */
static void count(const struct level *l, bool tge)
{
	uint64_t code = visible_code(l->pstate, INSN_MSR(ENC_PMSWINC_EL0, 0), INSN_MSR(ENC_PMSWINC_EL0, 0),
				     INSN_MSR(ENC_PMSWINC_EL0, 0), INSN_ISB);
	uint64_t before;

	set(PMEVCNTR0_EL0, 0);
	set(PMEVCNTR1_EL0, 0);
	isb();
	before = get(PMCCNTR_EL0);
	isb();
	visible_outcome("ran", visible_run(tge ? VISIBLE_EL0_VA : code, l->pstate, 3, 0), false);
	visible_value("cycles", get(PMCCNTR_EL0) != before);
	visible_value("counter 0", get(PMEVCNTR0_EL0));
	visible_value("counter 1", get(PMEVCNTR1_EL0));
}

static void by_filter(const char *what, uint64_t mdcr, uint64_t pmcr)
{
	for (uint64_t bits = 0; bits < 8; bits++) {
		uint64_t filter = (bits & 1 ? PMEVTYPER_P : 0) | (bits & 2 ? PMEVTYPER_U : 0) |
				  (bits & 4 ? PMEVTYPER_NSH : 0);

		quiet();
		set(MDCR_EL2, mdcr);
		set(PMUSERENR_EL0, PMUSERENR_SHOWN);
		set(PMEVTYPER0_EL0, filter);
		set(PMEVTYPER1_EL0, filter);
		set(PMCCFILTR_EL0, filter);
		set(PMCNTENSET_EL0, CYCLES | 3);
		set(PMCR_EL0, pmcr | PMCR_LC);
		isb();
		for (size_t i = 0; i < COUNT(levels); i++) {
			visible_prefix("pmu %s filter %lx %s", what, filter, levels[i].name);
			count(&levels[i], false);
		}
		if (visible_vhe()) {
			set(HCR_EL2, visible_hcr() | HCR_TGE);
			isb();
			visible_prefix("pmu %s filter %lx TGE", what, filter);
			count(&levels[2], true);
			set(HCR_EL2, visible_hcr());
		}
	}
	quiet();
}

/* Counter 1 is EL2's with HPMN of 1. */
static void counting(void)
{
	uint64_t all = counters(), version = field_get(ID_AA64DFR0_PMUVER, get(ID_AA64DFR0_EL1));

	by_filter("off", all, 0);
	by_filter("on", all, PMCR_E);
	by_filter("HPMD", all | MDCR_HPMD, PMCR_E);
	by_filter("HPMD and DP", all | MDCR_HPMD, PMCR_E | PMCR_DP);
	by_filter("HPMN", 1, PMCR_E);
	by_filter("HPMN and HPME", 1 | MDCR_HPME, PMCR_E);
	by_filter("HPME alone", 1 | MDCR_HPME, 0);
	by_filter("HPME and HPMD", 1 | MDCR_HPME | MDCR_HPMD, PMCR_E);
	if (version >= PMUVER_V3P5)
		by_filter("HCCD", all | MDCR_HCCD, PMCR_E);
}

/* --- overflow --- */

static uint64_t is_pending(void)
{
	uint32_t pending;

	__asm__ volatile("dsb sy\n\tldr %w0, [%1]" : "=r"(pending) : "r"(rt_machine()->gicr + GICR_ISPENDR0));
	return pending >> INTID_PMU & 1;
}

static void tell(const char *when)
{
	visible_value(when, get(PMOVSSET_EL0) & (CYCLES | 3));
	visible_value("pending", is_pending());
}

static void overflow(uint64_t pmcr, uint64_t value)
{
	visible_prefix("pmu overflow PMCR %lx of %lx", pmcr, value);
	quiet();
	set(PMEVTYPER0_EL0, PMEVTYPER_NSH);
	set(PMCNTENSET_EL0, 1);
	set(PMEVCNTR0_EL0, value);
	set(PMCR_EL0, pmcr);
	tell("before");
	set(PMSWINC_EL0, 1);
	tell("counted");
	visible_value("counter", get(PMEVCNTR0_EL0));
	set(PMINTENSET_EL1, 1);
	tell("enabled");
	set(PMINTENCLR_EL1, 1);
	tell("disabled");
	set(PMINTENSET_EL1, 1);
	set(PMOVSCLR_EL0, 1);
	tell("cleared");
	set(PMOVSSET_EL0, 1);
	tell("set");
	quiet();
	tell("quiet");
}

static void overflows(void)
{
	static const uint64_t values[] = { 0, UINT32_MAX - 1, UINT32_MAX };

	for (size_t i = 0; i < COUNT(values); i++) {
		overflow(PMCR_E | PMCR_LC, values[i]);
		if (field_get(ID_AA64DFR0_PMUVER, get(ID_AA64DFR0_EL1)) >= PMUVER_V3P5) {
			overflow(PMCR_E | PMCR_LC | PMCR_LP, values[i]);
			overflow(PMCR_E | PMCR_LC | PMCR_LP, UINT64_MAX);
		}
	}
}

void topic_pmu(void)
{
	uint64_t version = field_get(ID_AA64DFR0_PMUVER, get(ID_AA64DFR0_EL1));

	visible_value("PMUVer", version);
	if (!version || version == 0xf)
		return;
	visible_map_for_el0();
	visible_value("N", counters());
	visible_value("MDCR_EL2 out of reset", get(MDCR_EL2) & MDCR_HPMN);
	written_and_read("off", 0);
	written_and_read("on", PMCR_E);
	by_level("off", 0);
	by_level("on", PMCR_E);
	trapped_by_el2();
	counting();
	overflows();
	quiet();
}
