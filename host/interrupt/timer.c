/*
 * Four virtual timers of L1 on two of hardware.  Reads: timer.h, nv/timer.h, which says where each one is.  Next: links.c.
 *
 *                               guest context runs     vEL2 runs, E2H=1       vEL2 runs, E2H=0
 *   EL1 virtual, EL1 physical   hardware               VNCR page, watched     VNCR page, copied (CNTV in nv mode: hardware)
 *   EL2 virtual, EL2 physical   file, watched          hardware               file, watched
 *
 * A timer in hardware interrupts once and is then held active there: until L1 deactivates its own interrupt (a link in L1's
 * list registers or in those of its guest does that without a trap), until the timer leaves hardware, or until L0 finds that
 * the line has fallen before L1 took the interrupt.
 *
 * In nv2 mode some of what decides is memory, which vEL2 writes without a trap. Hardware's EL2 virtual timer is L0's limit for
 * that: a millisecond after vEL2 came back from its guest L0 looks, and makes the timers trap where hardware can.
 */
#include "host/interrupt/timer.h"

#include "host/core/features.h"
#include "host/core/gic.h"
#include "host/interrupt/links.h"
#include "host/interrupt/nested_gic.h"
#include "host/interrupt/timer_state.h"
#include "host/interrupt/vgic.h"
#include "host/machine/cpu.h"
#include "host/report/pause.h"
#include "host/report/ring.h"
#include "host/vm/queue.h"
#include "host/vm/vm.h"

/* The two pairs of the four timers: bits of vcpu_timers.high. */
#define EL1 NV_TIMER_EL1_V
#define EL2 NV_TIMER_EL2_V
#define LINES_OF(first) (3U << (first))

#define LOOKS_PER_SECOND 1000

static enum nv_timer_id id_of(bool el1, enum hw_timer t)
{
	return (enum nv_timer_id)((el1 ? EL1 : EL2) + t);
}

static enum nv_timer_place place_of(const struct vcpu *v, bool el1, enum hw_timer t)
{
	return nv_timer_place(timer_world(v), id_of(el1, t));
}

/* Which of L1's two pairs hardware has. */
static bool has_el1(const struct vcpu *v)
{
	return place_of(v, true, HW_TIMER_P) != NV_TIMER_WATCHED;
}

/* --- offsets --- */

/* Hardware's own offset registers, while EL1 timers of L1 are in hardware (el1) and else. */
static inline __attribute__((always_inline)) void load_offsets(struct vcpu *v, bool el1)
{
	clock_write_cntvoff(timer_offset(v, el1, HW_TIMER_V));
	if (cpu_features()->ecv_poff)
		write_sysreg(CNTPOFF_EL2, el1 ? l1_cntpoff(v) : 0);
}

/* --- lines and links --- */

static void set_line(struct vcpu *v, unsigned line, bool high)
{
	if (high == ((v->timers.high >> line) & 1))
		return;
	v->timers.high ^= 1U << line;
	vgic_set_level(v->vm, v->index, timer_l1_intid[line], high);
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
	gic_deactivate(timer_hw_intid(t));
	v->timers.linked[t] = 0;
}

/* Hardware's timers are about to be another world's: their interrupts go on in L1's GIC alone. */
static inline void drop_links(struct vcpu *v)
{
	if (!timer_has_links(v))
		return;
	for (unsigned t = 0; t < HW_TIMERS; t++)
		if (v->timers.linked[t])
			drop_link(v, t);
}

static void link(struct vcpu *v, enum hw_timer t, uint32_t intid)
{
	v->timers.linked[t] = intid;
	vgic_link_hw(v, intid, timer_hw_intid(t));
}

/*
 * Lines that were high while others had hardware: as if these timers had interrupted in hardware. The guest context may have
 * made one fall since.
 */
static void lines_to_links(struct vcpu *v, unsigned first)
{
	if (!(v->timers.high & LINES_OF(first)))
		return;
	for (unsigned t = 0; t < HW_TIMERS; t++) {
		if (!((v->timers.high >> (first + t)) & 1))
			continue;
		set_line(v, first + t, false);
		if (nv_timer_is_high(hw_timer_read(v, t).ctl)) {
			gic_set_active(timer_hw_intid(t));
			link(v, t, timer_l1_intid[first + t]);
		} else if (v->timers.linked[t]) {
			drop_link(v, t);
		}
	}
}

