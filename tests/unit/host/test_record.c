/* What is told of an exit?  Records in the ring of a CPU. */
#include "host/core/mmu.h"
#include "host/report/pause.h"
#include "tests/unit/host/host_test.h"
#include "traces/events.h"
#include "traces/ring.h"

#define ESR_OF(class) (field_put(ESR_EC, class) | ESR_IL)

/* How many records of an event, from the beginning of the ring's data on. */
static unsigned count(unsigned id)
{
	const struct trace_area *area = pa_to_va((pa_t){ FAKE_TRACE_PA });
	const uint8_t *at = (const uint8_t *)area + TRACE_DATA_OFFSET, *end = at + area->ring[0].head;
	unsigned n = 0;

	while (at < end) {
		const struct trace_record *r = (const void *)at;

		if (!r->bytes)
			break;
		n += r->id == id;
		at += r->bytes;
	}
	return n;
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
