/*
 * What can be said and done about one shadow tree?  What it is the shadow of, and how the TLBs forget what has left it.
 * Reads: tree.h.  Next: trees.c, which tree a vCPU is on.
 */
#include "host/shadow/tree.h"

#include "host/machine/sysreg.h"
#include "host/vm/tlb.h"

/* --- what it is the shadow of --- */

struct regime shadow_regime(const struct vcpu *v)
{
	const struct vncr_file *file = &v->nv.file;

	return (struct regime){ vncr_get(file, SR_VTTBR_EL2) & ~VTTBR_CNP, vncr_get(file, SR_VTCR_EL2),
				vncr_get(file, SR_HCR_EL2) & v->vm->shadow->l1_hcr };
}

struct s2_geometry shadow_geometry(const struct shadow *s, struct regime r)
{
	struct s2_geometry g = s2_geometry(&s->l1_cpu, r.vttbr, r.vtcr);

	g.fwb = r.fwb != 0;
	return g;
}

bool shadow_is_for(const struct shadow_tree *t, struct regime r)
{
	return t->l1.vttbr == r.vttbr && t->l1.vtcr == r.vtcr && t->l1.fwb == r.fwb;
}

/* --- TLBs --- */

static void flush_all(const struct shadow_tree *t)
{
	uint64_t before = tlbi_enter_vmid(t->vttbr);

	tlbi_vmalls12e1is();
	tlbi_leave_vmid(before);
}

static void flush_pages(const struct shadow_tree *t, const struct s2_flush *f)
{
	uint64_t before = tlbi_enter_vmid(t->vttbr);

	for (unsigned i = 0; i < f->count; i++)
		tlbi_ipas2e1is(f->ipa[i].val >> PAGE_SHIFT);
	dsb_ish();
	tlbi_vmalle1is();
	tlbi_leave_vmid(before);
}

void shadow_flush(const struct shadow_tree *t, const struct s2_flush *f)
{
	if (f->all)
		flush_all(t);
	else if (f->count)
		flush_pages(t, f);
}

void shadow_empty(struct shadow *s, const struct shadow_tree *t)
{
	s2_clear(&s->pool, t->index);
	flush_all(t);
}
