/*
 * firn diff: what does one operation do in one recording and not in another?  The traps of one operation of each are laid side
 * by side: what vanished, what appeared, what got dearer.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "experiments/firn/command/commands.h"
#include "experiments/firn/measure/measure.h"
#include "experiments/firn/tool/complain.h"
#include "experiments/firn/tool/options.h"
#include "experiments/firn/tool/table.h"
#include "experiments/firn/trace/steps.h"
#include "experiments/firn/trace/tally.h"

#define LONGEST 4000 /* steps of one operation that are aligned */

/* A step, as far as two are compared. */
struct one {
	char reason[48];
	char function[80];
	uint64_t cost;
	bool from_l2;
};

/* One side: all steps between the first two marks, and which of them are the operation in the middle. */
struct side {
	struct trace_file *file;
	struct one *step;
	size_t count, room, from, to, operations;
	struct tally tally;
};

/* For steps_each. All stretches count for the table of counts; only the first stretch is aligned. */
static void keep(void *context, const struct step *s)
{
	struct side *side = context;
	char buffer[80];
	struct one *o;

	if (s->exit.is_mark)
		return;
	tally_add(&side->tally, s->reason, step_cost(s), step_stretch(s));
	if (step_stretch(s) != 1)
		return;
	if (side->count == side->room) {
		side->room = side->room ? 2 * side->room : 256;
		side->step = grow(side->step, side->room, sizeof(side->step[0]));
	}
	o = &side->step[side->count++];
	*o = (struct one){ .cost = step_cost(s), .from_l2 = s->exit.level >= LEDGER_L2_EL1 };
	snprintf(o->reason, sizeof(o->reason), "%s", s->reason);
	snprintf(o->function, sizeof(o->function), "%s",
		 s->exit.from_vel2 ?
			 trace_function(side->file, s->exit.vcpu_pc, false, buffer, sizeof(buffer)) :
			 "");
}

/* Operations begin with an exit of L2; each has as many of these as the whole stretch has on average. */
static void choose_operation(struct side *side)
{
	size_t exits = 0, per, first, seen = 0;
	unsigned long long n1 = 0;

	for (size_t i = 0; i < side->count; i++)
		exits += side->step[i].from_l2;
	side->operations =
		sscanf(trace_about(side->file, "iterations"), "%llu", &n1) == 1 && n1 ? (size_t)n1 : 1;
	per = exits / side->operations ? exits / side->operations : 1;
	first = exits / 2 / per * per;
	side->from = side->to = side->count;
	for (size_t i = 0; i < side->count; i++) {
		if (!side->step[i].from_l2)
			continue;
		if (seen == first)
			side->from = i;
		if (seen == first + per) {
			side->to = i;
			break;
		}
		seen++;
	}
}

/* False after one line on stderr. */
static bool read_side(struct side *side, const char *name)
{
	side->file = trace_open(name);
	if (!side->file)
		return false;
	if (!*trace_about(side->file, "iterations"))
		return !complain(
			STATUS_FAILED,
			"%s is not the recording of a workload: its operations cannot be told apart; "
			"record it with --workload",
			name);
	steps_each(side->file, keep, NULL, side);
	choose_operation(side);
	if (side->to - side->from <= LONGEST)
		return true;
	return !complain(STATUS_FAILED, "%s: one operation has %zu traps; at most %d are compared", name,
			 side->to - side->from, LONGEST);
}

static void free_side(struct side *side)
{
	tally_free(&side->tally);
	free(side->step);
	trace_close(side->file);
}

/* Length of the longest common subsequence of the steps from i and j on, for all i and j. */
static uint16_t *common(const struct side *a, const struct side *b, size_t n, size_t m)
{
	uint16_t *length = grow(NULL, (n + 1) * (m + 1), sizeof(*length));

	memset(length, 0, (n + 1) * (m + 1) * sizeof(*length));
	for (size_t i = n; i-- > 0;)
		for (size_t j = m; j-- > 0;) {
			uint16_t down = length[(i + 1) * (m + 1) + j], right = length[i * (m + 1) + j + 1];

			if (strcmp(a->step[a->from + i].reason, b->step[b->from + j].reason) == 0)
				length[i * (m + 1) + j] = (uint16_t)(length[(i + 1) * (m + 1) + j + 1] + 1);
			else
				length[i * (m + 1) + j] = down > right ? down : right;
		}
	return length;
}

