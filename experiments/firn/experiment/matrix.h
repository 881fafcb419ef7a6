/*
 * Which runs does an experiment have, and what does each of them do?
 */
#ifndef EXPERIMENTS_FIRN_EXPERIMENT_MATRIX_H
#define EXPERIMENTS_FIRN_EXPERIMENT_MATRIX_H

#include "experiments/firn/experiment/definition.h"
#include "experiments/firn/machine/qemu.h"

#define RUNS_MOST 100000
#define STEPS_MOST 2

struct run {
	const struct block *block;
	const char *at[AXES];
	char *key; /* all that its result depends on, in words: "stat small-vhe nv2 max hypercall 1000,2000 s2 #1" */
};

struct matrix {
	struct run *run;
	size_t runs;
	char **own; /* sizes that the file left to the workload */
	size_t owned;
};

/* In the order of the file, the last axis the fastest. False after one line on stderr: too many, or one that is there twice. */
bool matrix_make(struct matrix *matrix, const struct experiment *experiment);
void matrix_free(struct matrix *matrix);

/*
 * What is to be executed, one command line after the other; the last one prints the result as JSON. program: firn. folder: where
 * files in between may go. Returns how many; words_free frees each.
 */
size_t run_steps(const struct run *run, const char *program, const char *folder,
		 struct words steps[STEPS_MOST]);

/* The same for people: "firn record ... && firn whatif ...", with files in the current folder. New memory. */
char *run_command(const struct run *run);

/* Does a Linux boot in its guest?  The machine has more files then. */
bool run_boots_l2(const struct run *run);

/* Under which name does about.json have the files that it runs?  "linux", or "linux with kvm-guest". New memory. */
char *run_kernels(const struct run *run);

#endif
