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

struct shadow_tree {
	uint64_t l1_vttbr, l1_vtcr; /* what it is the shadow of, if used */
	uint64_t vttbr;		    /* hardware's */
	uint64_t last_taken;
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
	uint64_t taken; /* trees taken so far */
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
		.small_tables = field_get(ID_AA64MMFR2_ST, l1_id(SR_ID_AA64MMFR2_EL1)),
		.xnx = field_get(ID_AA64MMFR1_XNX, mmfr1),
		.access_flag = hafdbs >= 1,
		.dirty_state = hafdbs >= 2,
	};
}

/* VTCR_EL2.PS and ID_AA64MMFR0_EL1.PARange count alike; a shadow descriptor says 48 bits at most. */
static uint64_t vtcr_of(const struct s2_pool *p)
{
	uint64_t range = field_get(ID_AA64MMFR0_PARANGE, cpu_features()->hw_id[SR_ID_AA64MMFR0_EL1]);
	uint64_t sl0 = p->root_level == 0 ? 2 : 1;

	return VTCR_RES1 | field_put(VTCR_T0SZ, 64 - p->ia_bits) | field_put(VTCR_SL0, sl0) |
	       field_put(VTCR_IRGN0, ATTRIBUTE_WB) | field_put(VTCR_ORGN0, ATTRIBUTE_WB) |
	       field_put(VTCR_SH0, S2_SH_INNER) | field_put(VTCR_PS, range < 5 ? range : 5) |
	       (cpu_features()->vmid_bits == 16 ? VTCR_VS : 0);
}

