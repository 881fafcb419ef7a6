/*
 * Does a timer that vEL2 arms interrupt when it is due, as long as its line is high and no longer?  Between arming and the interrupt
 * nothing traps that vEL2 could help.  Reads: irq.h.
 */
#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"
#include "nv/arch/fields.h"
#include "tests/guests/irq/irq.h"

#define EL1H_MASKED 0x3c5
#define GICR_ISENABLER0 0x10100
#define GICR_ISPENDR0 0x10200
#define GICR_ICACTIVER0 0x10380
#define FAR_AWAY (UINT64_C(1) << 62)
#define A_WHILE 200 /* part of a second */
#define LIMIT 1000  /* part of a second: docs/interrupts.md */
#define SLACK 20000 /* for what L0 and the handler do */

extern const char storm_guest[];

struct timer {
	const char *name;
	uint32_t intid;
	void (*ctl)(uint64_t value);
	void (*cval)(uint64_t value);
};

#define WRITERS(id, ctl, cval)                \
	static void id##_ctl(uint64_t value)  \
	{                                     \
		write_sysreg(ctl, value);     \
		isb();                        \
	}                                     \
	static void id##_cval(uint64_t value) \
	{                                     \
		write_sysreg(cval, value);    \
		isb();                        \
	}
WRITERS(hp, CNTHP_CTL_EL2, CNTHP_CVAL_EL2)
WRITERS(hv, S3_4_C14_C3_1, S3_4_C14_C3_2)
WRITERS(p, CNTP_CTL_EL0, CNTP_CVAL_EL0)
WRITERS(v, CNTV_CTL_EL0, CNTV_CVAL_EL0)
WRITERS(p_el02, S3_5_C14_C2_1, S3_5_C14_C2_2)
WRITERS(v_el02, S3_5_C14_C3_1, S3_5_C14_C3_2)

#define TIMER(intid, id, name)                   \
	{                                        \
		name, intid, id##_ctl, id##_cval \
	}                                        \
	/* their INTIDs are those of firn's device tree */
static const struct timer vhe_timers[] = {
	TIMER(26, hp, "CNTHP"),	       TIMER(28, hv, "CNTHV"),	       TIMER(26, p, "CNTP with E2H"),
	TIMER(28, v, "CNTV with E2H"), TIMER(30, p_el02, "CNTP_EL02"), TIMER(27, v_el02, "CNTV_EL02"),
};
static const struct timer nvhe_timers[] = {
	TIMER(26, hp, "CNTHP"),
	TIMER(28, hv, "CNTHV"),
	TIMER(30, p, "CNTP"),
	TIMER(27, v, "CNTV"),
};

static const struct timer *current;
static volatile unsigned taken;
static volatile uint64_t at;
static uint32_t pending_while_active, pending_when_masked;
static bool forwards;	    /* the interrupt is dropped, not ended, and the timer left as it is */
static uint64_t high_until; /* the line stays high until then, whatever its interrupts do */

static uint64_t now(void)
{
	isb();
	return read_sysreg(CNTPCT_EL0);
}

static uint64_t part(unsigned of_a_second)
{
	return read_sysreg(CNTFRQ_EL0) / of_a_second;
}

static uint32_t is_pending(void)
{
	return mmio_read(gic_redistributor(smp_self()) + GICR_ISPENDR0) >> current->intid & 1;
}

/* Masks the timer, as a guest hypervisor does that has got the interrupt for its guest; or leaves the line high. */
static bool on_irq(struct rt_frame *frame, unsigned vector)
{
	uint32_t intid = (uint32_t)read_sysreg(ICC_IAR1_EL1);

	(void)vector;
	(void)frame;
	if (intid != current->intid)
		return true;
	at = read_sysreg(CNTPCT_EL0);
	taken++;
	if (forwards) {
		write_sysreg(ICC_EOIR1_EL1, intid);
		return true;
	}
	if (at >= high_until) {
		pending_while_active = is_pending();
		current->ctl(CNT_CTL_ENABLE | CNT_CTL_IMASK);
		pending_when_masked = is_pending();
	}
	write_sysreg(ICC_EOIR1_EL1, intid);
	isb();
	return true;
}

static void spin_until(uint64_t end)
{
	__asm__ volatile("msr daifclr, #2" ::: "memory");
	while (now() < end)
		;
	__asm__ volatile("msr daifset, #2" ::: "memory");
}

static void expect_at(uint64_t due, const char *what)
{
	if (taken != 1)
		rt_fail("%s, %s: %u interrupts", current->name, what, taken);
	if (at < due || at - due > part(LIMIT) + part(SLACK))
		rt_fail("%s, %s: %ld ticks late", current->name, what, (long)(at - due));
	if (!pending_while_active || pending_when_masked)
		rt_fail("%s, %s: pending %u while active, %u when masked", current->name, what,
			pending_while_active, pending_when_masked);
}

/* Armed, and masked by its handler: one interrupt. */
static void fires_once(const char *what)
{
	uint64_t due = now() + part(A_WHILE);

	taken = 0;
	current->cval(due);
	current->ctl(CNT_CTL_ENABLE);
	spin_until(due + part(A_WHILE));
	expect_at(due, what);
	current->ctl(0);
}

