/*
 * Which accesses of a guest hypervisor would not trap on a machine that defers a given set of registers?
 */
#ifndef EXPERIMENTS_FIRN_TRACE_REDIRECT_H
#define EXPERIMENTS_FIRN_TRACE_REDIRECT_H

#include "experiments/firn/trace/steps.h"
#include "nv/arch/sysreg.h"

/* What NEVE does with a register of vEL2. */
enum neve {
	NEVE_TRAP,
	NEVE_MEMORY,	  /* it is in memory */
	NEVE_EL1,	  /* it is the register of EL1 */
	NEVE_EL1_OF_VHE,  /* likewise, if L1 is VHE; else it traps */
	NEVE_EL1_OR_COPY, /* likewise; else as NEVE_COPY: the two layouts differ */
	NEVE_COPY,	  /* a copy in memory serves reads, and writes trap */
};

enum neve redirect_neve(enum sysreg reg);

/* A set of registers, by how the access is made. */
struct redirect {
	bool nv2;	/* what FEAT_NV2 does, which depends on HCR_EL2.E2H */
	bool neve;	/* what NEVE does, likewise */
	bool nv3;	/* an ERET that stays in the context of a VHE vEL2, and its own TLBIs */
	bool gicv4;	/* messages of devices go to L2 themselves: messages.h says which traps that is */
	bool registers; /* it has some */
	bool read[SR_COUNT], write[SR_COUNT];
};

/* "nv2", or a list of names of sets and registers ("VTTBR_EL2", "ESR_EL2:R"). False after one line on stderr. */
bool redirect_parse(struct redirect *set, const char *value);

/* Would this trap vanish? */
bool redirect_has(const struct redirect *set, const struct step *step);

/* The group that a register belongs to, for the question which of them matter. */
const char *redirect_group(const struct step *step);

#endif
