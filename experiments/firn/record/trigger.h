/*
 * When has what a recording waits for happened?  A trap of a kind, or words on L1's console, both seen in the events themselves, so
 * that it is the same event whenever the same is recorded.
 */
#ifndef EXPERIMENTS_FIRN_RECORD_TRIGGER_H
#define EXPERIMENTS_FIRN_RECORD_TRIGGER_H

#include <stdbool.h>
#include <stddef.h>

#include "traces/events.h"
#include "traces/ring.h"

/* What Linux says when it panics, whatever it does afterwards. */
#define TRIGGER_PANIC "Kernel panic - not syncing"

/* Either names or words; neither: nothing is waited for. */
struct trigger {
	char *const *
		name; /* a trap that has all of them: of its reason or its level, as firn report --count has them */
	size_t names;
	const char *words; /* in a line of the console of VM 0 */
	size_t matched;	   /* bytes of words that the console ends with */
};

/* Events without which it never happens. */
uint64_t trigger_needs(const struct trigger *trigger);

/* Is it this record?  payload: as enriched; reason: of a kvm_exit. To be asked of each record, in order. */
bool trigger_is(struct trigger *trigger, const struct trace_record *record, const void *payload,
		const char *reason);

#endif
