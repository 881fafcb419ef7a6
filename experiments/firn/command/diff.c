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
};

/*
 * One side. Operations begin with an exit of L2; each has as many of these as the stretch has on average, and the one
 * in the middle is kept: exits from..to of that stretch. Where one side has no exit of L2, all traps of the stretch are kept
 * on both.
 */
struct side {
	const char *name;
	struct trace_file *file;
	struct one *step;
	size_t count;		       /* of its steps; up to LONGEST are kept */
	unsigned stretch;	       /* which one: the first that has operations */
	unsigned long long in_stretch; /* operations */
	uint64_t exits, from, to;
	bool whole;
	int64_t operations; /* per_operation; 0: of the whole recording */
	struct tally tally;
};

/* For traps_each: all stretches count for the table of counts. */
static void tally_trap(void *context, const struct step *s)
{
	struct side *side = context;

	tally_add(&side->tally, s->reason, step_cost(s), step_stretch(s));
	side->exits += step_stretch(s) == side->stretch && s->exit.level >= LEDGER_L2_EL1;
}

/* Counts the exit. Is it one of those that are compared? */
static bool is_kept(struct side *side, const struct step *s)
{
	if (step_stretch(s) != side->stretch)
		return false;
	side->exits += s->exit.level >= LEDGER_L2_EL1;
	return side->whole || (side->exits > side->from && side->exits <= side->to);
}

/* For traps_each, when it is known which operation is kept. */
static void keep(void *context, const struct step *s)
{
	struct side *side = context;
	char buffer[80];
	struct one *o;

	if (!is_kept(side, s) || ++side->count > LONGEST)
		return;
	o = &side->step[side->count - 1];
	*o = (struct one){ .cost = step_cost(s) };
	snprintf(o->reason, sizeof(o->reason), "%s", s->reason);
	snprintf(o->function, sizeof(o->function), "%s",
		 s->exit.from_vel2 ?
			 trace_function(side->file, s->exit.vcpu_pc, false, buffer, sizeof(buffer)) :
			 "");
}

/* Which exits of L2 in the stretch are the operation in the middle. */
static void choose_operation(struct side *side)
{
	uint64_t per = side->exits / side->in_stretch ? side->exits / side->in_stretch : 1;

	side->from = side->exits / 2 / per * per;
	side->to = side->from + per;
	side->exits = 0;
}

/* The first reading: what is in it. False after one line on stderr. */
static bool read_side(struct side *side, const char *name)
{
	unsigned long long n[2] = { 1, 1 };
	int numbers;

	side->name = name;
	side->file = trace_open(name);
	if (!side->file)
		return false;
	numbers = sscanf(trace_about(side->file, "iterations"), "%llu,%llu", &n[0], &n[1]);
	if (numbers < 1)
		return !complain(
			STATUS_FAILED,
			"%s is not the recording of a workload: its operations cannot be told apart; "
			"record it with --workload",
			name);
	side->stretch = n[0] ? 1 : 2;
	side->in_stretch = n[0] ? n[0] : n[1] ? n[1] : 1;
	side->operations = trace_operations(side->file, traps_each(side->file, tally_trap, side));
	return true;
}

