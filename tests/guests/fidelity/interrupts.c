/*
 * What do interrupts do at each level, and to what waits for them?  Physical ones from SGIs and timers with every routing, and virtual
 * ones from list registers and HCR_EL2, which EL1 acknowledges and ends. WFI is executed where something is pending only, so that it
 * ends.  Reads: steps.h.
 */
#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"
#include "tests/guests/fidelity/steps.h"

#define INSN_WFET_X0 UINT32_C(0xd5031000)
#define INSN_WFIT_X0 UINT32_C(0xd5031020)
#define GICD_CTLR_ENABLE UINT32_C(0x12) /* ARE, EnableGrp1 */
#define GICD_CTLR_GROUP0 UINT32_C(1)
#define GICR_IGROUPR0 0x080
#define GICR_ISENABLER0 0x100
#define GICR_ICENABLER0 0x180
#define GICR_ISPENDR0 0x200
#define GICR_ICPENDR0 0x280
#define GICR_ISACTIVER0 0x300
#define GICR_ICACTIVER0 0x380
#define GICR_IPRIORITYR 0x400
#define PMR_ALL 0xf8
#define NO_INTERRUPT 1023

static volatile uint32_t *gicr(uint32_t offset)
{
	return (volatile uint32_t *)(rt_machine()->gicr + 0x10000 + offset);
}

static void settle(void)
{
	dsb(sy);
	isb();
}

/* --- physical interrupts --- */

static void interface_on(bool on)
{
	write_sysreg(S3_0_C4_C6_0, on ? PMR_ALL : 0); /* ICC_PMR_EL1 */
	write_sysreg(S3_0_C12_C12_6, on);	      /* ICC_IGRPEN0_EL1 */
	write_sysreg(S3_0_C12_C12_7, on);	      /* ICC_IGRPEN1_EL1 */
	isb();
}

static void enable(unsigned intid, bool group1)
{
	*gicr(GICR_IGROUPR0) = group1 ? ~0U : ~BIT(intid) & ~0U;
	*gicr(GICR_ICACTIVER0) = UINT32_C(1) << intid;
	*gicr(GICR_ISENABLER0) = UINT32_C(1) << intid;
	settle();
}

static void disable(unsigned intid)
{
	*gicr(GICR_ICENABLER0) = UINT32_C(1) << intid;
	*gicr(GICR_ICPENDR0) = UINT32_C(1) << intid;
	*gicr(GICR_ICACTIVER0) = UINT32_C(1) << intid;
	*gicr(GICR_IGROUPR0) = ~0U;
	settle();
}

#define SGIS 8
#define PRIORITY UINT32_C(0x80)
#define BELOW_PRIORITY UINT32_C(0x78787878) /* higher ones: one that the mask lets through ends a WFI */

/* Of SGIs: all the same, or any. */
static void priorities(struct chance *c)
{
	for (unsigned n = 0; n < SGIS; n += 4)
		*gicr(GICR_IPRIORITYR + n) =
			c ? (uint32_t)chance_any(c) & BELOW_PRIORITY : PRIORITY * 0x01010101U;
}

/* What of a priority counts for preemption, for each group. */
static void binary_points(uint64_t bpr0, uint64_t bpr1)
{
	visible_write(ENC_ICC_BPR0_EL1, bpr0);
	visible_write(ENC_ICC_BPR1_EL1, bpr1);
}

/* EL2 acknowledges and ends what is there. */
static uint64_t acknowledge(bool group1, bool verbose)
{
	uint64_t intid = group1 ? get(ICC_IAR1_EL1) : get(ICC_IAR0_EL1), seen = intid;

	seen = steps_mixed(seen, get(ICC_RPR_EL1));
	if (intid < NO_INTERRUPT)
		visible_write(group1 ? ENC_ICC_EOIR1_EL1 : ENC_ICC_EOIR0_EL1, intid);
	isb();
	if (verbose)
		visible_value("acknowledged", intid);
	return steps_mixed(seen, get(ICC_RPR_EL1));
}

