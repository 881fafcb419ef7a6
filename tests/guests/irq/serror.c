/*
 * An SError that was not L0's: is it taken once, where the architecture says, and not lost while it is masked?  The test makes one
 * of each exit with MAGIC in X0, an hvc (tests/qemu/inject.mjs).  Reads: irq.h.
 */
#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"
#include "nv/arch/fields.h"
#include "tests/guests/irq/irq.h"

#define MAGIC UINT64_C(0x5e770e5e770e)
#define ISS 0x5e /* the immediate of the hvc */
#define ROUNDS 10
#define CURRENT_SERROR 7
#define LOWER_SERROR 11
#define AT_EL1 0x2c5   /* A clear */
#define CNT_A_WHILE 50 /* part of a second in which the other vCPU surely runs */

extern const char storm_guest[], serror_guest[];

static unsigned taken;
static uint64_t syndrome;
static volatile bool over;

static bool at_vel2(struct rt_frame *frame, unsigned vector)
{
	(void)vector;
	taken++;
	syndrome = frame->esr;
	return true;
}

static bool at_guest(struct rt_frame *frame, unsigned vector)
{
	taken++;
	frame->x[0] = 0;
	return guest_comes_back(frame, vector);
}

static void expect(unsigned number, bool pending, const char *when)
{
	if (taken != number)
		rt_fail("%s: %u SErrors were taken, not %u", when, taken, number);
	if (!(read_sysreg(ISR_EL1) & ISR_A) == pending)
		rt_fail("%s: ISR_EL1 %lx", when, read_sysreg(ISR_EL1));
}

static void wait(void)
{
	uint64_t end = read_sysreg(CNTPCT_EL0) + read_sysreg(CNTFRQ_EL0) / CNT_A_WHILE;

	while (read_sysreg(CNTPCT_EL0) < end)
		;
}

/* While masked it survives a visit to the guest and the loss of the CPU to another vCPU. */
static void masked_at_vel2(void)
{
	register uint64_t x0 __asm__("x0") = MAGIC;

	taken = 0;
	__asm__ volatile("hvc %1\n\tmov x0, xzr" : "+r"(x0) : "i"(ISS) : "memory");
	expect(0, true, "masked");
	guest_visit((uint64_t)storm_guest, AT_EL1, 0, 0);
	expect(0, true, "behind the guest");
	wait();
	expect(0, true, "behind the other vCPU");
	__asm__ volatile("msr daifclr, #4\n\tisb\n\tmsr daifset, #4" ::: "memory");
	expect(1, false, "unmasked");
	if (syndrome != (field_put(ESR_EC, EC_SERROR) | ESR_IL | ISS))
		rt_fail("ESR_EL2 %lx", syndrome);
	guest_visit((uint64_t)storm_guest, AT_EL1, 0, 0);
	wait();
	expect(1, false, "long after");
}

static void from_the_guest(void)
{
	taken = 0;
	guest_visit((uint64_t)serror_guest, AT_EL1, 0, MAGIC);
	expect(1, false, "from the guest");
}

static void compete(unsigned index)
{
	(void)index;
	while (!over)
		__asm__ volatile("yield");
}

void irq_serror(void)
{
	rt_set_hook(CURRENT_SERROR, at_vel2);
	rt_set_hook(RT_LOWER_SYNC, guest_comes_back);
	rt_set_hook(LOWER_SERROR, at_guest);
	write_sysreg(HCR_EL2, HCR_RW | HCR_E2H | HCR_AMO);
	isb();
	if (smp_count() > 1 && smp_start(1, compete))
		rt_fail("CPU_ON");
	for (unsigned i = 0; i < ROUNDS; i++) {
		masked_at_vel2();
		from_the_guest();
	}
	over = true;
	smp_join();
}