/* a or b is NULL where the other recording alone has the step. */
static void add_row(struct table *table, const struct one *a, const struct one *b)
{
	char cost[3][32] = { "", "", "" };
	const struct one *shown = a ? a : b;

	if (a)
		snprintf(cost[0], sizeof(cost[0]), "%llu", (unsigned long long)a->cost);
	if (b)
		snprintf(cost[1], sizeof(cost[1]), "%llu", (unsigned long long)b->cost);
	if (a && b && a->cost != b->cost)
		snprintf(cost[2], sizeof(cost[2]), "%+lld", (long long)(b->cost - a->cost));
	table_add(table, a && b ? TABLE_PLAIN : TABLE_BOLD,
		  (const char *const[]){ a && b ? "" :
					 a	? "-" :
						  "+",
					 cost[0], cost[1], cost[2], shown->reason, shown->function });
}

/*
 * Steps with the same reason stand in one row, as many as can without changing an order; where either side could go
 * first, the first recording does.
 */
static void print_aligned(const struct side *a, const struct side *b)
{
	size_t n = a->to - a->from, m = b->to - b->from, i = 0, j = 0;
	uint16_t *length = common(a, b, n, m);
	struct table table = { .align = "lrrrll" };

	printf("one operation: %zu traps, then %zu (- vanished, + appeared)\n\n", n, m);
	table_add(&table, TABLE_FAINT, (const char *const[]){ "", "cost", "cost", "", "reason", "function" });
	while (i < n || j < m) {
		const struct one *x = i < n ? &a->step[a->from + i] : NULL,
				 *y = j < m ? &b->step[b->from + j] : NULL;

		if (x && y && strcmp(x->reason, y->reason) == 0) {
			add_row(&table, x, y);
			i++;
			j++;
		} else if (x && (!y || length[(i + 1) * (m + 1) + j] >= length[i * (m + 1) + j + 1])) {
			add_row(&table, x, NULL);
			i++;
		} else {
			add_row(&table, NULL, y);
			j++;
		}
	}
	table_print(&table);
	free(length);
}

/* As firn stat counts: what the second stretch has more than the first. */
static int64_t per_op(const struct tally_row *row)
{
	return row ? row->in_stretch[2] - row->in_stretch[1] : 0;
}

/* Rows of both recordings: those of the first, then those that only the second has. */
static void print_counts(struct side *a, struct side *b)
{
	int64_t na = trace_operations(a->file), nb = trace_operations(b->file);
	struct table table = { .align = "rrl" };
	char number[2][48];

	tally_sort(&a->tally, false);
	tally_sort(&b->tally, false);
	puts("\nper operation, over all of them\n");
	table_add(&table, TABLE_FAINT, (const char *const[]){ "first", "second", "reason" });
	for (size_t i = 0; i < a->tally.rows + b->tally.rows; i++) {
		bool in_a = i < a->tally.rows;
		const struct tally_row *row = in_a ? &a->tally.row[i] : &b->tally.row[i - a->tally.rows];
		const struct tally_row *other = tally_find(in_a ? &b->tally : &a->tally, row->name);

		if (!in_a && other)
			continue;
		per_operation(number[0], sizeof(number[0]), per_op(in_a ? row : other), na);
		per_operation(number[1], sizeof(number[1]), per_op(in_a ? other : row), nb);
		if (per_op(row) || per_op(other))
			table_add(&table, strcmp(number[0], number[1]) == 0 ? TABLE_PLAIN : TABLE_BOLD,
				  (const char *const[]){ number[0], number[1], row->name });
	}
	table_print(&table);
}

int command_diff(int argc, char **argv)
{
	struct side a = { .file = NULL }, b = { .file = NULL };
	bool good;

	if (argc != 2 || argv[0][0] == '-')
		return complain(STATUS_USAGE, "diff: give two files to compare; see 'firn help diff'");
	good = read_side(&a, argv[0]) && read_side(&b, argv[1]);
	if (good) {
		print_aligned(&a, &b);
		if (trace_operations(a.file) && trace_operations(b.file))
			print_counts(&a, &b);
	}
	free_side(&a);
	free_side(&b);
	return good ? 0 : STATUS_FAILED;
}
