/* What does L1 believe its machine to be?  One struct per vCPU: its registers, and what it sees of the features.  Next: decide.c. */
#ifndef NV_STATE_H
#define NV_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "nv/arch/fields.h"
#include "nv/arch/sysreg.h"
#include "vncr/file.h"

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
	struct vncr_file file;
	enum nv_mode mode;
	bool undecided;	  /* mode is nv as yet, and becomes nv2: see nv_begins_undecided */
	bool e2h_is_res1; /* L1 does not see FEAT_E2H0 */
	bool has_vhe;	  /* L1 sees ID_AA64MMFR1_EL1.VH; without it HCR_EL2.E2H is RES0 */
	bool has_ecv;	  /* L1 sees all of FEAT_ECV, with CNTPOFF_EL2 */
	bool has_fgt;	  /* L1 sees ID_AA64MMFR0_EL1.FGT */
	bool has_ras;	  /* L1 sees ID_AA64PFR0_EL1.RAS */
	bool has_pmu;	  /* L1 sees ID_AA64DFR0_EL1.PMUVER */
	bool has_sve;	  /* L1 sees ID_AA64PFR0_EL1.SVE, except where nv_has_sve says no */
};

#endif
