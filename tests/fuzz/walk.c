/*
 * Is there a CPU, a VTCR_EL2 and a set of descriptors with which the walker and what is made of its leaves differ from the
 * architecture?  Reads: tests/unit/shadow-s2/cases.h.
 */
#include "tests/fuzz/report.h"
#include "tests/unit/shadow-s2/cases.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct choices c = { .bytes = data, .left = size };
	struct case_counts counts = { 0 };

	report(case_check(&c, (enum case_granule)choose(&c, 3), &counts));
	return 0;
}
