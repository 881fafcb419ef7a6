/*
 * What does L0 run on in a native test?  Reads: fake.h.  Next: test_exit.c.
 *
 * Memory is one file in two places, as the machine's is for L0: low, where boot finds the device tree, and at LINEAR_VA.
 */
#define _GNU_SOURCE
#include "tests/unit/host/fake.h"

#include <libfdt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "host/boot/cpus.h"
#include "host/boot/main.h"
#include "host/core/mmu.h"
#include "host/machine/fdt.h"
#include "host/machine/psci.h"
#include "host/machine/uart.h"
#include "host/record/trace.h"
#include "host/report/panic.h"
#include "host/report/pause.h"
#include "host/run/run.h"
#include "host/world/fp.h"
#include "nv/arch/firn_abi.h"
#include "nv/arch/intid.h"
#include "traces/events.h"
#include "traces/ring.h"

#define FDT_PA (FAKE_RAM_PA + (UINT64_C(1) << 20))
#define IMAGE_PA (FAKE_RAM_PA + (UINT64_C(2) << 20))
#define FDT_BYTES 0x10000
#define GICD_PA UINT64_C(0x08000000)
#define GICR_PA UINT64_C(0x080a0000)
#define GICR_BYTES UINT64_C(0x20000)
#define UART_PA UINT64_C(0x09000000)
#define DEVICES_PA GICD_PA
#define DEVICES_BYTES UINT64_C(0x04000000) /* with what fake_pci.c has */
#define INTID_NONE 1023

static _Noreturn void fail(const char *what)
{
	fprintf(stderr, "fake machine: %s\n", what);
	abort();
}

/* --- registers: a table of names, a bank of values for each CPU --- */

#define NAMES 1024

static const char *names[NAMES];
static uint64_t bank[MAX_CPUS][NAMES];
static unsigned selected;
static uint64_t counter;

static unsigned index_of(const char *name)
{
	unsigned i = 0;

	for (const char *c = name; *c; c++)
		i = i * 31 + (unsigned char)*c;
	for (i %= NAMES; names[i] && strcmp(names[i], name) != 0; i = (i + 1) % NAMES)
		;
	names[i] = name;
	return i;
}

void fake_select(unsigned cpu)
{
	selected = cpu;
}

uint64_t fake_get(const char *name)
{
	return bank[selected][index_of(name)];
}

void fake_set(const char *name, uint64_t value)
{
	bank[selected][index_of(name)] = value;
}

void fake_pass(uint64_t ticks)
{
	counter += ticks;
}

uint64_t fake_now(void)
{
	return counter;
}

/* --- physical interrupts --- */

static uint64_t pending[MAX_CPUS], active[MAX_CPUS]; /* INTIDs 0 to 63: one bit each */
static uint32_t lpi[MAX_CPUS];			     /* the one that is pending, or 0 */

void fake_interrupt(uint32_t intid)
{
	if (intid >= INTID_FIRST_LPI)
		lpi[selected] = intid;
	else
		pending[selected] |= UINT64_C(1) << intid;
}

bool fake_is_active(uint32_t intid)
{
	return active[selected] >> intid & 1;
}

static uint64_t acknowledge(void)
{
	uint64_t ready = pending[selected] & ~active[selected], intid;

	if (!ready && lpi[selected]) {
		intid = lpi[selected];
		lpi[selected] = 0;
		return intid;
	}
	if (!ready)
		return INTID_NONE;
	intid = (uint64_t)__builtin_ctzll(ready);
	pending[selected] &= ~(UINT64_C(1) << intid);
	active[selected] |= UINT64_C(1) << intid;
	return intid;
}

static void send_sgi(uint64_t sgi)
{
	for (unsigned i = 0; i < cpu_count(); i++)
		if (sgi >> i & 1)
			pending[i] |= UINT64_C(1) << (sgi >> 24 & 15);
}

/* --- what reading and writing does besides --- */

static uint64_t serror;		  /* DISR_EL1 of one that is pending, or 0 */
static uint64_t claims[MAX_CPUS]; /* CLAIM tags: written by two names, read by one of them */

