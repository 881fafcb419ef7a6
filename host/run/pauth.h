/* Where does a signed return of vEL2 go?  Next: pauth.c, nv/pauth.h. */
#ifndef HOST_RUN_PAUTH_H
#define HOST_RUN_PAUTH_H

#include <stdbool.h>

#include "host/vm/vcpu.h"

/*
 * ELR_EL2 of vEL2, which executed ERETAA, or ERETAB (key_b), and is loaded: authenticated as SCTLR_EL2.{EnIA,EnIB} of L1 say. Not good:
 * that is an exception of EC_FPAC.
 */
struct pauth_return {
	uint64_t to;
	bool is_good;
};

__attribute__((cold)) struct pauth_return pauth_return(const struct vcpu *v, uint64_t elr, bool key_b);

#endif
