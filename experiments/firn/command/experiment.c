/*
 * firn experiment: many measurements that a file defines, with their plots and a report.  Reads: experiment/definition_file.h,
 * experiment/runner.h, experiment/report.h.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "experiments/firn/command/commands.h"
#include "experiments/firn/experiment/absent.h"
#include "experiments/firn/experiment/beside.h"
#include "experiments/firn/experiment/bounds.h"
#include "experiments/firn/experiment/compare.h"
#include "experiments/firn/experiment/costs.h"
#include "experiments/firn/experiment/definition_check.h"
#include "experiments/firn/experiment/definition_file.h"
#include "experiments/firn/tool/file.h"
#include "experiments/firn/experiment/matrix.h"
#include "experiments/firn/experiment/report.h"
#include "experiments/firn/experiment/runner.h"
#include "experiments/firn/experiment/slurm.h"
#include "experiments/firn/experiment/store.h"
#include "experiments/firn/measure/provenance.h"
#include "experiments/firn/tool/child.h"
#include "experiments/firn/tool/complain.h"
#include "experiments/firn/tool/options.h"
#include "experiments/firn/tool/table.h"

#define LARGEST_FILE ((size_t)1 << 20)

/* A file's experiment and what belongs to it. */
struct work {
	struct experiment e;
	struct matrix matrix;
	struct published published;
	struct costs costs;
};

/* Of the whole experiment, whatever is run of it. False after one line on stderr. */
static bool is_sound(const char *file)
{
	struct experiment e;
	struct matrix matrix;
	bool good = experiment_read(&e, file, false);

	if (!good)
		return false;
	good = matrix_make(&matrix, &e);
	if (good) {
		good = definition_check(&e, &matrix);
		matrix_free(&matrix);
	}
	experiment_free(&e);
	return good;
}

/* False after one line on stderr, with nothing to free. */
static bool work_read(struct work *w, const char *file, bool quick)
{
	if (!is_sound(file) || !experiment_read(&w->e, file, quick))
		return false;
	if (!matrix_make(&w->matrix, &w->e)) {
		experiment_free(&w->e);
		return false;
	}
	if (published_read(&w->published, NULL)) {
		if (beside_check(&w->published, &w->e) && costs_read(&w->costs, &w->published, NULL)) {
			if (costs_check(&w->costs, &w->e))
				return true;
			costs_free(&w->costs);
		}
		published_free(&w->published);
	}
	matrix_free(&w->matrix);
	experiment_free(&w->e);
	return false;
}

static void work_free(struct work *w)
{
	costs_free(&w->costs);
	published_free(&w->published);
	matrix_free(&w->matrix);
	experiment_free(&w->e);
}

/* ---- list ---------------------------------------------------------------------------------------------------------- */

static int is_definition(const struct dirent *entry)
{
	const char *dot = strrchr(entry->d_name, '.');

	return dot && strcmp(dot, ".yaml") == 0;
}

/* False after one line on stderr. */
static bool list_one(struct table *table, const char *folder, const char *file)
{
	char *path = text("%s/%s", folder, file), *runs[2] = { NULL, NULL };
	struct work w;
	bool good = true;

	for (unsigned quick = 0; good && quick < 2; quick++) {
		good = work_read(&w, path, quick);
		if (!good)
			break;
		runs[quick] = text("%zu", w.matrix.runs);
		if (quick)
			table_add(table, TABLE_PLAIN,
				  (const char *const[]){ w.e.name, runs[0], runs[1], w.e.title });
		work_free(&w);
	}
	free(runs[0]);
	free(runs[1]);
	free(path);
	return good;
}

static int command_experiment_list(int argc, char **argv)
{
	struct table table = { .align = "lrrl" };
	char *folder = experiment_folder();
	struct dirent **entry = NULL;
	int count;
	bool good = true;

	if (!options_parse("experiment list", argc, argv, NULL, 0)) {
		free(folder);
		return STATUS_USAGE;
	}
	count = scandir(folder, &entry, is_definition, alphasort);
	table_add(&table, TABLE_FAINT, (const char *const[]){ "experiment", "runs", "quick", "" });
	for (int i = 0; i < count; i++) {
		good = good && list_one(&table, folder, entry[i]->d_name);
		free(entry[i]);
	}
	free(entry);
	if (count < 0)
		good = !complain(STATUS_FAILED, "cannot read the folder %s; run 'make'", folder);
	if (good)
		table_print(&table);
	free(folder);
	return good ? 0 : STATUS_FAILED;
}

