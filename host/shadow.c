/*
 * Which tables does hardware walk while L2 runs?  Here the pure parts of shadow-s2/ meet L1's memory, hardware's TLBs and the
 * other CPUs. Break-before-make: an entry that changes is removed, TLBs are cleaned, and only then the new one is written.
 * Reads: shadow.h.  Next: shadow-s2/tree.c.
 */
#include "host/shadow.h"

#include <string.h>

#include "host/cpu/features.h"
#include "host/cpu/spinlock.h"
#include "host/memory/pages.h"
#include "host/sysreg.h"
#include "host/tlbi.h"
#include "host/trace.h"
#include "host/vm/page_log.h"
#include "host/vm/vm.h"
#include "host/vm/vmid.h"
#include "nv/idreg.h"
#include "shadow-s2/combine.h"
#include "shadow-s2/inval.h"
#include "shadow-s2/tree.h"

/* More than a VM has vCPUs, so that there is always one that no vCPU runs on. */
#define TREES 16
_Static_assert(TREES > VM_MAX_VCPUS, "a tree for each vCPU, and one to take");

/* The pool maps the VM's RAM twice over with pages; besides there are tables above those. */
#define TABLES_PER_2MIB 2
#define TABLES_ABOVE 64

#define ATTRIBUTE_WB 1 /* IRGN0, ORGN0 */
#define FIRST_LEAF_LEVEL 1
#define LAST_LEVEL 3
#define STRIDE 9

/* What distinguishes two stages 2 of L1. CnP is left out: it is a promise about other PEs, not about what is translated. */
struct regime {
	uint64_t vttbr, vtcr;
	uint64_t fwb; /* HCR_EL2.FWB, in its place */
};

struct shadow_tree {
	struct regime l1;      /* what it is the shadow of, if used */
	uint64_t vttbr;	       /* hardware's */
	uint64_t last_entered; /* when a vCPU came to it last, in shadow.entries */
	struct s2_geometry geometry;
	uint16_t l1_vmid;
	uint8_t index;
	bool used;
};

struct shadow {
	struct spinlock lock; /* around the pool, and around TLB maintenance that belongs to a change of it */
	struct s2_pool pool;
	struct s2_cpu l1_cpu;
	uint64_t vtcr;
	uint64_t l1_hcr;  /* bits of HCR_EL2 that are in struct regime and that L1 has: FWB, or none */
	unsigned trees;	  /* taken so far: the first ones */
	uint64_t entries; /* times that a vCPU changed its tree */
	struct shadow_tree tree[TREES];
};

/* Everything of L0's own stage 2 is the same kind of RAM: host/vm/stage2.c. */
static const struct s2_attributes l0_attributes = { S2_MEMATTR_WB, S2_SH_INNER, true, true, true, true };

/* --- making --- */

static uint64_t l1_id(enum sysreg r)
{
	return nv_id_value(r, cpu_features()->hw_id[r], true);
}

static unsigned pa_bits_of_l1(void)
{
	static const uint8_t bits[] = { 32, 36, 40, 42, 44, 48, 52 };

	return bits[field_get(ID_AA64MMFR0_PARANGE, l1_id(SR_ID_AA64MMFR0_EL1))];
}

static struct s2_cpu l1_cpu(void)
{
	uint64_t mmfr0 = l1_id(SR_ID_AA64MMFR0_EL1), mmfr1 = l1_id(SR_ID_AA64MMFR1_EL1);
	uint64_t hafdbs = field_get(ID_AA64MMFR1_HAFDBS, mmfr1);

	return (struct s2_cpu){
		.pa_bits = pa_bits_of_l1(),
		.granule_16k = field_get(ID_AA64MMFR0_TGRAN16_2, mmfr0) >= 2,
		.granule_64k = field_get(ID_AA64MMFR0_TGRAN64_2, mmfr0) == 2,
		.lpa2_4k = field_get(ID_AA64MMFR0_TGRAN4_2, mmfr0) == 3,
		.lpa2_16k = field_get(ID_AA64MMFR0_TGRAN16_2, mmfr0) == 3,
		.small_tables = field_get(ID_AA64MMFR2_ST, l1_id(SR_ID_AA64MMFR2_EL1)),
		.xnx = field_get(ID_AA64MMFR1_XNX, mmfr1),
		.access_flag = hafdbs >= 1,
		.dirty_state = hafdbs >= 2,
	};
}

