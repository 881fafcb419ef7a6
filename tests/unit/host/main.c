/* Runs the tests of host/, each in a process of its own: L0 boots once. Exit 1 when one fails. */
#include <CUnit/Basic.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/host/host_test.h"

static struct host_test *first, *next;
static unsigned failed;

void host_test_add(struct host_test *t)
{
	t->next = first;
	first = t;
}

void expect(const char *file, int line, const char *what, uint64_t is, uint64_t should_be)
{
	if (is == should_be)
		return;
	fprintf(stderr, "%s:%d: %s is %#" PRIx64 " and should be %#" PRIx64 "\n", file, line, what, is,
		should_be);
	failed++;
}

/* In the child. */
static _Noreturn void run_child(void)
{
	next->run();
	exit(failed ? EXIT_FAILURE : EXIT_SUCCESS);
}

static void run_next(void)
{
	int status = 1;
	pid_t child;

	fflush(NULL);
	child = fork();
	if (child == 0)
		run_child();
	CU_ASSERT(child > 0 && waitpid(child, &status, 0) == child && status == 0);
	next = next->next;
}

int main(void)
{
	CU_pSuite suite;

	if (CU_initialize_registry() != CUE_SUCCESS)
		return EXIT_FAILURE;
	suite = CU_add_suite("host", NULL, NULL);
	next = first;
	for (const struct host_test *t = first; t; t = t->next)
		CU_add_test(suite, t->name, run_next);
	CU_basic_set_mode(CU_BRM_NORMAL);
	if (CU_basic_run_tests() != CUE_SUCCESS || CU_get_number_of_tests_run() == 0)
		return EXIT_FAILURE;
	return CU_get_number_of_failures() ? EXIT_FAILURE : EXIT_SUCCESS;
}
