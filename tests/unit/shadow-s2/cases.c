/* Does the walker, and what is made of its leaves in a shadow, agree with the architecture?  Reads: cases.h. */
#include "tests/unit/shadow-s2/cases.h"

#include <stdlib.h>
#include <string.h>

#include "nv/arch/bits.h"
#include "shadow-s2/combine.h"
#include "shadow-s2/tree.h"
#include "shadow-s2/walk.h"
#include "tests/unit/shadow-s2/reference.h"

#define L0 0
#define L1 1
#define ACCESSES 4
#define MAX_FEEDS 5
#define SHADOW_TABLES 12
#define POOL_PA UINT64_C(0x140000000)

/* What a fuzzer hands over; a descriptor is one of these. */
#define MAX_WORDS 32

/* The tables of one hypervisor, and what was written to them. */
struct tables {
	uint64_t seed;
	unsigned words;
	uint64_t word[MAX_WORDS];
	unsigned granule_shift;
	bool ds, lpa;
	unsigned
		broken; /* one of so many descriptors is invalid, one does not say AF, one has a wild address */
	unsigned writes;
	uint64_t at[2 * ACCESSES * 4], value[2 * ACCESSES * 4];
};

struct scene {
	struct ref_cpu cpu[2];
	struct ref_regs regs[2];
	struct tables tables[2]; /* as the reference sees them, and writes to them */
	struct tables mine[2];	 /* as shadow-s2 does */
	unsigned ia_bits;	 /* of L1 */
};

/* --- tables --- */

/* A low address most of the time, so that tables meet; now and then anything, and the last below 2^52. */
static uint64_t output(const struct tables *t, uint64_t h)
{
	unsigned stride = t->granule_shift - 3, shift = t->granule_shift + stride * (unsigned)(h % 3);
	uint64_t address = ((h >> 8) % 64) << shift;

	if ((h >> 16) % t->broken == 0)
		address = scatter(h);
	if ((h >> 20) % (2 * t->broken) == 0)
		address |= BITS(47, 32);
	return address & BITS(47, 0) & ~(BIT(t->granule_shift) - 1);
}

/* h: what its fields are, if it is up to them; k: whether it is. */
static uint64_t descriptor(const struct tables *t, uint64_t address)
{
	uint64_t h = scatter(t->seed ^ address), k = scatter(h), d;

	if (t->words)
		return t->word[(address / 8) % t->words];
	d = output(t, scatter(k));
	d |= h &
	     (BITS(63, 55) | BITS(54, 51) | BIT(11)); /* ignored bits, XN, contiguous, DBM, nT of a table */
	d |= k % t->broken ? BIT(10) : 0;
	d |= (k >> 6) % 2 ? BITS(7, 6) : h & BITS(7, 6);
	d |= (k >> 11) % 2 ? BITS(5, 2) : h & BITS(5, 2);
	d |= t->ds && (k >> 13) % 8 ? 0 : h & BITS(9, 8);
	d |= (k >> 16) % 8 ? 0 : h & BITS(50, 48);
	d |= t->granule_shift == 16 && (k >> 19) % 8 == 0 ? h & BITS(15, 12) : 0;
	if ((k >> 22) % t->broken == 0)
		return (d & ~UINT64_C(3)) | (h & 2);
	return d | ((k >> 40) % 8 ? 3 : 1);
}

static bool read_table(void *context, uint64_t address, uint64_t *value)
{
	const struct tables *t = context;

	if (scatter(t->seed + address) % (t->broken * 8) == 0 && !t->words)
		return false;
	*value = descriptor(t, address);
	for (unsigned i = 0; i < t->writes; i++)
		if (t->at[i] == address)
			*value = t->value[i];
	return true;
}

static void write_table(void *context, uint64_t address, uint64_t value)
{
	struct tables *t = context;

	if (t->writes == sizeof(t->at) / sizeof(t->at[0]))
		abort();
	t->at[t->writes] = address;
	t->value[t->writes++] = value;
}

static bool same_writes(const struct tables *a, const struct tables *b)
{
	return a->writes == b->writes && !memcmp(a->at, b->at, a->writes * sizeof(a->at[0])) &&
	       !memcmp(a->value, b->value, a->writes * sizeof(a->value[0]));
}

/* --- a CPU and its registers --- */

static struct ref_cpu choose_cpu(struct choices *c)
{
	static const int sizes[] = { 32, 36, 40, 42, 44, 48, 52, 48, 52, 48, 52 };
	struct ref_cpu cpu = { .pa_max = sizes[choose(c, 11)] };

