/* What start-up needs beyond rt.h: reading the device tree, once. */
#ifndef GUEST_HYP_RT_MACHINE_H
#define GUEST_HYP_RT_MACHINE_H

/*
 * Fills rt_machine() from the tree at fdt.  Without a valid tree it stays empty, and there is no console to say so.
 */
void machine_init(const void *fdt);

#endif
