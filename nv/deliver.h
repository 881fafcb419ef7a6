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

/* A mode of hardware's EL1 as vEL2 must see it: EL1t and EL1h become EL2t and EL2h. */
uint64_t nv_spsr_as_el2(uint64_t spsr);

#endif
