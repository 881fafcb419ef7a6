/*
 * Which features does L1 see?  One row for each field that is not simply 0.  What is absent here is hidden: a
 * newer CPU shows more than firn knows how to virtualize.  Reads: idreg.h.  Next: forward.c, which trusts
 * that what is hidden is UNDEFINED or RES0 for L1.
 */
#include "nv/idreg.h"

#include "nv/translate.h"

enum policy {
	NO_MORE_ROWS,
	AT_MOST,	/* the smaller one of hardware's value and this */
	AT_MOST_SIGNED, /* the same for a field where 0xf says that there is none of it */
	EXACTLY,
	AT_MOST_VHE,  /* AT_MOST for an L1 with FEAT_VHE, else 0 */
	WITHOUT_E2H0, /* this for an L1 without FEAT_E2H0, else 0 */
	/* The same with a limit that is one less when L1's addresses have 48 bits, see has_52_bits. */
	AT_MOST_52,
	AT_MOST_SIGNED_52,
	EXACTLY_52,
};

struct field {
	uint64_t mask;
	enum policy policy;
	uint8_t limit;
};

#define MAX_FIELDS 16

struct id_register {
	enum sysreg reg;
	struct field fields[MAX_FIELDS];
};

// clang-format off
static const struct id_register registers[] = {
	{ SR_ID_AA64PFR0_EL1, {
		{ ID_AA64PFR0_FIELD_EL0, EXACTLY, 1 }, /* AArch64 only */
		{ ID_AA64PFR0_FIELD_EL1, EXACTLY, 1 },
		{ ID_AA64PFR0_FIELD_EL2, EXACTLY, 1 },
		{ ID_AA64PFR0_FP,        AT_MOST_SIGNED, 1 },
		{ ID_AA64PFR0_ADVSIMD,   AT_MOST_SIGNED, 1 },
		{ ID_AA64PFR0_GIC,       EXACTLY, 1 },
		{ ID_AA64PFR0_RAS,       AT_MOST, 2 }, /* FEAT_RASv1p1, without error records */
		{ ID_AA64PFR0_SVE,       AT_MOST, 1 },
		{ ID_AA64PFR0_DIT,       AT_MOST, 1 },
		{ ID_AA64PFR0_CSV2,      AT_MOST, 1 }, /* no SCXTNUM_ELx */
		{ ID_AA64PFR0_CSV3,      AT_MOST, 1 },
	} },
	{ SR_ID_AA64PFR1_EL1, {
		{ ID_AA64PFR1_BT,   AT_MOST, 1 },
		{ ID_AA64PFR1_SSBS, AT_MOST, 2 },
	} },
	{ SR_ID_AA64ZFR0_EL1, {
		{ ID_AA64ZFR0_SVEVER,  AT_MOST, 1 }, /* SVE2 */
		{ ID_AA64ZFR0_AES,     AT_MOST, 2 },
		{ ID_AA64ZFR0_BITPERM, AT_MOST, 1 },
		{ ID_AA64ZFR0_BF16,    AT_MOST, 2 },
		{ ID_AA64ZFR0_SHA3,    AT_MOST, 1 },
		{ ID_AA64ZFR0_SM4,     AT_MOST, 1 },
		{ ID_AA64ZFR0_I8MM,    AT_MOST, 1 },
		{ ID_AA64ZFR0_F32MM,   AT_MOST, 1 },
		{ ID_AA64ZFR0_F64MM,   AT_MOST, 1 },
	} },
	{ SR_ID_AA64DFR0_EL1, {
		{ ID_AA64DFR0_DEBUGVER,   AT_MOST, 10 }, /* Armv8.8: what came behind Armv8.2 is about external debug */
		{ ID_AA64DFR0_PMUVER,     AT_MOST, 6 }, /* FEAT_PMUv3p5; host/core/features.c has made 0xf, another kind, 0 */
		{ ID_AA64DFR0_BRPS,       AT_MOST, 15 },
		{ ID_AA64DFR0_WRPS,       AT_MOST, 15 },
		{ ID_AA64DFR0_CTX_CMPS,   AT_MOST, 15 },
		{ ID_AA64DFR0_DOUBLELOCK, AT_MOST_SIGNED, 0 },
		{ ID_AA64DFR0_HPMN0,      AT_MOST, 1 },
	} },
	{ SR_ID_AA64ISAR0_EL1, {
		{ ID_AA64ISAR0_AES,    AT_MOST, 2 },
		{ ID_AA64ISAR0_SHA1,   AT_MOST, 1 },
		{ ID_AA64ISAR0_SHA2,   AT_MOST, 2 },
		{ ID_AA64ISAR0_CRC32,  AT_MOST, 1 },
		{ ID_AA64ISAR0_ATOMIC, AT_MOST, 2 },
		{ ID_AA64ISAR0_RDM,    AT_MOST, 1 },
		{ ID_AA64ISAR0_SHA3,   AT_MOST, 1 },
		{ ID_AA64ISAR0_SM3,    AT_MOST, 1 },
		{ ID_AA64ISAR0_SM4,    AT_MOST, 1 },
		{ ID_AA64ISAR0_DP,     AT_MOST, 1 },
		{ ID_AA64ISAR0_FHM,    AT_MOST, 1 },
		{ ID_AA64ISAR0_TS,     AT_MOST, 2 },
		{ ID_AA64ISAR0_TLB,    AT_MOST, 2 },
		{ ID_AA64ISAR0_RNDR,   AT_MOST, 1 },
	} },
	{ SR_ID_AA64ISAR1_EL1, {
		{ ID_AA64ISAR1_DPB,     AT_MOST, 2 },
		{ ID_AA64ISAR1_APA,     AT_MOST, 5 },
		{ ID_AA64ISAR1_API,     AT_MOST, 5 },
		{ ID_AA64ISAR1_JSCVT,   AT_MOST, 1 },
		{ ID_AA64ISAR1_FCMA,    AT_MOST, 1 },
		{ ID_AA64ISAR1_LRCPC,   AT_MOST, 3 },
		{ ID_AA64ISAR1_GPA,     AT_MOST, 1 },
		{ ID_AA64ISAR1_GPI,     AT_MOST, 1 },
		{ ID_AA64ISAR1_FRINTTS, AT_MOST, 1 },
		{ ID_AA64ISAR1_SB,      AT_MOST, 1 },
		{ ID_AA64ISAR1_SPECRES, AT_MOST, 1 },
		{ ID_AA64ISAR1_BF16,    AT_MOST, 2 },
		{ ID_AA64ISAR1_DGH,     AT_MOST, 1 },
		{ ID_AA64ISAR1_I8MM,    AT_MOST, 1 },
		{ ID_AA64ISAR1_XS,      AT_MOST, 1 },
	} },
	{ SR_ID_AA64ISAR2_EL1, {
		{ ID_AA64ISAR2_WFXT,  AT_MOST, 2 },
		{ ID_AA64ISAR2_RPRES, AT_MOST, 1 },
		{ ID_AA64ISAR2_GPA3,  AT_MOST, 1 },
		{ ID_AA64ISAR2_APA3,  AT_MOST, 5 },
		{ ID_AA64ISAR2_MOPS,  AT_MOST, 1 },
		{ ID_AA64ISAR2_BC,    AT_MOST, 1 },
	} },
	{ SR_ID_AA64MMFR0_EL1, {
		{ ID_AA64MMFR0_PARANGE,   AT_MOST_52, 6 },
		{ ID_AA64MMFR0_ASIDBITS,  AT_MOST, 2 },
		{ ID_AA64MMFR0_BIGEND,    AT_MOST, 1 },
		{ ID_AA64MMFR0_BIGENDEL0, AT_MOST, 1 },
		{ ID_AA64MMFR0_TGRAN16,   AT_MOST_52, 2 },
		{ ID_AA64MMFR0_TGRAN64,   AT_MOST_SIGNED, 0 },
		{ ID_AA64MMFR0_TGRAN4,    AT_MOST_SIGNED_52, 1 },
		{ ID_AA64MMFR0_TGRAN16_2, EXACTLY_52, 3 }, /* it is L0 that walks L1's stage 2 */
		{ ID_AA64MMFR0_TGRAN64_2, EXACTLY, 2 },
		{ ID_AA64MMFR0_TGRAN4_2,  EXACTLY_52, 3 },
		{ ID_AA64MMFR0_FGT,       AT_MOST, 1 },
		{ ID_AA64MMFR0_ECV,       AT_MOST, 2 },
	} },
	{ SR_ID_AA64MMFR1_EL1, {
		{ ID_AA64MMFR1_HAFDBS,   AT_MOST, 2 },
		{ ID_AA64MMFR1_VMIDBITS, AT_MOST, 2 },
		{ ID_AA64MMFR1_VH,       AT_MOST_VHE, 1 },
		{ ID_AA64MMFR1_HPDS,     AT_MOST, 2 },
		{ ID_AA64MMFR1_PAN,      AT_MOST, 3 },
		{ ID_AA64MMFR1_XNX,      AT_MOST, 1 },
		{ ID_AA64MMFR1_ETS,      AT_MOST, 3 },
		{ ID_AA64MMFR1_HCX,      AT_MOST, 1 },
		{ ID_AA64MMFR1_AFP,      AT_MOST, 1 },
		{ ID_AA64MMFR1_NTLBPA,   AT_MOST, 1 },
		{ ID_AA64MMFR1_TIDCP1,   AT_MOST, 1 },
		{ ID_AA64MMFR1_CMOW,     AT_MOST, 1 },
	} },
	{ SR_ID_AA64MMFR2_EL1, {
		{ ID_AA64MMFR2_CNP,   AT_MOST, 1 },
		{ ID_AA64MMFR2_UAO,     AT_MOST, 1 },
		{ ID_AA64MMFR2_IESB,    AT_MOST, 1 },
		{ ID_AA64MMFR2_VARANGE, AT_MOST, 1 },
		{ ID_AA64MMFR2_CCIDX,   AT_MOST, 1 },
		{ ID_AA64MMFR2_ST,      AT_MOST, 1 },
		{ ID_AA64MMFR2_AT,      AT_MOST, 1 },
		{ ID_AA64MMFR2_IDS,   AT_MOST, 1 }, /* EC 0x18 is what hardware reports, L1 seeing it or not */
		{ ID_AA64MMFR2_FWB,     AT_MOST, 1 },
		{ ID_AA64MMFR2_TTL,     AT_MOST, 1 },
		{ ID_AA64MMFR2_EVT,     AT_MOST, 2 },
		{ ID_AA64MMFR2_E0PD,    AT_MOST, 1 },
	} },
	{ SR_ID_AA64MMFR3_EL1, {
		{ ID_AA64MMFR3_SPEC_FPACC, AT_MOST, 1 },
	} },
	{ SR_ID_AA64MMFR4_EL1, {
		{ ID_AA64MMFR4_E2H0, WITHOUT_E2H0, 14 }, /* and HCR_EL2.NV1 is RES0 */
	} },
};
// clang-format on

