/*
 * Which control of L1, if any, sends an instruction of its guest to L1?  Two tables of facts: the controls of
 * a group of registers, and the group and fine-grained trap bit of each register. What L1 does not see is
 * told by sysreg_list.h: a control outside the write mask of its register is RES0 and asks for nothing.
 * Reads: forward.h.  Next: decide.c.
 */
#include "nv/forward.h"

#include "nv/translate.h"

enum direction {
	ON_READ = 1,
	ON_WRITE = 2,
	ON_BOTH = ON_READ | ON_WRITE,
};

/* Asks for a trap when the bits under mask have this value. */
struct control {
	enum sysreg reg;
	uint64_t mask, value;
	enum direction on;
	const char *name; /* of mask in nv/arch/fields.h */
};

/* Registers with the same coarse controls. */
enum group {
	G_NONE,
	G_TID1,
	G_TID2,
	G_TID2_TID4,
	G_TID3,
	G_TID5,
	G_TVM,
	G_TACR,
	G_TCPAC,
	G_NV,
	G_NV1,
	G_ENSCXT,
	G_APK,
	G_TLOR,
	G_TERR,
	G_FIEN,
	G_TC,
	G_TC_TDIR,
	G_TC_SGI,
	G_TALL0,
	G_TALL1,
	G_EL1PCTEN,
	G_EL1PTEN,
	G_EL1TVT,
	G_EL1TVCT,
	G_TDA,
	G_TDA_TDCC,
	G_TDOSA,
	G_TDRA,
	G_TPM,
	G_TPM_TPMCR,
	G_TPMS,
	G_TTRF,
	G_TAM,
	G_TTA,
	G_AT,
	G_TTLB,
	G_TTLB_TTLBIS,
	G_TTLB_TTLBOS,
	G_TPU_TICAB,
	G_TPU_TOCU,
	G_TPCP,
	G_TSW,
	G_TDZ,
	G_TIDCP,
	G_COUNT
};

#define GROUP_CONTROLS 4

// clang-format off
#define SET(reg, bit)   { SR_##reg##_EL2, bit, bit, ON_BOTH, #bit }
#define CLEAR(reg, bit) { SR_##reg##_EL2, bit, 0, ON_BOTH, #bit }
/* HCR_EL2.TGE and MDCR_EL2.TDE count as all the debug traps of MDCR_EL2 */
#define DEBUG_TRAPS     SET(MDCR, MDCR_TDE), SET(HCR, HCR_TGE)

