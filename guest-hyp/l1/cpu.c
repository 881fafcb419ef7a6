/* Which CPU is this?  Reads: l1.h. */
#include "guest-hyp/l1/l1.h"
#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"
#include "nv/arch/fields.h"

unsigned cpu_self(void)
{
	const struct rt_machine *m = rt_machine();
	uint64_t mpidr = read_sysreg(MPIDR_EL1) & MPIDR_AFFINITY;

	for (unsigned n = 0; n < m->cpus; n++)
		if (m->mpidr[n] == mpidr)
			return n;
	rt_fail("%s MPIDR_EL1 0x%lx is not in the device tree", workload_name(), mpidr);
}
