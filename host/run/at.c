/*
 * What does an AT instruction of vEL2 leave in PAR_EL1, and where is what an instruction names?  Hardware's own AT is asked for stage
 * 1 of the regime that is loaded. When it cannot tell, because a table of stage 1 is where hardware's stage 2 has nothing (yet), software
 * walks it (nv/s1_walk.c), as it does the tables of the guest context while vEL2 is loaded. A stage 2 is L1's, and always walked in
 * software.
 * Reads: at.h.  Next: host/shadow/walk.c.
 */
#include "host/run/at.h"

#include "host/core/features.h"
#include "host/machine/sysreg.h"
#include "host/shadow/walk.h"
#include "host/vm/vm.h"
#include "host/world/controls.h"
#include "nv/regime.h"
#include "nv/translate.h"

struct s1_regime at_loaded_stage1(void)
{
	return (struct s1_regime){ read_sysreg(SCTLR_EL12), read_sysreg(TCR_EL12),  read_sysreg(TTBR0_EL12),
				   read_sysreg(TTBR1_EL12), read_sysreg(MAIR_EL12), false };
}

static void write_stage1(const struct s1_regime *s)
{
	write_sysreg(SCTLR_EL12, s->sctlr);
	write_sysreg(TCR_EL12, s->tcr);
	write_sysreg(TTBR0_EL12, s->ttbr0);
	write_sysreg(TTBR1_EL12, s->ttbr1);
	write_sysreg(MAIR_EL12, s->mair);
}

/* HCR_EL2.TGE with E2H=0 switches stage 1 off. */
static struct s1_regime guest_context_stage1(const struct vcpu *v)
{
	const struct vncr_file *file = &v->nv.file;
	uint64_t sctlr = vncr_get(file, SR_SCTLR_EL1);

	return (struct s1_regime){ nv_tge(&v->nv) ? sctlr & ~SCTLR_M : sctlr,
				   vncr_get(file, SR_TCR_EL1),
				   vncr_get(file, SR_TTBR0_EL1),
				   vncr_get(file, SR_TTBR1_EL1),
				   vncr_get(file, SR_MAIR_EL1),
				   false };
}

/* Hardware's stage-1 AT for the regime that is loaded; the result is in PAR_EL1. L0 itself runs without PAN. */
static void hw_at(struct s1_access a, uint64_t va)
{
	isb();
	if (a.pan) {
		pan_set(true);
		a.write ? at_s1e1wp(va) : at_s1e1rp(va);
		pan_set(false);
	} else if (a.el0) {
		a.write ? at_s1e0w(va) : at_s1e0r(va);
	} else {
		a.write ? at_s1e1w(va) : at_s1e1r(va);
	}
	isb();
}

/* --- in software --- */

/* Of the machine, whatever L1 sees of it: it is what L1's guests, and L1, run on. */
struct s1_cpu at_cpu(void)
{
	const uint64_t *id = cpu_features()->hw_id;
	uint64_t mmfr0 = id[SR_ID_AA64MMFR0_EL1], mmfr1 = id[SR_ID_AA64MMFR1_EL1],
		 mmfr2 = id[SR_ID_AA64MMFR2_EL1];
	uint64_t hafdbs = field_get(ID_AA64MMFR1_HAFDBS, mmfr1),
		 tgran4 = field_get(ID_AA64MMFR0_TGRAN4, mmfr0);

	return (struct s1_cpu){
		.pa_bits = cpu_features()->pa_bits,
		.granule_4k = tgran4 < 8,
		.granule_16k = field_get(ID_AA64MMFR0_TGRAN16, mmfr0),
		.granule_64k = field_get(ID_AA64MMFR0_TGRAN64, mmfr0) < 8,
		.lpa2_4k = tgran4 == 1,
		.lpa2_16k = field_get(ID_AA64MMFR0_TGRAN16, mmfr0) == 2,
		.large_va = field_get(ID_AA64MMFR2_VARANGE, mmfr2),
		.small_tables = field_get(ID_AA64MMFR2_ST, mmfr2),
		.access_flag = hafdbs >= 1,
		.dirty_state = hafdbs >= 2,
		.hierarchy_off = field_get(ID_AA64MMFR1_HPDS, mmfr1),
		.e0pd = field_get(ID_AA64MMFR2_E0PD, mmfr2),
		.pan3 = field_get(ID_AA64MMFR1_PAN, mmfr1) >= 3,
	};
}

