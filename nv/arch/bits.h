/*
 * How is a register field spelled?  One in-place mask named REGISTER_FIELD; shift and width are derived from it.
 * Next: fields.h, the fields themselves.
 */
#ifndef NV_ARCH_BITS_H
#define NV_ARCH_BITS_H

#include <stdint.h>

#define BIT(n) (UINT64_C(1) << (n))

/* Bits hi down to lo, both included, as the Arm manual writes [hi:lo]. */
#define BITS(hi, lo) ((~UINT64_C(0) >> (63 - (hi))) & (~UINT64_C(0) << (lo)))

/* The lowest set bit of a mask, which is what a field's value is scaled by. */
#define FIELD_LSB(mask) ((mask) & (~(mask) + 1))

#define field_get(mask, value) (((value) & (mask)) / FIELD_LSB(mask))
#define field_put(mask, value) (((uint64_t)(value)*FIELD_LSB(mask)) & (mask))
#define field_set(mask, reg, value) (((reg) & ~(mask)) | field_put(mask, value))

#endif
