/* How do TLBs forget what a VMID had?  Reads: tlb.h. */
#include "host/vm/tlb.h"

void tlbi_stage1(enum sysreg op, uint64_t operand)
{
	switch (op) {
#define X(NAME, name)                     \
	case SR_TLBI_##NAME:              \
		tlbi_##name(operand);     \
		break;                    \
	case SR_TLBI_##NAME##IS:          \
	case SR_TLBI_##NAME##OS:          \
		tlbi_##name##is(operand); \
		break;
		TLBI_STAGE1_LIST(X)
#undef X
	case SR_TLBI_VMALLE1:
		tlbi_vmalle1();
		break;
	default:
		tlbi_vmalle1is();
		break;
	}
}
