/*
 * How are many measured, several at a time?
 */
#ifndef EXPERIMENTS_FIRN_MEASURE_SEVERAL_H
#define EXPERIMENTS_FIRN_MEASURE_SEVERAL_H

#include "experiments/firn/measure/run.h"

#define SEVERAL_JOBS 64

struct several {
	const struct measurement *what;
	size_t count, jobs;
	/* Called for each in the order of the list, as soon as it and all before it have ended well. */
	void (*done)(void *context, size_t index);
	void *context;
	struct result *result; /* room for count of them; give each of the first `measured` to result_free */
	size_t measured; /* how many there are; of those behind one that failed, the ones that ended well */
};

/*
 * Measures all of them. With jobs above 1 each is done in a process of its own, which changes nothing about the numbers. False after
 * messages on stderr, when one has failed, as soon as those under way have ended, or a signal asks firn to stop; what has ended by then
 * is there.
 */
bool several_measure(struct several *several);

#endif
