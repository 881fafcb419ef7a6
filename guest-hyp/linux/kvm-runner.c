/*
 * How does a Linux L1 run an L2 payload?  The smallest user of /dev/kvm: as many vCPUs as the workload wants, each
 * a thread that stays on one CPU, an in-kernel GICv3, KVM's PSCI, the payload image of guest-hyp/l2 in two memory slots, and one
 * emulated device register.  Usage: kvm-runner WORKLOAD N1 N2.
 * Prints "ok WORKLOAD n1 n2" and exits with 0, or one line with the reason and exits with 1. Contract: l2.h.
 */
#define _GNU_SOURCE
#include "guest-hyp/l2/l2.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <pthread.h>
#include <sched.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#define L2_GICD UINT64_C(0x08000000)
#define L2_GICR UINT64_C(0x080a0000)
#define L2_TIMER_INTID 27 /* what KVM gives the virtual timer unless told otherwise */
#define GIC_INTIDS 64

#define CORE_REG(field) (KVM_REG_ARM64 | KVM_REG_SIZE_U64 | KVM_REG_ARM_CORE | KVM_REG_ARM_CORE_REG(field))
#define REG_ID_AA64PFR0_EL1 ARM64_SYS_REG(3, 0, 0, 4, 0)

extern const char l2_image[], l2_image_end[];

struct machine;

struct vcpu {
	struct machine *machine;
	unsigned index;
	int fd;
	struct kvm_run *run;
};

struct machine {
	int vm;
	struct vcpu vcpu[L2_CPUS_MAX];
	unsigned vcpus;
	const char *workload;
	struct l2_params *params;
	uint32_t device_reads;
	int notified; /* eventfd of device_notify */
	char *pages;  /* L2's memory at L2_PAGES */
};

static const char *const workload_names[] = {
#define WORKLOAD_NAME(name) #name,
	L2_WORKLOADS(WORKLOAD_NAME)
#undef WORKLOAD_NAME
};

static _Noreturn __attribute__((format(printf, 1, 2))) void fail(const char *format, ...)
{
	va_list arguments;

	fputs("not ok ", stdout);
	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
	putchar('\n');
	exit(1);
}

static int call(int fd, unsigned long request, const void *argument, const char *name)
{
	int result = ioctl(fd, request, argument);

	if (result < 0)
		fail("%s: %s", name, strerror(errno));
	return result;
}
#define CALL(fd, request, argument) call(fd, request, argument, #request)

static void *map(size_t size, int fd, int flags)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, flags, fd, 0);

	if (memory == MAP_FAILED)
		fail("mmap of %zu bytes: %s", size, strerror(errno));
	return memory;
}

/*
 * 4 KiB pages only, so that the page_touch workload faults once per page whatever L1's policy on large pages is.
 */
static void *add_slot(const struct machine *m, uint32_t slot, uint32_t flags, uint64_t l2_ipa, uint64_t size)
{
	void *memory = map(size, -1, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE);
	struct kvm_userspace_memory_region region = {
		.slot = slot,
		.flags = flags,
		.guest_phys_addr = l2_ipa,
		.memory_size = size,
		.userspace_addr = (uintptr_t)memory,
	};

	madvise(memory, size, MADV_NOHUGEPAGE);
	CALL(m->vm, KVM_SET_USER_MEMORY_REGION, &region);
	return memory;
}

/* Where blocks are wanted, L2 IPA and address agree in the bits of a block, and Linux is asked for large pages. */
static void *add_blocks(const struct machine *m, uint32_t slot, uint64_t l2_ipa, uint64_t size)
{
	char *memory = map(size + L2_BLOCK_SIZE, -1, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE);
	struct kvm_userspace_memory_region region = { .slot = slot,
						      .guest_phys_addr = l2_ipa,
						      .memory_size = size };

	memory += -(uintptr_t)memory & (L2_BLOCK_SIZE - 1);
	region.userspace_addr = (uintptr_t)memory;
	madvise(memory, size, MADV_HUGEPAGE);
	CALL(m->vm, KVM_SET_USER_MEMORY_REGION, &region);
	return memory;
}

static void make_memory(struct machine *m, uint64_t pages, uint64_t workload)
{
	uint64_t size = pages * L2_PAGE_SIZE;
	char *memory = add_slot(m, 0, 0, L2_IMAGE, L2_BLOCK + L2_BLOCK_SIZE - L2_IMAGE);

	memcpy(memory, l2_image, (uintptr_t)l2_image_end - (uintptr_t)l2_image);
	m->params = (struct l2_params *)(memory + (L2_PARAMS - L2_IMAGE));
	if (!pages)
		return;
	size = (size + L2_BLOCK_SIZE - 1) & ~(L2_BLOCK_SIZE - 1);
	if (workload == L2_block_touch)
		m->pages = add_blocks(m, 1, L2_PAGES, size);
	else
		m->pages = add_slot(m, 1, workload == L2_dirty_log ? KVM_MEM_LOG_DIRTY_PAGES : 0, L2_PAGES,
				    size);
}