/* The second reading, so that no more than what is compared is kept. False after one line on stderr. */
static bool keep_side(struct side *side, bool whole)
{
	side->step = grow(NULL, LONGEST, sizeof(side->step[0]));
	side->whole = whole;
	choose_operation(side);
	traps_each(side->file, keep, side);
	if (side->count <= LONGEST)
		return true;
	return !complain(STATUS_FAILED, "%s: %s %zu traps; at most %d are compared%s", side->name,
			 whole ? "no exit of L2 tells operations apart, and all between two marks have" :
				 "one operation has",
			 side->count, LONGEST, whole ? "; record it with fewer --iterations" : "");
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

			if (strcmp(a->step[i].reason, b->step[j].reason) == 0)
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

static void print_heading(const struct side *a, const struct side *b)
{
	if (a->whole)
		printf("no exit of L2 tells operations apart, so all between two marks (%llu operations, then %llu): "
		       "%zu traps, then %zu (- vanished, + appeared)\n\n",
		       a->in_stretch, b->in_stretch, a->count, b->count);
	else
		printf("one operation: %zu traps, then %zu (- vanished, + appeared)\n\n", a->count, b->count);
}

/*
 * Steps with the same reason stand in one row, as many as can without changing an order; where either side could go
 * first, the first recording does.
 */
static void print_aligned(const struct side *a, const struct side *b)
{
	size_t n = a->count, m = b->count, i = 0, j = 0;
	uint16_t *length = common(a, b, n, m);
	struct table table = { .align = "lrrrll" };

	print_heading(a, b);
	table_add(&table, TABLE_FAINT, (const char *const[]){ "", "cost", "cost", "", "reason", "function" });
	while (i < n || j < m) {
		const struct one *x = i < n ? &a->step[i] : NULL, *y = j < m ? &b->step[j] : NULL;

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

/* Two counts under a name, bold where they differ; none where both are nothing when rounded. */
static void add_counts(struct table *table, int64_t first, int64_t na, int64_t second, int64_t nb,
		       const char *name)
{
	char number[2][48];

	per_operation(number[0], sizeof(number[0]), first, na);
	per_operation(number[1], sizeof(number[1]), second, nb);
	if (rounds_to_nothing(first, na) && rounds_to_nothing(second, nb))
		return;
	table_add(table, strcmp(number[0], number[1]) == 0 ? TABLE_PLAIN : TABLE_BOLD,
		  (const char *const[]){ number[0], number[1], name });
}

/*
 * Rows of both recordings: those of the first, then those that only the second has; then the sums. Of one operation, or of the
 * whole recordings when one of them was cut.
 */
static void print_counts(struct side *a, struct side *b)
{
	bool each = a->operations && b->operations;
	int64_t na = each ? a->operations : 1, nb = each ? b->operations : 1;
	struct table table = { .align = "rrl" };

	tally_sort(&a->tally, false);
	tally_sort(&b->tally, false);
	printf("%s\n\n", each ? "\nper operation, over all of them" : "in the whole recordings");
	table_add(&table, TABLE_FAINT, (const char *const[]){ "first", "second", "reason" });
	for (size_t i = 0; i < a->tally.rows + b->tally.rows; i++) {
		bool in_a = i < a->tally.rows;
		const struct tally_row *row = in_a ? &a->tally.row[i] : &b->tally.row[i - a->tally.rows];
		const struct tally_row *other = tally_find(in_a ? &b->tally : &a->tally, row->name);

		if (in_a || !other)
			add_counts(&table, tally_count(in_a ? row : other, each), na,
				   tally_count(in_a ? other : row, each), nb, row->name);
	}
	add_counts(&table, tally_traps(&a->tally, each), na, tally_traps(&b->tally, each), nb,
		   "traps in all");
	add_counts(&table, tally_cost(&a->tally, each), na, tally_cost(&b->tally, each), nb,
		   "cost of L0 in all");
	table_print(&table);
}

int command_diff(int argc, char **argv)
{
	struct side a = { .file = NULL }, b = { .file = NULL };
	bool good;

	if (argc != 2 || argv[0][0] == '-')
		return complain(STATUS_USAGE, "diff: give two files to compare; see 'firn help diff'");
	good = read_side(&a, argv[0]) && read_side(&b, argv[1]);
	if (good && a.operations && b.operations) {
		bool whole = !a.exits || !b.exits;

		good = keep_side(&a, whole) && keep_side(&b, whole);
		if (good)
			print_aligned(&a, &b);
	}
	if (good)
		print_counts(&a, &b);
	free_side(&a);
	free_side(&b);
	return good ? 0 : STATUS_FAILED;
}
