/* What does L1 find at its devices' addresses?  Loads and stores that L0's stage 2 refuses, as whole exits. */
#include <string.h>

#include "tests/unit/host/host_test.h"

#define ESR_OF(class) (field_put(ESR_EC, class) | ESR_IL)
#define ACCESS (ESR_OF(EC_DABT_LOW) | ESR_ISV | 7)
#define UART VM_UART_BASE

static struct vcpu *v;

static void boot(void)
{
	fake_boot(1, &(struct fake_vm){ .mode = "nv2" }, 1);
	v = fake_entered();
}

static void access(uint64_t ipa, uint64_t esr)
{
	set(HPFAR_EL2, field_put(HPFAR_FIPA, ipa >> 12));
	set(FAR_EL2, ipa);
	fake_exit(v, EXIT_SYNC, ACCESS | esr | field_put(ESR_SRT, 1));
}

static uint64_t load(uint64_t ipa, unsigned size)
{
	return fake_load(v, ipa, size);
}

static void store(uint64_t ipa, unsigned size, uint64_t value)
{
	fake_store(v, ipa, size, value);
}

static void console(void)
{
	boot();
	store(UART, 0, 'h');
	store(UART, 2, 'i');
	EXPECT(strstr(fake_said(), "hi") != NULL, true);
	EXPECT(load(UART + 0x18, 2) & 0x90, 0x90); /* FR: TXFE, RXFE */
	EXPECT(load(UART + 0xfe0, 2), 0x11);	   /* UARTPeriphID0 */
	EXPECT(load(UART + 0xff0, 2), 0x0d);	   /* UARTPCellID0 */
	store(UART + 0x38, 2, 0x10);
	EXPECT(load(UART + 0x38, 2), 0x10);
	EXPECT(v->pc, VM_RAM_BASE + 7 * 4);
}
HOST_TEST(console, "L1's PL011")

static void gic(void)
{
	boot();
	EXPECT(load(VM_GICD_BASE + 4, 2) & 31, 2); /* GICD_TYPER.ITLinesNumber: 64 SPIs */
	store(VM_GICD_BASE, 2, 0x12);
	EXPECT(load(VM_GICD_BASE, 2) & 0x12, 0x12);
	store(VM_GICR_BASE + 0x10100, 2, 0xffff);
	EXPECT(load(VM_GICR_BASE + 0x10100, 2), 0xffff);
	store(VM_GICR_BASE + 0x10180, 2, 0xf);
	EXPECT(load(VM_GICR_BASE + 0x10100, 2), 0xfff0);
	EXPECT(load(VM_GICR_BASE + 8, 3) >> 32, 0);	     /* GICR_TYPER: affinity 0.0.0.0 */
	EXPECT(load(VM_GICD_BASE + 0xffe8, 2) >> 4 & 15, 3); /* GICv3 */
	EXPECT(load(VM_ITS_BASE + 0xffe8, 2) >> 4 & 15, 3);
	store(VM_ITS_BASE, 2, 1);
	EXPECT(load(VM_ITS_BASE, 2) & 1, 1);
}
HOST_TEST(gic, "L1's GIC and ITS")

/* LDRSB and LDRSW sign-extend, W registers zero the upper half, XZR takes nothing. */
static void forms(void)
{
	boot();
	store(UART + 0x24, 2, 0x8081);
	access(UART + 0x24, field_put(ESR_SAS, 1) | ESR_SSE | ESR_SF);
	EXPECT(v->gp.x[1], UINT64_C(0xffffffffffff8081));
	access(UART + 0x24, field_put(ESR_SAS, 1) | ESR_SSE);
	EXPECT(v->gp.x[1], 0xffff8081);
	v->gp.x[30] = 30;
	set(HPFAR_EL2, field_put(HPFAR_FIPA, UART >> 12));
	set(FAR_EL2, UART + 0x24);
	fake_exit(v, EXIT_SYNC, ACCESS | field_put(ESR_SAS, 2) | field_put(ESR_SRT, 31));
	EXPECT(v->gp.x[30], 30);
}
HOST_TEST(forms, "loads extend as the instruction says")

/* Where there is nothing: a synchronous External abort to vEL2. */
static void nothing_there(void)
{
	boot();
	fake_vel2_write(v, SR_VBAR_EL2, FAKE_VBAR);
	access(0x0a000000, field_put(ESR_SAS, 2));
	EXPECT(v->pc, FAKE_VBAR + 0x200);
	EXPECT(get(ESR_EL12) & 63, 0x10);
	EXPECT(field_get(ESR_EC, get(ESR_EL12)), EC_DABT_CUR);
	EXPECT(get(FAR_EL12), 0x0a000000);
}
HOST_TEST(nothing_there, "nothing answers: an External abort")

/* The terminal obeys VM 0 alone. */
static void escape_sequences(void)
{
	const struct fake_vm vms[] = { { .mode = "nv2" }, { .mode = "nv2" } };
	const char *text = "a\033[2Jb\tc\n";
	const char *seen;

	fake_boot(1, vms, 2);
	v = fake_entered();
	if (v->vm->index == 0)
		v = fake_exit(v, EXIT_SYNC, ESR_OF(EC_WFX) | ESR_CV | ESR_COND);
	EXPECT(v->vm->index, 1);
	for (const char *c = text; *c; c++)
		store(UART, 0, (uint8_t)*c);
	seen = strstr(fake_said(), "vm1| ");
	EXPECT(seen && strncmp(seen, "vm1| a?[2Jb\tc", 13) == 0, true);
	EXPECT(strchr(fake_said(), '\033') == NULL, true);
}
HOST_TEST(escape_sequences, "another VM's console sends text only")
