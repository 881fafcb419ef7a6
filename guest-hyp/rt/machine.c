/* What machine is this?  Everything is read from the device tree, nothing is assumed.  Reads: rt.h. */
#include "guest-hyp/rt/machine.h"
#include "guest-hyp/rt/rt.h"
#include "nv/arch/intid.h"

#include <libfdt.h>

static struct rt_machine machine;

const struct rt_machine *rt_machine(void)
{
	return &machine;
}

static uint32_t cell(const fdt32_t *cells, int index)
{
	return fdt32_to_cpu(cells[index]);
}

static uint64_t read_cells(const fdt32_t *cells, int count)
{
	uint64_t value = 0;

	for (int n = 0; n < count; n++)
		value = value << 32 | cell(cells, n);
	return value;
}

/* Entry number index of a node's reg, as its parent's cell counts lay it out. */
static bool read_reg(const void *fdt, int node, int index, uint64_t *address, uint64_t *size)
{
	int parent = fdt_parent_offset(fdt, node), length;
	int address_cells = fdt_address_cells(fdt, parent), size_cells = fdt_size_cells(fdt, parent);
	const fdt32_t *reg = fdt_getprop(fdt, node, "reg", &length);
	int stride = address_cells + size_cells;

	if (!reg || address_cells < 0 || size_cells < 0 || length < (int)sizeof(*reg) * stride * (index + 1))
		return false;
	*address = read_cells(reg + stride * index, address_cells);
	*size = read_cells(reg + stride * index + address_cells, size_cells);
	return true;
}

/* Specifier number index of a node's interrupts, three cells each under a GIC; 0 if it is not there. */
static uint32_t read_intid(const void *fdt, int node, int index)
{
	int length;
	const fdt32_t *interrupts = fdt_getprop(fdt, node, "interrupts", &length);

	if (!interrupts || length < (int)sizeof(*interrupts) * 3 * (index + 1))
		return 0;
	return cell(interrupts, 3 * index + 1) +
	       (cell(interrupts, 3 * index) ? INTID_FIRST_PPI : INTID_FIRST_SPI);
}

static void read_cpus(const void *fdt)
{
	int node = -1;
	uint64_t size;

	while (machine.cpus < RT_CPUS_MAX) {
		node = fdt_node_offset_by_prop_value(fdt, node, "device_type", "cpu", sizeof("cpu"));
		if (node < 0)
			return;
		if (read_reg(fdt, node, 0, &machine.mpidr[machine.cpus], &size))
			machine.cpus++;
	}
}

static void read_gic_and_timer(const void *fdt)
{
	int gic = fdt_node_offset_by_compatible(fdt, -1, "arm,gic-v3");
	int timer = fdt_node_offset_by_compatible(fdt, -1, "arm,armv8-timer");

	if (gic >= 0) {
		read_reg(fdt, gic, 0, &machine.gicd, &machine.gicd_size);
		read_reg(fdt, gic, 1, &machine.gicr, &machine.gicr_size);
		machine.maintenance_intid = read_intid(fdt, gic, 0);
	}
	if (timer >= 0) {
		machine.timer_phys_intid = read_intid(fdt, timer, 1);
		machine.timer_virt_intid = read_intid(fdt, timer, 2);
		machine.timer_hyp_intid = read_intid(fdt, timer, 3);
		machine.timer_hyp_virt_intid = read_intid(fdt, timer, 4);
	}
}

static void read_psci(const void *fdt)
{
	int psci = fdt_node_offset_by_compatible(fdt, -1, "arm,psci-1.0");
	const char *method;

	if (psci < 0)
		psci = fdt_node_offset_by_compatible(fdt, -1, "arm,psci-0.2");
	method = psci < 0 ? NULL : fdt_getprop(fdt, psci, "method", NULL);
	machine.psci_hvc = method && !strcmp(method, "hvc");
}

void machine_init(const void *fdt)
{
	int memory, uart, chosen;
	uint64_t size;

	machine.bootargs = "";
	if (fdt_check_header(fdt))
		return;
	machine.fdt = (uint64_t)fdt;
	machine.fdt_size = fdt_totalsize(fdt);
	uart = fdt_node_offset_by_compatible(fdt, -1, "arm,pl011");
	if (uart >= 0) {
		read_reg(fdt, uart, 0, &machine.uart, &size);
		machine.uart_intid = read_intid(fdt, uart, 0);
	}
	memory = fdt_node_offset_by_prop_value(fdt, -1, "device_type", "memory", sizeof("memory"));
	if (memory >= 0)
		read_reg(fdt, memory, 0, &machine.ram, &machine.ram_size);
	read_gic_and_timer(fdt);
	read_psci(fdt);
	read_cpus(fdt);
	chosen = fdt_path_offset(fdt, "/chosen");
	if (chosen >= 0 && fdt_getprop(fdt, chosen, "bootargs", NULL))
		machine.bootargs = fdt_getprop(fdt, chosen, "bootargs", NULL);
}

bool rt_arg(const char *name, char *value, size_t size)
{
	size_t length = strlen(name), n = 0;
	const char *at = machine.bootargs;

	value[0] = 0;
	while (*at) {
		if (!strncmp(at, name, length) && at[length] == '=') {
			for (at += length + 1; *at && *at != ' ' && n + 1 < size; at++)
				value[n++] = *at;
			value[n] = 0;
			return true;
		}
		while (*at && *at != ' ')
			at++;
		while (*at == ' ')
			at++;
	}
	return false;
}

bool rt_number(const char **text, uint64_t *value)
{
	const char *digits = "0123456789abcdef", *at = *text, *digit;
	unsigned base = 10;

	if (at[0] == '0' && at[1] == 'x') {
		base = 16;
		at += 2;
	}
	*text = at;
	for (*value = 0; *at && (digit = strchr(digits, *at)) && digit < digits + base; at++)
		*value = *value * base + (uint64_t)(digit - digits);
	if (at == *text)
		return false;
	*text = at;
	return true;
}