/*
 * VTCR_EL2.PS and ID_AA64MMFR0_EL1.PARange count alike. A root at level -1 needs FEAT_LPA2's descriptors, which have no SH:
 * then all RAM is outer shareable, so that no leaf is less shared than L1 asks for.
 */
static uint64_t vtcr_of(const struct s2_pool *p)
{
	uint64_t range = field_get(ID_AA64MMFR0_PARANGE, cpu_features()->hw_id[SR_ID_AA64MMFR0_EL1]);
	uint64_t vtcr = VTCR_RES1 | field_put(VTCR_T0SZ, 64 - p->ia_bits) |
			field_put(VTCR_IRGN0, ATTRIBUTE_WB) | field_put(VTCR_ORGN0, ATTRIBUTE_WB) |
			(cpu_features()->vmid_bits == 16 ? VTCR_VS : 0);

	if (p->root_level < 0)
		return vtcr | VTCR_DS | VTCR_SL2 | field_put(VTCR_PS, 6) | field_put(VTCR_SH0, S2_SH_OUTER);
	return vtcr | field_put(VTCR_SL0, p->root_level == 0 ? 2 : 1) |
	       field_put(VTCR_PS, range < 5 ? range : 5) | field_put(VTCR_SH0, S2_SH_INNER);
}

static bool make_pool(struct s2_pool *p, uint64_t ram_size)
{
	uint32_t tables;
	size_t overhead;
	pa_t entries, rest;

	s2_pool_shape(p, pa_bits_of_l1());
	tables = (uint32_t)(ram_size >> 21) * TABLES_PER_2MIB + TABLES_ABOVE + TREES * p->root_tables;
	overhead = s2_pool_overhead(tables, TREES);
	if (!memory_alloc(tables * PAGE_SIZE, PAGE_SIZE * p->root_tables, &entries) ||
	    !memory_alloc((overhead + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1), PAGE_SIZE, &rest))
		return false;
	memset(pa_to_va(entries), 0, tables * PAGE_SIZE);
	s2_pool_init(p, pa_to_va(entries), entries, pa_to_va(rest), tables, TREES);
	return true;
}

bool shadow_create(struct vm *vm)
{
	struct shadow *s;
	pa_t pa;

	if (!memory_alloc((sizeof(*s) + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1), PAGE_SIZE, &pa))
		return false;
	s = pa_to_va(pa);
	memset(s, 0, sizeof(*s));
	if (!make_pool(&s->pool, vm->ram_size))
		return false;
	spin_init(&s->lock, RANK_SHADOW);
	s->l1_cpu = l1_cpu();
	s->l1_hcr = field_get(ID_AA64MMFR2_FWB, l1_id(SR_ID_AA64MMFR2_EL1)) ? HCR_FWB : 0;
	s->vtcr = vtcr_of(&s->pool);
	for (unsigned i = 0; i < TREES; i++) {
		uint16_t vmid = vmid_alloc();

		if (!vmid)
			return false;
		s->tree[i].index = (uint8_t)i;
		s->tree[i].vttbr = s2_root(&s->pool, i).val | field_put(VTTBR_VMID, vmid);
	}
	vm->shadow = s;
	return true;
}

/* --- TLBs --- */

/* Entries of a tree were removed. TLBs may also hold both stages as one. */
static void flush(const struct shadow_tree *t, const struct s2_flush *f)
{
	uint64_t before;

	if (!f->all && !f->count)
		return;
	before = tlbi_enter_vmid(t->vttbr);
	if (f->all) {
		tlbi_vmalls12e1is();
	} else {
		for (unsigned i = 0; i < f->count; i++)
			tlbi_ipas2e1is(f->ipa[i].val >> PAGE_SHIFT);
		dsb_ish();
		tlbi_vmalle1is();
	}
	tlbi_leave_vmid(before);
}

