/*
 * Do the numbers that firn stat shows follow from the ledger, and does it notice a ledger that does not add
 * up? Tests experiments/firn/{measure/ledger,measure/measure,machine/exec_filter,tool/options}.c.
 */
#define _GNU_SOURCE
#include <CUnit/CUnit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "experiments/firn/machine/exec_filter.h"
#include "experiments/firn/measure/ledger.h"
#include "experiments/firn/measure/measure.h"
#include "experiments/firn/tool/options.h"
#include "nv/arch/fields.h"
#include "nv/arch/sysreg.h"

void register_experiments_stat(void);

#define RAM_BASE UINT64_C(0x40000000)
#define RAM_BYTES UINT64_C(0x1000000)
#define IMAGE_AT UINT64_C(0x200000)
#define HEADER_AT UINT64_C(0x300000)
#define VCPU_AT UINT64_C(0x400000)
#define WRITE_OF(name) (LEDGER_SYSREG + 2 * SR_##name + 1)
#define READ_OF(name) (LEDGER_SYSREG + 2 * SR_##name)

/* Complaints are expected here and would only disturb the test's own output. */
static int hide_stderr(void)
{
	int kept = dup(2);

	fflush(stderr);
	if (!freopen("/dev/null", "w", stderr))
		abort();
	return kept;
}

static void show_stderr(int kept)
{
	fflush(stderr);
	dup2(kept, 2);
	close(kept);
}

static struct ledger_vcpu *new_vcpu(void)
{
	struct ledger_vcpu *vcpu = calloc(1, sizeof(*vcpu));

	if (!vcpu)
		abort();
	vcpu->marks = 3;
	return vcpu;
}

/* Adds traps to mark m and every later one, as running counts do. */
static void add(struct ledger_vcpu *vcpu, unsigned m, unsigned level, unsigned reason, uint64_t count)
{
	for (; m < 3; m++) {
		vcpu->mark[m].count[level][reason] += count;
		vcpu->mark[m].entries += count;
	}
	vcpu->now.count[level][reason] += count;
	vcpu->now.entries += count;
}

static const struct ledger_header gigahertz = { .version = LEDGER_VERSION,
						.counter_hz = 1000000000,
						.untimed = 0 };

static void operations_are_the_second_difference(void)
{
	struct ledger_vcpu *vcpu = new_vcpu();
	struct cost cost;

	add(vcpu, 0, LEDGER_VEL2, EC_HVC64, 777);	/* before the first mark: start-up */
	add(vcpu, 1, LEDGER_L2_EL1, EC_HVC64, 100 + 5); /* once per stretch: 5 */
	add(vcpu, 2, LEDGER_L2_EL1, EC_HVC64, 300 + 5);
	add(vcpu, 1, LEDGER_VEL2, EC_ERET, 100);
	add(vcpu, 2, LEDGER_VEL2, EC_ERET, 300);
	measure(&cost, &gigahertz, vcpu, 1, 100, 300);
	CU_ASSERT_EQUAL(cost.operations, 200);
	CU_ASSERT_EQUAL(cost.traps, 400);
	CU_ASSERT_EQUAL_FATAL(cost.reasons, 2);
	CU_ASSERT_EQUAL(cost_find(&cost, "HVC")->value, 200);
	CU_ASSERT_EQUAL(cost_find(&cost, "HVC")->by_level[LEDGER_L2_EL1], 200);
	CU_ASSERT_EQUAL(cost_find(&cost, "ERET")->by_level[LEDGER_VEL2], 200);
	CU_ASSERT_EQUAL(cost.level_traps[LEDGER_L2_EL1], 200);
	CU_ASSERT_TRUE(cost.exact);
	measure_free(&cost);
	free(vcpu);
}

