/*
 * Where does the next record go?  What finds no room is counted and lost, so that nothing that the host side does or leaves
 * undone changes what the guest meets.  Reads: ring.h.
 */
#include "host/report/ring.h"

/* Records do not wrap around: what is left at the end is padding. */
struct trace_record *trace_find_room(struct trace_cpu *t, unsigned bytes)
{
	uint64_t tail = __atomic_load_n(&t->ring->tail, __ATOMIC_ACQUIRE);
	uint64_t room = t->ring_bytes - (t->head - tail),
		 left = (uint64_t)(t->data + t->ring_bytes - t->next);

	if (left < bytes && room >= left) {
		if (left)
			*(uint64_t *)(void *)t->next = 0;
		t->head += left;
		t->next = t->data;
		room -= left;
		left = t->ring_bytes;
	}
	t->limit = t->next + (room < left ? room : left);
	if (t->next + bytes <= t->limit)
		return (struct trace_record *)(void *)t->next;
	t->ring->lost++;
	t->bytes = 0;
	return (struct trace_record *)t->scratch;
}
