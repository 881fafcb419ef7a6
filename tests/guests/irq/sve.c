/*
 * Do Z, P and FFR stay what they are while vCPUs share CPUs?  Each vCPU has vectors of another length, and enters a guest with
 * shorter ones.  Reads: irq.h.
 */
#include "guest-hyp/rt/rt.h"
#include "guest-hyp/rt/sysreg.h"
#include "nv/arch/fields.h"
#include "tests/guests/irq/irq.h"

#define SHARED_BYTES UINT64_C(9216) /* of vectors with 2048 bits */
#define ROUNDS 40
#define SPINS UINT64_C(1000000)
#define AT_EL1_MASKED 0x3c5
#define Z_STEP 1000 /* start.S: what Zn and Zn+1 differ in */

/* start.S */
void sve_fill(uint64_t seed);
void sve_store(uint8_t *to);
uint64_t sve_bytes(void);
extern const char sve_guest[];

static uint8_t stored[IRQ_MAX_CPUS][SHARED_BYTES] __attribute__((aligned(16)));
static const char *volatile wrong;
static volatile uint64_t lengths[IRQ_MAX_CPUS]; /* sets: bit n for vectors of n + 1 times 128 bits at L1 */

/* Zn is {seed + 1000n, seed + 1000n + 1, ...}, Pn has its first (n + seed[63:32]) % 16 + 1 bits set, FFR is P7. */
static bool is_filled(const uint8_t *at, uint64_t seed, uint64_t bytes)
{
	const uint64_t *z = (const uint64_t *)(const void *)at;
	const uint8_t *p = at + 32 * bytes;

	for (unsigned n = 0; n < 32; n++)
		for (uint64_t i = 0; i < bytes / 8; i++)
			if (*z++ != seed + n * Z_STEP + i)
				return false;
	for (unsigned n = 0; n < 17; n++, p += bytes / 8)
		if ((p[0] | p[1] << 8) != (2 << (((n == 16 ? 7 : n) + (seed >> 32)) % 16)) - 1)
			return false;
	return true;
}

static void set_length(uint64_t el2, uint64_t el1)
{
	write_sysreg(S3_4_C1_C2_0, el2);
	write_sysreg(S3_5_C1_C2_0, el1);
	isb();
}

static void spin(void)
{
	for (uint64_t i = 0; i < SPINS; i++)
		__asm__ volatile("");
}

static void at_l1(unsigned self, uint64_t seed)
{
	sve_fill(seed);
	spin();
	sve_store(stored[self]);
	if (!is_filled(stored[self], seed, sve_bytes()))
		wrong = "L1's vectors changed";
}

/* The guest does the same with vectors that are no longer than ZCR_EL1 says. */
static void at_l2(unsigned self, uint64_t seed, uint64_t bytes)
{
	uint64_t got;

	memset(stored[self], 0, SHARED_BYTES);
	guest_visit((uint64_t)sve_guest, AT_EL1_MASKED, seed, (uint64_t)stored[self]);
	got = sve_bytes(); /* L1's own length is back */
	if (!is_filled(stored[self], seed, bytes))
		wrong = "L2's vectors changed, or their length";
	if (got < bytes)
		wrong = "L1's length is its guest's";
}

static void hold_sve(unsigned self)
{
	uint64_t seed = (uint64_t)(self + 1) << 32;

	write_sysreg(CPTR_EL2, CPACR_FPEN | CPACR_ZEN);
	write_sysreg(S3_5_C1_C0_2, CPACR_FPEN | CPACR_ZEN); /* CPACR_EL12 */
	isb();
	for (unsigned i = 0; i < ROUNDS && !wrong; i++) {
		uint64_t len = (self * 5 + i * 3) % 16, bytes;

		set_length(len, 15);
		bytes = sve_bytes();
		lengths[self] |= BIT(bytes / 16 - 1);
		at_l1(self, seed + i);
		at_l2(self, ~seed - i * UINT64_C(65536), bytes);
		set_length(len, 0);
		at_l2(self, ~seed + i, 16);
		if (sve_bytes() != bytes)
			wrong = "L1's length changed";
	}
}

void irq_sve(void)
{
	uint64_t all = 0;

	if (!field_get(ID_AA64PFR0_SVE, read_sysreg(ID_AA64PFR0_EL1)))
		rt_fail("no SVE");
	rt_set_hook(RT_LOWER_SYNC, guest_comes_back);
	for (unsigned i = 1; i < smp_count(); i++)
		if (smp_start(i, hold_sve))
			rt_fail("CPU_ON");
	hold_sve(0);
	smp_join();
	for (unsigned i = 0; i < smp_count(); i++)
		all |= lengths[i];
	if (wrong)
		rt_fail("%s", wrong);
	rt_print("lengths %lx\n", all);
}
