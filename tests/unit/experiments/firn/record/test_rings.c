/*
 * Do the records of several CPUs come in the order of time, whatever ring they went through?  Tests experiments/firn/record/rings.c.
 */
#include <CUnit/CUnit.h>
#include <stdio.h>
#include <string.h>

#include "experiments/firn/record/rings.h"
#include "traces/events.h"

void register_experiments_rings(void);

#define RING 128 /* three records and 8 bytes of padding */
#define RECORD (sizeof(struct trace_record) + sizeof(struct trace_kvm_hvc_arm64))

static _Alignas(8) uint8_t memory[TRACE_DATA_OFFSET + 2 * RING];

struct taken {
	char text[256]; /* "cpu:time " of each record */
	size_t used;
	bool is_sound;
};

static void take(void *context, unsigned cpu, const struct trace_record *record)
{
	const struct trace_kvm_hvc_arm64 *hvc = (const void *)(record + 1);
	struct taken *t = context;

	t->is_sound &= record->vcpu == cpu && hvc->imm == record->time;
	t->used += (size_t)snprintf(t->text + t->used, sizeof(t->text) - t->used, "%u:%llu ", cpu,
				    (unsigned long long)record->time);
}

/* As L0 does it: a record never goes over the end of the ring. */
static void put(struct rings *rings, unsigned cpu, uint64_t time)
{
	struct trace_ring *ring = &rings->area->ring[cpu];
	struct trace_record record = {
		.time = time, .id = TRACE_kvm_hvc_arm64, .bytes = RECORD, .vcpu = (uint16_t)cpu
	};
	struct trace_kvm_hvc_arm64 hvc = { .imm = time };
	uint8_t *data = memory + TRACE_DATA_OFFSET + cpu * RING;
	uint64_t left = RING - ring->head % RING;

	if (left < RECORD) {
		memset(data + ring->head % RING, 0, left);
		ring->head += left;
	}
	CU_ASSERT_FATAL(ring->head + RECORD - ring->tail <= RING);
	memcpy(data + ring->head % RING, &record, sizeof(record));
	memcpy(data + ring->head % RING + sizeof(record), &hvc, sizeof(hvc));
	ring->head += RECORD;
}

static void begin(struct rings *rings, struct taken *taken, uint32_t cpus)
{
	*taken = (struct taken){ .is_sound = true };
	*rings = (struct rings){ .take = take, .context = taken };
	CU_ASSERT_FATAL(rings_open(rings, "/tmp"));
	memset(memory, 0, sizeof(memory));
	rings->area = (void *)memory;
	rings->area_bytes = sizeof(memory);
	*rings->area = (struct trace_area){
		.magic = TRACE_AREA_MAGIC, .version = TRACE_AREA_VERSION, .cpus = cpus, .ring_bytes = RING
	};
}

static void several(void)
{
	struct rings rings;
	struct taken taken;
	uint64_t so_far;

	begin(&rings, &taken, 2);
	put(&rings, 0, 10);
	put(&rings, 0, 50);
	put(&rings, 1, 20);
	rings_empty(&rings);
	CU_ASSERT_STRING_EQUAL(taken.text, ""); /* CPU 1 may still come with one of before 10 */
	CU_ASSERT(!rings_so_far(&rings, &so_far) &&
		  so_far == rings.area->ring[0].head + rings.area->ring[1].head);
	put(&rings, 0, 60);
	put(&rings, 0, 60);
	put(&rings, 1, 30);
	rings_empty(&rings);
	put(&rings, 1, 60);
	put(&rings, 1, 70);
	put(&rings, 1, 80);
	rings_finish(&rings);
	/* Of the same time: the lower CPU's first, as trace_next has it (experiments/firn/trace/trace_file.c). */
	CU_ASSERT_STRING_EQUAL(taken.text, "0:10 1:20 1:30 0:50 0:60 0:60 1:60 1:70 1:80 ");
	CU_ASSERT(taken.is_sound && rings.taken == 9 && !rings.damaged && !rings.error);
	rings_close(&rings);
}

static void one(void)
{
	struct rings rings;
	struct taken taken;
	uint64_t so_far;

	begin(&rings, &taken, 1);
	for (uint64_t time = 1; time <= 5; time++) {
		put(&rings, 0, time);
		if (time % 2)
			rings_empty(&rings);
	}
	CU_ASSERT(rings_so_far(&rings, &so_far) && so_far == 5);
	CU_ASSERT_STRING_EQUAL(taken.text, "0:1 0:2 0:3 0:4 0:5 "); /* at once: nobody else's can be older */
	rings_finish(&rings);
	CU_ASSERT(taken.is_sound && rings.taken == 5 && !rings.damaged && !rings.error);
	rings_close(&rings);
}

/* A record that this program's events.h does not have ends the taking. */
static void unknown(void)
{
	struct rings rings;
	struct taken taken;

	for (uint32_t cpus = 1; cpus <= 2; cpus++) {
		begin(&rings, &taken, cpus);
		put(&rings, 0, 1);
		put(&rings, 0, 2);
		((struct trace_record *)(void *)(memory + TRACE_DATA_OFFSET + RECORD))->bytes += 8;
		rings_finish(&rings);
		CU_ASSERT(rings.damaged);
		CU_ASSERT_STRING_EQUAL(taken.text, "0:1 ");
		rings_close(&rings);
	}
}

void register_experiments_rings(void)
{
	CU_pSuite suite = CU_add_suite("experiments/rings", NULL, NULL);

	CU_add_test(suite, "the records of several CPUs are taken in the order of time", several);
	CU_add_test(suite, "those of one CPU at once, and its ring is used again", one);
	CU_add_test(suite, "a record of another build is noticed", unknown);
}
