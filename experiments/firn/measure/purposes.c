/* What is a function of L0's for?  A table of files, the first row that fits.  Next: profile.c. */
#include "experiments/firn/measure/purposes.h"

#include <stddef.h>
#include <string.h>

static const struct {
	const char *in; /* part of the path, from the start of a folder's or a file's name */
	const char *purpose;
} rows[] = {
	{ "host/run/vectors.S", "general registers" },
	{ "host/run/traced.S", "ledger" },
	{ "host/record/", "ledger" },
	{ "host/report/", "ledger" },
	{ "host/world/fp", "FP" },
	{ "host/world/world.c", "EL1 registers" },
	{ "host/world/", "controls" },
	{ "nv/translate", "controls" },
	{ "nv/regime", "controls" },
	{ "nv/pmu", "controls" },
	{ "nv/debug", "controls" },
	{ "host/interrupt/timer", "timers" },
	{ "nv/timer", "timers" },
	{ "host/interrupt/", "GIC" },
	{ "host/core/ich", "GIC" },
	{ "host/core/gic", "GIC" },
	{ "nv/gic/", "GIC" },
	{ "host/shadow/", "stage 2" },
	{ "shadow-s2/", "stage 2" },
	{ "host/vm/queue", "decision" },
	{ "host/vm/", "stage 2" },
	{ "host/core/", "stage 2" },
	{ "host/device/", "decision" },
	{ "host/run/", "decision" },
	{ "nv/", "decision" },
};

/* Where a folder's name begins, not in the middle of another one's. */
static bool has(const char *file, const char *part)
{
	const char *at = strstr(file, part);

	while (at && at != file && at[-1] != '/')
		at = strstr(at + 1, part);
	return at;
}

const char *purpose_of(const char *file)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (has(file, rows[i].in))
			return rows[i].purpose;
	return "other";
}

bool purpose_is_of_caller(const char *file)
{
	size_t length = strlen(file);

	return length > 2 && strcmp(file + length - 2, ".h") == 0;
}
