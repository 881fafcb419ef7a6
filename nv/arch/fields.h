/*
 * Which bits of a register mean what?  One in-place mask per field, named REGISTER_FIELD as the Arm manual
 * spells both; values of enumerated fields; and, at the end, which bits exist for an L1 that sees the
 * features nv/idreg.c shows. Next: sysreg_list.h, the registers themselves.
 */
#ifndef NV_ARCH_FIELDS_H
#define NV_ARCH_FIELDS_H

#include "nv/arch/bits.h"

// clang-format off

/* HCR_EL2 */
#define HCR_VM       BIT(0)
#define HCR_SWIO     BIT(1)
#define HCR_PTW      BIT(2)
#define HCR_FMO      BIT(3)
#define HCR_IMO      BIT(4)
#define HCR_AMO      BIT(5)
#define HCR_VF       BIT(6)
#define HCR_VI       BIT(7)
#define HCR_VSE      BIT(8)
#define HCR_FB       BIT(9)
#define HCR_BSU      BITS(11, 10)
#define HCR_DC       BIT(12)
#define HCR_TWI      BIT(13)
#define HCR_TWE      BIT(14)
#define HCR_TID0     BIT(15)
#define HCR_TID1     BIT(16)
#define HCR_TID2     BIT(17)
#define HCR_TID3     BIT(18)
#define HCR_TSC      BIT(19)
#define HCR_TIDCP    BIT(20)
#define HCR_TACR     BIT(21)
#define HCR_TSW      BIT(22)
#define HCR_TPCP     BIT(23)
#define HCR_TPU      BIT(24)
#define HCR_TTLB     BIT(25)
#define HCR_TVM      BIT(26)
#define HCR_TGE      BIT(27)
#define HCR_TDZ      BIT(28)
#define HCR_HCD      BIT(29)
#define HCR_TRVM     BIT(30)
#define HCR_RW       BIT(31)
#define HCR_CD       BIT(32)
#define HCR_ID       BIT(33)
#define HCR_E2H      BIT(34)
#define HCR_TLOR     BIT(35)
#define HCR_TERR     BIT(36)
#define HCR_TEA      BIT(37)
#define HCR_MIOCNCE  BIT(38)
#define HCR_TME      BIT(39)
#define HCR_APK      BIT(40)
#define HCR_API      BIT(41)
#define HCR_NV       BIT(42)
#define HCR_NV1      BIT(43)
#define HCR_AT       BIT(44)
#define HCR_NV2      BIT(45)
#define HCR_FWB      BIT(46)
#define HCR_FIEN     BIT(47)
#define HCR_GPF      BIT(48)
#define HCR_TID4     BIT(49)
#define HCR_TICAB    BIT(50)
#define HCR_AMVOFFEN BIT(51)
#define HCR_TOCU     BIT(52)
#define HCR_ENSCXT   BIT(53)
#define HCR_TTLBIS   BIT(54)
#define HCR_TTLBOS   BIT(55)
#define HCR_ATA      BIT(56)
#define HCR_DCT      BIT(57)
#define HCR_TID5     BIT(58)
#define HCR_TWEDEN   BIT(59)
#define HCR_TWEDEL   BITS(63, 60)

/* HCRX_EL2 */
#define HCRX_FNXS    BIT(3)
#define HCRX_FGTNXS  BIT(4)
#define HCRX_CMOW    BIT(9)
#define HCRX_MCE2    BIT(10)
#define HCRX_MSCEN   BIT(11)

/* SCTLR_EL1, and SCTLR_EL2 where its format has the bit */
#define SCTLR_M       BIT(0)
#define SCTLR_A       BIT(1)
#define SCTLR_C       BIT(2)
#define SCTLR_SA      BIT(3)
#define SCTLR_SA0     BIT(4)
#define SCTLR_CP15BEN BIT(5)
#define SCTLR_NAA     BIT(6)
#define SCTLR_ITD     BIT(7)
#define SCTLR_SED     BIT(8)
#define SCTLR_UMA     BIT(9)
#define SCTLR_ENRCTX  BIT(10)
#define SCTLR_EOS     BIT(11)
#define SCTLR_I       BIT(12)
#define SCTLR_ENDB    BIT(13)
#define SCTLR_DZE     BIT(14)
#define SCTLR_UCT     BIT(15)
#define SCTLR_NTWI    BIT(16)
#define SCTLR_NTWE    BIT(18)
#define SCTLR_WXN     BIT(19)
#define SCTLR_TSCXT   BIT(20)
#define SCTLR_IESB    BIT(21)
#define SCTLR_EIS     BIT(22)
#define SCTLR_SPAN    BIT(23)
#define SCTLR_E0E     BIT(24)
#define SCTLR_EE      BIT(25)
#define SCTLR_UCI     BIT(26)
#define SCTLR_ENDA    BIT(27)
#define SCTLR_NTLSMD  BIT(28)
#define SCTLR_LSMAOE  BIT(29)
#define SCTLR_ENIB    BIT(30)
#define SCTLR_ENIA    BIT(31)
#define SCTLR_CMOW    BIT(32)
#define SCTLR_MSCEN   BIT(33)
#define SCTLR_BT0     BIT(35)
#define SCTLR_BT1     BIT(36)
#define SCTLR_EL2_BT  BIT(36) /* E2H=0 */
#define SCTLR_DSSBS   BIT(44)
#define SCTLR_EPAN    BIT(57)
#define SCTLR_TIDCP   BIT(63)

/* TCR_EL1, and TCR_EL2 with E2H=1 */
#define TCR_T0SZ  BITS(5, 0)
#define TCR_EPD0  BIT(7)
#define TCR_IRGN0 BITS(9, 8)
#define TCR_ORGN0 BITS(11, 10)
#define TCR_SH0   BITS(13, 12)
#define TCR_TG0   BITS(15, 14)
#define TCR_T1SZ  BITS(21, 16)
#define TCR_A1    BIT(22)
#define TCR_EPD1  BIT(23)
#define TCR_IRGN1 BITS(25, 24)
#define TCR_ORGN1 BITS(27, 26)
#define TCR_SH1   BITS(29, 28)
#define TCR_TG1   BITS(31, 30)
#define TCR_IPS   BITS(34, 32)
#define TCR_AS    BIT(36)
#define TCR_TBI0  BIT(37)
#define TCR_TBI1  BIT(38)
#define TCR_HA    BIT(39)
#define TCR_HD    BIT(40)
#define TCR_HPD0  BIT(41)
#define TCR_HPD1  BIT(42)
#define TCR_HWU0  BITS(46, 43)
#define TCR_HWU1  BITS(50, 47)
#define TCR_TBID0 BIT(51)
#define TCR_TBID1 BIT(52)
#define TCR_NFD0  BIT(53)
#define TCR_NFD1  BIT(54)
#define TCR_E0PD0 BIT(55)
#define TCR_E0PD1 BIT(56)
#define TCR_TCMA0 BIT(57)
#define TCR_TCMA1 BIT(58)
#define TCR_DS    BIT(59)
/* TCR_EL2 with E2H=0, where it differs */
#define TCR_EL2_PS   BITS(18, 16)
#define TCR_EL2_TBI  BIT(20)
#define TCR_EL2_HA   BIT(21)
#define TCR_EL2_HD   BIT(22)
#define TCR_EL2_HPD  BIT(24)
#define TCR_EL2_HWU  BITS(28, 25)
#define TCR_EL2_TBID BIT(29)
#define TCR_EL2_TCMA BIT(30)
#define TCR_EL2_DS   BIT(32)
#define TCR_EL2_RES1 (BIT(23) | BIT(31))
/* TG0 and TG1 encode the granule differently */
#define TG0_4K  0
#define TG0_64K 1
#define TG0_16K 2
#define TG1_16K 1
#define TG1_4K  2
#define TG1_64K 3