	cpu.have_16k = !chance(c, 4);
	cpu.have_64k = !chance(c, 4);
	cpu.have_lpa2_4k = chance(c, cpu.pa_max == 52 ? 60 : 5);
	cpu.have_lpa2_16k = chance(c, cpu.pa_max == 52 ? 60 : 5);
	cpu.have_ttst = chance(c, 70);
	cpu.have_xnx = chance(c, 70);
	cpu.have_haf = chance(c, 60);
	cpu.have_hdbs = cpu.have_haf && chance(c, 70);
	return cpu;
}

/* VTCR_EL2.{SL2,SL0} of a start level. */
static uint64_t sl_of(unsigned granule_shift, int level)
{
	static const uint64_t of_4k[] = { 2, 1, 0, 3 };

	if (granule_shift == 12)
		return level < 0 ? BIT(33) : of_4k[level] << 6;
	return (uint64_t)(3 - level) << 6;
}

/* A size of the input that fits a start level, most of the time. */
static uint64_t choose_shape(struct choices *c, const struct ref_cpu *cpu, unsigned granule_shift, bool ds,
			     unsigned *ia_bits)
{
	unsigned stride = granule_shift - 3, most;
	int first = granule_shift == 16 ? 1 : granule_shift == 12 && ds ? -1 : 0;
	int level = first + (int)choose(c, (unsigned)(4 - first));
	unsigned below = granule_shift + stride * (unsigned)(3 - level);

	if (chance(c, 8)) {
		*ia_bits = (unsigned)choose(c, 64);
		return choose(c, 4) << 6 | choose(c, 2) << 33 | (64 - *ia_bits);
	}
	most = ds || granule_shift == 16 || cpu->pa_max < 48 ? (unsigned)cpu->pa_max : 48;
	*ia_bits = below + 1 + (unsigned)choose(c, stride + 4);
	if (*ia_bits > most && !chance(c, 5))
		*ia_bits = most;
	return sl_of(granule_shift, level) | ((64 - *ia_bits) & 0x3f);
}

static uint64_t choose_vtcr(struct choices *c, const struct ref_cpu *cpu, struct tables *t,
			    enum case_granule granule, unsigned *ia_bits)
{
	static const uint64_t tg0[] = { 0, 2, 1 };
	static const unsigned shifts[] = { 12, 14, 16 };
	uint64_t vtcr = choose_bytes(c, 4) & (BITS(31, 19) | BITS(13, 8));

	t->granule_shift = shifts[granule];
	t->ds = chance(c, 60) &&
		(granule == CASE_4K ? cpu->have_lpa2_4k : granule == CASE_16K && cpu->have_lpa2_16k);
	vtcr |= t->ds || chance(c, 10) ? BIT(32) : 0;
	vtcr |= choose_shape(c, cpu, t->granule_shift, t->ds, ia_bits);
	vtcr |= (chance(c, 70) ? 6 : choose(c, 8)) << 16;
	return vtcr | (chance(c, 2) ? 3 : tg0[granule]) << 14;
}

static uint64_t choose_vttbr(struct choices *c)
{
	uint64_t vttbr = choose_bytes(c, 2) << 48 | choose(c, 64) << (6 + 2 * choose(c, 8));

	if (chance(c, 10))
		vttbr = choose_bytes(c, 8);
	return vttbr | choose(c, 2) | (chance(c, 10) ? choose(c, 16) << 2 : 0);
}

static void choose_tables(struct choices *c, struct tables *t, unsigned broken)
{
	t->seed = choose_bytes(c, 8);
	t->broken = broken;
	if (!c->bytes)
		return;
	t->words = 1 + (unsigned)choose(c, MAX_WORDS);
	for (unsigned i = 0; i < t->words; i++)
		t->word[i] = choose_bytes(c, 8);
}

static void choose_scene(struct choices *c, struct scene *s, enum case_granule granule)
{
	unsigned unused;

	memset(s, 0, sizeof(*s));
	for (int i = L0; i <= L1; i++) {
		s->cpu[i] = choose_cpu(c);
		s->regs[i].vtcr = choose_vtcr(c, &s->cpu[i], &s->tables[i],
					      i == L1 ? granule : (enum case_granule)choose(c, 3),
					      i == L1 ? &s->ia_bits : &unused);
		s->regs[i].vttbr = choose_vttbr(c);
		choose_tables(c, &s->tables[i], i == L1 ? 16 : 64);
		s->mine[i] = s->tables[i];
		s->regs[i].fwb = chance(c, 30);
	}
	/* One bit of hardware for both, while L2 runs. */
	s->regs[L0].ptw = s->regs[L1].ptw = chance(c, 30);
}

