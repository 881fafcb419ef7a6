/*
 * By how many per cent is an application slower in a VM, and in a VM of a VM?  By instructions: those of the hypervisors are what is more
 * than on the bare machine.  Reads: summary.h.
 */
#include "experiments/firn/experiment/overheads.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "experiments/firn/tool/complain.h"

#define TOTAL "instructions_per_op"

/* The columns: the machine that the application's kernel has. */
static const struct {
	const char *mode, *prefix, *head;
} places[] = {
	{ "nv", "l1_", "L1, nv" }, { "nv2", "l1_", "L1, nv2" }, { "bare", "l2_", "VM, not nested" },
	{ "nv", "l2_", "L2, nv" }, { "nv2", "l2_", "L2, nv2" },
};
#define PLACES (sizeof(places) / sizeof(places[0]))

/* The same application and machine in another mode, or at the other level; NULL where it is not among the runs. */
static const struct cell *find(const struct summary *summary, const struct cell *base, unsigned place)
{
	for (size_t i = 0; i < summary->cells; i++) {
		const char *const *at = summary->cell[i].run->at, *const *of = base->run->at;
		bool same = strcmp(at[AXIS_MODE], places[place].mode) == 0 &&
			    strncmp(at[AXIS_WORKLOAD], places[place].prefix, 3) == 0 &&
			    strcmp(at[AXIS_WORKLOAD] + 3, of[AXIS_WORKLOAD] + 3) == 0;

		for (unsigned a = 0; a < AXIS_REPETITION; a++)
			same = same && (a == AXIS_MODE || a == AXIS_WORKLOAD || strcmp(at[a], of[a]) == 0);
		if (same)
			return &summary->cell[i];
	}
	return NULL;
}

/* "+3.1 %", in new memory; with traps per million instructions behind it. */
static char *overhead(const struct cell *cell, double bare)
{
	struct estimate total = { .there = false }, traps = { .there = false };

	if (cell) {
		total = summary_value(cell, TOTAL);
		traps = summary_value(cell, "traps_per_million_instructions");
	}
	if (!total.there)
		return text("-");
	return text("%+.1f %% (%.1f)", 100 * (total.value / bare - 1), traps.there ? traps.value : 0);
}

static void add_row(struct document *d, const struct summary *summary, const struct cell *base, double bare)
{
	char *cells[PLACES + 3] = { text("%s", base->run->at[AXIS_GUEST]),
				    text("%s", base->run->at[AXIS_WORKLOAD] + 3), text("%.0f", bare) };

	for (unsigned p = 0; p < PLACES; p++)
		cells[p + 3] = overhead(find(summary, base, p), bare);
	document_row(d, "llrrrrrr", (const char *const *)cells);
	for (unsigned i = 0; i < PLACES + 3; i++)
		free(cells[i]);
}

static void begin(struct document *d)
{
	const char *head[PLACES + 3] = { "guest", "application", "bare: instructions of one operation" };

	document_heading(d, "What more of instructions it takes than on the bare machine");
	document_paragraph(
		d,
		"In brackets: traps to L0 in a million instructions. A VM that is not nested has the guest "
		"hypervisor as its L0.");
	for (unsigned p = 0; p < PLACES; p++)
		head[p + 3] = places[p].head;
	document_table(d, "llrrrrrr", head);
}

void overheads_part(struct document *d, const struct summary *summary)
{
	bool any = false;

	for (size_t i = 0; i < summary->cells; i++) {
		const struct cell *cell = &summary->cell[i];
		struct estimate bare = summary_value(cell, TOTAL);

		if (strncmp(cell->run->at[AXIS_WORKLOAD], "l1_", 3) != 0 ||
		    strcmp(cell->run->at[AXIS_MODE], "bare") != 0 || !bare.there || bare.value <= 0)
			continue;
		if (!any)
			begin(d);
		any = true;
		add_row(d, summary, cell, bare.value);
	}
	if (any)
		document_table_end(d);
}
