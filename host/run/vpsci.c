/* What does an SMC of L1 do?  Reads: vpsci.h. Functions and values: Arm DEN0022 (PSCI), DEN0028 (SMCCC). */
#include "host/run/vpsci.h"

#include <stddef.h>

#include "host/run/power.h"
#include "host/vm/queue.h"
#include "host/vm/vm.h"
#include "nv/arch/fields.h"

/* Function numbers: bit 30 for arguments of 64 bits. */
#define PSCI_VERSION 0x84000000U
#define CPU_SUSPEND_32 0x84000001U
#define CPU_SUSPEND_64 0xc4000001U
#define CPU_OFF 0x84000002U
#define CPU_ON_32 0x84000003U
#define CPU_ON_64 0xc4000003U
#define AFFINITY_INFO_32 0x84000004U
#define AFFINITY_INFO_64 0xc4000004U
#define MIGRATE_INFO_TYPE 0x84000006U
#define SYSTEM_OFF 0x84000008U
#define SYSTEM_RESET 0x84000009U
#define PSCI_FEATURES 0x8400000aU
#define SMCCC_VERSION 0x80000000U
#define SMCCC_ARCH_FEATURES 0x80000001U

enum psci_result {
	SUCCESS = 0,
	NOT_SUPPORTED = -1,
	INVALID_PARAMETERS = -2,
	ALREADY_ON = -4,
	INVALID_ADDRESS = -9,
};

#define PSCI_1_1 0x00010001
#define SMCCC_1_1 0x00010001
#define TOS_NOT_PRESENT 2 /* MIGRATE_INFO_TYPE: nothing to migrate */
#define AFFINITY_ON 0
#define AFFINITY_OFF 1
#define IS_SMC64 BIT(30)

static struct vcpu *vcpu_by_affinity(const struct vm *vm, uint64_t affinity)
{
	for (unsigned i = 0; i < vm->nvcpus; i++)
		if ((vm->vcpu[i]->mpidr & MPIDR_AFFINITY) == affinity)
			return vm->vcpu[i];
	return NULL;
}

static int64_t cpu_on(struct vm *vm, uint64_t affinity, l1_ipa_t entry, uint64_t context)
{
	struct vcpu *v = vcpu_by_affinity(vm, affinity);
	uint64_t contiguous;
	pa_t pa;

	if (!v)
		return INVALID_PARAMETERS;
	if (entry.val % 4 || !vm_translate(vm, entry, &pa, &contiguous))
		return INVALID_ADDRESS;
	return power_vcpu_on(v, entry, context) ? SUCCESS : ALREADY_ON;
}

static int64_t affinity_info(const struct vm *vm, uint64_t affinity, uint64_t lowest_level)
{
	const struct vcpu *v = vcpu_by_affinity(vm, affinity);

	if (!v || lowest_level)
		return INVALID_PARAMETERS;
	return power_vcpu_is_on(v) ? AFFINITY_ON : AFFINITY_OFF;
}

/* The VM ends or begins again when the last of its vCPUs has come to sched_next. */
static void stop_vm(struct vcpu *v, enum vm_stop why)
{
	__atomic_store_n(&v->vm->stopping, why, __ATOMIC_RELEASE);
	queue_stop_vm(v->vm);
	queue_look(v);
}

static int64_t features(uint32_t function)
{
	switch (function) {
	case PSCI_VERSION:
	case CPU_SUSPEND_32:
	case CPU_SUSPEND_64:
	case CPU_OFF:
	case CPU_ON_32:
	case CPU_ON_64:
	case AFFINITY_INFO_32:
	case AFFINITY_INFO_64:
	case MIGRATE_INFO_TYPE:
	case SYSTEM_OFF:
	case SYSTEM_RESET:
	case PSCI_FEATURES:
	case SMCCC_VERSION:
		return SUCCESS;
	default:
		return NOT_SUPPORTED;
	}
}

/* Of the Arm Architecture calls SMCCC 1.1 makes these two mandatory; L1's CPUs need no workaround that firmware would do. */
static int64_t arch_features(uint32_t function)
{
	return function == SMCCC_VERSION || function == SMCCC_ARCH_FEATURES ? SUCCESS : NOT_SUPPORTED;
}

static int64_t call(struct vcpu *v, uint32_t function)
{
	uint64_t mask = function & IS_SMC64 ? ~UINT64_C(0) : BITS(31, 0);
	uint64_t x1 = v->gp.x[1] & mask, x2 = v->gp.x[2] & mask, x3 = v->gp.x[3] & mask;

	switch (function) {
	case PSCI_VERSION:
		return PSCI_1_1;
	case SMCCC_VERSION:
		return SMCCC_1_1;
	case SMCCC_ARCH_FEATURES:
		return arch_features((uint32_t)x1);
	case PSCI_FEATURES:
		return features((uint32_t)x1);
	case CPU_ON_32:
	case CPU_ON_64:
		return cpu_on(v->vm, x1, (l1_ipa_t){ x2 }, x3);
	case AFFINITY_INFO_32:
	case AFFINITY_INFO_64:
		return affinity_info(v->vm, x1, x2);
	case CPU_SUSPEND_32: /* every state is a standby state, which PSCI allows */
	case CPU_SUSPEND_64:
		queue_leave(v, LEAVE_WAITS);
		return SUCCESS;
	case MIGRATE_INFO_TYPE:
		return TOS_NOT_PRESENT;
	case CPU_OFF:
		queue_leave(v, LEAVE_OFF);
		return SUCCESS;
	case SYSTEM_RESET:
		stop_vm(v, VM_RESET);
		return SUCCESS;
	case SYSTEM_OFF:
		stop_vm(v, VM_OFF);
		return SUCCESS;
	default:
		return NOT_SUPPORTED;
	}
}

void vpsci_call(struct vcpu *v)
{
	v->gp.x[0] = (uint64_t)call(v, (uint32_t)v->gp.x[0]);
}
