/*
 * Is what the plugin wrote read as it stands, and is each function of L0's given its purpose?  Tests experiments/firn/measure/outside.c
 * and purposes.c.
 */
#define _GNU_SOURCE
#include <CUnit/CUnit.h>
#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "experiments/firn/measure/outside.h"
#include "experiments/firn/measure/purposes.h"
#include "nv/arch/fields.h"
#include "nv/arch/sysreg.h"
#include "tests/unit/experiments/firn/experiment/said.h"

void register_experiments_outside(void);

/* A file as the plugin leaves it; cut: so many bytes are missing at the end. */
static int file_of(const struct outside_step *step, uint64_t steps, const int64_t *word, uint64_t words,
		   off_t cut)
{
	struct ledger_header header = { .version = LEDGER_VERSION,
					.vcpus = 1,
					.vcpu_bytes = sizeof(struct ledger_vcpu) };
	struct ledger_vcpu *vcpu = calloc(1, sizeof(*vcpu));
	struct outside outside = { .magic = OUTSIDE_MAGIC, .steps = steps, .text = 0x4000, .words = words };
	int fd = memfd_create("test", 0);
	off_t end;

	CU_ASSERT_PTR_NOT_NULL_FATAL(vcpu);
	vcpu->marks = 3;
	CU_ASSERT_EQUAL(write(fd, &header, sizeof(header)), sizeof(header));
	CU_ASSERT_EQUAL(write(fd, vcpu, sizeof(*vcpu)), sizeof(*vcpu));
	CU_ASSERT_EQUAL(write(fd, &outside, sizeof(outside)), sizeof(outside));
	CU_ASSERT_EQUAL(write(fd, step, steps * sizeof(*step)), (ssize_t)(steps * sizeof(*step)));
	CU_ASSERT_EQUAL(write(fd, word, words * sizeof(*word)), (ssize_t)(words * sizeof(*word)));
	end = lseek(fd, 0, SEEK_END);
	CU_ASSERT_EQUAL(ftruncate(fd, end - cut), 0);
	free(vcpu);
	return fd;
}

#define WRITE_OF(name) (LEDGER_SYSREG + 2 * SR_##name + 1)

/* Two operations of two traps, each of L2 first, and the mark. */
static const struct outside_step steps[] = {
	{ LEDGER_L2_EL1, LEDGER_MARK, 0, 1, 0, 5 },	 { LEDGER_L2_EL1, EC_HVC64, 0, 2, 0, 100 },
	{ LEDGER_VEL2, EC_ERET, 0, 2, 0, 200 },		 { LEDGER_L2_EL1, EC_HVC64, 0, 2, 0, 101 },
	{ LEDGER_VEL2, WRITE_OF(HCR_EL2), 0, 2, 0, 50 }, { LEDGER_VEL2, EC_ERET, 0, 2, 0, 201 },
	{ LEDGER_L2_EL1, LEDGER_MARK, 0, 2, 0, 0 },
};
static const int64_t words[] = { 0, 7, -1 };

static void the_last_operation(void)
{
	static const char *const expected[] = { "L2 EL1 HVC 101", "vEL2 SYSREG:HCR_EL2:W 50",
						"vEL2 ERET 201" };
	int fd = file_of(steps, 7, words, 3, 0);
	struct outside_counts counts;
	cJSON *list;

	CU_ASSERT_TRUE_FATAL(outside_read(&counts, fd));
	CU_ASSERT_EQUAL(counts.ledger.vcpu[0].marks, 3);
	CU_ASSERT_EQUAL(counts.steps, 7);
	CU_ASSERT_EQUAL(counts.words, 3);
	CU_ASSERT_EQUAL(counts.text, 0x4000);
	CU_ASSERT_EQUAL(counts.word[1], 7);
	CU_ASSERT_EQUAL(counts.word[2], -1);
	for (int64_t traps = 2; traps <= 3;
	     traps++) { /* it begins where L2 left, though two were one too few */
		list = outside_sequence(&counts, traps);
		CU_ASSERT_EQUAL_FATAL(cJSON_GetArraySize(list), 3);
		for (int i = 0; i < 3; i++)
			CU_ASSERT_STRING_EQUAL(cJSON_GetArrayItem(list, i)->valuestring, expected[i]);
		cJSON_Delete(list);
	}
	list = outside_sequence(&counts, 100);
	CU_ASSERT_EQUAL(cJSON_GetArraySize(list), 0);
	cJSON_Delete(list);
	outside_free(&counts);
	close(fd);
}

static void half_a_file(void)
{
	static const off_t cuts[] = { 8, 24 + 8, 24 + 7 * sizeof(struct outside_step) + 8, 600000 };

	for (unsigned i = 0; i < sizeof(cuts) / sizeof(cuts[0]); i++) {
		int fd = file_of(steps, 7, words, 3, cuts[i]);
		struct outside_counts counts;

		said_begin();
		CU_ASSERT_FALSE(outside_read(&counts, fd));
		CU_ASSERT_TRUE(said_one_line("QEMU's plugin left"));
		outside_free(&counts);
		close(fd);
	}
}

static void purposes_by_file(void)
{
	CU_ASSERT_STRING_EQUAL(purpose_of("host/run/vectors.S"), "general registers");
	CU_ASSERT_STRING_EQUAL(purpose_of("../other/host/world/world.c"), "EL1 registers");
	CU_ASSERT_STRING_EQUAL(purpose_of("host/world/controls.c"), "controls");
	CU_ASSERT_STRING_EQUAL(purpose_of("host/world/fp.c"), "FP");
	CU_ASSERT_STRING_EQUAL(purpose_of("/a/host/interrupt/timer.c"), "timers");
	CU_ASSERT_STRING_EQUAL(purpose_of("host/interrupt/vgic.c"), "GIC");
	CU_ASSERT_STRING_EQUAL(purpose_of("nv/gic/lists.c"), "GIC");
	CU_ASSERT_STRING_EQUAL(purpose_of("nv/decide.c"), "decision");
	CU_ASSERT_STRING_EQUAL(purpose_of("./host/record/ledger.c"), "ledger");
	CU_ASSERT_STRING_EQUAL(purpose_of("shadow-s2/combine.c"), "stage 2");
	CU_ASSERT_STRING_EQUAL(purpose_of("env/translate.c"), "other"); /* not nv/ */
	CU_ASSERT_TRUE(purpose_is_of_caller("vncr/file.h"));
	CU_ASSERT_FALSE(purpose_is_of_caller("nv/decide.c"));
}

void register_experiments_outside(void)
{
	CU_pSuite suite = CU_add_suite("experiments/outside", NULL, NULL);

	CU_add_test(suite, "the last operation", the_last_operation);
	CU_add_test(suite, "half a file", half_a_file);
	CU_add_test(suite, "purposes by file", purposes_by_file);
}
