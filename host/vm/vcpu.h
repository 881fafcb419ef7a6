/*
 * What is a vCPU to L0?  The registers of whatever ran last on it, L1's view of its own machine (nv/state.h), and which
 * of L1's two worlds the hardware registers hold at the moment.  Next: host/world/reset.h, host/world/world.h.
 */
#ifndef HOST_VM_VCPU_H
#define HOST_VM_VCPU_H

#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>

#include "host/vm/debug_types.h"
#include "host/vm/fp_types.h"
#include "host/vm/gic_types.h"
#include "host/vm/pmu_types.h"
#include "host/vm/power_types.h"
#include "host/vm/queue_types.h"
#include "host/vm/record_types.h"
#include "host/vm/shadow_types.h"
#include "host/vm/timer_types.h"
#include "host/vm/world_types.h"
#include "nv/arch/addr.h"
#include "nv/arch/fields.h"
#include "nv/deliver.h"
#include "nv/gic/state.h"
#include "nv/state.h"

struct vm;

/*
 * Its registers are written by everybody who acts for it. All else has an owner, the file that the type's comment names, and what
 * others want of it they ask that file for. What is small and used in each exit is first: a load has little room for an offset.
 */
struct vcpu {
	/* Everybody's: */
	struct {
		uint64_t x[31];
	} gp;
	uint64_t pc;	 /* ELR_EL2 at the last exit, and where the next entry goes */
	uint64_t pstate; /* SPSR_EL2 in hardware's terms: vEL2 is EL1h or EL1t here */
	/* One owner's each: */
	struct vcpu_ledger ledger;
	struct vcpu_trace trace;
	struct vcpu_world world;
	struct vcpu_serror serror;
	struct vcpu_controls controls;
	struct vcpu_nested_gic nested_gic;
	struct vcpu_routing routing;
	struct vcpu_power power;
	struct vcpu_fp fp;
	struct vcpu_queue queue;
	/* Who it is, since vcpu_init: */
	struct vm *vm;
	unsigned index;
	uint64_t mpidr, midr; /* MPIDR_EL1 and MIDR_EL1 as L1 reads them */
	/* One owner's again: */
	struct vcpu_debug debug;
	struct vcpu_pmu pmu;
	struct vgic_cpu vgic; /* host/interrupt/vgic.c, with nv/gic, under the VM's lock */
	struct shadow_vcpu shadow;
	struct vcpu_timers timers;
	/* Everybody's registers; mode and undecided are host/world/world.c's, what L1 has is said by vcpu_init. Large. */
	_Alignas(VNCR_PAGE_BYTES) struct nv_state nv;
	struct vcpu_shared shared;
	struct vcpu_breaks breaks;
	struct fp_state fp_state;
};

/* Did the last exit come from EL0?  In AArch32, which a guest can try to enter, M is 0b10000 there. */
static inline bool vcpu_is_at_el0(const struct vcpu *v)
{
	return field_get(SPSR_M_EL, v->pstate) == 0;
}

/* SPSR_EL2 of L1, where hardware's SPSR_EL1 is raw: that itself, or what nv_spsr_el2 makes of it and of the value that is kept. */
static inline uint64_t vcpu_spsr_el2(const struct vcpu *v, uint64_t raw)
{
	return __builtin_expect(v->world.keeps_spsr, 0) ? nv_spsr_el2(raw, v->world.spsr_el2) : raw;
}

/* Xn as most instructions name it: 31 is XZR. */
static inline uint64_t vcpu_x(const struct vcpu *v, unsigned n)
{
	return n < 31 ? v->gp.x[n] : 0;
}

static inline void vcpu_set_x(struct vcpu *v, unsigned n, uint64_t value)
{
	if (n < 31)
		v->gp.x[n] = value;
}

#define INSTRUCTION_BYTES 4

/*
 * L0 has carried out the instruction that v trapped with: what is true behind every instruction but a taken branch is so. PSTATE.BTYPE
 * is 0 (BTypeNext), and the step of a software step is done (SSAdvance): its exception comes before the next instruction.
 */
static inline void vcpu_end_instruction(struct vcpu *v)
{
	v->pc += INSTRUCTION_BYTES;
	v->pstate &= ~(PSTATE_BTYPE | PSTATE_SS);
}

#endif
