/*
 * Where does a register that traps from vEL2, or from its guest, live?  The answer depends on L1's HCR_EL2.E2H and on the register's row in
 * nv/arch/sysreg_list.h.  Next: translate.h.
 */
#ifndef NV_ACCESS_H
#define NV_ACCESS_H

#include <stdbool.h>

#include "nv/state.h"

enum nv_place {
	NV_PLACE_UNDEFINED,  /* L1 gets an UNDEFINED exception */
	NV_PLACE_STORED,     /* nv_get and nv_set of .reg: the VNCR page or the register file */
	NV_PLACE_TWIN,	     /* E2H=1: hardware's EL1 twin; E2H=0: the file, and translated in the twin */
	NV_PLACE_REDIRECTED, /* ELR_EL2, SPSR_EL2, ESR_EL2, FAR_EL2: hardware's EL1 twin in both */
	NV_PLACE_ID,	     /* an ID register as L1 sees it */
	NV_PLACE_ICH_STATUS, /* computed from the list registers */
	NV_PLACE_ICC_SRE,    /* the constant that says: system registers only */
	NV_PLACE_TIMER,	     /* a timer that L1 reaches through its EL2 or TVAL name */
	NV_PLACE_OFFSET,     /* as NV_PLACE_STORED; lines of timers follow a write */
	NV_PLACE_DEBUG,	     /* host/world/debug.h */
	NV_PLACE_COUNTER,    /* the physical or the virtual counter */
	NV_PLACE_SGI,	     /* generates an interrupt */
	NV_PLACE_DIR,	     /* deactivates an interrupt */
	NV_PLACE_TLBI,
	NV_PLACE_AT,
	NV_PLACE_PREDICTION, /* restricts prediction in a context of L1: HCR_EL2.NV traps it */
	NV_PLACE_INTERFACE, /* the guest's own CPU interface, if that of one group is L1's: nv/gic/iface.h; else UNDEFINED */
};

struct nv_access {
	enum nv_place place;
	enum sysreg reg; /* what an alias stands for, else the register itself */
};

/* An MRS (is_read), MSR or SYS of register r, executed at vEL2 and trapped there by HCR_EL2 or L0's other controls. */
struct nv_access nv_vel2_access(const struct nv_state *l1, enum sysreg r, bool is_read);

/* The same by L1's guest, of a register that L1 did not ask to be trapped: L0 did, for what L1's machine does not have or has changed. */
struct nv_access nv_guest_access(const struct nv_state *l1, enum sysreg r, bool is_read);

#endif
