/*
 * Is there an order of steps after which a pool of trees holds something else than it must?  Reads:
 * tests/unit/shadow-s2/model.h.
 */
#include "tests/fuzz/report.h"
#include "tests/unit/shadow-s2/model.h"

#define STEPS 1000 /* or fewer: until the input is used up */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct choices c = { .bytes = data, .left = size };
	struct model_counts counts = { 0 };

	report(model_check(&c, STEPS, &counts));
	return 0;
}
