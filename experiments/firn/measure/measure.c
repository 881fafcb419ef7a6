/*
 * What does one operation cost, from the counts at three marks?  Arithmetic only, on what ledger.c read.
 * Next: stat.c, which shows it.
 */
#include "experiments/firn/measure/measure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "experiments/firn/tool/complain.h"
#include "nv/arch/fields.h"
#include "nv/arch/sysreg.h"

/* Per second, and so instructions per second of virtual time with -icount shift=0. */
#define NANOSECONDS 1000000000u

const char *const ledger_level_names[LEDGER_LEVELS] = {
	"vEL2", "L1 EL1", "L1 EL0", "L2 EL1", "L2 EL0", "L0"
};

/* What the stretch from mark 1 to mark 2 has more of than the one from mark 0 to mark 1. */
static int64_t second_difference(uint64_t at0, uint64_t at1, uint64_t at2)
{
	return (int64_t)(at2 - at1 - (at1 - at0));
}

/* NULL for a class without a name of its own; the names are those of the JSON and stay. */
static const char *class_name(unsigned ec)
{
	switch (ec) {
	case EC_WFX:
		return "WFX";
	case EC_FP:
		return "FP";
	case EC_HVC64:
		return "HVC";
	case EC_SMC64:
		return "SMC";
	case EC_ERET:
		return "ERET";
	case EC_IABT_LOW:
		return "IABT";
	case EC_DABT_LOW:
	case EC_DABT_CUR:
		return "DABT"; /* the second: a deferred access whose VNCR page is not mapped */
	default:
		return NULL;
	}
}

/* "SYSREG:HCR_EL2:W", "TLBI:VMALLE1", "AT:S1E1R". */
static void register_name(char *name, size_t size, unsigned index, bool write)
{
	const struct sysreg_info *info = &sysreg_info[index];
	const char *plain = info->name;

	switch (info->access) {
	case SYS_TLBI:
	case SYS_AT:
		plain += strncmp(plain, "TLBI_", 5) == 0 ? 5 : strncmp(plain, "AT_", 3) == 0 ? 3 : 0;
		snprintf(name, size, "%s:%s", info->access == SYS_AT ? "AT" : "TLBI", plain);
		break;
	default:
		snprintf(name, size, "SYSREG:%s:%c", plain, write ? 'W' : 'R');
		break;
	}
}

/* reason: an index of the ledger (traces/ledger.h). Two may have one name. */
void reason_name(char *name, size_t size, unsigned reason)
{
	const char *plain = NULL;

	switch (reason) {
	case LEDGER_IRQ:
		plain = "IRQ";
		break;
	case LEDGER_FIQ:
		plain = "FIQ";
		break;
	case LEDGER_SERROR:
		plain = "SERROR";
		break;
	case LEDGER_MARK:
		plain = "MARK";
		break;
	case LEDGER_WFI:
	case LEDGER_WFE:
		plain = "WFX";
		break;
	default:
		if (reason >= LEDGER_SYSREG && (reason - LEDGER_SYSREG) / 2 < SR_COUNT) {
			register_name(name, size, (reason - LEDGER_SYSREG) / 2, (reason - LEDGER_SYSREG) % 2);
			return;
		}
		plain = reason < LEDGER_IRQ ? class_name(reason) : "UNKNOWN";
		break;
	}
	if (plain)
		snprintf(name, size, "%s", plain);
	else
		snprintf(name, size, "EC:0x%02x", reason);
}

/* ESR_EL2.ISS of a trapped MSR, MRS or system instruction, as the Arm manual names an unnamed register. */
void unlisted_name(char *name, size_t size, uint32_t iss)
{
	snprintf(name, size, "SYSREG:S%u_%u_C%u_C%u_%u:%c", iss >> 20 & 3, iss >> 14 & 7, iss >> 10 & 15,
		 iss >> 1 & 15, iss >> 17 & 7, iss & 1 ? 'R' : 'W');
}

