/*
 * What do an L2 payload and its hypervisor agree on?  Shared by the payload, by our small guest hypervisor
 * and by the program that runs the same payload under Linux KVM.  Next: main.c.
 *
 * The image is loaded at L2 IPA L2_IMAGE and entered at its first byte, at EL1h with the MMU off and all of
 * DAIF masked, with x0 = L2_PARAMS.  vCPU n has the affinity 0.0.0.n; all but vCPU 0 wait for PSCI CPU_ON.  L2 runs MARK, n1 operations, MARK, n2 operations, MARK
 * (nv/arch/firn_abi.h), checks what it got, writes status and detail, and ends with PSCI SYSTEM_OFF.  Its
 * calls are HVC #0 under the SMC calling convention.
 */
#ifndef GUEST_HYP_L2_L2_H
#define GUEST_HYP_L2_L2_H

#include <stdint.h>

// clang-format off
/*
 * What one operation is:
 *  hypercall   PSCI_VERSION by HVC
 *  device_io   32-bit read of a register at an L2 IPA where nothing is mapped: L2_DEVICE_VALUE plus the number of
 *              reads before
 *  device_notify 32-bit write to a register at such an IPA, which the hypervisor counts where it is nearest: Linux in its kernel, by an
 *              eventfd, as for a virtio queue
 *  eoi         an interrupt that the hypervisor made pending is taken and completed.  L2 asks for it with
 *              L2_CALL_RAISE, or with a write to GICR_ISPENDR0 where it has a redistributor.  Acknowledge and EOI
 *              need no trap of their own.
 *  eoi_alone   write of ICC_EOIR1_EL1 for one of L2_EOIS interrupts that were acknowledged before the first MARK, each more
 *              urgent than the one before it; the most urgent first. So n1 + n2 is L2_EOIS at most
 *  ipi_self    ICC_SGI1R_EL1 to itself, taken and completed
 *  timer       CNTV_TVAL_EL0 = 0, taken, disabled, completed
 *  wfi_timer   CNTV_CVAL_EL0 = 20 us from now, WFI until its interrupt was taken and completed
 *  irq_latency CNTV_CVAL_EL0 = 20 to 60 us from now, a different delay each time; L2 runs until it is taken, notes how
 *              late its handler was, and completes it. As often as n1 before the first MARK and after the last, too: the hypervisor's VM
 *              may share a CPU with others that do the same, and that is to be so all the while
 *  vm_switch   the same as wfi_timer with 1 ms, and with as much before and after as irq_latency: there is such another VM
 *  idreg       read of ID_AA64PFR0_EL1, the same value every time
 *  page_touch  write of one byte to a page that was never touched
 *  sparse_touch  the same, of one page in every 2 MiB, in order
 *  random_touch  the same, of pages all over L2_PAGES, in an order without order, the same each time
 *  device_irq  a character to a PL011 that the hypervisor gave to L2, at L2_UART; its transmit interrupt is taken, cleared at
 *              the device and completed
 * On several vCPUs:
 *  virtual_ipi ICC_SGI1R_EL1 to vCPU 1, which runs; the operation ends when that one has taken and completed it
 *  storm       every vCPU sends an SGI to another one and sets its timer, and waits until both were taken. What is taken
 *              is counted by sender and receiver, so that neither a lost nor a doubled interrupt goes unnoticed
 *  cpu_off     PSCI by the book: vCPU 1 is seen off, switched on and seen on; it takes an interrupt of its timer and an SGI, and
 *              switches itself off with another timer interrupt pending, of which its next life sees nothing
 * About the hypervisor's stage 2, with memory at L2_PAGES that is mapped before the first MARK:
 *  mapped_touch  the same as page_touch, but the hypervisor has mapped the page
 *  block_touch   the same, with blocks as far as the hypervisor can
 *  page_unmap    all pages of l2_params.pages have been touched; the number of the first in one of the hypervisor's own pages is
 *                written to L2_UNMAP, whereupon it takes that one away, and the next of its pages is read
 *  flush_pages   all have been touched; a write to L2_FLUSH, and the hypervisor invalidates all of this stage 2 in TLBs
 *  flush_blocks  the same with blocks
 *  dirty_log     all have been written, and the hypervisor has forgotten that on a write to L2_CLEAN: write of one byte to a page,
 *                which the hypervisor notes
 * About the hypervisor itself:
 *  vm_life     a write to L2_LIFE, whereupon the hypervisor makes another VM with a vCPU, a GIC and memory, runs it until it has
 *              switched itself off, which it does with its third instruction, and takes all of it away again
 */
