/* Does every operand of a TLBI name something that makes sense?  Reads: shadow-s2/inval.h. */
#include "shadow-s2/inval.h"

#include "tests/prove/prove.h"

void prove_inval(void);

void prove_inval(void)
{
	struct s2_geometry g = { .ds = any_bool(), .granule_shift = any_u8(), .block_level = any_u8() };
	uint64_t operand = any_u64(), page = (operand & UINT64_C(0xffffffffff)) << 12;
	enum sysreg op = (enum sysreg)any_u8();
	struct s2_inval what;

	assume(g.granule_shift == 12 || g.granule_shift == 14 || g.granule_shift == 16);
	assume(g.block_level >= (g.granule_shift == 12 ? 0 : 1) && g.block_level <= 2);
	op = any_bool() ? SR_TLBI_RIPAS2E1IS : any_bool() ? SR_TLBI_IPAS2LE1 : op;
	what = s2_inval_decode(&g, op, operand);
	always(what.scope != S2_INVAL_RANGE || (what.size > 0 && what.size <= UINT64_C(1) << 42));
	always(what.scope != S2_INVAL_RANGE || what.ipa.val + (what.size - 1) >= what.ipa.val);
	always(what.scope != S2_INVAL_RANGE || what.ipa.val < UINT64_C(1) << 53);
	always(op != SR_TLBI_IPAS2LE1 ||
	       (what.scope == S2_INVAL_RANGE && page >= what.ipa.val && page - what.ipa.val < what.size));
}
