/*
 * How are the runs of an experiment carried out?  Each is firn itself, as a user would call it: what it prints is the result, and if
 * it dies only this run has failed. Measured machines do not see the wall clock, so it does not matter how many run at a time.
 * Reads: matrix.h, store.h, ending.h.
 */
#define _GNU_SOURCE
#include "experiments/firn/experiment/runner.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "experiments/firn/experiment/ending.h"
#include "experiments/firn/tool/progress.h"
#include "experiments/firn/tool/child.h"
#include "experiments/firn/tool/complain.h"

#define LOG_MOST ((size_t)1 << 20)
#define OUTPUT_MOST ((size_t)16 << 20)

/* A run under way. */
struct slot {
	const struct run *run; /* NULL: free */
	struct words steps[STEPS_MOST];
	size_t count, step; /* of the steps; which one is executed */
	char *folder;	    /* for files in between */
	char *recorded;	    /* the command whose recording is there, or NULL */
	char *output;	    /* of the step */
	size_t length;
};

struct runner {
	const struct matrix *matrix;
	struct store *store;
	struct progress progress;
	struct slot *slot;
	struct child *child; /* of each slot; beside them, since they are waited for together */
	size_t jobs, next;
	char program[PATH_MAX];
};

/* All steps have ended. False where the result cannot be kept. */
static bool record(struct runner *r, struct slot *slot, struct child *child, int status)
{
	bool ended = WIFEXITED(status) && WEXITSTATUS(status) == 0, good;
	cJSON *object = ended ? ending_result(slot->run, slot->output) : NULL;
	char *errors, *why;

	r->progress.done++;
	if (object)
		return store_add(r->store, object);
	errors = child_errors(child, LOG_MOST);
	why = ending_reason(errors, status);
	good = ending_failed(r->store, &r->progress, slot->run, why, errors, slot->output);
	free(errors);
	free(why);
	return good;
}

/* Files in between, of this run or of one that was killed. */
static void clear_folder(const struct slot *slot)
{
	char *file = text("%s/recording.dat", slot->folder);

	unlink(file);
	rmdir(slot->folder);
	free(file);
}

static void forget_recording(struct slot *slot)
{
	if (slot->folder)
		clear_folder(slot);
	free(slot->recorded);
	slot->recorded = NULL;
}

/* The slot is free; a recording that is there is kept, for the next run may ask something else of it. */
static void release(struct slot *slot, struct child *child)
{
	child_stop(child);
	for (size_t i = 0; i < slot->count; i++)
		words_free(&slot->steps[i]);
	free(slot->output);
	*slot = (struct slot){ .folder = slot->folder, .recorded = slot->recorded };
}

/* The words of a step, in new memory. */
static char *joined(const struct words *words)
{
	char *line = text("%s", "");

	for (size_t i = 0; i < words->count; i++) {
		char *longer = text("%s%s\n", line, words->word[i]);

		free(line);
		line = longer;
	}
	return line;
}

/* Two recordings of the same are identical, so one does for all runs that differ in what is asked of it. False after one line on stderr. */
static bool prepare_recording(struct slot *slot)
{
	char *command = joined(&slot->steps[0]);

	if (slot->recorded && strcmp(slot->recorded, command) == 0) {
		slot->step = 1;
		free(command);
		return true;
	}
	forget_recording(slot);
	slot->recorded = command;
	return mkdir(slot->folder, 0777) == 0 ||
	       !complain(STATUS_FAILED, "cannot make the folder %s: %s", slot->folder, strerror(errno));
}

/* False after one line on stderr. */
static bool start_step(struct runner *r, size_t s)
{
	struct slot *slot = &r->slot[s];

	free(slot->output);
	slot->output = NULL;
	slot->length = 0;
	return child_start(&r->child[s], slot->steps[slot->step].word) ||
	       !complain(STATUS_FAILED, "cannot run %s: %s", r->program, strerror(errno));
}

static bool start(struct runner *r, size_t s, const struct run *run)
{
	struct slot *slot = &r->slot[s];
	char *name = text("work-%zu", s);

	slot->run = run;
	if (!slot->folder)
		slot->folder = store_path(r->store, name);
	free(name);
	slot->count = run_steps(run, r->program, slot->folder, slot->steps);
	if (slot->count > 1 && !prepare_recording(slot))
		return false;
	return start_step(r, s);
}