/* All but the first wait for PSCI CPU_ON. */
static void make_vcpu(struct machine *m, unsigned index, size_t run_size)
{
	struct vcpu *v = &m->vcpu[index];
	struct kvm_vcpu_init init;

	v->machine = m;
	v->index = index;
	v->fd = CALL(m->vm, KVM_CREATE_VCPU, (void *)(uintptr_t)index);
	CALL(m->vm, KVM_ARM_PREFERRED_TARGET, &init);
	init.features[0] |= UINT32_C(1) << KVM_ARM_VCPU_PSCI_0_2;
	if (index)
		init.features[0] |= UINT32_C(1) << KVM_ARM_VCPU_POWER_OFF;
	CALL(v->fd, KVM_ARM_VCPU_INIT, &init);
	v->run = map(run_size, v->fd, MAP_SHARED);
}

static void set_gic(int gic, uint32_t group, uint64_t attribute, const void *value)
{
	struct kvm_device_attr attr = { .group = group, .attr = attribute, .addr = (uintptr_t)value };

	CALL(gic, KVM_SET_DEVICE_ATTR, &attr);
}

static int make_gic(const struct machine *m)
{
	struct kvm_create_device device = { .type = KVM_DEV_TYPE_ARM_VGIC_V3 };
	uint32_t intids = GIC_INTIDS;
	uint64_t gicd = L2_GICD, gicr = L2_GICR;

	CALL(m->vm, KVM_CREATE_DEVICE, &device);
	set_gic((int)device.fd, KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, &intids);
	set_gic((int)device.fd, KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &gicd);
	set_gic((int)device.fd, KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, &gicr);
	set_gic((int)device.fd, KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT, NULL);
	return (int)device.fd;
}

static void set_register(const struct machine *m, uint64_t id, uint64_t value)
{
	struct kvm_one_reg reg = { .id = id, .addr = (uintptr_t)&value };

	CALL(m->vcpu[0].fd, KVM_SET_ONE_REG, &reg);
}

static uint64_t get_register(const struct machine *m, uint64_t id)
{
	uint64_t value = 0;
	struct kvm_one_reg reg = { .id = id, .addr = (uintptr_t)&value };

	CALL(m->vcpu[0].fd, KVM_GET_ONE_REG, &reg);
	return value;
}

/* L1's kernel counts what L2 writes there, and L2 goes on at once. */
static void make_notification(struct machine *m)
{
	struct kvm_ioeventfd notification = { .addr = L2_NOTIFY, .len = 4 };

	m->notified = notification.fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (m->notified < 0)
		fail("eventfd: %s", strerror(errno));
	CALL(m->vm, KVM_IOEVENTFD, &notification);
}

static void make_machine(struct machine *m, uint64_t pages, uint64_t workload)
{
	int kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);

	if (kvm < 0)
		fail("/dev/kvm: %s: this kernel did not start KVM", strerror(errno));
	m->vm = CALL(kvm, KVM_CREATE_VM, NULL);
	make_memory(m, pages, workload);
	for (unsigned n = 0; n < m->vcpus; n++)
		make_vcpu(m, n, (size_t)CALL(kvm, KVM_GET_VCPU_MMAP_SIZE, NULL));
	make_gic(m);
	if (workload == L2_device_notify)
		make_notification(m);
	set_register(m, CORE_REG(regs.pc), L2_IMAGE);
	set_register(m, CORE_REG(regs.regs[0]), L2_PARAMS);
}

static void judge_notifications(const struct machine *m)
{
	uint64_t count = 0;

	if (read(m->notified, &count, sizeof(count)) < 0 && errno != EAGAIN)
		fail("eventfd: %s", strerror(errno));
	if (count != m->params->n1 + m->params->n2)
		fail("%s was told %llu times", m->workload, (unsigned long long)count);
}

/* Has L2 written just the first so many of its pages since the last time?  KVM forgets it, and protects them again. */
static bool take_dirty_log(const struct machine *m, uint64_t pages)
{
	uint64_t page_size = (uint64_t)sysconf(_SC_PAGESIZE);
	static uint64_t bits[L2_PAGES_MAX / 64];
	struct kvm_dirty_log log = { .slot = 1, .dirty_bitmap = bits };
	uint64_t dirty = 0;

	memset(bits, 0, sizeof(bits));
	CALL(m->vm, KVM_GET_DIRTY_LOG, &log);
	for (size_t i = 0; i < L2_PAGES_MAX / 64; i++)
		dirty += (uint64_t)__builtin_popcountll(bits[i]);
	return dirty == (pages * L2_PAGE_SIZE + page_size - 1) / page_size;
}