/* Counts of the shadow stage 2 as differences, not divided; what it holds as it was at the last mark. */
static void the_shadow_stage_2_is_counted_between_the_marks(void)
{
	struct ledger_vcpu *vcpu = new_vcpu();
	struct cost cost;

	for (unsigned m = 0; m < 3; m++) {
		vcpu->mark[m].s2.fault[LEDGER_S2_MAPPED] = 50 + 7 * m * m; /* 50, 57, 78: 7, then 21 */
		vcpu->mark[m].s2.ahead = 5 * m * m;
		vcpu->mark[m].s2.invalidation[LEDGER_S2_VMID] = m;
		vcpu->mark[m].s2.evictions = m == 2;
		vcpu->mark[m].s2.leaves[2] = 10 * m;
		vcpu->mark[m].s2.table_bytes = 4096 * (m + 1);
	}
	measure(&cost, &gigahertz, vcpu, 1, 1, 3);
	CU_ASSERT_EQUAL(cost.s2.fault[LEDGER_S2_MAPPED], 14);
	CU_ASSERT_EQUAL(cost.s2.ahead, 10);
	CU_ASSERT_EQUAL(cost.s2.invalidation[LEDGER_S2_VMID], 0);
	CU_ASSERT_EQUAL(cost.s2.evictions, 1);
	CU_ASSERT_EQUAL(cost.s2.leaves[2], 20);
	CU_ASSERT_EQUAL(cost.s2.table_bytes, 12288);
	measure_free(&cost);
	free(vcpu);
}

static void markers_are_not_traps_of_the_operation(void)
{
	struct ledger_vcpu *vcpu = new_vcpu();
	struct cost cost;

	add(vcpu, 2, LEDGER_L2_EL1, LEDGER_MARK, 1);
	measure(&cost, &gigahertz, vcpu, 1, 10, 20);
	CU_ASSERT_EQUAL(cost.traps, 0);
	CU_ASSERT_EQUAL(cost.reasons, 0);
	measure_free(&cost);
	free(vcpu);
}

static void rows_come_most_frequent_first_then_by_name(void)
{
	struct ledger_vcpu *vcpu = new_vcpu();
	struct cost cost;

	add(vcpu, 2, LEDGER_VEL2, LEDGER_WFI, 3);
	add(vcpu, 2, LEDGER_VEL2, LEDGER_WFE, 4); /* one row with the line above: WFX 7 */
	add(vcpu, 2, LEDGER_L2_EL1, EC_SMC64, 5);
	add(vcpu, 2, LEDGER_L2_EL1, EC_FP, 5);
	measure(&cost, &gigahertz, vcpu, 1, 1, 2);
	CU_ASSERT_EQUAL_FATAL(cost.reasons, 3);
	CU_ASSERT_STRING_EQUAL(cost.reason[0].name, "WFX");
	CU_ASSERT_EQUAL(cost.reason[0].value, 7);
	CU_ASSERT_STRING_EQUAL(cost.reason[1].name, "FP");
	CU_ASSERT_STRING_EQUAL(cost.reason[2].name, "SMC");
	measure_free(&cost);
	free(vcpu);
}

static void unlisted_registers_are_named_by_encoding(void)
{
	struct ledger_vcpu *vcpu = new_vcpu();
	struct cost cost;
	/* ISS of EC 0x18: Op0 [21:20], Op2 [19:17], Op1 [16:14], CRn [13:10], CRm [4:1], direction [0] (1: read) */
	const uint32_t iss = 3u << 20 | 7u << 17 | 6u << 14 | 15u << 10 | 2u << 1 | 1u;

	vcpu->mark[1].unlisted[0] = (struct ledger_unlisted){ iss, LEDGER_L2_EL1, 10 };
	vcpu->mark[2].unlisted[0] = (struct ledger_unlisted){ iss, LEDGER_L2_EL1, 30 };
	vcpu->mark[2].unlisted_rest = 4;
	measure(&cost, &gigahertz, vcpu, 1, 10, 20);
	CU_ASSERT_EQUAL_FATAL(cost.reasons, 2);
	CU_ASSERT_STRING_EQUAL(cost.reason[0].name, "SYSREG:S3_6_C15_C2_7:R");
	CU_ASSERT_EQUAL(cost.reason[0].by_level[LEDGER_L2_EL1], 10);
	CU_ASSERT_EQUAL(cost_find(&cost, "SYSREG:UNLISTED")->value, 4);
	measure_free(&cost);
	free(vcpu);
}

