/* Whose is an interrupt of a device of the machine?  Reads: interrupt.h.  Next: pci_messages.c, assigned.c, pl011.c, host/core/smmu.c. */
#include "host/device/interrupt.h"

#include "host/core/smmu.h"
#include "host/device/assigned.h"
#include "host/device/pci_messages.h"
#include "host/device/pl011.h"
#include "host/machine/uart.h"
#include "nv/arch/intid.h"

bool device_interrupt(uint32_t intid)
{
	if (intid >= INTID_FIRST_LPI) {
		pci_interrupt(intid);
		return true;
	}
	if (intid == uart_intid()) {
		pl011_input();
		return false;
	}
	return !smmu_interrupt(intid) && assigned_interrupt(intid);
}
