/*
 * firn record: a machine runs, and everything that L0 did goes into a trace.dat file.  Next: recording.c for the way there,
 * report.c for what can be read from it.
 */
#define _GNU_SOURCE
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "experiments/firn/command/commands.h"
#include "experiments/firn/machine/console.h"
#include "experiments/firn/machine/machine.h"
#include "experiments/firn/machine/sharing.h"
#include "experiments/firn/measure/measure.h"
#include "experiments/firn/measure/task.h"
#include "experiments/firn/record/guest_symbols.h"
#include "experiments/firn/record/recording.h"
#include "experiments/firn/tool/child.h"
#include "experiments/firn/tool/complain.h"
#include "experiments/firn/tool/options.h"
#include "experiments/firn/tool/output.h"
#include "experiments/firn/tool/progress.h"
#include "experiments/firn/trace/names.h"

/* Of all CPUs together, all of it RAM of the machine. */
#define RING_BYTES (UINT64_C(64) << 20)
#define RING_MOST (UINT64_C(4) << 30)

/* The command line, before anything is understood. NULL where an option is missing. */
struct given {
	const char *guest, *mode, *cpu, *mem, *exec, *append, *kernel, *initrd, *workload, *iterations, *file,
		*events, *symbols, *patience, *tail, *until, *after, *ring;
	struct sharing_given sharing;
	bool lossy, whole, verbose;
};

/* What follows from it, with every name looked up. */
struct plan {
	struct machine_config config;
	struct task task; /* its workload is NULL where the user says otherwise what to do */
	const char *file;
	const char *symbols; /* an ELF file, or NULL */
	bool lossy;
	struct recording_wish wish;
	char **names; /* of the trigger, as words of their own */
};

static const char *const group_names[] = {
#define G(name, about) #name,
	TRACE_GROUPS(G)
#undef G
};

/* Names of groups and of single events, to a set of events. */
static bool parse_events(const char *value, uint64_t *set)
{
	char **part = NULL;
	size_t count = option_list("--events", value, &part);
	bool good = count > 0;

	*set = 0;
	for (size_t i = 0; good && i < count; i++) {
		uint64_t before = *set;

		for (size_t e = 0; e < trace_event_count; e++)
			if (strcmp(part[i], "all") == 0 || strcmp(part[i], trace_events[e].name) == 0 ||
			    strcmp(part[i], group_names[trace_events[e].group]) == 0)
				*set |= TRACE_BIT(trace_events[e].id);
		if (*set == before && strcmp(part[i], "all") != 0)
			good = !complain(
				STATUS_USAGE,
				"--events: '%s' is no event and no group; groups are: trap, sysreg, shadow, "
				"gic, timer, vncr, stack, all",
				part[i]);
	}
	free(part);
	return good;
}

/* --- the end of a long run --- */

/* "64M" or "10s": so many bytes of the recording, or so much of the machine's time. False after one line on stderr. */
static bool parse_span(const char *option, const char *value, struct span *span)
{
	static const struct unit {
		const char *name;
		uint64_t bytes, nanoseconds;
	} units[] = { { "K", 1 << 10, 0 },    { "M", 1 << 20, 0 },  { "G", 1 << 30, 0 },
		      { "s", 0, 1000000000 }, { "ms", 0, 1000000 }, { "us", 0, 1000 } };
	char *end;
	unsigned long long n = strtoull(value, &end, 10);

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (end - value > 0 && end - value < 10 && value[0] >= '0' && value[0] <= '9' &&
		    strcmp(end, units[i].name) == 0) {
			*span = (struct span){ n * units[i].bytes, n * units[i].nanoseconds };
			return true;
		}
	return !complain(
		STATUS_USAGE,
		"%s: '%s' is neither a size nor a time; write it as 64M (K, M, G) or 10s (s, ms, us)", option,
		value);
}

