/* When has what a recording waits for happened?  Reads: trigger.h, trace/names.h.  Next: recording.c. */
#include "experiments/firn/record/trigger.h"

#include <string.h>

#include "experiments/firn/trace/names.h"
#include "experiments/firn/trace/steps.h"
#include "nv/arch/firn_abi.h"

uint64_t trigger_needs(const struct trigger *t)
{
	if (t->words)
		return TRACE_BIT(TRACE_kvm_mmio);
	return t->names ? TRACE_BIT(TRACE_kvm_exit) : 0;
}

static bool is_trap(const struct trigger *t, const struct trace_kvm_exit *exit, const char *reason)
{
	for (size_t i = 0; i < t->names; i++)
		if (!is_named(reason, t->name[i], ':') &&
		    !is_named(step_level_name(exit->level), t->name[i], ' '))
			return false;
	return t->names && !exit->is_mark;
}

/* The longest beginning of words that the console ends with, now that byte follows what matched before. */
static size_t match(const char *words, size_t matched, char byte)
{
	while (words[matched] != byte) {
		size_t less = matched;

		if (!matched)
			return 0;
		do
			less--;
		while (memcmp(words, words + matched - less, less) != 0);
		matched = less;
	}
	return matched + 1;
}

/* Registers of the PL011 are written a character at a time, whatever the width of the access. */
static bool is_said(struct trigger *t, const struct trace_kvm_mmio *mmio)
{
	if (mmio->type != 2 || mmio->gpa != FIRN_UART_BASE)
		return false;
	t->matched = match(t->words, t->matched, (char)mmio->val);
	if (t->words[t->matched])
		return false;
	t->matched = 0;
	return true;
}

bool trigger_is(struct trigger *t, const struct trace_record *record, const void *payload, const char *reason)
{
	if (record->id == TRACE_kvm_exit)
		return is_trap(t, payload, reason);
	return t->words && record->id == TRACE_kvm_mmio && record->vm == 0 && is_said(t, payload);
}
