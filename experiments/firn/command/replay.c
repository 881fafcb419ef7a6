/*
 * firn replay: does the engine decide today as it did when this was recorded?  Each recorded exit goes to the pure code of nv/,
 * natively; what it says is compared with what L0 did then.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "experiments/firn/command/commands.h"
#include "experiments/firn/record/enrich.h"
#include "experiments/firn/tool/complain.h"
#include "experiments/firn/tool/options.h"
#include "experiments/firn/trace/steps.h"
#include "nv/access.h"
#include "nv/arch/firn_abi.h"
#include "nv/cause.h"
#include "nv/decide.h"
#include "nv/deliver.h"
#include "nv/eret.h"
#include "nv/idreg.h"

#define MAX_SHOWN 20
#define INSTRUCTION_BYTES 4

/* What the engine says of the exit that a CPU handles, given L1's registers as they were at it. */
struct judged {
	uint64_t hcr, cause;
	enum nv_verdict verdict;
	bool is_undefined, has_value; /* of the last access */
	uint64_t value;
};

/* A view of each vCPU's registers, and for each CPU what the engine says of the exit that it handles. */
struct replay {
	struct trace_file *file;
	struct vcpu_view *view[ENRICH_MAX_VCPUS];
	struct judged judged[DAT_MAX_CPUS];
	uint64_t steps, decisions, values, exceptions, wrong;
};

/* Made when it is first asked for. */
static struct vcpu_view *view_of(struct replay *r, uint32_t vm, uint32_t vcpu)
{
	struct vcpu_view **view = &r->view[(vcpu + 8 * vm) % ENRICH_MAX_VCPUS];

	if (!*view) {
		*view = grow(NULL, 1, sizeof(**view));
		vcpu_view_init(*view);
	}
	return *view;
}

/* now: what the code of today says; then: what the recording has. Only the first are shown, all are counted. */
static void wrong(struct replay *r, const struct step *s, const char *what, uint64_t now, uint64_t then)
{
	if (r->wrong++ >= MAX_SHOWN)
		return;
	printf("step %llu, %s at 0x%llx: %s is 0x%llx, recorded was 0x%llx\n", (unsigned long long)s->number,
	       s->reason, (unsigned long long)s->exit.vcpu_pc, what, (unsigned long long)now,
	       (unsigned long long)then);
}

static void compare(struct replay *r, const struct step *s, const char *what, uint64_t now, uint64_t then)
{
	if (now != then)
		wrong(r, s, what, now, then);
}

/* --- decisions --- */

/* The exception that L1 got is the one that came: L0 handed it on. */
static bool reflected(const struct step *s)
{
	return s->has_inject && s->inject.esr_el2 == s->exit.esr_el2;
}

/* Of an UNDEFINED the class of the syndrome is 0. */
static bool undefined(const struct step *s)
{
	return (s->has_inject && field_get(ESR_EC, s->inject.esr_el2) == EC_UNKNOWN && !s->inject.type) ||
	       (s->has_guest_inject && field_get(ESR_EC, s->guest_inject.esr_el1) == EC_UNKNOWN);
}

/* An ERETAA or ERETAB whose signature is wrong. */
static bool wrongly_signed(const struct step *s)
{
	return s->has_inject && field_get(ESR_EC, s->inject.esr_el2) == EC_FPAC && !s->inject.type;
}

/* Did L0 do then what this verdict asks for? An interrupt may have come between. */
static bool agrees(enum nv_verdict verdict, const struct step *s)
{
	switch (verdict) {
	case NV_REFLECT:
		return reflected(s);
	case NV_DEBUG: /* what came before it at a vector of EL0's comes first */
		return s->has_inject;
	case NV_UNDEFINED:
		return undefined(s);
	case NV_ERET:
		return s->has_eret || ((s->exit.esr_el2 & ESR_ERET_AUTH) && wrongly_signed(s));
	case NV_SYSREG:
	case NV_SYSREG_GUEST_CONTEXT:
		/* Nothing at all: E2H had changed, and the access was executed again. */
		return s->has_access || undefined(s) || (s->has_entry && s->entry.vcpu_pc == s->exit.vcpu_pc);
	case NV_SHADOW:
		return s->has_fault;
	case NV_MEMORY:
		return !s->has_fault;
	case NV_MARK:
		return s->exit.is_mark;
	case NV_SKIP:
	case NV_SMC:
	case NV_SWITCH:
	case NV_FP:
	case NV_SVE: /* the registers come back, and the access is made again */
	case NV_LOG:
		return !reflected(s);
	case NV_STOP:
		break;
	}
	return false;
}

