/* What does a hypervisor write before it enters its guest?  Next: enter_eret.S, the ERET and the way back. */
#include "guest-hyp/lesson/lesson.h"
#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"
#include "nv/arch/addr.h"
#include "nv/arch/fields.h"
#include "nv/arch/pa_range.h"

#define VMID 1
#define IPA_BITS 39
#define S2_BLOCK_RWX \
	UINT64_C(0x7fd) /* level 1: 1 GiB, normal write-back, inner shareable, readable, writable, AF */
#define GIB_SHIFT 30

extern const char enter_vectors[], enter_guest[];
void enter_eret(void);

static struct guest_memory memory;

struct guest_memory guest_memory(void)
{
	uint64_t *table = rt_page(), ram = rt_machine()->ram >> GIB_SHIFT;
	uint64_t pa_range = field_get(ID_AA64MMFR0_PARANGE, read_sysreg(ID_AA64MMFR0_EL1));

	table[ram] = ram << GIB_SHIFT | S2_BLOCK_RWX;
	dsb(sy);
	return (struct guest_memory){
		.descriptor = &table[ram],
		.vttbr = (uint64_t)table | field_put(VTTBR_VMID, VMID),
		.vtcr = VTCR_RES1 | field_put(VTCR_T0SZ, 64 - IPA_BITS) | field_put(VTCR_SL0, 1) |
			field_put(VTCR_IRGN0, 1) | field_put(VTCR_ORGN0, 1) | field_put(VTCR_SH0, 3) |
			field_put(VTCR_PS, pa_range > PA_RANGE_48 ? PA_RANGE_48 : pa_range),
	};
}

void enter_begin(void)
{
	memory = guest_memory();
	write_sysreg(VBAR_EL2, enter_vectors);
	isb();
	enter_once(); /* the first time, the shadow stage 2 is empty */
}

/*
 * Another vCPU of the guest each time, so that the values differ. What belongs to the guest itself has EL12 names, since the EL1 names
 * are EL2's own with HCR_EL2.E2H = 1.
 */
void enter_once(void)
{
	static uint64_t vcpu;

	vcpu++;
	write_sysreg(HCR_EL2, HCR_RW | HCR_E2H | HCR_IMO | HCR_VM);
	write_sysreg(VTCR_EL2, memory.vtcr);
	write_sysreg(VTTBR_EL2, memory.vttbr);
	write_sysreg(VMPIDR_EL2, BIT(31) | vcpu);
	write_sysreg(CNTVOFF_EL2, vcpu << 32);
	write_sysreg(SCTLR_EL12, SCTLR_EL1_RES1);
	write_sysreg(CPACR_EL12, 0);
	write_sysreg(TTBR0_EL12, vcpu << PAGE_SHIFT);
	write_sysreg(TCR_EL12, 0);
	write_sysreg(MAIR_EL12, 0);
	write_sysreg(VBAR_EL12, vcpu << PAGE_SHIFT);
	write_sysreg(ELR_EL2, enter_guest);
	write_sysreg(SPSR_EL2, SPSR_M_EL1H | PSTATE_DAIF);
	enter_eret();
}

void enter_end(void)
{
}
