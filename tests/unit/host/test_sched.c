/* Who runs where?  VMs that share CPUs, PSCI, and what is left of a vCPU while another one has its CPU. */
#include <string.h>

#include "host/vm/page_log.h"
#include "nv/arch/firn_abi.h"
#include "tests/unit/host/host_test.h"

#define ESR_OF(class) (field_put(ESR_EC, class) | ESR_IL)
#define SMC (ESR_OF(EC_SMC64))
#define WFI (ESR_OF(EC_WFX) | ESR_CV | ESR_COND)
#define PPI_L0 26

static struct vcpu *smc(struct vcpu *v, uint64_t function, uint64_t x1, uint64_t x2, uint64_t x3)
{
	v->gp.x[0] = function;
	v->gp.x[1] = x1;
	v->gp.x[2] = x2;
	v->gp.x[3] = x3;
	return fake_exit(v, EXIT_SYNC, SMC);
}

/* Two VMs on one CPU: WFI gives it to the other one, whose registers are loaded. */
static void wait_gives_cpu(void)
{
	const struct fake_vm vms[] = { { .mode = "nv2" }, { .mode = "nv" } };
	struct vcpu *v, *w;

	fake_boot(1, vms, 2);
	v = fake_entered();
	EXPECT(get(HCR_EL2) & HCR_TWI, HCR_TWI);
	set(VBAR_EL12, 0x1000);
	set(TPIDR_EL0, 0x2000);
	set(DBGBVR0_EL1, 0x3000);
	w = fake_exit(v, EXIT_SYNC, WFI);
	EXPECT(w && w->vm->index == 1, true);
	EXPECT(get(TPIDR_EL0), 0);
	EXPECT(get(DBGBVR0_EL1), 0);
	EXPECT(get(VNCR_EL2), (uint64_t)&w->nv.file.page);
	/* The other one waits too: nobody is left, and nothing will wake them. */
	EXPECT(fake_exit(w, EXIT_SYNC, WFI) == NULL, true);
}
HOST_TEST(wait_gives_cpu, "WFI gives the CPU to another VM")

/* WFIT may end before its time: it gives the CPU away, and asks for it at once. WFI in its place would leave nobody to run. */
static void timed_wait_gives_cpu(void)
{
	const struct fake_vm vms[] = { { .mode = "nv2" }, { .mode = "nv2" } };
	const uint64_t wfit = WFI | ESR_WFX_TIMEOUT;
	struct vcpu *v, *w;

	fake_boot(1, vms, 2);
	v = fake_entered();
	w = fake_exit(v, EXIT_SYNC, wfit);
	EXPECT(w && w->vm->index == 1, true);
	if (!w)
		return;
	EXPECT(fake_exit(w, EXIT_SYNC, WFI) == v, true);
	EXPECT(fake_exit(v, EXIT_SYNC, wfit) == v, true);
}
HOST_TEST(timed_wait_gives_cpu, "WFIT gives the CPU to another VM, and does not wait")

/* What a vCPU left in a CPU's TLBs may be what it invalidated on another one since, where HCR_EL2.FB was 0. */
static void comes_back(void)
{
	const struct fake_vm vms[] = { { .mode = "nv2" }, { .mode = "nv2" } };
	const uint64_t wfit = WFI | ESR_WFX_TIMEOUT;
	static const struct cpu elsewhere;
	struct vcpu *v, *w;
	unsigned before;

	fake_boot(1, vms, 2);
	v = fake_entered();
	w = fake_exit(v, EXIT_SYNC, wfit);
	before = fake_count("tlbi_alle1");
	EXPECT(fake_exit(w, EXIT_SYNC, wfit) == v, true);
	EXPECT(fake_count("tlbi_alle1"), before);
	EXPECT(fake_exit(v, EXIT_SYNC, wfit) == w, true);
	v->queue.was_on = &elsewhere;
	EXPECT(fake_exit(w, EXIT_SYNC, wfit) == v, true);
	EXPECT(fake_count("tlbi_alle1"), before + 1);
}
HOST_TEST(comes_back, "a vCPU that was elsewhere finds nothing that it left in TLBs")

