/*
 * Which physical interrupts are taken at EL2?  HCR_EL2.{TGE,IMO,FMO} say so; those with EL1 as their target stay pending, and EL2 can
 * see and acknowledge them.  Reads: visible.h.
 */
#include "tests/guests/visible/visible.h"

#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"

#define SGI 5
#define GICR_WAKER 0x14
#define GICR_SGI 0x10000
#define GICR_IGROUPR0 (GICR_SGI + 0x80)
#define GICR_ISENABLER0 (GICR_SGI + 0x100)
#define GICR_ISPENDR0 (GICR_SGI + 0x200)
#define GICR_ICPENDR0 (GICR_SGI + 0x280)
#define GICR_IPRIORITYR1 (GICR_SGI + 0x404)
#define NOP UINT32_C(0xd503201f)

static uint32_t mmio_read(uint64_t address)
{
	uint32_t value;

	__asm__ volatile("ldr %w0, [%1]" : "=r"(value) : "r"(address) : "memory");
	return value;
}

static void mmio_write(uint64_t address, uint32_t value)
{
	__asm__ volatile("str %w0, [%1]" ::"r"(value), "r"(address) : "memory");
}

/* ARE and both groups; SGI 5 of this one. */
static void gic_on(bool group1)
{
	const struct rt_machine *m = rt_machine();

	mmio_write(m->gicd, 0x13);
	mmio_write(m->gicr + GICR_WAKER, mmio_read(m->gicr + GICR_WAKER) & ~UINT32_C(2));
	while (mmio_read(m->gicr + GICR_WAKER) & 4)
		;
	mmio_write(m->gicr + GICR_IGROUPR0, group1 ? UINT32_MAX : 0);
	mmio_write(m->gicr + GICR_IPRIORITYR1, 0x80808080);
	mmio_write(m->gicr + GICR_ISENABLER0, UINT32_C(1) << SGI);
	set(ICC_SRE_EL2, 0xf);
	set(ICC_PMR_EL1, 0xf8);
	set(ICC_CTLR_EL1, 0);
	set(ICC_IGRPEN0_EL1, 1);
	set(ICC_IGRPEN1_EL1, 1);
}

/* The write to HCR_EL2 is seen at once, whoever needs a trap for it. */
static void route(uint64_t hcr)
{
	set(HCR_EL2, visible_hcr() | hcr);
	(void)get(CPTR_EL2);
}

static void pend(bool group1)
{
	if (group1)
		set(ICC_SGI1R_EL1, (uint64_t)SGI << 24 | 1);
	else
		set(ICC_SGI0R_EL1, (uint64_t)SGI << 24 | 1);
	while (!(mmio_read(rt_machine()->gicr + GICR_ISPENDR0) & 1 << SGI))
		;
}

void visible_hold(void)
{
	gic_on(true);
	route(0);
	pend(true);
}

void visible_let_go(void)
{
	mmio_write(rt_machine()->gicr + GICR_ICPENDR0, UINT32_C(1) << SGI);
	set(ICC_IGRPEN0_EL1, 0);
	set(ICC_IGRPEN1_EL1, 0);
}

/* The vector of what ended the run: 4 is the HVC behind it. */
static void show_open(const char *name)
{
	const struct outcome *o =
		visible_run(visible_code(AT_EL2, NOP, NOP, NOP), AT_EL2 & ~(PSTATE_I | PSTATE_F), 0, 0);

	visible_value(name, o->vector);
}

/* Acknowledges and ends it. */
static void show_end(bool group1)
{
	uint64_t intid = group1 ? get(ICC_IAR1_EL1) : get(ICC_IAR0_EL1);

	visible_value("IAR", intid);
	visible_value("RPR", get(ICC_RPR_EL1));
	if (group1)
		set(ICC_EOIR1_EL1, intid);
	else
		set(ICC_EOIR0_EL1, intid);
	visible_value("RPR", get(ICC_RPR_EL1));
	show_open("taken after the end");
}

