/*
 * firn stat: what does one operation cost, in each mode?  One machine runs for each guest, workload and mode
 * (measure/run.c, several.c); what it counted is reduced (measure.c) and shown (stat_table.c, json.c, stat_csv.c).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "experiments/firn/command/commands.h"
#include "experiments/firn/machine/console.h"
#include "experiments/firn/measure/result.h"
#include "experiments/firn/measure/s2.h"
#include "experiments/firn/measure/several.h"
#include "experiments/firn/measure/stat_table.h"
#include "experiments/firn/measure/task.h"
#include "experiments/firn/tool/complain.h"
#include "experiments/firn/tool/file.h"
#include "experiments/firn/tool/options.h"
#include "experiments/firn/tool/output.h"

/* Every name of it is looked up, and every combination possible, before a machine runs. */
struct plan {
	const struct guest **guest;
	const struct workload **workload;
	const char *mode[MAX_MODES];
	size_t guests, workloads, modes;
	const char *cpu;
	uint64_t iterations[2]; /* the second one 0: each workload's own */
	uint64_t smp;		/* 0: as many CPUs as each workload needs */
	uint64_t vms;		/* 0: as many as each workload has */
	uint64_t patience;
	uint64_t jobs;
	const char *json, *csv; /* files, or NULL */
	bool verbose, disk, s2, outside, profile;
};

/* What is shown while it goes on. */
struct showing {
	const struct plan *plan;
	const struct result *results;
	bool tables;
};

/* A table has a column for each mode, so it comes when the last of them has ended. */
static void show(void *context, size_t index)
{
	const struct showing *showing = context;
	size_t modes_in = showing->plan->modes;
	const struct result *first = &showing->results[index + 1 - modes_in];

	if (!showing->tables || (index + 1) % modes_in)
		return;
	stat_table_print(first, modes_in);
	if (showing->plan->s2)
		s2_table_print(first, modes_in);
	fflush(stdout);
}

/* In the order of the tables. New memory. */
static struct measurement *list_all(const struct plan *plan, size_t *count)
{
	struct measurement *list = grow(NULL, plan->guests * plan->workloads * plan->modes, sizeof(*list));

	*count = 0;
	for (size_t g = 0; g < plan->guests; g++)
		for (size_t w = 0; w < plan->workloads; w++)
			for (size_t m = 0; m < plan->modes; m++)
				list[(*count)++] =
					(struct measurement){ .guest = plan->guest[g],
							      .workload = plan->workload[w],
							      .mode = plan->mode[m],
							      .cpu = plan->cpu,
							      .iterations = { plan->iterations[0],
									      plan->iterations[1] },
							      .smp = (unsigned)plan->smp,
							      .vms = (unsigned)plan->vms,
							      .patience = plan->patience,
							      .verbose = plan->verbose,
							      .disk = plan->disk,
							      .s2 = plan->s2,
							      .outside = plan->outside,
							      .profile = plan->profile,
							      .provenance = plan->json || plan->csv };
	return list;
}

/*
 * What was measured when it ended early. The file itself stays as it was: who reads it takes it for all of it. stdout is not written
 * to, for the same reason.
 */
static void keep_part(const char *name, char *(*as_text)(const struct result *, size_t),
		      const struct several *s)
{
	char *part, *contents;

	if (!name || strcmp(name, "-") == 0 || !s->measured)
		return;
	part = text("%s.partial", name);
	contents = as_text(s->result, s->measured);
	if (file_write(part, contents))
		complain(STATUS_FAILED, "%zu of %zu measurements are in %s", s->measured, s->count, part);
	free(contents);
	free(part);
}

static bool finish_file(struct output *output, char *(*as_text)(const struct result *, size_t),
			const struct several *s)
{
	char *contents = output->name ? as_text(s->result, s->measured) : NULL;
	bool good = !contents || output_finish(output, contents);

	free(contents);
	return good;
}

/* Tables are printed as they come, unless a file goes to stdout. Files are written when everything was measured. */
static bool measure_all(const struct plan *plan, struct several *s, struct output *json, struct output *csv)
{
	if (several_measure(s))
		return finish_file(json, results_as_json, s) && finish_file(csv, results_as_csv, s);
	keep_part(plan->json, results_as_json, s);
	keep_part(plan->csv, results_as_csv, s);
	return false;
}

static bool is_stdout(const char *name)
{
	return name && strcmp(name, "-") == 0;
}

static int carry_out(const struct plan *plan)
{
	struct several s = { .jobs = (size_t)plan->jobs, .done = show };
	struct measurement *list = list_all(plan, &s.count);
	struct showing showing = { .plan = plan, .tables = !is_stdout(plan->json) && !is_stdout(plan->csv) };
	struct output json = { .fd = -1 }, csv = { .fd = -1 };
	bool good;

	s.what = list;
	s.result = grow(NULL, s.count, sizeof(s.result[0]));
	s.context = &showing;
	showing.results = s.result;
	good = output_open(&json, plan->json) && output_open(&csv, plan->csv) &&
	       measure_all(plan, &s, &json, &csv);
	output_drop(&json);
	output_drop(&csv);
	for (size_t i = 0; i < s.measured; i++)
		result_free(&s.result[i]);
	free(s.result);
	free(list);
	return good ? 0 : STATUS_FAILED;
}

/* This and the next ones: false after one line on stderr. */
static bool plan_guests(struct plan *plan, const char *value)
{
	char **names = NULL;
	bool good;

	plan->guests = option_list("--guest", value, &names);
	plan->guest = grow(NULL, plan->guests + 1, sizeof(plan->guest[0]));
	good = plan->guests > 0;
	for (size_t i = 0; good && i < plan->guests; i++)
		good = (plan->guest[i] = guest_find(names[i])) != NULL;
	free(names);
	return good;
}