/* Two vCPUs: ten traps more of the first one's in the second stretch, thirty of the other one's. */
static struct ledger_vcpu *new_pair(uint32_t second_vm)
{
	struct ledger_vcpu *pair = calloc(2, sizeof(*pair));

	if (!pair)
		abort();
	pair[0].marks = pair[1].marks = 3;
	pair[1].vm = second_vm;
	pair[1].vcpu = !second_vm;
	add(&pair[0], 2, LEDGER_L2_EL1, EC_HVC64, 10);
	add(&pair[1], 2, LEDGER_L2_EL1, EC_HVC64, 30);
	return pair;
}

static void vcpus_of_a_vm_add_up(void)
{
	struct ledger_vcpu *pair = new_pair(0);
	struct cost cost;

	measure(&cost, &gigahertz, pair, 2, 10, 20);
	CU_ASSERT_EQUAL(cost.operations, 10);
	CU_ASSERT_EQUAL(cost.traps, 40);
	CU_ASSERT_FALSE(cost.exact); /* one waits for the other one */
	measure_free(&cost);

	pair[1].marks = 2; /* no exit since the last mark of its VM, so that its counts are those of then */
	pair[1].mark[2] = (struct ledger_counts){ 0 };
	measure(&cost, &gigahertz, pair, 2, 10, 20);
	CU_ASSERT_EQUAL(cost.traps, 40);
	measure_free(&cost);
	free(pair);
}

static void vms_all_do_the_operations(void)
{
	struct ledger_vcpu *pair = new_pair(1);
	struct cost cost;

	measure(&cost, &gigahertz, pair, 2, 10, 20);
	CU_ASSERT_EQUAL(cost.operations, 20);
	CU_ASSERT_EQUAL(cost.traps, 40);
	CU_ASSERT_TRUE(cost.exact);
	measure_free(&cost);
	free(pair);
}

static void instructions_are_ticks_with_the_untimed_part_moved_to_l0(void)
{
	struct ledger_vcpu *vcpu = new_vcpu();
	struct ledger_header header = gigahertz;
	struct cost cost;

	header.untimed = 7;
	add(vcpu, 2, LEDGER_VEL2, EC_ERET, 10);
	add(vcpu, 2, LEDGER_L2_EL1, EC_HVC64, 10);
	vcpu->mark[2].ticks[LEDGER_VEL2] = 1000;
	vcpu->mark[2].ticks[LEDGER_L1_EL0] = 5;
	vcpu->mark[2].ticks[LEDGER_L2_EL1] = 2000;
	vcpu->mark[2].ticks[LEDGER_L0] = 3000;
	measure(&cost, &header, vcpu, 1, 10, 20);
	CU_ASSERT_EQUAL(cost.instructions[LEDGER_L0], 3000 + 2 * 10 * 7);
	CU_ASSERT_EQUAL(cost_l1_instructions(&cost), 1000 - 10 * 7 + 5);
	CU_ASSERT_EQUAL(cost_l2_instructions(&cost), 2000 - 10 * 7);
	measure_free(&cost);

	header.untimed = 0;
	header.counter_hz = 62500000; /* neoverse-v1 under QEMU: 16 instructions a tick */
	measure(&cost, &header, vcpu, 1, 10, 20);
	CU_ASSERT_FALSE(cost.exact);
	CU_ASSERT_EQUAL(cost.instructions[LEDGER_L0], 3000 * 16);
	measure_free(&cost);
	free(vcpu);
}

