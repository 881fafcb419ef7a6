/* What can this CPU do?  Read once from the ID registers; nothing is assumed.  Next: features.c. */
#ifndef HOST_CORE_FEATURES_H
#define HOST_CORE_FEATURES_H

#include <stdbool.h>
#include <stdint.h>

#include "nv/arch/sysreg.h"

struct cpu_features {
	bool vhe, nv, nv2, fgt, hcx, ras, sve, pmu;
	bool pauth;	    /* there are keys, whether L1 sees them or not */
	bool ecv, ecv_poff; /* and with CNTPOFF_EL2, if that has an effect */
	unsigned pa_bits;
	unsigned vmid_bits;
	unsigned lr_count;	  /* list registers of the virtual CPU interface */
	uint64_t ich_vtr;	  /* ICH_VTR_EL2 */
	uint64_t midr;		  /* MIDR_EL1 */
	unsigned pmu_counters;	  /* event counters, PMCR_EL0.N */
	uint64_t hw_id[SR_COUNT]; /* raw ID registers, by index of the register list; others 0 */
};

/* Fills it in on the first CPU. Ends with a message when a feature that L0 cannot do without is missing. */
void cpu_features_init(void);

extern struct cpu_features cpu_features_found; /* read it through cpu_features() */

static inline const struct cpu_features *cpu_features(void)
{
	return &cpu_features_found;
}

#endif
