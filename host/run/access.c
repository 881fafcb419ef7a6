/* What does an instruction do to L1's devices that no syndrome describes?  Reads: access.h, nv/insn.h.  Next: host/device/mmio.c. */
#include "host/run/access.h"

#include <string.h>

#include "host/machine/site.h"
#include "host/machine/sysreg.h"
#include "host/report/ring.h"
#include "host/run/at.h"
#include "host/shadow/walk.h"
#include "host/vm/vm.h"
#include "host/world/fp.h"
#include "nv/insn.h"

#define DOUBLEWORD 3
#define V_BYTES 16
#define V_MOST 4
#define SP 31

struct access {
	struct vcpu *v;
	struct nv_insn insn;
	uint64_t esr, far;
	l1_ipa_t ipa;	  /* of far */
	uint64_t address; /* of the first byte */
	unsigned bytes;
	l1_ipa_t page[2];		 /* where the first and the last byte are */
	uint8_t image[V_MOST * V_BYTES]; /* what is moved, as it is in memory */
	struct access_fault *fault;
};

bool access_is_big_endian(const struct vcpu *v)
{
	return read_sysreg(SCTLR_EL12) & (vcpu_is_at_el0(v) ? SCTLR_E0E : SCTLR_EE);
}

static void tell_mmio(struct vcpu *v, uint64_t ipa, uint64_t how, uint64_t value)
{
	TRACE(v, kvm_mmio, .type = how & 1 ? 2 : 1, .len = 1U << (how >> 1), .gpa = ipa, .val = value);
}

enum mmio access_device(struct vcpu *v, l1_ipa_t ipa, bool write, unsigned size_log2, uint64_t *value)
{
	enum mmio done = mmio_access(v, ipa, write, size_log2, value);

	if (done == MMIO_DONE)
		SITE_CALL(v->trace.cpu, tell_mmio, v, ipa.val, write | size_log2 << 1, *value);
	return done;
}

/* --- where --- */

/* L1's stage 2, if it has one for what runs. */
static enum access_result through_stage2(struct access *a, l2_ipa_t ipa, struct s2_access how, l1_ipa_t *out)
{
	out->val = ipa.val;
	if (a->v->world.loaded == WORLD_VEL2 || shadow_lookup(a->v, ipa, how, out, &a->fault->fsc))
		return ACCESS_DONE;
	a->fault->ipa = ipa;
	return ACCESS_L1_FAULT;
}

/* Is the access checked as one of EL0's?  AArch64.IsUnprivAccessPriv, but that FEAT_NV looks at NV1 in place of TGE. */
static bool is_el0s(const struct access *a)
{
	bool nv1 = a->v->world.loaded == WORLD_VEL2 && !a->v->world.vel2_is_vhe;

	return vcpu_is_at_el0(a->v) || (a->insn.unprivileged && !(a->v->pstate & PSTATE_UAO) && !nv1);
}

static enum access_result misaligned(struct access *a)
{
	a->fault->fsc = FSC_ALIGNMENT;
	return ACCESS_FAULT;
}

static bool is_aligned(const struct access *a)
{
	return !(a->address & (BIT(a->insn.size_log2) - 1));
}

/*
 * The page of va, for this access, as stage 1 and L1's stage 2 are now. Hardware has looked at the alignment for Device memory, but
 * QEMU 10.0 does not while stage 1 is off.
 */
static enum access_result translate(struct access *a, uint64_t va, l1_ipa_t *out)
{
	bool write = nv_insn_writes(&a->insn), el0 = is_el0s(a);
	struct s1_access access = { .write = write, .el0 = el0, .pan = !el0 && (a->v->pstate & PSTATE_PAN) };
	uint64_t par = at_stage1(a->v, access, va);
	struct s2_access how = { .write = write, .el0 = vcpu_is_at_el0(a->v) };

	*a->fault =
		(struct access_fault){ .write = write, .far = va, .fsc = (uint32_t)field_get(PAR_FST, par) };
	if (par & PAR_F) /* with S, L1's stage 2 refuses a table */
		return par & PAR_S ? misaligned(a) : ACCESS_FAULT;
	if (!(par & PAR_ATTR_OUTER) && !is_aligned(a))
		return misaligned(a);
	return through_stage2(a, (l2_ipa_t){ par & PAR_PA }, how, out);
}