/* ---- run and report ------------------------------------------------------------------------------------------------ */

struct run_options {
	const char *out, *executor;
	uint64_t jobs; /* 0: not said */
	bool quick, resume;
};

/* With what it is measured: firn, QEMU, L0, and the kernels of each guest that is in it. */
static cJSON *about_work(const struct work *w)
{
	cJSON *about = provenance(NULL, false), *kernels = cJSON_AddObjectToObject(about, "kernels");

	for (size_t i = 0; i < w->matrix.runs; i++) {
		const struct run *run = &w->matrix.run[i];
		char *name = run_kernels(run);

		if (!cJSON_GetObjectItemCaseSensitive(kernels, name))
			cJSON_AddItemToObject(kernels, name,
					      provenance(guest_find(run->at[AXIS_GUEST]), run_boots_l2(run)));
		free(name);
	}
	return about;
}

/*
 * Report, and where it is; of results that are there. *beyond: how many numbers are not within their bounds, which stdout has first.
 * *absent: how many figures have a value that no result has, which stderr has.
 */
static bool write_report(const struct work *w, struct store *store, size_t *beyond, size_t *absent)
{
	struct summary summary;
	bool good;

	costs_apply(&w->costs, &w->e, store);
	summary_make(&summary, &w->matrix, store);
	good = report_write(&w->e, &summary, &w->published, &w->costs, store);
	*beyond = bounds_print(&w->e, &summary);
	*absent = absent_print(&w->e, &summary);
	summary_free(&summary);
	if (good)
		printf("%s/report.html\n", store->folder);
	return good;
}

/* As runner_run and slurm_run. */
static bool execute(const struct work *w, struct store *store, const struct run_options *options,
		    const cJSON *about, size_t *failed)
{
	size_t jobs = (size_t)options->jobs;

	if (options->executor && strcmp(options->executor, "slurm") == 0)
		return slurm_run(&w->matrix, store, w->e.name, jobs, about, failed);
	return runner_run(&w->matrix, store, w->e.name, jobs ? jobs : 1, failed);
}

/* Everything that ended is in the store, in the order of the file; then the report. */
static int carry_out(const struct work *w, struct store *store, const struct run_options *options,
		     const cJSON *about)
{
	size_t failed = 0, beyond, absent;
	bool ended = execute(w, store, options, about, &failed), sorted = store_sort(store, &w->matrix);

	if (!ended) {
		complain(STATUS_FAILED,
			 "it stopped before its end; what has ended is in %s: go on with --out %s --resume",
			 store->folder, store->folder);
		return STATUS_FAILED;
	}
	if (!sorted || !write_report(w, store, &beyond, &absent))
		return STATUS_FAILED;
	if (beyond)
		complain(STATUS_FAILED, "%zu of %zu numbers are beyond their bounds", beyond, w->e.bounds);
	return failed ? complain(STATUS_FAILED, "%zu of %zu runs failed; %s/log has what they said", failed,
				 w->matrix.runs, store->folder) :
	       beyond || absent ? STATUS_FAILED :
				  0;
}

/* NAME.results in the current folder, unless the user says where. New memory. */
static char *folder_of(const struct work *w, const struct run_options *options)
{
	return options->out ? text("%s", options->out) :
			      text("%s%s.results", w->e.name, options->quick ? "-quick" : "");
}

static int run_file(const char *file, const struct run_options *options)
{
	char *definition = file_read(file, LARGEST_FILE), *folder;
	int status = STATUS_FAILED;
	struct store store;
	struct work w;
	cJSON *about;

	if (!definition || !work_read(&w, file, options->quick)) {
		free(definition);
		return STATUS_FAILED;
	}
	folder = folder_of(&w, options);
	about = about_work(&w);
	if (store_open(&store, folder, w.e.name, options->resume, options->quick, definition, about)) {
		status = carry_out(&w, &store, options, about);
		store_close(&store);
	}
	cJSON_Delete(about);
	free(folder);
	free(definition);
	work_free(&w);
	return status;
}

