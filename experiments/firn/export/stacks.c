/* Which call stacks of L1 trap how often?  Reads: stacks.h, steps.h.  Next: flame.c. */
#include "experiments/firn/export/stacks.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "experiments/firn/export/writers.h"
#include "experiments/firn/trace/steps.h"

/*
 * For traps_each: a line of names that semicolons separate, the outermost caller first, then where it trapped and
 * why. A caller's address is that behind its call, which may be the next function's first.
 */
static void add_stack(void *context, const struct step *s)
{
	struct stacks *stacks = context;
	char line[2048], buffer[160];
	size_t used = 0;

	stacks->with += s->has_stack;
	if (s->has_stack && s->exit.from_vel2)
		for (uint32_t i = s->stack.frames < TRACE_STACK_FRAMES ? s->stack.frames : TRACE_STACK_FRAMES;
		     i-- > 0;)
			used += (size_t)snprintf(line + used, sizeof(line) - used, "%s;",
						 trace_function(stacks->file, stack_caller(&s->stack, i) - 4,
								false, buffer, sizeof(buffer)));
	snprintf(line + used, sizeof(line) - used, "%s;%s",
		 s->exit.from_vel2 ?
			 trace_function(stacks->file, s->exit.vcpu_pc, false, buffer, sizeof(buffer)) :
			 step_level_name(s->exit.level),
		 s->reason);
	tally_add(&stacks->tally, line, step_cost(s), step_stretch(s));
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
