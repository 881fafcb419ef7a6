/*
 * What does L0 run on in a native test?  A machine of registers by name, some MiB of memory, a device tree, and a log of the
 * instructions that leave no trace in registers. What the vectors do on the target, a test does by hand: it says what
 * hardware reports, calls run_exit, and looks at the registers that the entry would leave.  Next: fake.c, test_exit.c.
 */
#ifndef TESTS_UNIT_HOST_FAKE_H
#define TESTS_UNIT_HOST_FAKE_H

#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>

#include "host/machine/cpu.h"
#include "host/machine/sysreg.h"
#include "host/vm/vcpu.h"
#include "host/vm/vm.h"

/* The machine's memory, and where modules are put. */
#define FAKE_RAM_PA UINT64_C(0x40000000)
#define FAKE_RAM_BYTES (UINT64_C(96) << 20)
#define FAKE_KERNEL_PA UINT64_C(0x44000000)
#define FAKE_MODULE_PA UINT64_C(0x44100000)
#define FAKE_TRACE_PA UINT64_C(0x45000000)

/* Registers of the CPU that is selected, without what reading or writing does besides. */
void fake_select(unsigned cpu);
uint64_t fake_get(const char *name);
void fake_set(const char *name, uint64_t value);
#define get(name) fake_get(#name)
#define set(name, value) fake_set(#name, (value))

/* The counter: each read of it takes a tick. */
void fake_pass(uint64_t ticks);
uint64_t fake_now(void);

/* A physical interrupt that ICC_IAR1_EL1 gives; it is active until its deactivation. */
void fake_interrupt(uint32_t intid);
bool fake_is_active(uint32_t intid);

/* A physical SError with this ISS is pending, until ESB. */
void fake_serror(uint64_t iss);

/* How often was the instruction executed since the last fake_forget, and with which operand and VTTBR_EL2 the last time? */
unsigned fake_count(const char *instruction);
uint64_t fake_operand(const char *instruction);
uint64_t fake_vttbr(const char *instruction);
void fake_forget(void);

/* From now on AT finds an address at so much behind it. Else stage 1 is off: an address is its own. */
void fake_translate(uint64_t offset);

/* What L0 printed, or said when it stopped. */
const char *fake_said(void);

/*
 * Boots L0 on a machine with that many CPUs and this text of nodes in its device tree: struct fake_vm for each VM. Afterwards
 * every CPU has what its scheduler gives it: see fake_run.
 */
struct fake_vm {
	const char *mode; /* NULL: the default */
	unsigned vcpus;
	bool markers;
	bool virtual_time;
	unsigned resets;  /* firn,resets, if not 0 */
	unsigned modules; /* for L1: so many, of 0x1000 bytes each, from FAKE_MODULE_PA on */
};
void fake_boot(unsigned cpus, const struct fake_vm *vms, unsigned count);

/* The same with a ring for records of all events. */
void fake_boot_recording(unsigned cpus, const struct fake_vm *vms, unsigned count);

/* How many records of an event the first CPU's ring has, from that byte of all ever written on. The last one's fields, or NULL. */
unsigned fake_told(unsigned id, uint64_t from);
const void *fake_last_told(unsigned id);

/* Which vCPU does the CPU enter when it looks for one? NULL: it waits for an interrupt that never comes. */
struct vcpu *fake_run(unsigned cpu);

/* Why did L0 not come back? */
enum fake_end {
	FAKE_CAME_BACK,
	FAKE_ENTERED, /* vcpu_enter */
	FAKE_IDLE,    /* WFI, with nothing left that could wake it */
	FAKE_STOPPED, /* stop() */
	FAKE_OFF,     /* PSCI SYSTEM_OFF */
	FAKE_PANIC,
};

/* The two halves of that: a machine and its device tree, which may be changed, and L0's boot on it. */
void *fake_prepare(unsigned cpus, const struct fake_vm *vms, unsigned count, bool records);
enum fake_end fake_start(void);

/* Calls f(argument) and says how it ended. */
enum fake_end fake_call(void (*f)(void *argument), void *argument);
struct vcpu *fake_entered(void); /* by vcpu_enter, the last time */

/* An exit of the vCPU that is on the selected CPU: run_exit and what the vectors do around it. Returns who is entered then. */
struct vcpu *fake_exit(struct vcpu *v, enum exit_kind kind, uint64_t esr);

/* L1's RAM, at an L1 IPA. */
uint64_t *fake_l1(const struct vcpu *v, uint64_t ipa);

/* The syndrome of MRS or MSR of r, or of the instruction r, with Xt. */
uint64_t fake_sysreg_esr(enum sysreg r, bool is_read, unsigned rt);

/* vEL2 executes MRS X0 or MSR with X0 = value, which trap. fake_vel2_read gives X0. */
uint64_t fake_vel2_read(struct vcpu *v, enum sysreg r);
void fake_vel2_write(struct vcpu *v, enum sysreg r, uint64_t value);

/* vEL2, or its guest, loads X1 from, or stores it to, a device of L1's at an L1 IPA: with ISV, 1 << size_log2 bytes. */
uint64_t fake_load(struct vcpu *v, uint64_t ipa, unsigned size_log2);
void fake_store(struct vcpu *v, uint64_t ipa, unsigned size_log2, uint64_t value);

/* vEL2 executes ERET with SPSR_EL2 and ELR_EL2. */
struct vcpu *fake_vel2_eret(struct vcpu *v, uint64_t spsr, uint64_t elr);

/* One VM of one vCPU in that mode, whose L1 has HCR_EL2 = hcr and VBAR_EL2 = FAKE_VBAR. */
#define FAKE_VBAR UINT64_C(0x40100000)
struct vcpu *fake_l1_with(const char *mode, uint64_t hcr);

#endif
