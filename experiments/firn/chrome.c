/*
 * A recording in the Trace Event Format, for speedscope, Perfetto and chrome://tracing.  A vCPU is a process, a level its thread;
 * a slice says who ran, an arrow leads from a trap to L0 and from L0 to where it went on. Reads: export.h, steps.h.
 */
#include "experiments/firn/export.h"

#include <inttypes.h>

#include "experiments/firn/output.h"
#include "experiments/firn/steps.h"
#include "traces/ledger.h"

#define VCPUS 64

struct chrome {
	struct trace_file *file;
	FILE *out;
	bool first;
	bool is_named[VCPUS];
	uint64_t guest_since[VCPUS]; /* end of the last step of each vCPU; 0: unknown */
	uint64_t arrows;
};

static unsigned process_of(const struct step *s)
{
	return (s->vcpu + 8 * s->vm) % VCPUS;
}

/* An event as far as what every kind of them has. Times are microseconds, with three digits for the nanoseconds. */
static void event(struct chrome *c, const struct step *s, char phase, const char *name, uint32_t level,
		  uint64_t time)
{
	fprintf(c->out, "%s{\"ph\":\"%c\",\"name\":", c->first ? "\n" : ",\n", phase);
	output_json_string(c->out, name);
	fprintf(c->out, ",\"cat\":\"%s\",\"pid\":%u,\"tid\":%u,\"ts\":%" PRIu64 ".%03u",
		step_level_name(level), process_of(s), level, time / 1000, (unsigned)(time % 1000));
	c->first = false;
}

static void slice(struct chrome *c, const struct step *s, const char *name, uint32_t level, uint64_t from,
		  uint64_t to)
{
	event(c, s, 'X', name, level, from);
	fprintf(c->out, ",\"dur\":%" PRIu64 ".%03u", (to - from) / 1000, (unsigned)((to - from) % 1000));
}

/* From the slice of one level that ends at a time to that of another that begins then. */
static void arrow(struct chrome *c, const struct step *s, const char *name, uint32_t from, uint32_t to,
		  uint64_t time)
{
	event(c, s, 's', name, from, time ? time - 1 : 0);
	fprintf(c->out, ",\"id\":%" PRIu64 "}", c->arrows);
	event(c, s, 'f', name, to, time);
	fprintf(c->out, ",\"bp\":\"e\",\"id\":%" PRIu64 "}", c->arrows++);
}

static void metadata(struct chrome *c, unsigned process, int thread, const char *what, const char *name)
{
	fprintf(c->out, "%s{\"ph\":\"M\",\"name\":\"%s\",\"pid\":%u,", c->first ? "\n" : ",\n", what,
		process);
	if (thread >= 0)
		fprintf(c->out, "\"tid\":%d,", thread);
	fprintf(c->out, "\"args\":{\"name\":\"%s\"}}", name);
	c->first = false;
}

static void name_vcpu(struct chrome *c, const struct step *s)
{
	char name[64];

	if (c->is_named[process_of(s)])
		return;
	c->is_named[process_of(s)] = true;
	snprintf(name, sizeof(name), "VM %u vCPU %u", s->vm, s->vcpu);
	metadata(c, process_of(s), -1, "process_name", name);
	for (uint32_t level = 0; level < LEDGER_LEVELS; level++)
		metadata(c, process_of(s), (int)level, "thread_name", step_level_name(level));
}

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

static void put_step(void *context, const struct step *s)
{
	struct chrome *c = context;
	uint64_t *since = &c->guest_since[process_of(s)];

	name_vcpu(c, s);
	if (*since && s->time > *since) {
		slice(c, s, step_level_name(s->exit.level), s->exit.level, *since, s->time);
		fputs("}", c->out);
		arrow(c, s, "trap", s->exit.level, LEDGER_L0, s->time);
	}
	slice(c, s, s->reason, LEDGER_L0, s->time, s->end_time);
	arguments(c, s);
	if (step_stays(s) && s->end_time > s->time)
		arrow(c, s,
		      s->has_eret   ? "ERET" :
		      s->has_inject ? "forward" :
				      "entry",
		      LEDGER_L0, s->entry.level, s->end_time);
	*since = 0;
	if (s->has_entry)
		c->guest_since[(s->to_vcpu + 8 * s->to_vm) % VCPUS] = s->end_time;
}

bool export_chrome(struct trace_file *file, FILE *out)
{
	struct chrome c = { .file = file, .out = out, .first = true };

	fputs("{\"displayTimeUnit\":\"ns\",\"traceEvents\":[", out);
	steps_each(file, put_step, NULL, &c);
	fputs("\n]}\n", out);
	return true;
}
