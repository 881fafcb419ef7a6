/* What did others measure?  Every row has to be whole and its source known.  Reads: csv.h. */
#include "experiments/firn/experiment/published.h"

#include <stdlib.h>
#include <string.h>

#include "experiments/firn/tool/complain.h"
#include "experiments/firn/tool/paths.h"

static const char *const row_columns[] = { "source",	"table",  "system", "config",
					   "benchmark", "metric", "value",  "quality" };
static const char *const source_columns[] = { "source", "citation" };

/* False after one line on stderr. */
static bool has_columns(const struct csv *csv, const char *const names[], size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (csv->columns != count || strcmp(csv->cell[i], names[i]) != 0)
			return !complain(STATUS_FAILED, "%s:1: expected the column '%s' as number %zu of %zu",
					 csv->name, names[i], i + 1, count);
	return true;
}

/* A table and a configuration may be unknown; the rest may not. */
static bool row_is_whole(const struct csv *csv, size_t row)
{
	for (size_t i = 0; i < csv->columns; i++)
		if (!*csv_cell(csv, row, i) && strcmp(csv->cell[i], "table") != 0 &&
		    strcmp(csv->cell[i], "config") != 0)
			return !complain(STATUS_FAILED, "%s:%u: expected something in the column '%s'",
					 csv->name, csv->line[row + 1], csv->cell[i]);
	return true;
}

const char *published_citation(const struct published *published, const char *source)
{
	for (size_t i = 0; i < published->sources.rows; i++)
		if (strcmp(csv_cell(&published->sources, i, 0), source) == 0)
			return csv_cell(&published->sources, i, 1);
	return NULL;
}

static bool take_row(struct published *p, size_t row)
{
	const struct csv *csv = &p->rows;
	const char *source = csv_cell(csv, row, 0);

	if (!row_is_whole(csv, row))
		return false;
	if (!published_citation(p, source))
		return !complain(STATUS_FAILED, "%s:%u: expected a source of %s, found '%s'", csv->name,
				 csv->line[row + 1], p->sources.name, source);
	p->row[row] = (struct published_row){ source,
					      csv_cell(csv, row, 1),
					      csv_cell(csv, row, 2),
					      csv_cell(csv, row, 3),
					      csv_cell(csv, row, 4),
					      csv_cell(csv, row, 5),
					      csv_cell(csv, row, 6),
					      csv_cell(csv, row, 7) };
	return true;
}

static bool read_file(struct csv *csv, const char *folder, const char *name, const char *const columns[],
		      size_t count)
{
	char *path = text("%s/%s", folder, name);
	bool good = csv_read(csv, path);

	free(path);
	return good && has_columns(csv, columns, count);
}

bool published_read(struct published *p, const char *folder)
{
	char *own = path_built("published");
	bool good;

	*p = (struct published){ .row = NULL };
	folder = folder ? folder : own;
	good = read_file(&p->sources, folder, "sources.csv", source_columns, 2) &&
	       read_file(&p->rows, folder, "rows.csv", row_columns, 8);
	free(own);
	p->count = p->rows.rows;
	p->row = grow(NULL, p->count + 1, sizeof(p->row[0]));
	for (size_t i = 0; good && i < p->count; i++)
		good = take_row(p, i);
	if (!good)
		published_free(p);
	return good;
}

void published_free(struct published *p)
{
	free(p->row);
	csv_free(&p->rows);
	csv_free(&p->sources);
	*p = (struct published){ .row = NULL };
}

const struct published_row *published_find(const struct published *p, const struct published_row *wanted)
{
	for (size_t i = 0; i < p->count; i++) {
		const struct published_row *row = &p->row[i];

		if (strcmp(row->source, wanted->source) == 0 && strcmp(row->system, wanted->system) == 0 &&
		    strcmp(row->config, wanted->config) == 0 &&
		    strcmp(row->benchmark, wanted->benchmark) == 0 &&
		    strcmp(row->metric, wanted->metric) == 0 &&
		    (!wanted->table || strcmp(row->table, wanted->table) == 0))
			return row;
	}
	return NULL;
}
