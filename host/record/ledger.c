/* How many traps, from where, why?  Reads: ledger.h, traces/ledger.h. */
#include "host/record/ledger.h"

#include <string.h>

#include "host/core/mmu.h"
#include "host/core/pages.h"
#include "host/machine/sysreg.h"
#include "host/report/pause.h"
#include "host/shadow/trees.h"
#include "host/vm/queue.h"
#include "host/vm/vm.h"
#include "nv/arch/fields.h"
#include "nv/translate.h"

_Static_assert(LEDGER_SYSREG + 2 * SR_COUNT <= LEDGER_MAX_REASONS, "a reason for every listed register");

/* The image's header says where it is: host/boot/start.S. */
extern struct ledger_header ledger_header;
struct ledger_header ledger_header;

static enum ledger_level level_of(const struct vcpu *v, bool from_el0)
{
	if (v->world.loaded == WORLD_VEL2)
		return from_el0 ? LEDGER_L1_EL0 : LEDGER_VEL2;
	if (vncr_get(&v->nv.file, SR_HCR_EL2) & HCR_VM)
		return from_el0 ? LEDGER_L2_EL0 : LEDGER_L2_EL1;
	return from_el0 ? LEDGER_L1_EL0 : LEDGER_L1_EL1;
}

enum ledger_level ledger_level(const struct vcpu *v)
{
	return level_of(v, vcpu_is_at_el0(v));
}

void ledger_init(uint32_t untimed)
{
	ledger_header.vcpu_bytes = sizeof(struct ledger_vcpu);
	ledger_header.reasons = LEDGER_SYSREG + 2 * SR_COUNT;
	ledger_header.untimed = untimed;
	ledger_header.counter_hz = read_sysreg(CNTFRQ_EL0);
	ledger_header.version = LEDGER_VERSION;
}

bool ledger_add(struct vcpu *v)
{
	pa_t pa;

	if (ledger_header.vcpus == LEDGER_MAX_VCPUS ||
	    !memory_alloc(sizeof(struct ledger_vcpu), PAGE_SIZE, &pa))
		return false;
	v->ledger.book = pa_to_va(pa);
	memset(v->ledger.book, 0, sizeof(*v->ledger.book));
	v->ledger.book->vm = v->vm->index;
	v->ledger.book->vcpu = v->index;
	ledger_header.vcpu_pa[ledger_header.vcpus] = pa.val;
	ledger_header.vcpus++;
	return true;
}

void ledger_exit(struct vcpu *v)
{
	v->ledger.level = level_of(v, vcpu_is_at_el0(v));
	v->ledger.book->now.ticks[v->ledger.level] += v->ledger.entered_l0 - v->ledger.left_l0;
}

void ledger_count(struct vcpu *v, unsigned reason)
{
	v->ledger.book->now.count[v->ledger.level][reason]++;
}

static void count_unlisted(struct ledger_counts *c, uint32_t level, uint32_t iss)
{
	for (unsigned i = 0; i < LEDGER_UNLISTED; i++) {
		struct ledger_unlisted *u = &c->unlisted[i];

		if (u->count && (u->iss != iss || u->level != level))
			continue;
		u->iss = iss;
		u->level = level;
		u->count++;
		return;
	}
	c->unlisted_rest++;
}

void ledger_count_sync(struct vcpu *v, uint64_t esr, enum sysreg r, bool is_mark)
{
	struct ledger_counts *c = &v->ledger.book->now;
	enum ledger_level level = v->ledger.level;
	unsigned class = (unsigned)field_get(ESR_EC, esr);

	if (r != SR_NONE)
		c->count[level][LEDGER_SYSREG + 2 * (unsigned)r + !(esr & ESR_SYS64_READ)]++;
	else if (is_mark)
		c->count[level][LEDGER_MARK]++;
	else if (class == EC_SYS64)
		count_unlisted(c, level, (uint32_t)(esr & ESR_ISS & ~ESR_SYS64_RT));
	else if (class == EC_WFX)
		c->count[level][esr & ESR_WFX_TI ? LEDGER_WFE : LEDGER_WFI]++;
	else
		c->count[level][class]++;
}

void ledger_follow(struct vcpu *v)
{
	struct ledger_vcpu *l = v->ledger.book;

	__atomic_thread_fence(__ATOMIC_SEQ_CST); /* v->queue.resched was cleared before vm->marks is read */
	for (; l->marks < __atomic_load_n(&v->vm->marks, __ATOMIC_RELAXED); l->marks++)
		if (l->marks < LEDGER_MARKS)
			l->mark[l->marks] = l->now;
}

void ledger_load(struct vcpu *v, uint64_t since)
{
	ledger_follow(v);
	v->ledger.entered_l0 = since;
}

void ledger_charge(struct vcpu *v, uint64_t since)
{
	v->ledger.book->now.ticks[LEDGER_L0] += clock_now() - since;
}

void ledger_mark(struct vcpu *v)
{
	struct vm *vm = v->vm;

	shadow_describe(vm, &v->ledger.book->now.s2);
	__atomic_add_fetch(&vm->marks, 1, __ATOMIC_SEQ_CST);
	ledger_follow(v);
	for (unsigned i = 0; i < vm->nvcpus; i++)
		if (vm->vcpu[i] != v)
			queue_look(vm->vcpu[i]);
}