static struct ref_access choose_access(struct choices *c)
{
	struct ref_access a = { .el0 = chance(c, 50) };

	switch (choose(c, 4)) {
	case 0:
		a.fetch = true;
		break;
	case 1:
		a.ttw = true;
		a.write = chance(c, 40);
		break;
	default:
		a.write = chance(c, 50);
	}
	return a;
}

static uint64_t choose_ipa(struct choices *c, const struct scene *s)
{
	uint64_t ipa = choose_bytes(c, 7);

	if (chance(c, 3))
		return ipa;
	ipa &= BIT(s->ia_bits > 55 ? 55 : s->ia_bits) - 1;
	if (chance(c, 30)) /* a low one, as low descriptors are */
		ipa &= BIT(s->tables[L1].granule_shift + 3) - 1;
	return ipa;
}

/* --- shadow-s2 on a scene --- */

static struct s2_cpu s2_cpu_of(const struct ref_cpu *cpu)
{
	return (struct s2_cpu){
		.pa_bits = (unsigned)cpu->pa_max,
		.granule_16k = cpu->have_16k,
		.granule_64k = cpu->have_64k,
		.lpa2_4k = cpu->have_lpa2_4k,
		.lpa2_16k = cpu->have_lpa2_16k,
		.small_tables = cpu->have_ttst,
		.xnx = cpu->have_xnx,
		.access_flag = cpu->have_haf,
		.dirty_state = cpu->have_hdbs,
	};
}

static struct s2_geometry geometry_of(const struct s2_cpu *cpu, const struct ref_regs *regs)
{
	struct s2_geometry g = s2_geometry(cpu, regs->vttbr, regs->vtcr);

	g.fwb = regs->fwb;
	return g;
}

/* What host/shadow/walk.c does. NULL, or what is wrong in itself. */
static const char *walk(const struct s2_geometry *g, struct tables *t, uint64_t ipa, struct s2_access a,
			struct s2_walk *w, enum s2_step *step)
{
	unsigned feeds = 0;
	uint64_t value;

	for (*step = s2_begin(w, g, (l2_ipa_t){ ipa }, a); *step == S2_NEXT;) {
		uint64_t slot = s2_slot(w).val;

		if (slot % 8 || slot >> 52)
			return "the address of a descriptor is not one";
		if (++feeds > MAX_FEEDS)
			return "a walk does not end";
		*step = read_table(t, slot, &value) ? s2_feed(w, value) : s2_unreadable(w);
	}
	if (*step == S2_LEAF && w->update)
		write_table(t, s2_slot(w).val, w->update);
	return NULL;
}

static struct s2_access s2_access_of(struct ref_access a, const struct ref_regs *regs)
{
	return (struct s2_access){
		.write = a.write, .fetch = a.fetch, .el0 = a.el0, .s1_walk = a.ttw, .protect_walk = regs->ptw
	};
}

/* One of each kind that a stage 1 can say. */
static const unsigned stage1[] = { 0xff, 0x44, 0x00, 0x04, 0x08, 0x0c, 0xbb, 0x77, 0x4f, 0xaa };

/* Memory that a stage 1 says it is, after one stage 2 or, if m is not NULL, after two. */
static struct ref_attributes after(unsigned s1, unsigned sh, const struct ref_translation *t,
				   const struct ref_translation *m)
{
	struct ref_attributes a = ref_after_s2(ref_s1_decode_memattrs(s1, sh), t);

	return m ? ref_after_s2(a, m) : a;
}

static bool same_attributes(struct s2_attributes a, const struct ref_translation *t)
{
	struct ref_translation mine = { .fwb = a.memattr & S2_MEMATTR_FWB,
					.memattr = a.memattr & 0xf,
					.sh = a.sh };

	if (a.read != t->r || a.write != t->w || a.exec_el1 != t->px || a.exec_el0 != t->ux)
		return false;
	for (unsigned i = 0; i < sizeof(stage1) / sizeof(stage1[0]); i += 2)
		if (!ref_same_memattrs(after(stage1[i], 0, &mine, NULL), after(stage1[i], 0, t, NULL)))
			return false;
	return true;
}

static const char *compare_walk(const struct s2_walk *w, enum s2_step step, const struct ref_translation *t)
{
	if ((step == S2_FAULT) != (t->fault != REF_NONE))
		return "one faults and the other does not";
	if (step == S2_FAULT)
		return w->fsc == ref_encode_fsc(t->fault, t->level) ? NULL : "the fault status is another";
	if (w->leaf.l1_ipa.val != t->address)
		return "the output address is another";
	if (w->leaf.shift != t->size || !s2_size_is_known(w->leaf.shift))
		return "the size of the leaf is another";
	return same_attributes(s2_leaf_attributes(&w->leaf), t) ?
		       NULL :
		       "permissions or memory attributes are others";
}