/* Who takes them: EL2 with the one or the other bit, EL1, or EL2 by TGE. */
static uint64_t random_routing(struct chance *c)
{
	static const uint64_t routing[] = {
		0, HCR_IMO, HCR_FMO, HCR_IMO | HCR_FMO, HCR_IMO | HCR_FMO, HCR_TGE
	};

	return routing[chance_of(c, COUNT(routing))];
}

/* With TGE there is no EL1. */
static unsigned random_level(struct chance *c, uint64_t routing)
{
	unsigned level = chance_of(c, 3);

	return routing & HCR_TGE && level == 1 ? 0 : level;
}

#define ROUTING (HCR_IMO | HCR_FMO | HCR_TGE)

/* An SGI is pending, and meets a level that has it masked or not. */
uint64_t step_interrupt(struct chance *c, bool verbose)
{
	static const uint32_t words[] = { INSN_WFI, INSN_WFI, INSN_NOP, INSN_ESB };
	unsigned intid = 1 + chance_of(c, 7), level;
	bool group1 = chance_of(c, 4);
	uint32_t word = words[chance_of(c, COUNT(words))];
	uint64_t hcr = read_sysreg(HCR_EL2), routing = random_routing(c), pstate, seen, isr;

	level = random_level(c, routing);
	pstate = steps_levels[level] & ~((chance_of(c, 2) ? PSTATE_I : 0) | (chance_of(c, 2) ? PSTATE_F : 0));
	enable(intid, group1);
	if (chance_of(c, 2))
		priorities(c);
	if (chance_of(c, 4) == 0)
		binary_points(2 + chance_of(c, 6), 3 + chance_of(c, 5));
	interface_on(true);
	write_sysreg(HCR_EL2, (hcr & ~ROUTING) | routing);
	isb();
	visible_write(group1 ? ENC_ICC_SGI1R_EL1 : ENC_ICC_SGI0R_EL1, (uint64_t)intid << 24 | 1);
	settle();
	(void)get(MDCR_EL2); /* a trap, where HCR_EL2 is memory */
	visible_prefix("SGI %lx of group %lx, HCR_EL2 %lx, %lx at %s PSTATE %lx", (uint64_t)intid,
		       (uint64_t)group1, routing, (uint64_t)word, steps_level_names[level], pstate);
	isr = get(ISR_EL1);
	if (verbose)
		visible_value("ISR_EL1", isr);
	seen = steps_mixed(isr, steps_seen("", visible_try(word, pstate, 0, 0), false, verbose));
	seen = steps_mixed(seen, acknowledge(group1, verbose));
	write_sysreg(HCR_EL2, hcr);
	interface_on(false);
	disable(intid);
	return seen;
}

/*
 * A level arms a timer and waits, with its interrupt masked: then all that it does is done when it goes on. Expired already, or soon: the
 * interrupt is pending after the wait in any case.
 */
