/* What do tests of exits begin with?  ESR_EL2 values, and an L1 that has set nothing but HCR_EL2.  Bits: DDI0487. */
#ifndef TESTS_UNIT_NV_EXITS_H
#define TESTS_UNIT_NV_EXITS_H

#include <string.h>

#include "nv/state.h"
#include "vncr/file.h"

/* HCR_EL2 */
#define VM (1UL << 0)
#define TWI (1UL << 13)
#define TWE (1UL << 14)
#define TID3 (1UL << 18)
#define TSC (1UL << 19)
#define TVM (1UL << 26)
#define TGE (1UL << 27)
#define HCD (1UL << 29)
#define RW (1UL << 31)
#define E2H (1UL << 34)
#define SLOT_OF_HCR 0x078

/* ESR_EL2: EC and IL; EC 0x18 with its ISS, read is the direction */
#define CLASS(ec) ((uint64_t)(ec) << 26 | 1UL << 25)
#define SYS64(op0, op1, crn, crm, op2, read) \
	(CLASS(0x18) | (op0) << 20 | (op2) << 17 | (op1) << 14 | (crn) << 10 | (crm) << 1 | (read))

static struct nv_state l1;

static inline void fresh(uint64_t hcr)
{
	l1 = (struct nv_state){ .has_vhe = true, .has_fgt = true };
	vncr_write(&l1.file.page, SLOT_OF_HCR, hcr | RW);
}

#endif