/* As L0 does it: from the syndrome and L1's registers, before anything has changed. Interrupts need no decision. */
static void judge_exit(struct judged *j, const struct vcpu_view *view, const struct trace_kvm_exit *exit)
{
	const struct nv_exit e = { .esr = exit->esr_el2,
				   .from_vel2 = exit->from_vel2,
				   .from_el0 = (exit->pstate & SPSR_NRW) ||
					       field_get(SPSR_M_EL, exit->pstate) == 0,
				   .call = exit->is_mark ? FIRN_HVC_MARK : 0 };

	*j = (struct judged){ .hcr = vncr_get(&view->nv.file, SR_HCR_EL2) };
	if (exit->ret != 2)
		return;
	j->verdict = nv_decide(&view->nv, &e);
	j->cause = (uint64_t)nv_cause(&view->nv, &e).kind;
}

/* For an exit from which L0 came back. */
static void replay_decision(struct replay *r, const struct judged *j, const struct step *s)
{
	r->decisions++;
	compare(r, s, "HCR_EL2 of L1", j->hcr, s->exit.l1_hcr_el2);
	compare(r, s, "the cause", j->cause, s->exit.cause);
	if (!agrees(j->verdict, s))
		wrong(r, s, "the verdict", (uint64_t)j->verdict, (uint64_t)s->has_inject);
}

/* --- values --- */

/* What the emulated access should read, where the trace has what it depends on. */
static void judge_access(struct judged *j, const struct vcpu_view *view,
			 const struct trace_kvm_sys_access *access)
{
	enum sysreg name =
		access->name < SYSREG_ENCODINGS ? sysreg_from_enc((uint16_t)access->name) : SR_NONE;
	struct nv_access a;

	j->is_undefined = j->has_value = false;
	if (name == SR_NONE)
		return;
	a = nv_vel2_access(&view->nv, name, !access->is_write);
	j->is_undefined = a.place == NV_PLACE_UNDEFINED;
	/* Registers outside the page that decide nothing are not in the trace. */
	j->has_value =
		a.place == NV_PLACE_ID || (a.place == NV_PLACE_STORED && sysreg_info[a.reg].slot != NO_SLOT);
	if (j->has_value && !access->is_write)
		j->value = a.place == NV_PLACE_ID ? nv_id_read(&view->nv, a.reg) :
						    vncr_get(&view->nv.file, a.reg);
}

/* Only vEL2's own: those of the guest are hardware's or L1's. */
static void replay_access(struct replay *r, const struct judged *j, const struct step *s)
{
	if (!s->exit.from_vel2)
		return;
	compare(r, s, "being undefined", j->is_undefined, false);
	if (!j->has_value)
		return;
	r->values++;
	if (!s->access.is_write)
		compare(r, s, "the value", j->value, s->access.value);
}

/* --- exceptions and returns --- */

/* Where it leads, and unless something came in between also where the vCPU goes on. */
static void replay_eret(struct replay *r, const struct step *s)
{
	struct nv_eret e = nv_exception_return(s->eret.spsr_el2, s->eret.pstate, s->eret.hcr_el2);

	r->exceptions++;
	compare(r, s, "where the ERET goes", (uint64_t)e.to, s->eret.to);
	if (!step_stays(s) || s->has_inject || s->has_guest_inject)
		return;
	compare(r, s, "PC", s->eret.elr_el2, s->entry.vcpu_pc);
	compare(r, s, "PSTATE", e.pstate, s->entry.pstate);
}

