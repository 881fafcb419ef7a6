/*
 * What does an exception leave, that is taken to EL2 from EL2, EL1 and EL0?  The vector, ESR, ELR, SPSR and, where they
 * are defined, FAR and HPFAR.  Reads: visible.h.  Next: returns.c, the way back.
 */
#include "tests/guests/visible/visible.h"

#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"

#define LDR_X1_X0 UINT32_C(0xf9400001)
#define STR_X1_X0 UINT32_C(0xf9000001)
#define UNMAPPED UINT64_C(0x7f12345678)
#define NZCV_SET (BIT(31) | BIT(29))

static void from(const char *name, uint64_t pstate)
{
	visible_prefix("from %s", name);
	visible_outcome("hvc", visible_try(INSN_HVC(0xabcd), pstate, 0, 0), false);
	visible_outcome("svc", visible_try(INSN_SVC(0x1234), pstate, 0, 0), false);
	visible_outcome("brk", visible_try(INSN_BRK(0x55aa), pstate, 0, 0), false);
	visible_outcome("udf", visible_try(INSN_UDF, pstate, 0, 0), false);
	visible_outcome("br odd", visible_try(INSN_BR_X0, pstate, (uint64_t)visible_page + 2, 0), false);
	visible_outcome(
		"hvc with flags",
		visible_try(INSN_HVC(0), pstate | NZCV_SET | PSTATE_PAN | PSTATE_UAO | PSTATE_DIT, 0, 0),
		false);
}

/*
 * An EL2 stage 1 that maps RAM and devices only. QEMU checks neither the alignment of the stack pointer nor addresses of
 * cache maintenance.
 */
static void memory_at_el2(void)
{
	uint64_t sctlr = get(SCTLR_EL2);

	visible_prefix("memory at EL2");
	visible_outcome("load unmapped", visible_try(LDR_X1_X0, AT_EL2, UNMAPPED, 0), false);
	visible_outcome("store unmapped", visible_try(STR_X1_X0, AT_EL2, UNMAPPED, 0), false);
	visible_outcome("branch unmapped", visible_try(INSN_BR_X0, AT_EL2, UNMAPPED & ~UINT64_C(3), 0),
			false);
	visible_outcome("branch to the UART", visible_try(INSN_BR_X0, AT_EL2, rt_machine()->uart, 0), false);
	visible_outcome("load beyond the VA", visible_try(LDR_X1_X0, AT_EL2, BIT(45), 0), false);
	visible_outcome("load misaligned", visible_try(LDR_X1_X0, AT_EL2, (uint64_t)visible_scratch + 1, 0),
			false);
	set(SCTLR_EL2, sctlr | SCTLR_A);
	isb();
	visible_outcome("load misaligned with SCTLR_EL2.A",
			visible_try(LDR_X1_X0, AT_EL2, (uint64_t)visible_scratch + 1, 0), false);
	visible_outcome("load aligned with SCTLR_EL2.A",
			visible_try(LDR_X1_X0, AT_EL2, (uint64_t)visible_scratch, 0), false);
	set(SCTLR_EL2, sctlr);
	isb();
}

static void floating_point(void)
{
	visible_prefix("fp");
	visible_outcome("EL2", visible_try(INSN_FMOV, AT_EL2, 0, 0), false);
	visible_outcome("EL1", visible_try(INSN_FMOV, AT_EL1, 0, 0), false);
	for (uint64_t fpen = 0; fpen < 4; fpen++) {
		visible_prefix("fp trapped by EL2, FPEN %lx", fpen);
		if (visible_vhe())
			set(CPTR_EL2, field_put(CPACR_FPEN, fpen));
		else
			set(CPTR_EL2, CPTR_NVHE_RES1 | (fpen & 1 ? 0 : CPTR_NVHE_TFP));
		isb();
		visible_outcome("EL2", visible_try(INSN_FMOV, AT_EL2, 0, 0), false);
		visible_outcome("EL1", visible_try(INSN_FMOV, AT_EL1, 0, 0), false);
		visible_outcome("EL0", visible_try(INSN_FMOV, AT_EL0, 0, 0), false);
	}
	visible_reset_controls();
	for (uint64_t fpen = 0; fpen < 4; fpen++) {
		visible_prefix("fp trapped by EL1, FPEN %lx", fpen);
		set_el1(CPACR, field_put(CPACR_FPEN, fpen));
		isb();
		visible_outcome("EL2", visible_try(INSN_FMOV, AT_EL2, 0, 0), false);
		visible_outcome("EL1", visible_try(INSN_FMOV, AT_EL1, 0, 0), false);
		visible_outcome("EL0", visible_try(INSN_FMOV, AT_EL0, 0, 0), false);
	}
	visible_reset_controls();
}