static void sample_link(struct vcpu *v, enum hw_timer t, bool high)
{
	if (!vgic_sample_hw(v, v->timers.linked[t], high))
		return;
	gic_deactivate(timer_hw_intid(t));
	v->timers.linked[t] = 0;
}

/* A link stands for a line that was high. One that L1 has completed is no link any more. */
void timer_sample_links(struct vcpu *v)
{
	for (unsigned t = 0; t < HW_TIMERS; t++) {
		uint32_t intid = v->timers.linked[t];

		if (!intid || !is_linked_in_l1s_gic(v, intid))
			continue;
		switch (vgic_linked_state(v, intid)) {
		case 0:
			v->timers.linked[t] = 0;
			break;
		case ICH_LR_PENDING:
			if (!nv_timer_is_high(hw_timer_read(v, t).ctl))
				sample_link(v, t, false);
			break;
		}
	}
}

/* --- what hardware has --- */

/* Can the memory of a copied timer change without a trap?  Then TVAL of it is hardware's: see nv_timer_merge. */
static bool is_copy_unseen(const struct vcpu *v, enum hw_timer t)
{
	return t == HW_TIMER_V && __builtin_expect(!cpu_features()->ecv, 0) && v->nv.mode == NV_MODE_V84 &&
	       place_of(v, true, t) == NV_TIMER_COPIED;
}

/* A timer of EL1 that hardware has a copy of: the copy follows. */
static void copy(struct vcpu *v, enum hw_timer t)
{
	struct nv_timer s = el1_timer_read(v, t);

	if (is_copy_unseen(v, t)) {
		s = nv_timer_merge(s, hw_timer_read(v, t), v->timers.seen.timer[t]);
		hw_timer_write(v, t, s);
		s.ctl = hw_timer_read(v, t).ctl; /* the status, which L1 reads in memory */
		el1_timer_write(v, t, s);
		v->timers.seen.timer[t] = s;
		return;
	}
	hw_timer_write(v, t, s);
}

/* Where it is not in memory already. */
void timer_save(struct vcpu *v)
{
	bool el1 = has_el1(v);

	for (unsigned t = 0; t < HW_TIMERS; t++) {
		if (place_of(v, el1, t) == NV_TIMER_COPIED)
			copy(v, t);
		else if (el1)
			el1_timer_write(v, t, hw_timer_read(v, t));
		else
			el2_timer_write(v, t, hw_timer_read(v, t));
	}
}

/* And the pair that it is to have, to hardware. */
static void load(struct vcpu *v)
{
	bool el1 = has_el1(v);

	load_offsets(v, el1);
	for (unsigned t = 0; t < HW_TIMERS; t++) {
		struct nv_timer s = el1 ? el1_timer_read(v, t) : el2_timer_read(v, t);

		hw_timer_write(v, t, s);
		if (el1)
			v->timers.seen.timer[t] = s;
	}
}

/* --- what hardware does not hold --- */

static void arm(struct cpu_timer *c)
{
	uint64_t first = c->watch < c->sched ? c->watch : c->sched;

	if (first == c->armed || first == TIMER_NEVER) /* too early a look does no harm */
		return;
	c->armed = first;
	clock_write_cnthp_cval(first);
	write_sysreg(CNTHP_CTL_EL2, CNT_CTL_ENABLE);
}

/* L1 reads the status of a timer that is memory to it. */
static void note_status(struct vcpu *v, enum hw_timer t, struct nv_timer s, uint64_t ctl)
{
	if (ctl != s.ctl)
		el1_timer_write(v, t, (struct nv_timer){ ctl, s.cval });
	v->timers.seen.timer[t] = (struct nv_timer){ ctl, s.cval };
}

static inline struct page_timers page_timers(const struct vcpu *v)
{
	return (struct page_timers){ .timer = { el1_timer_read(v, HW_TIMER_V),
						el1_timer_read(v, HW_TIMER_P) },
				     .cntvoff = vncr_get(&v->nv.file, SR_CNTVOFF_EL2),
				     .cntpoff = l1_cntpoff(v) };
}

/* Would a look at the EL1 timers in the page find what the last one found? */
static bool is_as_seen(const struct vcpu *v)
{
	const struct page_timers *seen = &v->timers.seen, is = page_timers(v);
	uint64_t changes = (is.cntvoff ^ seen->cntvoff) | (is.cntpoff ^ seen->cntpoff);

	for (unsigned t = 0; t < HW_TIMERS; t++)
		changes |= (is.timer[t].ctl ^ seen->timer[t].ctl) | (is.timer[t].cval ^ seen->timer[t].cval);
	return !changes && clock_now() < v->timers.seen_until;
}

