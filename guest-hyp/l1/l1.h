/*
 * The small guest hypervisor: one L2, a vCPU of it on each CPU, and as few registers per switch as correctness
 * allows. One source, two builds: VHE=1 runs with HCR_EL2.E2H = 1 and TGE = 0, VHE=0 with E2H = 0. Everything
 * that can be set up once is (world.c); a switch saves and restores general registers, and nothing else.
 * Read: main.c, workload.c, world.c, start.S, vectors.S, exit.c, smp.c, gic.c, stage2.c.
 */
#ifndef GUEST_HYP_L1_L1_H
#define GUEST_HYP_L1_L1_H

#include "guest-hyp/l2/l2.h"
#include "nv/arch/addr.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * A register of L1's own and one of L2's.  With E2H = 1 the EL1 names reach L1's own EL2 registers and the
 * EL12 names L2's; with E2H = 0 the EL2 names are L1's and the EL1 names L2's.
 */
#if VHE
#define read_own(name) read_sysreg(name##_EL1)
#define write_own(name, value) write_sysreg(name##_EL1, value)
#define write_l2s(name, value) write_sysreg(name##_EL12, value)
#else
#define read_own(name) read_sysreg(name##_EL2)
#define write_own(name, value) write_sysreg(name##_EL2, value)
#define write_l2s(name, value) write_sysreg(name##_EL1, value)
#endif

/* L2's general registers while L1 runs; vectors.S builds it. */
struct l2_regs {
	uint64_t x[32]; /* [31] is padding, and stays 0: reads as XZR */
};

/* workload.c */
/* From bootargs, checked; where L2's parameters are, in a block of 2 MiB that L2 is to have at L2_BLOCK. */
struct l2_params *workload_read(void);
const char *workload_name(void);
/* Judges L2's answer, prints the result line and ends the machine. l2_pfr0: ID_AA64PFR0_EL1 as L2 was to see it. */
_Noreturn void workload_end(uint64_t l2_pfr0, uint64_t notifications);

/* cpu.c. CPUs and L2's vCPUs have the numbers of rt_machine()->mpidr[]; vCPU n has the affinity 0.0.0.n. */
unsigned cpu_self(void);

/*
 * world.c: everything that is set up once.  The first CPU's own regime, which others start with; and on each CPU the vectors that
 * the first one was given, the GIC and L2's regime.
 */
void world_setup_first(const char *vectors);
void world_setup(void);
/* start.S: starts L2 at pc with x0, at EL1h with interrupts masked; comes back only through exceptions. */
_Noreturn void world_start(l2_ipa_t pc, uint64_t x0, uint64_t pstate);

/* exit.c, called from vectors.S */
void exit_sync(struct l2_regs *regs);
void exit_irq(struct l2_regs *regs);
/* The values of trapped ID registers that L2 sees, read once because each read may itself be a trap. */
void exit_setup(void);

/* smp.c */
/* PSCI CPU_ON of L2: 0 or a PSCI error. CPU_OFF of the vCPU that is here. AFFINITY_INFO: a state or an error. */
uint64_t smp_cpu_on(uint64_t affinity, l2_ipa_t entry, uint64_t context);
_Noreturn void smp_cpu_off(void);
uint64_t smp_affinity_info(uint64_t affinity, uint64_t level);
/* The SGI intid becomes pending for another vCPU; nothing if that one is off. */
void smp_send(unsigned target, uint32_t intid);
/* SGIs that others sent to this vCPU, into its list registers. */
void smp_receive(void);
/* start.S: where other CPUs start, with their struct smp_start in X0. */
extern const char l1_secondary[];

/* stage2.c.  Levels of a leaf, and its bytes: a page of 4, 16 or 64 KiB, a block of 2, 32 or 512 MiB. */
#define STAGE2_BLOCK 2U
#define STAGE2_PAGE 3U
uint64_t stage2_size(unsigned level);
/* Before all else of stage2.c: reads the granule from bootargs. */
void stage2_setup(void);
uint64_t stage2_vtcr(void);
uint64_t stage2_vttbr(void);
/* So many bytes of RAM for leaves of a level: aligned to one, zeroed; *size becomes a multiple of it. */
void *stage2_memory(uint64_t *size, unsigned level);
/* All three are multiples of the leaf.  Also writes the memory back: L2 runs with its MMU off, so past the caches. */
void stage2_map(l2_ipa_t l2_ipa, const void *memory, uint64_t size, unsigned level, bool exec);
void stage2_map_device(l2_ipa_t l2_ipa, uint64_t device); /* a page of registers, for L2 itself */
/* The page that l2_ipa is in, mapped or not; and what TLBs know of all of this stage 2. */
void stage2_unmap_page(l2_ipa_t l2_ipa);
void stage2_flush(void);
/* Writes back and drops what L1's caches hold of memory that L2 shares. */
void stage2_clean(const void *memory, uint64_t size);

/* gic.c */
void gic_setup(void);
/* Of this CPU, when it was on before: list registers are UNKNOWN then, and the vCPU may have left an interrupt active. */
void gic_forget(void);
/* Takes a shared peripheral interrupt too, which is L2's then. */
void gic_own_spi(uint32_t intid);
/* Takes and drops the pending physical interrupt; 1023 if there is none. It is active until gic_finish, or its twin ends. */
uint32_t gic_take(void);
void gic_finish(uint32_t intid);
/* Interrupts another CPU with L1_SGI_KICK. */
#define L1_SGI_KICK 0
void gic_kick(unsigned cpu);
/*
 * Makes a virtual interrupt pending in a list register; hw ties it to the active physical one of the same INTID.
 */
void gic_inject(uint32_t intid, bool hw);

#endif
