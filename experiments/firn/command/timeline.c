/* When did a recording's traps happen?  Reads: timeline.h, trace/steps.h.  Next: experiment/plot_time.c, which draws it. */
#include "experiments/firn/command/timeline.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "experiments/firn/tool/complain.h"
#include "experiments/firn/trace/steps.h"
#include "experiments/firn/trace/tally.h"

#define LONGEST 10000000 /* ns without a trap that are no wait */
#define NAMES_MOST 20	 /* the others are one */

/* What a recording is cut into by the marks of a workload; what comes after them is left out. */
enum part {
	BEFORE,
	BETWEEN,
	PARTS
};

/* A trap, with the time that was no wait since the recording began, and its two names as numbers. */
struct trap {
	uint64_t time;
	enum part part;
	uint32_t name[2];
};

static const char *const kinds[2] = { "by_reason", "by_function" };

struct timeline {
	struct trace_file *file;
	struct trap *trap;
	size_t traps, room;
	struct tally names[2]; /* of each kind, in the order in which they were met */
	uint64_t busy, last;   /* ns so far, and when that was */
	uint64_t begin[PARTS], end[PARTS];
	bool any[PARTS];
};

static uint64_t shorter(uint64_t from, uint64_t to)
{
	uint64_t time = to > from ? to - from : 0;

	return time > LONGEST ? LONGEST : time;
}

static uint32_t number_of(struct tally *names, const char *name)
{
	tally_add(names, name, 0, 0);
	return (uint32_t)(tally_find(names, name) - names->row);
}

static void keep(struct timeline *t, const struct step *s, enum part part)
{
	char buffer[128];

	if (t->traps == t->room) {
		t->room = t->room ? 2 * t->room : 4096;
		t->trap = grow(t->trap, t->room, sizeof(t->trap[0]));
	}
	t->trap[t->traps++] = (struct trap){
		t->busy,
		part,
		{ number_of(&t->names[0], s->reason),
		  number_of(&t->names[1], step_function(t->file, s, buffer, sizeof(buffer))) }
	};
}

/* For traps_each. */
static void visit(void *context, const struct step *s)
{
	struct timeline *t = context;
	unsigned stretch = step_stretch(s);
	enum part part = stretch ? BETWEEN : BEFORE;

	t->busy += t->last ? shorter(t->last, s->time) : 0;
	if (stretch <= 2 && !t->any[part])
		t->begin[part] = t->busy;
	if (stretch <= 2)
		keep(t, s, part);
	t->busy += s->has_entry ? shorter(s->time, s->end_time) : 0;
	t->last = s->has_entry ? s->end_time : s->time;
	if (stretch <= 2) {
		t->end[part] = t->busy;
		t->any[part] = true;
	}
}

/* Of one part, how often each name is in it. */
static uint64_t *count_names(const struct timeline *t, enum part part, unsigned kind)
{
	uint64_t *count = grow(NULL, t->names[kind].rows + 1, sizeof(count[0]));

	memset(count, 0, (t->names[kind].rows + 1) * sizeof(count[0]));
	for (size_t i = 0; i < t->traps; i++)
		count[t->trap[i].name[kind]] += t->trap[i].part == part;
	return count;
}

/* Which array of the JSON a name goes to: the most frequent ones have their own. */
static size_t *choose_names(const struct timeline *t, uint64_t *count, unsigned kind, size_t *kept)
{
	size_t rows = t->names[kind].rows, *array = grow(NULL, rows + 1, sizeof(array[0]));

	for (size_t i = 0; i <= rows; i++)
		array[i] = NAMES_MOST;
	for (*kept = 0; *kept < NAMES_MOST; ++*kept) {
		size_t most = 0;

		for (size_t i = 1; i < rows; i++)
			most = count[i] > count[most] ? i : most;
		if (!rows || !count[most])
			break;
		array[most] = *kept;
		count[most] = 0;
	}
	return array;
}

