/*
 * How are many measured, several at a time?  A process measures one and sends the result, as it is in memory, through a pipe: both
 * sides are the same program.  Reads: run.h, tool/child.h.
 */
#include "experiments/firn/measure/several.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "experiments/firn/tool/child.h"
#include "experiments/firn/tool/complain.h"
#include "experiments/firn/tool/progress.h"

#define ERRORS_MOST ((size_t)1 << 20)
#define NOBODY ((size_t)-1)

/* A process and what came from it. */
struct worker {
	size_t index; /* of the measurement, or NOBODY */
	char *bytes;
	size_t length;
};

struct crew {
	struct several *s;
	struct worker *worker;
	struct child *child; /* of each worker; beside them, since they are waited for together */
	bool *ended;	     /* of each measurement */
	size_t next;
	struct progress progress;
};

/* "linux, nv, hypercall on max", in new memory. */
static char *name_of(const struct measurement *what)
{
	return text("%s, %s, %s on %s", what->guest->name, what->mode, what->workload->name, what->cpu);
}

/* What of a result is no plain memory, as text behind that. */
static bool send_objects(const struct result *result)
{
	cJSON *object = cJSON_CreateObject();
	char *words;
	bool good;

	cJSON_AddItemReferenceToObject(object, "sequence", result->sequence);
	cJSON_AddItemReferenceToObject(object, "profile", result->profile);
	words = cJSON_PrintUnformatted(object);
	good = words && fputs(words, stdout) >= 0;
	cJSON_free(words);
	cJSON_Delete(object);
	return good;
}

static void take_objects(struct result *result, const char *words, size_t length)
{
	cJSON *object = cJSON_ParseWithLength(words, length);

	result->sequence = cJSON_DetachItemFromObject(object, "sequence");
	result->profile = cJSON_DetachItemFromObject(object, "profile");
	cJSON_Delete(object);
}

/* In the worker. */
static int work(void *context)
{
	struct measurement what = *(const struct measurement *)context;
	struct result result;
	bool good;

	what.provenance = false; /* the other side's task */
	good = measurement_run(&what, NULL, &result) && fwrite(&result, sizeof(result), 1, stdout) == 1 &&
	       fwrite(result.cost.reason, sizeof(result.cost.reason[0]), result.cost.reasons, stdout) ==
		       result.cost.reasons &&
	       send_objects(&result) && fflush(stdout) == 0;
	return good ? 0 : STATUS_FAILED;
}

/* All that is left in the pipe was read. False where it is no whole result. */
static bool take(struct result *result, const struct worker *worker)
{
	struct cJSON *provenance = result->provenance;
	size_t size;

	if (worker->length < sizeof(*result))
		return false;
	memcpy(result, worker->bytes, sizeof(*result));
	size = result->cost.reasons * sizeof(result->cost.reason[0]);
	result->provenance = provenance;
	result->cost.reason = NULL;
	result->sequence = result->profile = NULL;
	if (worker->length < sizeof(*result) + size)
		return false;
	take_objects(result, worker->bytes + sizeof(*result) + size, worker->length - sizeof(*result) - size);
	result->cost.reason = grow(NULL, size + 1, 1);
	memcpy(result->cost.reason, worker->bytes + sizeof(*result), size);
	return true;
}

/* Those that have ended and nothing before them has not are told. */
static void tell(struct crew *crew)
{
	struct several *s = crew->s;

	while (s->measured < s->count && crew->ended[s->measured]) {
		progress_hide();
		s->done(s->context, s->measured++);
	}
}

static void start(struct crew *crew, size_t w)
{
	size_t index = crew->next++;

	crew->worker[w] = (struct worker){ .index = index };
	measurement_identify(&crew->s->what[index], &crew->s->result[index]);
	child_fork(&crew->child[w], work, (void *)&crew->s->what[index]);
}

/* What it said on stderr comes out in one piece. */
static bool end(struct crew *crew, size_t w)
{
	struct worker *worker = &crew->worker[w];
	int status = child_finish(&crew->child[w]);
	char *errors = child_errors(&crew->child[w], ERRORS_MOST);
	bool good = !child_signal() && WIFEXITED(status) && WEXITSTATUS(status) == 0 &&
		    take(&crew->s->result[worker->index], worker);

	if (*errors && !child_signal()) {
		progress_hide();
		fputs(errors, stderr);
	}
	crew->ended[worker->index] = good;
	crew->progress.done += good;
	child_stop(&crew->child[w]);
	free(errors);
	free(worker->bytes);
	*worker = (struct worker){ .index = NOBODY };
	return good;
}

