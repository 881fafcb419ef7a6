/* How do other tools read a recording?  Reads: export.h, steps.h.  Next: chrome.c, flame.c, perf_data.c. */
#define _GNU_SOURCE
#include "experiments/firn/export/export.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "experiments/firn/export/flame.h"
#include "experiments/firn/measure/measure.h"
#include "experiments/firn/tool/complain.h"
#include "experiments/firn/tool/output.h"
#include "experiments/firn/trace/steps.h"

static const struct {
	const char *name;
	bool (*write)(struct trace_file *file, FILE *out);
} formats[] = {
	{ "csv", export_csv },	 { "chrome", export_chrome }, { "folded", export_folded },
	{ "perf", export_perf }, { "svg", export_svg },
};

#define FORMATS (sizeof(formats) / sizeof(formats[0]))

bool export_is_known(const char *format)
{
	for (size_t i = 0; i < FORMATS; i++)
		if (strcmp(formats[i].name, format) == 0)
			return true;
	return !complain(STATUS_USAGE,
			 "--export: unknown format '%s'; choose one of: csv, chrome, folded, perf, svg",
			 format);
}

bool export_trace(struct trace_file *file, const char *format, const char *name)
{
	struct output output;
	FILE *out;
	bool good = false;

	if (!output_open(&output, name))
		return false;
	out = fdopen(dup(output.fd), "w");
	if (!out)
		exit(complain(STATUS_FAILED, "out of memory"));
	for (size_t i = 0; i < FORMATS; i++)
		if (strcmp(formats[i].name, format) == 0)
			good = formats[i].write(file, out);
	if ((ferror(out) | fclose(out)) && good)
		good = !complain(STATUS_FAILED, "cannot write %s: %s", name, strerror(errno));
	good = good && output_finish(&output, "");
	output_drop(&output);
	return good;
}

/* --- one line for each trap --- */

struct writer {
	struct trace_file *file;
	FILE *out;
};

/* Fields have neither quotes nor commas in them. */
static void csv_line(void *context, const struct step *s)
{
	struct writer *w = context;
	char function[160], value[32] = "";

	if (s->has_access)
		snprintf(value, sizeof(value), "0x%" PRIx64, s->access.value);
	fprintf(w->out,
		"%" PRIu64 ",%" PRIu64 ",%u,%u,%s,%s,%s,%s,0x%" PRIx64 ",%s,0x%" PRIx64 ",%s,%" PRIu64
		",%s,%u,%u,%u\n",
		s->number, s->time, s->vm, s->vcpu, step_level_name(s->exit.level), s->reason,
		step_cause_name(s), s->control, s->exit.vcpu_pc,
		s->exit.from_vel2 ?
			trace_function(w->file, s->exit.vcpu_pc, true, function, sizeof(function)) :
			"",
		s->exit.esr_el2, value, step_cost(s), s->has_entry ? step_level_name(s->entry.level) : "",
		s->marks, s->to_vm, s->to_vcpu);
}

bool export_csv(struct trace_file *file, FILE *out)
{
	struct writer w = { .file = file, .out = out };

	fputs("number,time_ns,vm,vcpu,from,reason,cause,control,pc,function,esr_el2,value,l0_cost,to,marks,to_vm,to_vcpu\n",
	      out);
	steps_each(file, csv_line, NULL, &w);
	return true;
}

/* --- stacks --- */

static void add_stack(void *context, const struct step *s)
{
	struct stacks *stacks = context;
	char line[2048], buffer[160];
	size_t used = 0;

	if (s->has_stack && s->exit.from_vel2)
		for (uint32_t i = s->stack.frames < TRACE_STACK_FRAMES ? s->stack.frames : TRACE_STACK_FRAMES;
		     i-- > 0;)
			used += (size_t)snprintf(line + used, sizeof(line) - used, "%s;",
						 trace_function(stacks->file, stack_caller(&s->stack, i) - 4,
								false, buffer, sizeof(buffer)));
	snprintf(line + used, sizeof(line) - used, "%s;%s",
		 s->exit.from_vel2 ?
			 trace_function(stacks->file, s->exit.vcpu_pc, false, buffer, sizeof(buffer)) :
			 step_level_name(s->exit.level),
		 s->reason);
	tally_add(&stacks->tally, line, step_cost(s), step_stretch(s));
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct tally_row *)a)->name, ((const struct tally_row *)b)->name);
}

void stacks_read(struct stacks *stacks, struct trace_file *file)
{
	*stacks = (struct stacks){ .file = file };
	steps_each(file, add_stack, NULL, stacks);
	if (stacks->tally.rows)
		qsort(stacks->tally.row, stacks->tally.rows, sizeof(stacks->tally.row[0]), by_name);
}

bool export_folded(struct trace_file *file, FILE *out)
{
	struct stacks stacks;

	stacks_read(&stacks, file);
	for (size_t i = 0; i < stacks.tally.rows; i++)
		fprintf(out, "%s %" PRIu64 "\n", stacks.tally.row[i].name, stacks.tally.row[i].count);
	tally_free(&stacks.tally);
	return true;
}