static void flush_all(const struct shadow_tree *t)
{
	flush(t, &(struct s2_flush){ .all = true });
}

/* --- which tree? --- */

static struct regime l1_regime(const struct vcpu *v)
{
	const struct vncr_page *p = v->nv.page;

	return (struct regime){ vncr_read(p, SLOT_VTTBR_EL2) & ~VTTBR_CNP, vncr_read(p, SLOT_VTCR_EL2),
				vncr_read(p, SLOT_HCR_EL2) & v->vm->shadow->l1_hcr };
}

static struct s2_geometry geometry_of(const struct shadow *s, struct regime r)
{
	struct s2_geometry g = s2_geometry(&s->l1_cpu, r.vttbr, r.vtcr);

	g.fwb = r.fwb != 0;
	return g;
}

static bool is_for(const struct shadow_tree *t, struct regime r)
{
	return t->used && t->l1.vttbr == r.vttbr && t->l1.vtcr == r.vtcr && t->l1.fwb == r.fwb;
}

static bool is_in_use(const struct vm *vm, const struct shadow_tree *t)
{
	for (unsigned i = 0; i < vm->nvcpus; i++)
		if (vm->vcpu[i]->shadow.tree == t)
			return true;
	return false;
}

/* One that was never used, or the one that no vCPU came to for longest. */
static struct shadow_tree *choose(struct vm *vm)
{
	struct shadow *s = vm->shadow;
	struct shadow_tree *best = NULL;

	for (unsigned i = 0; i < TREES; i++) {
		struct shadow_tree *t = &s->tree[i];

		if (is_in_use(vm, t))
			continue;
		if (!best || t->last_entered < best->last_entered)
			best = t;
	}
	return best;
}

static struct shadow_tree *take(struct vcpu *v, struct regime r)
{
	struct shadow *s = v->vm->shadow;
	struct shadow_tree *t;

	for (unsigned i = 0; i < s->trees; i++)
		if (is_for(&s->tree[i], r))
			return &s->tree[i];
	v->ledger->now.s2.trees_taken++;
	t = choose(v->vm);
	if (t->used) {
		s2_clear(&s->pool, t->index);
		flush_all(t);
	}
	if (!t->used)
		s->trees++;
	t->used = true;
	t->l1 = r;
	t->l1_vmid = s2_vmid(r.vttbr, r.vtcr);
	t->geometry = geometry_of(s, r);
	return t;
}

static __attribute__((noinline)) void change_tree(struct vcpu *v)
{
	struct shadow *s = v->vm->shadow;
	struct regime r = l1_regime(v);

	spin_lock(&s->lock);
	v->shadow.tree = NULL;
	v->shadow.tree = take(v, r);
	v->shadow.tree->last_entered = ++s->entries;
	spin_unlock(&s->lock);
}

uint64_t shadow_vttbr(struct vcpu *v)
{
	if (!v->shadow.tree || !is_for(v->shadow.tree, l1_regime(v)))
		change_tree(v);
	return v->shadow.tree->vttbr;
}

uint64_t shadow_vtcr(const struct vcpu *v)
{
	return v->vm->shadow->vtcr;
}

/* --- walking L1's tables --- */

static bool is_big_endian(const struct vcpu *v)
{
	return (v->world == WORLD_GUEST ? v->nv.reg[SR_SCTLR_EL2] : read_sysreg(SCTLR_EL12)) & SCTLR_EE;
}

static uint64_t in_order_of(bool big_endian, uint64_t value)
{
	return big_endian ? __builtin_bswap64(value) : value;
}

/*
 * S2_NEXT: L1 changed its tables meanwhile; the access has to be made again. With set_flags the walk updates descriptors as
 * hardware does.
 */
