/* What can be told of an event that L0 did not say?  Reads: enrich.h, nv/cause.h.  Next: recording.c. */
#include "experiments/firn/record/enrich.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "experiments/firn/tool/complain.h"
#include "experiments/firn/trace/names.h"
#include "nv/arch/firn_abi.h"
#include "nv/cause.h"

/* Until the trace says otherwise, a vCPU in nv mode whose registers are 0. */
void vcpu_view_init(struct vcpu_view *view)
{
	*view = (struct vcpu_view){ .nv.mode = NV_MODE_V83 };
}

/* The features are those that L1 finds in its ID registers: what nv/ decides depends on them. */
void vcpu_view_register(struct vcpu_view *view, const struct trace_firn_register *event)
{
	enum sysreg r = event->name < SYSREG_ENCODINGS ? sysreg_from_enc((uint16_t)event->name) : SR_NONE;

	if (r == SR_NONE)
		return;
	vncr_set(&view->nv.file, r, event->value);
	if (r == SR_ID_AA64MMFR0_EL1)
		view->nv.has_fgt = field_get(ID_AA64MMFR0_FGT, event->value) != 0;
	if (r == SR_ID_AA64PFR0_EL1) {
		view->nv.has_ras = field_get(ID_AA64PFR0_RAS, event->value) != 0;
		view->nv.has_sve = field_get(ID_AA64PFR0_SVE, event->value) != 0;
	}
	if (r == SR_ID_AA64DFR0_EL1)
		view->nv.has_pmu = field_get(ID_AA64DFR0_PMUVER, event->value) != 0;
	if (r == SR_ID_AA64MMFR1_EL1)
		view->nv.has_vhe = field_get(ID_AA64MMFR1_VH, event->value) != 0;
}

void vcpu_view_state(struct vcpu_view *view, const struct trace_firn_vcpu_state *event)
{
	view->nv.mode = event->mode ? NV_MODE_V84 : NV_MODE_V83;
	view->mode_known = 1;
}

/* A new text has a new number, from 0 on. There are few, so a search from the beginning is quick enough. */
size_t strings_number(struct strings *strings, const char *text_wanted)
{
	for (size_t i = 0; i < strings->count; i++)
		if (strcmp(strings->text[i], text_wanted) == 0)
			return i;
	strings->text = grow(strings->text, strings->count + 1, sizeof(strings->text[0]));
	strings->text[strings->count] = text("%s", text_wanted);
	return strings->count++;
}

void strings_free(struct strings *strings)
{
	for (size_t i = 0; i < strings->count; i++)
		free(strings->text[i]);
	free(strings->text);
	*strings = (struct strings){ .text = NULL };
}

/* An interrupt comes to L0 because L0 says so in HCR_EL2; for all else nv/ is asked, as L0 itself does. */
static struct nv_cause cause_of(const struct vcpu_view *view, const struct trace_kvm_exit *event)
{
	const struct nv_exit e = { .esr = event->esr_el2,
				   .from_vel2 = event->from_vel2,
				   .from_el0 = (event->pstate & SPSR_NRW) ||
					       field_get(SPSR_M_EL, event->pstate) == 0,
				   .call = event->is_mark ? FIRN_HVC_MARK : 0 };

	if (event->ret != 2)
		return (struct nv_cause){ NV_CAUSE_L0, { SR_HCR_EL2, HCR_IMO, "HCR_IMO" } };
	return nv_cause(&view->nv, &e);
}

/* Fills what L0 leaves 0: the reason as text, the control of L1 that asked for it, and whose it is. */
static void enrich_exit(struct enrich *state, const struct vcpu_view *view, struct trace_kvm_exit *event)
{
	struct nv_cause cause = cause_of(view, event);
	char name[64];

	exit_reason(name, sizeof(name), event);
	event->reason = TRACE_STRING_REASON + strings_number(&state->reasons, name);
	control_name(name, sizeof(name), cause.control.reg, cause.control.name);
	event->control = TRACE_STRING_CONTROL + strings_number(&state->controls, name);
	event->cause = (uint8_t)cause.kind;
}

/* payload is changed in place. Events of one vCPU must come in their order. */
void enrich(struct enrich *state, uint32_t vcpu, unsigned id, void *payload)
{
	struct vcpu_view *view = state->view[vcpu % ENRICH_MAX_VCPUS];

	if (!view) {
		view = state->view[vcpu % ENRICH_MAX_VCPUS] = grow(NULL, 1, sizeof(*view));
		vcpu_view_init(view);
	}
	switch (id) {
	case TRACE_firn_register:
		vcpu_view_register(view, payload);
		break;
	case TRACE_firn_vcpu_state:
		vcpu_view_state(view, payload);
		break;
	case TRACE_kvm_exit:
		enrich_exit(state, view, payload);
		break;
	default:
		break;
	}
}

void enrich_free(struct enrich *state)
{
	for (size_t i = 0; i < ENRICH_MAX_VCPUS; i++)
		free(state->view[i]);
	strings_free(&state->reasons);
	strings_free(&state->controls);
}
