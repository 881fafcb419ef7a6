/*
 * What happens between an exit and the next entry?  Count it, decide whose it is (nv/decide.c), act, and see whether an
 * interrupt changes where to go on.  Reads: run.h.  Next: host/world/world.c, vel2_sysreg.c.
 */
#include "host/run/run.h"

#include "host/core/features.h"
#include "host/core/gic.h"
#include "host/device/interrupt.h"
#include "host/interrupt/nested_gic.h"
#include "host/interrupt/timer.h"
#include "host/interrupt/vgic.h"
#include "host/machine/cpu.h"
#include "host/machine/site.h"
#include "host/machine/sysreg.h"
#include "host/machine/uart.h"
#include "host/record/ledger.h"
#include "host/record/trace.h"
#include "host/report/panic.h"
#include "host/report/pause.h"
#include "host/run/abort.h"
#include "host/run/pauth.h"
#include "host/run/sched.h"
#include "host/run/serror.h"
#include "host/run/vel2_sysreg.h"
#include "host/run/vpsci.h"
#include "host/shadow/watch.h"
#include "host/vm/queue.h"
#include "host/vm/vm.h"
#include "host/world/controls.h"
#include "host/world/debug.h"
#include "host/world/fp.h"
#include "host/world/pmu.h"
#include "host/world/routing.h"
#include "host/world/world.h"
#include "nv/arch/firn_abi.h"
#include "nv/decide.h"
#include "nv/eret.h"
#include "nv/pauth.h"
#include "nv/translate.h"

#define BEGINNINGS_PER_SECOND 16

/* An exception that L1 owns. From the guest context vEL2 comes back first. */
static void reflect(struct vcpu *v, uint64_t esr)
{
	enum nv_from from =
		v->world.loaded == WORLD_GUEST_CONTEXT || vcpu_is_at_el0(v) ? NV_FROM_LOWER : NV_FROM_SAME;

	if (v->world.loaded == WORLD_GUEST_CONTEXT)
		world_to_vel2(v);
	world_take_sync(v, from, esr);
}

static void undefined(struct vcpu *v)
{
	world_take_sync(v, vcpu_is_at_el0(v) ? NV_FROM_LOWER : NV_FROM_SAME,
			field_put(ESR_EC, EC_UNKNOWN) | ESR_IL);
}

/* DebugExceptionReturnSS: what may be stepped itself cannot make its target be stepped. */
static __attribute__((cold)) uint64_t step_behind_eret(const struct vcpu *v)
{
	return nv_debug_is_enabled_at_vel2(debug_l1_mdscr(v), nv_debug_target_is_el2(&v->nv), v->pstate) ?
		       0 :
		       PSTATE_SS;
}

/* An exception of ERETAA or ERETAB. */
static __attribute__((cold, noinline)) void signed_wrongly(struct vcpu *v, bool key_b)
{
	world_take_sync(v, NV_FROM_SAME, nv_pac_fail_esr(key_b));
}

static void eret(struct vcpu *v, uint64_t esr)
{
	uint64_t spsr = world_read_spsr_el2(v), elr = read_sysreg(ELR_EL12);
	struct nv_eret r = nv_exception_return(spsr, v->pstate, vncr_get(&v->nv.file, SR_HCR_EL2));

	if (__builtin_expect((esr & ESR_ERET_AUTH) != 0, 0)) {
		struct pauth_return a = pauth_return(v, elr, esr & ESR_ERET_B);

		if (!a.is_good) {
			signed_wrongly(v, esr & ESR_ERET_B);
			return;
		}
		elr = a.to;
		SITE_CALL(v->trace.cpu, trace_signed_eret, v, elr, 0, 0);
	}
	if (__builtin_expect((r.pstate & PSTATE_SS) != 0, 0))
		r.pstate &= ~PSTATE_SS | step_behind_eret(v);
	v->pc = elr;
	v->pstate = r.pstate;
	if (r.to == NV_ERET_GUEST_CONTEXT) {
		if (__builtin_expect(v->routing.unsettled, 0))
			routing_settle(v);
		world_to_guest_context(v);
		if (__builtin_expect(elr == v->shadow.refused.pc, 0))
			abort_before_l2(v);
	}
	if (r.to == NV_ERET_VEL2 && vcpu_is_at_el0(v))
		debug_at_el0(v);
}