uint64_t step_timer_interrupt(struct chance *c, bool verbose)
{
	static const struct {
		const char *name;
		unsigned ctl, cval, level;
	} timers[] = { { "CNTP", ENC_CNTP_CTL_EL0, ENC_CNTP_CVAL_EL0, 1 },
		       { "CNTV", ENC_CNTV_CTL_EL0, ENC_CNTV_CVAL_EL0, 1 },
		       { "CNTHP", ENC_CNTHP_CTL_EL2, ENC_CNTHP_CVAL_EL2, 2 } };
	const struct rt_machine *m = rt_machine();
	const uint32_t intids[] = { m->timer_phys_intid, m->timer_virt_intid, m->timer_hyp_intid };
	unsigned i = chance_of(c, COUNT(timers)), level = timers[i].level;
	bool soon = chance_of(c, 2), routed = level == 2 || chance_of(c, 2);
	uint64_t hcr = read_sysreg(HCR_EL2), seen, code, cval;
	const struct outcome *o;

	enable(intids[i], true);
	interface_on(true);
	write_sysreg(CNTVOFF_EL2, 0);
	write_sysreg(HCR_EL2, (hcr & ~(ROUTING | HCR_TWI)) | (routed ? HCR_IMO | HCR_FMO : 0));
	isb();
	code = visible_code(steps_levels[level], INSN_MSR(timers[i].cval, 0), INSN_MSR(timers[i].ctl, 1),
			    INSN_ISB, INSN_WFI, INSN_MRS(timers[i].ctl, 0), INSN_MSR(timers[i].ctl, 31));
	cval = soon ? read_sysreg(CNTPCT_EL0) + 2000 : 0;
	visible_prefix("%s at %s, %s, %s", timers[i].name, steps_level_names[level],
		       soon ? "soon" : "expired", routed ? "to EL2" : "to EL1");
	/* Where EL2 takes it, EL1's mask does not count: where that is, is free. */
	o = visible_run(code, steps_levels[level], cval, 1);
	if (routed && level == 1 && o->vector == RT_LOWER_IRQ) {
		if (verbose)
			visible_value("interrupt", 1);
		seen = 1;
	} else {
		seen = steps_seen("", o, true, verbose);
	}
	seen = steps_mixed(seen, o->vector == RT_LOWER_IRQ ? acknowledge(true, verbose) : 0);
	/* Its line is still high: nothing may come before it is low. */
	interface_on(false);
	visible_run(
		visible_code(steps_levels[level], INSN_MSR(timers[i].ctl, 31), INSN_MSR(timers[i].cval, 31)),
		steps_levels[level], 0, 0);
	write_sysreg(HCR_EL2, hcr);
	isb();
	disable(intids[i]);
	return seen;
}

/*
 * WFI and WFE with nothing to wait for: EL1 or EL2 traps the one, and hardware (QEMU) never waits in the other. WFIT and WFET have a time-out
 * that is past, or one that is far.
 */
uint64_t step_wait(struct chance *c, bool verbose)
{
	static const struct {
		const char *name;
		uint32_t word;
	} waits[] = {
		{ "WFI", INSN_WFI }, { "WFE", INSN_WFE }, { "WFIT", INSN_WFIT_X0 }, { "WFET", INSN_WFET_X0 }
	};
	unsigned level = chance_of(c, 2), i = chance_of(c, COUNT(waits));
	uint64_t timeout = chance_of(c, 2) ? 0 : ~UINT64_C(0);
	bool open = chance_of(c, 2);
	uint64_t hcr = read_sysreg(HCR_EL2), seen;

	write_sysreg(HCR_EL2, (hcr & ~(ROUTING | HCR_TWE)) | HCR_TWI | (chance_of(c, 2) ? HCR_TWE : 0));
	set_el1(SCTLR, SCTLR_EL1_RES1 | SCTLR_SPAN | (open ? SCTLR_NTWI | SCTLR_NTWE : 0));
	isb();
	visible_prefix("%s %lx at %s, SCTLR_EL1.nTWI %lx", waits[i].name, timeout, steps_level_names[level],
		       (uint64_t)open);
	seen = steps_seen("", visible_try(waits[i].word, steps_levels[level], timeout, 0), false, verbose);
	set_el1(SCTLR, SCTLR_EL1_RES1 | SCTLR_SPAN);
	write_sysreg(HCR_EL2, hcr);
	isb();
	return seen;
}

/* --- virtual interrupts --- */

#define LRS 4

static uint64_t read_lr(unsigned n)
{
	switch (n) {
	case 0:
		return read_sysreg(S3_4_C12_C12_0);
	case 1:
		return read_sysreg(S3_4_C12_C12_1);
	case 2:
		return read_sysreg(S3_4_C12_C12_2);
	default:
		return read_sysreg(S3_4_C12_C12_3);
	}
}

