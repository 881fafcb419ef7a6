/* What does a trapped access to a register of a timer of L1 read or write?  Reads: timer_priv.h.  Next: vcpu/vel2_sysreg.c. */
#include "host/interrupt/timer_priv.h"

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
	case SR_CNTP_CTL_EL0:
		return (struct timer_name){ HW_TIMER_P, true, NAME_CTL };
	case SR_CNTP_CVAL_EL0:
		return (struct timer_name){ HW_TIMER_P, true, NAME_CVAL };
	case SR_CNTV_CTL_EL0:
		return (struct timer_name){ HW_TIMER_V, true, NAME_CTL };
	case SR_CNTV_CVAL_EL0:
		return (struct timer_name){ HW_TIMER_V, true, NAME_CVAL };
	case SR_CNTP_TVAL_EL0:
		return (struct timer_name){ HW_TIMER_P, true, NAME_TVAL };
	default:
		return (struct timer_name){ HW_TIMER_V, true, NAME_TVAL };
	}
}

static bool in_hardware(const struct vcpu *v, struct timer_name n)
{
	return v->world == WORLD_GUEST ? n.el1 : v->vel2_is_vhe && !n.el1;
}

static struct nv_timer read_state(const struct vcpu *v, struct timer_name n)
{
	if (in_hardware(v, n))
		return hw_timer_read(v, n.timer);
	return n.el1 ? el1_timer_read(v, n.timer) : el2_timer_read(v, n.timer);
}

static uint64_t now_for(const struct vcpu *v, struct timer_name n)
{
	return read_sysreg(CNTPCT_EL0) - timer_offset(v, n.el1, n.timer);
}

uint64_t timer_counter(const struct vcpu *v)
{
	return read_sysreg(CNTPCT_EL0) - timer_offset(v, v->world == WORLD_GUEST, HW_TIMER_P);
}

uint64_t timer_read(struct vcpu *v, enum sysreg r)
{
	struct timer_name n = name_of(r);
	struct nv_timer s = read_state(v, n);
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
	struct nv_timer s = read_state(v, n);

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
		hw_timer_write(v, n.timer, s);
	else if (n.el1)
		el1_timer_write(v, n.timer, s);
	else
		el2_timer_write(v, n.timer, s);
	if (v->world == WORLD_VEL2)
		timer_refresh(v);
}
