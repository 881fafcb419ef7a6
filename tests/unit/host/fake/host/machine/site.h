/* Sites on a fake machine: the registers are the fake's, and a call is a call. */
#ifndef HOST_MACHINE_SITE_H
#define HOST_MACHINE_SITE_H

#include <stdint.h>

#include "host/machine/sysreg.h"

struct site_frame {
	uint64_t x[31];
};

struct site {
	void *call;
	uint8_t reg[8];
};

struct site_row {
	uint32_t *at, *stub;
};
extern const struct site_row site_table[1], site_table_end[1];

#define SITE_READ(name, act) read_sysreg(name)
#define SITE_WRITE(name, act, value) write_sysreg(name, value)
#define SITE_CALL(word, function, v, a, b, c)                                     \
	do {                                                                      \
		if (word)                                                         \
			function(v, (uint64_t)(a), (uint64_t)(b), (uint64_t)(c)); \
	} while (0)

#define SITE_CALL_WITH(word, function, v, a, b, c, object) SITE_CALL(word, function, v, a, b, c)

#endif
