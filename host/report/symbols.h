/* Which function is at an address of L0?  Next: symbols.c. */
#ifndef HOST_REPORT_SYMBOLS_H
#define HOST_REPORT_SYMBOLS_H

#include <stdint.h>

/* Name of the function that address is in, and how far; NULL when the image has no table or none fits. */
const char *symbol_name(uint64_t address, uint64_t *offset);

#endif
