/*
 * Which features does the machine say that it has?  Reads every AArch64 ID register at EL2, the reserved ones too, and prints one line
 * for each: its CRm, its op2 and its value. tests/qemu/features compares the bare machine with what L1 sees.
 */
#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"

#define SHOW(crm, op2) rt_print("id %u %u %016lx\n", crm, op2, read_sysreg(s3_0_c0_c##crm##_##op2))
#define SHOW_ROW(crm)         \
	do {                  \
		SHOW(crm, 0); \
		SHOW(crm, 1); \
		SHOW(crm, 2); \
		SHOW(crm, 3); \
		SHOW(crm, 4); \
		SHOW(crm, 5); \
		SHOW(crm, 6); \
		SHOW(crm, 7); \
	} while (0)

void guest_main(void)
{
	SHOW_ROW(4);
	SHOW_ROW(5);
	SHOW_ROW(6);
	SHOW_ROW(7);
	rt_print("end\n");
}
