/*
 * When did a recording's traps happen?
 */
#ifndef EXPERIMENTS_FIRN_COMMAND_TIMELINE_H
#define EXPERIMENTS_FIRN_COMMAND_TIMELINE_H

#include <stdint.h>

#include "experiments/firn/trace/trace_file.h"

#define TIMELINE_MOST 1000

/*
 * Prints JSON: how many traps there are in each of `stretches` equal stretches of time, by reason and by L1's function, before the first
 * mark of a workload and between its marks; of a recording without marks, in all of it. A time without traps counts as 10 ms at most,
 * for a guest that computes has its tick more often: what is longer is a wait. The exit status.
 */
int timeline_print(struct trace_file *file, uint64_t stretches);

#endif
