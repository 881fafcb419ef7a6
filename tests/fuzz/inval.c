/*
 * Is there a TLBI and an operand that name something else than the architecture says, or that a tree cannot stand?  Reads:
 * shadow-s2/inval.h.
 */
#include <string.h>

#include "shadow-s2/inval.h"
#include "shadow-s2/tree.h"
#include "tests/fuzz/report.h"
#include "tests/unit/shadow-s2/choices.h"

#define TABLES 8
#define LEAVES 3

static bool is_range_form(enum sysreg op)
{
	return op == SR_TLBI_RIPAS2E1 || op == SR_TLBI_RIPAS2E1IS || op == SR_TLBI_RIPAS2E1OS ||
	       op == SR_TLBI_RIPAS2LE1 || op == SR_TLBI_RIPAS2LE1IS || op == SR_TLBI_RIPAS2LE1OS;
}

/* The operand of a range form, digit by digit. */
static const char *check_range(const struct s2_geometry *g, uint64_t operand, const struct s2_inval *what)
{
	static const uint64_t granule[] = { 0, 0x1000, 0x4000, 0x10000 };
	uint64_t size = granule[operand >> 46 & 3], base = operand & 0x1fffffffff,
		 pages = (operand >> 39 & 31) + 1;

	for (unsigned i = 0; i < 5 * (operand >> 44 & 3) + 1; i++)
		pages *= 2;
	if (size != UINT64_C(1) << g->granule_shift)
		return what->scope == S2_INVAL_NOTHING ? NULL : "a range of another granule names something";
	if (what->scope != S2_INVAL_RANGE || what->size != pages * size)
		return "a range has another size";
	return what->ipa.val == base * (g->ds ? 0x10000 : size) ? NULL : "a range begins elsewhere";
}

/* The page is in what is named, and that is not larger than the leaf that is hinted at. */
static const char *check_ipa(const struct s2_geometry *g, uint64_t operand, const struct s2_inval *what)
{
	uint64_t page = (operand & 0xffffffffff) * 0x1000, most = UINT64_C(1) << g->granule_shift;
	int level = (int)(operand >> 44 & 3);

	if ((operand >> 46 & 3) * 2 + 10 == g->granule_shift && level >= g->block_level)
		most = UINT64_C(1) << s2_level_shift(g, level);
	if (what->scope != S2_INVAL_RANGE || what->size > most)
		return "an address names more than the leaf of its hint";
	return page >= what->ipa.val && page - what->ipa.val < what->size ?
		       NULL :
		       "an address is not in what it names";
}

/* A tree with a few leaves, of which those that are named go, and the walk over it ends. */
static const char *check_tree(struct choices *c, const struct s2_inval *what)
{
	static uint64_t entry[TABLES][S2_ENTRIES] __attribute__((aligned(4096)));
	static uint64_t memory[TABLES * S2_ENTRIES * 4];
	struct s2_flush f = { 0 };
	uint64_t ipa[LEAVES];
	struct s2_pool p;

	memset(entry, 0, sizeof(entry));
	memset(&p, 0, sizeof(p));
	s2_pool_shape(&p, 48);
	if (s2_pool_overhead(TABLES, 1) > sizeof(memory))
		return "a pool needs more than expected";
	s2_pool_init(&p, entry[0], (pa_t){ 0x40000000 }, memory, TABLES, 1);
	for (unsigned i = 0; i < LEAVES; i++) {
		struct s2_mapping m = { .level = 3, .l1_shift = 12, .descriptor = 0x403 };

		ipa[i] = (i ? choose_bytes(c, 6) : what->ipa.val + choose_bytes(c, 6) % what->size) &
			 0xfffffffff000;
		m.ipa.val = ipa[i];
		while (s2_map(&p, 0, &m, &f) == S2_FULL)
			s2_evict(&p, &f);
	}
	s2_unmap(&p, 0, what->ipa, what->size, &f);
	for (unsigned i = 0; i < LEAVES; i++) {
		uint64_t descriptor;
		int level;

		if (ipa[i] >= what->ipa.val && ipa[i] - what->ipa.val < what->size &&
		    s2_find(&p, 0, (l2_ipa_t){ ipa[i] }, &descriptor, &level))
			return "a page survives that was named";
	}
	return NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct choices c = { .bytes = data, .left = size };
	struct s2_cpu cpu = { 52, true, true, true, true, true, true, true, true };
	struct s2_geometry g = s2_geometry(&cpu, choose_bytes(&c, 8), choose_bytes(&c, 8));
	enum sysreg op = (enum sysreg)(choose_bytes(&c, 2) % SR_COUNT);
	uint64_t operand = choose_bytes(&c, 8);
	struct s2_inval what = s2_inval_decode(&g, op, operand);

	if (!s2_is_stage2_tlbi(op))
		report(what.scope == S2_INVAL_STAGE1 ?
			       NULL :
			       "an instruction of stage 1 names something of a stage 2");
	else if (is_range_form(op))
		report(check_range(&g, operand, &what));
	else if (what.scope == S2_INVAL_RANGE)
		report(check_ipa(&g, operand, &what));
	else if (what.scope != S2_INVAL_VMID && what.scope != S2_INVAL_ALL)
		report("an instruction of both stages names nothing");
	if (what.scope == S2_INVAL_RANGE)
		report(check_tree(&c, &what));
	return 0;
}
