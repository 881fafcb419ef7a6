/*
 * Where is the state of each of L1's four timers?  In hardware, in the VNCR page or in the file of registers; and what its counter
 * is.  Next: timer.c, timer_sysreg.c.
 */
#ifndef HOST_INTERRUPT_TIMER_STATE_H
#define HOST_INTERRUPT_TIMER_STATE_H

#include "host/machine/sysreg.h"
#include "host/report/pause.h"
#include "host/vm/vcpu.h"
#include "nv/timer.h"
#include "nv/translate.h"

static inline struct nv_timer_world timer_world(const struct vcpu *v)
{
	return (struct nv_timer_world){ v->world.loaded == WORLD_GUEST_CONTEXT, v->world.vel2_is_vhe,
					v->nv.mode };
}

/*
 * Hardware's physical timer compares with a counter that does not stop. For a VM whose time does, v->timers.offset moves the
 * compare value, as far as there are values, and what L1 wrote is kept: all accesses to this timer trap (v->timers.direct).
 */
static inline uint64_t moved(uint64_t cval, uint64_t offset)
{
	return cval + offset < offset ? UINT64_MAX : cval + offset;
}

static inline struct nv_timer hw_timer_read(const struct vcpu *v, enum hw_timer t)
{
	if (t == HW_TIMER_V)
		return (struct nv_timer){ read_sysreg(CNTV_CTL_EL02), read_sysreg(CNTV_CVAL_EL02) };
	return (struct nv_timer){ read_sysreg(CNTP_CTL_EL02),
				  v->timers.offset ? v->timers.cval : clock_read_cntp_cval_el02() };
}

static inline void hw_timer_write(struct vcpu *v, enum hw_timer t, struct nv_timer s)
{
	if (t == HW_TIMER_P && v->timers.offset) {
		v->timers.cval = s.cval;
		s.cval = moved(s.cval, v->timers.offset);
	}
	if (t == HW_TIMER_V) {
		write_sysreg(CNTV_CVAL_EL02, s.cval);
		write_sysreg(CNTV_CTL_EL02, s.ctl);
	} else {
		clock_write_cntp_cval_el02(s.cval);
		write_sysreg(CNTP_CTL_EL02, s.ctl);
	}
}

static inline struct nv_timer el1_timer_read(const struct vcpu *v, enum hw_timer t)
{
	const struct vncr_file *file = &v->nv.file;

	if (t == HW_TIMER_V)
		return (struct nv_timer){ vncr_get(file, SR_CNTV_CTL_EL0), vncr_get(file, SR_CNTV_CVAL_EL0) };
	return (struct nv_timer){ vncr_get(file, SR_CNTP_CTL_EL0), vncr_get(file, SR_CNTP_CVAL_EL0) };
}

static inline void el1_timer_write(struct vcpu *v, enum hw_timer t, struct nv_timer s)
{
	vncr_set(&v->nv.file, t == HW_TIMER_V ? SR_CNTV_CTL_EL0 : SR_CNTP_CTL_EL0, s.ctl);
	vncr_set(&v->nv.file, t == HW_TIMER_V ? SR_CNTV_CVAL_EL0 : SR_CNTP_CVAL_EL0, s.cval);
}

static inline struct nv_timer el2_timer_read(const struct vcpu *v, enum hw_timer t)
{
	const struct vncr_file *file = &v->nv.file;

	if (t == HW_TIMER_V)
		return (struct nv_timer){ vncr_get(file, SR_CNTHV_CTL_EL2),
					  vncr_get(file, SR_CNTHV_CVAL_EL2) };
	return (struct nv_timer){ vncr_get(file, SR_CNTHP_CTL_EL2), vncr_get(file, SR_CNTHP_CVAL_EL2) };
}

static inline void el2_timer_write(struct vcpu *v, enum hw_timer t, struct nv_timer s)
{
	vncr_set(&v->nv.file, t == HW_TIMER_V ? SR_CNTHV_CTL_EL2 : SR_CNTHP_CTL_EL2, s.ctl);
	vncr_set(&v->nv.file, t == HW_TIMER_V ? SR_CNTHV_CVAL_EL2 : SR_CNTHP_CVAL_EL2, s.cval);
}

/* What L1's CNTPOFF_EL2 does for its guest: nothing unless CNTHCTL_EL2.ECV says so. */
static inline uint64_t l1_cntpoff(const struct vcpu *v)
{
	return nv_cntpoff(vncr_get(&v->nv.file, SR_CNTHCTL_EL2), vncr_get(&v->nv.file, SR_CNTPOFF_EL2),
			  v->nv.has_ecv);
}

/* From hardware's counter to the one that a timer of L1 compares with, and that the world of that timer reads. */
static inline uint64_t timer_offset(const struct vcpu *v, bool el1, enum hw_timer t)
{
	if (!el1)
		return v->timers.offset;
	return v->timers.offset + (t == HW_TIMER_V ? vncr_get(&v->nv.file, SR_CNTVOFF_EL2) : l1_cntpoff(v));
}

#endif
