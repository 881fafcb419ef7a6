/* How does one measurement come about?  A machine runs; when it has ended its counts are read from its memory.  Next: several.c. */
#include "experiments/firn/measure/run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "experiments/firn/machine/console.h"
#include "experiments/firn/machine/machine.h"
#include "experiments/firn/measure/ledger.h"
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
static cJSON *provenance_of(const struct result *result, const struct measurement *what)
{
	cJSON *object = provenance(what->guest, what->workload->who == FOR_KVM_GUEST);
	char *smp = what->smp ? text(" --smp %u", what->smp) : text("%s", "");
	char *command =
		text("firn stat --guest %s --mode %s --cpu %s --workload %s --iterations %llu,%llu%s%s",
		     result->guest, result->mode, result->cpu, result->workload,
		     (unsigned long long)result->iterations[0], (unsigned long long)result->iterations[1],
		     smp, what->s2 ? " --s2" : "");

	cJSON_AddStringToObject(object, "command", command);
	free(command);
	free(smp);
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
		       reduce(result, &machine);
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
	const uint64_t *n = what->iterations[0] ? what->iterations : what->workload->iterations;

	*result = (struct result){ .guest = what->guest->name,
				   .mode = what->mode,
				   .cpu = what->cpu,
				   .workload = what->workload->name,
				   .iterations = { n[0], n[1] },
				   .with_s2 = what->s2 };
	if (what->provenance)
		result->provenance = provenance_of(result, what);
}

bool measurement_run(const struct measurement *what, const char *label, struct result *result)
{
	const struct workload *workload = what->workload;
	struct machine_config config = { .guest = what->guest,
					 .mode = what->mode,
					 .cpu = what->cpu,
					 .smp = what->smp ? what->smp : workload->cpus,
					 .vms = workload->vms,
					 .cpus = workload->vms > 1 ? 1 : 0,
					 .memory = workload->memory ? workload->memory : TASK_MEMORY,
					 .measured = true,
					 .resets = 1,
					 .verbose = what->verbose,
					 .patience = what->patience };
	struct task task;
	bool good;

	measurement_identify(what, result);
	task_give(&task, &config, workload, result->iterations);
	good = run_once(result, &task, &config, label);
	task_free(&task);
	return good;
}

void result_free(struct result *result)
{
	measure_free(&result->cost);
	cJSON_Delete(result->provenance);
	result->provenance = NULL;
}