#define TTBR_CNP   BIT(0)
#define TTBR_BADDR BITS(47, 1)
#define TTBR_ASID  BITS(63, 48)

/* CPACR_EL1, and CPTR_EL2 with E2H=1 */
#define CPACR_ZEN   BITS(17, 16)
#define CPACR_FPEN  BITS(21, 20)
#define CPACR_SMEN  BITS(25, 24)
#define CPACR_TTA   BIT(28)
#define CPACR_E0POE BIT(29)
#define CPTR_TTA    BIT(28) /* E2H=1 */
#define CPTR_TAM    BIT(30) /* both formats */
#define CPTR_TCPAC  BIT(31) /* both formats */
/* CPTR_EL2 with E2H=0 */
#define CPTR_NVHE_TZ   BIT(8)
#define CPTR_NVHE_TFP  BIT(10)
#define CPTR_NVHE_TSM  BIT(12)
#define CPTR_NVHE_TTA  BIT(20)
#define CPTR_NVHE_RES1 UINT64_C(0x33ff) /* TZ and TSM are RES1 without FEAT_SVE and FEAT_SME */

/* ZCR_EL1, ZCR_EL2: the vector length in units of 128 bits, less one */
#define ZCR_LEN BITS(3, 0)

/* CNTHCTL_EL2 with E2H=1; its low ten bits are CNTKCTL_EL1's */
#define CNTHCTL_EL0PCTEN BIT(0)
#define CNTHCTL_EL0VCTEN BIT(1)
#define CNTHCTL_EVNTEN   BIT(2)
#define CNTHCTL_EVNTDIR  BIT(3)
#define CNTHCTL_EVNTI    BITS(7, 4)
#define CNTHCTL_EL0VTEN  BIT(8)
#define CNTHCTL_EL0PTEN  BIT(9)
#define CNTHCTL_EL1PCTEN BIT(10)
#define CNTHCTL_EL1PTEN  BIT(11)
/* FEAT_ECV, both formats */
#define CNTHCTL_ECV      BIT(12)
#define CNTHCTL_EL1TVT   BIT(13)
#define CNTHCTL_EL1TVCT  BIT(14)
#define CNTHCTL_EL1NVPCT BIT(15)
#define CNTHCTL_EL1NVVCT BIT(16)
#define CNTHCTL_EVNTIS   BIT(17)
#define CNTHCTL_CNTVMASK BIT(18)
#define CNTHCTL_CNTPMASK BIT(19)
/* CNTHCTL_EL2 with E2H=0; EVNTEN, EVNTDIR and EVNTI are where E2H=1 has them */
#define CNTHCTL_NVHE_EL1PCTEN BIT(0)
#define CNTHCTL_NVHE_EL1PCEN  BIT(1)

/* CNTP_CTL_EL0, CNTV_CTL_EL0, CNTHP_CTL_EL2, CNTHV_CTL_EL2 */
#define CNT_CTL_ENABLE  BIT(0)
#define CNT_CTL_IMASK   BIT(1)
#define CNT_CTL_ISTATUS BIT(2)

/* MDCR_EL2 */
#define MDCR_HPMN   BITS(4, 0)
#define MDCR_TPMCR  BIT(5)
#define MDCR_TPM    BIT(6)
#define MDCR_HPME   BIT(7)
#define MDCR_TDE    BIT(8)
#define MDCR_TDA    BIT(9)
#define MDCR_TDOSA  BIT(10)
#define MDCR_TDRA   BIT(11)
#define MDCR_E2PB   BITS(13, 12)
#define MDCR_TPMS   BIT(14)
#define MDCR_HPMD   BIT(17)
#define MDCR_TTRF   BIT(19)
#define MDCR_HCCD   BIT(23)
#define MDCR_E2TB   BITS(25, 24)
#define MDCR_HLP    BIT(26)
#define MDCR_TDCC   BIT(27)
#define MDCR_MTPME  BIT(28)
#define MDCR_HPMFZO BIT(29)
#define MDCR_COUNTERS (MDCR_HPMN | MDCR_HPME | MDCR_HPMD | MDCR_HCCD | MDCR_HLP) /* how counters are shared, and count */

/* MDSCR_EL1 */
#define MDSCR_SS   BIT(0)
#define MDSCR_ERR  BIT(6)
#define MDSCR_TDCC BIT(12)
#define MDSCR_KDE  BIT(13)
#define MDSCR_HDE  BIT(14)
#define MDSCR_MDE  BIT(15)

/* HSTR_EL2: one bit per AArch32 CRn of coprocessor 15 */
#define HSTR_T(crn) BIT(crn)

/* VTCR_EL2 */
#define VTCR_T0SZ  BITS(5, 0)
#define VTCR_SL0   BITS(7, 6)
#define VTCR_IRGN0 BITS(9, 8)
#define VTCR_ORGN0 BITS(11, 10)
#define VTCR_SH0   BITS(13, 12)
#define VTCR_TG0   BITS(15, 14)
#define VTCR_PS    BITS(18, 16)
#define VTCR_VS    BIT(19)
#define VTCR_HA    BIT(21)
#define VTCR_HD    BIT(22)
#define VTCR_HWU   BITS(28, 25)
#define VTCR_NSW   BIT(29)
#define VTCR_NSA   BIT(30)
#define VTCR_RES1  BIT(31)
#define VTCR_DS    BIT(32)
#define VTCR_SL2   BIT(33)

/* VTTBR_EL2 */
#define VTTBR_CNP   BIT(0)
#define VTTBR_BADDR BITS(47, 1)
#define VTTBR_VMID  BITS(63, 48)

/* ESR_ELx */
#define ESR_ISS BITS(24, 0)
#define ESR_IL  BIT(25)
#define ESR_EC  BITS(31, 26)

#define EC_UNKNOWN     0x00
#define EC_WFX         0x01
#define EC_CP15_32     0x03
#define EC_CP15_64     0x04
#define EC_CP14_32     0x05
#define EC_CP14_LS     0x06
#define EC_FP          0x07
#define EC_CP10_ID     0x08
#define EC_PAC         0x09
#define EC_LS64        0x0a
#define EC_CP14_64     0x0c
#define EC_BTI         0x0d
#define EC_ILL         0x0e
#define EC_SVC32       0x11
#define EC_HVC32       0x12
#define EC_SMC32       0x13
#define EC_SVC64       0x15
#define EC_HVC64       0x16
#define EC_SMC64       0x17
#define EC_SYS64       0x18
#define EC_SVE         0x19
#define EC_ERET        0x1a
#define EC_FPAC        0x1c
#define EC_SME         0x1d
#define EC_IABT_LOW    0x20
#define EC_IABT_CUR    0x21
#define EC_PC_ALIGN    0x22
#define EC_DABT_LOW    0x24
#define EC_DABT_CUR    0x25
#define EC_SP_ALIGN    0x26
#define EC_MOPS        0x27
#define EC_FP_EXC32    0x28
#define EC_FP_EXC64    0x2c
#define EC_SERROR      0x2f
#define EC_BREAKPT_LOW 0x30
#define EC_BREAKPT_CUR 0x31
#define EC_SOFTSTP_LOW 0x32
#define EC_SOFTSTP_CUR 0x33
#define EC_WATCHPT_LOW 0x34
#define EC_WATCHPT_CUR 0x35
#define EC_BKPT32      0x38
#define EC_VECTOR32    0x3a
#define EC_BRK64       0x3c

