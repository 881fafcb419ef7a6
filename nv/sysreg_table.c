/* The facts of sysreg_list.h as two const tables.  Reads: sysreg.h.  Next: access.c, forward.c. */
#include "nv/arch/sysreg.h"

/* Two rows with one encoding are two initializers of one element, which the compilers reject under our warnings. */
const uint16_t sysreg_index[SYSREG_ENCODINGS] = {
#define X(name, op0, op1, crn, crm, op2, access, slot, rel, write_mask, reset) \
	[SYSREG_ENC(op0, op1, crn, crm, op2)] = SR_##name,
	SYSREG_LIST(X)
#undef X
};

const struct sysreg_info sysreg_info[SR_COUNT] = {
	[SR_NONE] = { "NONE", 0, 0, 0, NO_SLOT, SR_NONE, SYS_OTHER },
#define X(name, op0, op1, crn, crm, op2, access, slot, rel, write_mask, reset)                         \
	[SR_##name] = {                                                                                \
		#name, write_mask, reset, SYSREG_ENC(op0, op1, crn, crm, op2), slot, SR_##rel, access, \
	},
	SYSREG_LIST(X)
#undef X
};

/* A deferred register has its place in the page; what is only another name has none of its own. */
#define X(name, op0, op1, crn, crm, op2, access, slot, rel, write_mask, reset)                          \
	_Static_assert((slot) == NO_SLOT || ((slot) < 0x1000 && (slot) % 8 == 0), #name);               \
	_Static_assert((access) != VEL2_MEMORY || (slot) != NO_SLOT, #name);                            \
	_Static_assert((slot) == NO_SLOT || (access) == VEL2_MEMORY || (access) == VEL2_BY_NV1, #name); \
	_Static_assert(((access) != VEL2_ALIAS && (access) != VEL2_REDIRECT) || SR_##rel != SR_NONE, #name);
SYSREG_LIST(X)
#undef X
