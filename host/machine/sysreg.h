/*
 * How does C reach EL2's registers, barriers and TLB?  Names are the Arm manual's; with E2H=1 the _EL12 and _EL02 names are
 * the guest's EL1 registers.  Nothing here decides anything.
 */
#ifndef HOST_MACHINE_SYSREG_H
#define HOST_MACHINE_SYSREG_H

#include <stdbool.h>
#include <stdint.h>

#include "host/machine/tlbi_list.h"

/* The assembler is told of a later architecture than the compiler may use instructions of. */
#define SYSREG_ARCH ".arch armv8.7-a+sve\n\t"

#define read_sysreg(name)                                                          \
	({                                                                         \
		uint64_t read_value;                                               \
		__asm__ volatile(SYSREG_ARCH "mrs %0, " #name : "=r"(read_value)); \
		read_value;                                                        \
	})

#define write_sysreg(name, value)                                                                    \
	do {                                                                                         \
		uint64_t write_value = (value);                                                      \
		__asm__ volatile(SYSREG_ARCH "msr " #name ", %x0" : : "rZ"(write_value) : "memory"); \
	} while (0)

#define HOST_INSTRUCTION(name, text)                   \
	static inline void name(void)                  \
	{                                              \
		__asm__ volatile(text : : : "memory"); \
	}
#define HOST_INSTRUCTION_X(name, text)                                                 \
	static inline void name(uint64_t operand)                                      \
	{                                                                              \
		__asm__ volatile(SYSREG_ARCH text ", %0" : : "r"(operand) : "memory"); \
	}

HOST_INSTRUCTION(isb, "isb")
HOST_INSTRUCTION(dsb_ish, "dsb ish")
HOST_INSTRUCTION(ic_ialluis, "ic ialluis")
HOST_INSTRUCTION(dsb_ishst, "dsb ishst")
HOST_INSTRUCTION(dsb_nsh, "dsb nsh")
HOST_INSTRUCTION(dsb_sy, "dsb sy")
HOST_INSTRUCTION(esb, "hint #16")
HOST_INSTRUCTION(wfi, "wfi")
HOST_INSTRUCTION(wfe, "wfe")
HOST_INSTRUCTION(sev, "sev")

/* Stage 1 of the EL1&0 regime with the VMID of VTTBR_EL2, on this CPU, or (is) on all CPUs of the inner shareable domain. */
HOST_INSTRUCTION(tlbi_vmalle1, "tlbi vmalle1")
HOST_INSTRUCTION(tlbi_vmalle1is, "tlbi vmalle1is")
#define X(NAME, name)                                              \
	HOST_INSTRUCTION_X(tlbi_##name, SYSREG_ARCH "tlbi " #name) \
	HOST_INSTRUCTION_X(tlbi_##name##is, SYSREG_ARCH "tlbi " #name "is")
TLBI_STAGE1_LIST(X)
#undef X
/* Both stages of it, and its stage 2 by IPA[51:12] in bits [39:0]. */
HOST_INSTRUCTION(tlbi_vmalls12e1is, "tlbi vmalls12e1is")
HOST_INSTRUCTION_X(tlbi_ipas2e1is, "tlbi ipas2e1is")
/* All of EL1&0, every VMID; and L0's own translations. */
HOST_INSTRUCTION(tlbi_alle1is, "tlbi alle1is")
/* The same on this CPU only. */
HOST_INSTRUCTION(tlbi_alle1, "tlbi alle1")
HOST_INSTRUCTION(tlbi_alle2, "tlbi alle2")

/* Prediction restriction by context: CFP, DVP and CPP RCTX. */
HOST_INSTRUCTION_X(cfp_rctx, "sys #3, c7, c3, #4")
HOST_INSTRUCTION_X(dvp_rctx, "sys #3, c7, c3, #5")
HOST_INSTRUCTION_X(cpp_rctx, "sys #3, c7, c3, #7")

/* Address translation in the EL1&0 regime; the result is in PAR_EL1 after an ISB. */
HOST_INSTRUCTION_X(at_s1e1r, "at s1e1r")
HOST_INSTRUCTION_X(at_s1e1w, "at s1e1w")
HOST_INSTRUCTION_X(at_s1e0r, "at s1e0r")
HOST_INSTRUCTION_X(at_s1e0w, "at s1e0w")
HOST_INSTRUCTION_X(at_s1e1rp, "at s1e1rp")
HOST_INSTRUCTION_X(at_s1e1wp, "at s1e1wp")
HOST_INSTRUCTION_X(at_s12e1r, "at s12e1r")
HOST_INSTRUCTION_X(at_s12e1w, "at s12e1w")
HOST_INSTRUCTION_X(at_s12e0r, "at s12e0r")

/* To the point of coherency, the line that holds address. */
HOST_INSTRUCTION_X(dc_civac, "dc civac")

/* Bits 63 to 32 of the code of pointer with modifier, by APGAKey_EL1. */
static inline uint64_t pacga(uint64_t pointer, uint64_t modifier)
{
	uint64_t code;

	__asm__ volatile(SYSREG_ARCH "pacga %0, %1, %2" : "=r"(code) : "r"(pointer), "r"(modifier));
	return code;
}

static inline void pan_set(bool on)
{
	if (on)
		__asm__ volatile(SYSREG_ARCH "msr pan, #1" : : : "memory");
	else
		__asm__ volatile(SYSREG_ARCH "msr pan, #0" : : : "memory");
}

#endif
