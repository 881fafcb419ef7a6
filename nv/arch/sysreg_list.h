/*
 * Which system registers and instructions are there, and how does vEL2 reach each?  The one list from which
 * indices, encodings, names, VNCR slots and the ledger's reasons are made; nothing of it is typed twice.
 * Next: sysreg.h, which projects it; nv/access.c and nv/forward.c, which use it.
 *
 * X(name, op0, op1, CRn, CRm, op2, access, slot, rel, place, feature, write_mask, reset)
 *
 * access      what an access from vEL2 meets; a value of enum sysreg_access
 * slot        byte offset in the VNCR page, or NO_SLOT
 * rel         VEL2_ALIAS: the register it is a name of; VEL2_REDIRECT and VEL2_TRAP: hardware's EL1 or EL0
 *             register with the same role; VEL2_BY_NV1 and VEL2_DIRECT: the one of vEL2 that the name means with
 *             E2H=1, if an access traps for it; else NONE
 * place       where an access that traps finds it; a value of enum nv_place. UNDEFINED also if none ever traps
 * feature     without which there is no such register; a value of enum sysreg_feature
 * write_mask  bits that L1 can change with the features that nv/idreg.c shows it; 0 for a read-only register
 *             and for one of a feature that it does not see
 * reset       the value at L1's reset; also what the bits outside write_mask read as
 */
#ifndef NV_ARCH_SYSREG_LIST_H
#define NV_ARCH_SYSREG_LIST_H

// clang-format off

