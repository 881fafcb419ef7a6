/* How does one measurement come about?  A machine runs; when it has ended its counts are read from its memory.  Next: several.c. */
#include "experiments/firn/measure/run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "experiments/firn/machine/console.h"
#include "experiments/firn/machine/machine.h"
#include "experiments/firn/measure/ledger.h"
#include "experiments/firn/measure/outside.h"
#include "experiments/firn/measure/profile.h"
#include "experiments/firn/measure/provenance.h"
#include "experiments/firn/measure/task.h"
#include "experiments/firn/tool/child.h"
#include "experiments/firn/tool/complain.h"

#define MARKS 3

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

/* False after one line on stderr. */
static bool reduce_ledger(struct result *result, const struct ledger *ledger)
{
	bool good = ledger_is_sound(ledger) && has_marks(ledger);

	if (good)
		measure(&result->cost, &ledger->header, ledger->vcpu, ledger->header.vcpus,
			result->iterations[0], result->iterations[1]);
	return good;
}

/* From the memory of a machine that has ended. False after one line on stderr. */
static bool reduce_inside(struct result *result, const struct machine *machine)
{
	struct ledger ledger;
	bool good;

	if (!ledger_read(&ledger, machine->ram_fd, machine->ram_base, machine->ram_bytes))
		return false;
	good = reduce_ledger(result, &ledger);
	ledger_free(&ledger);
	return good;
}

/* From what the plugin wrote. False after one line on stderr. */
static bool reduce_outside(struct result *result, int fd, bool from_reset)
{
	struct outside_counts counts;
	bool good = outside_read(&counts, fd);

	if (good && from_reset)
		ledger_from_reset(&counts.ledger);
	good = good && reduce_ledger(result, &counts.ledger);

	if (good) {
		const struct cost *cost = &result->cost;

		result->sequence =
			outside_sequence(&counts, (cost->traps + cost->operations / 2) / cost->operations);
		if (counts.words)
			result->profile = profile_make(&counts, cost->operations);
		good = !counts.words || result->profile;
	}
	outside_free(&counts);
	return good;
}

/* "9900:2655": of so many hundredths of a per cent, and how many ticks. False where that is not next. */
static bool read_quantile(const char **at, unsigned long long *hundredths, unsigned long long *ticks)
{
	int end = 0;

	if (sscanf(*at, " %llu:%llu%n", hundredths, ticks, &end) != 2)
		return false;
	*at += end;
	return true;
}

/* Those that the tables have. */
static void keep_percentile(struct latency *latency, unsigned long long hundredths, unsigned long long ticks)
{
	if (hundredths == 0)
		latency->min = ticks;
	else if (hundredths == 5000)
		latency->p50 = ticks;
	else if (hundredths == 9000)
		latency->p90 = ticks;
	else if (hundredths == 9900)
		latency->p99 = ticks;
	else if (hundredths == 10000)
		latency->max = ticks;
}

/* irq_latency says it on a line of its own: how many samples, then quantiles. False after one line on stderr. */
static bool read_latency(struct latency *latency, const char *workload, const struct transcript *transcript)
{
	const char *at = transcript_line(transcript, "latency");
	unsigned long long hundredths = 0, ticks;
	int end = 0;

	if (strcmp(workload, "irq_latency") != 0)
		return true;
	if (at && sscanf(at, "latency %llu%n", &latency->samples, &end) == 1)
		for (at += end;
		     latency->quantiles < LATENCY_QUANTILES && read_quantile(&at, &hundredths, &ticks);) {
			latency->hundredths[latency->quantiles] = hundredths;
			latency->ticks[latency->quantiles++] = ticks;
			keep_percentile(latency, hundredths, ticks);
		}
	return hundredths == 10000 ||
	       !complain(STATUS_FAILED, "the workload did not print its line 'latency' whole");
}

