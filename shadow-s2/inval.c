/* Which translations does a TLBI of L1 name?  Reads: inval.h.  Next: host/shadow/invalidate.c. */
#include "shadow-s2/inval.h"

/* Of the forms by IPA. */
#define TLBI_IPA BITS(39, 0) /* IPA[51:12] */
#define TLBI_TTL BITS(47, 44)
#define TTL_GRANULE BITS(3, 2) /* 1, 2, 3: 4, 16, 64 KiB; 0: no hint */
#define TTL_LEVEL BITS(1, 0)   /* 0: no hint, but with the 4 and 16 KiB granule and FEAT_LPA2 */

/* Of the range forms. */
#define RANGE_BASE BITS(36, 0)
#define RANGE_NUM BITS(43, 39)
#define RANGE_SCALE BITS(45, 44)
#define RANGE_TG BITS(47, 46)
#define RANGE_BASE_DS_SHIFT 16 /* with 52-bit descriptors the base is in units of 64 KiB */

static unsigned granule_of(uint64_t code)
{
	return 10 + 2 * (unsigned)code;
}

bool s2_is_stage2_tlbi(enum sysreg op)
{
	switch (op) {
	case SR_TLBI_ALLE1:
	case SR_TLBI_ALLE1IS:
	case SR_TLBI_ALLE1OS:
	case SR_TLBI_VMALLS12E1:
	case SR_TLBI_VMALLS12E1IS:
	case SR_TLBI_VMALLS12E1OS:
	case SR_TLBI_IPAS2E1:
	case SR_TLBI_IPAS2E1IS:
	case SR_TLBI_IPAS2E1OS:
	case SR_TLBI_IPAS2LE1:
	case SR_TLBI_IPAS2LE1IS:
	case SR_TLBI_IPAS2LE1OS:
	case SR_TLBI_RIPAS2E1:
	case SR_TLBI_RIPAS2E1IS:
	case SR_TLBI_RIPAS2E1OS:
	case SR_TLBI_RIPAS2LE1:
	case SR_TLBI_RIPAS2LE1IS:
	case SR_TLBI_RIPAS2LE1OS:
		return true;
	default:
		return false;
	}
}

#define CRM_IPA 4   /* IPAS2* and RIPAS2*: by op2 */
#define CRM_RANGE 6 /* RVA*, local */
#define CRM_RANGE_IS 2
#define CRM_RANGE_OS 5
#define CRM_PLAIN 7    /* the others, local */
#define IPA_LOCAL 0x66 /* op2 1, 2, 5 and 6 of CRM_IPA; 0, 3, 4 and 7 are OS */

bool s2_tlbi_is_local(enum sysreg op)
{
	uint64_t crm = field_get(SYSREG_ENC_CRM, sysreg_info[op].enc);

	if (crm == CRM_IPA)
		return IPA_LOCAL >> field_get(SYSREG_ENC_OP2, sysreg_info[op].enc) & 1;
	return crm == CRM_RANGE || crm == CRM_PLAIN;
}

enum sysreg s2_tlbi_without_range(enum sysreg op)
{
	switch (field_get(SYSREG_ENC_CRM, sysreg_info[op].enc)) {
	case CRM_RANGE:
		return SR_TLBI_VMALLE1;
	case CRM_RANGE_IS:
	case CRM_RANGE_OS:
		return SR_TLBI_VMALLE1IS;
	default:
		return op;
	}
}

/* A hint that does not fit L1's own granule names no entry of L1's; then the hint is ignored. */
static struct s2_inval by_ipa(const struct s2_geometry *g, uint64_t operand)
{
	uint64_t ttl = field_get(TLBI_TTL, operand), size = UINT64_C(1) << g->granule_shift;
	uint64_t ipa = field_get(TLBI_IPA, operand) << PAGE_SHIFT;
	int level = (int)field_get(TTL_LEVEL, ttl);

	if (field_get(TTL_GRANULE, ttl) && granule_of(field_get(TTL_GRANULE, ttl)) == g->granule_shift &&
	    level && level >= g->block_level)
		size = UINT64_C(1) << s2_level_shift(g, level);
	return (struct s2_inval){ S2_INVAL_RANGE, { ipa & ~(size - 1) }, size };
}

/* Another granule than L1's: the operand names nothing that there could be, and hardware need not do anything. */
static struct s2_inval by_range(const struct s2_geometry *g, uint64_t operand)
{
	uint64_t tg = field_get(RANGE_TG, operand), base = field_get(RANGE_BASE, operand);
	unsigned scale = (unsigned)field_get(RANGE_SCALE, operand);
	uint64_t pages = (field_get(RANGE_NUM, operand) + 1) << (5 * scale + 1);

	if (!tg || granule_of(tg) != g->granule_shift)
		return (struct s2_inval){ .scope = S2_INVAL_NOTHING };
	return (struct s2_inval){ S2_INVAL_RANGE,
				  { base << (g->ds ? RANGE_BASE_DS_SHIFT : g->granule_shift) },
				  pages << g->granule_shift };
}

struct s2_inval s2_inval_decode(const struct s2_geometry *g, enum sysreg op, uint64_t operand)
{
	switch (op) {
	case SR_TLBI_ALLE1:
	case SR_TLBI_ALLE1IS:
	case SR_TLBI_ALLE1OS:
		return (struct s2_inval){ .scope = S2_INVAL_ALL };
	case SR_TLBI_VMALLS12E1:
	case SR_TLBI_VMALLS12E1IS:
	case SR_TLBI_VMALLS12E1OS:
		return (struct s2_inval){ .scope = S2_INVAL_VMID };
	case SR_TLBI_RIPAS2E1:
	case SR_TLBI_RIPAS2E1IS:
	case SR_TLBI_RIPAS2E1OS:
	case SR_TLBI_RIPAS2LE1:
	case SR_TLBI_RIPAS2LE1IS:
	case SR_TLBI_RIPAS2LE1OS:
		return by_range(g, operand);
	default:
		return s2_is_stage2_tlbi(op) ? by_ipa(g, operand) :
					       (struct s2_inval){ .scope = S2_INVAL_STAGE1 };
	}
}
