/*
 * Which translations does a TLBI or an AT of vEL2 name?  vEL2's own are hardware's EL1&0 regime while vEL2 runs; its guest's are those
 * of the EL1&0 that L1 believes in. Next: regime.c; host/run/tlbi.c and at.c, which act.
 */
#ifndef NV_REGIME_H
#define NV_REGIME_H

#include "nv/s1_walk.h"
#include "nv/state.h"

struct nv_tlbi {
	bool of_vel2; /* else of the guest, or of its stage 2 */
	enum sysreg
		op; /* not an nXS form; of_vel2: the one that does it on hardware's EL1&0, on as many CPUs */
};

/* A TLBI op, with HCR_EL2.{E2H,TGE} of L1 as they are. The nXS forms wait for less; waiting for all is allowed. */
struct nv_tlbi nv_tlbi(const struct nv_state *l1, enum sysreg op);

struct nv_at {
	bool of_vel2;
	bool stage2; /* what L1's stage 2 makes of the address is part of it */
	struct s1_access access;
};

/* An AT op that L1 has, executed with PSTATE = pstate, and with HCR_EL2 of L1 as it is. */
struct nv_at nv_at(const struct nv_state *l1, enum sysreg op, uint64_t pstate);

#endif
