/*
 * What does an instruction do to L1's devices that the syndrome does not describe?  Words are put where vEL2 executes, and hardware
 * reports their abort with ISV = 0. What each form loads and stores is compared with bare hardware in tests/guests/visible/accesses.c.
 */
#include <string.h>

#include "host/world/fp.h"
#include "tests/unit/host/host_test.h"

#define ESR_OF(class) (field_put(ESR_EC, class) | ESR_IL)
#define ABORT (ESR_OF(EC_DABT_LOW) | 7)
#define UART VM_UART_BASE
#define IBRD (UART + 0x24)
#define FBRD (UART + 0x28)
#define CODE UINT64_C(0x40200000)
#define V_OPEN BITS(21, 20) /* FPEN, where L1 and L0 trap nothing */

static struct vcpu *v;

static void boot(void)
{
	v = fake_l1_with("nv2", HCR_RW | HCR_E2H);
	fake_store(v, IBRD, 2, 0x8283);
	fake_store(v, FBRD, 2, 0x15);
	for (unsigned i = 0; i < 31; i++)
		v->gp.x[i] = 0x1000 + i;
}

/* vEL2 executes the word, which faults at far. */
static void execute(uint32_t word, uint64_t far, uint64_t more_esr)
{
	v->pc = CODE;
	*(uint32_t *)fake_l1(v, CODE) = word;
	set(HPFAR_EL2, field_put(HPFAR_FIPA, far >> 12));
	set(FAR_EL2, far);
	fake_exit(v, EXIT_SYNC, ABORT | more_esr);
}

static void expect_abort(uint64_t fsc, uint64_t far)
{
	EXPECT(v->pc, FAKE_VBAR + 0x200);
	EXPECT(get(ESR_EL12) & ~ESR_WNR, ESR_OF(EC_DABT_CUR) | fsc);
	EXPECT(get(FAR_EL12), far);
}

static void bases(void)
{
	boot();
	set(SP_EL1, IBRD);
	execute(0x28c10be1, IBRD, 0); /* ldp w1, w2, [sp], #8 */
	EXPECT(v->gp.x[1], 0x8283);
	EXPECT(v->gp.x[2], 0x15);
	EXPECT(get(SP_EL1), IBRD + 8);
	EXPECT(v->pc, CODE + 4);
	set(SP_EL0, IBRD - 4);
	v->pstate = SPSR_M_EL1T;
	execute(0xb8404fe1, IBRD, 0); /* ldr w1, [sp, #4]! */
	EXPECT(v->gp.x[1], 0x8283);
	EXPECT(get(SP_EL0), IBRD);
	v->pstate = SPSR_M_EL1H;
	v->gp.x[2] = (IBRD - 4) ^ (UINT64_C(0xaa) << 48); /* with a code */
	execute(0xf8200c41, IBRD - 4, 0);		  /* ldraa x1, [x2, #0]! */
	EXPECT(v->gp.x[1], 0x828300000000);
	EXPECT(v->gp.x[2], IBRD - 4);
}
HOST_TEST(bases, "loads by SP and by signed pointers, with write-back")

/* What is in memory has changed meanwhile: it is executed. */
static void another_instruction(void)
{
	boot();
	execute(0xd503201f, IBRD, 0); /* nop */
	EXPECT(v->pc, CODE);
	v->gp.x[2] = UART;
	execute(0xf9400041, IBRD, 0); /* ldr x1, [x2], which is not at IBRD */
	EXPECT(v->pc, CODE);
	EXPECT(v->gp.x[1], 0x1001);
}
HOST_TEST(another_instruction, "an instruction that cannot have faulted there is executed again")

static void registers_of_v(void)
{
	uint64_t q[2] = { 0 };

	boot();
	v->gp.x[2] = IBRD;
	v->fp.fpen = 0;
	execute(0x4d40c841, IBRD, 0); /* ld1r {v1.4s}, [x2] */
	EXPECT(v->pc, CODE);	      /* hardware does not have them */
	v->fp.fpen = CPACR_FPEN;
	set(CPTR_EL2, V_OPEN);
	set(CPACR_EL12, field_put(CPACR_FPEN, 2));
	execute(0x4d40c841, IBRD, 0);
	EXPECT(v->pc, CODE); /* it would trap */
	set(CPACR_EL12, V_OPEN);
	execute(0x4d40c841, IBRD, 0);
	EXPECT(v->pc, CODE + 4);
	fp_get_v(1, q);
	EXPECT(q[0], 0x828300008283);
	EXPECT(q[1], 0x828300008283);
	v->pstate = SPSR_M_EL0T;
	set(CPACR_EL12, field_put(CPACR_FPEN, 1));
	execute(0x4d40c841, IBRD, 0);
	EXPECT(v->pc, CODE); /* at EL0 it would trap too */
}
HOST_TEST(registers_of_v, "V registers, if hardware has them and the level may use them")

