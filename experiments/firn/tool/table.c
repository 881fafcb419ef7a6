/*
 * How do aligned columns get on the screen?
 */
#define _GNU_SOURCE
#include "experiments/firn/tool/table.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "experiments/firn/tool/complain.h"

#define GAP 2

/* Characters on the screen: UTF-8 continuation bytes are not counted. */
static int width(const char *cell)
{
	int count = 0;

	for (; cell && *cell; cell++)
		count += (*cell & 0xc0) != 0x80;
	return count;
}

/* As many cells as the table has columns; they are copied. NULL is an empty one. */
void table_add(struct table *table, enum table_style style, const char *const cells[])
{
	size_t columns = strlen(table->align);
	struct table_row *row;

	table->row = grow(table->row, table->rows + 1, sizeof(*row));
	row = &table->row[table->rows++];
	*row = (struct table_row){ .style = style };
	for (size_t i = 0; i < columns; i++)
		row->cell[i] = cells[i] && *cells[i] ? text("%s", cells[i]) : NULL;
}

/* A row with one cell is a heading: it does not widen its column. */
static bool is_heading(const struct table_row *row)
{
	for (size_t i = 1; i < TABLE_COLUMNS; i++)
		if (row->cell[i])
			return false;
	return true;
}

/* Nothing on what is no terminal, or where NO_COLOR asks for none. */
static const char *style_start(enum table_style style)
{
	const char *no_color = getenv("NO_COLOR");

	if (!isatty(1) || (no_color && *no_color) || style == TABLE_PLAIN)
		return "";
	return style == TABLE_BOLD ? "\033[1m" : "\033[2m";
}

/* Spaces are owed until a cell follows, so that no line ends in them. */
static void print_row(const struct table *table, const struct table_row *row, const int widths[])
{
	size_t columns = strlen(table->align);
	const char *start = style_start(row->style);
	int owed = 0; /* spaces before the next cell */

	fputs(start, stdout);
	for (size_t i = 0; i < columns; i++) {
		const char *cell = row->cell[i] ? row->cell[i] : "";
		int fill = widths[i] - width(cell);

		if (*cell) {
			if (table->align[i] == 'r')
				owed += fill;
			printf("%*s%s", owed, "", cell);
			owed = table->align[i] == 'r' ? GAP : fill + GAP;
		} else {
			owed += widths[i] + GAP;
		}
	}
	puts(*start ? "\033[0m" : "");
}

/* Prints the table and frees it. */
void table_print(struct table *table)
{
	size_t columns = strlen(table->align);
	int widths[TABLE_COLUMNS] = { 0 };

	for (size_t r = 0; r < table->rows; r++)
		for (size_t i = 0; i < columns && !is_heading(&table->row[r]); i++)
			if (width(table->row[r].cell[i]) > widths[i])
				widths[i] = width(table->row[r].cell[i]);
	for (size_t r = 0; r < table->rows; r++) {
		print_row(table, &table->row[r], widths);
		for (size_t i = 0; i < columns; i++)
			free(table->row[r].cell[i]);
	}
	free(table->row);
	table->row = NULL;
	table->rows = 0;
}
