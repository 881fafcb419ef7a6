/*
 * How many traps of a recording are of a kind?
 */
#ifndef EXPERIMENTS_FIRN_COMMAND_COUNT_H
#define EXPERIMENTS_FIRN_COMMAND_COUNT_H

#include "experiments/firn/trace/trace_file.h"

/*
 * Prints how many traps have all of these names, separated by commas: a reason or its first part (SYSREG, SYSREG:HCR_EL2), a
 * level or L1 or L2, a function, or a control as the ranking has it; "all" is every one. Marks are left out. Of a workload also
 * how many one operation has. An exit status, after one line on stderr if it is not 0.
 */
int count_traps(struct trace_file *file, const char *names);

/* Likewise, how many one operation of a workload has. False after one line on stderr: the recording does not tell. */
bool count_each(struct trace_file *file, const char *names, double *each);

#endif
