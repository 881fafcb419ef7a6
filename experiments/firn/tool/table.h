/*
 * How do aligned columns get on the screen?
 */
#ifndef EXPERIMENTS_FIRN_TOOL_TABLE_H
#define EXPERIMENTS_FIRN_TOOL_TABLE_H

#include <stddef.h>

#define TABLE_COLUMNS 7

enum table_style {
	TABLE_PLAIN,
	TABLE_BOLD,
	TABLE_FAINT
};

struct table_row {
	char *cell[TABLE_COLUMNS]; /* NULL: empty */
	enum table_style style;
};

struct table {
	const char *align; /* one letter per column: l or r */
	struct table_row *row;
	size_t rows;
};

/* Appends a row; the table keeps copies of the cells, of which there are as many as letters in align. */
void table_add(struct table *table, enum table_style style, const char *const cells[]);

/* Prints on stdout and empties the table.  Colour only on a terminal, and not if NO_COLOR is set. */
void table_print(struct table *table);

#endif
