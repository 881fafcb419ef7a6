/*
 * What is a VM to L0?  RAM for an L1, its vCPUs and its devices, as a node of L0's device tree asked for
 * (docs/device-tree.md).  Next: vm.c, stage2.h, host/create/dtb.h.
 */
#ifndef HOST_VM_VM_H
#define HOST_VM_VM_H

#include <stdbool.h>
#include <stdint.h>

#include "host/machine/spinlock.h"
#include "host/vm/assign_types.h"
#include "host/vm/pci_types.h"
#include "host/vm/pl011_types.h"
#include "host/vm/stage2.h"
#include "nv/arch/addr.h"
#include "nv/arch/firn_abi.h"
#include "nv/gic/its.h"
#include "nv/gic/state.h"
#include "nv/state.h"

#define VM_MAX 8
#define VM_MAX_VCPUS VGIC_MAX_VCPUS

/* L1's map. */
#define VM_GICD_BASE UINT64_C(0x08000000)
#define VM_ITS_BASE UINT64_C(0x08080000)
#define VM_ITS_TRANSLATER (VM_ITS_BASE + 0x10040) /* GITS_TRANSLATER */
#define VM_GICR_BASE UINT64_C(0x080a0000)
#define VM_UART_BASE FIRN_UART_BASE
#define VM_UART_SIZE UINT64_C(0x1000)
#define VM_SMMU_BASE UINT64_C(0x09050000)
#define VM_SMMU_SIZE UINT64_C(0x20000)
#define VM_PCI_WINDOW_BASE UINT64_C(0x10000000)
#define VM_PCI_WINDOW_SIZE UINT64_C(0x08000000)
#define VM_PCI_ECAM_BASE UINT64_C(0x3f000000)
#define VM_PCI_ECAM_SIZE UINT64_C(0x100000)
#define VM_RAM_BASE UINT64_C(0x40000000)

/* L1's interrupts, those of QEMU's virt machine. */
enum {
	VM_INTID_PMU = 23,
	VM_INTID_MAINTENANCE = 25,
	VM_INTID_TIMER_EL2_P = 26,
	VM_INTID_TIMER_EL1_V = 27,
	VM_INTID_TIMER_EL2_V = 28,
	VM_INTID_TIMER_SECURE = 29, /* there is none */
	VM_INTID_TIMER_EL1_P = 30,
	VM_INTID_UART = 33,
	VM_INTID_SMMU_EVENT = 94,
	VM_INTID_SMMU_ERROR = 95
};

struct shadow;
struct vcpu;
struct vm_config;

enum vm_stop {
	VM_RUNS,
	VM_OFF,	     /* SYSTEM_OFF */
	VM_RESET,    /* SYSTEM_RESET: it begins again */
	VM_RESTARTS, /* all its vCPUs were off, and the first one is on: host/run/power.h */
};

/* How a VM's modules get into its RAM: host/create/load.h. */
#define VM_MAX_MODULES 8 /* for L1, besides its kernel and its ramdisk */
#define LOAD_PARTS (3 + VM_MAX_MODULES)
struct load {
	struct load_part {
		uint64_t to;	     /* an offset in RAM */
		const uint8_t *from; /* NULL: zeroes */
		uint64_t bytes;
	} part[LOAD_PARTS];
	unsigned next; /* part, of which done bytes are there */
	uint64_t done;
	l1_ipa_t entry; /* of the kernel */
	l1_ipa_t dtb;	/* X0 there */
};

#define VM_MAX_RESETS 8 /* that firn,resets can speak of */

struct vm {
	unsigned index;
	enum nv_mode mode;
	enum nv_e2h_choice e2h;
	bool markers;	       /* HVC FIRN_HVC_MARK is L0's */
	enum vm_stop stopping; /* what its vCPUs are to come to an end for */
	unsigned on;	       /* vCPUs that are */
	bool time_stops;       /* while a vCPU wants a CPU and has none */
	unsigned nvcpus;
	unsigned first_cpu; /* where vCPU 0 starts to run, others next to it */
	struct vcpu *vcpu[VM_MAX_VCPUS];
	uint64_t ram_size; /* bytes; at L1 IPA VM_RAM_BASE */
	pa_t ram_pa;
	struct stage2 stage2;
	uint64_t vtcr;	       /* VTCR_EL2 for both */
	struct page_log *log;  /* host/vm/page_log.c; NULL until there is one */
	struct shadow *shadow; /* stage 2 of L1's guests: host/shadow/trees.c */
	unsigned l1_lrs;       /* list registers that L1 sees of hardware's */
	unsigned ap_words;     /* how many of ICH_AP0R<n>_EL2 hardware has */
	struct spinlock vgic_lock;
	struct vgic_dist vgic;
	struct vits its;
	struct pl011 uart;
	struct assigned assigned[ASSIGN_MAX];
	unsigned assigned_count;
	struct vm_pci pci;
	const struct vm_config *config; /* what the device tree asked for */
	struct load load;
	bool devices_stale;			   /* of before the reset */
	uint64_t restarts, said_restarts, said_at; /* host/run/power.c */
	uint64_t reset_at[VM_MAX_RESETS];	   /* when the last ones were, in turn */
	uint64_t marks;				   /* HVC FIRN_HVC_MARK of all vCPUs: host/record/ledger.c */
};

/* The next VM, empty. Its index is how many there were. NULL: there are VM_MAX. */
struct vm *vm_add(void);

/* VM index, NULL beyond the last. */
struct vm *vm_get(unsigned index);

/* VTTBR_EL2 while vEL2 runs, and while L1's own EL1&0 runs with L1's HCR_EL2.VM = 0: L0's stage 2, VMIDs of their own. */
static inline uint64_t vm_vttbr_vel2(const struct vm *vm)
{
	return vm->stage2.vttbr[0];
}

static inline uint64_t vm_vttbr_guest_context(const struct vm *vm)
{
	return vm->stage2.vttbr[1];
}

/* VTCR_EL2 for both. */
static inline uint64_t vm_vtcr(const struct vm *vm)
{
	return vm->vtcr;
}

/*
 * L1's memory. False: not (wholly) RAM of the VM. Values are 64 bits, a pair two of them, u32 32 bits, ipa a multiple of the size. vm_translate says how
 * many bytes from there on are contiguous in the machine's memory too.
 */
bool vm_translate(const struct vm *vm, l1_ipa_t ipa, pa_t *out, uint64_t *contiguous_bytes);
bool vm_read_u64(const struct vm *vm, l1_ipa_t ipa, uint64_t *value);
bool vm_read_pair(const struct vm *vm, l1_ipa_t ipa, uint64_t value[2]);
bool vm_write_u64(const struct vm *vm, l1_ipa_t ipa, uint64_t value);
bool vm_write_u32(const struct vm *vm, l1_ipa_t ipa, uint32_t value);
/* Atomic. *swapped: the value was expected, and is desired now. */
bool vm_cmpxchg_u64(const struct vm *vm, l1_ipa_t ipa, uint64_t expected, uint64_t desired, bool *swapped);

#endif