static enum s2_step walk(const struct vcpu *v, const struct s2_geometry *g, l2_ipa_t ipa, struct s2_access a,
			 bool set_flags, struct s2_walk *w)
{
	bool be = is_big_endian(v), swapped = true;
	enum s2_step step = s2_begin(w, g, ipa, a);
	uint64_t raw = 0;

	while (step == S2_NEXT) {
		if (!vm_read_u64(v->vm, s2_slot(w), &raw))
			return s2_unreadable(w);
		step = s2_feed(w, in_order_of(be, raw));
	}
	if (step == S2_LEAF && w->update && set_flags &&
	    !vm_cmpxchg_u64(v->vm, s2_slot(w), raw, in_order_of(be, w->update), &swapped))
		return s2_unreadable(w);
	return swapped ? step : S2_NEXT;
}

static bool is_permission_fault(uint64_t esr)
{
	return (esr & FSC_TYPE) == FSC_PERMISSION;
}

/*
 * For an access of a walk of stage 1 ESR_EL2.WnR is about the access that needed the walk. The walk reads; what it was refused
 * although it may read is an update of the descriptor (AF, dirty state).
 */
static struct s2_access access_of(const struct vcpu *v, uint64_t esr)
{
	bool fetch = field_get(ESR_EC, esr) == EC_IABT_LOW;
	struct s2_access a = { .el0 = vcpu_is_at_el0(v) };

	if (esr & ESR_S1PTW) {
		a.s1_walk = true;
		a.write = is_permission_fault(esr);
		a.protect_walk = vncr_read(v->nv.page, SLOT_HCR_EL2) & HCR_PTW;
		return a;
	}
	a.fetch = fetch;
	a.write = !fetch && (esr & ESR_WNR) && !(esr & ESR_CM);
	return a;
}

/* --- filling the shadow --- */

static uint64_t block_size(int level)
{
	return PAGE_SIZE << (STRIDE * (LAST_LEVEL - level));
}

/*
 * The largest block around an address that L1's leaf and the machine's memory both have in one piece, and at the same place
 * in the block. False: the address is not L1's RAM.
 */
static bool largest_block(const struct vm *vm, const struct s2_leaf *leaf, int *level, pa_t *pa)
{
	uint64_t contiguous;

	for (*level = FIRST_LEAF_LEVEL; *level <= LAST_LEVEL; ++*level) {
		uint64_t size = block_size(*level);
		l1_ipa_t first = { leaf->l1_ipa.val & ~(size - 1) };

		if (size <= (UINT64_C(1) << leaf->shift) && vm_translate(vm, first, pa, &contiguous) &&
		    contiguous >= size && !(pa->val & (size - 1)))
			return true;
	}
	return false;
}

/* The mapping goes into the tree, and whatever is in its way leaves it. */
static enum ledger_s2_fault map(struct vcpu *v, const struct s2_mapping *m, uint64_t esr)
{
	struct shadow *s = v->vm->shadow;
	const struct shadow_tree *t = v->shadow.tree;
	enum ledger_s2_fault how = LEDGER_S2_MAPPED;

	for (;;) {
		struct s2_flush f = { 0 };

		switch (s2_map(&s->pool, t->index, m, &f)) {
		case S2_MAPPED:
			dsb_ishst();
			return how;
		case S2_UNCHANGED:
			/* A TLB refuses what the tables allow: its entry is older than they are. */
			if (is_permission_fault(esr))
				flush(t, &(struct s2_flush){ .count = 1, .ipa = { m->ipa } });
			return LEDGER_S2_STALE;
		case S2_BREAK:
			how = LEDGER_S2_REMAPPED;
			flush(t, &f);
			break;
		case S2_FULL:
			v->ledger->now.s2.evictions++;
			flush(&s->tree[s2_evict(&s->pool, &f)], &f);
			break;
		}
	}
}

/*
 * While a log of this VM is kept, a page that is not in it yet must not be mapped so that it can get there unseen: it is mapped
 * alone, or without write permission. True: that is so.
 */
static bool watch(struct vm *vm, const struct s2_leaf *leaf, bool write, struct s2_mapping *m,
		  struct s2_attributes *both)
{
	bool accessed = page_log_is_on(vm, PAGE_LOG_ACCESSED), dirty = page_log_is_on(vm, PAGE_LOG_DIRTY);

