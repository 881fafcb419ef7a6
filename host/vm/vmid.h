/* Which VMIDs are in use?  Next: vmid.c. */
#ifndef HOST_VM_VMID_H
#define HOST_VM_VMID_H

#include <stdint.h>

/* A VMID that nothing else has; 0 when all are in use. Any CPU. VMID 0 is never given out. */
uint16_t vmid_alloc(void);

/* Gives it back. Its TLB entries have been invalidated by the caller. */
void vmid_free(uint16_t vmid);

#endif
