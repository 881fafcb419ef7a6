/*
 * What does L1 believe that this CPU can do?  ID registers as vEL2 reads them; L1's guest sees what L1 makes
 * of them. Next: idreg.c.
 */
#ifndef NV_IDREG_H
#define NV_IDREG_H

#include <stdbool.h>
#include <stdint.h>

#include "nv/state.h"

/*
 * The value of the ID register r, a row of access VEL2_ID, for a VM whose E2H is fixed or not; hw is what hardware's register says. Registers
 * and fields that firn does not know read as 0, and so do those of AArch32: an L1 sees AArch64 only.
 */
uint64_t nv_id_value(enum sysreg r, uint64_t hw, enum nv_e2h_choice e2h);

/* What a read of it gives now: the value above, kept in l1->file, without FEAT_SVE while nv_has_sve says no. */
uint64_t nv_id_read(const struct nv_state *l1, enum sysreg r);

#endif
