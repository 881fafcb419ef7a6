/*
 * What does firn stat make of a ledger?  The counts of a workload that ran 10 and then 30 times, as an L0 would leave them
 * in memory: stand_in.S with -DLEDGER points here.  One operation is an HVC of L2, two writes of HCR_EL2 and an ERET
 * of vEL2, and one interrupt came in the second stretch.  With BROKEN, one vector entry was not counted.
 */
#include "nv/arch/fields.h"
#include "nv/arch/sysreg.h"
#include "traces/ledger.h"

#ifndef BROKEN
#define BROKEN 0
#endif

/* After n operations and irqs interrupts, with m marks made, each by L2. */
#define COUNTS(n, irqs, m)                                                                           \
	{                                                                                            \
		.entries = 500 + 4 * (n) + (irqs) + (m) + (m == 2 ? BROKEN : 0),                     \
		.ticks = { [LEDGER_VEL2] = 300 * (n),                                                \
			   [LEDGER_L2_EL1] = 50 * (n),                                               \
			   [LEDGER_L0] = 700 * (n) + 40 * (irqs) },                                  \
		.count = { [LEDGER_VEL2] = { [EC_ERET] = (n),                                        \
					     [LEDGER_SYSREG + 2 * SR_HCR_EL2 + 1] = 2 * (n) + 500 }, \
			   [LEDGER_L2_EL1] = {                                                       \
				   [EC_HVC64] = (n), [LEDGER_IRQ] = (irqs), [LEDGER_MARK] = (m) } }, \
	}

extern const struct ledger_vcpu ledger_vcpu;
const struct ledger_vcpu ledger_vcpu = {
	.marks = 3,
	.now = COUNTS(40, 1, 3),
	.mark = { COUNTS(0, 0, 1), COUNTS(10, 0, 2), COUNTS(40, 1, 3) },
};

extern const struct ledger_header ledger_header; /* stand_in.S */
const struct ledger_header ledger_header = {
	.version = LEDGER_VERSION,
	.vcpus = 1,
	.vcpu_bytes = sizeof(struct ledger_vcpu),
	.reasons = LEDGER_SYSREG + 2 * SR_COUNT,
	.untimed = 10,
	.counter_hz = 1000000000,
	.vcpu_pa = { (uint64_t)&ledger_vcpu },
};
