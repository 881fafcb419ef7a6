/* Whose debug exceptions does hardware take?  Reads: debug.h.  Next: nv/debug.c. */
#include "host/world/debug.h"

#include <stddef.h>

#include "host/core/features.h"
#include "host/machine/sysreg.h"
#include "nv/translate.h"

#define CLAIM_TAGS BITS(7, 0)
#define MDCR_BASE (MDCR_TTRF | MDCR_TPMS)

#define DEBUG_REGISTERS(X) \
	X(0) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11) X(12) X(13) X(14) X(15)

static unsigned breakpoints(void)
{
	return (unsigned)field_get(ID_AA64DFR0_BRPS, cpu_features()->hw_id[SR_ID_AA64DFR0_EL1]) + 1;
}

static unsigned watchpoints(void)
{
	return (unsigned)field_get(ID_AA64DFR0_WRPS, cpu_features()->hw_id[SR_ID_AA64DFR0_EL1]) + 1;
}

/* --- all of them, between hardware and memory --- */

static void save_registers(struct vcpu_breaks *b)
{
#define X(n)                                              \
	if (n < breakpoints()) {                          \
		b->bvr[n] = read_sysreg(DBGBVR##n##_EL1); \
		b->bcr[n] = read_sysreg(DBGBCR##n##_EL1); \
	}                                                 \
	if (n < watchpoints()) {                          \
		b->wvr[n] = read_sysreg(DBGWVR##n##_EL1); \
		b->wcr[n] = read_sysreg(DBGWCR##n##_EL1); \
	}
	DEBUG_REGISTERS(X)
#undef X
}

static void load_values(const struct vcpu_breaks *b)
{
#define X(n)                                              \
	if (n < breakpoints())                            \
		write_sysreg(DBGBVR##n##_EL1, b->bvr[n]); \
	if (n < watchpoints())                            \
		write_sysreg(DBGWVR##n##_EL1, b->wvr[n]);
	DEBUG_REGISTERS(X)
#undef X
}

/* For vEL2, or as they are. */
static uint64_t control(uint64_t l1_control, bool at_vel2)
{
	return at_vel2 ? nv_debug_control_at_vel2(l1_control) : l1_control;
}

static void load_controls(const struct vcpu_breaks *b, bool at_vel2)
{
#define X(n)                                                                \
	if (n < breakpoints())                                              \
		write_sysreg(DBGBCR##n##_EL1, control(b->bcr[n], at_vel2)); \
	if (n < watchpoints())                                              \
		write_sysreg(DBGWCR##n##_EL1, control(b->wcr[n], at_vel2));
	DEBUG_REGISTERS(X)
#undef X
}

/* --- vEL2 --- */

/* nv mode: hardware's MDSCR_EL1 is L1's, or the one for vEL2, and L1's is kept. */
static void hide(struct vcpu *v, bool wanted, uint64_t mdscr)
{
	v->debug.hidden = wanted;
	v->debug.l1_mdscr = mdscr;
	write_sysreg(MDSCR_EL1, wanted ? nv_mdscr_at_vel2(mdscr, &v->nv) : mdscr);
}

static void translate(struct vcpu *v, bool wanted)
{
	if (wanted == v->debug.translated)
		return;
	if (wanted)
		save_registers(&v->breaks);
	load_controls(&v->breaks, wanted);
	v->debug.translated = wanted;
}

/* See debug_at_el0. */
static bool is_el0_trapped(const struct vcpu *v)
{
	return v->nv.mode == NV_MODE_V83 && vcpu_is_at_el0(v);
}

static uint64_t mdcr_vel2(const struct vcpu *v)
{
	bool traps = v->debug.translated || v->debug.hidden || is_el0_trapped(v);

	return MDCR_BASE | v->pmu.mdcr_vel2 | (traps ? MDCR_TDA : 0);
}

static uint64_t mdcr_guest_context(const struct vcpu *v)
{
	return nv_guest_context_mdcr(MDCR_BASE | v->pmu.mdcr_guest_context,
				     vncr_get(&v->nv.file, SR_MDCR_EL2));
}

void debug_follow_mode(struct vcpu *v)
{
	v->debug = (struct vcpu_debug){ .mdcr = MDCR_BASE | v->pmu.mdcr_vel2,
					.mdcr_guest_context = mdcr_guest_context(v) };
}

void debug_reset(struct vcpu *v)
{
	v->breaks = (struct vcpu_breaks){ .oslk = true };
	debug_follow_mode(v);
}

void debug_refresh(struct vcpu *v)
{
	bool to_el2 = nv_debug_target_is_el2(&v->nv);
	uint64_t mdscr = debug_l1_mdscr(v);

	if (v->nv.mode == NV_MODE_V84) {
		v->debug.busy = nv_mdscr_at_vel2(mdscr, &v->nv);
		write_sysreg(MDSCR_EL1, v->debug.busy);
	} else {
		v->debug.busy = mdscr | MDSCR_TDCC;
		hide(v, !to_el2 && (mdscr & NV_MDSCR_ACTIVE), mdscr);
	}
	translate(v, to_el2 && (mdscr & MDSCR_MDE));
	v->debug.mdcr = mdcr_vel2(v);
	write_sysreg(MDCR_EL2, v->debug.mdcr);
}

bool debug_follow_pmu(struct vcpu *v)
{
	uint64_t vel2 = MDCR_BASE | v->pmu.mdcr_vel2 | (v->debug.mdcr & MDCR_TDA);
	uint64_t guest_context = mdcr_guest_context(v);
	bool changes = v->debug.mdcr != vel2 || v->debug.mdcr_guest_context != guest_context;

	v->debug.mdcr = vel2;
	v->debug.mdcr_guest_context = guest_context;
	return changes;
}

void debug_follow_traps(struct vcpu *v)
{
	v->debug.mdcr_guest_context = mdcr_guest_context(v);
}

void debug_to_guest_context(struct vcpu *v)
{
	if (v->debug.hidden)
		hide(v, false, v->debug.l1_mdscr);
	translate(v, false);
	v->debug.busy = 0;
	v->debug.mdcr = MDCR_BASE | v->pmu.mdcr_vel2;
}

/* --- accesses of vEL2 --- */

static uint64_t *kept(struct vcpu *v, enum sysreg r)
{
	switch (r) {
#define X(n)                              \
	case SR_DBGBVR##n##_EL1:          \
		return &v->breaks.bvr[n]; \
	case SR_DBGBCR##n##_EL1:          \
		return &v->breaks.bcr[n]; \
	case SR_DBGWVR##n##_EL1:          \
		return &v->breaks.wvr[n]; \
	case SR_DBGWCR##n##_EL1:          \
		return &v->breaks.wcr[n];
		DEBUG_REGISTERS(X)
#undef X
	default:
		return NULL;
	}
}

/* Registers that the traps meet besides, and that hardware has for L1. */
// clang-format off
#define OTHERS(X) \
	X(MDCCINT_EL1) X(OSDTRRX_EL1) X(OSDTRTX_EL1) X(OSECCR_EL1) X(DBGCLAIMSET_EL1) X(DBGCLAIMCLR_EL1) \
	X(DBGDTR_EL0)
#define READ_ONLY(X) X(DBGAUTHSTATUS_EL1) X(MDCCSR_EL0) X(DBGDTRRX_EL0)
// clang-format on

/* Trapped for EL0 alone: from here on vEL2 has its registers again. */
static void meet(struct vcpu *v)
{
	debug_refresh(v);
	if (!v->debug.translated)
		save_registers(&v->breaks);
}

uint64_t debug_read(struct vcpu *v, enum sysreg r)
{
	const uint64_t *mine = kept(v, r);

	meet(v);
	if (mine)
		return *mine;
	switch (r) {
	case SR_MDSCR_EL1:
		return debug_l1_mdscr(v);
#define X(name)         \
	case SR_##name: \
		return read_sysreg(name);
		OTHERS(X)
		READ_ONLY(X)
#undef X
	default:
		return 0;
	}
}

void debug_write(struct vcpu *v, enum sysreg r, uint64_t value)
{
	uint64_t *mine = kept(v, r);

	meet(v);
	if (mine) {
		*mine = value & sysreg_info[r].write_mask;
		load_values(&v->breaks);
		load_controls(&v->breaks, v->debug.translated);
		return;
	}
	switch (r) {
	case SR_MDSCR_EL1:
		v->debug.hidden = false;
		write_sysreg(MDSCR_EL1, value);
		debug_refresh(v);
		return;
#define X(name)                            \
	case SR_##name:                    \
		write_sysreg(name, value); \
		return;
		OTHERS(X)
#undef X
	default:
		return;
	}
}

/* --- the exchange of vCPUs --- */

/* What a vCPU has written there is no other one's to read. Through the OS names nothing of the channel's state changes. */
static void save_channel(struct vcpu_breaks *b)
{
	b->claims = read_sysreg(DBGCLAIMCLR_EL1);
	b->dtrrx = read_sysreg(OSDTRRX_EL1);
	b->dtrtx = read_sysreg(OSDTRTX_EL1);
}

static void load_channel(const struct vcpu_breaks *b)
{
	write_sysreg(DBGCLAIMCLR_EL1, ~b->claims & CLAIM_TAGS);
	write_sysreg(DBGCLAIMSET_EL1, b->claims);
	write_sysreg(OSDTRRX_EL1, b->dtrrx);
	write_sysreg(OSDTRTX_EL1, b->dtrtx);
}

void debug_save(struct vcpu *v)
{
	if (!v->debug.translated)
		save_registers(&v->breaks);
	v->breaks.oslk = read_sysreg(OSLSR_EL1) & OSLSR_OSLK;
	save_channel(&v->breaks);
}

void debug_load(const struct vcpu *v)
{
	load_values(&v->breaks);
	load_controls(&v->breaks, v->debug.translated);
	load_channel(&v->breaks);
	write_sysreg(OSLAR_EL1, v->breaks.oslk);
}
