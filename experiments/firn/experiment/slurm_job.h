/*
 * What is said to Slurm, and what does it answer?  Pure; slurm.c does the talking.
 */
#ifndef EXPERIMENTS_FIRN_EXPERIMENT_SLURM_JOB_H
#define EXPERIMENTS_FIRN_EXPERIMENT_SLURM_JOB_H

#include <stdbool.h>
#include <stddef.h>

#include "experiments/firn/experiment/matrix.h"

#define SLURM_ARRAY_USUAL 1000 /* tasks of one array, where Slurm does not say how many it takes */

/*
 * The script of a job array: task N does line N of the file "runs" in its folder, and leaves N.out, N.err and, last and in one piece,
 * N.end with its exit status.
 */
extern const char slurm_script[];

/* That line, for the shell: all steps of the run as task number `task`; output of the last one stays. New memory. */
char *slurm_line(const struct run *run, const char *program, size_t task);

/* The job's number in what sbatch --parsable printed ("12" or "12;cluster"), in new memory; NULL where there is none. */
char *slurm_job_number(const char *printed);

/* How many tasks one array may have: of what scontrol show config printed. At least 1. */
size_t slurm_array_most(const char *config);

/* The wait status of a process that the shell says ended with `code`: 128 and more is a signal. */
int slurm_wait_status(int code);

/* Does this error of squeue's say that the job is none of Slurm's any more? */
bool slurm_is_gone(const char *error);

#endif