static uint64_t timer_control(const char *ctl, const char *cval, const char *offset)
{
	uint64_t value = fake_get(ctl) & ~UINT64_C(4);
	uint64_t now = counter - fake_get(offset);

	return (value & 1) && now >= fake_get(cval) ? value | 4 : value;
}

uint64_t fake_read(const char *name)
{
	if (strcmp(name, "CNTPCT_EL0") == 0)
		return ++counter;
	if (strcmp(name, "CNTV_CTL_EL02") == 0)
		return timer_control(name, "CNTV_CVAL_EL02", "CNTVOFF_EL2");
	if (strcmp(name, "CNTP_CTL_EL02") == 0)
		return timer_control(name, "CNTP_CVAL_EL02", "CNTPOFF_EL2");
	if (strcmp(name, "DBGCLAIMCLR_EL1") == 0)
		return claims[selected];
	if (strcmp(name, "ICC_IAR1_EL1") == 0)
		return acknowledge();
	if (strcmp(name, "ISR_EL1") == 0)
		return serror ? ISR_A : 0;
	return fake_get(name);
}

/* This is EL2: each write of a register is a cycle that the cycle counter sees, if it looks there. */
static void count_cycle(void)
{
	if ((fake_get("PMCR_EL0") & PMCR_E) && (fake_get("PMCNTENSET_EL0") & BIT(31)) &&
	    (fake_get("PMCCFILTR_EL0") & PMEVTYPER_NSH))
		fake_set("PMCCNTR_EL0", fake_get("PMCCNTR_EL0") + 1);
}

void fake_write(const char *name, uint64_t value)
{
	count_cycle();
	fake_set(name, value);
	if (strcmp(name, "ICC_DIR_EL1") == 0 && value < 64)
		active[selected] &= ~(UINT64_C(1) << value);
	if (strcmp(name, "ICC_SGI1R_EL1") == 0)
		send_sgi(value);
	if (strcmp(name, "DBGCLAIMSET_EL1") == 0)
		claims[selected] |= value;
	if (strcmp(name, "DBGCLAIMCLR_EL1") == 0)
		claims[selected] &= ~value;
	if (strcmp(name, "OSLAR_EL1") == 0)
		fake_set("OSLSR_EL1", (value & 1) << 1);
	if (strcmp(name, "CNTHP_CTL_EL2") == 0 && !(value & 1)) /* a level */
		pending[selected] &= ~(UINT64_C(1) << 26);
}

/* --- instructions --- */

#define INSTRUCTIONS 64

static struct {
	const char *name;
	unsigned count;
	uint64_t operand, vttbr;
} executed[INSTRUCTIONS];

static unsigned slot_of(const char *name)
{
	unsigned i = 0;

	while (i < INSTRUCTIONS && executed[i].name && strcmp(executed[i].name, name) != 0)
		i++;
	if (i == INSTRUCTIONS)
		fail("more kinds of instructions than the log has room for");
	executed[i].name = name;
	return i;
}

static uint64_t at_offset;

void fake_serror(uint64_t iss)
{
	serror = DISR_A | iss;
}

void fake_translate(uint64_t offset)
{
	at_offset = offset;
}

void fake_instruction(const char *name, uint64_t operand)
{
	unsigned i = slot_of(name);

	executed[i].count++;
	executed[i].operand = operand;
	executed[i].vttbr = fake_get("VTTBR_EL2");
	if (strcmp(name, "esb") == 0 && serror) {
		fake_set("DISR_EL1", serror);
		serror = 0;
	}
	if (strncmp(name, "at_", 3) == 0)
		fake_set("PAR_EL1", (operand + at_offset) & ~UINT64_C(0xfff));
}

unsigned fake_count(const char *instruction)
{
	return executed[slot_of(instruction)].count;
}

uint64_t fake_operand(const char *instruction)
{
	return executed[slot_of(instruction)].operand;
}

