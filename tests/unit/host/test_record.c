/* What is told of an exit?  Records in the ring of a CPU. */
#include "host/core/mmu.h"
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
