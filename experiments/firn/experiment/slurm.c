/*
 * How are the runs of an experiment carried out on a Slurm cluster?  As job arrays, one at a time; each has a folder below the
 * results, which nodes see too: what a task leaves there is complete or not there (slurm_job.h), and becomes a result as soon as it
 * is seen. The folder also says which job it is and whose tasks, so that a firn that was killed is not needed for it to go on.
 * Reads: slurm_ask.h, slurm_job.h, ending.h, store.h.
 */
#define _GNU_SOURCE
#include "experiments/firn/experiment/slurm.h"

#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "experiments/firn/experiment/ending.h"
#include "experiments/firn/experiment/slurm_ask.h"
#include "experiments/firn/experiment/slurm_job.h"
#include "experiments/firn/tool/child.h"
#include "experiments/firn/tool/complain.h"
#include "experiments/firn/tool/file.h"

#define TRIES 3	       /* of a run */
#define LOOK_MS 1000   /* how often the folder is looked at */
#define ASK_EVERY 5    /* looks between two questions to Slurm */
#define GONE_MOST 2    /* so often a job may be unknown before it is: files of a network come late */
#define SILENT_MOST 60 /* unanswered questions, five minutes, before firn gives up waiting */
#define LOG_MOST ((size_t)16 << 20)

/* A run that the store has no good result of. */
struct task {
	const struct run *run;
	unsigned tries; /* that have ended */
	enum {
		TASK_WAITS,
		TASK_SUBMITTED,
		TASK_ENDED
	} state;
};

/* A job array. */
struct wave {
	char *folder, *job;
	struct task **task; /* by its number in the array; NULL: none of ours */
	size_t tasks;
};

struct slurm {
	struct store *store;
	const cJSON *about;
	struct progress progress;
	struct task *task;
	size_t tasks, jobs;
	char *folder; /* of the waves */
	char program[PATH_MAX];
	char state[128]; /* what Slurm says of the job */
};

/* ---- files --------------------------------------------------------------------------------------------------------- */

static char *wave_path(const struct wave *w, const char *name)
{
	return text("%s/%s", w->folder, name);
}

/* "FOLDER/12.out". */
static char *task_path(const struct wave *w, const char *before, size_t k, const char *ending)
{
	return text("%s/%s%zu%s", w->folder, before, k, ending);
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *where)
{
	(void)status, (void)kind, (void)where;
	return remove(path) && errno != ENOENT;
}