uint64_t fake_vttbr(const char *instruction)
{
	return executed[slot_of(instruction)].vttbr;
}

void fake_forget(void)
{
	for (unsigned i = 0; i < INSTRUCTIONS; i++)
		executed[i].count = 0;
}

/* --- how L0 does not come back --- */

static jmp_buf *back;

static _Noreturn void end_here(enum fake_end how)
{
	if (!back)
		fail("L0 ends, and no fake_call waits for it");
	longjmp(*back, (int)how);
}

/* --- memory --- */

uint64_t image_pa, mmu_root_pa;

static void map_at(uint64_t va, uint64_t bytes, int file)
{
	void *p = mmap((void *)va, bytes, PROT_READ | PROT_WRITE,
		       (file < 0 ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED) | MAP_FIXED_NOREPLACE, file, 0);

	if (p != (void *)va)
		fail("its memory is not free in this process");
}

static void make_memory(void)
{
	int file = memfd_create("fake machine", 0);

	if (file < 0 || ftruncate(file, (off_t)FAKE_RAM_BYTES))
		fail("no memory file");
	map_at(FAKE_RAM_PA, FAKE_RAM_BYTES, file);
	map_at(LINEAR_VA + FAKE_RAM_PA, FAKE_RAM_BYTES, file);
	map_at(LINEAR_VA + DEVICES_PA, DEVICES_BYTES, -1);
	close(file);
}

/* Objects of this program are where the image would be. */
pa_t va_to_pa(const void *va)
{
	uint64_t a = (uint64_t)va;

	return (pa_t){ a >= LINEAR_VA && a < LINEAR_VA + (UINT64_C(1) << 40) ? a - LINEAR_VA :
									       IMAGE_PA + (a & 0xff8) };
}

void mmu_init(void)
{
}

/* Memory that is not there is not L0's to find out either. */
static void check_memory(uint64_t base, uint64_t size, void *unused)
{
	(void)unused;
	if (base < FAKE_RAM_PA || base + size > FAKE_RAM_PA + FAKE_RAM_BYTES)
		end_here(FAKE_IDLE);
}

void mmu_map_memory(const void *fdt)
{
	fdt_each_memory(fdt, check_memory, NULL);
}

/* Where the machine has nothing, what the tree says is not L0's to judge: its first access would be an abort. */
volatile void *mmu_map_device(pa_t pa, uint64_t size)
{
	if (pa.val < DEVICES_PA || pa.val - DEVICES_PA > DEVICES_BYTES ||
	    size > DEVICES_BYTES - (pa.val - DEVICES_PA))
		end_here(FAKE_IDLE);
	return pa_to_va(pa);
}

uint64_t mmu_map_stack(unsigned cpu, unsigned which)
{
	return STACKS_VA + 2 * cpu + which;
}

/* --- symbols of the assembly files and of the linker script --- */

extern const uint32_t ledger_untimed_instructions;
const uint32_t ledger_untimed_instructions = 0;

/* Assembly that takes the time of recording out of the clocks: here none passes, and there are no sites. */
extern const uint32_t pause_site_instructions[2];
const uint32_t pause_site_instructions[2], traced_instructions[3][2], entry_rest_instructions;
const struct site_row site_table[1];
extern const struct site_row site_table_end[1] __attribute__((alias("site_table")));

void mmu_alias_text(bool there)
{
	(void)there;
}

struct vcpu *run_exit_traced(struct vcpu *v, enum exit_kind kind)
{
	paused.now = fake_read("CNTPCT_EL0") - paused.stolen;
	if (trace_exit(v, kind))
		return v;
	v = run_exit(v, kind);
	paused.now = fake_read("CNTPCT_EL0") - paused.stolen;
	trace_entry(v);
	return v;
}
__asm__(".globl image_start, image_end, vectors, secondary_start\n"
	".data\nimage_start: .skip 4096\nimage_end:\nvectors:\nsecondary_start: .quad 0\n.text\n");

void fp_save(struct fp_state *s)
{
	fake_instruction("fp_save", (uint64_t)s);
}

