/* What does L2 do that its hypervisor answers at once?  hypercall, device_io, device_notify, idreg, vm_life.  Reads: l2.h, payload.h. */
#include "guest-hyp/l2/payload.h"

void hypercalls(uint64_t n)
{
	uint64_t version;

	while (n--) {
		version = call(L2_PSCI_VERSION, 0);
		if (version >> 16 != 1)
			finish(L2_BAD_VALUE, version);
	}
}

void device_reads(uint64_t first, uint64_t n)
{
	volatile uint32_t *device = reg32(L2_DEVICE);
	uint32_t value;

	for (uint64_t k = first; k < first + n; k++) {
		value = *device;
		if (value != (uint32_t)(L2_DEVICE_VALUE + k))
			finish(L2_BAD_VALUE, value);
	}
}

void device_writes(uint64_t n)
{
	while (n--)
		*reg32(L2_NOTIFY) = 0;
}

void vm_lives(uint64_t n)
{
	while (n--)
		*reg32(L2_LIFE) = 0;
}

void id_reads(uint64_t n)
{
	uint64_t value;

	while (n--) {
		value = read_sysreg(ID_AA64PFR0_EL1);
		if (l2->value && value != l2->value)
			finish(L2_BAD_VALUE, value);
		l2->value = value;
	}
}
