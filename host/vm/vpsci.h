/* What does an SMC of L1 do?  PSCI 1.1 and SMCCC_VERSION; anything else is NOT_SUPPORTED.  Next: vpsci.c. */
#ifndef HOST_VM_VPSCI_H
#define HOST_VM_VPSCI_H

#include "host/vcpu.h"

/* Carries out the call in v->gp.x[0..3] and leaves its result in x[0]. Does not return when it switches v off. */
void vpsci_call(struct vcpu *v);

/* Stops v on this CPU if its VM is to stop; else returns. v's list registers may be loaded. */
void vpsci_check_stop(struct vcpu *v);

#endif
