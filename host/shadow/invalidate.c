/*
 * What leaves the shadow, and the TLBs with it?  What a TLBI of L1 names, and what L0 takes back. The lock is held from the
 * change of the tables until the TLBs are clean, so that no fault on another CPU brings back what is going.
 * Reads: invalidate.h, tree.h.  Next: shadow-s2/inval.c, shadow-s2/rmap.c.
 */
#include "host/shadow/invalidate.h"

#include "host/machine/site.h"
#include "host/machine/sysreg.h"
#include "host/report/ring.h"
#include "host/shadow/tree.h"
#include "host/vm/tlb.h"
#include "shadow-s2/inval.h"

/* --- what L0 takes back, for page logs --- */

/* restriction names the trees one by one, so that TLBs of each are cleaned before the lock is given up. */
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
		shadow_flush(&s->tree[tree], &f);
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
	for (unsigned i = 0; i < s->trees; i++)
		shadow_empty(s, &s->tree[i]);
	spin_unlock(&s->lock);
}

/* --- what L1 takes back --- */

static void invalidate_stage1(uint64_t vttbr, enum sysreg op, uint64_t operand)
{
	uint64_t before = tlbi_enter_vmid(vttbr);

	tlbi_stage1(op, operand);
	tlbi_leave_vmid(before);
}

/* A TLBI of L1 for its guest, and what it names. */
struct order {
	enum sysreg op;
	uint64_t operand;
	uint16_t l1_vmid;
	bool local; /* for v's own TLBs: the others are L1's business, or there are none */
	struct s2_inval what;
};

/* Most often L1 invalidates for the guest that it ran last, whose geometry is known. KVM has FWB clear meanwhile, which is of no matter. */
static struct s2_inval decode(const struct vcpu *v, struct regime r, enum sysreg op, uint64_t operand)
{
	const struct shadow_tree *last = v->shadow.tree;
	struct s2_geometry g;

	if (last && last->l1.vttbr == r.vttbr && last->l1.vtcr == r.vtcr)
		return s2_inval_decode(&last->geometry, op, operand);
	g = shadow_geometry(v->vm->shadow, r);
	return s2_inval_decode(&g, op, operand);
}

static void remove_range(struct shadow *s, const struct shadow_tree *t, const struct s2_inval *what)
{
	struct s2_flush f = { 0 };

	s2_unmap(&s->pool, t->index, what->ipa, what->size, &f);
	shadow_flush(t, &f);
}

static void tell_unmap(struct vcpu *v, uint64_t what, uint64_t tree, uint64_t none)
{
	const struct s2_inval *w = (const void *)what;
	bool range = w->scope == S2_INVAL_RANGE;

	(void)none;
	TRACE(v, firn_shadow_unmap, .l2_ipa = range ? w->ipa.val : 0, .size = range ? w->size : 0,
	      .tree = (int)tree);
}

static void remove_from(struct vcpu *v, const struct shadow_tree *t, const struct s2_inval *what)
{
	struct shadow *s = v->vm->shadow;
	const uint32_t *leaves = &s->pool.tree[t->index].leaves, before = *leaves;
	bool range = what->scope == S2_INVAL_RANGE;

	if (range)
		remove_range(s, t, what);
	else
		shadow_empty(s, t);
	v->ledger.book->now.s2.leaves_removed += before - *leaves;
	SITE_CALL_WITH(v->trace.cpu, tell_unmap, v, what, t->index, 0, *what);
}

static void apply(struct vcpu *v, const struct shadow_tree *t, const struct order *o)
{
	if (o->what.scope != S2_INVAL_ALL && t->l1_vmid != o->l1_vmid)
		return;
	if (o->what.scope == S2_INVAL_STAGE1)
		invalidate_stage1(t->vttbr, o->op, o->operand);
	else
		remove_from(v, t, &o->what);
}