static void no_store(void)
{
	boot();
	v->gp.x[2] = IBRD;
	execute(0x88037c41, IBRD, ESR_WNR); /* stxr w3, w1, [x2] */
	EXPECT(v->gp.x[3], 1);
	EXPECT(v->pc, CODE + 4);
	execute(0xd50b7e22, IBRD, ESR_CM | ESR_WNR); /* dc civac, x2 */
	EXPECT(v->pc, CODE + 4);
	EXPECT(fake_load(v, IBRD, 2), 0x8283);
}
HOST_TEST(no_store, "a store exclusive fails, and cache maintenance is done")

static void zero(void)
{
	boot();
	set(DCZID_EL0, 2); /* 16 bytes */
	fake_store(v, UART + 0x30, 2, 0x301);
	v->gp.x[5] = IBRD + 3;
	execute(0xd50b7425, IBRD, ESR_WNR); /* dc zva, x5 */
	EXPECT(v->pc, CODE + 4);
	EXPECT(fake_load(v, IBRD, 2), 0);
	EXPECT(fake_load(v, FBRD, 2), 0);
	EXPECT(fake_load(v, UART + 0x30, 2), 0x301);
}
HOST_TEST(zero, "DC ZVA of a block")

static void orders(void)
{
	boot();
	set(SCTLR_EL12, SCTLR_EE);
	EXPECT(fake_load(v, IBRD, 2), 0x83820000);
	v->gp.x[2] = IBRD;
	execute(0x29400841, IBRD, 0); /* ldp w1, w2, [x2] */
	EXPECT(v->gp.x[1], 0x83820000);
	EXPECT(v->gp.x[2], 0x15000000);
	fake_store(v, IBRD, 2, 0x34120000);
	set(SCTLR_EL12, 0);
	EXPECT(fake_load(v, IBRD, 2), 0x1234);
}
HOST_TEST(orders, "data of a big-endian level")

static void beyond(void)
{
	boot();
	v->gp.x[2] = UART + 0xffc;
	execute(0x29400841, UART + 0xffc, 0); /* ldp w1, w2, [x2] */
	expect_abort(FSC_EXTERNAL, UART + 0x1000);
}
HOST_TEST(beyond, "beyond the device: an External abort")

static void left_out(void)
{
	boot();
	v->gp.x[2] = IBRD;
	execute(0xa400a041, IBRD, 0); /* ld1b {z1.b}, p0/z, [x2] */
	expect_abort(FSC_EXTERNAL, IBRD);
}
HOST_TEST(left_out, "what is left out: an External abort")

/* Stage 1 is off: Device memory. */
static void unaligned(void)
{
	boot();
	v->gp.x[2] = IBRD + 1;
	execute(0xb9400041, IBRD + 1, 0); /* ldr w1, [x2] */
	expect_abort(FSC_ALIGNMENT, IBRD + 1);
	v->gp.x[2] = 0; /* it is not this instruction, whatever the syndrome says */
	execute(0xb9400041, IBRD + 1, ESR_ISV | field_put(ESR_SAS, 2) | field_put(ESR_SRT, 1));
	EXPECT(v->pc, CODE);
	v->gp.x[2] = IBRD + 1;
	execute(0xb9400041, IBRD + 1, ESR_ISV | field_put(ESR_SAS, 2) | field_put(ESR_SRT, 1));
	expect_abort(FSC_ALIGNMENT, IBRD + 1);
}
HOST_TEST(unaligned, "Device memory has no unaligned accesses")

static void into_memory(void)
{
	boot();
	v->gp.x[2] = VM_RAM_BASE - 8;
	execute(0xa9400841, VM_RAM_BASE - 8, 0); /* ldp x1, x2, [x2] */
	expect_abort(FSC_ALIGNMENT, VM_RAM_BASE);
}
HOST_TEST(into_memory, "an access to a device and to memory is an Alignment fault")
