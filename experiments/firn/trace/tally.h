/*
 * How often, and at what cost, for each name?
 */
#ifndef EXPERIMENTS_FIRN_TRACE_TALLY_H
#define EXPERIMENTS_FIRN_TRACE_TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "experiments/firn/trace/trace_file.h"

/* Names with counts. */
struct tally_row {
	char *name;
	uint64_t count, cost;
	int64_t in_stretch[4], cost_in_stretch[4];
};

struct tally {
	struct tally_row *row;
	size_t rows, room;
	uint32_t *slot; /* row + 1, or 0 */
	size_t slots;
	uint64_t count, cost;
};

void tally_add(struct tally *tally, const char *name, uint64_t cost, unsigned stretch);
const struct tally_row *tally_find(const struct tally *tally, const char *name);
void tally_free(struct tally *tally);

/* The dearest, or the most frequent, first; then by name. Positions of rows change. */
void tally_sort(struct tally *tally, bool by_cost);

/*
 * How many operations lie between the marks, so that a row costs (in_stretch[2] - in_stretch[1]) / operations each?
 * 0 when the trace does not say or has no marks.
 */
int64_t trace_operations(const struct trace_file *file);

#endif