static void reasons_have_the_names_of_the_documented_json(void)
{
	static const struct {
		unsigned reason;
		const char *name;
	} rows[] = {
		{ EC_HVC64, "HVC" },
		{ EC_SMC64, "SMC" },
		{ EC_ERET, "ERET" },
		{ EC_FP, "FP" },
		{ EC_DABT_LOW, "DABT" },
		{ EC_IABT_LOW, "IABT" },
		{ EC_SVE, "EC:0x19" },
		{ EC_UNKNOWN, "EC:0x00" },
		{ LEDGER_IRQ, "IRQ" },
		{ LEDGER_FIQ, "FIQ" },
		{ LEDGER_SERROR, "SERROR" },
		{ LEDGER_WFI, "WFX" },
		{ LEDGER_WFE, "WFX" },
		{ READ_OF(ICH_MISR_EL2), "SYSREG:ICH_MISR_EL2:R" },
		{ WRITE_OF(HCR_EL2), "SYSREG:HCR_EL2:W" },
		{ WRITE_OF(AT_S1E1R), "AT:S1E1R" },
		{ WRITE_OF(TLBI_VMALLE1), "TLBI:VMALLE1" },
	};
	char name[48];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		reason_name(name, sizeof(name), rows[i].reason);
		CU_ASSERT_STRING_EQUAL(name, rows[i].name);
	}
}

static void numbers_are_integers_where_they_can_be(void)
{
	static const struct {
		int64_t value, operations;
		const char *expected;
	} rows[] = {
		{ 3000, 1000, "3" },	       { 0, 7, "0" },		{ 3012, 1000, "3.012" },
		{ -1, 1000, "-0.001" },	       { -2000, 1000, "-2" },	{ 2, 3, "0.667" },
		{ 1999999, 1000000, "2.000" }, { -1, 100000, "0.000" },
	};
	char text[48];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		CU_ASSERT_STRING_EQUAL(per_operation(text, sizeof(text), rows[i].value, rows[i].operations),
				       rows[i].expected);
}

static void put(int fd, uint64_t pa, const void *bytes, size_t size)
{
	if (pwrite(fd, bytes, size, (off_t)(pa - RAM_BASE)) != (ssize_t)size)
		abort();
}

/* Memory of a machine: an L0 image at its second 2 MiB, its ledger, and a guest's copy of the image further up. */
static int new_memory(const struct ledger_vcpu *vcpu)
{
	int fd = memfd_create("ram", 0);
	struct ledger_anchor anchor = { LEDGER_ANCHOR_MAGIC, HEADER_AT - IMAGE_AT };
	struct ledger_anchor forged = { LEDGER_ANCHOR_MAGIC, 0x1234 };
	struct ledger_header header = { .version = LEDGER_VERSION,
					.vcpus = 1,
					.vcpu_bytes = sizeof(*vcpu),
					.reasons = LEDGER_SYSREG + 2 * SR_COUNT,
					.counter_hz = 1000000000,
					.vcpu_pa = { RAM_BASE + VCPU_AT } };

	if (fd < 0 || ftruncate(fd, (off_t)RAM_BYTES))
		abort();
	put(fd, RAM_BASE + IMAGE_AT + 56, "ARM\x64", 4);
	put(fd, RAM_BASE + IMAGE_AT + LEDGER_ANCHOR_OFFSET, &anchor, sizeof(anchor));
	put(fd, RAM_BASE + 0xa00000 + 56, "ARM\x64", 4);
	put(fd, RAM_BASE + 0xa00000 + LEDGER_ANCHOR_OFFSET, &forged, sizeof(forged));
	put(fd, RAM_BASE + HEADER_AT, &header, sizeof(header));
	put(fd, RAM_BASE + VCPU_AT, vcpu, sizeof(*vcpu));
	return fd;
}