/* Armed for a time that never comes, and moved to one that has passed. */
static void fires_when_moved(void)
{
	uint64_t since;

	taken = 0;
	current->cval(FAR_AWAY);
	current->ctl(CNT_CTL_ENABLE);
	since = now();
	current->cval(0);
	spin_until(since + part(A_WHILE));
	expect_at(since, "moved");
	current->ctl(0);
}

/* The same by CNTVOFF_EL2, which counts for EL1's virtual timer. */
static void fires_by_its_offset(void)
{
	uint64_t since;

	taken = 0;
	current->cval(FAR_AWAY);
	current->ctl(CNT_CTL_ENABLE);
	since = now();
	write_sysreg(CNTVOFF_EL2, -FAR_AWAY);
	isb();
	spin_until(since + part(A_WHILE));
	expect_at(since, "by its offset");
	write_sysreg(CNTVOFF_EL2, 0);
	current->ctl(0);
}

/* The line falls while the interrupt is pending and masked in PSTATE. */
static void falls_in_time(uint64_t ctl, uint64_t cval, const char *what)
{
	uint64_t end = now() + part(A_WHILE);

	taken = 0;
	current->cval(0);
	current->ctl(CNT_CTL_ENABLE);
	while (!is_pending())
		if (now() > end)
			rt_fail("%s, %s: never pending", current->name, what);
	current->cval(cval);
	current->ctl(ctl);
	if (is_pending())
		rt_fail("%s, %s: pending", current->name, what);
	spin_until(now() + part(A_WHILE));
	if (taken)
		rt_fail("%s, %s: %u interrupts", current->name, what, taken);
	current->ctl(0);
}

/* With a guest entered just before, and without: what traps is not the same then. */
static void visit(void)
{
	guest_visit((uint64_t)storm_guest, EL1H_MASKED, 0, 0);
}

/*
 * The interrupt goes to the guest in a list register with pINTID, as a guest hypervisor does it; the guest comes back without having taken
 * it, and it is ended here. The line is high still, so that it comes again, once.
 */
static void comes_back_from_the_guest(void)
{
	uint64_t due = now();

	taken = 0;
	forwards = true;
	write_sysreg(ICC_CTLR_EL1, ICC_CTLR_EOIMODE);
	current->cval(due);
	current->ctl(CNT_CTL_ENABLE);
	spin_until(due + part(A_WHILE));
	if (taken != 1)
		rt_fail("%s, forwarded: %u interrupts", current->name, taken);
	write_sysreg(ICH_LR0_EL2, ICH_LR_HW | ICH_LR_PENDING | ICH_LR_GROUP |
					  field_put(ICH_LR_PINTID, current->intid) |
					  field_put(ICH_LR_VINTID, current->intid));
	write_sysreg(ICH_HCR_EL2, ICH_HCR_EN);
	visit();
	write_sysreg(ICH_HCR_EL2, 0);
	write_sysreg(ICH_LR0_EL2, 0);
	write_sysreg(ICC_CTLR_EL1, 0);
	forwards = false;
	taken = 0;
	due = now();
	mmio_write(gic_redistributor(smp_self()) + GICR_ICACTIVER0, UINT32_C(1) << current->intid);
	spin_until(due + part(A_WHILE));
	expect_at(due, "forwarded, and back");
	current->ctl(0);
}

static void one_timer(const struct timer *t)
{
	current = t;
	mmio_write(gic_redistributor(smp_self()) + GICR_ISENABLER0, UINT32_C(1) << t->intid);
	fires_once("armed");
	fires_when_moved();
	falls_in_time(CNT_CTL_ENABLE | CNT_CTL_IMASK, 0, "masked");
	falls_in_time(0, 0, "off");
	visit();
	fires_once("armed after a visit");
	visit();
	fires_when_moved();
	visit();
	falls_in_time(CNT_CTL_ENABLE, FAR_AWAY, "moved away");
	if (t->intid == 27 || t->intid == 30)
		comes_back_from_the_guest();
	if (t->intid != 27)
		return;
	fires_by_its_offset();
	visit();
	fires_by_its_offset();
}

static void begin(void)
{
	gic_on();
	rt_set_hook(RT_IRQ, on_irq);
	rt_set_hook(RT_LOWER_SYNC, guest_comes_back);
}

void irq_timers(void)
{
	bool vhe = rt_vhe();
	const struct timer *timers = vhe ? vhe_timers : nvhe_timers;

	begin();
	for (unsigned i = 0; i < (vhe ? sizeof(vhe_timers) : sizeof(nvhe_timers)) / sizeof(*timers); i++)
		one_timer(&timers[i]);
}

/* An interrupt whose handler ends it and leaves the line high comes again at once: this vCPU does nothing else. */
void irq_level(void)
{
	begin();
	current = rt_vhe() ? &vhe_timers[1] : &nvhe_timers[3];
	high_until = read_sysreg(CNTFRQ_EL0) * 3 / 5;
	mmio_write(gic_redistributor(smp_self()) + GICR_ISENABLER0, UINT32_C(1) << current->intid);
	current->cval(0);
	current->ctl(CNT_CTL_ENABLE);
	spin_until(high_until);
	current->ctl(0);
	rt_print("storm of %u\n", taken);
}
