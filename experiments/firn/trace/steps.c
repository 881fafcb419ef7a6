/* What happened from one exit to the entry that followed it?  Reads: steps.h. */
#include "experiments/firn/trace/steps.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "experiments/firn/measure/measure.h"
#include "experiments/firn/tool/complain.h"
#include "experiments/firn/trace/names.h"

/*
 * A step is what one CPU does from an exit to its next entry, which may be that of another vCPU.
 * open: between an exit and what ends the step.
 */
struct pending {
	bool open;
	struct step step;
};

/* The exit. Marks are counted over all CPUs, of the first VM only: others run the same workload. */
static void begin(struct pending *p, const struct trace_file *file, const struct trace_item *item,
		  unsigned *marks)
{
	const char *reason = trace_string(file, item->e.kvm_exit.reason);

	p->open = true;
	p->step = (struct step){ .time = item->time,
				 .end_time = item->time,
				 .vm = item->vm,
				 .vcpu = item->vcpu,
				 .cpu = item->cpu,
				 .exit = item->e.kvm_exit,
				 .control = trace_string(file, item->e.kvm_exit.control) };
	if (*reason)
		snprintf(p->step.reason, sizeof(p->step.reason), "%s", reason);
	else
		exit_reason(p->step.reason, sizeof(p->step.reason), &item->e.kvm_exit);
	*marks += item->e.kvm_exit.is_mark && item->vm == 0;
	p->step.marks = *marks;
}

/* A deep stack comes in several events. */
static void add_stack(struct step_stack *stack, const struct trace_firn_stack *event)
{
	for (uint32_t i = 0; i < event->frames && i < TRACE_STACK_FRAMES && stack->frames < TRACE_STACK_MOST;
	     i++)
		stack->caller[stack->frames++] = stack_caller(event, i);
}

/* Events between exit and entry, each kept as the last one of its kind; of lines of the GIC one that went high. */
static void add(struct step *s, const struct trace_item *item)
{
	switch (item->id) {
	case TRACE_firn_stack:
		add_stack(&s->stack, &item->e.firn_stack);
		s->has_stack = true;
		break;
	case TRACE_kvm_nested_eret:
		s->eret = item->e.kvm_nested_eret;
		s->has_eret = true;
		break;
	case TRACE_kvm_inject_nested_exception:
		s->inject = item->e.kvm_inject_nested_exception;
		s->has_inject = true;
		break;
	case TRACE_firn_inject_guest_exception:
		s->guest_inject = item->e.firn_inject_guest_exception;
		s->has_guest_inject = true;
		break;
	case TRACE_kvm_sys_access:
		s->access = item->e.kvm_sys_access;
		s->has_access = true;
		break;
	case TRACE_firn_shadow_fault:
		s->fault = item->e.firn_shadow_fault;
		s->has_fault = true;
		break;
	case TRACE_firn_shadow_map:
		s->map = item->e.firn_shadow_map;
		s->has_map = true;
		break;
	case TRACE_firn_interrupt:
		s->interrupt = item->e.firn_interrupt;
		s->has_interrupt = true;
		break;
	case TRACE_firn_message:
		s->message = item->e.firn_message;
		s->has_message = true;
		break;
	case TRACE_vgic_update_irq_pending:
		if (!s->has_line || (item->e.vgic_update_irq_pending.level && !s->line.level))
			s->line = item->e.vgic_update_irq_pending;
		s->has_line = true;
		break;
	case TRACE_kvm_mmio:
		s->mmio = item->e.kvm_mmio;
		s->has_mmio = true;
		break;
	default:
		break;
	}
}

/* Those that the entry loads, and those of the world that ends. */
static void add_list_registers(struct step *s, const struct trace_item *item)
{
	if (item->e.firn_list_registers.taken_back) {
		s->back = item->e.firn_list_registers;
		s->has_back = true;
	} else {
		s->lrs = item->e.firn_list_registers;
		s->has_lrs = true;
	}
}

/* May be that of another vCPU: the time until then is what L0 took on this CPU. */
static void add_entry(struct step *s, const struct trace_item *item)
{
	s->entry = item->e.kvm_entry;
	s->has_entry = true;
	s->end_time = item->time;
	s->to_vm = item->vm;
	s->to_vcpu = item->vcpu;
}

/* A vCPU is entered: does another CPU have its last exit, and nothing to run since? */
static void take(struct pending *pending, const struct trace_item *item)
{
	for (size_t i = 0; i < DAT_MAX_CPUS; i++) {
		struct step *s = &pending[i].step;

		if (i != item->cpu && pending[i].open && !s->taken_time && s->vm == item->vm &&
		    s->vcpu == item->vcpu)
			s->taken_time = item->time;
	}
}