static void remove_folder(const char *folder)
{
	nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static void wave_free(struct wave *w)
{
	free(w->folder);
	free(w->job);
	free(w->task);
}

/* What a task wrote, "" where it wrote nothing that can be read. New memory. */
static char *read_or_nothing(char *path)
{
	char *bytes = access(path, R_OK) == 0 ? file_read(path, LOG_MOST) : NULL;

	free(path);
	return bytes ? bytes : text("%s", "");
}

/* ---- what came of a task ------------------------------------------------------------------------------------------- */

/* NULL where the node had all that this machine has, else what was another. */
static const char *another(const struct slurm *s, const struct run *run, const cJSON *object)
{
	const cJSON *result = cJSON_GetObjectItemCaseSensitive(object, "result"),
		    *had = cJSON_GetObjectItemCaseSensitive(result, "provenance"), *item,
		    *kernels = cJSON_GetObjectItemCaseSensitive(s->about, "kernels"), *has;
	char *name = run_kernels(run);

	has = cJSON_GetObjectItemCaseSensitive(kernels, name);
	free(name);
	if (had)
		cJSON_ArrayForEach(item, has)
			if (!cJSON_Compare(item, cJSON_GetObjectItemCaseSensitive(had, item->string), true))
				return item->string;
	return NULL;
}

/* It is submitted again, or recorded as failed. Takes why. False where that cannot be kept. */
static bool task_failed(struct slurm *s, struct task *task, char *why, const char *errors, const char *output)
{
	bool good = true;

	task->state = ++task->tries < TRIES ? TASK_WAITS : TASK_ENDED;
	if (task->state == TASK_ENDED) {
		s->progress.done++;
		good = ending_failed(s->store, &s->progress, task->run, why, errors, output);
	}
	free(why);
	return good;
}

/* status: as wait has it. False where the result cannot be kept. */
static bool task_ended(struct slurm *s, struct task *task, int status, const char *errors, const char *output)
{
	cJSON *object = status == 0 ? ending_result(task->run, output) : NULL;
	const char *what = object ? another(s, task->run, object) : NULL;

	if (object && !what) {
		task->state = TASK_ENDED;
		s->progress.done++;
		return store_add(s->store, object);
	}
	cJSON_Delete(object);
	return task_failed(s, task,
			   what ? text("the node that Slurm chose has another %s", what) :
				  ending_reason(errors, status),
			   errors, output);
}

static bool take_task(struct slurm *s, struct wave *w, size_t k)
{
	struct task *task = w->task[k];
	char *end = read_or_nothing(task_path(w, "", k, ".end")),
	     *errors = read_or_nothing(task_path(w, "", k, ".err")),
	     *output = read_or_nothing(task_path(w, "", k, ".out"));
	bool good = task_ended(s, task, slurm_wait_status(atoi(end)), errors, output);

	w->task[k] = NULL;
	free(end);
	free(errors);
	free(output);
	return good;
}

/* Every task that has ended since the last look. The folder is read anew, since a network's may remember what it had. */
static bool gather(struct slurm *s, struct wave *w)
{
	DIR *folder = opendir(w->folder);
	struct dirent *entry;
	bool good = true;

	if (!folder)
		return !complain(STATUS_FAILED, "cannot read the folder %s: %s", w->folder, strerror(errno));
	while (good && (entry = readdir(folder))) {
		char *end;
		size_t k = strtoul(entry->d_name, &end, 10);

		if (end != entry->d_name && strcmp(end, ".end") == 0 && k < w->tasks && w->task[k])
			good = take_task(s, w, k);
	}
	closedir(folder);
	return good;
}

/* The job is none any more, and these have not ended: a node or Slurm ended them. */
static bool give_up(struct slurm *s, struct wave *w)
{
	bool good = true;

	for (size_t k = 0; good && k < w->tasks; k++) {
		char *said, *output;

		if (!w->task[k])
			continue;
		said = read_or_nothing(task_path(w, "slurm-", k, ".txt"));
		output = read_or_nothing(task_path(w, "", k, ".err"));
		good = task_failed(s, w->task[k], text("Slurm ended job %s before it had a result", w->job),
				   said, output);
		w->task[k] = NULL;
		free(said);
		free(output);
	}
	return good;
}

/* ---- a wave -------------------------------------------------------------------------------------------------------- */

/* One more question. False after one line on stderr: it makes no sense to wait on. */
static bool look_after(struct slurm *s, struct wave *w, unsigned *gone, unsigned *silent)
{
	char *error = NULL;
	enum slurm_answer answer = slurm_ask_queue(w->job, s->state, sizeof(s->state), &error);
	bool good = true;

	*gone = answer == SLURM_GONE ? *gone + 1 : 0;
	*silent = answer == SLURM_NONE ? *silent + 1 : 0;
	if (*gone >= GONE_MOST)
		good = gather(s, w) && give_up(s, w);
	else if (*silent >= SILENT_MOST)
		good = !complain(STATUS_FAILED, "Slurm does not answer (%s); --resume gathers its job %s",
				 error, w->job);
	free(error);
	return good;
}

static size_t tasks_left(const struct wave *w)
{
	size_t left = 0;

	for (size_t k = 0; k < w->tasks; k++)
		left += w->task[k] != NULL;
	return left;
}

/* Until no task is left. False where nothing goes on; a signal ends the job as well. */
static bool wave_wait(struct slurm *s, struct wave *w)
{
	unsigned looks = 0, gone = 0, silent = 0;
	size_t which;

	for (bool good = true; good;) {
		good = gather(s, w);
		if (!good || !tasks_left(w))
			return good;
		progress_show(&s->progress, s->state);
		if (child_wait_any(NULL, 0, LOOK_MS, &which) == CHILD_STOPPED) {
			slurm_cancel(w->job);
			gather(s, w);
			remove_folder(w->folder);
			return false;
		}
		if (++looks % ASK_EVERY == 0)
			good = look_after(s, w, &gone, &silent);
	}
	return false;
}

/* Which job it is, and the key of each task: what join needs. */
static bool write_files(const struct slurm *s, const struct wave *w)
{
	char *runs = NULL, *keys = NULL,
	     *path[3] = { wave_path(w, "runs"), wave_path(w, "keys"), wave_path(w, "job.sh") };
	size_t size[2];
	FILE *to_runs = open_memstream(&runs, &size[0]), *to_keys = open_memstream(&keys, &size[1]);
	bool good;

	for (size_t k = 0; k < w->tasks; k++) {
		char *line = slurm_line(w->task[k]->run, s->program, k);

		fprintf(to_runs, "%s\n", line);
		fprintf(to_keys, "%s\n", w->task[k]->run->key);
		free(line);
	}
	fclose(to_runs);
	fclose(to_keys);
	good = file_write(path[0], runs) && file_write(path[1], keys) && file_write(path[2], slurm_script);
	for (unsigned i = 0; i < 3; i++)
		free(path[i]);
	free(runs);
	free(keys);
	return good;
}

static struct words submission(const struct slurm *s, const struct wave *w)
{
	struct words command = { .word = NULL };

	words_add(&command, "sbatch");
	words_add(&command, "--parsable");
	words_add(&command, "--job-name=firn-%s", s->progress.name);
	if (s->jobs)
		words_add(&command, "--array=0-%zu%%%zu", w->tasks - 1, s->jobs);
	else
		words_add(&command, "--array=0-%zu", w->tasks - 1);
	words_add(&command, "--output=slurm-%%a.txt");
	words_add(&command, "--chdir=%s", w->folder);
	words_add(&command, "%s/job.sh", w->folder);
	return command;
}

/* False after one line on stderr: Slurm is not there, or refuses. */
static bool submit(const struct slurm *s, struct wave *w)
{
	struct words command = submission(s, w);
	char out[256], *error = NULL, *path;
	bool good = slurm_ask(&command, out, sizeof(out), &error);

	w->job = good ? slurm_job_number(out) : NULL;
	if (!w->job && !child_signal())
		complain(STATUS_FAILED, "cannot give the runs to Slurm: %s%s",
			 !good && strncmp(error, "sbatch: ", 8) == 0 ? "" : "sbatch: ",
			 good ? "it says no job" : error);
	free(error);
	if (!w->job)
		return false;
	path = wave_path(w, "job");
	good = file_write(path, w->job);
	free(path);
	if (!good)
		slurm_cancel(w->job);
	return good;
}

/* A folder that is not there yet. False after one line on stderr. */
static bool make_folder(const struct slurm *s, struct wave *w)
{
	if (mkdir(s->folder, 0777) && errno != EEXIST)
		return !complain(STATUS_FAILED, "cannot make the folder %s: %s", s->folder, strerror(errno));
	for (unsigned number = 1;; number++) {
		w->folder = text("%s/%u", s->folder, number);
		if (mkdir(w->folder, 0777) == 0)
			return true;
		if (errno != EEXIST)
			return !complain(STATUS_FAILED, "cannot make the folder %s: %s", w->folder,
					 strerror(errno));
		free(w->folder);
	}
}

/* Of those that wait, as many as one array takes. False where nothing goes on. */
static bool carry_out_wave(struct slurm *s, size_t most)
{
	struct wave w = { .task = grow(NULL, most, sizeof(w.task[0])) };
	bool submitted = false, good;

	for (size_t i = 0; i < s->tasks && w.tasks < most; i++)
		if (s->task[i].state == TASK_WAITS)
			w.task[w.tasks++] = &s->task[i];
	good = make_folder(s, &w) && write_files(s, &w) && (submitted = submit(s, &w));
	for (size_t k = 0; good && k < w.tasks; k++)
		w.task[k]->state = TASK_SUBMITTED;
	good = good && wave_wait(s, &w);
	if (w.folder && (good || !submitted))
		remove_folder(w.folder);
	wave_free(&w);
	return good;
}

/* ---- jobs of an earlier firn --------------------------------------------------------------------------------------- */

static struct task *task_of(struct slurm *s, const char *key)
{
	for (size_t i = 0; i < s->tasks; i++)
		if (strcmp(s->task[i].run->key, key) == 0)
			return &s->task[i];
	return NULL;
}

static void take_keys(struct slurm *s, struct wave *w, char *keys)
{
	for (char *line = keys, *end; (end = strchr(line, '\n')); line = end + 1) {
		struct task *task;

		*end = '\0';
		task = task_of(s, line);
		if (task && task->state == TASK_SUBMITTED)
			task = NULL;
		w->task = grow(w->task, w->tasks + 1, sizeof(w->task[0]));
		w->task[w->tasks++] = task;
		if (task)
			task->state = TASK_SUBMITTED;
	}
}

/* It has been killed while this job was under way, or before it was one. False where nothing goes on. */
static bool join(struct slurm *s, const char *name)
{
	struct wave w = { .folder = text("%s/%s", s->folder, name) };
	char *keys = read_or_nothing(wave_path(&w, "keys"));
	bool good = true;

	w.job = read_or_nothing(wave_path(&w, "job"));
	if (*w.job && strspn(w.job, "0123456789") == strlen(w.job)) {
		take_keys(s, &w, keys);
		good = wave_wait(s, &w);
	}
	if (good)
		remove_folder(w.folder);
	free(keys);
	wave_free(&w);
	return good;
}

static bool join_all(struct slurm *s)
{
	struct dirent **entry = NULL;
	int count = scandir(s->folder, &entry, NULL, versionsort);
	bool good = true;

	for (int i = 0; i < count; i++) {
		if (entry[i]->d_name[0] != '.')
			good = good && join(s, entry[i]->d_name);
		free(entry[i]);
	}
	free(entry);
	return good;
}

/* ---- all of it ----------------------------------------------------------------------------------------------------- */

static size_t waiting(const struct slurm *s)
{
	size_t count = 0;

	for (size_t i = 0; i < s->tasks; i++)
		count += s->task[i].state == TASK_WAITS;
	return count;
}

static bool carry_on(struct slurm *s)
{
	bool good = join_all(s);
	size_t most = good && waiting(s) ? slurm_ask_most() : 1, count;

	while (good && (count = waiting(s)))
		good = carry_out_wave(s, count < most ? count : most);
	rmdir(s->folder);
	return good;
}

/* False after one line on stderr. */
static bool slurm_start(struct slurm *s)
{
	char *folder = realpath(s->store->folder, NULL);
	ssize_t length = readlink("/proc/self/exe", s->program, sizeof(s->program) - 1);

	s->program[length < 0 ? 0 : length] = '\0';
	s->folder = folder ? text("%s/slurm", folder) : NULL;
	free(folder);
	return s->folder ||
	       !complain(STATUS_FAILED, "cannot read the folder %s: %s", s->store->folder, strerror(errno));
}

bool slurm_run(const struct matrix *matrix, struct store *store, const char *name, size_t jobs,
	       const cJSON *about, size_t *failed)
{
	struct slurm s = { .store = store, .about = about, .jobs = jobs };
	bool good;

	s.progress = (struct progress){ .name = name, .total = matrix->runs, .since = (int64_t)time(NULL) };
	s.progress.told = s.progress.since;
	s.progress.before = s.progress.done = endings_known(matrix, store);
	s.task = grow(NULL, matrix->runs + 1, sizeof(s.task[0]));
	for (size_t i = 0; i < matrix->runs; i++)
		if (!ending_known(store, &matrix->run[i]))
			s.task[s.tasks++] = (struct task){ .run = &matrix->run[i] };
	good = slurm_start(&s) && carry_on(&s);
	progress_end(&s.progress);
	*failed = s.progress.failed;
	free(s.task);
	free(s.folder);
	return good;
}
