/* The facts of sysreg_list.h as two const tables.  Reads: sysreg.h.  Next: access.c, forward.c. */
#include "nv/arch/sysreg.h"

/* Two rows with one encoding are two initializers of one element, which the compilers reject under our warnings. */
const uint16_t sysreg_index[SYSREG_ENCODINGS] = {
#define X(name, op0, op1, crn, crm, op2, ...) [SYSREG_PLACE(op0, op1, crn, crm, op2)] = SR_##name,
	SYSREG_LIST(X)
#undef X
};

// clang-format off
const struct sysreg_info sysreg_info[SR_COUNT] = {
	[SR_NONE] = { "NONE", 0, 0, 0, NO_SLOT, SR_NONE, SYS_OTHER, NV_PLACE_UNDEFINED, FEAT_BASE },
#define X(name, op0, op1, crn, crm, op2, access, slot, rel, place, feature, write_mask, reset) \
	[SR_##name] = { \
		#name, write_mask, reset, SYSREG_ENC(op0, op1, crn, crm, op2), slot, SR_##rel, access, \
		NV_PLACE_##place, FEAT_##feature, \
	},
	SYSREG_LIST(X)
#undef X
};
// clang-format on

/* A deferred register has its place in the page; what is only another name has none of its own. */
#define X(name, op0, op1, crn, crm, op2, access, slot, rel, ...)                                        \
	_Static_assert((slot) == NO_SLOT || ((slot) < 0x1000 && (slot) % 8 == 0), #name);               \
	_Static_assert((access) != VEL2_MEMORY || (slot) != NO_SLOT, #name);                            \
	_Static_assert((slot) == NO_SLOT || (access) == VEL2_MEMORY || (access) == VEL2_BY_NV1, #name); \
	_Static_assert(((access) != VEL2_ALIAS && (access) != VEL2_REDIRECT) || SR_##rel != SR_NONE, #name);
SYSREG_LIST(X)
#undef X

/* The names that a sub-list makes of a part differ in op1, and what the guest keeps has a slot. */
// clang-format off
#define X(name) _Static_assert((ENC_##name##_EL2 ^ ENC_##name##_EL1) == SYSREG_ENC(0, 4, 0, 0, 0), #name);
SYSREG_TWINS(X)
SYSREG_REDIRECTED(X)
#undef X
#define X(name) \
	_Static_assert((ENC_##name##_EL12 ^ ENC_##name##_EL1) == SYSREG_ENC(0, 5, 0, 0, 0), #name); \
	_Static_assert(SLOT_##name##_EL1 != NO_SLOT, #name);
SYSREG_GUEST_CONTEXT_EL1(X)
#undef X
// clang-format on
