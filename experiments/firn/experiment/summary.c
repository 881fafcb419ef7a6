/* What came out of each run?  Reads: store.h, statistics.h.  Next: report.c. */
#define _GNU_SOURCE
#include "experiments/firn/experiment/summary.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "experiments/firn/experiment/definition_words.h"
#include "experiments/firn/tool/csv.h"
#include "experiments/firn/tool/complain.h"

static bool alike_but(const struct run *a, const struct run *b, enum axis axis)
{
	for (unsigned i = 0; i < AXES; i++)
		if (i != axis && a->at[i] != b->at[i] && strcmp(a->at[i], b->at[i]) != 0)
			return false;
	return a->block->engine == b->block->engine;
}

static void add_result(struct cell *cell, const struct outcome *outcome)
{
	const cJSON *result = outcome ? cJSON_GetObjectItemCaseSensitive(outcome->object, "result") : NULL;

	if (!outcome) {
		cell->missing++;
	} else if (!outcome->ok || !result) {
		cell->failed++;
	} else {
		cell->result = grow(cell->result, cell->results + 1, sizeof(cell->result[0]));
		cell->result[cell->results++] = result;
	}
}

/* Repetitions are the fastest axis, so they stand behind each other. */
void summary_make(struct summary *summary, const struct matrix *matrix, const struct store *store)
{
	*summary = (struct summary){ .cell = grow(NULL, matrix->runs + 1, sizeof(struct cell)) };
	for (size_t i = 0; i < matrix->runs; i++) {
		const struct run *run = &matrix->run[i];
		struct cell *last = summary->cells ? &summary->cell[summary->cells - 1] : NULL;

		if (!last || !alike_but(last->run, run, AXIS_REPETITION)) {
			last = &summary->cell[summary->cells++];
			*last = (struct cell){ .run = run };
		}
		add_result(last, store_find(store, run->key));
	}
}

void summary_free(struct summary *summary)
{
	for (size_t i = 0; i < summary->cells; i++)
		free(summary->cell[i].result);
	free(summary->cell);
	*summary = (struct summary){ .cell = NULL };
}

/* Where the dots of name lead to. A name with a dot in itself is not reached. */
static const cJSON *follow(const cJSON *object, const char *name)
{
	char part[64];

	while (object) {
		size_t length = strcspn(name, ".");

		snprintf(part, sizeof(part), "%.*s", (int)length, name);
		object = cJSON_GetObjectItemCaseSensitive(object, part);
		if (!name[length])
			return object;
		name += length + 1;
	}
	return NULL;
}

const cJSON *summary_object(const struct cell *cell, const char *name)
{
	const cJSON *object = cell->results ? follow(cell->result[0], name) : NULL;

	return cJSON_IsObject(object) ? object : NULL;
}

const cJSON *summary_array(const struct cell *cell, const char *name)
{
	const cJSON *array = cell->results ? follow(cell->result[0], name) : NULL;

	return cJSON_IsArray(array) ? array : NULL;
}

struct estimate summary_value(const struct cell *cell, const char *name)
{
	double *numbers = grow(NULL, cell->results + 1, sizeof(double));
	struct estimate out;
	size_t count = 0;

	for (size_t i = 0; i < cell->results; i++) {
		const cJSON *item = follow(cell->result[i], name);

		if (cJSON_IsNumber(item))
			numbers[count++] = item->valuedouble;
	}
	out = estimate_of(numbers, count);
	free(numbers);
	return out;
}

const struct cell *summary_beside(const struct summary *summary, const struct cell *cell, enum axis axis,
				  const char *name)
{
	for (size_t i = 0; i < summary->cells; i++)
		if (strcmp(summary->cell[i].run->at[axis], name) == 0 &&
		    alike_but(summary->cell[i].run, cell->run, axis))
			return &summary->cell[i];
	return NULL;
}

