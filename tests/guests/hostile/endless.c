/*
 * What if L1 never gets out of its own trouble?  These cases do not end; L0 and another VM go on beside them, which
 * ../witness tells.  Reads: hostile.h.
 */
#include "tests/guests/hostile/hostile.h"

#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"

static _Noreturn void not_here(void)
{
	rt_fail("the exception came back");
}

/* VBAR_EL2 where nothing is mapped: each fetch of a vector is an exception, for ever. */
_Noreturn void case_vbar(void)
{
	rt_print("# no more exceptions from here\n");
	write_sysreg(VBAR_EL2, UINT64_C(0x7f00000000));
	isb();
	__asm__ volatile("udf #0");
	not_here();
}

/* A stack pointer that is nowhere: the vectors store to it, for ever. */
_Noreturn void case_stack(void)
{
	rt_print("# no more stack from here\n");
	__asm__ volatile("mov sp, %0\n\tudf #0" ::"r"(UINT64_C(0x7f00000000)) : "memory");
	not_here();
}

/* An illegal return whose exception is answered by another one. */
_Noreturn void case_erets(void)
{
	rt_print("# only illegal returns from here\n");
	for (;;)
		(void)visible_run(visible_code(AT_EL2, INSN_UDF), hostile_random() | SPSR_M_RES0, 0, 0);
}

/* L2's vectors are nowhere, and its hypervisor has disabled HVC: L2 spins in exceptions that are its own. */
_Noreturn void case_el1_vectors(void)
{
	rt_print("# EL1 takes exceptions to nowhere from here\n");
	set_el1(VBAR, 0);
	set(HCR_EL2, visible_hcr());
	isb();
	(void)visible_try(INSN_UDF, AT_EL1, 0, 0);
	not_here();
}

/* Registers of a device, calls that nobody answers, and an end to all translations: each is an exit, and nothing else happens. */
_Noreturn void case_mmio(void)
{
	rt_print("# only accesses to devices from here\n");
	for (;;)
		(void)*(volatile uint32_t *)rt_machine()->gicd;
}

_Noreturn void case_smc(void)
{
	rt_print("# only unknown calls from here\n");
	for (;;)
		(void)rt_psci(0x8400ffff, 0, 0, 0);
}

_Noreturn void case_tlbi(void)
{
	rt_print("# only TLBI from here\n");
	for (;;)
		__asm__ volatile("tlbi vmalls12e1is\n\ttlbi alle1is\n\tdsb ish" ::: "memory");
}

#define PSCI_SYSTEM_RESET 0x84000009
#define PSCI_CPU_OFF 0x84000002
#define PSCI_CPU_ON 0xc4000003

/* Begins again and again: it has its share of the CPU, and no more. */
_Noreturn void case_reset(void)
{
	rt_print("# nothing but resets from here\n");
	(void)rt_psci(PSCI_SYSTEM_RESET, 0, 0, 0);
	not_here();
}

/*
 * Two vCPUs switch each other on and themselves off. X0 at each entry is its own number; without stack or memory, since both begin
 * like that.
 */
extern const char on_and_off[];
__asm__(".text\n\t.balign 4\non_and_off:\n\t"
	"mov	x19, x0\n"
	"1:\tmov	x0, #0x3\n\tmovk	x0, #0xc400, lsl #16\n\t"
	"eor	x1, x19, #1\n\tadr	x2, on_and_off\n\tmov	x3, x1\n\tsmc	#0\n\t"
	"cbnz	x0, 1b\n\t" /* still on */
	"mov	x0, #0x2\n\tmovk	x0, #0x8400, lsl #16\n\tsmc	#0\n\tb	.");

_Noreturn void case_on_off(void)
{
	rt_print("# only CPU_ON and CPU_OFF from here\n");
	(void)rt_psci(PSCI_CPU_ON, 1, (uint64_t)on_and_off, 1);
	(void)rt_psci(PSCI_CPU_OFF, 0, 0, 0);
	not_here();
}
