/*
 * What is a vCPU to L0?  The registers of whatever ran last on it, L1's view of its own machine (nv/state.h), and which
 * of L1's two worlds the hardware registers hold at the moment.  Next: host/world/reset.h, host/world/world.h.
 */
#ifndef HOST_VM_VCPU_H
#define HOST_VM_VCPU_H

#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>

#include "host/vm/fp_types.h"
#include "host/vm/shadow_types.h"
#include "host/vm/timer_types.h"
#include "nv/arch/addr.h"
#include "nv/arch/fields.h"
#include "nv/deliver.h"
#include "nv/gic/state.h"
#include "nv/share.h"
#include "nv/state.h"
#include "traces/ledger.h"

struct cpu;
struct trace_cpu;
struct trace_seen;
struct vm;

/* Whose EL1&0 state the hardware holds. */
enum world {
	WORLD_VEL2,  /* L1 at vEL2, or at EL0 below it with HCR_EL2.{E2H,TGE} = {1,1} */
	WORLD_GUEST, /* EL1 or EL0 of L2, or of L1's own kernel while L1's HCR_EL2.VM is 0 */
};

/* Registers that L1's two worlds share, and so L0 exchanges between vCPUs only: host/world/park.c. */
struct vcpu_shared {
	uint64_t tpidr_el0, tpidrro_el0, tpidr_el1, par, sp_el0, mdscr, mdccint, csselr, actlr, osdlr, vdisr;
};

/* L1's breakpoints and watchpoints, while hardware does not have them as they are: host/world/debug.h. */
struct vcpu_breaks {
	uint64_t bvr[16], bcr[16], wvr[16], wcr[16];
	bool oslk; /* the OS Lock of hardware */
};

struct vcpu_debug {
	uint64_t
		busy; /* what hardware's MDSCR_EL1 has for vEL2, 0 while that is of no consequence; nv mode: SS and MDE */
	uint64_t mdcr, mdcr_guest; /* MDCR_EL2 while vEL2 runs, and for its guest as L1 asks for it */
	bool translated; /* hardware's breakpoints and watchpoints are those for vEL2, L1's are in breaks */
	bool hidden;	 /* nv mode: hardware's MDSCR_EL1 is the one for vEL2, L1's is l1_mdscr */
	uint64_t l1_mdscr;
};

enum vcpu_leave {
	LEAVE_PREEMPTED,
	LEAVE_YIELDS,
	LEAVE_WAITS,
	LEAVE_OFF,
};

struct vcpu {
	struct {
		uint64_t x[31];
	} gp;
	uint64_t pc;	 /* ELR_EL2 at the last exit, and where the next entry goes */
	uint64_t pstate; /* SPSR_EL2 in hardware's terms: vEL2 is EL1h or EL1t here */
	struct ledger_vcpu *ledger;
	uint64_t entered_l0;	 /* CNTPCT_EL0 at the last exit from the guest */
	uint64_t left_l0;	 /* CNTPCT_EL0 at the last entry to the guest */
	struct trace_cpu *trace; /* of the CPU that it is on; NULL: nobody records */
	struct trace_seen *seen; /* what was told of its registers */
	uint64_t hcr; /* L0's own HCR_EL2 in both worlds; VSE while an SError that it passes on is pending */
	enum world world;
	enum ledger_level level; /* where the last exit came from */
	bool vel2_is_vhe;	 /* the E2H that the loaded (or last loaded) vEL2 state was translated for */
	bool keeps_spsr;	 /* SPSR_EL1 of hardware is not L1's SPSR_EL2 as it is: spsr_el2 may be */
	bool disr_is_guests;	 /* VDISR_EL2 of hardware is the guest context's, while that runs */
	bool zcr_is_guests;	 /* ZCR_EL1 and ZCR_EL2 of hardware are, see host/world/fp.h */
	bool fgt_loaded;	 /* some HFG*_EL2 or HDFG*_EL2 of hardware is not 0 */
	bool el0_only; /* the guest context is EL0 below an E2H=0 vEL2 with HCR_EL2.TGE: see world_forward_el0 */
	bool l2_gic;	     /* the list registers of hardware are the ones that L1 wrote for its guest */
	uint32_t l2_lrs;     /* which of them are not empty: one bit each */
	bool l1_maintenance; /* the level of L1's maintenance interrupt */
	bool gic_split;	     /* l2_gic, but not for both groups: host/interrupt/nested_gic.h */
	uint64_t gic_routed; /* HCR_EL2.{TGE,IMO,FMO} of L1 when l2_gic was set */
	bool unsettled;	     /* nv.undecided, or interrupts are held back: for the next entry of the guest */
	bool powered_on;     /* PSCI state */
	uint64_t mpidr;	     /* MPIDR_EL1 as L1 reads it */
	uint64_t spsr_el2;   /* of L1, see keeps_spsr */
	bool resched;	     /* this CPU is to look who runs next: host/run/sched.h */
	uint64_t
		fpen; /* CPTR_EL2.FPEN, or that and ZEN, while the FP, or SVE, registers of hardware are v's; else 0 */
	struct vm *vm;
	struct cpu *cpu;
	unsigned index;
	struct vcpu_debug debug;
	uint64_t serror_esr; /* the syndrome of the SError of hcr */
	bool serror_loaded;  /* hardware's HCR_EL2.VSE is that one */
	struct vgic_cpu vgic;
	struct shadow_vcpu shadow;
	struct vcpu_timers timers;
	struct share share;
	enum vcpu_leave leave;			      /* why resched is set */
	_Alignas(VNCR_PAGE_BYTES) struct nv_state nv; /* large: what is used in each exit stands before it */
	struct vcpu_shared shared;
	struct vcpu_breaks breaks;
	struct fp_state fp;
	struct sve_state *sve; /* on a CPU that has it */
	bool sve_used;	       /* since the reset: the V registers of fp are stale, those of sve are theirs */
};

/* Did the last exit come from EL0?  In AArch32, which a guest can try to enter, M is 0b10000 there. */
static inline bool vcpu_is_at_el0(const struct vcpu *v)
{
	return field_get(SPSR_M_EL, v->pstate) == 0;
}

/* SPSR_EL2 of L1, where hardware's SPSR_EL1 is raw: that itself, or what nv_spsr_el2 makes of it and of the value that is kept. */
static inline uint64_t vcpu_spsr_el2(const struct vcpu *v, uint64_t raw)
{
	return __builtin_expect(v->keeps_spsr, 0) ? nv_spsr_el2(raw, v->spsr_el2) : raw;
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
