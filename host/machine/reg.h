/* How does L0 reach the registers of a device that mmu_map_device has mapped?  By their offset, in one access each. */
#ifndef HOST_MACHINE_REG_H
#define HOST_MACHINE_REG_H

#include <stdint.h>

static inline volatile uint32_t *reg32(volatile uint8_t *base, uint64_t offset)
{
	return (volatile uint32_t *)(volatile void *)(base + offset);
}

static inline volatile uint64_t *reg64(volatile uint8_t *base, uint64_t offset)
{
	return (volatile uint64_t *)(volatile void *)(base + offset);
}

#endif
