/*
 * Whose debug exceptions does hardware take?  MDSCR_EL1, breakpoints and watchpoints are L1's to exchange between its worlds; but
 * vEL2 is at hardware's EL1, where those of EL1 would act on it, and those of EL2 would not.  Reads: nv/debug.h.  Next: debug.c.
 *
 * While vEL2 runs:
 *   debug target EL1   nothing is taken: MDSCR_EL1 of hardware lacks MDE and SS. In nv2 mode L1 does not reach it; in nv mode
 *                      MDCR_EL2.TDA hides that, from the first trap on behind a write of L1's.
 *   debug target EL2   MDSCR_EL1 is L1's. With MDE, DBGBCR<n>_EL1 and DBGWCR<n>_EL1 say EL1 where L1 says EL2, and
 *                      MDCR_EL2.TDA hides them.
 */
#ifndef HOST_WORLD_DEBUG_H
#define HOST_WORLD_DEBUG_H

#include "host/machine/sysreg.h"
#include "host/vm/vcpu.h"
#include "nv/debug.h"

/* Out of reset, and: the mode is another one. The guest context's registers, or none, are loaded. */
void debug_reset(struct vcpu *v);
void debug_follow_mode(struct vcpu *v);

/* vEL2 is loaded, and what it is under may have changed. */
__attribute__((cold)) void debug_refresh(struct vcpu *v);

/* The guest context is about to be loaded. */
__attribute__((cold)) void debug_to_guest_context(struct vcpu *v);

/* MDSCR_EL1 as L1 wrote it, while vEL2 is loaded. */
static inline uint64_t debug_l1_mdscr(const struct vcpu *v)
{
	if (v->nv.mode == NV_MODE_V84)
		return vncr_get(&v->nv.file, SR_MDSCR_EL1);
	return v->debug.hidden ? v->debug.l1_mdscr : read_sysreg(MDSCR_EL1);
}

/* At the end of a trap that stays at vEL2, whose MDSCR_EL1, l1_mdscr, L0 has not seen written: mostly there is nothing to do. */
static inline void debug_at_vel2(struct vcpu *v, uint64_t l1_mdscr)
{
	if (__builtin_expect(((l1_mdscr | v->debug.busy) & NV_MDSCR_ACTIVE) != 0, 0))
		debug_refresh(v);
}

/*
 * vEL2's EL0 runs next. HCR_EL2.TGE counts as MDCR_EL2.TDA: by MDSCR_EL1.TDCC of hardware, or in nv mode, where L1 has that
 * register, by hardware's MDCR_EL2.TDA, until vEL2 meets it.
 */
static inline void debug_at_el0(struct vcpu *v)
{
	if (v->nv.mode == NV_MODE_V83 || !(v->debug.busy & MDSCR_TDCC))
		debug_refresh(v);
}

/* v->pmu has changed: hardware's MDCR_EL2 for both worlds. True: it is not the one that is loaded. */
bool debug_follow_pmu(struct vcpu *v);

/* vEL2 wrote MDCR_EL2, which says what of its guest traps. Where it changed the debug target or a counter, debug_refresh as well. */
void debug_follow_traps(struct vcpu *v);

/* An access of vEL2 that MDCR_EL2 of L0 traps. */
__attribute__((cold)) uint64_t debug_read(struct vcpu *v, enum sysreg r);
__attribute__((cold)) void debug_write(struct vcpu *v, enum sysreg r, uint64_t value);

/* The exchange of vCPUs: breakpoints, watchpoints, CLAIM tags, the channel to a debugger and the OS Lock, as hardware has them. */
void debug_save(struct vcpu *v);
void debug_load(const struct vcpu *v);

#endif
