/*
 * Which text is a measurement as JSON?  Numbers are the text that per_operation() makes, so two runs give the same
 * bytes.
 */
#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#include "experiments/firn/measure/result.h"
#include "experiments/firn/measure/s2.h"
#include "experiments/firn/tool/complain.h"

/* value per operation, as the table prints it. */
static void add_number(cJSON *object, const char *name, int64_t value, int64_t operations)
{
	char number[48];

	cJSON_AddItemToObject(object, name,
			      cJSON_CreateRaw(per_operation(number, sizeof(number), value, operations)));
}

/* A level without traps is left out. */
static void add_levels(cJSON *object, const char *name, const int64_t by_level[LEDGER_L0], int64_t operations)
{
	cJSON *levels = cJSON_AddObjectToObject(object, name);

	for (unsigned i = 0; i < LEDGER_L0; i++)
		if (by_level[i])
			add_number(levels, ledger_level_names[i], by_level[i], operations);
}

/* Whole numbers: of all operations together. */
static void add_s2(cJSON *object, const struct cost *cost)
{
	cJSON *s2 = cJSON_AddObjectToObject(object, "s2"), *group = NULL;
	struct s2_number numbers[S2_NUMBERS];

	cJSON_AddNumberToObject(s2, "operations", (double)cost->operations);
	s2_numbers(&cost->s2, numbers);
	for (unsigned i = 0; i < S2_NUMBERS; i++) {
		if (i == 0 || strcmp(numbers[i].group, numbers[i - 1].group) != 0)
			group = cJSON_AddObjectToObject(s2, numbers[i].group);
		cJSON_AddNumberToObject(group, numbers[i].name, (double)numbers[i].value);
	}
}

/* In counter ticks, of the second stretch's operations. */
static void add_latency(cJSON *object, const struct latency *latency)
{
	cJSON *ticks = cJSON_AddObjectToObject(object, "latency_ticks"), *quantiles;

	cJSON_AddNumberToObject(ticks, "min", (double)latency->min);
	cJSON_AddNumberToObject(ticks, "p50", (double)latency->p50);
	cJSON_AddNumberToObject(ticks, "p90", (double)latency->p90);
	cJSON_AddNumberToObject(ticks, "p99", (double)latency->p99);
	cJSON_AddNumberToObject(ticks, "max", (double)latency->max);
	cJSON_AddNumberToObject(ticks, "samples", (double)latency->samples);
	quantiles = cJSON_AddArrayToObject(ticks, "quantiles");
	for (unsigned k = 0; k < latency->quantiles; k++) {
		double pair[2] = { (double)latency->hundredths[k] / 100, (double)latency->ticks[k] };

		cJSON_AddItemToArray(quantiles, cJSON_CreateDoubleArray(pair, 2));
	}
}

/* Counted from outside: of all levels together, and how rare traps are. */
static void add_totals(cJSON *object, const struct cost *cost)
{
	int64_t all = cost->instructions[LEDGER_L0] + cost_l1_instructions(cost) + cost_l2_instructions(cost);

	add_number(object, "instructions_per_op", all, cost->operations);
	if (all > 0)
		add_number(object, "traps_per_million_instructions", cost->traps * 1000000, all);
}

/* One measurement: a guest, a workload, a mode, a CPU. docs/firn.md says what each member is. */
static cJSON *object_of(const struct result *result)
{
	const struct cost *cost = &result->cost;
	int64_t n = cost->operations;
	cJSON *object = cJSON_CreateObject(), *part;

	cJSON_AddStringToObject(object, "guest", result->guest);
	cJSON_AddStringToObject(object, "mode", result->mode);
	cJSON_AddStringToObject(object, "cpu", result->cpu);
	cJSON_AddStringToObject(object, "workload", result->workload);
	part = cJSON_AddArrayToObject(object, "iterations");
	for (unsigned i = 0; i < 2; i++)
		cJSON_AddItemToArray(part, cJSON_CreateNumber((double)result->iterations[i]));
	add_number(object, "traps_per_op", cost->traps, n);
	part = cJSON_AddObjectToObject(object, "by_reason");
	for (size_t i = 0; i < cost->reasons; i++)
		add_number(part, cost->reason[i].name, cost->reason[i].value, n);
	add_levels(object, "by_level", cost->level_traps, n);
	part = cJSON_AddObjectToObject(object, "by_reason_and_level");
	for (size_t i = 0; i < cost->reasons; i++)
		add_levels(part, cost->reason[i].name, cost->reason[i].by_level, n);
	add_number(object, "l0_instructions_per_op", cost->instructions[LEDGER_L0], n);
	add_number(object, "l1_instructions_per_op", cost_l1_instructions(cost), n);
	add_number(object, "l2_instructions_per_op", cost_l2_instructions(cost), n);
	cJSON_AddBoolToObject(object, "instructions_exact", cost->exact);
	if (result->latency.samples)
		add_latency(object, &result->latency);
	if (result->with_s2)
		add_s2(object, cost);
	if (result->sequence)
		add_totals(object, cost);
	if (result->sequence)
		cJSON_AddItemToObject(object, "sequence", cJSON_Duplicate(result->sequence, true));
	for (part = result->profile ? result->profile->child : NULL; part; part = part->next)
		cJSON_AddItemToObject(object, part->string, cJSON_Duplicate(part, true));
	if (result->provenance)
		cJSON_AddItemToObject(object, "provenance", cJSON_Duplicate(result->provenance, true));
	return object;
}

char *results_as_json(const struct result *results, size_t count)
{
	cJSON *list = cJSON_CreateArray();
	char *printed, *out;

	for (size_t i = 0; i < count; i++)
		cJSON_AddItemToArray(list, object_of(&results[i]));
	printed = cJSON_Print(list);
	if (!printed)
		exit(complain(STATUS_FAILED, "out of memory"));
	out = text("%s\n", printed);
	cJSON_free(printed);
	cJSON_Delete(list);
	return out;
}
