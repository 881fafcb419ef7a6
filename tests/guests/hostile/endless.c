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
