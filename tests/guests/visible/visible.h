/*
 * What does a program see at EL2?  Each topic runs single instructions at EL2, EL1 or EL0 and prints what came of them,
 * one line per result: "= name value".  The runner (tests/qemu/run) runs the same image on bare hardware at EL2 and under
 * firn at vEL2 and compares the lines, so nothing here may print what is free to differ: addresses are shown relative to
 * the image, and masks keep what L1's ID registers show, each with its reason.  Next: run.c, main.c, then a topic.
 */
#ifndef TESTS_GUESTS_VISIBLE_VISIBLE_H
#define TESTS_GUESTS_VISIBLE_VISIBLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "nv/arch/fields.h"
#include "nv/arch/sysreg.h"

/*
 * The state that the exception leaves which ends a run.  A run ends with its first exception to EL2: one that is taken
 * there, or the one that closes what went well.
 */
struct outcome {
	unsigned vector;
	uint64_t esr, far, hpfar, pc, pstate;
	uint64_t x[31];
};

/* HVC immediates that end a run; SVC at EL0 comes back as IMM_VECTOR with EC_SVC64 in x10, or as itself with TGE. */
#define IMM_DONE 2
#define IMM_VECTOR 16

/* PSTATE as SPSR_EL2 gives it, DAIF masked, to start a run at each level. */
#define AT_EL0 (SPSR_M_EL0T | PSTATE_DAIF)
#define AT_EL1 (SPSR_M_EL1H | PSTATE_DAIF)
#define AT_EL1T (SPSR_M_EL1T | PSTATE_DAIF)
#define AT_EL2 (SPSR_M_EL2H | PSTATE_DAIF)
#define AT_EL2T (SPSR_M_EL2T | PSTATE_DAIF)

/*
 * Bits of an SPSR that are compared: those of the features L1 sees. PSTATE.TCO (FEAT_MTE), ALLINT (FEAT_NMI) and M[4]
 * (AArch32) are hidden.
 */
#define SPSR_COMPARED                                                                             \
	(SPSR_M | PSTATE_DAIF | PSTATE_BTYPE | PSTATE_SSBS | PSTATE_IL | PSTATE_SS | PSTATE_PAN | \
	 PSTATE_UAO | PSTATE_DIT | PSTATE_NZCV)

/* Of a fine-grained trap register: the bits of FEAT_LOR, FEAT_CSV2_2 and of what came later. */
#define FINE_HIDDEN (BITS(23, 19) | BITS(31, 30) | BITS(63, 50))

/* Instruction words. */
#define INSN_MRS(enc, rt) (UINT32_C(0xd5200000) | (uint32_t)(enc) << 5 | (uint32_t)(rt))
#define INSN_MSR(enc, rt) (UINT32_C(0xd5000000) | (uint32_t)(enc) << 5 | (uint32_t)(rt))
#define INSN_SVC(imm) (UINT32_C(0xd4000001) | (uint32_t)(imm) << 5)
#define INSN_HVC(imm) (UINT32_C(0xd4000002) | (uint32_t)(imm) << 5)
#define INSN_SMC(imm) (UINT32_C(0xd4000003) | (uint32_t)(imm) << 5)
#define INSN_BRK(imm) (UINT32_C(0xd4200000) | (uint32_t)(imm) << 5)
#define INSN_UDF UINT32_C(0)
#define INSN_ISB UINT32_C(0xd5033fdf)
#define INSN_WFE UINT32_C(0xd503205f)
#define INSN_DSB_SYNXS UINT32_C(0xd5033e3f) /* FEAT_XS */
#define INSN_WFI UINT32_C(0xd503207f)
#define INSN_ESB UINT32_C(0xd503221f)
#define INSN_RDVL UINT32_C(0x04bf5020) /* rdvl x0, #1 */
#define INSN_ERET UINT32_C(0xd69f03e0)
#define INSN_FMOV UINT32_C(0x9e670000)	/* fmov d0, x0 */
#define INSN_BR_X0 UINT32_C(0xd61f0000) /* br x0 */

/* To EL2 with this E2H, its own translation on or off, and the hooks that end runs. */
void visible_start(bool vhe, bool mmu);

/* Puts instructions into the code page, and what closes a run at this level behind them; its address. */
uint64_t visible_words(uint64_t pstate, const uint32_t *insn, unsigned count);
#define visible_code(pstate, ...)                                \
	visible_words(pstate, (const uint32_t[]){ __VA_ARGS__ }, \
		      sizeof((const uint32_t[]){ __VA_ARGS__ }) / sizeof(uint32_t))

