/* How is list register n reached?  Its number is part of the encoding, so a switch picks the instruction. */
#ifndef HOST_ICH_H
#define HOST_ICH_H

#include <stdint.h>

/* n < number of list registers implemented (ICH_VTR_EL2.ListRegs + 1); others read as 0 and ignore writes. */
uint64_t ich_read_lr(unsigned n);
void ich_write_lr(unsigned n, uint64_t value);

#endif