static void write_lrs(const uint64_t *lr)
{
	write_sysreg(S3_4_C12_C12_0, lr[0]);
	write_sysreg(S3_4_C12_C12_1, lr[1]);
	write_sysreg(S3_4_C12_C12_2, lr[2]);
	write_sysreg(S3_4_C12_C12_3, lr[3]);
}

#define ICH_HCR_EL2 S3_4_C12_C11_0
#define ICH_MISR_EL2 S3_4_C12_C11_2
#define ICH_EISR_EL2 S3_4_C12_C11_3
#define ICH_ELRSR_EL2 S3_4_C12_C11_5
#define ICH_VMCR_EL2 S3_4_C12_C11_7
#define ICH_AP0R0_EL2 S3_4_C12_C8_0
#define ICH_AP1R0_EL2 S3_4_C12_C9_0
#define read_ich(name) read_sysreg(name)
#define write_ich(name, value) write_sysreg(name, value)

/* Distinct vINTIDs; a pINTID of an interrupt that nothing raises. */
static uint64_t random_lr(struct chance *c, unsigned n)
{
	uint64_t lr = field_put(ICH_LR_STATE, chance_of(c, 4)) |
		      field_put(ICH_LR_PRIORITY, chance_of(c, 32) << 3) |
		      (chance_of(c, 3) ? ICH_LR_GROUP : 0) | (40 + 8 * n + chance_of(c, 8));

	if (chance_of(c, 4) == 0 && field_get(ICH_LR_STATE, lr) != 3)
		return lr | ICH_LR_HW | field_put(ICH_LR_PINTID, 100 + n);
	return lr | (chance_of(c, 3) ? 0 : ICH_LR_EOI);
}

/* QEMU 10.0 asserts VGRP0D while group 1 is disabled, not group 0. */
static uint64_t misr(void)
{
	uint64_t value = read_ich(ICH_MISR_EL2);

	if (!visible_bare())
		return value;
	value &= ~ICH_MISR_VGRP0D;
	if ((read_ich(ICH_HCR_EL2) & ICH_HCR_VGRP0DIE) && !(read_ich(ICH_VMCR_EL2) & ICH_VMCR_VENG0))
		value |= ICH_MISR_VGRP0D;
	return value;
}

static uint64_t shown(const char *name, uint64_t value, uint64_t seen, bool verbose)
{
	if (verbose)
		visible_value(name, value);
	return steps_mixed(seen, value);
}

static uint64_t interface_state(uint64_t seen, bool verbose)
{
	static const char *const names[] = { "LR0", "LR1", "LR2", "LR3" };

	for (unsigned n = 0; n < LRS; n++)
		seen = shown(names[n], read_lr(n), seen, verbose);
	seen = shown("AP0R0", read_ich(ICH_AP0R0_EL2), seen, verbose);
	seen = shown("AP1R0", read_ich(ICH_AP1R0_EL2), seen, verbose);
	seen = shown("VMCR", read_ich(ICH_VMCR_EL2), seen, verbose);
	seen = shown("HCR", read_ich(ICH_HCR_EL2), seen, verbose);
	seen = shown("MISR", misr(), seen, verbose);
	seen = shown("EISR", read_ich(ICH_EISR_EL2), seen, verbose);
	return shown("ELRSR", read_ich(ICH_ELRSR_EL2), seen, verbose);
}

static void fill_interface(struct chance *c)
{
	uint64_t hcr = ICH_HCR_EN | (chance_of(c, 2) ? 0 : chance_any(c) & BITS(7, 1)), lr[LRS];

	if (chance_of(c, 4) == 0)
		hcr |= chance_any(c) & (ICH_HCR_TC | ICH_HCR_TALL0 | ICH_HCR_TALL1 | ICH_HCR_TDIR);
	for (unsigned n = 0; n < LRS; n++)
		lr[n] = chance_of(c, 4) ? random_lr(c, n) : 0;
	write_lrs(lr);
	set(ICH_VMCR_EL2,
	    (chance_any(c) & (ICH_VMCR_VENG0 | ICH_VMCR_VCBPR | ICH_VMCR_VEOIM)) |
		    (chance_of(c, 4) ? ICH_VMCR_VENG1 : 0) | ICH_VMCR_VFIQEN |
		    field_put(ICH_VMCR_VBPR0, 2 + chance_of(c, 6)) |
		    field_put(ICH_VMCR_VBPR1, 3 + chance_of(c, 5)) |
		    field_put(ICH_VMCR_VPMR, chance_of(c, 3) ? PMR_ALL : chance_of(c, 32) << 3));
	write_ich(ICH_HCR_EL2, hcr);
	isb();
}

