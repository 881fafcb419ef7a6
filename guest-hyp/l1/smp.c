/*
 * How does L2 have as many vCPUs as L1 has CPUs?  vCPU n runs on CPU n alone. A CPU starts when L2 asks PSCI for its vCPU, and
 * an SGI for another vCPU is a flag and an SGI of L1's own. Reads: l1.h.
 */
#include "guest-hyp/l1/l1.h"
#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"
#include "nv/arch/fields.h"

#define PSCI_CPU_ON UINT32_C(0xc4000003)
#define PSCI_INVALID_PARAMETERS ((uint64_t)-2)
#define PSCI_ALREADY_ON ((uint64_t)-4)
#define STACK_PAGES 4
#define SGIS 16

/* What a CPU starts with; vectors.S knows the order. */
struct smp_start {
	uint64_t stack, hcr, cptr, mair, tcr, ttbr0, sctlr;
	l2_ipa_t entry;
	uint64_t context;
};

_Noreturn void smp_main(const struct smp_start *start);

static struct cpu {
	struct smp_start start;
	uint8_t is_claimed;
	volatile uint8_t is_on;
	volatile uint8_t sgi[SGIS]; /* sent by others: they set it, this CPU clears it */
} cpus[RT_CPUS_MAX] = { { .is_claimed = 1, .is_on = 1 } };

unsigned smp_self(void)
{
	const struct rt_machine *m = rt_machine();
	uint64_t mpidr = read_sysreg(MPIDR_EL1) & MPIDR_AFFINITY;

	for (unsigned n = 0; n < m->cpus; n++)
		if (m->mpidr[n] == mpidr)
			return n;
	rt_fail("%s MPIDR_EL1 0x%lx is not in the device tree", l1_workload(), mpidr);
}

_Noreturn void smp_main(const struct smp_start *start)
{
	world_setup();
	cpus[smp_self()].is_on = 1;
	dsb(ish);
	world_start(start->entry, start->context, SPSR_M_EL1H | PSTATE_DAIF);
}

/* It reads this with its MMU off, so past the caches; the stack is written with the MMU on, but what is old must not linger. */
static void prepare(struct smp_start *start, l2_ipa_t entry, uint64_t context)
{
	char *stack = rt_pages(STACK_PAGES, PAGE_SIZE);

	*start = (struct smp_start){
		.stack = (uint64_t)stack + STACK_PAGES * PAGE_SIZE,
		.hcr = read_sysreg(HCR_EL2),
		.cptr = read_sysreg(CPTR_EL2),
		.mair = read_own(MAIR),
		.tcr = read_own(TCR),
		.ttbr0 = read_own(TTBR0),
		.sctlr = read_own(SCTLR),
		.entry = entry,
		.context = context,
	};
	stage2_clean(start, sizeof(*start));
}

uint64_t smp_cpu_on(uint64_t affinity, l2_ipa_t entry, uint64_t context)
{
	struct cpu *cpu;

	if (affinity >= rt_machine()->cpus)
		return PSCI_INVALID_PARAMETERS;
	cpu = &cpus[affinity];
	if (__atomic_exchange_n(&cpu->is_claimed, 1, __ATOMIC_ACQ_REL))
		return PSCI_ALREADY_ON;
	prepare(&cpu->start, entry, context);
	return rt_psci(PSCI_CPU_ON, rt_machine()->mpidr[affinity], (uint64_t)l1_secondary,
		       (uint64_t)&cpu->start);
}

void smp_send(unsigned target, uint32_t intid)
{
	if (!cpus[target].is_on)
		return;
	cpus[target].sgi[intid] = 1;
	dsb(ishst); /* the flag is there before the kick */
	gic_kick(target);
}

/* A flag that is set again after it was cleared comes with another kick. */
void smp_receive(void)
{
	struct cpu *cpu = &cpus[smp_self()];

	dsb(ish); /* the kick was acknowledged before the flags are read */
	for (uint32_t intid = 0; intid < SGIS; intid++)
		if (cpu->sgi[intid]) {
			cpu->sgi[intid] = 0;
			dsb(ish); /* before L2 can answer, and be sent the next */
			gic_inject(intid, false);
		}
}