void fp_save_status(struct fp_state *s)
{
	fake_instruction("fp_save_status", (uint64_t)s);
}

void fp_load(const struct fp_state *s)
{
	fake_instruction("fp_load", (uint64_t)s);
}

void fp_load_status(const struct fp_state *s)
{
	fake_instruction("fp_load_status", (uint64_t)s);
}

static uint8_t v_register[32][16];

void fp_get_v(unsigned n, void *bytes)
{
	memcpy(bytes, v_register[n], 16);
}

void fp_set_v(unsigned n, const void *bytes)
{
	memcpy(v_register[n], bytes, 16);
}

void sve_save(void *s)
{
	fake_instruction("sve_save", (uint64_t)s);
}

void sve_load(const void *s)
{
	fake_instruction("sve_load", (uint64_t)s);
}

void sve_clear_predicates(void)
{
	fake_instruction("sve_clear_predicates", 0);
}

/* --- what it did until then --- */

static struct vcpu *entered;
static char said[8192];
static size_t said_bytes;
static bool starts_others;

enum fake_end fake_call(void (*f)(void *argument), void *argument)
{
	jmp_buf *volatile outer = back, mine;
	volatile enum fake_end how;

	back = &mine;
	how = (enum fake_end)setjmp(mine);
	if (how == FAKE_CAME_BACK)
		f(argument);
	back = outer;
	return how;
}

struct vcpu *fake_entered(void)
{
	return entered;
}

const char *fake_said(void)
{
	return said;
}

static void say(const char *prefix, const char *format, va_list list)
{
	said_bytes += (size_t)snprintf(said + said_bytes, sizeof(said) - said_bytes, "%s", prefix);
	said_bytes += (size_t)vsnprintf(said + said_bytes, sizeof(said) - said_bytes, format, list);
	if (said_bytes >= sizeof(said))
		fail("L0 says too much");
}

_Noreturn void stop(const char *format, ...)
{
	va_list list;

	va_start(list, format);
	say("firn: error: ", format, list);
	va_end(list);
	end_here(FAKE_STOPPED);
}

_Noreturn void panic(const char *format, ...)
{
	va_list list;

	va_start(list, format);
	say("firn: panic: ", format, list);
	va_end(list);
	fprintf(stderr, "%s\n", said);
	end_here(FAKE_PANIC);
}

void panic_describes(void (*describe)(const struct vcpu *v))
{
	(void)describe;
}

void uart_init(volatile void *registers, uint32_t interrupt)
{
	(void)registers;
	(void)interrupt;
}

void uart_putc(char c)
{
	if (said_bytes + 1 < sizeof(said))
		said[said_bytes++] = c;
}

bool uart_getc(uint8_t *c)
{
	(void)c;
	return false;
}

void uart_enable_input(void)
{
}

uint32_t uart_intid(void)
{
	return 33;
}

_Noreturn void vcpu_enter(struct vcpu *v)
{
	entered = v;
	v->ledger.left_l0 = fake_read("CNTPCT_EL0");
	end_here(FAKE_ENTERED);
}

_Noreturn void cpu_call_on_stack(uint64_t top, void (*f)(void))
{
	(void)top;
	if (starts_others)
		end_here(FAKE_IDLE);
	f();
	fail("what runs on a CPU's own stack came back");
}

/* Time passes until L0's own timer. */
void fake_wfi(void)
{
	if (pending[selected] & ~active[selected])
		return;
	if (!(fake_get("CNTHP_CTL_EL2") & 1))
		end_here(FAKE_IDLE);
	if (counter < fake_get("CNTHP_CVAL_EL2"))
		counter = fake_get("CNTHP_CVAL_EL2");
	fake_interrupt(26);
}

void psci_init(const void *fdt)
{
	(void)fdt;
}

static void start_secondary(void *cpu)
{
	cpus_secondary(cpu);
}

