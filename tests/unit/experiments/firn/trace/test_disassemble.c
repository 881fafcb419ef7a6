/*
 * How is an instruction written? Tests experiments/firn/trace/disassemble.c; the words are the GNU assembler's.
 */
#include <CUnit/CUnit.h>
#include <stdio.h>
#include <string.h>

#include "experiments/firn/trace/disassemble.h"

void register_experiments_disassemble(void);

static const struct row {
	uint32_t word;
	const char *text;
} rows[] = {
	{ 0xd51c1103, "msr HCR_EL2, x3" },
	{ 0xd53d1000, "mrs x0, SCTLR_EL12" },
	{ 0xd51de33f, "msr CNTV_CTL_EL02, xzr" },
	{ 0xd53ccc69, "mrs x9, ICH_LR3_EL2" },
	{ 0xd69f03e0, "eret" },
	{ 0xd409a962, "hvc #0x4d4b" },
	{ 0xd50342df, "msr daifset, #2" }, /* an immediate is no register of the list */
	{ 0xd508831f, "tlbi vmalle1is" },
	{ 0xb9000020, "str w0, [x1]" },
	{ 0x14000002, "b #0x1008" },		 /* where it goes */
	{ 0x00000000, ".word 0x00000000" },	 /* none */
	{ 0xd518f001, "msr s3_0_c15_c0_0, x1" }, /* the implementation's own */
};

static void words_of_instructions(void)
{
	char words[160];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		disassemble(words, sizeof(words), rows[i].word, 0x1000);
		CU_ASSERT_STRING_EQUAL(words, rows[i].text);
		if (strcmp(words, rows[i].text) != 0)
			printf("%s is not %s\n", words, rows[i].text);
	}
}

void register_experiments_disassemble(void)
{
	CU_pSuite suite = CU_add_suite("experiments/disassemble", NULL, NULL);

	CU_add_test(suite, "words of instructions", words_of_instructions);
}
