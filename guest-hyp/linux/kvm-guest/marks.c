/*
 * How does L0 know when L2's boot begins and ends?  Only L1's kernel and L2's may execute HVC, so vCPU 0 does: a few
 * instructions behind the device tree, before L2's own first one and, when L2 has ended, once more.
 */
#include "guest-hyp/linux/kvm-guest/marks.h"

#include <string.h>

#include "nv/arch/firn_abi.h"

#define HVC(number) (UINT32_C(0xd4000002) | (number) << 5)
#define MOV_X0_X5 UINT32_C(0xaa0503e0)
#define BR_X4 UINT32_C(0xd61f0080)
#define PSCI_SYSTEM_OFF UINT64_C(0x84000008)

/* Where L0 makes no marks, L1 answers in x0. */
static const uint32_t begin[] = { HVC(FIRN_HVC_MARK), HVC(FIRN_HVC_MARK), MOV_X0_X5, BR_X4 };
static const uint32_t end[] = { HVC(FIRN_HVC_MARK), MOV_X0_X5, HVC(0) };

static void start(const struct memory *memory, const struct layout *layout, const struct vcpu *vcpu,
		  const uint32_t *code, size_t size)
{
	uint64_t ipa = layout->dtb + DTB_SIZE - 64;
	char *place = memory_at(memory, ipa, size, 4);

	memcpy(place, code, size);
	__builtin___clear_cache(place, place + size);
	vcpu_set_register(vcpu, VCPU_PC, ipa);
}

void marks_begin(const struct memory *memory, const struct layout *layout, const struct vcpu *vcpu)
{
	vcpu_set_register(vcpu, VCPU_X(0), layout->dtb);
	vcpu_set_register(vcpu, VCPU_X(4), layout->entry);
	vcpu_set_register(vcpu, VCPU_X(5), layout->dtb);
	start(memory, layout, vcpu, begin, sizeof(begin));
}

void marks_end(const struct memory *memory, const struct layout *layout, struct vcpu *vcpu)
{
	vcpu_reset(vcpu);
	vcpu_set_register(vcpu, VCPU_X(0), PSCI_SYSTEM_OFF);
	vcpu_set_register(vcpu, VCPU_X(5), PSCI_SYSTEM_OFF);
	start(memory, layout, vcpu, end, sizeof(end));
	vcpu_run(vcpu);
}
