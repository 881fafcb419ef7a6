/*
 * What follows when a VM's PCI functions take too much of L0's time, or of other VMs'?  Each kind has a budget for a 200th of a second
 * (nv/budget.h); with what is too much the function waits for the end of that. Who lets it go on then is pci_look.  Next: flood.c, pci.h.
 */
#ifndef HOST_DEVICE_FLOOD_H
#define HOST_DEVICE_FLOOD_H

#include "host/machine/sysreg.h"
#include "host/vm/vcpu.h"

#define FLOOD_DIGITS(n) #n
#define FLOOD_NUMBER(n) FLOOD_DIGITS(n)
#define FLOOD_PERIODS_PER_SECOND 200

/* In ticks of the counter. */
static inline uint64_t flood_period(void)
{
	return read_sysreg(CNTFRQ_EL0) / FLOOD_PERIODS_PER_SECOND;
}

/* pci_look is due on this CPU at that time (clock_now), or before. */
void flood_look_by(struct cpu *cpu, uint64_t at);

/* A line about the VM's function rid, the first time, the 2nd, the 4th and so on. */
__attribute__((cold)) void flood_tell(const struct vm *vm, uint16_t rid, const char *what, uint64_t times);

#endif