static void clear_interface(void)
{
	static const uint64_t none[LRS];

	write_lrs(none);
	write_ich(ICH_AP0R0_EL2, 0);
	write_ich(ICH_AP1R0_EL2, 0);
	write_ich(ICH_HCR_EL2, 0);
	write_ich(ICH_VMCR_EL2, 0);
	isb();
}

/* EL1's side of the interface. More than 7 in ICC_BPR1_EL1 ends QEMU: docs/firn.md. */
static const struct access {
	const char *name;
	unsigned enc;
	bool write;
	uint64_t mask; /* of what is read, or of what is written */
} accesses[] = {
	{ "read IAR0", ENC_ICC_IAR0_EL1, false, ~UINT64_C(0) },
	{ "read IAR1", ENC_ICC_IAR1_EL1, false, ~UINT64_C(0) },
	{ "read IAR1", ENC_ICC_IAR1_EL1, false, ~UINT64_C(0) },
	{ "read HPPIR0", ENC_ICC_HPPIR0_EL1, false, ~UINT64_C(0) },
	{ "read HPPIR1", ENC_ICC_HPPIR1_EL1, false, ~UINT64_C(0) },
	{ "read RPR", ENC_ICC_RPR_EL1, false, ~UINT64_C(0) },
	{ "read BPR0", ENC_ICC_BPR0_EL1, false, ~UINT64_C(0) },
	{ "read BPR1", ENC_ICC_BPR1_EL1, false, ~UINT64_C(0) },
	{ "read PMR", ENC_ICC_PMR_EL1, false, ~UINT64_C(0) },
	{ "read CTLR", ENC_ICC_CTLR_EL1, false, ICC_CTLR_CBPR | ICC_CTLR_EOIMODE },
	{ "read IGRPEN0", ENC_ICC_IGRPEN0_EL1, false, ~UINT64_C(0) },
	{ "read IGRPEN1", ENC_ICC_IGRPEN1_EL1, false, ~UINT64_C(0) },
	{ "read AP0R0", ENC_ICC_AP0R0_EL1, false, ~UINT64_C(0) },
	{ "read AP1R0", ENC_ICC_AP1R0_EL1, false, ~UINT64_C(0) },
	{ "read ISR", ENC_ISR_EL1, false, ~UINT64_C(0) },
	{ "write EOIR0", ENC_ICC_EOIR0_EL1, true, 0 },
	{ "write EOIR1", ENC_ICC_EOIR1_EL1, true, 0 },
	{ "write EOIR1", ENC_ICC_EOIR1_EL1, true, 0 },
	{ "write DIR", ENC_ICC_DIR_EL1, true, 0 },
	{ "write PMR", ENC_ICC_PMR_EL1, true, BITS(7, 3) },
	{ "write BPR0", ENC_ICC_BPR0_EL1, true, BITS(2, 0) },
	{ "write BPR1", ENC_ICC_BPR1_EL1, true, BITS(2, 0) },
	{ "write CTLR", ENC_ICC_CTLR_EL1, true, ICC_CTLR_CBPR | ICC_CTLR_EOIMODE },
	{ "write IGRPEN0", ENC_ICC_IGRPEN0_EL1, true, 1 },
	{ "write IGRPEN1", ENC_ICC_IGRPEN1_EL1, true, 1 },
	{ "write SGI1R", ENC_ICC_SGI1R_EL1, true, BITS(27, 24) | 1 },
	{ "write SGI0R", ENC_ICC_SGI0R_EL1, true, BITS(27, 24) | 1 },
	{ "write ASGI1R", ENC_ICC_ASGI1R_EL1, true, BITS(27, 24) | 1 },
};

