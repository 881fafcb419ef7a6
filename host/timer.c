/*
 * Four virtual timers of L1 on two of hardware.  Reads: timer.h.  Next: nested_gic.c.
 *
 * Where each timer is:          guest context runs     vEL2 runs, E2H=1       vEL2 runs, E2H=0
 *   EL1 virtual, EL1 physical   hardware               VNCR page, watched     hardware (V84: as of the last entry)
 *   EL2 virtual, EL2 physical   file, watched          hardware               file, watched
 */
#include "host/timer.h"

#include "host/gic/gic.h"
#include "host/nested_gic.h"
#include "host/sysreg.h"
#include "host/trace.h"
#include "host/vm/vgic_hw.h"
#include "nv/translate.h"

#define NEVER UINT64_MAX

/* INTIDs in L1's GIC: the PPIs that its device tree names. */
static const uint32_t l1_el1_intid[HW_TIMERS] = { [HW_TIMER_V] = 27, [HW_TIMER_P] = 30 };
static const uint32_t l1_el2_intid[HW_TIMERS] = { [HW_TIMER_V] = 28, [HW_TIMER_P] = 26 };

struct timer_state {
	uint64_t ctl, cval;
};

static struct timer_state hw_read(enum hw_timer t)
{
	if (t == HW_TIMER_V)
		return (struct timer_state){ read_sysreg(CNTV_CTL_EL02), read_sysreg(CNTV_CVAL_EL02) };
	return (struct timer_state){ read_sysreg(CNTP_CTL_EL02), read_sysreg(CNTP_CVAL_EL02) };
}

static void hw_write(enum hw_timer t, struct timer_state s)
{
	if (t == HW_TIMER_V) {
		write_sysreg(CNTV_CVAL_EL02, s.cval);
		write_sysreg(CNTV_CTL_EL02, s.ctl);
	} else {
		write_sysreg(CNTP_CVAL_EL02, s.cval);
		write_sysreg(CNTP_CTL_EL02, s.ctl);
	}
}

static struct timer_state el1_read(const struct vcpu *v, enum hw_timer t)
{
	const struct vncr_page *p = v->nv.page;

	if (t == HW_TIMER_V)
		return (struct timer_state){ vncr_read(p, SLOT_CNTV_CTL_EL0),
					     vncr_read(p, SLOT_CNTV_CVAL_EL0) };
	return (struct timer_state){ vncr_read(p, SLOT_CNTP_CTL_EL0), vncr_read(p, SLOT_CNTP_CVAL_EL0) };
}

static void el1_write(struct vcpu *v, enum hw_timer t, struct timer_state s)
{
	vncr_write(v->nv.page, t == HW_TIMER_V ? SLOT_CNTV_CTL_EL0 : SLOT_CNTP_CTL_EL0, s.ctl);
	vncr_write(v->nv.page, t == HW_TIMER_V ? SLOT_CNTV_CVAL_EL0 : SLOT_CNTP_CVAL_EL0, s.cval);
}

static struct timer_state el2_read(const struct vcpu *v, enum hw_timer t)
{
	const uint64_t *reg = v->nv.reg;

	if (t == HW_TIMER_V)
		return (struct timer_state){ reg[SR_CNTHV_CTL_EL2], reg[SR_CNTHV_CVAL_EL2] };
	return (struct timer_state){ reg[SR_CNTHP_CTL_EL2], reg[SR_CNTHP_CVAL_EL2] };
}

static void el2_write(struct vcpu *v, enum hw_timer t, struct timer_state s)
{
	v->nv.reg[t == HW_TIMER_V ? SR_CNTHV_CTL_EL2 : SR_CNTHP_CTL_EL2] = s.ctl;
	v->nv.reg[t == HW_TIMER_V ? SR_CNTHV_CVAL_EL2 : SR_CNTHP_CVAL_EL2] = s.cval;
}

static uint32_t hw_intid(enum hw_timer t)
{
	return t == HW_TIMER_V ? gic_intid_virtual_timer() : gic_intid_physical_timer();
}

static uint64_t offset_of(const struct vcpu *v, bool el1, enum hw_timer t)
{
	return el1 && t == HW_TIMER_V ? vncr_read(v->nv.page, SLOT_CNTVOFF_EL2) : 0;
}

/* Hardware's timers are about to be another world's: their interrupts go on in L1's GIC alone. */
static void unlink_all(struct vcpu *v)
{
	for (unsigned t = 0; t < HW_TIMERS; t++) {
		if (!v->timers.linked[t])
			continue;
		vgic_unlink_hw(v, v->timers.linked[t]);
		gic_deactivate(hw_intid(t));
		v->timers.linked[t] = 0;
	}
}

/* When does this timer fire, in ticks of the physical counter?  NEVER when it is off or masked. */
static uint64_t fires_at(struct timer_state s, uint64_t offset)
{
	if ((s.ctl & (CNT_CTL_ENABLE | CNT_CTL_IMASK)) != CNT_CTL_ENABLE)
		return NEVER;
	return s.cval + offset < s.cval ? NEVER - 1 : s.cval + offset;
}

