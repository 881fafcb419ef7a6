/* Which runs does an experiment have?  Every combination of what is on a block's axes.  Reads: definition_runs.h.  Next: runner.c. */
#include "experiments/firn/experiment/matrix.h"

#include <stdlib.h>
#include <string.h>

#include "experiments/firn/experiment/definition_words.h"
#include "experiments/firn/machine/guests.h"
#include "experiments/firn/tool/complain.h"

#define TIMELINE_STRETCHES "100"
#define RECORDED "10,20" /* operations of a recording, as firn record has them */

/* How many combinations, or more than RUNS_MOST. */
static size_t block_runs(const struct block *block)
{
	size_t count = 1;

	for (unsigned a = 0; a < AXES; a++)
		count = count > RUNS_MOST ? count : count * block->axis[a].count;
	return count;
}

static const char *own(struct matrix *matrix, char *word)
{
	matrix->own = grow(matrix->own, matrix->owned + 1, sizeof(char *));
	return matrix->own[matrix->owned++] = word;
}

/* What the file left to the workload. */
static const char *usual_size(struct matrix *matrix, const struct run *run)
{
	if (run->block->engine == ENGINE_WHATIF)
		return RECORDED;
	for (size_t i = 0; i < workload_count; i++)
		if (strcmp(workloads[i].name, run->at[AXIS_WORKLOAD]) == 0)
			return own(matrix, text("%llu,%llu", (unsigned long long)workloads[i].iterations[0],
						(unsigned long long)workloads[i].iterations[1]));
	return "";
}

/* Axes that say nothing are left out. */
static char *key_of(const struct run *run, bool with_s2)
{
	const char *const *at = run->at;

	return text("%s %s %s %s %s %s%s%s%s%s%s%s%s #%s", engine_names[run->block->engine], at[AXIS_GUEST],
		    at[AXIS_MODE], at[AXIS_CPU], at[AXIS_WORKLOAD], at[AXIS_SIZE],
		    *at[AXIS_SMP] ? " smp " : "", at[AXIS_SMP], *at[AXIS_VMS] ? " vms " : "", at[AXIS_VMS],
		    *at[AXIS_DEFERRED] ? " " : "", at[AXIS_DEFERRED], with_s2 ? " s2" : "",
		    at[AXIS_REPETITION]);
}

/* Number index of the block's combinations. */
static struct run run_of(struct matrix *matrix, const struct block *block, size_t index)
{
	struct run run = { .block = block };

	for (unsigned a = AXES; a-- > 0;) {
		run.at[a] = block->axis[a].name[index % block->axis[a].count];
		index /= block->axis[a].count;
	}
	if (!*run.at[AXIS_SIZE])
		run.at[AXIS_SIZE] = usual_size(matrix, &run);
	run.key = key_of(&run, block->s2);
	return run;
}

