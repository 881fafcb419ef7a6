/*
 * Where does a vEL2 keep the registers that hardware defers?  In a page laid out by the architecture, which
 * hardware reads and writes in nv2 mode and the trap handler in nv mode.  The offsets are the slots of
 * nv/arch/sysreg_list.h. Next: nv/state.h.
 */
#ifndef VNCR_VNCR_H
#define VNCR_VNCR_H

#include <stdint.h>

#define VNCR_PAGE_BYTES 4096

struct vncr_page {
	uint64_t slot[VNCR_PAGE_BYTES / 8];
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

#endif
