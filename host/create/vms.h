/* How are VMs made from what the device tree asked for?  Next: vms.c, host/vm/vm.h. */
#ifndef HOST_CREATE_VMS_H
#define HOST_CREATE_VMS_H

/*
 * Makes the VMs that the device tree of L0 (fdt) asks for, with all vCPUs off: power_on_all is next. Anything wrong is one
 * line on the UART, and the machine is switched off.
 */
void vms_create(const void *fdt);

#endif
