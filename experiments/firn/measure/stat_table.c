/*
 * How are two modes shown side by side?  Traps by reason and instructions by level; the ratio is that of the
 * first mode to the last.
 */
#include "experiments/firn/measure/stat_table.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "experiments/firn/tool/complain.h"
#include "experiments/firn/tool/table.h"

/* "6.84", or "-" where there is nothing to divide by; out is given back. */
static char *ratio(char *out, size_t size, int64_t first, int64_t last)
{
	if (last == 0)
		snprintf(out, size, "-");
	else
		snprintf(out, size, "%.2f", (double)first / (double)last);
	return out;
}

/* One line of the table: a value for each mode, and the ratio of the first to the last. */
static void add_values(struct table *table, enum table_style style, const char *name,
		       const struct result *results, size_t modes, const int64_t values[], const char *note)
{
	char number[MAX_MODES][48], quotient[32];
	const char *cells[TABLE_COLUMNS] = { name };
	size_t column = 1;

	for (size_t m = 0; m < modes; m++)
		cells[column++] =
			per_operation(number[m], sizeof(number[m]), values[m], results[m].cost.operations);
	if (modes > 1 && style == TABLE_FAINT) /* of what is rare it is noise */
		cells[column++] = "-";
	else if (modes > 1)
		cells[column++] = ratio(quotient, sizeof(quotient), values[0], values[modes - 1]);
	cells[column] = note;
	table_add(table, style, cells);
}

/* Which levels trapped for this reason, in any mode. */
static void level_list(char *out, size_t size, const struct reason_cost *const in[], size_t modes)
{
	size_t used = 0;

	*out = '\0';
	for (unsigned level = 0; level < LEDGER_L0; level++)
		for (size_t m = 0; m < modes; m++)
			if (in[m] && in[m]->by_level[level]) {
				used += (size_t)snprintf(out + used, size - used, "%s%s", used ? ", " : "",
							 ledger_level_names[level]);
				break;
			}
}

/* A reason that most operations do not have: start-up, or a timer tick of L1's own. --json has each. */
#define RARE 20

/* Reasons that are rare in every mode are one row. */
struct rest {
	unsigned reasons;
	int64_t values[MAX_MODES];
};

/* A row for the reason, or one more for the rest. In a mode that does not have the reason its value is 0. */
static void add_reason(struct table *table, const char *name, const struct result *results, size_t modes,
		       struct rest *rest)
{
	const struct reason_cost *in[MAX_MODES];
	int64_t values[MAX_MODES];
	char *indented = text("  %s", name), levels[64];
	bool rare = true;

	for (size_t m = 0; m < modes; m++) {
		in[m] = cost_find(&results[m].cost, name);
		values[m] = in[m] ? in[m]->value : 0;
		rare &= llabs(values[m]) * RARE < results[m].cost.operations;
	}
	if (rare) {
		rest->reasons++;
		for (size_t m = 0; m < modes; m++)
			rest->values[m] += values[m];
	} else {
		level_list(levels, sizeof(levels), in, modes);
		add_values(table, TABLE_PLAIN, indented, results, modes, values, levels);
	}
	free(indented);
}

/* Reasons in the order of the first mode, then those that only the others have. */
static void add_reasons(struct table *table, const struct result *results, size_t modes)
{
	struct rest rest = { 0 };

	for (size_t m = 0; m < modes; m++)
		for (size_t i = 0; i < results[m].cost.reasons; i++) {
			const char *name = results[m].cost.reason[i].name;
			bool seen = false;

			for (size_t earlier = 0; earlier < m; earlier++)
				seen |= cost_find(&results[earlier].cost, name) != NULL;
			if (!seen)
				add_reason(table, name, results, modes, &rest);
		}
	if (rest.reasons) {
		char *name = text("  %u rare reasons", rest.reasons);

		add_values(table, TABLE_FAINT, name, results, modes, rest.values, "under 0.05 each");
		free(name);
	}
}

/* A ± marks the rows as soon as one mode's counter is too slow to be exact: figures of one row are of one kind. */
static void add_instructions(struct table *table, const struct result *results, size_t modes)
{
	int64_t l0[MAX_MODES], l1[MAX_MODES], l2[MAX_MODES];
	bool exact = true;

	for (size_t m = 0; m < modes; m++) {
		l0[m] = results[m].cost.instructions[LEDGER_L0];
		l1[m] = cost_l1_instructions(&results[m].cost);
		l2[m] = cost_l2_instructions(&results[m].cost);
		exact &= results[m].cost.exact;
	}
	add_values(table, TABLE_BOLD, exact ? "instructions in L0" : "instructions in L0 ±", results, modes,
		   l0, "");
	add_values(table, TABLE_PLAIN, exact ? "instructions in L1" : "instructions in L1 ±", results, modes,
		   l1, "");
	add_values(table, TABLE_PLAIN, exact ? "instructions in L2" : "instructions in L2 ±", results, modes,
		   l2, "");
}

/* A table of its own: of single interrupts, not of an operation on average. */
static void print_latency(const struct result *results, size_t modes)
{
	struct table table = { .align = "lrrrrrr" };
	const char *head[TABLE_COLUMNS] = {
		"ticks to the handler", "min", "p50", "p90", "p99", "max", "samples"
	};

	table_add(&table, TABLE_FAINT, head);
	for (size_t m = 0; m < modes; m++) {
		const struct latency *l = &results[m].latency;
		const unsigned long long values[] = { l->min, l->p50, l->p90, l->p99, l->max, l->samples };
		char number[6][24];
		const char *cells[TABLE_COLUMNS] = { results[m].mode };

		for (unsigned i = 0; i < 6; i++) {
			snprintf(number[i], sizeof(number[i]), "%llu", values[i]);
			cells[i + 1] = number[i];
		}
		table_add(&table, TABLE_PLAIN, cells);
	}
	puts("");
	table_print(&table);
}

/* results: one guest and workload, in modes modes, of which the order is the user's. */
void stat_table_print(const struct result *results, size_t modes)
{
	static const char *const align[MAX_MODES] = { "lrl", "lrrrl", "lrrrrl", "lrrrrrl" };
	struct table table = { .align = align[modes - 1] };
	const char *head[TABLE_COLUMNS] = { "" };
	int64_t traps[MAX_MODES] = { 0 };
	char *quotient = text("%s / %s", results[0].mode, results[modes - 1].mode);
	size_t column = 1;

	printf("%s: %s per operation, on %s (L2 did %llu, then %llu)\n\n", results->guest, results->workload,
	       results->cpu, (unsigned long long)results->iterations[0],
	       (unsigned long long)results->iterations[1]);
	for (size_t m = 0; m < modes; m++) {
		head[column++] = results[m].mode;
		traps[m] = results[m].cost.traps;
	}
	if (modes > 1)
		head[column++] = quotient;
	head[column] = "trapped from";
	table_add(&table, TABLE_FAINT, head);
	add_values(&table, TABLE_BOLD, "traps", results, modes, traps, "");
	add_reasons(&table, results, modes);
	add_instructions(&table, results, modes);
	table_print(&table);
	if (results->latency.samples)
		print_latency(results, modes);
	if (!results->cost.exact)
		puts("\n± rounded at each trap where this CPU's counter is slower than its instructions; with several CPUs\n"
		     "  what one waits for another is in it");
	puts("");
	free(quotient);
}
