/*
 * Which numbers can the result of a run have?  So that a name that none will ever have is told before anything is measured.
 */
#ifndef EXPERIMENTS_FIRN_EXPERIMENT_RESULT_NAMES_H
#define EXPERIMENTS_FIRN_EXPERIMENT_RESULT_NAMES_H

#include "experiments/firn/experiment/matrix.h"

/* What a value may be; a set. */
#define VALUE_NUMBER 1u
#define VALUE_OBJECT 2u /* of numbers, or of counts over time */
#define VALUE_PAIRS 4u	/* quantiles */

/* The set of engines, a bit for each, whose numbers the run's result has. */
unsigned result_engines(const struct run *run);

/* Can a result of one of these engines have it, as one of these kinds? What is in an object is known when it is measured. */
bool result_can_have(const char *value, unsigned engines, unsigned kinds);

/* "one of: traps_per_op, ...": all that it may be, in new memory. */
char *result_names(unsigned engines, unsigned kinds);

#endif
