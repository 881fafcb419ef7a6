/* What do the names of the timers mean, and which accesses of vEL2 have to trap?  Reads: timer.h.  Next: host/interrupt/timer.c. */
#include "nv/timer.h"

#define TVAL_BITS BITS(31, 0)

struct nv_timer_name nv_timer_name(enum sysreg r)
{
	switch (r) {
#define TIMER(name, level, id)                                                 \
	case SR_##name##_CTL_##level:                                          \
		return (struct nv_timer_name){ NV_TIMER_##id, NV_TIMER_CTL };  \
	case SR_##name##_CVAL_##level:                                         \
		return (struct nv_timer_name){ NV_TIMER_##id, NV_TIMER_CVAL }; \
	case SR_##name##_TVAL_##level:                                         \
		return (struct nv_timer_name){ NV_TIMER_##id, NV_TIMER_TVAL };
		TIMER(CNTP, EL0, EL1_P)
		TIMER(CNTHV, EL2, EL2_V)
		TIMER(CNTHP, EL2, EL2_P)
#undef TIMER
	case SR_CNTV_CTL_EL0:
		return (struct nv_timer_name){ NV_TIMER_EL1_V, NV_TIMER_CTL };
	case SR_CNTV_CVAL_EL0:
		return (struct nv_timer_name){ NV_TIMER_EL1_V, NV_TIMER_CVAL };
	default:
		return (struct nv_timer_name){ NV_TIMER_EL1_V, NV_TIMER_TVAL };
	}
}

uint64_t nv_timer_get(struct nv_timer t, enum nv_timer_part part, uint64_t own_now)
{
	switch (part) {
	case NV_TIMER_CVAL:
		return t.cval;
	case NV_TIMER_TVAL:
		return (t.cval - own_now) & TVAL_BITS;
	case NV_TIMER_CTL:
		break;
	}
	return nv_timer_look(t, own_now, 0).ctl;
}

struct nv_timer nv_timer_set(struct nv_timer t, enum nv_timer_part part, uint64_t value, uint64_t own_now)
{
	switch (part) {
	case NV_TIMER_CVAL:
		t.cval = value;
		break;
	case NV_TIMER_TVAL:
		t.cval = own_now + (uint64_t)(int64_t)(int32_t)value;
		break;
	case NV_TIMER_CTL:
		t.ctl = value & (CNT_CTL_ENABLE | CNT_CTL_IMASK);
		break;
	}
	return t;
}

/*
 * With E2H=0 the EL1 timers are traps wherever they would be memory, and so is the virtual counter, whose offset is memory. The
 * physical counter has no offset at EL2.
 */
static uint64_t cnthctl_nvhe(enum nv_mode mode, uint64_t direct, bool traps, bool poff)
{
	uint64_t enabled = direct & ~(CNTHCTL_EL1PTEN | (poff ? CNTHCTL_EL1PCTEN : 0));

	return enabled | (traps && mode == NV_MODE_V84 ? CNTHCTL_EL1TVT | CNTHCTL_EL1TVCT : 0);
}

uint64_t nv_timer_cnthctl(struct nv_timer_world w, uint64_t direct, bool traps, bool poff, bool open)
{
	if (!w.e2h)
		return CNTHCTL_ECV | cnthctl_nvhe(w.mode, direct, traps, poff);
	if (w.mode == NV_MODE_V83 || !traps || open)
		return CNTHCTL_ECV | direct;
	return CNTHCTL_ECV | direct | CNTHCTL_EL1NVPCT | CNTHCTL_EL1NVVCT;
}

/* CNTVOFF_EL2 and CNTPOFF_EL2 are memory in nv2 mode whatever traps. */
bool nv_timer_is_unseen(struct nv_timer_world w, bool traps, bool open, bool on)
{
	if (w.in_guest_context || w.mode == NV_MODE_V83)
		return false;
	return !traps || on || (w.e2h && open);
}

struct nv_timer nv_timer_merge(struct nv_timer memory, struct nv_timer hardware, struct nv_timer copied)
{
	return (struct nv_timer){
		.ctl = memory.ctl & (CNT_CTL_ENABLE | CNT_CTL_IMASK),
		.cval = memory.cval != copied.cval ? memory.cval : hardware.cval,
	};
}
