/*
 * Which formats can be written?  One function for each, called by export.c alone.
 */
#ifndef EXPERIMENTS_FIRN_EXPORT_WRITERS_H
#define EXPERIMENTS_FIRN_EXPORT_WRITERS_H

#include <stdbool.h>
#include <stdio.h>

#include "experiments/firn/trace/trace_file.h"

/* Errors of out are looked for by the caller; false: anything else, after one line on stderr. name: of the file that it will be. */
bool export_csv(struct trace_file *file, FILE *out);
bool export_chrome(struct trace_file *file, FILE *out);
bool export_folded(struct trace_file *file, FILE *out);
bool export_svg(struct trace_file *file, FILE *out);
bool export_perf(struct trace_file *file, FILE *out, const char *name);

#endif