static bool watches_el1(const struct vcpu *v)
{
	return v->world == WORLD_VEL2;
}

/*
 * A timer outside hardware fired. One that comes back to hardware with its world keeps its link; any other is pending in
 * L1's GIC until it is taken.
 */
static void fire_watched(struct vcpu *v, enum hw_timer t)
{
	bool el1 = watches_el1(v);

	if (v->vel2_is_vhe && !el1) {
		vgic_link_hw(v, l1_el2_intid[t], hw_intid(t));
		v->timers.expired[t] = true;
		return;
	}
	vgic_link_hw(v, el1 ? l1_el1_intid[t] : l1_el2_intid[t], hw_intid(t));
	vgic_unlink_hw(v, el1 ? l1_el1_intid[t] : l1_el2_intid[t]);
}

/* Arms L0's own timer for the first of the watched ones; fires those that are due when fire is set. */
static void watch(struct vcpu *v, bool fire)
{
	bool el1 = v->vel2_is_vhe && watches_el1(v);
	uint64_t on = (el1 ? el1_read(v, HW_TIMER_V).ctl | el1_read(v, HW_TIMER_P).ctl :
			     el2_read(v, HW_TIMER_V).ctl | el2_read(v, HW_TIMER_P).ctl) &
		      CNT_CTL_ENABLE;
	uint64_t first = NEVER, now = fire ? read_sysreg(CNTPCT_EL0) : 0;

	if (!on && !v->timers.watching)
		return;

	for (unsigned t = 0; t < HW_TIMERS; t++) {
		uint64_t at = fires_at(el1 ? el1_read(v, t) : el2_read(v, t), offset_of(v, el1, t));

		if (fire && at <= now) {
			fire_watched(v, t);
			continue;
		}
		if (at < first)
			first = at;
	}
	if (first != NEVER) {
		write_sysreg(CNTHP_CVAL_EL2, first);
		write_sysreg(CNTHP_CTL_EL2, CNT_CTL_ENABLE);
	} else if (v->timers.watching) {
		write_sysreg(CNTHP_CTL_EL2, 0);
	}
	v->timers.watching = first != NEVER;
}

/* An EL2 timer that fired while the guest ran is in hardware again and still high: the interrupt is active already. */
static void relink_expired(struct vcpu *v)
{
	for (unsigned t = 0; t < HW_TIMERS; t++) {
		if (!v->timers.expired[t])
			continue;
		v->timers.expired[t] = false;
		v->timers.linked[t] = l1_el2_intid[t];
		gic_set_active(hw_intid(t));
	}
}

void timer_to_vel2(struct vcpu *v)
{
	for (unsigned t = 0; t < HW_TIMERS; t++)
		el1_write(v, t, hw_read(t));
	if (!v->vel2_is_vhe)
		return;
	unlink_all(v);
	for (unsigned t = 0; t < HW_TIMERS; t++)
		hw_write(t, el2_read(v, t));
	write_sysreg(CNTVOFF_EL2, 0);
	relink_expired(v);
	v->world = WORLD_VEL2;
	watch(v, false);
}

void timer_to_guest(struct vcpu *v)
{
	v->world = WORLD_GUEST;
	if (v->vel2_is_vhe) {
		unlink_all(v);
		for (unsigned t = 0; t < HW_TIMERS; t++)
			el2_write(v, t, hw_read(t));
	}
	write_sysreg(CNTVOFF_EL2, vncr_read(v->nv.page, SLOT_CNTVOFF_EL2));
	hw_write(HW_TIMER_P, el1_read(v, HW_TIMER_P));
	if (v->vel2_is_vhe || v->nv.mode == NV_MODE_V84)
		hw_write(HW_TIMER_V, el1_read(v, HW_TIMER_V));
	watch(v, false);
}

void timer_follow_e2h(struct vcpu *v, bool is_vhe)
{
	unlink_all(v);
	for (unsigned t = 0; t < HW_TIMERS; t++) {
		if (is_vhe) {
			el1_write(v, t, hw_read(t));
			hw_write(t, el2_read(v, t));
		} else {
			el2_write(v, t, hw_read(t));
			hw_write(t, el1_read(v, t));
		}
	}
	write_sysreg(CNTVOFF_EL2, is_vhe ? 0 : vncr_read(v->nv.page, SLOT_CNTVOFF_EL2));
}

void timer_follow_mode(struct vcpu *v, enum nv_mode mode)
{
	if (mode == NV_MODE_V84)
		el1_write(v, HW_TIMER_V, hw_read(HW_TIMER_V));
	else
		hw_write(HW_TIMER_V, el1_read(v, HW_TIMER_V));
}

void timer_load_first(struct vcpu *v)
{
	for (unsigned t = 0; t < HW_TIMERS; t++)
		hw_write(t, (struct timer_state){ 0, 0 });
	write_sysreg(CNTVOFF_EL2, 0);
	write_sysreg(CNTHP_CTL_EL2, 0);
	v->timers = (struct vcpu_timers){ 0 };
}

