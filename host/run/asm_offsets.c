/*
 * Where is each member that assembly uses?  Compiled to assembly text, from which the build takes the lines that begin with
 * #define.  Next: vectors.S, host/boot/start.S.
 */
#include <stddef.h>

#include "host/machine/cpu.h"
#include "host/machine/site.h"
#include "host/report/panic.h"
#include "host/report/pause.h"
#include "host/run/run.h"
#include "host/vm/vcpu.h"

void asm_offsets(void);

#define DEFINE(name, value) __asm__ volatile("\n#define " #name " %c0" : : "i"(value))

_Static_assert(offsetof(struct cpu, run_exit) == offsetof(struct cpu, stack_top) + 8,
	       "vectors.S reads both at once");

void asm_offsets(void)
{
	DEFINE(CPU_STACK_TOP, offsetof(struct cpu, stack_top));
	DEFINE(CPU_EMERGENCY_STACK_TOP, offsetof(struct cpu, emergency_stack_top));
	DEFINE(L0_REGS_SP, offsetof(struct l0_regs, sp));
	DEFINE(L0_REGS_ELR, offsetof(struct l0_regs, elr));
	DEFINE(L0_REGS_SPSR, offsetof(struct l0_regs, spsr));
	DEFINE(L0_REGS_ESR, offsetof(struct l0_regs, esr));
	DEFINE(L0_REGS_FAR, offsetof(struct l0_regs, far));
	DEFINE(L0_REGS_BYTES, (sizeof(struct l0_regs) + 15) & ~15UL);
	DEFINE(VCPU_X0, offsetof(struct vcpu, gp.x[0]));
	DEFINE(VCPU_PC, offsetof(struct vcpu, pc));
	DEFINE(VCPU_LEDGER, offsetof(struct vcpu, ledger.book));
	DEFINE(VCPU_ENTERED_L0, offsetof(struct vcpu, ledger.entered_l0));
	DEFINE(VCPU_LEFT_L0, offsetof(struct vcpu, ledger.left_l0));
	DEFINE(LEDGER_ENTRIES, offsetof(struct ledger_vcpu, now.entries));
	DEFINE(LEDGER_L0_TICKS, offsetof(struct ledger_vcpu, now.ticks[LEDGER_L0]));
	DEFINE(SITE_STUB_IN, SITE_STUB_IN);
	DEFINE(SITE_STUB_OUT, SITE_STUB_OUT);
	DEFINE(PAUSE_ON, offsetof(struct pause, on));
	DEFINE(PAUSE_STOLEN, offsetof(struct pause, stolen));
	DEFINE(PAUSE_APPLIED, offsetof(struct pause, applied));
	DEFINE(PAUSE_NOW, offsetof(struct pause, now));
	DEFINE(PAUSE_CNTP_CVAL, offsetof(struct pause, cntp_cval));
	DEFINE(PAUSE_TICKS, offsetof(struct pause, ticks));
	DEFINE(PAUSE_BEFORE, offsetof(struct pause, before));
	DEFINE(PAUSE_SITE, PAUSE_SITE);
	DEFINE(PAUSE_EXIT, PAUSE_EXIT);
	DEFINE(PAUSE_ENTRY, PAUSE_ENTRY);
	DEFINE(PAUSE_QUIET, PAUSE_QUIET);
	DEFINE(EXIT_SYNC, EXIT_SYNC);
	DEFINE(EXIT_IRQ, EXIT_IRQ);
	DEFINE(EXIT_FIQ, EXIT_FIQ);
	DEFINE(EXIT_SERROR, EXIT_SERROR);
}
