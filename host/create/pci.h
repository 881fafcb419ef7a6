/* How does a PCI function of the machine become a VM's?  Binding: docs/device-tree.md.  Next: pci.c, host/device/pci.h. */
#ifndef HOST_CREATE_PCI_H
#define HOST_CREATE_PCI_H

#include <stdint.h>

#include "host/vm/vm.h"

/* The function at devfn (device << 3 | function) of bus 0 of the host bridge at that node. NULL: it is vm's. Else why not. */
const char *pci_assign(const void *fdt, struct vm *vm, int bridge, unsigned devfn);

#endif