/* An INTID that is in a list register, or was read by the access before this one. */
static uint64_t random_intid(struct chance *c, uint64_t last)
{
	unsigned n = chance_of(c, LRS);

	return chance_of(c, 2) ? last & BITS(23, 0) : read_lr(n) & ICH_LR_VINTID;
}

static uint64_t one_access(struct chance *c, uint64_t *last, bool verbose)
{
	const struct access *a = &accesses[chance_of(c, COUNT(accesses))];
	uint64_t pstate = AT_EL1 & ~(chance_of(c, 4) ? 0 : PSTATE_DAIF & ~PSTATE_D),
		 x0 = chance_any(c) & a->mask;
	const struct outcome *o;
	struct outcome masked;

	if (a->write && !a->mask)
		x0 = random_intid(c, *last);
	o = visible_try(a->write ? INSN_MSR(a->enc, 0) : INSN_MRS(a->enc, 0), pstate, x0, 0);
	masked = *o;
	if (visible_done(o) && !a->write)
		*last = masked.x[0] = o->x[0] & a->mask;
	visible_prefix("L2: %s %lx PSTATE %lx", a->name, x0, pstate);
	return steps_seen("", &masked, !a->write, verbose);
}

/*
 * List registers, HCR_EL2.{VI,VF,VSE}, and what EL1 makes of them. Without both of IMO and FMO EL1 would have the one group from EL2's own
 * interface.
 */
uint64_t step_virtual(struct chance *c, bool verbose)
{
	uint64_t hcr = read_sysreg(HCR_EL2), more = HCR_IMO | HCR_FMO | HCR_AMO, seen = 0,
		 last = NO_INTERRUPT;
	unsigned count = 1 + chance_of(c, 5);

	more |= chance_of(c, 4) ? 0 : chance_any(c) & (HCR_VI | HCR_VF | HCR_VSE);
	fill_interface(c);
	write_sysreg(HCR_EL2, (hcr & ~HCR_TGE) | more);
	isb();
	visible_prefix("virtual interrupts, HCR_EL2 %lx", more);
	seen = interface_state(seen, verbose);
	while (count--)
		seen = steps_mixed(seen, one_access(c, &last, verbose));
	visible_prefix("virtual interface");
	seen = interface_state(seen, verbose);
	seen = shown("VSE", get(HCR_EL2) & HCR_VSE, seen, verbose);
	clear_interface();
	write_sysreg(HCR_EL2, hcr);
	isb();
	return seen;
}

/* --- known to differ --- */

/* An SGI is taken and ended while six others have been made active by GICR_ISACTIVER0. Which are active then? */
uint64_t interrupts_many_active(void)
{
	enable(7, true);
	interface_on(true);
	*gicr(GICR_ISACTIVER0) = 0x7e;
	settle();
	visible_write(ENC_ICC_SGI1R_EL1, UINT64_C(7) << 24 | 1);
	settle();
	(void)acknowledge(true, false);
	interface_on(false);
	return *gicr(GICR_ISACTIVER0) & 0xfe;
}

/* --- as it was --- */

void interrupts_reset(void)
{
	static bool began;

	for (unsigned n = 0; !began && n < 32; n += 4)
		*gicr(GICR_IPRIORITYR + n) = 0x80808080;
	if (!began)
		*(volatile uint32_t *)rt_machine()->gicd = GICD_CTLR_ENABLE | GICD_CTLR_GROUP0;
	began = true;
	priorities(NULL);
	binary_points(2, 3);
	*gicr(GICR_IGROUPR0) = ~0U;
	settle();
}
