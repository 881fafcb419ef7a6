/*
 * How do the decisions of nv/gic/lists.c get into the list registers?  Reads: vgic.h, nv/gic/lists.h.  Next: host/interrupt/nested_gic.c,
 * which has the list registers while L1's guest runs.
 */
#include "host/interrupt/vgic.h"

#include "host/core/features.h"
#include "host/core/gic.h"
#include "host/core/ich.h"
#include "host/machine/cpu.h"
#include "host/machine/site.h"
#include "host/machine/sysreg.h"
#include "host/report/ring.h"
#include "host/vm/queue.h"
#include "host/vm/vm.h"
#include "nv/gic/iface.h"
#include "nv/gic/lists.h"
#include "nv/gic/regs.h"

#define GROUP0 0
#define GROUP1 1

static unsigned lowest(unsigned bits)
{
	return (unsigned)__builtin_ctz(bits);
}

/* Ends what vgic_lock began: the CPUs of vCPUs that have something new come to L0. */
static void unlock_and_kick(struct vm *vm)
{
	uint32_t kick = vm->vgic.kick;

	vm->vgic.kick = 0;
	spin_unlock(&vm->vgic_lock);
	for (; kick; kick &= kick - 1)
		if (vm->vcpu[lowest(kick)]->queue.cpu != this_cpu())
			queue_wake(vm->vcpu[lowest(kick)]);
}

/* After fold: only an LPI that was moved, and leaves for another CPU, is news for one. */
static void unlock_folded(struct vm *vm)
{
	if (__builtin_expect(vm->vgic.kick != 0, 0))
		unlock_and_kick(vm);
	else
		spin_unlock(&vm->vgic_lock);
}

static bool read_l1(const void *vm, l1_ipa_t ipa, uint64_t *value)
{
	return vm_read_u64(vm, ipa, value);
}

static bool write_l1(const void *vm, l1_ipa_t ipa, uint64_t value)
{
	return vm_write_u64(vm, ipa, value);
}

void vgic_init(struct vm *vm)
{
	const struct cpu_features *f = cpu_features();
	struct vgic_dist *d = &vm->vgic;

	d->vcpus = vm->nvcpus;
	d->lr_count = f->lr_count;
	d->preempt_bits = (unsigned)field_get(ICH_VTR_PREBITS, f->ich_vtr) + 1;
	vm->ap_words = vgic_ap_words(d);
	d->priority_mask = (uint8_t)(0xff00U >> (field_get(ICH_VTR_PRIBITS, f->ich_vtr) + 1));
	for (unsigned i = 0; i < vm->nvcpus; i++) {
		uint64_t mpidr = vm->vcpu[i]->mpidr;

		d->cpu[i] = &vm->vcpu[i]->vgic;
		vgic_reset_redist(d->cpu[i], (uint32_t)(mpidr & (MPIDR_AFF0 | MPIDR_AFF1 | MPIDR_AFF2)) |
						     (uint32_t)field_get(MPIDR_AFF3, mpidr) << 24);
	}
	d->lpi.read = read_l1;
	d->lpi.write = write_l1;
	d->lpi.memory = vm;
	vgic_reset_dist(d);
	vits_reset(&vm->its);
	d->kick = 0;
}

void vgic_reset(struct vcpu *v)
{
	spin_lock(&v->vm->vgic_lock);
	vgic_reset_interface(&v->vgic);
	spin_unlock(&v->vm->vgic_lock);
}

/* --- list registers --- */

/* Something was left out: what has hardware seen of it, and how is the interface by now? */
static __attribute__((cold, noinline)) unsigned observe(struct vgic_cpu *c)
{
	c->vmcr = read_sysreg(ICH_VMCR_EL2) | c->unrouted_enables;
	if (!(c->hcr & ICH_HCR_LRENPIE))
		return 0;
	return (unsigned)field_get(ICH_HCR_EOICOUNT, read_sysreg(ICH_HCR_EL2));
}

/* With the lock held, on v's CPU: the list registers of hardware, if they are in use, back into the state outside. */
static void fold(struct vcpu *v)
{
	struct vgic_cpu *c = &v->vgic;
	unsigned eois = 0;

	if (!c->loaded || !c->lr_used)
		return;
	for (unsigned used = c->lr_used; used; used &= used - 1)
		c->lr[lowest(used)] = ich_read_lr(lowest(used));
	if (__builtin_expect(c->hcr != ICH_HCR_EN, 0))
		eois = observe(c);
	vgic_fold(&v->vm->vgic, v->index, eois);
}

static __attribute__((cold)) void deactivate_spis(struct vgic_cpu *c)
{
	uint64_t bits = c->deactivate_spis;

	c->deactivate_spis = 0;
	for (; bits; bits &= bits - 1)
		gic_deactivate_spi(VGIC_BANK + (unsigned)__builtin_ctzll(bits));
}