static void run(const struct vcpu *v);

/* Another VM, from nothing to nothing: MOV W0, #8; MOVK W0, #0x8400, LSL #16; HVC #0 is PSCI SYSTEM_OFF. */
static void live(void)
{
	static const uint32_t code[] = { 0x52800100, 0x72b08000, 0xd4000002 };
	struct machine other = { .vcpus = 1 };
	int kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC), gic;
	size_t size = (size_t)CALL(kvm, KVM_GET_VCPU_MMAP_SIZE, NULL);
	char *memory;

	other.vm = CALL(kvm, KVM_CREATE_VM, NULL);
	memory = add_slot(&other, 0, 0, L2_IMAGE, L2_BLOCK_SIZE);
	memcpy(memory, code, sizeof(code));
	__builtin___clear_cache(memory, memory + sizeof(code));
	make_vcpu(&other, 0, size);
	gic = make_gic(&other);
	set_register(&other, CORE_REG(regs.pc), L2_IMAGE);
	run(&other.vcpu[0]);
	munmap(other.vcpu[0].run, size);
	close(other.vcpu[0].fd);
	close(gic);
	close(other.vm);
	close(kvm);
	munmap(memory, L2_BLOCK_SIZE);
}

static void mmio(struct machine *m, struct kvm_run *run)
{
	uint32_t value = L2_DEVICE_VALUE + m->device_reads;

	if (run->mmio.phys_addr == L2_UNMAP && run->mmio.is_write && run->mmio.len == sizeof(value)) {
		memcpy(&value, run->mmio.data, sizeof(value));
		if (madvise(m->pages + value * L2_PAGE_SIZE, m->params->page_size, MADV_DONTNEED))
			fail("madvise: %s", strerror(errno));
		return;
	}
	if (run->mmio.phys_addr == L2_CLEAN && run->mmio.is_write) {
		if (!take_dirty_log(m, m->params->pages))
			fail("the dirty log does not have the pages that L2 wrote");
		return;
	}
	if (run->mmio.phys_addr == L2_LIFE && run->mmio.is_write) {
		live();
		return;
	}
	if (run->mmio.phys_addr != L2_DEVICE || run->mmio.is_write || run->mmio.len != sizeof(value))
		fail("L2 %s %u bytes at 0x%llx", run->mmio.is_write ? "wrote" : "read", run->mmio.len,
		     (unsigned long long)run->mmio.phys_addr);
	memcpy(run->mmio.data, &value, sizeof(value));
	m->device_reads++;
}

/* Until L2 switches itself off: this vCPU, or another one, when KVM stops it without a word. */
static void run(const struct vcpu *v)
{
	for (;;) {
		if (ioctl(v->fd, KVM_RUN, NULL) < 0) {
			if (errno == EINTR)
				continue;
			fail("KVM_RUN: %s", strerror(errno));
		}
		if (v->run->exit_reason == KVM_EXIT_MMIO)
			mmio(v->machine, v->run);
		else if (v->run->exit_reason == KVM_EXIT_SYSTEM_EVENT)
			return;
		else
			fail("exit reason %u", v->run->exit_reason);
	}
}

static void judge(const struct machine *m)
{
	static const char *const text[] = {
		[L2_RUNNING] = "L2 ended without a result",
		[L2_BAD_VALUE] = "L2 read a wrong value",
		[L2_NO_INTERRUPT] = "an interrupt did not come, taken so far:",
		[L2_WRONG_INTERRUPT] = "L2 took INTID",
		[L2_EXTRA_INTERRUPTS] = "wrong number of interrupts:",
		[L2_EXCEPTION] = "L2 took an exception, ESR_EL1",
		[L2_NO_CPU] = "CPU_ON failed:",
	};
	uint64_t status = m->params->status, pfr0;

	if (status != L2_OK)
		fail("%s %s 0x%llx", m->workload, text[status <= L2_NO_CPU ? status : L2_RUNNING],
		     (unsigned long long)m->params->detail);
	if (m->params->workload == L2_dirty_log && !take_dirty_log(m, m->params->n1 + m->params->n2))
		fail("the dirty log does not have the pages that L2 wrote");
	if (m->params->workload == L2_device_notify)
		judge_notifications(m);
	pfr0 = get_register(m, REG_ID_AA64PFR0_EL1);
	if (m->params->workload == L2_idreg && m->params->n1 + m->params->n2 && m->params->value != pfr0)
		fail("%s ID_AA64PFR0_EL1 is 0x%llx for L2, not 0x%llx", m->workload,
		     (unsigned long long)m->params->value, (unsigned long long)pfr0);
}