/* ISS of EC_WFX: TI[0] tells WFE and WFET from WFI and WFIT, TI[1] the forms with a time-out */
#define ESR_WFX_TI      BIT(0)
#define ESR_WFX_TIMEOUT BIT(1)
#define ESR_CV          BIT(24)
#define ESR_COND        BITS(23, 20)

/* ISS of EC_SVC64, EC_HVC64, EC_SMC64 and EC_BRK64 */
#define ESR_IMM16 BITS(15, 0)

/* ISS of EC_SOFTSTP_LOW and EC_SOFTSTP_CUR */
#define ESR_STEP_ISV BIT(24)

/* ISS of EC_ERET */
#define ESR_ERET_AUTH BIT(1) /* ERETAA or ERETAB */
#define ESR_ERET_B    BIT(0) /* ERETAB */

/* ISS of EC_FPAC: the key that failed; bit 1 is for data */
#define ESR_FPAC_B BIT(0)

/* ISS of EC_SYS64 */
#define ESR_SYS64_READ BIT(0)
#define ESR_SYS64_CRM  BITS(4, 1)
#define ESR_SYS64_RT   BITS(9, 5)
#define ESR_SYS64_CRN  BITS(13, 10)
#define ESR_SYS64_OP1  BITS(16, 14)
#define ESR_SYS64_OP2  BITS(19, 17)
#define ESR_SYS64_OP0  BITS(21, 20)

/* ISS of EC_SERROR, as VSESR_EL2 gives it and DISR_EL1 keeps it beside A */
#define ESR_SERROR_ISS BITS(24, 0)
#define DISR_A         BIT(31)

/* ISS of data and instruction aborts */
#define ESR_DFSC  BITS(5, 0)
#define ESR_WNR   BIT(6)
#define ESR_S1PTW BIT(7)
#define ESR_CM    BIT(8)
#define ESR_EA    BIT(9)
#define ESR_FNV   BIT(10)
#define ESR_SET   BITS(12, 11)
#define ESR_VNCR  BIT(13)
#define ESR_AR    BIT(14)
#define ESR_SF    BIT(15)
#define ESR_SRT   BITS(20, 16)
#define ESR_SSE   BIT(21)
#define ESR_SAS   BITS(23, 22)
#define ESR_ISV   BIT(24)

/* Fault status codes; the first four have the level in their low two bits */
#define FSC_TYPE          BITS(5, 2)
#define FSC_LEVEL         BITS(1, 0)
#define FSC_ADDRESS_SIZE  0x00
#define FSC_TRANSLATION   0x04
#define FSC_ACCESS        0x08
#define FSC_PERMISSION    0x0c
#define FSC_EXTERNAL      0x10
#define FSC_EXTERNAL_WALK 0x14
#define FSC_MINUS_1       0x28 /* type of the next two, and FSC_EXTERNAL of the first */
#define FSC_EXTERNAL_WALK_MINUS_1 0x13
#define FSC_ADDRESS_SIZE_MINUS_1  0x29
#define FSC_TRANSLATION_MINUS_1   0x2b
#define FSC_ALIGNMENT     0x21
#define FSC_TLB_CONFLICT  0x30
#define FSC_ATOMIC        0x31
#define FSC_EXCLUSIVE     0x35

/* SPSR_ELx, and PSTATE kept in the same layout */
#define SPSR_M_SP     BIT(0) /* SPx rather than SP_EL0 */
#define SPSR_M_RES0   BIT(1)
#define SPSR_M_EL     BITS(3, 2)
#define SPSR_M        BITS(3, 0)
#define SPSR_NRW      BIT(4)
#define SPSR_M_EL0T   UINT64_C(0x0)
#define SPSR_M_EL1T   UINT64_C(0x4)
#define SPSR_M_EL1H   UINT64_C(0x5)
#define SPSR_M_EL2T   UINT64_C(0x8)
#define SPSR_M_EL2H   UINT64_C(0x9)
#define PSTATE_F      BIT(6)
#define PSTATE_I      BIT(7)
#define PSTATE_A      BIT(8)
#define PSTATE_D      BIT(9)
#define PSTATE_DAIF   BITS(9, 6)
#define PSTATE_BTYPE  BITS(11, 10)
#define PSTATE_SSBS   BIT(12)
#define PSTATE_ALLINT BIT(13)
#define PSTATE_IL     BIT(20)
#define PSTATE_SS     BIT(21)
#define PSTATE_PAN    BIT(22)
#define PSTATE_UAO    BIT(23)
#define PSTATE_DIT    BIT(24)
#define PSTATE_TCO    BIT(25)
#define PSTATE_NZCV   BITS(31, 28)

/* HPFAR_EL2 */
#define HPFAR_FIPA BITS(43, 4) /* IPA[51:12] */
#define HPFAR_NS   BIT(63)

/* DCZID_EL0 */
#define DCZID_BS BITS(3, 0)

/* PAR_EL1 */
#define PAR_F    BIT(0)
#define PAR_FST  BITS(6, 1)  /* F = 1 */
#define PAR_PTW  BIT(8)      /* F = 1 */
#define PAR_S    BIT(9)      /* F = 1: a stage 2 fault */
#define PAR_SH   BITS(8, 7)  /* F = 0 */
#define PAR_NS   BIT(9)      /* F = 0 */
#define PAR_PA   BITS(51, 12)
#define PAR_ATTR BITS(63, 56)
#define PAR_ATTR_OUTER BITS(63, 60) /* 0: Device memory */
#define PAR_RES1 BIT(11)

/* ICH_HCR_EL2 */
#define ICH_HCR_EN       BIT(0)
#define ICH_HCR_UIE      BIT(1)
#define ICH_HCR_LRENPIE  BIT(2)
#define ICH_HCR_NPIE     BIT(3)
#define ICH_HCR_VGRP0EIE BIT(4)
#define ICH_HCR_VGRP0DIE BIT(5)
#define ICH_HCR_VGRP1EIE BIT(6)
#define ICH_HCR_VGRP1DIE BIT(7)
#define ICH_HCR_VSGIEOI  BIT(8)
#define ICH_HCR_TC       BIT(10)
#define ICH_HCR_TALL0    BIT(11)
#define ICH_HCR_TALL1    BIT(12)
#define ICH_HCR_TSEI     BIT(13)
#define ICH_HCR_TDIR     BIT(14)
#define ICH_HCR_DVIM     BIT(15)
#define ICH_HCR_EOICOUNT BITS(31, 27)

