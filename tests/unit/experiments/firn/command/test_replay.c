/*
 * Is each exit judged by L1's registers as they were then?  Tests experiments/firn/command/replay.c with recordings made by hand.
 */
#define _GNU_SOURCE
#include <CUnit/CUnit.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "experiments/firn/command/commands.h"
#include "nv/arch/fields.h"
#include "nv/cause.h"
#include "traces/events.h"
#include "traces/format.h"

void register_experiments_replay(void);

#define CPUS 2
#define ESR_OF_WFI (UINT64_C(1) << 26 | UINT64_C(1) << 25)
#define HOST (HCR_E2H | HCR_TGE | HCR_RW)
#define GUEST (HCR_E2H | HCR_VM | HCR_RW)

static struct trace_page page[CPUS];

static void add(unsigned cpu, uint64_t time, unsigned vcpu, unsigned id, const void *payload, size_t bytes)
{
	uint8_t record[TRACE_COMMON_BYTES + 256] = { 0 };
	uint16_t type = (uint16_t)TRACE_FILE_ID(id);
	int32_t pid = trace_pid(0, vcpu, 0);

	memcpy(record, &type, sizeof(type));
	memcpy(record + 4, &pid, sizeof(pid));
	memcpy(record + TRACE_COMMON_BYTES, payload, bytes);
	CU_ASSERT_TRUE_FATAL(trace_page_add(&page[cpu], time, record, TRACE_COMMON_BYTES + bytes));
}

#define EVENT(cpu, time, vcpu, event, ...)                          \
	do {                                                        \
		struct trace_##event e = { __VA_ARGS__ };           \
		add(cpu, time, vcpu, TRACE_##event, &e, sizeof(e)); \
	} while (0)

/* What the events of both CPUs, each in a page, give as exit status; what is printed is not looked at. */
static int replay(void)
{
	int fd = memfd_create("trace", 0), out = dup(1), null = open("/dev/null", O_WRONLY), status;
	const uint64_t size[CPUS] = { TRACE_PAGE_BYTES, TRACE_PAGE_BYTES }, lost[CPUS] = { 0 };
	const struct trace_head head = { "", "", "", "firn mode=nv", CPUS, lost };
	struct trace_text file = { .bytes = NULL };
	char name[64];

	trace_format_head(&file, &head, size);
	for (unsigned i = 0; i < CPUS; i++) {
		trace_page_finish(&page[i], false);
		trace_text_add(&file, page[i].bytes, TRACE_PAGE_BYTES);
		page[i].used = 0;
	}
	CU_ASSERT_EQUAL_FATAL(write(fd, file.bytes, file.length), (ssize_t)file.length);
	trace_text_free(&file);
	snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	fflush(stdout);
	dup2(null, 1);
	status = command_replay(1, (char *[]){ name });
	fflush(stdout);
	dup2(out, 1);
	close(out);
	close(null);
	close(fd);
	return status;
}

/* vCPU 0 waits on CPU 0, which has nothing else to run; CPU 1 goes on with it, where L1's registers become others. */
static void moved(uint64_t hcr_at_exit)
{
	EVENT(0, 1, 0, firn_vcpu_state, .state = 1);
	EVENT(0, 2, 0, firn_register, .name = ENC_HCR_EL2, .value = HOST);
	EVENT(0, 3, 0, kvm_exit, .ret = 2, .esr_ec = EC_WFX, .esr_el2 = ESR_OF_WFI, .pstate = SPSR_M_EL1H,
	      .l1_hcr_el2 = hcr_at_exit, .from_vel2 = 1, .cause = NV_CAUSE_L0);
	EVENT(1, 4, 0, kvm_entry, .vcpu_pc = 4);
	EVENT(1, 5, 0, firn_register, .name = ENC_HCR_EL2, .value = GUEST);
	EVENT(1, 6, 0, kvm_exit, .ret = 0, .l1_hcr_el2 = GUEST);
	EVENT(1, 7, 0, kvm_entry, .vcpu_pc = 4);
	EVENT(0, 8, 1, kvm_entry, .vcpu_pc = 8);
}

static void a_step_that_ends_late_is_judged_by_its_exit(void)
{
	moved(HOST);
	CU_ASSERT_EQUAL(replay(), 0);
	moved(GUEST);
	CU_ASSERT_NOT_EQUAL(replay(), 0);
}

/* An ERETAA of L1, in whose ID registers is which algorithm there is; the signature is in ELR_EL2 no more when it is told. */
static void signed_eret(bool is_told, uint64_t class_taken)
{
	EVENT(0, 1, 0, firn_vcpu_state, .state = 1);
	EVENT(0, 2, 0, firn_register, .name = ENC_HCR_EL2, .value = GUEST);
	EVENT(0, 2, 0, firn_register, .name = ENC_ID_AA64ISAR1_EL1, .value = UINT64_C(5) << 4);
	EVENT(0, 3, 0, kvm_exit, .ret = 2, .esr_ec = EC_ERET,
	      .esr_el2 = field_put(ESR_EC, EC_ERET) | ESR_IL | ESR_ERET_AUTH, .pstate = SPSR_M_EL1H,
	      .l1_hcr_el2 = GUEST, .from_vel2 = 1, .cause = NV_CAUSE_ARCHITECTURE, .vcpu_pc = 0x100);
	if (is_told)
		EVENT(0, 4, 0, kvm_nested_eret, .elr_el2 = 0x8000, .spsr_el2 = SPSR_M_EL1H, .hcr_el2 = GUEST,
		      .pstate = SPSR_M_EL1H, .to = 1);
	if (class_taken)
		EVENT(0, 4, 0, kvm_inject_nested_exception, .esr_el2 = field_put(ESR_EC, class_taken),
		      .pc = 0x100, .hcr_el2 = GUEST, .spsr_el2 = SPSR_M_EL2H, .new_pc = 0x200,
		      .new_pstate = PSTATE_DAIF | SPSR_M_EL1H);
	EVENT(0, 5, 0, kvm_entry, .vcpu_pc = is_told ? 0x8000 : 0x200, .pstate = SPSR_M_EL1H);
	EVENT(1, 6, 1, kvm_entry, .vcpu_pc = 8);
}

static void a_signed_return_is_one(void)
{
	signed_eret(true, 0);
	CU_ASSERT_EQUAL(replay(), 0);
	signed_eret(false, EC_FPAC);
	CU_ASSERT_EQUAL(replay(), 0);
	signed_eret(false, 0);
	CU_ASSERT_NOT_EQUAL(replay(), 0);
	signed_eret(false, EC_ERET);
	CU_ASSERT_NOT_EQUAL(replay(), 0);
}

void register_experiments_replay(void)
{
	CU_pSuite s = CU_add_suite("experiments/replay", NULL, NULL);

	CU_ADD_TEST(s, a_step_that_ends_late_is_judged_by_its_exit);
	CU_ADD_TEST(s, a_signed_return_is_one);
}