static bool plan_workloads(struct plan *plan, const char *value)
{
	char **names = NULL;
	bool good;

	plan->workloads = option_list("--workload", value, &names);
	plan->workload = grow(NULL, plan->workloads + 1, sizeof(plan->workload[0]));
	good = plan->workloads > 0;
	for (size_t i = 0; good && i < plan->workloads; i++)
		good = (plan->workload[i] = workload_find(names[i])) != NULL;
	free(names);
	return good;
}

/* Can every guest do every workload, on these CPUs? */
static bool plan_fits(const struct plan *plan)
{
	for (size_t g = 0; g < plan->guests; g++)
		if (plan->guest[g]->kind == GUEST_LESSON)
			return !complain(STATUS_USAGE,
					 "guest %s has no L2 to measure; record it with firn record",
					 plan->guest[g]->name);
	for (size_t w = 0; w < plan->workloads; w++) {
		if (plan->smp && !workload_fits(plan->workload[w], plan->smp))
			return false;
		if (plan->vms && !workload_has_vms(plan->workload[w], plan->vms))
			return false;
		for (size_t g = 0; g < plan->guests; g++)
			if (!workload_is_for(plan->workload[w], plan->guest[g]))
				return false;
	}
	return true;
}

/* The plugin counts what one CPU does for one VM, and a profile is one of firn's functions. */
static bool plan_outside(const struct plan *plan)
{
	bool outside = plan->outside || plan->profile;

	for (size_t m = 0; m < plan->modes; m++) {
		if (plan->profile && is_peer(plan->mode[m]))
			return !complain(
				STATUS_USAGE,
				"--profile is of firn's functions, of which mode %s has none; give --mode nv,nv2",
				plan->mode[m]);
		outside = outside || is_peer(plan->mode[m]);
	}
	for (size_t w = 0; w < plan->workloads; w++) {
		const struct workload *workload = plan->workload[w];

		if (!outside && !workload_is_outside(workload))
			continue;
		if (plan->smp > 1 || plan->vms > 1 || workload->cpus > 1 || workload->vms > 1)
			return !complain(
				STATUS_USAGE,
				"%s: counting from outside needs one CPU and one VM; measure it in nv and nv2 without --outside, "
				"or leave --smp and --vms out",
				workload->name);
	}
	return true;
}

static bool plan_modes(struct plan *plan, const char *value)
{
	const struct choice *mode;
	char **names = NULL;
	bool good;

	plan->modes =
		option_list("--mode", value, &names); /* no name twice, so there is room for the valid ones */
	good = plan->modes > 0;
	for (size_t i = 0; good && i < plan->modes; i++) {
		mode = mode_or_peer_find(names[i]);
		good = mode != NULL;
		if (good)
			plan->mode[i] = mode->name;
	}
	free(names);
	return good;
}

int command_stat(int argc, char **argv)
{
	const char *guest = NULL, *mode = NULL, *workload = NULL, *iterations = NULL, *cpu = NULL,
		   *smp = NULL, *vms = NULL, *patience = NULL, *jobs = NULL;
	struct plan plan = { .patience = CONSOLE_PATIENCE, .jobs = 1 };
	const struct option_spec specs[] = {
		OPTION("--guest", &guest),
		OPTION("--mode", &mode),
		OPTION("--workload", &workload),
		OPTION("--cpu", &cpu),
		OPTION("--json", &plan.json),
		OPTION("--iterations", &iterations),
		OPTION_SWITCH("--disk", &plan.disk),
		OPTION_SWITCH("--s2", &plan.s2),
		OPTION_SWITCH("--verbose", &plan.verbose),
		OPTION("--smp", &smp),
		OPTION("--vms", &vms),
		OPTION("--patience", &patience),
		OPTION("--csv", &plan.csv),
		OPTION("--jobs", &jobs),
		OPTION_SWITCH("--outside", &plan.outside),
		OPTION_SWITCH("--profile", &plan.profile),
	};
	const struct choice *chosen;
	int status = STATUS_USAGE;

	if (!options_parse("stat", argc, argv, specs, sizeof(specs) / sizeof(specs[0])))
		return STATUS_USAGE;
	if (plan.json && plan.csv && strcmp(plan.json, plan.csv) == 0)
		return complain(STATUS_USAGE, "stat: --json and --csv both name %s; name two files",
				plan.json);
	chosen = cpu_find(cpu ? cpu : "max");
	if (chosen && plan_guests(&plan, guest ? guest : "linux") &&
	    plan_modes(&plan, mode ? mode : "nv,nv2") &&
	    plan_workloads(&plan, workload ? workload : "hypercall") &&
	    (!smp || option_number("--smp", smp, 1, MAX_CPUS, &plan.smp)) &&
	    (!vms || option_number("--vms", vms, 1, VMS_MOST, &plan.vms)) && plan_fits(&plan) &&
	    plan_outside(&plan) &&
	    (!patience || option_number("--patience", patience, 0, CONSOLE_PATIENCE_MAX, &plan.patience)) &&
	    (!jobs || option_number("--jobs", jobs, 1, SEVERAL_JOBS, &plan.jobs)) &&
	    (!iterations || task_iterations(iterations, "1000,2000", plan.iterations))) {
		plan.cpu = chosen->name;
		status = carry_out(&plan);
	}
	free(plan.guest);
	free(plan.workload);
	return status;
}
