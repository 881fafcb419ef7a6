/* What happens when there are more vCPUs than CPUs?  wfi: two of one VM.  spin: those of two VMs. */
#include "guest-hyp/lesson/lesson.h"
#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"
#include "nv/arch/fields.h"

#define PSCI_CPU_ON 0xc4000003U
#define PSCI_CPU_OFF 0x84000002U
#define STACK_PAGES 4
#define SGI_TURN 1
#define SGI_STOP 2

extern const char secondary_entry[]; /* secondary.S */

static void (*run_other)(void);

static _Noreturn void secondary_main(void)
{
	write_sysreg(HCR_EL2, HCR_RW | HCR_E2H | HCR_IMO);
	isb();
	run_other();
	for (;;)
		rt_psci(PSCI_CPU_OFF, 0, 0, 0);
}

void start_other(void (*run)(void))
{
	uint64_t stack = (uint64_t)rt_pages(STACK_PAGES, 4096) + STACK_PAGES * 4096;

	if (rt_machine()->cpus != 2)
		rt_fail("this needs two vCPUs, not %u", rt_machine()->cpus);
	run_other = run;
	*(uint64_t *)(stack - 16) = (uint64_t)secondary_main;
	dsb(sy);
	rt_psci(PSCI_CPU_ON, rt_machine()->mpidr[1], (uint64_t)secondary_entry, stack);
}

/* --- wfi --- */

/* IRQs are masked: a pending one ends a WFI, and is taken by looking. */
static uint64_t wait(void)
{
	uint64_t intid;

	do {
		__asm__ volatile("wfi" ::: "memory");
		intid = read_sysreg(ICC_IAR1_EL1);
	} while (intid >= 16);
	write_sysreg(ICC_EOIR1_EL1, intid);
	isb();
	return intid;
}

static void answer(void)
{
	gic_on(1, BIT(SGI_TURN) | BIT(SGI_STOP));
	gic_send(0, SGI_TURN);
	while (wait() == SGI_TURN)
		gic_send(0, SGI_TURN);
}

void wfi_begin(void)
{
	gic_on(0, BIT(SGI_TURN));
	start_other(answer);
	wait();
}

void wfi_once(void)
{
	gic_send(1, SGI_TURN);
	wait();
}

void wfi_end(void)
{
	gic_send(1, SGI_STOP);
}

/* --- spin --- */

static uint64_t due;

static void spin_for(uint64_t milliseconds)
{
	due += read_sysreg(CNTFRQ_EL0) / 1000 * milliseconds;
	do
		isb();
	while (read_sysreg(CNTVCT_EL0) < due);
}

/*
 * Both VMs are there before the first mark and after the last one, and the marks are in the middle of a turn of this one: what
 * L0 costs does not move them to another.
 */
void spin_begin(void)
{
	due = read_sysreg(CNTVCT_EL0);
	spin_for(23);
}

void spin_once(void)
{
	spin_for(20);
}

void spin_end(void)
{
	spin_for(60);
}
