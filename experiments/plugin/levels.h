/*
 * Who runs now, and why did it stop?  Seen from outside: from what EL2's registers say at its vectors and at its ERET, whichever
 * hypervisor is L0.
 */
#ifndef EXPERIMENTS_PLUGIN_LEVELS_H
#define EXPERIMENTS_PLUGIN_LEVELS_H

#include <stdbool.h>
#include <stdint.h>

#include "traces/ledger.h"

#define TREES_MOST 64

/* Stages 2 that a vEL2 has been seen with: an L1 has them for itself. */
struct trees {
	uint64_t base[TREES_MOST];
	unsigned count;
};

/*
 * Where an ERET at EL2 goes, or where an exception that EL2 takes came from, by SPSR_EL2, HCR_EL2 and VTTBR_EL2. L0's own user space (HCR_EL2.TGE) is L0. With HCR_EL2.NV it is
 * L1's vEL2, or its EL0, whose stage 2 is noted; without, it is L1's EL1 where the stage 2 is known as an L1's, else L2.
 */
enum ledger_level level_beside(struct trees *trees, uint64_t spsr, uint64_t hcr, uint64_t vttbr);

/* By PSTATE as QEMU shows it to debuggers: PSTATE.EL where SPSR_EL2 has it. */
bool is_at_el2(uint64_t pstate);

/* Is this one of EL2's sixteen vectors? */
bool is_vector(uint64_t address, uint64_t vbar);

/*
 * The row of the ledger (enum ledger_reason, or LEDGER_SYSREG and so on) of an exception that came by this vector; UINT32_MAX: a
 * register that nv/arch/sysreg_list.h does not name. A mark is an HVC #FIRN_HVC_MARK.
 */
uint32_t reason_taken(uint64_t vector, uint64_t esr);

/*
 * Is the instruction that trapped to be left out, as it is in QEMU's own count?  One whose access aborts has not been executed yet: it will
 * be, or somebody else does it.
 */
bool is_unexecuted(uint32_t reason);

/* Can this instruction (A64) end with an exception?  What only computes in general registers cannot. */
bool may_fault(uint32_t insn);

bool is_eret(uint32_t insn);

#endif
