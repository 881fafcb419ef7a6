/*
 * What does L1 believe its machine to be?  One struct per vCPU: the VNCR page and the registers that have no slot
 * in it.  In nv2 mode hardware reads and writes the page itself; in nv mode the trap handler uses the same slots.
 * Next: decide.c.
 */
#ifndef NV_STATE_H
#define NV_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "nv/arch/fields.h"
#include "nv/arch/sysreg.h"
#include "vncr/vncr.h"

enum nv_mode {
	NV_MODE_V83, /* HCR_EL2.NV set, NV2 clear: every EL2 register access traps */
	NV_MODE_V84, /* NV and NV2 set: deferred accesses become memory accesses */
};

/* May L1 choose HCR_EL2.E2H, or is it fixed for its VM?  As in ID_AA64MMFR1_EL1.VH and ID_AA64MMFR4_EL1.E2H0. */
enum nv_e2h_choice {
	NV_E2H_FREE,
	NV_E2H_IS_0, /* no FEAT_VHE: E2H is RES0 */
	NV_E2H_IS_1, /* no FEAT_E2H0: E2H is RES1 */
};

struct nv_state {
	struct vncr_page *page;
	uint64_t reg[SR_COUNT]; /* the registers without a slot, by index of the register list */
	enum nv_mode mode;
	bool undecided;	  /* mode is nv as yet, and becomes nv2: see nv_begins_undecided */
	bool e2h_is_res1; /* L1 does not see FEAT_E2H0 */
	bool has_vhe;	  /* L1 sees ID_AA64MMFR1_EL1.VH; without it HCR_EL2.E2H is RES0 */
	bool has_ecv;	  /* L1 sees all of FEAT_ECV, with CNTPOFF_EL2 */
	bool has_fgt;	  /* L1 sees ID_AA64MMFR0_EL1.FGT */
	bool has_ras;	  /* L1 sees ID_AA64PFR0_EL1.RAS */
	bool has_sve;	  /* L1 sees ID_AA64PFR0_EL1.SVE, except where nv_has_sve says no */
};

/* Value of a register of L1's view, wherever it is kept. r must not be SR_NONE. */
static inline uint64_t nv_get(const struct nv_state *l1, enum sysreg r)
{
	uint16_t slot = sysreg_info[r].slot;

	return slot == NO_SLOT ? l1->reg[r] : vncr_read(l1->page, slot);
}

static inline void nv_set(struct nv_state *l1, enum sysreg r, uint64_t value)
{
	uint16_t slot = sysreg_info[r].slot;

	if (slot == NO_SLOT)
		l1->reg[r] = value;
	else
		vncr_write(l1->page, slot, value);
}

#endif
