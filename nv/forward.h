/*
 * Did L1 ask for this trap?  What L1's HCR_EL2, CPTR_EL2, CNTHCTL_EL2, MDCR_EL2, ICH_HCR_EL2 and fine-grained
 * trap registers say of an instruction that its guest executed.  HSTR_EL2 traps AArch32 accesses only, of
 * which this machine has none.  Next: forward.c, decide.c.
 *
 * All of these are about the guest context: EL1 or EL0 below vEL2, L1's own EL0 under HCR_EL2.{E2H,TGE} =
 * {1,1} not included.  A control of a feature that L1 does not see is RES0 for L1 and asks for nothing.
 */
#ifndef NV_FORWARD_H
#define NV_FORWARD_H

#include <stdbool.h>
#include <stdint.h>

#include "nv/state.h"

/*
 * Does a control of L1 trap this MRS (is_read), MSR or system instruction to vEL2?  r is not SR_NONE. from_el0
 * tells an access from EL0 from one from EL1. Instructions count as writes, whatever ESR_EL2.ISS.Direction says.
 */
bool nv_l1_traps_sysreg(const struct nv_state *l1, enum sysreg r, bool is_read, bool from_el0);

/*
 * The same for an encoding that the list does not have: the IMPLEMENTATION DEFINED space of HCR_EL2.TIDCP and
 * the trace registers of CPTR_EL2.TTA. iss is ESR_EL2.ISS of EC_SYS64.
 */
bool nv_l1_traps_unlisted(const struct nv_state *l1, uint32_t iss, bool from_el0);

/* Which control that is, for tools: a field of an EL2 register of L1. SR_NONE: L1 did not ask. */
struct nv_control {
	enum sysreg reg;
	uint64_t mask;
	const char *name; /* as nv/arch/fields.h has it: HCR_TVM */
};

struct nv_control nv_l1_sysreg_control(const struct nv_state *l1, enum sysreg r, bool is_read, bool from_el0);
struct nv_control nv_l1_unlisted_control(const struct nv_state *l1, uint32_t iss, bool from_el0);

/* ERET at EL1, and SVC at EL1 or EL0, in the guest context: HFGITR_EL2. */
bool nv_l1_traps_eret(const struct nv_state *l1);
bool nv_l1_traps_svc(const struct nv_state *l1, bool from_el0);

#endif
