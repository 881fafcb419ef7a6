/*
 * Where does a signed return of vEL2 go?  The keys are in hardware, L1's (host/world/park.c), and so is the algorithm, which may be one
 * of the CPU's maker: PACGA gives the code of any 64 bits, with APGAKey for the moment the key that is wanted.  Reads: pauth.h.
 */
#include "host/run/pauth.h"

#include "host/machine/sysreg.h"
#include "host/run/at.h"
#include "nv/pauth.h"

struct key {
	uint64_t low, high;
};

static void write_generic_key(struct key k)
{
	write_sysreg(APGAKEYLO_EL1, k.low);
	write_sysreg(APGAKEYHI_EL1, k.high);
	isb();
}

static struct key instruction_key(bool b)
{
	return b ? (struct key){ read_sysreg(APIBKEYLO_EL1), read_sysreg(APIBKEYHI_EL1) } :
		   (struct key){ read_sysreg(APIAKEYLO_EL1), read_sysreg(APIAKEYHI_EL1) };
}

/* Bits 63 to 32 of ComputePAC. */
static uint64_t code_of(uint64_t pointer, uint64_t modifier, bool key_b)
{
	struct key kept = { read_sysreg(APGAKEYLO_EL1), read_sysreg(APGAKEYHI_EL1) };
	uint64_t code;

	write_generic_key(instruction_key(key_b));
	code = pacga(pointer, modifier);
	write_generic_key(kept);
	return code;
}

/* SP[] at vEL2. */
static uint64_t stack_pointer(const struct vcpu *v)
{
	return v->pstate & SPSR_M_SP ? read_sysreg(SP_EL1) : read_sysreg(SP_EL0);
}

__attribute__((noinline)) struct pauth_return pauth_return(const struct vcpu *v, uint64_t elr, bool key_b)
{
	struct s1_regime regime = at_loaded_stage1();
	struct s1_cpu cpu = at_cpu();
	struct nv_pac_layout layout = nv_pac_layout(&cpu, &regime, elr);
	struct pauth_return r = { elr, true };

	if (regime.sctlr & (key_b ? SCTLR_ENIB : SCTLR_ENIA))
		r.is_good = nv_pac_authenticate(
			nv_pauth_level(&v->nv), layout, elr,
			code_of(nv_pac_original(layout, elr), stack_pointer(v), key_b), key_b, &r.to);
	return r;
}
