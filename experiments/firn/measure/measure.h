/*
 * What does one operation cost, from the counts at three marks?
 */
#ifndef EXPERIMENTS_FIRN_MEASURE_MEASURE_H
#define EXPERIMENTS_FIRN_MEASURE_MEASURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "traces/ledger.h"

/*
 * Cost per operation as a fraction: value / operations.  n1 operations lie between marks 0 and 1, n2 between
 * marks 1 and 2; value is what the second stretch cost more than the first, operations is n2 - n1, so that
 * what happens once per stretch drops out.
 */
struct reason_cost {
	char name[48];
	int64_t value;
	int64_t by_level[LEDGER_L0];
};

/* What the shadow stage 2 did in those operations, not divided; then what there was in it at the end. */
struct s2_cost {
	int64_t fault[LEDGER_S2_FAULTS];
	int64_t ahead;
	int64_t invalidation[LEDGER_S2_INVALIDATIONS];
	int64_t leaves_removed, evictions, trees_taken;
	int64_t leaves[4]; /* as in struct ledger_s2 */
	int64_t trees, table_bytes, table_bytes_max;
};

struct cost {
	int64_t operations;
	bool exact;    /* one counter tick was one instruction */
	int64_t traps; /* all reasons together */
	int64_t level_traps[LEDGER_L0];
	int64_t instructions[LEDGER_LEVELS];
	struct reason_cost *reason; /* the most frequent first, then by name */
	size_t reasons;
	struct s2_cost s2;
};

/*
 * What the vCPUs of a VM had counted at its marks 0 to 2, together; n2 > n1. The markers themselves are left out. Several VMs
 * all do so many operations. With several vCPUs in one, numbers of instructions are not exact: while a vCPU waits for another,
 * its time goes on.
 */
void measure(struct cost *cost, const struct ledger_header *header, const struct ledger_vcpu *vcpu,
	     size_t vcpus, uint64_t n1, uint64_t n2);
void measure_free(struct cost *cost);

/* How tables and JSON name a reason; mark is the only one that they do not show. */
void reason_name(char *name, size_t size, unsigned reason);

/* The same for a trapped system register that nv/arch/sysreg_list.h does not have, by its ESR_EL2.ISS. */
void unlisted_name(char *name, size_t size, uint32_t iss);

const struct reason_cost *cost_find(const struct cost *cost, const char *name);

/* Instructions at L1 (its vEL2, EL1 and EL0) and at L2. */
int64_t cost_l1_instructions(const struct cost *cost);
int64_t cost_l2_instructions(const struct cost *cost);

/* value / operations as users see it: an integer where it is one, else with three decimals.  Returns text. */
char *per_operation(char *text, size_t size, int64_t value, int64_t operations);

/* Is it 0.000 then? */
bool rounds_to_nothing(int64_t value, int64_t operations);

extern const char *const ledger_level_names[LEDGER_LEVELS];

#endif