/* Numbers are given in the order in which steps end. */
static void finish(struct pending *p, uint64_t *number, void (*visit)(void *, const struct step *),
		   void *context)
{
	if (!p->open)
		return;
	p->open = false;
	p->step.number = (*number)++;
	visit(context, &p->step);
}

/*
 * One pass over the file in the order of time, a step at work for each CPU. event comes before the step that it
 * belongs to is visited. An exit that has no entry, at the end of the file or where events are missing, is a step as
 * well.
 */
unsigned steps_each(struct trace_file *file, void (*visit)(void *context, const struct step *step),
		    void (*event)(void *context, const struct trace_item *item), void *context)
{
	struct pending *pending = grow(NULL, DAT_MAX_CPUS, sizeof(*pending));
	struct trace_item item;
	uint64_t number = 0;
	unsigned marks = 0;

	memset(pending, 0, DAT_MAX_CPUS * sizeof(*pending));
	trace_rewind(file);
	while (trace_next(file, &item)) {
		struct pending *p = &pending[item.cpu % DAT_MAX_CPUS];

		if (item.id == TRACE_kvm_exit)
			finish(p, &number, visit, context);
		if (event)
			event(context, &item);
		if (item.id == TRACE_kvm_exit)
			begin(p, file, &item, &marks);
		else if (p->open && item.id == TRACE_kvm_entry)
			add_entry(&p->step, &item);
		else if (p->open && item.id == TRACE_firn_list_registers)
			add_list_registers(&p->step, &item);
		else if (p->open && item.vm == p->step.vm && item.vcpu == p->step.vcpu)
			add(&p->step, &item);
		if (item.id == TRACE_kvm_entry) {
			finish(p, &number, visit, context);
			take(pending, &item);
		}
	}
	for (size_t i = 0; i < DAT_MAX_CPUS; i++)
		finish(&pending[i], &number, visit, context);
	free(pending);
	return marks;
}

/* Who visits traps only. */
struct traps {
	void (*visit)(void *context, const struct step *step);
	void *context;
};

/* For steps_each. */
static void visit_trap(void *context, const struct step *step)
{
	const struct traps *traps = context;

	if (!step->exit.is_mark)
		traps->visit(traps->context, step);
}

unsigned traps_each(struct trace_file *file, void (*visit)(void *context, const struct step *step),
		    void *context)
{
	struct traps traps = { visit, context };

	return steps_each(file, visit_trap, NULL, &traps);
}

int64_t trace_operations(const struct trace_file *file, unsigned marks)
{
	unsigned long long n1, n2;

	if (sscanf(trace_about(file, "iterations"), "%llu,%llu", &n1, &n2) != 2 || n1 >= n2 || n2 > INT64_MAX)
		return 0;
	if (marks >= WORKLOAD_MARKS)
		return (int64_t)(n2 - n1);
	fprintf(stderr,
		"firn: %s has %u of %d marks: it was cut short, so that only totals can be told, and nothing of one operation\n",
		trace_name(file), marks, WORKLOAD_MARKS);
	return 0;
}

const char *step_level_name(uint32_t level)
{
	return level < LEDGER_LEVELS ? ledger_level_names[level] : "?";
}

const char *step_cause_name(const struct step *step)
{
	static const char *const kinds[] = { "unknown", "architecture", "L0", "L1" };

	return kinds[step->exit.cause < 4 ? step->exit.cause : 0];
}

const char *step_vcpu_name(const struct step *s, char *buffer, size_t size)
{
	snprintf(buffer, size, "VM %u vCPU %u", s->vm, s->vcpu);
	return buffer;
}

const char *step_cause(const struct step *s, char *buffer, size_t size)
{
	static const char *const kinds[] = { "unknown", "the architecture", "L0", "L1" };
	unsigned kind = s->exit.cause < 4 ? s->exit.cause : 0;

	if (s->control && *s->control)
		snprintf(buffer, size, "%s: %s", kinds[kind], s->control);
	else
		snprintf(buffer, size, "%s", kinds[kind]);
	return buffer;
}

const char *step_function(const struct trace_file *file, const struct step *s, char *buffer, size_t size)
{
	return s->exit.from_vel2 ? trace_function(file, s->exit.vcpu_pc, false, buffer, size) :
				   step_level_name(s->exit.level);
}

/* 0 where the entry is missing. */
uint64_t step_cost(const struct step *step)
{
	return step->has_entry ? step->entry.cost : 0;
}

/*
 * 0 before the first mark, and the marks themselves; 1 and 2 are the two stretches of operations, 3 what comes after.
 */
unsigned step_stretch(const struct step *step)
{
	if (step->exit.is_mark)
		return 0;
	return step->marks > 3 ? 3 : step->marks;
}
