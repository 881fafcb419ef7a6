/* A PL031 of the machine, assigned to this VM: does each of its interrupts come exactly once?  Reads: irq.h. */
#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"
#include "nv/arch/fields.h"
#include "tests/guests/irq/irq.h"

#define RTC UINT64_C(0x09010000)
#define RTCDR (RTC + 0x00)
#define RTCMR (RTC + 0x04)
#define RTCLR (RTC + 0x08)
#define RTCCR (RTC + 0x0c)
#define RTCIMSC (RTC + 0x10)
#define RTCRIS (RTC + 0x14)
#define RTCICR (RTC + 0x1c)
#define RTC_INTID 34U

#define GICD_CTLR 0x000
#define GICD_CTLR_GROUPS 3U
#define GICD_ISENABLER1 0x104
#define GICD_ICENABLER1 0x184
#define GICD_ISPENDR1 0x204
#define GICD_ICPENDR1 0x284
#define GICD_ISACTIVER1 0x304
#define GICD_ICACTIVER1 0x384
#define GICD_IGROUPR1 0x084
#define GICD_IPRIORITYR 0x400
#define GICD_IROUTER 0x6000
#define RTC_BIT (UINT32_C(1) << (RTC_INTID % 32))

/* VMSAv8-64 stage 2, 4 KiB granule: AF, S2AP read and write */
#define S2_BLOCK (BIT(10) | BITS(7, 6) | 1)
#define S2_NORMAL (BITS(9, 8) | BITS(5, 2))
#define S2_DEVICE_NGNRE BIT(2)
#define GIB (UINT64_C(1) << 30)
#define IPA_BITS 39 /* begins at level 1 */

#define ROUNDS 100
#define NOTHING 1023
#define LOADED UINT64_C(1000)
#define AT_EL1_MASKED 0x3c5
#define CNT_A_WHILE 50 /* part of a second that an interrupt would surely come in */

#define SYSTEM_RESET 0x84000009U
#define MARK UINT64_C(0x5eed5eed5eed0000)
#define MARK_OFFSET (UINT64_C(16) << 20)

extern const char rtc_guest[], rtc_byte[], rtc_double[], storm_guest[];

static uint64_t gicd(uint64_t offset)
{
	return rt_machine()->gicd + offset;
}

/* The alarm is now: the line rises. Between two seconds the clock may pass it by; then it is set again. */
static void raise(void)
{
	do {
		mmio_write(RTCLR, LOADED);
		mmio_write(RTCMR, mmio_read(RTCDR));
	} while (!(mmio_read(RTCRIS) & 1));
}

static void clear(void)
{
	mmio_write(RTCMR, 0);
	mmio_write(RTCICR, 1);
}

static uint32_t acknowledge(void)
{
	uint32_t intid = (uint32_t)read_sysreg(ICC_IAR1_EL1);

	dsb(sy);
	return intid;
}

/* Waits for it. WFI ends for other reasons too. */
static void take(const char *how)
{
	uint32_t intid;

	while ((intid = acknowledge()) == NOTHING)
		__asm__ volatile("wfi" ::: "memory");
	if (intid != RTC_INTID)
		rt_fail("%s: interrupt %u came, not the clock's", how, intid);
}

static void none(const char *how)
{
	uint64_t end = read_sysreg(CNTPCT_EL0) + read_sysreg(CNTFRQ_EL0) / CNT_A_WHILE;
	uint32_t intid;

	do
		if ((intid = acknowledge()) != NOTHING)
			rt_fail("%s: interrupt %u came once too often", how, intid);
	while (read_sysreg(CNTPCT_EL0) < end);
	if (mmio_read(gicd(GICD_ISACTIVER1)) & RTC_BIT)
		rt_fail("%s: it is still active", how);
}

static void end(void)
{
	write_sysreg(ICC_EOIR1_EL1, RTC_INTID);
	isb();
}

static void eoi_mode(uint64_t mode)
{
	write_sysreg(ICC_CTLR_EL1, mode);
	isb();
}

static void by_eoi(void)
{
	for (unsigned i = 0; i < ROUNDS; i++) {
		raise();
		take("EOI");
		clear();
		end();
	}
	none("EOI");
}

/* The line stays high over the first ends: it comes again each time, and not before the end. */
static void by_level(void)
{
	raise();
	for (unsigned i = 0; i < ROUNDS; i++) {
		take("level");
		if (acknowledge() != NOTHING)
			rt_fail("level: it came again while active");
		if (i == ROUNDS - 1)
			clear();
		end();
	}
	none("level");
}

static void by_dir(void)
{
	eoi_mode(ICC_CTLR_EOIMODE);
	for (unsigned i = 0; i < ROUNDS; i++) {
		raise();
		take("DIR");
		end();
		clear();
		write_sysreg(ICC_DIR_EL1, RTC_INTID);
		isb();
	}
	none("DIR");
}