int64_t psci_cpu_on(uint64_t mpidr, pa_t entry, uint64_t x0)
{
	unsigned self = selected;

	(void)entry;
	if (mpidr >= MAX_CPUS)
		return -2; /* INVALID_PARAMETERS */
	selected = (unsigned)mpidr;
	starts_others = true;
	(void)fake_call(start_secondary, (void *)x0);
	starts_others = false;
	selected = self;
	return 0;
}

_Noreturn void psci_system_off(void)
{
	end_here(FAKE_OFF);
}

/* --- the machine --- */

static void reset_cpu(unsigned cpu)
{
	fake_select(cpu);
	set(MPIDR_EL1, UINT64_C(0x80000000) | cpu);
	set(MIDR_EL1, 0x000f0510);
	set(CNTFRQ_EL0, 1000000000);
	set(MDCR_EL2, 6);
	set(ICH_VTR_EL2,
	    field_put(ICH_VTR_LISTREGS, 3) | field_put(ICH_VTR_PREBITS, 4) | field_put(ICH_VTR_PRIBITS, 4));
	set(ID_AA64PFR0_EL1, 0x1111 | field_put(ID_AA64PFR0_GIC, 1) | field_put(ID_AA64PFR0_RAS, 1) |
				     field_put(ID_AA64PFR0_SVE, 1));
	set(ID_AA64DFR0_EL1, 6 | field_put(ID_AA64DFR0_BRPS, 5) | field_put(ID_AA64DFR0_WRPS, 3) |
				     field_put(ID_AA64DFR0_PMUVER, 6));
	set(PMCR_EL0, field_put(PMCR_N, 6));
	set(ID_AA64ISAR1_EL1, field_put(ID_AA64ISAR1_API, 5) | field_put(ID_AA64ISAR1_GPI, 1));
	set(ID_AA64MMFR0_EL1, field_put(ID_AA64MMFR0_PARANGE, 5) | field_put(ID_AA64MMFR0_FGT, 1) |
				      field_put(ID_AA64MMFR0_TGRAN4_2, 2) | field_put(ID_AA64MMFR0_ECV, 1));
	set(ID_AA64MMFR1_EL1, field_put(ID_AA64MMFR1_VH, 1) | field_put(ID_AA64MMFR1_VMIDBITS, 2) |
				      field_put(ID_AA64MMFR1_HAFDBS, 2) | field_put(ID_AA64MMFR1_XNX, 1) |
				      field_put(ID_AA64MMFR1_HCX, 1));
	set(ID_AA64MMFR2_EL1,
	    field_put(ID_AA64MMFR2_NV, 2) | field_put(ID_AA64MMFR2_FWB, 1) | field_put(ID_AA64MMFR2_ST, 1));
	*(uint64_t *)(LINEAR_VA + GICR_PA + cpu * GICR_BYTES + 8) =
		(uint64_t)cpu << 32 | (cpu == MAX_CPUS - 1 ? 1 << 4 : 0);
}

static void cells(void *fdt, const char *name, unsigned count, ...)
{
	fdt32_t value[32];
	va_list list;

	va_start(list, count);
	for (unsigned i = 0; i < count; i++)
		value[i] = cpu_to_fdt32(va_arg(list, uint32_t));
	va_end(list);
	fdt_property(fdt, name, value, (int)(count * 4));
}

/* A range of 64-bit cells. */
static void reg(void *fdt, uint64_t base, uint64_t size)
{
	fdt64_t value[] = { cpu_to_fdt64(base), cpu_to_fdt64(size) };

	fdt_property(fdt, "reg", value, (int)sizeof(value));
}

static void two_cells(void *fdt)
{
	fdt_property_u32(fdt, "#address-cells", 2);
	fdt_property_u32(fdt, "#size-cells", 2);
}

static void node_cpus(void *fdt, unsigned cpus)
{
	char name[16];

	fdt_begin_node(fdt, "cpus");
	fdt_property_u32(fdt, "#address-cells", 1);
	fdt_property_u32(fdt, "#size-cells", 0);
	for (unsigned i = 0; i < cpus; i++) {
		snprintf(name, sizeof(name), "cpu@%x", i);
		fdt_begin_node(fdt, name);
		fdt_property_string(fdt, "device_type", "cpu");
		fdt_property_u32(fdt, "reg", i);
		fdt_end_node(fdt);
	}
	fdt_end_node(fdt);
}

