/* How is list register n reached?  Reads: ich.h. */
#include "host/core/ich.h"

#include "host/machine/sysreg.h"

#define LIST_REGISTERS(X) \
	X(0) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11) X(12) X(13) X(14) X(15)

uint64_t ich_read_lr(unsigned n)
{
	switch (n) {
#define X(i)    \
	case i: \
		return read_sysreg(ICH_LR##i##_EL2);
		LIST_REGISTERS(X)
#undef X
	default:
		return 0;
	}
}

void ich_write_lr(unsigned n, uint64_t value)
{
	switch (n) {
#define X(i)                                          \
	case i:                                       \
		write_sysreg(ICH_LR##i##_EL2, value); \
		return;
		LIST_REGISTERS(X)
#undef X
	default:
		return;
	}
}

#define MORE_AP_WORDS(X) X(1) X(2) X(3)

void ich_read_ap(unsigned n, uint64_t *ap0r, uint64_t *ap1r)
{
	switch (n) {
#define X(i)                                            \
	case i:                                         \
		*ap0r = read_sysreg(ICH_AP0R##i##_EL2); \
		*ap1r = read_sysreg(ICH_AP1R##i##_EL2); \
		return;
		MORE_AP_WORDS(X)
#undef X
	default:
		return;
	}
}

void ich_write_ap(unsigned n, uint64_t ap0r, uint64_t ap1r)
{
	switch (n) {
#define X(i)                                           \
	case i:                                        \
		write_sysreg(ICH_AP0R##i##_EL2, ap0r); \
		write_sysreg(ICH_AP1R##i##_EL2, ap1r); \
		return;
		MORE_AP_WORDS(X)
#undef X
	default:
		return;
	}
}