/* Deactivated by the distributor; before that, the line high, it does not come. */
static void by_mmio(void)
{
	for (unsigned i = 0; i < ROUNDS; i++) {
		raise();
		take("ICACTIVER");
		end();
		if (acknowledge() != NOTHING)
			rt_fail("ICACTIVER: it came again while active");
		clear();
		mmio_write(gicd(GICD_ICACTIVER1), RTC_BIT);
	}
	none("ICACTIVER");
	eoi_mode(0);
}

/* Pending and not enabled: the line falls, and ICPENDR takes it away. The next one comes. */
static void by_clearing(void)
{
	mmio_write(gicd(GICD_ICENABLER1), RTC_BIT);
	for (unsigned i = 0; i < ROUNDS; i++) {
		raise();
		while (!(mmio_read(gicd(GICD_ISPENDR1)) & RTC_BIT))
			;
		clear();
		mmio_write(gicd(GICD_ICPENDR1), RTC_BIT);
	}
	mmio_write(gicd(GICD_ISENABLER1), RTC_BIT);
	none("ICPENDR");
	raise();
	take("after ICPENDR");
	clear();
	end();
}

static unsigned left_by;

static bool leaves(struct rt_frame *frame, unsigned vector)
{
	left_by = vector;
	return guest_comes_back(frame, vector);
}

/* The guest acknowledges, clears the line if told so, and ends a list register that is linked. If the line is high then, that is an interrupt of L1's. */
static void at_l2(bool clears)
{
	uint64_t intid;

	write_sysreg(ICH_LR0_EL2, ICH_LR_PENDING | ICH_LR_HW | ICH_LR_GROUP |
					  field_put(ICH_LR_PINTID, RTC_INTID) |
					  field_put(ICH_LR_VINTID, RTC_INTID));
	write_sysreg(ICH_VMCR_EL2, ICH_VMCR_VENG1 | field_put(ICH_VMCR_VPMR, 0xff));
	write_sysreg(ICH_HCR_EL2, ICH_HCR_EN);
	isb();
	intid = guest_visit((uint64_t)rtc_guest, AT_EL1_MASKED, clears ? RTC : 0, 0);
	if (intid != (RTC_INTID | (clears ? LOADED << 32 : 0)))
		rt_fail("L2 acknowledged %lu and read RTCLR as %lu", intid & BITS(31, 0), intid >> 32);
	if (left_by != (clears ? RT_LOWER_SYNC : RT_LOWER_IRQ))
		rt_fail("L2 ended by vector %u", left_by);
	if (read_sysreg(ICH_LR0_EL2) & ICH_LR_STATE)
		rt_fail("L2's list register is not empty");
	write_sysreg(ICH_HCR_EL2, 0);
	isb();
}

/* Blocks of 1 GiB, each at its own address: devices, and RAM. */
static void stage2_on(void)
{
	uint64_t *table = rt_page();

	table[0] = S2_BLOCK | S2_DEVICE_NGNRE;
	table[1] = GIB | S2_BLOCK | S2_NORMAL;
	dsb(sy);
	write_sysreg(VTCR_EL2, VTCR_RES1 | field_put(VTCR_PS, 1) | field_put(VTCR_SL0, 1) |
				       field_put(VTCR_T0SZ, 64 - IPA_BITS));
	write_sysreg(VTTBR_EL2, table);
	write_sysreg(HCR_EL2, read_sysreg(HCR_EL2) | HCR_VM);
	isb();
	tlbi(vmalls12e1);
	dsb(nsh);
	isb();
}

/* L0 carries out accesses of 32 bits for L2: nothing answers others. */
static void expect_abort(const char *guest)
{
	uint64_t hcr = read_sysreg(HCR_EL2), esr;

	write_sysreg(HCR_EL2, hcr | HCR_TEA);
	isb();
	guest_visit((uint64_t)guest, AT_EL1_MASKED, RTC, 0);
	esr = read_sysreg(ESR_EL2);
	write_sysreg(HCR_EL2, hcr);
	isb();
	if (field_get(ESR_EC, esr) != EC_DABT_LOW || (esr & ESR_DFSC) != FSC_EXTERNAL)
		rt_fail("a read of a wrong size ended with ESR_EL2 0x%lx", esr);
}

static void by_l2(void)
{
	eoi_mode(ICC_CTLR_EOIMODE);
	for (unsigned i = 0; i < ROUNDS; i++) {
		bool again = i % 2;

		raise();
		take("L2");
		end();
		at_l2(!again);
		if (again) { /* the line is still high */
			take("L2, again");
			clear();
			end();
			write_sysreg(ICC_DIR_EL1, RTC_INTID);
			isb();
		}
	}
	none("L2");
	eoi_mode(0);
}

/* The other vCPU wants the CPU all the time. */
static volatile bool competes, over;

static void compete(unsigned index)
{
	(void)index;
	competes = true;
	while (!over)
		__asm__ volatile("yield");
}

