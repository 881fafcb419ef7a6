/* Where is what in L0's address space?  For C, assembly and the linker script.  Next: host/core/mmu.c. */
#ifndef HOST_MACHINE_LAYOUT_H
#define HOST_MACHINE_LAYOUT_H

#ifdef __ASSEMBLER__
#define C64(x) x
#else
#define C64(x) x##ULL
#endif

#define MAX_CPUS 8

/* The high half, 48 bits: physical memory and devices (elsewhere in a native test), the image, the stacks. */
#ifndef LINEAR_VA
#define LINEAR_VA C64(0xffff000000000000)
#endif
#define IMAGE_VA C64(0xffff800000000000)
#define STACKS_VA C64(0xffff808000000000)

/* The boot tables map this many 2 MiB blocks of the image. */
#define BOOT_IMAGE_BLOCKS 16

/* MAIR index 0: Device-nGnRE; 1: Normal, write-back. */
#define MAIR_VALUE C64(0xff04)
#define MAIR_DEVICE 0
#define MAIR_NORMAL 1

/* T0SZ = T1SZ = 16, 4 KiB granules, inner shareable, write-back walks; IPS is added. */
#define TCR_VALUE C64(0x00000000b5103510)
/* Block, AF, inner shareable, index MAIR_NORMAL. */
#define BOOT_BLOCK C64(0x705)

/* RES1 bits, SPAN; then M, C, SA, I; then WXN once the real tables are in use. */
#define SCTLR_OFF C64(0x30d00980)
#define SCTLR_BOOT C64(0x30d0198d)
#define SCTLR_RUN C64(0x30d8198d)

/* HCR_EL2.E2H and RW. */
#define HCR_BOOT C64(0x0000000480000000)

/* SCR_EL3.{NS, RES1, RW}: what is below EL3 is Non-secure and AArch64. */
#define SCR_BOOT C64(0x431)

#define BOOT_AT_EL2 0
#define BOOT_AT_EL1 1
#define BOOT_WITHOUT_VHE 2
#define BOOT_AT_EL3 3

#endif
