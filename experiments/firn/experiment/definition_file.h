/*
 * Which experiment does a file define?  docs/experiments.md says what may stand in one.
 */
#ifndef EXPERIMENTS_FIRN_EXPERIMENT_DEFINITION_FILE_H
#define EXPERIMENTS_FIRN_EXPERIMENT_DEFINITION_FILE_H

#include "experiments/firn/experiment/definition.h"

/*
 * quick: with what the file says of a quick run. False after one line on stderr, "FILE:LINE: expected ..., found ...". What was
 * read is valid in itself: each name exists, and the guest can do the workload.
 */
bool experiment_parse(struct experiment *experiment, const char *file, const char *bytes, bool quick);
bool experiment_read(struct experiment *experiment, const char *file, bool quick);
void experiment_free(struct experiment *experiment);

/* The file of NAME or of FILE, which has a slash or ends in .yaml. New memory; NULL after one line on stderr. */
char *experiment_find(const char *name);

/* The folder of those that come with firn. New memory. */
char *experiment_folder(void);

#endif