/* ICH_LR<n>_EL2 */
#define ICH_LR_VINTID   BITS(31, 0)
#define ICH_LR_PINTID   BITS(44, 32) /* HW = 1 */
#define ICH_LR_EOI      BIT(41)      /* HW = 0 */
#define ICH_LR_PRIORITY BITS(55, 48)
#define ICH_LR_NMI      BIT(59)
#define ICH_LR_GROUP    BIT(60)
#define ICH_LR_HW       BIT(61)
#define ICH_LR_STATE    BITS(63, 62)
#define ICH_LR_PENDING  BIT(62)
#define ICH_LR_ACTIVE   BIT(63)

/* ICH_VMCR_EL2 */
#define ICH_VMCR_VENG0   BIT(0)
#define ICH_VMCR_VENG1   BIT(1)
#define ICH_VMCR_VACKCTL BIT(2)
#define ICH_VMCR_VFIQEN  BIT(3)
#define ICH_VMCR_VCBPR   BIT(4)
#define ICH_VMCR_VEOIM   BIT(9)
#define ICH_VMCR_VBPR1   BITS(20, 18)
#define ICH_VMCR_VBPR0   BITS(23, 21)
#define ICH_VMCR_VPMR    BITS(31, 24)

/* ICH_VTR_EL2: the numbers of list registers, priority and preemption bits are stored less one */
#define ICH_VTR_LISTREGS BITS(4, 0)
#define ICH_VTR_TDS      BIT(19)
#define ICH_VTR_NV4      BIT(20)
#define ICH_VTR_A3V      BIT(21)
#define ICH_VTR_SEIS     BIT(22)
#define ICH_VTR_IDBITS   BITS(25, 23)
#define ICH_VTR_PREBITS  BITS(28, 26)
#define ICH_VTR_PRIBITS  BITS(31, 29)

/* The operand of CFP, DVP and CPP RCTX: GVMID, NS, EL, GASID */
#define RCTX_ALL_OF_EL0 (BIT(48) | BIT(26) | BIT(16))
#define RCTX_ALL_OF_EL1 (RCTX_ALL_OF_EL0 | field_put(BITS(25, 24), 1))
/* ISR_EL1 */
#define ISR_F BIT(6)
#define ISR_I BIT(7)
#define ISR_A BIT(8)

/* ICH_MISR_EL2 */
#define ICH_MISR_EOI    BIT(0)
#define ICH_MISR_U      BIT(1)
#define ICH_MISR_LRENP  BIT(2)
#define ICH_MISR_NP     BIT(3)
#define ICH_MISR_VGRP0E BIT(4)
#define ICH_MISR_VGRP0D BIT(5)
#define ICH_MISR_VGRP1E BIT(6)
#define ICH_MISR_VGRP1D BIT(7)

/* ICC_SRE_ELx */
#define ICC_SRE_SRE    BIT(0)
#define ICC_SRE_DFB    BIT(1)
#define ICC_SRE_DIB    BIT(2)
#define ICC_SRE_ENABLE BIT(3) /* ICC_SRE_EL2 */

/* ICC_CTLR_EL1 */
#define ICC_CTLR_CBPR    BIT(0)
#define ICC_CTLR_EOIMODE BIT(1)
#define ICC_CTLR_PRIBITS BITS(10, 8)
#define ICC_CTLR_IDBITS  BITS(13, 11)
#define ICC_CTLR_SEIS    BIT(14)
#define ICC_CTLR_A3V     BIT(15)

#define ICC_IAR_INTID  BITS(23, 0)
#define ICC_IGRPEN_ENABLE BIT(0)

/* ICC_SGI0R_EL1, ICC_SGI1R_EL1, ICC_ASGI1R_EL1 */
#define ICC_SGIR_TARGETS BITS(15, 0)
#define ICC_SGIR_AFF1    BITS(23, 16)
#define ICC_SGIR_INTID   BITS(27, 24)
#define ICC_SGIR_AFF2    BITS(39, 32)
#define ICC_SGIR_IRM     BIT(40)
#define ICC_SGIR_RS      BITS(47, 44)
#define ICC_SGIR_AFF3    BITS(55, 48)

/* MPIDR_EL1, VMPIDR_EL2 */
#define MPIDR_AFF0 BITS(7, 0)
#define MPIDR_AFF1 BITS(15, 8)
#define MPIDR_AFF2 BITS(23, 16)
#define MPIDR_MT   BIT(24)
#define MPIDR_U    BIT(30)
#define MPIDR_RES1 BIT(31)
#define MPIDR_AFF3 BITS(39, 32)
#define MPIDR_AFFINITY (MPIDR_AFF0 | MPIDR_AFF1 | MPIDR_AFF2 | MPIDR_AFF3)

/* DBGBCR<n>_EL1 and DBGWCR<n>_EL1: E, PMC (PAC), HMC and SSC have the same places in both */
#define DBGCR_E       BIT(0)
#define DBGCR_PMC     BITS(2, 1)
#define DBGCR_PMC_EL1 1
#define DBGCR_PMC_EL0 2
#define DBGCR_HMC     BIT(13)
#define DBGCR_SSC     BITS(15, 14)

/* OSLSR_EL1, OSLAR_EL1 */
#define OSLAR_OSLK BIT(0)
#define OSLSR_OSLM0 BIT(0)
#define OSLSR_OSLK  BIT(1)
#define OSLSR_OSLM1 BIT(3)

/* PMCR_EL0 */
#define PMCR_E  BIT(0)
#define PMCR_P  BIT(1)
#define PMCR_C  BIT(2)
#define PMCR_D  BIT(3)
#define PMCR_X  BIT(4)
#define PMCR_DP BIT(5)
#define PMCR_LC BIT(6)
#define PMCR_LP BIT(7)
#define PMCR_N  BITS(15, 11)

/* PMEVTYPER<n>_EL0, and but for the event PMCCFILTR_EL0 */
#define PMEVTYPER_EVENT BITS(15, 0)
#define PMEVTYPER_SH    BIT(24)
#define PMEVTYPER_M     BIT(26)
#define PMEVTYPER_NSH   BIT(27)
#define PMEVTYPER_NSU   BIT(28)
#define PMEVTYPER_NSK   BIT(29)
#define PMEVTYPER_U     BIT(30)
#define PMEVTYPER_P     BIT(31)

/* PMSELR_EL0, PMUSERENR_EL0 */
#define PMSELR_SEL   BITS(4, 0)
#define PMUSERENR_EN BIT(0)
#define PMUSERENR_SW BIT(1)
#define PMUSERENR_CR BIT(2)
#define PMUSERENR_ER BIT(3)

/*
 * Fine-grained traps, FEAT_FGT. Bits named N_... have negative polarity: 0 asks for the trap. The masks
 * _POSITIVE hold the bits of ordinary polarity.
 */