/* The next run that the store has no good result of; NULL behind the last. */
static const struct run *next_run(struct runner *r)
{
	while (r->next < r->matrix->runs) {
		const struct run *run = &r->matrix->run[r->next++];

		if (!ending_known(r->store, run))
			return run;
	}
	return NULL;
}

/* False where nothing goes on. *busy: how many run. */
static bool fill_slots(struct runner *r, const struct run **waiting, size_t *busy)
{
	*busy = 0;
	for (size_t s = 0; s < r->jobs; s++) {
		if (!r->slot[s].run && *waiting) {
			if (!start(r, s, *waiting))
				return false;
			*waiting = next_run(r);
		}
		*busy += r->slot[s].run != NULL;
	}
	return true;
}

/* What the child of slot s wrote, or its end. False where the result cannot be kept. */
static bool attend(struct runner *r, size_t s)
{
	struct slot *slot = &r->slot[s];
	char bytes[4096];
	ssize_t got = read(r->child[s].out, bytes, sizeof(bytes));
	int status;
	bool good;

	if (got > 0) {
		if (slot->length + (size_t)got < OUTPUT_MOST) {
			slot->output = grow(slot->output, slot->length + (size_t)got + 1, 1);
			memcpy(slot->output + slot->length, bytes, (size_t)got);
			slot->length += (size_t)got;
			slot->output[slot->length] = '\0';
		}
		return true;
	}
	status = child_finish(&r->child[s]);
	if (child_signal())
		return true;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0 && slot->step + 1 < slot->count) {
		child_stop(&r->child[s]);
		slot->step++;
		return start_step(r, s);
	}
	if (!slot->step)
		forget_recording(slot); /* there is none, or half of it */
	good = record(r, slot, &r->child[s], status);
	release(slot, &r->child[s]);
	return good;
}

static void show(struct runner *r)
{
	const char *running = NULL;

	for (size_t s = 0; s < r->jobs && !running; s++)
		running = r->slot[s].run ? r->slot[s].run->key : NULL;
	progress_show(&r->progress, running);
}

/* Until all runs have ended, or something forbids to go on. */
static bool carry_on(struct runner *r)
{
	const struct run *waiting = next_run(r);
	size_t busy, which;
	bool good = true;

	while (good && (good = fill_slots(r, &waiting, &busy)) && busy) {
		show(r);
		switch (child_wait_any(r->child, r->jobs, 1000, &which)) {
		case CHILD_OUTPUT:
			good = attend(r, which);
			break;
		case CHILD_STOPPED:
			good = false;
			break;
		default:
			break;
		}
		good = good && !child_signal();
	}
	return good;
}

bool runner_run(const struct matrix *matrix, struct store *store, const char *name, size_t jobs,
		size_t *failed)
{
	struct runner r = { .matrix = matrix, .store = store, .jobs = jobs };
	ssize_t length = readlink("/proc/self/exe", r.program, sizeof(r.program) - 1);
	bool good;

	r.progress = (struct progress){ .name = name, .total = matrix->runs, .since = (int64_t)time(NULL) };
	r.progress.told = r.progress.since;
	r.progress.before = r.progress.done = endings_known(matrix, store);
	r.program[length < 0 ? 0 : length] = '\0';
	r.slot = grow(NULL, jobs, sizeof(r.slot[0]));
	r.child = grow(NULL, jobs, sizeof(r.child[0]));
	for (size_t s = 0; s < jobs; s++) {
		r.slot[s] = (struct slot){ .run = NULL };
		r.child[s] = (struct child){ .in = -1, .out = -1, .errors = -1 };
	}
	good = carry_on(&r);
	for (size_t s = 0; s < jobs; s++)
		child_end(&r.child[s]);
	for (size_t s = 0; s < jobs; s++) {
		release(&r.slot[s], &r.child[s]);
		forget_recording(&r.slot[s]);
		free(r.slot[s].folder);
	}
	progress_end(&r.progress);
	*failed = r.progress.failed;
	free(r.slot);
	free(r.child);
	return good;
}
