/*
 * firn whatif: which traps of a recording would remain on a machine that defers a given set of registers?  Recorded in nv mode,
 * where each access traps.  Reads: redirect.h, messages.h.
 */
#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "experiments/firn/command/commands.h"
#include "experiments/firn/machine/guests.h"
#include "experiments/firn/measure/measure.h"
#include "experiments/firn/measure/provenance.h"
#include "experiments/firn/tool/complain.h"
#include "experiments/firn/tool/options.h"
#include "experiments/firn/tool/output.h"
#include "experiments/firn/tool/table.h"
#include "experiments/firn/trace/messages.h"
#include "experiments/firn/trace/redirect.h"
#include "experiments/firn/trace/tally.h"

/* before: all traps; after: those that remain; groups: those that do not, by the kind of their register. */
struct whatif {
	struct redirect set;
	struct messages messages;
	struct tally before, after, groups;
};

/* For steps_each. */
static void find_messages_event(void *context, const struct trace_item *item)
{
	messages_event(&((struct whatif *)context)->messages, item);
}

static void find_messages(void *context, const struct step *s)
{
	messages_step(&((struct whatif *)context)->messages, s);
}

/* Why it does not trap then; NULL: it does. What two things would keep from trapping is neither's alone. */
static const char *removed_by(const struct whatif *w, const struct step *s)
{
	bool by_register = redirect_has(&w->set, s), by_message = messages_have(&w->messages, s);

	if (by_register && by_message)
		return "registers on the way of a device's message";
	return by_register ? redirect_group(s) : by_message ? "messages of devices, through L1" : NULL;
}

/* For traps_each. */
static void count(void *context, const struct step *s)
{
	struct whatif *w = context;
	unsigned stretch = step_stretch(s);
	const char *group = removed_by(w, s);

	tally_add(&w->before, s->reason, step_cost(s), stretch);
	if (group)
		tally_add(&w->groups, group, step_cost(s), stretch);
	else
		tally_add(&w->after, s->reason, step_cost(s), stretch);
}

/* What of the messages can be told. */
static void print_messages(const struct messages *m)
{
	printf("\n%llu messages of devices came to L0, %llu of them while L2 ran, %llu of which had no purpose but that L1 gives them to L2\n",
	       (unsigned long long)m->taken, (unsigned long long)m->from_guest, (unsigned long long)m->given);
}

/* False after one line on stderr: the recording cannot say it. */
static bool can_answer(const struct whatif *w, const struct trace_file *file, const char *name)
{
	const char *mode = trace_about(file, "mode");

	return !w->set.registers || strcmp(mode, "nv") == 0 ||
	       !complain(
		       STATUS_FAILED,
		       "%s was recorded in %s mode, where deferred accesses leave no trace; record it with --mode nv",
		       name, *mode ? mode : "an unknown");
}

/* operations 0: whole numbers of the whole trace. None where both are nothing when rounded. */
static void add_line(struct table *table, enum table_style style, int64_t before, int64_t after,
		     int64_t operations, const char *name)
{
	int64_t n = operations ? operations : 1;
	char number[2][48];

	if (rounds_to_nothing(before, n) && rounds_to_nothing(after, n))
		return;
	per_operation(number[0], sizeof(number[0]), before, n);
	per_operation(number[1], sizeof(number[1]), after, n);
	table_add(table, style, (const char *const[]){ number[0], number[1], name });
}

/* Reasons in the order in which they were frequent before; then the sums. */
static void print_answer(struct whatif *w, int64_t operations, const char *redirect)
{
	struct table table = { .align = "rrl" };

	tally_sort(&w->before, false);
	printf("traps %s, as recorded and with %s deferred\n\n",
	       operations ? "per operation" : "in the whole trace", redirect);
	table_add(&table, TABLE_FAINT, (const char *const[]){ "recorded", "remain", "reason" });
	for (size_t i = 0; i < w->before.rows; i++) {
		const struct tally_row *row = &w->before.row[i];

		add_line(&table, TABLE_PLAIN, tally_count(row, operations),
			 tally_count(tally_find(&w->after, row->name), operations), operations, row->name);
	}
	add_line(&table, TABLE_BOLD, tally_traps(&w->before, operations), tally_traps(&w->after, operations),
		 operations, "traps in all");
	add_line(&table, TABLE_BOLD, tally_cost(&w->before, operations), tally_cost(&w->after, operations),
		 operations, "cost of L0 in all");
	table_print(&table);
}

