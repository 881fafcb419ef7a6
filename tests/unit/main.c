/* Runs every suite of the unit tests: the build lists the register_ functions of tests/unit. Exit 1 when one fails. */
#include <CUnit/Basic.h>
#include <stdio.h>
#include <stdlib.h>

#define X(name) void name(void);
#include "unit_list.h"
#undef X

int main(void)
{
	unsigned failed;

	if (CU_initialize_registry() != CUE_SUCCESS)
		return EXIT_FAILURE;
#define X(name) name();
#include "unit_list.h"
#undef X
	CU_basic_set_mode(CU_BRM_NORMAL);
	if (CU_basic_run_tests() != CUE_SUCCESS || CU_get_number_of_tests_run() == 0) {
		fprintf(stderr, "unit: no test ran\n");
		return EXIT_FAILURE;
	}
	failed = CU_get_number_of_failures();
	CU_cleanup_registry();
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
