/*
 * What does the plugin write?  When QEMU ends: a struct ledger_header, a struct ledger_vcpu for each vCPU of the machine, a struct
 * outside, its steps, and its words.  Numbers are the host's.
 *
 * Its arguments: out=FILE; text=START+BYTES for the words; each may be left out but the first.
 */
#ifndef EXPERIMENTS_PLUGIN_OUTSIDE_H
#define EXPERIMENTS_PLUGIN_OUTSIDE_H

#include <stdint.h>

#define OUTSIDE_MAGIC UINT64_C(0x31454449535455ff)
#define OUTSIDE_STEPS 8192

/*
 * An instruction that does nothing (MOV X25, X25) and makes a mark wherever it is executed, at any level: for programs at EL0, which
 * have no HVC.
 */
#define OUTSIDE_MARK UINT32_C(0xaa1903f9)

/* One trap to L0. */
struct outside_step {
	uint32_t level, reason; /* of the ledger; reason UINT32_MAX: iss says which register */
	uint32_t iss;		/* ESR_EL2.ISS */
	uint32_t mark;		/* how many marks came before it */
	uint64_t address;	/* ELR_EL2 */
	uint64_t instructions;	/* of L0, until it left again; 0 for the last */
};

struct outside {
	uint64_t magic;
	uint64_t steps; /* the last ones before the third mark, at most OUTSIDE_STEPS */
	/* From text on, for each instruction how often L0 executed it between marks 1 and 2, less that between 0 and 1. */
	uint64_t text, words;
};

#endif
