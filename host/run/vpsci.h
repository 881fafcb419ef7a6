/* What does an SMC of L1 do?  PSCI 1.1 and SMCCC_VERSION; anything else is NOT_SUPPORTED.  Next: vpsci.c. */
#ifndef HOST_RUN_VPSCI_H
#define HOST_RUN_VPSCI_H

#include "host/vm/vcpu.h"

/*
 * Carries out the call in v->gp.x[0..3] and leaves its result in x[0]. CPU_OFF, CPU_SUSPEND, SYSTEM_OFF and
 * SYSTEM_RESET take effect at the end of the exit.
 */
void vpsci_call(struct vcpu *v);

#endif
