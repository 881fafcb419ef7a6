/* Which numbers can the result of a run have?  As measure/json.c, command/whatif.c and command/timeline.c write it. */
#include "experiments/firn/experiment/result_names.h"

#include <stdlib.h>
#include <string.h>

#include "experiments/firn/machine/guests.h"
#include "experiments/firn/tool/complain.h"

#define BIT(engine) (1u << (engine))
#define PROFILE BIT(ENGINE_PROFILE)
#define OUTSIDE (BIT(ENGINE_OUTSIDE) | PROFILE)
#define STAT (BIT(ENGINE_STAT) | OUTSIDE)
#define WHATIF BIT(ENGINE_WHATIF)
#define TIMELINE BIT(ENGINE_TIMELINE)

static const struct {
	const char *name;
	unsigned engines, kind;
} known[] = {
	{ "traps_per_op", STAT, VALUE_NUMBER },
	{ "l0_instructions_per_op", STAT, VALUE_NUMBER },
	{ "l1_instructions_per_op", STAT, VALUE_NUMBER },
	{ "l2_instructions_per_op", STAT, VALUE_NUMBER },
	{ "by_reason", STAT, VALUE_OBJECT },
	{ "by_level", STAT, VALUE_OBJECT },
	{ "by_reason_and_level", STAT, VALUE_OBJECT },
	{ "latency_ticks.min", STAT, VALUE_NUMBER },
	{ "latency_ticks.p50", STAT, VALUE_NUMBER },
	{ "latency_ticks.p90", STAT, VALUE_NUMBER },
	{ "latency_ticks.p99", STAT, VALUE_NUMBER },
	{ "latency_ticks.max", STAT, VALUE_NUMBER },
	{ "latency_ticks.samples", STAT, VALUE_NUMBER },
	{ "latency_ticks.quantiles", STAT, VALUE_PAIRS },
	{ "s2", STAT, VALUE_OBJECT },
	{ "instructions_per_op", OUTSIDE, VALUE_NUMBER },
	{ "traps_per_million_instructions", OUTSIDE, VALUE_NUMBER },
	{ "by_function", PROFILE, VALUE_OBJECT },
	{ "by_purpose", PROFILE, VALUE_OBJECT },
	{ "recorded", WHATIF, VALUE_NUMBER },
	{ "remain", WHATIF, VALUE_NUMBER },
	{ "removed", WHATIF, VALUE_OBJECT },
#define PART(name)                                                                                        \
	{ name ".trap_count", TIMELINE, VALUE_NUMBER }, { name ".instructions", TIMELINE, VALUE_NUMBER }, \
		{ name ".by_reason", TIMELINE, VALUE_OBJECT },                                            \
	{                                                                                                 \
		name ".by_function", TIMELINE, VALUE_OBJECT                                               \
	}
	PART("before"),
	PART("between"),
	PART("all"),
};
#define KNOWN (sizeof(known) / sizeof(known[0]))

unsigned result_engines(const struct run *run)
{
	bool outside = is_peer(run->at[AXIS_MODE]);

	for (size_t i = 0; i < workload_count; i++)
		outside |= strcmp(workloads[i].name, run->at[AXIS_WORKLOAD]) == 0 &&
			   workload_is_outside(&workloads[i]);
	return BIT(run->block->engine) |
	       (outside && run->block->engine == ENGINE_STAT ? BIT(ENGINE_OUTSIDE) : 0);
}

/* What is in an object may be a number or another object. */
static bool is_in(const char *value, const char *object)
{
	size_t length = strlen(object);

	return strncmp(value, object, length) == 0 && value[length] == '.' && value[length + 1];
}

bool result_can_have(const char *value, unsigned engines, unsigned kinds)
{
	for (size_t i = 0; i < KNOWN; i++) {
		if (!(known[i].engines & engines))
			continue;
		if (strcmp(known[i].name, value) == 0 && known[i].kind & kinds)
			return true;
		if (known[i].kind == VALUE_OBJECT && kinds & (VALUE_NUMBER | VALUE_OBJECT) &&
		    is_in(value, known[i].name))
			return true;
	}
	return false;
}

char *result_names(unsigned engines, unsigned kinds)
{
	char *names = text("one of:");
	const char *comma = "";

	for (size_t i = 0; i < KNOWN; i++) {
		bool within = known[i].kind == VALUE_OBJECT && !(kinds & VALUE_OBJECT);
		char *longer;

		if (!(known[i].engines & engines) ||
		    !(known[i].kind & kinds || (within && kinds & VALUE_NUMBER)))
			continue;
		longer = text("%s%s %s%s", names, comma, known[i].name, within ? ".NAME" : "");
		free(names);
		names = longer;
		comma = ",";
	}
	return names;
}
