/*
 * Which guests, modes, CPUs and workloads are there?  Tables, and finding a row by name.  Next: machine.c.
 */
#include "experiments/firn/machine/guests.h"

#include <stdlib.h>
#include <string.h>

#include "experiments/firn/tool/complain.h"

#define MIB(n) (UINT64_C(n) << 20)
/* nokaslr: FEAT_RNG would put each kernel elsewhere, and its symbols come from its file. */
#define LINUX_BOOTARGS "console=ttyAMA0 panic=-1 nokaslr"

// clang-format off
const struct guest guests[] = {
	{ "linux",      GUEST_LINUX, "arm64/vmlinuz-6.1", "arm64/modules-6.1.cpio", LINUX_BOOTARGS,
	  MIB(192), "Debian 12's Linux 6.1 with KVM, VHE", NULL },
	{ "linux-nvhe", GUEST_LINUX, "arm64/vmlinuz-6.1", "arm64/modules-6.1.cpio", LINUX_BOOTARGS " kvm-arm.mode=nvhe",
	  MIB(192), "the same kernel, KVM in nVHE mode", NULL },
	{ "linux-6.12", GUEST_LINUX, "arm64/vmlinuz-6.12", "arm64/modules-6.12.cpio", LINUX_BOOTARGS,
	  MIB(192), "Linux 6.12 with KVM, VHE", NULL },
	{ "linux-7.3",  GUEST_LINUX, "arm64/vmlinuz-7.3", "arm64/modules-7.3.cpio", LINUX_BOOTARGS,
	  MIB(192), "Linux 7.3 with KVM, VHE", NULL },
	{ "linux-6.12-16k", GUEST_LINUX, "arm64/vmlinuz-6.12-16k", "arm64/modules-6.12-16k.cpio", LINUX_BOOTARGS,
	  MIB(256), "the same 6.12 with pages of 16 KiB", NULL },
	{ "linux-7.3-16k", GUEST_LINUX, "arm64/vmlinuz-7.3-16k", "arm64/modules-7.3-16k.cpio", LINUX_BOOTARGS,
	  MIB(256), "the same 7.3 with pages of 16 KiB", NULL },
	{ "debian",     GUEST_LINUX, "arm64/vmlinuz-6.12", "arm64/modules-6.12.cpio", LINUX_BOOTARGS,
	  MIB(512), "Debian 12 with Linux 6.12: qemu, gdb, perf, apt", "arm64/debian.img" },
	{ "small-vhe",  GUEST_SMALL, "guest/small-vhe.img",  NULL, "",
	  MIB(32), "firn's own minimal guest hypervisor, E2H=1", NULL },
	{ "small-vhe-16k", GUEST_SMALL, "guest/small-vhe.img", NULL, "granule=16K",
	  MIB(32), "the same, which maps L2's memory in pages of 16 KiB", NULL },
	{ "small-vhe-64k", GUEST_SMALL, "guest/small-vhe.img", NULL, "granule=64K",
	  MIB(32), "the same, in pages of 64 KiB", NULL },
	{ "small-nvhe", GUEST_SMALL, "guest/small-nvhe.img", NULL, "",
	  MIB(32), "firn's own minimal guest hypervisor, E2H=0", NULL },
	{ "lesson",     GUEST_LESSON, "guest/lesson.img",    NULL, "",
	  MIB(32), "one level only: the program of docs/lessons, for firn record", NULL },
};

#define APPLICATION(name, n1, n2, about) \
	{ "l1_" name, { n1, n2 }, about ", in L1", MIB(1536), FOR_L1_APPLICATION, 1, 1, false, NULL }, \
	{ "l2_" name, { n1, n2 }, about ", in L2", MIB(1536), FOR_L2_APPLICATION, 1, 1, false, NULL }

