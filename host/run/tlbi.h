/* Which hardware TLB entries and shadow tables does a TLBI of vEL2 name?  Next: tlbi.c, host/shadow/trees.h. */
#ifndef HOST_RUN_TLBI_H
#define HOST_RUN_TLBI_H

#include "host/vm/vcpu.h"

/* Carries out the TLBI op with operand in Xt, executed at vEL2 (vEL2 loaded). Every form is accepted. */
void tlbi_emulate(struct vcpu *v, enum sysreg op, uint64_t operand);

#endif
