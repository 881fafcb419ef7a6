/*
 * What did the shadow stage 2 do, and what is in it?  The counts of traces/ledger.h as rows.  Reads: s2.h, measure.h.
 */
#include "experiments/firn/measure/s2.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "experiments/firn/measure/stat_table.h"
#include "experiments/firn/tool/complain.h"
#include "experiments/firn/tool/table.h"

/* The names of the JSON; traces/ledger.h says what each is. */
static const char *const fault_names[LEDGER_S2_FAULTS] = {
	[LEDGER_S2_MAPPED] = "mapped",
	[LEDGER_S2_REMAPPED] = "remapped",
	[LEDGER_S2_STALE] = "stale",
	[LEDGER_S2_LOGGED] = "logged",
	[LEDGER_S2_RACED] = "raced",
	[LEDGER_S2_DEVICE] = "device",
	[LEDGER_S2_L1_TRANSLATION] = "l1_translation",
	[LEDGER_S2_L1_ACCESS] = "l1_access_flag",
	[LEDGER_S2_L1_PERMISSION] = "l1_permission",
	[LEDGER_S2_L1_ADDRESS_SIZE] = "l1_address_size",
	[LEDGER_S2_L1_EXTERNAL] = "l1_external",
};

static const char *const invalidation_names[LEDGER_S2_INVALIDATIONS] = {
	[LEDGER_S2_STAGE1] = "stage1", [LEDGER_S2_RANGE] = "range",	[LEDGER_S2_VMID] = "vmid",
	[LEDGER_S2_ALL] = "all",       [LEDGER_S2_NOTHING] = "nothing",
};

/* The order is that of the table and of the JSON: rows of a group follow each other. */
void s2_numbers(const struct s2_cost *cost, struct s2_number numbers[S2_NUMBERS])
{
	const struct s2_number rest[] = {
		{ "ahead", "at_eret", cost->ahead },
		{ "removed", "leaves_by_tlbi", cost->leaves_removed },
		{ "removed", "tables_evicted", cost->evictions },
		{ "removed", "trees_taken", cost->trees_taken },
		{ "held", "leaves_1G", cost->leaves[1] },
		{ "held", "leaves_2M", cost->leaves[2] },
		{ "held", "leaves_4K", cost->leaves[3] },
		{ "held", "trees", cost->trees },
		{ "held", "table_bytes", cost->table_bytes },
		{ "held", "table_bytes_max", cost->table_bytes_max },
	};
	size_t n = 0;

	_Static_assert(S2_NUMBERS ==
			       LEDGER_S2_FAULTS + LEDGER_S2_INVALIDATIONS + sizeof(rest) / sizeof(rest[0]),
		       "all of struct s2_cost");
	for (unsigned i = 0; i < LEDGER_S2_FAULTS; i++)
		numbers[n++] = (struct s2_number){ "faults", fault_names[i], cost->fault[i] };
	for (unsigned i = 0; i < LEDGER_S2_INVALIDATIONS; i++)
		numbers[n++] =
			(struct s2_number){ "invalidations", invalidation_names[i], cost->invalidation[i] };
	memcpy(&numbers[n], rest, sizeof(rest));
}

/* Of a group, for people. */
static const char *title_of(const char *group)
{
	if (strcmp(group, "faults") == 0)
		return "faults, by what became of them";
	if (strcmp(group, "invalidations") == 0)
		return "invalidations, by what they name";
	if (strcmp(group, "ahead") == 0)
		return "filled ahead of a fault";
	return strcmp(group, "removed") == 0 ? "removed" : "held at the end";
}

/* row is the group's first. A group of zeros is left out, title and all. */
static bool group_has_numbers(struct s2_number numbers[][S2_NUMBERS], size_t modes, size_t row)
{
	const char *group = numbers[0][row].group;

	for (; row < S2_NUMBERS && strcmp(numbers[0][row].group, group) == 0; row++)
		for (size_t m = 0; m < modes; m++)
			if (numbers[m][row].value)
				return true;
	return false;
}

/* A row that is zero in every mode is left out. */
static void add_row(struct table *table, struct s2_number numbers[][S2_NUMBERS], size_t modes, size_t row)
{
	char value[MAX_MODES][32], *name = text("  %s", numbers[0][row].name);
	const char *cells[TABLE_COLUMNS] = { NULL };
	bool zero = true;

	for (size_t m = 0; m < modes; m++)
		zero &= numbers[m][row].value == 0;
	for (size_t m = 0; m < modes; m++) {
		snprintf(value[m], sizeof(value[m]), "%lld", (long long)numbers[m][row].value);
		cells[m + 1] = value[m];
	}
	cells[0] = name;
	if (!zero)
		table_add(table, TABLE_PLAIN, cells);
	free(name);
}

/* Whole numbers of all operations, not per operation: a shadow table is made once and used often. */
void s2_table_print(const struct result *results, size_t modes)
{
	struct s2_number numbers[MAX_MODES][S2_NUMBERS];
	struct table table = { .align = modes > 1 ? "lrr" : "lr" };
	const char *head[TABLE_COLUMNS] = { "" };

	for (size_t m = 0; m < modes; m++) {
		s2_numbers(&results[m].cost.s2, numbers[m]);
		head[m + 1] = results[m].mode;
	}
	printf("shadow stage 2, in %lld operations\n\n", (long long)results->cost.operations);
	table_add(&table, TABLE_FAINT, head);
	for (size_t row = 0; row < S2_NUMBERS; row++) {
		const char *title[TABLE_COLUMNS] = { title_of(numbers[0][row].group), "", "" };

		if ((row == 0 || strcmp(numbers[0][row].group, numbers[0][row - 1].group) != 0) &&
		    group_has_numbers(numbers, modes, row))
			table_add(&table, TABLE_BOLD, title);
		add_row(&table, numbers, modes, row);
	}
	table_print(&table);
	puts("");
}
