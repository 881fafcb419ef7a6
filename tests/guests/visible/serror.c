/*
 * What does a virtual SError of EL2 do to EL1?  HCR_EL2.VSE with the syndrome in VSESR_EL2: taken, or deferred by ESB into
 * VDISR_EL2, which EL1 calls DISR_EL1.  Reads: visible.h.
 */
#include "tests/guests/visible/visible.h"

#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"

static void pend(uint64_t vsesr, uint64_t hcr)
{
	set(VDISR_EL2, 0);
	set(DISR_EL1, 0);
	set(VSESR_EL2, vsesr);
	set(HCR_EL2, visible_hcr() | hcr);
	isb();
}

/* At EL1, with SErrors masked: DISR_EL1 behind an ESB, and behind a write. */
static void show_esb(const char *name)
{
	visible_outcome(name,
			visible_run(visible_code(AT_EL1, INSN_ESB, INSN_MRS(ENC_DISR_EL1, 0)), AT_EL1, 0, 0),
			true);
}

static void show_write(const char *name, uint64_t value)
{
	uint64_t code = visible_code(AT_EL1, INSN_MSR(ENC_DISR_EL1, 0), INSN_MRS(ENC_DISR_EL1, 0));

	visible_outcome(name, visible_run(code, AT_EL1, value, 0), true);
}

/* What is left of it at EL2. */
static void show_rest(void)
{
	visible_value("VSE", get(HCR_EL2) & HCR_VSE);
	visible_value("VDISR_EL2", get(VDISR_EL2));
	visible_value("DISR_EL1", get(DISR_EL1));
}

static void one_syndrome(uint64_t vsesr)
{
	visible_prefix("serror %lx taken", vsesr);
	pend(vsesr, HCR_VSE | HCR_AMO);
	visible_outcome("EL1", visible_try(INSN_ISB, AT_EL1 & ~PSTATE_A, 0, 0), false);
	show_rest();
	pend(vsesr, HCR_VSE | HCR_AMO);
	visible_outcome("EL0", visible_try(INSN_ISB, AT_EL0 & ~PSTATE_A, 0, 0), false);
	show_rest();
	visible_prefix("serror %lx masked", vsesr);
	pend(vsesr, HCR_VSE | HCR_AMO);
	visible_outcome("ISR_EL1", visible_try(INSN_MRS(ENC_ISR_EL1, 0), AT_EL1, 0, 0), true);
	show_rest();
	show_esb("esb");
	show_rest();
	show_esb("again");
	visible_outcome("open", visible_try(INSN_ISB, AT_EL1 & ~PSTATE_A, 0, 0), false);
}

/* Without AMO nothing is pending, and EL1 has the DISR_EL1 that EL2 has. */
static void without_amo(void)
{
	visible_prefix("serror without AMO");
	pend(0x1234, HCR_VSE);
	visible_outcome("open", visible_try(INSN_ISB, AT_EL1 & ~PSTATE_A, 0, 0), false);
	show_rest();
	show_esb("esb");
	show_write("DISR_EL1", 0x5678);
	show_rest();
}

/* With AMO it has its own: what either of them writes is not what the other one reads. */
static void with_amo(void)
{
	visible_prefix("serror with AMO");
	pend(0, HCR_AMO);
	set(DISR_EL1, DISR_A | 0x11);
	show_write("write", 0x22);
	show_rest();
	set(VDISR_EL2, DISR_A | 0x33);
	visible_outcome("read", visible_try(INSN_MRS(ENC_DISR_EL1, 0), AT_EL1, 0, 0), true);
	show_rest();
	show_write("clear", 0);
	show_rest();
}

void topic_serror(void)
{
	one_syndrome(0);
	one_syndrome(0x123456);
	one_syndrome(ESR_SERROR_ISS);
	without_amo();
	with_amo();
	set(VSESR_EL2, 0);
	set(VDISR_EL2, 0);
	set(DISR_EL1, 0);
	visible_reset_controls();
}