/* Preemption: L0's timer at the end of the slice, 5 ms of a counter of 1 GHz. */
static void preemption(void)
{
	const struct fake_vm vms[] = { { .mode = "nv2" }, { .mode = "nv2" } };
	struct vcpu *v, *w;

	fake_boot(1, vms, 2);
	v = fake_entered();
	EXPECT(get(CNTHP_CTL_EL2) & 1, 1);
	EXPECT(get(CNTHP_CVAL_EL2) - fake_now() < 5000000, true);
	set(TPIDR_EL0, 0x2000);
	fake_pass(5000000);
	fake_interrupt(PPI_L0);
	w = fake_exit(v, EXIT_IRQ, 0);
	EXPECT(w && w->vm->index == 1, true);
	if (!w)
		return;
	fake_pass(6000000); /* more than the other one has had */
	fake_interrupt(PPI_L0);
	EXPECT(fake_exit(w, EXIT_IRQ, 0) == v, true);
	EXPECT(get(TPIDR_EL0), 0x2000);
}
HOST_TEST(preemption, "a slice ends, and the other VM goes on")

static void psci(void)
{
	struct vcpu *v, *w;

	fake_boot(2, &(struct fake_vm){ .mode = "nv2", .vcpus = 2 }, 1);
	v = fake_entered();
	EXPECT(smc(v, 0x84000000, 0, 0, 0) == v, true);
	EXPECT(v->gp.x[0], 0x10001);
	smc(v, 0x8400000a, 0xc4000003, 0, 0);
	EXPECT(v->gp.x[0], 0);
	smc(v, 0x84000006, 0, 0, 0);
	EXPECT(v->gp.x[0], 2);
	smc(v, 0x12345678, 0, 0, 0);
	EXPECT(v->gp.x[0], UINT64_MAX); /* NOT_SUPPORTED */
	smc(v, 0xc4000003, 7, VM_RAM_BASE, 0);
	EXPECT(v->gp.x[0], (uint64_t)-2); /* no such CPU */
	smc(v, 0xc4000003, 1, 0x1000, 0);
	EXPECT(v->gp.x[0], (uint64_t)-9); /* nothing there */
	smc(v, 0xc4000004, 1, 0, 0);
	EXPECT(v->gp.x[0], 1); /* OFF */
	smc(v, 0xc4000003, 1, VM_RAM_BASE, 0x55);
	EXPECT(v->gp.x[0], 0);
	smc(v, 0xc4000003, 1, VM_RAM_BASE, 0x55);
	EXPECT(v->gp.x[0], (uint64_t)-4); /* ALREADY_ON */
	w = fake_run(1);
	EXPECT(w && w->gp.x[0] == 0x55, true);
	if (!w)
		return;
	EXPECT(smc(w, 0x84000002, 0, 0, 0) == NULL, true); /* CPU_OFF: its CPU has nobody */
	fake_select(0);
	smc(v, 0xc4000004, 1, 0, 0);
	EXPECT(v->gp.x[0], 1);
}
HOST_TEST(psci, "PSCI: versions, CPU_ON, AFFINITY_INFO, CPU_OFF")

/* SYSTEM_RESET begins again at the kernel, with nothing left of the registers. */
static void reset(void)
{
	struct vcpu *v, *w;

	fake_boot(1, &(struct fake_vm){ .mode = "nv2" }, 1);
	v = fake_entered();
	fake_vel2_write(v, SR_VBAR_EL2, 0x1234000);
	v->gp.x[9] = 9;
	w = smc(v, 0x84000009, 0, 0, 0);
	EXPECT(w == v, true);
	EXPECT(v->pc, VM_RAM_BASE);
	EXPECT(v->gp.x[9], 0);
	EXPECT(fake_vel2_read(v, SR_VBAR_EL2), 0);
	EXPECT(strstr(fake_said(), "starts again") != NULL, true);
}
HOST_TEST(reset, "SYSTEM_RESET begins the VM again")

