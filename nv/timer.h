/*
 * Where is each of L1's four timers, what is its line, when does it fire next, and what of it can change without L0 seeing it?
 * As TimerConditionMet and the offsets of DDI0487 (D12), in 64 bits that wrap around. Next: timer.c, host/interrupt/timer.c.
 */
#ifndef NV_TIMER_H
#define NV_TIMER_H

#include <stdbool.h>
#include <stdint.h>

#include "nv/arch/fields.h"
#include "nv/arch/sysreg.h"
#include "nv/state.h"

/* CNT<x>_CTL and CNT<x>_CVAL */
struct nv_timer {
	uint64_t ctl, cval;
};

enum nv_timer_id {
	NV_TIMER_EL1_V,
	NV_TIMER_EL1_P,
	NV_TIMER_EL2_V,
	NV_TIMER_EL2_P,
	NV_TIMERS
};

#define NV_TIMER_NEVER UINT64_MAX

/* --- places --- */

/* What decides over the places of the timers. */
struct nv_timer_world {
	bool in_guest_context; /* the guest context runs, not vEL2 */
	bool e2h;
	enum nv_mode mode;
};

enum nv_timer_place {
	NV_TIMER_HELD,	 /* hardware's timer of this kind is it */
	NV_TIMER_COPIED, /* it is in memory, and hardware's is a copy of it */
	NV_TIMER_WATCHED /* it is in memory only */
};

/*
 * Hardware's EL1 timers are the guest context's while that runs, and at vEL2 what the plain names mean there: the EL2 timers
 * with E2H=1 (R_SZDNM and others), those of EL1 with E2H=0. The latter NV1 gives to memory in nv2 mode, and CNTHCTL_EL2 traps
 * the physical one in nv mode.
 */
static inline enum nv_timer_place nv_timer_place(struct nv_timer_world w, enum nv_timer_id id)
{
	bool el1 = id < NV_TIMER_EL2_V;

	if (el1 != (w.in_guest_context || !w.e2h))
		return NV_TIMER_WATCHED;
	if (w.in_guest_context || w.e2h || (id == NV_TIMER_EL1_V && w.mode == NV_MODE_V83))
		return NV_TIMER_HELD;
	return NV_TIMER_COPIED;
}

/* --- lines --- */

/*
 * When is the condition of a timer met whose counter is offset behind the one that now was read from?  In ticks of that one:
 * now when it is met already, NV_TIMER_NEVER when the timer is off or hardware's counter does not get there.
 */
static inline uint64_t nv_timer_expires(struct nv_timer t, uint64_t now, uint64_t offset)
{
	uint64_t own = now - offset, left = t.cval - own;

	if (!(t.ctl & CNT_CTL_ENABLE))
		return NV_TIMER_NEVER;
	if (own >= t.cval)
		return now;
	return left > NV_TIMER_NEVER - now ? NV_TIMER_NEVER : now + left;
}

/* What a look at a timer finds. Times are in ticks of hardware's counter, and later than now. */
struct nv_timer_look {
	uint64_t ctl;	 /* CNT<x>_CTL as it reads: without RES0 bits, ISTATUS as it is */
	bool line;	 /* its interrupt is asserted */
	uint64_t rises;	 /* when it will be, if nothing is written; NV_TIMER_NEVER */
	uint64_t status; /* when ISTATUS changes, likewise */
};

static inline struct nv_timer_look nv_timer_look(struct nv_timer t, uint64_t now, uint64_t offset)
{
	uint64_t at, ctl = t.ctl & (CNT_CTL_ENABLE | CNT_CTL_IMASK);
	bool masked = ctl & CNT_CTL_IMASK;

	if (!(ctl & CNT_CTL_ENABLE))
		return (struct nv_timer_look){ ctl, false, NV_TIMER_NEVER, NV_TIMER_NEVER };
	at = nv_timer_expires(t, now, offset);
	if (at == now)
		return (struct nv_timer_look){ ctl | CNT_CTL_ISTATUS, !masked, NV_TIMER_NEVER,
					       NV_TIMER_NEVER };
	return (struct nv_timer_look){ ctl, false, masked ? NV_TIMER_NEVER : at, at };
}

/* The line of a timer whose CNT<x>_CTL was read from hardware. */
static inline bool nv_timer_is_high(uint64_t ctl)
{
	return (ctl & (CNT_CTL_ENABLE | CNT_CTL_IMASK | CNT_CTL_ISTATUS)) ==
	       (CNT_CTL_ENABLE | CNT_CTL_ISTATUS);
}

/* The offset of the physical counter for EL1 and EL0: CNTPOFF_EL2 has an effect with CNTHCTL_EL2.ECV = 1 only. */
static inline uint64_t nv_cntpoff(uint64_t cnthctl, uint64_t cntpoff, bool has_ecv)
{
	return has_ecv && (cnthctl & CNTHCTL_ECV) ? cntpoff : 0;
}

/* --- names --- */

enum nv_timer_part {
	NV_TIMER_CTL,
	NV_TIMER_CVAL,
	NV_TIMER_TVAL
};

struct nv_timer_name {
	enum nv_timer_id id;
	enum nv_timer_part part;
};

/* Which timer and which of its registers is r, one of CNT{P,V}_*_EL0 and CNTH{P,V}_*_EL2? */
struct nv_timer_name nv_timer_name(enum sysreg r);

/* Its value, and the timer after a write of it. own_now is the counter that the timer compares with. */
uint64_t nv_timer_get(struct nv_timer t, enum nv_timer_part part, uint64_t own_now);
struct nv_timer nv_timer_set(struct nv_timer t, enum nv_timer_part part, uint64_t value, uint64_t own_now);

/* --- what L0 sees of it while vEL2 runs --- */

/*
 * CNTHCTL_EL2 of hardware (in the format of E2H=1) while vEL2 runs. direct: CNTHCTL_EL2.{EL1PCTEN,EL1PTEN} as far as L0 needs no
 * trap. traps: hardware has FEAT_ECV, whose traps are used. poff: L1 has CNTPOFF_EL2. open: with E2H=1 in nv2 mode, vEL2 has just
 * come back from its guest, and the _EL02 names are memory.
 */
uint64_t nv_timer_cnthctl(struct nv_timer_world w, uint64_t direct, bool traps, bool poff, bool open);

/*
 * Can a line of an EL1 timer of L1 rise or fall by what vEL2 does without a trap and without hardware's own timer?  on: one of
 * them is enabled.
 */
bool nv_timer_is_unseen(struct nv_timer_world w, bool traps, bool open, bool on);

/*
 * Without FEAT_ECV, E2H=0 in nv2 mode: CTL and CVAL of CNTV are memory, but TVAL is hardware's. memory and hardware as they are now,
 * copied as both were at the last look. What L1 means: its write to CVAL, or else the one to TVAL.
 */
struct nv_timer nv_timer_merge(struct nv_timer memory, struct nv_timer hardware, struct nv_timer copied);

#endif
