/*
 * Whose are the performance monitors of hardware, and what traps?  Registers of the fake machine are only memory: what PMCNTENCLR_EL0
 * and its like do to the others, and what counts, tests/guests/visible asks QEMU.
 */
#include "tests/unit/host/host_test.h"

#define PPI_PMU 23
#define PPI_L0 26
#define CYCLES UINT64_C(0x80000000)

/* Nothing is loaded before the first access, and of one that does not count only what could make it count traps. */
static void first_access(void)
{
	struct vcpu *v = fake_l1_with("nv2", HCR_RW | HCR_E2H);

	EXPECT(get(MDCR_EL2) & (MDCR_TPM | MDCR_HPMN), MDCR_TPM | 6);
	set(PMCCNTR_EL0, 0x999); /* somebody else's */
	EXPECT(fake_vel2_read(v, SR_PMCCNTR_EL0), 0);
	EXPECT(get(MDCR_EL2) & (MDCR_TPM | MDCR_HPMN), 6);
	EXPECT(get(HDFGWTR_EL2), HDFGWTR_PMCR_EL0);
	EXPECT(field_get(PMCR_N, fake_vel2_read(v, SR_PMCR_EL0)), 6);
}
HOST_TEST(first_access, "performance monitors come with the first access")

/* A filter that says EL2, which is hardware's EL1 while vEL2 runs, and is L1's own again afterwards. */
static void counting(void)
{
	struct vcpu *v = fake_l1_with("nv2", HCR_RW | HCR_E2H);

	fake_vel2_write(v, SR_PMCCFILTR_EL0, PMEVTYPER_NSH | PMEVTYPER_P);
	fake_vel2_write(v, SR_PMEVTYPER3_EL0, 0x11);
	fake_vel2_write(v, SR_PMCNTENSET_EL0, CYCLES | BIT(3));
	EXPECT(get(PMCCFILTR_EL0), PMEVTYPER_NSH | PMEVTYPER_P);
	fake_vel2_write(v, SR_PMCR_EL0, PMCR_E | PMCR_LC);
	EXPECT(get(PMCR_EL0) & PMCR_E, PMCR_E);
	EXPECT(get(MDCR_EL2) & MDCR_TPM, MDCR_TPM);
	EXPECT(get(PMCCFILTR_EL0), 0);
	EXPECT(get(PMEVTYPER3_EL0), PMEVTYPER_P | 0x11);
	EXPECT(fake_vel2_read(v, SR_PMCCFILTR_EL0), PMEVTYPER_NSH | PMEVTYPER_P);
	EXPECT(fake_vel2_read(v, SR_PMEVTYPER3_EL0), 0x11);
	fake_vel2_eret(v, SPSR_M_EL1H, 0x8000);
	EXPECT(v->world.loaded, WORLD_GUEST_CONTEXT);
	EXPECT(get(PMCCFILTR_EL0), PMEVTYPER_P);
	EXPECT(get(PMEVTYPER3_EL0), 0x11);
	v->pc = 0x8004;
	fake_exit(v, EXIT_SYNC, field_put(ESR_EC, EC_HVC64) | ESR_IL | 7);
	EXPECT(v->world.loaded, WORLD_VEL2);
	EXPECT(get(PMCCFILTR_EL0), 0);
	fake_vel2_write(v, SR_PMCR_EL0, 0);
	EXPECT(get(PMCCFILTR_EL0), PMEVTYPER_NSH | PMEVTYPER_P);
	EXPECT(get(MDCR_EL2) & MDCR_TPM, 0);
}
HOST_TEST(counting, "filters are for the world that runs while something counts")

