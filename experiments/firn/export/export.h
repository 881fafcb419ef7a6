/*
 * How do other tools read a recording?  One writer for each of their formats.
 */
#ifndef EXPERIMENTS_FIRN_EXPORT_EXPORT_H
#define EXPERIMENTS_FIRN_EXPORT_EXPORT_H

#include <stdbool.h>

#include "experiments/firn/trace/trace_file.h"

/* Is there such a format?  False after one line on stderr. */
bool export_is_known(const char *format);

/* Writes the file whole or not at all. False after one line on stderr. */
bool export_trace(struct trace_file *file, const char *format, const char *output);

#endif
