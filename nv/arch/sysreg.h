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
#define SYSREG_ENC_OP0 BITS(15, 14)
#define SYSREG_ENC_OP1 BITS(13, 11)
#define SYSREG_ENC_CRN BITS(10, 7)
#define SYSREG_ENC_CRM BITS(6, 3)
#define SYSREG_ENC_OP2 BITS(2, 0)
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

/* Where does an access that traps from vEL2, or from its guest, find its register?  nv/access.h says when. */
enum nv_place {
	NV_PLACE_UNDEFINED,  /* L1 gets an UNDEFINED exception */
	NV_PLACE_STORED,     /* vncr_get and vncr_set of .reg: the VNCR page or the register file */
	NV_PLACE_TWIN,	     /* E2H=1: hardware's EL1 twin; E2H=0: the file, and translated in the twin */
	NV_PLACE_REDIRECTED, /* ELR_EL2, SPSR_EL2, ESR_EL2, FAR_EL2: hardware's EL1 twin in both */
	NV_PLACE_OFFSET,     /* as NV_PLACE_STORED; lines of timers follow a write */
	NV_PLACE_TIMER,	     /* a timer that L1 reaches through its EL2 or TVAL name */
	NV_PLACE_DEBUG,	     /* hardware's: L0 looks at each access, or has it for itself at times */
	NV_PLACE_PMU, /* hardware's: L0 looks at what makes a counter count, and while one does at all of them */
	NV_PLACE_ICC_SRE, /* the constant that says: system registers only */
	NV_PLACE_INTERFACE, /* the guest's own CPU interface, if that of one group is L1's: nv/gic/iface.h; else UNDEFINED */
	NV_PLACE_TLBI,
	NV_PLACE_AT,
	NV_PLACE_FIRST_READ_ONLY,
	NV_PLACE_ID =
		NV_PLACE_FIRST_READ_ONLY, /* an ID register as L1 sees it, or another one that never changes */
	NV_PLACE_ICH_STATUS,		  /* computed from the list registers */
	NV_PLACE_COUNTER,		  /* the physical or the virtual counter */
	NV_PLACE_FIRST_WRITE_ONLY,
	NV_PLACE_SGI = NV_PLACE_FIRST_WRITE_ONLY, /* generates an interrupt */
	NV_PLACE_DIR,				  /* deactivates an interrupt */
	NV_PLACE_PREDICTION, /* restricts prediction in a context of L1: HCR_EL2.NV traps it */
};

/* The Arm manual's features that a register comes with. */
enum sysreg_feature {
	FEAT_BASE, /* every L1 has it */
	/* nv/idreg.c shows these, if L0's machine has them. */
	FEAT_VHE,
	FEAT_FGT,
	FEAT_HCX,
	FEAT_ECV,
	FEAT_ECV_POFF,
	FEAT_RAS,
	FEAT_RASv1p1,
	FEAT_SVE,
	FEAT_PAN2,
	FEAT_TLBIOS,
	FEAT_TLBIRANGE,
	FEAT_SPECRES,
	FEAT_DPB,
	FEAT_DPB2,
	FEAT_CCIDX,
	FEAT_PAuth,
	FEAT_PMUv3,
	FEAT_PMUv3p4,
	/* It hides these. */
	FEAT_XS,
	FEAT_AA32EL1,
	FEAT_AIE,
	FEAT_AMUv1,
	FEAT_AMUv1p1,
	FEAT_ATS1A,
	FEAT_BRBE,
	FEAT_CSV2_2,
	FEAT_FGT2,
	FEAT_GCS,
	FEAT_GICv3_NMI,
	FEAT_LOR,
	FEAT_LS64_ACCDATA,
	FEAT_MPAM,
	FEAT_MTE,
	FEAT_MTE2,
	FEAT_NV2,
	FEAT_PFAR,
	FEAT_RASv2,
	FEAT_RNG,
	FEAT_S1PIE,
	FEAT_S1POE,
	FEAT_S2PIE,
	FEAT_S2POE,
	FEAT_SCTLR2,
	FEAT_SEL2,
	FEAT_SME,
	FEAT_SPE,
	FEAT_SPECRES2,
	FEAT_SPEv1p2,
	FEAT_TCR2,
	FEAT_THE,
	FEAT_TRBE,
	FEAT_TRF,
};

/* Index of a register or instruction; SR_NONE is none that the list has. */
enum sysreg {
	SR_NONE,
#define X(name, ...) SR_##name,
	SYSREG_LIST(X)
#undef X
	SR_COUNT
};

/* Encodings. */
enum sysreg_enc {
#define X(name, op0, op1, crn, crm, op2, ...) ENC_##name = SYSREG_ENC(op0, op1, crn, crm, op2),
	SYSREG_LIST(X)
#undef X
};

/* Byte offsets in the VNCR page. */
enum sysreg_slot {
#define X(name, op0, op1, crn, crm, op2, access, slot, ...) SLOT_##name = (slot),
	SYSREG_LIST(X)
#undef X
};

struct sysreg_info {
	const char *name;
	uint64_t write_mask, reset;
	uint16_t enc;	      /* SYSREG_ENC */
	uint16_t slot;	      /* byte offset or NO_SLOT */
	unsigned rel : 12;    /* enum sysreg */
	unsigned access : 4;  /* enum sysreg_access */
	unsigned place : 8;   /* enum nv_place */
	unsigned feature : 8; /* enum sysreg_feature */
};

/* The row of SR_NONE has the name "NONE" and no slot. */
extern const struct sysreg_info sysreg_info[SR_COUNT];

/*
 * To enum sysreg. Most encodings come from ESR_EL2.ISS: the index has their fields in its order, Op0, Op2, Op1, CRn and then CRm, in front
 * of which there is Rt.
 */
#define SYSREG_PLACE(op0, op1, crn, crm, op2) \
	(((op0) << 14) | ((op2) << 11) | ((op1) << 8) | ((crn) << 4) | (crm))
extern const uint16_t sysreg_index[SYSREG_ENCODINGS];

/* The register or instruction that ESR_EL2.ISS names, for EC_SYS64; SR_NONE for one that the list does not have. */
static inline enum sysreg sysreg_from_iss(uint32_t iss)
{
	uint64_t from_op0_to_crn = ESR_SYS64_OP0 | ESR_SYS64_OP2 | ESR_SYS64_OP1 | ESR_SYS64_CRN;

	return (enum sysreg)
		sysreg_index[field_get(from_op0_to_crn, iss) << 4 | field_get(ESR_SYS64_CRM, iss)];
}

/* And the one of a SYSREG_ENC. */
static inline enum sysreg sysreg_from_enc(uint16_t enc)
{
	return (enum sysreg)
		sysreg_index[SYSREG_PLACE(field_get(SYSREG_ENC_OP0, enc), field_get(SYSREG_ENC_OP1, enc),
					  field_get(SYSREG_ENC_CRN, enc), field_get(SYSREG_ENC_CRM, enc),
					  field_get(SYSREG_ENC_OP2, enc))];
}

#endif
