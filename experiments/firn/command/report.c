/*
 * firn report: where do the traps of a recording come from?  Ranked by reason, by function of L1, by the control that asked
 * for them, by cost; or exported for another tool (export.c).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "experiments/firn/command/commands.h"
#include "experiments/firn/command/count.h"
#include "experiments/firn/command/timeline.h"
#include "experiments/firn/export/export.h"
#include "experiments/firn/measure/measure.h"
#include "experiments/firn/tool/complain.h"
#include "experiments/firn/tool/options.h"
#include "experiments/firn/tool/output.h"
#include "experiments/firn/tool/table.h"
#include "experiments/firn/trace/steps.h"
#include "experiments/firn/trace/tally.h"
#include "nv/cause.h"

#define DEFAULT_LIMIT 20

enum ranking {
	BY_REASON,
	BY_FUNCTION,
	BY_CONTROL,
	BY_LEVEL,
	BY_VCPU,
	RANKINGS
};

static const char *const ranking_names[RANKINGS] = { "reason", "function", "control", "level", "vcpu" };

/* One pass over the recording fills a tally for each ranking that is wanted. */
struct report {
	struct trace_file *file;
	bool wanted[RANKINGS];
	struct tally tally[RANKINGS];
	uint64_t from_vel2, in_symbols; /* exits from vEL2, and those in a function that has a name */
};

/*
 * For traps_each: the trap is counted in each tally that is wanted, with its cost in ticks and between which marks it
 * lies.
 */
static void count(void *context, const struct step *s)
{
	struct report *r = context;
	unsigned stretch = step_stretch(s);
	uint64_t cost = step_cost(s);
	char buffer[128];
	const char *function = step_function(r->file, s, buffer, sizeof(buffer));

	if (s->exit.from_vel2) {
		r->from_vel2++;
		r->in_symbols += function != buffer;
	}
	if (r->wanted[BY_FUNCTION])
		tally_add(&r->tally[BY_FUNCTION], function, cost, stretch);
	if (r->wanted[BY_REASON])
		tally_add(&r->tally[BY_REASON], s->reason, cost, stretch);
	if (r->wanted[BY_CONTROL])
		tally_add(&r->tally[BY_CONTROL], step_cause(s, buffer, sizeof(buffer)), cost, stretch);
	if (r->wanted[BY_LEVEL])
		tally_add(&r->tally[BY_LEVEL],
			  s->exit.level < LEDGER_L0 ? ledger_level_names[s->exit.level] : "?", cost, stretch);
	if (r->wanted[BY_VCPU])
		tally_add(&r->tally[BY_VCPU], step_vcpu_name(s, buffer, sizeof(buffer)), cost, stretch);
}

/* "12.3%" into out, which is given back. */
static char *share(char *out, size_t size, uint64_t part, uint64_t whole)
{
	snprintf(out, size, "%.1f%%", whole ? 100.0 * (double)part / (double)whole : 0.0);
	return out;
}

/*
 * One table, of the first rows only. "per op" is what the second stretch has more than the first, divided by what it
 * did more: as firn stat counts. operations is 0 where the recording is no workload.
 */
static void print_ranking(const char *title, struct tally *t, bool by_cost, size_t limit, int64_t operations)
{
	struct table table = { .align = "rrrrrl" };
	char number[6][48];

	tally_sort(t, by_cost);
	table_add(
		&table, TABLE_FAINT,
		(const char *const[]){ "traps", "share", "cost", "each", operations ? "per op" : "", title });
	for (size_t i = 0; i < t->rows && i < limit; i++) {
		const struct tally_row *row = &t->row[i];

		snprintf(number[0], sizeof(number[0]), "%llu", (unsigned long long)row->count);
		share(number[1], sizeof(number[1]), by_cost ? row->cost : row->count,
		      by_cost ? t->cost : t->count);
		snprintf(number[2], sizeof(number[2]), "%llu", (unsigned long long)row->cost);
		snprintf(number[3], sizeof(number[3]), "%llu", (unsigned long long)(row->cost / row->count));
		number[4][0] = '\0';
		if (operations)
			per_operation(number[4], sizeof(number[4]), row->in_stretch[2] - row->in_stretch[1],
				      operations);
		table_add(&table, TABLE_PLAIN,
			  (const char *const[]){ number[0], number[1], number[2], number[3], number[4],
						 row->name });
	}
	table_print(&table);
	if (t->rows > limit)
		printf("(%zu more; --limit shows them)\n", t->rows - limit);
	puts("");
}

/* What was recorded and how much, and whether something is missing. Every tally has the same sums. */
static void print_head(const struct report *r)
{
	const char *const keys[] = { "guest", "mode", "cpu", "workload", "iterations" };
	uint64_t traps = 0, cost = 0;

	for (unsigned i = 0; i < RANKINGS; i++)
		if (r->wanted[i]) {
			traps = r->tally[i].count;
			cost = r->tally[i].cost;
		}
	printf("%s:", trace_name(r->file));
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const char *value = trace_about(r->file, keys[i]);

		if (*value)
			printf(" %s %s", keys[i], value);
	}
	printf("\n%llu traps, cost of L0 %llu %s\n\n", (unsigned long long)traps, (unsigned long long)cost,
	       strcmp(trace_about(r->file, "hz"), "1000000000") == 0 ? "instructions" : "ticks");
	if (strtoull(trace_about(r->file, "lost"), NULL, 10))
		printf("%s events are missing: they were lost while recording\n\n",
		       trace_about(r->file, "lost"));
}

