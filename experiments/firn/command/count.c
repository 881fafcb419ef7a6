/* How many traps of a recording are of a kind?  Reads: count.h.  Next: report.c, which ranks all kinds. */
#include "experiments/firn/command/count.h"

#include <stdio.h>
#include <stdlib.h>

#include "experiments/firn/measure/measure.h"
#include "experiments/firn/tool/complain.h"
#include "experiments/firn/tool/options.h"
#include "experiments/firn/trace/names.h"
#include "experiments/firn/trace/steps.h"
#include "experiments/firn/trace/tally.h"
#include "nv/arch/sysreg.h"
#include "traces/ledger.h"

/* A trap counts when it has all names: --count ERET,"L2 EL1" asks for both. */
struct counting {
	struct trace_file *file;
	char **name;
	size_t names;
	bool *seen; /* each name, on any trap */
	uint64_t traps;
	int64_t in_stretch[4];
};

/*
 * A name may be that of a reason or of all that begin so (SYSREG), of a level (L2), of who asked for the trap, of a
 * vCPU, or of L1's function.
 */
static bool has_name(const struct counting *c, const struct step *s, const char *name)
{
	const char *level = s->exit.level < LEDGER_L0 ? ledger_level_names[s->exit.level] : "?";
	char buffer[128];

	if (strcmp(name, "all") == 0 || is_named(s->reason, name, ':') || is_named(level, name, ' '))
		return true;
	if (is_named(step_cause(s, buffer, sizeof(buffer)), name, '\0') ||
	    is_named(step_vcpu_name(s, buffer, sizeof(buffer)), name, ' '))
		return true;
	return s->exit.from_vel2 &&
	       is_named(trace_function(c->file, s->exit.vcpu_pc, false, buffer, sizeof(buffer)), name, '\0');
}

/* For traps_each. */
static void count(void *context, const struct step *s)
{
	struct counting *c = context;
	bool all = true;

	for (size_t i = 0; i < c->names; i++) {
		bool has = has_name(c, s, c->name[i]);

		c->seen[i] = c->seen[i] || has;
		all = all && has;
	}
	c->traps += all;
	c->in_stretch[step_stretch(s)] += all;
}

/* None is an answer as well, but not for a name that no trap could have: that is a slip. The exit status. */
static int tell(const struct counting *c, int64_t operations)
{
	char each[48];

	for (size_t i = 0; i < c->names; i++)
		if (!c->seen[i] && !trap_name_is_possible(c->name[i]))
			return complain(
				STATUS_FAILED,
				"%s has no trap of the kind '%s'; firn report shows the kinds there are",
				trace_name(c->file), c->name[i]);
	printf("%llu trap%s", (unsigned long long)c->traps, c->traps == 1 ? "" : "s");
	if (operations && c->in_stretch[1] + c->in_stretch[2]) {
		per_operation(each, sizeof(each), c->in_stretch[2] - c->in_stretch[1], operations);
		printf(", %s per operation", each);
	}
	puts("");
	return 0;
}

/* Counts; the number of operations of the workload, or 0. */
static int64_t count_all(struct counting *c)
{
	c->seen = grow(NULL, c->names, sizeof(*c->seen));
	memset(c->seen, 0, c->names * sizeof(*c->seen));
	return trace_operations(c->file, traps_each(c->file, count, c));
}

int count_traps(struct trace_file *file, const char *names)
{
	struct counting c = { .file = file };
	int status = STATUS_USAGE;

	c.names = option_list("--count", names, &c.name);
	if (c.names)
		status = tell(&c, count_all(&c));
	free(c.seen);
	free(c.name);
	return status;
}

bool count_each(struct trace_file *file, const char *names, double *each)
{
	struct counting c = { .file = file };
	int64_t operations = 0;

	c.names = option_list("--count", names, &c.name);
	if (c.names)
		operations = count_all(&c);
	if (operations)
		*each = (double)(c.in_stretch[2] - c.in_stretch[1]) / (double)operations;
	free(c.seen);
	free(c.name);
	return operations != 0;
}