static bool same_page(uint64_t a, uint64_t b)
{
	return !((a ^ b) & BITS(55, PAGE_SHIFT));
}

/*
 * The page of va. Of the one that faulted it is known, but if hardware has reported a read and the instruction writes too: then nothing
 * has said yet that it may.
 */
static enum access_result page_of(struct access *a, uint64_t va, l1_ipa_t *out)
{
	bool here = same_page(va, a->far);
	enum access_result result;
	uint64_t contiguous;
	pa_t pa;

	*out = (l1_ipa_t){ a->ipa.val & ~(PAGE_SIZE - 1) };
	if (here && is_aligned(a) && (!nv_insn_writes(&a->insn) || (a->esr & ESR_WNR)))
		return ACCESS_DONE;
	result = translate(a, va, out);
	if (result != ACCESS_DONE || here || !vm_translate(a->v->vm, *out, &pa, &contiguous))
		return result;
	return misaligned(a);
}

static enum access_result locate(struct access *a)
{
	uint64_t last = a->address + a->bytes - 1;
	enum access_result result = page_of(a, a->address, &a->page[0]);

	a->page[1] = a->page[0];
	if (result == ACCESS_DONE && !same_page(a->address, last))
		result = page_of(a, last & ~(PAGE_SIZE - 1), &a->page[1]);
	return result;
}

static uint64_t read_base(const struct access *a)
{
	const struct vcpu *v = a->v;

	if (a->insn.base == NV_BASE_PC)
		return v->pc;
	if (a->insn.base == NV_BASE_ZR || a->insn.rn != SP)
		return vcpu_x(v, a->insn.rn);
	return vcpu_is_at_el0(v) || !(v->pstate & SPSR_M_SP) ? read_sysreg(SP_EL0) : read_sysreg(SP_EL1);
}

static void write_base(struct vcpu *v, unsigned rn, uint64_t value)
{
	if (rn != SP)
		vcpu_set_x(v, rn, value);
	else if (vcpu_is_at_el0(v) || !(v->pstate & SPSR_M_SP))
		write_sysreg(SP_EL0, value);
	else
		write_sysreg(SP_EL1, value);
}

/* Of a signed pointer only the bits are known that have no authentication code; the others are in FAR_EL2. */
static uint64_t without_code(const struct access *a, uint64_t signed_address)
{
	return a->far - ((a->far - signed_address) & (PAGE_SIZE - 1));
}

/* The address, and what the base becomes. False: what was read is not what faulted at far. */
static bool address(struct access *a, uint64_t *base)
{
	uint64_t offset = nv_insn_offset(&a->insn, vcpu_x(a->v, a->insn.rm));

	a->address = read_base(a);
	*base = a->address + offset;
	if (a->insn.base == NV_BASE_SIGNED)
		*base = without_code(a, *base);
	if (!a->insn.post_index)
		a->address = *base;
	if (a->insn.kind == NV_INSN_ZERO)
		a->address &= ~(uint64_t)(a->bytes - 1);
	return ((a->far - a->address) & BITS(55, 0)) < a->bytes;
}

/* --- what: between memory and the image, and between the image and registers --- */

static enum mmio move_piece(struct access *a, unsigned at, bool write, unsigned size_log2)
{
	uint64_t va = a->address + at, value = 0;
	l1_ipa_t ipa = a->page[!same_page(va, a->address)];
	unsigned in_image = at % sizeof(a->image); /* DC ZVA moves more, all of it 0 */
	enum mmio done;

	a->fault->far = va;
	ipa.val |= va & (PAGE_SIZE - 1);
	if (write)
		memcpy(&value, a->image + in_image, 1U << size_log2);
	done = access_device(a->v, ipa, write, size_log2, &value);
	if (!write)
		memcpy(a->image + in_image, &value, 1U << size_log2);
	return done;
}

static enum mmio move(struct access *a, bool write)
{
	unsigned element = 1U << a->insn.size_log2, size_log2;
	enum mmio done = MMIO_DONE;

