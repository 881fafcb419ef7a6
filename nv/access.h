/*
 * Where does a register that traps from vEL2, or from its guest, live?  The answer depends on L1's HCR_EL2.E2H and on the register's row in
 * nv/arch/sysreg_list.h.  Next: translate.h.
 */
#ifndef NV_ACCESS_H
#define NV_ACCESS_H

#include <stdbool.h>

#include "nv/state.h"

struct nv_access {
	enum nv_place place;
	enum sysreg reg; /* what an alias stands for, else the register itself */
};

/* An MRS (is_read), MSR or SYS of register r, executed at vEL2 and trapped there by HCR_EL2 or L0's other controls. */
struct nv_access nv_vel2_access(const struct nv_state *l1, enum sysreg r, bool is_read);

/* The same by L1's guest, of a register that L1 did not ask to be trapped: L0 did, for what L1's machine does not have or has changed. */
struct nv_access nv_guest_context_access(const struct nv_state *l1, enum sysreg r, bool is_read);

#endif