#define L2_WORKLOADS(X)                                                             \
	X(hypercall) X(device_io) X(eoi) X(ipi_self) X(timer) X(wfi_timer) X(vm_switch) X(idreg) \
	X(page_touch) X(mapped_touch) X(block_touch) X(page_unmap)                  \
	X(flush_pages) X(flush_blocks) X(device_irq)                                \
	X(virtual_ipi) X(storm) X(irq_latency) X(cpu_off) X(eoi_alone) X(dirty_log) X(vm_life) \
	X(device_notify) X(sparse_touch) X(random_touch)
// clang-format on

#define L2_WORKLOAD_ENUM(name) L2_##name,
enum l2_workload {
	L2_WORKLOADS(L2_WORKLOAD_ENUM) L2_WORKLOAD_COUNT
};

#define L2_CPUS_MAX 8

/* How many vCPUs does a workload want of a hypervisor that has so many CPUs? */
static inline uint64_t l2_cpus(uint64_t workload, uint64_t available)
{
	uint64_t all = available < L2_CPUS_MAX ? available : L2_CPUS_MAX;

	return workload == L2_storm ? all : workload == L2_virtual_ipi || workload == L2_cpu_off ? 2 : 1;
}

/* L2 IPA map.  The block holds the parameters at its start and the stacks at its end (start.S). */
#define L2_IMAGE UINT64_C(0x80000000)
#define L2_IMAGE_SIZE UINT64_C(0x10000)
#define L2_BLOCK UINT64_C(0x80200000)
#define L2_BLOCK_SIZE UINT64_C(0x200000)
#define L2_PARAMS L2_BLOCK
#define L2_PAGES UINT64_C(0xa0000000)	     /* the first of a block of every granule */
#define L2_PAGES_MAX UINT64_C(0x40000)	     /* of 4 KiB */
#define L2_SAMPLES (L2_BLOCK + L2_PAGE_SIZE) /* irq_latency: ticks of each interrupt, 64 bits */
#define L2_SAMPLES_MAX UINT64_C(0x10000)
#define L2_DEVICE UINT64_C(0x0a000010)
#define L2_UNMAP UINT64_C(0x0a000018)
#define L2_FLUSH UINT64_C(0x0a000020)
#define L2_CLEAN UINT64_C(0x0a000028)
#define L2_LIFE UINT64_C(0x0a000030)
#define L2_NOTIFY UINT64_C(0x0a000038)
#define L2_UART UINT64_C(0x0a010000) /* in a page of 64 KiB without the registers above */

#define L2_PAGE_SIZE UINT64_C(4096)
#define L2_DEVICE_VALUE UINT32_C(0x5eed0000)

#define L2_PSCI_VERSION UINT64_C(0x84000000)
#define L2_PSCI_CPU_OFF UINT64_C(0x84000002)
#define L2_PSCI_CPU_ON UINT64_C(0xc4000003)
#define L2_PSCI_AFFINITY_INFO UINT64_C(0xc4000004)
#define L2_PSCI_SYSTEM_OFF UINT64_C(0x84000008)
#define L2_CALL_RAISE \
	UINT64_C(0xc6000001) /* x1 = INTID: make it pending; of two SGIs below 8 the higher is more urgent */
#define L2_NOT_SUPPORTED (~UINT64_C(0))
#define L2_INVALID_PARAMETERS ((uint64_t)-2)
#define L2_ALREADY_ON ((uint64_t)-4)
#define L2_ON_PENDING ((uint64_t)-5)
enum l2_affinity_info {
	L2_IS_ON,
	L2_IS_OFF,
	L2_IS_ON_PENDING
};

