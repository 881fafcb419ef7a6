/*
 * Whose SError is pending, and where?  HCR_EL2.VSE of hardware serves two: L0, which passes on an SError that it did not cause, and L1,
 * which makes one pending for its guest. VDISR_EL2 is of the world that is loaded.  Next: serror.c.
 */
#ifndef HOST_WORLD_SERROR_H
#define HOST_WORLD_SERROR_H

#include "host/vm/vcpu.h"

/* Out of reset: none is. */
void world_reset_serror(struct vcpu *v);

/* Does L1's HCR_EL2 route an SError of its guest to vEL2? */
bool world_serror_is_vel2s(const struct vcpu *v);

/* One that L0 passes on is pending from now, without hardware: world_pend_serror is the whole of it. */
__attribute__((cold)) void world_keep_serror(struct vcpu *v, uint64_t esr);

/* Gives hcr for this world without VSE if there is no SError for it, and loads the syndrome if there is. */
__attribute__((cold)) uint64_t world_load_serror(struct vcpu *v, uint64_t hcr, enum world world);

/* v leaves hardware, or its world may change: what L0 passes on is no longer pending if hardware has delivered it, or ESB deferred it. */
__attribute__((cold)) void world_drop_own_serror(struct vcpu *v);

/* The guest context leaves hardware: the same for what L1, whose HCR_EL2 is l1_hcr, gave its guest. */
__attribute__((cold)) void world_drop_serror(struct vcpu *v, uint64_t l1_hcr);
static inline void world_save_pending_serror(struct vcpu *v)
{
	uint64_t hcr = vncr_get(&v->nv.file, SR_HCR_EL2);

	if (__builtin_expect((hcr & HCR_VSE) != 0, 0))
		world_drop_serror(v, hcr);
}

/* VDISR_EL2 in the exchange of worlds. */
__attribute__((cold)) void world_disr_to_guest_context(struct vcpu *v);
__attribute__((cold)) void world_disr_to_vel2(struct vcpu *v);

#endif
