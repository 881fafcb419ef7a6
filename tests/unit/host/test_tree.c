/*
 * What does L0 do with a device tree that is wrong?  It says so in one line and ends, or makes what it can of it; nothing a tree says
 * is a panic, or an access to what is not there. A good tree is changed at random: FIRN_TREES of them, with the seed FIRN_SEED; a case
 * that fails is made again with FIRN_TREES=1 and the seed it says.
 */
#include <libfdt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/host/host_test.h"
#include "traces/ring.h"

#define TREES 400
#define FDT_BYTES 0x10000
#define ENDED 100 /* above what the sanitizers exit with */
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static uint64_t state;

static uint64_t random_below(uint64_t n)
{
	state ^= state << 13; /* xorshift64 */
	state ^= state >> 7;
	state ^= state << 17;
	return (state >> 11) % n;
}

/* --- what is changed --- */

static const char *const properties[] = { "reg",
					  "compatible",
					  "device_type",
					  "status",
					  "interrupts",
					  "memory",
					  "cpus",
					  "firn,mode",
					  "firn,e2h",
					  "firn,no-vhe",
					  "bootargs",
					  "firn,assign",
					  "firn,events",
					  "#address-cells",
					  "#size-cells",
					  "method",
					  "interrupt-parent",
					  "clocks",
					  "clock-frequency",
					  "firn,list-registers",
					  "firn,resets",
					  "phandle",
					  "firn,markers",
					  "firn,virtual-time" };

static const char *const texts[] = { "firn,vm",
				     "multiboot,kernel",
				     "multiboot,ramdisk",
				     "memory",
				     "arm,gic-v3",
				     "cpu",
				     "arm,pl011",
				     "arm,pl031",
				     "disabled",
				     "okay",
				     "nv",
				     "nv2",
				     "running",
				     TRACE_COMPATIBLE,
				     "smc",
				     "hvc",
				     "/pl031",
				     "/pl011",
				     "/intc",
				     "fixed-clock",
				     "/memory",
				     "",
				     "wall-clock",
				     "arm,smmu-v3",
				     "pci-host-ecam-generic",
				     "/pl031/@1",
				     "arm,armv8-timer",
				     "multiboot,module" };

static const char *const names[] = { "vm@7",  "module@1", "memory@1",	    "pl031",
				     "trace", "cpu@9",	  "reserved-memory" };

static uint64_t any_number(void)
{
	const uint64_t places[] = { 0,
				    FAKE_RAM_PA,
				    FAKE_KERNEL_PA,
				    FAKE_TRACE_PA,
				    0x8000000,
				    0x80a0000,
				    0x9000000,
				    0x9010000,
				    0x40100000,
				    0x40200000,
				    FAKE_RAM_PA + FAKE_RAM_BYTES,
				    UINT64_C(1) << 47,
				    UINT64_MAX };
	const uint64_t sizes[] = { 0, 1, 8, 40, 0x1000, 0x10000, 8 << 20, UINT64_C(1) << 40, UINT64_MAX };

	switch (random_below(4)) {
	case 0:
		return places[random_below(COUNT(places))];
	case 1:
		return sizes[random_below(COUNT(sizes))];
	case 2:
		return places[random_below(COUNT(places))] + sizes[random_below(COUNT(sizes))] -
		       random_below(3);
	default:
		return UINT64_C(1) << random_below(64);
	}
}

static const char *any_text(void)
{
	return texts[random_below(COUNT(texts))];
}

static void set_property(void *fdt, int node, const char *name)
{
	const char *text = any_text();
	fdt64_t words[4];
	uint8_t bytes[24];

	for (size_t i = 0; i < COUNT(words); i++)
		words[i] = cpu_to_fdt64(any_number());
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)random_below(random_below(2) ? 256 : 3);
	switch (random_below(6)) {
	case 0:
		fdt_setprop(fdt, node, name, text, (int)strlen(text) + 1);
		break;
	case 1:
		fdt_setprop(fdt, node, name, text, (int)strlen(text)); /* without its end */
		break;
	case 2:
		fdt_setprop_u32(fdt, node, name, (uint32_t)any_number());
		break;
	case 3:
		fdt_setprop(fdt, node, name, bytes, (int)random_below(sizeof(bytes)));
		break;
	default:
		fdt_setprop(fdt, node, name, words, (int)(8 * (1 + random_below(COUNT(words)))));
	}
}

static int any_node(void *fdt)
{
	int count = 0, node = 0, depth = 0;

	for (; node >= 0; node = fdt_next_node(fdt, node, &depth))
		count++;
	node = 0;
	for (uint64_t n = random_below((uint64_t)count); n; n--)
		node = fdt_next_node(fdt, node, &depth);
	return node;
}

static const char *any_property_of(void *fdt, int node)
{
	const char *name = "reg";
	int property;

	fdt_for_each_property_offset(property, fdt, node)
		if (random_below(2))
			(void)fdt_getprop_by_offset(fdt, property, &name, NULL);
	return name;
}

static void change_once(void *fdt)
{
	int node = any_node(fdt), child;

	switch (random_below(8)) {
	case 0:
		fdt_del_node(fdt, node);
		break;
	case 1:
		fdt_delprop(fdt, node, any_property_of(fdt, node));
		break;
	case 2:
		child = fdt_add_subnode(fdt, node, names[random_below(COUNT(names))]);
		if (child >= 0) {
			set_property(fdt, child, "compatible");
			set_property(fdt, child, "reg");
		}
		break;
	case 3:
		set_property(fdt, node, properties[random_below(COUNT(properties))]);
		break;
	default:
		set_property(fdt, node, any_property_of(fdt, node));
	}
}

