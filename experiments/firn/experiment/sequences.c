/*
 * In which order do the traps of one operation come?  Two sequences stand beside each other so that as many traps as possible share a
 * line: the longest common subsequence of their reasons.  Reads: summary.h.
 */
#include "experiments/firn/experiment/sequences.h"

#include <stdlib.h>
#include <string.h>

#include "experiments/firn/tool/complain.h"

#define TRAPS_MOST 60 /* of a table */

/* A text of the result, "vEL2 ERET 667": what trapped, and the instructions of L0 behind the last space. */
struct step {
	const char *words;
	size_t length; /* of what trapped */
	unsigned long long instructions;
};

struct steps {
	struct step step[TRAPS_MOST];
	size_t count;
	const char *mode;
};

static struct step step_of(const char *words)
{
	const char *space = strrchr(words, ' ');

	return (struct step){ words, space ? (size_t)(space - words) : strlen(words),
			      space ? strtoull(space, NULL, 10) : 0 };
}

/* False where there is no sequence, one trap alone, or too many for a table. */
static bool steps_of(const struct cell *cell, struct steps *steps)
{
	const cJSON *list = cell->results ? cJSON_GetObjectItemCaseSensitive(cell->result[0], "sequence") :
					    NULL,
		    *item;
	int count = cJSON_GetArraySize(list);

	*steps = (struct steps){ .mode = cell->run->at[AXIS_MODE] };
	if (!cJSON_IsArray(list) || count < 2 || count > TRAPS_MOST)
		return false;
	cJSON_ArrayForEach(item, list) {
		if (cJSON_IsString(item))
			steps->step[steps->count++] = step_of(item->valuestring);
	}
	return true;
}

static bool same(const struct step *a, const struct step *b)
{
	return a->length == b->length && strncmp(a->words, b->words, a->length) == 0;
}

/* longest[i][j]: how many the two have in common from i and from j on. */
static void compare(const struct steps *a, const struct steps *b,
		    unsigned char longest[TRAPS_MOST + 1][TRAPS_MOST + 1])
{
	memset(longest, 0, (TRAPS_MOST + 1) * sizeof(longest[0]));
	for (size_t i = a->count; i-- > 0;)
		for (size_t j = b->count; j-- > 0;) {
			unsigned char below = longest[i + 1][j], right = longest[i][j + 1];

			longest[i][j] = same(&a->step[i], &b->step[j]) ?
						(unsigned char)(longest[i + 1][j + 1] + 1) :
					below > right ? below :
							right;
		}
}

/* step: what trapped. a, b: where it did, of which one may be NULL. */
static void add_row(struct document *d, const struct step *step, const struct step *a, const struct step *b)
{
	char *what = text("%.*s", (int)step->length, step->words);
	char *left = a ? text("%llu", a->instructions) : text("%s", "");
	char *right = b ? text("%llu", b->instructions) : text("%s", "");

	document_row(d, "lrr", (const char *const[]){ what, left, right });
	free(what);
	free(left);
	free(right);
}

static void add_rows(struct document *d, const struct steps *a, const struct steps *b)
{
	unsigned char longest[TRAPS_MOST + 1][TRAPS_MOST + 1];
	size_t i = 0, j = 0;

	compare(a, b, longest);
	while (i < a->count || j < b->count) {
		const struct step *left = i < a->count ? &a->step[i] : NULL,
				  *right = j < b->count ? &b->step[j] : NULL;

		if (left && right && same(left, right)) {
			add_row(d, left, left, right);
			i++;
			j++;
		} else if (left && (!right || longest[i + 1][j] >= longest[i][j + 1])) {
			add_row(d, left, left, NULL);
			i++;
		} else if (right) {
			add_row(d, right, NULL, right);
			j++;
		}
	}
}

static void add_table(struct document *d, const struct cell *cell, const struct steps *a,
		      const struct steps *b)
{
	const char *const *at = cell->run->at;
	char *words = text("%s, %s, on %s: traps of one operation, and the instructions of L0 for each.",
			   at[AXIS_GUEST], at[AXIS_WORKLOAD], at[AXIS_CPU]);

	document_paragraph(d, words);
	free(words);
	document_table(d, "lrr", (const char *const[]){ "trap", a->mode, b->mode });
	add_rows(d, a, b);
	document_table_end(d);
}

static bool differ_in_mode(const struct cell *a, const struct cell *b)
{
	for (unsigned axis = 0; axis < AXES; axis++)
		if ((axis == AXIS_MODE) == (strcmp(a->run->at[axis], b->run->at[axis]) == 0))
			return false;
	return true;
}

void sequences_part(struct document *d, const struct summary *summary)
{
	bool any = false;

	for (size_t i = 0; i < summary->cells; i++)
		for (size_t k = i + 1; k < summary->cells; k++) {
			struct steps a, b;

			if (!differ_in_mode(&summary->cell[i], &summary->cell[k]) ||
			    !steps_of(&summary->cell[i], &a) || !steps_of(&summary->cell[k], &b))
				continue;
			if (!any)
				document_heading(d, "The traps of one operation, in their order");
			any = true;
			add_table(d, &summary->cell[i], &a, &b);
		}
}