static uint64_t log_start(struct vcpu *v)
{
	v->gp.x[0] = FIRN_LOG_START;
	v->gp.x[1] = 0;
	fake_exit(v, EXIT_SYNC, field_put(ESR_EC, EC_HVC64) | ESR_IL | FIRN_HVC_LOG);
	return v->gp.x[0];
}

/* A page log is of one life. */
static void reset_ends_logs(void)
{
	struct vcpu *v;

	fake_boot(1, &(struct fake_vm){ .mode = "nv2", .markers = true }, 1);
	v = fake_entered();
	EXPECT(log_start(v), 0);
	EXPECT(log_start(v), UINT64_MAX);
	EXPECT(smc(v, 0x84000009, 0, 0, 0) == v, true);
	EXPECT(page_log_is_on(v->vm->log, PAGE_LOG_DIRTY), false);
	EXPECT(log_start(v), 0);
}
HOST_TEST(reset_ends_logs, "SYSTEM_RESET ends page logs")

#define SECOND UINT64_C(1000000000) /* ticks of the fake machine's counter */

/* firn,resets 3: two are made, the third within ten seconds is not; what lies ten seconds back does not count. */
static void resets(void)
{
	struct vcpu *v;

	fake_boot(1, &(struct fake_vm){ .mode = "nv2", .resets = 3 }, 1);
	v = fake_entered();
	EXPECT(smc(v, 0x84000009, 0, 0, 0) == v, true);
	fake_pass(4 * SECOND);
	EXPECT(smc(v, 0x84000009, 0, 0, 0) == v, true);
	fake_pass(6 * SECOND);
	EXPECT(smc(v, 0x84000009, 0, 0, 0) == v, true);
	EXPECT(strstr(fake_said(), "asked for a reset") == NULL, true);
	fake_pass(4 * SECOND - SECOND / 2);
	EXPECT(smc(v, 0x84000009, 0, 0, 0) == NULL, true);
	EXPECT(strstr(fake_said(), "VM 0 asked for a reset, the 3. within 10 seconds; it stays off") != NULL,
	       true);
}
HOST_TEST(resets, "firn,resets: so many within ten seconds are the end")

static void no_reset(void)
{
	struct vcpu *v;

	fake_boot(1, &(struct fake_vm){ .mode = "nv2", .resets = 1 }, 1);
	v = fake_entered();
	EXPECT(smc(v, 0x84000009, 0, 0, 0) == NULL, true);
	EXPECT(strstr(fake_said(), "VM 0 asked for a reset; it stays off") != NULL, true);
}
HOST_TEST(no_reset, "firn,resets: the first is the end")

static void off(void)
{
	struct vcpu *v;

	fake_boot(1, &(struct fake_vm){ .mode = "nv2" }, 1);
	v = fake_entered();
	EXPECT(smc(v, 0x84000008, 0, 0, 0) == NULL, true);
}
HOST_TEST(off, "SYSTEM_OFF of the last VM ends the machine")

/* firn,virtual-time "running": the counter does not show what passed without the vCPU. */
static void virtual_time(void)
{
	const struct fake_vm vms[] = { { .mode = "nv2", .virtual_time = true }, { .mode = "nv2" } };
	struct vcpu *v, *w;
	uint64_t before, after;

	fake_boot(1, vms, 2);
	v = fake_entered();
	before = fake_vel2_read(v, SR_CNTPCT_EL0);
	fake_pass(6000000);
	fake_interrupt(PPI_L0);
	w = fake_exit(v, EXIT_IRQ, 0);
	if (!w || w == v) {
		EXPECT(w == v, false);
		return;
	}
	fake_pass(50000000);
	fake_interrupt(PPI_L0);
	EXPECT(fake_exit(w, EXIT_IRQ, 0) == v, true);
	after = fake_vel2_read(v, SR_CNTPCT_EL0);
	EXPECT(after - before < 7000000, true);
	EXPECT(after - before > 6000000, true);
}
HOST_TEST(virtual_time, "virtual time stops while another VM runs")
