/* Is there a word that the decoder makes something impossible of?  Whoever acts on it relies on these bounds.  Reads: nv/insn.h. */
#include "nv/insn.h"

#include <string.h>

#include "tests/fuzz/report.h"

#define MOST_BYTES 64
#define V_BYTES 16

static bool is_load_or_store(uint32_t word)
{
	return (word & 0x0a000000) == 0x08000000 || (word & 0xffffffe0) == 0xd50b7420;
}

static const char *check_elements(const struct nv_insn *i)
{
	unsigned seen[4] = { 0 };

	for (unsigned n = 0; n < i->elements; n++) {
		struct nv_insn_element e = nv_insn_element(i, n);
		unsigned bytes = ((1U << (1U << i->size_log2)) - 1) << e.byte;

		if (e.index >= nv_insn_registers(i) || nv_insn_register(i, e.index) > 31)
			return "an element is of no register";
		if (e.byte + (1U << i->size_log2) > (i->vector ? V_BYTES : sizeof(uint64_t)))
			return "an element is not in its register";
		if (seen[e.index] & bytes)
			return "two elements are the same part of a register";
		seen[e.index] |= bytes;
	}
	return i->vector || !i->regs ? NULL : "a structure is of X registers";
}

static const char *check(const struct nv_insn *i)
{
	if (i->kind == NV_INSN_ZERO)
		return i->rn > 31 ? "an address is in no register" : NULL;
	if (!i->elements || nv_insn_registers(i) > 4 || nv_insn_bytes(i) > MOST_BYTES)
		return "more or less than an instruction can transfer";
	if (i->size_log2 > (i->vector ? 4 : 3) || (i->replicate && i->replicate < 1U << i->size_log2))
		return "an element is too large";
	if (i->rn > 31 || i->rm > 31 || i->rs > 31 || i->op > NV_INSN_SWP || i->shift > 4)
		return "a field is too large";
	if ((i->kind == NV_INSN_COMPARE || i->kind == NV_INSN_ATOMIC) && i->vector)
		return "an atomic access of V registers";
	if (i->kind == NV_INSN_COMPARE ? i->elements > 2 : i->kind == NV_INSN_ATOMIC && i->elements != 1)
		return "an atomic access of too much";
	return check_elements(i);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint32_t word;
	struct nv_insn i;

	for (; size >= sizeof(word); data += sizeof(word), size -= sizeof(word)) {
		memcpy(&word, data, sizeof(word));
		i = nv_insn_decode(word);
		if (i.kind <= NV_INSN_LEFT_OUT)
			continue;
		report(is_load_or_store(word) ? check(&i) : "an access by another instruction");
	}
	return 0;
}