static bool parse_tail(const char *value, struct span *tail)
{
	if (!parse_span("--tail", value, tail))
		return false;
	if (!tail->bytes && !tail->nanoseconds)
		return !complain(STATUS_USAGE, "--tail: '%s' keeps nothing; give at least 64K or 1us", value);
	if (tail->bytes && tail->bytes < TAIL_LEAST_BYTES)
		return !complain(STATUS_USAGE,
				 "--tail: '%s' is too little, one step may need more; give at least 64K",
				 value);
	return true;
}

/* All that a trap's name may be, those of registers as what they begin with. */
static char *trap_names(void)
{
	struct trace_text all = { .bytes = NULL };
	char name[64];

	for (unsigned i = 0; i < LEDGER_L0; i++)
		trace_text_print(&all, "%s, ", ledger_level_names[i]);
	for (unsigned i = 0; i < LEDGER_SYSREG; i++) {
		reason_name(name, sizeof(name), i);
		if (i != LEDGER_MARK && !strchr(name, ':') && !(all.bytes && strstr(all.bytes, name)))
			trace_text_print(&all, "%s, ", name);
	}
	trace_text_print(&all, "SYSREG, TLBI, AT, SYSREG:HCR_EL2, SYSREG:HCR_EL2:W and so on");
	return all.bytes;
}

/* "vEL2,HVC": a trap that has all of these names. */
static bool parse_trap(const char *value, struct plan *plan)
{
	struct trigger *trigger = &plan->wish.trigger;
	bool good;

	trigger->names = option_list("--until", value, &plan->names);
	trigger->name = plan->names;
	good = trigger->names > 0;
	for (size_t i = 0; good && i < trigger->names; i++)
		if (!trap_name_is_possible(trigger->name[i])) {
			char *names = trap_names();

			good = !complain(STATUS_USAGE, "--until: no trap is called '%s'; the names are %s",
					 trigger->name[i], names);
			free(names);
		}
	return good;
}

static bool parse_until(const char *value, struct plan *plan)
{
	if (strncmp(value, "trap:", 5) == 0 && value[5])
		return parse_trap(value + 5, plan);
	if (strncmp(value, "console:", 8) == 0 && value[8])
		plan->wish.trigger.words = value + 8;
	else if (strcmp(value, "panic") == 0)
		plan->wish.trigger.words = TRIGGER_PANIC;
	else
		return !complain(
			STATUS_USAGE,
			"--until: '%s' is nothing to wait for; write trap:NAME, console:WORDS or panic",
			value);
	return true;
}

static bool parse_ring(const char *value, uint64_t *bytes)
{
	return option_size("--ring", value, bytes) &&
	       (*bytes <= RING_MOST ||
		!complain(STATUS_USAGE, "--ring: '%s' is too much; give at most 4G", value));
}

/* After the events and the CPUs are known. */
static bool understand_end(const struct given *given, struct plan *plan)
{
	uint64_t needed;

	if ((given->tail && !parse_tail(given->tail, &plan->wish.tail)) ||
	    (given->until && !parse_until(given->until, plan)) ||
	    (given->after && !parse_span("--after", given->after, &plan->wish.after)))
		return false;
	if (given->after && !given->until)
		return !complain(STATUS_USAGE, "--after says how much is kept behind what --until waits for; "
					       "give --until too");
	if ((given->tail || given->until) && plan->config.cpus > 1)
		return !complain(
			STATUS_USAGE,
			"--tail and --until need one CPU: with %u, what came last is known when all have "
			"ended; give --cpus 1, which runs any number of vCPUs",
			plan->config.cpus);
	needed = trigger_needs(&plan->wish.trigger) | (given->until ? TRACE_BIT(TRACE_kvm_entry) : 0);
	if (needed & ~plan->config.trace_events)
		return !complain(STATUS_USAGE,
				 "--until waits for an event that is not recorded; add 'trap' to --events");
	return true;
}

/* All but call stacks, each of which costs L0 a walk through L1's memory. */
static uint64_t usual_events(void)
{
	uint64_t set = 0;

	for (size_t e = 0; e < trace_event_count; e++)
		if (trace_events[e].group != TRACE_GROUP_stack)
			set |= TRACE_BIT(trace_events[e].id);
	return set;
}

