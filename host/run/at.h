/* What does an AT instruction of vEL2 leave in PAR_EL1?  Next: at.c. */
#ifndef HOST_RUN_AT_H
#define HOST_RUN_AT_H

#include "host/vm/vcpu.h"
#include "nv/s1_walk.h"

/* Carries out the AT op for virtual address va, executed at vEL2 (vEL2 loaded). The result is in PAR_EL1 of hardware. */
void at_emulate(struct vcpu *v, enum sysreg op, uint64_t va);

/*
 * PAR_EL1 of a stage-1 AT of va for that access in the translation regime that is loaded, vEL2's or its guest's; PAR_EL1 of hardware stays. With F
 * and S: the walk met a descriptor that L1's stage 2 refuses.
 */
uint64_t at_stage1(struct vcpu *v, struct s1_access access, uint64_t va);

/* What hardware has for EL1&0 now: vEL2's own, or the guest's; one_privilege is clear. And what of it there is on this CPU. */
struct s1_regime at_loaded_stage1(void);
struct s1_cpu at_cpu(void);

#endif