/* False: *step says how the walk ends. vEL2's own tables have no stage 2 of L1's above them. */
static bool read_descriptor(struct vcpu *v, struct s1_walk *w, bool of_vel2, uint64_t *d, enum s1_step *step)
{
	uint64_t slot = s1_slot(w);
	bool stage2 = false;
	uint32_t fsc = 0;

	if (of_vel2 ? vm_read_u64(v->vm, (l1_ipa_t){ slot }, d) :
		      shadow_read_u64(v, (l2_ipa_t){ slot }, d, &stage2, &fsc)) {
		*d = w->regime->sctlr & SCTLR_EE ? __builtin_bswap64(*d) : *d;
		return true;
	}
	*step = stage2 ? s1_stage2_fault(w, fsc) : s1_unreadable(w);
	return false;
}

static uint64_t sw_at(struct vcpu *v, const struct s1_regime *regime, bool of_vel2, struct s1_access access,
		      uint64_t va)
{
	struct s1_cpu cpu = at_cpu();
	struct s1_walk w;
	enum s1_step step = s1_begin(&w, &cpu, regime, access, va);
	uint64_t d;

	while (step == S1_NEXT)
		if (read_descriptor(v, &w, of_vel2, &d, &step))
			step = s1_feed(&w, d);
	return w.par;
}

/* --- both --- */

/* Did hardware's walk meet a stage 2 that L1 knows nothing of? */
static bool is_of_hardware_stage2(uint64_t par)
{
	return (par & (PAR_F | PAR_S)) == (PAR_F | PAR_S);
}

uint64_t at_stage1(struct vcpu *v, struct s1_access access, uint64_t va)
{
	bool vel2 = v->world.loaded == WORLD_VEL2;
	uint64_t kept = read_sysreg(PAR_EL1), par;
	struct s1_regime regime;

	hw_at(access, va);
	par = read_sysreg(PAR_EL1);
	write_sysreg(PAR_EL1, kept);
	if (!is_of_hardware_stage2(par))
		return par;
	regime = at_loaded_stage1();
	regime.one_privilege = vel2 && !v->world.vel2_is_vhe;
	return sw_at(v, &regime, vel2, access, va);
}

/* The guest context's stage 1, for a moment in place of vEL2's. */
static uint64_t hw_at_guest_context(struct vcpu *v, const struct s1_regime *guest_context,
				    struct s1_access access, uint64_t va)
{
	struct s1_regime vel2 = at_loaded_stage1();
	uint64_t par;

	write_stage1(guest_context);
	world_load_guest_context_controls(v);
	hw_at(access, va);
	par = read_sysreg(PAR_EL1);
	write_stage1(&vel2);
	world_load_vel2_controls(v);
	isb();
	return par;
}

/*
 * Where there are tables they are walked here: to exchange all registers of translation twice costs more, and L1 all that its TLBs have
 * where they have no VMIDs, as QEMU's.
 */
static uint64_t at_guest_context(struct vcpu *v, struct s1_access access, uint64_t va)
{
	struct s1_regime guest_context = guest_context_stage1(v);
	bool tables = (guest_context.sctlr & SCTLR_M) && !(vncr_get(&v->nv.file, SR_HCR_EL2) & HCR_DC);

	return tables ? sw_at(v, &guest_context, false, access, va) :
			hw_at_guest_context(v, &guest_context, access, va);
}

static uint64_t par_of(struct vcpu *v, struct nv_at at, uint64_t va)
{
	uint64_t par = at.of_vel2 ? at_stage1(v, at.access, va) : at_guest_context(v, at.access, va);

	return at.stage2 && !(par & PAR_F) ? shadow_at_stage2(v, par, at.access.write) : par;
}

void at_emulate(struct vcpu *v, enum sysreg op, uint64_t va)
{
	write_sysreg(PAR_EL1, par_of(v, nv_at(&v->nv, op, v->pstate), va));
}