/* What L1 finds in its registers when L0 gives it the exception. */
static void replay_exception(struct replay *r, const struct step *s)
{
	bool vhe = s->inject.hcr_el2 & HCR_E2H, tge = s->inject.hcr_el2 & HCR_TGE;
	const struct nv_target to = {
		.vbar = s->inject.vbar, .sctlr = s->inject.sctlr, .may_set_pan = vhe && tge, .is_vel2 = true
	};
	struct nv_exception e;

	if (s->inject.type || s->has_eret) /* an interrupt that came in between has another state before it */
		return;
	e = nv_take_exception(&to, s->inject.from ? NV_FROM_LOWER : NV_FROM_SAME, NV_VECTOR_SYNC,
			      s->exit.vcpu_pc, s->exit.pstate);
	r->exceptions++;
	compare(r, s, "ELR_EL2", e.elr, s->inject.pc);
	compare(r, s, "SPSR_EL2", e.spsr, s->inject.spsr_el2);
	compare(r, s, "PC", e.pc, s->inject.new_pc);
	compare(r, s, "PSTATE", e.pstate, s->inject.new_pstate);
}

/*
 * A step may end late: after its vCPU has gone on, on another CPU, with other registers. So what depends on them is judged when the
 * exit and the access come, before the registers that L0 changes in that step.
 */
static void on_event(void *context, const struct trace_item *item)
{
	struct replay *r = context;
	struct vcpu_view *view = view_of(r, item->vm, item->vcpu);
	struct judged *j = &r->judged[item->cpu % DAT_MAX_CPUS];

	switch (item->id) {
	case TRACE_firn_vcpu_state:
		vcpu_view_state(view, &item->e.firn_vcpu_state);
		break;
	case TRACE_firn_register:
		vcpu_view_register(view, &item->e.firn_register);
		break;
	case TRACE_kvm_exit:
		judge_exit(j, view, &item->e.kvm_exit);
		break;
	case TRACE_kvm_sys_access:
		judge_access(j, view, &item->e.kvm_sys_access);
		break;
	default:
		break;
	}
}

/* Traps alone, each compared in all that it has. */
static void on_step(void *context, const struct step *s)
{
	struct replay *r = context;
	const struct judged *j = &r->judged[s->cpu % DAT_MAX_CPUS];

	r->steps++;
	if (s->exit.ret != 2 || !s->has_entry)
		return;
	replay_decision(r, j, s);
	if (s->has_access)
		replay_access(r, j, s);
	if (s->has_eret)
		replay_eret(r, s);
	if (s->has_inject)
		replay_exception(r, s);
}

/* What L0 decides depends on L1's registers. False after one line on stderr. */
static bool has_registers(struct trace_file *file)
{
	struct trace_item item;
	bool found = false;

	while (!found && trace_next(file, &item))
		found = item.id == TRACE_firn_register;
	trace_rewind(file);
	return found || !complain(STATUS_FAILED,
				  "%s does not have L1's registers, on which decisions rest; record it with "
				  "'vncr' among its --events",
				  trace_name(file));
}

int command_replay(int argc, char **argv)
{
	struct replay r = { .file = NULL };

	if (argc != 1 || argv[0][0] == '-')
		return complain(STATUS_USAGE, "replay: give one file; see 'firn help replay'");
	r.file = trace_open(argv[0]);
	if (!r.file)
		return STATUS_FAILED;
	if (!has_registers(r.file)) {
		trace_close(r.file);
		return STATUS_FAILED;
	}
	steps_each(r.file, on_step, on_event, &r);
	for (size_t i = 0; i < ENRICH_MAX_VCPUS; i++)
		free(r.view[i]);
	trace_close(r.file);
	if (r.wrong > MAX_SHOWN)
		printf("(%llu more)\n", (unsigned long long)(r.wrong - MAX_SHOWN));
	printf("%llu steps: %llu decisions, %llu values, %llu exceptions and returns compared, %llu differ\n",
	       (unsigned long long)r.steps, (unsigned long long)r.decisions, (unsigned long long)r.values,
	       (unsigned long long)r.exceptions, (unsigned long long)r.wrong);
	if (r.steps && !r.values && !r.decisions)
		return complain(STATUS_FAILED, "%s has nothing to replay", argv[0]);
	return r.wrong ? STATUS_FAILED : 0;
}
