/*
 * How do messages of the machine's devices become interrupts?  L0 drives the first ITS of the tree: each message that a device of a VM
 * may send has an event there and an LPI of its own, enabled from the moment that it is mapped. An LPI has no active state: its priority drop is
 * its end.  Encodings: nv/arch/its.h.  Next: its.c.
 */
#ifndef HOST_CORE_ITS_H
#define HOST_CORE_ITS_H

#include <stdbool.h>
#include <stdint.h>

#include "nv/arch/addr.h"

#define ITS_LPIS 1024 /* that can be mapped, of all devices */

/* Once, when the first device needs it and all CPUs are up. NULL, or a sentence that says why there are no messages. */
const char *its_start(const void *fdt);

/* The node that msi-map has to name, and where messages go: the page of GITS_TRANSLATER. 0: its_start has not been there, or says why not. */
uint32_t its_phandle(void);
pa_t its_doorbell(void);

/* Events 0 to count - 1 of the device are LPIs of CPU index, the first one *lpi. False: no room, or the ITS does not answer. */
bool its_map(uint32_t device, unsigned count, unsigned index, uint32_t *lpi);

/*
 * LPIs of CPU index, count of them from lpi on, come or wait: what is sent meanwhile stays pending, each once. From any CPU. An ITS that does not
 * answer is given up, with a line: then no messages come at all.
 */
void its_enable(uint32_t lpi, unsigned count, unsigned index, bool enabled);

#endif
