/*
 * How does L0 access a register of a device that is a VM's?  The device may not answer, and the machine may say so by an abort, or by an
 * SError that comes later: neither is L0's fault, nor that of whoever runs.  Next: reach.c, host/machine/try.h.
 */
#ifndef HOST_CORE_REACH_H
#define HOST_CORE_REACH_H

#include <stdbool.h>
#include <stdint.h>

/*
 * An access of 1 << size_log2 bytes, 8 at most, at that address in L0, a multiple of them. It is done when they come back. False: there was
 * no answer, and *value is as before. An SError that was pending before stays pending.
 */
bool reach_load(const volatile uint8_t *at, unsigned size_log2, uint64_t *value);
bool reach_store(volatile uint8_t *at, unsigned size_log2, uint64_t value);

/* The same for 32 bits where PCI says what comes instead: all ones, as from no function, and nothing. */
uint32_t reach_read32(const volatile uint8_t *base, uint64_t offset);
void reach_write32(volatile uint8_t *base, uint64_t offset, uint32_t value);

/*
 * Stores to devices are posted: an error may come long after the instruction. After this one none of this CPU's can come any more, and one
 * that was pending, unnoticed, is not. Gives its syndrome. 0: there was none.
 */
__attribute__((cold)) uint64_t reach_error(void);

#endif
