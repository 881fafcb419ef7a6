/*
 * What is hostile code?  Every system register by its name, written with what hurts most; encodings and words of any kind; debug
 * registers that point at L1; loads and stores to devices; calls; returns and waits.  Reads: victim.h.
 */
#include "tests/guests/victim/victim.h"

#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"
#include "nv/arch/fields.h"
#include "nv/arch/sysreg.h"
#include "tests/guests/visible/visible.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define INSN_NOP UINT32_C(0xd503201f)
#define INSN_ERETAA UINT32_C(0xd69f0bff)
#define LOADS_AND_STORES UINT32_C(0x08000000) /* C4.1: bit 27 set, bit 25 clear */
#define LOADS_AND_STORES_MASK UINT32_C(0x0a000000)
#define RN(n) ((uint32_t)(n) << 5)
#define RN_MASK RN(31)
#define SYSTEM_MASK UINT32_C(0xfff00000)
#define SYSTEM UINT32_C(0xd5000000) /* MSR, SYS and what else there is of them */

/* Registers of L2: any values, then those for debug registers, then addresses. */
#define ANY 16U
#define DEBUG ANY
#define DEBUGS 6U
#define ADDRESS (DEBUG + DEBUGS)
#define ADDRESSES 6U
#define INTO_CODE (ADDRESS + 4)
#define RETURNS 32U /* of all the words */

static const uint16_t known[] = {
#define X(name, ...) ENC_##name,
	SYSREG_LIST(X)
#undef X
};

static const uint16_t debug[] = {
	ENC_MDSCR_EL1,	     ENC_MDSCR_EL1,   ENC_OSLAR_EL1,   ENC_OSDLR_EL1,	ENC_DBGPRCR_EL1,
	ENC_DBGCLAIMSET_EL1, ENC_DBGBVR0_EL1, ENC_DBGBCR0_EL1, ENC_DBGBVR1_EL1, ENC_DBGBCR1_EL1,
	ENC_DBGBVR2_EL1,     ENC_DBGBCR2_EL1, ENC_DBGBVR3_EL1, ENC_DBGBCR3_EL1, ENC_DBGWVR0_EL1,
	ENC_DBGWCR0_EL1,     ENC_DBGWVR1_EL1, ENC_DBGWCR1_EL1,
};

bool words_counted;

/* L2 can no longer fetch even its vectors. Where time is counted in instructions, it stands still then. */
static bool stops_time(uint32_t word)
{
	return (word & ~UINT32_C(0x1f)) == INSN_MSR(ENC_VBAR_EL1, 0) ||
	       (word & ~UINT32_C(0x1f)) == INSN_MSR(ENC_SCTLR_EL1, 0);
}

/* More than 7 in ICC_BPR1_EL1 ends QEMU (docs/firn.md). An HVC that L1 takes for the end would be one. TPIDR_EL1 is a count. */
static uint32_t allowed(uint32_t word)
{
	if (words_counted && stops_time(word))
		return INSN_NOP;
	if ((word & ~UINT32_C(0x1f)) == INSN_MSR(ENC_ICC_BPR1_EL1, 0) ||
	    (word & ~UINT32_C(0x1f)) == INSN_MSR(ENC_TPIDR_EL1, 0) || word == INSN_HVC(IMM_END))
		return INSN_NOP;
	return word;
}

static uint32_t access_to(uint32_t enc, unsigned rt)
{
	return victim_below(3) ? INSN_MSR(enc, rt) : INSN_MRS(enc, rt);
}

/* DAIF, SPSel, PAN, UAO, SSBS, DIT, and hints and barriers. */
static uint32_t pstate_word(void)
{
	static const uint32_t words[] = { 0xd50340df, 0xd50340ff, 0xd50340bf, 0xd500409f,
					  0xd500407f, 0xd503403f, 0xd503405f };
	uint32_t word = words[victim_below(COUNT(words))];

	return victim_below(3) ? word | victim_below(16) << 8 :
				 UINT32_C(0xd503211f) | victim_below(120) << 5; /* HINT #8 and more */
}

static uint32_t call_word(void)
{
	static const uint32_t words[] = { INSN_SVC(0), INSN_HVC(0), INSN_HVC(0), INSN_SMC(0),
					  INSN_SMC(0), INSN_BRK(0), INSN_UDF,	 UINT32_C(0xd4400000) };
	uint32_t word = words[victim_below(COUNT(words))];

	return victim_below(2) || word == INSN_UDF ? word : word | victim_below(0x10000) << 5;
}

static uint32_t wait_word(void)
{
	static const uint32_t words[] = { INSN_WFI, INSN_WFE, INSN_WFE, INSN_ISB, INSN_ESB, 0xd5033f9f };

	/* A wait for the timer takes as long as thousands of the others. */
	return words[victim_below(16) ? 1 + victim_below(COUNT(words) - 1) : 0];
}

static uint32_t load_or_store(void)
{
	uint32_t word = (uint32_t)victim_random();

	if (victim_below(2)) /* of one register, with any size */
		word = (word & UINT32_C(0xc0400000)) | UINT32_C(0x39000000) | victim_below(ANY);
	else
		word = (word & ~(LOADS_AND_STORES_MASK | RN_MASK)) | LOADS_AND_STORES;
	return (word & ~RN_MASK) | RN(ADDRESS + victim_below(ADDRESSES));
}