#define SYSREG_LIST(X) \
	/* Identification */ \
	X(MIDR_EL1,             3, 0,  0,  0, 0, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  BASE,         0,               0) \
	X(MPIDR_EL1,            3, 0,  0,  0, 5, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  BASE,         0,               0) \
	X(REVIDR_EL1,           3, 0,  0,  0, 6, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  BASE,         0,               0) \
	X(CCSIDR_EL1,           3, 1,  0,  0, 0, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  BASE,         0,               0) \
	X(CLIDR_EL1,            3, 1,  0,  0, 1, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  BASE,         0,               0) \
	X(CCSIDR2_EL1,          3, 1,  0,  0, 2, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  CCIDX,        0,               0) \
	X(GMID_EL1,             3, 1,  0,  0, 4, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  MTE2,         0,               0) \
	X(SMIDR_EL1,            3, 1,  0,  0, 6, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  SME,          0,               0) \
	X(AIDR_EL1,             3, 1,  0,  0, 7, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  BASE,         0,               0) \
	X(CSSELR_EL1,           3, 2,  0,  0, 0, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  BASE,         BITS(3, 0),      0) \
	X(CTR_EL0,              3, 3,  0,  0, 1, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  BASE,         0,               0) \
	X(DCZID_EL0,            3, 3,  0,  0, 7, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  BASE,         0,               0) \
	/* The ID register space of HCR_EL2.TID3: op0=3 op1=0 CRn=0 CRm=1..7, reserved ones included */ \
	X(ID_PFR0_EL1,          3, 0,  0,  1, 0, VEL2_ID,       NO_SLOT, NONE,           ID,         BASE,         0,               0) \
	X(ID_PFR1_EL1,          3, 0,  0,  1, 1, VEL2_ID,       NO_SLOT, NONE,           ID,         BASE,         0,               0) \
	X(ID_DFR0_EL1,          3, 0,  0,  1, 2, VEL2_ID,       NO_SLOT, NONE,           ID,         BASE,         0,               0) \
	X(ID_AFR0_EL1,          3, 0,  0,  1, 3, VEL2_ID,       NO_SLOT, NONE,           ID,         BASE,         0,               0) \
	X(ID_MMFR0_EL1,         3, 0,  0,  1, 4, VEL2_ID,       NO_SLOT, NONE,           ID,         BASE,         0,               0) \
	X(ID_MMFR1_EL1,         3, 0,  0,  1, 5, VEL2_ID,       NO_SLOT, NONE,           ID,         BASE,         0,               0) \
	X(ID_MMFR2_EL1,         3, 0,  0,  1, 6, VEL2_ID,       NO_SLOT, NONE,           ID,         BASE,         0,               0) \
	X(ID_MMFR3_EL1,         3, 0,  0,  1, 7, VEL2_ID,       NO_SLOT, NONE,           ID,         BASE,         0,               0) \
	X(ID_ISAR0_EL1,         3, 0,  0,  2, 0, VEL2_ID,       NO_SLOT, NONE,           ID,         BASE,         0,               0) \
	X(ID_ISAR1_EL1,         3, 0,  0,  2, 1, VEL2_ID,       NO_SLOT, NONE,           ID,         BASE,         0,               0) \
	X(ID_ISAR2_EL1,         3, 0,  0,  2, 2, VEL2_ID,       NO_SLOT, NONE,           ID,         BASE,         0,               0) \
	X(ID_ISAR3_EL1,         3, 0,  0,  2, 3, VEL2_ID,       NO_SLOT, NONE,           ID,         BASE,         0,               0) \
	X(ID_ISAR4_EL1,         3, 0,  0,  2, 4, VEL2_ID,       NO_SLOT, NONE,           ID,         BASE,         0,               0) \
	X(ID_ISAR5_EL1,         3, 0,  0,  2, 5, VEL2_ID,       NO_SLOT, NONE,           ID,         BASE,         0,               0) \
	X(ID_MMFR4_EL1,         3, 0,  0,  2, 6, VEL2_ID,       NO_SLOT, NONE,           ID,         BASE,         0,               0) \
	X(ID_ISAR6_EL1,         3, 0,  0,  2, 7, VEL2_ID,       NO_SLOT, NONE,           ID,         BASE,         0,               0) \
	X(MVFR0_EL1,            3, 0,  0,  3, 0, VEL2_ID,       NO_SLOT, NONE,           ID,         BASE,         0,               0) \
	X(MVFR1_EL1,            3, 0,  0,  3, 1, VEL2_ID,       NO_SLOT, NONE,           ID,         BASE,         0,               0) \
	X(MVFR2_EL1,            3, 0,  0,  3, 2, VEL2_ID,       NO_SLOT, NONE,           ID,         BASE,         0,               0) \
	X(ID_RES_3_0_0_3_3,     3, 0,  0,  3, 3, VEL2_ID,       NO_SLOT, NONE,           ID,         BASE,         0,               0) \
	X(ID_PFR2_EL1,          3, 0,  0,  3, 4, VEL2_ID,       NO_SLOT, NONE,           ID,         BASE,         0,               0) \
	X(ID_DFR1_EL1,          3, 0,  0,  3, 5, VEL2_ID,       NO_SLOT, NONE,           ID,         BASE,         0,               0) \
	X(ID_MMFR5_EL1,         3, 0,  0,  3, 6, VEL2_ID,       NO_SLOT, NONE,           ID,         BASE,         0,               0) \
	X(ID_RES_3_0_0_3_7,     3, 0,  0,  3, 7, VEL2_ID,       NO_SLOT, NONE,           ID,         BASE,         0,               0) \
	X(ID_AA64PFR0_EL1,      3, 0,  0,  4, 0, VEL2_ID,       NO_SLOT, NONE,           ID,         BASE,         0,               0) \
	X(ID_AA64PFR1_EL1,      3, 0,  0,  4, 1, VEL2_ID,       NO_SLOT, NONE,           ID,         BASE,         0,               0) \
	X(ID_AA64PFR2_EL1,      3, 0,  0,  4, 2, VEL2_ID,       NO_SLOT, NONE,           ID,         BASE,         0,               0) \
	X(ID_RES_3_0_0_4_3,     3, 0,  0,  4, 3, VEL2_ID,       NO_SLOT, NONE,           ID,         BASE,         0,               0) \
	X(ID_AA64ZFR0_EL1,      3, 0,  0,  4, 4, VEL2_ID,       NO_SLOT, NONE,           ID,         BASE,         0,               0) \
	X(ID_AA64SMFR0_EL1,     3, 0,  0,  4, 5, VEL2_ID,       NO_SLOT, NONE,           ID,         BASE,         0,               0) \
	X(ID_RES_3_0_0_4_6,     3, 0,  0,  4, 6, VEL2_ID,       NO_SLOT, NONE,           ID,         BASE,         0,               0) \
	X(ID_AA64FPFR0_EL1,     3, 0,  0,  4, 7, VEL2_ID,       NO_SLOT, NONE,           ID,         BASE,         0,               0) \
	X(ID_AA64DFR0_EL1,      3, 0,  0,  5, 0, VEL2_ID,       NO_SLOT, NONE,           ID,         BASE,         0,               0) \
	X(ID_AA64DFR1_EL1,      3, 0,  0,  5, 1, VEL2_ID,       NO_SLOT, NONE,           ID,         BASE,         0,               0) \
	X(ID_AA64DFR2_EL1,      3, 0,  0,  5, 2, VEL2_ID,       NO_SLOT, NONE,           ID,         BASE,         0,               0) \
	X(ID_RES_3_0_0_5_3,     3, 0,  0,  5, 3, VEL2_ID,       NO_SLOT, NONE,           ID,         BASE,         0,               0) \
	X(ID_AA64AFR0_EL1,      3, 0,  0,  5, 4, VEL2_ID,       NO_SLOT, NONE,           ID,         BASE,         0,               0) \
	X(ID_AA64AFR1_EL1,      3, 0,  0,  5, 5, VEL2_ID,       NO_SLOT, NONE,           ID,         BASE,         0,               0) \
	X(ID_RES_3_0_0_5_6,     3, 0,  0,  5, 6, VEL2_ID,       NO_SLOT, NONE,           ID,         BASE,         0,               0) \
	X(ID_RES_3_0_0_5_7,     3, 0,  0,  5, 7, VEL2_ID,       NO_SLOT, NONE,           ID,         BASE,         0,               0) \
	X(ID_AA64ISAR0_EL1,     3, 0,  0,  6, 0, VEL2_ID,       NO_SLOT, NONE,           ID,         BASE,         0,               0) \
	X(ID_AA64ISAR1_EL1,     3, 0,  0,  6, 1, VEL2_ID,       NO_SLOT, NONE,           ID,         BASE,         0,               0) \
	X(ID_AA64ISAR2_EL1,     3, 0,  0,  6, 2, VEL2_ID,       NO_SLOT, NONE,           ID,         BASE,         0,               0) \
	X(ID_AA64ISAR3_EL1,     3, 0,  0,  6, 3, VEL2_ID,       NO_SLOT, NONE,           ID,         BASE,         0,               0) \
	X(ID_RES_3_0_0_6_4,     3, 0,  0,  6, 4, VEL2_ID,       NO_SLOT, NONE,           ID,         BASE,         0,               0) \
	X(ID_RES_3_0_0_6_5,     3, 0,  0,  6, 5, VEL2_ID,       NO_SLOT, NONE,           ID,         BASE,         0,               0) \
	X(ID_RES_3_0_0_6_6,     3, 0,  0,  6, 6, VEL2_ID,       NO_SLOT, NONE,           ID,         BASE,         0,               0) \
	X(ID_RES_3_0_0_6_7,     3, 0,  0,  6, 7, VEL2_ID,       NO_SLOT, NONE,           ID,         BASE,         0,               0) \
	X(ID_AA64MMFR0_EL1,     3, 0,  0,  7, 0, VEL2_ID,       NO_SLOT, NONE,           ID,         BASE,         0,               0) \
	X(ID_AA64MMFR1_EL1,     3, 0,  0,  7, 1, VEL2_ID,       NO_SLOT, NONE,           ID,         BASE,         0,               0) \
	X(ID_AA64MMFR2_EL1,     3, 0,  0,  7, 2, VEL2_ID,       NO_SLOT, NONE,           ID,         BASE,         0,               0) \
	X(ID_AA64MMFR3_EL1,     3, 0,  0,  7, 3, VEL2_ID,       NO_SLOT, NONE,           ID,         BASE,         0,               0) \
	X(ID_AA64MMFR4_EL1,     3, 0,  0,  7, 4, VEL2_ID,       NO_SLOT, NONE,           ID,         BASE,         0,               0) \
	X(ID_RES_3_0_0_7_5,     3, 0,  0,  7, 5, VEL2_ID,       NO_SLOT, NONE,           ID,         BASE,         0,               0) \
	X(ID_RES_3_0_0_7_6,     3, 0,  0,  7, 6, VEL2_ID,       NO_SLOT, NONE,           ID,         BASE,         0,               0) \
	X(ID_RES_3_0_0_7_7,     3, 0,  0,  7, 7, VEL2_ID,       NO_SLOT, NONE,           ID,         BASE,         0,               0) \
	/* EL1 system control, memory and exceptions */ \
	X(SCTLR_EL1,            3, 0,  1,  0, 0, VEL2_BY_NV1,   0x110,   NONE,           STORED,     BASE,         SCTLR_EL1_SHOWN, SCTLR_EL1_RES1) \
	X(ACTLR_EL1,            3, 0,  1,  0, 1, VEL2_MEMORY,   0x118,   NONE,           STORED,     BASE,         0,               0) \
	X(CPACR_EL1,            3, 0,  1,  0, 2, VEL2_BY_NV1,   0x100,   NONE,           STORED,     BASE,         CPACR_SHOWN,     0) \
	X(SCTLR2_EL1,           3, 0,  1,  0, 3, VEL2_BY_NV1,   NO_SLOT, NONE,           UNDEFINED,  SCTLR2,       0,               0) \
	X(RGSR_EL1,             3, 0,  1,  0, 5, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  MTE2,         0,               0) \
	X(GCR_EL1,              3, 0,  1,  0, 6, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  MTE2,         0,               0) \
	X(ZCR_EL1,              3, 0,  1,  2, 0, VEL2_BY_NV1,   0x1e0,   NONE,           STORED,     SVE,          ZCR_LEN,         0) \
	X(TRFCR_EL1,            3, 0,  1,  2, 1, VEL2_BY_NV1,   0x880,   NONE,           STORED,     TRF,          0,               0) \
	X(SMPRI_EL1,            3, 0,  1,  2, 4, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  SME,          0,               0) \
	X(SMCR_EL1,             3, 0,  1,  2, 6, VEL2_BY_NV1,   0x1f0,   NONE,           STORED,     SME,          0,               0) \
	X(TTBR0_EL1,            3, 0,  2,  0, 0, VEL2_BY_NV1,   0x200,   NONE,           STORED,     BASE,         ALL_BITS,        0) \
	X(TTBR1_EL1,            3, 0,  2,  0, 1, VEL2_BY_NV1,   0x210,   NONE,           STORED,     BASE,         ALL_BITS,        0) \
	X(TCR_EL1,              3, 0,  2,  0, 2, VEL2_BY_NV1,   0x120,   NONE,           STORED,     BASE,         TCR_EL1_SHOWN,   0) \
	X(TCR2_EL1,             3, 0,  2,  0, 3, VEL2_BY_NV1,   0x270,   NONE,           STORED,     TCR2,         0,               0) \
	X(APIAKEYLO_EL1,        3, 0,  2,  1, 0, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  PAuth,        ALL_BITS,        0) \
	X(APIAKEYHI_EL1,        3, 0,  2,  1, 1, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  PAuth,        ALL_BITS,        0) \
	X(APIBKEYLO_EL1,        3, 0,  2,  1, 2, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  PAuth,        ALL_BITS,        0) \
	X(APIBKEYHI_EL1,        3, 0,  2,  1, 3, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  PAuth,        ALL_BITS,        0) \
	X(APDAKEYLO_EL1,        3, 0,  2,  2, 0, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  PAuth,        ALL_BITS,        0) \
	X(APDAKEYHI_EL1,        3, 0,  2,  2, 1, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  PAuth,        ALL_BITS,        0) \
	X(APDBKEYLO_EL1,        3, 0,  2,  2, 2, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  PAuth,        ALL_BITS,        0) \
	X(APDBKEYHI_EL1,        3, 0,  2,  2, 3, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  PAuth,        ALL_BITS,        0) \
	X(APGAKEYLO_EL1,        3, 0,  2,  3, 0, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  PAuth,        ALL_BITS,        0) \
	X(APGAKEYHI_EL1,        3, 0,  2,  3, 1, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  PAuth,        ALL_BITS,        0) \
	X(GCSCR_EL1,            3, 0,  2,  5, 0, VEL2_BY_NV1,   0x8d0,   NONE,           STORED,     GCS,          0,               0) \
	X(GCSPR_EL1,            3, 0,  2,  5, 1, VEL2_BY_NV1,   NO_SLOT, NONE,           UNDEFINED,  GCS,          0,               0) \
	X(GCSCRE0_EL1,          3, 0,  2,  5, 2, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  GCS,          0,               0) \
	X(SPSR_EL1,             3, 0,  4,  0, 0, VEL2_BY_NV1,   0x160,   NONE,           STORED,     BASE,         SPSR_SHOWN,      0) \
	X(ELR_EL1,              3, 0,  4,  0, 1, VEL2_BY_NV1,   0x230,   NONE,           STORED,     BASE,         ALL_BITS,        0) \
	X(SP_EL0,               3, 0,  4,  1, 0, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  BASE,         ALL_BITS,        0) \
	X(AFSR0_EL1,            3, 0,  5,  1, 0, VEL2_BY_NV1,   0x128,   NONE,           STORED,     BASE,         ALL_BITS,        0) \
	X(AFSR1_EL1,            3, 0,  5,  1, 1, VEL2_BY_NV1,   0x130,   NONE,           STORED,     BASE,         ALL_BITS,        0) \
	X(ESR_EL1,              3, 0,  5,  2, 0, VEL2_BY_NV1,   0x138,   NONE,           STORED,     BASE,         ALL_BITS,        0) \
	X(ERRIDR_EL1,           3, 0,  5,  3, 0, VEL2_DIRECT,   NO_SLOT, NONE,           ID,         RAS,          0,               0) \
	X(ERRSELR_EL1,          3, 0,  5,  3, 1, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  RAS,          0,               0) \
	X(ERXGSR_EL1,           3, 0,  5,  3, 2, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  RASv2,        0,               0) \
	X(ERXFR_EL1,            3, 0,  5,  4, 0, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  RAS,          0,               0) \
	X(ERXCTLR_EL1,          3, 0,  5,  4, 1, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  RAS,          0,               0) \
	X(ERXSTATUS_EL1,        3, 0,  5,  4, 2, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  RAS,          0,               0) \
	X(ERXADDR_EL1,          3, 0,  5,  4, 3, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  RAS,          0,               0) \
	X(ERXPFGF_EL1,          3, 0,  5,  4, 4, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  RASv1p1,      0,               0) \
	X(ERXPFGCTL_EL1,        3, 0,  5,  4, 5, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  RASv1p1,      0,               0) \
	X(ERXPFGCDN_EL1,        3, 0,  5,  4, 6, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  RASv1p1,      0,               0) \
	X(ERXMISC0_EL1,         3, 0,  5,  5, 0, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  RAS,          0,               0) \
	X(ERXMISC1_EL1,         3, 0,  5,  5, 1, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  RAS,          0,               0) \
	X(ERXMISC2_EL1,         3, 0,  5,  5, 2, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  RASv1p1,      0,               0) \
	X(ERXMISC3_EL1,         3, 0,  5,  5, 3, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  RASv1p1,      0,               0) \
	X(TFSR_EL1,             3, 0,  5,  6, 0, VEL2_BY_NV1,   0x190,   NONE,           STORED,     MTE2,         0,               0) \
	X(TFSRE0_EL1,           3, 0,  5,  6, 1, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  MTE2,         0,               0) \
	X(FAR_EL1,              3, 0,  6,  0, 0, VEL2_BY_NV1,   0x220,   NONE,           STORED,     BASE,         ALL_BITS,        0) \
	X(PFAR_EL1,             3, 0,  6,  0, 5, VEL2_BY_NV1,   NO_SLOT, NONE,           UNDEFINED,  PFAR,         0,               0) \
	X(PAR_EL1,              3, 0,  7,  4, 0, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  BASE,         ALL_BITS,        0) \
	X(MAIR_EL1,             3, 0, 10,  2, 0, VEL2_BY_NV1,   0x140,   NONE,           STORED,     BASE,         ALL_BITS,        0) \
	X(MAIR2_EL1,            3, 0, 10,  2, 1, VEL2_BY_NV1,   NO_SLOT, NONE,           UNDEFINED,  AIE,          0,               0) \
	X(PIRE0_EL1,            3, 0, 10,  2, 2, VEL2_BY_NV1,   0x290,   NONE,           STORED,     S1PIE,        0,               0) \
	X(PIR_EL1,              3, 0, 10,  2, 3, VEL2_BY_NV1,   0x2a0,   NONE,           STORED,     S1PIE,        0,               0) \
	X(POR_EL1,              3, 0, 10,  2, 4, VEL2_BY_NV1,   0x2a8,   NONE,           STORED,     S1POE,        0,               0) \
	X(S2POR_EL1,            3, 0, 10,  2, 5, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  S2POE,        0,               0) \
	X(AMAIR_EL1,            3, 0, 10,  3, 0, VEL2_BY_NV1,   0x148,   NONE,           STORED,     BASE,         ALL_BITS,        0) \
	X(AMAIR2_EL1,           3, 0, 10,  3, 1, VEL2_BY_NV1,   NO_SLOT, NONE,           UNDEFINED,  AIE,          0,               0) \
	X(LORSA_EL1,            3, 0, 10,  4, 0, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  LOR,          0,               0) \
	X(LOREA_EL1,            3, 0, 10,  4, 1, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  LOR,          0,               0) \
	X(LORN_EL1,             3, 0, 10,  4, 2, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  LOR,          0,               0) \
	X(LORC_EL1,             3, 0, 10,  4, 3, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  LOR,          0,               0) \
	X(LORID_EL1,            3, 0, 10,  4, 7, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  LOR,          0,               0) \
	X(MPAMIDR_EL1,          3, 0, 10,  4, 4, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  MPAM,         0,               0) \
	X(MPAM1_EL1,            3, 0, 10,  5, 0, VEL2_BY_NV1,   0x900,   NONE,           STORED,     MPAM,         0,               0) \
	X(MPAM0_EL1,            3, 0, 10,  5, 1, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  MPAM,         0,               0) \
	X(MPAMSM_EL1,           3, 0, 10,  5, 3, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  SME,          0,               0) \
	X(VBAR_EL1,             3, 0, 12,  0, 0, VEL2_BY_NV1,   0x250,   NONE,           STORED,     BASE,         BITS(63, 11),    0) \
	X(RVBAR_EL1,            3, 0, 12,  0, 1, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  BASE,         0,               0) \
	X(RMR_EL1,              3, 0, 12,  0, 2, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  BASE,         0,               0) \
	X(ISR_EL1,              3, 0, 12,  1, 0, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  BASE,         0,               0) \
	X(DISR_EL1,             3, 0, 12,  1, 1, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  RAS,          DISR_SHOWN,      0) \
	X(CONTEXTIDR_EL1,       3, 0, 13,  0, 1, VEL2_BY_NV1,   0x108,   NONE,           STORED,     BASE,         BITS(31, 0),     0) \
	X(RCWSMASK_EL1,         3, 0, 13,  0, 3, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  THE,          0,               0) \
	X(TPIDR_EL1,            3, 0, 13,  0, 4, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  BASE,         ALL_BITS,        0) \
	X(ACCDATA_EL1,          3, 0, 13,  0, 5, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  LS64_ACCDATA, 0,               0) \
	X(RCWMASK_EL1,          3, 0, 13,  0, 6, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  THE,          0,               0) \
	X(SCXTNUM_EL1,          3, 0, 13,  0, 7, VEL2_BY_NV1,   0x188,   NONE,           STORED,     CSV2_2,       0,               0) \
	/* EL0: thread registers, random numbers */ \
	X(RNDR,                 3, 3,  2,  4, 0, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  RNG,          0,               0) \
	X(RNDRRS,               3, 3,  2,  4, 1, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  RNG,          0,               0) \
	X(GCSPR_EL0,            3, 3,  2,  5, 1, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  GCS,          0,               0) \
	X(POR_EL0,              3, 3, 10,  2, 4, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  S1POE,        0,               0) \
	X(TPIDR_EL0,            3, 3, 13,  0, 2, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  BASE,         ALL_BITS,        0) \
	X(TPIDRRO_EL0,          3, 3, 13,  0, 3, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  BASE,         ALL_BITS,        0) \
	X(TPIDR2_EL0,           3, 3, 13,  0, 5, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  SME,          0,               0) \
	X(SCXTNUM_EL0,          3, 3, 13,  0, 7, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  CSV2_2,       0,               0) \
	/* Interrupt controller, CPU interface */ \
	X(ICC_PMR_EL1,          3, 0,  4,  6, 0, VEL2_DIRECT,   NO_SLOT, NONE,           INTERFACE,  BASE,         BITS(7, 0),      0) \
	X(ICC_IAR0_EL1,         3, 0, 12,  8, 0, VEL2_DIRECT,   NO_SLOT, NONE,           INTERFACE,  BASE,         0,               0) \
	X(ICC_EOIR0_EL1,        3, 0, 12,  8, 1, VEL2_DIRECT,   NO_SLOT, NONE,           INTERFACE,  BASE,         ICC_IAR_INTID,   0) \
	X(ICC_HPPIR0_EL1,       3, 0, 12,  8, 2, VEL2_DIRECT,   NO_SLOT, NONE,           INTERFACE,  BASE,         0,               0) \
	X(ICC_BPR0_EL1,         3, 0, 12,  8, 3, VEL2_DIRECT,   NO_SLOT, NONE,           INTERFACE,  BASE,         BITS(2, 0),      0) \
	X(ICC_AP0R0_EL1,        3, 0, 12,  8, 4, VEL2_DIRECT,   NO_SLOT, NONE,           INTERFACE,  BASE,         BITS(31, 0),     0) \
	X(ICC_AP0R1_EL1,        3, 0, 12,  8, 5, VEL2_DIRECT,   NO_SLOT, NONE,           INTERFACE,  BASE,         BITS(31, 0),     0) \
	X(ICC_AP0R2_EL1,        3, 0, 12,  8, 6, VEL2_DIRECT,   NO_SLOT, NONE,           INTERFACE,  BASE,         BITS(31, 0),     0) \
	X(ICC_AP0R3_EL1,        3, 0, 12,  8, 7, VEL2_DIRECT,   NO_SLOT, NONE,           INTERFACE,  BASE,         BITS(31, 0),     0) \
	X(ICC_AP1R0_EL1,        3, 0, 12,  9, 0, VEL2_DIRECT,   NO_SLOT, NONE,           INTERFACE,  BASE,         BITS(31, 0),     0) \
	X(ICC_AP1R1_EL1,        3, 0, 12,  9, 1, VEL2_DIRECT,   NO_SLOT, NONE,           INTERFACE,  BASE,         BITS(31, 0),     0) \
	X(ICC_AP1R2_EL1,        3, 0, 12,  9, 2, VEL2_DIRECT,   NO_SLOT, NONE,           INTERFACE,  BASE,         BITS(31, 0),     0) \
	X(ICC_AP1R3_EL1,        3, 0, 12,  9, 3, VEL2_DIRECT,   NO_SLOT, NONE,           INTERFACE,  BASE,         BITS(31, 0),     0) \
	X(ICC_NMIAR1_EL1,       3, 0, 12,  9, 5, VEL2_DIRECT,   NO_SLOT, NONE,           INTERFACE,  GICv3_NMI,    0,               0) \
	X(ICC_DIR_EL1,          3, 0, 12, 11, 1, VEL2_DIRECT,   NO_SLOT, NONE,           DIR,        BASE,         ICC_IAR_INTID,   0) \
	X(ICC_RPR_EL1,          3, 0, 12, 11, 3, VEL2_DIRECT,   NO_SLOT, NONE,           INTERFACE,  BASE,         0,               0) \
	X(ICC_SGI1R_EL1,        3, 0, 12, 11, 5, VEL2_DIRECT,   NO_SLOT, NONE,           SGI,        BASE,         ALL_BITS,        0) \
	X(ICC_ASGI1R_EL1,       3, 0, 12, 11, 6, VEL2_DIRECT,   NO_SLOT, NONE,           SGI,        BASE,         ALL_BITS,        0) \
	X(ICC_SGI0R_EL1,        3, 0, 12, 11, 7, VEL2_DIRECT,   NO_SLOT, NONE,           SGI,        BASE,         ALL_BITS,        0) \
	X(ICC_IAR1_EL1,         3, 0, 12, 12, 0, VEL2_DIRECT,   NO_SLOT, NONE,           INTERFACE,  BASE,         0,               0) \
	X(ICC_EOIR1_EL1,        3, 0, 12, 12, 1, VEL2_DIRECT,   NO_SLOT, NONE,           INTERFACE,  BASE,         ICC_IAR_INTID,   0) \
	X(ICC_HPPIR1_EL1,       3, 0, 12, 12, 2, VEL2_DIRECT,   NO_SLOT, NONE,           INTERFACE,  BASE,         0,               0) \
	X(ICC_BPR1_EL1,         3, 0, 12, 12, 3, VEL2_DIRECT,   NO_SLOT, NONE,           INTERFACE,  BASE,         BITS(2, 0),      0) \
	X(ICC_CTLR_EL1,         3, 0, 12, 12, 4, VEL2_DIRECT,   NO_SLOT, NONE,           INTERFACE,  BASE,         ICC_CTLR_SHOWN,  0) \
	X(ICC_SRE_EL1,          3, 0, 12, 12, 5, VEL2_DIRECT,   NO_SLOT, NONE,           INTERFACE,  BASE,         0,               ICC_SRE_EL1_VALUE) \
	X(ICC_IGRPEN0_EL1,      3, 0, 12, 12, 6, VEL2_DIRECT,   NO_SLOT, NONE,           INTERFACE,  BASE,         ICC_IGRPEN_ENABLE, 0) \
	X(ICC_IGRPEN1_EL1,      3, 0, 12, 12, 7, VEL2_DIRECT,   NO_SLOT, NONE,           INTERFACE,  BASE,         ICC_IGRPEN_ENABLE, 0) \
	/* Generic timer */ \
	X(CNTKCTL_EL1,          3, 0, 14,  1, 0, VEL2_DIRECT,   NO_SLOT, NONE,           STORED,     BASE,         CNTKCTL_SHOWN,   0) \
	X(CNTFRQ_EL0,           3, 3, 14,  0, 0, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  BASE,         0,               0) \
	X(CNTPCT_EL0,           3, 3, 14,  0, 1, VEL2_DIRECT,   NO_SLOT, NONE,           COUNTER,    BASE,         0,               0) \
	X(CNTVCT_EL0,           3, 3, 14,  0, 2, VEL2_DIRECT,   NO_SLOT, NONE,           COUNTER,    BASE,         0,               0) \
	X(CNTPCTSS_EL0,         3, 3, 14,  0, 5, VEL2_DIRECT,   NO_SLOT, NONE,           COUNTER,    ECV,          0,               0) \
	X(CNTVCTSS_EL0,         3, 3, 14,  0, 6, VEL2_DIRECT,   NO_SLOT, NONE,           COUNTER,    ECV,          0,               0) \
	X(CNTP_TVAL_EL0,        3, 3, 14,  2, 0, VEL2_DIRECT,   NO_SLOT, CNTHP_TVAL_EL2, TIMER,      BASE,         BITS(31, 0),     0) \
	X(CNTP_CTL_EL0,         3, 3, 14,  2, 1, VEL2_BY_NV1,   0x180,   CNTHP_CTL_EL2,  TIMER,      BASE,         CNT_CTL_SHOWN,   0) \
	X(CNTP_CVAL_EL0,        3, 3, 14,  2, 2, VEL2_BY_NV1,   0x178,   CNTHP_CVAL_EL2, TIMER,      BASE,         ALL_BITS,        0) \
	X(CNTV_TVAL_EL0,        3, 3, 14,  3, 0, VEL2_DIRECT,   NO_SLOT, NONE,           TIMER,      BASE,         BITS(31, 0),     0) \
	X(CNTV_CTL_EL0,         3, 3, 14,  3, 1, VEL2_BY_NV1,   0x170,   NONE,           TIMER,      BASE,         CNT_CTL_SHOWN,   0) \
	X(CNTV_CVAL_EL0,        3, 3, 14,  3, 2, VEL2_BY_NV1,   0x168,   NONE,           TIMER,      BASE,         ALL_BITS,        0) \
	/* Debug */ \
	X(OSDTRRX_EL1,          2, 0,  0,  0, 2, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         BITS(31, 0),     0) \
	X(MDCCINT_EL1,          2, 0,  0,  2, 0, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         BITS(30, 29),    0) \
	X(MDSCR_EL1,            2, 0,  0,  2, 2, VEL2_MEMORY,   0x158,   NONE,           DEBUG,      BASE,         MDSCR_SHOWN,     0) \
	X(OSDTRTX_EL1,          2, 0,  0,  3, 2, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         BITS(31, 0),     0) \
	X(OSECCR_EL1,           2, 0,  0,  6, 2, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         BITS(31, 0),     0) \
	X(DBGBVR0_EL1,          2, 0,  0,  0, 4, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         ALL_BITS,        0) \
	X(DBGBCR0_EL1,          2, 0,  0,  0, 5, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         DBGBCR_SHOWN,    0) \
	X(DBGWVR0_EL1,          2, 0,  0,  0, 6, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         ALL_BITS,        0) \
	X(DBGWCR0_EL1,          2, 0,  0,  0, 7, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         DBGWCR_SHOWN,    0) \
	X(DBGBVR1_EL1,          2, 0,  0,  1, 4, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         ALL_BITS,        0) \
	X(DBGBCR1_EL1,          2, 0,  0,  1, 5, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         DBGBCR_SHOWN,    0) \
	X(DBGWVR1_EL1,          2, 0,  0,  1, 6, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         ALL_BITS,        0) \
	X(DBGWCR1_EL1,          2, 0,  0,  1, 7, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         DBGWCR_SHOWN,    0) \
	X(DBGBVR2_EL1,          2, 0,  0,  2, 4, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         ALL_BITS,        0) \
	X(DBGBCR2_EL1,          2, 0,  0,  2, 5, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         DBGBCR_SHOWN,    0) \
	X(DBGWVR2_EL1,          2, 0,  0,  2, 6, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         ALL_BITS,        0) \
	X(DBGWCR2_EL1,          2, 0,  0,  2, 7, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         DBGWCR_SHOWN,    0) \
	X(DBGBVR3_EL1,          2, 0,  0,  3, 4, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         ALL_BITS,        0) \
	X(DBGBCR3_EL1,          2, 0,  0,  3, 5, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         DBGBCR_SHOWN,    0) \
	X(DBGWVR3_EL1,          2, 0,  0,  3, 6, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         ALL_BITS,        0) \
	X(DBGWCR3_EL1,          2, 0,  0,  3, 7, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         DBGWCR_SHOWN,    0) \
	X(DBGBVR4_EL1,          2, 0,  0,  4, 4, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         ALL_BITS,        0) \
	X(DBGBCR4_EL1,          2, 0,  0,  4, 5, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         DBGBCR_SHOWN,    0) \
	X(DBGWVR4_EL1,          2, 0,  0,  4, 6, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         ALL_BITS,        0) \
	X(DBGWCR4_EL1,          2, 0,  0,  4, 7, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         DBGWCR_SHOWN,    0) \
	X(DBGBVR5_EL1,          2, 0,  0,  5, 4, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         ALL_BITS,        0) \
	X(DBGBCR5_EL1,          2, 0,  0,  5, 5, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         DBGBCR_SHOWN,    0) \
	X(DBGWVR5_EL1,          2, 0,  0,  5, 6, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         ALL_BITS,        0) \
	X(DBGWCR5_EL1,          2, 0,  0,  5, 7, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         DBGWCR_SHOWN,    0) \
	X(DBGBVR6_EL1,          2, 0,  0,  6, 4, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         ALL_BITS,        0) \
	X(DBGBCR6_EL1,          2, 0,  0,  6, 5, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         DBGBCR_SHOWN,    0) \
	X(DBGWVR6_EL1,          2, 0,  0,  6, 6, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         ALL_BITS,        0) \
	X(DBGWCR6_EL1,          2, 0,  0,  6, 7, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         DBGWCR_SHOWN,    0) \
	X(DBGBVR7_EL1,          2, 0,  0,  7, 4, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         ALL_BITS,        0) \
	X(DBGBCR7_EL1,          2, 0,  0,  7, 5, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         DBGBCR_SHOWN,    0) \
	X(DBGWVR7_EL1,          2, 0,  0,  7, 6, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         ALL_BITS,        0) \
	X(DBGWCR7_EL1,          2, 0,  0,  7, 7, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         DBGWCR_SHOWN,    0) \
	X(DBGBVR8_EL1,          2, 0,  0,  8, 4, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         ALL_BITS,        0) \
	X(DBGBCR8_EL1,          2, 0,  0,  8, 5, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         DBGBCR_SHOWN,    0) \
	X(DBGWVR8_EL1,          2, 0,  0,  8, 6, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         ALL_BITS,        0) \
	X(DBGWCR8_EL1,          2, 0,  0,  8, 7, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         DBGWCR_SHOWN,    0) \
	X(DBGBVR9_EL1,          2, 0,  0,  9, 4, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         ALL_BITS,        0) \
	X(DBGBCR9_EL1,          2, 0,  0,  9, 5, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         DBGBCR_SHOWN,    0) \
	X(DBGWVR9_EL1,          2, 0,  0,  9, 6, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         ALL_BITS,        0) \
	X(DBGWCR9_EL1,          2, 0,  0,  9, 7, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         DBGWCR_SHOWN,    0) \
	X(DBGBVR10_EL1,         2, 0,  0, 10, 4, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         ALL_BITS,        0) \
	X(DBGBCR10_EL1,         2, 0,  0, 10, 5, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         DBGBCR_SHOWN,    0) \
	X(DBGWVR10_EL1,         2, 0,  0, 10, 6, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         ALL_BITS,        0) \
	X(DBGWCR10_EL1,         2, 0,  0, 10, 7, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         DBGWCR_SHOWN,    0) \
	X(DBGBVR11_EL1,         2, 0,  0, 11, 4, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         ALL_BITS,        0) \
	X(DBGBCR11_EL1,         2, 0,  0, 11, 5, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         DBGBCR_SHOWN,    0) \
	X(DBGWVR11_EL1,         2, 0,  0, 11, 6, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         ALL_BITS,        0) \
	X(DBGWCR11_EL1,         2, 0,  0, 11, 7, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         DBGWCR_SHOWN,    0) \
	X(DBGBVR12_EL1,         2, 0,  0, 12, 4, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         ALL_BITS,        0) \
	X(DBGBCR12_EL1,         2, 0,  0, 12, 5, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         DBGBCR_SHOWN,    0) \
	X(DBGWVR12_EL1,         2, 0,  0, 12, 6, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         ALL_BITS,        0) \
	X(DBGWCR12_EL1,         2, 0,  0, 12, 7, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         DBGWCR_SHOWN,    0) \
	X(DBGBVR13_EL1,         2, 0,  0, 13, 4, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         ALL_BITS,        0) \
	X(DBGBCR13_EL1,         2, 0,  0, 13, 5, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         DBGBCR_SHOWN,    0) \
	X(DBGWVR13_EL1,         2, 0,  0, 13, 6, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         ALL_BITS,        0) \
	X(DBGWCR13_EL1,         2, 0,  0, 13, 7, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         DBGWCR_SHOWN,    0) \
	X(DBGBVR14_EL1,         2, 0,  0, 14, 4, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         ALL_BITS,        0) \
	X(DBGBCR14_EL1,         2, 0,  0, 14, 5, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         DBGBCR_SHOWN,    0) \
	X(DBGWVR14_EL1,         2, 0,  0, 14, 6, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         ALL_BITS,        0) \
	X(DBGWCR14_EL1,         2, 0,  0, 14, 7, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         DBGWCR_SHOWN,    0) \
	X(DBGBVR15_EL1,         2, 0,  0, 15, 4, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         ALL_BITS,        0) \
	X(DBGBCR15_EL1,         2, 0,  0, 15, 5, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         DBGBCR_SHOWN,    0) \
	X(DBGWVR15_EL1,         2, 0,  0, 15, 6, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         ALL_BITS,        0) \
	X(DBGWCR15_EL1,         2, 0,  0, 15, 7, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         DBGWCR_SHOWN,    0) \
	X(MDRAR_EL1,            2, 0,  1,  0, 0, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         0,               0) \
	X(OSLAR_EL1,            2, 0,  1,  0, 4, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         OSLAR_OSLK,      0) \
	X(OSLSR_EL1,            2, 0,  1,  1, 4, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         0,               OSLSR_RESET) \
	X(OSDLR_EL1,            2, 0,  1,  3, 4, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         BIT(0),          0) \
	X(DBGPRCR_EL1,          2, 0,  1,  4, 4, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         BIT(0),          0) \
	X(DBGCLAIMSET_EL1,      2, 0,  7,  8, 6, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         BITS(7, 0),      0) \
	X(DBGCLAIMCLR_EL1,      2, 0,  7,  9, 6, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         BITS(7, 0),      0) \
	X(DBGAUTHSTATUS_EL1,    2, 0,  7, 14, 6, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         0,               0) \
	X(MDCCSR_EL0,           2, 3,  0,  1, 0, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         0,               0) \
	X(DBGDTR_EL0,           2, 3,  0,  4, 0, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         ALL_BITS,        0) \
	X(DBGDTRRX_EL0,         2, 3,  0,  5, 0, VEL2_DIRECT,   NO_SLOT, NONE,           DEBUG,      BASE,         BITS(31, 0),     0) \
	X(DBGVCR32_EL2,         2, 4,  0,  7, 0, VEL2_TRAP,     NO_SLOT, NONE,           UNDEFINED,  AA32EL1,      0,               0) \
	/* Performance monitors */ \
	X(PMINTENSET_EL1,       3, 0,  9, 14, 1, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3,        BITS(31, 0),     0) \
	X(PMINTENCLR_EL1,       3, 0,  9, 14, 2, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3,        BITS(31, 0),     0) \
	X(PMMIR_EL1,            3, 0,  9, 14, 6, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3p4,      0,               0) \
	X(PMCR_EL0,             3, 3,  9, 12, 0, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3,        PMCR_SHOWN,      0) \
	X(PMCNTENSET_EL0,       3, 3,  9, 12, 1, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3,        BITS(31, 0),     0) \
	X(PMCNTENCLR_EL0,       3, 3,  9, 12, 2, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3,        BITS(31, 0),     0) \
	X(PMOVSCLR_EL0,         3, 3,  9, 12, 3, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3,        BITS(31, 0),     0) \
	X(PMSWINC_EL0,          3, 3,  9, 12, 4, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3,        BITS(30, 0),     0) \
	X(PMSELR_EL0,           3, 3,  9, 12, 5, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3,        PMSELR_SEL,      0) \
	X(PMCEID0_EL0,          3, 3,  9, 12, 6, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3,        0,               0) \
	X(PMCEID1_EL0,          3, 3,  9, 12, 7, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3,        0,               0) \
	X(PMCCNTR_EL0,          3, 3,  9, 13, 0, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3,        ALL_BITS,        0) \
	X(PMXEVTYPER_EL0,       3, 3,  9, 13, 1, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3,        PMEVTYPER_SHOWN, 0) \
	X(PMXEVCNTR_EL0,        3, 3,  9, 13, 2, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3,        ALL_BITS,        0) \
	X(PMUSERENR_EL0,        3, 3,  9, 14, 0, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3,        PMUSERENR_SHOWN, 0) \
	X(PMOVSSET_EL0,         3, 3,  9, 14, 3, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3,        BITS(31, 0),     0) \
	X(PMEVCNTR0_EL0,        3, 3, 14,  8, 0, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3,        ALL_BITS,        0) \
	X(PMEVCNTR1_EL0,        3, 3, 14,  8, 1, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3,        ALL_BITS,        0) \
	X(PMEVCNTR2_EL0,        3, 3, 14,  8, 2, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3,        ALL_BITS,        0) \
	X(PMEVCNTR3_EL0,        3, 3, 14,  8, 3, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3,        ALL_BITS,        0) \
	X(PMEVCNTR4_EL0,        3, 3, 14,  8, 4, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3,        ALL_BITS,        0) \
	X(PMEVCNTR5_EL0,        3, 3, 14,  8, 5, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3,        ALL_BITS,        0) \
	X(PMEVCNTR6_EL0,        3, 3, 14,  8, 6, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3,        ALL_BITS,        0) \
	X(PMEVCNTR7_EL0,        3, 3, 14,  8, 7, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3,        ALL_BITS,        0) \
	X(PMEVCNTR8_EL0,        3, 3, 14,  9, 0, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3,        ALL_BITS,        0) \
	X(PMEVCNTR9_EL0,        3, 3, 14,  9, 1, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3,        ALL_BITS,        0) \
	X(PMEVCNTR10_EL0,       3, 3, 14,  9, 2, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3,        ALL_BITS,        0) \
	X(PMEVCNTR11_EL0,       3, 3, 14,  9, 3, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3,        ALL_BITS,        0) \
	X(PMEVCNTR12_EL0,       3, 3, 14,  9, 4, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3,        ALL_BITS,        0) \
	X(PMEVCNTR13_EL0,       3, 3, 14,  9, 5, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3,        ALL_BITS,        0) \
	X(PMEVCNTR14_EL0,       3, 3, 14,  9, 6, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3,        ALL_BITS,        0) \
	X(PMEVCNTR15_EL0,       3, 3, 14,  9, 7, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3,        ALL_BITS,        0) \
	X(PMEVCNTR16_EL0,       3, 3, 14, 10, 0, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3,        ALL_BITS,        0) \
	X(PMEVCNTR17_EL0,       3, 3, 14, 10, 1, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3,        ALL_BITS,        0) \
	X(PMEVCNTR18_EL0,       3, 3, 14, 10, 2, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3,        ALL_BITS,        0) \
	X(PMEVCNTR19_EL0,       3, 3, 14, 10, 3, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3,        ALL_BITS,        0) \
	X(PMEVCNTR20_EL0,       3, 3, 14, 10, 4, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3,        ALL_BITS,        0) \
	X(PMEVCNTR21_EL0,       3, 3, 14, 10, 5, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3,        ALL_BITS,        0) \
	X(PMEVCNTR22_EL0,       3, 3, 14, 10, 6, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3,        ALL_BITS,        0) \
	X(PMEVCNTR23_EL0,       3, 3, 14, 10, 7, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3,        ALL_BITS,        0) \
	X(PMEVCNTR24_EL0,       3, 3, 14, 11, 0, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3,        ALL_BITS,        0) \
	X(PMEVCNTR25_EL0,       3, 3, 14, 11, 1, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3,        ALL_BITS,        0) \
	X(PMEVCNTR26_EL0,       3, 3, 14, 11, 2, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3,        ALL_BITS,        0) \
	X(PMEVCNTR27_EL0,       3, 3, 14, 11, 3, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3,        ALL_BITS,        0) \
	X(PMEVCNTR28_EL0,       3, 3, 14, 11, 4, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3,        ALL_BITS,        0) \
	X(PMEVCNTR29_EL0,       3, 3, 14, 11, 5, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3,        ALL_BITS,        0) \
	X(PMEVCNTR30_EL0,       3, 3, 14, 11, 6, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3,        ALL_BITS,        0) \
	X(PMEVTYPER0_EL0,       3, 3, 14, 12, 0, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3,        PMEVTYPER_SHOWN, 0) \
	X(PMEVTYPER1_EL0,       3, 3, 14, 12, 1, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3,        PMEVTYPER_SHOWN, 0) \
	X(PMEVTYPER2_EL0,       3, 3, 14, 12, 2, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3,        PMEVTYPER_SHOWN, 0) \
	X(PMEVTYPER3_EL0,       3, 3, 14, 12, 3, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3,        PMEVTYPER_SHOWN, 0) \
	X(PMEVTYPER4_EL0,       3, 3, 14, 12, 4, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3,        PMEVTYPER_SHOWN, 0) \
	X(PMEVTYPER5_EL0,       3, 3, 14, 12, 5, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3,        PMEVTYPER_SHOWN, 0) \
	X(PMEVTYPER6_EL0,       3, 3, 14, 12, 6, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3,        PMEVTYPER_SHOWN, 0) \
	X(PMEVTYPER7_EL0,       3, 3, 14, 12, 7, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3,        PMEVTYPER_SHOWN, 0) \
	X(PMEVTYPER8_EL0,       3, 3, 14, 13, 0, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3,        PMEVTYPER_SHOWN, 0) \
	X(PMEVTYPER9_EL0,       3, 3, 14, 13, 1, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3,        PMEVTYPER_SHOWN, 0) \
	X(PMEVTYPER10_EL0,      3, 3, 14, 13, 2, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3,        PMEVTYPER_SHOWN, 0) \
	X(PMEVTYPER11_EL0,      3, 3, 14, 13, 3, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3,        PMEVTYPER_SHOWN, 0) \
	X(PMEVTYPER12_EL0,      3, 3, 14, 13, 4, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3,        PMEVTYPER_SHOWN, 0) \
	X(PMEVTYPER13_EL0,      3, 3, 14, 13, 5, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3,        PMEVTYPER_SHOWN, 0) \
	X(PMEVTYPER14_EL0,      3, 3, 14, 13, 6, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3,        PMEVTYPER_SHOWN, 0) \
	X(PMEVTYPER15_EL0,      3, 3, 14, 13, 7, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3,        PMEVTYPER_SHOWN, 0) \
	X(PMEVTYPER16_EL0,      3, 3, 14, 14, 0, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3,        PMEVTYPER_SHOWN, 0) \
	X(PMEVTYPER17_EL0,      3, 3, 14, 14, 1, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3,        PMEVTYPER_SHOWN, 0) \
	X(PMEVTYPER18_EL0,      3, 3, 14, 14, 2, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3,        PMEVTYPER_SHOWN, 0) \
	X(PMEVTYPER19_EL0,      3, 3, 14, 14, 3, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3,        PMEVTYPER_SHOWN, 0) \
	X(PMEVTYPER20_EL0,      3, 3, 14, 14, 4, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3,        PMEVTYPER_SHOWN, 0) \
	X(PMEVTYPER21_EL0,      3, 3, 14, 14, 5, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3,        PMEVTYPER_SHOWN, 0) \
	X(PMEVTYPER22_EL0,      3, 3, 14, 14, 6, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3,        PMEVTYPER_SHOWN, 0) \
	X(PMEVTYPER23_EL0,      3, 3, 14, 14, 7, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3,        PMEVTYPER_SHOWN, 0) \
	X(PMEVTYPER24_EL0,      3, 3, 14, 15, 0, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3,        PMEVTYPER_SHOWN, 0) \
	X(PMEVTYPER25_EL0,      3, 3, 14, 15, 1, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3,        PMEVTYPER_SHOWN, 0) \
	X(PMEVTYPER26_EL0,      3, 3, 14, 15, 2, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3,        PMEVTYPER_SHOWN, 0) \
	X(PMEVTYPER27_EL0,      3, 3, 14, 15, 3, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3,        PMEVTYPER_SHOWN, 0) \
	X(PMEVTYPER28_EL0,      3, 3, 14, 15, 4, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3,        PMEVTYPER_SHOWN, 0) \
	X(PMEVTYPER29_EL0,      3, 3, 14, 15, 5, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3,        PMEVTYPER_SHOWN, 0) \
	X(PMEVTYPER30_EL0,      3, 3, 14, 15, 6, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3,        PMEVTYPER_SHOWN, 0) \
	X(PMCCFILTR_EL0,        3, 3, 14, 15, 7, VEL2_DIRECT,   NO_SLOT, NONE,           PMU,        PMUv3,        PMCCFILTR_SHOWN, 0) \
	/* Statistical profiling, trace buffer, activity monitors: L1 sees none of them */ \
	X(PMSCR_EL1,            3, 0,  9,  9, 0, VEL2_BY_NV1,   0x828,   NONE,           STORED,     SPE,          0,               0) \
	X(PMSNEVFR_EL1,         3, 0,  9,  9, 1, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  SPEv1p2,      0,               0) \
	X(PMSICR_EL1,           3, 0,  9,  9, 2, VEL2_MEMORY,   0x838,   NONE,           STORED,     SPE,          0,               0) \
	X(PMSIRR_EL1,           3, 0,  9,  9, 3, VEL2_MEMORY,   0x840,   NONE,           STORED,     SPE,          0,               0) \
	X(PMSFCR_EL1,           3, 0,  9,  9, 4, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  SPE,          0,               0) \
	X(PMSEVFR_EL1,          3, 0,  9,  9, 5, VEL2_MEMORY,   0x830,   NONE,           STORED,     SPE,          0,               0) \
	X(PMSLATFR_EL1,         3, 0,  9,  9, 6, VEL2_MEMORY,   0x848,   NONE,           STORED,     SPE,          0,               0) \
	X(PMSIDR_EL1,           3, 0,  9,  9, 7, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  SPE,          0,               0) \
	X(PMBLIMITR_EL1,        3, 0,  9, 10, 0, VEL2_MEMORY,   0x800,   NONE,           STORED,     SPE,          0,               0) \
	X(PMBPTR_EL1,           3, 0,  9, 10, 1, VEL2_MEMORY,   0x810,   NONE,           STORED,     SPE,          0,               0) \
	X(PMBSR_EL1,            3, 0,  9, 10, 3, VEL2_MEMORY,   0x820,   NONE,           STORED,     SPE,          0,               0) \
	X(PMBIDR_EL1,           3, 0,  9, 10, 7, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  SPE,          0,               0) \
	X(TRBLIMITR_EL1,        3, 0,  9, 11, 0, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  TRBE,         0,               0) \
	X(TRBPTR_EL1,           3, 0,  9, 11, 1, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  TRBE,         0,               0) \
	X(TRBBASER_EL1,         3, 0,  9, 11, 2, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  TRBE,         0,               0) \
	X(TRBSR_EL1,            3, 0,  9, 11, 3, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  TRBE,         0,               0) \
	X(TRBMAR_EL1,           3, 0,  9, 11, 4, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  TRBE,         0,               0) \
	X(TRBTRG_EL1,           3, 0,  9, 11, 6, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  TRBE,         0,               0) \
	X(TRBIDR_EL1,           3, 0,  9, 11, 7, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  TRBE,         0,               0) \
	X(AMCR_EL0,             3, 3, 13,  2, 0, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  AMUv1,        0,               0) \
	X(AMCFGR_EL0,           3, 3, 13,  2, 1, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  AMUv1,        0,               0) \
	X(AMCGCR_EL0,           3, 3, 13,  2, 2, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  AMUv1,        0,               0) \
	X(AMUSERENR_EL0,        3, 3, 13,  2, 3, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  AMUv1,        0,               0) \
	X(AMCNTENCLR0_EL0,      3, 3, 13,  2, 4, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  AMUv1,        0,               0) \
	X(AMCNTENSET0_EL0,      3, 3, 13,  2, 5, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  AMUv1,        0,               0) \
	X(AMCG1IDR_EL0,         3, 3, 13,  2, 6, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  AMUv1p1,      0,               0) \
	X(AMCNTENCLR1_EL0,      3, 3, 13,  3, 0, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  AMUv1,        0,               0) \
	X(AMCNTENSET1_EL0,      3, 3, 13,  3, 1, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  AMUv1,        0,               0) \
	X(AMEVCNTR00_EL0,       3, 3, 13,  4, 0, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  AMUv1,        0,               0) \
	X(AMEVCNTR01_EL0,       3, 3, 13,  4, 1, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  AMUv1,        0,               0) \
	X(AMEVCNTR02_EL0,       3, 3, 13,  4, 2, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  AMUv1,        0,               0) \
	X(AMEVCNTR03_EL0,       3, 3, 13,  4, 3, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  AMUv1,        0,               0) \
	X(AMEVTYPER00_EL0,      3, 3, 13,  6, 0, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  AMUv1,        0,               0) \
	X(AMEVTYPER01_EL0,      3, 3, 13,  6, 1, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  AMUv1,        0,               0) \
	X(AMEVTYPER02_EL0,      3, 3, 13,  6, 2, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  AMUv1,        0,               0) \
	X(AMEVTYPER03_EL0,      3, 3, 13,  6, 3, VEL2_DIRECT,   NO_SLOT, NONE,           UNDEFINED,  AMUv1,        0,               0) \
	/* EL2 */ \
	X(VPIDR_EL2,            3, 4,  0,  0, 0, VEL2_MEMORY,   0x088,   NONE,           STORED,     BASE,         BITS(31, 0),     0) \
	X(VMPIDR_EL2,           3, 4,  0,  0, 5, VEL2_MEMORY,   0x050,   NONE,           STORED,     BASE,         VMPIDR_SHOWN,    MPIDR_RES1) \
	X(SCTLR_EL2,            3, 4,  1,  0, 0, VEL2_TRAP,     NO_SLOT, SCTLR_EL1,      TWIN,       BASE,         SCTLR_EL2_SHOWN, SCTLR_EL2_RES1) \
	X(ACTLR_EL2,            3, 4,  1,  0, 1, VEL2_TRAP,     NO_SLOT, NONE,           STORED,     BASE,         0,               0) \
	X(SCTLR2_EL2,           3, 4,  1,  0, 3, VEL2_TRAP,     NO_SLOT, SCTLR2_EL1,     UNDEFINED,  SCTLR2,       0,               0) \
	X(HCR_EL2,              3, 4,  1,  1, 0, VEL2_MEMORY,   0x078,   NONE,           STORED,     BASE,         HCR_SHOWN,       HCR_RW) \
	X(MDCR_EL2,             3, 4,  1,  1, 1, VEL2_TRAP,     NO_SLOT, NONE,           STORED,     BASE,         MDCR_SHOWN,      0) \
	X(CPTR_EL2,             3, 4,  1,  1, 2, VEL2_TRAP,     NO_SLOT, CPACR_EL1,      TWIN,       BASE,         CPTR_SHOWN,      CPTR_NVHE_RES1) \
	X(HSTR_EL2,             3, 4,  1,  1, 3, VEL2_MEMORY,   0x080,   NONE,           STORED,     BASE,         HSTR_SHOWN,      0) \
	X(HFGRTR_EL2,           3, 4,  1,  1, 4, VEL2_MEMORY,   0x1b8,   NONE,           STORED,     FGT,          HFGRTR_SHOWN,    0) \
	X(HFGWTR_EL2,           3, 4,  1,  1, 5, VEL2_MEMORY,   0x1c0,   NONE,           STORED,     FGT,          HFGWTR_SHOWN,    0) \
	X(HFGITR_EL2,           3, 4,  1,  1, 6, VEL2_MEMORY,   0x1c8,   NONE,           STORED,     FGT,          HFGITR_SHOWN,    0) \
	X(HACR_EL2,             3, 4,  1,  1, 7, VEL2_TRAP,     NO_SLOT, NONE,           STORED,     BASE,         0,               0) \
	X(ZCR_EL2,              3, 4,  1,  2, 0, VEL2_TRAP,     NO_SLOT, ZCR_EL1,        TWIN,       SVE,          ZCR_LEN,         0) \
	X(TRFCR_EL2,            3, 4,  1,  2, 1, VEL2_TRAP,     NO_SLOT, TRFCR_EL1,      UNDEFINED,  TRF,          0,               0) \
	X(HCRX_EL2,             3, 4,  1,  2, 2, VEL2_MEMORY,   0x0a0,   NONE,           STORED,     HCX,          HCRX_SHOWN,      0) \
	X(SMPRIMAP_EL2,         3, 4,  1,  2, 5, VEL2_MEMORY,   0x1f8,   NONE,           STORED,     SME,          0,               0) \
	X(SMCR_EL2,             3, 4,  1,  2, 6, VEL2_TRAP,     NO_SLOT, SMCR_EL1,       UNDEFINED,  SME,          0,               0) \
	X(SDER32_EL2,           3, 4,  1,  3, 1, VEL2_TRAP,     NO_SLOT, NONE,           UNDEFINED,  AA32EL1,      0,               0) \
	X(TTBR0_EL2,            3, 4,  2,  0, 0, VEL2_TRAP,     NO_SLOT, TTBR0_EL1,      TWIN,       BASE,         ALL_BITS,        0) \
	X(TTBR1_EL2,            3, 4,  2,  0, 1, VEL2_TRAP,     NO_SLOT, TTBR1_EL1,      TWIN,       VHE,          ALL_BITS,        0) \
	X(TCR_EL2,              3, 4,  2,  0, 2, VEL2_TRAP,     NO_SLOT, TCR_EL1,        TWIN,       BASE,         TCR_EL2_SHOWN,   TCR_EL2_RES1) \
	X(TCR2_EL2,             3, 4,  2,  0, 3, VEL2_TRAP,     NO_SLOT, TCR2_EL1,       UNDEFINED,  TCR2,         0,               0) \
	X(VTTBR_EL2,            3, 4,  2,  1, 0, VEL2_MEMORY,   0x020,   NONE,           STORED,     BASE,         ALL_BITS,        0) \
	X(VTCR_EL2,             3, 4,  2,  1, 2, VEL2_MEMORY,   0x040,   NONE,           STORED,     BASE,         VTCR_SHOWN,      VTCR_RES1) \
	X(VNCR_EL2,             3, 4,  2,  2, 0, VEL2_MEMORY,   0x0b0,   NONE,           STORED,     NV2,          0,               0) \
	X(GCSCR_EL2,            3, 4,  2,  5, 0, VEL2_TRAP,     NO_SLOT, GCSCR_EL1,      UNDEFINED,  GCS,          0,               0) \
	X(GCSPR_EL2,            3, 4,  2,  5, 1, VEL2_TRAP,     NO_SLOT, GCSPR_EL1,      UNDEFINED,  GCS,          0,               0) \
	X(VSTTBR_EL2,           3, 4,  2,  6, 0, VEL2_MEMORY,   0x030,   NONE,           STORED,     SEL2,         0,               0) \
	X(VSTCR_EL2,            3, 4,  2,  6, 2, VEL2_MEMORY,   0x048,   NONE,           STORED,     SEL2,         0,               0) \
	X(DACR32_EL2,           3, 4,  3,  0, 0, VEL2_TRAP,     NO_SLOT, NONE,           UNDEFINED,  AA32EL1,      0,               0) \
	X(HDFGRTR2_EL2,         3, 4,  3,  1, 0, VEL2_MEMORY,   0x1a0,   NONE,           STORED,     FGT2,         0,               0) \
	X(HDFGWTR2_EL2,         3, 4,  3,  1, 1, VEL2_MEMORY,   0x1b0,   NONE,           STORED,     FGT2,         0,               0) \
	X(HFGRTR2_EL2,          3, 4,  3,  1, 2, VEL2_MEMORY,   0x2c0,   NONE,           STORED,     FGT2,         0,               0) \
	X(HFGWTR2_EL2,          3, 4,  3,  1, 3, VEL2_MEMORY,   0x2c8,   NONE,           STORED,     FGT2,         0,               0) \
	X(HDFGRTR_EL2,          3, 4,  3,  1, 4, VEL2_MEMORY,   0x1d0,   NONE,           STORED,     FGT,          HDFGRTR_SHOWN,   0) \
	X(HDFGWTR_EL2,          3, 4,  3,  1, 5, VEL2_MEMORY,   0x1d8,   NONE,           STORED,     FGT,          HDFGWTR_SHOWN,   0) \
	X(HAFGRTR_EL2,          3, 4,  3,  1, 6, VEL2_MEMORY,   0x1e8,   NONE,           STORED,     AMUv1,        0,               0) \
	X(HFGITR2_EL2,          3, 4,  3,  1, 7, VEL2_MEMORY,   0x310,   NONE,           STORED,     FGT2,         0,               0) \
	X(SPSR_EL2,             3, 4,  4,  0, 0, VEL2_REDIRECT, NO_SLOT, SPSR_EL1,       REDIRECTED, BASE,         SPSR_SHOWN,      0) \
	X(ELR_EL2,              3, 4,  4,  0, 1, VEL2_REDIRECT, NO_SLOT, ELR_EL1,        REDIRECTED, BASE,         ALL_BITS,        0) \
	X(SP_EL1,               3, 4,  4,  1, 0, VEL2_MEMORY,   0x240,   NONE,           STORED,     BASE,         ALL_BITS,        0) \
	X(SPSR_irq,             3, 4,  4,  3, 0, VEL2_TRAP,     NO_SLOT, NONE,           STORED,     BASE,         0,               0) \
	X(SPSR_abt,             3, 4,  4,  3, 1, VEL2_TRAP,     NO_SLOT, NONE,           STORED,     BASE,         0,               0) \
	X(SPSR_und,             3, 4,  4,  3, 2, VEL2_TRAP,     NO_SLOT, NONE,           STORED,     BASE,         0,               0) \
	X(SPSR_fiq,             3, 4,  4,  3, 3, VEL2_TRAP,     NO_SLOT, NONE,           STORED,     BASE,         0,               0) \
	X(IFSR32_EL2,           3, 4,  5,  0, 1, VEL2_TRAP,     NO_SLOT, NONE,           UNDEFINED,  AA32EL1,      0,               0) \
	X(AFSR0_EL2,            3, 4,  5,  1, 0, VEL2_TRAP,     NO_SLOT, AFSR0_EL1,      TWIN,       BASE,         ALL_BITS,        0) \
	X(AFSR1_EL2,            3, 4,  5,  1, 1, VEL2_TRAP,     NO_SLOT, AFSR1_EL1,      TWIN,       BASE,         ALL_BITS,        0) \
	X(ESR_EL2,              3, 4,  5,  2, 0, VEL2_REDIRECT, NO_SLOT, ESR_EL1,        REDIRECTED, BASE,         ALL_BITS,        0) \
	X(VSESR_EL2,            3, 4,  5,  2, 3, VEL2_MEMORY,   0x508,   NONE,           STORED,     RAS,          ESR_SERROR_ISS,  0) \
	X(FPEXC32_EL2,          3, 4,  5,  3, 0, VEL2_TRAP,     NO_SLOT, NONE,           UNDEFINED,  AA32EL1,      0,               0) \
	X(TFSR_EL2,             3, 4,  5,  6, 0, VEL2_TRAP,     NO_SLOT, TFSR_EL1,       UNDEFINED,  MTE2,         0,               0) \
	X(FAR_EL2,              3, 4,  6,  0, 0, VEL2_REDIRECT, NO_SLOT, FAR_EL1,        REDIRECTED, BASE,         ALL_BITS,        0) \
	X(HPFAR_EL2,            3, 4,  6,  0, 4, VEL2_TRAP,     NO_SLOT, NONE,           STORED,     BASE,         HPFAR_FIPA,      0) \
	X(PFAR_EL2,             3, 4,  6,  0, 5, VEL2_TRAP,     NO_SLOT, PFAR_EL1,       UNDEFINED,  PFAR,         0,               0) \
	X(PMSCR_EL2,            3, 4,  9,  9, 0, VEL2_TRAP,     NO_SLOT, PMSCR_EL1,      UNDEFINED,  SPE,          0,               0) \
	X(MAIR2_EL2,            3, 4, 10,  1, 1, VEL2_TRAP,     NO_SLOT, MAIR2_EL1,      UNDEFINED,  AIE,          0,               0) \
	X(MAIR_EL2,             3, 4, 10,  2, 0, VEL2_TRAP,     NO_SLOT, MAIR_EL1,       TWIN,       BASE,         ALL_BITS,        0) \
	X(PIRE0_EL2,            3, 4, 10,  2, 2, VEL2_TRAP,     NO_SLOT, PIRE0_EL1,      UNDEFINED,  S1PIE,        0,               0) \
	X(PIR_EL2,              3, 4, 10,  2, 3, VEL2_TRAP,     NO_SLOT, PIR_EL1,        UNDEFINED,  S1PIE,        0,               0) \
	X(POR_EL2,              3, 4, 10,  2, 4, VEL2_TRAP,     NO_SLOT, POR_EL1,        UNDEFINED,  S1POE,        0,               0) \
	X(S2PIR_EL2,            3, 4, 10,  2, 5, VEL2_TRAP,     NO_SLOT, NONE,           UNDEFINED,  S2PIE,        0,               0) \
	X(AMAIR_EL2,            3, 4, 10,  3, 0, VEL2_TRAP,     NO_SLOT, AMAIR_EL1,      TWIN,       BASE,         ALL_BITS,        0) \
	X(AMAIR2_EL2,           3, 4, 10,  3, 1, VEL2_TRAP,     NO_SLOT, AMAIR2_EL1,     UNDEFINED,  AIE,          0,               0) \
	X(MPAMHCR_EL2,          3, 4, 10,  4, 0, VEL2_MEMORY,   0x930,   NONE,           STORED,     MPAM,         0,               0) \
	X(MPAMVPMV_EL2,         3, 4, 10,  4, 1, VEL2_MEMORY,   0x938,   NONE,           STORED,     MPAM,         0,               0) \
	X(MPAM2_EL2,            3, 4, 10,  5, 0, VEL2_TRAP,     NO_SLOT, MPAM1_EL1,      UNDEFINED,  MPAM,         0,               0) \
	X(MPAMVPM0_EL2,         3, 4, 10,  6, 0, VEL2_MEMORY,   0x940,   NONE,           STORED,     MPAM,         0,               0) \
	X(MPAMVPM1_EL2,         3, 4, 10,  6, 1, VEL2_MEMORY,   0x948,   NONE,           STORED,     MPAM,         0,               0) \
	X(MPAMVPM2_EL2,         3, 4, 10,  6, 2, VEL2_MEMORY,   0x950,   NONE,           STORED,     MPAM,         0,               0) \
	X(MPAMVPM3_EL2,         3, 4, 10,  6, 3, VEL2_MEMORY,   0x958,   NONE,           STORED,     MPAM,         0,               0) \
	X(MPAMVPM4_EL2,         3, 4, 10,  6, 4, VEL2_MEMORY,   0x960,   NONE,           STORED,     MPAM,         0,               0) \
	X(MPAMVPM5_EL2,         3, 4, 10,  6, 5, VEL2_MEMORY,   0x968,   NONE,           STORED,     MPAM,         0,               0) \
	X(MPAMVPM6_EL2,         3, 4, 10,  6, 6, VEL2_MEMORY,   0x970,   NONE,           STORED,     MPAM,         0,               0) \
	X(MPAMVPM7_EL2,         3, 4, 10,  6, 7, VEL2_MEMORY,   0x978,   NONE,           STORED,     MPAM,         0,               0) \
	X(VBAR_EL2,             3, 4, 12,  0, 0, VEL2_TRAP,     NO_SLOT, VBAR_EL1,       TWIN,       BASE,         BITS(63, 11),    0) \
	X(RVBAR_EL2,            3, 4, 12,  0, 1, VEL2_TRAP,     NO_SLOT, NONE,           ID,         BASE,         0,               0) \
	X(RMR_EL2,              3, 4, 12,  0, 2, VEL2_TRAP,     NO_SLOT, NONE,           UNDEFINED,  BASE,         0,               0) \
	X(VDISR_EL2,            3, 4, 12,  1, 1, VEL2_MEMORY,   0x500,   NONE,           STORED,     RAS,          DISR_SHOWN,      0) \
	X(ICH_AP0R0_EL2,        3, 4, 12,  8, 0, VEL2_MEMORY,   0x480,   NONE,           STORED,     BASE,         BITS(31, 0),     0) \
	X(ICH_AP0R1_EL2,        3, 4, 12,  8, 1, VEL2_MEMORY,   0x488,   NONE,           STORED,     BASE,         BITS(31, 0),     0) \
	X(ICH_AP0R2_EL2,        3, 4, 12,  8, 2, VEL2_MEMORY,   0x490,   NONE,           STORED,     BASE,         BITS(31, 0),     0) \
	X(ICH_AP0R3_EL2,        3, 4, 12,  8, 3, VEL2_MEMORY,   0x498,   NONE,           STORED,     BASE,         BITS(31, 0),     0) \
	X(ICH_AP1R0_EL2,        3, 4, 12,  9, 0, VEL2_MEMORY,   0x4a0,   NONE,           STORED,     BASE,         BITS(31, 0),     0) \
	X(ICH_AP1R1_EL2,        3, 4, 12,  9, 1, VEL2_MEMORY,   0x4a8,   NONE,           STORED,     BASE,         BITS(31, 0),     0) \
	X(ICH_AP1R2_EL2,        3, 4, 12,  9, 2, VEL2_MEMORY,   0x4b0,   NONE,           STORED,     BASE,         BITS(31, 0),     0) \
	X(ICH_AP1R3_EL2,        3, 4, 12,  9, 3, VEL2_MEMORY,   0x4b8,   NONE,           STORED,     BASE,         BITS(31, 0),     0) \
	X(ICC_SRE_EL2,          3, 4, 12,  9, 5, VEL2_TRAP,     NO_SLOT, NONE,           ICC_SRE,    BASE,         0,               ICC_SRE_EL2_VALUE) \
	X(ICH_HCR_EL2,          3, 4, 12, 11, 0, VEL2_MEMORY,   0x4c0,   NONE,           STORED,     BASE,         ICH_HCR_SHOWN,   0) \
	X(ICH_VTR_EL2,          3, 4, 12, 11, 1, VEL2_TRAP,     NO_SLOT, NONE,           ICH_STATUS, BASE,         0,               0) \
	X(ICH_MISR_EL2,         3, 4, 12, 11, 2, VEL2_TRAP,     NO_SLOT, NONE,           ICH_STATUS, BASE,         0,               0) \
	X(ICH_EISR_EL2,         3, 4, 12, 11, 3, VEL2_TRAP,     NO_SLOT, NONE,           ICH_STATUS, BASE,         0,               0) \
	X(ICH_ELRSR_EL2,        3, 4, 12, 11, 5, VEL2_TRAP,     NO_SLOT, NONE,           ICH_STATUS, BASE,         0,               0) \
	X(ICH_VMCR_EL2,         3, 4, 12, 11, 7, VEL2_MEMORY,   0x4c8,   NONE,           STORED,     BASE,         ICH_VMCR_SHOWN,  0) \
	X(ICH_LR0_EL2,          3, 4, 12, 12, 0, VEL2_MEMORY,   0x400,   NONE,           STORED,     BASE,         ICH_LR_SHOWN,    0) \
	X(ICH_LR1_EL2,          3, 4, 12, 12, 1, VEL2_MEMORY,   0x408,   NONE,           STORED,     BASE,         ICH_LR_SHOWN,    0) \
	X(ICH_LR2_EL2,          3, 4, 12, 12, 2, VEL2_MEMORY,   0x410,   NONE,           STORED,     BASE,         ICH_LR_SHOWN,    0) \
	X(ICH_LR3_EL2,          3, 4, 12, 12, 3, VEL2_MEMORY,   0x418,   NONE,           STORED,     BASE,         ICH_LR_SHOWN,    0) \
	X(ICH_LR4_EL2,          3, 4, 12, 12, 4, VEL2_MEMORY,   0x420,   NONE,           STORED,     BASE,         ICH_LR_SHOWN,    0) \
	X(ICH_LR5_EL2,          3, 4, 12, 12, 5, VEL2_MEMORY,   0x428,   NONE,           STORED,     BASE,         ICH_LR_SHOWN,    0) \
	X(ICH_LR6_EL2,          3, 4, 12, 12, 6, VEL2_MEMORY,   0x430,   NONE,           STORED,     BASE,         ICH_LR_SHOWN,    0) \
	X(ICH_LR7_EL2,          3, 4, 12, 12, 7, VEL2_MEMORY,   0x438,   NONE,           STORED,     BASE,         ICH_LR_SHOWN,    0) \
	X(ICH_LR8_EL2,          3, 4, 12, 13, 0, VEL2_MEMORY,   0x440,   NONE,           STORED,     BASE,         ICH_LR_SHOWN,    0) \
	X(ICH_LR9_EL2,          3, 4, 12, 13, 1, VEL2_MEMORY,   0x448,   NONE,           STORED,     BASE,         ICH_LR_SHOWN,    0) \
	X(ICH_LR10_EL2,         3, 4, 12, 13, 2, VEL2_MEMORY,   0x450,   NONE,           STORED,     BASE,         ICH_LR_SHOWN,    0) \
	X(ICH_LR11_EL2,         3, 4, 12, 13, 3, VEL2_MEMORY,   0x458,   NONE,           STORED,     BASE,         ICH_LR_SHOWN,    0) \
	X(ICH_LR12_EL2,         3, 4, 12, 13, 4, VEL2_MEMORY,   0x460,   NONE,           STORED,     BASE,         ICH_LR_SHOWN,    0) \
	X(ICH_LR13_EL2,         3, 4, 12, 13, 5, VEL2_MEMORY,   0x468,   NONE,           STORED,     BASE,         ICH_LR_SHOWN,    0) \
	X(ICH_LR14_EL2,         3, 4, 12, 13, 6, VEL2_MEMORY,   0x470,   NONE,           STORED,     BASE,         ICH_LR_SHOWN,    0) \
	X(ICH_LR15_EL2,         3, 4, 12, 13, 7, VEL2_MEMORY,   0x478,   NONE,           STORED,     BASE,         ICH_LR_SHOWN,    0) \
	X(CONTEXTIDR_EL2,       3, 4, 13,  0, 1, VEL2_TRAP,     NO_SLOT, CONTEXTIDR_EL1, TWIN,       VHE,          BITS(31, 0),     0) \
	X(TPIDR_EL2,            3, 4, 13,  0, 2, VEL2_MEMORY,   0x090,   NONE,           STORED,     BASE,         ALL_BITS,        0) \
	X(SCXTNUM_EL2,          3, 4, 13,  0, 7, VEL2_TRAP,     NO_SLOT, SCXTNUM_EL1,    UNDEFINED,  CSV2_2,       0,               0) \
	X(CNTVOFF_EL2,          3, 4, 14,  0, 3, VEL2_MEMORY,   0x060,   NONE,           OFFSET,     BASE,         ALL_BITS,        0) \
	X(CNTPOFF_EL2,          3, 4, 14,  0, 6, VEL2_MEMORY,   0x1a8,   NONE,           OFFSET,     ECV_POFF,     ALL_BITS,        0) \
	X(CNTHCTL_EL2,          3, 4, 14,  1, 0, VEL2_TRAP,     NO_SLOT, CNTKCTL_EL1,    TWIN,       BASE,         CNTHCTL_SHOWN,   0) \
	X(CNTHP_TVAL_EL2,       3, 4, 14,  2, 0, VEL2_TRAP,     NO_SLOT, CNTP_TVAL_EL0,  TIMER,      BASE,         BITS(31, 0),     0) \
	X(CNTHP_CTL_EL2,        3, 4, 14,  2, 1, VEL2_TRAP,     NO_SLOT, CNTP_CTL_EL0,   TIMER,      BASE,         CNT_CTL_SHOWN,   0) \
	X(CNTHP_CVAL_EL2,       3, 4, 14,  2, 2, VEL2_TRAP,     NO_SLOT, CNTP_CVAL_EL0,  TIMER,      BASE,         ALL_BITS,        0) \
	X(CNTHV_TVAL_EL2,       3, 4, 14,  3, 0, VEL2_TRAP,     NO_SLOT, CNTV_TVAL_EL0,  TIMER,      VHE,          BITS(31, 0),     0) \
	X(CNTHV_CTL_EL2,        3, 4, 14,  3, 1, VEL2_TRAP,     NO_SLOT, CNTV_CTL_EL0,   TIMER,      VHE,          CNT_CTL_SHOWN,   0) \
	X(CNTHV_CVAL_EL2,       3, 4, 14,  3, 2, VEL2_TRAP,     NO_SLOT, CNTV_CVAL_EL0,  TIMER,      VHE,          ALL_BITS,        0) \
	X(SP_EL2,               3, 6,  4,  1, 0, VEL2_TRAP,     NO_SLOT, SP_EL1,         UNDEFINED,  BASE,         ALL_BITS,        0) \
	/* EL1 and EL0 registers by the names that EL2 with E2H=1 has for them */ \
	X(SCTLR_EL12,           3, 5,  1,  0, 0, VEL2_ALIAS,    NO_SLOT, SCTLR_EL1,      STORED,     BASE,         SCTLR_EL1_SHOWN, SCTLR_EL1_RES1) \
	X(SCTLR2_EL12,          3, 5,  1,  0, 3, VEL2_ALIAS,    NO_SLOT, SCTLR2_EL1,     UNDEFINED,  SCTLR2,       0,               0) \
	X(CPACR_EL12,           3, 5,  1,  0, 2, VEL2_ALIAS,    NO_SLOT, CPACR_EL1,      STORED,     BASE,         CPACR_SHOWN,     0) \
	X(ZCR_EL12,             3, 5,  1,  2, 0, VEL2_ALIAS,    NO_SLOT, ZCR_EL1,        STORED,     SVE,          ZCR_LEN,         0) \
	X(TRFCR_EL12,           3, 5,  1,  2, 1, VEL2_ALIAS,    NO_SLOT, TRFCR_EL1,      STORED,     TRF,          0,               0) \
	X(SMCR_EL12,            3, 5,  1,  2, 6, VEL2_ALIAS,    NO_SLOT, SMCR_EL1,       STORED,     SME,          0,               0) \
	X(TTBR0_EL12,           3, 5,  2,  0, 0, VEL2_ALIAS,    NO_SLOT, TTBR0_EL1,      STORED,     BASE,         ALL_BITS,        0) \
	X(TTBR1_EL12,           3, 5,  2,  0, 1, VEL2_ALIAS,    NO_SLOT, TTBR1_EL1,      STORED,     BASE,         ALL_BITS,        0) \
	X(TCR_EL12,             3, 5,  2,  0, 2, VEL2_ALIAS,    NO_SLOT, TCR_EL1,        STORED,     BASE,         TCR_EL1_SHOWN,   0) \
	X(TCR2_EL12,            3, 5,  2,  0, 3, VEL2_ALIAS,    NO_SLOT, TCR2_EL1,       STORED,     TCR2,         0,               0) \
	X(GCSCR_EL12,           3, 5,  2,  5, 0, VEL2_ALIAS,    NO_SLOT, GCSCR_EL1,      STORED,     GCS,          0,               0) \
	X(GCSPR_EL12,           3, 5,  2,  5, 1, VEL2_ALIAS,    NO_SLOT, GCSPR_EL1,      UNDEFINED,  GCS,          0,               0) \
	X(SPSR_EL12,            3, 5,  4,  0, 0, VEL2_ALIAS,    NO_SLOT, SPSR_EL1,       STORED,     BASE,         SPSR_SHOWN,      0) \
	X(ELR_EL12,             3, 5,  4,  0, 1, VEL2_ALIAS,    NO_SLOT, ELR_EL1,        STORED,     BASE,         ALL_BITS,        0) \
	X(AFSR0_EL12,           3, 5,  5,  1, 0, VEL2_ALIAS,    NO_SLOT, AFSR0_EL1,      STORED,     BASE,         ALL_BITS,        0) \
	X(AFSR1_EL12,           3, 5,  5,  1, 1, VEL2_ALIAS,    NO_SLOT, AFSR1_EL1,      STORED,     BASE,         ALL_BITS,        0) \
	X(ESR_EL12,             3, 5,  5,  2, 0, VEL2_ALIAS,    NO_SLOT, ESR_EL1,        STORED,     BASE,         ALL_BITS,        0) \
	X(TFSR_EL12,            3, 5,  5,  6, 0, VEL2_ALIAS,    NO_SLOT, TFSR_EL1,       STORED,     MTE2,         0,               0) \
	X(FAR_EL12,             3, 5,  6,  0, 0, VEL2_ALIAS,    NO_SLOT, FAR_EL1,        STORED,     BASE,         ALL_BITS,        0) \
	X(PFAR_EL12,            3, 5,  6,  0, 5, VEL2_ALIAS,    NO_SLOT, PFAR_EL1,       UNDEFINED,  PFAR,         0,               0) \
	X(PMSCR_EL12,           3, 5,  9,  9, 0, VEL2_ALIAS,    NO_SLOT, PMSCR_EL1,      STORED,     SPE,          0,               0) \
	X(MAIR_EL12,            3, 5, 10,  2, 0, VEL2_ALIAS,    NO_SLOT, MAIR_EL1,       STORED,     BASE,         ALL_BITS,        0) \
	X(MAIR2_EL12,           3, 5, 10,  2, 1, VEL2_ALIAS,    NO_SLOT, MAIR2_EL1,      UNDEFINED,  AIE,          0,               0) \
	X(PIRE0_EL12,           3, 5, 10,  2, 2, VEL2_ALIAS,    NO_SLOT, PIRE0_EL1,      STORED,     S1PIE,        0,               0) \
	X(PIR_EL12,             3, 5, 10,  2, 3, VEL2_ALIAS,    NO_SLOT, PIR_EL1,        STORED,     S1PIE,        0,               0) \
	X(POR_EL12,             3, 5, 10,  2, 4, VEL2_ALIAS,    NO_SLOT, POR_EL1,        STORED,     S1POE,        0,               0) \
	X(AMAIR_EL12,           3, 5, 10,  3, 0, VEL2_ALIAS,    NO_SLOT, AMAIR_EL1,      STORED,     BASE,         ALL_BITS,        0) \
	X(AMAIR2_EL12,          3, 5, 10,  3, 1, VEL2_ALIAS,    NO_SLOT, AMAIR2_EL1,     UNDEFINED,  AIE,          0,               0) \
	X(MPAM1_EL12,           3, 5, 10,  5, 0, VEL2_ALIAS,    NO_SLOT, MPAM1_EL1,      STORED,     MPAM,         0,               0) \
	X(VBAR_EL12,            3, 5, 12,  0, 0, VEL2_ALIAS,    NO_SLOT, VBAR_EL1,       STORED,     BASE,         BITS(63, 11),    0) \
	X(CONTEXTIDR_EL12,      3, 5, 13,  0, 1, VEL2_ALIAS,    NO_SLOT, CONTEXTIDR_EL1, STORED,     BASE,         BITS(31, 0),     0) \
	X(SCXTNUM_EL12,         3, 5, 13,  0, 7, VEL2_ALIAS,    NO_SLOT, SCXTNUM_EL1,    STORED,     CSV2_2,       0,               0) \
	X(CNTKCTL_EL12,         3, 5, 14,  1, 0, VEL2_ALIAS,    NO_SLOT, CNTKCTL_EL1,    STORED,     BASE,         CNTKCTL_SHOWN,   0) \
	X(CNTP_TVAL_EL02,       3, 5, 14,  2, 0, VEL2_ALIAS,    NO_SLOT, CNTP_TVAL_EL0,  TIMER,      BASE,         BITS(31, 0),     0) \
	X(CNTP_CTL_EL02,        3, 5, 14,  2, 1, VEL2_ALIAS,    NO_SLOT, CNTP_CTL_EL0,   TIMER,      BASE,         CNT_CTL_SHOWN,   0) \
	X(CNTP_CVAL_EL02,       3, 5, 14,  2, 2, VEL2_ALIAS,    NO_SLOT, CNTP_CVAL_EL0,  TIMER,      BASE,         ALL_BITS,        0) \
	X(CNTV_TVAL_EL02,       3, 5, 14,  3, 0, VEL2_ALIAS,    NO_SLOT, CNTV_TVAL_EL0,  TIMER,      BASE,         BITS(31, 0),     0) \
	X(CNTV_CTL_EL02,        3, 5, 14,  3, 1, VEL2_ALIAS,    NO_SLOT, CNTV_CTL_EL0,   TIMER,      BASE,         CNT_CTL_SHOWN,   0) \
	X(CNTV_CVAL_EL02,       3, 5, 14,  3, 2, VEL2_ALIAS,    NO_SLOT, CNTV_CVAL_EL0,  TIMER,      BASE,         ALL_BITS,        0) \
	/* Address translation */ \
	X(AT_S1E1R,             1, 0,  7,  8, 0, SYS_AT,        NO_SLOT, NONE,           AT,         BASE,         ALL_BITS,        0) \
	X(AT_S1E1W,             1, 0,  7,  8, 1, SYS_AT,        NO_SLOT, NONE,           AT,         BASE,         ALL_BITS,        0) \
	X(AT_S1E0R,             1, 0,  7,  8, 2, SYS_AT,        NO_SLOT, NONE,           AT,         BASE,         ALL_BITS,        0) \
	X(AT_S1E0W,             1, 0,  7,  8, 3, SYS_AT,        NO_SLOT, NONE,           AT,         BASE,         ALL_BITS,        0) \
	X(AT_S1E1RP,            1, 0,  7,  9, 0, SYS_AT,        NO_SLOT, NONE,           AT,         PAN2,         ALL_BITS,        0) \
	X(AT_S1E1WP,            1, 0,  7,  9, 1, SYS_AT,        NO_SLOT, NONE,           AT,         PAN2,         ALL_BITS,        0) \
	X(AT_S1E1A,             1, 0,  7,  9, 2, SYS_AT,        NO_SLOT, NONE,           AT,         ATS1A,        ALL_BITS,        0) \
	X(AT_S1E2R,             1, 4,  7,  8, 0, SYS_AT,        NO_SLOT, NONE,           AT,         BASE,         ALL_BITS,        0) \
	X(AT_S1E2W,             1, 4,  7,  8, 1, SYS_AT,        NO_SLOT, NONE,           AT,         BASE,         ALL_BITS,        0) \
	X(AT_S12E1R,            1, 4,  7,  8, 4, SYS_AT,        NO_SLOT, NONE,           AT,         BASE,         ALL_BITS,        0) \
	X(AT_S12E1W,            1, 4,  7,  8, 5, SYS_AT,        NO_SLOT, NONE,           AT,         BASE,         ALL_BITS,        0) \
	X(AT_S12E0R,            1, 4,  7,  8, 6, SYS_AT,        NO_SLOT, NONE,           AT,         BASE,         ALL_BITS,        0) \
	X(AT_S12E0W,            1, 4,  7,  8, 7, SYS_AT,        NO_SLOT, NONE,           AT,         BASE,         ALL_BITS,        0) \
	X(AT_S1E2A,             1, 4,  7,  9, 2, SYS_AT,        NO_SLOT, NONE,           AT,         ATS1A,        ALL_BITS,        0) \
	/* TLB maintenance; then the nXS forms of FEAT_XS, at CRn=9 */ \
	X(TLBI_VMALLE1OS,       1, 0,  8,  1, 0, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       TLBIOS,       ALL_BITS,        0) \
	X(TLBI_VAE1OS,          1, 0,  8,  1, 1, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       TLBIOS,       ALL_BITS,        0) \
	X(TLBI_ASIDE1OS,        1, 0,  8,  1, 2, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       TLBIOS,       ALL_BITS,        0) \
	X(TLBI_VAAE1OS,         1, 0,  8,  1, 3, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       TLBIOS,       ALL_BITS,        0) \
	X(TLBI_VALE1OS,         1, 0,  8,  1, 5, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       TLBIOS,       ALL_BITS,        0) \
	X(TLBI_VAALE1OS,        1, 0,  8,  1, 7, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       TLBIOS,       ALL_BITS,        0) \
	X(TLBI_RVAE1IS,         1, 0,  8,  2, 1, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       TLBIRANGE,    ALL_BITS,        0) \
	X(TLBI_RVAAE1IS,        1, 0,  8,  2, 3, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       TLBIRANGE,    ALL_BITS,        0) \
	X(TLBI_RVALE1IS,        1, 0,  8,  2, 5, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       TLBIRANGE,    ALL_BITS,        0) \
	X(TLBI_RVAALE1IS,       1, 0,  8,  2, 7, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       TLBIRANGE,    ALL_BITS,        0) \
	X(TLBI_VMALLE1IS,       1, 0,  8,  3, 0, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       BASE,         ALL_BITS,        0) \
	X(TLBI_VAE1IS,          1, 0,  8,  3, 1, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       BASE,         ALL_BITS,        0) \
	X(TLBI_ASIDE1IS,        1, 0,  8,  3, 2, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       BASE,         ALL_BITS,        0) \
	X(TLBI_VAAE1IS,         1, 0,  8,  3, 3, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       BASE,         ALL_BITS,        0) \
	X(TLBI_VALE1IS,         1, 0,  8,  3, 5, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       BASE,         ALL_BITS,        0) \
	X(TLBI_VAALE1IS,        1, 0,  8,  3, 7, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       BASE,         ALL_BITS,        0) \
	X(TLBI_RVAE1OS,         1, 0,  8,  5, 1, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       TLBIRANGE,    ALL_BITS,        0) \
	X(TLBI_RVAAE1OS,        1, 0,  8,  5, 3, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       TLBIRANGE,    ALL_BITS,        0) \
	X(TLBI_RVALE1OS,        1, 0,  8,  5, 5, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       TLBIRANGE,    ALL_BITS,        0) \
	X(TLBI_RVAALE1OS,       1, 0,  8,  5, 7, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       TLBIRANGE,    ALL_BITS,        0) \
	X(TLBI_RVAE1,           1, 0,  8,  6, 1, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       TLBIRANGE,    ALL_BITS,        0) \
	X(TLBI_RVAAE1,          1, 0,  8,  6, 3, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       TLBIRANGE,    ALL_BITS,        0) \
	X(TLBI_RVALE1,          1, 0,  8,  6, 5, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       TLBIRANGE,    ALL_BITS,        0) \
	X(TLBI_RVAALE1,         1, 0,  8,  6, 7, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       TLBIRANGE,    ALL_BITS,        0) \
	X(TLBI_VMALLE1,         1, 0,  8,  7, 0, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       BASE,         ALL_BITS,        0) \
	X(TLBI_VAE1,            1, 0,  8,  7, 1, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       BASE,         ALL_BITS,        0) \
	X(TLBI_ASIDE1,          1, 0,  8,  7, 2, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       BASE,         ALL_BITS,        0) \
	X(TLBI_VAAE1,           1, 0,  8,  7, 3, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       BASE,         ALL_BITS,        0) \
	X(TLBI_VALE1,           1, 0,  8,  7, 5, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       BASE,         ALL_BITS,        0) \
	X(TLBI_VAALE1,          1, 0,  8,  7, 7, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       BASE,         ALL_BITS,        0) \
	X(TLBI_IPAS2E1IS,       1, 4,  8,  0, 1, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       BASE,         ALL_BITS,        0) \
	X(TLBI_RIPAS2E1IS,      1, 4,  8,  0, 2, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       TLBIRANGE,    ALL_BITS,        0) \
	X(TLBI_IPAS2LE1IS,      1, 4,  8,  0, 5, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       BASE,         ALL_BITS,        0) \
	X(TLBI_RIPAS2LE1IS,     1, 4,  8,  0, 6, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       TLBIRANGE,    ALL_BITS,        0) \
	X(TLBI_ALLE2OS,         1, 4,  8,  1, 0, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       TLBIOS,       ALL_BITS,        0) \
	X(TLBI_VAE2OS,          1, 4,  8,  1, 1, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       TLBIOS,       ALL_BITS,        0) \
	X(TLBI_ALLE1OS,         1, 4,  8,  1, 4, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       TLBIOS,       ALL_BITS,        0) \
	X(TLBI_VALE2OS,         1, 4,  8,  1, 5, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       TLBIOS,       ALL_BITS,        0) \
	X(TLBI_VMALLS12E1OS,    1, 4,  8,  1, 6, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       TLBIOS,       ALL_BITS,        0) \
	X(TLBI_RVAE2IS,         1, 4,  8,  2, 1, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       TLBIRANGE,    ALL_BITS,        0) \
	X(TLBI_RVALE2IS,        1, 4,  8,  2, 5, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       TLBIRANGE,    ALL_BITS,        0) \
	X(TLBI_ALLE2IS,         1, 4,  8,  3, 0, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       BASE,         ALL_BITS,        0) \
	X(TLBI_VAE2IS,          1, 4,  8,  3, 1, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       BASE,         ALL_BITS,        0) \
	X(TLBI_ALLE1IS,         1, 4,  8,  3, 4, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       BASE,         ALL_BITS,        0) \
	X(TLBI_VALE2IS,         1, 4,  8,  3, 5, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       BASE,         ALL_BITS,        0) \
	X(TLBI_VMALLS12E1IS,    1, 4,  8,  3, 6, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       BASE,         ALL_BITS,        0) \
	X(TLBI_IPAS2E1OS,       1, 4,  8,  4, 0, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       TLBIOS,       ALL_BITS,        0) \
	X(TLBI_IPAS2E1,         1, 4,  8,  4, 1, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       BASE,         ALL_BITS,        0) \
	X(TLBI_RIPAS2E1,        1, 4,  8,  4, 2, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       TLBIRANGE,    ALL_BITS,        0) \
	X(TLBI_RIPAS2E1OS,      1, 4,  8,  4, 3, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       TLBIRANGE,    ALL_BITS,        0) \
	X(TLBI_IPAS2LE1OS,      1, 4,  8,  4, 4, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       TLBIOS,       ALL_BITS,        0) \
	X(TLBI_IPAS2LE1,        1, 4,  8,  4, 5, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       BASE,         ALL_BITS,        0) \
	X(TLBI_RIPAS2LE1,       1, 4,  8,  4, 6, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       TLBIRANGE,    ALL_BITS,        0) \
	X(TLBI_RIPAS2LE1OS,     1, 4,  8,  4, 7, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       TLBIRANGE,    ALL_BITS,        0) \
	X(TLBI_RVAE2OS,         1, 4,  8,  5, 1, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       TLBIRANGE,    ALL_BITS,        0) \
	X(TLBI_RVALE2OS,        1, 4,  8,  5, 5, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       TLBIRANGE,    ALL_BITS,        0) \
	X(TLBI_RVAE2,           1, 4,  8,  6, 1, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       TLBIRANGE,    ALL_BITS,        0) \
	X(TLBI_RVALE2,          1, 4,  8,  6, 5, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       TLBIRANGE,    ALL_BITS,        0) \
	X(TLBI_ALLE2,           1, 4,  8,  7, 0, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       BASE,         ALL_BITS,        0) \
	X(TLBI_VAE2,            1, 4,  8,  7, 1, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       BASE,         ALL_BITS,        0) \
	X(TLBI_ALLE1,           1, 4,  8,  7, 4, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       BASE,         ALL_BITS,        0) \
	X(TLBI_VALE2,           1, 4,  8,  7, 5, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       BASE,         ALL_BITS,        0) \
	X(TLBI_VMALLS12E1,      1, 4,  8,  7, 6, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       BASE,         ALL_BITS,        0) \
	X(TLBI_VMALLE1OSNXS,    1, 0,  9,  1, 0, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       XS,           ALL_BITS,        0) \
	X(TLBI_VAE1OSNXS,       1, 0,  9,  1, 1, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       XS,           ALL_BITS,        0) \
	X(TLBI_ASIDE1OSNXS,     1, 0,  9,  1, 2, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       XS,           ALL_BITS,        0) \
	X(TLBI_VAAE1OSNXS,      1, 0,  9,  1, 3, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       XS,           ALL_BITS,        0) \
	X(TLBI_VALE1OSNXS,      1, 0,  9,  1, 5, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       XS,           ALL_BITS,        0) \
	X(TLBI_VAALE1OSNXS,     1, 0,  9,  1, 7, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       XS,           ALL_BITS,        0) \
	X(TLBI_RVAE1ISNXS,      1, 0,  9,  2, 1, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       XS,           ALL_BITS,        0) \
	X(TLBI_RVAAE1ISNXS,     1, 0,  9,  2, 3, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       XS,           ALL_BITS,        0) \
	X(TLBI_RVALE1ISNXS,     1, 0,  9,  2, 5, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       XS,           ALL_BITS,        0) \
	X(TLBI_RVAALE1ISNXS,    1, 0,  9,  2, 7, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       XS,           ALL_BITS,        0) \
	X(TLBI_VMALLE1ISNXS,    1, 0,  9,  3, 0, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       XS,           ALL_BITS,        0) \
	X(TLBI_VAE1ISNXS,       1, 0,  9,  3, 1, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       XS,           ALL_BITS,        0) \
	X(TLBI_ASIDE1ISNXS,     1, 0,  9,  3, 2, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       XS,           ALL_BITS,        0) \
	X(TLBI_VAAE1ISNXS,      1, 0,  9,  3, 3, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       XS,           ALL_BITS,        0) \
	X(TLBI_VALE1ISNXS,      1, 0,  9,  3, 5, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       XS,           ALL_BITS,        0) \
	X(TLBI_VAALE1ISNXS,     1, 0,  9,  3, 7, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       XS,           ALL_BITS,        0) \
	X(TLBI_RVAE1OSNXS,      1, 0,  9,  5, 1, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       XS,           ALL_BITS,        0) \
	X(TLBI_RVAAE1OSNXS,     1, 0,  9,  5, 3, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       XS,           ALL_BITS,        0) \
	X(TLBI_RVALE1OSNXS,     1, 0,  9,  5, 5, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       XS,           ALL_BITS,        0) \
	X(TLBI_RVAALE1OSNXS,    1, 0,  9,  5, 7, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       XS,           ALL_BITS,        0) \
	X(TLBI_RVAE1NXS,        1, 0,  9,  6, 1, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       XS,           ALL_BITS,        0) \
	X(TLBI_RVAAE1NXS,       1, 0,  9,  6, 3, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       XS,           ALL_BITS,        0) \
	X(TLBI_RVALE1NXS,       1, 0,  9,  6, 5, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       XS,           ALL_BITS,        0) \
	X(TLBI_RVAALE1NXS,      1, 0,  9,  6, 7, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       XS,           ALL_BITS,        0) \
	X(TLBI_VMALLE1NXS,      1, 0,  9,  7, 0, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       XS,           ALL_BITS,        0) \
	X(TLBI_VAE1NXS,         1, 0,  9,  7, 1, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       XS,           ALL_BITS,        0) \
	X(TLBI_ASIDE1NXS,       1, 0,  9,  7, 2, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       XS,           ALL_BITS,        0) \
	X(TLBI_VAAE1NXS,        1, 0,  9,  7, 3, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       XS,           ALL_BITS,        0) \
	X(TLBI_VALE1NXS,        1, 0,  9,  7, 5, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       XS,           ALL_BITS,        0) \
	X(TLBI_VAALE1NXS,       1, 0,  9,  7, 7, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       XS,           ALL_BITS,        0) \
	X(TLBI_IPAS2E1ISNXS,    1, 4,  9,  0, 1, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       XS,           ALL_BITS,        0) \
	X(TLBI_RIPAS2E1ISNXS,   1, 4,  9,  0, 2, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       XS,           ALL_BITS,        0) \
	X(TLBI_IPAS2LE1ISNXS,   1, 4,  9,  0, 5, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       XS,           ALL_BITS,        0) \
	X(TLBI_RIPAS2LE1ISNXS,  1, 4,  9,  0, 6, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       XS,           ALL_BITS,        0) \
	X(TLBI_ALLE2OSNXS,      1, 4,  9,  1, 0, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       XS,           ALL_BITS,        0) \
	X(TLBI_VAE2OSNXS,       1, 4,  9,  1, 1, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       XS,           ALL_BITS,        0) \
	X(TLBI_ALLE1OSNXS,      1, 4,  9,  1, 4, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       XS,           ALL_BITS,        0) \
	X(TLBI_VALE2OSNXS,      1, 4,  9,  1, 5, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       XS,           ALL_BITS,        0) \
	X(TLBI_VMALLS12E1OSNXS, 1, 4,  9,  1, 6, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       XS,           ALL_BITS,        0) \
	X(TLBI_RVAE2ISNXS,      1, 4,  9,  2, 1, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       XS,           ALL_BITS,        0) \
	X(TLBI_RVALE2ISNXS,     1, 4,  9,  2, 5, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       XS,           ALL_BITS,        0) \
	X(TLBI_ALLE2ISNXS,      1, 4,  9,  3, 0, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       XS,           ALL_BITS,        0) \
	X(TLBI_VAE2ISNXS,       1, 4,  9,  3, 1, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       XS,           ALL_BITS,        0) \
	X(TLBI_ALLE1ISNXS,      1, 4,  9,  3, 4, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       XS,           ALL_BITS,        0) \
	X(TLBI_VALE2ISNXS,      1, 4,  9,  3, 5, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       XS,           ALL_BITS,        0) \
	X(TLBI_VMALLS12E1ISNXS, 1, 4,  9,  3, 6, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       XS,           ALL_BITS,        0) \
	X(TLBI_IPAS2E1OSNXS,    1, 4,  9,  4, 0, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       XS,           ALL_BITS,        0) \
	X(TLBI_IPAS2E1NXS,      1, 4,  9,  4, 1, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       XS,           ALL_BITS,        0) \
	X(TLBI_RIPAS2E1NXS,     1, 4,  9,  4, 2, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       XS,           ALL_BITS,        0) \
	X(TLBI_RIPAS2E1OSNXS,   1, 4,  9,  4, 3, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       XS,           ALL_BITS,        0) \
	X(TLBI_IPAS2LE1OSNXS,   1, 4,  9,  4, 4, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       XS,           ALL_BITS,        0) \
	X(TLBI_IPAS2LE1NXS,     1, 4,  9,  4, 5, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       XS,           ALL_BITS,        0) \
	X(TLBI_RIPAS2LE1NXS,    1, 4,  9,  4, 6, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       XS,           ALL_BITS,        0) \
	X(TLBI_RIPAS2LE1OSNXS,  1, 4,  9,  4, 7, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       XS,           ALL_BITS,        0) \
	X(TLBI_RVAE2OSNXS,      1, 4,  9,  5, 1, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       XS,           ALL_BITS,        0) \
	X(TLBI_RVALE2OSNXS,     1, 4,  9,  5, 5, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       XS,           ALL_BITS,        0) \
	X(TLBI_RVAE2NXS,        1, 4,  9,  6, 1, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       XS,           ALL_BITS,        0) \
	X(TLBI_RVALE2NXS,       1, 4,  9,  6, 5, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       XS,           ALL_BITS,        0) \
	X(TLBI_ALLE2NXS,        1, 4,  9,  7, 0, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       XS,           ALL_BITS,        0) \
	X(TLBI_VAE2NXS,         1, 4,  9,  7, 1, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       XS,           ALL_BITS,        0) \
	X(TLBI_ALLE1NXS,        1, 4,  9,  7, 4, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       XS,           ALL_BITS,        0) \
	X(TLBI_VALE2NXS,        1, 4,  9,  7, 5, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       XS,           ALL_BITS,        0) \
	X(TLBI_VMALLS12E1NXS,   1, 4,  9,  7, 6, SYS_TLBI,      NO_SLOT, NONE,           TLBI,       XS,           ALL_BITS,        0) \
	/* Caches */ \
	X(IC_IALLUIS,           1, 0,  7,  1, 0, SYS_CACHE,     NO_SLOT, NONE,           UNDEFINED,  BASE,         ALL_BITS,        0) \
	X(IC_IALLU,             1, 0,  7,  5, 0, SYS_CACHE,     NO_SLOT, NONE,           UNDEFINED,  BASE,         ALL_BITS,        0) \
	X(IC_IVAU,              1, 3,  7,  5, 1, SYS_CACHE,     NO_SLOT, NONE,           UNDEFINED,  BASE,         ALL_BITS,        0) \
	X(DC_IVAC,              1, 0,  7,  6, 1, SYS_CACHE,     NO_SLOT, NONE,           UNDEFINED,  BASE,         ALL_BITS,        0) \
	X(DC_ISW,               1, 0,  7,  6, 2, SYS_CACHE,     NO_SLOT, NONE,           UNDEFINED,  BASE,         ALL_BITS,        0) \
	X(DC_IGVAC,             1, 0,  7,  6, 3, SYS_CACHE,     NO_SLOT, NONE,           UNDEFINED,  MTE2,         ALL_BITS,        0) \
	X(DC_IGSW,              1, 0,  7,  6, 4, SYS_CACHE,     NO_SLOT, NONE,           UNDEFINED,  MTE2,         ALL_BITS,        0) \
	X(DC_IGDVAC,            1, 0,  7,  6, 5, SYS_CACHE,     NO_SLOT, NONE,           UNDEFINED,  MTE2,         ALL_BITS,        0) \
	X(DC_IGDSW,             1, 0,  7,  6, 6, SYS_CACHE,     NO_SLOT, NONE,           UNDEFINED,  MTE2,         ALL_BITS,        0) \
	X(DC_CSW,               1, 0,  7, 10, 2, SYS_CACHE,     NO_SLOT, NONE,           UNDEFINED,  BASE,         ALL_BITS,        0) \
	X(DC_CGSW,              1, 0,  7, 10, 4, SYS_CACHE,     NO_SLOT, NONE,           UNDEFINED,  MTE2,         ALL_BITS,        0) \
	X(DC_CGDSW,             1, 0,  7, 10, 6, SYS_CACHE,     NO_SLOT, NONE,           UNDEFINED,  MTE2,         ALL_BITS,        0) \
	X(DC_CISW,              1, 0,  7, 14, 2, SYS_CACHE,     NO_SLOT, NONE,           UNDEFINED,  BASE,         ALL_BITS,        0) \
	X(DC_CIGSW,             1, 0,  7, 14, 4, SYS_CACHE,     NO_SLOT, NONE,           UNDEFINED,  MTE2,         ALL_BITS,        0) \
	X(DC_CIGDSW,            1, 0,  7, 14, 6, SYS_CACHE,     NO_SLOT, NONE,           UNDEFINED,  MTE2,         ALL_BITS,        0) \
	X(DC_ZVA,               1, 3,  7,  4, 1, SYS_CACHE,     NO_SLOT, NONE,           UNDEFINED,  BASE,         ALL_BITS,        0) \
	X(DC_GVA,               1, 3,  7,  4, 3, SYS_CACHE,     NO_SLOT, NONE,           UNDEFINED,  MTE,          ALL_BITS,        0) \
	X(DC_GZVA,              1, 3,  7,  4, 4, SYS_CACHE,     NO_SLOT, NONE,           UNDEFINED,  MTE,          ALL_BITS,        0) \
	X(DC_CVAC,              1, 3,  7, 10, 1, SYS_CACHE,     NO_SLOT, NONE,           UNDEFINED,  BASE,         ALL_BITS,        0) \
	X(DC_CGVAC,             1, 3,  7, 10, 3, SYS_CACHE,     NO_SLOT, NONE,           UNDEFINED,  MTE,          ALL_BITS,        0) \
	X(DC_CGDVAC,            1, 3,  7, 10, 5, SYS_CACHE,     NO_SLOT, NONE,           UNDEFINED,  MTE,          ALL_BITS,        0) \
	X(DC_CVAU,              1, 3,  7, 11, 1, SYS_CACHE,     NO_SLOT, NONE,           UNDEFINED,  BASE,         ALL_BITS,        0) \
	X(DC_CVAP,              1, 3,  7, 12, 1, SYS_CACHE,     NO_SLOT, NONE,           UNDEFINED,  DPB,          ALL_BITS,        0) \
	X(DC_CGVAP,             1, 3,  7, 12, 3, SYS_CACHE,     NO_SLOT, NONE,           UNDEFINED,  MTE,          ALL_BITS,        0) \
	X(DC_CGDVAP,            1, 3,  7, 12, 5, SYS_CACHE,     NO_SLOT, NONE,           UNDEFINED,  MTE,          ALL_BITS,        0) \
	X(DC_CVADP,             1, 3,  7, 13, 1, SYS_CACHE,     NO_SLOT, NONE,           UNDEFINED,  DPB2,         ALL_BITS,        0) \
	X(DC_CGVADP,            1, 3,  7, 13, 3, SYS_CACHE,     NO_SLOT, NONE,           UNDEFINED,  MTE,          ALL_BITS,        0) \
	X(DC_CGDVADP,           1, 3,  7, 13, 5, SYS_CACHE,     NO_SLOT, NONE,           UNDEFINED,  MTE,          ALL_BITS,        0) \
	X(DC_CIVAC,             1, 3,  7, 14, 1, SYS_CACHE,     NO_SLOT, NONE,           UNDEFINED,  BASE,         ALL_BITS,        0) \
	X(DC_CIGVAC,            1, 3,  7, 14, 3, SYS_CACHE,     NO_SLOT, NONE,           UNDEFINED,  MTE,          ALL_BITS,        0) \
	X(DC_CIGDVAC,           1, 3,  7, 14, 5, SYS_CACHE,     NO_SLOT, NONE,           UNDEFINED,  MTE,          ALL_BITS,        0) \
	/* Prediction restriction, branch record buffer */ \
	X(CFP_RCTX,             1, 3,  7,  3, 4, SYS_OTHER,     NO_SLOT, NONE,           PREDICTION, SPECRES,      ALL_BITS,        0) \
	X(DVP_RCTX,             1, 3,  7,  3, 5, SYS_OTHER,     NO_SLOT, NONE,           PREDICTION, SPECRES,      ALL_BITS,        0) \
	X(COSP_RCTX,            1, 3,  7,  3, 6, SYS_OTHER,     NO_SLOT, NONE,           PREDICTION, SPECRES2,     ALL_BITS,        0) \
	X(CPP_RCTX,             1, 3,  7,  3, 7, SYS_OTHER,     NO_SLOT, NONE,           PREDICTION, SPECRES,      ALL_BITS,        0) \
	X(BRB_IALL,             1, 1,  7,  2, 4, SYS_OTHER,     NO_SLOT, NONE,           UNDEFINED,  BRBE,         ALL_BITS,        0) \
	X(BRB_INJ,              1, 1,  7,  2, 5, SYS_OTHER,     NO_SLOT, NONE,           UNDEFINED,  BRBE,         ALL_BITS,        0)