#define L2_SGI_EOI 3
#define L2_EOIS UINT64_C(3) /* SGIs from L2_SGI_EOI on */
#define L2_SGI_IPI 1
#define L2_SGI_STORM 8 /* plus the sender's number */

enum l2_status {
	L2_RUNNING,
	L2_OK,
	L2_BAD_VALUE,	     /* detail: what was read */
	L2_NO_INTERRUPT,     /* detail: how many came */
	L2_WRONG_INTERRUPT,  /* detail: INTID */
	L2_EXTRA_INTERRUPTS, /* detail: how many came; of a storm, the INTID in [63:48] */
	L2_EXCEPTION,	     /* detail: ESR_EL1 */
	L2_NO_CPU,	     /* detail: what CPU_ON said */
};

/* Of the sorted samples of n2 operations, by nearest rank: which of l2_quantile's these are. */
enum l2_latency {
	L2_MIN = 0,
	L2_P50 = 5,
	L2_P90 = 9,
	L2_P99 = 18,
	L2_MAX = 37,
	L2_LATENCIES
};

/* Hundredths of a per cent: from 0 in ten steps each to 90 %, 99 % and 99.9 %, then to 99.99 % and 100 %. */
static inline uint64_t l2_quantile(uint64_t k)
{
	if (k < 10)
		return k * 1000;
	if (k < 19)
		return 9000 + (k - 9) * 100;
	return k < 28 ? 9900 + (k - 18) * 10 : k < L2_MAX ? 9990 + (k - 27) : 10000;
}

/* All those interrupts that irq_latency and vm_switch take, with those before and after the marks. */
static inline uint64_t l2_interrupts(uint64_t n1, uint64_t n2)
{
	return 3 * n1 + n2;
}

struct l2_params {
	uint64_t workload; /* enum l2_workload */
	uint64_t n1, n2;
	uint64_t cpus;	     /* vCPUs that L2 has: l2_cpus() */
	uint64_t gicd, gicr; /* L2 IPAs, or 0: no distributor, every interrupt is enabled */
	uint64_t timer_intid, uart_intid;
	uint64_t pages;		 /* at L2_PAGES, for page_unmap, flush_* and dirty_log */
	uint64_t page_size;	 /* the hypervisor's */
	uint64_t status, detail; /* the answer */
	uint64_t value;		 /* idreg: what was read; storm: interrupts taken, by all vCPUs */
	uint64_t latency
		[L2_LATENCIES]; /* irq_latency: counter ticks from CNTV_CVAL_EL0 to the handler, at each l2_quantile */
};

/* The page of 4 KiB at L2_PAGES that operation k touches. */
static inline uint64_t l2_page(uint64_t workload, uint64_t k)
{
	if (workload == L2_sparse_touch)
		return k * (L2_BLOCK_SIZE / L2_PAGE_SIZE);
	if (workload != L2_random_touch)
		return k;
	/* Each step can be undone, so no page comes twice. */
	k ^= k >> 9;
	k = k * 0x2c1b3 % L2_PAGES_MAX;
	k ^= k >> 9;
	k = k * 0x297a5 % L2_PAGES_MAX;
	return k ^ k >> 9;
}

/* How many pages of 4 KiB at L2_PAGES, from the first on, do all operations want? */
static inline uint64_t l2_pages(const struct l2_params *p)
{
	uint64_t n = p->n1 < L2_PAGES_MAX && p->n2 < L2_PAGES_MAX ? p->n1 + p->n2 : 2 * L2_PAGES_MAX;

	switch (p->workload) {
	case L2_page_touch:
	case L2_mapped_touch:
	case L2_block_touch:
	case L2_dirty_log:
		return n;
	case L2_sparse_touch:
		return l2_page(L2_sparse_touch, n);
	case L2_random_touch:
		return n > L2_PAGES_MAX ? n : L2_PAGES_MAX;
	case L2_page_unmap:
		return (n + 1) * (p->page_size / L2_PAGE_SIZE);
	default:
		return 0;
	}
}

#endif
