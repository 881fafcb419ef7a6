/* What happened from one exit to the entry that followed it?  Reads: steps.h. */
#include "experiments/firn/trace/steps.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "experiments/firn/measure/measure.h"
#include "experiments/firn/record/enrich.h"
#include "experiments/firn/tool/complain.h"

/* A step is what one CPU does from an exit to its next entry, which may be that of another vCPU. */
struct pending {
	bool open;
	struct step step;
};

static void begin(struct pending *p, const struct trace_file *file, const struct trace_item *item,
		  unsigned *marks)
{
	const char *reason = trace_string(file, item->e.kvm_exit.reason);

	p->open = true;
	p->step = (struct step){ .time = item->time,
				 .end_time = item->time,
				 .vm = item->vm,
				 .vcpu = item->vcpu,
				 .exit = item->e.kvm_exit,
				 .control = trace_string(file, item->e.kvm_exit.control) };
	if (*reason)
		snprintf(p->step.reason, sizeof(p->step.reason), "%s", reason);
	else
		exit_reason(p->step.reason, sizeof(p->step.reason), &item->e.kvm_exit);
	*marks += item->e.kvm_exit.is_mark && item->vm == 0;
	p->step.marks = *marks;
}

static void add(struct step *s, const struct trace_item *item)
{
	switch (item->id) {
	case TRACE_firn_stack:
		s->stack = item->e.firn_stack;
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
	case TRACE_firn_interrupt:
		s->interrupt = item->e.firn_interrupt;
		s->has_interrupt = true;
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

static void add_list_registers(struct step *s, const struct trace_item *item)
{
	if (item->e.firn_list_registers.taken_back)
		return;
	s->lrs = item->e.firn_list_registers;
	s->has_lrs = true;
}

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

static void finish(struct pending *p, uint64_t *number, void (*visit)(void *, const struct step *),
		   void *context)
{
	if (!p->open)
		return;
	p->open = false;
	p->step.number = (*number)++;
	visit(context, &p->step);
}

void steps_each(struct trace_file *file, void (*visit)(void *context, const struct step *step),
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

uint64_t step_cost(const struct step *step)
{
	return step->has_entry ? step->entry.cost : 0;
}

unsigned step_stretch(const struct step *step)
{
	if (step->exit.is_mark)
		return 0;
	return step->marks > 3 ? 3 : step->marks;
}

/* --- tallies --- */

static size_t hash(const char *name)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (; *name; name++)
		h = (h ^ (unsigned char)*name) * UINT64_C(0x100000001b3);
	return (size_t)(h ^ h >> 32);
}

static size_t place_of(const struct tally *t, const char *name)
{
	size_t at = hash(name) & (t->slots - 1);

	while (t->slot[at] && strcmp(t->row[t->slot[at] - 1].name, name) != 0)
		at = (at + 1) & (t->slots - 1);
	return at;
}

static void rehash(struct tally *t)
{
	if (2 * (t->rows + 1) >= t->slots) {
		t->slots = t->slots ? 2 * t->slots : 256;
		t->slot = grow(t->slot, t->slots, sizeof(t->slot[0]));
	}
	memset(t->slot, 0, t->slots * sizeof(t->slot[0]));
	for (size_t i = 0; i < t->rows; i++)
		t->slot[place_of(t, t->row[i].name)] = (uint32_t)i + 1;
}

void tally_add(struct tally *t, const char *name, uint64_t cost, unsigned stretch)
{
	struct tally_row *row;
	size_t at;

	if (2 * (t->rows + 1) >= t->slots)
		rehash(t);
	at = place_of(t, name);
	if (!t->slot[at]) {
		if (t->rows == t->room) {
			t->room = t->room ? 2 * t->room : 64;
			t->row = grow(t->row, t->room, sizeof(t->row[0]));
		}
		t->row[t->rows++] = (struct tally_row){ .name = text("%s", name) };
		t->slot[at] = (uint32_t)t->rows;
	}
	row = &t->row[t->slot[at] - 1];
	row->count++;
	row->cost += cost;
	row->in_stretch[stretch]++;
	row->cost_in_stretch[stretch] += (int64_t)cost;
	t->count++;
	t->cost += cost;
}

const struct tally_row *tally_find(const struct tally *t, const char *name)
{
	size_t at = t->slots ? place_of(t, name) : 0;

	return t->slots && t->slot[at] ? &t->row[t->slot[at] - 1] : NULL;
}

void tally_free(struct tally *t)
{
	for (size_t i = 0; i < t->rows; i++)
		free(t->row[i].name);
	free(t->row);
	free(t->slot);
	*t = (struct tally){ .row = NULL };
}

static int by_count(const void *a, const void *b)
{
	const struct tally_row *x = a, *y = b;

	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	return strcmp(x->name, y->name);
}

static int by_cost(const void *a, const void *b)
{
	const struct tally_row *x = a, *y = b;

	if (x->cost != y->cost)
		return x->cost > y->cost ? -1 : 1;
	return by_count(a, b);
}

void tally_sort(struct tally *t, bool cost)
{
	if (t->rows)
		qsort(t->row, t->rows, sizeof(t->row[0]), cost ? by_cost : by_count);
	if (t->slots)
		rehash(t);
}

int64_t trace_operations(const struct trace_file *file)
{
	unsigned long long n1, n2;

	if (sscanf(trace_about(file, "iterations"), "%llu,%llu", &n1, &n2) != 2 || n1 >= n2 || n2 > INT64_MAX)
		return 0;
	return (int64_t)(n2 - n1);
}
