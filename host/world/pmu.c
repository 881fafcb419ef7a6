/* Whose are the performance monitors of hardware?  Reads: pmu.h, nv/pmu.h.  Next: debug.c, which has MDCR_EL2. */
#include "host/world/pmu.h"

#include "host/core/features.h"
#include "host/core/gic.h"
#include "host/interrupt/vgic.h"
#include "host/machine/sysreg.h"
#include "host/vm/vm.h"
#include "nv/pmu.h"

// clang-format off
#define EVENT_COUNTERS(X) \
	X(0) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11) X(12) X(13) X(14) X(15) X(16) X(17) X(18) X(19) X(20) \
	X(21) X(22) X(23) X(24) X(25) X(26) X(27) X(28) X(29) X(30)
// clang-format on

#define EVENT_SW_INCR 0

/* --- registers by number --- */

static uint64_t read_counter(unsigned n)
{
	switch (n) {
#define X(i)    \
	case i: \
		return read_sysreg(PMEVCNTR##i##_EL0);
		EVENT_COUNTERS(X)
#undef X
	default:
		return read_sysreg(PMCCNTR_EL0);
	}
}

static void write_counter(unsigned n, uint64_t value)
{
	switch (n) {
#define X(i)                                            \
	case i:                                         \
		write_sysreg(PMEVCNTR##i##_EL0, value); \
		return;
		EVENT_COUNTERS(X)
#undef X
	default:
		write_sysreg(PMCCNTR_EL0, value);
	}
}

static uint64_t read_filter(unsigned n)
{
	switch (n) {
#define X(i)    \
	case i: \
		return read_sysreg(PMEVTYPER##i##_EL0);
		EVENT_COUNTERS(X)
#undef X
	default:
		return read_sysreg(PMCCFILTR_EL0);
	}
}

static void write_filter(unsigned n, uint64_t value)
{
	switch (n) {
#define X(i)                                             \
	case i:                                          \
		write_sysreg(PMEVTYPER##i##_EL0, value); \
		return;
		EVENT_COUNTERS(X)
#undef X
	default:
		write_sysreg(PMCCFILTR_EL0, value);
	}
}

/* In the file: event counter n, or the cycle counter. */
static enum sysreg counter_name(unsigned n)
{
	return n == NV_PMU_CYCLES ? SR_PMCCNTR_EL0 : (enum sysreg)(SR_PMEVCNTR0_EL0 + n);
}

static enum sysreg filter_name(unsigned n)
{
	return n == NV_PMU_CYCLES ? SR_PMCCFILTR_EL0 : (enum sysreg)(SR_PMEVTYPER0_EL0 + n);
}

/* --- what decides --- */

static unsigned counters(void)
{
	return cpu_features()->pmu_counters;
}

/* The cycle counter and all event counters. */
static uint64_t all(void)
{
	return BIT(NV_PMU_CYCLES) | (BIT(counters()) - 1);
}

/* The bits of a mask one after another: for (left = mask; left; left &= left - 1). */
static unsigned lowest(uint64_t left)
{
	return (unsigned)__builtin_ctzll(left);
}

/* As L1 sees it. */
static unsigned version(const struct vcpu *v)
{
	return (unsigned)field_get(ID_AA64DFR0_PMUVER, vncr_get(&v->nv.file, SR_ID_AA64DFR0_EL1));
}

static struct nv_pmu of_l1(const struct vcpu *v)
{
	return (struct nv_pmu){ vncr_get(&v->nv.file, SR_MDCR_EL2) & nv_pmu_mdcr_shown(version(v)),
				vncr_get(&v->nv.file, SR_PMCR_EL0), counters() };
}

static enum nv_pmu_level level(const struct vcpu *v)
{
	if (vcpu_is_at_el0(v))
		return NV_PMU_AT_EL0;
	return v->world.loaded == WORLD_VEL2 ? NV_PMU_AT_VEL2 : NV_PMU_AT_EL1;
}

/* --- filters --- */

static uint64_t kept_filter(const struct vcpu *v, unsigned n)
{
	return vncr_get(&v->nv.file, filter_name(n));
}

static void load_filter(const struct vcpu *v, const struct nv_pmu *p, unsigned n)
{
	write_filter(n, nv_pmu_filter(p, n, kept_filter(v, n), v->world.loaded == WORLD_VEL2));
}

/* Of those that are enabled: the others count nothing. */
void pmu_follow_world(const struct vcpu *v)
{
	struct nv_pmu p = of_l1(v);

	for (uint64_t left = read_sysreg(PMCNTENSET_EL0); left; left &= left - 1)
		load_filter(v, &p, lowest(left));
}

/* L1's, which are hardware's as long as none counts. */
static void keep_filters(struct vcpu *v)
{
	for (uint64_t left = all(); left; left &= left - 1)
		vncr_set(&v->nv.file, filter_name(lowest(left)), read_filter(lowest(left)));
}

static void give_filters(const struct vcpu *v)
{
	for (uint64_t left = all(); left; left &= left - 1)
		write_filter(lowest(left), kept_filter(v, lowest(left)));
}

static uint64_t l1_filter(const struct vcpu *v, unsigned n)
{
	return v->pmu.counts ? kept_filter(v, n) : read_filter(n);
}

static void set_l1_filter(struct vcpu *v, unsigned n, uint64_t value)
{
	struct nv_pmu p = of_l1(v);

	if (!v->pmu.counts) {
		write_filter(n, value);
		return;
	}
	vncr_set(&v->nv.file, filter_name(n), value & sysreg_info[filter_name(n)].write_mask);
	load_filter(v, &p, n);
}

/* --- what follows from them --- */

/*
 * The level in L1's GIC. While it is high the physical interrupt waits for its end, of which each way traps. QEMU 10.0 lets
 * PMCR_EL0.E alone enable those of EL2's counters: as long as one might come, it waits as well, or it would come for ever.
 */
static void sample(struct vcpu *v, const struct nv_pmu *p)
{
	uint64_t enabled = read_sysreg(PMINTENSET_EL1), overflown = read_sysreg(PMOVSSET_EL0);
	bool line = nv_pmu_line(p, enabled, overflown);

	if (line != v->pmu.line) {
		v->pmu.line = line;
		vgic_set_level(v->vm, v->index, VM_INTID_PMU, line);
	}
	if (v->pmu.held && !(nv_pmu_counts(p) && (enabled & overflown))) {
		gic_deactivate(gic_intid_pmu());
		v->pmu.held = false;
	}
}

static void set_mdcr(struct vcpu *v, const struct nv_pmu *p)
{
	uint64_t mdcr = nv_pmu_mdcr(p, v->pmu.loaded);
	bool closed = !v->pmu.loaded || v->pmu.counts || !cpu_features()->fgt;

	v->pmu.mdcr_guest_context = mdcr | (closed ? MDCR_TPM : 0);
	v->pmu.mdcr_vel2 = mdcr | (closed || nv_pmu_hpmn(p) != counters() ? MDCR_TPM : 0);
}

/*
 * Hardware's MDCR_EL2 of before may still enable counters of EL2, and let them interrupt: PMCR_EL0.E is nothing to them. The next entry
 * writes it.
 */
static void stop_el2s(void)
{
	write_sysreg(MDCR_EL2, read_sysreg(MDCR_EL2) & ~(uint64_t)MDCR_HPME);
}

static void end_counting(const struct vcpu *v)
{
	stop_el2s();
	give_filters(v);
}

/* With hardware's PMCR_EL0.E clear, or the same as it was. */
static void follow(struct vcpu *v)
{
	struct nv_pmu p = of_l1(v);
	bool counts = nv_pmu_counts(&p);

	if (counts && !v->pmu.counts)
		keep_filters(v);
	if (counts)
		pmu_follow_world(v);
	else if (v->pmu.counts)
		end_counting(v);
	v->pmu.counts = counts;
	sample(v, &p);
	set_mdcr(v, &p);
}

/* None counts, and none interrupts: QEMU 10.0 looks at PMCR_EL0.E for that when PMOVSCLR_EL0 is written. */
static void stop_counting(uint64_t pmcr)
{
	write_sysreg(PMCR_EL0, pmcr & ~(uint64_t)PMCR_E);
	write_sysreg(PMOVSCLR_EL0, 0);
}

/* --- all of them, between hardware and the file --- */

/* A register whose one name sets bits and whose other one clears them. */
#define LOAD_BITS(v, name, suffix)                                                \
	do {                                                                      \
		uint64_t bits = vncr_get(&(v)->nv.file, SR_##name##SET_##suffix); \
		write_sysreg(name##CLR_##suffix, ~bits &all());                   \
		write_sysreg(name##SET_##suffix, bits);                           \
	} while (0)
#define SAVE_BITS(v, name, suffix) \
	vncr_set(&(v)->nv.file, SR_##name##SET_##suffix, read_sysreg(name##SET_##suffix))

static void load(struct vcpu *v)
{
	struct vncr_file *file = &v->nv.file;

	for (uint64_t left = all(); left; left &= left - 1)
		write_counter(lowest(left), vncr_get(file, counter_name(lowest(left))));
	give_filters(v);
	LOAD_BITS(v, PMCNTEN, EL0);
	LOAD_BITS(v, PMINTEN, EL1);
	LOAD_BITS(v, PMOVS, EL0);
	write_sysreg(PMSELR_EL0, vncr_get(file, SR_PMSELR_EL0));
	stop_counting(vncr_get(file, SR_PMCR_EL0));
	v->pmu.loaded = true;
	v->pmu.counts = false;
	follow(v);
	write_sysreg(PMCR_EL0, vncr_get(file, SR_PMCR_EL0));
}

static void save(struct vcpu *v)
{
	struct vncr_file *file = &v->nv.file;

	stop_el2s();
	stop_counting(vncr_get(file, SR_PMCR_EL0));
	for (uint64_t left = all(); left; left &= left - 1)
		vncr_set(file, counter_name(lowest(left)), read_counter(lowest(left)));
	if (!v->pmu.counts)
		keep_filters(v);
	SAVE_BITS(v, PMCNTEN, EL0);
	SAVE_BITS(v, PMINTEN, EL1);
	SAVE_BITS(v, PMOVS, EL0);
	vncr_set(file, SR_PMSELR_EL0, read_sysreg(PMSELR_EL0));
	v->pmu.loaded = false;
}

static void use(struct vcpu *v)
{
	if (!v->pmu.loaded)
		load(v);
}

/* --- accesses --- */

/* PMXEVTYPER_EL0 and PMXEVCNTR_EL0 stand for the register that PMSELR_EL0 names, the others for themselves. */
static unsigned number(enum sysreg r)
{
	switch (r) {
	case SR_PMXEVTYPER_EL0:
	case SR_PMXEVCNTR_EL0:
		return (unsigned)field_get(PMSELR_SEL, read_sysreg(PMSELR_EL0));
	case SR_PMCCFILTR_EL0:
	case SR_PMCCNTR_EL0:
		return NV_PMU_CYCLES;
	default:
		return (unsigned)(r - (r < SR_PMEVTYPER0_EL0 ? SR_PMEVCNTR0_EL0 : SR_PMEVTYPER0_EL0));
	}
}

static bool is_filter(enum sysreg r)
{
	return r == SR_PMXEVTYPER_EL0 || r == SR_PMCCFILTR_EL0 ||
	       (r >= SR_PMEVTYPER0_EL0 && r <= SR_PMEVTYPER30_EL0);
}

static bool is_counter(enum sysreg r)
{
	return r == SR_PMXEVCNTR_EL0 || r == SR_PMCCNTR_EL0 ||
	       (r >= SR_PMEVCNTR0_EL0 && r <= SR_PMEVCNTR30_EL0);
}

/* A number that the level does not have reads as 0 and is not written, as do the bits of PMCNTENSET_EL0 and its like. */
static uint64_t read_numbered(const struct vcpu *v, enum sysreg r, uint64_t accessible)
{
	unsigned n = number(r);

	if (!(accessible >> n & 1))
		return 0;
	return is_filter(r) ? l1_filter(v, n) : read_counter(n);
}

static void write_numbered(struct vcpu *v, enum sysreg r, uint64_t value, uint64_t accessible)
{
	unsigned n = number(r);

	if (!(accessible >> n & 1))
		return;
	if (is_filter(r))
		set_l1_filter(v, n, value);
	else
		write_counter(n, value);
}

/* PMCR_EL0.N is MDCR_EL2.HPMN below EL2. */
static uint64_t read_pmcr(const struct nv_pmu *p, enum nv_pmu_level at)
{
	return field_set(PMCR_N, read_sysreg(PMCR_EL0), at == NV_PMU_AT_VEL2 ? p->counters : nv_pmu_hpmn(p));
}

// clang-format off
#define BY_BITS(X) \
	X(PMCNTENSET_EL0) X(PMCNTENCLR_EL0) X(PMINTENSET_EL1) X(PMINTENCLR_EL1) X(PMOVSSET_EL0) X(PMOVSCLR_EL0)
#define AS_THEY_ARE(X) X(PMSELR_EL0) X(PMUSERENR_EL0)
#define READ_ONLY(X)   X(PMCEID0_EL0) X(PMCEID1_EL0)
// clang-format on

uint64_t pmu_read(struct vcpu *v, enum sysreg r)
{
	struct nv_pmu p = of_l1(v);
	enum nv_pmu_level at = level(v);
	uint64_t accessible = nv_pmu_accessible(&p, at);

	use(v);
	if (is_filter(r) || is_counter(r))
		return read_numbered(v, r, accessible);
	switch (r) {
	case SR_PMCR_EL0:
		return read_pmcr(&p, at);
	case SR_PMMIR_EL1:
		return read_sysreg(S3_0_C9_C14_6);
#define X(name)         \
	case SR_##name: \
		return read_sysreg(name) & accessible;
		BY_BITS(X)
#undef X
#define X(name)         \
	case SR_##name: \
		return read_sysreg(name);
		AS_THEY_ARE(X)
		READ_ONLY(X)
#undef X
	default:
		return 0;
	}
}

/* PMCR_EL0.P is about the counters that the level has. */
static void reset_counters(uint64_t accessible)
{
	for (uint64_t left = accessible & ~BIT(NV_PMU_CYCLES); left; left &= left - 1)
		write_counter(lowest(left), 0);
}

/* Nothing counts before the filters are for it. */
static void write_pmcr(struct vcpu *v, uint64_t value, uint64_t accessible)
{
	uint64_t kept = value & nv_pmu_pmcr_shown(version(v));

	stop_counting(kept | (value & PMCR_C));
	if (value & PMCR_P)
		reset_counters(accessible);
	vncr_set(&v->nv.file, SR_PMCR_EL0, kept);
	follow(v);
	write_sysreg(PMCR_EL0, kept);
}

static void count_one(const struct nv_pmu *p, unsigned n)
{
	struct nv_pmu_step step = nv_pmu_increment(p, n, read_counter(n));

	write_counter(n, step.value);
	if (step.overflow)
		write_sysreg(PMOVSSET_EL0, BIT(n));
}

/* PMSWINC_EL0 executed here would be an event of EL2. */
static void count_software(const struct vcpu *v, uint64_t value)
{
	struct nv_pmu p = of_l1(v);
	uint64_t which = value & nv_pmu_accessible(&p, level(v)) & ~BIT(NV_PMU_CYCLES);

	for (uint64_t left = which & read_sysreg(PMCNTENSET_EL0); left; left &= left - 1) {
		unsigned n = lowest(left);
		uint64_t filter = l1_filter(v, n);

		if (field_get(PMEVTYPER_EVENT, filter) == EVENT_SW_INCR &&
		    nv_pmu_counts_at(&p, n, filter, level(v)))
			count_one(&p, n);
	}
}

/* Those that are enabled next count, and their filters are as L1 wrote them, with EL2 in them. */
static void prepare(const struct vcpu *v, uint64_t enabled)
{
	struct nv_pmu p = of_l1(v);

	for (uint64_t left = v->pmu.counts ? enabled & all() : 0; left; left &= left - 1)
		load_filter(v, &p, lowest(left));
}

static void write_one(struct vcpu *v, enum sysreg r, uint64_t value, uint64_t accessible)
{
	switch (r) {
	case SR_PMSWINC_EL0:
		count_software(v, value);
		return;
#define X(name)                                        \
	case SR_##name:                                \
		write_sysreg(name, value &accessible); \
		return;
		BY_BITS(X)
#undef X
#define X(name)                            \
	case SR_##name:                    \
		write_sysreg(name, value); \
		return;
		AS_THEY_ARE(X)
#undef X
	default:
		return;
	}
}

void pmu_write(struct vcpu *v, enum sysreg r, uint64_t value)
{
	struct nv_pmu p = of_l1(v);
	uint64_t accessible = nv_pmu_accessible(&p, level(v));

	use(v);
	if (r == SR_PMCR_EL0) {
		write_pmcr(v, value, accessible);
		return;
	}
	if (r == SR_PMCNTENSET_EL0)
		prepare(v, value & accessible);
	if (is_filter(r) || is_counter(r))
		write_numbered(v, r, value, accessible);
	else
		write_one(v, r, value, accessible);
	follow(v);
}

void pmu_follow_mdcr(struct vcpu *v)
{
	struct nv_pmu p = of_l1(v);

	if (v->pmu.loaded)
		follow(v);
	else if (v->nv.has_pmu && nv_pmu_counts(&p))
		load(v);
	else
		set_mdcr(v, &p);
}

bool pmu_interrupt(struct vcpu *v, uint32_t intid)
{
	struct nv_pmu p = of_l1(v);

	if (!intid || intid != gic_intid_pmu())
		return false;
	v->pmu.held = true;
	sample(v, &p);
	return true;
}

/* --- the exchange of vCPUs --- */

void pmu_reset(struct vcpu *v)
{
	struct nv_pmu p = of_l1(v);

	if (v->pmu.line)
		vgic_set_level(v->vm, v->index, VM_INTID_PMU, false);
	v->pmu = (struct vcpu_pmu){ 0 };
	set_mdcr(v, &p);
}

/* The level stays as it is in L1's GIC; hardware's falls with PMCR_EL0.E and MDCR_EL2.HPME. */
void pmu_park(struct vcpu *v)
{
	struct nv_pmu p = of_l1(v);

	save(v);
	set_mdcr(v, &p);
	if (v->pmu.held)
		gic_deactivate(gic_intid_pmu());
	v->pmu.held = false;
}

void pmu_unpark(struct vcpu *v)
{
	load(v);
}