static void sysreg(struct vcpu *v, uint64_t esr, enum sysreg r)
{
	if (sysreg_emulate(v, r, (uint32_t)(esr & ESR_ISS)))
		vcpu_end_instruction(v);
	else
		undefined(v);
}

/* The number of an HVC, as far as it may be a hypercall of firn's own (nv/arch/firn_abi.h); 0 for none. */
static uint64_t firn_call(const struct vcpu *v, uint64_t esr)
{
	uint64_t number = esr & ESR_IMM16;

	if (!v->vm->markers || (number == FIRN_HVC_SWITCH && !cpu_features()->nv2))
		return 0;
	return number;
}

/*
 * L1 may have changed HCR_EL2.E2H by a write to its VNCR page, which hardware does not tell. The registers move now; an
 * access that trapped under the old meaning of its name is executed again.
 */
static bool follow_e2h(struct vcpu *v, uint64_t esr)
{
	bool in_page = vncr_get(&v->nv.file, SR_HCR_EL2) & HCR_E2H;

	if (in_page == v->world.vel2_is_vhe || v->world.loaded != WORLD_VEL2 || !v->nv.has_vhe)
		return false;
	world_follow_e2h(v);
	return field_get(ESR_EC, esr) == EC_SYS64;
}

/* An HVC that is UNDEFINED: its trap came with the address behind it, and as a step that is done (AArch64.CallHypervisor). */
static __attribute__((cold)) void take_back_hvc(struct vcpu *v)
{
	v->pc -= INSTRUCTION_BYTES;
	if (v->world.loaded == WORLD_VEL2 && (debug_l1_mdscr(v) & MDSCR_SS) && !step_behind_eret(v))
		v->pstate |= PSTATE_SS;
}

/*
 * What comes at a vector of EL1 that L1 does not use, its own abort, or an interrupt or a step before that, comes behind an exception to vEL2.
 * Only hardware's EL1 registers have that one: it is taken first.
 */
static inline bool was_vector_of_el0_only(struct vcpu *v)
{
	return __builtin_expect(v->world.el0_only, 0) && world_forward_el0(v);
}

/* Debug exceptions that HCR_EL2.TGE or MDCR_EL2.TDE routes; a watchpoint's has an address. */
static __attribute__((cold, noinline)) void reflect_debug(struct vcpu *v, uint64_t esr)
{
	uint64_t far = read_sysreg(FAR_EL2);

	if (was_vector_of_el0_only(v))
		return;
	reflect(v, esr);
	if (field_get(ESR_EC, esr) == EC_WATCHPT_LOW)
		write_sysreg(FAR_EL12, far);
}