/* A device for VM 0, and what of a kernel's header may be anything. */
static void prepare(void *fdt)
{
	uint64_t *header = (void *)FAKE_KERNEL_PA;
	fdt64_t reg[] = { cpu_to_fdt64(0x9010000), cpu_to_fdt64(0x1000) };
	int node;

	fdt_open_into(fdt, fdt, FDT_BYTES);
	node = fdt_add_subnode(fdt, 0, "pl031");
	fdt_setprop_string(fdt, node, "compatible", "arm,pl031");
	fdt_setprop(fdt, node, "reg", reg, (int)sizeof(reg));
	fdt_setprop_string(fdt, fdt_path_offset(fdt, "/chosen/vm@0"), "firn,assign", "/pl031");
	if (random_below(4) == 0)
		header[random_below(8)] = any_number();
}

static void change(void *fdt)
{
	prepare(fdt);
	for (uint64_t n = random_below(4); n; n--)
		change_once(fdt);
	if (random_below(8) == 0) /* libfdt's own ground */
		((uint8_t *)fdt)[random_below(fdt_totalsize(fdt))] = (uint8_t)random_below(256);
}

/* --- what comes of it --- */

static unsigned lines_of(const char *said, const char *start)
{
	unsigned lines = 0;

	for (; (said = strstr(said, start)); said++)
		lines++;
	return lines;
}

static bool is_right(enum fake_end end)
{
	unsigned errors = lines_of(fake_said(), "firn: error: ");

	switch (end) {
	case FAKE_STOPPED:
		return errors == 1;
	case FAKE_ENTERED:
	case FAKE_IDLE: /* no tree and so no console, or memory and devices that are not there */
		return errors == 0;
	default:
		return false;
	}
}

/* The exit status says how it ended. */
static _Noreturn void try(uint64_t seed)
{
	const struct fake_vm vms[] = { { .mode = "nv2", .vcpus = 2, .resets = 3 },
				       { .mode = "nv", .virtual_time = true, .modules = 2 } };
	enum fake_end end;

	state = seed;
	change(fake_prepare(2, vms, COUNT(vms), true));
	end = fake_start();
	if (!is_right(end))
		fprintf(stderr, "%s\n", fake_said());
	_exit(is_right(end) ? ENDED + (int)end : EXIT_FAILURE);
}

static uint64_t number_from(const char *variable, uint64_t otherwise)
{
	const char *text = getenv(variable);

	return text ? strtoull(text, NULL, 0) : otherwise;
}

/* Xen's binding: cells of /chosen, the files at pages of L1's RAM, each with its words; and L0 has used no file twice. */
static void l1_modules(void)
{
	struct vcpu *v;
	const void *tree;
	uint64_t seen = 0;
	int chosen, node;

	fake_boot(1, &(struct fake_vm){ .mode = "nv2", .modules = 8 }, 1);
	v = fake_entered();
	tree = fake_l1(v, v->gp.x[0]);
	chosen = fdt_path_offset(tree, "/chosen");
	EXPECT(fdt_address_cells(tree, chosen) == 2, true);
	EXPECT(fdt_size_cells(tree, chosen) == 2, true);
	fdt_for_each_subnode(node, tree, chosen) {
		const fdt64_t *reg = fdt_getprop(tree, node, "reg", NULL);
		const char *words = fdt_getprop(tree, node, "bootargs", NULL);
		uint64_t at = fdt64_ld(&reg[0]), number = *fake_l1(v, at);
		char expected[32];

		snprintf(expected, sizeof(expected), "module@%u", (unsigned)number - 1);
		EXPECT(strcmp(words, expected) == 0, true);
		EXPECT(at % 0x1000, 0);
		EXPECT(fdt64_ld(&reg[1]), 0x1000);
		EXPECT(fdt_node_check_compatible(tree, node, "multiboot,kernel") == 0, true);
		EXPECT(fdt_node_check_compatible(tree, node, "multiboot,module") == 0, true);
		seen |= UINT64_C(1) << number;
	}
	EXPECT(seen, 0x1fe);
}
HOST_TEST(l1_modules, "modules for L1 are in its RAM, and below its /chosen")

static void too_many_l1_modules(void)
{
	(void)fake_prepare(1, &(struct fake_vm){ .mode = "nv2", .modules = 9 }, 1, false);
	EXPECT(fake_start(), FAKE_STOPPED);
	EXPECT(strstr(fake_said(), "more than 8 modules for L1") != NULL, true);
}
HOST_TEST(too_many_l1_modules, "more modules for L1 than it can have are refused")

static void hostile_trees(void)
{
	uint64_t seed = number_from("FIRN_SEED", 1), trees = number_from("FIRN_TREES", TREES), stopped = 0,
		 entered = 0;

	for (uint64_t n = seed; n < seed + trees; n++) {
		int status = 0;
		pid_t child = fork();

		if (child == 0)
			try(n * UINT64_C(0x9e3779b97f4a7c15));
		waitpid(child, &status, 0);
		if (!WIFEXITED(status) || WEXITSTATUS(status) < ENDED) {
			fprintf(stderr, "FIRN_SEED=%llu FIRN_TREES=1\n", (unsigned long long)n);
			EXPECT((uint64_t)status, 0);
		}
		stopped += WIFEXITED(status) && WEXITSTATUS(status) == ENDED + FAKE_STOPPED;
		entered += WIFEXITED(status) && WEXITSTATUS(status) == ENDED + FAKE_ENTERED;
	}
	/* The changes are neither none nor such that nothing is left. */
	EXPECT(trees < TREES || (stopped > trees / 10 && entered > trees / 10), true);
}
HOST_TEST(hostile_trees, "hostile device trees are one line, never a panic")