static uint32_t any_word(void)
{
	switch (victim_below(16)) {
	case 0:
	case 1:
	case 2:
	case 3:
	case 4:
		return access_to(known[victim_below(COUNT(known))], victim_below(ANY));
	case 5:
		return SYSTEM | ((uint32_t)victim_random() & ~SYSTEM_MASK);
	case 6:
	case 7:
	case 8:
		/* QEMU forgets all that it has translated at each of them. */
		if (victim_below(6))
			return pstate_word();
		return INSN_MSR(debug[victim_below(COUNT(debug))], DEBUG + victim_below(DEBUGS));
	case 9:
		return pstate_word();
	case 10:
	case 11:
		/* Each of them at a device is an exit, and all of those are alike. */
		if (victim_below(4) == 0)
			return load_or_store();
		return access_to(known[victim_below(COUNT(known))], victim_below(ANY));
	case 12:
		return call_word();
	case 13:
		return wait_word();
	case 14: /* arithmetic and SIMD: what comes of them are values */
		return ((uint32_t)victim_random() & ~UINT32_C(0x10000000)) | UINT32_C(0x0a000000);
	default: /* no branch: those are returns that go nowhere */
		return (uint32_t)victim_random() & ~UINT32_C(0x10000000);
	}
}

/* To anywhere in the code, with an SPSR_EL1 of any kind or the last exception's. Alone it would go back to where that was, for ever. */
static void put_return(uint32_t *at)
{
	if (at[0] == INSN_HVC(IMM_END) || at[1] == INSN_HVC(IMM_END) || at[2] == INSN_HVC(IMM_END))
		return;
	at[0] = INSN_MSR(ENC_ELR_EL1, INTO_CODE);
	if (victim_below(2))
		at[1] = INSN_MSR(ENC_SPSR_EL1, victim_below(ANY));
	at[2] = victim_below(4) ? INSN_ERET : INSN_ERETAA;
}

/* What QEMU has translated from these pages it forgets for each store to them alone, but for blocks as well: DC ZVA. */
static void forget(uint32_t *code)
{
	size_t block = (size_t)4 << (read_sysreg(DCZID_EL0) & BITS(3, 0));

	for (char *at = (char *)code; at < (char *)(code + CODE_WORDS); at += block)
		__asm__ volatile("dc zva, %0" ::"r"(at) : "memory");
}

void words_fill(uint32_t *code)
{
	forget(code);
	for (unsigned i = 0; i < CODE_WORDS; i++)
		code[i] = (i + 1) % SEQUENCE_MAX ? allowed(any_word()) : INSN_HVC(IMM_END);
	for (unsigned n = 0; n < RETURNS; n++)
		put_return(code + victim_below(CODE_WORDS - 2));
}

/* --- registers --- */

extern const char rt_vectors[];

/* A breakpoint or watchpoint, of L1's addresses as likely as not, for every level and target. */
static uint64_t debug_value(unsigned n)
{
	const uint64_t l1[] = { (uint64_t)victim_enter,
				(uint64_t)checks_after,
				(uint64_t)rt_vectors,
				(uint64_t)victim_random,
				L2_CODE,
				L2_DATA };

	switch (n % 3) {
	case 0: /* MDSCR_EL1.{SS,KDE,MDE}, and more */
		return (victim_random() & (MDSCR_SS | MDSCR_KDE | MDSCR_MDE)) |
		       (victim_below(8) ? 0 : victim_random());
	case 1:
		return (l1[victim_below(COUNT(l1))] + 4 * victim_below(64)) & ~UINT64_C(3);
	default: /* E, PMC, BAS or LSC, HMC, SSC */
		return 1 | (victim_random() & (BITS(2, 1) | BITS(15, 13))) |
		       (victim_below(2) ? UINT64_C(0x1e0) : UINT64_C(0x1ff8));
	}
}

static uint64_t any_value(void)
{
	static const uint64_t psci[] = { 0x84000000, 0x84000001, 0x84000002, 0x84000008,
					 0x84000009, 0xc4000001, 0xc4000003, 0xc4000004 };
	static const uint64_t fixed[] = { 0, ~UINT64_C(0), UINT64_C(0x5555555555555555),
					  UINT64_C(0xaaaaaaaaaaaaaaaa) };

	switch (victim_below(4)) {
	case 0:
		return fixed[victim_below(COUNT(fixed))];
	case 1:
		return BIT(victim_below(64));
	case 2:
		return psci[victim_below(COUNT(psci))];
	default:
		return victim_random();
	}
}

void words_registers(uint64_t *x)
{
	const struct rt_machine *m = rt_machine();
	const uint64_t addresses[] = { m->uart, m->gicd, m->gicr, L2_DATA, L2_CODE, (uint64_t)victim_enter };

	for (unsigned n = 0; n < ANY; n++)
		x[n] = any_value();
	for (unsigned n = 0; n < DEBUGS; n++)
		x[DEBUG + n] = debug_value(n);
	for (unsigned n = 0; n < ADDRESSES; n++)
		x[ADDRESS + n] = addresses[n] + victim_below(4096);
	x[INTO_CODE] = L2_CODE + victim_below(CODE_WORDS) * 4;
}
