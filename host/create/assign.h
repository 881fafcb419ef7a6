/* Which devices of the machine does a VM get for itself?  Next: assign.c, host/device/assigned.h. */
#ifndef HOST_CREATE_ASSIGN_H
#define HOST_CREATE_ASSIGN_H

#include "host/vm/vm.h"

/*
 * The devices whose paths in fdt are in list (bytes long, one string behind the other) become vm's. What cannot be given
 * stops the machine with a line that begins with name.
 */
void assign_devices(const void *fdt, struct vm *vm, const char *name, const char *list, int bytes);

#endif