#define HFGRTR_AFSR0_EL1       BIT(0)
#define HFGRTR_AFSR1_EL1       BIT(1)
#define HFGRTR_AIDR_EL1        BIT(2)
#define HFGRTR_AMAIR_EL1       BIT(3)
#define HFGRTR_APDAKEY         BIT(4)
#define HFGRTR_APDBKEY         BIT(5)
#define HFGRTR_APGAKEY         BIT(6)
#define HFGRTR_APIAKEY         BIT(7)
#define HFGRTR_APIBKEY         BIT(8)
#define HFGRTR_CCSIDR_EL1      BIT(9)
#define HFGRTR_CLIDR_EL1       BIT(10)
#define HFGRTR_CONTEXTIDR_EL1  BIT(11)
#define HFGRTR_CPACR_EL1       BIT(12)
#define HFGRTR_CSSELR_EL1      BIT(13)
#define HFGRTR_CTR_EL0         BIT(14)
#define HFGRTR_DCZID_EL0       BIT(15)
#define HFGRTR_ESR_EL1         BIT(16)
#define HFGRTR_FAR_EL1         BIT(17)
#define HFGRTR_ISR_EL1         BIT(18)
#define HFGRTR_LORC_EL1        BIT(19)
#define HFGRTR_LOREA_EL1       BIT(20)
#define HFGRTR_LORID_EL1       BIT(21)
#define HFGRTR_LORN_EL1        BIT(22)
#define HFGRTR_LORSA_EL1       BIT(23)
#define HFGRTR_MAIR_EL1        BIT(24)
#define HFGRTR_MIDR_EL1        BIT(25)
#define HFGRTR_MPIDR_EL1       BIT(26)
#define HFGRTR_PAR_EL1         BIT(27)
#define HFGRTR_REVIDR_EL1      BIT(28)
#define HFGRTR_SCTLR_EL1       BIT(29)
#define HFGRTR_SCXTNUM_EL1     BIT(30)
#define HFGRTR_SCXTNUM_EL0     BIT(31)
#define HFGRTR_TCR_EL1         BIT(32)
#define HFGRTR_TPIDR_EL1       BIT(33)
#define HFGRTR_TPIDRRO_EL0     BIT(34)
#define HFGRTR_TPIDR_EL0       BIT(35)
#define HFGRTR_TTBR0_EL1       BIT(36)
#define HFGRTR_TTBR1_EL1       BIT(37)
#define HFGRTR_VBAR_EL1        BIT(38)
#define HFGRTR_ICC_IGRPEN_EL1  BIT(39)
#define HFGRTR_ERRIDR_EL1      BIT(40)
#define HFGRTR_ERRSELR_EL1     BIT(41)
#define HFGRTR_ERXFR_EL1       BIT(42)
#define HFGRTR_ERXCTLR_EL1     BIT(43)
#define HFGRTR_ERXSTATUS_EL1   BIT(44)
#define HFGRTR_ERXMISC_EL1     BIT(45)
#define HFGRTR_ERXPFGF_EL1     BIT(46)
#define HFGRTR_ERXPFGCTL_EL1   BIT(47)
#define HFGRTR_ERXPFGCDN_EL1   BIT(48)
#define HFGRTR_ERXADDR_EL1     BIT(49)
#define HFGRTR_N_ACCDATA_EL1   BIT(50)
#define HFGRTR_N_GCS_EL0       BIT(52)
#define HFGRTR_N_GCS_EL1       BIT(53)
#define HFGRTR_N_SMPRI_EL1     BIT(54)
#define HFGRTR_N_TPIDR2_EL0    BIT(55)
#define HFGRTR_N_RCWMASK_EL1   BIT(56)
#define HFGRTR_N_PIRE0_EL1     BIT(57)
#define HFGRTR_N_PIR_EL1       BIT(58)
#define HFGRTR_N_POR_EL0       BIT(59)
#define HFGRTR_N_POR_EL1       BIT(60)
#define HFGRTR_N_S2POR_EL1     BIT(61)
#define HFGRTR_N_MAIR2_EL1     BIT(62)
#define HFGRTR_N_AMAIR2_EL1    BIT(63)
#define HFGRTR_POSITIVE        BITS(49, 0)
/* HFGWTR_EL2 has the same bits, less those of read-only registers */
#define HFGWTR_POSITIVE                                                                                      \
	(HFGRTR_POSITIVE & ~(HFGRTR_AIDR_EL1 | HFGRTR_CCSIDR_EL1 | HFGRTR_CLIDR_EL1 | HFGRTR_CTR_EL0 |       \
			     HFGRTR_DCZID_EL0 | HFGRTR_ISR_EL1 | HFGRTR_LORID_EL1 | HFGRTR_MIDR_EL1 |        \
			     HFGRTR_MPIDR_EL1 | HFGRTR_REVIDR_EL1 | HFGRTR_ERRIDR_EL1 | HFGRTR_ERXFR_EL1 |   \
			     HFGRTR_ERXPFGF_EL1))

#define HFGITR_ICIALLUIS       BIT(0)
#define HFGITR_ICIALLU         BIT(1)
#define HFGITR_ICIVAU          BIT(2)
#define HFGITR_DCIVAC          BIT(3)
#define HFGITR_DCISW           BIT(4)
#define HFGITR_DCCSW           BIT(5)
#define HFGITR_DCCISW          BIT(6)
#define HFGITR_DCCVAU          BIT(7)
#define HFGITR_DCCVAP          BIT(8)
#define HFGITR_DCCVADP         BIT(9)
#define HFGITR_DCCIVAC         BIT(10)
#define HFGITR_DCZVA           BIT(11)
#define HFGITR_ATS1E1R         BIT(12)
#define HFGITR_ATS1E1W         BIT(13)
#define HFGITR_ATS1E0R         BIT(14)
#define HFGITR_ATS1E0W         BIT(15)
#define HFGITR_ATS1E1RP        BIT(16)
#define HFGITR_ATS1E1WP        BIT(17)
#define HFGITR_TLBIVMALLE1OS   BIT(18)
#define HFGITR_TLBIVAE1OS      BIT(19)
#define HFGITR_TLBIASIDE1OS    BIT(20)
#define HFGITR_TLBIVAAE1OS     BIT(21)
#define HFGITR_TLBIVALE1OS     BIT(22)
#define HFGITR_TLBIVAALE1OS    BIT(23)
#define HFGITR_TLBIRVAE1OS     BIT(24)
#define HFGITR_TLBIRVAAE1OS    BIT(25)
#define HFGITR_TLBIRVALE1OS    BIT(26)
#define HFGITR_TLBIRVAALE1OS   BIT(27)
#define HFGITR_TLBIVMALLE1IS   BIT(28)
#define HFGITR_TLBIVAE1IS      BIT(29)
#define HFGITR_TLBIASIDE1IS    BIT(30)
#define HFGITR_TLBIVAAE1IS     BIT(31)
#define HFGITR_TLBIVALE1IS     BIT(32)
#define HFGITR_TLBIVAALE1IS    BIT(33)
#define HFGITR_TLBIRVAE1IS     BIT(34)
#define HFGITR_TLBIRVAAE1IS    BIT(35)
#define HFGITR_TLBIRVALE1IS    BIT(36)
#define HFGITR_TLBIRVAALE1IS   BIT(37)
#define HFGITR_TLBIRVAE1       BIT(38)
#define HFGITR_TLBIRVAAE1      BIT(39)
#define HFGITR_TLBIRVALE1      BIT(40)
#define HFGITR_TLBIRVAALE1     BIT(41)
#define HFGITR_TLBIVMALLE1     BIT(42)
#define HFGITR_TLBIVAE1        BIT(43)
#define HFGITR_TLBIASIDE1      BIT(44)
#define HFGITR_TLBIVAAE1       BIT(45)
#define HFGITR_TLBIVALE1       BIT(46)
#define HFGITR_TLBIVAALE1      BIT(47)
#define HFGITR_CFPRCTX         BIT(48)
#define HFGITR_DVPRCTX         BIT(49)
#define HFGITR_CPPRCTX         BIT(50)
#define HFGITR_ERET            BIT(51)
#define HFGITR_SVC_EL0         BIT(52)
#define HFGITR_SVC_EL1         BIT(53)
#define HFGITR_DCCVAC          BIT(54)
#define HFGITR_N_BRBINJ        BIT(55)
#define HFGITR_N_BRBIALL       BIT(56)
#define HFGITR_N_GCSPUSHM_EL1  BIT(57)
#define HFGITR_N_GCSSTR_EL1    BIT(58)
#define HFGITR_N_GCSEPP        BIT(59)
#define HFGITR_COSPRCTX        BIT(60)
#define HFGITR_ATS1E1A         BIT(62)
#define HFGITR_PSBCSYNC        BIT(63)
#define HFGITR_POSITIVE        BITS(54, 0) /* of the features that L1 may see */

