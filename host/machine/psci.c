/* How does L0 ask the firmware below it?  Reads: psci.h. */
#include "host/machine/psci.h"

#include <libfdt.h>
#include <stdbool.h>
#include <string.h>

#include "host/machine/fdt.h"
#include "host/machine/sysreg.h"

#define PSCI_CPU_ON UINT64_C(0xc4000003)
#define PSCI_NOT_SUPPORTED (-1)
#define CURRENT_EL1 4
#define PSCI_SYSTEM_OFF UINT64_C(0x84000008)

/* Who answers. Nobody: an SMC of EL2 would go to an EL3 that does not expect it, and an HVC back to EL2. */
static enum {
	NOBODY,
	BY_SMC,
	BY_HVC,
} conduit;

void psci_init(const void *fdt)
{
	int node = fdt_path_offset(fdt, "/psci");
	const char *method = node < 0 ? NULL : fdt_text(fdt, node, "method");

	if (method && strcmp(method, "smc") == 0)
		conduit = BY_SMC;
	else if (method && strcmp(method, "hvc") == 0 && read_sysreg(CurrentEL) == CURRENT_EL1)
		conduit = BY_HVC;
}

static int64_t call(uint64_t function, uint64_t a, uint64_t b, uint64_t c)
{
	register uint64_t x0 __asm__("x0") = function;
	register uint64_t x1 __asm__("x1") = a;
	register uint64_t x2 __asm__("x2") = b;
	register uint64_t x3 __asm__("x3") = c;

	/* SMCCC: X0 to X17 may change. */
#define CLOBBERED \
	"x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13", "x14", "x15", "x16", "x17", "memory"
	if (conduit == NOBODY)
		return PSCI_NOT_SUPPORTED;
	if (conduit == BY_HVC)
		__asm__ volatile("hvc #0" : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3) : : CLOBBERED);
	else
		__asm__ volatile("smc #0" : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3) : : CLOBBERED);
#undef CLOBBERED
	return (int64_t)x0;
}

int64_t psci_cpu_on(uint64_t mpidr, pa_t entry, uint64_t x0)
{
	return call(PSCI_CPU_ON, mpidr, entry.val, x0);
}

_Noreturn void psci_system_off(void)
{
	call(PSCI_SYSTEM_OFF, 0, 0, 0);
	for (;;)
		wfi();
}