/* Several reasons may share a name (WFI and WFE), and one has several levels: they add up in one row. */
static void add_reason(struct cost *cost, const char *name, unsigned level, int64_t value)
{
	struct reason_cost *row = NULL;

	if (value == 0)
		return;
	for (size_t i = 0; i < cost->reasons && !row; i++)
		if (strcmp(cost->reason[i].name, name) == 0)
			row = &cost->reason[i];
	if (!row) {
		cost->reason = grow(cost->reason, cost->reasons + 1, sizeof(*row));
		row = &cost->reason[cost->reasons++];
		*row = (struct reason_cost){ .value = 0 };
		snprintf(row->name, sizeof(row->name), "%s", name);
	}
	row->value += value;
	row->by_level[level] += value;
	cost->traps += value;
	cost->level_traps[level] += value;
}

/* Counts of one vCPU at the marks. Where it has not come to one, nothing has changed since. */
struct marks {
	const struct ledger_counts *at[3];
};

static struct marks marks_of(const struct ledger_vcpu *vcpu)
{
	struct marks m;

	for (uint64_t i = 0; i < 3; i++)
		m.at[i] = i < vcpu->marks ? &vcpu->mark[i] : &vcpu->now;
	return m;
}

/* Of one counter, wherever it is in struct ledger_counts. */
#define DIFFERENCE(m, field) second_difference((m).at[0]->field, (m).at[1]->field, (m).at[2]->field)

/* The marks themselves are no trap of an operation. */
static void add_reasons(struct cost *cost, struct marks m)
{
	char name[sizeof(cost->reason->name)];

	for (unsigned reason = 0; reason < LEDGER_MAX_REASONS; reason++)
		for (unsigned level = 0; reason != LEDGER_MARK && level < LEDGER_L0; level++) {
			reason_name(name, sizeof(name), reason);
			add_reason(cost, name, level, DIFFERENCE(m, count[level][reason]));
		}
	for (unsigned i = 0; i < LEDGER_UNLISTED; i++) { /* places are taken in order and never given back */
		const struct ledger_unlisted *last = &m.at[2]->unlisted[i];

		unlisted_name(name, sizeof(name), last->iss);
		add_reason(cost, name, last->level < LEDGER_L0 ? last->level : LEDGER_VEL2,
			   DIFFERENCE(m, unlisted[i].count));
	}
	add_reason(cost, "SYSREG:UNLISTED", LEDGER_VEL2, DIFFERENCE(m, unlisted_rest));
}

static int64_t magnitude(int64_t value)
{
	return value < 0 ? -value : value;
}

/* By name where two are equally frequent, so that two runs print the same. */
static int more_frequent_first(const void *a, const void *b)
{
	const struct reason_cost *x = a, *y = b;

	if (magnitude(x->value) != magnitude(y->value))
		return magnitude(x->value) > magnitude(y->value) ? -1 : 1;
	return strcmp(x->name, y->name);
}

/* Counter ticks as nanoseconds of virtual time, rounded to the nearest. */
static int64_t ticks_to_instructions(int64_t ticks, uint64_t hz)
{
	long double exact = (long double)ticks * NANOSECONDS / (long double)hz;

	return (int64_t)(exact < 0 ? exact - 0.5L : exact + 0.5L);
}

/* Counter ticks that the vCPU was at each level. */
static void add_ticks(int64_t ticks[LEDGER_LEVELS], struct marks m)
{
	for (unsigned level = 0; level < LEDGER_LEVELS; level++)
		ticks[level] += DIFFERENCE(m, ticks[level]);
}

/*
 * L0 reads its counter a few instructions after the exit and before the entry, which its guest would be charged for:
 * header.untimed of them for each trap go to L0.
 */
static void set_instructions(struct cost *cost, const struct ledger_header *header,
			     const int64_t ticks[LEDGER_LEVELS])
{
	for (unsigned level = 0; level < LEDGER_LEVELS; level++)
		cost->instructions[level] = ticks_to_instructions(ticks[level], header->counter_hz);
	for (unsigned level = 0; level < LEDGER_L0; level++) { /* see header.untimed */
		int64_t untimed = cost->level_traps[level] * header->untimed;

		cost->instructions[level] -= untimed;
		cost->instructions[LEDGER_L0] += untimed;
	}
}

