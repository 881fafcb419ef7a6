/*
 * What does an abort that hardware's stage 2 makes look like to L1, or to its guest?  L1 and its guest know nothing of that stage 2:
 * what they see is an abort of L1's own stage 2, or what a machine without one does. Next: abort.c; host/run/abort.c acts.
 */
#ifndef NV_ABORT_H
#define NV_ABORT_H

#include "nv/arch/fields.h"
#include "nv/state.h"

enum nv_abort {
	NV_ABORT_STAGE2,       /* a fault of stage 2: HPFAR_EL2 and FAR_EL2 say of which address */
	NV_ABORT_PC_ALIGNMENT, /* it is a fetch from an address that has an exception of its own */
	NV_ABORT_ALIGNMENT,    /* stage 2 made the memory Device: EL1's fault (AArch64.S2Translate) */
	NV_ABORT_EXTERNAL, /* the rest: External, TLB conflict, an atomic access that the memory does not support */
};

/* pc is where the abort was taken from. */
enum nv_abort nv_abort_kind(uint64_t esr, uint64_t pc);

static inline bool nv_abort_is_fetch(uint64_t esr)
{
	return field_get(ESR_EC, esr) == EC_IABT_LOW;
}

static inline bool nv_abort_is_permission(uint64_t esr)
{
	return (esr & FSC_TYPE) == FSC_PERMISSION;
}

/* Is HPFAR_EL2 UNKNOWN?  After a permission fault, unless that was of a walk of stage 1. */
static inline bool nv_abort_has_no_ipa(uint64_t esr)
{
	return !(esr & ESR_S1PTW) && nv_abort_is_permission(esr);
}

/*
 * ESR_ELx of the level that takes an abort with the status code fsc for the access of esr, as an abort that is not stage 2's:
 * without a description of the instruction (AArch64.FaultSyndrome). same_level: that level's own access.
 */
uint64_t nv_abort_syndrome(uint64_t esr, bool same_level, uint32_t fsc);

/* The syndrome of a PC alignment fault. */
#define NV_ABORT_PC_ALIGNMENT_ESR (field_put(ESR_EC, EC_PC_ALIGN) | ESR_IL)

/* The status code when nothing answers at the address that stage 2 refused. */
uint32_t nv_abort_external_fsc(uint64_t esr);

/* Is an External abort of L1's guest taken to vEL2 (HCR_EL2.TEA)? */
bool nv_abort_external_is_vel2s(const struct nv_state *l1);

/* ESR_EL2 of L1 when its own stage 2 refuses, with fsc, the access of esr: as hardware would have reported it. */
uint64_t nv_abort_of_l1_stage2(uint64_t esr, uint32_t fsc);

/* The syndrome esr as if the access had no description, and wrote or read. */
uint64_t nv_abort_undescribed(uint64_t esr, bool write);

#endif
