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

/*
 * Of one row, or none, and of all of them: how much more in the second stretch than in the first, which is what operations cost as
 * firn stat counts; or, where each is false, how much in all.
 */
int64_t tally_count(const struct tally_row *row, bool each);
int64_t tally_traps(const struct tally *tally, bool each);
int64_t tally_cost(const struct tally *tally, bool each);

/* The dearest, or the most frequent, first; then by name. Positions of rows change. */
void tally_sort(struct tally *tally, bool by_cost);

#endif
