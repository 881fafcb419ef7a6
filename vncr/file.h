/*
 * What does each register of L1 hold?  One file per vCPU: the VNCR page, where a vEL2 keeps the registers that hardware defers, laid out by
 * the architecture, and the registers that have no slot in it.  In nv2 mode hardware reads and writes the page itself; in nv mode the
 * trap handler uses the same slots.  Where a register is, only vncr_get and vncr_set know. One that hardware holds for the world that
 * runs has an older value here: the sub-lists of nv/arch/sysreg_list.h say which.  Next: nv/state.h.
 *
 * Where an L1 with FEAT_NV2 of its own comes in: its VNCR_EL2 names a page of its memory, and while L1's guest is at a vEL2 of its own,
 * L1's HCR_EL2 having NV2 set, hardware has to use that one. Of that page L0 needs the address only, translated and held as RAM of the
 * VM: vncr_base gives it then, and the world switch writes it. L1 reads what is in it as memory; this file stays L1's own.
 */
#ifndef VNCR_FILE_H
#define VNCR_FILE_H

#include <stdint.h>

#include "nv/arch/sysreg.h"

#define VNCR_PAGE_BYTES 4096
#define VNCR_PAGE_WORDS (VNCR_PAGE_BYTES / 8)

struct vncr_page {
	uint64_t slot[VNCR_PAGE_WORDS];
};

/* For hardware the page has to be aligned to its size: whoever has the file of a vCPU that runs sees to it. */
struct vncr_file {
	struct vncr_page page;
	uint64_t reg[SR_COUNT]; /* the registers without a slot, by index of the register list */
};

/* slot is a byte offset, a multiple of 8 below VNCR_PAGE_BYTES: a SLOT_ constant that is not NO_SLOT. */
static inline uint64_t vncr_read(const struct vncr_page *page, uint16_t slot)
{
	return page->slot[slot / 8];
}

static inline void vncr_write(struct vncr_page *page, uint16_t slot, uint64_t value)
{
	page->slot[slot / 8] = value;
}

/* As in sysreg_info, where the compiler cannot see it: of a register that is named there is one load or store in the end. */
static const uint16_t vncr_slot[SR_COUNT] = {
#define X(name, ...) SLOT_##name,
	NO_SLOT, SYSREG_LIST(X)
#undef X
};

/* The value of a register, wherever it is kept. r must not be SR_NONE. */
static inline uint64_t vncr_get(const struct vncr_file *file, enum sysreg r)
{
	return vncr_slot[r] == NO_SLOT ? file->reg[r] : vncr_read(&file->page, vncr_slot[r]);
}

static inline void vncr_set(struct vncr_file *file, enum sysreg r, uint64_t value)
{
	if (vncr_slot[r] == NO_SLOT)
		file->reg[r] = value;
	else
		vncr_write(&file->page, vncr_slot[r], value);
}

/* The nth one of ICH_LR<n>_EL2, ICH_AP0R<n>_EL2 or ICH_AP1R<n>_EL2, whose slots are 8 bytes apart; first is that with number 0. */
static inline uint64_t vncr_get_nth(const struct vncr_file *file, enum sysreg first, unsigned n)
{
	return file->page.slot[vncr_slot[first] / 8 + n];
}

static inline void vncr_set_nth(struct vncr_file *file, enum sysreg first, unsigned n, uint64_t value)
{
	file->page.slot[vncr_slot[first] / 8 + n] = value;
}

/* The page's VNCR_PAGE_WORDS words in order, for who compares all of them. */
static inline const uint64_t *vncr_words(const struct vncr_file *file)
{
	return file->page.slot;
}

/* VNCR_EL2 of hardware: where it finds the page. */
static inline uint64_t vncr_base(const struct vncr_file *file)
{
	return (uint64_t)&file->page;
}

#endif
