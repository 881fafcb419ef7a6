/*
 * What does a fault of L2 add to the shadow?  Break-before-make: an entry that changes is removed, TLBs are cleaned, and only
 * then the new one is written.  Reads: fill.h, tree.h.  Next: shadow-s2/combine.c, shadow-s2/tree.c.
 */
#include "host/shadow/fill.h"

#include "host/core/features.h"
#include "host/machine/site.h"
#include "host/machine/sysreg.h"
#include "host/report/ring.h"
#include "host/shadow/tree.h"
#include "host/shadow/walk.h"
#include "host/vm/page_log.h"
#include "nv/abort.h"
#include "shadow-s2/combine.h"

#define FIRST_LEAF_LEVEL 1
#define LAST_LEVEL 3
#define STRIDE 9

/* Everything of L0's own stage 2 is the same kind of RAM: host/vm/stage2.c. */
static const struct s2_attributes l0_attributes = { S2_MEMATTR_WB, S2_SH_INNER, true, true, true, true };

/*
 * Cache maintenance reads, whatever WnR says. With HCRX_EL2.CMOW of L1 some of it needs both permissions (AArch64.CheckPermission), as the
 * update of a descriptor does: what a stage 2 refused that it may read was of that kind.
 */
static __attribute__((cold, noinline)) struct s2_access maintenance(const struct vcpu *v, uint64_t esr)
{
	bool both = nv_abort_is_permission(esr) && (vncr_get(&v->nv.file, SR_HCRX_EL2) & HCRX_CMOW);

	return (struct s2_access){ .write = both, .s1_walk = both };
}

/*
 * For an access of a walk of stage 1 ESR_EL2.WnR is about the access that needed the walk. The walk reads; what it was refused
 * although it may read is an update of the descriptor (AF, dirty state).
 */
static struct s2_access access_of(const struct vcpu *v, uint64_t esr)
{
	bool fetch = nv_abort_is_fetch(esr);
	struct s2_access a = { .el0 = vcpu_is_at_el0(v) };

	if (esr & ESR_S1PTW) {
		a.s1_walk = true;
		a.write = nv_abort_is_permission(esr);
		a.protect_walk = vncr_get(&v->nv.file, SR_HCR_EL2) & HCR_PTW;
		return a;
	}
	a.fetch = fetch;
	a.write = !fetch && (esr & ESR_WNR);
	return __builtin_expect((esr & ESR_CM) != 0, 0) && !fetch ? maintenance(v, esr) : a;
}

static unsigned block_shift(int level)
{
	return PAGE_SHIFT + STRIDE * (unsigned)(LAST_LEVEL - level);
}

/* Are 2^shift bytes around an address in L1's leaf, and in one piece of the machine's memory, at *pa, that is aligned as they are? */
static inline bool is_one_piece(const struct vm *vm, const struct s2_mapping *m, unsigned shift, pa_t *pa)
{
	uint64_t size = UINT64_C(1) << shift, contiguous;

	return shift <= m->l1_shift &&
	       vm_translate(vm, (l1_ipa_t){ m->l1_ipa.val & ~(size - 1) }, pa, &contiguous) &&
	       contiguous >= size && !(pa->val & (size - 1));
}

/* The level of the largest block that is one piece. False: the address is not L1's RAM. */
static bool largest_block(const struct vm *vm, struct s2_mapping *m, pa_t *pa)
{
	for (m->level = FIRST_LEAF_LEVEL; m->level <= LAST_LEVEL; m->level++)
		if (is_one_piece(vm, m, block_shift(m->level), pa))
			return true;
	return false;
}

/*
 * A page of a PCI function's registers that L1 has given its guest: if L0 has it open in its own stage 2 now. What closes it takes it out of
 * the shadow afterwards (host/device/pci.c). 0: it is none, or a fetch, which finds nothing there.
 */
