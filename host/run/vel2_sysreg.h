/* What does a system register access of L1 do that trapped?  Next: vel2_sysreg.c, nv/access.h. */
#ifndef HOST_RUN_VEL2_SYSREG_H
#define HOST_RUN_VEL2_SYSREG_H

#include "host/vm/vcpu.h"

/*
 * Emulates the MRS, MSR or SYS of ESR_EL2.ISS = iss, which names r, executed at vEL2 or, with the verdict NV_SYSREG_GUEST_CONTEXT, in its guest;
 * that world is loaded. False: UNDEFINED; nothing was done. The caller moves pc on when true.
 */
bool sysreg_emulate(struct vcpu *v, enum sysreg r, uint32_t iss);

#endif