	if (accessed)
		page_log_add(vm, PAGE_LOG_ACCESSED, leaf->l1_ipa);
	if (dirty && write)
		page_log_add(vm, PAGE_LOG_DIRTY, leaf->l1_ipa);
	else if (dirty)
		both->write = false;
	if (accessed || (dirty && write))
		m->level = LAST_LEVEL;
	return accessed || dirty;
}

static enum ledger_s2_fault fill(struct vcpu *v, const struct s2_leaf *leaf, l2_ipa_t ipa, uint64_t esr,
				 bool write)
{
	struct s2_mapping m = { .ipa = ipa, .l1_ipa = leaf->l1_ipa, .l1_shift = leaf->shift };
	struct s2_attributes both = s2_combine(s2_leaf_attributes(leaf), l0_attributes);
	bool xnx = field_get(ID_AA64MMFR1_XNX, cpu_features()->hw_id[SR_ID_AA64MMFR1_EL1]), watched;
	uint64_t offset, contiguous;
	enum ledger_s2_fault how;
	pa_t pa;

	if (!largest_block(v->vm, leaf, &m.level, &pa))
		return LEDGER_S2_DEVICE;
	watched = v->vm->log && watch(v->vm, leaf, write, &m, &both);
	if (watched && m.level == LAST_LEVEL) {
		offset = leaf->l1_ipa.val & (PAGE_SIZE - 1);
		vm_translate(v->vm, (l1_ipa_t){ leaf->l1_ipa.val - offset }, &pa, &contiguous);
	}
	if (v->vm->shadow->vtcr & VTCR_DS)
		both.sh = 0; /* they are address bits there */
	m.descriptor = s2_descriptor(both, pa, m.level == LAST_LEVEL, xnx);
	how = map(v, &m, esr);
	TRACE(v, firn_shadow_map, .l2_ipa = ipa.val, .l1_ipa = leaf->l1_ipa.val, .level = m.level,
	      .tree = v->shadow.tree->index);
	return watched && how == LEDGER_S2_REMAPPED ? LEDGER_S2_LOGGED : how;
}

/* A fault that L1's stage 2 reports. */
static enum ledger_s2_fault cause_of(uint32_t fsc)
{
	switch (fsc & FSC_TYPE) {
	case FSC_ADDRESS_SIZE:
		return LEDGER_S2_L1_ADDRESS_SIZE;
	case FSC_ACCESS:
		return LEDGER_S2_L1_ACCESS;
	case FSC_PERMISSION:
		return LEDGER_S2_L1_PERMISSION;
	case FSC_EXTERNAL_WALK:
		return LEDGER_S2_L1_EXTERNAL;
	case FSC_MINUS_1:
		return fsc == FSC_TRANSLATION_MINUS_1 ? LEDGER_S2_L1_TRANSLATION : LEDGER_S2_L1_ADDRESS_SIZE;
	case FSC_EXTERNAL:
		return LEDGER_S2_L1_EXTERNAL; /* at level -1 */
	default:
		return LEDGER_S2_L1_TRANSLATION;
	}
}

static enum ledger_s2_fault resolve(struct vcpu *v, l2_ipa_t ipa, uint64_t esr, struct shadow_out *out)
{
	struct s2_access a = access_of(v, esr);
	struct s2_walk w;

	switch (walk(v, &v->shadow.tree->geometry, ipa, a, true, &w)) {
	case S2_LEAF:
		out->l1_ipa = w.leaf.l1_ipa;
		return fill(v, &w.leaf, ipa, esr, a.write);
	case S2_FAULT:
		out->fsc = w.fsc;
		return cause_of(w.fsc);
	case S2_NEXT:
		break;
	}
	return LEDGER_S2_RACED;
}

enum shadow_result shadow_fault(struct vcpu *v, l2_ipa_t ipa, uint64_t esr, struct shadow_out *out)
{
	struct shadow *s = v->vm->shadow;
	enum ledger_s2_fault cause;

