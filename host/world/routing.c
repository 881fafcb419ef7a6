/* What keeps an interrupt that L1 does not route to vEL2 from it?  Reads: routing.h.  Next: host/interrupt/vgic.c. */
#include "host/world/routing.h"

#include "host/core/ich.h"
#include "host/interrupt/vgic.h"
#include "host/machine/sysreg.h"
#include "host/world/controls.h"
#include "host/world/world.h"

static uint64_t groups_to_hold(const struct vcpu *v, uint64_t unrouted)
{
	uint64_t lr[VGIC_MAX_LRS];
	unsigned used = v->vgic.lr_used, n;

	for (n = 0; used >> n; n++)
		lr[n] = (used >> n) & 1 ? ich_read_lr(n) : 0;
	return nv_groups_to_hold(lr, n, read_sysreg(ICH_VMCR_EL2) | v->vgic.unrouted_enables, unrouted);
}

/*
 * With E2H=1 L1's next write to HCR_EL2 has to be seen when it comes: vEL2 runs as in nv mode for so long. With E2H=0 that would be
 * a trap of each EL1 name: what L1 routes by a write to memory, it takes after the next trap.
 */
static void hold(struct vcpu *v, uint64_t groups)
{
	bool v84 = nv_wanted_mode(&v->nv) == NV_MODE_V84;

	if (v84 && v->world.vel2_is_vhe)
		world_undecide_mode(v);
	v->routing.unsettled = true;
	vgic_hold(v, groups);
	world_trap_held(v);
	vgic_refill(v); /* at the next exit this is worked out again */
}

/* Lets everything go. */
static void release(struct vcpu *v)
{
	if (!v->vgic.unrouted)
		return;
	vgic_release(v);
	if (v->world.vel2_is_vhe && v->nv.undecided)
		world_decide_mode(v);
	world_load_vel2_controls(v);
}

void routing_follow(struct vcpu *v)
{
	uint64_t groups = nv_unrouted_groups(vncr_get(&v->nv.file, SR_HCR_EL2));

	if (v->world.loaded != WORLD_VEL2)
		return;
	if (groups)
		groups = groups_to_hold(v, groups);
	if (groups)
		hold(v, groups);
	else
		release(v);
}

void routing_settle(struct vcpu *v)
{
	v->routing.unsettled = false;
	release(v);
	if (v->nv.undecided)
		world_decide_mode(v);
}

void routing_reset(struct vcpu *v)
{
	v->routing.unsettled = v->nv.undecided;
}

static uint64_t isr(enum vgic_signal signal)
{
	return signal == VGIC_IRQ ? ISR_I : signal == VGIC_FIQ ? ISR_F : 0;
}

/* The interface is what the state outside says, as for a guest that has it without hardware's list registers. */
bool routing_access(struct vcpu *v, enum sysreg r, bool is_read, uint64_t *value)
{
	bool done;

	if (!v->vgic.unrouted)
		return false;
	release(v);
	vgic_put(v);
	vgic_forget_signal(v);
	if (r == SR_ISR_EL1) {
		*value = isr(vgic_signal(v)) | (v->serror.pending ? ISR_A : 0);
		done = is_read;
	} else {
		done = vgic_interface_access(v, r, true, is_read, value) ||
		       vgic_interface_access(v, r, false, is_read, value);
	}
	vgic_load(v);
	vgic_refill(v);
	return done;
}