static void node_devices(void *fdt)
{
	fdt64_t frames[] = { cpu_to_fdt64(GICD_PA), cpu_to_fdt64(0x10000), cpu_to_fdt64(GICR_PA),
			     cpu_to_fdt64(MAX_CPUS * GICR_BYTES) };

	fdt_begin_node(fdt, "intc");
	fdt_property_string(fdt, "compatible", "arm,gic-v3");
	fdt_property(fdt, "reg", frames, (int)sizeof(frames));
	cells(fdt, "interrupts", 3, 1, 9, 4);
	fdt_end_node(fdt);
	fdt_begin_node(fdt, "timer");
	fdt_property_string(fdt, "compatible", "arm,armv8-timer");
	cells(fdt, "interrupts", 15, 1, 13, 4, 1, 14, 4, 1, 11, 4, 1, 10, 4, 1, 12, 4);
	fdt_end_node(fdt);
	fdt_begin_node(fdt, "pmu");
	fdt_property_string(fdt, "compatible", "arm,armv8-pmuv3");
	cells(fdt, "interrupts", 3, 1, 7, 4);
	fdt_end_node(fdt);
	fdt_begin_node(fdt, "pl011");
	fdt_property_string(fdt, "compatible", "arm,pl011");
	reg(fdt, UART_PA, 0x1000);
	cells(fdt, "interrupts", 3, 0, 1, 4);
	fdt_end_node(fdt);
}

/* With a hole behind each. */
static void node_l1_modules(void *fdt, unsigned count)
{
	static const char compatible[] = "multiboot,kernel\0multiboot,module";
	char name[32];

	fdt_begin_node(fdt, "chosen");
	two_cells(fdt);
	for (unsigned i = 0; i < count; i++) {
		snprintf(name, sizeof(name), "module@%x", i);
		fdt_begin_node(fdt, name);
		fdt_property(fdt, "compatible", compatible, sizeof(compatible));
		fdt_property(fdt, "bootargs", name, (int)strlen(name) + 1);
		reg(fdt, FAKE_MODULE_PA + 0x2000 * i, 0x1000);
		fdt_end_node(fdt);
		*(uint64_t *)(FAKE_MODULE_PA + 0x2000 * i) = i + 1;
	}
	fdt_end_node(fdt);
}

static void node_vm(void *fdt, const struct fake_vm *vm, unsigned index)
{
	char name[16];

	snprintf(name, sizeof(name), "vm@%x", index);
	fdt_begin_node(fdt, name);
	two_cells(fdt);
	fdt_property_string(fdt, "compatible", "firn,vm");
	if (vm->mode)
		fdt_property(fdt, "firn,mode", vm->mode, (int)strlen(vm->mode) + 1);
	if (vm->markers)
		fdt_property(fdt, "firn,markers", NULL, 0);
	if (vm->virtual_time)
		fdt_property_string(fdt, "firn,virtual-time", "running");
	if (vm->resets)
		fdt_property_u32(fdt, "firn,resets", vm->resets);
	fdt_property_u32(fdt, "cpus", vm->vcpus ? vm->vcpus : 1);
	fdt_property_u32(fdt, "memory", 8 << 20);
	fdt_begin_node(fdt, "module");
	fdt_property_string(fdt, "compatible", "multiboot,kernel");
	reg(fdt, FAKE_KERNEL_PA, 0x1000);
	fdt_end_node(fdt);
	if (vm->modules)
		node_l1_modules(fdt, vm->modules);
	fdt_end_node(fdt);
}

