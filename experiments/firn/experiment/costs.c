/* How many cycles might that be?  Counts times published costs.  Reads: published.h, store.h.  Next: report.c. */
#include "experiments/firn/experiment/costs.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#include "experiments/firn/tool/complain.h"
#include "experiments/firn/tool/paths.h"

enum column {
	NAME,
	CYCLES,
	SOURCE,
	TABLE,
	SYSTEM,
	CONFIG,
	BENCHMARK,
	WHY,
	COLUMNS
};
static const char *const columns[COLUMNS] = { "cost",	"cycles", "source",    "table",
					      "system", "config", "benchmark", "why" };

/* Always false. */
static bool wrong(const struct costs *c, size_t row, const char *expected, const char *found)
{
	return !complain(STATUS_FAILED, "%s:%u: expected %s, found '%s'", c->csv.name, c->csv.line[row],
			 expected, found);
}

/* Does a published value, "65" or "68 to 76", have this number? */
static bool value_has(const char *value, double number)
{
	char *end;
	double from = strtod(value, &end), to = from;

	if (end == value)
		return false;
	if (strncmp(end, " to ", 4) == 0)
		to = strtod(end + 4, &end);
	return !*end && from <= number && number <= to;
}

/* The published row that line `row` names; *good is false after one line on stderr. */
static const struct published_row *source_of(const struct costs *c, const struct published *published,
					     size_t row, bool *good)
{
	const struct published_row wanted = { .source = csv_cell(&c->csv, row, SOURCE),
					      .table = csv_cell(&c->csv, row, TABLE),
					      .system = csv_cell(&c->csv, row, SYSTEM),
					      .config = csv_cell(&c->csv, row, CONFIG),
					      .benchmark = csv_cell(&c->csv, row, BENCHMARK),
					      .metric = "cycles" };
	const struct published_row *found = NULL;

	*good = true;
	if (strcmp(wanted.source, COST_ASSUMED) == 0)
		return NULL;
	found = published_find(published, &wanted);
	if (!found)
		*good = wrong(c, row + 1, "a row of cycles in rows.csv, or 'assumed'", wanted.benchmark);
	else if (!value_has(found->value, strtod(csv_cell(&c->csv, row, CYCLES), NULL)))
		*good = wrong(c, row + 1, found->value, csv_cell(&c->csv, row, CYCLES));
	return found;
}

static bool take_row(struct costs *c, const struct published *published, size_t row)
{
	const char *cycles = csv_cell(&c->csv, row, CYCLES);
	char *end;
	bool good;

	c->cost[row] = (struct cost_row){ .name = csv_cell(&c->csv, row, NAME),
					  .cycles = strtod(cycles, &end),
					  .why = csv_cell(&c->csv, row, WHY) };
	if (end == cycles || *end || !(c->cost[row].cycles >= 0 && c->cost[row].cycles < 1e12))
		return wrong(c, row + 1, "a number of cycles", cycles);
	if (!*c->cost[row].why)
		return wrong(c, row + 1, "why it is this number", "");
	c->cost[row].row = source_of(c, published, row, &good);
	return good;
}

/* False after one line on stderr. */
static bool has_columns(const struct costs *c)
{
	for (size_t i = 0; i < COLUMNS; i++)
		if (i >= c->csv.columns || strcmp(c->csv.cell[i], columns[i]) != 0)
			return !complain(STATUS_FAILED, "%s:1: expected the column '%s' as number %zu of %d",
					 c->csv.name, columns[i], i + 1, COLUMNS);
	return c->csv.columns == COLUMNS || !complain(STATUS_FAILED, "%s:1: expected %d columns, found '%zu'",
						      c->csv.name, COLUMNS, c->csv.columns);
}

bool costs_read(struct costs *c, const struct published *published, const char *folder)
{
	char *own = path_built("published"), *path = text("%s/costs.csv", folder ? folder : own);
	bool good;

	*c = (struct costs){ .cost = NULL };
	good = csv_read(&c->csv, path);
	free(own);
	free(path);
	if (!good)
		return false;
	c->cost = grow(NULL, c->csv.rows + 1, sizeof(c->cost[0]));
	good = has_columns(c);
	for (; good && c->count < c->csv.rows; c->count++)
		good = take_row(c, published, c->count);
	if (!good)
		costs_free(c);
	return good;
}

void costs_free(struct costs *c)
{
	free(c->cost);
	csv_free(&c->csv);
	*c = (struct costs){ .cost = NULL };
}

const struct cost_row *costs_find(const struct costs *c, const char *name)
{
	for (size_t i = 0; i < c->count; i++)
		if (strcmp(c->cost[i].name, name) == 0)
			return &c->cost[i];
	return NULL;
}

bool costs_check(const struct costs *c, const struct experiment *e)
{
	for (size_t m = 0; m < e->models; m++)
		for (size_t i = 0; i < e->model[m].costs.count; i++)
			if (!costs_find(c, e->model[m].costs.name[i]))
				return !complain(STATUS_FAILED,
						 "%s: model %s: expected a cost of %s, found '%s'", e->file,
						 e->model[m].name, c->csv.name, e->model[m].costs.name[i]);
	return true;
}

/* False where the result does not have all of its numbers. */
static bool estimate(const struct costs *c, const struct model *model, const cJSON *result, double *cycles)
{
	*cycles = 0;
	for (size_t i = 0; i < model->values.count; i++) {
		const cJSON *number = cJSON_GetObjectItemCaseSensitive(result, model->values.name[i]);

		if (!cJSON_IsNumber(number))
			return false;
		*cycles += number->valuedouble * costs_find(c, model->costs.name[i])->cycles;
	}
	return true;
}

static void apply_to(const struct costs *c, const struct experiment *e, cJSON *result)
{
	cJSON *estimates = cJSON_CreateObject();
	double cycles;

	for (size_t m = 0; m < e->models; m++)
		if (estimate(c, &e->model[m], result, &cycles))
			cJSON_AddNumberToObject(estimates, e->model[m].name, cycles);
	cJSON_DeleteItemFromObjectCaseSensitive(result, ESTIMATE_OBJECT);
	cJSON_AddItemToObject(result, ESTIMATE_OBJECT, estimates);
}

void costs_apply(const struct costs *c, const struct experiment *e, struct store *store)
{
	for (size_t i = 0; e->models && i < store->outcomes; i++) {
		cJSON *result = cJSON_GetObjectItemCaseSensitive(store->outcome[i].object, "result");

		if (store->outcome[i].ok && cJSON_IsObject(result))
			apply_to(c, e, result);
	}
}
