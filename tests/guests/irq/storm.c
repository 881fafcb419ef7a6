/*
 * What if L1 writes random values to everything that has to do with interrupts?  From all vCPUs at once, in random order,
 * with its guest entered in between. L0 must live; afterwards, with the registers in order again, an interrupt comes.
 * Reads: irq.h.
 */
#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"
#include "nv/arch/fields.h"
#include "tests/guests/irq/irq.h"

#define ROUNDS 4000
#define GICR_FRAME UINT64_C(0x20000)
#define GICD_FRAME UINT64_C(0x10000)
#define ITS_FRAME UINT64_C(0x20000)
#define ITS_REGISTERS UINT64_C(0x200) /* most of the frame is reserved */

#define LOWER_FIQ 10
#define LOWER_SERROR 11
#define EL1H_MASKED 0x3c5
#define EL2H_MASKED 0x3c9

extern const char storm_guest[], guest_back[];

bool guest_comes_back(struct rt_frame *frame, unsigned vector)
{
	(void)vector;
	frame->pc = (uint64_t)guest_back;
	frame->pstate = EL2H_MASKED;
	return true;
}

static uint64_t next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* Values with all bits, few bits, and the ends of the range. */
static uint64_t random_value(uint64_t *state)
{
	uint64_t r = next_random(state);

	switch (r % 4) {
	case 0:
		return next_random(state);
	case 1:
		return BIT(r >> 8 & 63);
	case 2:
		return ~BIT(r >> 8 & 63);
	default:
		return r & 0x100 ? ~UINT64_C(0) : 0;
	}
}

// clang-format off
#define REGISTERS(X) \
	X(ICH_HCR_EL2) X(ICH_VMCR_EL2) X(ICH_AP0R0_EL2) X(ICH_AP1R0_EL2) X(ICH_LR0_EL2) \
	X(ICH_LR1_EL2) X(ICH_LR2_EL2) X(ICH_LR3_EL2) X(CNTHCTL_EL2) X(CNTVOFF_EL2) X(CNTHP_CTL_EL2) \
	X(CNTHP_CVAL_EL2) X(CNTHP_TVAL_EL2) X(CNTHV_CTL_EL2) X(CNTHV_CVAL_EL2) X(CNTHV_TVAL_EL2) \
	X(ICC_PMR_EL1) X(ICC_BPR1_EL1) X(ICC_BPR0_EL1) X(ICC_IGRPEN0_EL1) X(ICC_IGRPEN1_EL1) \
	X(ICC_EOIR0_EL1) X(ICC_EOIR1_EL1) X(ICC_DIR_EL1) X(ICC_CTLR_EL1) X(ICC_SGI1R_EL1) \
	X(ICC_SGI0R_EL1) X(ICC_ASGI1R_EL1)
// clang-format on

static void write_one(unsigned which, uint64_t value)
{
	unsigned n = 0;

#define X(name)           \
	if (which == n++) \
		write_sysreg(name, value);
	REGISTERS(X)
#undef X
	switch (which - n) {
	case 0:
		write_sysreg(S3_5_C14_C3_1, value); /* CNTV_CTL_EL02 */
		return;
	case 1:
		write_sysreg(S3_5_C14_C3_2, value); /* CNTV_CVAL_EL02 */
		return;
	case 2:
		write_sysreg(S3_5_C14_C2_1, value); /* CNTP_CTL_EL02 */
		return;
	case 3:
		write_sysreg(S3_5_C14_C2_2, value); /* CNTP_CVAL_EL02 */
		return;
	default:
		return;
	}
}

#define WRITABLE 33

static void write_frame(uint64_t *state)
{
	const struct rt_machine *m = rt_machine();
	uint64_t r = next_random(state), value = random_value(state);
	uint64_t base = r & 1 ? m->gicd : gic_redistributor((unsigned)(r >> 1) % smp_count());
	uint64_t offset = (r >> 8) % (r & 1 ? GICD_FRAME : GICR_FRAME);

	if (r >> 44 & 1) {
		base = m->gicd + GIC_ITS_OFFSET;
		offset = (r >> 8) % (r >> 45 & 1 ? ITS_FRAME : ITS_REGISTERS);
	}
	switch (r >> 40 & 3) {
	case 0:
		__asm__ volatile("strb %w0, [%1]" ::"r"(value), "r"(base + offset) : "memory");
		return;
	case 1:
		__asm__ volatile("str %x0, [%1]" ::"r"(value), "r"(base + (offset & ~7UL)) : "memory");
		return;
	default:
		mmio_write(base + (offset & ~3UL), (uint32_t)value);
		return;
	}
}

/*
 * Enters a guest at EL1 with its MMU off and stage 2 off: one HVC, and back. What interrupts it comes to EL2 as well: the
 * routing bits are random too.
 */
static void enter_guest(uint64_t *state)
{
	uint64_t routing = (next_random(state) & (HCR_VI | HCR_VF | HCR_VSE | HCR_IMO | HCR_FMO | HCR_AMO)) |
			   HCR_IMO | HCR_FMO;

	write_sysreg(HCR_EL2, HCR_RW | HCR_E2H | routing);
	isb();
	guest_visit((uint64_t)storm_guest, EL1H_MASKED, 0, 0);
}

static void storm_one(unsigned self)
{
	uint64_t state = 0x9e3779b97f4a7c15 * (self + 1);

	for (unsigned i = 0; i < ROUNDS; i++) {
		if (next_random(&state) % 3 == 0)
			write_frame(&state);
		else
			write_one((unsigned)(next_random(&state) % WRITABLE), random_value(&state));
		if (i % 8 == 0)
			enter_guest(&state);
	}
}

static void quiet(unsigned self)
{
	write_sysreg(HCR_EL2, HCR_RW | HCR_E2H);
	write_sysreg(ICH_HCR_EL2, 0);
	write_sysreg(CNTHP_CTL_EL2, 0);
	write_sysreg(CNTHV_CTL_EL2, 0);
	write_sysreg(S3_5_C14_C3_1, 0);
	write_sysreg(S3_5_C14_C2_1, 0);
	isb();
	(void)self;
}

static void set_in_order(unsigned self)
{
	uint64_t sgi = gic_redistributor(self) + 0x10000;

	quiet(self);
	mmio_write(sgi + 0x180, ~0U); /* ICENABLER0, ICPENDR0, ICACTIVER0 */
	mmio_write(sgi + 0x280, ~0U);
	mmio_write(sgi + 0x380, ~0U);
	write_sysreg(ICC_IGRPEN0_EL1, 0);
	gic_on();
	write_sysreg(ICC_AP1R0_EL1, 0);
	write_sysreg(ICC_AP0R0_EL1, 0);
	isb();
}

void irq_storm(void)
{
	rt_set_hook(RT_LOWER_SYNC, guest_comes_back);
	rt_set_hook(RT_LOWER_IRQ, guest_comes_back);
	rt_set_hook(LOWER_FIQ, guest_comes_back);
	rt_set_hook(LOWER_SERROR, guest_comes_back);
	for (unsigned i = 1; i < smp_count(); i++)
		if (smp_start(i, storm_one))
			rt_fail("CPU_ON");
	storm_one(0);
	quiet(0);
	smp_join();
	set_in_order(0);
	timer_at(0); /* in the past */
	isb();
	rt_print("# now the timer has to interrupt\n");
	while (gic_take() != rt_machine()->timer_hyp_intid)
		;
	timer_at(~UINT64_C(0)); /* at the end of time */
	isb();
	if (gic_take() != 1023)
		rt_fail("a timer at the end of time interrupts");
}