static int by_key(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Tables and plots know the axes alone. False after one line on stderr. */
static bool all_differ(const struct matrix *matrix, const char *file)
{
	char **key = grow(NULL, matrix->runs + 1, sizeof(char *));
	bool good = true;

	for (size_t i = 0; i < matrix->runs; i++)
		key[i] = key_of(&matrix->run[i], false);
	qsort(key, matrix->runs, sizeof(char *), by_key);
	for (size_t i = 1; good && i < matrix->runs; i++)
		if (strcmp(key[i - 1], key[i]) == 0)
			good = !complain(STATUS_FAILED, "%s: expected each run once, found twice: %s", file,
					 key[i]);
	for (size_t i = 0; i < matrix->runs; i++)
		free(key[i]);
	free(key);
	return good;
}

bool matrix_make(struct matrix *matrix, const struct experiment *e)
{
	size_t total = 0;

	*matrix = (struct matrix){ .runs = 0 };
	for (size_t b = 0; b < e->blocks && total <= RUNS_MOST; b++)
		total += block_runs(&e->block[b]);
	if (total > RUNS_MOST)
		return !complain(STATUS_FAILED, "%s: expected at most %d runs, found more", e->file,
				 RUNS_MOST);
	matrix->run = grow(NULL, total + 1, sizeof(matrix->run[0]));
	for (size_t b = 0; b < e->blocks; b++)
		for (size_t i = 0, n = block_runs(&e->block[b]); i < n; i++)
			matrix->run[matrix->runs++] = run_of(matrix, &e->block[b], i);
	if (all_differ(matrix, e->file))
		return true;
	matrix_free(matrix);
	return false;
}

void matrix_free(struct matrix *matrix)
{
	for (size_t i = 0; i < matrix->runs; i++)
		free(matrix->run[i].key);
	for (size_t i = 0; i < matrix->owned; i++)
		free(matrix->own[i]);
	free(matrix->run);
	free(matrix->own);
	*matrix = (struct matrix){ .runs = 0 };
}

static void add_option(struct words *words, const char *option, const char *value)
{
	if (!*value)
		return;
	words_add(words, "%s", option);
	words_add(words, "%s", value);
}

/* What firn stat and firn record have in common. */
static void add_machine(struct words *words, const struct run *run)
{
	add_option(words, "--guest", run->at[AXIS_GUEST]);
	add_option(words, "--mode", run->at[AXIS_MODE]);
	add_option(words, "--cpu", run->at[AXIS_CPU]);
	add_option(words, "--workload", run->at[AXIS_WORKLOAD]);
	add_option(words, "--iterations", run->at[AXIS_SIZE]);
	add_option(words, "--smp", run->at[AXIS_SMP]);
	add_option(words, "--vms", run->at[AXIS_VMS]);
	words_add(words, "--patience");
	words_add(words, "%llu", (unsigned long long)run->block->patience);
}

static struct words stat_step(const struct run *run, const char *program)
{
	struct words words = { .word = NULL };

	words_add(&words, "%s", program);
	words_add(&words, "stat");
	add_machine(&words, run);
	if (run->block->s2)
		words_add(&words, "--s2");
	if (run->block->engine == ENGINE_OUTSIDE)
		words_add(&words, "--outside");
	if (run->block->engine == ENGINE_PROFILE)
		words_add(&words, "--profile");
	add_option(&words, "--json", "-");
	return words;
}

/* A recording, and what is asked of it. */
static size_t recording_steps(const struct run *run, const char *program, const char *folder,
			      struct words steps[STEPS_MOST])
{
	struct words record = { .word = NULL }, ask = { .word = NULL };
	bool whatif = run->block->engine == ENGINE_WHATIF;
	char *file = text("%s/recording.dat", folder);

	words_add(&record, "%s", program);
	words_add(&record, "record");
	add_machine(&record, run);
	if (!whatif) {
		words_add(&record, "--whole");
		add_option(&record, "--events", "trap");
	}
	add_option(&record, "-o", file);
	words_add(&ask, "%s", program);
	words_add(&ask, whatif ? "whatif" : "report");
	words_add(&ask, "%s", file);
	add_option(&ask, "--redirect", run->at[AXIS_DEFERRED]);
	if (whatif) {
		words_add(&ask, "--ablate");
		add_option(&ask, "--json", "-");
	} else {
		add_option(&ask, "--timeline", TIMELINE_STRETCHES);
	}
	free(file);
	steps[0] = record;
	steps[1] = ask;
	return 2;
}

size_t run_steps(const struct run *run, const char *program, const char *folder,
		 struct words steps[STEPS_MOST])
{
	if (run->block->engine == ENGINE_WHATIF || run->block->engine == ENGINE_TIMELINE)
		return recording_steps(run, program, folder, steps);
	steps[0] = stat_step(run, program);
	return 1;
}

char *run_command(const struct run *run)
{
	struct words steps[STEPS_MOST];
	size_t count = run_steps(run, "firn", ".", steps);
	char *line = text("%s", "");

	for (size_t s = 0; s < count; s++) {
		for (size_t i = 0; i < steps[s].count; i++) {
			char *longer = text("%s%s%s", line, i ? " " : s ? " && " : "", steps[s].word[i]);

			free(line);
			line = longer;
		}
		words_free(&steps[s]);
	}
	return line;
}

bool run_boots_l2(const struct run *run)
{
	for (size_t i = 0; i < workload_count; i++)
		if (strcmp(workloads[i].name, run->at[AXIS_WORKLOAD]) == 0)
			return workloads[i].who == FOR_KVM_GUEST;
	return false;
}

char *run_kernels(const struct run *run)
{
	return text("%s%s", run->at[AXIS_GUEST], run_boots_l2(run) ? " with kvm-guest" : "");
}
