/* What is the stage 2 that L0 keeps for an L1?  RAM in the largest blocks that alignment allows; nothing else. Next: stage2.c. */
#ifndef HOST_VM_STAGE2_H
#define HOST_VM_STAGE2_H

#include <stdbool.h>
#include <stdint.h>

#include "nv/arch/addr.h"

/* VTCR_EL2 for the tables below: the same for every VM. */
uint64_t stage2_vtcr(void);

/* Is there room for L1 IPAs below end? */
bool stage2_reaches(uint64_t end);

/* A new table without entries. False when out of memory. */
bool stage2_create(pa_t *root);

/* Maps size bytes of RAM. All multiples of 4 KiB, and not mapped before. False when out of memory. */
bool stage2_map(pa_t root, l1_ipa_t ipa, pa_t pa, uint64_t size);

#endif
