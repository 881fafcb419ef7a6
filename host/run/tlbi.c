/*
 * Which hardware TLB entries and shadow tables does a TLBI of vEL2 name?  vEL2's own translations have a VMID of
 * hardware's EL1&0 regime, which is loaded while L1 runs; its guests' have those of the shadow tables.
 * Reads: tlbi.h.  Next: host/shadow/invalidate.c.
 */
#include "host/run/tlbi.h"

#include "host/machine/sysreg.h"
#include "host/shadow/invalidate.h"
#include "host/vm/tlb.h"
#include "host/vm/vm.h"
#include "nv/regime.h"

void tlbi_emulate(struct vcpu *v, enum sysreg op, uint64_t operand)
{
	struct nv_tlbi t = nv_tlbi(&v->nv, op);

	dsb_ishst();
	if (t.of_vel2) /* the VMID that is loaded now */
		tlbi_stage1(t.op, operand);
	else
		shadow_tlbi(v, t.op, operand);
	dsb_ish();
}
