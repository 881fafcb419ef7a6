/*
 * Whose are the debug exceptions of vEL2?  The debug target is EL2 with MDCR_EL2.TDE or HCR_EL2.TGE of L1, and else EL1, which
 * is below vEL2.  Next: debug.c, host/world/debug.h.
 */
#ifndef NV_DEBUG_H
#define NV_DEBUG_H

#include <stdbool.h>
#include <stdint.h>

#include "nv/state.h"

/* What of MDSCR_EL1 makes debug exceptions, but for BRK. */
#define NV_MDSCR_ACTIVE (MDSCR_SS | MDSCR_MDE)

/* DebugTarget: is it EL2 for what L1 runs? */
bool nv_debug_target_is_el2(const struct nv_state *l1);

/*
 * MDSCR_EL1 for hardware while vEL2 or its EL0 runs, given L1's: nothing is taken at vEL2 when EL1 is the debug target
 * (AArch64.GenerateDebugExceptionsFrom). HCR_EL2.TGE counts as MDCR_EL2.TDA, which traps the registers that EL0 has.
 */
uint64_t nv_mdscr_at_vel2(uint64_t l1_mdscr, const struct nv_state *l1);

/*
 * DBGBCR<n>_EL1 or DBGWCR<n>_EL1 for hardware while vEL2, at hardware's EL1, is the debug target, given L1's: EL1 is where L1 says
 * EL2, and EL0 stays (AArch64.StateMatch, Non-secure).
 */
uint64_t nv_debug_control_at_vel2(uint64_t control);

/* Debug exceptions are enabled at vEL2 itself, with that PSTATE: PSTATE.SS is 0 behind an ERET from there (DebugExceptionReturnSS). */
bool nv_debug_is_enabled_at_vel2(uint64_t l1_mdscr, bool target_is_el2, uint64_t pstate);

#endif
