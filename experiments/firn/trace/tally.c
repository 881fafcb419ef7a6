/* How often, and at what cost, for each name?  A hash table over rows that can be sorted.  Reads: tally.h. */
#include "experiments/firn/trace/tally.h"

#include <stdlib.h>
#include <string.h>

#include "experiments/firn/tool/complain.h"

/* FNV-1a, of 64 bits. */
static size_t hash(const char *name)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (; *name; name++)
		h = (h ^ (unsigned char)*name) * UINT64_C(0x100000001b3);
	return (size_t)(h ^ h >> 32);
}

/* Where the name is, or the empty slot where it would be. There is always one, since half of them are empty. */
static size_t place_of(const struct tally *t, const char *name)
{
	size_t at = hash(name) & (t->slots - 1);

	while (t->slot[at] && strcmp(t->row[t->slot[at] - 1].name, name) != 0)
		at = (at + 1) & (t->slots - 1);
	return at;
}

/* Slots have the number of a row, from 1 on; 0 is empty. They are made anew when rows changed their places, too. */
static void rehash(struct tally *t)
{
	if (2 * (t->rows + 1) >= t->slots) {
		t->slots = t->slots ? 2 * t->slots : 256;
		t->slot = grow(t->slot, t->slots, sizeof(t->slot[0]));
	}
	memset(t->slot, 0, t->slots * sizeof(t->slot[0]));
	for (size_t i = 0; i < t->rows; i++)
		t->slot[place_of(t, t->row[i].name)] = (uint32_t)i + 1;
}

/* One trap more under this name: its cost in ticks, and the stretch it is in (step_stretch). */
void tally_add(struct tally *t, const char *name, uint64_t cost, unsigned stretch)
{
	struct tally_row *row;
	size_t at;

	if (2 * (t->rows + 1) >= t->slots)
		rehash(t);
	at = place_of(t, name);
	if (!t->slot[at]) {
		if (t->rows == t->room) {
			t->room = t->room ? 2 * t->room : 64;
			t->row = grow(t->row, t->room, sizeof(t->row[0]));
		}
		t->row[t->rows++] = (struct tally_row){ .name = text("%s", name) };
		t->slot[at] = (uint32_t)t->rows;
	}
	row = &t->row[t->slot[at] - 1];
	row->count++;
	row->cost += cost;
	row->in_stretch[stretch]++;
	row->cost_in_stretch[stretch] += (int64_t)cost;
	t->count++;
	t->cost += cost;
}

/* NULL if the name was never added. Good until the next tally_add or tally_sort. */
const struct tally_row *tally_find(const struct tally *t, const char *name)
{
	size_t at = t->slots ? place_of(t, name) : 0;

	return t->slots && t->slot[at] ? &t->row[t->slot[at] - 1] : NULL;
}

void tally_free(struct tally *t)
{
	for (size_t i = 0; i < t->rows; i++)
		free(t->row[i].name);
	free(t->row);
	free(t->slot);
	*t = (struct tally){ .row = NULL };
}

static int by_count(const void *a, const void *b)
{
	const struct tally_row *x = a, *y = b;

	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	return strcmp(x->name, y->name);
}

static int by_cost(const void *a, const void *b)
{
	const struct tally_row *x = a, *y = b;

	if (x->cost != y->cost)
		return x->cost > y->cost ? -1 : 1;
	return by_count(a, b);
}

/* The most frequent first, or the dearest; equal ones by name, so that the order is always the same. */
void tally_sort(struct tally *t, bool cost)
{
	if (t->rows)
		qsort(t->row, t->rows, sizeof(t->row[0]), cost ? by_cost : by_count);
	if (t->slots)
		rehash(t);
}

int64_t tally_count(const struct tally_row *row, bool each)
{
	if (!row)
		return 0;
	return each ? row->in_stretch[2] - row->in_stretch[1] : (int64_t)row->count;
}

int64_t tally_traps(const struct tally *t, bool each)
{
	int64_t sum = 0;

	for (size_t i = 0; i < t->rows; i++)
		sum += tally_count(&t->row[i], each);
	return sum;
}

int64_t tally_cost(const struct tally *t, bool each)
{
	int64_t sum = 0;

	for (size_t i = 0; i < t->rows; i++)
		sum += each ? t->row[i].cost_in_stretch[2] - t->row[i].cost_in_stretch[1] :
			      (int64_t)t->row[i].cost;
	return sum;
}