/* Not a sum: it is there once in a VM, and one vCPU has written it down. */
static void keep_most(int64_t *most, uint64_t value)
{
	if ((int64_t)value > *most)
		*most = (int64_t)value;
}

/* What there is in the VM was written down by the vCPU that made the mark. */
static void add_s2(struct s2_cost *cost, struct marks m)
{
	const struct ledger_s2 *last = &m.at[2]->s2;

	for (unsigned i = 0; i < LEDGER_S2_FAULTS; i++)
		cost->fault[i] += DIFFERENCE(m, s2.fault[i]);
	cost->ahead += DIFFERENCE(m, s2.ahead);
	for (unsigned i = 0; i < LEDGER_S2_INVALIDATIONS; i++)
		cost->invalidation[i] += DIFFERENCE(m, s2.invalidation[i]);
	cost->leaves_removed += DIFFERENCE(m, s2.leaves_removed);
	cost->evictions += DIFFERENCE(m, s2.evictions);
	cost->trees_taken += DIFFERENCE(m, s2.trees_taken);
	for (unsigned i = 0; i < 4; i++)
		keep_most(&cost->leaves[i], last->leaves[i]);
	keep_most(&cost->trees, last->trees);
	keep_most(&cost->table_bytes, last->table_bytes);
	keep_most(&cost->table_bytes_max, last->table_bytes_max);
}

/*
 * Several VMs do n operations each. exact where each VM has one vCPU and a tick is an instruction: else rounding
 * shows, or time that a CPU waits for another one.
 */
void measure(struct cost *cost, const struct ledger_header *header, const struct ledger_vcpu *vcpu,
	     size_t vcpus, uint64_t n1, uint64_t n2)
{
	int64_t ticks[LEDGER_LEVELS] = { 0 };

	uint64_t vms = 0;

	for (size_t i = 0; i < vcpus; i++)
		vms = vcpu[i].vm < vms ? vms : vcpu[i].vm + 1;
	*cost = (struct cost){ .operations = (int64_t)((n2 - n1) * vms),
			       .exact = header->counter_hz == NANOSECONDS && vcpus == vms };
	for (size_t i = 0; i < vcpus; i++) {
		struct marks m = marks_of(&vcpu[i]);

		add_reasons(cost, m);
		add_ticks(ticks, m);
		add_s2(&cost->s2, m);
	}
	if (cost->reasons)
		qsort(cost->reason, cost->reasons, sizeof(cost->reason[0]), more_frequent_first);
	set_instructions(cost, header, ticks);
}

void measure_free(struct cost *cost)
{
	free(cost->reason);
	cost->reason = NULL;
	cost->reasons = 0;
}

const struct reason_cost *cost_find(const struct cost *cost, const char *name)
{
	for (size_t i = 0; i < cost->reasons; i++)
		if (strcmp(cost->reason[i].name, name) == 0)
			return &cost->reason[i];
	return NULL;
}

int64_t cost_l1_instructions(const struct cost *cost)
{
	return cost->instructions[LEDGER_VEL2] + cost->instructions[LEDGER_L1_EL1] +
	       cost->instructions[LEDGER_L1_EL0];
}

int64_t cost_l2_instructions(const struct cost *cost)
{
	return cost->instructions[LEDGER_L2_EL1] + cost->instructions[LEDGER_L2_EL0];
}

/* A whole number where it is one, else three decimals, rounded to the nearest; text is given back. */
char *per_operation(char *text, size_t size, int64_t value, int64_t operations)
{
	int64_t positive = magnitude(value);
	int64_t thousandths = (int64_t)(((long double)positive * 1000 / (long double)operations) + 0.5L);

	if (positive % operations == 0)
		snprintf(text, size, "%s%lld", value < 0 ? "-" : "", (long long)(positive / operations));
	else
		snprintf(text, size, "%s%lld.%03lld", value < 0 && thousandths ? "-" : "",
			 (long long)(thousandths / 1000), (long long)(thousandths % 1000));
	return text;
}

bool rounds_to_nothing(int64_t value, int64_t operations)
{
	return (long double)magnitude(value) * 2000 < (long double)operations;
}