bool timer_is_linked(uint32_t l1_intid)
{
	return l1_intid == l1_el1_intid[HW_TIMER_V] || l1_intid == l1_el1_intid[HW_TIMER_P];
}

void timer_link(struct vcpu *v, uint32_t l1_intid)
{
	enum hw_timer t = l1_intid == l1_el1_intid[HW_TIMER_V] ? HW_TIMER_V : HW_TIMER_P;

	v->timers.linked[t] = l1_intid;
	gic_set_active(hw_intid(t));
}

bool timer_interrupt(struct vcpu *v, uint32_t intid)
{
	if (intid == gic_intid_hyp_timer()) {
		write_sysreg(CNTHP_CTL_EL2, 0);
		v->timers.watching = false;
		gic_drop(intid);
		gic_deactivate(intid);
		watch(v, true);
		return true;
	}
	for (unsigned t = 0; t < HW_TIMERS; t++) {
		if (intid != hw_intid(t))
			continue;
		gic_drop(intid);
		if (v->l2_gic) /* it fires again: L2 has completed the last one, which L1's GIC does not know yet */
			nested_gic_sync(v);
		v->timers.linked[t] =
			v->world == WORLD_VEL2 && v->vel2_is_vhe ? l1_el2_intid[t] : l1_el1_intid[t];
		TRACE(v, kvm_timer_update_irq, .vcpu_id = v->index, .irq = v->timers.linked[t], .level = 1);
		vgic_link_hw(v, v->timers.linked[t], intid);
		return true;
	}
	return false;
}

/* Which timer and which of its registers does a name stand for? */
struct timer_name {
	enum hw_timer timer;
	bool el1;
	enum {
		NAME_CTL,
		NAME_CVAL,
		NAME_TVAL
	} part;
};

static struct timer_name name_of(enum sysreg r)
{
	switch (r) {
	case SR_CNTHP_CTL_EL2:
		return (struct timer_name){ HW_TIMER_P, false, NAME_CTL };
	case SR_CNTHP_CVAL_EL2:
		return (struct timer_name){ HW_TIMER_P, false, NAME_CVAL };
	case SR_CNTHP_TVAL_EL2:
		return (struct timer_name){ HW_TIMER_P, false, NAME_TVAL };
	case SR_CNTHV_CTL_EL2:
		return (struct timer_name){ HW_TIMER_V, false, NAME_CTL };
	case SR_CNTHV_CVAL_EL2:
		return (struct timer_name){ HW_TIMER_V, false, NAME_CVAL };
	case SR_CNTHV_TVAL_EL2:
		return (struct timer_name){ HW_TIMER_V, false, NAME_TVAL };
	case SR_CNTP_TVAL_EL0:
		return (struct timer_name){ HW_TIMER_P, true, NAME_TVAL };
	default:
		return (struct timer_name){ HW_TIMER_V, true, NAME_TVAL };
	}
}

static bool in_hardware(const struct vcpu *v, struct timer_name n)
{
	return v->vel2_is_vhe && !n.el1;
}

static struct timer_state read_state(const struct vcpu *v, struct timer_name n)
{
	if (in_hardware(v, n))
		return hw_read(n.timer);
	return n.el1 ? el1_read(v, n.timer) : el2_read(v, n.timer);
}

static uint64_t now_for(const struct vcpu *v, struct timer_name n)
{
	return read_sysreg(CNTPCT_EL0) - offset_of(v, n.el1, n.timer);
}

uint64_t timer_read(struct vcpu *v, enum sysreg r)
{
	struct timer_name n = name_of(r);
	struct timer_state s = read_state(v, n);
	uint64_t now = now_for(v, n);

	switch (n.part) {
	case NAME_CVAL:
		return s.cval;
	case NAME_TVAL:
		return (s.cval - now) & 0xffffffff;
	case NAME_CTL:
		break;
	}
	s.ctl &= CNT_CTL_ENABLE | CNT_CTL_IMASK;
	return s.ctl | ((s.ctl & CNT_CTL_ENABLE) && now >= s.cval ? CNT_CTL_ISTATUS : 0);
}

void timer_write(struct vcpu *v, enum sysreg r, uint64_t value)
{
	struct timer_name n = name_of(r);
	struct timer_state s = read_state(v, n);

	switch (n.part) {
	case NAME_CVAL:
		s.cval = value;
		break;
	case NAME_TVAL:
		s.cval = now_for(v, n) + (uint64_t)(int64_t)(int32_t)value;
		break;
	case NAME_CTL:
		s.ctl = value & (CNT_CTL_ENABLE | CNT_CTL_IMASK);
		break;
	}
	if (in_hardware(v, n))
		hw_write(n.timer, s);
	else if (n.el1)
		el1_write(v, n.timer, s);
	else
		el2_write(v, n.timer, s);
	watch(v, true);
}