/* --- the shadow --- */

static struct s2_pool *new_pool(void)
{
	static struct s2_pool pool;
	size_t overhead;

	if (pool.entry)
		return &pool;
	s2_pool_shape(&pool, 48);
	overhead = s2_pool_overhead(SHADOW_TABLES, 1);
	s2_pool_init(&pool, aligned_alloc(PAGE_SIZE, SHADOW_TABLES * PAGE_SIZE), (pa_t){ POOL_PA },
		     malloc(overhead), SHADOW_TABLES, 1);
	memset(pool.entry, 0, SHADOW_TABLES * PAGE_SIZE);
	return &pool;
}

static bool read_pool(void *context, uint64_t address, uint64_t *value)
{
	const struct s2_pool *p = context;

	if (address < POOL_PA || address >= POOL_PA + SHADOW_TABLES * PAGE_SIZE)
		return false;
	*value = p->entry[(address - POOL_PA) / 8];
	return true;
}

/* L1 is not shown what hardware does not have. */
static bool has_xnx(const struct scene *s)
{
	return s->cpu[L0].have_xnx || s->cpu[L1].have_xnx;
}

/* What hardware makes of the shadow: the reference again, as L0's CPU would walk it. */
static struct ref_translation hardware(struct s2_pool *p, const struct scene *s, uint64_t l2_ipa,
				       struct ref_access a)
{
	struct ref_cpu cpu = { .pa_max = 48, .have_xnx = has_xnx(s) };
	struct ref_regs regs = { .vttbr = s2_root(p, 0).val, .ptw = s->regs[L1].ptw };

	struct ref_memory memory = { p, read_pool, NULL };

	regs.vtcr = (64 - p->ia_bits) | 2 << 6 | 5 << 16;
	regs.fwb = s->regs[L0].fwb || s->regs[L1].fwb;
	return ref_s2_translate(&cpu, &regs, &memory, l2_ipa, a);
}

static void map(struct s2_pool *p, const struct s2_mapping *m)
{
	for (;;) {
		struct s2_flush f = { 0 };

		switch (s2_map(p, 0, m, &f)) {
		case S2_MAPPED:
		case S2_UNCHANGED:
			return;
		case S2_FULL:
			s2_evict(p, &f);
			break;
		case S2_BREAK:
			break;
		}
	}
}

/* Does a stage leave all to the one before it? */
static bool leaves_all(const struct ref_translation *t)
{
	return t->fwb ? t->memattr % 8 == 7 : t->memattr == 15;
}

/* What a shadow with FEAT_S2FWB has no name for: write-through, and Device that is forced to be Normal and then not cached. */
static bool is_nameless(const struct ref_translation *t)
{
	return t->fwb ? t->memattr % 8 == 6 : t->memattr > 3 && t->memattr != 5 && t->memattr != 15;
}

static bool can_be_exact(const struct ref_nested *n)
{
	if (!n->l1.fwb && !n->l0.fwb)
		return true;
	if (n->l0.fwb && n->l0.memattr % 8 == 6) /* L0 may force, its shadow does not */
		return false;
	return n->l1.fwb && leaves_all(&n->l0) ? true : !is_nameless(&n->l1) && !is_nameless(&n->l0);
}

/* Is what L2's stage 1 says the same after the shadow as after both stages in a row? */
static bool same_after_stage1(struct choices *c, const struct ref_translation *shadow,
			      const struct ref_nested *n)
{
	unsigned s1 = stage1[choose(c, sizeof(stage1) / sizeof(stage1[0]))], sh = (unsigned)choose(c, 4);
	struct ref_attributes both = after(s1, sh, &n->l1, &n->l0), mine = after(s1, sh, shadow, NULL);

	/* The weaker memory has to do then. */
	return can_be_exact(n) ? ref_same_memattrs(mine, both) : mine.is_device || !both.is_device;
}

