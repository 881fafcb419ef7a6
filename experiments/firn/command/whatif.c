/*
 * firn whatif: which traps of a recording would remain on a machine that defers a given set of registers?  Recorded in nv mode,
 * where each access traps.  Reads: redirect.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "experiments/firn/command/commands.h"
#include "experiments/firn/measure/measure.h"
#include "experiments/firn/tool/complain.h"
#include "experiments/firn/tool/options.h"
#include "experiments/firn/tool/table.h"
#include "experiments/firn/trace/redirect.h"
#include "experiments/firn/trace/tally.h"

/* before: all traps; after: those that remain; groups: those that do not, by the kind of their register. */
struct whatif {
	struct redirect set;
	struct tally before, after, groups;
};

/* For steps_each. */
static void count(void *context, const struct step *s)
{
	struct whatif *w = context;
	unsigned stretch = step_stretch(s);

	if (s->exit.is_mark)
		return;
	tally_add(&w->before, s->reason, step_cost(s), stretch);
	if (redirect_has(&w->set, s))
		tally_add(&w->groups, redirect_group(s), step_cost(s), stretch);
	else
		tally_add(&w->after, s->reason, step_cost(s), stretch);
}

/* Of one operation if the trace tells how many there are, else of the whole trace. */
static int64_t value_of(const struct tally_row *row, int64_t operations)
{
	if (!row)
		return 0;
	return operations ? row->in_stretch[2] - row->in_stretch[1] : (int64_t)row->count;
}

/* Of all rows, as value_of says. */
static int64_t total(const struct tally *t, int64_t operations)
{
	int64_t sum = 0;

	for (size_t i = 0; i < t->rows; i++)
		sum += value_of(&t->row[i], operations);
	return sum;
}

/* operations 0: whole numbers of the whole trace. */
static void add_line(struct table *table, enum table_style style, int64_t before, int64_t after,
		     int64_t operations, const char *name)
{
	char number[2][48];

	per_operation(number[0], sizeof(number[0]), before, operations ? operations : 1);
	per_operation(number[1], sizeof(number[1]), after, operations ? operations : 1);
	table_add(table, style, (const char *const[]){ number[0], number[1], name });
}

/* Reasons in the order in which they were frequent before. */
static void print_answer(struct whatif *w, int64_t operations, const char *redirect)
{
	struct table table = { .align = "rrl" };

	tally_sort(&w->before, false);
	printf("traps %s, as recorded and with %s deferred\n\n",
	       operations ? "per operation" : "in the whole trace", redirect);
	table_add(&table, TABLE_FAINT, (const char *const[]){ "recorded", "remain", "reason" });
	add_line(&table, TABLE_BOLD, total(&w->before, operations), total(&w->after, operations), operations,
		 "traps");
	for (size_t i = 0; i < w->before.rows; i++) {
		const struct tally_row *row = &w->before.row[i];
		int64_t before = value_of(row, operations),
			after = value_of(tally_find(&w->after, row->name), operations);

		if (before || after)
			add_line(&table, TABLE_PLAIN, before, after, operations, row->name);
	}
	table_print(&table);
}

/* Each group of registers removes its own traps whatever the others do, so its share is what it removes alone. */
static void print_ablation(struct whatif *w, int64_t operations)
{
	struct table table = { .align = "rrl" };

	tally_sort(&w->groups, false);
	puts("\nwhat each group of registers contributes\n");
	table_add(&table, TABLE_FAINT, (const char *const[]){ "removes", "left without it", "group" });
	for (size_t i = 0; i < w->groups.rows; i++) {
		int64_t removed = value_of(&w->groups.row[i], operations);

		if (removed)
			add_line(&table, TABLE_PLAIN, removed, total(&w->after, operations) + removed,
				 operations, w->groups.row[i].name);
	}
	table_print(&table);
}

int command_whatif(int argc, char **argv)
{
	const char *redirect = NULL;
	bool ablate = false;
	const struct option_spec specs[] = {
		{ "--redirect", &redirect, NULL },
		{ "--ablate", NULL, &ablate },
	};
	struct whatif w = { .before = { .row = NULL } };
	struct trace_file *file;
	int64_t operations;

	if (argc < 1 || argv[0][0] == '-')
		return complain(STATUS_USAGE,
				"whatif: the first word is the file to read; see 'firn help whatif'");
	if (!options_parse("whatif", argc - 1, argv + 1, specs, sizeof(specs) / sizeof(specs[0])) ||
	    !redirect_parse(&w.set, redirect ? redirect : "nv2"))
		return STATUS_USAGE;
	file = trace_open(argv[0]);
	if (!file)
		return STATUS_FAILED;
	if (strcmp(trace_about(file, "mode"), "nv") != 0) {
		complain(STATUS_FAILED,
			 "%s was recorded in %s mode, where deferred accesses leave no trace; record it with "
			 "--mode nv",
			 argv[0], *trace_about(file, "mode") ? trace_about(file, "mode") : "an unknown");
		trace_close(file);
		return STATUS_FAILED;
	}
	operations = trace_operations(file);
	steps_each(file, count, NULL, &w);
	print_answer(&w, operations, redirect ? redirect : "nv2");
	if (ablate)
		print_ablation(&w, operations);
	tally_free(&w.before);
	tally_free(&w.after);
	tally_free(&w.groups);
	trace_close(file);
	return 0;
}