/* Runs at pc with PSTATE, x0 and x1, until the first exception to EL2. */
const struct outcome *visible_run(uint64_t pc, uint64_t pstate, uint64_t x0, uint64_t x1);

/*
 * The same with SCTLR_EL2.EE = 1 during the run: EL2's data is big-endian, and so are the tables of its own regime, which are
 * el2_tables, and of stage 2.
 */
const struct outcome *visible_run_big(uint64_t pc, uint64_t pstate, uint64_t x0, uint64_t x1,
				      const uint64_t *el2_tables);

/* One instruction at that level. */
const struct outcome *visible_try(uint32_t insn, uint64_t pstate, uint64_t x0, uint64_t x1);

/* Did the run reach its end? */
bool visible_done(const struct outcome *o);

/*
 * EL2's own register by encoding. A read that is UNDEFINED gives ~0 and a write nothing; see visible_try for those. Each is a run of its
 * own, with an ERET and an HVC; with visible_direct a call, which is ten times as fast.
 */
uint64_t visible_read(unsigned enc);
void visible_write(unsigned enc, uint64_t value);
extern bool visible_direct;
#define get(name) visible_read(ENC_##name)
#define set(name, value) visible_write(ENC_##name, (value))

/* The names that reach the EL1 registers of what EL2 runs, with both values of E2H. */
#define EL1_ENC(name) (visible_vhe() ? ENC_##name##_EL12 : ENC_##name##_EL1)
#define get_el1(name) visible_read(EL1_ENC(name))
#define set_el1(name, value) visible_write(EL1_ENC(name), (value))

/* A line "= PREFIX NAME VALUE". The prefix says what is being done; it stays until it is changed. */
void visible_prefix(const char *format, ...) __attribute__((format(printf, 1, 2)));
void visible_value(const char *name, uint64_t value);
/* PAR_EL1 after an AT. */
void visible_par(const char *name, uint64_t par);
/* The outcome; a run that went well is "done", with x0 if show_x0. */
void visible_outcome(const char *name, const struct outcome *o, bool show_x0);
/* The outcome, unless it is the same kind as that of a run that went well. */
void visible_trap(const char *name, const struct outcome *o);

/* Is FAR_ELx, or HPFAR_EL2, of consequence? */
bool visible_has_far(uint64_t esr);
bool visible_has_hpfar(const struct outcome *o);

/* An address in RAM relative to the image, which is not at the same place in every machine; below it, to RAM. */
uint64_t visible_relative(uint64_t address);

/* bootargs "bare=1": hardware is QEMU itself, which has a few faults that the topics name. */
bool visible_bare(void);
bool visible_vhe(void); /* HCR_EL2.E2H of this run */
bool visible_fgt(void); /* ID_AA64MMFR0_EL1.FGT */

/* HCR_EL2 for a run below EL2, and the other EL2 controls at values that trap nothing; EL1 with its MMU off. */
uint64_t visible_hcr(void);
void visible_reset_controls(void);

/* An SGI becomes pending that HCR_EL2 routes to EL1, so that EL2 does not take it; and it is gone again (routing.c). */
void visible_hold(void);
void visible_let_go(void);

/*
 * With HCR_EL2.{E2H,TGE} = {1,1} EL0 is in EL2's own translation regime, in which this gives it two pages at VISIBLE_EL0_VA: those of
 * visible_page and, behind it, visible_scratch. Nothing is to be done with E2H=0.
 */
#define VISIBLE_EL0_VA UINT64_C(0x6000000000)
void visible_map_for_el0(void);

/* What a bit of SCTLR is after writes under each of its names that has it: SCTLR_EL2 with E2H=1, and EL1's. */
void visible_bit_of_sctlr(const char *name, uint64_t bit);

/* EL1's exception vectors: each reports itself with HVC #IMM_VECTOR, or with SMC where HVC is disabled. */
extern const char visible_el1_vectors[], visible_el1_vectors_smc[];

/* The page that visible_code writes, and a page of zeroes. */
extern uint32_t visible_page[1024];
extern uint64_t visible_scratch[512];

/* Topics. */
void topic_e2h(void);
void topic_registers(void);
void topic_controls(void);
void topic_routing(void);
void topic_exceptions(void);
void topic_tge(void);
void topic_serror(void);
void topic_sve(void);
void topic_later(void);
void topic_copies(void);
void topic_signing(void);
void topic_pmu(void);
void topic_returns(void);
void topic_ends(void);
void topic_debug(void);
void topic_traps(void);
void topic_fine(void);
void topic_stage2(void);
void topic_at(void);
void topic_endian(void);
void topic_accesses(void);
void topic_gic(void);
void topic_distributor(void);
void topic_timer(void);
void topic_timers(void);

#endif
