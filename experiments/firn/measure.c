/*
 * What does one operation cost, from the counts at three marks?  Arithmetic only, on what ledger.c read.
 * Next: stat.c, which shows it.
 */
#include "experiments/firn/measure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "experiments/firn/complain.h"
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

static void add_reasons(struct cost *cost, const struct ledger_counts m[3])
{
	char name[sizeof(cost->reason->name)];

	for (unsigned reason = 0; reason < LEDGER_MAX_REASONS; reason++)
		for (unsigned level = 0; reason != LEDGER_MARK && level < LEDGER_L0; level++) {
			reason_name(name, sizeof(name), reason);
			add_reason(cost, name, level,
				   second_difference(m[0].count[level][reason], m[1].count[level][reason],
						     m[2].count[level][reason]));
		}
	for (unsigned i = 0; i < LEDGER_UNLISTED; i++) { /* places are taken in order and never given back */
		const struct ledger_unlisted *last = &m[2].unlisted[i];

		unlisted_name(name, sizeof(name), last->iss);
		add_reason(cost, name, last->level < LEDGER_L0 ? last->level : LEDGER_VEL2,
			   second_difference(m[0].unlisted[i].count, m[1].unlisted[i].count, last->count));
	}
	add_reason(cost, "SYSREG:UNLISTED", LEDGER_VEL2,
		   second_difference(m[0].unlisted_rest, m[1].unlisted_rest, m[2].unlisted_rest));
}

static int64_t magnitude(int64_t value)
{
	return value < 0 ? -value : value;
}

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

static void add_instructions(struct cost *cost, const struct ledger_header *header,
			     const struct ledger_counts m[3])
{
	for (unsigned level = 0; level < LEDGER_LEVELS; level++)
		cost->instructions[level] = ticks_to_instructions(
			second_difference(m[0].ticks[level], m[1].ticks[level], m[2].ticks[level]),
			header->counter_hz);
	for (unsigned level = 0; level < LEDGER_L0; level++) { /* see header.untimed */
		int64_t untimed = cost->level_traps[level] * header->untimed;

		cost->instructions[level] -= untimed;
		cost->instructions[LEDGER_L0] += untimed;
	}
}

static void add_s2(struct s2_cost *cost, const struct ledger_counts m[3])
{
#define DIFFERENCE(field) second_difference(m[0].s2.field, m[1].s2.field, m[2].s2.field)
	for (unsigned i = 0; i < LEDGER_S2_FAULTS; i++)
		cost->fault[i] = DIFFERENCE(fault[i]);
	for (unsigned i = 0; i < LEDGER_S2_INVALIDATIONS; i++)
		cost->invalidation[i] = DIFFERENCE(invalidation[i]);
	cost->leaves_removed = DIFFERENCE(leaves_removed);
	cost->evictions = DIFFERENCE(evictions);
	cost->trees_taken = DIFFERENCE(trees_taken);
#undef DIFFERENCE
	for (unsigned i = 0; i < 4; i++)
		cost->leaves[i] = (int64_t)m[2].s2.leaves[i];
	cost->trees = (int64_t)m[2].s2.trees;
	cost->table_bytes = (int64_t)m[2].s2.table_bytes;
	cost->table_bytes_max = (int64_t)m[2].s2.table_bytes_max;
}

void measure(struct cost *cost, const struct ledger_header *header, const struct ledger_counts mark[3],
	     uint64_t n1, uint64_t n2)
{
	*cost = (struct cost){ .operations = (int64_t)(n2 - n1), .exact = header->counter_hz == NANOSECONDS };

	add_reasons(cost, mark);
	if (cost->reasons)
		qsort(cost->reason, cost->reasons, sizeof(cost->reason[0]), more_frequent_first);
	add_instructions(cost, header, mark);
	add_s2(&cost->s2, mark);
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