/* The clock's interrupt enabled on this vCPU, with its line as it is. */
static void set_up(void)
{
	rt_set_hook(RT_LOWER_SYNC, leaves);
	rt_set_hook(RT_LOWER_IRQ, leaves);
	gic_on();
	mmio_write(gicd(GICD_IGROUPR1), ~0U);
	mmio_write(gicd(GICD_IPRIORITYR + (RTC_INTID & ~3U)), 0x80808080);
	mmio_write(gicd(GICD_IROUTER + 8UL * RTC_INTID), (uint32_t)(read_sysreg(MPIDR_EL1) & 0xffffff));
	mmio_write(gicd(GICD_ISENABLER1), RTC_BIT);
}

void irq_rtc(void)
{
	clear();
	set_up();
	mmio_write(RTCCR, 1);
	mmio_write(RTCIMSC, 1);
	if (smp_count() > 1 && smp_start(1, compete))
		rt_fail("CPU_ON");
	by_eoi();
	by_level();
	by_dir();
	by_mmio();
	by_clearing();
	by_l2();
	stage2_on();
	by_l2();
	expect_abort(rtc_byte);
	expect_abort(rtc_double);
	over = true;
	smp_join();
}

/* --- reset --- */

static void wait_until_pending(void)
{
	while (!(mmio_read(gicd(GICD_ISPENDR1)) & RTC_BIT))
		;
}

static void reset(void)
{
	rt_psci(SYSTEM_RESET, 0, 0, 0);
	rt_fail("SYSTEM_RESET came back");
}

static void leave_disabled(void)
{
	mmio_write(gicd(GICD_ICENABLER1), RTC_BIT);
	raise();
	wait_until_pending();
}

static void leave_pending(void)
{
	raise();
	wait_until_pending();
}

static void leave_active(void)
{
	raise();
	take("active");
}

static void leave_dropped(void)
{
	eoi_mode(ICC_CTLR_EOIMODE);
	leave_active();
	end();
}

/* L2's, in a list register that is linked; L2 has run with it. */
static void leave_with_l2(void)
{
	leave_dropped();
	write_sysreg(ICH_LR0_EL2, ICH_LR_ACTIVE | ICH_LR_HW | ICH_LR_GROUP |
					  field_put(ICH_LR_PINTID, RTC_INTID) |
					  field_put(ICH_LR_VINTID, RTC_INTID));
	write_sysreg(ICH_HCR_EL2, ICH_HCR_EN);
	isb();
	guest_visit((uint64_t)storm_guest, AT_EL1_MASKED, 0, 0);
}

static void reset_from_here(unsigned index)
{
	(void)index;
	reset();
}

/* Another vCPU asks for the reset, while this one runs with it. */
static void leave_to_another(void)
{
	leave_active();
	if (smp_count() > 1 && smp_start(1, reset_from_here))
		rt_fail("CPU_ON");
	while (smp_count() > 1)
		;
}

/* Another vCPU still runs when this one, where the interrupts go, has stopped. */
static void leave_beside_another(void)
{
	leave_active();
	if (smp_count() == 1)
		return;
	if (smp_start(1, compete))
		rt_fail("CPU_ON");
	while (!competes)
		;
}

static const struct {
	const char *name;
	void (*leave)(void);
} left[] = {
	{ "reset while pending and disabled", leave_disabled },
	{ "reset while pending", leave_pending },
	{ "reset while active", leave_active },
	{ "reset after the priority drop", leave_dropped },
	{ "reset while L2 has it", leave_with_l2 },
	{ "reset by another vCPU", leave_to_another },
	{ "reset beside another vCPU", leave_beside_another },
};
#define LEFT (sizeof(left) / sizeof(left[0]))

/* The GIC is as it was at power-on; the clock is not, its line is high. */
static void check_reset(const char *how)
{
	if ((mmio_read(gicd(GICD_ISENABLER1)) | mmio_read(gicd(GICD_ISACTIVER1)) |
	     mmio_read(gicd(GICD_IGROUPR1))) &
	    RTC_BIT)
		rt_fail("%s: it is enabled, active or in Group 1", how);
	if (mmio_read(gicd(GICD_IPRIORITYR + (RTC_INTID & ~3U))) ||
	    mmio_read(gicd(GICD_IROUTER + 8UL * RTC_INTID)) ||
	    (mmio_read(gicd(GICD_CTLR)) & GICD_CTLR_GROUPS))
		rt_fail("%s: its priority, its route or the groups are not as out of reset", how);
	wait_until_pending();
	set_up();
	take(how);
	clear();
	end();
	none(how);
	raise();
	take(how);
	clear();
	end();
	none(how);
}

/* RAM keeps what was written to it, and counts. */
void irq_rtc_reset(void)
{
	volatile uint64_t *mark = (volatile uint64_t *)(rt_machine()->ram + MARK_OFFSET);
	uint64_t round = *mark - MARK;

	if (round > LEFT) {
		round = 0;
		clear();
		set_up();
		mmio_write(RTCCR, 1);
		mmio_write(RTCIMSC, 1);
	} else {
		check_reset(left[round - 1].name);
	}
	if (round == LEFT)
		return;
	*mark = MARK + round + 1;
	__asm__ volatile("dc civac, %0\n\tdsb sy" ::"r"(mark) : "memory");
	left[round].leave();
	reset();
}