static void the_ledger_is_found_in_memory_and_adds_up(void)
{
	struct ledger_vcpu *vcpu = new_vcpu();
	struct ledger ledger;
	int fd, hidden;

	add(vcpu, 0, LEDGER_VEL2, WRITE_OF(HCR_EL2), 5);
	add(vcpu, 1, LEDGER_L2_EL1, EC_HVC64, 6);
	vcpu->now.unlisted[3] = (struct ledger_unlisted){ 1, LEDGER_VEL2, 2 };
	vcpu->now.unlisted_rest = 1;
	vcpu->now.entries += 3;
	fd = new_memory(vcpu);
	CU_ASSERT_TRUE_FATAL(ledger_read(&ledger, fd, RAM_BASE, RAM_BYTES));
	CU_ASSERT_EQUAL(ledger.header.vcpus, 1);
	CU_ASSERT_EQUAL(ledger_sum(&ledger.vcpu[0].now), 14);
	CU_ASSERT_TRUE(ledger_is_sound(&ledger));
	hidden = hide_stderr();
	ledger.vcpu[0].mark[2].entries++;
	CU_ASSERT_FALSE(ledger_is_sound(&ledger));
	ledger.vcpu[0].mark[2].entries--;
	ledger.vcpu[0].now.entries--;
	CU_ASSERT_FALSE(ledger_is_sound(&ledger));
	show_stderr(hidden);
	ledger_free(&ledger);
	close(fd);
	free(vcpu);
}

#define OFFSET_IN_ANCHOR \
	(RAM_BASE + IMAGE_AT + LEDGER_ANCHOR_OFFSET + offsetof(struct ledger_anchor, header_offset))

static void a_damaged_ledger_is_refused(void)
{
	const struct {
		uint64_t pa, value;
		size_t size;
	} damage[] = {
		{ OFFSET_IN_ANCHOR, 0, 8 },			   /* not set up */
		{ OFFSET_IN_ANCHOR, RAM_BYTES - IMAGE_AT - 8, 8 }, /* crosses the end of RAM */
		{ OFFSET_IN_ANCHOR, 0 - IMAGE_AT - 8, 8 },	   /* before RAM */
		{ OFFSET_IN_ANCHOR, 0 - IMAGE_AT - RAM_BASE, 8 },  /* at 0 */
		{ RAM_BASE + HEADER_AT + offsetof(struct ledger_header, version), LEDGER_VERSION + 1, 4 },
		{ RAM_BASE + HEADER_AT + offsetof(struct ledger_header, vcpu_bytes), 8, 4 },
		{ RAM_BASE + HEADER_AT + offsetof(struct ledger_header, vcpus), 0, 4 },
		{ RAM_BASE + HEADER_AT + offsetof(struct ledger_header, vcpus), LEDGER_MAX_VCPUS + 1, 4 },
		{ RAM_BASE + HEADER_AT + offsetof(struct ledger_header, reasons), 64, 4 },
		{ RAM_BASE + HEADER_AT + offsetof(struct ledger_header, counter_hz), 0, 8 },
		{ RAM_BASE + HEADER_AT + offsetof(struct ledger_header, vcpu_pa), 0, 8 },
	};
	struct ledger_vcpu *vcpu = new_vcpu();
	struct ledger ledger;

	for (size_t i = 0; i < sizeof(damage) / sizeof(damage[0]); i++) {
		int fd = new_memory(vcpu), hidden = hide_stderr();

		put(fd, damage[i].pa, &damage[i].value, damage[i].size);
		CU_ASSERT_FALSE(ledger_read(&ledger, fd, RAM_BASE, RAM_BYTES));
		show_stderr(hidden);
		close(fd);
	}
	free(vcpu);
}

/* Feeds the console byte by byte, which is the hardest way to cut it. */
static char *filtered(const char *console, struct exec_filter *filter)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	*filter = (struct exec_filter){ .phase = EXEC_BEFORE };
	for (; *console; console++)
		exec_filter_feed(filter, console, 1, out);
	fclose(out);
	return text;
}

