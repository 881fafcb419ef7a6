/* Which call stacks of L1 trap how often?  Reads: stacks.h, steps.h.  Next: flame.c. */
#include "experiments/firn/export/stacks.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "experiments/firn/export/writers.h"
#include "experiments/firn/trace/steps.h"
#include "traces/ledger.h"

/* A program of L1's at EL0 is one of many, and rarely one with names. */
static const char *trapped_in(const struct stacks *stacks, const struct step *s, char *buffer, size_t size)
{
	const char *level = step_level_name(s->exit.level), *function;

	if (!s->exit.from_vel2)
		return level;
	function = trace_function(stacks->file, s->exit.vcpu_pc, false, buffer, size);
	return s->exit.level == LEDGER_L1_EL0 && strncmp(function, "0x", 2) == 0 ? level : function;
}

/*
 * For traps_each: a line of names that semicolons separate, the outermost caller first, then where it trapped and
 * why. A caller's address is that behind its call, which may be the next function's first.
 */
static void add_stack(void *context, const struct step *s)
{
	struct stacks *stacks = context;
	struct trace_text *line = &stacks->line;
	char buffer[160];

	line->length = 0;
	stacks->with += s->has_stack;
	for (uint32_t i = s->has_stack && s->exit.from_vel2 ? s->stack.frames : 0; i-- > 0;)
		trace_text_print(
			line, "%s;",
			trace_function(stacks->file, s->stack.caller[i] - 4, false, buffer, sizeof(buffer)));
	trace_text_print(line, "%s;%s", trapped_in(stacks, s, buffer, sizeof(buffer)), s->reason);
	if (!line->failed)
		tally_add(&stacks->tally, line->bytes, step_cost(s), step_stretch(s));
}

/* Stacks with the same beginning follow each other then. */
static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct tally_row *)a)->name, ((const struct tally_row *)b)->name);
}

void stacks_read(struct stacks *stacks, struct trace_file *file)
{
	*stacks = (struct stacks){ .file = file };
	traps_each(file, add_stack, stacks);
	trace_text_free(&stacks->line);
	if (stacks->tally.rows)
		qsort(stacks->tally.row, stacks->tally.rows, sizeof(stacks->tally.row[0]), by_name);
}

/* The form that flamegraph.pl and speedscope take: a stack, a space, how many traps. */
bool export_folded(struct trace_file *file, FILE *out)
{
	struct stacks stacks;

	stacks_read(&stacks, file);
	for (size_t i = 0; i < stacks.tally.rows; i++)
		fprintf(out, "%s %" PRIu64 "\n", stacks.tally.row[i].name, stacks.tally.row[i].count);
	tally_free(&stacks.tally);
	return true;
}
