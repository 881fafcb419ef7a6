/*
 * Which translations does a TLBI of L1 name?  The instruction and its operand as a range of L2 IPAs of one VMID, or of all.
 * Next: inval.c, tree.h.
 */
#ifndef SHADOW_S2_INVAL_H
#define SHADOW_S2_INVAL_H

#include <stdbool.h>
#include <stdint.h>

#include "nv/arch/sysreg.h"
#include "shadow-s2/geometry.h"

enum s2_inval_scope {
	S2_INVAL_STAGE1,  /* stage 1 of the current VMID: nothing of a stage 2 */
	S2_INVAL_RANGE,	  /* stage 2 of the current VMID, from ipa on, for size bytes */
	S2_INVAL_VMID,	  /* both stages of the current VMID */
	S2_INVAL_ALL,	  /* both stages of every VMID */
	S2_INVAL_NOTHING, /* an operand that names nothing */
};

struct s2_inval {
	enum s2_inval_scope scope;
	l2_ipa_t ipa;
	uint64_t size;
};

/* Is op one of the TLBI instructions that invalidate a stage 2: IPAS2*, RIPAS2*, VMALLS12*, ALLE1*?  In any domain. */
bool s2_is_stage2_tlbi(enum sysreg op);

/* Does op, a TLBI instruction, name this PE's TLBs only?  It is neither an IS nor an OS form. */
bool s2_tlbi_is_local(enum sysreg op);

/*
 * What stands for op where it is executed at vEL2 for a guest. Which addresses a range of stage 1 is depends on TCR_EL1 (DS, granule),
 * and that is vEL2's: then all of stage 1, on the CPUs that the range is for.
 */
enum sysreg s2_tlbi_without_range(enum sysreg op);

/*
 * What op (a TLBI for the EL1&0 regime; not an nXS form, whose plain form means the same) with operand names, for a stage 2 of
 * geometry g. TLBI operands: DDI0487 C5.5, with TTL hints and the range forms of FEAT_TLBIRANGE. A range is never smaller
 * than what the operand names, and exceeds it by less than one leaf of the level that is hinted at.
 */
struct s2_inval s2_inval_decode(const struct s2_geometry *g, enum sysreg op, uint64_t operand);

#endif
