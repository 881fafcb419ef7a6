/* Who has the FP, SIMD and SVE registers of this CPU?  Reads: fp.h.  Next: fp_registers.S. */
#include "host/world/fp.h"

#include <string.h>

#include "host/core/features.h"
#include "host/core/mmu.h"
#include "host/core/pages.h"
#include "host/machine/sysreg.h"
#include "host/vm/vcpu.h"
#include "host/world/controls.h"
#include "nv/translate.h"

static void open_for_l0(void)
{
	write_sysreg(CPTR_EL2, CPACR_FPEN | CPACR_ZEN);
	isb();
}

/* And the longest vectors that there are: what L1 gives its guest is shorter. */
static void open_all_for_l0(void)
{
	open_for_l0();
	write_sysreg(ZCR_EL2, ZCR_LEN);
	isb();
}

static bool has_sve_loaded(const struct vcpu *v)
{
	return v->fp.fpen & CPACR_ZEN;
}

/* --- ZCR --- */

/*
 * vEL2 is at hardware's EL1, with ZCR_EL2 of L1 in ZCR_EL1. For the guest ZCR_EL2 of L1 limits what its own ZCR_EL1 asks for.
 * With E2H=1 L1 writes hardware's register without a trap, under the name ZCR_EL1.
 */
static void load_zcr(struct vcpu *v, bool guest_context)
{
	v->fp.zcr_is_guest_contexts = guest_context;
	write_sysreg(ZCR_EL2, guest_context ? vncr_get(&v->nv.file, SR_ZCR_EL2) : ZCR_LEN);
	write_sysreg(ZCR_EL12,
		     guest_context ? vncr_get(&v->nv.file, SR_ZCR_EL1) : vncr_get(&v->nv.file, SR_ZCR_EL2));
}

static void save_zcr(struct vcpu *v)
{
	if (v->fp.zcr_is_guest_contexts)
		vncr_set(&v->nv.file, SR_ZCR_EL1, read_sysreg(ZCR_EL12));
	else
		vncr_set(&v->nv.file, SR_ZCR_EL2, read_sysreg(ZCR_EL12));
}

void fp_zcr_to_guest_context(struct vcpu *v)
{
	if (nv_l1_traps_sve(&v->nv))
		return;
	save_zcr(v);
	load_zcr(v, true);
}

void fp_zcr_to_vel2(struct vcpu *v)
{
	open_for_l0();
	save_zcr(v);
	load_zcr(v, false);
}

uint64_t fp_read_zcr(const struct vcpu *v)
{
	return has_sve_loaded(v) ? read_sysreg(ZCR_EL12) : vncr_get(&v->nv.file, SR_ZCR_EL2);
}

void fp_write_zcr(const struct vcpu *v)
{
	if (has_sve_loaded(v))
		write_sysreg(ZCR_EL12, vncr_get(&v->nv.file, SR_ZCR_EL2));
}

/* --- the registers --- */

bool fp_init(struct vcpu *v)
{
	pa_t pa;

	if (!cpu_features()->sve)
		return true;
	if (!memory_alloc(sizeof(struct sve_state), PAGE_SIZE, &pa))
		return false;
	v->fp.sve = pa_to_va(pa);
	return true;
}

void fp_reset(struct vcpu *v)
{
	v->fp_state = (struct fp_state){ 0 };
	v->fp.fpen = 0;
	v->fp.sve_used = v->fp.zcr_is_guest_contexts = false;
}

static void load_all(struct vcpu *v)
{
	open_all_for_l0();
	sve_load(v->fp.sve);
	fp_load_status(&v->fp_state);
	v->fp.fpen = CPACR_FPEN | (nv_has_sve(&v->nv) ? CPACR_ZEN : 0);
}

/* A load of V0 to V31 makes the rest of Z0 to Z31 zero; the predicates are whosever they were. */
static void load_fp(struct vcpu *v)
{
	open_for_l0();
	fp_load(&v->fp_state);
	v->fp.fpen = CPACR_FPEN;
}

static void begin_sve(struct vcpu *v)
{
	if (!v->fp.fpen)
		load_fp(v);
	open_all_for_l0();
	sve_clear_predicates();
	v->fp.fpen = CPACR_FPEN | CPACR_ZEN;
	v->fp.sve_used = true;
}

void fp_use(struct vcpu *v, bool sve)
{
	if (v->fp.sve_used)
		load_all(v);
	else if (sve)
		begin_sve(v);
	else
		load_fp(v);
	if (has_sve_loaded(v))
		load_zcr(v, v->world.loaded == WORLD_GUEST_CONTEXT);
	world_load_controls(v);
}

/* FPEN = 0b01 traps EL0 only; L0, at EL2, is trapped by CPTR_EL2 as the levels below it are. */
bool fp_is_open(const struct vcpu *v)
{
	uint64_t fpen = field_get(CPACR_FPEN, read_sysreg(CPACR_EL12));

	return v->fp.fpen && (field_get(CPACR_FPEN, read_sysreg(CPTR_EL2)) & 1) &&
	       (vcpu_is_at_el0(v) ? fpen == 3 : fpen & 1);
}

void fp_park(struct vcpu *v)
{
	if (!v->fp.fpen)
		return;
	open_for_l0();
	if (has_sve_loaded(v))
		save_zcr(v);
	v->fp.zcr_is_guest_contexts = false;
	if (v->fp.sve_used) {
		open_all_for_l0();
		sve_save(v->fp.sve);
		fp_save_status(&v->fp_state);
	} else {
		fp_save(&v->fp_state);
	}
	v->fp.fpen = 0;
}