/*
 * --by to the rankings that are wanted; "cost" is an order, and goes with what else is named. False after one line on
 * stderr.
 */
static bool choose(struct report *r, const char *by, bool *by_cost)
{
	char **part = NULL;
	size_t count_parts;
	bool good;

	if (!by) {
		r->wanted[BY_REASON] = r->wanted[BY_FUNCTION] = r->wanted[BY_CONTROL] = true;
		return true;
	}
	count_parts = option_list("--by", by, &part);
	good = count_parts > 0;
	for (size_t i = 0; good && i < count_parts; i++) {
		unsigned k = 0;

		while (k < RANKINGS && strcmp(ranking_names[k], part[i]) != 0)
			k++;
		if (k < RANKINGS)
			r->wanted[k] = true;
		else if (strcmp(part[i], "cost") == 0)
			*by_cost = true;
		else
			good = !complain(
				STATUS_USAGE,
				"--by: unknown ranking '%s'; choose from: reason, function, control, "
				"level, vcpu, cost",
				part[i]);
	}
	free(part);
	if (good && *by_cost && count_parts == 1)
		r->wanted[BY_REASON] = r->wanted[BY_FUNCTION] = true;
	return good;
}

/* Names that are missing or wrong are better told than shown: half of all traps without a function is no accident. */
static void tell_about_symbols(const struct report *r)
{
	if (!r->wanted[BY_FUNCTION] || !r->from_vel2)
		return;
	if (trace_symbols(r->file)->count == 0)
		puts("The trace has no symbols of L1; firn record --symbols ELF takes them from a file.");
	else if (2 * r->in_symbols < r->from_vel2)
		printf("Only %llu of %llu traps from vEL2 are in a function with a name: the symbols do not fit this L1.\n",
		       (unsigned long long)r->in_symbols, (unsigned long long)r->from_vel2);
}

/* The exit status. */
static int rank(struct trace_file *file, const char *by, uint64_t limit)
{
	struct report r = { .file = file };
	bool by_cost = false, good = choose(&r, by, &by_cost);
	int64_t operations;

	if (good) {
		operations = trace_operations(file, traps_each(file, count, &r));
		print_head(&r);
		for (unsigned i = 0; i < RANKINGS; i++)
			if (r.wanted[i])
				print_ranking(ranking_names[i], &r.tally[i], by_cost, (size_t)limit,
					      operations);
		tell_about_symbols(&r);
	}
	for (unsigned i = 0; i < RANKINGS; i++)
		tally_free(&r.tally[i]);
	return good ? 0 : STATUS_USAGE;
}

int command_report(int argc, char **argv)
{
	const char *by = NULL, *limit = NULL, *format = NULL, *output = NULL, *names = NULL, *timeline = NULL;
	bool stacks = false;
	const struct option_spec specs[] = {
		OPTION("--by", &by),
		OPTION("--limit", &limit),
		OPTION("--export", &format),
		OPTION_SWITCH("--stacks", &stacks),
		OPTION("-o", &output),
		OPTION("--count", &names),
		OPTION("--timeline", &timeline),
	};
	struct trace_file *file;
	uint64_t most = DEFAULT_LIMIT, stretches = 0;
	int status;

	if (argc < 1 || argv[0][0] == '-')
		return complain(STATUS_USAGE,
				"report: the first word is the file to read; see 'firn help report'");
	if (!options_parse("report", argc - 1, argv + 1, specs, sizeof(specs) / sizeof(specs[0])) ||
	    (limit && !option_number("--limit", limit, 1, 1000000, &most)) ||
	    (timeline && !option_number("--timeline", timeline, 1, TIMELINE_MOST, &stretches)))
		return STATUS_USAGE;
	if ((format || stacks) && !output)
		return complain(STATUS_USAGE, "report: %s needs -o FILE", format ? "--export" : "--stacks");
	if (format && stacks)
		return complain(STATUS_USAGE,
				"report: --export and --stacks exclude each other; give one of them");
	if (output && !format && !stacks)
		return complain(STATUS_USAGE, "report: -o goes with --export or --stacks");
	if ((names || timeline) && (by || limit || format || stacks || (names && timeline)))
		return complain(STATUS_USAGE, "report: %s goes with no other option; leave them out",
				names ? "--count" : "--timeline");
	if (format && !export_is_known(format))
		return STATUS_USAGE;
	output_spare(argv[0]);
	file = trace_open(argv[0]);
	if (!file)
		return STATUS_FAILED;
	if (names)
		status = count_traps(file, names);
	else if (timeline)
		status = timeline_print(file, stretches);
	else if (format || stacks)
		status = export_trace(file, stacks ? "svg" : format, output) ? 0 : STATUS_FAILED;
	else
		status = rank(file, by, most);
	trace_close(file);
	return status;
}
