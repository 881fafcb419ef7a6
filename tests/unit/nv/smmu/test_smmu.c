/* Are an SMMUv3's entries, commands, queues and events as Arm IHI0070 has them?  Numbers are written from its tables, bit by bit. */
#include <CUnit/CUnit.h>
#include <string.h>

#include "nv/smmu/idr.h"
#include "nv/smmu/queue.h"
#include "nv/smmu/stream.h"

void register_nv_smmu(void);

/* SMMU_IDR0: S2P, TTF = AArch64, COHACC, TTENDIAN = little, ST_LEVEL = two levels. */
#define IDR0 (1U | 2U << 2 | 1U << 4 | 2U << 21 | 1U << 27)
/* SMMU_IDR1: SIDSIZE = 16, EVENTQS and CMDQS = 19. SMMU_IDR5: OAS = 44 bits, GRAN4K. */
#define IDR1 (16U | 19U << 16 | 19U << 21)
#define IDR5 (4U | 1U << 4)

static void what_it_can(void)
{
	struct smmu_shape s;

	CU_ASSERT_PTR_NULL(smmu_decide(IDR0, IDR1, IDR5, &s));
	CU_ASSERT(s.oas == 44 && s.stream_bits == 16 && s.two_levels && s.cmdq_log2 == 8 &&
		  s.eventq_log2 == 7);
	/* A linear table has 8 bits at most here, fewer if the SMMU has fewer; queues are as short as the SMMU's. */
	CU_ASSERT_PTR_NULL(smmu_decide(IDR0 & ~(3U << 27), 16U | 3U << 16 | 2U << 21, IDR5, &s));
	CU_ASSERT(!s.two_levels && s.stream_bits == 8 && s.cmdq_log2 == 2 && s.eventq_log2 == 3);
	CU_ASSERT_PTR_NULL(smmu_decide(IDR0, 5U | 19U << 16 | 19U << 21, IDR5, &s));
	CU_ASSERT(!s.two_levels && s.stream_bits == 5);
	CU_ASSERT_PTR_NULL(smmu_decide(IDR0, 32U | 19U << 16 | 19U << 21, IDR5, &s));
	CU_ASSERT(s.stream_bits == 16);
	for (unsigned oas = 0; oas < 8; oas++) {
		static const unsigned bits[] = { 32, 36, 40, 42, 44, 48, 48, 48 };

		CU_ASSERT_PTR_NULL(smmu_decide(IDR0, IDR1, oas | 1U << 4, &s));
		CU_ASSERT_EQUAL(s.oas, bits[oas]);
	}
}

static void what_it_lacks(void)
{
	static const struct {
		uint32_t idr0, idr1, idr5;
		const char *lacks;
	} row[] = {
		{ IDR0 & ~1U, IDR1, IDR5, "stage 2" },
		{ IDR0 & ~(3U << 2), IDR1, IDR5, "AArch64" },
		{ (IDR0 & ~(3U << 2)) | 1U << 2, IDR1, IDR5, "AArch64" }, /* AArch32 only */
		{ IDR0 | 3U << 21, IDR1, IDR5, "little-endian" },
		{ IDR0 & ~(1U << 4), IDR1, IDR5, "caches" },
		{ IDR0 | 2U << 24, IDR1, IDR5, "wait" },
		{ IDR0, IDR1, IDR5 & ~(1U << 4), "4 KiB" },
		{ IDR0, IDR1 | 1U << 29, IDR5, "fixed" },
		{ IDR0, IDR1 | 1U << 30, IDR5, "fixed" },
		{ IDR0, 16U, IDR5, "one command" },
	};
	struct smmu_shape s;

	for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		const char *lacks = smmu_decide(row[i].idr0, row[i].idr1, row[i].idr5, &s);

		CU_ASSERT(lacks && strstr(lacks, row[i].lacks));
	}
}