	spin_lock(&s->lock);
	cause = resolve(v, ipa, esr, out);
	spin_unlock(&s->lock);
	v->ledger->now.s2.fault[cause]++;
	if (cause < LEDGER_S2_DEVICE)
		return SHADOW_RETRY;
	return cause == LEDGER_S2_DEVICE ? SHADOW_L1_DEVICE : SHADOW_L1_FAULT;
}

/* --- the reverse map --- */

/* Trees come and go in restrict one by one, so that TLBs of each are cleaned before the lock is given up. */
static void restrict_l1(struct vm *vm, l1_ipa_t l1_ipa, uint64_t size,
			bool (*restriction)(struct s2_pool *, l1_ipa_t, uint64_t, unsigned *,
					    struct s2_flush *))
{
	struct shadow *s = vm->shadow;
	unsigned tree;

	spin_lock(&s->lock);
	for (;;) {
		struct s2_flush f = { 0 };

		if (!restriction(&s->pool, l1_ipa, size, &tree, &f))
			break;
		flush(&s->tree[tree], &f);
	}
	spin_unlock(&s->lock);
}

void shadow_unmap_l1(struct vm *vm, l1_ipa_t l1_ipa, uint64_t size)
{
	restrict_l1(vm, l1_ipa, size, s2_unmap_l1);
}

void shadow_protect_l1(struct vm *vm, l1_ipa_t l1_ipa, uint64_t size)
{
	restrict_l1(vm, l1_ipa, size, s2_protect_l1);
}

void shadow_forget(struct vm *vm)
{
	struct shadow *s = vm->shadow;

	spin_lock(&s->lock);
	for (unsigned i = 0; i < s->trees; i++) {
		s2_clear(&s->pool, i);
		flush_all(&s->tree[i]);
	}
	spin_unlock(&s->lock);
}

void shadow_describe(const struct vm *vm, struct ledger_s2 *s2)
{
	const struct s2_pool *p = &vm->shadow->pool;
	uint32_t roots = TREES * p->root_tables;

	s2->trees = vm->shadow->trees;
	for (unsigned level = 0; level < 4; level++)
		s2->leaves[level] = p->leaves[level];
	s2->table_bytes = (p->tables - roots - p->free_tables + s2->trees * p->root_tables) * PAGE_SIZE;
	s2->table_bytes_max = p->tables * PAGE_SIZE;
}

/* --- AT --- */

bool shadow_read_u64(struct vcpu *v, l2_ipa_t ipa, uint64_t *value, bool *stage2, uint32_t *fsc)
{
	uint64_t hcr = vncr_read(v->nv.page, SLOT_HCR_EL2);
	struct s2_geometry g;
	struct s2_walk w;

	*stage2 = false;
	if (!(hcr & (HCR_VM | HCR_DC)))
		return vm_read_u64(v->vm, (l1_ipa_t){ ipa.val }, value);
	g = geometry_of(v->vm->shadow, l1_regime(v));
	if (walk(v, &g, ipa, (struct s2_access){ .s1_walk = true, .protect_walk = hcr & HCR_PTW }, false,
		 &w) == S2_LEAF)
		return vm_read_u64(v->vm, w.leaf.l1_ipa, value);
	*stage2 = true;
	*fsc = w.fsc;
	return false;
}

/* HCR_EL2.CD of L1 makes Normal memory Non-cacheable, where HCR_EL2.FWB does not say what it is. */
static void apply_cd(const struct vcpu *v, struct s2_leaf *leaf)
{
	bool cd = vncr_read(v->nv.page, SLOT_HCR_EL2) & HCR_CD;

	if (cd && !(leaf->memattr & S2_MEMATTR_FWB) && leaf->memattr > S2_MEMATTR_NC)
		leaf->memattr = S2_MEMATTR_NC;
}