/* The counters of EL2 alone: HPMN of 2, and HPME. */
static void shares(void)
{
	struct vcpu *v = fake_l1_with("nv2", HCR_RW | HCR_E2H);

	fake_vel2_write(v, SR_MDCR_EL2, 2);
	EXPECT(get(MDCR_EL2) & (MDCR_TPM | MDCR_HPMN), MDCR_TPM | 2);
	fake_vel2_write(v, SR_PMEVCNTR5_EL0, 0x55);
	EXPECT(get(PMEVCNTR5_EL0), 0x55);
	fake_vel2_write(v, SR_PMSELR_EL0, 5);
	EXPECT(fake_vel2_read(v, SR_PMXEVCNTR_EL0), 0x55);
	fake_vel2_write(v, SR_PMEVCNTR7_EL0, 0x77);
	EXPECT(fake_vel2_read(v, SR_PMEVCNTR7_EL0), 0);
	fake_vel2_write(v, SR_PMEVTYPER5_EL0, PMEVTYPER_NSH);
	fake_vel2_write(v, SR_PMCNTENSET_EL0, BIT(5));
	fake_vel2_write(v, SR_PMSWINC_EL0, BIT(5));
	EXPECT(get(PMEVCNTR5_EL0), 0x55);
	fake_vel2_write(v, SR_MDCR_EL2, 2 | MDCR_HPME);
	EXPECT(get(MDCR_EL2) & (MDCR_HPME | MDCR_HPMN), MDCR_HPME | 2);
	fake_vel2_write(v, SR_PMSWINC_EL0, BIT(5));
	EXPECT(get(PMEVCNTR5_EL0), 0x56);
	fake_vel2_write(v, SR_PMCR_EL0, PMCR_P);
	EXPECT(get(PMEVCNTR5_EL0), 0);
	fake_vel2_write(v, SR_MDCR_EL2, 6);
	EXPECT(get(MDCR_EL2) & MDCR_HPME, 0);
}
HOST_TEST(shares, "counters of EL2 alone")

/* The physical interrupt is held from its acknowledgement until L1 ends the level. */
static void overflow(void)
{
	struct vcpu *v = fake_l1_with("nv2", HCR_RW | HCR_E2H);

	fake_vel2_write(v, SR_PMCNTENSET_EL0, CYCLES);
	fake_vel2_write(v, SR_PMINTENSET_EL1, CYCLES);
	fake_vel2_write(v, SR_PMCR_EL0, PMCR_E);
	set(PMOVSSET_EL0, CYCLES);
	fake_interrupt(PPI_PMU);
	fake_exit(v, EXIT_IRQ, 0);
	EXPECT(v->pmu.line, true);
	EXPECT(fake_is_active(PPI_PMU), true);
	set(PMOVSSET_EL0, 0);
	fake_vel2_write(v, SR_PMOVSCLR_EL0, CYCLES);
	EXPECT(v->pmu.line, false);
	EXPECT(fake_is_active(PPI_PMU), false);
}
HOST_TEST(overflow, "the overflow of a performance monitor is a level")

/* One that counts is loaded again with its vCPU; one that does not waits for an access. */
static void exchange(void)
{
	const struct fake_vm vms[] = { { .mode = "nv2" }, { .mode = "nv2" } };
	struct vcpu *v, *w;

	fake_boot(1, vms, 2);
	v = fake_entered();
	fake_vel2_write(v, SR_PMEVCNTR2_EL0, 0x22);
	fake_vel2_write(v, SR_PMUSERENR_EL0, PMUSERENR_EN);
	fake_vel2_write(v, SR_PMCR_EL0, PMCR_E);
	fake_pass(5000000);
	fake_interrupt(PPI_L0);
	w = fake_exit(v, EXIT_IRQ, 0);
	EXPECT(w && w != v, true);
	if (!w)
		return;
	EXPECT(get(PMCR_EL0) & PMCR_E, 0);
	EXPECT(get(PMUSERENR_EL0), 0);
	EXPECT(get(MDCR_EL2) & MDCR_TPM, MDCR_TPM);
	EXPECT(fake_vel2_read(w, SR_PMEVCNTR2_EL0), 0);
	EXPECT(get(MDCR_EL2) & MDCR_TPM, 0);
	fake_pass(6000000);
	fake_interrupt(PPI_L0);
	EXPECT(fake_exit(w, EXIT_IRQ, 0) == v, true);
	EXPECT(get(PMCR_EL0) & PMCR_E, PMCR_E);
	EXPECT(get(PMEVCNTR2_EL0), 0x22);
	EXPECT(get(PMUSERENR_EL0), PMUSERENR_EN);
	fake_pass(5000000);
	fake_interrupt(PPI_L0);
	EXPECT(fake_exit(v, EXIT_IRQ, 0) == w, true);
	EXPECT(get(MDCR_EL2) & MDCR_TPM, MDCR_TPM);
}
HOST_TEST(exchange, "a vCPU takes its counters along")