/*
 * Each group of registers removes its own traps whatever the others do, so its share is what it removes alone. The last line is that
 * of all of them.
 */
static void print_ablation(struct whatif *w, int64_t operations)
{
	int64_t remain = tally_traps(&w->after, operations);
	struct table table = { .align = "rrl" };

	tally_sort(&w->groups, false);
	puts("\nwhat each group of registers contributes\n");
	table_add(&table, TABLE_FAINT, (const char *const[]){ "removes", "left without it", "group" });
	for (size_t i = 0; i < w->groups.rows; i++) {
		int64_t removed = tally_count(&w->groups.row[i], operations);

		if (removed)
			add_line(&table, TABLE_PLAIN, removed, remain + removed, operations,
				 w->groups.row[i].name);
	}
	add_line(&table, TABLE_BOLD, tally_traps(&w->groups, operations),
		 remain + tally_traps(&w->groups, operations), operations, "all groups");
	table_print(&table);
}

static void add_number(cJSON *object, const char *name, int64_t value, int64_t operations)
{
	char number[48];

	cJSON_AddRawToObject(object, name,
			     per_operation(number, sizeof(number), value, operations ? operations : 1));
}

/* Of the guest that was recorded, as far as it is one of ours. */
static cJSON *provenance_of(const struct trace_file *file)
{
	for (size_t i = 0; i < guest_count; i++)
		if (strcmp(guests[i].name, trace_about(file, "guest")) == 0)
			return provenance(&guests[i], false);
	return provenance(NULL, false);
}

/* New memory: docs/firn.md says what each member is. */
static char *answer_as_json(struct whatif *w, int64_t operations, const char *redirect,
			    const struct trace_file *file)
{
	static const char *const told[] = { "guest", "mode", "cpu", "workload", "iterations" };
	cJSON *object = cJSON_CreateObject(), *removed;
	char *printed, *out;

	for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++)
		cJSON_AddStringToObject(object, told[i], trace_about(file, told[i]));
	cJSON_AddStringToObject(object, "deferred", redirect);
	add_number(object, "recorded", tally_traps(&w->before, operations), operations);
	add_number(object, "remain", tally_traps(&w->after, operations), operations);
	removed = cJSON_AddObjectToObject(object, "removed");
	tally_sort(&w->groups, false);
	for (size_t i = 0; i < w->groups.rows; i++)
		if (tally_count(&w->groups.row[i], operations))
			add_number(removed, w->groups.row[i].name, tally_count(&w->groups.row[i], operations),
				   operations);
	cJSON_AddItemToObject(object, "provenance", provenance_of(file));
	printed = cJSON_Print(object);
	out = text("%s\n", printed);
	cJSON_free(printed);
	cJSON_Delete(object);
	return out;
}

/* False after one line on stderr. */
static bool give_json(struct whatif *w, int64_t operations, const char *redirect,
		      const struct trace_file *file, const char *name)
{
	struct output output;
	char *contents = answer_as_json(w, operations, redirect, file);
	bool good = output_open(&output, name) && output_finish(&output, contents);

	output_drop(&output);
	free(contents);
	return good;
}

int command_whatif(int argc, char **argv)
{
	const char *redirect = NULL, *json = NULL;
	bool good = true;
	bool ablate = false;
	const struct option_spec specs[] = {
		OPTION("--redirect", &redirect),
		OPTION("--json", &json),
		OPTION_SWITCH("--ablate", &ablate),
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
	output_spare(argv[0]);
	file = trace_open(argv[0]);
	if (!file)
		return STATUS_FAILED;
	if (!can_answer(&w, file, argv[0])) {
		trace_close(file);
		return STATUS_FAILED;
	}
	if (w.set.gicv4)
		steps_each(file, find_messages, find_messages_event, &w);
	operations = trace_operations(file, traps_each(file, count, &w));
	if (!json || strcmp(json, "-") != 0) {
		print_answer(&w, operations, redirect ? redirect : "nv2");
		if (ablate)
			print_ablation(&w, operations);
		if (w.set.gicv4)
			print_messages(&w.messages);
	}
	if (json)
		good = give_json(&w, operations, redirect ? redirect : "nv2", file, json);
	messages_free(&w.messages);
	tally_free(&w.before);
	tally_free(&w.after);
	tally_free(&w.groups);
	trace_close(file);
	return good ? 0 : STATUS_FAILED;
}