	for (unsigned at = 0; at < a->bytes && done == MMIO_DONE; at += 1U << size_log2) {
		uint64_t left = element - at % element;

		size_log2 = (unsigned)__builtin_ctzll(left | (a->address + at) | BIT(DOUBLEWORD));
		done = move_piece(a, at, write, size_log2);
	}
	return done;
}

/* Element n of the image and the bytes of a register, in the order of data at this level. */
static void copy_element(struct access *a, unsigned n, uint8_t *bytes, bool to_image)
{
	unsigned size = 1U << a->insn.size_log2;
	bool reversed = access_is_big_endian(a->v);

	for (unsigned i = 0; i < size; i++) {
		uint8_t *in_image = &a->image[n * size + (reversed ? size - 1 - i : i)];

		if (to_image)
			*in_image = bytes[i];
		else
			bytes[i] = *in_image;
	}
}

static uint64_t element(struct access *a, unsigned n)
{
	uint64_t value = 0;

	copy_element(a, n, (uint8_t *)&value, false);
	return value;
}

static void set_element(struct access *a, unsigned n, uint64_t value)
{
	copy_element(a, n, (uint8_t *)&value, true);
}

static void store_x(struct access *a)
{
	for (unsigned n = 0; n < a->insn.elements; n++)
		set_element(a, n, vcpu_x(a->v, nv_insn_register(&a->insn, n)));
}

static void load_x(struct access *a)
{
	for (unsigned n = 0; n < a->insn.elements; n++)
		vcpu_set_x(a->v, nv_insn_register(&a->insn, n),
			   nv_insn_extend(element(a, n), a->insn.size_log2, a->insn.is_signed, a->insn.to_x));
}

static void store_v(struct access *a)
{
	uint8_t v[V_MOST][V_BYTES];

	for (unsigned i = 0; i < nv_insn_registers(&a->insn); i++)
		fp_get_v(nv_insn_register(&a->insn, i), v[i]);
	for (unsigned n = 0; n < a->insn.elements; n++) {
		struct nv_insn_element e = nv_insn_element(&a->insn, n);

		copy_element(a, n, &v[e.index][e.byte], true);
	}
}

static void load_v(struct access *a)
{
	uint8_t v[V_MOST][V_BYTES] = { { 0 } };
	unsigned size = 1U << a->insn.size_log2;

	for (unsigned i = 0; a->insn.one_lane && i < nv_insn_registers(&a->insn); i++)
		fp_get_v(nv_insn_register(&a->insn, i), v[i]);
	for (unsigned n = 0; n < a->insn.elements; n++) {
		struct nv_insn_element e = nv_insn_element(&a->insn, n);

		copy_element(a, n, &v[e.index][e.byte], false);
		for (unsigned at = size; at < a->insn.replicate; at += size)
			memcpy(&v[e.index][at], v[e.index], size);
	}
	for (unsigned i = 0; i < nv_insn_registers(&a->insn); i++)
		fp_set_v(nv_insn_register(&a->insn, i), v[i]);
}

/* --- each kind --- */

static enum mmio load(struct access *a)
{
	enum mmio done = move(a, false);

	if (done == MMIO_DONE && a->insn.vector)
		load_v(a);
	else if (done == MMIO_DONE)
		load_x(a);
	return done;
}

static enum mmio store(struct access *a)
{
	if (a->insn.vector)
		store_v(a);
	else
		store_x(a);
	return move(a, true);
}

static enum mmio atomic(struct access *a)
{
	enum mmio done = move(a, false);
	uint64_t old = element(a, 0);

	if (done != MMIO_DONE)
		return done;
	set_element(a, 0, nv_insn_combine(a->insn.op, a->insn.size_log2, old, vcpu_x(a->v, a->insn.rs)));
	done = move(a, true);
	if (done == MMIO_DONE)
		vcpu_set_x(a->v, a->insn.rt, old);
	return done;
}

/* CAS and CASP: of a pair, Rs and the one behind it. */
static enum mmio compare(struct access *a)
{
	enum mmio done = move(a, false);
	uint64_t old[2] = { 0 };
	bool equal = true;

