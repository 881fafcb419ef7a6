/*
 * Which symbols does a Linux image carry?  The tables that scripts/kallsyms makes have no header and no address that is
 * known from outside; they are found by the shape of the two that are alike in every kernel: the 256 strings ("tokens")
 * that names are made of, among them the ten digits, and the 256 offsets of these. Reads: kallsyms.h.
 *
 *   up to Linux 6.3:  offsets, base, count, names, markers, (3 bytes for each name,) tokens, token offsets
 *   after that:       count, names, markers, tokens, token offsets, offsets (, base)
 */
#define _GNU_SOURCE
#include "experiments/firn/record/kallsyms.h"

#include <stdlib.h>
#include <string.h>

#define TOKENS 256
#define NAME_MAX_LENGTH 512
#define SYMBOLS_MAX 2000000
#define SYMBOLS_PER_MARKER 256
#define FEWEST_MARKERS 16
#define FIRST_SYMBOL_MAX 0x100000 /* from the start of the image */
#define RELA_RELATIVE 0x403	  /* R_AARCH64_RELATIVE */

struct tables {
	const uint8_t *image;
	size_t bytes;
	size_t tokens, token_offsets; /* places in the image */
	size_t markers, marker_count;
	size_t names, count_at;
	uint32_t count;
	size_t offsets;
	bool from_itself;
	uint64_t base; /* of what the offsets are from, in the kernel's address space */
};

static uint16_t get16(const struct tables *t, size_t at)
{
	return (uint16_t)(t->image[at] | t->image[at + 1] << 8);
}

static uint32_t get32(const struct tables *t, size_t at)
{
	uint32_t value;

	memcpy(&value, t->image + at, sizeof(value));
	return value;
}

static uint64_t get64(const struct tables *t, size_t at)
{
	uint64_t value;

	memcpy(&value, t->image + at, sizeof(value));
	return value;
}

static size_t align(size_t at, size_t to)
{
	return (at + to - 1) / to * to;
}

/* Do 256 offsets at `at` name 256 strings, one behind the other, with the digit 0 at `zero`? */
static bool are_token_offsets(struct tables *t, size_t at, size_t zero)
{
	size_t start;

	if (at + 2 * TOKENS > t->bytes || get16(t, at) != 0 || get16(t, at + 2 * '0') > zero)
		return false;
	start = zero - get16(t, at + 2 * '0');
	for (unsigned i = 0; i + 1 < TOKENS; i++) {
		uint16_t here = get16(t, at + 2 * i), next = get16(t, at + 2 * (i + 1));

		if (next <= here || start + next > at || t->image[start + next - 1] != 0 ||
		    memchr(t->image + start + here, 0, next - here) != t->image + start + next - 1)
			return false;
	}
	t->tokens = start;
	t->token_offsets = at;
	return true;
}

static bool find_tokens(struct tables *t)
{
	static const char digits[] = "0\0001\0002\0003\0004\0005\0006\0007\0008\0009";
	const uint8_t *at = t->image;

	while ((at = memmem(at, t->bytes - (size_t)(at - t->image), digits, sizeof(digits)))) {
		size_t zero = (size_t)(at - t->image), end = zero;

		for (unsigned i = '0'; i < TOKENS && end < t->bytes; i++) {
			const uint8_t *stop = memchr(t->image + end, 0, t->bytes - end);

			end = stop ? (size_t)(stop - t->image) + 1 : t->bytes;
		}
		if (are_token_offsets(t, align(end, 8), zero) || are_token_offsets(t, align(end, 4), zero))
			return true;
		at++;
	}
	return false;
}

/* How many markers begin at `at`, the first of them 0, if the tokens are where they would then have to be? */
static size_t markers_at(const struct tables *t, size_t at)
{
	size_t n = 1;

	if (get32(t, at) != 0 || get32(t, at + 4) < SYMBOLS_PER_MARKER)
		return 0;
	while (at + 4 * (n + 1) <= t->tokens && get32(t, at + 4 * n) > get32(t, at + 4 * (n - 1)))
		n++;
	/* What stands behind the last marker may look like one more. */
	for (unsigned less = 0; less < 3 && n > FEWEST_MARKERS; less++, n--) {
		size_t behind = t->tokens - (at + 4 * n);

		if (behind < 8 ||
		    (behind > 3 * SYMBOLS_PER_MARKER * (n - 1) && behind < 3 * SYMBOLS_PER_MARKER * n + 16))
			return n;
	}
	return 0;
}

static bool find_markers(struct tables *t)
{
	size_t at = t->tokens & ~(size_t)3;

	for (size_t steps = 0; at >= 4 && steps < SYMBOLS_MAX; steps++) {
		at -= 4;
		t->marker_count = at + 8 <= t->tokens ? markers_at(t, at) : 0;
		t->markers = at;
		if (t->marker_count)
			return true;
	}
	return false;
}

/* Length of the name at `at` in tokens, with *at moved to the first of them. A first byte from 128 on has a second. */
static size_t name_length(const struct tables *t, size_t *at)
{
	size_t length = t->image[(*at)++];

	if (length & 0x80)
		length = (length & 0x7f) | (size_t)t->image[(*at)++] << 7;
	return length;
}

