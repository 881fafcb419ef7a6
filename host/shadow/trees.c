/*
 * Which tables does hardware walk while L2 runs?  Here trees are made, and the one for L1's stage 2 is found or taken.
 * Reads: trees.h, tree.h.  Next: fill.c, what faults add; invalidate.c, what leaves.
 */
#include "host/shadow/trees.h"

#include <string.h>

#include "host/core/features.h"
#include "host/core/mmu.h"
#include "host/core/pages.h"
#include "host/machine/sysreg.h"
#include "host/shadow/tree.h"
#include "host/vm/vmid.h"
#include "nv/arch/pa_range.h"
#include "nv/idreg.h"
#include "shadow-s2/combine.h"

/* The pool maps the VM's RAM twice over with pages; besides there are tables above those. */
#define TABLES_PER_2MIB 2
#define TABLES_ABOVE 64

#define ATTRIBUTE_WB 1 /* IRGN0, ORGN0 */

/* --- making --- */

static uint64_t l1_id(enum sysreg r)
{
	return nv_id_value(r, cpu_features()->hw_id[r], NV_E2H_FREE);
}

static unsigned pa_bits_of_l1(void)
{
	return pa_range_bits(field_get(ID_AA64MMFR0_PARANGE, l1_id(SR_ID_AA64MMFR0_EL1)));
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
		return vtcr | VTCR_DS | VTCR_SL2 | field_put(VTCR_PS, PA_RANGE_52) |
		       field_put(VTCR_SH0, S2_SH_OUTER);
	return vtcr | field_put(VTCR_SL0, p->root_level == 0 ? 2 : 1) |
	       field_put(VTCR_PS, range < PA_RANGE_48 ? range : PA_RANGE_48) |
	       field_put(VTCR_SH0, S2_SH_INNER);
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

/* --- which tree? --- */

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
		if (shadow_is_for(&s->tree[i], r))
			return &s->tree[i];
	v->ledger.book->now.s2.trees_taken++;
	t = choose(v->vm);
	if (t->used)
		shadow_empty(s, t);
	else
		s->trees++;
	t->used = true;
	t->l1 = r;
	t->l1_vmid = s2_vmid(r.vttbr, r.vtcr);
	t->geometry = shadow_geometry(s, r);
	return t;
}

static void change_tree(struct vcpu *v, struct regime r)
{
	struct shadow *s = v->vm->shadow;

	spin_lock(&s->lock);
	v->shadow.tree = NULL;
	v->shadow.tree = take(v, r);
	v->shadow.tree->last_entered = ++s->entries;
	spin_unlock(&s->lock);
}

/* --- what TLBs have to forget first --- */

/* It stays loaded. */
static void forget_stage1(uint64_t vttbr)
{
	write_sysreg(VTTBR_EL2, vttbr);
	isb();
	tlbi_vmalle1();
	dsb_nsh();
}

static __attribute__((noinline)) void come_to_tree(struct vcpu *v)
{
	struct regime r = shadow_regime(v);

	if (v->shadow.stale)
		forget_stage1(v->shadow.tree->vttbr);
	v->shadow.stale = false;
	if (!v->shadow.tree || !shadow_is_for(v->shadow.tree, r))
		change_tree(v, r);
}

uint64_t shadow_vttbr(struct vcpu *v)
{
	if (!v->shadow.tree || v->shadow.stale || !shadow_is_for(v->shadow.tree, shadow_regime(v)))
		come_to_tree(v);
	return v->shadow.tree->vttbr;
}

/* Who invalidates on all CPUs, and does not see that it is used, has changed the tables before what is walked from here on. */
void shadow_use_flat(struct vcpu *v)
{
	uint64_t vttbr = vncr_get(&v->nv.file, SR_VTTBR_EL2);

	if (v->shadow.flat != SHADOW_FLAT_NOTHING &&
	    (v->shadow.flat == SHADOW_FLAT_STALE || vttbr != v->shadow.flat_vttbr))
		forget_stage1(vm_vttbr_guest_context(v->vm));
	v->shadow.flat_vttbr = vttbr;
	__atomic_store_n(&v->shadow.flat, SHADOW_FLAT_USED, __ATOMIC_RELAXED);
	dsb_ish();
}

uint64_t shadow_vtcr(const struct vcpu *v)
{
	return v->vm->shadow->vtcr;
}

/* --- how it is --- */

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