/*
 * Sub-lists by the part of the name before _EL1, _EL2 and _EL12, for code that has to name hardware's register.
 * nv/sysreg_table.c holds them against the rows.
 *
 * Twins: EL2 registers that L0 keeps in the EL1 one of the same name while vEL2 runs, those of the second list with E2H=1 only.
 */
#define SYSREG_TWINS_OF_ALL(X) X(SCTLR) X(TTBR0) X(TCR) X(MAIR) X(AMAIR) X(VBAR) X(AFSR0) X(AFSR1)
#define SYSREG_TWINS_OF_VHE(X) X(TTBR1) X(CONTEXTIDR)
#define SYSREG_TWINS(X) SYSREG_TWINS_OF_ALL(X) SYSREG_TWINS_OF_VHE(X)

/* The rows with VEL2_REDIRECT: exceptions to EL1 write hardware's, whatever E2H is. */
#define SYSREG_REDIRECTED(X) X(ESR) X(FAR) X(ELR) X(SPSR)

/* What of EL1 is the guest's alone, in hardware under the _EL12 name while it runs and in its slot of the VNCR page else. */
#define SYSREG_GUEST_CONTEXT_EL1(X) X(CPACR) SYSREG_TWINS(X) SYSREG_REDIRECTED(X)

// clang-format on

#endif
