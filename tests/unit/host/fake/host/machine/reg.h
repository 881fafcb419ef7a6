/* Registers of devices on a fake machine are memory: before each access the devices do what is due (tests/unit/host/fake_pci.h). */
#ifndef HOST_MACHINE_REG_H
#define HOST_MACHINE_REG_H

#include <stdint.h>

void fake_devices_work(void);

static inline volatile uint32_t *reg32(volatile uint8_t *base, uint64_t offset)
{
	fake_devices_work();
	return (volatile uint32_t *)(volatile void *)(base + offset);
}

static inline volatile uint64_t *reg64(volatile uint8_t *base, uint64_t offset)
{
	fake_devices_work();
	return (volatile uint64_t *)(volatile void *)(base + offset);
}

#endif
