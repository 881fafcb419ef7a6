/*
 * How does an SGI get from one vCPU of a guest to another?  Both vCPUs of this level enter their guest's (ipi_vectors.S); what runs between
 * ipi_become_guest and ipi_leave_guest is L2.  Next: ipi_exits.c, what this level does about an exit.
 */
#include "guest-hyp/lesson/lesson.h"
#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"
#include "nv/arch/fields.h"

#define STACK_BYTES 4096

/* ipi_vectors.S */
extern const char ipi_vectors[];
void ipi_become_guest(uint64_t stack);
void ipi_leave_guest(void);

static struct guest_memory memory;
static volatile uint64_t taken;
static volatile bool is_ready, is_over;

/* --- this level --- */

static void enter(unsigned index)
{
	gic_on(index, BIT(SGI_KICK));
	write_sysreg(VBAR_EL2, ipi_vectors);
	write_sysreg(VTCR_EL2, memory.vtcr);
	write_sysreg(VTTBR_EL2, memory.vttbr);
	write_sysreg(VMPIDR_EL2, BIT(31) | index);
	write_sysreg(SCTLR_EL12, SCTLR_EL1_RES1);
	write_sysreg(ICH_VMCR_EL2, 0);
	write_sysreg(ICH_HCR_EL2, ICH_HCR_EN);
	write_sysreg(HCR_EL2, HCR_RW | HCR_E2H | HCR_IMO | HCR_FMO | HCR_VM);
	isb();
	ipi_become_guest((uint64_t)rt_page() + STACK_BYTES);
	write_sysreg(ICC_PMR_EL1, 0xf0); /* L2's own interface, as all that follows is L2's */
	write_sysreg(ICC_IGRPEN1_EL1, ICC_IGRPEN_ENABLE);
	isb();
}

/* --- L2 --- */

static void receive(void)
{
	enter(1);
	is_ready = true;
	while (!is_over) {
		__asm__ volatile("yield");
		if (read_sysreg(ICC_IAR1_EL1) != SGI_OF_GUEST)
			continue;
		write_sysreg(ICC_EOIR1_EL1, SGI_OF_GUEST);
		taken++;
	}
	ipi_leave_guest();
}

void ipi_begin(void)
{
	memory = guest_memory();
	start_other(receive);
	while (!is_ready)
		__asm__ volatile("yield");
	enter(0);
	ipi_once(); /* the first time, the shadow stage 2 lacks pages */
}

void ipi_once(void)
{
	uint64_t before = taken;

	write_sysreg(ICC_SGI1R_EL1, field_put(ICC_SGIR_INTID, SGI_OF_GUEST) | BIT(1));
	while (taken == before)
		__asm__ volatile("yield");
}

void ipi_end(void)
{
	is_over = true;
	ipi_leave_guest();
}