static const struct control controls[G_COUNT][GROUP_CONTROLS] = {
	[G_TID1]        = { SET(HCR, HCR_TID1) },
	[G_TID2]        = { SET(HCR, HCR_TID2) },
	[G_TID2_TID4]   = { SET(HCR, HCR_TID2), SET(HCR, HCR_TID4) },
	[G_TID3]        = { SET(HCR, HCR_TID3) },
	[G_TID5]        = { SET(HCR, HCR_TID5) },
	[G_TVM]         = { { SR_HCR_EL2, HCR_TVM, HCR_TVM, ON_WRITE, "HCR_TVM" },
	                    { SR_HCR_EL2, HCR_TRVM, HCR_TRVM, ON_READ, "HCR_TRVM" } },
	[G_TACR]        = { SET(HCR, HCR_TACR) },
	[G_TCPAC]       = { SET(CPTR, CPTR_TCPAC) },
	[G_NV]          = { SET(HCR, HCR_NV) },
	[G_NV1]         = { { SR_HCR_EL2, HCR_NV | HCR_NV1 | HCR_NV2, HCR_NV | HCR_NV1, ON_BOTH,
	                      "HCR_NV1" } },
	[G_ENSCXT]      = { CLEAR(HCR, HCR_ENSCXT) },
	[G_APK]         = { CLEAR(HCR, HCR_APK) },
	[G_TLOR]        = { SET(HCR, HCR_TLOR) },
	[G_TERR]        = { SET(HCR, HCR_TERR) },
	[G_FIEN]        = { SET(HCR, HCR_TERR), CLEAR(HCR, HCR_FIEN) },
	[G_TC]          = { SET(ICH_HCR, ICH_HCR_TC) },
	[G_TC_TDIR]     = { SET(ICH_HCR, ICH_HCR_TC), SET(ICH_HCR, ICH_HCR_TDIR) },
	[G_TC_SGI]      = { SET(ICH_HCR, ICH_HCR_TC), SET(HCR, HCR_IMO), SET(HCR, HCR_FMO) },
	[G_TALL0]       = { SET(ICH_HCR, ICH_HCR_TALL0) },
	[G_TALL1]       = { SET(ICH_HCR, ICH_HCR_TALL1) },
	[G_EL1PCTEN]    = { CLEAR(CNTHCTL, CNTHCTL_EL1PCTEN) },
	[G_EL1PTEN]     = { CLEAR(CNTHCTL, CNTHCTL_EL1PTEN) },
	[G_EL1TVT]      = { SET(CNTHCTL, CNTHCTL_EL1TVT) },
	[G_EL1TVCT]     = { SET(CNTHCTL, CNTHCTL_EL1TVCT) },
	[G_TDA]         = { SET(MDCR, MDCR_TDA), DEBUG_TRAPS },
	[G_TDA_TDCC]    = { SET(MDCR, MDCR_TDA), DEBUG_TRAPS, SET(MDCR, MDCR_TDCC) },
	[G_TDOSA]       = { SET(MDCR, MDCR_TDOSA), DEBUG_TRAPS },
	[G_TDRA]        = { SET(MDCR, MDCR_TDRA), DEBUG_TRAPS },
	[G_TPM]         = { SET(MDCR, MDCR_TPM) },
	[G_TPM_TPMCR]   = { SET(MDCR, MDCR_TPM), SET(MDCR, MDCR_TPMCR) },
	[G_TPMS]        = { SET(MDCR, MDCR_TPMS) },
	[G_TTRF]        = { SET(MDCR, MDCR_TTRF) },
	[G_TAM]         = { SET(CPTR, CPTR_TAM) },
	[G_TTA]         = { SET(CPTR, CPTR_TTA) },
	[G_AT]          = { SET(HCR, HCR_AT) },
	[G_TTLB]        = { SET(HCR, HCR_TTLB) },
	[G_TTLB_TTLBIS] = { SET(HCR, HCR_TTLB), SET(HCR, HCR_TTLBIS) },
	[G_TTLB_TTLBOS] = { SET(HCR, HCR_TTLB), SET(HCR, HCR_TTLBOS) },
	[G_TPU_TICAB]   = { SET(HCR, HCR_TPU), SET(HCR, HCR_TICAB) },
	[G_TPU_TOCU]    = { SET(HCR, HCR_TPU), SET(HCR, HCR_TOCU) },
	[G_TPCP]        = { SET(HCR, HCR_TPCP) },
	[G_TSW]         = { SET(HCR, HCR_TSW) },
	[G_TDZ]         = { SET(HCR, HCR_TDZ) },
	[G_TIDCP]       = { SET(HCR, HCR_TIDCP) },
};

enum fine_table {
	NOT_FINE,
	HFGxTR, /* HFGRTR_EL2 and HFGWTR_EL2 */
	HDFGxTR,
	HFGITR,
	HFGITR_NXS, /* not with HCRX_EL2.FGTnXS */
};

struct rule {
	uint64_t bit; /* in the fine-grained trap register, whose write mask tells which ones L1 has */
	const char *name; /* of bit */
	uint8_t fine; /* enum fine_table */
	uint8_t group;
};

#define COARSE(name, group)           [SR_##name] = { 0, 0, NOT_FINE, group }
#define FINE(name, group, table, bit) [SR_##name] = { bit, #bit, table, group }

