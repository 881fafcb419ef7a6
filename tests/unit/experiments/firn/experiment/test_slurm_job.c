/* Does Slurm's shell do the steps of a run, and are its answers understood? Tests experiments/firn/experiment/slurm_job.c. */
#define _GNU_SOURCE
#include <CUnit/CUnit.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "experiments/firn/experiment/slurm_job.h"
#include "experiments/firn/experiment/definition_file.h"

void register_experiments_slurm_job(void);

/* The line of the first run of an experiment, as task 7. */
static char *line_of(const char *runs, const char *program)
{
	struct experiment e;
	struct matrix m;
	char *line, bytes[512];

	snprintf(bytes, sizeof(bytes), "title: t\nquestion: q\nruns: [ %s ]\n", runs);
	CU_ASSERT_FATAL(experiment_parse(&e, "f.yaml", bytes, false));
	CU_ASSERT_FATAL(matrix_make(&m, &e));
	line = slurm_line(&m.run[0], program, 7);
	matrix_free(&m);
	experiment_free(&e);
	return line;
}

static void the_line(void)
{
	char *line = line_of("{ guests: small-vhe, workloads: hypercall, sizes: [1, 2] }", "/it's/firn");

	CU_ASSERT_STRING_EQUAL(
		line,
		"'/it'\\''s/firn' 'stat' '--guest' 'small-vhe' '--mode' 'nv' '--cpu' 'max' '--workload' 'hypercall' "
		"'--iterations' '1,2' '--patience' '900' '--json' '-' </dev/null >7.out 2>7.err");
	free(line);
}

/* Both steps write to the same file, so that what stays is of the last one that ran. */
static void a_line_of_two_steps(void)
{
	char *line = line_of(
		"{ engine: whatif, guests: small-vhe, workloads: hypercall, deferred: nv2, sizes: [1, 2] }",
		"f");
	const char *second = strstr(line, " && 'f' 'whatif' 'work-7/recording.dat' ");

	CU_ASSERT(second && strstr(second, "</dev/null >7.out 2>7.err"));
	CU_ASSERT_PTR_NOT_NULL(strstr(line, "'-o' 'work-7/recording.dat' </dev/null >7.out 2>7.err && "));
	free(line);
}

static void what_sbatch_says(void)
{
	static const struct {
		const char *said, *number;
	} cases[] = { { "12\n", "12" }, { "4711;cluster\n", "4711" }, { "9", "9" },
		      { "", NULL },	{ "Submitted", NULL },	      { "12 rm\n", NULL } };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *number = slurm_job_number(cases[i].said);

		CU_ASSERT(cases[i].number ? number && strcmp(number, cases[i].number) == 0 : !number);
		free(number);
	}
}

static void how_large_an_array_is(void)
{
	CU_ASSERT_EQUAL(slurm_array_most("MaxArraySize            = 1001\nMaxBatchRequeue = 5\n"), 1001);
	CU_ASSERT_EQUAL(slurm_array_most("MaxArraySize            = 0\n"), SLURM_ARRAY_USUAL);
	CU_ASSERT_EQUAL(slurm_array_most(""), SLURM_ARRAY_USUAL);
}

static void how_a_task_ended(void)
{
	int status = slurm_wait_status(3);

	CU_ASSERT(WIFEXITED(status) && WEXITSTATUS(status) == 3);
	CU_ASSERT_EQUAL(slurm_wait_status(0), 0);
	status = slurm_wait_status(128 + SIGKILL);
	CU_ASSERT(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	CU_ASSERT(slurm_is_gone("slurm_load_jobs error: Invalid job id specified"));
	CU_ASSERT_FALSE(slurm_is_gone("slurm_load_jobs error: Unable to contact slurm controller"));
}

void register_experiments_slurm_job(void)
{
	CU_pSuite suite = CU_add_suite("experiments/slurm_job", NULL, NULL);

	CU_add_test(suite, "the line", the_line);
	CU_add_test(suite, "a line of two steps", a_line_of_two_steps);
	CU_add_test(suite, "what sbatch says", what_sbatch_says);
	CU_add_test(suite, "how large an array is", how_large_an_array_is);
	CU_add_test(suite, "how a task ended", how_a_task_ended);
}
