/* Which TLBI instructions name stage 1 of EL1&0 by Xt?  Next: sysreg.h, which defines them, and host/vm/tlb.c, which takes them. */
#ifndef HOST_MACHINE_TLBI_LIST_H
#define HOST_MACHINE_TLBI_LIST_H

/* X(NAME, name): by address and ASID, by address, by ASID; then ranges of addresses, of FEAT_TLBIRANGE. L: the last level only. */
// clang-format off
#define TLBI_STAGE1_LIST(X) \
	X(VAE1, vae1) X(VALE1, vale1) X(VAAE1, vaae1) X(VAALE1, vaale1) X(ASIDE1, aside1) \
	X(RVAE1, rvae1) X(RVALE1, rvale1) X(RVAAE1, rvaae1) X(RVAALE1, rvaale1)
// clang-format on

#endif