/* With what it is measured; the same again is one guest, workload and mode. */
static cJSON *provenance_of(const struct result *result, const struct measurement *what)
{
	cJSON *object = provenance(what->guest, what->workload->who == FOR_KVM_GUEST);
	char *smp = what->smp ? text(" --smp %u", what->smp) : text("%s", "");
	char *vms = what->vms ? text(" --vms %u", what->vms) : text("%s", "");
	char *command =
		text("firn stat --guest %s --mode %s --cpu %s --workload %s --iterations %llu,%llu%s%s%s%s%s",
		     result->guest, result->mode, result->cpu, result->workload,
		     (unsigned long long)result->iterations[0], (unsigned long long)result->iterations[1],
		     smp, vms, what->disk ? " --disk" : "", what->s2 ? " --s2" : "",
		     what->profile ? " --profile" :
		     what->outside ? " --outside" :
				     "");

	cJSON_AddStringToObject(object, "command", command);
	free(command);
	free(smp);
	free(vms);
	return object;
}

/* False after what is wrong and which measurement it was, on stderr. */
static bool run_once(struct result *result, const struct task *task, const struct machine_config *config,
		     const char *label)
{
	struct machine machine;
	struct transcript transcript;
	bool good = machine_start(&machine, config);

	if (good) {
		good = task_watch(task, &machine, &transcript, label, config) &&
		       read_latency(&result->latency, result->workload, &transcript) &&
		       (config->outside_fd ? reduce_outside(result, config->outside_fd,
							    task->workload->who == FOR_L1_BOOT) :
					     reduce_inside(result, &machine));
		free(transcript.text);
		machine_stop(&machine);
	}
	if (!good && !child_signal())
		complain(STATUS_FAILED, "no measurement of %s, %s, %s on %s", result->guest, result->mode,
			 result->workload, result->cpu);
	return good;
}

void measurement_identify(const struct measurement *what, struct result *result)
{
	const uint64_t *n = what->iterations[1] ? what->iterations : what->workload->iterations;

	*result = (struct result){ .guest = what->guest->name,
				   .mode = what->mode,
				   .cpu = what->cpu,
				   .workload = what->workload->name,
				   .iterations = { n[0], n[1] },
				   .with_s2 = what->s2 };
	if (what->provenance)
		result->provenance = provenance_of(result, what);
}

/* A file for the plugin, and what it is to look at. False after one line on stderr. */
static bool prepare_outside(const struct measurement *what, struct machine_config *config)
{
	if (!what->outside && !what->profile && !is_peer(what->mode) && !workload_is_outside(what->workload))
		return true;
	if (what->profile && what->workload->who == FOR_L1_BOOT)
		return !complain(STATUS_FAILED, "a profile is of what is between marks, of which %s has one",
				 what->workload->name);
	if ((what->workload->disk || what->disk) && strcmp(what->mode, "kvm") == 0)
		return !complain(
			STATUS_FAILED,
			"with KVM as L0 there is no disk that L1 has itself; measure %s with mode nv or nv2",
			what->workload->name);
	config->outside_fd = outside_open();
	return config->outside_fd >= 0 &&
	       (!what->profile || profile_text(&config->text, &config->text_bytes));
}

bool measurement_run(const struct measurement *what, const char *label, struct result *result)
{
	const struct workload *workload = what->workload;
	unsigned vms = what->vms ? what->vms : workload->vms;
	struct machine_config config = { .guest = what->guest,
					 .mode = what->mode,
					 .cpu = what->cpu,
					 .smp = what->smp ? what->smp : workload->cpus,
					 .vms = vms,
					 .cpus = vms > 1 ? 1 : 0,
					 .memory = workload->memory ? workload->memory : TASK_MEMORY,
					 .measured = true,
					 .resets = 1,
					 .verbose = what->verbose,
					 .patience = what->patience };
	struct task task;
	bool good;

	measurement_identify(what, result);
	good = task_give(&task, &config, workload, result->iterations, what->disk) &&
	       prepare_outside(what, &config) && run_once(result, &task, &config, label);
	if (config.outside_fd > 0)
		close(config.outside_fd);
	task_free(&task);
	return good;
}

void result_free(struct result *result)
{
	measure_free(&result->cost);
	cJSON_Delete(result->provenance);
	cJSON_Delete(result->sequence);
	cJSON_Delete(result->profile);
	result->sequence = result->profile = NULL;
	result->provenance = NULL;
}
