/*
 * Four virtual timers of L1 on two of hardware.  Reads: timer.h.  Next: nested_gic.c.
 *
 * Where each timer is:          guest context runs     vEL2 runs, E2H=1       vEL2 runs, E2H=0
 *   EL1 virtual, EL1 physical   hardware               VNCR page, watched     hardware (nv2: as of the last trap)
 *   EL2 virtual, EL2 physical   file, watched          hardware               file, watched
 *
 * A timer in hardware interrupts once and is then held active there: until L1 deactivates its own interrupt (a link in L1's
 * list registers or in those of its guest does that without a trap), or until the timer leaves hardware.
 */
#include "host/interrupt/timer_priv.h"

#include "host/cpu/cpu.h"
#include "host/cpu/features.h"
#include "host/interrupt/gic.h"
#include "host/interrupt/nested_gic.h"
#include "host/report/ring.h"
#include "host/vm/vgic_hw.h"

/* The four timers: bits of vcpu_timers.high, and INTIDs in L1's GIC, the PPIs that its device tree names. */
#define EL1 0
#define EL2 HW_TIMERS
#define LINES_OF(first) (3U << (first))
static const uint8_t l1_intid[2 * HW_TIMERS] = {
	[EL1 + HW_TIMER_V] = 27,
	[EL1 + HW_TIMER_P] = 30,
	[EL2 + HW_TIMER_V] = 28,
	[EL2 + HW_TIMER_P] = 26,
};

static uint32_t hw_intid(enum hw_timer t)
{
	return t == HW_TIMER_V ? gic_intid_virtual_timer() : gic_intid_physical_timer();
}

/* --- offsets --- */

/* Hardware's own offset registers, while EL1 timers of L1 are in hardware (el1) and else. */
static void load_offsets(struct vcpu *v, bool el1)
{
	write_sysreg(CNTVOFF_EL2, timer_offset(v, el1, HW_TIMER_V));
	if (cpu_features()->ecv_poff)
		write_sysreg(CNTPOFF_EL2, el1 ? l1_cntpoff(v) : 0);
}

/* --- lines and links --- */

static void set_line(struct vcpu *v, unsigned line, bool high)
{
	if (high == ((v->timers.high >> line) & 1))
		return;
	v->timers.high ^= 1U << line;
	vgic_set_level(v->vm, v->index, l1_intid[line], high);
}

static void lower_lines(struct vcpu *v, unsigned first)
{
	for (unsigned t = 0; t < HW_TIMERS; t++)
		set_line(v, first + t, false);
}

static bool is_linked_in_l1s_gic(const struct vcpu *v, uint32_t intid)
{
	return v->vgic.bank.linked & (UINT32_C(1) << intid);
}

static __attribute__((noinline)) void drop_link(struct vcpu *v, enum hw_timer t)
{
	if (is_linked_in_l1s_gic(v, v->timers.linked[t]))
		vgic_unlink_hw(v, v->timers.linked[t]);
	gic_deactivate(hw_intid(t));
	v->timers.linked[t] = 0;
}

/* Hardware's timers are about to be another world's: their interrupts go on in L1's GIC alone. */
static inline void drop_links(struct vcpu *v)
{
	if (!(v->timers.linked[HW_TIMER_V] | v->timers.linked[HW_TIMER_P]))
		return;
	for (unsigned t = 0; t < HW_TIMERS; t++)
		if (v->timers.linked[t])
			drop_link(v, t);
}

static void link(struct vcpu *v, enum hw_timer t, uint32_t intid)
{
	v->timers.linked[t] = intid;
	vgic_link_hw(v, intid, hw_intid(t));
}

/* Lines that were high while others had hardware: as if these timers had interrupted in hardware. */
static void lines_to_links(struct vcpu *v, unsigned first)
{
	if (!(v->timers.high & LINES_OF(first)))
		return;
	for (unsigned t = 0; t < HW_TIMERS; t++) {
		if (!((v->timers.high >> (first + t)) & 1))
			continue;
		set_line(v, first + t, false);
		gic_set_active(hw_intid(t));
		link(v, t, l1_intid[first + t]);
	}
}

/* --- what hardware does not hold --- */

