/* How is list register n reached?  Its number is part of the encoding, so a switch picks the instruction. */
#ifndef HOST_CORE_ICH_H
#define HOST_CORE_ICH_H

#include <stdint.h>

/* n < number of list registers implemented (ICH_VTR_EL2.ListRegs + 1); others read as 0 and ignore writes. */
uint64_t ich_read_lr(unsigned n);
void ich_write_lr(unsigned n, uint64_t value);

/* ICH_AP0R<n>_EL2 and ICH_AP1R<n>_EL2, 1 <= n <= 3, where ICH_VTR_EL2.PREbits says that they are there. */
void ich_read_ap(unsigned n, uint64_t *ap0r, uint64_t *ap1r);
void ich_write_ap(unsigned n, uint64_t ap0r, uint64_t ap1r);

#endif
