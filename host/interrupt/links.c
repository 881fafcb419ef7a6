/* Which interrupts of L1's GIC are timers that hardware has?  Reads: links.h. */
#include "host/interrupt/links.h"

#include "host/core/gic.h"
#include "host/vm/vm.h"

const uint8_t timer_l1_intid[NV_TIMERS] = {
	[NV_TIMER_EL1_V] = VM_INTID_TIMER_EL1_V,
	[NV_TIMER_EL1_P] = VM_INTID_TIMER_EL1_P,
	[NV_TIMER_EL2_V] = VM_INTID_TIMER_EL2_V,
	[NV_TIMER_EL2_P] = VM_INTID_TIMER_EL2_P,
};

uint32_t timer_hw_intid(enum hw_timer t)
{
	return t == HW_TIMER_V ? gic_intid_virtual_timer() : gic_intid_physical_timer();
}

bool timer_is_linked(uint32_t l1_intid)
{
	return l1_intid == VM_INTID_TIMER_EL1_V || l1_intid == VM_INTID_TIMER_EL1_P;
}

void timer_link(struct vcpu *v, uint32_t l1_intid)
{
	enum hw_timer t = l1_intid == VM_INTID_TIMER_EL1_V ? HW_TIMER_V : HW_TIMER_P;

	v->timers.linked[t] = l1_intid;
	gic_set_active(timer_hw_intid(t));
}
