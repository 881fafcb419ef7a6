/*
 * What does a PE look like just after it took an exception to vEL2, or to an EL1 below it? Next: eret.h, the way
 * back.
 */
#ifndef NV_DELIVER_H
#define NV_DELIVER_H

#include <stdbool.h>
#include <stdint.h>

/* Order and distance of the four vectors in each group: AArch64.TakeException. */
enum nv_vector {
	NV_VECTOR_SYNC = 0x000,
	NV_VECTOR_IRQ = 0x080,
	NV_VECTOR_FIQ = 0x100,
	NV_VECTOR_SERROR = 0x180,
};

enum nv_from {
	NV_FROM_SAME,  /* the level that takes the exception */
	NV_FROM_LOWER, /* a lower one */
};

struct nv_target {
	uint64_t vbar;
	uint64_t sctlr;	  /* SCTLR_EL2 or SCTLR_EL1 of the level that takes the exception */
	bool may_set_pan; /* EL1, or EL2 with HCR_EL2.{E2H,TGE} = {1,1} */
	bool is_vel2;	  /* then a saved mode of EL1 on an exception from the same level reads as EL2 */
};

struct nv_exception {
	uint64_t elr, spsr;  /* for ELR_ELx and SPSR_ELx of the target */
	uint64_t pc, pstate; /* where it goes on; pstate in hardware's terms (EL1h) */
};

/*
 * AArch64.TakeException for a PE that runs at hardware EL1 or EL0. pc is the preferred return address, pstate is in
 * hardware's terms. AArch32 at EL0 is told by PSTATE.nRW.
 */
struct nv_exception nv_take_exception(const struct nv_target *to, enum nv_from from, enum nv_vector vector,
				      uint64_t pc, uint64_t pstate);

/*
 * SPSR_EL2 of L1 where hardware does not report vEL2 in SPSR_EL1.M of an exception that vEL2 takes to itself: with
 * HCR_EL2.{NV,NV1,NV2} = {1,1,0} (I_ZJRNN). Every access of software to the register traps then, so that L1's value is kept in
 * memory, and hardware's register has NV_SPSR_KEPT. No exception from vEL2 leaves that, since M is EL1t or EL1h there.
 */
#define NV_SPSR_KEPT UINT64_C(0) /* M is EL0t */
uint64_t nv_spsr_el2(uint64_t hw, uint64_t kept);

#endif
