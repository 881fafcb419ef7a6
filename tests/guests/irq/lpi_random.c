/* Do commands and register writes that mean nothing leave an ITS that works?  Reads: its.h. */
#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"
#include "tests/guests/irq/irq.h"
#include "tests/guests/irq/its.h"

#define DEVICE 7U
#define ROUNDS 200

static uint64_t next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* Whole queues of random commands, of which many mean something; registers as well. Whatever comes is taken. */
static void hostile(void)
{
	uint64_t state = 0x5eed;

	for (unsigned round = 0; round < ROUNDS; round++) {
		for (unsigned i = 0; i < ITS_QUEUE_BYTES / 8; i++)
			its_queue[i] =
				next_random(&state) & (i % 4 ? ITS_VALID | 0x2010f : UINT64_C(0x70000000f));
		for (unsigned i = 0; i < 20; i++)
			its_queue[next_random(&state) % (ITS_QUEUE_BYTES / 8)] = next_random(&state);
		dsb(sy);
		its_write64(GITS_CWRITER, next_random(&state) & 0xffffe0);
		for (unsigned i = 0; i < 8; i++)
			its_write64(next_random(&state) & 0x1ff8, next_random(&state));
		mmio_write(its_frame() + GITS_TRANSLATER, (uint32_t)next_random(&state) & 7);
		its_write64(GITS_CBASER, (uint64_t)its_queue | ITS_VALID | (ITS_QUEUE_PAGES - 1));
		mmio_write(its_frame() + GITS_CTLR, 1);
		while (gic_take() != 1023)
			;
	}
}

/* Each once, at the vCPU of its number's lowest bit. */
static void all_come(void)
{
	unsigned sum;

	for (unsigned i = 0; i < ITS_LPIS; i++)
		its_put_event(INT, DEVICE, i, 0);
	its_run();
	do {
		lpis_take(0);
		sum = 0;
		for (unsigned i = 0; i < ITS_LPIS; i++)
			sum += lpi_taken[i] != 0;
	} while (sum < ITS_LPIS);
	for (unsigned i = 0; i < ITS_LPIS; i++)
		if (lpi_taken[i] != 1 || lpi_taken_by[i] != (i & 1))
			rt_fail("LPI %u taken %u times, by vCPU %u", ITS_FIRST_LPI + i, lpi_taken[i],
				lpi_taken_by[i]);
}

void irq_lpi_random(void)
{
	its_memory();
	lpis_on(0);
	its_on();
	hostile();
	for (unsigned i = 0; i < ITS_LPIS; i++)
		its_config[i] = LPI_ENABLED | LPI_PRIORITY;
	its_on();
	lpis_start_second();
	its_map_collection(0, 0);
	its_map_collection(1, 1);
	its_map_device(DEVICE, 10);
	for (unsigned i = 0; i < ITS_LPIS; i++)
		its_map_event(DEVICE, i, ITS_FIRST_LPI + i, i & 1);
	/* What the random commands left pending comes now, at either vCPU. */
	its_put(INVALL, 0, 0, 0);
	its_run();
	for (unsigned i = 0; i < ITS_LPIS; i++)
		its_put_event(CLEAR, DEVICE, i, 0);
	its_run();
	lpis_take(0);
	lpis_forget();
	all_come();
	lpis_stop_second();
}
