/* How does a vCPU begin?  Reads: reset.h.  Next: host/run/run.c. */
#include "host/world/reset.h"

#include <stddef.h>

#include "host/core/features.h"
#include "host/interrupt/nested_gic.h"
#include "host/interrupt/timer.h"
#include "host/record/ledger.h"
#include "host/report/print.h"
#include "host/vm/vm.h"
#include "host/world/controls.h"
#include "host/world/debug.h"
#include "host/world/fp.h"
#include "host/world/park.h"
#include "host/world/pmu.h"
#include "host/world/routing.h"
#include "host/world/serror.h"
#include "host/world/world.h"
#include "nv/idreg.h"
#include "nv/translate.h"

void vcpu_describe(const struct vcpu *v)
{
	static const char *const level[] = { "vEL2", "L1 EL1", "L1 EL0", "L2 EL1", "L2 EL0" };

	if (!v) {
		print("firn: no vCPU ran\n");
		return;
	}
	print("firn: VM %u vCPU %u ran at %s, %s mode, pc %lx pstate %lx, L1's HCR_EL2 %lx\n", v->vm->index,
	      v->index, level[v->ledger.level], v->nv.mode == NV_MODE_V84 ? "nv2" : "nv", v->pc, v->pstate,
	      vncr_get(&v->nv.file, SR_HCR_EL2));
}

_Static_assert(offsetof(struct vcpu, nv.file.page) % VNCR_PAGE_BYTES == 0, "VNCR_EL2.BADDR");

bool vcpu_init(struct vcpu *v, struct vm *vm, unsigned index, enum nv_mode mode, enum nv_e2h_choice e2h)
{
	v->vm = vm;
	v->index = index;
	v->midr = cpu_features()->midr;
	v->mpidr = MPIDR_RES1 | index;
	v->midr = cpu_features()->midr;
	v->nv.mode = mode;
	v->nv.has_vhe = e2h != NV_E2H_IS_0;
	v->nv.e2h_is_res1 = e2h == NV_E2H_IS_1;
	v->nv.has_ecv = cpu_features()->ecv_poff;
	v->nv.has_fgt = cpu_features()->fgt;
	v->nv.has_ras = cpu_features()->ras;
	v->nv.has_pmu = cpu_features()->pmu;
	v->nv.has_sve = cpu_features()->sve;
	return fp_init(v) && ledger_add(v);
}

/* ID registers are computed once and then read like any other. */
static uint64_t reset_value(const struct vcpu *v, enum sysreg r)
{
	if (sysreg_info[r].access == VEL2_ID)
		return nv_id_value(r, cpu_features()->hw_id[r], v->vm->e2h);
	return sysreg_info[r].reset;
}

void vcpu_reset(struct vcpu *v, l1_ipa_t entry, uint64_t x0)
{
	for (unsigned i = 0; i < 31; i++)
		v->gp.x[i] = 0;
	for (unsigned r = 1; r < SR_COUNT; r++)
		vncr_set(&v->nv.file, r, reset_value(v, r));
	vncr_set(&v->nv.file, SR_VPIDR_EL2, cpu_features()->midr);
	vncr_set(&v->nv.file, SR_VMPIDR_EL2, v->mpidr);
	vncr_set(&v->nv.file, SR_MDCR_EL2, field_put(MDCR_HPMN, cpu_features()->pmu_counters));
	vncr_set(&v->nv.file, SR_RVBAR_EL2, entry.val);
	vncr_set(&v->nv.file, SR_HCR_EL2, nv_hcr_with_fixed_e2h(&v->nv, vncr_get(&v->nv.file, SR_HCR_EL2)));
	world_reset_controls(v);
	world_reset(v);
	routing_reset(v);
	world_reset_serror(v);
	nested_gic_reset(v);
	timer_reset(v, v->vm->time_stops);
	park_reset(v);
	pmu_reset(v);
	debug_reset(v);
	fp_reset(v);
	v->gp.x[0] = x0;
	v->pc = entry.val;
	v->pstate = PSTATE_DAIF | SPSR_M_EL1H;
}
