/* What happens to a vCPU that is switched off and on?  cpu_off.  Reads: l2.h, payload.h. */
#include "guest-hyp/l2/payload.h"

#define NO_VCPU 0x100 /* an affinity that there is not */

/* With the next timer interrupt pending, and its timer on. */
static void leave_timer(void)
{
	write_sysreg(daif, PSTATE_DAIF);
	write_sysreg(CNTV_CVAL_EL0, 0);
	write_sysreg(CNTV_CTL_EL0, 1);
	isb();
	for (unsigned spin = 0; !(read_sysreg(ISR_EL1) & ISR_I); spin++)
		if (spin == SPIN_MAX)
			finish(L2_NO_INTERRUPT, 0);
}

/* From CPU_ON to CPU_OFF. */
_Noreturn void live(struct vcpu *v)
{
	uint64_t ctl = read_sysreg(CNTV_CTL_EL0);

	if (ctl & CNT_CTL_ENABLE)
		finish(L2_BAD_VALUE, ctl);
	take_interrupts();
	take_timer(v, 0, false);
	v->rounds = v->rounds + 1;
	wait_for(&v->taken[0], v->rounds);
	leave_timer();
	finish(L2_NO_CPU, call(L2_PSCI_CPU_OFF, 0));
}

static uint64_t affinity_info(uint64_t affinity)
{
	return call3(L2_PSCI_AFFINITY_INFO, affinity, 0, 0);
}

uint64_t cpu_on(uint64_t affinity)
{
	return call3(L2_PSCI_CPU_ON, affinity, L2_IMAGE, L2_PARAMS);
}

static void expect(uint64_t result, uint64_t wanted)
{
	if (result != wanted)
		finish(L2_BAD_VALUE, result);
}

void lives(uint64_t first, uint64_t n)
{
	for (uint64_t k = first; k < first + n; k++) {
		expect(affinity_info(1), L2_IS_OFF);
		expect(cpu_on(1), 0);
		wait_for(&vcpus[1].rounds, k + 1);
		expect(affinity_info(1), L2_IS_ON);
		expect(cpu_on(1), L2_ALREADY_ON);
		vcpus[0].sent[1] = k + 1;
		dsb(sy);
		send_sgi(L2_SGI_STORM, 1);
		while (affinity_info(1) != L2_IS_OFF)
			take_timer(&vcpus[0], NAP, true);
	}
	expect(affinity_info(NO_VCPU), L2_INVALID_PARAMETERS);
	expect(cpu_on(NO_VCPU), L2_INVALID_PARAMETERS);
}