static inline __attribute__((always_inline)) void look(struct vcpu *v, bool el1)
{
	uint64_t now = clock_now(), first = TIMER_NEVER, until = TIMER_NEVER;

	for (unsigned t = 0; t < HW_TIMERS; t++) {
		struct nv_timer s = el1 ? el1_timer_read(v, t) : el2_timer_read(v, t);
		struct nv_timer_look is = nv_timer_look(s, now, timer_offset(v, el1, t));

		if (el1)
			note_status(v, t, s, is.ctl);
		set_line(v, id_of(el1, t), is.line);
		if (is.status < until)
			until = is.status;
		if (is.rises < first)
			first = is.rises;
	}
	if (el1) {
		v->timers.seen.cntvoff = vncr_get(&v->nv.file, SR_CNTVOFF_EL2);
		v->timers.seen.cntpoff = l1_cntpoff(v);
		v->timers.seen_until = until;
	}
	v->queue.cpu->timer.watch = first;
	arm(&v->queue.cpu->timer);
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
	const struct vncr_file *file = &v->nv.file;
	uint64_t on = vncr_get(file, SR_CNTV_CTL_EL0) | vncr_get(file, SR_CNTP_CTL_EL0);

	return (on & ~CNT_CTL_IMASK) || (v->timers.high & LINES_OF(EL1));
}

static void watch_no_el1(struct vcpu *v)
{
	v->timers.seen_until = 0;
	v->queue.cpu->timer.watch = TIMER_NEVER;
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
	uint64_t on = vncr_get(&v->nv.file, SR_CNTHV_CTL_EL2) | vncr_get(&v->nv.file, SR_CNTHP_CTL_EL2);

	if ((on & CNT_CTL_ENABLE) || (v->timers.high & LINES_OF(EL2)))
		look_at_el2(v);
	else
		v->queue.cpu->timer.watch = TIMER_NEVER;
}

/* The lines of the timers that hardware does not hold, and L0's own timer for the first of them. */
static void watch(struct vcpu *v)
{
	if (v->world.vel2_is_vhe && v->world.loaded == WORLD_VEL2)
		watch_el1(v);
	else
		watch_el2(v);
}

/* --- what hardware does not tell --- */

static bool is_open(const struct vcpu *v)
{
	return v->timers.cnthctl == v->timers.open;
}

static void set_controls(struct vcpu *v)
{
	struct nv_timer_world w = timer_world(v);
	bool ecv = cpu_features()->ecv;

	w.in_guest_context = false;
	v->timers.open = nv_timer_cnthctl(w, v->timers.direct, ecv, v->nv.has_ecv, !ecv || gic_intid_look());
	v->timers.cnthctl = v->world.loaded == WORLD_GUEST_CONTEXT ?
				    v->timers.open :
				    nv_timer_cnthctl(w, v->timers.direct, ecv, v->nv.has_ecv, false);
}

/* L0's next look, if there may be something to see by then. */
static void look_later(struct vcpu *v)
{
	if (nv_timer_is_unseen(timer_world(v), cpu_features()->ecv, is_open(v), is_el1_on(v)))
		clock_write_cnthv_tval(v->timers.look_after);
	else
		clock_write_cnthv_cval(TIMER_NEVER);
}

/* The limit has passed: from now on accesses to the timers trap, where they can, until the next entry of the guest context. */
static __attribute__((cold)) void look_now(struct vcpu *v)
{
	if (v->world.loaded == WORLD_VEL2) {
		timer_refresh(v);
		set_controls(v);
		clock_write_cnthctl(v->timers.cnthctl);
	}
	look_later(v);
}

/* In nv mode hardware tells everything. */
static void limit(const struct vcpu *v)
{
	write_sysreg(CNTHV_CTL_EL2, v->nv.mode == NV_MODE_V84 && gic_intid_look() ? CNT_CTL_ENABLE : 0);
}

void timer_reset(struct vcpu *v, bool time_stops)
{
	v->timers = (struct vcpu_timers){
		.direct = time_stops ? 0 : CNTHCTL_EL1PCTEN | CNTHCTL_EL1PTEN,
		.look_after = read_sysreg(CNTFRQ_EL0) / LOOKS_PER_SECOND,
	};
	set_controls(v);
}

