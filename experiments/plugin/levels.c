/* Who runs now, and why did it stop?  Pure: from register values.  Next: count.c. */
#include "experiments/plugin/levels.h"

#include "nv/arch/bits.h"
#include "nv/arch/fields.h"
#include "nv/arch/firn_abi.h"
#include "nv/arch/sysreg.h"

#define VTTBR_TREE BITS(47, 1) /* BADDR, without VMID and CnP */
#define VECTORS 0x800u
#define VECTOR 0x80u
#define KIND 0x180u /* of the four in each group: synchronous, IRQ, FIQ, SError */

static bool is_known(const struct trees *trees, uint64_t base)
{
	for (unsigned i = 0; i < trees->count && i < TREES_MOST; i++)
		if (trees->base[i] == base)
			return true;
	return false;
}

/* The oldest gives way. */
static void note(struct trees *trees, uint64_t base)
{
	if (!is_known(trees, base))
		trees->base[trees->count++ % TREES_MOST] = base;
}

enum ledger_level level_beside(struct trees *trees, uint64_t spsr, uint64_t hcr, uint64_t vttbr)
{
	bool el0 = (spsr & SPSR_M_EL) == 0, aarch32 = spsr & SPSR_NRW;
	uint64_t base = vttbr & VTTBR_TREE;

	if (aarch32)
		el0 = (spsr & SPSR_M) == 0; /* User mode */
	else if (field_get(SPSR_M_EL, spsr) >= 2)
		return LEDGER_L0;
	if (hcr & HCR_TGE)
		return LEDGER_L0;
	if (hcr & HCR_NV) {
		note(trees, base);
		return el0 ? LEDGER_L1_EL0 : LEDGER_VEL2;
	}
	if (is_known(trees, base))
		return el0 ? LEDGER_L1_EL0 : LEDGER_L1_EL1;
	return el0 ? LEDGER_L2_EL0 : LEDGER_L2_EL1;
}

bool is_at_el2(uint64_t pstate)
{
	return !(pstate & SPSR_NRW) && field_get(SPSR_M_EL, pstate) == 2;
}

bool is_vector(uint64_t address, uint64_t vbar)
{
	return address - vbar < VECTORS && (address - vbar) % VECTOR == 0;
}

static uint32_t reason_of_class(uint64_t esr)
{
	unsigned class = (unsigned)field_get(ESR_EC, esr);
	enum sysreg r;

	switch (class) {
	case EC_HVC64:
		return field_get(ESR_IMM16, esr) == FIRN_HVC_MARK ? (uint32_t)LEDGER_MARK : EC_HVC64;
	case EC_WFX:
		return esr & ESR_WFX_TI ? LEDGER_WFE : LEDGER_WFI;
	case EC_SYS64:
		r = sysreg_from_iss((uint32_t)(esr & ESR_ISS));
		return r == SR_NONE ? UINT32_MAX : LEDGER_SYSREG + 2 * (uint32_t)r + !(esr & ESR_SYS64_READ);
	default:
		return class;
	}
}

uint32_t reason_taken(uint64_t vector, uint64_t esr)
{
	switch (vector & KIND) {
	case 0x80:
		return LEDGER_IRQ;
	case 0x100:
		return LEDGER_FIQ;
	case 0x180:
		return LEDGER_SERROR;
	default:
		return reason_of_class(esr);
	}
}

bool is_unexecuted(uint32_t reason)
{
	return reason == EC_DABT_LOW || reason == EC_DABT_CUR;
}

/* A64's main encoding: op0 is [28:25]. */
bool may_fault(uint32_t insn)
{
	uint32_t op0 = insn >> 25 & 15;

	return op0 != 8 && op0 != 9 && op0 != 5 &&
	       op0 != 13; /* data processing, of immediates and of registers */
}

bool is_eret(uint32_t insn)
{
	return insn == 0xd69f03e0 || insn == 0xd69f0bff || insn == 0xd69f0fff; /* ERET, ERETAA, ERETAB */
}
