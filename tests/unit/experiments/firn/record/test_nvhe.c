/*
 * Does the hypervisor of an nVHE Linux get its names, and nobody else? Tests experiments/firn/record/nvhe.c.
 */
#include <CUnit/CUnit.h>
#include <string.h>

#include "experiments/firn/record/nvhe.h"

void register_experiments_nvhe(void);

#define KERNEL UINT64_C(0xffff800008000000)
#define HYP UINT64_C(0x0000b92c00000000)

static void make(struct symbols *symbols)
{
	symbols_add(symbols, KERNEL + 0x10000, "schedule");
	symbols_add(symbols, KERNEL + 0xce2000, "__kvm_nvhe___kvm_vcpu_run");
	symbols_add(symbols, KERNEL + 0xce4800, "__kvm_nvhe___kvm_hyp_vector");
	symbols_add(symbols, KERNEL + 0xce6000, "__bp_harden_hyp_vecs");
	symbols_sort(symbols);
}

static bool is_named(const struct symbols *symbols, uint64_t address, const char *name)
{
	const struct symbol *s = symbols_find(symbols, address);

	return s && address - s->address <= SYMBOL_FUNCTION_MAX && strcmp(s->name, name) == 0;
}

/* vector: what is in VBAR_EL2; code: an address that trapped besides one of the kernel. */
static bool finds(uint64_t vector, uint64_t code, const char *name)
{
	struct symbols symbols = { .symbol = NULL };
	struct addresses wanted = { .slot = NULL }, vectors = { .slot = NULL };
	bool good;

	make(&symbols);
	addresses_add(&wanted, KERNEL + 0x10004);
	addresses_add(&wanted, code);
	addresses_add(&vectors, KERNEL + 0x800); /* of another time */
	addresses_add(&vectors, vector);
	good = nvhe_add_symbols(&symbols, &wanted, &vectors) && is_named(&symbols, code, name) &&
	       is_named(&symbols, KERNEL + 0x10004, "schedule");
	symbols_free(&symbols);
	addresses_free(&wanted);
	addresses_free(&vectors);
	return good;
}

static void by_vectors(void)
{
	CU_ASSERT(finds(HYP + 0xce4800, HYP + 0xce20bc, "__kvm_nvhe___kvm_vcpu_run"));
	/* The third copy of the vectors. */
	CU_ASSERT(finds(HYP + 0xce6000 + 3 * 0x800, HYP + 0xce20bc, "__kvm_nvhe___kvm_vcpu_run"));
}

static void not_by_chance(void)
{
	CU_ASSERT_FALSE(finds(HYP + 0xce4800, HYP + 0x5000000, ""));
	CU_ASSERT_FALSE(
		finds(HYP + 0xce4900, HYP + 0xce20bc, "__kvm_nvhe___kvm_vcpu_run")); /* no whole pages */
	CU_ASSERT_FALSE(finds(KERNEL + 0xce4800, HYP + 0xce20bc, "__kvm_nvhe___kvm_vcpu_run"));
	/* A VHE kernel has other vectors, and names for all of its code. */
	CU_ASSERT_FALSE(finds(KERNEL + 0x3000, KERNEL + 0x10008, "schedule"));
	CU_ASSERT_FALSE(finds(KERNEL - 0xcc1800, KERNEL + 0x10008, "schedule"));
}

void register_experiments_nvhe(void)
{
	CU_pSuite suite = CU_add_suite("experiments/nvhe", NULL, NULL);

	CU_add_test(suite, "the distance of the vectors is that of the code", by_vectors);
	CU_add_test(suite, "a distance that explains nothing is not believed", not_by_chance);
}