static void node_trace(void *fdt)
{
	fdt_begin_node(fdt, "reserved-memory");
	two_cells(fdt);
	fdt_property(fdt, "ranges", NULL, 0);
	fdt_begin_node(fdt, "trace");
	fdt_property_string(fdt, "compatible", TRACE_COMPATIBLE);
	reg(fdt, FAKE_TRACE_PA, UINT64_C(1) << 20);
	fdt_property_u64(fdt, TRACE_EVENTS_PROPERTY, UINT64_MAX);
	fdt_end_node(fdt);
	fdt_end_node(fdt);
}

static void make_tree(unsigned cpus, const struct fake_vm *vms, unsigned count, bool records)
{
	void *fdt = (void *)FDT_PA;

	fdt_create(fdt, FDT_BYTES);
	fdt_finish_reservemap(fdt);
	fdt_begin_node(fdt, "");
	two_cells(fdt);
	fdt_begin_node(fdt, "memory");
	fdt_property_string(fdt, "device_type", "memory");
	reg(fdt, FAKE_RAM_PA, FAKE_RAM_BYTES);
	fdt_end_node(fdt);
	node_cpus(fdt, cpus);
	node_devices(fdt);
	if (records)
		node_trace(fdt);
	fdt_begin_node(fdt, "chosen");
	for (unsigned i = 0; i < count; i++)
		node_vm(fdt, &vms[i], i);
	fdt_end_node(fdt);
	fdt_end_node(fdt);
	if (fdt_finish(fdt))
		fail("its device tree has no room");
}

/* An arm64 Image without content. */
static void make_kernel(void)
{
	uint64_t header[8] = { [2] = 0x1000, [7] = UINT64_C(0x644d5241) };

	memcpy((void *)FAKE_KERNEL_PA, header, sizeof(header));
}

static void boot(void *unused)
{
	(void)unused;
	boot_main(FDT_PA, IMAGE_PA, 0);
}

void *fake_prepare(unsigned cpus, const struct fake_vm *vms, unsigned count, bool records)
{
	make_memory();
	for (unsigned i = 0; i < MAX_CPUS; i++)
		reset_cpu(i);
	fake_select(0);
	make_tree(cpus, vms, count, records);
	make_kernel();
	return (void *)FDT_PA;
}

enum fake_end fake_start(void)
{
	return fake_call(boot, NULL);
}

static void boot_on(unsigned cpus, const struct fake_vm *vms, unsigned count, bool records)
{
	(void)fake_prepare(cpus, vms, count, records);
	if (fake_start() != FAKE_ENTERED)
		fail(said);
	entered->ledger.book->now.entries = 0;
}

void fake_boot(unsigned cpus, const struct fake_vm *vms, unsigned count)
{
	boot_on(cpus, vms, count, false);
}

void fake_boot_recording(unsigned cpus, const struct fake_vm *vms, unsigned count)
{
	boot_on(cpus, vms, count, true);
}

/* Padding goes up to the end of the ring. */
static const struct trace_record *last_of(unsigned id, uint64_t at, unsigned *count)
{
	const struct trace_area *area = pa_to_va((pa_t){ FAKE_TRACE_PA });
	const uint8_t *data = (const uint8_t *)area + TRACE_DATA_OFFSET;
	const struct trace_record *last = NULL;

	*count = 0;
	while (at < area->ring[0].head) {
		const struct trace_record *r = (const void *)(data + at % area->ring_bytes);

		if (r->bytes && r->id == id) {
			last = r;
			++*count;
		}
		at += r->bytes ? r->bytes : area->ring_bytes - at % area->ring_bytes;
	}
	return last;
}

unsigned fake_told(unsigned id, uint64_t from)
{
	unsigned count;

	last_of(id, from, &count);
	return count;
}

const void *fake_last_told(unsigned id)
{
	unsigned count;
	const struct trace_record *last = last_of(id, 0, &count);

	return last ? last + 1 : NULL;
}

static void take_one(void *unused)
{
	(void)unused;
	run_cpu();
}

struct vcpu *fake_run(unsigned cpu)
{
	fake_select(cpu);
	return fake_call(take_one, NULL) == FAKE_ENTERED ? entered : NULL;
}

struct exit {
	struct vcpu *v;
	enum exit_kind kind;
};