static void act(struct vcpu *v, enum nv_verdict verdict, uint64_t esr, enum sysreg r)
{
	switch (verdict) {
	case NV_REFLECT:
		reflect(v, esr);
		return;
	case NV_UNDEFINED:
		if (field_get(ESR_EC, esr) == EC_HVC64)
			take_back_hvc(v);
		undefined(v);
		return;
	case NV_SKIP: /* WFI and WFE trap while vCPUs share CPUs; WFIT may end before its time, and its operand is not looked at */
		vcpu_end_instruction(v);
		queue_leave(v, esr & (ESR_WFX_TI | ESR_WFX_TIMEOUT) ? LEAVE_YIELDS : LEAVE_WAITS);
		return;
	case NV_FP:
		fp_use(v, false);
		return;
	case NV_SVE:
		if (v->nv.undecided && !v->world.vel2_is_vhe) /* it traps again, as SVE does in nv2 mode */
			world_decide_mode(v);
		else
			fp_use(v, true);
		return;
	case NV_ERET:
		eret(v, esr);
		return;
	case NV_SMC:
		vcpu_end_instruction(v);
		vpsci_call(v);
		return;
	case NV_SYSREG:
	case NV_SYSREG_GUEST_CONTEXT:
		sysreg(v, esr, r);
		return;
	case NV_MEMORY:
		if (!was_vector_of_el0_only(v))
			abort_of_l1(v, esr);
		return;
	case NV_SHADOW:
		if (!was_vector_of_el0_only(v))
			abort_of_l2(v, esr);
		return;
	case NV_DEBUG:
		reflect_debug(v, esr);
		return;
	case NV_MARK:
		ledger_mark(v);
		return;
	case NV_LOG:
		v->gp.x[0] = watch_call(v->vm, v->gp.x);
		return;
	case NV_SWITCH:
		world_set_mode(v, nv_wanted_mode(&v->nv) == NV_MODE_V84 ? NV_MODE_V83 : NV_MODE_V84);
		return;
	case NV_STOP:
		panic("ESR_EL2 %lx from pc %lx: the VNCR page is not mapped", esr, v->pc);
	}
}

/* A trap of vEL2 that ends there: what L1 wrote to its VNCR page has its effect now. */
static void refresh_vel2(struct vcpu *v)
{
	if (v->nv.mode == NV_MODE_V84) {
		timer_refresh(v);
		nested_gic_refresh(v);
		debug_at_vel2(v, vncr_get(&v->nv.file, SR_MDSCR_EL1));
	} else {
		timer_sample(v);
		nested_gic_refresh(v);
		debug_at_vel2(v, debug_l1_mdscr(v));
	}
}

_Static_assert(SR_ICH_ELRSR_EL2 == SR_ICH_VTR_EL2 + 3, "ICH_MISR_EL2 and ICH_EISR_EL2 are between them");

/* Of registers that say how the list registers are: nothing to look for. */
static bool is_status_read(enum sysreg r)
{
	return r >= SR_ICH_VTR_EL2 && r <= SR_ICH_ELRSR_EL2;
}

static void sync(struct vcpu *v)
{
	uint64_t esr = read_sysreg(ESR_EL2);
	unsigned class = (unsigned)field_get(ESR_EC, esr);
	struct nv_exit e = {
		.esr = esr,
		.from_vel2 = v->world.loaded == WORLD_VEL2,
		.from_el0 = vcpu_is_at_el0(v),
	};
	enum sysreg r = SR_NONE;

	if (class == EC_SYS64)
		r = sysreg_from_iss((uint32_t)(esr & ESR_ISS));
	else if (class == EC_HVC64)
		e.call = firn_call(v, esr);
	ledger_count_sync(v, esr, r, e.call == FIRN_HVC_MARK);
	if (!follow_e2h(v, esr))
		act(v, nv_decide(&v->nv, &e), esr, r);
	if (e.from_vel2 && v->world.loaded == WORLD_VEL2 && !is_status_read(r))
		refresh_vel2(v);
}

/* L0 asked to refill the list registers. */
static void refill(struct vcpu *v)
{
	timer_observe(v);
	vgic_refill(v);
}

static void tell_interrupt(struct vcpu *v, uint64_t intid, uint64_t none, uint64_t too)
{
	(void)none;
	(void)too;
	TRACE(v, firn_interrupt, .intid = (uint32_t)intid);
}

/*
 * Where L0's own wish for a look or a device's interrupt comes in, L2 may just have completed the last one of that device, and L1's
 * GIC has to know that before it is asked what it signals.
 */
