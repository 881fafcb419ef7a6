/*
 * What does EL2 find in its own interrupt controller, and what becomes of an interrupt that it changes while it is active?  SGI 1,
 * which EL2 sends itself, polled with all interrupts masked.  Reads: visible.h.
 */
#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"
#include "tests/guests/visible/visible.h"

#define GICR_SGI_BASE 0x10000U
#define GICR_IGROUPR0 0x80
#define GICR_ISENABLER0 0x100
#define GICR_ICENABLER0 0x180
#define GICR_ISPENDR0 0x200
#define GICR_ICPENDR0 0x280
#define GICR_ISACTIVER0 0x300
#define GICR_ICACTIVER0 0x380
#define GICR_IPRIORITYR0 0x400
#define SGIS UINT32_C(0xffff)
#define SGI 1U
#define SGI_BIT (UINT32_C(1) << SGI)
#define BOTH_GROUPS UINT32_C(3)

static uint32_t gicr_read(unsigned offset)
{
	uint32_t value;

	__asm__ volatile("ldr %w0, [%1]" : "=r"(value) : "r"(rt_machine()->gicr + GICR_SGI_BASE + offset));
	return value;
}

static void gicr_write(unsigned offset, uint32_t value)
{
	__asm__ volatile("str %w0, [%1]" ::"r"(value), "r"(rt_machine()->gicr + GICR_SGI_BASE + offset));
}

static void set_priority(uint8_t priority)
{
	__asm__ volatile("strb %w0, [%1]" ::"r"(priority),
			 "r"(rt_machine()->gicr + GICR_SGI_BASE + GICR_IPRIORITYR0 + SGI));
}

/* GICR_WAKER is left alone: firmware has woken the redistributor. */
static void on(void)
{
	uint32_t ctlr;

	__asm__ volatile("ldr %w0, [%1]" : "=r"(ctlr) : "r"(rt_machine()->gicd));
	__asm__ volatile("str %w0, [%1]" ::"r"(ctlr | BOTH_GROUPS), "r"(rt_machine()->gicd));
	gicr_write(GICR_IGROUPR0, ~UINT32_C(0));
	gicr_write(GICR_ISENABLER0, SGI_BIT);
	set_priority(0x80);
	write_sysreg(ICC_SRE_EL2, 0xf);
	isb();
	write_sysreg(ICC_PMR_EL1, 0xf0);
	write_sysreg(ICC_CTLR_EL1, 0);
	write_sysreg(ICC_IGRPEN0_EL1, 1);
	write_sysreg(ICC_IGRPEN1_EL1, 1);
	isb();
}

static void off(void)
{
	gicr_write(GICR_ICACTIVER0, SGIS);
	gicr_write(GICR_ICPENDR0, SGIS);
	gicr_write(GICR_ICENABLER0, SGI_BIT);
	gicr_write(GICR_IGROUPR0, 0);
	set_priority(0);
	write_sysreg(ICC_IGRPEN0_EL1, 0);
	write_sysreg(ICC_IGRPEN1_EL1, 0);
	isb();
}

static uint64_t acknowledge(void)
{
	uint64_t intid = read_sysreg(ICC_IAR1_EL1);

	dsb(sy);
	return intid;
}

static void end(uint64_t intid)
{
	write_sysreg(ICC_EOIR1_EL1, intid);
	isb();
}

static void show(const char *when)
{
	visible_value(when, gicr_read(GICR_ISACTIVER0) & SGIS);
	visible_value("pending", gicr_read(GICR_ISPENDR0) & SGIS);
	visible_value("HPPIR1", read_sysreg(ICC_HPPIR1_EL1));
	visible_value("RPR", read_sysreg(ICC_RPR_EL1));
}

/* What EL2 may change about an interrupt of its own. */
static void higher(void)
{
	set_priority(0x40);
}

static void lower(void)
{
	set_priority(0xc0);
}

static void to_group_0(void)
{
	gicr_write(GICR_IGROUPR0, ~SGI_BIT);
}

static void there_and_back(void)
{
	to_group_0();
	lower();
	gicr_write(GICR_IGROUPR0, ~UINT32_C(0));
	set_priority(0x80);
}

static void disable(void)
{
	gicr_write(GICR_ICENABLER0, SGI_BIT);
}

static void leave(void)
{
}

static const struct {
	const char *name;
	void (*change)(void);
} changes[] = {
	{ "nothing", leave },
	{ "higher priority", higher },
	{ "lower priority", lower },
	{ "Group 0", to_group_0 },
	{ "other ones, and back", there_and_back },
	{ "disabled", disable },
};

/* Acknowledged, changed, perhaps sent again, and ended. */
static void change_while_active(unsigned n, bool again)
{
	uint64_t intid;

	on();
	visible_prefix("active, then %s%s:", changes[n].name, again ? ", sent again" : "");
	gicr_write(GICR_ISPENDR0, SGI_BIT);
	intid = acknowledge();
	visible_value("IAR1", intid);
	changes[n].change();
	if (again)
		gicr_write(GICR_ISPENDR0, SGI_BIT);
	show("active");
	end(intid);
	show("active, ended");
	intid = acknowledge();
	visible_value("IAR1", intid);
	if (intid == SGI) {
		visible_value("RPR", read_sysreg(ICC_RPR_EL1));
		end(intid);
	}
	show("active at last");
	off();
}

/* The same with EOImode 1: the priority falls first, and ICC_DIR_EL1 deactivates. */
static void change_and_deactivate(unsigned n)
{
	uint64_t intid;

	on();
	write_sysreg(ICC_CTLR_EL1, ICC_CTLR_EOIMODE);
	isb();
	visible_prefix("EOImode 1, %s:", changes[n].name);
	gicr_write(GICR_ISPENDR0, SGI_BIT);
	intid = acknowledge();
	changes[n].change();
	end(intid);
	show("active, dropped");
	changes[n].change();
	write_sysreg(ICC_DIR_EL1, intid);
	isb();
	show("active, deactivated");
	write_sysreg(ICC_CTLR_EL1, 0);
	off();
}

void topic_distributor(void)
{
	for (unsigned n = 0; n < sizeof(changes) / sizeof(changes[0]); n++) {
		change_while_active(n, false);
		change_while_active(n, true);
		change_and_deactivate(n);
	}
}
