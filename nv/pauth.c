/* Is a pointer that vEL2 returns to signed?  Reads: pauth.h, s1_walk.h.  Next: host/run/pauth.c. */
#include "nv/pauth.h"

#define POINTER_HALF BIT(55)
#define PACGA_BITS BITS(63, 32)

unsigned nv_pauth_level(const struct nv_state *l1)
{
	uint64_t isar1 = vncr_get(&l1->file, SR_ID_AA64ISAR1_EL1),
		 isar2 = vncr_get(&l1->file, SR_ID_AA64ISAR2_EL1);

	return (unsigned)(field_get(ID_AA64ISAR1_APA, isar1) | field_get(ID_AA64ISAR1_API, isar1) |
			  field_get(ID_AA64ISAR2_APA3, isar2));
}

struct nv_pac_layout nv_pac_layout(const struct s1_cpu *cpu, const struct s1_regime *regime, uint64_t pointer)
{
	bool high = pointer & POINTER_HALF;
	bool ignores = regime->tcr & (high ? TCR_TBI1 : TCR_TBI0),
	     ignores_data_only = regime->tcr & (high ? TCR_TBID1 : TCR_TBID0);

	return (struct nv_pac_layout){ ignores && !ignores_data_only ? 54 : 63,
				       s1_range_bits(cpu, regime, high) };
}

static uint64_t code_bits(struct nv_pac_layout layout)
{
	return BITS(layout.top, layout.bottom) & ~POINTER_HALF;
}

uint64_t nv_pac_original(struct nv_pac_layout layout, uint64_t pointer)
{
	uint64_t bits = code_bits(layout);

	return pointer & POINTER_HALF ? pointer | bits : pointer & ~bits;
}

/* Without FEAT_PAuth2 a wrong code leaves an error code in the two bits below the first that is not the tag's. */
static uint64_t with_error_code(struct nv_pac_layout layout, uint64_t original, bool key_b)
{
	uint64_t mask = layout.top == 54 ? BITS(54, 53) : BITS(62, 61);

	return field_set(mask, original, key_b ? 2 : 1);
}

bool nv_pac_authenticate(unsigned level, struct nv_pac_layout layout, uint64_t pointer, uint64_t pac,
			 bool key_b, uint64_t *result)
{
	uint64_t bits = code_bits(layout), original = nv_pac_original(layout, pointer);
	uint64_t known = bits & PACGA_BITS, unknown = bits & ~PACGA_BITS;
	/* With FEAT_PAuth2 a code is added by EOR to the bits that extend the address, else it takes their place. */
	uint64_t plain = ((pointer ^ pac) & known) | (pointer & ~bits) | (original & unknown);

	if (level < NV_PAUTH_2) {
		*result = (pointer ^ pac) & known ? with_error_code(layout, original, key_b) : original;
		return true;
	}
	*result = plain;
	return level < NV_PAUTH_FPACCOMBINE || plain == original;
}
