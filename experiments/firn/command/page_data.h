/*
 * What does the page of firn view know of a recording?  Next: view.c, which puts it into the page; traces/view/trace.js reads it.
 */
#ifndef EXPERIMENTS_FIRN_COMMAND_PAGE_DATA_H
#define EXPERIMENTS_FIRN_COMMAND_PAGE_DATA_H

#include <stdio.h>

#include "experiments/firn/trace/source.h"
#include "experiments/firn/trace/trace_file.h"

/*
 * Writes the recording as one JSON object. source may be NULL: then no step has an instruction or a line of L1's source. False after one
 * line on stderr: there is nothing in it to show, or no memory.
 */
bool page_data_write(FILE *out, struct trace_file *file, struct source *source);

#endif