static void leave(void *argument)
{
	struct exit *e = argument;

	e->v = this_cpu()->run_exit(e->v, e->kind);
	vcpu_enter(e->v);
}

struct vcpu *fake_exit(struct vcpu *v, enum exit_kind kind, uint64_t esr)
{
	struct exit e = { v, kind };

	set(ESR_EL2, esr);
	v->ledger.entered_l0 = fake_read("CNTPCT_EL0");
	v->ledger.book->now.entries++;
	return fake_call(leave, &e) == FAKE_ENTERED ? entered : NULL;
}

uint64_t *fake_l1(const struct vcpu *v, uint64_t ipa)
{
	return pa_to_va((pa_t){ v->vm->ram_pa.val + ipa - VM_RAM_BASE });
}

uint64_t fake_sysreg_esr(enum sysreg r, bool is_read, unsigned rt)
{
	uint64_t enc = sysreg_info[r].enc;

	return field_put(ESR_EC, EC_SYS64) | ESR_IL | field_put(ESR_SYS64_OP0, enc >> 14) |
	       field_put(ESR_SYS64_OP1, enc >> 11 & 7) | field_put(ESR_SYS64_CRN, enc >> 7 & 15) |
	       field_put(ESR_SYS64_CRM, enc >> 3 & 15) | field_put(ESR_SYS64_OP2, enc & 7) |
	       field_put(ESR_SYS64_RT, rt) | (is_read ? ESR_SYS64_READ : 0);
}

/* An access that finds HCR_EL2.E2H changed is executed again. */
static void vel2_access(struct vcpu *v, uint64_t esr)
{
	uint64_t pc = v->pc;

	fake_exit(v, EXIT_SYNC, esr);
	if (v->pc == pc)
		fake_exit(v, EXIT_SYNC, esr);
}

uint64_t fake_vel2_read(struct vcpu *v, enum sysreg r)
{
	v->gp.x[0] = 0xbad;
	vel2_access(v, fake_sysreg_esr(r, true, 0));
	return v->gp.x[0];
}

void fake_vel2_write(struct vcpu *v, enum sysreg r, uint64_t value)
{
	v->gp.x[0] = value;
	vel2_access(v, fake_sysreg_esr(r, false, 0));
}

static void device_access(struct vcpu *v, uint64_t ipa, unsigned size_log2, uint64_t esr)
{
	set(HPFAR_EL2, field_put(HPFAR_FIPA, ipa >> 12));
	set(FAR_EL2, ipa);
	fake_exit(v, EXIT_SYNC,
		  field_put(ESR_EC, EC_DABT_LOW) | ESR_IL | ESR_ISV | 7 | field_put(ESR_SAS, size_log2) |
			  field_put(ESR_SRT, 1) | esr);
}

uint64_t fake_load(struct vcpu *v, uint64_t ipa, unsigned size_log2)
{
	v->gp.x[1] = 0xbad;
	device_access(v, ipa, size_log2, size_log2 == 3 ? ESR_SF : 0);
	return v->gp.x[1];
}

void fake_store(struct vcpu *v, uint64_t ipa, unsigned size_log2, uint64_t value)
{
	v->gp.x[1] = value;
	device_access(v, ipa, size_log2, ESR_WNR);
}

struct vcpu *fake_vel2_eret(struct vcpu *v, uint64_t spsr, uint64_t elr)
{
	fake_vel2_write(v, SR_SPSR_EL2, spsr);
	fake_vel2_write(v, SR_ELR_EL2, elr);
	return fake_exit(v, EXIT_SYNC, field_put(ESR_EC, EC_ERET) | ESR_IL);
}

struct vcpu *fake_l1_with(const char *mode, uint64_t hcr)
{
	struct vcpu *v;

	fake_boot(1, &(struct fake_vm){ .mode = mode, .markers = true }, 1);
	v = fake_entered();
	fake_vel2_write(v, SR_HCR_EL2, hcr);
	fake_vel2_write(v, SR_VBAR_EL2, FAKE_VBAR);
	return v;
}
