/*
 * Which call stacks of L1 trap how often?
 */
#ifndef EXPERIMENTS_FIRN_EXPORT_STACKS_H
#define EXPERIMENTS_FIRN_EXPORT_STACKS_H

#include "experiments/firn/trace/tally.h"
#include "traces/format.h"

/* Rows "outermost;...;innermost;reason", sorted by name. */
struct stacks {
	struct trace_file *file;
	struct tally tally;
	uint64_t with;		/* traps that have a stack */
	struct trace_text line; /* while they are read */
};

void stacks_read(struct stacks *stacks, struct trace_file *file);

#endif
