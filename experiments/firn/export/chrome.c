/*
 * A recording in the Trace Event Format, for speedscope, Perfetto and chrome://tracing.  A vCPU is a process, a level its thread;
 * a slice says who ran, an arrow leads from a trap to L0 and from L0 to where it went on. Reads: export.h, steps.h.
 */
#include "experiments/firn/export/writers.h"

#include <inttypes.h>

#include "experiments/firn/tool/output.h"
#include "experiments/firn/trace/steps.h"
#include "traces/ledger.h"

#define VCPUS 64

/* A vCPU's process. */
struct process {
	bool is_named;
	uint64_t since; /* its last entry; 0: it does not run */
	const char *
		arrow; /* to what runs since then, from the slice of L0 before that; NULL: it was elsewhere */
};

/* A vCPU's slices are put in the order of time; process 0 is nobody's. */
struct chrome {
	struct trace_file *file;
	FILE *out;
	bool first;
	struct process process[1 + VCPUS];
	uint64_t arrows;
};

static unsigned process_of(uint32_t vm, uint32_t vcpu)
{
	return 1 + (vcpu + 8 * vm) % VCPUS;
}

/* Of all threads there are, also of other processes: to Perfetto one with a process's number is its main thread, 0 is idle. */
static unsigned thread_of(unsigned process, uint32_t level)
{
	return 100 * process + level;
}

/*
 * An event as far as what every kind of them has. Times are microseconds, with three digits for the nanoseconds. What the two
 * ends of an arrow have in common is category, name and id.
 */
static void event(struct chrome *c, unsigned process, char phase, const char *name, uint32_t level,
		  uint64_t time)
{
	fprintf(c->out, "%s{\"ph\":\"%c\",\"name\":", c->first ? "\n" : ",\n", phase);
	output_json_string(c->out, name);
	fprintf(c->out, ",\"cat\":\"%s\",\"pid\":%u,\"tid\":%u,\"ts\":%" PRIu64 ".%03u",
		phase == 'X' ? step_level_name(level) : "arrow", process, thread_of(process, level),
		time / 1000, (unsigned)(time % 1000));
	c->first = false;
}

/* Left open, so that arguments can follow. */
static void slice(struct chrome *c, unsigned process, const char *name, uint32_t level, uint64_t from,
		  uint64_t to)
{
	event(c, process, 'X', name, level, from);
	fprintf(c->out, ",\"dur\":%" PRIu64 ".%03u", (to - from) / 1000, (unsigned)((to - from) % 1000));
}

/* From the slice of one level that ends at a time to that of another that begins then. */
static void arrow(struct chrome *c, unsigned process, const char *name, uint32_t from, uint32_t to,
		  uint64_t time)
{
	event(c, process, 's', name, from, time - 1);
	fprintf(c->out, ",\"id\":%" PRIu64 "}", c->arrows);
	event(c, process, 'f', name, to, time);
	fprintf(c->out, ",\"bp\":\"e\",\"id\":%" PRIu64 "}", c->arrows++);
}

/* thread 0: it is about the process. */
static void metadata(struct chrome *c, unsigned process, unsigned thread, const char *what, const char *name)
{
	fprintf(c->out, "%s{\"ph\":\"M\",\"name\":\"%s\",\"pid\":%u,", c->first ? "\n" : ",\n", what,
		process);
	if (thread)
		fprintf(c->out, "\"tid\":%u,", thread);
	fprintf(c->out, "\"args\":{\"name\":\"%s\"}}", name);
	c->first = false;
}

/* When its first exit is seen: vCPUs that never ran have no process. */
static void name_vcpu(struct chrome *c, uint32_t vm, uint32_t vcpu)
{
	unsigned process = process_of(vm, vcpu);
	char name[64];

	if (c->process[process].is_named)
		return;
	c->process[process].is_named = true;
	snprintf(name, sizeof(name), "VM %u vCPU %u", vm, vcpu);
	metadata(c, process, 0, "process_name", name);
	for (uint32_t level = 0; level < LEDGER_LEVELS; level++)
		metadata(c, process, thread_of(process, level), "thread_name", step_level_name(level));
}

/* What the tool shows when one clicks on the slice. Closes it. */
static void arguments(struct chrome *c, const struct step *s)
{
	char function[160];

	fprintf(c->out, ",\"args\":{\"number\":%" PRIu64 ",\"cause\":\"%s\",\"control\":", s->number,
		step_cause_name(s));
	output_json_string(c->out, s->control);
	fprintf(c->out, ",\"pc\":\"0x%" PRIx64 "\",\"function\":", s->exit.vcpu_pc);
	output_json_string(c->out, s->exit.from_vel2 ? trace_function(c->file, s->exit.vcpu_pc, true,
								      function, sizeof(function)) :
						       "");
	fprintf(c->out, ",\"esr_el2\":\"0x%" PRIx64 "\",\"l0_cost\":%" PRIu64 "}}", s->exit.esr_el2,
		step_cost(s));
}

/* What ran, between an entry and the next exit; on whatever CPU. */
static void put_run(void *context, const struct trace_item *item)
{
	struct chrome *c = context;
	unsigned process = process_of(item->vm, item->vcpu);
	struct process *p = &c->process[process];
	uint32_t level = item->e.kvm_exit.level;

	if (item->id == TRACE_kvm_entry) {
		p->since = item->time;
		p->arrow = NULL; /* put_step may know better: it comes next */
	}
	if (item->id != TRACE_kvm_exit)
		return;
	name_vcpu(c, item->vm, item->vcpu);
	if (p->since && item->time > p->since) {
		if (p->arrow)
			arrow(c, process, p->arrow, LEDGER_L0, level, p->since);
		slice(c, process, step_level_name(level), level, p->since, item->time);
		fputs("}", c->out);
		arrow(c, process, "trap", level, LEDGER_L0, item->time);
	}
	p->since = 0;
}

/* What L0 did, as a slice of its own thread. It ends where the vCPU goes on, which may be on another CPU. */
static void put_step(void *context, const struct step *s)
{
	struct chrome *c = context;
	unsigned process = process_of(s->vm, s->vcpu);
	uint64_t end = s->taken_time ? s->taken_time : s->has_entry ? s->end_time : s->time + 1;

	slice(c, process, s->reason, LEDGER_L0, s->time, end);
	arguments(c, s);
	if (step_stays(s) && !s->taken_time && end > s->time)
		c->process[process].arrow = s->has_eret ? "ERET" : s->has_inject ? "forward" : "entry";
}

bool export_chrome(struct trace_file *file, FILE *out)
{
	struct chrome c = { .file = file, .out = out, .first = true };

	fputs("{\"displayTimeUnit\":\"ns\",\"traceEvents\":[", out);
	steps_each(file, put_step, put_run, &c);
	fputs("\n]}\n", out);
	return true;
}
