/* How are VMs made from what the device tree asked for?  Next: vms.c, vm.h. */
#ifndef HOST_VM_VMS_H
#define HOST_VM_VMS_H

/*
 * Makes the VMs that the device tree of L0 (fdt) asks for, and hands the first vCPU of each to its CPU (which enters it
 * when sched_run or the like looks). Anything wrong is one line on the UART, and the machine is switched off.
 */
void vms_create(const void *fdt);

#endif
