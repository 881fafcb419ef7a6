/*
 * Which registers do EL1's names reach right behind the instruction that sets HCR_EL2.E2H?  The first topic, with EL2's own
 * translation off: nothing before it has left EL2 or set E2H.  Reads: visible.h.
 */
#include "tests/guests/visible/visible.h"

#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"

/* Accesses that a hypervisor may have to trap are not between them: it must get by without. */
static void write_by_el1_names(uint64_t hcr, uint64_t value)
{
	__asm__ volatile(
		"msr hcr_el2, %0\n\tisb\n\t"
		"msr contextidr_el1, %1\n\tmsr mair_el1, %1\n\tmsr ttbr0_el1, %1\n\t"
		"msr vbar_el1, %2\n\tmsr cntkctl_el1, %3\n\tmsr cntv_cval_el0, %1\n\tmsr cntp_cval_el0, %1\n\tisb" ::
			"r"(hcr),
		"r"(value), "r"(value << 11), "r"(value & 3)
		: "memory");
}

/* CNTHCTL_EL2 has bits of EL1's above those of CNTKCTL_EL1. */
static void show(void)
{
	visible_value("CONTEXTIDR_EL2", get(CONTEXTIDR_EL2));
	visible_value("MAIR_EL2", get(MAIR_EL2));
	visible_value("TTBR0_EL2", get(TTBR0_EL2));
	visible_value("CNTHCTL_EL2", get(CNTHCTL_EL2) & 3);
	visible_value("CNTHV_CVAL_EL2", get(CNTHV_CVAL_EL2));
	visible_value("CNTHP_CVAL_EL2", get(CNTHP_CVAL_EL2));
}

static void show_el1s(void)
{
	visible_value("CONTEXTIDR_EL1", get_el1(CONTEXTIDR));
	visible_value("MAIR_EL1", get_el1(MAIR));
	visible_value("TTBR0_EL1", get_el1(TTBR0));
	visible_value("VBAR_EL1", get_el1(VBAR));
	visible_value("CNTKCTL_EL1", get_el1(CNTKCTL));
}

void topic_e2h(void)
{
	uint64_t vectors = get(VBAR_EL2);

	set(CNTHCTL_EL2, 0);
	write_by_el1_names(HCR_RW, 1);
	visible_prefix("e2h 0");
	show();
	show_el1s();
	write_by_el1_names(HCR_RW | HCR_E2H, 2);
	visible_prefix("e2h 1");
	visible_value("VBAR_EL2", read_sysreg(VBAR_EL2));
	write_sysreg(VBAR_EL2, vectors);
	isb();
	show();
	show_el1s();
	write_sysreg(HCR_EL2, HCR_RW);
	isb();
	visible_prefix("e2h 0 again");
	set(CNTHCTL_EL2, 0); /* traps: what E2H was before counts no more */
	show();
	show_el1s();
}
