/* What is in a file of comma-separated values?  Next: published.c, compare.c. */
#include "experiments/firn/tool/csv.h"

#include <stdlib.h>
#include <string.h>

#include "experiments/firn/tool/file.h"
#include "experiments/firn/tool/complain.h"

struct reader {
	struct csv *csv;
	const char *at;
	unsigned line;
	size_t cells, room; /* of the whole file */
};

/* Always false. */
static bool wrong(const struct reader *r, const char *expected)
{
	return !complain(STATUS_FAILED, "%s:%u: expected %s", r->csv->name, r->line, expected);
}

static void add_cell(struct reader *r, char *cell)
{
	if (r->cells == r->room)
		r->csv->cell = grow(r->csv->cell, r->room = 2 * r->room + 64, sizeof(char *));
	r->csv->cell[r->cells++] = cell;
}

/* Behind the opening quote; "" is one quote. False after one line on stderr. */
static bool read_quoted(struct reader *r)
{
	char *cell = grow(NULL, strlen(r->at) + 1, 1), *end = cell;
	unsigned opened = r->line;
	bool closed = false;

	for (; *r->at; r->at++) {
		closed = *r->at == '"' && *++r->at != '"';
		if (closed)
			break;
		r->line += *r->at == '\n';
		*end++ = *r->at;
	}
	*end = '\0';
	add_cell(r, grow(cell, (size_t)(end - cell) + 1, 1));
	if (closed && (!*r->at || strchr(",\r\n", *r->at)))
		return true;
	if (closed)
		return wrong(r, "a comma or the end of the line behind the closing quote");
	r->line = opened;
	return wrong(r, "a closing quote");
}

static bool read_cell(struct reader *r)
{
	size_t length;

	if (*r->at == '"') {
		r->at++;
		return read_quoted(r);
	}
	length = strcspn(r->at, ",\r\n");
	add_cell(r, text("%.*s", (int)length, r->at));
	r->at += length;
	return true;
}

/* One row, with its end. False after one line on stderr. */
static bool read_row(struct reader *r)
{
	struct csv *csv = r->csv;
	size_t first = r->cells, row = first ? 1 + csv->rows : 0;
	char expected[64];

	if (row % 64 == 0)
		csv->line = grow(csv->line, row + 64, sizeof(csv->line[0]));
	csv->line[row] = r->line;
	do {
		r->at += r->cells > first; /* the comma */
		if (!read_cell(r))
			return false;
	} while (*r->at == ',');
	snprintf(expected, sizeof(expected), "%zu cells as in the first line, found %zu", csv->columns,
		 r->cells - first);
	if (row && r->cells - first != csv->columns)
		return wrong(r, expected);
	if (!row)
		csv->columns = r->cells;
	else
		csv->rows++;
	r->at += *r->at == '\r';
	r->at += *r->at == '\n';
	r->line++;
	return true;
}

bool csv_parse(struct csv *csv, const char *name, const char *bytes)
{
	struct reader r = { csv, bytes, 1, 0, 0 };
	bool good = true;

	*csv = (struct csv){ .name = text("%s", name) };
	while (good && *r.at)
		good = read_row(&r);
	if (good && !csv->columns)
		good = wrong(&r, "a line with the names of the columns");
	if (!good) {
		while (r.cells)
			free(csv->cell[--r.cells]);
		csv->columns = 0;
		csv_free(csv);
	}
	return good;
}

bool csv_read(struct csv *csv, const char *path)
{
	char *bytes = file_read(path, FILE_LARGEST);
	bool good = bytes && csv_parse(csv, path, bytes);

	free(bytes);
	return good;
}

void csv_free(struct csv *csv)
{
	for (size_t i = 0; i < csv->columns * (csv->rows + 1); i++)
		free(csv->cell[i]);
	free(csv->cell);
	free(csv->line);
	free(csv->name);
	*csv = (struct csv){ .name = NULL };
}

int csv_column(const struct csv *csv, const char *name)
{
	for (size_t i = 0; i < csv->columns; i++)
		if (strcmp(csv->cell[i], name) == 0)
			return (int)i;
	return -1;
}

const char *csv_cell(const struct csv *csv, size_t row, size_t column)
{
	return csv->cell[(row + 1) * csv->columns + column];
}

void csv_print(FILE *out, const char *cell)
{
	bool quote = strpbrk(cell, ",\"\r\n") != NULL;

	if (quote)
		fputc('"', out);
	for (; *cell; cell++) {
		if (*cell == '"')
			fputc('"', out);
		fputc(*cell, out);
	}
	if (quote)
		fputc('"', out);
}