static void arm(struct cpu_timer *c)
{
	uint64_t first = c->watch < c->sched ? c->watch : c->sched;

	if (first == c->armed || first == TIMER_NEVER) /* too early a look does no harm */
		return;
	c->armed = first;
	write_sysreg(CNTHP_CVAL_EL2, first);
	write_sysreg(CNTHP_CTL_EL2, CNT_CTL_ENABLE);
}

/* L1 reads the status of a timer that is memory to it. */
static void note_status(struct vcpu *v, enum hw_timer t, struct nv_timer s, bool expired)
{
	uint64_t ctl = expired ? s.ctl | CNT_CTL_ISTATUS : s.ctl & ~CNT_CTL_ISTATUS;

	if (ctl != s.ctl)
		el1_timer_write(v, t, (struct nv_timer){ ctl, s.cval });
	v->timers.seen.timer[t] = (struct nv_timer){ ctl, s.cval };
}

static inline struct page_timers page_timers(const struct vcpu *v)
{
	return (struct page_timers){ .timer = { el1_timer_read(v, HW_TIMER_V),
						el1_timer_read(v, HW_TIMER_P) },
				     .cntvoff = vncr_read(v->nv.page, SLOT_CNTVOFF_EL2),
				     .cntpoff = l1_cntpoff(v) };
}

/* Would a look at the EL1 timers in the page find what the last one found? */
static bool is_as_seen(const struct vcpu *v)
{
	const struct page_timers *seen = &v->timers.seen, is = page_timers(v);
	uint64_t changes = (is.cntvoff ^ seen->cntvoff) | (is.cntpoff ^ seen->cntpoff);

	for (unsigned t = 0; t < HW_TIMERS; t++)
		changes |= (is.timer[t].ctl ^ seen->timer[t].ctl) | (is.timer[t].cval ^ seen->timer[t].cval);
	return !changes && read_sysreg(CNTPCT_EL0) < v->timers.seen_until;
}

static inline __attribute__((always_inline)) void look(struct vcpu *v, bool el1)
{
	uint64_t now = read_sysreg(CNTPCT_EL0), first = TIMER_NEVER, until = TIMER_NEVER;

	for (unsigned t = 0; t < HW_TIMERS; t++) {
		struct nv_timer s = el1 ? el1_timer_read(v, t) : el2_timer_read(v, t);
		uint64_t at = nv_timer_expires(s, now, timer_offset(v, el1, t));

		if (el1)
			note_status(v, t, s, at == now);
		set_line(v, (el1 ? EL1 : EL2) + t, at == now && !(s.ctl & CNT_CTL_IMASK));
		if (at > now && at < until)
			until = at;
		if (at > now && at < first && !(s.ctl & CNT_CTL_IMASK))
			first = at;
	}
	if (el1) {
		v->timers.seen.cntvoff = vncr_read(v->nv.page, SLOT_CNTVOFF_EL2);
		v->timers.seen.cntpoff = l1_cntpoff(v);
		v->timers.seen_until = until;
	}
	v->cpu->timer.watch = first;
	arm(&v->cpu->timer);
}

/* One for each pair, made for it, and not part of run_exit, which mostly has no need of them. */
static __attribute__((noinline)) void look_at_el1(struct vcpu *v)
{
	look(v, true);
}

static __attribute__((noinline)) void look_at_el2(struct vcpu *v)
{
	look(v, false);
}

static bool is_el1_on(const struct vcpu *v)
{
	const struct vncr_page *p = v->nv.page;
	uint64_t on = vncr_read(p, SLOT_CNTV_CTL_EL0) | vncr_read(p, SLOT_CNTP_CTL_EL0);

	return (on & CNT_CTL_ENABLE) || (v->timers.high & LINES_OF(EL1));
}

static void watch_no_el1(struct vcpu *v)
{
	v->timers.seen_until = 0;
	v->cpu->timer.watch = TIMER_NEVER;
}

static void watch_el1(struct vcpu *v)
{
	if (is_el1_on(v))
		look_at_el1(v);
	else
		watch_no_el1(v);
}

static void watch_el2(struct vcpu *v)
{
	uint64_t on = v->nv.reg[SR_CNTHV_CTL_EL2] | v->nv.reg[SR_CNTHP_CTL_EL2];

	if ((on & CNT_CTL_ENABLE) || (v->timers.high & LINES_OF(EL2)))
		look_at_el2(v);
	else
		v->cpu->timer.watch = TIMER_NEVER;
}

