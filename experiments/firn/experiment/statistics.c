/* What is the middle of some numbers, and how sure is it? */
#include "experiments/firn/experiment/statistics.h"

#include <stdint.h>
#include <stdlib.h>

#include "experiments/firn/tool/complain.h"

#define RESAMPLES 2000
#define TAIL 50 /* of RESAMPLES: 2.5 % on each side */

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(const double sorted[], size_t count)
{
	return count % 2 ? sorted[count / 2] : (sorted[count / 2 - 1] + sorted[count / 2]) / 2;
}

/* Knuth's MMIX generator; the upper bits are the random ones. */
static size_t below(uint64_t *state, size_t limit)
{
	*state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (size_t)((*state >> 33) % limit);
}

static void bootstrap(const double numbers[], size_t count, struct estimate *out)
{
	double *resample = grow(NULL, count, sizeof(double)),
	       *medians = grow(NULL, RESAMPLES, sizeof(double));
	uint64_t state = 1;

	for (size_t r = 0; r < RESAMPLES; r++) {
		for (size_t i = 0; i < count; i++)
			resample[i] = numbers[below(&state, count)];
		qsort(resample, count, sizeof(double), by_size);
		medians[r] = median(resample, count);
	}
	qsort(medians, RESAMPLES, sizeof(double), by_size);
	out->low = medians[TAIL];
	out->high = medians[RESAMPLES - 1 - TAIL];
	free(resample);
	free(medians);
}

struct estimate estimate_of(double numbers[], size_t count)
{
	struct estimate out = { .there = count > 0 };

	if (!count)
		return out;
	qsort(numbers, count, sizeof(double), by_size);
	out.value = out.low = out.high = median(numbers, count);
	out.exact = !(numbers[0] < numbers[count - 1]);
	if (!out.exact)
		bootstrap(numbers, count, &out);
	return out;
}
