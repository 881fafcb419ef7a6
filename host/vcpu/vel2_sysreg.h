/* What does a system register access of L1 do that trapped?  Next: vel2_sysreg.c, nv/access.h. */
#ifndef HOST_VEL2_SYSREG_H
#define HOST_VEL2_SYSREG_H

#include "host/vcpu/vcpu.h"

/*
 * Emulates the MRS, MSR or SYS of ESR_EL2.ISS = iss, executed at vEL2 (vEL2 loaded). False: UNDEFINED; nothing was done.
 * The caller moves pc on when true.
 */
bool vel2_sysreg(struct vcpu *v, uint32_t iss);

/* The same for the guest context, for accesses whose trap L1 did not ask for. */
bool guest_sysreg(struct vcpu *v, uint32_t iss);

#endif
