/*
 * What happened from one exit to the entry that followed it?  The events of a trace, gathered into one step for each trap.
 */
#ifndef EXPERIMENTS_FIRN_TRACE_STEPS_H
#define EXPERIMENTS_FIRN_TRACE_STEPS_H

#include "experiments/firn/trace/trace_file.h"

/* Return addresses of vEL2's callers, the nearest first. */
struct step_stack {
	uint32_t frames;
	uint64_t caller[TRACE_STACK_MOST];
};

struct step {
	uint64_t number;	 /* of the step, from 0 */
	uint64_t time, end_time; /* of its exit and its entry */
	uint32_t vm, vcpu;	 /* that made the exit */
	uint32_t cpu;		 /* on which it did */
	uint32_t to_vm, to_vcpu; /* that runs after it, if has_entry */
	uint64_t taken_time;	 /* another CPU went on with the vCPU before this one's entry; 0: none did */
	unsigned marks;		 /* seen on any vCPU before this step's end */
	bool has_entry, has_stack, has_eret, has_inject, has_guest_inject, has_access, has_fault, has_map,
		has_mmio, has_interrupt, has_message, has_line, has_lrs, has_back;
	struct trace_kvm_exit exit;
	struct trace_kvm_entry entry;
	struct step_stack stack;
	struct trace_kvm_nested_eret eret;
	struct trace_kvm_inject_nested_exception inject;
	struct trace_firn_inject_guest_exception guest_inject;
	struct trace_kvm_sys_access access;
	struct trace_firn_shadow_fault fault;
	struct trace_firn_shadow_map map;
	struct trace_kvm_mmio mmio;
	struct trace_firn_interrupt interrupt;
	struct trace_firn_message message; /* that the interrupt was */
	struct trace_vgic_update_irq_pending
		line;			      /* the first one that went high, else the first one at all */
	struct trace_firn_list_registers lrs; /* loaded; also for the vCPU that goes on */
	struct trace_firn_list_registers
		back; /* taken back from hardware: those of the guest that was left */
	char reason[48];
	const char *control; /* "" for none */
};

/* Does the vCPU that made the exit go on itself? */
static inline bool step_stays(const struct step *step)
{
	return step->has_entry && step->to_vm == step->vm && step->to_vcpu == step->vcpu;
}

/*
 * Calls visit for each step in the order of entries; and event, if not NULL, for each event before that. How many marks
 * there are.
 */
unsigned steps_each(struct trace_file *file, void (*visit)(void *context, const struct step *step),
		    void (*event)(void *context, const struct trace_item *item), void *context);

/* Marks (nv/arch/firn_abi.h) that a workload makes. */
#define WORKLOAD_MARKS 3

/* Likewise, for each trap of the guests: a step that is no mark of a workload. How many marks there are. */
unsigned traps_each(struct trace_file *file, void (*visit)(void *context, const struct step *step),
		    void *context);

/*
 * How many operations lie between the marks, so that a kind costs (in stretch 2 - in stretch 1) / operations each; 0 where
 * the recording is no workload, and where it has not all its marks, after one line on stderr.
 */
int64_t trace_operations(const struct trace_file *file, unsigned marks);

/* For exports: the name of enum ledger_level, "?" for what is none; what asked for the trap, in one word. */
const char *step_level_name(uint32_t level);
const char *step_cause_name(const struct step *step);

/* Whose exit it was: "VM 0 vCPU 1". In buffer. */
const char *step_vcpu_name(const struct step *step, char *buffer, size_t size);

/* Why it happened, in words: "L1: HCR_EL2.IMO". In buffer. */
const char *step_cause(const struct step *step, char *buffer, size_t size);

/*
 * Where it was: of an exit from vEL2 L1's function, or its address in buffer; of another the level, since firn knows no symbols of L2.
 */
const char *step_function(const struct trace_file *file, const struct step *step, char *buffer, size_t size);

/* What it cost: ticks in L0. */
uint64_t step_cost(const struct step *step);

/*
 * Which of the two stretches of a workload is a step in: 0 before the first mark, 1, 2, and 3 after the last? The
 * marks themselves are in none: 0.
 */
unsigned step_stretch(const struct step *step);

#endif
