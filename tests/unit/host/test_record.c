/* What is told of an exit?  Records in the ring of a CPU. */
#include "host/core/mmu.h"
#include "host/core/pages.h"
#include "host/report/pause.h"
#include "tests/unit/host/host_test.h"
#include "traces/events.h"
#include "traces/ring.h"

#define ESR_OF(class) (field_put(ESR_EC, class) | ESR_IL)

static struct trace_area *area(void)
{
	return pa_to_va((pa_t){ FAKE_TRACE_PA });
}

static unsigned count_from(unsigned id, uint64_t at)
{
	return fake_told(id, at);
}

static unsigned count(unsigned id)
{
	return fake_told(id, 0);
}

static void exits(void)
{
	struct vcpu *v;
	unsigned before, entries;

	fake_boot_recording(1, &(struct fake_vm){ .mode = "nv2", .markers = true }, 1);
	v = fake_entered();
	before = count(TRACE_kvm_exit);
	entries = count(TRACE_kvm_entry);
	fake_vel2_write(v, SR_VTCR_EL2, 0x80000000);
	fake_exit(v, EXIT_SYNC, ESR_OF(EC_HVC64) | 1);
	EXPECT(count(TRACE_kvm_exit), before + 2);
	EXPECT(count(TRACE_kvm_entry), entries + 2);
	EXPECT(count(TRACE_kvm_sys_access), 1);
	EXPECT(count(TRACE_kvm_inject_nested_exception), 1);
	EXPECT(count(TRACE_kvm_hvc_arm64), 1);
	fake_vel2_write(v, SR_HCR_EL2, HCR_RW | HCR_VM | HCR_E2H | HCR_IMO);
	fake_vel2_eret(v, SPSR_M_EL1H, 0x8000);
	EXPECT(count(TRACE_kvm_nested_eret), 1);
	fake_exit(v, EXIT_SYNC, ESR_OF(EC_HVC64) | 1);
	EXPECT(count(TRACE_kvm_inject_nested_exception), 2);
	EXPECT(count(TRACE_kvm_timer_save_state) > 0, true);
	fake_vel2_write(v, SR_ELR_EL2, 0x9000);
	fake_exit(v, EXIT_SYNC, ESR_OF(EC_ERET) | ESR_ERET_AUTH);
	EXPECT(v->pc, 0x9000);
	EXPECT(count(TRACE_kvm_nested_eret), 2);
}
HOST_TEST(exits, "exits, entries and what lies between are recorded")

#define READ_OF(op1, crn, crm, op2)                                                                        \
	(ESR_OF(EC_SYS64) | ESR_SYS64_READ | field_put(ESR_SYS64_OP0, 3) | field_put(ESR_SYS64_OP1, op1) | \
	 field_put(ESR_SYS64_CRN, crn) | field_put(ESR_SYS64_CRM, crm) | field_put(ESR_SYS64_OP2, op2))

/* The physical counter and its timer, in X0: what hardware would have given, and nobody counts it. */
static void quiet(void)
{
	struct vcpu *v;
	uint64_t pc, entries;
	unsigned before;

	fake_boot_recording(1, &(struct fake_vm){ .mode = "nv2", .markers = true }, 1);
	v = fake_entered();
	paused.cnthctl = CNTHCTL_EL1PCTEN | CNTHCTL_EL1PTEN;
	paused.stolen = paused.applied = 1000;
	pc = v->pc;
	before = count(TRACE_kvm_exit);
	entries = v->ledger.book->now.entries;
	fake_exit(v, EXIT_SYNC, READ_OF(3, 14, 0, 1));
	EXPECT(v->gp.x[0], v->ledger.entered_l0 - paused.stolen);
	EXPECT(v->pc, pc + 4);
	EXPECT(count(TRACE_kvm_exit), before);
	EXPECT(v->ledger.book->now.entries, entries);
	v->gp.x[0] = UINT64_C(1) << 31;
	fake_exit(v, EXIT_SYNC, READ_OF(3, 14, 2, 2) & ~ESR_SYS64_READ);
	EXPECT(paused.cntp_cval, UINT64_C(1) << 31);
	fake_exit(v, EXIT_SYNC, READ_OF(3, 14, 2, 0));
	EXPECT(v->gp.x[0], (UINT64_C(1) << 31) - (v->ledger.entered_l0 - paused.stolen));
	EXPECT(count(TRACE_kvm_exit), before);
	paused.cnthctl = 0; /* a trap without recording too */
	fake_exit(v, EXIT_SYNC, READ_OF(3, 14, 0, 1));
	EXPECT(count(TRACE_kvm_exit), before + 1);
}
HOST_TEST(quiet, "a trap that only recording makes is not seen")

