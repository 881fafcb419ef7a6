/*
 * How are an SMMUv3's registers, stream table entries, commands and events laid out?  Names, offsets and fields as in Arm IHI0070;
 * what firn does not use is left out.  Next: idr.h, stream.h, queue.h.
 */
#ifndef NV_SMMU_REGS_H
#define NV_SMMU_REGS_H

#include "nv/arch/bits.h"

#define SMMU_IDR0 0x00
#define SMMU_IDR1 0x04
#define SMMU_IDR5 0x14
#define SMMU_CR0 0x20
#define SMMU_CR0ACK 0x24
#define SMMU_CR1 0x28
#define SMMU_CR2 0x2c
#define SMMU_GBPA 0x44
#define SMMU_IRQ_CTRL 0x50
#define SMMU_IRQ_CTRLACK 0x54
#define SMMU_GERROR 0x60
#define SMMU_GERRORN 0x64
#define SMMU_GERROR_IRQ_CFG0 0x68 /* a message's address; CFG1 its data, CFG2 its attributes */
#define SMMU_GERROR_IRQ_CFG1 0x70
#define SMMU_GERROR_IRQ_CFG2 0x74
#define SMMU_STRTAB_BASE 0x80
#define SMMU_STRTAB_BASE_CFG 0x88
#define SMMU_CMDQ_BASE 0x90
#define SMMU_CMDQ_PROD 0x98
#define SMMU_CMDQ_CONS 0x9c
#define SMMU_EVENTQ_BASE 0xa0
#define SMMU_EVENTQ_IRQ_CFG0 0xb0
#define SMMU_EVENTQ_IRQ_CFG1 0xb8
#define SMMU_EVENTQ_IRQ_CFG2 0xbc
#define SMMU_EVENTQ_PROD 0x100a8 /* in page 1, as the next one */
#define SMMU_EVENTQ_CONS 0x100ac
#define SMMU_BYTES 0x20000

#define IDR0_S2P BIT(0)
#define IDR0_TTF BITS(3, 2)
#define IDR0_TTF_AARCH64 BIT(3) /* 2: AArch64, 3: AArch32 and AArch64 */
#define IDR0_COHACC BIT(4)
#define IDR0_ATS BIT(10)
#define IDR0_TTENDIAN BITS(22, 21)
#define IDR0_TTENDIAN_BIG 3
#define IDR0_STALL_MODEL BITS(25, 24)
#define IDR0_STALL_MODEL_BOTH 0 /* stalls and terminates, as it is told */
#define IDR0_STALL_MODEL_FORCED 2
#define IDR0_ST_LEVEL BITS(28, 27)
#define IDR1_SIDSIZE BITS(5, 0)
#define IDR1_EVENTQS BITS(20, 16)
#define IDR1_CMDQS BITS(25, 21)
#define IDR1_QUEUES_PRESET BIT(29)
#define IDR1_TABLES_PRESET BIT(30)
#define IDR5_OAS BITS(2, 0)
#define IDR5_GRAN4K BIT(4)

#define CR0_SMMUEN BIT(0)
#define CR0_EVENTQEN BIT(2)
#define CR0_CMDQEN BIT(3)
#define CR0_ATSCHK BIT(4)
/* Write-back and inner shareable: QUEUE_IC, QUEUE_OC, QUEUE_SH, TABLE_IC, TABLE_OC, TABLE_SH. */
#define CR1_CACHED 0xd75U
#define CR2_RECINVSID BIT(1)
#define CR2_PTM BIT(2)
#define GBPA_ABORT BIT(20)
#define GBPA_UPDATE BIT(31)
#define IRQ_CTRL_EVENTQ BIT(2)
#define GERROR_CMDQ_ERR BIT(0)
#define GERROR_EVENTQ_ABT_ERR BIT(2)
#define GERROR_MSI_CMDQ_ABT_ERR BIT(4) /* a message that could not be written, as the next ones */
#define GERROR_MSI_EVENTQ_ABT_ERR BIT(5)
#define GERROR_MSI_GERROR_ABT_ERR BIT(7)

#define BASE_ALLOCATE BIT(62) /* RA, or WA of the event queue */
#define STRTAB_CFG_LOG2SIZE BITS(5, 0)
#define STRTAB_CFG_SPLIT BITS(10, 6)
#define STRTAB_CFG_2LEVEL BIT(16)
#define QUEUE_OVERFLOW BIT(31) /* EVENTQ_PROD.OVFLG, EVENTQ_CONS.OVACKFLG */

/* Level 1 of a stream table in two levels. */
#define STRTAB_L1_SPAN BITS(4, 0)

/* Words 0 to 3 of a stream table entry; the others are 0. */
#define STE_V BIT(0)
#define STE_CONFIG BITS(3, 1)
#define STE_CONFIG_ABORT 0
#define STE_CONFIG_S2 6 /* stage 1 bypasses, stage 2 translates */
#define STE1_SHCFG BITS(45, 44)
#define STE1_SHCFG_INCOMING 1
#define STE2_S2VMID BITS(15, 0)
#define STE2_S2T0SZ BITS(37, 32)
#define STE2_S2SL0 BITS(39, 38)
#define STE2_S2IR0 BITS(41, 40)
#define STE2_S2OR0 BITS(43, 42)
#define STE2_S2SH0 BITS(45, 44)
#define STE2_S2TG BITS(47, 46) /* 0: 4 KiB */
#define STE2_S2PS BITS(50, 48)
#define STE2_S2AA64 BIT(51)
#define STE2_S2PTW BIT(54) /* no table of stage 1 is in a device */
#define STE2_S2R BIT(58)   /* faults are recorded */

#define CMD_OPCODE BITS(7, 0)
#define CMD_CFGI_STE 0x03
#define CMD_CFGI_ALL 0x04
#define CMD_CFGI_CD 0x05
#define CMD_CFGI_CD_ALL 0x06
#define CMD_TLBI_S12_VMALL 0x28
#define CMD_TLBI_NSNH_ALL 0x30
#define CMD_SYNC 0x46
#define CMD_VMID BITS(47, 32)
#define CMD_STREAM BITS(63, 32)
#define CMD_SYNC_CS BITS(13, 12) /* how its end is told */
#define CMD_SYNC_CS_IRQ 1
#define CMD_SYNC_MSIDATA BITS(63, 32)
#define CMD1_MSIADDRESS BITS(51, 2)
#define CMD1_RANGE_ALL 31

#define EVENT_NUMBER BITS(7, 0)
#define EVENT_STREAM BITS(63, 32)
#define EVENT1_RNW BIT(35)
#define EVENT1_S2 BIT(39)

#endif