/* The lines of the timers that hardware does not hold, and L0's own timer for the first of them. */
static void watch(struct vcpu *v)
{
	if (v->vel2_is_vhe && v->world == WORLD_VEL2)
		watch_el1(v);
	else
		watch_el2(v);
}

/* --- the exchange of worlds --- */

void timer_to_vel2(struct vcpu *v)
{
	for (unsigned t = 0; t < HW_TIMERS; t++)
		el1_timer_write(v, t, hw_timer_read(v, t));
	if (!v->vel2_is_vhe) {
		lines_to_links(v, EL1);
		return;
	}
	drop_links(v);
	for (unsigned t = 0; t < HW_TIMERS; t++)
		hw_timer_write(v, t, el2_timer_read(v, t));
	load_offsets(v, false);
	lines_to_links(v, EL2);
	watch_el1(v);
}

void timer_to_guest(struct vcpu *v)
{
	if (v->vel2_is_vhe) {
		drop_links(v);
		for (unsigned t = 0; t < HW_TIMERS; t++)
			el2_timer_write(v, t, hw_timer_read(v, t));
		if (v->timers.high & LINES_OF(EL1))
			lower_lines(v, EL1);
	}
	load_offsets(v, true);
	hw_timer_write(v, HW_TIMER_P, el1_timer_read(v, HW_TIMER_P));
	if (v->vel2_is_vhe || v->nv.mode == NV_MODE_V84)
		hw_timer_write(v, HW_TIMER_V, el1_timer_read(v, HW_TIMER_V));
	if (v->vel2_is_vhe)
		watch_el2(v);
}

/* With E2H=0 and in nv mode the virtual timer is vEL2's to reach directly. */
static void refresh_hardware(struct vcpu *v)
{
	load_offsets(v, true);
	for (unsigned t = v->nv.mode == NV_MODE_V84 ? HW_TIMER_V : HW_TIMER_P; t < HW_TIMERS; t++) {
		hw_timer_write(v, t, el1_timer_read(v, t));
		el1_timer_write(v, t, hw_timer_read(v, t)); /* the status */
	}
}

void timer_refresh(struct vcpu *v)
{
	if (!v->vel2_is_vhe) {
		refresh_hardware(v);
		watch_el2(v);
	} else if (!is_el1_on(v)) {
		watch_no_el1(v);
	} else if (!is_as_seen(v)) {
		look_at_el1(v);
	}
}

void timer_follow_e2h(struct vcpu *v, bool is_vhe)
{
	drop_links(v);
	for (unsigned t = 0; t < HW_TIMERS; t++) {
		if (is_vhe) {
			el1_timer_write(v, t, hw_timer_read(v, t));
			hw_timer_write(v, t, el2_timer_read(v, t));
		} else {
			el2_timer_write(v, t, hw_timer_read(v, t));
			hw_timer_write(v, t, el1_timer_read(v, t));
		}
	}
	load_offsets(v, !is_vhe);
	lines_to_links(v, is_vhe ? EL2 : EL1);
	v->vel2_is_vhe = is_vhe;
	watch(v);
}

void timer_follow_mode(struct vcpu *v, enum nv_mode mode)
{
	if (mode == NV_MODE_V84)
		el1_timer_write(v, HW_TIMER_V, hw_timer_read(v, HW_TIMER_V));
	else
		hw_timer_write(v, HW_TIMER_V, el1_timer_read(v, HW_TIMER_V));
}

/* --- the exchange of vCPUs --- */

static uint64_t look_at_one(struct vcpu *v, bool el1, enum hw_timer t, uint64_t now)
{
	struct nv_timer s = el1 ? el1_timer_read(v, t) : el2_timer_read(v, t);
	uint64_t at = nv_timer_expires(s, now, timer_offset(v, el1, t));

	if (s.ctl & CNT_CTL_IMASK)
		at = TIMER_NEVER;
	set_line(v, (el1 ? EL1 : EL2) + t, at == now);
	return at == now ? TIMER_NEVER : at;
}

/* Which of L1's two pairs hardware holds. */
static bool holds_el1(const struct vcpu *v)
{
	return v->world == WORLD_GUEST || !v->vel2_is_vhe;
}