/* --- the exchange of worlds --- */

/* Hardware keeps the pair: with E2H=0 it is EL1's in both worlds. */
static __attribute__((noinline)) void to_vel2_nvhe(struct vcpu *v)
{
	v->timers.seen.timer[HW_TIMER_V] = el1_timer_read(v, HW_TIMER_V);
	lines_to_links(v, EL1);
	timer_sample(v);
}

void timer_to_vel2(struct vcpu *v)
{
	for (unsigned t = 0; t < HW_TIMERS; t++)
		el1_timer_write(v, t, hw_timer_read(v, t));
	clock_write_cnthv_tval(v->timers.look_after);
	if (!v->world.vel2_is_vhe) {
		to_vel2_nvhe(v);
		return;
	}
	drop_links(v);
	for (unsigned t = 0; t < HW_TIMERS; t++)
		hw_timer_write(v, t, el2_timer_read(v, t));
	load_offsets(v, false);
	lines_to_links(v, EL2);
	watch_el1(v);
}

static __attribute__((noinline)) void to_guest_context_nvhe(struct vcpu *v)
{
	load_offsets(v, true);
	if (is_copy_unseen(v, HW_TIMER_V))
		copy(v, HW_TIMER_V);
	timer_sample(v);
}

void timer_to_guest_context(struct vcpu *v)
{
	clock_write_cnthv_cval(TIMER_NEVER);
	v->timers.cnthctl = v->timers.open;
	if (!v->world.vel2_is_vhe) {
		to_guest_context_nvhe(v);
		return;
	}
	drop_links(v);
	for (unsigned t = 0; t < HW_TIMERS; t++)
		el2_timer_write(v, t, hw_timer_read(v, t));
	if (v->timers.high & LINES_OF(EL1))
		lower_lines(v, EL1);
	load_offsets(v, true);
	for (unsigned t = 0; t < HW_TIMERS; t++)
		hw_timer_write(v, t, el1_timer_read(v, t));
	watch_el2(v);
}

/* What L1 has written to memory; accesses to the timers themselves trap, or are hardware's. */
static __attribute__((noinline)) void refresh_nvhe(struct vcpu *v)
{
	uint64_t cntvoff = clock_read_cntvoff();
	bool changed = cntvoff != timer_offset(v, true, HW_TIMER_V) || v->nv.has_ecv;

	if (__builtin_expect(changed, 0))
		load_offsets(v, true);
	if (is_copy_unseen(v, HW_TIMER_V))
		copy(v, HW_TIMER_V);
	if (__builtin_expect(changed || !cpu_features()->ecv || v->nv.mode == NV_MODE_V83, 0))
		timer_sample(v);
	watch_el2(v);
}

static inline void refresh_page(struct vcpu *v)
{
	if (!is_el1_on(v))
		watch_no_el1(v);
	else if (!is_as_seen(v))
		look_at_el1(v);
}

static __attribute__((noinline)) void refresh_with_links(struct vcpu *v)
{
	timer_sample_links(v);
	refresh_page(v);
}

void timer_refresh(struct vcpu *v)
{
	if (!v->world.vel2_is_vhe)
		refresh_nvhe(v);
	else if (timer_has_links(v))
		refresh_with_links(v);
	else
		refresh_page(v);
}

void timer_written(struct vcpu *v, enum nv_timer_id id)
{
	if (nv_timer_place(timer_world(v), id) == NV_TIMER_COPIED)
		copy(v, (enum hw_timer)id);
	if (v->world.loaded == WORLD_GUEST_CONTEXT)
		return;
	timer_refresh(v);
	timer_sample(v);
	look_later(v);
}

static __attribute__((noinline)) void observe_links(struct vcpu *v)
{
	for (unsigned t = 0; t < HW_TIMERS; t++)
		if (v->timers.linked[t] && is_linked_in_l1s_gic(v, v->timers.linked[t]))
			sample_link(v, t, nv_timer_is_high(hw_timer_read(v, t).ctl));
}

void timer_observe(struct vcpu *v)
{
	if (v->world.loaded == WORLD_VEL2)
		timer_refresh(v);
	if (timer_has_links(v))
		observe_links(v);
}

