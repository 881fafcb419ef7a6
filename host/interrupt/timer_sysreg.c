/* What does a trapped access to a register of a timer of L1 read or write?  Reads: timer_state.h.  Next: timer.c. */
#include "host/interrupt/timer_sysreg.h"

#include "host/interrupt/timer.h"
#include "host/interrupt/timer_state.h"

static bool is_el1(enum nv_timer_id id)
{
	return id < NV_TIMER_EL2_V;
}

static enum hw_timer kind_of(enum nv_timer_id id)
{
	return (enum hw_timer)(id % HW_TIMERS);
}

static bool is_held(const struct vcpu *v, enum nv_timer_id id)
{
	return nv_timer_place(timer_world(v), id) == NV_TIMER_HELD;
}

static struct nv_timer read_state(const struct vcpu *v, enum nv_timer_id id)
{
	if (is_held(v, id))
		return hw_timer_read(v, kind_of(id));
	return is_el1(id) ? el1_timer_read(v, kind_of(id)) : el2_timer_read(v, kind_of(id));
}

static uint64_t now_for(const struct vcpu *v, enum nv_timer_id id)
{
	return clock_now() - timer_offset(v, is_el1(id), kind_of(id));
}

/* At EL2 the virtual counter has its offset with E2H=0, and the physical one never. */
uint64_t timer_counter(const struct vcpu *v, enum sysreg r)
{
	bool in_guest_context = v->world.loaded == WORLD_GUEST_CONTEXT;

	if (r == SR_CNTVCT_EL0 || r == SR_CNTVCTSS_EL0)
		return now_for(v,
			       in_guest_context || !v->world.vel2_is_vhe ? NV_TIMER_EL1_V : NV_TIMER_EL2_V);
	return now_for(v, in_guest_context ? NV_TIMER_EL1_P : NV_TIMER_EL2_P);
}

/* What an access counts with: TVAL of EL2 is without CNTPOFF_EL2, though what the timer compares with is not. Not part of sysreg_emulate. */
static __attribute__((noinline)) uint64_t now_of_access(const struct vcpu *v, struct nv_timer_name n)
{
	bool of_el2 = v->world.loaded == WORLD_VEL2 && !vcpu_is_at_el0(v);

	return now_for(v,
		       of_el2 && n.id == NV_TIMER_EL1_P && n.part == NV_TIMER_TVAL ? NV_TIMER_EL2_P : n.id);
}

uint64_t timer_read(struct vcpu *v, enum sysreg r)
{
	struct nv_timer_name n = nv_timer_name(r);

	return nv_timer_get(read_state(v, n.id), n.part, now_of_access(v, n));
}

void timer_write(struct vcpu *v, enum sysreg r, uint64_t value)
{
	struct nv_timer_name n = nv_timer_name(r);
	struct nv_timer s = nv_timer_set(read_state(v, n.id), n.part, value, now_of_access(v, n));

	if (is_held(v, n.id))
		hw_timer_write(v, kind_of(n.id), s);
	else if (is_el1(n.id))
		el1_timer_write(v, kind_of(n.id), s);
	else
		el2_timer_write(v, kind_of(n.id), s);
	timer_written(v, n.id);
}