#define REGISTERS (sizeof(registers) / sizeof(registers[0]))

/* The four bits of a signed field, ordered: 0x8 (-8) is 0, 0xf (-1) is 7, 0 is 8. */
#define BIASED(v) ((v) ^ 8)

/*
 * Has ID_AA64MMFR0_EL1 of hardware what L1 needs to have addresses of 52 bits?  The shadow tables have the 4 KiB granule:
 * without FEAT_LPA2 for it at stage 2 they could not map what L1's tables of another granule can.
 */
static bool has_52_bits(uint64_t mmfr0)
{
	uint64_t stage2 = field_get(ID_AA64MMFR0_TGRAN4_2, mmfr0);

	if (field_get(ID_AA64MMFR0_PARANGE, mmfr0) < 6)
		return false;
	return stage2 == 3 || (stage2 == 0 && field_get(ID_AA64MMFR0_TGRAN4, mmfr0) == 1);
}

static uint64_t at_most(uint64_t v, uint64_t limit)
{
	return v < limit ? v : limit;
}

static uint64_t at_most_signed(uint64_t v, uint64_t limit)
{
	return BIASED(v) < BIASED(limit) ? v : limit;
}

static uint64_t field_value(const struct field *f, uint64_t hw, enum nv_e2h_choice e2h)
{
	uint64_t v = field_get(f->mask, hw), limit = f->limit, limit_52 = limit - !has_52_bits(hw);

	switch (f->policy) {
	case AT_MOST:
		return at_most(v, limit);
	case AT_MOST_52:
		return at_most(v, limit_52);
	case AT_MOST_SIGNED:
		return at_most_signed(v, limit);
	case AT_MOST_SIGNED_52:
		return at_most_signed(v, limit_52);
	case EXACTLY:
		return limit;
	case EXACTLY_52:
		return limit_52;
	case AT_MOST_VHE:
		return e2h != NV_E2H_IS_0 && v ? limit : 0;
	case WITHOUT_E2H0:
		return e2h == NV_E2H_IS_1 ? limit : 0;
	case NO_MORE_ROWS:
		break;
	}
	return 0;
}

static uint64_t register_value(const struct field *fields, uint64_t hw, enum nv_e2h_choice e2h)
{
	uint64_t value = 0;

	for (unsigned i = 0; i < MAX_FIELDS && fields[i].policy != NO_MORE_ROWS; i++)
		value |= field_put(fields[i].mask, field_value(&fields[i], hw, e2h));
	return value;
}

uint64_t nv_id_value(enum sysreg r, uint64_t hw, enum nv_e2h_choice e2h)
{
	for (unsigned i = 0; i < REGISTERS; i++)
		if (registers[i].reg == r)
			return register_value(registers[i].fields, hw, e2h);
	return 0;
}

uint64_t nv_id_read(const struct nv_state *l1, enum sysreg r)
{
	if (nv_has_sve(l1))
		return vncr_get(&l1->file, r);
	if (r == SR_ID_AA64PFR0_EL1)
		return vncr_get(&l1->file, r) & ~ID_AA64PFR0_SVE;
	return r == SR_ID_AA64ZFR0_EL1 ? 0 : vncr_get(&l1->file, r);
}
