/*
 * What is a measured machine to do?  One workload with two counts of operations, so that what happens once drops out.
 */
#ifndef EXPERIMENTS_FIRN_MEASURE_TASK_H
#define EXPERIMENTS_FIRN_MEASURE_TASK_H

#include <stdbool.h>
#include <stdint.h>

#include "experiments/firn/machine/console.h"
#include "experiments/firn/machine/guests.h"
#include "experiments/firn/machine/machine.h"

#define TASK_MEMORY (UINT64_C(1) << 30) /* bytes of L1, where a workload asks for no other */

struct task {
	const struct workload *workload;
	uint64_t iterations[2];
	char *words; /* how its guest is told, which the machine's configuration points to, as to the next two */
	char *disk; /* the name of its disk; or NULL */
	const char *disks[1];
	int disk_fd; /* where there is one */
};

/*
 * The word of --iterations: two numbers, the first of them less than the second. example: two such, for the message. False
 * after one line on stderr.
 */
bool task_iterations(const char *word, const char *example, uint64_t iterations[2]);

/*
 * Has config->guest do workload: first so many operations, then so many. with_disk: L1 has a disk even if the workload
 * needs none. task_free gives its memory back. False after one line on
 * stderr.
 */
bool task_give(struct task *task, struct machine_config *config, const struct workload *workload,
	       const uint64_t iterations[2], bool with_disk);
void task_free(struct task *task);

/*
 * Lets the machine run to its end as console_collect does. False after messages on stderr: as there, or the guest did not say
 * that it has done the task.  The caller frees transcript->text.
 */
bool task_watch(const struct task *task, struct machine *machine, struct transcript *transcript,
		const char *label, const struct machine_config *config);

#endif