static void add_counts(cJSON *object, const char *name, const uint64_t *count, uint64_t stretches)
{
	cJSON *list = cJSON_AddArrayToObject(object, name);

	for (uint64_t s = 0; s < stretches; s++)
		cJSON_AddItemToArray(list, cJSON_CreateNumber((double)count[s]));
}

static void add_kind(cJSON *object, const struct timeline *t, enum part part, unsigned kind,
		     uint64_t stretches)
{
	uint64_t length = (t->end[part] - t->begin[part]) / stretches + 1,
		 *count = grow(NULL, (NAMES_MOST + 1) * stretches, sizeof(count[0])),
		 *often = count_names(t, part, kind);
	size_t kept, *array = choose_names(t, often, kind, &kept);
	bool others = false;
	cJSON *one = cJSON_AddObjectToObject(object, kinds[kind]), *traps;

	memset(count, 0, (NAMES_MOST + 1) * stretches * sizeof(count[0]));
	for (size_t i = 0; i < t->traps; i++)
		if (t->trap[i].part == part) {
			size_t to = array[t->trap[i].name[kind]];

			count[to * stretches + (t->trap[i].time - t->begin[part]) / length]++;
			others = others || to == NAMES_MOST;
		}
	cJSON_AddNumberToObject(one, "stretch", (double)length);
	traps = cJSON_AddObjectToObject(one, "traps");
	for (size_t k = 0; k < kept; k++)
		for (size_t i = 0; i < t->names[kind].rows; i++)
			if (array[i] == k)
				add_counts(traps, t->names[kind].row[i].name, count + k * stretches,
					   stretches);
	if (others)
		add_counts(traps, "others", count + NAMES_MOST * stretches, stretches);
	free(array);
	free(often);
	free(count);
}

static uint64_t traps_in(const struct timeline *t, enum part part)
{
	uint64_t count = 0;

	for (size_t i = 0; i < t->traps; i++)
		count += t->trap[i].part == part;
	return count;
}

static void add_part(cJSON *object, const struct timeline *t, enum part part, const char *name,
		     uint64_t stretches)
{
	cJSON *one;

	if (!t->any[part])
		return;
	one = cJSON_AddObjectToObject(object, name);
	cJSON_AddNumberToObject(one, "trap_count", (double)traps_in(t, part));
	cJSON_AddNumberToObject(one, "instructions", (double)(t->end[part] - t->begin[part]));
	for (unsigned kind = 0; kind < 2; kind++)
		add_kind(one, t, part, kind, stretches);
}

static void print_all(const struct timeline *t, uint64_t stretches)
{
	static const char *const about[] = { "guest", "mode", "cpu", "workload" };
	cJSON *object = cJSON_CreateObject();
	char *words;

	for (unsigned i = 0; i < sizeof(about) / sizeof(about[0]); i++)
		cJSON_AddStringToObject(object, about[i], trace_about(t->file, about[i]));
	add_part(object, t, BEFORE, t->any[BETWEEN] ? "before" : "all", stretches);
	add_part(object, t, BETWEEN, "between", stretches);
	words = cJSON_PrintUnformatted(object);
	puts(words ? words : "");
	cJSON_free(words);
	cJSON_Delete(object);
}

int timeline_print(struct trace_file *file, uint64_t stretches)
{
	struct timeline t = { .file = file };

	if (strcmp(trace_about(file, "cpus"), "1") != 0)
		return complain(
			STATUS_FAILED,
			"%s was recorded on several CPUs, each with a time of its own; record it with --cpus 1",
			trace_name(file));
	traps_each(file, visit, &t);
	if (!t.traps)
		return complain(STATUS_FAILED, "%s has no traps", trace_name(file));
	print_all(&t, stretches);
	free(t.trap);
	for (unsigned kind = 0; kind < 2; kind++)
		tally_free(&t.names[kind]);
	return 0;
}
