/*
 * Is a pointer that vEL2 returns to signed?  What AuthIA and AuthIB of ERETAA and ERETAB find, for a code that hardware has computed:
 * L0 asks it with PACGA, since its own translation regime lays codes out otherwise than vEL2's.  Next: host/run/pauth.c.
 */
#ifndef NV_PAUTH_H
#define NV_PAUTH_H

#include <stdbool.h>
#include <stdint.h>

#include "nv/s1_walk.h"
#include "nv/state.h"

/* What ID_AA64ISAR{1,2}_EL1.{APA,API,APA3} count, as far as an authentication depends on it. */
#define NV_PAUTH_NONE 0
#define NV_PAUTH_2 3
#define NV_PAUTH_FPACCOMBINE 5

/* The value that L1 sees of these fields, of which at most one is not 0. */
unsigned nv_pauth_level(const struct nv_state *l1);

/* Where the code is in a pointer to instructions: bits top to bottom, without bit 55. CalculateBottomPACBit and EffectiveTBI. */
struct nv_pac_layout {
	unsigned top, bottom;
};

struct nv_pac_layout nv_pac_layout(const struct s1_cpu *cpu, const struct s1_regime *regime,
				   uint64_t pointer);

/* The pointer without a code, as it was signed. */
uint64_t nv_pac_original(struct nv_pac_layout layout, uint64_t pointer);

/*
 * Auth of a pointer, with is_combined, for a CPU of that level: pac are bits 63 to 32 of the code of nv_pac_original. Bits below 32, which
 * only a range of less than 4 GiB has, are taken for right. False: an exception of EC_FPAC; else *result is where the instruction goes.
 */
bool nv_pac_authenticate(unsigned level, struct nv_pac_layout layout, uint64_t pointer, uint64_t pac,
			 bool key_b, uint64_t *result);

/* The syndrome of that exception. */
static inline uint64_t nv_pac_fail_esr(bool key_b)
{
	return field_put(ESR_EC, EC_FPAC) | ESR_IL | (key_b ? ESR_FPAC_B : 0);
}

#endif
