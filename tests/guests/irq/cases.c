/* What do the cases do?  Reads: main.c, irq.h.  Next: storm.c. */
#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"
#include "nv/arch/fields.h"
#include "tests/guests/irq/irq.h"

#define SYSTEM_RESET 0x84000009U
#define CPU_OFF 0x84000002U
#define CPU_SUSPEND 0xc4000001U
#define CPU_ON 0xc4000003U
#define AFFINITY_INFO 0xc4000004U
#define PSCI_FEATURES 0x8400000aU
#define SMCCC_VERSION 0x80000000U
#define SMCCC_ARCH_FEATURES 0x80000001U
#define GICR_ISPENDR0 0x10200
#define MARK UINT64_C(0x5eed5eed5eed5eed)

bool fp_holds(uint64_t seed);
void fp_fill(uint64_t seed);

static uint64_t now(void)
{
	isb();
	return read_sysreg(CNTPCT_EL0);
}

static void wfi(void)
{
	__asm__ volatile("wfi" ::: "memory");
}

/* The counter starts with the machine: all VMs mean the same two points. */
void irq_spin(void)
{
	uint64_t second = read_sysreg(CNTFRQ_EL0), spins = 0;

	while (now() < second / 5)
		;
	while (now() < second * 3 / 5)
		spins++;
	rt_print("spins %lu\n", spins);
}

#define YIELDS 2000

/*
 * An interrupt is pending, so that CPU_SUSPEND has nothing to wait for, and yet gives the CPU to the other VM, whose own gives
 * it back. (QEMU traps no WFE, and no WFI that would end at once.)
 */
void irq_yield(void)
{
	uint64_t second = read_sysreg(CNTFRQ_EL0), begin;

	while (now() < second / 5)
		;
	gic_on();
	timer_at(0);
	begin = now();
	for (unsigned i = 0; i < YIELDS; i++)
		rt_psci(CPU_SUSPEND, 0, 0, 0);
	rt_print("ticks per yield %lu\n", (now() - begin) / YIELDS);
	while (now() < second) /* the other one is not alone before it is through */
		rt_psci(CPU_SUSPEND, 0, 0, 0);
	timer_off();
}

void irq_reset(void)
{
	volatile uint64_t *word = (volatile uint64_t *)(rt_machine()->ram + (16UL << 20));

	if (*word == MARK)
		return;
	*word = MARK;
	__asm__ volatile("dc civac, %0\n\tdsb sy" ::"r"(word) : "memory");
	rt_psci(SYSTEM_RESET, 0, 0, 0);
	rt_fail("SYSTEM_RESET came back");
}

/* --- psci --- */

static void expect(const char *what, uint64_t got, int64_t wanted)
{
	if ((int64_t)got != wanted)
		rt_fail("%s is %ld, not %ld", what, (int64_t)got, wanted);
}

static volatile bool went_on;

/* It goes off with its timer expired. */
static void note_that_it_runs(unsigned index)
{
	(void)index;
	timer_at(0);
	went_on = true;
}

/* What SMCCC 1.1 makes mandatory, and how software finds it by PSCI_FEATURES (DEN0028). */
static void smccc(void)
{
	expect("PSCI_FEATURES of SMCCC_VERSION", rt_psci(PSCI_FEATURES, SMCCC_VERSION, 0, 0), 0);
	expect("SMCCC_VERSION", rt_psci(SMCCC_VERSION, 0, 0, 0), 0x10001);
	expect("ARCH_FEATURES of SMCCC_VERSION", rt_psci(SMCCC_ARCH_FEATURES, SMCCC_VERSION, 0, 0), 0);
	expect("ARCH_FEATURES of itself", rt_psci(SMCCC_ARCH_FEATURES, SMCCC_ARCH_FEATURES, 0, 0), 0);
	expect("ARCH_FEATURES of ARCH_SOC_ID", rt_psci(SMCCC_ARCH_FEATURES, 0x80000002, 0, 0), -1);
	expect("ARCH_FEATURES of ARCH_WORKAROUND_1", rt_psci(SMCCC_ARCH_FEATURES, 0x80008000, 0, 0), -1);
	expect("ARCH_FEATURES with 64-bit arguments",
	       rt_psci(SMCCC_ARCH_FEATURES, UINT64_C(1) << 32 | SMCCC_VERSION, 0, 0), 0);
	expect("the 64-bit SMCCC_ARCH_FEATURES", rt_psci(SMCCC_ARCH_FEATURES | BIT(30), SMCCC_VERSION, 0, 0),
	       -1);
}

