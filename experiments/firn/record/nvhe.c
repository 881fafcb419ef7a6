/*
 * Where does an nVHE Linux have its hypervisor?  Both maps are linear, so one distance is enough for all of it: that of the
 * exception vectors, whose address is in VBAR_EL2, from their symbol. Reads: nvhe.h.
 */
#include "experiments/firn/record/nvhe.h"

#include <string.h>

#define PREFIX "__kvm_nvhe_" /* of every name of the hypervisor's own code */
#define PAGE UINT64_C(4096)
#define VECTORS_BYTES UINT64_C(0x800)
#define VECTORS_MAX 8 /* copies of the vectors, one for each way to be safe from branch prediction */

static const char *const vector_names[] = { PREFIX "__kvm_hyp_vector", "__bp_harden_hyp_vecs" };

/* Linux links its hypervisor's code into the kernel, with this prefix to every symbol. */
static bool is_hypervisor(const struct symbol *symbol)
{
	return strncmp(symbol->name, PREFIX, strlen(PREFIX)) == 0;
}

/* NULL where no function begins near enough before the address. */
static const struct symbol *name_of(const struct symbols *symbols, uint64_t address)
{
	const struct symbol *s = symbols_find(symbols, address);

	return s && address - s->address <= SYMBOL_FUNCTION_MAX ? s : NULL;
}

/* How many of the addresses have no name, and at this distance one of the hypervisor's? At distance 0: all that have none. */
static size_t explained(const struct symbols *symbols, const struct addresses *wanted, uint64_t distance)
{
	size_t count = 0;

	for (size_t i = 0; i < wanted->slots; i++) {
		const struct symbol *s;

		if (!wanted->slot[i] || name_of(symbols, wanted->slot[i]))
			continue;
		s = name_of(symbols, wanted->slot[i] - distance);
		count += !distance || (s && is_hypervisor(s));
	}
	return count;
}

/* How far the hypervisor's map is from the kernel's, and how many addresses have a name if that is true. */
struct guess {
	uint64_t distance;
	size_t explains;
};

/* vector may be that of any copy of the vectors, and the maps differ by whole pages. */
static void try_symbol(struct guess *best, const struct symbols *symbols, const struct addresses *wanted,
		       uint64_t vector, uint64_t address)
{
	for (unsigned n = 0; n < VECTORS_MAX; n++) {
		struct guess guess = { .distance = vector - n * VECTORS_BYTES - address };

		if (guess.distance == 0 || guess.distance % PAGE)
			continue;
		guess.explains = explained(symbols, wanted, guess.distance);
		if (guess.explains > best->explains)
			*best = guess;
	}
}

/* VBAR_EL2 is one of two tables, by what the CPU needs against speculation. */
static void try_vector(struct guess *best, const struct symbols *symbols, const struct addresses *wanted,
		       uint64_t vector)
{
	for (size_t i = 0; i < symbols->count; i++)
		for (size_t k = 0; k < sizeof(vector_names) / sizeof(vector_names[0]); k++)
			if (strcmp(symbols->symbol[i].name, vector_names[k]) == 0)
				try_symbol(best, symbols, wanted, vector, symbols->symbol[i].address);
}

/*
 * True when more than half of the nameless addresses have a name then: the hypervisor's symbols are there a second
 * time, where it runs.
 */
bool nvhe_add_symbols(struct symbols *symbols, const struct addresses *wanted,
		      const struct addresses *vectors)
{
	size_t nameless = explained(symbols, wanted, 0), count = symbols->count;
	struct guess best = { .explains = 0 };

	for (size_t i = 0; i < vectors->slots; i++)
		if (vectors->slot[i])
			try_vector(&best, symbols, wanted, vectors->slot[i]);
	if (!best.explains || 2 * best.explains < nameless)
		return false;
	for (size_t i = 0; i < count; i++)
		if (is_hypervisor(&symbols->symbol[i]))
			symbols_add(symbols, symbols->symbol[i].address + best.distance,
				    symbols->symbol[i].name);
	symbols_sort(symbols);
	return true;
}