/* An unknown function of the firmware below: SMCCC_RET_NOT_SUPPORTED in x0, and execution goes on. */
static void smc(void)
{
	visible_prefix("smc");
	visible_outcome("EL2", visible_try(INSN_SMC(0), AT_EL2, 0xc4ff1234, 0), true);
	visible_outcome("EL1", visible_try(INSN_SMC(0), AT_EL1, 0xc4ff1234, 0), true);
	visible_outcome("EL0", visible_try(INSN_SMC(0), AT_EL0, 0, 0), false);
}

/* HCR_EL2.TGE sends what EL0 takes to EL2. With E2H=1 EL0 is in EL2's own translation regime. */
static void run_tge(const char *name, uint32_t insn, uint64_t x0)
{
	uint64_t code = visible_code(AT_EL0, insn);

	visible_outcome(name, visible_run(visible_vhe() ? VISIBLE_EL0_VA : code, AT_EL0, x0, 0), false);
}

void topic_tge(void)
{
	visible_map_for_el0();
	set(HCR_EL2, visible_hcr() | HCR_TGE);
	isb();
	visible_prefix("tge");
	run_tge("svc", INSN_SVC(0x1234), 0);
	run_tge("udf", INSN_UDF, 0);
	run_tge("brk", INSN_BRK(0x55aa), 0);
	run_tge("hvc", INSN_HVC(1), 0);
	run_tge("load of EL2's page", LDR_X1_X0, (uint64_t)visible_scratch);
	run_tge("load unmapped", LDR_X1_X0, UNMAPPED);
	run_tge("br odd", INSN_BR_X0, 2);
	run_tge("mrs sctlr_el1", INSN_MRS(ENC_SCTLR_EL1, 0), 0);
	run_tge("mrs ctr_el0", INSN_MRS(ENC_CTR_EL0, 0), 0);
	run_tge("mrs cntvct_el0", INSN_MRS(ENC_CNTVCT_EL0, 0), 0);
	run_tge("fmov", INSN_FMOV, 0);
	visible_outcome("return to EL1", visible_try(INSN_HVC(1), AT_EL1, 0, 0), false);
	visible_reset_controls();
}

/* HCR_EL2.{VI,VF,VSE}: EL1 takes them when its PSTATE lets it, and the ISR says so when it does not. */
static void virtual_interrupts(void)
{
	static const struct {
		const char *name;
		uint64_t hcr, mask;
	} kinds[] = {
		{ "VI", HCR_VI | HCR_IMO, PSTATE_I },
		{ "VF", HCR_VF | HCR_FMO, PSTATE_F },
	};

	for (unsigned i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		set(HCR_EL2, visible_hcr() | kinds[i].hcr);
		isb();
		visible_prefix("virtual %s", kinds[i].name);
		visible_outcome("masked", visible_try(INSN_MRS(ENC_ISR_EL1, 0), AT_EL1, 0, 0), true);
		visible_outcome("open", visible_try(INSN_ISB, AT_EL1 & ~kinds[i].mask, 0, 0), false);
		visible_outcome("wfi", visible_try(INSN_WFI, AT_EL1, 0, 0), false);
	}
	visible_reset_controls();
}

/* HCR_EL2.HCD: HVC is UNDEFINED at EL1 and at EL2. EL1's vectors then report by SMC, trapped by TSC. */
static void hvc_disabled(void)
{
	visible_prefix("hcd");
	set_el1(VBAR, (uint64_t)visible_el1_vectors_smc);
	set(HCR_EL2, visible_hcr() | HCR_HCD | HCR_TSC);
	isb();
	visible_outcome("EL1", visible_try(INSN_HVC(1), AT_EL1, 0, 0), false);
	visible_outcome("EL2", visible_try(INSN_HVC(1), AT_EL2, 0, 0), false);
	write_sysreg(HCR_EL2, visible_hcr()); /* visible_write ends with an HVC */
	isb();
	visible_reset_controls();
}

void topic_exceptions(void)
{
	from("EL2h", AT_EL2);
	from("EL2t", AT_EL2T);
	from("EL1h", AT_EL1);
	from("EL1t", AT_EL1T);
	from("EL0", AT_EL0);
	memory_at_el2();
	floating_point();
	smc();
	virtual_interrupts();
	hvc_disabled();
}