const struct workload workloads[] = {
	{ "hypercall",  { 1000, 2000 }, "L2 executes HVC, L1 answers", 0, FOR_ALL, 1, 1, false, NULL },
	{ "device_io",  { 1000, 2000 }, "L2 reads a device register that L1 emulates", 0, FOR_ALL, 1, 1, false, NULL },
	{ "device_notify", { 1000, 2000 }, "L2 writes to a device register, which Linux counts in its kernel", 0, FOR_ALL, 1, 1, false, NULL },
	{ "eoi",        { 1000, 2000 }, "L2 ends an interrupt", 0, FOR_ALL, 1, 1, false, NULL },
	{ "eoi_alone",  { 1, 2 },       "L2 ends an interrupt that it has acknowledged before", 0, FOR_ALL, 1, 1, false, NULL },
	{ "ipi_self",   { 1000, 2000 }, "L2 sends itself a software generated interrupt and takes it", 0, FOR_ALL, 1, 1, false, NULL },
	{ "virtual_ipi", { 1000, 2000 }, "a vCPU of L2 sends another one an interrupt, and that one takes it", 0, FOR_ALL, 2, 1, false, NULL },
	{ "timer",      { 100, 200 },   "L2 programs its virtual timer and takes the interrupt", 0, FOR_ALL, 1, 1, false, NULL },
	{ "wfi_timer",  { 100, 200 },   "L2 programs its virtual timer, waits with WFI and takes the interrupt", 0, FOR_ALL, 1, 1, false, NULL },
	{ "vm_switch",  { 200, 400 }, "the same in two VMs that share a CPU: each wait gives it to the other one", 0, FOR_ALL, 1, 2, false, NULL },
	{ "irq_latency", { 200, 1200 }, "L2's virtual timer falls due while L2 runs; how late its handler is", 0, FOR_ALL, 1, 1, false, NULL },
	{ "idreg",      { 1000, 2000 }, "L2 reads an ID register that its hypervisor traps", 0, FOR_ALL, 1, 1, false, NULL },
	{ "device_irq", { 1000, 2000 }, "L2 takes an interrupt of a device that L1 gave to it", 0, FOR_SMALL, 1, 1, false, NULL },
	{ "page_touch", { 100, 200 },   "L2 touches the next page for the first time", 0, FOR_ALL, 1, 1, false, NULL },
	{ "sparse_touch", { 100, 200 }, "the same, of one page in every 2 MiB", 0, FOR_ALL, 1, 1, false, NULL },
	{ "random_touch", { 100, 200 }, "the same, of pages all over 1 GiB in a random order, the same each time", MIB(1280), FOR_ALL, 1, 1, false, NULL },
	{ "mapped_touch", { 1000, 2000 }, "L2 touches the next page, where L1 has mapped the page already", 0, FOR_SMALL, 1, 1, false, NULL },
	{ "block_touch", { 512, 16896 }, "the same, where L1 has mapped blocks (2 MiB; 32 or 512 MiB of larger pages)", MIB(1280), FOR_ALL, 1, 1, false, NULL },
	{ "page_unmap", { 100, 200 },   "L1 takes a page away from an L2 (of the small ones: from 1 GiB in use)", MIB(1280), FOR_ALL, 1, 1, false, NULL },
	{ "flush_pages", { 0, 1 },      "L1 invalidates a whole stage 2, with 1 GiB of pages in use", MIB(1280), FOR_SMALL, 1, 1, false, NULL },
	{ "flush_blocks", { 0, 1 },     "the same with 1 GiB of blocks in use", MIB(1600), FOR_SMALL, 1, 1, false, NULL },
	{ "l2_boot",    { 1, 2 },       "L1's KVM boots L1's own kernel as L2, to its first program (one boot, in all)", MIB(1024), FOR_KVM_GUEST, 1, 1, false, NULL },
	{ "vm_life",    { 10, 20 },     "L1's KVM makes a VM, runs it until it has switched itself off, and takes it away", 0, FOR_LINUX, 1, 1, false, NULL },
	{ "dirty_log",  { 1000, 2000 }, "L2 writes to a page that L1's dirty log has forgotten", 0, FOR_LINUX, 1, 1, false, NULL },
	{ "l1_boot",    { 1, 2 },       "Linux boots, from reset to its shell (one boot, in all)", 0, FOR_L1_BOOT, 1, 1, false, NULL },
	/* Starts, ends and ticks of programs make noise: 50 to 80 M instructions of work between the marks for it. */
	APPLICATION("pipe", 500, 4500, "a byte goes through a pipe to another process and back"),
	APPLICATION("fork", 50, 550, "a process is made and ends"),
	APPLICATION("tcp", 200, 2200, "a byte goes by TCP over loopback to another process and back"),
	APPLICATION("hackbench", 4, 24, "hackbench: 20 processes each send a message to 20 others"),
	APPLICATION("tcc", 1, 3, "tcc compiles 300 functions"),
	{ "l1_disk", { 1000, 3000 }, "4 KiB of a disk are read, 32 reads at a time, in L1, which has it from L0", MIB(1536), FOR_L1_APPLICATION, 1, 1, true, NULL },
	{ "l1_iommu", { 1000, 3000 }, "the same, where L1's SMMU has each buffer mapped, and unmapped again", MIB(1536), FOR_L1_APPLICATION, 1, 1, true,
	  "iommu.passthrough=0 iommu.strict=1" },
	{ "l2_disk", { 1000, 3000 }, "the same in L2, where kvm-guest passes it on", MIB(1536), FOR_L2_APPLICATION, 1, 1, true, NULL },
	{ "l2_vfio", { 1000, 3000 }, "the same in L2, which has L1's disk by VFIO", MIB(1536), FOR_L2_VFIO, 1, 1, true, NULL },
	APPLICATION("cpu", 200, 2200, "sysbench cpu: the primes below 1000"),
	APPLICATION("memory", 20, 170, "sysbench memory: 1 MiB written"),
	APPLICATION("mutex", 20000, 140000, "sysbench mutex: four threads each take one"),
	APPLICATION("redis", 200, 1700, "redis: a SET over loopback"),
	APPLICATION("sqlite", 2000, 12000, "sqlite: a row is written and read"),
};