static __attribute__((cold, noinline)) pa_t device_page(const struct vm *vm, l1_ipa_t ipa, uint64_t esr)
{
	pa_t pa;

	return !nv_abort_is_fetch(esr) && stage2_is_open(&vm->stage2, ipa, &pa) ? pa : (pa_t){ 0 };
}

/* Registers: what L1 allows but for fetches, as Device-nGnRE, or as L1 has it if that is stronger. */
static inline struct s2_attributes of_device(struct s2_attributes l1)
{
	return (struct s2_attributes){
		.memattr = (uint8_t)((l1.memattr & S2_MEMATTR_FWB) |
				     (l1.memattr & S2_MEMATTR_WB ? S2_MEMATTR_DEVICE_NGNRE : 0)),
		.read = l1.read,
		.write = l1.write,
	};
}

/* Of a block, the page that ipa is in. */
static void only_page(l1_ipa_t ipa, int *level, pa_t *pa)
{
	pa->val |= ipa.val & ((UINT64_C(1) << block_shift(*level)) - 1) & ~(PAGE_SIZE - 1);
	*level = LAST_LEVEL;
}

/* The mapping goes into the tree, and whatever is in its way leaves it. */
static enum ledger_s2_fault map(struct vcpu *v, const struct s2_mapping *m, uint64_t esr)
{
	struct shadow *s = v->vm->shadow;
	const struct shadow_tree *t = v->shadow.tree;
	enum ledger_s2_fault how = LEDGER_S2_MAPPED;

	for (;;) {
		struct s2_flush f;

		f.all = false;
		f.count = 0;
		switch (s2_map(&s->pool, t->index, m, &f)) {
		case S2_MAPPED:
			dsb_ishst();
			return how;
		case S2_UNCHANGED:
			/* A TLB refuses what the tables allow: its entry is older than they are. */
			if (nv_abort_is_permission(esr))
				shadow_flush(t, &(struct s2_flush){ .count = 1, .ipa = { m->ipa } });
			return LEDGER_S2_STALE;
		case S2_BREAK:
			how = LEDGER_S2_REMAPPED;
			shadow_flush(t, &f);
			break;
		case S2_FULL:
			v->ledger.book->now.s2.evictions++;
			shadow_flush(&s->tree[s2_evict(&s->pool, &f)], &f);
			break;
		}
	}
}

/*
 * Where the shadow's leaves are smaller than L1's, the nearest ones are mapped at once: who uses a part of what L1 has as one page uses
 * the next part as a rule. Not where a page log has to see each of them.
 */
static __attribute__((noinline)) void map_around(struct vcpu *v, const struct s2_mapping *m)
{
	unsigned one = block_shift(m->level), most = one + S2_AROUND_BITS;
	unsigned shift = m->l1_shift < most ? m->l1_shift : most;
	pa_t pa;

	if (shift == one || !is_one_piece(v->vm, m, shift, &pa))
		return;
	s2_map_around(&v->vm->shadow->pool, v->shadow.tree->index, m, shift);
	dsb_ishst();
}

/*
 * While a page log is kept, a page that is not in it yet must not be mapped so that it can get there unseen: it is mapped
 * alone when this access puts it there, and without write permission when the access does not write. True: that is so.
 */
static bool watch(struct page_log *log, l1_ipa_t ipa, bool write, int *level, pa_t *pa, bool *may_write)
{
	bool accessed = page_log_is_on(log, PAGE_LOG_ACCESSED), dirty = page_log_is_on(log, PAGE_LOG_DIRTY);

	if (accessed)
		page_log_add(log, PAGE_LOG_ACCESSED, ipa);
	if (dirty && write)
		page_log_add(log, PAGE_LOG_DIRTY, ipa);
	else if (dirty)
		*may_write = false;
	if (accessed || (dirty && write))
		only_page(ipa, level, pa);
	return accessed || dirty;
}

static void tell_map(struct vcpu *v, uint64_t ipa, uint64_t l1_ipa, uint64_t level)
{
	TRACE(v, firn_shadow_map, .l2_ipa = ipa, .l1_ipa = l1_ipa, .level = (int)level,
	      .tree = v->shadow.tree->index);
}