/* What had a physical interrupt behind it and was ended otherwise than by the list register. */
static void deactivate_physical(struct vgic_cpu *c)
{
	uint32_t bits = c->deactivate;

	c->deactivate = 0;
	for (; bits; bits &= bits - 1)
		gic_deactivate(c->bank.pintid[lowest(bits)]);
	if (__builtin_expect(c->deactivate_spis != 0, 0))
		deactivate_spis(c);
}

/* With the lock held and everything folded: chooses, and writes the list registers that are or were in use. */
static void fill(struct vcpu *v, unsigned was_used)
{
	struct vgic_cpu *c = &v->vgic;

	vgic_choose(&v->vm->vgic, v->index);
	for (unsigned n = was_used | c->lr_used; n; n &= n - 1)
		ich_write_lr(lowest(n), c->lr_used & BIT(lowest(n)) ? c->lr[lowest(n)] : 0);
}

void vgic_fill_changed(struct vcpu *v)
{
	unsigned was_used = v->vgic.lr_used;

	spin_lock(&v->vm->vgic_lock);
	fold(v);
	deactivate_physical(&v->vgic);
	fill(v, was_used);
	unlock_folded(v->vm);
	write_sysreg(ICH_HCR_EL2, v->vgic.hcr | v->vgic.l1_traps);
}

enum vgic_signal vgic_signal_changed(struct vcpu *v)
{
	enum vgic_signal signal;

	spin_lock(&v->vm->vgic_lock);
	deactivate_physical(&v->vgic);
	signal = vgic_would(&v->vm->vgic, v->index);
	spin_unlock(&v->vm->vgic_lock);
	return signal;
}

/* --- the rest of the interface --- */

void vgic_load(struct vcpu *v)
{
	struct vgic_cpu *c = &v->vgic;

	c->loaded = true;
	if (__atomic_load_n(&c->dirty, __ATOMIC_ACQUIRE)) {
		spin_lock(&v->vm->vgic_lock);
		fill(v, 0);
		spin_unlock(&v->vm->vgic_lock);
	}
	write_sysreg(ICH_AP0R0_EL2, c->ap0r[0]);
	write_sysreg(ICH_AP1R0_EL2, c->ap1r[0]);
	for (unsigned i = 1; i < v->vm->ap_words; i++)
		ich_write_ap(i, c->ap0r[i], c->ap1r[i]);
	write_sysreg(ICH_VMCR_EL2, c->vmcr);
	write_sysreg(ICH_HCR_EL2, c->hcr | c->l1_traps);
}

static void set_held(struct vgic_cpu *c, uint64_t groups)
{
	uint64_t vmcr = read_sysreg(ICH_VMCR_EL2), hcr;

	vmcr |= c->unrouted_enables;
	c->unrouted = groups;
	c->unrouted_enables = vmcr & groups;
	c->l1_traps = groups ? ICH_HCR_TALL0 | ICH_HCR_TALL1 : 0;
	write_sysreg(ICH_VMCR_EL2, vmcr & ~groups);
	/* Held groups are disabled for hardware; L1's accesses to their enables trap. */
	hcr = groups ? c->hcr & ~(uint64_t)(ICH_HCR_VGRP0DIE | ICH_HCR_VGRP1DIE) : c->hcr;
	write_sysreg(ICH_HCR_EL2, hcr | c->l1_traps);
}

__attribute__((cold)) void vgic_hold(struct vcpu *v, uint64_t groups)
{
	set_held(&v->vgic, groups);
}

__attribute__((cold)) void vgic_release(struct vcpu *v)
{
	set_held(&v->vgic, 0);
}

void vgic_trap(struct vcpu *v, uint64_t traps)
{
	v->vgic.l1_traps = traps;
	write_sysreg(ICH_HCR_EL2, v->vgic.hcr | traps);
}

void vgic_put(struct vcpu *v)
{
	struct vgic_cpu *c = &v->vgic;
	unsigned used = c->lr_used;

	if (__builtin_expect(c->unrouted != 0, 0))
		vgic_release(v);
	if (used) {
		spin_lock(&v->vm->vgic_lock);
		fold(v);
		unlock_folded(v->vm);
		for (; used; used &= used - 1)
			ich_write_lr(lowest(used), 0);
	}
	c->loaded = false;
	c->vmcr = read_sysreg(ICH_VMCR_EL2);
	c->ap0r[0] = read_sysreg(ICH_AP0R0_EL2);
	c->ap1r[0] = read_sysreg(ICH_AP1R0_EL2);
	for (unsigned i = 1; i < v->vm->ap_words; i++)
		ich_read_ap(i, &c->ap0r[i], &c->ap1r[i]);
}

void vgic_refill(struct vcpu *v)
{
	v->vgic.dirty = true;
}

/* --- changes --- */

static void tell_line(struct vcpu *running, uint64_t vcpu, uint64_t intid, uint64_t level)
{
	TRACE(running, vgic_update_irq_pending, .vcpu_id = vcpu, .irq = (uint32_t)intid, .level = (int)level);
}

