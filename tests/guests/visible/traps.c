/*
 * Which instruction of EL1 and EL0 does each control of EL2 trap, and with which syndrome?  One list of instructions, one
 * list of controls, every pair of them; what traps is printed.  Reads: visible.h.
 */
#include "tests/guests/visible/visible.h"

#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"

enum direction {
	R = 1,
	W = 2,
	RW = 3,
	I = 4 /* an instruction word, not a register */
};

/* x0 is what a write writes: a value that leaves EL1 working. */
struct insn {
	const char *name;
	uint32_t enc; /* SYSREG_ENC, or the word */
	enum direction how;
	uint64_t x0;
	bool el0; /* at EL0 too */
};

// clang-format off
#define EL1(name, how, x0) { #name, ENC_##name, how, x0, false }
#define EL1_EL0(name, how, x0) { #name, ENC_##name, how, x0, true }
#define WORD(name, word, x0) { name, word, I, x0, true }
#define TLBI_OF_EL1(shareability)                                                           \
	EL1(TLBI_VMALLE1##shareability, W, 0), EL1(TLBI_VAE1##shareability, W, 0),          \
	EL1(TLBI_ASIDE1##shareability, W, 0), EL1(TLBI_VAAE1##shareability, W, 0),          \
	EL1(TLBI_VALE1##shareability, W, 0), EL1(TLBI_VAALE1##shareability, W, 0)
// clang-format on
#define BUFFER ((uint64_t)visible_scratch)

/* EL1 lets EL0 have everything. */
#define SCTLR_OPEN                                                                                  \
	(SCTLR_EL1_RES1 | SCTLR_SPAN | SCTLR_UCI | SCTLR_UCT | SCTLR_DZE | SCTLR_UMA | SCTLR_NTWI | \
	 SCTLR_NTWE)
#define CNTKCTL_OPEN (CNTHCTL_EL0PCTEN | CNTHCTL_EL0VCTEN | CNTHCTL_EL0VTEN | CNTHCTL_EL0PTEN)

/* EL1 lets EL0 have everything, so that what is left is EL2's. */
static const struct insn insns[] = {
	EL1_EL0(SCTLR_EL1, RW, SCTLR_OPEN),
	EL1(ACTLR_EL1, RW, 0),
	EL1(CPACR_EL1, RW, CPACR_FPEN),
	EL1(TTBR0_EL1, RW, 0),
	EL1(TTBR1_EL1, RW, 0),
	EL1(TCR_EL1, RW, 0),
	EL1(ESR_EL1, RW, 0),
	EL1(FAR_EL1, RW, 0),
	EL1(AFSR0_EL1, RW, 0),
	EL1(AFSR1_EL1, RW, 0),
	EL1(MAIR_EL1, RW, 0),
	EL1(AMAIR_EL1, RW, 0),
	EL1(CONTEXTIDR_EL1, RW, 0),
	EL1(VBAR_EL1, R, 0),
	EL1(ELR_EL1, RW, 0),
	EL1(SPSR_EL1, RW, 0),
	EL1(PAR_EL1, RW, 0),
	EL1(TPIDR_EL1, RW, 0),
	EL1_EL0(TPIDR_EL0, RW, 0),
	EL1_EL0(TPIDRRO_EL0, RW, 0),
	EL1(ISR_EL1, R, 0),
	EL1(DISR_EL1, RW, 0),
	EL1(ERRIDR_EL1, R, 0),
	EL1(CNTKCTL_EL1, RW, CNTKCTL_OPEN),
	EL1(APIAKEYLO_EL1, RW, 1),
	EL1(APIAKEYHI_EL1, RW, 2),
	EL1(APIBKEYLO_EL1, RW, 3),
	EL1(APIBKEYHI_EL1, RW, 4),
	EL1(APDAKEYLO_EL1, RW, 5),
	EL1(APDAKEYHI_EL1, RW, 6),
	EL1(APDBKEYLO_EL1, RW, 7),
	EL1(APDBKEYHI_EL1, RW, 8),
	EL1(APGAKEYLO_EL1, RW, 9),
	EL1(APGAKEYHI_EL1, RW, 10),
	/* identification */
	EL1_EL0(MIDR_EL1, R, 0),
	EL1(MPIDR_EL1, R, 0),
	EL1(REVIDR_EL1, R, 0),
	EL1(AIDR_EL1, R, 0),
	EL1_EL0(CTR_EL0, R, 0),
	EL1_EL0(DCZID_EL0, R, 0),
	EL1(CCSIDR_EL1, R, 0),
	EL1(CLIDR_EL1, R, 0),
	EL1(CSSELR_EL1, RW, 0),
	EL1(ID_PFR0_EL1, R, 0),
	EL1(MVFR0_EL1, R, 0),
	EL1(ID_AA64PFR0_EL1, R, 0),
	EL1(ID_AA64PFR1_EL1, R, 0),
	EL1(ID_AA64DFR0_EL1, R, 0),
	EL1(ID_AA64ISAR0_EL1, R, 0),
	EL1(ID_AA64MMFR0_EL1, R, 0),
	EL1(ID_AA64MMFR1_EL1, R, 0),
	EL1(ID_AA64MMFR2_EL1, R, 0),
	EL1(ID_RES_3_0_0_4_3, R, 0),
	/* timers */
	EL1_EL0(CNTPCT_EL0, R, 0),
	EL1_EL0(CNTVCT_EL0, R, 0),
	EL1_EL0(CNTFRQ_EL0, R, 0),
	EL1_EL0(CNTP_CTL_EL0, RW, 0),
	EL1_EL0(CNTP_CVAL_EL0, RW, 0),
	EL1_EL0(CNTP_TVAL_EL0, RW, 0),
	EL1_EL0(CNTV_CTL_EL0, RW, 0),
	EL1_EL0(CNTV_CVAL_EL0, RW, 0),
	EL1_EL0(CNTV_TVAL_EL0, RW, 0),
	/* debug */
	EL1(MDSCR_EL1, RW, 0),
	EL1(MDCCINT_EL1, RW, 0),
	EL1(OSLAR_EL1, W, 0),
	EL1(OSLSR_EL1, R, 0),
	EL1(OSDLR_EL1, RW, 0),
	EL1(DBGPRCR_EL1, RW, 0),
	EL1(OSECCR_EL1, RW, 0),
	EL1(DBGBVR0_EL1, RW, 0),
	EL1(DBGBCR0_EL1, RW, 0),
	EL1(DBGWVR1_EL1, RW, 0),
	EL1(DBGWCR1_EL1, RW, 0),
	EL1(DBGCLAIMSET_EL1, RW, 0),
	EL1(DBGCLAIMCLR_EL1, RW, 0),
	EL1(DBGAUTHSTATUS_EL1, R, 0),
	EL1(MDRAR_EL1, R, 0),
	EL1_EL0(MDCCSR_EL0, R, 0),
	EL1(OSDTRRX_EL1, RW, 0),
	EL1(OSDTRTX_EL1, RW, 0),
	/* interrupt controller; 1023 is no interrupt, and an SGI to an empty list goes nowhere */
	EL1(ICC_PMR_EL1, RW, 0xf0),
	EL1(ICC_CTLR_EL1, RW, 0),
	EL1(ICC_RPR_EL1, R, 0),
	EL1(ICC_DIR_EL1, W, 1023),
	EL1(ICC_SGI0R_EL1, W, 0),
	EL1(ICC_SGI1R_EL1, W, 0),
	EL1(ICC_ASGI1R_EL1, W, 0),
	EL1(ICC_IAR0_EL1, R, 0),
	EL1(ICC_EOIR0_EL1, W, 1023),
	EL1(ICC_HPPIR0_EL1, R, 0),
	EL1(ICC_BPR0_EL1, RW, 7),
	EL1(ICC_AP0R0_EL1, RW, 0),
	EL1(ICC_IGRPEN0_EL1, RW, 0),
	EL1(ICC_IAR1_EL1, R, 0),
	EL1(ICC_EOIR1_EL1, W, 1023),
	EL1(ICC_HPPIR1_EL1, R, 0),
	EL1(ICC_BPR1_EL1, RW, 7),
	EL1(ICC_AP1R0_EL1, RW, 0),
	EL1(ICC_IGRPEN1_EL1, RW, 0),
	EL1(ICC_SRE_EL1, RW, 7),
	/* caches, address translation, TLB */
	EL1(IC_IALLUIS, W, 0),
	EL1(IC_IALLU, W, 0),
	EL1_EL0(IC_IVAU, W, BUFFER),
	EL1(DC_IVAC, W, BUFFER),
	EL1(DC_ISW, W, 0),
	EL1(DC_CSW, W, 0),
	EL1(DC_CISW, W, 0),
	EL1_EL0(DC_CVAC, W, BUFFER),
	EL1_EL0(DC_CVAU, W, BUFFER),
	EL1(DC_CVAP, W, BUFFER),
	EL1_EL0(DC_CIVAC, W, BUFFER),
	EL1(AT_S1E1R, W, BUFFER),
	EL1(AT_S1E1W, W, BUFFER),
	EL1(AT_S1E0R, W, BUFFER),
	EL1(AT_S1E0W, W, BUFFER),
	EL1(AT_S1E1RP, W, BUFFER),
	EL1(AT_S1E1WP, W, BUFFER),
	TLBI_OF_EL1(),
	TLBI_OF_EL1(IS),
	TLBI_OF_EL1(OS),
	EL1(TLBI_RVAE1, W, 0),
	EL1(TLBI_RVAAE1, W, 0),
	EL1(TLBI_RVALE1, W, 0),
	EL1(TLBI_RVAALE1, W, 0),
	EL1(TLBI_RVAE1IS, W, 0),
	EL1(TLBI_RVAE1OS, W, 0),
	/* FEAT_XS */
	TLBI_OF_EL1(NXS),
	TLBI_OF_EL1(ISNXS),
	TLBI_OF_EL1(OSNXS),
	EL1(TLBI_RVAE1NXS, W, 0),
	EL1(TLBI_RVALE1ISNXS, W, 0),
	EL1(TLBI_RVAAE1OSNXS, W, 0),
	EL1(TLBI_ALLE1NXS, W, 0),
	WORD("dsb synxs", INSN_DSB_SYNXS, 0),
	/* of EL2, or of nothing: UNDEFINED whatever EL2 says, or by TIDCP */
	EL1(SCTLR_EL2, R, 0),
	EL1(HCR_EL2, W, 0),
	EL1(SP_EL1, R, 0),
	EL1(SCTLR_EL12, R, 0),
	EL1(TLBI_ALLE1, W, 0),
	EL1(AT_S12E1R, W, BUFFER),
	{ "S3_3_C15_C0_0", SYSREG_ENC(3, 3, 15, 0, 0), RW, 0, true },
	{ "S3_0_C11_C0_0", SYSREG_ENC(3, 0, 11, 0, 0), RW, 0, false },
	{ "S1_0_C11_C0_0", SYSREG_ENC(1, 0, 11, 0, 0), W, 0, false },
	{ "S3_0_C2_C7_7", SYSREG_ENC(3, 0, 2, 7, 7), RW, 0, false },
	/* not registers */
	WORD("wfe", INSN_WFE, 0),
	WORD("smc", INSN_SMC(0), 0xc4ff1234),
	WORD("svc", INSN_SVC(7), 0),
	WORD("fmov", INSN_FMOV, 0),
	WORD("brk", INSN_BRK(3), 0),
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* --- the instructions, written once for each level: one word, and what closes the run --- */

#define SLOTS_MAX 512
struct slot {
	uint32_t word, end;
};
static struct slot code_el1[SLOTS_MAX] __attribute__((aligned(4096)));
static struct slot code_el0[SLOTS_MAX] __attribute__((aligned(4096)));

static void write_code(struct slot *code, uint32_t end)
{
	for (size_t i = 0; i < COUNT(insns); i++) {
		uint32_t enc = insns[i].enc;

		code[2 * i] = (struct slot){ insns[i].how == I ? enc : INSN_MRS(enc, 0), end };
		code[2 * i + 1] = (struct slot){ INSN_MSR(enc, 0), end };
	}
	for (size_t i = 0; i < 2 * COUNT(insns); i += 8)
		__asm__ volatile("dc cvau, %0\n\tic ivau, %0" ::"r"(&code[i]) : "memory");
	dsb(ish);
	isb();
}

enum show {
	ALL,
	TRAPS,
	TRAPS_AGAIN, /* and only those that trapped in the last run with TRAPS */
};

/* What trapped then, by the number of the slot; EL1's come first. */
static bool trapped[2][SLOTS_MAX];

/* Runs one slot and shows it. */
static void run_slot(const struct slot *code, size_t slot, uint64_t pstate, uint64_t x0, const char *name,
		     enum show which)
{
	bool *flag = &trapped[code == code_el0][slot];
	const struct outcome *o;

	if (which == TRAPS_AGAIN && !*flag)
		return;
	o = visible_run((uint64_t)&code[slot], pstate, x0, 0);
	if (which == ALL)
		visible_outcome(name, o, false);
	else
		visible_trap(name, o);
	if (which == TRAPS)
		*flag = !visible_done(o);
}

static void run_insn(size_t i, const struct slot *code, uint64_t pstate, enum show which)
{
	static const char *const suffix[] = { ":r", ":w" };
	static char name[64];
	size_t length = strlen(insns[i].name);

	memcpy(name, insns[i].name, length + 1);
	if (insns[i].how == I) {
		run_slot(code, 2 * i, pstate, insns[i].x0, name, which);
		return;
	}
	for (unsigned w = 0; w < 2; w++) {
		if (!(insns[i].how & (w ? W : R)))
			continue;
		memcpy(name + length, suffix[w], 3);
		run_slot(code, 2 * i + w, pstate, insns[i].x0, name, which);
	}
}

static void run_level(uint64_t pstate, enum show which)
{
	bool el0 = pstate == AT_EL0;

	for (size_t i = 0; i < COUNT(insns); i++)
		if (!el0 || insns[i].el0)
			run_insn(i, el0 ? code_el0 : code_el1, pstate, which);
}

static void run_all(enum show which, const char *what, const char *bit)
{
	visible_prefix("%s %s EL1", what, bit);
	run_level(AT_EL1, which);
	visible_prefix("%s %s EL0", what, bit);
	run_level(AT_EL0, which);
}

static void prepare(void)
{
	write_code(code_el1, INSN_HVC(IMM_DONE));
	write_code(code_el0, INSN_SVC(IMM_DONE));
}

static void open_el0(void)
{
	set_el1(SCTLR, SCTLR_OPEN);
	set_el1(CNTKCTL, CNTKCTL_OPEN);
}

/* --- controls --- */

struct control {
	const char *name;
	unsigned enc;
	uint64_t set, clear;
};

#define HCR_BIT(bit)                                       \
	{                                                  \
		"HCR_EL2." #bit, ENC_HCR_EL2, HCR_##bit, 0 \
	}
#define MDCR_BIT(bit)                                         \
	{                                                     \
		"MDCR_EL2." #bit, ENC_MDCR_EL2, MDCR_##bit, 0 \
	}
#define ICH_BIT(bit)                                                   \
	{                                                              \
		"ICH_HCR_EL2." #bit, ENC_ICH_HCR_EL2, ICH_HCR_##bit, 0 \
	}

/* Those that L1's ID registers show; TID0 and HSTR_EL2 are AArch32's. */
// clang-format off
static const struct control coarse[] = {
	HCR_BIT(TWE),
	HCR_BIT(TID1),
	HCR_BIT(TID2),
	HCR_BIT(TID3),
	HCR_BIT(TSC),
	HCR_BIT(TIDCP),
	HCR_BIT(TACR),
	HCR_BIT(TSW),
	HCR_BIT(TPCP),
	HCR_BIT(TPU),
	HCR_BIT(TTLB),
	HCR_BIT(TVM),
	HCR_BIT(TRVM),
	HCR_BIT(TDZ),
	HCR_BIT(IMO),
	HCR_BIT(FMO),
	HCR_BIT(AMO),
	HCR_BIT(FB),
	HCR_BIT(TERR),
	HCR_BIT(TEA),
	HCR_BIT(TID4),
	HCR_BIT(TICAB),
	HCR_BIT(TOCU),
	HCR_BIT(TTLBIS),
	HCR_BIT(TTLBOS),
	MDCR_BIT(TDE),
	MDCR_BIT(TDA),
	MDCR_BIT(TDOSA),
	MDCR_BIT(TDRA),
	ICH_BIT(TC),
	ICH_BIT(TALL0),
	ICH_BIT(TALL1),
	ICH_BIT(TDIR),
	{ "CPTR_EL2.TCPAC", ENC_CPTR_EL2, CPTR_TCPAC, 0 },
	{ "HCR_EL2.APK=0", ENC_HCR_EL2, 0, HCR_APK },
	{ "HCR_EL2.API=0", ENC_HCR_EL2, 0, HCR_API },
};
// clang-format on

static const struct control format_e2h0[] = {
	{ "CNTHCTL_EL2.EL1PCTEN=0", ENC_CNTHCTL_EL2, 0, CNTHCTL_NVHE_EL1PCTEN },
	{ "CNTHCTL_EL2.EL1PCEN=0", ENC_CNTHCTL_EL2, 0, CNTHCTL_NVHE_EL1PCEN },
	{ "CPTR_EL2.TFP", ENC_CPTR_EL2, CPTR_NVHE_TFP, 0 },
};

static const struct control format_e2h1[] = {
	{ "CNTHCTL_EL2.EL1PCTEN=0", ENC_CNTHCTL_EL2, 0, CNTHCTL_EL1PCTEN },
	{ "CNTHCTL_EL2.EL1PTEN=0", ENC_CNTHCTL_EL2, 0, CNTHCTL_EL1PTEN },
	{ "CNTHCTL_EL2.EL0VCTEN=0", ENC_CNTHCTL_EL2, 0, CNTHCTL_EL0VCTEN },
	{ "CPTR_EL2.FPEN=0", ENC_CPTR_EL2, 0, CPACR_FPEN },
	{ "CPTR_EL2.FPEN=1", ENC_CPTR_EL2, 0, BIT(21) },
};

/* The interrupt controls that ICH_HCR_EL2 adds to matter only for a virtual CPU interface, HCR_EL2.{IMO,FMO}. */
static void run_control(const struct control *c, uint64_t more_hcr)
{
	uint64_t before;

	visible_reset_controls();
	open_el0();
	set(HCR_EL2, visible_hcr() | more_hcr);
	before = visible_read(c->enc);
	visible_write(c->enc, (before & ~c->clear) | c->set);
	isb();
	run_all(TRAPS, more_hcr ? "virtual" : "physical", c->name);
	visible_write(c->enc, before);
	visible_reset_controls();
}

/* WFI waits when nothing traps it, so it is run only where something must; a virtual interrupt keeps it from waiting. */
static void wait_for_interrupt(void)
{
	open_el0();
	set(HCR_EL2, visible_hcr() | HCR_TWI | HCR_VI | HCR_IMO);
	isb();
	visible_prefix("HCR_EL2.TWI");
	visible_outcome("wfi EL1", visible_try(INSN_WFI, AT_EL1, 0, 0), false);
	visible_outcome("wfi EL0", visible_try(INSN_WFI, AT_EL0, 0, 0), false);
	visible_reset_controls();
}

/* Rt and the direction are in the syndrome. */
static void syndrome_registers(void)
{
	set(HCR_EL2, visible_hcr() | HCR_TVM | HCR_TRVM | HCR_TID3);
	isb();
	visible_prefix("Rt");
	for (unsigned rt = 0; rt < 32; rt += 5) {
		visible_outcome("read", visible_try(INSN_MRS(ENC_SCTLR_EL1, rt), AT_EL1, 0, 0), false);
		visible_outcome("write", visible_try(INSN_MSR(ENC_TTBR1_EL1, rt), AT_EL1, 0, 0), false);
		visible_outcome("id", visible_try(INSN_MRS(ENC_ID_AA64ISAR1_EL1, rt), AT_EL1, 0, 0), false);
	}
	visible_outcome("xzr", visible_try(INSN_MSR(ENC_TTBR1_EL1, 31), AT_EL1, 0, 0), false);
	visible_reset_controls();
}

void topic_traps(void)
{
	prepare();
	open_el0();
	run_all(ALL, "physical", "nothing asked for");
	set(HCR_EL2, visible_hcr() | HCR_IMO | HCR_FMO);
	set(ICH_HCR_EL2, ICH_HCR_EN);
	isb();
	run_all(ALL, "virtual", "nothing asked for");
	for (size_t i = 0; i < COUNT(coarse); i++)
		run_control(&coarse[i], 0);
	for (size_t i = 0; i < COUNT(coarse); i++)
		if (coarse[i].enc == ENC_ICH_HCR_EL2)
			run_control(&coarse[i], HCR_IMO | HCR_FMO);
	for (size_t i = 0; !visible_vhe() && i < COUNT(format_e2h0); i++)
		run_control(&format_e2h0[i], 0);
	for (size_t i = 0; visible_vhe() && i < COUNT(format_e2h1); i++)
		run_control(&format_e2h1[i], 0);
	wait_for_interrupt();
	syndrome_registers();
}

/* --- fine-grained traps: all bits of a register, then of what traps by them one bit after the other --- */

struct fine {
	const char *name;
	unsigned enc;
	uint64_t bits;
};

/* Without the bits of features that L1 does not see, and of OSDLR_EL1 and the like: all others of FEAT_FGT's first level. */
static const struct fine fine[] = {
	{ "HFGRTR_EL2", ENC_HFGRTR_EL2, ~FINE_HIDDEN },
	{ "HFGWTR_EL2", ENC_HFGWTR_EL2, HFGWTR_POSITIVE & ~FINE_HIDDEN },
	{ "HFGITR_EL2", ENC_HFGITR_EL2, BITS(54, 0) & ~HFGITR_ERET },
	{ "HDFGRTR_EL2", ENC_HDFGRTR_EL2, BITS(11, 0) & ~HDFGWTR_OSLAR_EL1 },
	{ "HDFGWTR_EL2", ENC_HDFGWTR_EL2, BITS(11, 0) & ~(HDFGRTR_DBGAUTHSTATUS | HDFGRTR_OSLSR_EL1) },
};

static void run_bits(const struct fine *f, uint64_t bits, enum show which)
{
	visible_write(f->enc, bits);
	isb();
	visible_prefix("%s %lx EL1", f->name, bits);
	run_level(AT_EL1, which);
	visible_prefix("%s %lx EL0", f->name, bits);
	run_level(AT_EL0, which);
	visible_write(f->enc, 0);
}

/* An ERET that is not trapped goes back to where EL1 says. */
static void fine_eret(void)
{
	uint64_t code = visible_code(AT_EL1, INSN_MSR(ENC_ELR_EL1, 0), INSN_MSR(ENC_SPSR_EL1, 1), INSN_ERET);

	visible_prefix("HFGITR_EL2.ERET");
	visible_outcome("clear", visible_run(code, AT_EL1, code + 12, AT_EL1), false);
	set(HFGITR_EL2, HFGITR_ERET);
	isb();
	code = visible_code(AT_EL1, INSN_MSR(ENC_ELR_EL1, 0), INSN_MSR(ENC_SPSR_EL1, 1), INSN_ERET);
	visible_outcome("set", visible_run(code, AT_EL1, code + 12, AT_EL1), false);
	set(HFGITR_EL2, 0);
}

/* HFGITR_EL2's bits are for the nXS forms, too, unless HCRX_EL2.FGTnXS says that they are not. */
static void fine_nxs(void)
{
	static const uint64_t hcrx[] = { HCRX_FNXS, HCRX_FGTNXS, HCRX_FNXS | HCRX_FGTNXS };

	for (size_t i = 0; i < COUNT(hcrx); i++) {
		set(HCRX_EL2, hcrx[i]);
		visible_prefix("HCRX_EL2");
		visible_value("is", get(HCRX_EL2));
		run_bits(&fine[2], BITS(47, 18), TRAPS);
	}
	set(HCRX_EL2, 0);
}

void topic_fine(void)
{
	visible_value("FGT", visible_fgt());
	if (!visible_fgt()) {
		visible_outcome("HFGRTR_EL2", visible_try(INSN_MRS(ENC_HFGRTR_EL2, 0), AT_EL2, 0, 0), false);
		return;
	}
	prepare();
	open_el0();
	for (size_t i = 0; i < COUNT(fine); i++) {
		run_bits(&fine[i], fine[i].bits, TRAPS);
		for (unsigned n = 0; n < 64; n++)
			if (fine[i].bits & BIT(n))
				run_bits(&fine[i], BIT(n), TRAPS_AGAIN);
	}
	fine_eret();
	if (field_get(ID_AA64ISAR1_XS, get(ID_AA64ISAR1_EL1)))
		fine_nxs();
}
