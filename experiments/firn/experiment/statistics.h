/*
 * What is the middle of some numbers, and how sure is it?
 */
#ifndef EXPERIMENTS_FIRN_EXPERIMENT_STATISTICS_H
#define EXPERIMENTS_FIRN_EXPERIMENT_STATISTICS_H

#include <stdbool.h>
#include <stddef.h>

struct estimate {
	double value;	  /* the median; what all of them are, where they are alike */
	double low, high; /* of the median, with 95 % confidence */
	bool exact;	  /* all are alike, or there is only one */
	bool there;	  /* else none of it means anything */
};

/*
 * Of count numbers, which are sorted by it. The interval is that of a percentile bootstrap, with the same random numbers each
 * time.
 */
struct estimate estimate_of(double numbers[], size_t count);

#endif
