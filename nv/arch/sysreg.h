/*
 * What can be said of a system register?  Projections of sysreg_list.h: an index, an encoding, a slot in the
 * VNCR page, a row of facts.  Next: nv/access.h, nv/forward.h.
 */
#ifndef NV_ARCH_SYSREG_H
#define NV_ARCH_SYSREG_H

#include <stdint.h>

#include "nv/arch/fields.h"
#include "nv/arch/sysreg_list.h"

/* The 16 bits op0:op1:CRn:CRm:op2, as in MRS and MSR instructions [20:5]. */
#define SYSREG_ENC(op0, op1, crn, crm, op2) \
	(((op0) << 14) | ((op1) << 11) | ((crn) << 7) | ((crm) << 3) | (op2))
#define SYSREG_ENC_OP1 BITS(13, 11)
#define SYSREG_ENCODINGS 0x10000

#define NO_SLOT 0xffff

enum sysreg_access {
	VEL2_MEMORY, /* its slot of the VNCR page whenever NV2 is set; traps without NV2 if it is an EL2
			register */
	VEL2_BY_NV1, /* an _EL1 or _EL0 name: the slot under NV2 with NV1 = 1, hardware's register with NV1 =
			0 */
	VEL2_ALIAS, /* an _EL12 or _EL02 name of rel: rel's slot, if any, under NV2 with NV1 = 0; else traps */
	VEL2_REDIRECT, /* an EL2 name: hardware's rel under NV2; traps without */
	VEL2_TRAP,     /* an EL2 name that traps with and without NV2 */
	VEL2_ID,       /* an ID register, trapped by HCR_EL2.TID3 */
	VEL2_DIRECT,   /* not affected by NV; here because L1 or L0 may trap it by another control */
	SYS_TLBI,
	SYS_AT,
	SYS_CACHE, /* DC and IC */
	SYS_OTHER,
};

/* Index of a register or instruction; SR_NONE is none that the list has. */
enum sysreg {
	SR_NONE,
#define X(name, op0, op1, crn, crm, op2, access, slot, rel, write_mask, reset) SR_##name,
	SYSREG_LIST(X)
#undef X
	SR_COUNT
};

/* Encodings. */
enum sysreg_enc {
#define X(name, op0, op1, crn, crm, op2, access, slot, rel, write_mask, reset) \
	ENC_##name = SYSREG_ENC(op0, op1, crn, crm, op2),
	SYSREG_LIST(X)
#undef X
};

/* Byte offsets in the VNCR page. */
enum sysreg_slot {
#define X(name, op0, op1, crn, crm, op2, access, slot, rel, write_mask, reset) SLOT_##name = (slot),
	SYSREG_LIST(X)
#undef X
};

struct sysreg_info {
	const char *name;
	uint64_t write_mask, reset;
	uint16_t enc;	 /* SYSREG_ENC */
	uint16_t slot;	 /* byte offset or NO_SLOT */
	uint16_t rel;	 /* enum sysreg */
	uint16_t access; /* enum sysreg_access */
};

/* The row of SR_NONE has the name "NONE" and no slot. */
extern const struct sysreg_info sysreg_info[SR_COUNT];

/* From SYSREG_ENC to enum sysreg. */
extern const uint16_t sysreg_index[SYSREG_ENCODINGS];

/* SYSREG_ENC of the access that ESR_EL2.ISS describes, for EC_SYS64. */
static inline unsigned sysreg_enc_from_iss(uint32_t iss)
{
	return (unsigned)SYSREG_ENC(field_get(ESR_SYS64_OP0, iss), field_get(ESR_SYS64_OP1, iss),
				    field_get(ESR_SYS64_CRN, iss), field_get(ESR_SYS64_CRM, iss),
				    field_get(ESR_SYS64_OP2, iss));
}

/* The register or instruction that ESR_EL2.ISS names, for EC_SYS64; SR_NONE for one that the list does not have. */
static inline enum sysreg sysreg_from_iss(uint32_t iss)
{
	return (enum sysreg)sysreg_index[sysreg_enc_from_iss(iss)];
}

#endif