static void the_output_of_exec_is_what_lies_between_its_markers(void)
{
	static const struct {
		const char *console, *output;
		bool done;
		int status;
	} rows[] = {
		{ "boot\r\nFIRN-EXEC-BEGIN\r\nhello\nFIRN-EXEC-STATUS 0\noff\n", "hello\n", true, 0 },
		{ "FIRN-EXEC-BEGIN\nno end of lineFIRN-EXEC-STATUS 77\r\n", "no end of line", true, 77 },
		{ "FIRN-EXEC-BEGIN\nFIRN-EXEC-STATUS $?\nFIRN-EXEC-STATUS 3 \nFIRN-EXEC-STATUS 4\n",
		  "FIRN-EXEC-STATUS $?\nFIRN-EXEC-STATUS 3 \n", true, 4 },
		{ "FIRN-EXEC-BEGIN\nFFIRN-EXEC-STATUS 5\n", "F", true, 5 },
		{ "FIRN-EXEC-BEGIN\nFIRN-EXEC-STATUS 12345\nFIRN-EXEC-STATUS 255\n",
		  "FIRN-EXEC-STATUS 12345\n", true, 255 },
		{ "FIRN-EXEC-BEGIN\ncr\r\nkept\n", "cr\r\nkept\n", false, 0 },
		{ "FIRN-EXEC-STATUS 3\nnothing\n", "", false, 0 },
	};
	struct exec_filter filter;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *text = filtered(rows[i].console, &filter);

		CU_ASSERT_STRING_EQUAL(text, rows[i].output);
		CU_ASSERT_EQUAL(filter.phase == EXEC_DONE, rows[i].done);
		CU_ASSERT_EQUAL(filter.status, rows[i].status);
		CU_ASSERT_EQUAL(filter.last, *text ? text[strlen(text) - 1] : '\0');
		free(text);
	}
}

static void sizes_are_read_as_qemu_reads_them(void)
{
	static const struct {
		const char *value;
		uint64_t bytes; /* 0: refused */
	} rows[] = {
		{ "512", UINT64_C(512) << 20 },
		{ "512M", UINT64_C(512) << 20 },
		{ "2g", UINT64_C(2) << 30 },
		{ "65536k", UINT64_C(64) << 20 },
		{ "0", 0 },
		{ "3M", 0 },
		{ "1025G", 0 },
		{ "99999999999999999999", 0 },
		{ "-1", 0 },
		{ "1GB", 0 },
		{ "M", 0 },
		{ "", 0 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint64_t bytes = 0;
		int hidden = hide_stderr();
		bool good = option_size("--mem", rows[i].value, &bytes);

		show_stderr(hidden);
		CU_ASSERT_EQUAL(good, rows[i].bytes != 0);
		if (good)
			CU_ASSERT_EQUAL(bytes, rows[i].bytes);
	}
}

void register_experiments_stat(void)
{
	CU_pSuite suite = CU_add_suite("experiments/firn: stat", NULL, NULL);

	CU_ADD_TEST(suite, operations_are_the_second_difference);
	CU_ADD_TEST(suite, the_shadow_stage_2_is_counted_between_the_marks);
	CU_ADD_TEST(suite, markers_are_not_traps_of_the_operation);
	CU_ADD_TEST(suite, rows_come_most_frequent_first_then_by_name);
	CU_ADD_TEST(suite, unlisted_registers_are_named_by_encoding);
	CU_ADD_TEST(suite, vcpus_of_a_vm_add_up);
	CU_ADD_TEST(suite, vms_all_do_the_operations);
	CU_ADD_TEST(suite, instructions_are_ticks_with_the_untimed_part_moved_to_l0);
	CU_ADD_TEST(suite, reasons_have_the_names_of_the_documented_json);
	CU_ADD_TEST(suite, numbers_are_integers_where_they_can_be);
	CU_ADD_TEST(suite, the_ledger_is_found_in_memory_and_adds_up);
	CU_ADD_TEST(suite, a_damaged_ledger_is_refused);
	CU_ADD_TEST(suite, the_output_of_exec_is_what_lies_between_its_markers);
	CU_ADD_TEST(suite, sizes_are_read_as_qemu_reads_them);
}
