/* What do the frames of L1's distributor, redistributors and ITS have in common?  Sizes of accesses, and identification. */
#ifndef NV_GIC_ACCESS_H
#define NV_GIC_ACCESS_H

#include <stdbool.h>
#include <stdint.h>

#include "nv/arch/bits.h"

/* Log2 of an access's bytes. */
enum {
	GIC_BYTE,
	GIC_HALF,
	GIC_WORD,
	GIC_DOUBLE
};

#define GIC_UPPER_HALF UINT64_C(4) /* the bit of an offset that says so */

/* Product 'f', revision 0, of an implementer of the Arm architecture. */
#define GIC_IIDR 0x6600043bU
#define GIC_PIDR2 0xffe8
#define GIC_PIDR2_GICV3 0x3bU

static inline bool gic_aligned(uint64_t offset, unsigned size)
{
	return !(offset & (BIT(size) - 1));
}

/* Is it the 64-bit register at reg, or a half of it? */
static inline bool gic_is_at(uint64_t reg, uint64_t offset, unsigned size)
{
	return (offset & ~GIC_UPPER_HALF) == reg && (size == GIC_WORD || size == GIC_DOUBLE) &&
	       gic_aligned(offset, size);
}

/* A 64-bit register, or the half of it at offset. */
static inline uint64_t gic_half(uint64_t reg, uint64_t offset, unsigned size)
{
	if (size == GIC_DOUBLE)
		return reg;
	return offset & GIC_UPPER_HALF ? reg >> 32 : reg & BITS(31, 0);
}

/* What reg is after that was written. */
static inline uint64_t gic_with_half(uint64_t reg, uint64_t offset, unsigned size, uint64_t value)
{
	if (size == GIC_DOUBLE)
		return value;
	return offset & GIC_UPPER_HALF ? (reg & BITS(31, 0)) | value << 32 :
					 (reg & BITS(63, 32)) | (value & BITS(31, 0));
}

#endif
