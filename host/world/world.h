/*
 * Which of L1's two worlds do the hardware's EL1&0 registers hold, and how is one exchanged for the other?
 * Next: world.c, controls.h; host/interrupt/timer.h and host/interrupt/nested_gic.h for their parts of the exchange.
 */
#ifndef HOST_WORLD_WORLD_H
#define HOST_WORLD_WORLD_H

#include "host/vm/vcpu.h"
#include "nv/deliver.h"

/* The EL1&0 registers of the world that is loaded go to memory, and come back with the controls: between vCPUs. */
void world_save(struct vcpu *v);
void world_load(struct vcpu *v);

/* From the guest context to vEL2: the caller then sets pc and pstate. And back, to where they say already. */
void world_to_vel2(struct vcpu *v);
void world_to_guest_context(struct vcpu *v);

/* Takes notice of an HCR_EL2.E2H that L1 may have changed: hardware's EL1 registers change their format. */
void world_follow_e2h(struct vcpu *v);

/* Switches a vCPU between nv and nv2 mode; its world may be loaded. The values of its registers stay. */
void world_set_mode(struct vcpu *v, enum nv_mode mode);

/* The end of being undecided (nv_begins_undecided): its mode is the one that it is to run in, from now on. */
__attribute__((cold)) void world_decide_mode(struct vcpu *v);

/* The beginning of it: in nv mode until then. vEL2 is loaded. */
__attribute__((cold)) void world_undecide_mode(struct vcpu *v);

/* Out of reset, v's registers first: vEL2 is what will be loaded, in the mode that it begins in. */
void world_reset(struct vcpu *v);

/* SPSR_EL2 of L1 while vEL2 is loaded. */
uint64_t world_read_spsr_el2(const struct vcpu *v);
void world_write_spsr_el2(struct vcpu *v, uint64_t value);

/* Takes an exception to the EL1 (or vEL2) of the world that is loaded. esr and far are for its ESR and FAR. */
void world_take_sync(struct vcpu *v, enum nv_from from, uint64_t esr);
void world_take_abort(struct vcpu *v, enum nv_from from, uint64_t esr, uint64_t far);
void world_take_async(struct vcpu *v, enum nv_from from, enum nv_vector vector);

/*
 * With L1's HCR_EL2.{E2H,TGE} = {0,1}: if v was about to execute a vector of EL1, the exception that brought it there is taken
 * to vEL2 instead, from EL0. False: it was not.
 */
bool world_forward_el0(struct vcpu *v);

/* CPTR_EL2 and CNTHCTL_EL2 of L1, whole: what hardware's twins hold and what they do not. vEL2 loaded. */
uint64_t world_read_cptr(const struct vcpu *v);
uint64_t world_read_cnthctl(const struct vcpu *v);

#endif
