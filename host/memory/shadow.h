/*
 * Which tables does hardware walk while L2 runs?  Trees of shadow-s2/tree.h, one for each stage 2 of L1 that was in use
 * lately, shared by the vCPUs of a VM and filled by faults.  Next: shadow.c, shadow-s2/walk.h.
 */
#ifndef HOST_SHADOW_H
#define HOST_SHADOW_H

#include "host/vcpu/vcpu.h"
#include "shadow-s2/walk.h"

/* Memory and VMIDs for a VM's shadow tables. False: not enough of one of them. */
bool shadow_create(struct vm *vm);

/* VTTBR_EL2 and VTCR_EL2 of hardware for L1's VTTBR_EL2 and VTCR_EL2 as they are now. On v's own CPU. */
uint64_t shadow_vttbr(struct vcpu *v);
uint64_t shadow_vtcr(const struct vcpu *v);

enum shadow_result {
	SHADOW_RETRY,	  /* L1 allows the access: the tables say so now, or L1 changed its own meanwhile */
	SHADOW_L1_FAULT,  /* L1's stage 2 refuses it, with out->fsc */
	SHADOW_L1_DEVICE, /* L1 allows it at out->l1_ipa, which is not RAM */
};

struct shadow_out {
	uint32_t fsc; /* ESR_EL2.DFSC or IFSC for L1 */
	l1_ipa_t l1_ipa;
};

/* What follows from an abort of the shadow stage 2 at ipa, with ESR_EL2 = esr: AArch64.S2Translate on L1's tables. */
enum shadow_result shadow_fault(struct vcpu *v, l2_ipa_t ipa, uint64_t esr, struct shadow_out *out);

/* Where L1's stage 2, as it is now, has ipa for an access how. False: it refuses it with *fsc. Without a stage 2 it is ipa. */
bool shadow_lookup(struct vcpu *v, l2_ipa_t ipa, struct s2_access how, l1_ipa_t *out, uint32_t *fsc);

/*
 * Eight bytes of a stage-1 table of L1's guest, read as a walk of its stage 1 would: through L1's stage 2 as it is now, if it
 * has one. False, with *fsc for L1: it cannot be read; *stage2: L1's stage 2 refuses it, else nothing is there.
 */
bool shadow_read_u64(struct vcpu *v, l2_ipa_t ipa, uint64_t *value, bool *stage2, uint32_t *fsc);

/* PAR_EL1 of AT S12E*, given that stage 1 alone left par (F = 0). vEL2 is loaded. */
uint64_t shadow_at_stage2(struct vcpu *v, uint64_t par, bool is_write);

/* A TLBI for the EL1&0 regime of L1's guest: op is not an nXS form. vEL2 is loaded. */
void shadow_tlbi(struct vcpu *v, enum sysreg op, uint64_t operand);

/* The part of *s2 that describes the VM as it is. */
void shadow_describe(const struct vm *vm, struct ledger_s2 *s2);

/*
 * For page logs: no shadow leaf maps any of size bytes from l1_ipa on, or none allows to write there, and no TLB does. Work in
 * proportion to size and to those leaves.
 */
void shadow_unmap_l1(struct vm *vm, l1_ipa_t l1_ipa, uint64_t size);
void shadow_protect_l1(struct vm *vm, l1_ipa_t l1_ipa, uint64_t size);

/* All trees of the VM are empty, and no TLB knows anything of them. */
void shadow_forget(struct vm *vm);

#endif
