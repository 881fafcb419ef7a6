/* Which table of its traps does a recording make?  One line for each, for scripts.  Reads: writers.h, steps.h. */
#include <inttypes.h>

#include "experiments/firn/export/writers.h"
#include "experiments/firn/trace/steps.h"

/* What a line needs besides the step. */
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

/* Columns are only ever added at the end: scripts count them. Times are nanoseconds, costs ticks of L0's counter. */
bool export_csv(struct trace_file *file, FILE *out)
{
	struct writer w = { .file = file, .out = out };

	fputs("number,time_ns,vm,vcpu,from,reason,cause,control,pc,function,esr_el2,value,l0_cost,to,marks,to_vm,to_vcpu\n",
	      out);
	steps_each(file, csv_line, NULL, &w);
	return true;
}
