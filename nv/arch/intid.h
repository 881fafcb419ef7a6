/* Which INTIDs are of which kind?  IHI0069, "INTIDs". */
#ifndef NV_ARCH_INTID_H
#define NV_ARCH_INTID_H

#define INTID_FIRST_PPI 16 /* SGIs are those before */
#define INTID_FIRST_SPI 32
#define INTID_FIRST_SPECIAL 1020
#define INTID_SPURIOUS 1023
#define INTID_FIRST_LPI 8192

#endif