/* What the machine is to do: a workload, a command, or what --append says. */
static bool understand_task(const struct given *given, struct plan *plan)
{
	bool is_lesson = plan->config.guest->kind == GUEST_LESSON;
	const struct workload *workload;
	uint64_t iterations[2] = { 10, 20 }; /* few enough to look at, two for the cost of one */

	if (given->exec && given->workload)
		return !complain(STATUS_USAGE,
				 "record: --exec and --workload exclude each other; give one of them");
	if (!sharing_has_shell(&plan->config, given->exec, given->kernel, given->initrd))
		return false;
	plan->config.exec = given->exec;
	plan->config.l2 = given->exec;
	plan->config.bootargs = given->append;
	if (given->exec || given->append)
		return true;
	workload = workload_of(plan->config.guest, given->workload ? given->workload :
						   is_lesson	   ? lessons[0].name :
								     "hypercall");
	if (!workload)
		return false;
	if (workload->iterations[1] < iterations[1])
		memcpy(iterations, workload->iterations, sizeof(iterations));
	if (given->iterations && !task_iterations(given->iterations, "10,20", iterations))
		return false;
	if (!given->mem && workload->memory)
		plan->config.memory = workload->memory;
	return task_give(&plan->task, &plan->config, workload, iterations, false);
}

/* What is not given is as the workload needs it; false after one line on stderr where --smp gives too few. */
static bool workload_has_cpus(const struct workload *workload, const struct sharing_given *given,
			      struct machine_config *config)
{
	if (!given->smp)
		config->smp = workload->cpus;
	if (!given->vms)
		config->vms = workload->vms;
	if (!given->cpus)
		config->cpus = config->vms > 1 ? 1 : config->smp;
	if (workload_is_outside(workload))
		return !complain(
			STATUS_USAGE,
			"the workload %s has no marks that L0 sees; record it with --exec, or measure it with firn stat",
			workload->name);
	return workload_has_vms(workload, config->vms) && workload_is_for(workload, config->guest) &&
	       workload_fits(workload, config->smp);
}

/* 0, or the exit status after one line on stderr. Nothing has happened yet then: no file, no machine. */
static int understand(const struct given *given, struct plan *plan)
{
	const struct choice *mode, *cpu;

	plan->config.guest = guest_find(given->guest ? given->guest : "linux");
	if (plan->config.guest && plan->config.guest->root)
		return complain(STATUS_USAGE, "guest %s is for firn run; its kernel is that of linux-6.12",
				plan->config.guest->name);
	mode = plan->config.guest ? mode_find(given->mode ? given->mode : "nv2") : NULL;
	cpu = mode ? cpu_find(given->cpu ? given->cpu : "max") : NULL;
	plan->config.memory = TASK_MEMORY;
	plan->config.patience = CONSOLE_PATIENCE;
	if (!cpu || !sharing_understand(&given->sharing, &plan->config) ||
	    (given->mem && !option_size("--mem", given->mem, &plan->config.memory)) ||
	    (given->patience && !option_number("--patience", given->patience, 0, CONSOLE_PATIENCE_MAX,
					       &plan->config.patience)) ||
	    !understand_task(given, plan))
		return STATUS_USAGE;
	if (plan->task.workload && !workload_has_cpus(plan->task.workload, &given->sharing, &plan->config))
		return STATUS_USAGE;
	plan->config.trace_events = usual_events();
	if ((given->events && !parse_events(given->events, &plan->config.trace_events)) ||
	    !understand_end(given, plan))
		return STATUS_USAGE;
	if (!given->file)
		return complain(STATUS_USAGE,
				"record: -o FILE names the file to write; see 'firn help record'");
	plan->config.mode = mode->name;
	plan->config.cpu = cpu->name;
	plan->config.kernel = given->kernel;
	plan->config.initrd = given->initrd;
	plan->config.measured = true;
	plan->config.resets = 1;
	plan->config.verbose = given->verbose;
	plan->config.trace_bytes = RING_BYTES;
	if (given->ring && !parse_ring(given->ring, &plan->config.trace_bytes))
		return STATUS_USAGE;
	plan->file = given->file;
	plan->symbols = given->symbols;
	plan->lossy = given->lossy;
	plan->wish.between_marks = plan->task.workload && !given->whole;
	return 0;
}