void timer_follow_e2h(struct vcpu *v)
{
	drop_links(v);
	load(v);
	lines_to_links(v, v->world.vel2_is_vhe ? EL2 : EL1);
	watch(v);
	set_controls(v);
	look_later(v);
}

/* CNTV of an L1 with E2H=0 is held in one mode and copied in the other. */
void timer_follow_mode(struct vcpu *v)
{
	if (has_el1(v))
		for (unsigned t = 0; t < HW_TIMERS; t++)
			el1_timer_write(v, t, hw_timer_read(v, t));
	load(v);
	set_controls(v);
	limit(v);
	look_later(v);
}

/* --- the exchange of vCPUs --- */

static uint64_t look_at_one(struct vcpu *v, bool el1, enum hw_timer t, uint64_t now)
{
	struct nv_timer s = el1 ? el1_timer_read(v, t) : el2_timer_read(v, t);
	struct nv_timer_look is = nv_timer_look(s, now, timer_offset(v, el1, t));

	set_line(v, id_of(el1, t), is.line);
	return is.rises;
}

void timer_park(struct vcpu *v)
{
	uint64_t now = clock_now();

	write_sysreg(CNTHV_CTL_EL2, 0);
	drop_links(v);
	timer_save(v);
	for (unsigned t = 0; t < HW_TIMERS; t++)
		hw_timer_write(v, t, (struct nv_timer){ 0, 0 });
	v->timers.next = TIMER_NEVER;
	for (unsigned i = 0; i < NV_TIMERS; i++) {
		uint64_t at = look_at_one(v, i < EL2, i % HW_TIMERS, now);

		if (at < v->timers.next)
			v->timers.next = at;
	}
	v->queue.cpu->timer.watch = TIMER_NEVER;
}

void timer_unpark(struct vcpu *v)
{
	if (v->vm->time_stops)
		v->timers.offset += v->queue.away;
	load(v);
	if (v->nested_gic.loaded) {
		for (unsigned t = 0; t < HW_TIMERS; t++)
			if ((v->timers.high >> (EL1 + t)) & 1)
				timer_link(v, timer_l1_intid[EL1 + t]);
	} else {
		lines_to_links(v, has_el1(v) ? EL1 : EL2);
	}
	watch(v);
	limit(v);
	look_later(v);
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

static void tell_fired(struct vcpu *v, uint64_t intid, uint64_t none, uint64_t too)
{
	(void)none;
	(void)too;
	TRACE(v, kvm_timer_update_irq, .vcpu_id = v->index, .irq = (uint32_t)intid, .level = 1);
}

/* A timer in hardware fired: it is active there now. */
static void fired(struct vcpu *v, enum hw_timer t)
{
	bool el1 = has_el1(v), was_linked;

	if (is_copy_unseen(v,
			   t)) /* the status. What L1 made of the timer meanwhile, timer_sample finds out */
		copy(v, t);
	if (!v->nested_gic.loaded) {
		link(v, t, timer_l1_intid[id_of(el1, t)]);
		return;
	}
	/* L1's interface is not in hardware: vEL2 takes it over, or L2 goes on with the line high in L1's GIC. */
	was_linked = is_linked_in_l1s_gic(v, timer_l1_intid[EL1 + t]);
	nested_gic_sync(v); /* L2 may have completed the last one, which L1's GIC does not know yet */
	if (was_linked)
		gic_set_active(timer_hw_intid(t)); /* what L1's GIC learned then ended this one as well */
	v->timers.linked[t] = timer_l1_intid[EL1 + t];
	set_line(v, EL1 + t, true);
}

bool timer_interrupt(struct vcpu *v, uint32_t intid)
{
	if (intid == gic_intid_hyp_timer()) {
		if (clock_now() >= v->queue.cpu->timer.sched) {
			v->queue.cpu->timer.sched = TIMER_NEVER;
			queue_look(v);
		}
		watch(v);
		timer_expired(v->queue.cpu);
		gic_drop(intid);
		gic_deactivate(intid);
		return true;
	}
	if (intid == gic_intid_look()) {
		look_now(v);
		gic_drop(intid);
		gic_deactivate(intid);
		return true;
	}
	for (unsigned t = 0; t < HW_TIMERS; t++) {
		if (intid != timer_hw_intid(t))
			continue;
		gic_drop(intid);
		SITE_CALL(v->trace.cpu, tell_fired, v, intid, 0, 0);
		fired(v, t);
		return true;
	}
	return false;
}