static int command_experiment_run(int argc, char **argv)
{
	const char *jobs = NULL;
	struct run_options options = { .jobs = 0 };
	const struct option_spec specs[] = {
		OPTION("--out", &options.out),
		OPTION("--jobs", &jobs),
		OPTION_SWITCH("--quick", &options.quick),
		OPTION_SWITCH("--resume", &options.resume),
		OPTION("--executor", &options.executor),
	};
	char *file;
	int status;

	if (argc < 1 || argv[0][0] == '-')
		return complain(
			STATUS_USAGE,
			"experiment run: the first word is the experiment's name or file; 'firn experiment list' shows those there are");
	if (!options_parse("experiment run", argc - 1, argv + 1, specs, sizeof(specs) / sizeof(specs[0])) ||
	    (jobs && !option_number("--jobs", jobs, 1, JOBS_MOST, &options.jobs)))
		return STATUS_USAGE;
	if (options.executor && strcmp(options.executor, "local") != 0 &&
	    strcmp(options.executor, "slurm") != 0)
		return complain(STATUS_USAGE, "--executor: unknown executor '%s'; there are: local, slurm",
				options.executor);
	file = experiment_find(argv[0]);
	if (access(file, F_OK) != 0)
		status = complain(
			STATUS_USAGE,
			"there is no experiment %s (%s); 'firn experiment list' shows those there are",
			argv[0], file);
	else
		status = run_file(file, &options);
	free(file);
	return status;
}

static int command_experiment_report(int argc, char **argv)
{
	struct store store;
	struct work w;
	size_t beyond, absent;
	char *file;
	bool good;

	if (argc != 1 || argv[0][0] == '-')
		return complain(STATUS_USAGE,
				"experiment report: give the folder of one experiment's results");
	if (!store_read(&store, argv[0]))
		return STATUS_FAILED;
	file = store_path(&store, "experiment.yaml");
	good = work_read(&w, file, store.quick);
	if (good) {
		good = write_report(&w, &store, &beyond, &absent) && !beyond && !absent;
		work_free(&w);
	}
	free(file);
	store_close(&store);
	return good ? 0 : STATUS_FAILED;
}

/* ---- compare ------------------------------------------------------------------------------------------------------- */

/* A folder's summary, or a file. False after one line on stderr. */
static bool read_summary(struct csv *csv, const char *name)
{
	char *inside = text("%s/summary.csv", name);
	bool good = csv_read(csv, access(inside, F_OK) == 0 ? inside : name);

	free(inside);
	return good;
}

static int command_experiment_compare(int argc, char **argv)
{
	const char *values = NULL;
	bool exact = false;
	const struct option_spec specs[] = {
		OPTION_SWITCH("--exact", &exact),
		OPTION("--value", &values),
	};
	struct csv old, new;
	int status = STATUS_FAILED;

	if (argc < 2 || argv[0][0] == '-' || argv[1][0] == '-')
		return complain(
			STATUS_USAGE,
			"experiment compare: give two folders of results, or files like their summary.csv");
	if (!options_parse("experiment compare", argc - 2, argv + 2, specs, sizeof(specs) / sizeof(specs[0])))
		return STATUS_USAGE;
	if (!read_summary(&old, argv[0]))
		return STATUS_FAILED;
	if (read_summary(&new, argv[1])) {
		status = compare_summaries(&old, &new, values, exact);
		csv_free(&new);
	}
	csv_free(&old);
	return status;
}

int command_experiment(int argc, char **argv)
{
	static const struct {
		const char *name;
		int (*command)(int argc, char **argv);
	} commands[] = {
		{ "list", command_experiment_list },
		{ "run", command_experiment_run },
		{ "report", command_experiment_report },
		{ "compare", command_experiment_compare },
	};

	for (size_t i = 0; argc && i < sizeof(commands) / sizeof(commands[0]); i++)
		if (strcmp(commands[i].name, argv[0]) == 0)
			return commands[i].command(argc - 1, argv + 1);
	return complain(
		STATUS_USAGE,
		"experiment: the first word is list, run, report or compare; see 'firn help experiment'");
}
