/* Does a walk end, and does it stay in its tables, whatever L1 wrote?  Reads: shadow-s2/walk.h, shadow-s2/geometry.h. */
#include "shadow-s2/walk.h"

#include "tests/prove/prove.h"

void prove_geometry(void);
void prove_walk_of_4k_tables(void);
void prove_walk_of_16k_tables(void);
void prove_walk_of_64k_tables(void);

#define MAX_FEEDS 5

static struct s2_cpu any_cpu(void)
{
	struct s2_cpu cpu = {
		.granule_16k = any_bool(),
		.granule_64k = any_bool(),
		.lpa2_4k = any_bool(),
		.lpa2_16k = any_bool(),
		.small_tables = any_bool(),
		.xnx = any_bool(),
		.access_flag = any_bool(),
		.dirty_state = any_bool(),
	};

	cpu.pa_bits = any_u8();
	assume(cpu.pa_bits == 32 || cpu.pa_bits == 36 || cpu.pa_bits == 40 || cpu.pa_bits == 42 ||
	       cpu.pa_bits == 44 || cpu.pa_bits == 48 || cpu.pa_bits == 52);
	return cpu;
}

/* Bytes of the table, or of the tables side by side, that a walk begins with. */
static uint64_t start_size(const struct s2_geometry *g)
{
	return UINT64_C(8) << (g->ia_bits - s2_level_shift(g, g->start_level));
}

void prove_geometry(void)
{
	struct s2_cpu cpu = any_cpu();
	struct s2_geometry g = s2_geometry(&cpu, any_u64(), any_u64());

	always(g.granule_shift == 12 || g.granule_shift == 14 || g.granule_shift == 16);
	always(g.oa_bits >= 32 && g.oa_bits <= cpu.pa_bits);
	always(g.block_level >= 0 && g.block_level <= 2);
	always(!g.hd || g.ha);
	if (!g.valid)
		return;
	always(g.start_level >= -1 && g.start_level <= 3);
	always(g.ia_bits >= 16 && g.ia_bits <= cpu.pa_bits);
	always(g.ia_bits > s2_level_shift(&g, g.start_level));
	always(start_size(&g) <= UINT64_C(16) << g.granule_shift);
	always(g.table_base % start_size(&g) == 0);
	always(g.table_base < UINT64_C(1) << 52);
	always(!g.base_in_range || g.table_base >> g.oa_bits == 0);
}

static struct s2_access any_access(void)
{
	struct s2_access a = { any_bool(), any_bool(), any_bool(), any_bool(), any_bool() };

	assume(!a.fetch || (!a.write && !a.s1_walk));
	return a;
}

static void check_leaf(const struct s2_walk *w, uint64_t fed)
{
	const struct s2_geometry *g = w->geometry;

	always(w->leaf.l1_ipa.val >> g->oa_bits == 0);
	always(w->leaf.shift == s2_level_shift(g, w->level));
	always(w->leaf.shift <= 42);
	always(w->level >= g->block_level);
	always(((w->leaf.l1_ipa.val ^ w->ipa.val) & ((UINT64_C(1) << w->leaf.shift) - 1)) == 0);
	/* Hardware sets the access flag and S2AP[1], and those are what a leaf may be written to with. */
	always(w->update == 0 || (w->update & fed) == fed);
	always(w->update == 0 || (w->update & ~fed & ~UINT64_C(0x480)) == 0);
	always(w->update == 0 || w->update != fed);
	always(!w->leaf.write || ((w->update ? w->update : fed) & 0x80));
	always(((w->update ? w->update : fed) & 0x400) != 0);
	always(!w->access.write || w->leaf.write);
}

static void check_walk(const struct s2_geometry *g)
{
	l2_ipa_t ipa = { any_u64() };
	uint64_t table = g->table_base, size, fed = 0;
	struct s2_walk w;
	enum s2_step step = s2_begin(&w, g, ipa, any_access());
	unsigned feeds = 0;

	if (step == S2_FAULT)
		return;
	size = start_size(g);
	while (step == S2_NEXT) {
		uint64_t slot = s2_slot(&w).val;

		always(slot % 8 == 0 && slot >= table && slot - table < size);
		always(slot >> g->oa_bits == 0);
		always(++feeds <= MAX_FEEDS);
		fed = any_u64();
		step = any_bool() ? s2_feed(&w, fed) : s2_unreadable(&w);
		table = w.table;
		size = UINT64_C(1) << g->granule_shift;
	}
	always(w.level >= g->start_level && w.level <= 3);
	if (step == S2_LEAF)
		check_leaf(&w, fed);
	else
		always(w.fsc < 0x18 || w.fsc == 0x29 || w.fsc == 0x2b);
}

/* One granule after the other: shifts by a number that is known are much easier. */
static void check_granule(unsigned granule_shift)
{
	struct s2_cpu cpu = any_cpu();
	struct s2_geometry g = s2_geometry(&cpu, any_u64(), any_u64());

	assume(g.granule_shift == granule_shift);
	g.granule_shift = granule_shift;
	check_walk(&g);
}

void prove_walk_of_4k_tables(void)
{
	check_granule(12);
}

void prove_walk_of_16k_tables(void)
{
	check_granule(14);
}

void prove_walk_of_64k_tables(void)
{
	check_granule(16);
}