/* The clocks of hardware are ahead by what is applied. */
static void clocks(void)
{
	struct site_frame f = { .x = { 500, 0, (uint64_t)-8, UINT64_MAX } };
	struct site x0 = { .reg = { 0 } }, x1 = { .reg = { 1 } }, x2 = { .reg = { 2 } },
		    x3 = { .reg = { 3 } };

	fake_boot_recording(1, &(struct fake_vm){ .mode = "nv2", .markers = true }, 1);
	fake_entered();
	paused.applied = 100;
	paused.now = 2000;
	pause_cntvoff_write(&f, &x0);
	EXPECT(fake_get("CNTVOFF_EL2"), 600);
	pause_cntvoff_read(&f, &x1);
	EXPECT(f.x[1], 500);
	pause_cnthp_cval_write(&f, &x0);
	EXPECT(fake_get("CNTHP_CVAL_EL2"), 600);
	pause_cnthv_cval_write(&f, &x3);
	EXPECT(fake_get("CNTHV_CVAL_EL2"), UINT64_MAX);
	pause_cnthv_tval_write(&f, &x2);
	EXPECT(fake_get("CNTHV_CVAL_EL2"), 2092);
	pause_cntp_cval_write(&f, &x0);
	pause_cntp_cval_read(&f, &x1);
	EXPECT(f.x[1], 500);
	pause_now(&f, &x1);
	EXPECT(f.x[1], 2000);
	f.x[0] = CNTHCTL_ECV | CNTHCTL_EL1PCTEN | CNTHCTL_EL1PTEN;
	pause_cnthctl_write(&f, &x0);
	EXPECT(fake_get("CNTHCTL_EL2"), CNTHCTL_ECV);
	EXPECT(paused.cnthctl, CNTHCTL_ECV | CNTHCTL_EL1PCTEN | CNTHCTL_EL1PTEN);
}
HOST_TEST(clocks, "what L0 writes to the clocks is as if none of the time were stolen")

/* Hardware has CNTPOFF_EL2. */
static struct vcpu *with_offset(bool records)
{
	struct vcpu *v;

	(void)fake_prepare(1, &(struct fake_vm){ .mode = "nv", .markers = true }, 1, records);
	set(ID_AA64PFR0_EL1, get(ID_AA64PFR0_EL1) & ~ID_AA64PFR0_FIELD_EL3);
	set(ID_AA64MMFR0_EL1, field_set(ID_AA64MMFR0_ECV, get(ID_AA64MMFR0_EL1), 2));
	EXPECT(fake_start(), FAKE_ENTERED);
	v = fake_entered();
	EXPECT(v->nv.has_ecv, true);
	return v;
}

static void quiet_offset(void)
{
	struct vcpu *v = with_offset(true);

	set(CNTPOFF_EL2, 300);
	paused.cnthctl = CNTHCTL_EL1PCTEN | CNTHCTL_EL1PTEN;
	fake_exit(v, EXIT_SYNC, READ_OF(3, 14, 0, 1));
	EXPECT(v->gp.x[0], v->ledger.entered_l0);
	paused.cnthctl |= CNTHCTL_ECV;
	fake_exit(v, EXIT_SYNC, READ_OF(3, 14, 0, 1));
	EXPECT(v->gp.x[0], v->ledger.entered_l0 - 300);
	v->gp.x[0] = 1000;
	fake_exit(v, EXIT_SYNC, READ_OF(3, 14, 2, 0) & ~ESR_SYS64_READ);
	EXPECT(paused.cntp_cval, v->ledger.entered_l0 - 300 + 1000);
	fake_exit(v, EXIT_SYNC, READ_OF(3, 14, 2, 0));
	EXPECT(v->gp.x[0], (uint32_t)(paused.cntp_cval - (v->ledger.entered_l0 - 300)));
}
HOST_TEST(quiet_offset, "CNTPOFF_EL2 counts in a trap that only recording makes")

