/* How does L0 access a register of a device that is a VM's?  Reads: reach.h.  Next: host/device/pci.c. */
#include "host/core/reach.h"

#include "host/core/features.h"
#include "host/machine/sysreg.h"
#include "host/machine/try.h"
#include "nv/arch/fields.h"

#define WORD_LOG2 2

/* SErrors are masked in L0: ESB defers one that is pending (FEAT_RAS, which every CPU since Armv8.2 has). */
uint64_t reach_error(void)
{
	uint64_t disr;

	dsb_sy();
	if (!cpu_features()->ras)
		return 0;
	esb();
	disr = read_sysreg(DISR_EL1);
	if (!(disr & DISR_A))
		return 0;
	write_sysreg(DISR_EL1, 0);
	return field_put(ESR_EC, EC_SERROR) | ESR_IL | (disr & ESR_SERROR_ISS);
}

/* Of what was stored before. ISR_EL1 shows the physical one at EL2. */
static bool has_error(void)
{
	dsb_sy();
	isb();
	return read_sysreg(ISR_EL1) & ISR_A;
}

static bool load(const volatile void *at, unsigned size_log2, uint64_t *value)
{
	switch (size_log2) {
	case 0:
		return try_load8(at, value);
	case 1:
		return try_load16(at, value);
	case WORD_LOG2:
		return try_load32(at, value);
	default:
		return try_load64(at, value);
	}
}

static bool store(volatile void *at, unsigned size_log2, uint64_t value)
{
	switch (size_log2) {
	case 0:
		return try_store8(at, value);
	case 1:
		return try_store16(at, value);
	case WORD_LOG2:
		return try_store32(at, value);
	default:
		return try_store64(at, value);
	}
}

bool reach_load(const volatile uint8_t *at, unsigned size_log2, uint64_t *value)
{
	bool before = has_error();
	uint64_t found;

	if (!load(at, size_log2, &found) || (!before && reach_error()))
		return false;
	*value = found;
	return true;
}

bool reach_store(volatile uint8_t *at, unsigned size_log2, uint64_t value)
{
	bool before = has_error();

	return store(at, size_log2, value) && (before || !reach_error());
}

uint32_t reach_read32(const volatile uint8_t *base, uint64_t offset)
{
	uint64_t value;

	return reach_load(base + offset, WORD_LOG2, &value) ? (uint32_t)value : ~0U;
}

void reach_write32(volatile uint8_t *base, uint64_t offset, uint32_t value)
{
	(void)reach_store(base + offset, WORD_LOG2, value);
}