	for (unsigned n = 0; n < a->insn.elements; n++) {
		old[n] = element(a, n);
		equal &= old[n] ==
			 nv_insn_extend(vcpu_x(a->v, a->insn.rs + n), a->insn.size_log2, false, true);
	}
	if (done == MMIO_DONE && equal)
		done = store(a);
	for (unsigned n = 0; done == MMIO_DONE && n < a->insn.elements; n++)
		vcpu_set_x(a->v, a->insn.rs + n, old[n]);
	return done;
}

static enum mmio carry_out(struct access *a)
{
	switch (a->insn.kind) {
	case NV_INSN_LOAD:
		return load(a);
	case NV_INSN_STORE:
		return store(a);
	case NV_INSN_ZERO:
		return move(a, true);
	case NV_INSN_ATOMIC:
		return atomic(a);
	case NV_INSN_COMPARE:
		return compare(a);
	case NV_INSN_EXCLUSIVE:
		vcpu_set_x(a->v, a->insn.rs, 1);
		return MMIO_DONE;
	case NV_INSN_NONE:
	case NV_INSN_LEFT_OUT:
		break;
	}
	return MMIO_NONE;
}

/* --- all of it --- */

/* The instruction, through stage 1 and L1's stage 2 as they are now. ACCESS_FAULT: it is not to be found, and will fault itself. */
static enum access_result fetch(struct access *a, uint32_t *word)
{
	uint64_t par = at_stage1(a->v, (struct s1_access){ 0 }, a->v->pc), two;
	struct s2_access how = { .fetch = true, .el0 = vcpu_is_at_el0(a->v) };
	l1_ipa_t ipa;

	if ((par & PAR_F) || through_stage2(a, (l2_ipa_t){ par & PAR_PA }, how, &ipa) != ACCESS_DONE)
		return ACCESS_FAULT;
	ipa.val |= a->v->pc & (PAGE_SIZE - 1);
	if (!vm_read_u64(a->v->vm, (l1_ipa_t){ ipa.val & ~UINT64_C(7) }, &two))
		return ACCESS_NONE;
	*word = (uint32_t)(two >> 8 * (ipa.val & 4));
	return ACCESS_DONE;
}

/* May an instruction of this level use V registers, and does hardware have them?  If not, it is not the one that faulted. */
static bool has_its_registers(const struct access *a)
{
	return !a->insn.vector || fp_is_open(a->v);
}

/* In all; of a block for DC ZVA. */
static unsigned bytes_of(const struct nv_insn *insn)
{
	if (insn->kind == NV_INSN_ZERO)
		return 4U << field_get(DCZID_BS, read_sysreg(DCZID_EL0));
	return nv_insn_bytes(insn);
}

static enum access_result by_instruction(struct access *a)
{
	uint64_t base;
	enum access_result result;

	a->bytes = bytes_of(&a->insn);
	if (!address(a, &base) || !has_its_registers(a))
		return ACCESS_DONE;
	result = locate(a);
	if (result != ACCESS_DONE)
		return result;
	switch (carry_out(a)) {
	case MMIO_NONE:
		return ACCESS_NONE;
	case MMIO_AGAIN:
		return ACCESS_DONE;
	case MMIO_DONE:
		break;
	}
	if (a->insn.write_back)
		write_base(a->v, a->insn.rn, base);
	vcpu_end_instruction(a->v);
	return ACCESS_DONE;
}

enum access_result access_by_instruction(struct vcpu *v, uint64_t esr, uint64_t far, l1_ipa_t ipa,
					 struct access_fault *fault)
{
	struct access a = { .v = v, .esr = esr, .far = far, .ipa = ipa, .fault = fault };
	uint32_t word;

	*fault = (struct access_fault){ .write = esr & ESR_WNR, .far = far };
	if (v->pstate & SPSR_NRW) /* A32, which L1 does not see */
		return ACCESS_NONE;
	switch (fetch(&a, &word)) {
	case ACCESS_NONE:
		return ACCESS_NONE;
	case ACCESS_DONE:
		break;
	case ACCESS_FAULT:
	case ACCESS_L1_FAULT:
		return ACCESS_DONE;
	}
	a.insn = nv_insn_decode(word);
	if (a.insn.kind == NV_INSN_NONE)
		return ACCESS_DONE;
	return a.insn.kind == NV_INSN_LEFT_OUT ? ACCESS_NONE : by_instruction(&a);
}