static void one(const char *name, uint64_t hcr, bool group1)
{
	visible_prefix("routing %s group %lx", name, (uint64_t)group1);
	route(hcr);
	pend(group1);
	if (visible_fgt()) /* without FEAT_FGT nothing traps ISR_EL1 at vEL2: docs/interrupts.md */
		visible_value("ISR_EL1", get(ISR_EL1));
	visible_value("HPPIR", group1 ? get(ICC_HPPIR1_EL1) : get(ICC_HPPIR0_EL1));
	visible_value("IGRPEN0", get(ICC_IGRPEN0_EL1));
	visible_value("IGRPEN1", get(ICC_IGRPEN1_EL1));
	visible_outcome("wfi", visible_try(INSN_WFI, AT_EL2, 0, 0), false);
	show_open("taken");
	show_end(group1);
	pend(group1);
	show_open("taken again");
	route(HCR_IMO | HCR_FMO);
	show_open("taken when it is routed");
	route(hcr);
	show_open("taken when it is not");
	set(ICC_PMR_EL1, 0);
	set(ICC_PMR_EL1, 0xf8);
	show_end(group1);
	pend(group1);
	visible_outcome("EL1", visible_try(INSN_ISB, AT_EL1, 0, 0), false);
	show_open("taken behind EL1");
	mmio_write(rt_machine()->gicr + GICR_ICPENDR0, UINT32_C(1) << SGI);
	route(HCR_IMO | HCR_FMO);
	show_open("taken when it is no longer pending");
}

/*
 * An interrupt of each group, of which Group 1's has the higher priority or not: what is not routed hides the other one behind it, for FIQ
 * and for ICC_IAR0_EL1.
 */
static void two(const char *name, uint64_t hcr, bool group1_first)
{
	unsigned first = group1_first ? SGI + 1 : SGI;

	visible_prefix("both groups, routing %s, %lx first", name, (uint64_t)first);
	mmio_write(rt_machine()->gicr + GICR_IGROUPR0, ~(UINT32_C(1) << SGI));
	mmio_write(rt_machine()->gicr + GICR_IPRIORITYR1, group1_first ? 0x80708080 : 0x80808080);
	mmio_write(rt_machine()->gicr + GICR_ISENABLER0, UINT32_C(3) << SGI);
	route(hcr);
	set(ICC_SGI1R_EL1, (uint64_t)(SGI + 1) << 24 | 1);
	pend(false);
	if (visible_fgt())
		visible_value("ISR_EL1", get(ISR_EL1));
	visible_value("HPPIR0", get(ICC_HPPIR0_EL1));
	visible_value("HPPIR1", get(ICC_HPPIR1_EL1));
	show_open("taken");
	show_end(!group1_first);
	show_end(group1_first);
	show_end(!group1_first);
	mmio_write(rt_machine()->gicr + GICR_IPRIORITYR1, 0x80808080);
}

static void two_of_any_routing(void)
{
	for (unsigned group1_first = 0; group1_first < 2; group1_first++) {
		two("none", 0, group1_first);
		two("IMO", HCR_IMO, group1_first);
		two("FMO", HCR_FMO, group1_first);
		two("both", HCR_IMO | HCR_FMO, group1_first);
	}
}

void topic_routing(void)
{
	for (unsigned group1 = 0; group1 < 2; group1++) {
		gic_on(group1);
		one("none", 0, group1);
		one("IMO", HCR_IMO, group1);
		one("FMO", HCR_FMO, group1);
		one("both", HCR_IMO | HCR_FMO, group1);
	}
	two_of_any_routing();
	gic_on(true);
	route(HCR_TGE);
	visible_prefix("routing TGE");
	pend(true);
	show_open("taken");
	show_end(true);
	set(ICC_IGRPEN0_EL1, 0);
	set(ICC_IGRPEN1_EL1, 0);
	visible_reset_controls();
}
