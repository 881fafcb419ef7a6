/* What is the stage 2 that L0 keeps for an L1?  RAM in the largest blocks that alignment allows, and assigned devices. Next: stage2.c. */
#ifndef HOST_VM_STAGE2_H
#define HOST_VM_STAGE2_H

#include <stdbool.h>
#include <stdint.h>

#include "nv/arch/addr.h"
#include "nv/arch/bits.h"

/* VTCR_EL2 for the tables below: the same for every VM. */
uint64_t stage2_vtcr(void);

/* Bits of L1's IPAs. */
unsigned stage2_ipa_bits(void);

/* Is there room for L1 IPAs below end? */
bool stage2_reaches(uint64_t end);

/*
 * The table of a VM, which L1 is under with one VMID while vEL2 runs and another while its own EL1 does. Its devices that access memory
 * have a root of their own, from which the same tables of RAM and of windows hang; they are under a VMID of the SMMU's.
 */
struct stage2 {
	pa_t root;
	uint64_t vttbr[2]; /* VTTBR_EL2 */
	pa_t device_root;  /* 0: there are no such devices */
	uint16_t device_vmid;
};

/* A new table without entries. False when out of memory. */
bool stage2_create(pa_t *root);

/* Maps size bytes of RAM. All multiples of 4 KiB, and not mapped before. False when out of memory. */
bool stage2_map(pa_t root, l1_ipa_t ipa, pa_t pa, uint64_t size);
/* The registers of a device, at the L1 IPA that is their address. The same holds. */
bool stage2_map_device(pa_t root, pa_t pa, uint64_t size);

/*
 * A window: size bytes from ipa on, multiples of 2 MiB below 1 GiB, in which pages come and go. stage2_window makes its tables, so that
 * nothing after it needs memory. False when out of memory.
 */
bool stage2_window(pa_t root, l1_ipa_t ipa, uint64_t size);

/*
 * Makes device_root: RAM, which is above 1 GiB, and the window as the CPUs have them. Nothing that is in RAM may be forbidden from then
 * on. False when out of memory.
 */
bool stage2_for_devices(struct stage2 *s, l1_ipa_t window, uint64_t size);

/* One page of a device that only devices see, where their messages go: in device_root, before a device uses it. False when out of memory. */
bool stage2_doorbell(const struct stage2 *s, l1_ipa_t doorbell, pa_t pa);

/* Pages of a device in a window: size bytes, multiples of 4 KiB. What is there already stays. And the end of it, in TLBs too. */
void stage2_open(const struct stage2 *s, l1_ipa_t ipa, pa_t pa, uint64_t size);
void stage2_close(const struct stage2 *s, l1_ipa_t ipa, pa_t pa, uint64_t size);

/* Is the page that ipa is in open in the window?  Then it is the machine's at *pa. */
bool stage2_is_open(const struct stage2 *s, l1_ipa_t ipa, pa_t *pa);

/*
 * For page logs (page_log.c has the lock). What a leaf may be without: write permission, and the access flag. Forbidding does
 * not clean TLBs.
 */
#define STAGE2_WRITE BIT(7)
#define STAGE2_ACCESS BIT(10)

/* All leaves that map any of size bytes from ipa on lose, or get, what what says. */
void stage2_forbid(const struct stage2 *s, l1_ipa_t ipa, uint64_t size, uint64_t what);
void stage2_allow_all(const struct stage2 *s, l1_ipa_t ipa, uint64_t size, uint64_t what);

/* The page at ipa gets it, alone if there is memory for the tables that this takes. Returns the size of what got it. */
uint64_t stage2_allow(const struct stage2 *s, l1_ipa_t ipa, uint64_t what);

/* Where tables were made by stage2_allow, blocks are made again. */
void stage2_merge(const struct stage2 *s);

/* TLBs lose what they know of a page, or block, and of everything. */
void stage2_flush(const struct stage2 *s, l1_ipa_t ipa);
void stage2_flush_all(const struct stage2 *s);

#endif