#define HDFGRTR_DBGBCR         BIT(0)
#define HDFGRTR_DBGBVR         BIT(1)
#define HDFGRTR_DBGWCR         BIT(2)
#define HDFGRTR_DBGWVR         BIT(3)
#define HDFGRTR_MDSCR_EL1      BIT(4)
#define HDFGRTR_DBGCLAIM       BIT(5)
#define HDFGRTR_DBGAUTHSTATUS  BIT(6)
#define HDFGRTR_DBGPRCR_EL1    BIT(7)
#define HDFGWTR_OSLAR_EL1      BIT(8)
#define HDFGRTR_OSLSR_EL1      BIT(9)
#define HDFGRTR_OSECCR_EL1     BIT(10)
#define HDFGRTR_OSDLR_EL1      BIT(11)
#define HDFGRTR_PMEVCNTR       BIT(12)
#define HDFGRTR_PMEVTYPER      BIT(13)
#define HDFGRTR_PMCCFILTR_EL0  BIT(14)
#define HDFGRTR_PMCCNTR_EL0    BIT(15)
#define HDFGRTR_PMCNTEN        BIT(16)
#define HDFGRTR_PMINTEN        BIT(17)
#define HDFGRTR_PMOVS          BIT(18)
#define HDFGRTR_PMSELR_EL0     BIT(19)
#define HDFGWTR_PMSWINC_EL0    BIT(20)
#define HDFGWTR_PMCR_EL0       BIT(21)
#define HDFGRTR_PMMIR_EL1      BIT(22)
#define HDFGRTR_PMBLIMITR_EL1  BIT(23)
#define HDFGRTR_PMBPTR_EL1     BIT(24)
#define HDFGRTR_PMBSR_EL1      BIT(25)
#define HDFGRTR_PMSCR_EL1      BIT(26)
#define HDFGRTR_PMSEVFR_EL1    BIT(27)
#define HDFGRTR_PMSFCR_EL1     BIT(28)
#define HDFGRTR_PMSICR_EL1     BIT(29)
#define HDFGRTR_PMSIDR_EL1     BIT(30)
#define HDFGRTR_PMSIRR_EL1     BIT(31)
#define HDFGRTR_PMSLATFR_EL1   BIT(32)
#define HDFGWTR_TRFCR_EL1      BIT(49)
#define HDFGRTR_TRBBASER_EL1   BIT(50)
#define HDFGRTR_TRBIDR_EL1     BIT(51)
#define HDFGRTR_TRBLIMITR_EL1  BIT(52)
#define HDFGRTR_TRBMAR_EL1     BIT(53)
#define HDFGRTR_TRBPTR_EL1     BIT(54)
#define HDFGRTR_TRBSR_EL1      BIT(55)
#define HDFGRTR_TRBTRG_EL1     BIT(56)
#define HDFGRTR_PMUSERENR_EL0  BIT(57)
#define HDFGRTR_PMCEIDN_EL0    BIT(58)
#define HDFGRTR_N_PMSNEVFR_EL1 BIT(62)
#define HDFGRTR_PMBIDR_EL1     BIT(63)
/* without the trace unit's registers, [48:33], which L1 does not see and L0 traps by CPTR_EL2.TTA */
#define HDFGRTR_POSITIVE                                                                                     \
	((BITS(32, 0) & ~(HDFGWTR_OSLAR_EL1 | HDFGWTR_PMSWINC_EL0 | HDFGWTR_PMCR_EL0)) | BITS(58, 50) |      \
	 HDFGRTR_PMBIDR_EL1)
#define HDFGWTR_POSITIVE                                                                                     \
	((BITS(32, 0) & ~(HDFGRTR_DBGAUTHSTATUS | HDFGRTR_OSLSR_EL1 | HDFGRTR_PMMIR_EL1 | \
			  HDFGRTR_PMSIDR_EL1)) | \
	 (BITS(57, 49) & ~HDFGRTR_TRBIDR_EL1))

/* ID registers: the fields that somebody looks at */
#define ID_AA64PFR0_FIELD_EL0 BITS(3, 0)
#define ID_AA64PFR0_FIELD_EL1 BITS(7, 4)
#define ID_AA64PFR0_FIELD_EL2 BITS(11, 8)
#define ID_AA64PFR0_FIELD_EL3 BITS(15, 12)
#define ID_AA64PFR0_FP        BITS(19, 16) /* signed */
#define ID_AA64PFR0_ADVSIMD   BITS(23, 20) /* signed */
#define ID_AA64PFR0_GIC       BITS(27, 24)
#define ID_AA64PFR0_RAS       BITS(31, 28)
#define ID_AA64PFR0_SVE       BITS(35, 32)
#define ID_AA64PFR0_SEL2      BITS(39, 36)
#define ID_AA64PFR0_MPAM      BITS(43, 40)
#define ID_AA64PFR0_AMU       BITS(47, 44)
#define ID_AA64PFR0_DIT       BITS(51, 48)
#define ID_AA64PFR0_RME       BITS(55, 52)
#define ID_AA64PFR0_CSV2      BITS(59, 56)
#define ID_AA64PFR0_CSV3      BITS(63, 60)

#define ID_AA64PFR1_BT        BITS(3, 0)
#define ID_AA64PFR1_SSBS      BITS(7, 4)
#define ID_AA64PFR1_MTE       BITS(11, 8)
#define ID_AA64PFR1_RAS_FRAC  BITS(15, 12)
#define ID_AA64PFR1_MPAM_FRAC BITS(19, 16)
#define ID_AA64PFR1_SME       BITS(27, 24)
#define ID_AA64PFR1_CSV2_FRAC BITS(35, 32)
#define ID_AA64PFR1_NMI       BITS(39, 36)
#define ID_AA64PFR1_GCS       BITS(47, 44)

#define ID_AA64ZFR0_SVEVER  BITS(3, 0)
#define ID_AA64ZFR0_AES     BITS(7, 4)
#define ID_AA64ZFR0_BITPERM BITS(19, 16)
#define ID_AA64ZFR0_BF16    BITS(23, 20)
#define ID_AA64ZFR0_SHA3    BITS(35, 32)
#define ID_AA64ZFR0_SM4     BITS(43, 40)
#define ID_AA64ZFR0_I8MM    BITS(47, 44)
#define ID_AA64ZFR0_F32MM   BITS(55, 52)
#define ID_AA64ZFR0_F64MM   BITS(59, 56)

