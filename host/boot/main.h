/* Where does the assembly of start.S go on in C?  Next: main.c. */
#ifndef HOST_BOOT_MAIN_H
#define HOST_BOOT_MAIN_H

#include <stdint.h>

/* Physical addresses of the device tree and of the image; level is one of host/machine/layout.h's BOOT_ constants. */
_Noreturn void boot_main(uint64_t fdt_pa, uint64_t pa, uint64_t level);

#endif
