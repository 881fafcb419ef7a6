/*
 * A way begins where a message of an assigned function takes the CPU from L2 and is given to vEL2 as an interrupt, and ends with the next
 * entry of L2 on that vCPU. It is believed to be there for that message alone if L2 has an LPI in a list register then which it had not
 * before, no other interrupt came between, and it is the same L2 (VTTBR_EL2). What came while L1 ran, or while L2 slept, is not counted:
 * what part of it L1 had to do anyway, a recording does not say.  Reads: messages.h.
 */
#include "experiments/firn/trace/messages.h"

#include <stdlib.h>
#include <string.h>

#include "experiments/firn/measure/measure.h"
#include "experiments/firn/tool/complain.h"
#include "nv/arch/fields.h"
#include "nv/arch/intid.h"
#include "nv/arch/sysreg.h"

#define WAY_MOST 4096 /* steps: no interrupt takes L1 that many */
#define TOLD_LRS 4    /* list registers in an event */
#define TRAP 2	      /* kvm_exit.ret of a synchronous exception */
#define IRQ 0

struct message_way {
	uint32_t vm, vcpu;
	uint64_t vttbr, vttbr_before; /* L1's, now and when it began */
	bool open;
	uint64_t before[TOLD_LRS]; /* L2's list registers when it began */
	uint64_t step[WAY_MOST];
	size_t steps;
};

static struct message_way *way_of(struct messages *m, uint32_t vm, uint32_t vcpu)
{
	for (size_t i = 0; i < m->ways; i++)
		if (m->way[i].vm == vm && m->way[i].vcpu == vcpu)
			return &m->way[i];
	m->way = grow(m->way, m->ways + 1, sizeof(*m->way));
	m->way[m->ways] = (struct message_way){ .vm = vm, .vcpu = vcpu };
	return &m->way[m->ways++];
}

void messages_event(struct messages *m, const struct trace_item *item)
{
	if (item->id == TRACE_firn_register && item->e.firn_register.name == sysreg_info[SR_VTTBR_EL2].enc)
		way_of(m, item->vm, item->vcpu)->vttbr = item->e.firn_register.value;
}

static bool is_of_l2(uint32_t level)
{
	return level == LEDGER_L2_EL1 || level == LEDGER_L2_EL0;
}

/* --- its list registers --- */

static void list_registers(const struct trace_firn_list_registers *from, uint64_t lr[TOLD_LRS])
{
	const uint64_t told[TOLD_LRS] = { from->lr0, from->lr1, from->lr2, from->lr3 };

	memcpy(lr, told, sizeof(told));
}

static bool is_pending_lpi(uint64_t lr)
{
	return field_get(ICH_LR_STATE, lr) == 1 && field_get(ICH_LR_VINTID, lr) >= INTID_FIRST_LPI;
}

static bool had(const struct message_way *w, uint64_t lr)
{
	for (size_t i = 0; i < TOLD_LRS; i++)
		if (is_pending_lpi(w->before[i]) &&
		    field_get(ICH_LR_VINTID, w->before[i]) == field_get(ICH_LR_VINTID, lr))
			return true;
	return false;
}

static bool gives_an_lpi(const struct message_way *w, const struct step *s)
{
	uint64_t lr[TOLD_LRS];

	if (!s->has_lrs || s->lrs.is_own)
		return false;
	list_registers(&s->lrs, lr);
	for (size_t i = 0; i < TOLD_LRS; i++)
		if (is_pending_lpi(lr[i]) && !had(w, lr[i]))
			return true;
	return false;
}

/* --- a way --- */

static bool begins(const struct step *s)
{
	return s->exit.ret == IRQ && is_of_l2(s->exit.level) && s->has_message && s->message.vm == s->vm &&
	       s->message.intid && s->has_inject;
}

static void begin(struct message_way *w, const struct step *s)
{
	w->open = true;
	w->steps = 0;
	w->vttbr_before = w->vttbr;
	memset(w->before, 0, sizeof(w->before));
	if (s->has_back)
		list_registers(&s->back, w->before);
}

static void mark(struct messages *m, uint64_t number)
{
	size_t byte = (size_t)(number / 8);

	if (byte >= m->bytes) {
		size_t bytes = byte + byte / 2 + 64;

		m->bits = grow(m->bits, bytes, 1);
		memset(m->bits + m->bytes, 0, bytes - m->bytes);
		m->bytes = bytes;
	}
	m->bits[byte] |= (uint8_t)(1U << number % 8);
}

/* L2 goes on. */
static void end(struct messages *m, struct message_way *w, const struct step *s)
{
	w->open = false;
	if (w->vttbr != w->vttbr_before || !gives_an_lpi(w, s))
		return;
	m->given++;
	for (size_t i = 0; i < w->steps; i++)
		mark(m, w->step[i]);
}

void messages_step(struct messages *m, const struct step *s)
{
	struct message_way *w = way_of(m, s->vm, s->vcpu);

	m->taken += s->has_message;
	m->from_guest += s->has_message && is_of_l2(s->exit.level);
	if (begins(s))
		begin(w, s);
	else if (s->exit.ret != TRAP || is_of_l2(s->exit.level) || w->steps == WAY_MOST)
		w->open = false;
	if (!w->open)
		return;
	w->step[w->steps++] = s->number;
	if (step_stays(s) && is_of_l2(s->entry.level))
		end(m, w, s);
}

bool messages_have(const struct messages *m, const struct step *s)
{
	return s->number / 8 < m->bytes && (m->bits[s->number / 8] >> s->number % 8 & 1);
}

void messages_free(struct messages *m)
{
	free(m->way);
	free(m->bits);
	*m = (struct messages){ .way = NULL };
}
