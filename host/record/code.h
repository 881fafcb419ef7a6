/* Which instruction trapped, and where in the machine's memory is L1's code?  Next: code.c. */
#ifndef HOST_RECORD_CODE_H
#define HOST_RECORD_CODE_H

#include <stdint.h>

#include "host/vm/vcpu.h"

/*
 * The instruction at an address of what v ran, while that is still loaded; 0: it has no translation, or it is not in the VM's RAM.
 * The first time that vEL2 traps in a page, it is told where that page and those beside it are (event firn_code).
 */
uint32_t code_at_exit(struct vcpu *v, uint64_t address);

#endif