#define ID_AA64DFR0_DEBUGVER   BITS(3, 0)
#define ID_AA64DFR0_TRACEVER   BITS(7, 4)
#define ID_AA64DFR0_PMUVER     BITS(11, 8) /* 0xf: not PMUv3 */
#define ID_AA64DFR0_BRPS       BITS(15, 12)
#define ID_AA64DFR0_PMSS       BITS(19, 16)
#define ID_AA64DFR0_WRPS       BITS(23, 20)
#define ID_AA64DFR0_CTX_CMPS   BITS(31, 28)
#define ID_AA64DFR0_PMSVER     BITS(35, 32)
#define ID_AA64DFR0_DOUBLELOCK BITS(39, 36) /* signed */
#define ID_AA64DFR0_TRACEFILT  BITS(43, 40)
#define ID_AA64DFR0_TRACEBUF   BITS(47, 44)
#define ID_AA64DFR0_MTPMU      BITS(51, 48) /* signed */
#define ID_AA64DFR0_BRBE       BITS(55, 52)
#define ID_AA64DFR0_HPMN0      BITS(63, 60)

#define ID_AA64ISAR0_AES    BITS(7, 4)
#define ID_AA64ISAR0_SHA1   BITS(11, 8)
#define ID_AA64ISAR0_SHA2   BITS(15, 12)
#define ID_AA64ISAR0_CRC32  BITS(19, 16)
#define ID_AA64ISAR0_ATOMIC BITS(23, 20)
#define ID_AA64ISAR0_TME    BITS(27, 24)
#define ID_AA64ISAR0_RDM    BITS(31, 28)
#define ID_AA64ISAR0_SHA3   BITS(35, 32)
#define ID_AA64ISAR0_SM3    BITS(39, 36)
#define ID_AA64ISAR0_SM4    BITS(43, 40)
#define ID_AA64ISAR0_DP     BITS(47, 44)
#define ID_AA64ISAR0_FHM    BITS(51, 48)
#define ID_AA64ISAR0_TS     BITS(55, 52)
#define ID_AA64ISAR0_TLB    BITS(59, 56)
#define ID_AA64ISAR0_RNDR   BITS(63, 60)

#define ID_AA64ISAR1_DPB     BITS(3, 0)
#define ID_AA64ISAR1_APA     BITS(7, 4)
#define ID_AA64ISAR1_API     BITS(11, 8)
#define ID_AA64ISAR1_JSCVT   BITS(15, 12)
#define ID_AA64ISAR1_FCMA    BITS(19, 16)
#define ID_AA64ISAR1_LRCPC   BITS(23, 20)
#define ID_AA64ISAR1_GPA     BITS(27, 24)
#define ID_AA64ISAR1_GPI     BITS(31, 28)
#define ID_AA64ISAR1_FRINTTS BITS(35, 32)
#define ID_AA64ISAR1_SB      BITS(39, 36)
#define ID_AA64ISAR1_SPECRES BITS(43, 40)
#define ID_AA64ISAR1_BF16    BITS(47, 44)
#define ID_AA64ISAR1_DGH     BITS(51, 48)
#define ID_AA64ISAR1_I8MM    BITS(55, 52)
#define ID_AA64ISAR1_XS      BITS(59, 56)
#define ID_AA64ISAR1_LS64    BITS(63, 60)

#define ID_AA64ISAR2_WFXT   BITS(3, 0)
#define ID_AA64ISAR2_RPRES  BITS(7, 4)
#define ID_AA64ISAR2_GPA3   BITS(11, 8)
#define ID_AA64ISAR2_APA3   BITS(15, 12)
#define ID_AA64ISAR2_MOPS   BITS(19, 16)
#define ID_AA64ISAR2_BC     BITS(23, 20)
#define ID_AA64ISAR2_CSSC   BITS(55, 52)

#define ID_AA64MMFR0_PARANGE   BITS(3, 0)
#define ID_AA64MMFR0_ASIDBITS  BITS(7, 4)
#define ID_AA64MMFR0_BIGEND    BITS(11, 8)
#define ID_AA64MMFR0_SNSMEM    BITS(15, 12)
#define ID_AA64MMFR0_BIGENDEL0 BITS(19, 16)
#define ID_AA64MMFR0_TGRAN16   BITS(23, 20)
#define ID_AA64MMFR0_TGRAN64   BITS(27, 24) /* signed */
#define ID_AA64MMFR0_TGRAN4    BITS(31, 28) /* signed */
#define ID_AA64MMFR0_TGRAN16_2 BITS(35, 32)
#define ID_AA64MMFR0_TGRAN64_2 BITS(39, 36)
#define ID_AA64MMFR0_TGRAN4_2  BITS(43, 40)
#define ID_AA64MMFR0_EXS       BITS(47, 44)
#define ID_AA64MMFR0_FGT       BITS(59, 56)
#define ID_AA64MMFR0_ECV       BITS(63, 60)

#define ID_AA64MMFR1_HAFDBS   BITS(3, 0)
#define ID_AA64MMFR1_VMIDBITS BITS(7, 4)
#define ID_AA64MMFR1_VH       BITS(11, 8)
#define ID_AA64MMFR1_HPDS     BITS(15, 12)
#define ID_AA64MMFR1_LO       BITS(19, 16)
#define ID_AA64MMFR1_PAN      BITS(23, 20)
#define ID_AA64MMFR1_SPECSEI  BITS(27, 24)
#define ID_AA64MMFR1_XNX      BITS(31, 28)
#define ID_AA64MMFR1_TWED     BITS(35, 32)
#define ID_AA64MMFR1_ETS      BITS(39, 36)
#define ID_AA64MMFR1_HCX      BITS(43, 40)
#define ID_AA64MMFR1_AFP      BITS(47, 44)
#define ID_AA64MMFR1_NTLBPA   BITS(51, 48)
#define ID_AA64MMFR1_TIDCP1   BITS(55, 52)
#define ID_AA64MMFR1_CMOW     BITS(59, 56)
#define ID_AA64MMFR1_ECBHB    BITS(63, 60)

#define ID_AA64MMFR2_CNP     BITS(3, 0)
#define ID_AA64MMFR2_UAO     BITS(7, 4)
#define ID_AA64MMFR2_LSM     BITS(11, 8)
#define ID_AA64MMFR2_IESB    BITS(15, 12)
#define ID_AA64MMFR2_VARANGE BITS(19, 16)
#define ID_AA64MMFR2_CCIDX   BITS(23, 20)
#define ID_AA64MMFR2_NV      BITS(27, 24)
#define ID_AA64MMFR2_ST      BITS(31, 28)
#define ID_AA64MMFR2_AT      BITS(35, 32)
#define ID_AA64MMFR2_IDS     BITS(39, 36)
#define ID_AA64MMFR2_FWB     BITS(43, 40)
#define ID_AA64MMFR2_TTL     BITS(51, 48)
#define ID_AA64MMFR2_BBM     BITS(55, 52)
#define ID_AA64MMFR2_EVT     BITS(59, 56)
#define ID_AA64MMFR2_E0PD    BITS(63, 60)

#define ID_AA64MMFR3_SPEC_FPACC BITS(63, 60)

#define ID_AA64MMFR4_NV_FRAC BITS(23, 20)
#define ID_AA64MMFR4_E2H0    BITS(27, 24) /* signed; negative: E2H is RES1 */