/* What EL2 reads and writes as TVAL is without the offset, what the timer compares with is not. With HCR_EL2.E2H = 0. */
static void tval(void)
{
	struct vcpu *v = with_offset(false);
	uint64_t cval;

	fake_vel2_write(v, SR_CNTHCTL_EL2, CNTHCTL_ECV);
	fake_vel2_write(v, SR_CNTPOFF_EL2, 0x100000);
	EXPECT(get(CNTPOFF_EL2), 0x100000);
	fake_vel2_write(v, SR_CNTP_TVAL_EL0, 0x1000);
	cval = fake_vel2_read(v, SR_CNTP_CVAL_EL0);
	EXPECT(cval - v->ledger.entered_l0 < 0x1100, true);
	EXPECT(fake_vel2_read(v, SR_CNTP_TVAL_EL0) <= 0x1000, true);
	fake_vel2_write(v, SR_CNTP_CTL_EL0, CNT_CTL_ENABLE | CNT_CTL_IMASK);
	fake_pass(0x80000);
	EXPECT(fake_vel2_read(v, SR_CNTP_CTL_EL0) & CNT_CTL_ISTATUS, 0);
	fake_pass(0x90000);
	EXPECT(fake_vel2_read(v, SR_CNTP_CTL_EL0) & CNT_CTL_ISTATUS, CNT_CTL_ISTATUS);
}
HOST_TEST(tval, "CNTPOFF_EL2 is not for TVAL of EL2")

/* --- a ring without room --- */

#define TICKS_PER_SECOND 50 /* of a machine whose patience does not take long */
#define PATIENCE (20 * TICKS_PER_SECOND)
#define HVC (ESR_OF(EC_HVC64) | 1)

static struct vcpu *with_full_ring(void)
{
	struct vcpu *v;

	fake_boot_recording(1, &(struct fake_vm){ .mode = "nv2", .markers = true }, 1);
	set(CNTFRQ_EL0, TICKS_PER_SECOND);
	v = fake_entered();
	for (unsigned i = 0; i < area()->ring_bytes && !area()->ring[0].lost; i++)
		fake_exit(v, EXIT_SYNC, HVC);
	EXPECT(area()->ring[0].lost > 0, true);
	return v;
}

static uint64_t ticks_of_an_exit(struct vcpu *v)
{
	uint64_t before = fake_now();

	fake_exit(v, EXIT_SYNC, HVC);
	return fake_now() - before;
}

static void no_reader(void)
{
	struct vcpu *v = with_full_ring();

	EXPECT(ticks_of_an_exit(v) < PATIENCE, true);
	area()->ring[0].tail += 8; /* somebody reads again, and not enough */
	EXPECT(ticks_of_an_exit(v) >= PATIENCE, true);
	EXPECT(ticks_of_an_exit(v) < PATIENCE, true);
	area()->ring[0].tail = area()->ring[0].head;
	EXPECT(ticks_of_an_exit(v) < PATIENCE, true);
}
HOST_TEST(no_reader, "L0 waits once for a reader that is gone")

/* Three pages for each that vEL2 traps in: it, and those beside it. */
static void code_pages(void)
{
	struct vcpu *v = with_full_ring();
	uint64_t code = v->vm->ram_pa.val + 0x10000, lost = area()->ring[0].lost, from;

	v->pc = code + 8;
	fake_exit(v, EXIT_SYNC, HVC);
	EXPECT(area()->ring[0].lost > lost, true);
	from = area()->ring[0].tail = area()->ring[0].head;
	v->pc = code + 8;
	fake_exit(v, EXIT_SYNC, HVC);
	EXPECT(count_from(TRACE_firn_code, from), 3);
	v->pc = code + 16;
	fake_exit(v, EXIT_SYNC, HVC);
	EXPECT(count_from(TRACE_firn_code, from), 3);
	fake_translate(code);
	v->pc = 8;
	fake_exit(v, EXIT_SYNC, HVC);
	EXPECT(count_from(TRACE_firn_code, from), 6);
}
HOST_TEST(code_pages, "a page of code is told when that is in the ring")

/* Then there is no memory for what was told of its registers. */
static void no_memory(void)
{
	const struct fake_vm vms[] = { { .mode = "nv2" }, { .mode = "nv2" } };
	struct vcpu *v, *w;
	unsigned before;
	pa_t pa;

	fake_boot_recording(1, vms, 2);
	v = fake_entered();
	while (memory_alloc(PAGE_SIZE, PAGE_SIZE, &pa))
		;
	fake_pass(5000000);
	fake_interrupt(26);
	w = fake_exit(v, EXIT_IRQ, 0);
	EXPECT(w && w != v, true);
	if (!w)
		return;
	EXPECT(w->trace.cpu == NULL, true);
	before = count(TRACE_kvm_exit);
	fake_vel2_write(w, SR_VTCR_EL2, 0x80000000);
	EXPECT(fake_vel2_read(w, SR_VTCR_EL2), 0x80000000);
	EXPECT(count(TRACE_kvm_exit), before);
}
HOST_TEST(no_memory, "a vCPU that cannot be recorded runs")
