/*
 * What do calls do that nobody answers, and PSCI with arguments that are wrong?  Values: Arm DEN0022, DEN0028.
 * Reads: hostile.h.
 */
#include "tests/guests/hostile/hostile.h"

#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"

#define NOT_SUPPORTED (-1)
#define INVALID_PARAMETERS (-2)
#define ALREADY_ON (-4)
#define INVALID_ADDRESS (-9)

#define CPU_ON UINT32_C(0xc4000003)
#define CPU_ON_32 UINT32_C(0x84000003)
#define AFFINITY_INFO UINT32_C(0xc4000004)
#define PSCI_FEATURES UINT32_C(0x8400000a)

static int smc(uint64_t function, uint64_t a, uint64_t b, uint64_t c)
{
	return (int)rt_psci((uint32_t)function, a, b, c);
}

static void expect(int got, int wanted, const char *what, uint64_t detail)
{
	if (got != wanted)
		rt_fail("%s 0x%lx: %d instead of %d", what, detail, got, wanted);
}

/* HVC at EL2 is EL2's own exception with every number; from EL1 it is EL2's too. */
static void hvc_numbers(uint64_t pstate, unsigned vector)
{
	for (uint64_t imm = 0; imm <= 0xffff; imm += imm < 64 || imm > 0xffc0 ? 1 : 61) {
		const struct outcome *o = visible_try(INSN_HVC(imm), pstate, hostile_random(), 0);

		hostile_check(o->vector == vector && o->esr == (field_put(ESR_EC, EC_HVC64) | ESR_IL | imm),
			      "HVC", imm, o);
	}
}

/* Functions outside of PSCI's and SMCCC's own: not supported, from EL2 and from EL1, with any SMC number. */
static void smc_numbers(uint64_t pstate)
{
	for (unsigned n = 0; n < 500; n++) {
		uint64_t function = hostile_random();
		const struct outcome *o;

		if ((function & BITS(29, 24)) == field_put(BITS(29, 24), 4) || (function & BITS(29, 24)) == 0)
			function |= BIT(25); /* not the standard services, not the architecture's */
		o = visible_try(INSN_SMC(0), pstate, function, hostile_random());
		hostile_check(visible_done(o) && (int32_t)o->x[0] == NOT_SUPPORTED, "SMC", function, o);
	}
}

void case_calls(void)
{
	hvc_numbers(AT_EL2, RT_SYNC);
	hvc_numbers(AT_EL1, RT_LOWER_SYNC);
	smc_numbers(AT_EL2);
	smc_numbers(AT_EL1);
	set(HCR_EL2, visible_hcr() | HCR_TSC);
	isb();
	for (unsigned n = 0; n < 100; n++) {
		const struct outcome *o = visible_try(INSN_SMC(n), AT_EL1, hostile_random(), 0);

		hostile_check(o->vector == RT_LOWER_SYNC &&
				      o->esr == (field_put(ESR_EC, EC_SMC64) | ESR_IL | n),
			      "SMC under TSC", n, o);
	}
}

static const uint64_t bad_entries[] = { 0,	    1,	     0x8000000,	   0x9000000,
					0x40000002, BIT(47), ~UINT64_C(3), ~UINT64_C(0) };

void case_psci(void)
{
	const struct rt_machine *m = rt_machine();
	uint64_t other = m->cpus > 1 ? m->mpidr[1] : 0;

	for (unsigned n = 0; n < 64; n++)
		expect(smc(CPU_ON, hostile_random() | BIT(20), (uint64_t)case_psci, 0), INVALID_PARAMETERS,
		       "CPU_ON of no CPU", n);
	expect(smc(CPU_ON, m->mpidr[0], (uint64_t)case_psci, 0), ALREADY_ON, "CPU_ON of this CPU", 0);
	expect(smc(CPU_ON_32, m->mpidr[0], (uint32_t)(uint64_t)case_psci, 0), ALREADY_ON,
	       "32-bit CPU_ON of this CPU", 0);
	for (size_t i = 0; m->cpus > 1 && i < sizeof(bad_entries) / sizeof(bad_entries[0]); i++)
		expect(smc(CPU_ON, other, bad_entries[i], 0), INVALID_ADDRESS, "CPU_ON at", bad_entries[i]);
	expect(smc(AFFINITY_INFO, m->mpidr[0], 0, 0), 0, "AFFINITY_INFO of this CPU", 0);
	if (m->cpus > 1)
		expect(smc(AFFINITY_INFO, other, 0, 0), 1, "AFFINITY_INFO of a CPU that is off", 0);
	expect(smc(AFFINITY_INFO, m->mpidr[0], 4, 0), INVALID_PARAMETERS, "AFFINITY_INFO with level", 4);
	expect(smc(AFFINITY_INFO, BIT(20), 0, 0), INVALID_PARAMETERS, "AFFINITY_INFO of no CPU", BIT(20));
	for (unsigned n = 0; n < 64; n++)
		expect(smc(PSCI_FEATURES, hostile_random() | 0x10000, 0, 0), NOT_SUPPORTED, "PSCI_FEATURES",
		       n);
	for (uint32_t f = 0x8400000b; f < 0x84000020; f++) /* optional functions, 32 and 64 bits */
		if (smc(PSCI_FEATURES, f, 0, 0) == NOT_SUPPORTED)
			expect(smc(f, 0, 0, 0), NOT_SUPPORTED, "PSCI", f);
	for (uint32_t f = 0xc400000b; f < 0xc4000020; f++)
		if (smc(PSCI_FEATURES, f, 0, 0) == NOT_SUPPORTED)
			expect(smc(f, 0, 0, 0), NOT_SUPPORTED, "PSCI", f);
}
