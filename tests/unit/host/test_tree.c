/*
 * What if the device tree says something else?  Properties become garbage, or addresses of what is somebody's, or are not there:
 * L0 boots, or stops with a line. It does not panic, and it reads nothing that is not there.
 */
#include <libfdt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/host/host_test.h"

#define TREES 400
#define CHANGES 3

static uint64_t state;

static uint64_t random64(void)
{
	state ^= state << 13; /* xorshift64 */
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

/* What a range may meet: nothing, the GIC, the UART, RAM, the tree, the image, the module, the end of RAM, and of all. */
static uint64_t interesting(void)
{
	static const uint64_t values[] = { 0,
					   1,
					   3,
					   UINT64_C(0x08000000),
					   UINT64_C(0x09000000),
					   FAKE_RAM_PA,
					   FAKE_RAM_PA + 0x100000,
					   FAKE_RAM_PA + 0x200000,
					   FAKE_KERNEL_PA,
					   FAKE_RAM_PA + FAKE_RAM_BYTES,
					   UINT64_C(1) << 47,
					   UINT64_MAX,
					   UINT64_MAX - 0xfff };

	return values[random64() % (sizeof(values) / sizeof(values[0]))];
}

static void change_value(uint8_t *value, unsigned bytes)
{
	uint64_t cell = random64() % 2 ? interesting() : random64() >> random64() % 64;
	fdt64_t wide = cpu_to_fdt64(cell);

	if (!bytes)
		return;
	if (bytes >= sizeof(wide) && random64() % 4)
		memcpy(value + random64() % (bytes / sizeof(wide)) * sizeof(wide), &wide, sizeof(wide));
	else
		value[random64() % bytes] = (uint8_t)cell;
}

/* The n-th property of all: gone, or another value. RAM that is not there is not L0's to find out. */
static void change_property(void *fdt, uint64_t n)
{
	int node, property, bytes;

	for (node = fdt_next_node(fdt, -1, NULL); node >= 0; node = fdt_next_node(fdt, node, NULL)) {
		fdt_for_each_property_offset(property, fdt, node) {
			const char *name;
			const void *value = fdt_getprop_by_offset(fdt, property, &name, &bytes);

			if (n-- || strcmp(fdt_get_name(fdt, node, NULL), "memory") == 0)
				continue;
			if (random64() % 8)
				change_value((uint8_t *)(uintptr_t)value, (unsigned)bytes);
			else
				fdt_nop_property(fdt, node, name);
			return;
		}
	}
}

static unsigned properties_of(const void *fdt)
{
	unsigned n = 0;
	int node, property;

	for (node = fdt_next_node(fdt, -1, NULL); node >= 0; node = fdt_next_node(fdt, node, NULL))
		fdt_for_each_property_offset(property, fdt, node)
			n++;
	return n;
}

/* In a process of its own. */
static _Noreturn void one_tree(uint64_t seed)
{
	const struct fake_vm vms[] = { { .mode = "nv2", .vcpus = 2, .markers = true },
				       { .virtual_time = true } };
	void *fdt = fake_prepare(2, vms, 2, true);
	unsigned properties = properties_of(fdt);

	state = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
	for (unsigned i = 0; i < CHANGES; i++)
		change_property(fdt, random64() % properties);
	_Exit(fake_start() == FAKE_PANIC ? EXIT_FAILURE : EXIT_SUCCESS);
}

static void any_tree(void)
{
	const char *seed = getenv("FIRN_SEED");
	uint64_t first = seed ? strtoull(seed, NULL, 0) : 1;

	for (uint64_t i = 0; i < TREES; i++) {
		int status = 1;
		pid_t child = fork();

		if (child == 0)
			one_tree(first + i);
		if (child < 0 || waitpid(child, &status, 0) != child || status) {
			fprintf(stderr, "a device tree of FIRN_SEED=%llu\n", (unsigned long long)(first + i));
			EXPECT((uint64_t)status, 0);
		}
	}
}
HOST_TEST(any_tree, "any device tree: a VM or a line")
