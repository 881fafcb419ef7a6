/*
 * firn stat: what does one operation cost, in each mode?  One machine runs for each guest, workload and mode; the
 * counts are read from its memory when it has ended (ledger.c), reduced (measure.c) and shown (stat_table.c,
 * json.c).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "experiments/firn/command/commands.h"
#include "experiments/firn/machine/console.h"
#include "experiments/firn/machine/machine.h"
#include "experiments/firn/measure/ledger.h"
#include "experiments/firn/measure/provenance.h"
#include "experiments/firn/measure/result.h"
#include "experiments/firn/measure/s2.h"
#include "experiments/firn/measure/stat_table.h"
#include "experiments/firn/measure/task.h"
#include "experiments/firn/tool/complain.h"
#include "experiments/firn/tool/options.h"
#include "experiments/firn/tool/output.h"

#define MARKS 3

/* Every name of it is looked up, and every combination possible, before a machine runs. */
struct plan {
	const struct guest **guest;
	const struct workload **workload;
	const char *mode[MAX_MODES];
	size_t guests, workloads, modes;
	const char *cpu;
	uint64_t iterations[2]; /* 0: each workload's own */
	uint64_t smp;		/* 0: as many CPUs as each workload needs */
	uint64_t patience;
	bool verbose, s2, provenance;
};

/* Did L2 make the marks that a workload makes?  False after one line on stderr. */
static bool has_marks(const struct ledger *ledger)
{
	uint64_t marks = 0;

	for (uint32_t i = 0; i < ledger->header.vcpus; i++)
		if (ledger->vcpu[i].marks > marks)
			marks = ledger->vcpu[i].marks;
	return marks == MARKS ||
	       !complain(STATUS_FAILED, "the workload made %llu marks in the ledger instead of %d",
			 (unsigned long long)marks, MARKS);
}

/* From the memory of a machine that has ended. False after one line on stderr. */
static bool reduce(struct result *result, const struct machine *machine)
{
	struct ledger ledger;
	bool good;

	if (!ledger_read(&ledger, machine->ram_fd, machine->ram_base, machine->ram_bytes))
		return false;
	good = ledger_is_sound(&ledger) && has_marks(&ledger);
	if (good)
		measure(&result->cost, &ledger.header, ledger.vcpu, ledger.header.vcpus,
			result->iterations[0], result->iterations[1]);
	ledger_free(&ledger);
	return good;
}

/* irq_latency says it on a line of its own.  False after one line on stderr. */
static bool read_latency(struct latency *latency, const char *workload, const struct transcript *transcript)
{
	const char *line = transcript_line(transcript, "latency");

	return strcmp(workload, "irq_latency") != 0 ||
	       (line && sscanf(line, "latency %llu %llu %llu %llu %llu %llu", &latency->min, &latency->p50,
			       &latency->p90, &latency->p99, &latency->max, &latency->samples) == 6) ||
	       !complain(STATUS_FAILED, "the workload did not print its line 'latency'");
}

/* With what it is measured; the same again is one guest, workload and mode. */
static cJSON *provenance_of(const struct result *result, const struct guest *guest, const struct plan *plan)
{
	cJSON *object = provenance(guest);
	char *smp = plan->smp ? text(" --smp %llu", (unsigned long long)plan->smp) : text("%s", "");
	char *command =
		text("firn stat --guest %s --mode %s --cpu %s --workload %s --iterations %llu,%llu%s%s",
		     result->guest, result->mode, result->cpu, result->workload,
		     (unsigned long long)result->iterations[0], (unsigned long long)result->iterations[1],
		     smp, plan->s2 ? " --s2" : "");

	cJSON_AddStringToObject(object, "command", command);
	free(command);
	free(smp);
	return object;
}

/* False after what is wrong and which measurement it was, on stderr. */
static bool run_once(struct result *result, const struct task *task, const struct machine_config *config)
{
	struct machine machine;
	struct transcript transcript;
	char *label = text("%s, %s, %s on %s", result->guest, result->mode, result->workload, result->cpu);
	bool good = machine_start(&machine, config);

	if (good) {
		good = task_watch(task, &machine, &transcript, label, config) &&
		       read_latency(&result->latency, result->workload, &transcript) &&
		       reduce(result, &machine);
		free(transcript.text);
		machine_stop(&machine);
	}
	if (!good && !child_signal())
		complain(STATUS_FAILED, "no measurement of %s", label);
	free(label);
	return good;
}

/*
 * A machine for one guest, workload and mode. result has what identifies it also where this fails, so that it can be
 * freed.
 */