/* What else Linux finds to do while it comes up would be counted as the workload's. */
static void take_precedence(void)
{
	struct sched_param parameters = { .sched_priority = 1 };

	if (sched_setscheduler(0, SCHED_FIFO, &parameters))
		fail("sched_setscheduler: %s", strerror(errno));
}

/* Alone on its CPU: several would keep each other waiting. */
static void stay_on(unsigned cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		fail("sched_setaffinity: %s", strerror(errno));
}

static void print_latency(const struct l2_params *params)
{
	printf("latency %llu", (unsigned long long)params->n2);
	for (unsigned k = 0; k < L2_LATENCIES; k++)
		printf(" %llu:%llu", (unsigned long long)l2_quantile(k),
		       (unsigned long long)params->latency[k]);
	printf("\n");
}

/* The vCPU by which L2 switched itself off says how it went. */
static void *run_vcpu(void *argument)
{
	const struct vcpu *v = argument;
	const struct machine *m = v->machine;

	if (m->vcpus > 1)
		stay_on(v->index);
	run(v);
	judge(m);
	if (m->params->workload == L2_storm)
		printf("# %llu interrupts on %u vCPUs, each taken once\n",
		       (unsigned long long)m->params->value, m->vcpus);
	if (m->params->workload == L2_irq_latency)
		print_latency(m->params);
	printf("ok %s %llu %llu\n", m->workload, (unsigned long long)m->params->n1,
	       (unsigned long long)m->params->n2);
	exit(0);
}

static void start_secondaries(struct machine *m)
{
	pthread_t thread;

	for (unsigned n = 1; n < m->vcpus; n++)
		if (pthread_create(&thread, NULL, run_vcpu, &m->vcpu[n]))
			fail("no thread for vCPU %u", n);
}

static unsigned vcpus_for(uint64_t workload, const char *name)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	uint64_t wanted = l2_cpus(workload, (uint64_t)cpus);

	if (wanted > (uint64_t)cpus || (workload == L2_storm && wanted < 2))
		fail("%s needs more than one CPU", name);
	return (unsigned)wanted;
}

static uint64_t parse_count(const char *text)
{
	char *end;
	unsigned long long value = strtoull(text, &end, 0);

	if (!*text || *end)
		fail("%s is not a number", text);
	return value;
}

static uint64_t parse_workload(const char *name)
{
	for (uint64_t n = 0; n < L2_WORKLOAD_COUNT; n++)
		if (!strcmp(name, workload_names[n]))
			return n;
	fail("%s is not a workload", name);
}

int main(int argc, char **argv)
{
	struct machine m = { 0 };
	struct l2_params p = { .gicd = L2_GICD, .gicr = L2_GICR, .timer_intid = L2_TIMER_INTID };
	uint64_t pages;

	if (argc != 4)
		fail("usage: kvm-runner WORKLOAD N1 N2");
	p.workload = parse_workload(argv[1]);
	p.n1 = parse_count(argv[2]);
	p.n2 = parse_count(argv[3]);
	p.page_size = (uint64_t)sysconf(_SC_PAGESIZE);
	if (p.workload == L2_mapped_touch || p.workload == L2_flush_pages || p.workload == L2_flush_blocks)
		fail("%s is not for KVM, which maps what L2 touches and nothing else", argv[1]);
	pages = l2_pages(&p);
	if (pages > L2_PAGES_MAX)
		fail("%s %s %s: L2 has no more than %llu pages of 4 KiB for it", argv[1], argv[2], argv[3],
		     (unsigned long long)L2_PAGES_MAX);
	if (p.workload == L2_irq_latency && (p.n1 >= L2_SAMPLES_MAX / 4 || p.n2 >= L2_SAMPLES_MAX / 4))
		fail("%s fewer than %llu interrupts", argv[1], (unsigned long long)L2_SAMPLES_MAX / 4);
	m.workload = argv[1];
	m.vcpus = vcpus_for(p.workload, argv[1]);
	p.cpus = m.vcpus;
	if (p.workload == L2_page_unmap || p.workload == L2_dirty_log)
		p.pages = pages;
	make_machine(&m, pages, p.workload);
	*m.params = p;
	take_precedence();
	start_secondaries(&m);
	run_vcpu(&m.vcpu[0]);
}