static void stream_table(void)
{
	struct smmu_shape two = { .two_levels = true, .stream_bits = 16 }, one = { .stream_bits = 8 };

	CU_ASSERT_EQUAL(smmu_stream_table_bytes(&two), 8 * 256);
	CU_ASSERT_EQUAL(smmu_stream_table_bytes(&one), 64 * 256);
	CU_ASSERT_EQUAL(smmu_stream_table_config(&two), 1U << 16 | 8U << 6 | 16);
	CU_ASSERT_EQUAL(smmu_stream_table_config(&one), 8);
	/* Span 9 is 256 entries, which is what level 2 of a split at 8 bits has. */
	CU_ASSERT_EQUAL(smmu_level1_entry((pa_t){ 0x87654000 }), 0x87654009);
	CU_ASSERT_EQUAL(SMMU_LEVEL2_BYTES, 0x4000);
}

/* ATSCHK, bit 4, where IDR0.ATS, bit 10, says that devices may call addresses translated. */
static void switches(void)
{
	CU_ASSERT_EQUAL(smmu_cr0(IDR0, 0), 0);
	CU_ASSERT_EQUAL(smmu_cr0(IDR0, 0xd), 0xd);
	CU_ASSERT_EQUAL(smmu_cr0(IDR0 | 1U << 10, 0), 0x10);
	CU_ASSERT_EQUAL(smmu_cr0(IDR0 | 1U << 10, 0xd), 0x1d);
}

static uint64_t bits(const struct smmu_ste *e, unsigned high, unsigned low)
{
	return e->word[low / 64] << (63 - high % 64) >> (63 - high % 64 + low % 64);
}

/* Field by field, at the bits of the whole entry. */
static void entries(void)
{
	struct smmu_stage2 vm = { .root = { 0x12345f000 }, .ipa_bits = 39, .oas = 44, .vmid = 0x8001 };
	struct smmu_ste e = smmu_ste_stage2(&vm), abort = smmu_ste_abort();

	CU_ASSERT_EQUAL(bits(&e, 0, 0), 1);	      /* V */
	CU_ASSERT_EQUAL(bits(&e, 3, 1), 6);	      /* Config: stage 1 bypass, stage 2 translate */
	CU_ASSERT_EQUAL(bits(&e, 109, 108), 1);	      /* SHCFG: as it comes */
	CU_ASSERT_EQUAL(bits(&e, 93, 92), 0);	      /* EATS: no ATS */
	CU_ASSERT_EQUAL(bits(&e, 143, 128), 0x8001);  /* S2VMID */
	CU_ASSERT_EQUAL(bits(&e, 165, 160), 64 - 39); /* S2T0SZ */
	CU_ASSERT_EQUAL(bits(&e, 167, 166), 1);	      /* S2SL0: level 1 */
	CU_ASSERT_EQUAL(bits(&e, 169, 168), 1);	      /* S2IR0 */
	CU_ASSERT_EQUAL(bits(&e, 171, 170), 1);	      /* S2OR0 */
	CU_ASSERT_EQUAL(bits(&e, 173, 172), 3);	      /* S2SH0 */
	CU_ASSERT_EQUAL(bits(&e, 175, 174), 0);	      /* S2TG: 4 KiB */
	CU_ASSERT_EQUAL(bits(&e, 178, 176), 4);	      /* S2PS: 44 bits */
	CU_ASSERT_EQUAL(bits(&e, 179, 179), 1);	      /* S2AA64 */
	CU_ASSERT_EQUAL(bits(&e, 181, 180), 0);	      /* S2ENDI, S2AFFD */
	CU_ASSERT_EQUAL(bits(&e, 182, 182), 1);	      /* S2PTW */
	CU_ASSERT_EQUAL(bits(&e, 186, 185), 2);	      /* S2R: recorded; S2S: not stalled */
	CU_ASSERT_EQUAL(bits(&e, 243, 196) << 4, 0x12345f000);
	CU_ASSERT(abort.word[0] == 1 && !abort.word[1] && !abort.word[2] && !abort.word[3]);
	vm.oas = 48;
	e = smmu_ste_stage2(&vm);
	CU_ASSERT_EQUAL(bits(&e, 178, 176), 5);
	vm.oas = 32;
	e = smmu_ste_stage2(&vm);
	CU_ASSERT_EQUAL(bits(&e, 178, 176), 0);
}

