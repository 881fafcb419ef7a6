/*
 * Whose are the performance monitors of hardware?  The vCPU's that runs, once it uses them: all of their registers trap until then,
 * as FP does.  Reads: nv/pmu.h.  Next: pmu.c.
 *
 *   not loaded           all is in the file, hardware's PMCR_EL0.E is 0, MDCR_EL2.TPM traps
 *   loaded               hardware has L1's registers, and only what can make one count traps: a write of PMCR_EL0, by HDFGWTR_EL2, and
 *                        L1's MDCR_EL2, as ever. With HPMN of L1 below what there is, all of vEL2's accesses trap: EL2 has all of them
 *   loaded, counting     everything traps: filters of hardware are for the world that runs and not what L1 wrote, and whatever ends
 *                        the interrupt's level is seen
 *
 * Without FEAT_FGT everything traps at all times: MDCR_EL2.TPMCR, which would do, is nothing to QEMU 10.0.
 *
 * A vCPU that leaves its CPU takes all of it along. If it counts, it is loaded again with it, and counts nothing in between;
 * else with its first access. What is not used costs nothing in the exchange of worlds.
 */
#ifndef HOST_WORLD_PMU_H
#define HOST_WORLD_PMU_H

#include "host/vm/vcpu.h"

void pmu_reset(struct vcpu *v);

/* An access of v that trapped, at vEL2, EL1 or EL0. Then MDCR_EL2 may have to be another one: debug_follow_pmu. */
__attribute__((cold)) uint64_t pmu_read(struct vcpu *v, enum sysreg r);
__attribute__((cold)) void pmu_write(struct vcpu *v, enum sysreg r, uint64_t value);

/* vEL2 wrote MDCR_EL2. */
void pmu_follow_mdcr(struct vcpu *v);

/* With v->pmu.counts and v->pmu.loaded: the filters of the world that v->world.loaded names. */
__attribute__((cold)) void pmu_follow_world(const struct vcpu *v);

/* A physical interrupt that is not yet deactivated: is it this one?  Then it is dealt with. */
bool pmu_interrupt(struct vcpu *v, uint32_t intid);

/* The exchange of vCPUs: with v->pmu.loaded, and with v->pmu.counts. Then debug_follow_pmu. */
__attribute__((cold)) void pmu_park(struct vcpu *v);
__attribute__((cold)) void pmu_unpark(struct vcpu *v);

#endif
