/* What does this level do when its guest sends an SGI, and when one arrives for it?  Called from ipi_vectors.S.  Reads: lesson.h. */
#include "guest-hyp/lesson/lesson.h"
#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"
#include "nv/arch/fields.h"

#define INSTRUCTION_SIZE 4

struct guest_regs {
	uint64_t x[32]; /* [31] reads as zero */
};
void ipi_sync(struct guest_regs *regs);
void ipi_irq(struct guest_regs *regs);

static volatile uint64_t pending; /* for the guest's vCPU 1: bits of SGIs */

static void send_for_guest(uint64_t sgi1r)
{
	pending = BIT(field_get(ICC_SGIR_INTID, sgi1r));
	gic_send(1, SGI_KICK);
}

void ipi_sync(struct guest_regs *regs)
{
	uint64_t esr = read_sysreg(ESR_EL2);

	switch (field_get(ESR_EC, esr)) {
	case EC_SYS64: /* the only register of L2 that traps */
		send_for_guest(regs->x[field_get(ESR_SYS64_RT, esr)]);
		write_sysreg(ELR_EL2, read_sysreg(ELR_EL2) + INSTRUCTION_SIZE);
		return;
	case EC_HVC64:
		write_sysreg(SPSR_EL2, SPSR_M_EL2H | PSTATE_DAIF);
		return;
	default:
		rt_fail("ipi ESR_EL2 0x%lx ELR_EL2 0x%lx", esr, read_sysreg(ELR_EL2));
	}
}

void ipi_irq(struct guest_regs *regs)
{
	uint64_t intid = read_sysreg(ICC_IAR1_EL1);

	(void)regs;
	write_sysreg(ICC_EOIR1_EL1, intid);
	if (intid == SGI_KICK && pending == BIT(SGI_OF_GUEST))
		write_sysreg(ICH_LR0_EL2,
			     ICH_LR_PENDING | ICH_LR_GROUP | field_put(ICH_LR_VINTID, SGI_OF_GUEST));
}
