/* At which exception level does this guest run?  Nothing is remembered: a program may change HCR_EL2.E2H. */
#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"
#include "nv/arch/fields.h"

unsigned rt_current_el(void)
{
	return (unsigned)(read_sysreg(CurrentEL) >> 2 & 3);
}

bool rt_vhe(void)
{
	return rt_current_el() == 2 && read_sysreg(HCR_EL2) & HCR_E2H;
}