static enum ledger_s2_fault fill(struct vcpu *v, const struct s2_leaf *leaf, l2_ipa_t ipa, uint64_t esr,
				 bool write)
{
	struct s2_mapping m = { .ipa = ipa, .l1_ipa = leaf->l1_ipa, .l1_shift = leaf->shift };
	struct s2_attributes both = s2_combine(s2_leaf_attributes(leaf), l0_attributes);
	bool xnx = field_get(ID_AA64MMFR1_XNX, cpu_features()->hw_id[SR_ID_AA64MMFR1_EL1]);
	enum ledger_s2_fault how;
	bool watched;
	pa_t pa;

	if (!largest_block(v->vm, &m, &pa)) {
		pa = device_page(v->vm, leaf->l1_ipa, esr);
		if (!pa.val)
			return LEDGER_S2_DEVICE;
		m.level = LAST_LEVEL;
		both = of_device(both);
	}
	watched = v->vm->log && watch(v->vm->log, leaf->l1_ipa, write, &m.level, &pa, &both.write);
	if (v->vm->shadow->vtcr & VTCR_DS)
		both.sh = 0; /* they are address bits there */
	m.descriptor = s2_descriptor(both, pa, m.level == LAST_LEVEL, xnx);
	how = map(v, &m, esr);
	if (m.l1_shift > PAGE_SHIFT && !watched)
		map_around(v, &m);
	SITE_CALL(v->trace.cpu, tell_map, v, ipa.val, leaf->l1_ipa.val, m.level);
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

/* Ahead of an access no log has it either, since it may not be made in the end. */
static bool is_left_to_fault(const struct vcpu *v, const struct s2_walk *w)
{
	const struct page_log *log = v->vm->log;

	return page_log_is_on(log, PAGE_LOG_DIRTY) || page_log_is_on(log, PAGE_LOG_ACCESSED) ||
	       !s2_is_allowed_ahead(w);
}

static enum ledger_s2_fault resolve(struct vcpu *v, l2_ipa_t ipa, uint64_t esr, bool ahead,
				    struct shadow_out *out)
{
	struct s2_access a = access_of(v, esr);
	struct s2_walk w;

	switch (shadow_walk(v, &v->shadow.tree->geometry, ipa, a, !ahead, &w)) {
	case S2_LEAF:
		if (__builtin_expect(ahead, 0) && is_left_to_fault(v, &w))
			break;
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

/* Nothing found ahead is no fault: that comes, or does not. */
static void count(struct ledger_s2 *s2, bool ahead, enum ledger_s2_fault cause)
{
	if (!__builtin_expect(ahead, 0))
		s2->fault[cause]++;
	else if (cause <= LEDGER_S2_REMAPPED)
		s2->ahead++;
}

enum shadow_result shadow_fault(struct vcpu *v, l2_ipa_t ipa, uint64_t esr, bool ahead,
				struct shadow_out *out)
{
	struct shadow *s = v->vm->shadow;
	enum ledger_s2_fault cause;

	spin_lock(&s->lock);
	cause = resolve(v, ipa, esr, ahead, out);
	spin_unlock(&s->lock);
	count(&v->ledger.book->now.s2, ahead, cause);
	if (cause < LEDGER_S2_DEVICE)
		return SHADOW_RETRY;
	return cause == LEDGER_S2_DEVICE ? SHADOW_L1_DEVICE : SHADOW_L1_FAULT;
}

bool shadow_is_made_again(struct vcpu *v, struct shadow_refused *refused)
{
	*refused = v->shadow.refused;
	v->shadow.refused = (struct shadow_refused){ .pc = SHADOW_NOT_REFUSED };
	return (vncr_get(&v->nv.file, SR_HCR_EL2) & (HCR_VM | HCR_DC)) && refused->tree == v->shadow.tree;
}