static bool make_pool(struct s2_pool *p, uint64_t ram_size)
{
	uint32_t tables;
	size_t overhead;
	pa_t entries, rest;

	s2_pool_shape(p, cpu_features()->pa_bits);
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
	s->l1_cpu = l1_cpu();
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

/* TLBI instructions name the VMID of VTTBR_EL2. Returns what it was; the caller gives it back with leave_vmid. */
static uint64_t enter_vmid(uint64_t vttbr)
{
	uint64_t before = read_sysreg(VTTBR_EL2);

	dsb_ishst();
	write_sysreg(VTTBR_EL2, vttbr);
	isb();
	return before;
}

static void leave_vmid(uint64_t before)
{
	dsb_ish();
	write_sysreg(VTTBR_EL2, before);
	isb();
}

/* Entries of a tree were removed. TLBs may also hold both stages as one. */
static void flush(const struct shadow_tree *t, const struct s2_flush *f)
{
	uint64_t before;

	if (!f->all && !f->count)
		return;
	before = enter_vmid(t->vttbr);
	if (f->all) {
		tlbi_vmalls12e1is();
	} else {
		for (unsigned i = 0; i < f->count; i++)
			tlbi_ipas2e1is(f->ipa[i].val >> PAGE_SHIFT);
		dsb_ish();
		tlbi_vmalle1is();
	}
	leave_vmid(before);
}

static void flush_all(const struct shadow_tree *t)
{
	flush(t, &(struct s2_flush){ .all = true });
}

/* --- which tree? --- */

/* CnP is a promise about other PEs, not about what is translated. */
static uint64_t l1_vttbr(const struct vcpu *v)
{
	return vncr_read(v->nv.page, SLOT_VTTBR_EL2) & ~VTTBR_CNP;
}

static uint64_t l1_vtcr(const struct vcpu *v)
{
	return vncr_read(v->nv.page, SLOT_VTCR_EL2);
}

static bool is_for(const struct shadow_tree *t, uint64_t vttbr, uint64_t vtcr)
{
	return t->used && t->l1_vttbr == vttbr && t->l1_vtcr == vtcr;
}

static bool is_in_use(const struct vm *vm, const struct shadow_tree *t)
{
	for (unsigned i = 0; i < vm->nvcpus; i++)
		if (vm->vcpu[i]->shadow.tree == t)
			return true;
	return false;
}

/* One that was never used, or the one that was taken longest ago. */
static struct shadow_tree *choose(struct vm *vm)
{
	struct shadow *s = vm->shadow;
	struct shadow_tree *best = NULL;

	for (unsigned i = 0; i < TREES; i++) {
		struct shadow_tree *t = &s->tree[i];

		if (is_in_use(vm, t))
			continue;
		if (!best || t->last_taken < best->last_taken)
			best = t;
	}
	return best;
}

static struct shadow_tree *take(struct vm *vm, uint64_t vttbr, uint64_t vtcr)
{
	struct shadow *s = vm->shadow;
	struct shadow_tree *t;

	for (unsigned i = 0; i < TREES; i++)
		if (is_for(&s->tree[i], vttbr, vtcr))
			return &s->tree[i];
	t = choose(vm);
	if (t->used) {
		s2_clear(&s->pool, t->index);
		flush_all(t);
	}
	t->used = true;
	t->last_taken = ++s->taken;
	t->l1_vttbr = vttbr;
	t->l1_vtcr = vtcr;
	t->l1_vmid = s2_vmid(vttbr, vtcr);
	t->geometry = s2_geometry(&s->l1_cpu, vttbr, vtcr);
	return t;
}

uint64_t shadow_vttbr(struct vcpu *v)
{
	uint64_t vttbr = l1_vttbr(v), vtcr = l1_vtcr(v);

	if (!v->shadow.tree || !is_for(v->shadow.tree, vttbr, vtcr)) {
		spin_lock(&v->vm->shadow->lock);
		v->shadow.tree = NULL;
		v->shadow.tree = take(v->vm, vttbr, vtcr);
		spin_unlock(&v->vm->shadow->lock);
	}
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

static struct s2_access access_of(const struct vcpu *v, uint64_t esr)
{
	bool fetch = field_get(ESR_EC, esr) == EC_IABT_LOW;

	return (struct s2_access){
		.fetch = fetch,
		.write = !fetch && (esr & ESR_WNR) && !(esr & ESR_CM),
		.el0 = vcpu_is_at_el0(v),
		.s1_walk = esr & ESR_S1PTW,
		.protect_walk = vncr_read(v->nv.page, SLOT_HCR_EL2) & HCR_PTW,
	};
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

static bool is_permission_fault(uint64_t esr)
{
	return (esr & FSC_TYPE) == FSC_PERMISSION;
}

/* The mapping goes into the tree, and whatever is in its way leaves it. */
static void map(struct shadow *s, const struct shadow_tree *t, const struct s2_mapping *m, uint64_t esr)
{
	for (;;) {
		struct s2_flush f = { 0 };

		switch (s2_map(&s->pool, t->index, m, &f)) {
		case S2_MAPPED:
			dsb_ishst();
			return;
		case S2_UNCHANGED:
			/* A TLB refuses what the tables allow: its entry is older than they are. */
			if (is_permission_fault(esr))
				flush(t, &(struct s2_flush){ .count = 1, .ipa = { m->ipa } });
			return;
		case S2_BREAK:
			flush(t, &f);
			break;
		case S2_FULL:
			flush(&s->tree[s2_evict(&s->pool, &f)], &f);
			break;
		}
	}
}

static enum shadow_result fill(struct vcpu *v, const struct s2_leaf *leaf, l2_ipa_t ipa, uint64_t esr,
			       struct shadow_out *out)
{
	struct s2_mapping m = { .ipa = ipa, .l1_ipa = leaf->l1_ipa, .l1_shift = leaf->shift };
	struct s2_attributes both = s2_combine(s2_leaf_attributes(leaf), l0_attributes);
	bool xnx = field_get(ID_AA64MMFR1_XNX, cpu_features()->hw_id[SR_ID_AA64MMFR1_EL1]);
	pa_t pa;

	out->l1_ipa = leaf->l1_ipa;
	if (!largest_block(v->vm, leaf, &m.level, &pa))
		return SHADOW_L1_DEVICE;
	m.descriptor = s2_descriptor(both, pa, m.level == LAST_LEVEL, xnx);
	map(v->vm->shadow, v->shadow.tree, &m, esr);
	TRACE(v, firn_shadow_map, .l2_ipa = ipa.val, .l1_ipa = leaf->l1_ipa.val, .level = m.level,
	      .tree = v->shadow.tree->index);
	return SHADOW_RETRY;
}

enum shadow_result shadow_fault(struct vcpu *v, l2_ipa_t ipa, uint64_t esr, struct shadow_out *out)
{
	struct shadow *s = v->vm->shadow;
	enum shadow_result result = SHADOW_RETRY;
	struct s2_walk w;

	spin_lock(&s->lock);
	switch (walk(v, &v->shadow.tree->geometry, ipa, access_of(v, esr), true, &w)) {
	case S2_LEAF:
		result = fill(v, &w.leaf, ipa, esr, out);
		break;
	case S2_FAULT:
		out->fsc = w.fsc;
		result = SHADOW_L1_FAULT;
		break;
	case S2_NEXT:
		break;
	}
	spin_unlock(&s->lock);
	return result;
}

/* --- AT --- */

uint64_t shadow_at_stage2(struct vcpu *v, uint64_t par, bool is_write)
{
	struct s2_geometry g = s2_geometry(&v->vm->shadow->l1_cpu, l1_vttbr(v), l1_vtcr(v));
	struct s2_walk w;

	if (walk(v, &g, (l2_ipa_t){ par & PAR_PA }, (struct s2_access){ .write = is_write }, false, &w) ==
	    S2_LEAF)
		return s2_par(par, &w.leaf);
	return PAR_F | PAR_RES1 | PAR_S | field_put(PAR_FST, w.fsc);
}

/* --- TLBI --- */

static void invalidate_stage1(uint64_t vttbr, enum sysreg op, uint64_t operand)
{
	uint64_t before = enter_vmid(vttbr);

	tlbi_stage1(op, operand);
	leave_vmid(before);
}

static void invalidate(struct shadow *s, struct shadow_tree *t, const struct s2_inval *what)
{
	struct s2_flush f = { 0 };

	if (what->scope == S2_INVAL_RANGE) {
		s2_unmap(&s->pool, t->index, what->ipa, what->size, &f);
		flush(t, &f);
		return;
	}
	s2_clear(&s->pool, t->index);
	flush_all(t);
}

void shadow_tlbi(struct vcpu *v, enum sysreg op, uint64_t operand)
{
	struct shadow *s = v->vm->shadow;
	struct s2_geometry g = s2_geometry(&s->l1_cpu, l1_vttbr(v), l1_vtcr(v));
	struct s2_inval what = s2_inval_decode(&g, op, operand);
	uint16_t vmid = s2_vmid(l1_vttbr(v), l1_vtcr(v));

	TRACE(v, firn_tlbi, .name = sysreg_info[op].enc, .operand = operand);
	if (what.scope == S2_INVAL_NOTHING)
		return;
	spin_lock(&s->lock);
	for (unsigned i = 0; i < TREES; i++) {
		struct shadow_tree *t = &s->tree[i];

		if (!t->used || (what.scope != S2_INVAL_ALL && t->l1_vmid != vmid))
			continue;
		if (what.scope == S2_INVAL_STAGE1)
			invalidate_stage1(t->vttbr, op, operand);
		else {
			TRACE(v, firn_shadow_unmap, .l2_ipa = what.scope == S2_INVAL_RANGE ? what.ipa.val : 0,
			      .size = what.scope == S2_INVAL_RANGE ? what.size : 0, .tree = t->index);
			invalidate(s, t, &what);
		}
	}
	/* L1's own EL1&0, while its HCR_EL2.VM is 0, has stage 1 only, under a VMID of its own. */
	if (what.scope == S2_INVAL_STAGE1)
		invalidate_stage1(vm_vttbr_guest(v->vm), op, operand);
	else if (what.scope != S2_INVAL_RANGE)
		invalidate_stage1(vm_vttbr_guest(v->vm), SR_TLBI_VMALLE1IS, 0);
	spin_unlock(&s->lock);
}