static bool any_used_flat(const struct vm *vm)
{
	for (unsigned i = 0; i < vm->nvcpus; i++)
		if (__atomic_load_n(&vm->vcpu[i]->shadow.flat, __ATOMIC_RELAXED) != SHADOW_FLAT_NOTHING)
			return true;
	return false;
}

static bool is_all_of_stage1(enum sysreg op)
{
	return op == SR_TLBI_VMALLE1 || op == SR_TLBI_VMALLE1IS || op == SR_TLBI_VMALLE1OS;
}

/* L1's own EL1&0, while its HCR_EL2.VM is 0, has stage 1 only, under a VMID of its own; most L1s do without it. */
static void apply_without_stage2(struct vcpu *v, const struct order *o)
{
	bool by_name = o->what.scope == S2_INVAL_STAGE1 && !is_all_of_stage1(o->op);

	if (o->what.scope == S2_INVAL_RANGE)
		return;
	if (!by_name && o->local) {
		if (v->shadow.flat == SHADOW_FLAT_USED)
			v->shadow.flat = SHADOW_FLAT_STALE;
		return;
	}
	if (!any_used_flat(v->vm))
		return;
	invalidate_stage1(vm_vttbr_guest_context(v->vm), by_name ? o->op : SR_TLBI_VMALLE1IS, o->operand);
	if (!by_name)
		v->shadow.flat = SHADOW_FLAT_NOTHING; /* others may be on it */
}

/*
 * Of v's own TLBs. A tree that v was on is another's only after its VMID was invalidated on all CPUs, so that it is of no matter what is
 * read of it meanwhile. All of the VMID that v comes back to goes when it does: VTTBR_EL2 has to be loaded for it anyway.
 */
static void apply_local_stage1(struct vcpu *v, const struct order *o)
{
	const struct shadow *s = v->vm->shadow;

	for (unsigned i = 0; i < s->trees; i++) {
		const struct shadow_tree *t = &s->tree[i];

		if (t->l1_vmid != o->l1_vmid)
			continue;
		if (t == v->shadow.tree && is_all_of_stage1(o->op))
			v->shadow.stale = true;
		else
			invalidate_stage1(t->vttbr, o->op, o->operand);
	}
	apply_without_stage2(v, o);
}

static void tell_tlbi(struct vcpu *v, uint64_t op, uint64_t operand, uint64_t none)
{
	(void)none;
	TRACE(v, firn_tlbi, .name = sysreg_info[op].enc, .operand = operand);
}

void shadow_tlbi(struct vcpu *v, enum sysreg op, uint64_t operand)
{
	static const enum ledger_s2_invalidation count_as[] = {
		[S2_INVAL_STAGE1] = LEDGER_S2_STAGE1,	[S2_INVAL_RANGE] = LEDGER_S2_RANGE,
		[S2_INVAL_VMID] = LEDGER_S2_VMID,	[S2_INVAL_ALL] = LEDGER_S2_ALL,
		[S2_INVAL_NOTHING] = LEDGER_S2_NOTHING,
	};
	struct shadow *s = v->vm->shadow;
	struct regime r = shadow_regime(v);
	struct order o = { s2_tlbi_without_range(op), operand, s2_vmid(r.vttbr, r.vtcr),
			   s2_tlbi_is_local(op) || v->vm->nvcpus == 1, decode(v, r, op, operand) };

	v->ledger.book->now.s2.invalidation[count_as[o.what.scope]]++;
	SITE_CALL(v->trace.cpu, tell_tlbi, v, op, operand, 0);
	if (o.what.scope == S2_INVAL_NOTHING)
		return;
	if (o.what.scope == S2_INVAL_STAGE1 && o.local) {
		apply_local_stage1(v, &o);
		return;
	}
	spin_lock(&s->lock);
	for (unsigned i = 0; i < s->trees; i++)
		apply(v, &s->tree[i], &o);
	apply_without_stage2(v, &o);
	spin_unlock(&s->lock);
}
