/* Whose is an SError that L0 gets, and did not cause?  Next: run.c, sched.c, host/world/serror.h. */
#ifndef HOST_RUN_SERROR_H
#define HOST_RUN_SERROR_H

#include <stdbool.h>

#include "host/machine/sysreg.h"
#include "host/world/serror.h"
#include "host/world/world.h"

/* One with this syndrome goes from its guest to vEL2 where L1's HCR_EL2 routes it so. False: it is for whatever of v runs. Part of its callers. */
static inline __attribute__((always_inline)) bool serror_reflect(struct vcpu *v, uint64_t esr)
{
	if (v->world.loaded != WORLD_GUEST_CONTEXT || !world_serror_is_vel2s(v))
		return false;
	world_to_vel2(v);
	world_take_async(v, NV_FROM_LOWER, NV_VECTOR_SERROR);
	write_sysreg(ESR_EL12, esr);
	return true;
}

#endif
