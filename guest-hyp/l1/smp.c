/*
 * How does L2 have as many vCPUs as L1 has CPUs?  vCPU n runs on CPU n alone. A CPU starts when L2 asks PSCI for its vCPU, and
 * is off when that one is; an SGI for another vCPU is a flag and an SGI of L1's own. Reads: l1.h.
 */
#include "guest-hyp/l1/l1.h"
#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"
#include "nv/arch/fields.h"

#define PSCI_CPU_OFF UINT32_C(0x84000002)
#define PSCI_CPU_ON UINT32_C(0xc4000003)
#define PSCI_AFFINITY_INFO UINT32_C(0xc4000004)
#define PSCI_IS_OFF 1
#define STACK_PAGES 4
#define SGIS 16

/* What a CPU starts with; start.S knows the order. */
struct smp_start {
	uint64_t stack, hcr, cptr, mair, tcr, ttbr0, sctlr;
	void (*begin)(const struct smp_start *start);
	l2_ipa_t entry;
	uint64_t context;
};

static struct cpu {
	struct smp_start start;
	char *stack;
	uint8_t is_claimed; /* its vCPU is on, or will be */
	volatile uint8_t is_on;
	volatile uint8_t sgi[SGIS]; /* sent by others: they set it, this CPU clears it */
} cpus[RT_CPUS_MAX] = { { .is_claimed = 1, .is_on = 1 } };

/* Called by l1_secondary. */
static _Noreturn void begin(const struct smp_start *start)
{
	world_setup();
	gic_forget();
	cpus[cpu_self()].is_on = 1;
	dsb(ish);
	world_start(start->entry, start->context, SPSR_M_EL1H | PSTATE_DAIF);
}

/* It reads this with its MMU off, so past the caches; the stack is written with the MMU on, but what is old must not linger. */
static void prepare(struct cpu *cpu, l2_ipa_t entry, uint64_t context)
{
	if (!cpu->stack)
		cpu->stack = rt_pages(STACK_PAGES, PAGE_SIZE);
	for (unsigned intid = 0; intid < SGIS; intid++)
		cpu->sgi[intid] = 0;
	cpu->start = (struct smp_start){
		.stack = (uint64_t)cpu->stack + STACK_PAGES * PAGE_SIZE,
		.hcr = read_sysreg(HCR_EL2),
		.cptr = read_sysreg(CPTR_EL2),
		.mair = read_own(MAIR),
		.tcr = read_own(TCR),
		.ttbr0 = read_own(TTBR0),
		.sctlr = read_own(SCTLR),
		.begin = begin,
		.entry = entry,
		.context = context,
	};
	stage2_clean(&cpu->start, sizeof(cpu->start));
}

uint64_t smp_cpu_on(uint64_t affinity, l2_ipa_t entry, uint64_t context)
{
	struct cpu *cpu;
	uint64_t mpidr;

	if (affinity >= rt_machine()->cpus)
		return L2_INVALID_PARAMETERS;
	cpu = &cpus[affinity];
	mpidr = rt_machine()->mpidr[affinity];
	if (__atomic_exchange_n(&cpu->is_claimed, 1, __ATOMIC_ACQ_REL))
		return cpu->is_on ? L2_ALREADY_ON : L2_ON_PENDING;
	while (rt_psci(PSCI_AFFINITY_INFO, mpidr, 0, 0) != PSCI_IS_OFF) /* it may be on its way there */
		;
	prepare(cpu, entry, context);
	return rt_psci(PSCI_CPU_ON, mpidr, (uint64_t)l1_secondary, (uint64_t)&cpu->start);
}

void smp_cpu_off(void)
{
	struct cpu *cpu = &cpus[cpu_self()];

	cpu->is_on = 0;
	__atomic_store_n(&cpu->is_claimed, 0, __ATOMIC_RELEASE);
	rt_fail("%s CPU_OFF came back: 0x%lx", workload_name(), rt_psci(PSCI_CPU_OFF, 0, 0, 0));
}

uint64_t smp_affinity_info(uint64_t affinity, uint64_t level)
{
	if (level || affinity >= rt_machine()->cpus)
		return L2_INVALID_PARAMETERS;
	if (!__atomic_load_n(&cpus[affinity].is_claimed, __ATOMIC_ACQUIRE))
		return L2_IS_OFF;
	return cpus[affinity].is_on ? L2_IS_ON : L2_IS_ON_PENDING;
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
	struct cpu *cpu = &cpus[cpu_self()];

	dsb(ish); /* the kick was acknowledged before the flags are read */
	for (uint32_t intid = 0; intid < SGIS; intid++)
		if (cpu->sgi[intid]) {
			cpu->sgi[intid] = 0;
			dsb(ish); /* before L2 can answer, and be sent the next */
			gic_inject(intid, false);
		}
}