static void irq(struct vcpu *v)
{
	uint32_t intid = gic_ack();

	SITE_CALL(v->trace.cpu, tell_interrupt, v, intid, 0, 0);
	if (gic_is_spurious(intid) || timer_interrupt(v, intid))
		return;
	gic_drop(intid);
	if (intid == gic_intid_maintenance()) {
		/* in the guest context it is L1's own */
		if (v->nested_gic.loaded)
			nested_gic_maintenance(v);
		else
			refill(v);
	} else if (intid >= INTID_FIRST_SPI) {
		if (device_interrupt(intid)) {
			nested_gic_sync(v);
			return;
		}
	} else if (pmu_interrupt(v, intid)) {
		return; /* as soon as its level falls */
	} else {
		nested_gic_sync(v);
		queue_poked(v);
	}
	gic_deactivate(intid);
}

/* An SError that L0 did not cause is passed on, or becomes pending, until it is taken. */
static __attribute__((cold)) void serror(struct vcpu *v)
{
	uint64_t esr = read_sysreg(ESR_EL2);

	was_vector_of_el0_only(v);
	if (!serror_reflect(v, esr))
		world_pend_serror(v, esr);
}

/* L1's own interface is in hardware, for vEL2 or for a guest whose interrupts L1 does not route to itself. */
static __attribute__((noinline)) void interrupts_of_vel2(struct vcpu *v)
{
	if (vgic_is_changed(v))
		vgic_fill_changed(v);
	if (routing_may_hold(v) || v->vgic.unrouted)
		routing_follow(v);
}

/* L1's own GIC signals something while its guest runs. */
static __attribute__((noinline)) void interrupt_guest_context(struct vcpu *v)
{
	enum vgic_signal signal = vgic_signal(v);

	if (was_vector_of_el0_only(v)) {
		interrupts_of_vel2(v);
		return;
	}
	if (!nested_gic_is_for_vel2(v, signal)) {
		nested_gic_signal_guest_context(v, signal);
		return;
	}
	world_to_vel2(v);
	world_take_async(v, NV_FROM_LOWER, signal == VGIC_IRQ ? NV_VECTOR_IRQ : NV_VECTOR_FIQ);
	interrupts_of_vel2(v);
}

/* Interrupts that came up meanwhile: into the list registers, or from the guest context to vEL2. */
static inline __attribute__((always_inline)) void interrupts_before_entry(struct vcpu *v)
{
	if (!v->nested_gic.loaded) {
		if (vgic_is_changed(v) || (v->vgic.lr_used && routing_may_hold(v)))
			interrupts_of_vel2(v);
	} else if (!vgic_is_quiet(v))
		interrupt_guest_context(v);
}

struct vcpu *run_exit(struct vcpu *v, enum exit_kind kind)
{
	ledger_exit(v);
	switch (kind) {
	case EXIT_SYNC:
		sync(v);
		break;
	case EXIT_IRQ:
		ledger_count(v, LEDGER_IRQ);
		irq(v);
		break;
	case EXIT_FIQ:
		ledger_count(v, LEDGER_FIQ);
		irq(v);
		break;
	case EXIT_SERROR:
		ledger_count(v, LEDGER_SERROR);
		serror(v);
		break;
	}
	if (v->queue.resched) {
		was_vector_of_el0_only(v);
		v = sched_next(v);
	}
	interrupts_before_entry(v);
	return v;
}

/*
 * A measured guest begins when the counter is at a round number, however long boot has taken: with a recording that is longer, and what
 * L1 makes of its time is to be the same.
 */
static void begin_on_time(void)
{
	uint64_t period = read_sysreg(CNTFRQ_EL0) / BEGINNINGS_PER_SECOND;
	uint64_t at = (clock_now() / period + 1) * period;

	clock_write_cnthp_cval(at);
	write_sysreg(CNTHP_CTL_EL2, CNT_CTL_ENABLE);
	while (clock_now() < at)
		wfi();
	write_sysreg(CNTHP_CTL_EL2, 0);
}

_Noreturn void run_cpu(void)
{
	struct vcpu *v;

	if (cpu_count() == 1 && vm_get(0)->markers)
		begin_on_time();
	v = sched_first();

	interrupts_before_entry(v);
	SITE_CALL(v->trace.cpu, trace_first_entry, v, 0, 0, 0);
	vcpu_enter(v);
}