/* Do `count` names from `names` agree with the markers and end where these begin? */
static bool are_names(const struct tables *t, size_t names, uint32_t count)
{
	size_t at = names;

	for (uint32_t i = 0; i < count; i++) {
		size_t length;

		if (i % SYMBOLS_PER_MARKER == 0 &&
		    at - names != get32(t, t->markers + 4 * (i / SYMBOLS_PER_MARKER)))
			return false;
		if (at + 2 > t->markers)
			return false;
		length = name_length(t, &at);
		at += length;
		if (!length || at > t->markers)
			return false;
	}
	return t->markers - at < 8;
}

static bool is_count(const struct tables *t, uint32_t count)
{
	return count <= SYMBOLS_MAX &&
	       (count + SYMBOLS_PER_MARKER - 1) / SYMBOLS_PER_MARKER == t->marker_count;
}

/* The count stands in front of the names, which older kernels align to 8. */
static bool find_names(struct tables *t)
{
	size_t last = get32(t, t->markers + 4 * (t->marker_count - 1));
	size_t at = last < t->markers ? (t->markers - last) & ~(size_t)3 : 0;

	for (size_t tries = 0; at >= 8 && tries < SYMBOLS_PER_MARKER * NAME_MAX_LENGTH / 4; tries++, at -= 4)
		for (size_t before = 4; before <= 8; before += 4) {
			t->count = get32(t, at - before);
			if (is_count(t, t->count) && are_names(t, at, t->count)) {
				t->names = at;
				t->count_at = at - before;
				return true;
			}
		}
	return false;
}

/*
 * Where Linux puts the image: KIMAGE_VADDR of 4 KiB pages with 48-bit addresses. The image's own pointers, or the
 * relocations for them, tell which of these it is.
 */
static uint64_t find_base(const struct tables *t)
{
	static const uint64_t known[] = { UINT64_C(0xffff800080000000), UINT64_C(0xffff800008000000),
					  UINT64_C(0xffff800010000000) };
	size_t count[sizeof(known) / sizeof(known[0])] = { 0 }, best = 0;

	for (size_t at = 0; at + 8 <= t->bytes; at += 8)
		for (size_t k = 0; k < sizeof(known) / sizeof(known[0]); k++)
			count[k] += get64(t, at) - known[k] < t->bytes;
	for (size_t k = 1; k < sizeof(known) / sizeof(known[0]); k++)
		best = count[k] > count[best] ? k : best;
	return count[best] ? known[best] : 0;
}

/* Offset i from the start of the image; the newest kernels write the distance from the place itself. */
static uint64_t offset_at(const struct tables *t, size_t offsets, bool from_itself, uint32_t i)
{
	size_t at = offsets + 4 * (size_t)i;

	return from_itself ? at + (uint64_t)(int64_t)(int32_t)get32(t, at) : get32(t, at);
}

static bool are_offsets(struct tables *t, size_t offsets, bool from_itself)
{
	if (offsets + 4 * (size_t)t->count > t->bytes)
		return false;
	for (uint32_t i = 1; i < t->count; i++)
		if (offset_at(t, offsets, from_itself, i) < offset_at(t, offsets, from_itself, i - 1))
			return false;
	if (offset_at(t, offsets, from_itself, 0) > FIRST_SYMBOL_MAX)
		return false;
	t->offsets = offsets;
	t->from_itself = from_itself;
	return true;
}

/*
 * What the offsets are from, which stands at base_at unless a relocation puts it there only when the kernel starts: the
 * image's first address, or that of its first symbol.
 */
static uint64_t offsets_base(const struct tables *t, size_t base_at)
{
	uint64_t value = get64(t, base_at);

	if (value - t->base < t->bytes)
		return value;
	for (size_t at = 0; at + 24 <= t->bytes; at += 8)
		if (get64(t, at) == t->base + base_at && get64(t, at + 8) == RELA_RELATIVE)
			return get64(t, at + 16);
	return t->base;
}

static bool find_offsets(struct tables *t)
{
	size_t length = align(4 * (size_t)t->count, 8), behind = t->token_offsets + 2 * TOKENS;
	size_t base_at;

	t->base = find_base(t);
	if (!t->base)
		return false;
	if (are_offsets(t, align(behind, 4), true))
		return true;
	if (t->count_at >= length + 8 && are_offsets(t, t->count_at - 8 - length, false))
		base_at = t->count_at - 8;
	else if (are_offsets(t, align(behind, 8), false))
		base_at = align(behind, 8) + length;
	else
		return false;
	t->base = base_at + 8 <= t->bytes ? offsets_base(t, base_at) : t->base;
	return true;
}

static bool is_function(char type)
{
	return strchr("tTwW", type) != NULL;
}

static void add_names(struct symbols *symbols, const struct tables *t)
{
	size_t at = t->names;

	for (uint32_t i = 0; i < t->count; i++) {
		size_t length = name_length(t, &at), used = 0;
		char name[NAME_MAX_LENGTH];

		for (size_t k = 0; k < length; k++) {
			const char *token = (const char *)t->image + t->tokens +
					    get16(t, t->token_offsets + 2 * (size_t)t->image[at + k]);

			while (*token && used + 1 < sizeof(name))
				name[used++] = *token++;
		}
		at += length;
		name[used] = '\0';
		if (used > 1 && is_function(name[0]))
			symbols_add(symbols, t->base + offset_at(t, t->offsets, t->from_itself, i), name + 1);
	}
}

bool kallsyms_read(struct symbols *symbols, const uint8_t *image, size_t bytes)
{
	struct tables t = { .image = image, .bytes = bytes };

	if (!find_tokens(&t) || !find_markers(&t) || !find_names(&t) || !find_offsets(&t))
		return false;
	add_names(symbols, &t);
	return true;
}