void timer_park(struct vcpu *v)
{
	uint64_t now = read_sysreg(CNTPCT_EL0);

	drop_links(v);
	v->timers.next = TIMER_NEVER;
	for (unsigned t = 0; t < HW_TIMERS; t++) {
		if (holds_el1(v))
			el1_timer_write(v, t, hw_timer_read(v, t));
		else
			el2_timer_write(v, t, hw_timer_read(v, t));
		hw_timer_write(v, t, (struct nv_timer){ 0, 0 });
	}
	for (unsigned i = 0; i < 2 * HW_TIMERS; i++) {
		uint64_t at = look_at_one(v, i < EL2, i % HW_TIMERS, now);

		if (at < v->timers.next)
			v->timers.next = at;
	}
	v->cpu->timer.watch = TIMER_NEVER;
}

void timer_unpark(struct vcpu *v)
{
	bool el1 = holds_el1(v);

	load_offsets(v, el1);
	for (unsigned t = 0; t < HW_TIMERS; t++)
		hw_timer_write(v, t, el1 ? el1_timer_read(v, t) : el2_timer_read(v, t));
	if (v->l2_gic) {
		for (unsigned t = 0; t < HW_TIMERS; t++)
			if ((v->timers.high >> (EL1 + t)) & 1)
				timer_link(v, l1_intid[EL1 + t]);
	} else {
		lines_to_links(v, el1 ? EL1 : EL2);
	}
	watch(v);
}

void timer_sched(struct cpu *cpu, uint64_t at)
{
	cpu->timer.sched = at;
	arm(&cpu->timer);
}

void timer_expired(struct cpu *cpu)
{
	write_sysreg(CNTHP_CTL_EL2, 0);
	cpu->timer.armed = TIMER_NEVER;
	arm(&cpu->timer);
}

/* --- interrupts --- */

bool timer_is_linked(uint32_t intid)
{
	return intid == l1_intid[EL1 + HW_TIMER_V] || intid == l1_intid[EL1 + HW_TIMER_P];
}

void timer_link(struct vcpu *v, uint32_t intid)
{
	enum hw_timer t = intid == l1_intid[EL1 + HW_TIMER_V] ? HW_TIMER_V : HW_TIMER_P;

	v->timers.linked[t] = intid;
	gic_set_active(hw_intid(t));
}

/* A timer in hardware fired: it is active there now. */
static void fired(struct vcpu *v, enum hw_timer t)
{
	bool el1 = v->world == WORLD_GUEST || !v->vel2_is_vhe, was_linked;

	if (v->world == WORLD_VEL2 && el1 && v->nv.mode == NV_MODE_V84)
		el1_timer_write(v, t, hw_timer_read(v, t)); /* the status */
	if (!v->l2_gic) {
		link(v, t, l1_intid[(el1 ? EL1 : EL2) + t]);
		return;
	}
	/* L1's interface is not in hardware: vEL2 takes it over, or L2 goes on with the line high in L1's GIC. */
	was_linked = is_linked_in_l1s_gic(v, l1_intid[EL1 + t]);
	nested_gic_sync(v); /* L2 may have completed the last one, which L1's GIC does not know yet */
	if (was_linked)
		gic_set_active(hw_intid(t)); /* what L1's GIC learned then ended this one as well */
	v->timers.linked[t] = l1_intid[EL1 + t];
	set_line(v, EL1 + t, true);
}

bool timer_interrupt(struct vcpu *v, uint32_t intid)
{
	if (intid == gic_intid_hyp_timer()) {
		if (read_sysreg(CNTPCT_EL0) >= v->cpu->timer.sched) {
			v->cpu->timer.sched = TIMER_NEVER;
			v->resched = true;
		}
		watch(v);
		timer_expired(v->cpu);
		gic_drop(intid);
		gic_deactivate(intid);
		return true;
	}
	for (unsigned t = 0; t < HW_TIMERS; t++) {
		if (intid != hw_intid(t))
			continue;
		gic_drop(intid);
		TRACE(v, kvm_timer_update_irq, .vcpu_id = v->index, .irq = hw_intid(t), .level = 1);
		fired(v, t);
		return true;
	}
	return false;
}