/* At most three decimals, and none that say nothing. */
static char *number_text(char *out, size_t size, double value)
{
	char *end;

	if (fabs(value) >= 1e15) {
		snprintf(out, size, "%g", value);
		return out;
	}
	snprintf(out, size, "%.3f", value);
	end = out + strlen(out);
	while (end[-1] == '0')
		*--end = '\0';
	if (end[-1] == '.')
		end[-1] = '\0';
	return out;
}

char *estimate_text(char *out, size_t size, const struct estimate *e)
{
	char low[32], high[32], middle[32];

	if (!e->there)
		snprintf(out, size, "-");
	else if (e->exact)
		number_text(out, size, e->value);
	else
		snprintf(out, size, "%s (%s to %s)", number_text(middle, sizeof(middle), e->value),
			 number_text(low, sizeof(low), e->low), number_text(high, sizeof(high), e->high));
	return out;
}

/* Names of numbers, in the order in which they were met. */
struct columns {
	char **name;
	size_t count;
};

static void add_column(struct columns *columns, const char *prefix, const char *name)
{
	char *whole = text("%s%s%s", prefix, *prefix ? "." : "", name);

	for (size_t i = 0; i < columns->count; i++)
		if (strcmp(columns->name[i], whole) == 0) {
			free(whole);
			return;
		}
	columns->name = grow(columns->name, columns->count + 1, sizeof(char *));
	columns->name[columns->count++] = whole;
}

/* Objects of another kind: what they have is as manifold as what can trap, or no number that a run was made for. */
static bool is_left_out(const char *name)
{
	return strncmp(name, "by_", 3) == 0 || strcmp(name, "provenance") == 0;
}

static void add_columns(struct columns *columns, const char *prefix, const cJSON *object)
{
	const cJSON *item;

	cJSON_ArrayForEach(item, object) {
		if (cJSON_IsNumber(item)) {
			add_column(columns, prefix, item->string);
		} else if (cJSON_IsObject(item) && !is_left_out(item->string)) {
			char *longer = text("%s%s%s", prefix, *prefix ? "." : "", item->string);

			add_columns(columns, longer, item);
			free(longer);
		}
	}
}

static void print_head(FILE *out, const struct columns *columns)
{
	fputs("engine", out);
	for (unsigned a = 0; a < AXIS_REPETITION; a++)
		fprintf(out, ",%s", axis_names[a]);
	fputs(",results,failed", out);
	for (size_t i = 0; i < columns->count; i++) {
		fputc(',', out);
		csv_print(out, columns->name[i]);
	}
	fputc('\n', out);
}

/* The median; the intervals are in the report. */
static void print_cell(FILE *out, const struct cell *cell, const struct columns *columns)
{
	char number[32];

	fputs(engine_names[cell->run->block->engine], out);
	for (unsigned a = 0; a < AXIS_REPETITION; a++) {
		fputc(',', out);
		csv_print(out, cell->run->at[a]);
	}
	fprintf(out, ",%zu,%zu", cell->results, cell->failed);
	for (size_t i = 0; i < columns->count; i++) {
		struct estimate e = summary_value(cell, columns->name[i]);

		fprintf(out, ",%s", e.there ? number_text(number, sizeof(number), e.value) : "");
	}
	fputc('\n', out);
}

char *summary_csv(const struct summary *summary)
{
	struct columns columns = { .count = 0 };
	char *bytes = NULL;
	size_t size;
	FILE *out = open_memstream(&bytes, &size);

	for (size_t i = 0; i < summary->cells; i++)
		if (summary->cell[i].results)
			add_columns(&columns, "", summary->cell[i].result[0]);
	print_head(out, &columns);
	for (size_t i = 0; i < summary->cells; i++)
		print_cell(out, &summary->cell[i], &columns);
	fclose(out);
	for (size_t i = 0; i < columns.count; i++)
		free(columns.name[i]);
	free(columns.name);
	return bytes;
}