uint64_t shadow_at_stage2(struct vcpu *v, uint64_t par, bool is_write)
{
	struct s2_geometry g = geometry_of(v->vm->shadow, l1_regime(v));
	struct s2_walk w;

	if (walk(v, &g, (l2_ipa_t){ par & PAR_PA }, (struct s2_access){ .write = is_write }, false, &w) !=
	    S2_LEAF)
		return PAR_F | PAR_RES1 | PAR_S | field_put(PAR_FST, w.fsc);
	apply_cd(v, &w.leaf);
	return s2_par(par, &w.leaf);
}

/* --- TLBI --- */

static void invalidate_stage1(uint64_t vttbr, enum sysreg op, uint64_t operand)
{
	uint64_t before = tlbi_enter_vmid(vttbr);

	tlbi_stage1(op, operand);
	tlbi_leave_vmid(before);
}

/* How many leaves it removed. */
static uint32_t invalidate(struct shadow *s, struct shadow_tree *t, const struct s2_inval *what)
{
	uint32_t before = s->pool.tree[t->index].leaves;
	struct s2_flush f = { 0 };

	if (what->scope == S2_INVAL_RANGE) {
		s2_unmap(&s->pool, t->index, what->ipa, what->size, &f);
		flush(t, &f);
	} else {
		s2_clear(&s->pool, t->index);
		flush_all(t);
	}
	return before - s->pool.tree[t->index].leaves;
}

static enum ledger_s2_invalidation kind_of(enum s2_inval_scope scope)
{
	switch (scope) {
	case S2_INVAL_STAGE1:
		return LEDGER_S2_STAGE1;
	case S2_INVAL_RANGE:
		return LEDGER_S2_RANGE;
	case S2_INVAL_VMID:
		return LEDGER_S2_VMID;
	case S2_INVAL_ALL:
		return LEDGER_S2_ALL;
	case S2_INVAL_NOTHING:
		break;
	}
	return LEDGER_S2_NOTHING;
}

/* Most often L1 invalidates for the guest that it ran last. */
static struct s2_inval decode(const struct vcpu *v, struct regime r, enum sysreg op, uint64_t operand)
{
	struct s2_geometry g;

	if (v->shadow.tree && is_for(v->shadow.tree, r))
		return s2_inval_decode(&v->shadow.tree->geometry, op, operand);
	g = geometry_of(v->vm->shadow, r);
	return s2_inval_decode(&g, op, operand);
}

void shadow_tlbi(struct vcpu *v, enum sysreg op, uint64_t operand)
{
	struct shadow *s = v->vm->shadow;
	struct ledger_s2 *count = &v->ledger->now.s2;
	struct regime r = l1_regime(v);
	struct s2_inval what = decode(v, r, op, operand);
	uint16_t vmid = s2_vmid(r.vttbr, r.vtcr);

	count->invalidation[kind_of(what.scope)]++;
	TRACE(v, firn_tlbi, .name = sysreg_info[op].enc, .operand = operand);
	if (what.scope == S2_INVAL_NOTHING)
		return;
	spin_lock(&s->lock);
	for (unsigned i = 0; i < s->trees; i++) {
		struct shadow_tree *t = &s->tree[i];

		if (what.scope != S2_INVAL_ALL && t->l1_vmid != vmid)
			continue;
		if (what.scope == S2_INVAL_STAGE1)
			invalidate_stage1(t->vttbr, op, operand);
		else
			count->leaves_removed += invalidate(s, t, &what);
		if (what.scope != S2_INVAL_STAGE1)
			TRACE(v, firn_shadow_unmap, .l2_ipa = what.scope == S2_INVAL_RANGE ? what.ipa.val : 0,
			      .size = what.scope == S2_INVAL_RANGE ? what.size : 0, .tree = t->index);
	}
	/* L1's own EL1&0, while its HCR_EL2.VM is 0, has stage 1 only, under a VMID of its own. */
	if (what.scope == S2_INVAL_STAGE1)
		invalidate_stage1(vm_vttbr_guest(v->vm), op, operand);
	else if (what.scope != S2_INVAL_RANGE)
		invalidate_stage1(vm_vttbr_guest(v->vm), SR_TLBI_VMALLE1IS, 0);
	spin_unlock(&s->lock);
}
