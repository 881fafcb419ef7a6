/* How do TLBs forget what a VMID had?  Reads: tlb.h. */
#include "host/vm/tlb.h"

void tlbi_stage1(enum sysreg op, uint64_t operand)
{
	switch (op) {
	case SR_TLBI_VAE1:
	case SR_TLBI_VAE1IS:
	case SR_TLBI_VAE1OS:
	case SR_TLBI_VALE1:
	case SR_TLBI_VALE1IS:
	case SR_TLBI_VALE1OS:
		tlbi_vae1is(operand);
		break;
	case SR_TLBI_VAAE1:
	case SR_TLBI_VAAE1IS:
	case SR_TLBI_VAAE1OS:
	case SR_TLBI_VAALE1:
	case SR_TLBI_VAALE1IS:
	case SR_TLBI_VAALE1OS:
		tlbi_vaae1is(operand);
		break;
	case SR_TLBI_ASIDE1:
	case SR_TLBI_ASIDE1IS:
	case SR_TLBI_ASIDE1OS:
		tlbi_aside1is(operand);
		break;
	default:
		/* ALLE2, VMALLE1 and the range forms: all of the regime, which is no more than L1 could notice. */
		tlbi_vmalle1is();
		break;
	}
}