/* All indices of a queue of eight, beside a count that never wraps. */
static void indices(void)
{
	for (uint32_t cons = 0; cons < 40; cons++)
		for (uint32_t filled = 0; filled <= 8; filled++) {
			uint32_t c = cons % 16, p = (cons + filled) % 16;

			CU_ASSERT_EQUAL(smmu_queue_is_empty(p, c, 3), filled == 0);
			CU_ASSERT_EQUAL(smmu_queue_is_full(p, c, 3), filled == 8);
			CU_ASSERT_EQUAL(smmu_queue_next(p, 3), (p + 1) % 16);
			CU_ASSERT_EQUAL(smmu_queue_slot(p, 3), (cons + filled) % 8);
		}
	/* OVFLG, and errors of SMMU_CMDQ_CONS, are not the index. */
	CU_ASSERT(smmu_queue_is_empty(0x80000005, 5, 3) && !smmu_queue_is_full(0x0100000d, 0xd, 3));
}

static void is(struct smmu_command c, uint64_t word0, uint64_t word1)
{
	CU_ASSERT_EQUAL(c.word[0], word0);
	CU_ASSERT_EQUAL(c.word[1], word1);
}

static void commands(void)
{
	is(smmu_cfgi_ste(0x1234), UINT64_C(0x0000123400000003), 0);
	is(smmu_cfgi_all(), 0x04, 31);
	is(smmu_tlbi_all(), 0x30, 0);
	is(smmu_tlbi_vmid(0xabcd), UINT64_C(0x0000abcd00000028), 0);
	is(smmu_sync(), 0x46, 0);
}

static void events(void)
{
	/* F_TRANSLATION of stream 0x10, S2 = 1, RnW = 1. */
	struct smmu_event e = { { UINT64_C(0x1000000010), UINT64_C(1) << 39 | UINT64_C(1) << 35, 0x4567,
				  0x4000 } };
	struct smmu_fault f = smmu_event_decode(&e);

	CU_ASSERT(f.stream == 0x10 && f.has_address && !f.write && f.address == 0x4567);
	CU_ASSERT(strstr(f.what, "nothing is mapped") != NULL);
	e.word[1] = UINT64_C(1) << 39;
	e.word[0] = UINT64_C(0x1000000013);
	f = smmu_event_decode(&e);
	CU_ASSERT(f.write && strstr(f.what, "does not allow"));
	e.word[0] = UINT64_C(0xff00000002);
	f = smmu_event_decode(&e);
	CU_ASSERT(f.stream == 0xff && !f.has_address && !f.write);
}

static void consequences(void)
{
	unsigned lines = 0, cuts = 0;

	for (uint64_t n = 1; n <= 1000; n++) {
		struct smmu_consequence c = smmu_consequence(n, n);

		lines += c.say;
		cuts += c.cut;
		CU_ASSERT_EQUAL(c.cut, n == 64);
	}
	CU_ASSERT(lines == 10 && cuts == 1);
	CU_ASSERT(smmu_consequence(1, 1).say && !smmu_consequence(1, 65).say);
}

void register_nv_smmu(void)
{
	CU_pSuite s = CU_add_suite("smmu", NULL, NULL);

	CU_add_test(s, "what firn needs of it is looked for", what_it_can);
	CU_add_test(s, "what it lacks is said", what_it_lacks);
	CU_add_test(s, "SMMU_CR0", switches);
	CU_add_test(s, "the stream table", stream_table);
	CU_add_test(s, "entries of the stream table", entries);
	CU_add_test(s, "indices of queues", indices);
	CU_add_test(s, "commands", commands);
	CU_add_test(s, "events", events);
	CU_add_test(s, "what follows from faults", consequences);
}
