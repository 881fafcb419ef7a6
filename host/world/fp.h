/*
 * How do the FP, SIMD and SVE registers of a vCPU get into hardware and back?  Only when it uses them: after a switch to
 * another vCPU CPTR_EL2.FPEN and ZEN trap the first use. A vCPU that has never used SVE has V registers only; one that has
 * moves all of its Z, P and FFR with them. What L1 and its guest share among each other is L1's to switch.
 * Next: fp.c, fp_registers.S.
 */
#ifndef HOST_WORLD_FP_H
#define HOST_WORLD_FP_H

#include <stdbool.h>

#include "host/vm/vcpu.h"

/* Room for the SVE registers, where the CPU has them. False when out of memory. */
bool fp_init(struct vcpu *v);
/* Out of reset: all zero, and not in hardware. */
void fp_reset(struct vcpu *v);

/* The first use of FP and SIMD, or of SVE registers, since v came to this CPU. */
__attribute__((cold)) void fp_use(struct vcpu *v, bool sve);
/* Out of hardware, if they are there. The world's controls have to be loaded again. */
void fp_park(struct vcpu *v);

/* Does hardware have v's V registers, and may the level that v was at use them?  If so, L0 may use these: */
bool fp_is_open(const struct vcpu *v);
/* Vn; a load of it makes what SVE has above it zero. fp_registers.S. */
void fp_get_v(unsigned n, void *bytes);
void fp_set_v(unsigned n, const void *bytes);

/*
 * ZCR_EL1 and ZCR_EL2 of hardware are v's while its SVE registers are there, v->fp.fpen has ZEN; else both trap. They are the guest
 * context's when v->fp.zcr_is_guest_contexts says so, which is while it runs and L1 lets it have SVE; else vEL2's.
 *
 * fp_zcr_to_guest_context: with v->fp.fpen and CPTR_EL2 of vEL2, whose value for its guest is in v->nv.file. fp_zcr_to_vel2: with
 * v->fp.zcr_is_guest_contexts; CPTR_EL2 is left open.
 */
void fp_zcr_to_guest_context(struct vcpu *v);
__attribute__((cold)) void fp_zcr_to_vel2(struct vcpu *v);
/* ZCR_EL2 of L1, while vEL2 is loaded. fp_write_zcr: the one in v->nv.file was written. */
uint64_t fp_read_zcr(const struct vcpu *v);
void fp_write_zcr(const struct vcpu *v);

/* fp_registers.S, with CPTR_EL2.FPEN not trapping EL2. */
void fp_save(struct fp_state *s);
void fp_load(const struct fp_state *s);
/* The same with ZEN and the CPU's longest vectors: Z0 to Z31, then P0 to P15, then FFR. */
void sve_save(void *area);
void sve_load(const void *area);
/* FPCR and FPSR alone, and P0 to P15 and FFR with the value 0. */
void fp_save_status(struct fp_state *s);
void fp_load_status(const struct fp_state *s);
void sve_clear_predicates(void);

#endif