void irq_psci(void)
{
	const struct rt_machine *m = rt_machine();
	uint64_t self = m->mpidr[0], here = (uint64_t)irq_psci;

	expect("CPU_ON of a vCPU that is on", rt_psci(CPU_ON, self, here, 0), -4);
	expect("CPU_ON of none", rt_psci(CPU_ON, 0xff00, here, 0), -2);
	expect("CPU_ON of none", rt_psci(CPU_ON, ~UINT64_C(0), here, 0), -2);
	expect("CPU_ON outside RAM", rt_psci(CPU_ON, m->mpidr[1], 0x1000, 0), -9);
	expect("CPU_ON outside RAM", rt_psci(CPU_ON, m->mpidr[1], ~UINT64_C(3), 0), -9);
	expect("AFFINITY_INFO of self", rt_psci(AFFINITY_INFO, self, 0, 0), 0);
	expect("AFFINITY_INFO of one that is off", rt_psci(AFFINITY_INFO, m->mpidr[1], 0, 0), 1);
	expect("AFFINITY_INFO of none", rt_psci(AFFINITY_INFO, 0x1234, 0, 0), -2);
	expect("AFFINITY_INFO of a cluster", rt_psci(AFFINITY_INFO, self, 1, 0), -2);
	expect("a function that there is not", rt_psci(0x8400ffff, 0, 0, 0), -1);
	smccc();
	for (unsigned round = 0; round < 50; round++) {
		went_on = false;
		expect("CPU_ON", (uint64_t)smp_start(1, note_that_it_runs), 0);
		smp_join();
		if (!went_on)
			rt_fail("the second vCPU was off before it ran");
		if (mmio_read(gic_redistributor(1) + GICR_ISPENDR0) & BIT(m->timer_hyp_intid))
			rt_fail("the timer of a vCPU that is off is pending");
	}
	gic_on();
	timer_at(now() + read_sysreg(CNTFRQ_EL0) / 100);
	expect("CPU_SUSPEND", rt_psci(CPU_SUSPEND, 0, 0, 0), 0);
	while (gic_take() != m->timer_hyp_intid)
		wfi();
}

/* --- soak --- */

#define ROUNDS 2000

static struct {
	volatile uint64_t sent, taken, ticks, ready;
	uint64_t pad[4];
} of[IRQ_MAX_CPUS];

/* One SGI is under way to each vCPU at a time: its sender waits until it has been counted, for ever if it was lost. */
static void soak_one(unsigned self)
{
	unsigned cpus = smp_count(), to = (self + 1) % cpus, from = (self + cpus - 1) % cpus;
	uint64_t period = read_sysreg(CNTFRQ_EL0) / 5000, due = now() + period;

	gic_on();
	of[self].ready = 1;
	for (unsigned i = 0; i < cpus; i++)
		while (!of[i].ready)
			__asm__ volatile("yield");
	timer_at(due);
	while (of[self].ticks < ROUNDS || of[self].sent < ROUNDS || of[self].taken < ROUNDS) {
		uint32_t intid;

		if (of[self].sent < ROUNDS && of[to].taken == of[self].sent) {
			of[self].sent++;
			gic_send(to, 1);
		}
		intid = gic_take();
		if (intid == 1) {
			if (of[self].taken >= of[from].sent)
				rt_fail("vCPU %u took SGI %lu, %lu were sent", self, of[self].taken + 1,
					of[from].sent);
			of[self].taken++;
		} else if (intid == rt_machine()->timer_hyp_intid) {
			if (now() < due)
				rt_fail("vCPU %u: timer %lu came early", self, of[self].ticks);
			of[self].ticks++;
			due = now() + period;
			timer_at(of[self].ticks < ROUNDS ? due : now() + 4 * period);
		} else if (of[self].ticks < ROUNDS) {
			wfi();
		} else {
			timer_at(now() + period);
		}
	}
	timer_off();
}

void irq_soak(void)
{
	for (unsigned i = 1; i < smp_count(); i++)
		expect("CPU_ON", (uint64_t)smp_start(i, soak_one), 0);
	soak_one(0);
	smp_join();
	for (unsigned i = 0; i < smp_count(); i++)
		if (of[i].sent != ROUNDS || of[i].taken != ROUNDS || of[i].ticks < ROUNDS)
			rt_fail("vCPU %u: %lu sent, %lu taken, %lu ticks", i, of[i].sent, of[i].taken,
				of[i].ticks);
}

/* --- fp --- */

static volatile bool fp_wrong;

static void hold_fp(unsigned self)
{
	uint64_t seed = (uint64_t)(self + 1) << 32, end = now() + read_sysreg(CNTFRQ_EL0) / 2;

	fp_fill(seed);
	while (now() < end)
		if (!fp_holds(seed))
			fp_wrong = true;
}

void irq_fp(void)
{
	for (unsigned i = 1; i < smp_count(); i++)
		expect("CPU_ON", (uint64_t)smp_start(i, hold_fp), 0);
	hold_fp(0);
	smp_join();
	if (fp_wrong)
		rt_fail("V registers changed");
}
