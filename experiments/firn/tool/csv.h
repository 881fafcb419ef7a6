/*
 * What is in a file of comma-separated values (RFC 4180)?
 */
#ifndef EXPERIMENTS_FIRN_TOOL_CSV_H
#define EXPERIMENTS_FIRN_TOOL_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* The first row names the columns; every other one has as many cells. */
struct csv {
	char *name;	      /* of the file, for messages */
	char **cell;	      /* of all rows, one after the other; cell[0] is the first column's name */
	size_t columns, rows; /* rows: without the first */
	unsigned *line;	      /* of each row, the first included */
};

/* What stands in bytes, which ends with a 0 byte. False after one line on stderr with name, line and what was expected. */
bool csv_parse(struct csv *csv, const char *name, const char *bytes);
bool csv_read(struct csv *csv, const char *path);
void csv_free(struct csv *csv);

/* The number of a column, or -1. */
int csv_column(const struct csv *csv, const char *name);

/* row 0 is the first below the names. */
const char *csv_cell(const struct csv *csv, size_t row, size_t column);

/* A cell, in quotes where it needs them. */
void csv_print(FILE *out, const char *cell);

#endif