/* PMCR_EL0.E is nothing to the counters of EL2: MDCR_EL2.HPME ends with the vCPU's time on the CPU, also when nobody comes after it. */
static void exchange_of_el2s(void)
{
	const struct fake_vm vms[] = { { .mode = "nv2" }, { .mode = "nv2" } };
	struct vcpu *v, *w;

	fake_boot(1, vms, 2);
	v = fake_entered();
	fake_vel2_write(v, SR_MDCR_EL2, 2 | MDCR_HPME);
	EXPECT(get(MDCR_EL2) & (MDCR_HPME | MDCR_HPMN), MDCR_HPME | 2);
	fake_vel2_write(v, SR_PMEVCNTR5_EL0, 0x55);
	fake_pass(5000000);
	fake_interrupt(PPI_L0);
	w = fake_exit(v, EXIT_IRQ, 0);
	EXPECT(w && w != v, true);
	if (!w)
		return;
	EXPECT(get(MDCR_EL2) & MDCR_HPME, 0);
	fake_pass(6000000);
	fake_interrupt(PPI_L0);
	EXPECT(fake_exit(w, EXIT_IRQ, 0) == v, true);
	EXPECT(get(MDCR_EL2) & (MDCR_HPME | MDCR_HPMN), MDCR_HPME | 2);
	EXPECT(get(PMEVCNTR5_EL0), 0x55);
}
HOST_TEST(exchange_of_el2s, "a vCPU takes EL2's counters along")

static void idle(void)
{
	struct vcpu *v = fake_l1_with("nv2", HCR_RW | HCR_E2H);

	fake_vel2_write(v, SR_MDCR_EL2, 2 | MDCR_HPME);
	EXPECT(get(MDCR_EL2) & MDCR_HPME, MDCR_HPME);
	EXPECT(fake_exit(v, EXIT_SYNC, field_put(ESR_EC, EC_WFX) | ESR_IL) == NULL, true);
	EXPECT(get(MDCR_EL2) & MDCR_HPME, 0);
}
HOST_TEST(idle, "nothing of a vCPU counts while its CPU has none")

/* A counter that is enabled while others count counts L0 at no time: its filter comes first. */
static void enabled_late(void)
{
	struct vcpu *v = fake_l1_with("nv2", HCR_RW | HCR_E2H);

	fake_vel2_write(v, SR_PMCR_EL0, PMCR_E);
	fake_vel2_write(v, SR_PMCCFILTR_EL0, PMEVTYPER_NSH | PMEVTYPER_P);
	fake_vel2_write(v, SR_PMCNTENSET_EL0, CYCLES);
	EXPECT(get(PMCCFILTR_EL0), 0);
	EXPECT(get(PMCCNTR_EL0), 0);
	EXPECT(fake_vel2_read(v, SR_PMCCFILTR_EL0), PMEVTYPER_NSH | PMEVTYPER_P);
}
HOST_TEST(enabled_late, "the filter of a counter that is enabled late")

/* FEAT_PMUv3p4: event counters have 32 bits, and nothing says that they have more. */
static void before_v3p5(void)
{
	struct vcpu *v;

	(void)fake_prepare(1, &(struct fake_vm){ .mode = "nv2" }, 1, false);
	set(ID_AA64DFR0_EL1, field_set(ID_AA64DFR0_PMUVER, get(ID_AA64DFR0_EL1), 5));
	EXPECT(fake_start(), FAKE_ENTERED);
	v = fake_entered();
	fake_vel2_write(v, SR_PMCR_EL0, PMCR_LP | PMCR_LC | PMCR_DP);
	EXPECT(get(PMCR_EL0) & (PMCR_LP | PMCR_LC | PMCR_DP), PMCR_LC | PMCR_DP);
	EXPECT(fake_vel2_read(v, SR_PMCR_EL0) & (PMCR_LP | PMCR_LC | PMCR_DP), PMCR_LC | PMCR_DP);
	fake_vel2_write(v, SR_PMEVTYPER0_EL0, PMEVTYPER_NSH);
	fake_vel2_write(v, SR_PMEVCNTR0_EL0, UINT32_MAX);
	fake_vel2_write(v, SR_PMCNTENSET_EL0, 1);
	fake_vel2_write(v, SR_PMCR_EL0, PMCR_LP | PMCR_E);
	fake_vel2_write(v, SR_PMSWINC_EL0, 1);
	EXPECT(get(PMOVSSET_EL0) & 1, 1);
	fake_vel2_write(v, SR_MDCR_EL2, 6 | MDCR_HLP | MDCR_HPMD);
	EXPECT(get(MDCR_EL2) & MDCR_HLP, 0);
}
HOST_TEST(before_v3p5, "what counters before FEAT_PMUv3p5 do not have")
