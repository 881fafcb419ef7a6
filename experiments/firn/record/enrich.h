/*
 * What can be told of an event that L0 did not say?  Its registers are in the trace, so the pure engine (nv/) is asked on
 * this side: why each trap happened, and what it is called.
 */
#ifndef EXPERIMENTS_FIRN_RECORD_ENRICH_H
#define EXPERIMENTS_FIRN_RECORD_ENRICH_H

#include <stddef.h>
#include <stdint.h>

#include "nv/state.h"
#include "traces/events.h"

#define ENRICH_MAX_VCPUS 64

/* A vCPU's registers as the trace has told them so far. */
struct vcpu_view {
	struct nv_state nv;
	uint32_t mode_known;
};

void vcpu_view_init(struct vcpu_view *view);

/* Takes notice of an event: firn_register and firn_vcpu_state change the view. */
void vcpu_view_register(struct vcpu_view *view, const struct trace_firn_register *event);
void vcpu_view_state(struct vcpu_view *view, const struct trace_firn_vcpu_state *event);

/* Texts with numbers, in the order of their first use. */
struct strings {
	char **text;
	size_t count;
};

/* The number of a text. */
size_t strings_number(struct strings *strings, const char *text);
void strings_free(struct strings *strings);

/* Fills in what the recorder knows. */
struct enrich {
	struct vcpu_view *view[ENRICH_MAX_VCPUS];
	struct strings reasons, controls;
};

/* payload is the struct of event id, and may be changed. vcpu: any number that tells vCPUs apart. */
void enrich(struct enrich *state, uint32_t vcpu, unsigned id, void *payload);
void enrich_free(struct enrich *state);

#endif
