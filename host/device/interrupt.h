/* Whose is an interrupt of a device of the machine?  Next: interrupt.c. */
#ifndef HOST_DEVICE_INTERRUPT_H
#define HOST_DEVICE_INTERRUPT_H

#include <stdbool.h>
#include <stdint.h>

/*
 * INTID of an SPI or LPI that a CPU has acknowledged and whose priority it has dropped, whether a vCPU was on it or not; others are nobody's.
 * False: L0 deactivates it. True: L1 does, or it is an LPI, which is never active.
 */
bool device_interrupt(uint32_t intid);

#endif