/* Whatever the shadow allows at an address of the same leaf, both stages allow, and to the same place. */
static const char *check_elsewhere(struct choices *c, const struct scene *s, struct s2_pool *p, uint64_t ipa)
{
	struct tables copy[2] = { s->tables[L0], s->tables[L1] };
	struct ref_memory memory[2] = { { &copy[L0], read_table, write_table },
					{ &copy[L1], read_table, write_table } };
	struct ref_access a = choose_access(c);
	struct ref_translation t = hardware(p, s, ipa, a);
	struct ref_nested n;

	if (t.fault != REF_NONE)
		return NULL;
	n = ref_walk_then_walk(s->cpu, s->regs, memory, ipa, a);
	if (n.both.fault != REF_NONE)
		return "the shadow allows what a stage refuses";
	return n.both.address == t.address ? NULL : "the shadow maps to another address than both stages";
}

/* L1's leaf and L0's become an entry of a shadow; hardware gets from it what it would get from both stages. */
static const char *check_shadow(struct choices *c, struct scene *s, uint64_t ipa, struct ref_access a,
				const struct s2_leaf *l1, const struct ref_nested *n)
{
	struct s2_pool *p = new_pool();
	struct s2_cpu cpu = s2_cpu_of(&s->cpu[L0]);
	struct s2_geometry g = geometry_of(&cpu, &s->regs[L0]);
	struct s2_mapping m = { .ipa = { ipa }, .l1_ipa = l1->l1_ipa, .level = 1, .l1_shift = l1->shift };
	struct ref_translation t;
	const char *wrong;
	enum s2_step step;
	struct s2_walk w;
	unsigned shift;

	if ((wrong = walk(&g, &s->mine[L0], l1->l1_ipa.val, s2_access_of(a, &s->regs[L0]), &w, &step)) ||
	    (wrong = compare_walk(&w, step, &n->l0)) || step == S2_FAULT)
		return wrong;
	shift = l1->shift < w.leaf.shift ? l1->shift : w.leaf.shift;
	while ((shift < 30 && m.level == 1) || (shift < 21 && m.level == 2))
		m.level++;
	if (ipa >> 48 || n->both.address >> 48)
		return NULL;
	m.descriptor = s2_descriptor(s2_combine(s2_leaf_attributes(l1), s2_leaf_attributes(&w.leaf)),
				     (pa_t){ n->both.address & (~UINT64_C(0) << (39 - 9 * m.level)) },
				     m.level == 3, has_xnx(s));
	s2_clear(p, 0);
	map(p, &m);
	t = hardware(p, s, ipa, a);
	if (t.fault != REF_NONE)
		return "the shadow refuses what both stages allow";
	if (t.address != n->both.address)
		return "the shadow maps to another address";
	if (t.r != n->both.r || t.w != n->both.w || t.px != n->both.px || t.ux != n->both.ux)
		return "the shadow has other permissions than both stages together";
	if (!same_after_stage1(c, &t, n))
		return "the shadow has another memory type or shareability than both stages in a row";
	return check_elsewhere(c, s, p, ipa ^ choose_bytes(c, 7) % BIT(39 - 9 * m.level));
}

static const char *check_access(struct choices *c, struct scene *s, uint64_t ipa, struct case_counts *counts)
{
	struct ref_memory memory[2] = { { &s->tables[L0], read_table, write_table },
					{ &s->tables[L1], read_table, write_table } };
	struct ref_access a = choose_access(c);
	struct s2_cpu cpu = s2_cpu_of(&s->cpu[L1]);
	struct s2_geometry g = geometry_of(&cpu, &s->regs[L1]);
	struct ref_nested n = ref_walk_then_walk(s->cpu, s->regs, memory, ipa, a);
	const char *wrong;
	enum s2_step step;
	struct s2_walk w;

	counts->accesses++;
	if ((wrong = walk(&g, &s->mine[L1], ipa, s2_access_of(a, &s->regs[L1]), &w, &step)) ||
	    (wrong = compare_walk(&w, step, &n.l1)))
		return wrong;
	counts->l1_faults += step == S2_FAULT;
	counts->leaves += step == S2_LEAF;
	counts->mapped += n.both.fault == REF_NONE;
	if (step == S2_LEAF && (wrong = check_shadow(c, s, ipa, a, &w.leaf, &n)))
		return wrong;
	for (int i = L0; i <= L1; i++)
		if (!same_writes(&s->tables[i], &s->mine[i]))
			return "access flag or dirty state are updated differently";
	return NULL;
}

const char *case_check(struct choices *c, enum case_granule granule, struct case_counts *counts)
{
	struct scene s;
	const char *wrong = NULL;
	uint64_t ipa = 0;

	choose_scene(c, &s, granule);
	for (unsigned i = 0; i < ACCESSES && !wrong; i++) {
		if (i == 0 || chance(c, 50))
			ipa = choose_ipa(c, &s);
		wrong = check_access(c, &s, ipa, counts);
	}
	return wrong;
}