/* The line that the file says of itself. */
static char *about(const struct plan *plan, const struct recording_sum *sum)
{
	const struct machine_config *c = &plan->config;
	char *task = plan->task.workload ?
			     text(" workload=%s iterations=%llu,%llu", plan->task.workload->name,
				  (unsigned long long)plan->task.iterations[0],
				  (unsigned long long)plan->task.iterations[1]) :
			     text("%s", "");
	char *line = text(
		"firn guest=%s mode=%s cpu=%s smp=%u cpus=%u vms=%u%s%s%s%s hz=%llu lost=%llu " TRACE_HAS_TRAILER
		"%s",
		c->guest->name, c->mode, c->cpu, c->smp, c->cpus, c->vms,
		c->virtual_time ? " virtual-time=" : "", c->virtual_time ? c->virtual_time : "",
		c->e2h ? " e2h=" : "", c->e2h ? c->e2h : "", (unsigned long long)sum->counter_hz,
		(unsigned long long)sum->lost, task);

	free(task);
	return line;
}

/* How much was recorded, what it cost, and what was lost, on stderr. */
static void tell(const struct plan *plan, const struct recording_sum *sum)
{
	fprintf(stderr, "firn: %s: %llu events", plan->file, (unsigned long long)sum->events);
	if (sum->made && sum->counter_hz == 1000000000)
		fprintf(stderr, ", %.1f instructions of L0 for each", (double)sum->ticks / (double)sum->made);
	if (sum->scans && sum->counter_hz == 1000000000)
		fprintf(stderr, ", %.1f to look for changed registers, twice for each trap",
			(double)sum->scan_ticks / (double)sum->scans);
	fputc('\n', stderr);
	if (plan->config.cpus > 1)
		fprintf(stderr,
			"firn: with %u CPUs, what recording took is in L1's time; with --cpus 1, which runs any number of vCPUs, it is not\n",
			plan->config.cpus);
}

/* Writes what there is, also when the machine was interrupted or its guest failed. */
static bool save(const struct plan *plan, struct recording *recording, struct output *output, bool *triggered)
{
	struct recording_sum sum;
	char *line, *symbols;
	bool good;

	recording_stop(recording, &sum);
	*triggered = sum.triggered;
	if (!sum.has_area)
		return !complain(STATUS_FAILED,
				 "L0 did not set up its rings: it ended too early, or firn.img is of "
				 "another build");
	line = about(plan, &sum);
	symbols = symbols_for(&plan->config, plan->symbols, sum.entry_pc, sum.addresses, sum.vectors);
	good = symbols && recording_write(recording, output->fd, plan->file, line, symbols) &&
	       output_finish(output, "");
	free(line);
	free(symbols);
	if (good)
		tell(plan, &sum);
	if (good && sum.lost && !plan->lossy)
		good = !complain(
			STATUS_FAILED,
			"%llu events were lost: the guest made them faster than they could be taken. Record fewer "
			"with --events, give them more room with --ring, or accept it with --lossy",
			(unsigned long long)sum.lost);
	else if (good && sum.lost)
		fprintf(stderr, "firn: %llu events were lost\n", (unsigned long long)sum.lost);
	return good;
}

/* For console_exec: what there is so far. */
struct watched {
	const struct recording *recording;
	struct progress progress;
};

static void show_watched(void *context)
{
	struct watched *watched = context;
	uint64_t count;

	if (recording_so_far(watched->recording, &count))
		progress_show_count(&watched->progress, count, "events");
	else
		progress_show_count(&watched->progress, count >> 20, "MiB of events");
}