#define TLBI(name, group)                                       \
	FINE(TLBI_##name, group, HFGITR, HFGITR_TLBI##name), \
	FINE(TLBI_##name##NXS, group, HFGITR_NXS, HFGITR_TLBI##name)

#define EACH_16(M) M(0) M(1) M(2) M(3) M(4) M(5) M(6) M(7) M(8) M(9) M(10) M(11) M(12) M(13) M(14) M(15)
#define EACH_31(M) \
	EACH_16(M) M(16) M(17) M(18) M(19) M(20) M(21) M(22) M(23) M(24) M(25) M(26) M(27) M(28) M(29) M(30)

#define BREAKPOINT(n)                                         \
	FINE(DBGBVR##n##_EL1, G_TDA, HDFGxTR, HDFGRTR_DBGBVR), \
	FINE(DBGBCR##n##_EL1, G_TDA, HDFGxTR, HDFGRTR_DBGBCR), \
	FINE(DBGWVR##n##_EL1, G_TDA, HDFGxTR, HDFGRTR_DBGWVR), \
	FINE(DBGWCR##n##_EL1, G_TDA, HDFGxTR, HDFGRTR_DBGWCR),
#define EVENT_COUNTER(n)                                            \
	FINE(PMEVCNTR##n##_EL0, G_TPM, HDFGxTR, HDFGRTR_PMEVCNTR), \
	FINE(PMEVTYPER##n##_EL0, G_TPM, HDFGxTR, HDFGRTR_PMEVTYPER),

/*
 * Registers and instructions of features that L1 does not see are UNDEFINED for its guest before any trap is
 * looked for, and are here only with controls of the same feature.
 */
static const struct rule rules[SR_COUNT] = {
	/* identification */
	FINE(MIDR_EL1, G_NONE, HFGxTR, HFGRTR_MIDR_EL1),
	FINE(MPIDR_EL1, G_NONE, HFGxTR, HFGRTR_MPIDR_EL1),
	FINE(REVIDR_EL1, G_TID1, HFGxTR, HFGRTR_REVIDR_EL1),
	FINE(AIDR_EL1, G_TID1, HFGxTR, HFGRTR_AIDR_EL1),
	COARSE(SMIDR_EL1, G_TID1),
	FINE(CTR_EL0, G_TID2, HFGxTR, HFGRTR_CTR_EL0),
	FINE(CCSIDR_EL1, G_TID2_TID4, HFGxTR, HFGRTR_CCSIDR_EL1),
	COARSE(CCSIDR2_EL1, G_TID2_TID4),
	FINE(CLIDR_EL1, G_TID2_TID4, HFGxTR, HFGRTR_CLIDR_EL1),
	FINE(CSSELR_EL1, G_TID2_TID4, HFGxTR, HFGRTR_CSSELR_EL1),
	COARSE(GMID_EL1, G_TID5),
	FINE(DCZID_EL0, G_NONE, HFGxTR, HFGRTR_DCZID_EL0),
	/* memory and exceptions */
	FINE(SCTLR_EL1, G_TVM, HFGxTR, HFGRTR_SCTLR_EL1),
	FINE(TTBR0_EL1, G_TVM, HFGxTR, HFGRTR_TTBR0_EL1),
	FINE(TTBR1_EL1, G_TVM, HFGxTR, HFGRTR_TTBR1_EL1),
	FINE(TCR_EL1, G_TVM, HFGxTR, HFGRTR_TCR_EL1),
	FINE(ESR_EL1, G_TVM, HFGxTR, HFGRTR_ESR_EL1),
	FINE(FAR_EL1, G_TVM, HFGxTR, HFGRTR_FAR_EL1),
	FINE(AFSR0_EL1, G_TVM, HFGxTR, HFGRTR_AFSR0_EL1),
	FINE(AFSR1_EL1, G_TVM, HFGxTR, HFGRTR_AFSR1_EL1),
	FINE(MAIR_EL1, G_TVM, HFGxTR, HFGRTR_MAIR_EL1),
	FINE(AMAIR_EL1, G_TVM, HFGxTR, HFGRTR_AMAIR_EL1),
	FINE(CONTEXTIDR_EL1, G_TVM, HFGxTR, HFGRTR_CONTEXTIDR_EL1),
	COARSE(ACTLR_EL1, G_TACR),
	FINE(CPACR_EL1, G_TCPAC, HFGxTR, HFGRTR_CPACR_EL1),
	FINE(VBAR_EL1, G_NV1, HFGxTR, HFGRTR_VBAR_EL1),
	COARSE(ELR_EL1, G_NV1),
	COARSE(SPSR_EL1, G_NV1),
	FINE(PAR_EL1, G_NONE, HFGxTR, HFGRTR_PAR_EL1),
	FINE(ISR_EL1, G_NONE, HFGxTR, HFGRTR_ISR_EL1),
	FINE(TPIDR_EL1, G_NONE, HFGxTR, HFGRTR_TPIDR_EL1),
	FINE(TPIDR_EL0, G_NONE, HFGxTR, HFGRTR_TPIDR_EL0),
	FINE(TPIDRRO_EL0, G_NONE, HFGxTR, HFGRTR_TPIDRRO_EL0),
	FINE(SCXTNUM_EL1, G_ENSCXT, HFGxTR, HFGRTR_SCXTNUM_EL1),
	FINE(SCXTNUM_EL0, G_ENSCXT, HFGxTR, HFGRTR_SCXTNUM_EL0),
	FINE(APIAKEYLO_EL1, G_APK, HFGxTR, HFGRTR_APIAKEY),
	FINE(APIAKEYHI_EL1, G_APK, HFGxTR, HFGRTR_APIAKEY),
	FINE(APIBKEYLO_EL1, G_APK, HFGxTR, HFGRTR_APIBKEY),
	FINE(APIBKEYHI_EL1, G_APK, HFGxTR, HFGRTR_APIBKEY),
	FINE(APDAKEYLO_EL1, G_APK, HFGxTR, HFGRTR_APDAKEY),
	FINE(APDAKEYHI_EL1, G_APK, HFGxTR, HFGRTR_APDAKEY),
	FINE(APDBKEYLO_EL1, G_APK, HFGxTR, HFGRTR_APDBKEY),
	FINE(APDBKEYHI_EL1, G_APK, HFGxTR, HFGRTR_APDBKEY),
	FINE(APGAKEYLO_EL1, G_APK, HFGxTR, HFGRTR_APGAKEY),
	FINE(APGAKEYHI_EL1, G_APK, HFGxTR, HFGRTR_APGAKEY),
	FINE(LORSA_EL1, G_TLOR, HFGxTR, HFGRTR_LORSA_EL1),
	FINE(LOREA_EL1, G_TLOR, HFGxTR, HFGRTR_LOREA_EL1),
	FINE(LORN_EL1, G_TLOR, HFGxTR, HFGRTR_LORN_EL1),
	FINE(LORC_EL1, G_TLOR, HFGxTR, HFGRTR_LORC_EL1),
	FINE(LORID_EL1, G_TLOR, HFGxTR, HFGRTR_LORID_EL1),
	/* error records */
	FINE(ERRIDR_EL1, G_TERR, HFGxTR, HFGRTR_ERRIDR_EL1),
	FINE(ERRSELR_EL1, G_TERR, HFGxTR, HFGRTR_ERRSELR_EL1),
	FINE(ERXFR_EL1, G_TERR, HFGxTR, HFGRTR_ERXFR_EL1),
	FINE(ERXCTLR_EL1, G_TERR, HFGxTR, HFGRTR_ERXCTLR_EL1),
	FINE(ERXSTATUS_EL1, G_TERR, HFGxTR, HFGRTR_ERXSTATUS_EL1),
	FINE(ERXADDR_EL1, G_TERR, HFGxTR, HFGRTR_ERXADDR_EL1),
	FINE(ERXMISC0_EL1, G_TERR, HFGxTR, HFGRTR_ERXMISC_EL1),
	FINE(ERXMISC1_EL1, G_TERR, HFGxTR, HFGRTR_ERXMISC_EL1),
	FINE(ERXMISC2_EL1, G_TERR, HFGxTR, HFGRTR_ERXMISC_EL1),
	FINE(ERXMISC3_EL1, G_TERR, HFGxTR, HFGRTR_ERXMISC_EL1),
	FINE(ERXPFGF_EL1, G_FIEN, HFGxTR, HFGRTR_ERXPFGF_EL1),
	FINE(ERXPFGCTL_EL1, G_FIEN, HFGxTR, HFGRTR_ERXPFGCTL_EL1),
	FINE(ERXPFGCDN_EL1, G_FIEN, HFGxTR, HFGRTR_ERXPFGCDN_EL1),
	/* interrupt controller */
	COARSE(ICC_PMR_EL1, G_TC),
	COARSE(ICC_CTLR_EL1, G_TC),
	COARSE(ICC_RPR_EL1, G_TC),
	COARSE(ICC_DIR_EL1, G_TC_TDIR),
	COARSE(ICC_SGI0R_EL1, G_TC_SGI),
	COARSE(ICC_SGI1R_EL1, G_TC_SGI),
	COARSE(ICC_ASGI1R_EL1, G_TC_SGI),
	COARSE(ICC_IAR0_EL1, G_TALL0),
	COARSE(ICC_EOIR0_EL1, G_TALL0),
	COARSE(ICC_HPPIR0_EL1, G_TALL0),
	COARSE(ICC_BPR0_EL1, G_TALL0),
	COARSE(ICC_AP0R0_EL1, G_TALL0),
	COARSE(ICC_AP0R1_EL1, G_TALL0),
	COARSE(ICC_AP0R2_EL1, G_TALL0),
	COARSE(ICC_AP0R3_EL1, G_TALL0),
	FINE(ICC_IGRPEN0_EL1, G_TALL0, HFGxTR, HFGRTR_ICC_IGRPEN_EL1),
	COARSE(ICC_IAR1_EL1, G_TALL1),
	COARSE(ICC_NMIAR1_EL1, G_TALL1),
	COARSE(ICC_EOIR1_EL1, G_TALL1),
	COARSE(ICC_HPPIR1_EL1, G_TALL1),
	COARSE(ICC_BPR1_EL1, G_TALL1),
	COARSE(ICC_AP1R0_EL1, G_TALL1),
	COARSE(ICC_AP1R1_EL1, G_TALL1),
	COARSE(ICC_AP1R2_EL1, G_TALL1),
	COARSE(ICC_AP1R3_EL1, G_TALL1),
	FINE(ICC_IGRPEN1_EL1, G_TALL1, HFGxTR, HFGRTR_ICC_IGRPEN_EL1),
	/* timers */
	COARSE(CNTPCT_EL0, G_EL1PCTEN),
	COARSE(CNTPCTSS_EL0, G_EL1PCTEN),
	COARSE(CNTP_TVAL_EL0, G_EL1PTEN),
	COARSE(CNTP_CTL_EL0, G_EL1PTEN),
	COARSE(CNTP_CVAL_EL0, G_EL1PTEN),
	COARSE(CNTVCT_EL0, G_EL1TVCT),
	COARSE(CNTVCTSS_EL0, G_EL1TVCT),
	COARSE(CNTV_TVAL_EL0, G_EL1TVT),
	COARSE(CNTV_CTL_EL0, G_EL1TVT),
	COARSE(CNTV_CVAL_EL0, G_EL1TVT),
	/* debug */
	FINE(MDSCR_EL1, G_TDA, HDFGxTR, HDFGRTR_MDSCR_EL1),
	FINE(OSECCR_EL1, G_TDA, HDFGxTR, HDFGRTR_OSECCR_EL1),
	FINE(DBGCLAIMSET_EL1, G_TDA, HDFGxTR, HDFGRTR_DBGCLAIM),
	FINE(DBGCLAIMCLR_EL1, G_TDA, HDFGxTR, HDFGRTR_DBGCLAIM),
	FINE(DBGAUTHSTATUS_EL1, G_TDA, HDFGxTR, HDFGRTR_DBGAUTHSTATUS),
	COARSE(MDCCINT_EL1, G_TDA_TDCC),
	COARSE(MDCCSR_EL0, G_TDA_TDCC),
	COARSE(DBGDTR_EL0, G_TDA_TDCC),
	COARSE(DBGDTRRX_EL0, G_TDA_TDCC),
	COARSE(OSDTRRX_EL1, G_TDA_TDCC),
	COARSE(OSDTRTX_EL1, G_TDA_TDCC),
	FINE(OSLAR_EL1, G_TDOSA, HDFGxTR, HDFGWTR_OSLAR_EL1),
	FINE(OSLSR_EL1, G_TDOSA, HDFGxTR, HDFGRTR_OSLSR_EL1),
	FINE(OSDLR_EL1, G_TDOSA, HDFGxTR, HDFGRTR_OSDLR_EL1),
	FINE(DBGPRCR_EL1, G_TDOSA, HDFGxTR, HDFGRTR_DBGPRCR_EL1),
	COARSE(MDRAR_EL1, G_TDRA),
	EACH_16(BREAKPOINT)
	/* performance monitors */
	FINE(PMCR_EL0, G_TPM_TPMCR, HDFGxTR, HDFGWTR_PMCR_EL0),
	FINE(PMCNTENSET_EL0, G_TPM, HDFGxTR, HDFGRTR_PMCNTEN),
	FINE(PMCNTENCLR_EL0, G_TPM, HDFGxTR, HDFGRTR_PMCNTEN),
	FINE(PMOVSSET_EL0, G_TPM, HDFGxTR, HDFGRTR_PMOVS),
	FINE(PMOVSCLR_EL0, G_TPM, HDFGxTR, HDFGRTR_PMOVS),
	FINE(PMINTENSET_EL1, G_TPM, HDFGxTR, HDFGRTR_PMINTEN),
	FINE(PMINTENCLR_EL1, G_TPM, HDFGxTR, HDFGRTR_PMINTEN),
	FINE(PMSELR_EL0, G_TPM, HDFGxTR, HDFGRTR_PMSELR_EL0),
	FINE(PMCEID0_EL0, G_TPM, HDFGxTR, HDFGRTR_PMCEIDN_EL0),
	FINE(PMCEID1_EL0, G_TPM, HDFGxTR, HDFGRTR_PMCEIDN_EL0),
	FINE(PMCCNTR_EL0, G_TPM, HDFGxTR, HDFGRTR_PMCCNTR_EL0),
	FINE(PMCCFILTR_EL0, G_TPM, HDFGxTR, HDFGRTR_PMCCFILTR_EL0),
	FINE(PMXEVTYPER_EL0, G_TPM, HDFGxTR, HDFGRTR_PMEVTYPER),
	FINE(PMXEVCNTR_EL0, G_TPM, HDFGxTR, HDFGRTR_PMEVCNTR),
	FINE(PMUSERENR_EL0, G_TPM, HDFGxTR, HDFGRTR_PMUSERENR_EL0),
	FINE(PMMIR_EL1, G_TPM, HDFGxTR, HDFGRTR_PMMIR_EL1),
	FINE(PMSWINC_EL0, G_TPM, HDFGxTR, HDFGWTR_PMSWINC_EL0),
	EACH_31(EVENT_COUNTER)
	/* profiling, trace, activity monitors */
	FINE(PMSCR_EL1, G_TPMS, HDFGxTR, HDFGRTR_PMSCR_EL1),
	FINE(PMSICR_EL1, G_TPMS, HDFGxTR, HDFGRTR_PMSICR_EL1),
	FINE(PMSIRR_EL1, G_TPMS, HDFGxTR, HDFGRTR_PMSIRR_EL1),
	FINE(PMSFCR_EL1, G_TPMS, HDFGxTR, HDFGRTR_PMSFCR_EL1),
	FINE(PMSEVFR_EL1, G_TPMS, HDFGxTR, HDFGRTR_PMSEVFR_EL1),
	FINE(PMSLATFR_EL1, G_TPMS, HDFGxTR, HDFGRTR_PMSLATFR_EL1),
	FINE(PMSIDR_EL1, G_TPMS, HDFGxTR, HDFGRTR_PMSIDR_EL1),
	FINE(TRFCR_EL1, G_TTRF, HDFGxTR, HDFGWTR_TRFCR_EL1),
	COARSE(AMCR_EL0, G_TAM),
	COARSE(AMCFGR_EL0, G_TAM),
	COARSE(AMCGCR_EL0, G_TAM),
	COARSE(AMUSERENR_EL0, G_TAM),
	COARSE(AMCNTENCLR0_EL0, G_TAM),
	COARSE(AMCNTENSET0_EL0, G_TAM),
	COARSE(AMCNTENCLR1_EL0, G_TAM),
	COARSE(AMCNTENSET1_EL0, G_TAM),
	/* address translation */
	FINE(AT_S1E1R, G_AT, HFGITR, HFGITR_ATS1E1R),
	FINE(AT_S1E1W, G_AT, HFGITR, HFGITR_ATS1E1W),
	FINE(AT_S1E0R, G_AT, HFGITR, HFGITR_ATS1E0R),
	FINE(AT_S1E0W, G_AT, HFGITR, HFGITR_ATS1E0W),
	FINE(AT_S1E1RP, G_AT, HFGITR, HFGITR_ATS1E1RP),
	FINE(AT_S1E1WP, G_AT, HFGITR, HFGITR_ATS1E1WP),
	/* TLB maintenance */
	TLBI(VMALLE1, G_TTLB),
	TLBI(VAE1, G_TTLB),
	TLBI(ASIDE1, G_TTLB),
	TLBI(VAAE1, G_TTLB),
	TLBI(VALE1, G_TTLB),
	TLBI(VAALE1, G_TTLB),
	TLBI(RVAE1, G_TTLB),
	TLBI(RVAAE1, G_TTLB),
	TLBI(RVALE1, G_TTLB),
	TLBI(RVAALE1, G_TTLB),
	TLBI(VMALLE1IS, G_TTLB_TTLBIS),
	TLBI(VAE1IS, G_TTLB_TTLBIS),
	TLBI(ASIDE1IS, G_TTLB_TTLBIS),
	TLBI(VAAE1IS, G_TTLB_TTLBIS),
	TLBI(VALE1IS, G_TTLB_TTLBIS),
	TLBI(VAALE1IS, G_TTLB_TTLBIS),
	TLBI(RVAE1IS, G_TTLB_TTLBIS),
	TLBI(RVAAE1IS, G_TTLB_TTLBIS),
	TLBI(RVALE1IS, G_TTLB_TTLBIS),
	TLBI(RVAALE1IS, G_TTLB_TTLBIS),
	TLBI(VMALLE1OS, G_TTLB_TTLBOS),
	TLBI(VAE1OS, G_TTLB_TTLBOS),
	TLBI(ASIDE1OS, G_TTLB_TTLBOS),
	TLBI(VAAE1OS, G_TTLB_TTLBOS),
	TLBI(VALE1OS, G_TTLB_TTLBOS),
	TLBI(VAALE1OS, G_TTLB_TTLBOS),
	TLBI(RVAE1OS, G_TTLB_TTLBOS),
	TLBI(RVAAE1OS, G_TTLB_TTLBOS),
	TLBI(RVALE1OS, G_TTLB_TTLBOS),
	TLBI(RVAALE1OS, G_TTLB_TTLBOS),
	/* caches and prediction restriction */
	FINE(IC_IALLUIS, G_TPU_TICAB, HFGITR, HFGITR_ICIALLUIS),
	FINE(IC_IALLU, G_TPU_TOCU, HFGITR, HFGITR_ICIALLU),
	FINE(IC_IVAU, G_TPU_TOCU, HFGITR, HFGITR_ICIVAU),
	FINE(DC_CVAU, G_TPU_TOCU, HFGITR, HFGITR_DCCVAU),
	FINE(DC_IVAC, G_TPCP, HFGITR, HFGITR_DCIVAC),
	FINE(DC_CVAC, G_TPCP, HFGITR, HFGITR_DCCVAC),
	FINE(DC_CVAP, G_TPCP, HFGITR, HFGITR_DCCVAP),
	FINE(DC_CVADP, G_TPCP, HFGITR, HFGITR_DCCVADP),
	FINE(DC_CIVAC, G_TPCP, HFGITR, HFGITR_DCCIVAC),
	FINE(DC_ISW, G_TSW, HFGITR, HFGITR_DCISW),
	FINE(DC_CSW, G_TSW, HFGITR, HFGITR_DCCSW),
	FINE(DC_CISW, G_TSW, HFGITR, HFGITR_DCCISW),
	FINE(DC_ZVA, G_TDZ, HFGITR, HFGITR_DCZVA),
	FINE(CFP_RCTX, G_NONE, HFGITR, HFGITR_CFPRCTX),
	FINE(DVP_RCTX, G_NONE, HFGITR, HFGITR_DVPRCTX),
	FINE(CPP_RCTX, G_NONE, HFGITR, HFGITR_CPPRCTX),
};
// clang-format on

/* A control register in one format: that of HCR_EL2.E2H = 1. */
static uint64_t control_value(const struct nv_state *l1, enum sysreg reg)
{
	uint64_t v = vncr_get(&l1->file, reg);

	if (reg == SR_CNTHCTL_EL2 && !nv_e2h(l1))
		return (v & (CNTHCTL_EL1TVT | CNTHCTL_EL1TVCT)) |
		       field_put(CNTHCTL_EL1PCTEN, field_get(CNTHCTL_NVHE_EL1PCTEN, v)) |
		       field_put(CNTHCTL_EL1PTEN, field_get(CNTHCTL_NVHE_EL1PCEN, v));
	if (reg == SR_CPTR_EL2 && !nv_e2h(l1))
		return (v & (CPTR_TCPAC | CPTR_TAM)) | field_put(CPTR_TTA, field_get(CPTR_NVHE_TTA, v));
	return v;
}

static bool asks(const struct nv_state *l1, const struct control *c, enum direction access)
{
	if (!(c->on & access) || (c->mask & ~sysreg_info[c->reg].write_mask))
		return false;
	return (control_value(l1, c->reg) & c->mask) == c->value;
}

/* The first one that asks, or NULL. */
static const struct control *group_control(const struct nv_state *l1, enum group group, enum direction access)
{
	for (unsigned i = 0; i < GROUP_CONTROLS && controls[group][i].reg != SR_NONE; i++)
		if (asks(l1, &controls[group][i], access))
			return &controls[group][i];
	return 0;
}

static bool group_asks(const struct nv_state *l1, enum group group, enum direction access)
{
	return group_control(l1, group, access);
}

static bool fine_asks(const struct nv_state *l1, enum sysreg reg, uint64_t bit)
{
	return l1->has_fgt && (vncr_get(&l1->file, reg) & bit & sysreg_info[reg].write_mask);
}

/* The register that has the rule's bit; SR_NONE where it has no effect. */
static enum sysreg fine_register(const struct nv_state *l1, const struct rule *rule, enum direction access)
{
	switch (rule->fine) {
	case HFGxTR:
		return access == ON_READ ? SR_HFGRTR_EL2 : SR_HFGWTR_EL2;
	case HDFGxTR:
		return access == ON_READ ? SR_HDFGRTR_EL2 : SR_HDFGWTR_EL2;
	case HFGITR:
		return SR_HFGITR_EL2;
	case HFGITR_NXS:
		return vncr_get(&l1->file, SR_HCRX_EL2) & HCRX_FGTNXS ? SR_NONE : SR_HFGITR_EL2;
	default:
		return SR_NONE;
	}
}

static bool rule_is_fine(const struct nv_state *l1, const struct rule *rule, enum direction access)
{
	return rule->fine != NOT_FINE && fine_asks(l1, fine_register(l1, rule, access), rule->bit);
}

/* The groups that are told by the list itself: ID registers, and what belongs to EL2. */
static enum group group_of(enum sysreg r)
{
	uint64_t op1 = field_get(SYSREG_ENC_OP1, sysreg_info[r].enc);

	if (sysreg_info[r].access == VEL2_ID)
		return G_TID3;
	if (op1 == 4 || op1 == 5)
		return G_NV;
	return (enum group)rules[r].group;
}

/* EL0 below vEL2 itself is no guest of L1's. */
static bool is_l1_el0(const struct nv_state *l1, bool from_el0)
{
	return from_el0 && nv_e2h(l1) && nv_tge(l1);
}

bool nv_l1_traps_sysreg(const struct nv_state *l1, enum sysreg r, bool is_read, bool from_el0)
{
	enum direction access = is_read ? ON_READ : ON_WRITE;

	if (is_l1_el0(l1, from_el0))
		return false;
	return group_asks(l1, group_of(r), access) || rule_is_fine(l1, &rules[r], access);
}

struct nv_control nv_l1_sysreg_control(const struct nv_state *l1, enum sysreg r, bool is_read, bool from_el0)
{
	enum direction access = is_read ? ON_READ : ON_WRITE;
	const struct control *c = is_l1_el0(l1, from_el0) ? 0 : group_control(l1, group_of(r), access);

	if (c)
		return (struct nv_control){ c->reg, c->mask, c->name };
	if (!is_l1_el0(l1, from_el0) && rule_is_fine(l1, &rules[r], access))
		return (struct nv_control){ fine_register(l1, &rules[r], access), rules[r].bit,
					    rules[r].name };
	return (struct nv_control){ SR_NONE, 0, 0 };
}

static enum group unlisted_group(uint32_t iss)
{
	uint64_t op0 = field_get(ESR_SYS64_OP0, iss), op1 = field_get(ESR_SYS64_OP1, iss);
	uint64_t crn = field_get(ESR_SYS64_CRN, iss);

	if (op0 == 2 && op1 == 1)
		return G_TTA;
	return (op0 == 1 || op0 == 3) && (crn == 11 || crn == 15) ? G_TIDCP : G_NONE;
}

bool nv_l1_traps_unlisted(const struct nv_state *l1, uint32_t iss, bool from_el0)
{
	enum direction access = (iss & ESR_SYS64_READ) ? ON_READ : ON_WRITE;

	return !is_l1_el0(l1, from_el0) && group_asks(l1, unlisted_group(iss), access);
}

struct nv_control nv_l1_unlisted_control(const struct nv_state *l1, uint32_t iss, bool from_el0)
{
	enum direction access = (iss & ESR_SYS64_READ) ? ON_READ : ON_WRITE;
	const struct control *c =
		is_l1_el0(l1, from_el0) ? 0 : group_control(l1, unlisted_group(iss), access);

	return c ? (struct nv_control){ c->reg, c->mask, c->name } : (struct nv_control){ SR_NONE, 0, 0 };
}

bool nv_l1_traps_eret(const struct nv_state *l1)
{
	return fine_asks(l1, SR_HFGITR_EL2, HFGITR_ERET);
}

bool nv_l1_traps_svc(const struct nv_state *l1, bool from_el0)
{
	return !is_l1_el0(l1, from_el0) &&
	       fine_asks(l1, SR_HFGITR_EL2, from_el0 ? HFGITR_SVC_EL0 : HFGITR_SVC_EL1);
}
