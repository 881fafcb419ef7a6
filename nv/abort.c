/* What does an abort that hardware's stage 2 makes look like to L1?  Reads: abort.h.  Next: host/run/abort.c. */
#include "nv/abort.h"

/* What ESR_ELx tells of the instruction, if ISV says so. */
#define DESCRIPTION (ESR_ISV | ESR_SAS | ESR_SSE | ESR_SRT | ESR_SF | ESR_AR)

#define PC_ALIGNMENT 4

/* A PC alignment fault comes before any abort of the fetch, which is what QEMU 10.0 looks at first. */
enum nv_abort nv_abort_kind(uint64_t esr, uint64_t pc)
{
	if (nv_abort_is_fetch(esr) && pc % PC_ALIGNMENT)
		return NV_ABORT_PC_ALIGNMENT;
	if ((esr & FSC_TYPE) <= FSC_PERMISSION || (esr & FSC_TYPE) == FSC_MINUS_1)
		return NV_ABORT_STAGE2;
	return (esr & ESR_DFSC) == FSC_ALIGNMENT ? NV_ABORT_ALIGNMENT : NV_ABORT_EXTERNAL;
}

static uint64_t class_at(uint64_t esr, bool same_level)
{
	if (nv_abort_is_fetch(esr))
		return same_level ? EC_IABT_CUR : EC_IABT_LOW;
	return same_level ? EC_DABT_CUR : EC_DABT_LOW;
}

uint64_t nv_abort_syndrome(uint64_t esr, bool same_level, uint32_t fsc)
{
	uint64_t access = nv_abort_is_fetch(esr) ? 0 : esr & (ESR_WNR | ESR_CM);

	return field_put(ESR_EC, class_at(esr, same_level)) | ESR_IL | access | fsc;
}

uint32_t nv_abort_external_fsc(uint64_t esr)
{
	return esr & ESR_S1PTW ? FSC_EXTERNAL_WALK | (uint32_t)(esr & FSC_LEVEL) : FSC_EXTERNAL;
}

bool nv_abort_external_is_vel2s(const struct nv_state *l1)
{
	return vncr_get(&l1->file, SR_HCR_EL2) & HCR_SHOWN & HCR_TEA;
}

/* A walk of L1's tables that meets nothing is an External abort, of which the syndrome has no description. */
uint64_t nv_abort_of_l1_stage2(uint64_t esr, uint32_t fsc)
{
	if ((fsc & FSC_TYPE) == FSC_EXTERNAL_WALK || fsc == FSC_EXTERNAL_WALK_MINUS_1)
		esr &= ~DESCRIPTION;
	return (esr & ~ESR_DFSC) | fsc;
}

uint64_t nv_abort_undescribed(uint64_t esr, bool write)
{
	return (esr & ~(DESCRIPTION | ESR_WNR)) | (write ? ESR_WNR : 0);
}