static bool measure_one(struct result *result, const struct plan *plan, const struct guest *guest,
			const struct workload *workload, const char *mode)
{
	const uint64_t *n = plan->iterations[0] ? plan->iterations : workload->iterations;
	struct machine_config config = { .guest = guest,
					 .mode = mode,
					 .cpu = plan->cpu,
					 .smp = plan->smp ? (unsigned)plan->smp : workload->cpus,
					 .vms = workload->vms,
					 .cpus = workload->vms > 1 ? 1 : 0,
					 .memory = workload->memory ? workload->memory : TASK_MEMORY,
					 .measured = true,
					 .resets = 1,
					 .verbose = plan->verbose,
					 .patience = plan->patience };
	struct task task;
	bool good;

	*result = (struct result){ .guest = guest->name,
				   .mode = mode,
				   .cpu = plan->cpu,
				   .workload = workload->name,
				   .iterations = { n[0], n[1] },
				   .with_s2 = plan->s2 };
	if (plan->provenance)
		result->provenance = provenance_of(result, guest, plan);
	task_give(&task, &config, workload, n);
	good = run_once(result, &task, &config);
	task_free(&task);
	return good;
}

/* results: those of one guest and workload, a column for each mode. */
static void print_tables(const struct result *results, const struct plan *plan)
{
	stat_table_print(results, plan->modes);
	if (plan->s2)
		s2_table_print(results, plan->modes);
}

/* All measurements of the plan, in *results; false when one failed. */
static bool measure_all(const struct plan *plan, struct result *results, size_t *done, bool with_tables)
{
	for (size_t g = 0; g < plan->guests; g++)
		for (size_t w = 0; w < plan->workloads; w++) {
			for (size_t m = 0; m < plan->modes; m++)
				if (!measure_one(&results[(*done)++], plan, plan->guest[g], plan->workload[w],
						 plan->mode[m]))
					return false;
			if (with_tables)
				print_tables(&results[*done - plan->modes], plan);
			fflush(stdout);
		}
	return true;
}

/*
 * Tables are printed as they come, unless the JSON goes to stdout. The JSON is written when everything was measured,
 * or not at all.
 */
static int carry_out(const struct plan *plan, const char *json)
{
	struct result *results = grow(NULL, plan->guests * plan->workloads * plan->modes, sizeof(*results));
	struct output output;
	size_t done = 0;
	bool good = output_open(&output, json);

	if (good) {
		good = measure_all(plan, results, &done, !json || strcmp(json, "-") != 0);
		if (good) {
			char *written = results_as_json(results, done);

			good = output_finish(&output, written);
			free(written);
		}
		output_drop(&output);
	}
	for (size_t i = 0; i < done; i++) {
		measure_free(&results[i].cost);
		cJSON_Delete(results[i].provenance);
	}
	free(results);
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
		for (size_t g = 0; g < plan->guests; g++)
			if (!workload_is_for(plan->workload[w], plan->guest[g]))
				return false;
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
		mode = mode_find(names[i]);
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
		   *json = NULL, *smp = NULL, *patience = NULL;
	struct plan plan = { .patience = CONSOLE_PATIENCE };
	const struct option_spec specs[] = {
		OPTION("--guest", &guest),	 OPTION("--mode", &mode),
		OPTION("--workload", &workload), OPTION("--cpu", &cpu),
		OPTION("--json", &json),	 OPTION("--iterations", &iterations),
		OPTION_SWITCH("--s2", &plan.s2), OPTION_SWITCH("--verbose", &plan.verbose),
		OPTION("--smp", &smp),		 OPTION("--patience", &patience),
	};
	const struct choice *chosen;
	int status = STATUS_USAGE;

	if (!options_parse("stat", argc, argv, specs, sizeof(specs) / sizeof(specs[0])))
		return STATUS_USAGE;
	chosen = cpu_find(cpu ? cpu : "max");
	if (chosen && plan_guests(&plan, guest ? guest : "linux") &&
	    plan_modes(&plan, mode ? mode : "nv,nv2") &&
	    plan_workloads(&plan, workload ? workload : "hypercall") &&
	    (!smp || option_number("--smp", smp, 1, MAX_CPUS, &plan.smp)) && plan_fits(&plan) &&
	    (!patience || option_number("--patience", patience, 0, CONSOLE_PATIENCE_MAX, &plan.patience)) &&
	    (!iterations || task_iterations(iterations, "1000,2000", plan.iterations))) {
		plan.cpu = chosen->name;
		plan.provenance = json != NULL;
		status = carry_out(&plan, json);
	}
	free(plan.guest);
	free(plan.workload);
	return status;
}
