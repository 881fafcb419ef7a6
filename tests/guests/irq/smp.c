/* How are the other vCPUs started and ended?  Reads: irq.h. */
#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"
#include "nv/arch/fields.h"
#include "tests/guests/irq/irq.h"

#define CPU_OFF 0x84000002U
#define CPU_ON 0xc4000003U
#define AFFINITY_INFO 0xc4000004U
#define STACK_PAGES 4
#define OFF 1

extern const char smp_secondary[], rt_vectors[];

static uint8_t *stack[IRQ_MAX_CPUS];
static void (*function[IRQ_MAX_CPUS])(unsigned);
static bool started[IRQ_MAX_CPUS];

unsigned smp_count(void)
{
	return rt_machine()->cpus;
}

unsigned smp_self(void)
{
	return (unsigned)(read_sysreg(MPIDR_EL1) & 0xff);
}

_Noreturn void smp_entry(unsigned index)
{
	write_sysreg(HCR_EL2, HCR_RW | HCR_E2H);
	isb();
	write_sysreg(CPTR_EL2, CPACR_FPEN);
	write_sysreg(VBAR_EL2, rt_vectors);
	isb();
	function[index](index);
	for (;;)
		rt_psci(CPU_OFF, 0, 0, 0);
}

int64_t smp_start(unsigned index, void (*f)(unsigned index))
{
	uint64_t top;
	int64_t result;

	if (!stack[index])
		stack[index] = rt_pages(STACK_PAGES, 4096);
	top = (uint64_t)stack[index] + STACK_PAGES * 4096 - 16;
	*(volatile uint32_t *)top = index;
	function[index] = f;
	dsb(sy);
	result = (int64_t)rt_psci(CPU_ON, rt_machine()->mpidr[index], (uint64_t)smp_secondary, top);
	started[index] = started[index] || result == 0;
	return result;
}

void smp_join(void)
{
	for (unsigned i = 0; i < smp_count(); i++)
		while (started[i] && rt_psci(AFFINITY_INFO, rt_machine()->mpidr[i], 0, 0) != OFF)
			__asm__ volatile("wfe");
}
