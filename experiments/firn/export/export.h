/*
 * How do other tools read a recording?  One writer for each of their formats.
 */
#ifndef EXPERIMENTS_FIRN_EXPORT_EXPORT_H
#define EXPERIMENTS_FIRN_EXPORT_EXPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "experiments/firn/trace/trace_file.h"

/* Is there such a format?  False after one line on stderr. */
bool export_is_known(const char *format);

/* Writes the file whole or not at all. False after one line on stderr. */
bool export_trace(struct trace_file *file, const char *format, const char *output);

/* The writers. Errors of out are looked for by the caller; false: anything else, after one line on stderr. */
bool export_csv(struct trace_file *file, FILE *out);
bool export_chrome(struct trace_file *file, FILE *out);
bool export_folded(struct trace_file *file, FILE *out);
bool export_svg(struct trace_file *file, FILE *out);
bool export_perf(struct trace_file *file, FILE *out);

#endif
