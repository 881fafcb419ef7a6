/*
 * Which accesses of a guest hypervisor would not trap on a machine that defers a given set of registers?
 */
#ifndef EXPERIMENTS_FIRN_REDIRECT_H
#define EXPERIMENTS_FIRN_REDIRECT_H

#include "experiments/firn/steps.h"
#include "nv/arch/sysreg.h"

/* A set of registers, by how the access is made. */
struct redirect {
	bool nv2;	 /* what FEAT_NV2 does, which depends on HCR_EL2.E2H */
	bool local_eret; /* an ERET that stays in the context of a VHE vEL2 */
	bool read[SR_COUNT], write[SR_COUNT];
};

/* "nv2", or a list of names of sets and registers ("VTTBR_EL2", "ESR_EL2:R"). False after one line on stderr. */
bool redirect_parse(struct redirect *set, const char *value);

/* Would this trap vanish? */
bool redirect_has(const struct redirect *set, const struct step *step);

/* The group that a register belongs to, for the question which of them matter. */
const char *redirect_group(const struct step *step);

#endif