/* With --verbose the whole console is on stderr, and says more. */
static int watch_command(const struct plan *plan, struct machine *machine, const struct recording *recording)
{
	char *name = text("firn: %s", plan->file);
	struct watched watched = { .recording = recording,
				   .progress = { .name = name, .since = time(NULL) } };
	struct console_teller teller = { show_watched, &watched };
	int status;

	watched.progress.told = watched.progress.since;
	status = console_exec(machine, plan->config.verbose, plan->config.verbose ? NULL : &teller);
	free(name);
	return status;
}

/*
 * The machine runs to its end. The exit status: the command's, or STATUS_FAILED; what was recorded until then is kept all the same.
 */
static int watch(const struct plan *plan, struct machine *machine, const struct recording *recording)
{
	struct transcript transcript;
	bool good;

	if (!plan->task.workload)
		return plan->config.exec ? watch_command(plan, machine, recording) :
					   console_interactive(machine);
	good = task_watch(&plan->task, machine, &transcript, plan->file, &plan->config);
	free(transcript.text);
	return good ? 0 : STATUS_FAILED;
}

/* Of a whole recording: what was waited for is all that was wanted; else that of what ran. */
static int status_of(const struct plan *plan, bool triggered, int status)
{
	if (triggered)
		return 0;
	if (trigger_needs(&plan->wish.trigger) && !child_signal())
		return complain(STATUS_FAILED, "%s: the machine ended before what --until waits for",
				plan->file);
	return status;
}

/*
 * The exit status. The recording begins before the guest's first instruction can have made an event, and its thread
 * ends before the machine's memory goes away.
 */
static int carry_out(const struct plan *plan)
{
	char *copy = text("%s", plan->file);
	struct recording *recording = NULL;
	struct output output;
	struct machine machine;
	bool good = output_open(&output, plan->file), triggered = false;
	int status = STATUS_FAILED;

	if (good && machine_start(&machine, &plan->config)) {
		recording = recording_start(&machine, dirname(copy), &plan->wish);
		status = recording ? watch(plan, &machine, recording) : STATUS_FAILED;
		child_stop(&machine.child);
		good = recording && save(plan, recording, &output, &triggered);
		recording_free(recording);
		machine_stop(&machine);
	} else {
		good = false;
	}
	output_drop(&output);
	free(copy);
	return good ? status_of(plan, triggered, status) : STATUS_FAILED;
}

int command_record(int argc, char **argv)
{
	struct given given = { .guest = NULL };
	struct plan plan = { .file = NULL };
	const struct option_spec specs[] = {
		OPTION("-o", &given.file),
		OPTION("--guest", &given.guest),
		OPTION("--mode", &given.mode),
		OPTION("--workload", &given.workload),
		OPTION("--iterations", &given.iterations),
		OPTION("--exec", &given.exec),
		OPTION("--events", &given.events),
		OPTION("--symbols", &given.symbols),
		OPTION("--tail", &given.tail),
		OPTION("--until", &given.until),
		OPTION("--after", &given.after),
		OPTION("--ring", &given.ring),
		OPTION_SWITCH("--lossy", &given.lossy),
		OPTION_SWITCH("--whole", &given.whole),
		OPTION("--cpu", &given.cpu),
		SHARING_OPTIONS(given.sharing),
		DEVICES_OPTIONS(plan.config.devices),
		OPTION_WORDS("--add", &plan.config.add),
		OPTION_SWITCH("--with-qemu", &plan.config.with_qemu),
		OPTION("--mem", &given.mem),
		OPTION("--patience", &given.patience),
		OPTION_TEXT("--append", &given.append),
		OPTION("--kernel", &given.kernel),
		OPTION_TEXT("--initrd", &given.initrd),
		OPTION_SWITCH("--verbose", &given.verbose),
	};
	int status = STATUS_USAGE;

	if (options_parse("record", argc, argv, specs, sizeof(specs) / sizeof(specs[0]))) {
		status = understand(&given, &plan);
		output_spare(given.kernel);
		output_spare(given.initrd);
		output_spare(given.symbols);
		if (!status)
			status = carry_out(&plan);
	}
	task_free(&plan.task);
	free(plan.names);
	free(plan.config.add.word);
	devices_given_free(&plan.config.devices);
	return status;
}