void vgic_set_level(struct vm *vm, unsigned vcpu, uint32_t intid, bool level)
{
	struct vcpu *running = this_cpu()->vcpu;

	if (running)
		SITE_CALL(running->trace.cpu, tell_line, running, vcpu, intid, level);
	spin_lock(&vm->vgic_lock);
	vgic_line(&vm->vgic, vcpu, intid, level);
	unlock_and_kick(vm);
}

void vgic_link_spi_hw(struct vm *vm, uint32_t intid)
{
	spin_lock(&vm->vgic_lock);
	vgic_link_spi(&vm->vgic, intid);
	unlock_and_kick(vm);
}

uint32_t vgic_message(struct vm *vm, uint32_t device, uint32_t event)
{
	uint32_t intid;

	spin_lock(&vm->vgic_lock);
	intid = vits_message(&vm->its, &vm->vgic, device, event);
	unlock_and_kick(vm);
	return intid;
}

/* Changes by v itself: its list registers are folded before. */
static void begin_own(struct vcpu *v)
{
	unsigned used = v->vgic.lr_used;

	spin_lock(&v->vm->vgic_lock);
	fold(v);
	/* vgic_fill_changed must know what to clear. */
	for (; v->vgic.loaded && used; used &= used - 1)
		ich_write_lr(lowest(used), 0);
}

static void end_own(struct vcpu *v)
{
	deactivate_physical(&v->vgic);
	unlock_and_kick(v->vm);
}

void vgic_link_hw(struct vcpu *v, uint32_t vintid, uint32_t pintid)
{
	begin_own(v);
	vgic_link(&v->vm->vgic, v->index, vintid, pintid);
	end_own(v);
}

void vgic_unlink_hw(struct vcpu *v, uint32_t vintid)
{
	begin_own(v);
	vgic_unlink(&v->vm->vgic, v->index, vintid);
	end_own(v);
}

uint64_t vgic_linked_state(const struct vcpu *v, uint32_t vintid)
{
	const struct vgic_cpu *c = &v->vgic;

	for (unsigned used = c->loaded ? c->lr_used : 0; used; used &= used - 1)
		if (field_get(ICH_LR_VINTID, c->lr[lowest(used)]) == vintid)
			return ich_read_lr(lowest(used)) & ICH_LR_STATE;
	return c->bank.active >> vintid & 1 ? ICH_LR_ACTIVE : ICH_LR_PENDING;
}

bool vgic_sample_hw(struct vcpu *v, uint32_t vintid, bool level)
{
	bool ended;

	begin_own(v);
	ended = vgic_sample(&v->vm->vgic, v->index, vintid, level);
	end_own(v);
	return ended;
}

void vgic_deactivate(struct vcpu *v, uint32_t intid)
{
	begin_own(v);
	vgic_end(&v->vm->vgic, v->index, intid);
	end_own(v);
}

void vgic_send_sgi(struct vcpu *v, enum sysreg r, uint64_t value)
{
	begin_own(v);
	vgic_sgi(&v->vm->vgic, v->index, r == SR_ICC_SGI1R_EL1 ? GROUP1 : GROUP0, value);
	end_own(v);
}

bool vgic_interface_access(struct vcpu *v, enum sysreg r, bool group1, bool is_read, uint64_t *value)
{
	bool done;

	begin_own(v);
	done = vgic_iface_access(&v->vm->vgic, v->index, r, group1, is_read, value);
	v->vgic.stale = true;
	end_own(v);
	return done;
}

uint64_t vgic_mmio_read(struct vcpu *v, bool gicr, unsigned owner, uint64_t offset, unsigned size)
{
	const struct vgic_dist *d = &v->vm->vgic;
	uint64_t value;

	begin_own(v);
	value = gicr ? vgic_gicr_read(d, owner, offset, size) : vgic_gicd_read(d, v->index, offset, size);
	end_own(v);
	return value;
}

void vgic_mmio_write(struct vcpu *v, bool gicr, unsigned owner, uint64_t offset, unsigned size,
		     uint64_t value)
{
	struct vgic_dist *d = &v->vm->vgic;

	begin_own(v);
	if (gicr)
		vgic_gicr_write(d, owner, offset, size, value);
	else
		vgic_gicd_write(d, v->index, offset, size, value);
	end_own(v);
}

uint64_t vgic_its_read(struct vcpu *v, uint64_t offset, unsigned size)
{
	uint64_t value;

	begin_own(v);
	value = vits_read(&v->vm->its, &v->vm->vgic, v->index, offset, size);
	end_own(v);
	return value;
}

bool vgic_its_write(struct vcpu *v, uint64_t offset, unsigned size, uint64_t value)
{
	bool done;

	begin_own(v);
	done = vits_write(&v->vm->its, &v->vm->vgic, offset, size, value);
	end_own(v);
	return done;
}

void vgic_drop(struct vcpu *v)
{
	struct vgic_cpu *c = &v->vgic;

	if (c->unrouted)
		vgic_release(v);
	begin_own(v);
	c->deactivate |= c->bank.linked;
	c->bank.linked = 0;
	c->bank.level = 0; /* of timers and maintenance, which are off */
	c->loaded = false;
	write_sysreg(ICH_HCR_EL2, 0);
	end_own(v);
}
