/*
 * How does L0 reach registers in a native test?  By name, in fake.c: this file stands before host/machine/sysreg.h on the include
 * path, and has its names.  Next: tests/unit/host/fake.h.
 */
#ifndef HOST_MACHINE_SYSREG_H
#define HOST_MACHINE_SYSREG_H

#include <stdbool.h>
#include <stdint.h>

#include "host/machine/tlbi_list.h"

uint64_t fake_read(const char *name);
void fake_write(const char *name, uint64_t value);
void fake_instruction(const char *name, uint64_t operand);
void fake_wfi(void);

#define read_sysreg(name) fake_read(#name)
#define write_sysreg(name, value) fake_write(#name, (value))

#define HOST_INSTRUCTION(name)              \
	static inline void name(void)       \
	{                                   \
		fake_instruction(#name, 0); \
	}
#define HOST_INSTRUCTION_X(name)                  \
	static inline void name(uint64_t operand) \
	{                                         \
		fake_instruction(#name, operand); \
	}

HOST_INSTRUCTION(isb)
HOST_INSTRUCTION(dsb_ish)
HOST_INSTRUCTION(ic_ialluis)
HOST_INSTRUCTION(dsb_ishst)
HOST_INSTRUCTION(dsb_nsh)
HOST_INSTRUCTION(dsb_sy)
HOST_INSTRUCTION(esb)
HOST_INSTRUCTION(wfe)
HOST_INSTRUCTION(sev)
HOST_INSTRUCTION(tlbi_vmalle1)
HOST_INSTRUCTION(tlbi_vmalle1is)
#define X(NAME, name)                   \
	HOST_INSTRUCTION_X(tlbi_##name) \
	HOST_INSTRUCTION_X(tlbi_##name##is)
TLBI_STAGE1_LIST(X)
#undef X
HOST_INSTRUCTION(tlbi_vmalls12e1is)
HOST_INSTRUCTION_X(tlbi_ipas2e1is)
HOST_INSTRUCTION(tlbi_alle1is)
HOST_INSTRUCTION(tlbi_alle1)
HOST_INSTRUCTION(tlbi_alle2)
HOST_INSTRUCTION_X(at_s1e1r)
HOST_INSTRUCTION_X(at_s1e1w)
HOST_INSTRUCTION_X(at_s1e0r)
HOST_INSTRUCTION_X(at_s1e0w)
HOST_INSTRUCTION_X(at_s1e1rp)
HOST_INSTRUCTION_X(at_s1e1wp)
HOST_INSTRUCTION_X(at_s12e1r)
HOST_INSTRUCTION_X(at_s12e0r)
HOST_INSTRUCTION_X(at_s12e1w)
HOST_INSTRUCTION_X(dc_civac)
HOST_INSTRUCTION_X(cfp_rctx)
HOST_INSTRUCTION_X(dvp_rctx)
HOST_INSTRUCTION_X(cpp_rctx)

static inline void wfi(void)
{
	fake_wfi();
}

/* Some function of all that it depends on. */
static inline uint64_t pacga(uint64_t pointer, uint64_t modifier)
{
	uint64_t key = fake_read("APGAKEYLO_EL1") + 3 * fake_read("APGAKEYHI_EL1");

	return ((pointer ^ key) * UINT64_C(0x9e3779b97f4a7c15) + modifier * UINT64_C(0xd1342543de82ef95)) &
	       UINT64_C(0xffffffff00000000);
}

static inline void pan_set(bool on)
{
	fake_instruction("pan", on);
}

#endif