/*
 * Bits that are not RES0 (or RES1) for an L1 that sees the features of nv/idreg.c: without AArch32,
 * FEAT_LOR, FEAT_MTE, FEAT_NV, FEAT_AMU, FEAT_SME,
 * FEAT_CSV2_2 and FEAT_TWED. Where the layout depends on HCR_EL2.E2H the mask is that of both.
 */
#define ALL_BITS ~UINT64_C(0)
#define HCR_SHOWN                                                                                            \
	(BITS(30, 0) | HCR_CD | HCR_ID | HCR_E2H | HCR_TERR | HCR_TEA | HCR_APK | HCR_API | HCR_FWB | HCR_TID4 | HCR_TICAB | \
	 HCR_TOCU | HCR_TTLBIS | HCR_TTLBOS | HCR_FIEN)
#define HCRX_SHOWN      (HCRX_FNXS | HCRX_FGTNXS | HCRX_CMOW | HCRX_MCE2 | HCRX_MSCEN)
#define SCTLR_EL1_SHOWN                                                                                      \
	(SCTLR_M | SCTLR_A | SCTLR_C | SCTLR_SA | SCTLR_SA0 | SCTLR_NAA | SCTLR_UMA | SCTLR_ENRCTX | \
	 SCTLR_I | \
	 SCTLR_DZE | SCTLR_UCT | SCTLR_NTWI | SCTLR_NTWE | SCTLR_WXN | SCTLR_SPAN | SCTLR_E0E | SCTLR_EE | \
	 SCTLR_UCI | SCTLR_IESB | SCTLR_CMOW | SCTLR_MSCEN | SCTLR_ENIA | SCTLR_ENIB | SCTLR_ENDA | SCTLR_ENDB | \
	 SCTLR_BT0 | SCTLR_BT1 | SCTLR_DSSBS | SCTLR_EPAN | SCTLR_TIDCP)
#define SCTLR_EL1_RES1                                                                                       \
	(SCTLR_ITD | SCTLR_SED | SCTLR_EOS | SCTLR_TSCXT | SCTLR_EIS | SCTLR_NTLSMD | SCTLR_LSMAOE)
/* E2H=0; with E2H=1 the bits of EL0 in it are those of SCTLR_EL1 */
#define SCTLR_EL2_RES1                                                                                       \
	(SCTLR_SA0 | SCTLR_CP15BEN | SCTLR_EOS | SCTLR_NTWI | SCTLR_NTWE | SCTLR_EIS | SCTLR_SPAN | \
	 SCTLR_NTLSMD | \
	 SCTLR_LSMAOE)
#define SCTLR_EL2_SHOWN SCTLR_EL1_SHOWN
#define TCR_EL1_SHOWN   ((BITS(34, 0) & ~BIT(6)) | BITS(50, 36) | TCR_TBID0 | TCR_TBID1 | TCR_NFD0 | TCR_NFD1 | TCR_E0PD0 | TCR_E0PD1 | TCR_DS)
#define TCR_EL2_SHOWN   TCR_EL1_SHOWN
#define CPACR_SHOWN     (CPACR_ZEN | CPACR_FPEN)
#define CPTR_SHOWN      (CPTR_NVHE_TZ | CPTR_NVHE_TFP | CPACR_ZEN | CPACR_FPEN | CPTR_TCPAC)
#define CNTKCTL_SHOWN   (BITS(9, 0) | CNTHCTL_EVNTIS)
#define CNTHCTL_SHOWN   (BITS(14, 0) | CNTHCTL_EVNTIS)
/* TDCC is FEAT_FGT's, HCCD and HLP are FEAT_PMUv3p5's */
#define MDCR_SHOWN \
	(BITS(11, 0) | MDCR_HPMD | MDCR_HCCD | MDCR_HLP | MDCR_TDCC)
#define PMCR_SHOWN      (PMCR_E | PMCR_D | PMCR_X | PMCR_DP | PMCR_LC | PMCR_LP)
#define PMCCFILTR_SHOWN (PMEVTYPER_P | PMEVTYPER_U | PMEVTYPER_NSH)
#define PMEVTYPER_SHOWN (PMCCFILTR_SHOWN | PMEVTYPER_EVENT)
#define PMUSERENR_SHOWN (PMUSERENR_EN | PMUSERENR_SW | PMUSERENR_CR | PMUSERENR_ER)
#define MDSCR_SHOWN     (BIT(0) | BIT(6) | BITS(15, 12) | BITS(23, 21) | BITS(27, 26) | BITS(31, 29))
#define VTCR_SHOWN      (BITS(19, 0) | VTCR_HA | VTCR_HD | VTCR_HWU | VTCR_DS | VTCR_SL2)
#define SPSR_SHOWN                                                                                           \
	(SPSR_M | SPSR_NRW | PSTATE_DAIF | PSTATE_BTYPE | PSTATE_SSBS | PSTATE_IL | PSTATE_SS | PSTATE_PAN | \
	 PSTATE_UAO | PSTATE_DIT | PSTATE_NZCV)
#define DISR_SHOWN      (DISR_A | ESR_SERROR_ISS)
#define CNT_CTL_SHOWN   (CNT_CTL_ENABLE | CNT_CTL_IMASK)
#define HSTR_SHOWN      (BITS(3, 0) | BITS(13, 5) | BIT(15)) /* there is no T4 and no T14 */
#define VMPIDR_SHOWN    (MPIDR_U | MPIDR_MT | MPIDR_AFFINITY)
#define DBGBCR_SHOWN    (BITS(23, 13) | BITS(8, 5) | BITS(2, 0))
#define DBGWCR_SHOWN    (BITS(28, 24) | BITS(20, 0))
#define OSLSR_RESET     (OSLSR_OSLM1 | OSLSR_OSLK)
#define ICC_CTLR_SHOWN  (ICC_CTLR_CBPR | ICC_CTLR_EOIMODE)
/* there is nothing but the system register interface */
#define ICC_SRE_EL1_VALUE (ICC_SRE_SRE | ICC_SRE_DFB | ICC_SRE_DIB)
#define ICC_SRE_EL2_VALUE (ICC_SRE_EL1_VALUE | ICC_SRE_ENABLE)
#define ICH_HCR_SHOWN   (BITS(7, 0) | BITS(12, 10) | ICH_HCR_TDIR | ICH_HCR_EOICOUNT)
#define ICH_VMCR_SHOWN  (BITS(4, 0) | ICH_VMCR_VEOIM | BITS(31, 18))
#define ICH_LR_SHOWN    (BITS(44, 0) | ICH_LR_PRIORITY | BITS(63, 60))
#define HFGRTR_SHOWN    (HFGRTR_POSITIVE & ~(BITS(23, 19) | BITS(31, 30)))
#define HFGWTR_SHOWN    (HFGWTR_POSITIVE & HFGRTR_SHOWN)
#define HFGITR_SHOWN    HFGITR_POSITIVE
#define HDFGRTR_SHOWN   (BITS(7, 0) | BITS(19, 9) | HDFGRTR_PMMIR_EL1 | HDFGRTR_PMUSERENR_EL0 | HDFGRTR_PMCEIDN_EL0)
#define HDFGWTR_SHOWN   (BITS(5, 0) | BITS(8, 7) | BITS(21, 10) | HDFGRTR_PMUSERENR_EL0)

// clang-format on

#endif
