/*
 * Which tests of host/ are there?  HOST_TEST(function, "what is so") behind a function; each boots a fake machine in a process of
 * its own.  Next: main.c, fake.h.
 */
#ifndef TESTS_UNIT_HOST_TEST_H
#define TESTS_UNIT_HOST_TEST_H

#include <stddef.h>

#include "tests/unit/host/fake.h"

struct host_test {
	const char *name;
	void (*run)(void);
	struct host_test *next;
};

void host_test_add(struct host_test *t);

#define HOST_TEST(function, text)                                           \
	static struct host_test test_##function = { text, function, NULL }; \
	void add_##function(void);                                          \
	__attribute__((constructor)) void add_##function(void)              \
	{                                                                   \
		host_test_add(&test_##function);                            \
	}

/* Compares, and says both. */
#define EXPECT(is, should_be) expect(__FILE__, __LINE__, #is, (is), (should_be))
void expect(const char *file, int line, const char *what, uint64_t is, uint64_t should_be);

#endif
