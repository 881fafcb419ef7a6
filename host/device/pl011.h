/*
 * How does L1's console work?  A PL011 (Arm DDI0183) with a receive FIFO. What VM 0 sends goes to the physical UART as it
 * is and what arrives there is VM 0's input; other VMs' output comes in whole lines with the VM's number.  Next: pl011.c.
 */
#ifndef HOST_DEVICE_PL011_H
#define HOST_DEVICE_PL011_H

#include <stdint.h>

#include "host/vm/vm.h"

/* The lock of u, which its other users take, is set up already; here it is the caller's to take. */
void pl011_reset(struct pl011 *u);

/* A register access by a vCPU of vm: 32 bits wide, or narrower to the low part of a register. */
uint32_t pl011_read(struct vm *vm, uint64_t offset);
void pl011_write(struct vm *vm, uint64_t offset, uint32_t value);

/* The physical UART has interrupted: takes what it received to VM 0, as far as there is room. */
void pl011_input(void);

#endif
