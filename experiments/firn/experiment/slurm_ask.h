/*
 * What does Slurm say?
 */
#ifndef EXPERIMENTS_FIRN_EXPERIMENT_SLURM_ASK_H
#define EXPERIMENTS_FIRN_EXPERIMENT_SLURM_ASK_H

#include <stdbool.h>
#include <stddef.h>

#include "experiments/firn/machine/qemu.h"

enum slurm_answer {
	SLURM_QUEUED,
	SLURM_GONE,
	SLURM_NONE /* no answer */
};

/* Runs command and frees its words. Its stdout, at most size - 1 bytes, is in out; *error as child_capture has it. */
bool slurm_ask(struct words *command, char *out, size_t size, char **error);

/* How many tasks one array takes. */
size_t slurm_ask_most(void);

/* What is it of the job, which state tells for people?  *error: why there is no answer, in new memory; NULL with the others. */
enum slurm_answer slurm_ask_queue(const char *job, char *state, size_t size, char **error);

/* Ends the job, also while a signal asks firn to stop. */
void slurm_cancel(const char *job);

#endif