const struct workload lessons[] = {
	{ "enter",      { 2, 4 }, "L1 writes every register of a guest and enters it", 0, FOR_ALL, 1, 1, false, NULL },
	{ "uart",       { 2, 4 }, "L1 takes an interrupt of a device that L0 emulates", 0, FOR_ALL, 1, 1, false, NULL },
	{ "tick",       { 2, 4 }, "L1 takes an interrupt of hardware's timer", 0, FOR_ALL, 1, 1, false, NULL },
	{ "wfi",        { 2, 4 }, "two vCPUs of L1 wait for each other with WFI (--cpus 1)", 0, FOR_ALL, 2, 1, false, NULL },
	{ "spin",       { 2, 4 }, "20 ms pass by L1's own counter", 0, FOR_ALL, 1, 2, false, NULL },
	{ "ipi",        { 2, 4 }, "one vCPU of L2 sends another one an SGI", 0, FOR_ALL, 2, 1, false, NULL },
	{ "host",       { 2, 4 }, "L1 runs a program of its own at EL0, which calls it", 0, FOR_ALL, 1, 1, false, NULL },
	{ "ident",      { 2, 4 }, "L2 asks which CPU it has: a virtual value, and an ID register that traps", 0, FOR_ALL, 1, 1, false, NULL },
	{ "lazy",       { 2, 4 }, "L2 writes its translation registers, the first of which HCR_EL2.TVM traps", 0, FOR_ALL, 1, 1, false, NULL },
	{ "bit",        { 2, 4 }, "L2 takes the interrupt that HCR_EL2.VI is", 0, FOR_ALL, 1, 1, false, NULL },
	{ "clock",      { 2, 4 }, "L2 reads both counters and writes both timers", 0, FOR_ALL, 1, 1, false, NULL },
	{ "forget",     { 2, 4 }, "L1 takes away all translations of its guest, and enters it", 0, FOR_ALL, 1, 1, false, NULL },
	{ "attributes", { 2, 4 }, "L1 asks what memory its guest has, when both stages of translation say it", 0, FOR_ALL, 1, 1, false, NULL },
};

const struct choice modes[] = {
	{ "nv",  "Armv8.3: every EL2 register access by L1 traps" },
	{ "nv2", "Armv8.4: most of them become memory accesses" },
};

const struct choice peers[] = {
	{ "kvm",  "Linux 7.3 with its KVM nesting in the place of firn; Armv8.4 (firn stat only)" },
	{ "bare", "nothing in its place: the guest's kernel has the machine (firn stat only)" },
};

const struct choice cpus[] = {
	{ "max",         "everything QEMU can emulate; 1 GHz counter, so instruction counts are exact" },
	{ "max,lpa2=off", "the same without FEAT_LPA2: 48-bit addresses with 4 and 16 KiB granules" },
	{ "neoverse-v1", "no FGT, no ECV; 62.5 MHz counter" },
	{ "neoverse-n2", "no FGT, no ECV; 62.5 MHz counter" },
};
// clang-format on

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))