/* What the child of worker w wrote, or its end. */
static bool attend(struct crew *crew, size_t w)
{
	struct worker *worker = &crew->worker[w];
	char bytes[4096];
	ssize_t got = read(crew->child[w].out, bytes, sizeof(bytes));

	if (got <= 0)
		return end(crew, w);
	worker->bytes = grow(worker->bytes, worker->length + (size_t)got, 1);
	memcpy(worker->bytes + worker->length, bytes, (size_t)got);
	worker->length += (size_t)got;
	return true;
}

static void show(struct crew *crew)
{
	char *name = NULL;

	for (size_t w = 0; w < crew->s->jobs && !name; w++)
		if (crew->worker[w].index != NOBODY)
			name = name_of(&crew->s->what[crew->worker[w].index]);
	progress_show(&crew->progress, name);
	free(name);
}

/* How many are under way then. */
static size_t fill(struct crew *crew, bool more)
{
	size_t busy = 0;

	for (size_t w = 0; w < crew->s->jobs; w++) {
		if (more && crew->worker[w].index == NOBODY && crew->next < crew->s->count)
			start(crew, w);
		busy += crew->worker[w].index != NOBODY;
	}
	return busy;
}

/* Until all have ended. Once one has failed none begins, but those under way are let to end: they may be nearly done. */
static bool carry_on(struct crew *crew)
{
	bool good = true, told = false;
	size_t which, busy;

	while (!child_signal() && (busy = fill(crew, good))) {
		if (!good && !told) {
			progress_hide();
			fprintf(stderr, "firn: %zu more under way; Ctrl-C ends them\n", busy);
			told = true;
		}
		show(crew);
		if (child_wait_any(crew->child, crew->s->jobs, 1000, &which) == CHILD_OUTPUT)
			good = attend(crew, which) && good;
		tell(crew);
	}
	return good && !child_signal();
}

/* Behind one that did not end well, those that did follow those before it. */
static void gather(struct crew *crew)
{
	struct several *s = crew->s;

	for (size_t i = s->measured; i < crew->next; i++)
		if (crew->ended[i])
			s->result[s->measured++] = s->result[i];
		else
			result_free(&s->result[i]);
}

static bool measure_at_once(struct several *s, struct progress progress)
{
	struct crew crew = { .s = s, .progress = progress };
	bool good;

	crew.worker = grow(NULL, s->jobs, sizeof(crew.worker[0]));
	crew.child = grow(NULL, s->jobs, sizeof(crew.child[0]));
	crew.ended = grow(NULL, s->count + 1, sizeof(bool));
	memset(crew.ended, 0, s->count * sizeof(bool));
	for (size_t w = 0; w < s->jobs; w++) {
		crew.worker[w] = (struct worker){ .index = NOBODY };
		crew.child[w] = (struct child){ .in = -1, .out = -1, .errors = -1 };
	}
	good = carry_on(&crew);
	for (size_t w = 0; w < s->jobs; w++) {
		child_end(&crew.child[w]);
		child_stop(&crew.child[w]);
		free(crew.worker[w].bytes);
	}
	gather(&crew);
	progress_hide();
	free(crew.worker);
	free(crew.child);
	free(crew.ended);
	return good;
}

/* Here, one after the other; a terminal sees how long each takes. */
static bool measure_in_turn(struct several *s, struct progress progress)
{
	for (size_t i = 0; i < s->count; i++) {
		char *name = name_of(&s->what[i]),
		     *label = s->count > 1 ? progress_text(&progress, (int64_t)time(NULL), name) :
					     text("%s", name);
		bool good;

		if (i && !isatty(2))
			progress_show(&progress, name);
		good = measurement_run(&s->what[i], label, &s->result[i]);
		free(label);
		free(name);
		if (!good) {
			result_free(&s->result[i]);
			return false;
		}
		progress.done++;
		s->done(s->context, s->measured++);
	}
	return true;
}

bool several_measure(struct several *s)
{
	struct progress progress = { .name = "stat", .total = s->count, .since = (int64_t)time(NULL) };

	progress.told = progress.since;
	s->measured = 0;
	return s->jobs > 1 ? measure_at_once(s, progress) : measure_in_turn(s, progress);
}
