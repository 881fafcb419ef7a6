/* How does a bare guest begin?  Entered from start.S; hands over to guest_main(). */
#include "guest-hyp/rt/machine.h"
#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"
#include "nv/arch/fields.h"

extern const char rt_vectors[];

void rt_start(const void *fdt);

/* libfdt's distribution build may use vector registers. */
static void fp_on(void)
{
	if (rt_current_el() == 1)
		write_sysreg(CPACR_EL1, CPACR_FPEN);
	else if (rt_vhe())
		write_sysreg(CPTR_EL2, CPACR_FPEN);
	else
		write_sysreg(CPTR_EL2, CPTR_NVHE_RES1);
	isb();
}

void rt_start(const void *fdt)
{
	fp_on();
	if (rt_current_el() == 2)
		write_sysreg(VBAR_EL2, rt_vectors);
	else
		write_sysreg(VBAR_EL1, rt_vectors);
	isb();
	machine_init(fdt);
	guest_main();
	rt_off();
}