const size_t guest_count = ROWS(guests);
const size_t workload_count = ROWS(workloads);
const size_t lesson_count = ROWS(lessons);
const size_t mode_count = ROWS(modes);
const size_t peer_count = ROWS(peers);
const size_t cpu_count = ROWS(cpus);

/*
 * The name is the first member of each row type, so a row can be read as a pointer to it.
 * NULL after one line on stderr, which lists all names.
 */
static const void *find(const char *what, const char *name, const void *table, size_t rows, size_t row_size)
{
	char *valid = text("%s", "");

	for (size_t i = 0; i < rows; i++) {
		const void *row = (const char *)table + i * row_size;
		const char *row_name = *(const char *const *)row;
		char *longer;

		if (strcmp(row_name, name) == 0) {
			free(valid);
			return row;
		}
		longer = text("%s%s%s", valid, i ? ", " : "", row_name);
		free(valid);
		valid = longer;
	}
	complain(STATUS_USAGE, "unknown %s '%s'; choose one of: %s ('firn list' describes them)", what, name,
		 valid);
	free(valid);
	return NULL;
}

const char *workload_application(const struct workload *workload)
{
	return workload->who == FOR_L1_APPLICATION || workload->who == FOR_L2_APPLICATION ||
			       workload->who == FOR_L2_VFIO ?
		       workload->name + 3 :
		       NULL;
}

bool workload_is_outside(const struct workload *workload)
{
	return workload_application(workload) || workload->who == FOR_L1_BOOT;
}

const char *workload_wants(const struct workload *workload, const struct guest *guest)
{
	static const char *const use[] = { [FOR_SMALL] = "small-vhe or small-nvhe",
					   [FOR_LINUX] = "a Linux",
					   [FOR_KVM_GUEST] = "a Linux",
					   [FOR_L1_APPLICATION] = "a Linux",
					   [FOR_L2_APPLICATION] = "a Linux",
					   [FOR_L2_VFIO] = "a Linux",
					   [FOR_L1_BOOT] = "a Linux" };

	if (guest->root)
		return "linux-6.12";
	return workload->who == FOR_ALL || (workload->who == FOR_SMALL) == (guest->kind == GUEST_SMALL) ?
		       NULL :
		       use[workload->who];
}

bool workload_is_for(const struct workload *workload, const struct guest *guest)
{
	const char *use = workload_wants(workload, guest);

	return !use || !complain(STATUS_USAGE, "%s cannot do the workload %s; use %s for it", guest->name,
				 workload->name, use);
}

/* smp: CPUs of the guest hypervisor. */
bool workload_fits(const struct workload *workload, uint64_t smp)
{
	return smp >= workload->cpus ||
	       !complain(STATUS_USAGE, "the workload %s needs %u CPUs; give --smp %u", workload->name,
			 workload->cpus, workload->cpus);
}

bool workload_has_vms(const struct workload *workload, uint64_t vms)
{
	return vms >= workload->vms || !complain(STATUS_USAGE, "the workload %s needs %u VMs; give --vms %u",
						 workload->name, workload->vms, workload->vms);
}

const struct guest *guest_find(const char *name)
{
	return find("guest", name, guests, guest_count, sizeof(guests[0]));
}

const struct workload *workload_find(const char *name)
{
	return find("workload", name, workloads, workload_count, sizeof(workloads[0]));
}

/* The lessons have workloads of their own, and no others. */
const struct workload *workload_of(const struct guest *guest, const char *name)
{
	if (guest->kind == GUEST_LESSON)
		return find("workload of the lessons", name, lessons, lesson_count, sizeof(lessons[0]));
	return workload_find(name);
}

const struct choice *mode_find(const char *name)
{
	return find("mode", name, modes, mode_count, sizeof(modes[0]));
}

bool is_peer(const char *mode)
{
	for (size_t i = 0; i < peer_count; i++)
		if (strcmp(peers[i].name, mode) == 0)
			return true;
	return false;
}

const struct choice *mode_or_peer_find(const char *name)
{
	return is_peer(name) ? find("mode", name, peers, peer_count, sizeof(peers[0])) : mode_find(name);
}

const struct choice *cpu_find(const char *name)
{
	return find("CPU", name, cpus, cpu_count, sizeof(cpus[0]));
}
