/*
 * What did others measure, and how well is it known?
 */
#ifndef EXPERIMENTS_FIRN_EXPERIMENT_PUBLISHED_H
#define EXPERIMENTS_FIRN_EXPERIMENT_PUBLISHED_H

#include "experiments/firn/tool/csv.h"

/* One number of a paper, all as it stands in experiments/published/rows.csv. */
struct published_row {
	const char *source, *table, *system, *config, *benchmark, *metric;
	const char *value;   /* a number, or what the source says in place of one: "68 to 76" */
	const char *quality; /* how good the quotation is */
};

struct published {
	struct csv rows, sources;
	struct published_row *row;
	size_t count;
};

/*
 * rows.csv and sources.csv of a folder, or of the one that belongs to firn (NULL). False after one line on stderr that says
 * where and what was expected.
 */
bool published_read(struct published *published, const char *folder);
void published_free(struct published *published);

/* The work that a row's source names, as one cites it; NULL where it is not in the file. */
const char *published_citation(const struct published *published, const char *source);

/* table may be NULL: any. NULL where there is none. */
const struct published_row *published_find(const struct published *published,
					   const struct published_row *wanted);

#endif
