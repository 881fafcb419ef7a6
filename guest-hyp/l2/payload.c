/*
 * What does every workload of L2 stand on?  The state of its vCPUs, the end, and interrupts: which are taken, and how they are
 * counted.  Called from start.S.  Next: the workload's file.
 */
#include "guest-hyp/l2/payload.h"

#define GICD_CTLR 0x0
#define GICD_CTLR_ARE_GRP1 0x12
#define GICR_WAKER 0x14
#define GICR_WAKER_PROCESSOR_SLEEP 0x2
#define GICR_WAKER_CHILDREN_ASLEEP 0x4
#define GICR_IGROUPR0 (GICR_SGI_FRAME + 0x80)
#define GICR_ISENABLER0 (GICR_SGI_FRAME + 0x100)
#define GICR_STRIDE UINT64_C(0x20000)

void l2_exception(uint64_t esr);
void l2_irq(uint64_t now);

struct l2_params *l2;
struct vcpu vcpus[L2_CPUS_MAX];
static uint64_t intid_expected;

_Noreturn void finish(enum l2_status status, uint64_t detail)
{
	l2->detail = detail;
	l2->status = status;
	dsb(sy);
	for (;;)
		call(L2_PSCI_SYSTEM_OFF, 0);
}

void l2_exception(uint64_t esr)
{
	finish(L2_EXCEPTION, esr);
}

static void timer_off(void)
{
	write_sysreg(CNTV_CTL_EL0, 0);
	isb(); /* the line falls before the interrupt is completed */
}

/* One more of those asked for, else it is one too many. The sender may go on as soon as it sees the new count. */
static void count_one_of(uint64_t intid, volatile uint64_t *taken, uint64_t asked_for)
{
	if (*taken + 1 != asked_for)
		finish(L2_EXTRA_INTERRUPTS, intid << 48 | asked_for);
	*taken = *taken + 1;
}

/* Several interrupts are wanted, each so often. */
bool counts_apart(void)
{
	return l2->workload == L2_storm || l2->workload == L2_cpu_off;
}

static void count_storm(struct vcpu *v, uint64_t intid)
{
	uint64_t sender = intid - L2_SGI_STORM;

	if (intid == l2->timer_intid) {
		timer_off();
		count_one_of(intid, &v->timers_taken, v->timers_set);
	} else if (sender < l2->cpus) {
		count_one_of(intid, &v->taken[sender], vcpus[sender].sent[self()]);
	} else {
		finish(L2_WRONG_INTERRUPT, intid);
	}
}

static void count_one(uint64_t intid, uint64_t now)
{
	if (intid != intid_expected)
		finish(L2_WRONG_INTERRUPT, intid);
	if (l2->workload == L2_irq_latency)
		samples()[vcpus[0].irqs] = now - read_sysreg(CNTV_CVAL_EL0);
	if (intid == l2->timer_intid)
		timer_off();
	else if (intid == l2->uart_intid)
		*reg32(L2_UART + UARTICR) = UART_TX;
}

/* now: CNTVCT_EL0 as the vector found it. */
void l2_irq(uint64_t now)
{
	uint64_t intid = read_sysreg(ICC_IAR1_EL1);
	struct vcpu *v = &vcpus[self()];

	if (counts_apart())
		count_storm(v, intid);
	else
		count_one(intid, now);
	write_sysreg(ICC_EOIR1_EL1, intid);
	isb();
	v->irqs = v->irqs + 1;
}

/* Enables the SGIs and PPIs of mask. */
static void gic_setup(uint32_t mask)
{
	uint64_t gicr = l2->gicr + self() * GICR_STRIDE;

	write_sysreg(ICC_SRE_EL1, 7);
	isb();
	write_sysreg(ICC_CTLR_EL1, 0);
	write_sysreg(ICC_PMR_EL1, 0xf0);
	write_sysreg(ICC_IGRPEN1_EL1, 1);
	isb();
	if (!l2->gicr)
		return;
	*reg32(gicr + GICR_WAKER) = *reg32(gicr + GICR_WAKER) & ~UINT32_C(GICR_WAKER_PROCESSOR_SLEEP);
	while (*reg32(gicr + GICR_WAKER) & GICR_WAKER_CHILDREN_ASLEEP)
		;
	*reg32(gicr + GICR_IGROUPR0) = ~UINT32_C(0);
	*reg32(gicr + GICR_ISENABLER0) = mask;
	*reg32(l2->gicd + GICD_CTLR) = GICD_CTLR_ARE_GRP1;
	dsb(sy);
}

/* What the workload is about, at the GIC. */
static uint32_t workload_mask(void)
{
	if (counts_apart())
		return (uint32_t)((BIT(l2->cpus) - 1) << L2_SGI_STORM | BIT(l2->timer_intid));
	if (l2->workload == L2_eoi_alone)
		return (uint32_t)((BIT(L2_EOIS) - 1) << L2_SGI_EOI);
	return UINT32_C(1) << intid_expected;
}

void take_interrupts(void)
{
	gic_setup(workload_mask());
	write_sysreg(daif, 0);
}

void expect_interrupt(uint64_t intid)
{
	intid_expected = intid;
}
