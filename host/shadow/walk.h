/*
 * What does L1's stage 2 say of an address now?  The walker of shadow-s2/, fed from L1's RAM: for faults, and for AT.
 * Next: walk.c, shadow-s2/walk.h.
 */
#ifndef HOST_SHADOW_WALK_H
#define HOST_SHADOW_WALK_H

#include "host/vm/vcpu.h"
#include "shadow-s2/walk.h"

/*
 * AArch64.S2Walk on L1's tables in its RAM, for an access a at ipa. With set_flags descriptors are updated as hardware does.
 * S2_NEXT: L1 changed its tables meanwhile; the access has to be made again.
 */
enum s2_step shadow_walk(const struct vcpu *v, const struct s2_geometry *g, l2_ipa_t ipa, struct s2_access a,
			 bool set_flags, struct s2_walk *w);

/* Where L1's stage 2, as it is now, has ipa for an access how. False: it refuses it with *fsc. Without a stage 2 it is ipa. */
bool shadow_lookup(struct vcpu *v, l2_ipa_t ipa, struct s2_access how, l1_ipa_t *out, uint32_t *fsc);

/*
 * Eight bytes of a stage-1 table of L1's guest, read as a walk of its stage 1 would: through L1's stage 2 as it is now, if it
 * has one. False, with *fsc for L1: it cannot be read; *stage2: L1's stage 2 refuses it, else nothing is there.
 */
bool shadow_read_u64(struct vcpu *v, l2_ipa_t ipa, uint64_t *value, bool *stage2, uint32_t *fsc);

/* PAR_EL1 of AT S12E*, given that stage 1 alone left par (F = 0). vEL2 is loaded. */
uint64_t shadow_at_stage2(struct vcpu *v, uint64_t par, bool is_write);

#endif
