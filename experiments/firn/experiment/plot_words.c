/* What do all plots have in common?  Reads: matrix.h.  Next: plot.c. */
#define _GNU_SOURCE
#include "experiments/firn/experiment/plot_words.h"

#include <stdlib.h>
#include <string.h>

#include "experiments/firn/experiment/definition_words.h"
#include "experiments/firn/tool/complain.h"

/* Okabe and Ito's, which people who see colours differently tell apart; grey for what comes behind them. */
static const unsigned colours[PLOT_COLOURS] = { 0x0072b2, 0xe69f00, 0x009e73, 0xd55e00, 0x56b4e9,
						0xcc79a7, 0x999999, 0x000000, 0xf0e442 };

/* A shade is the colour with white in it. */
unsigned plot_colour(size_t index, size_t shade)
{
	unsigned base = colours[index % PLOT_COLOURS], out = 0;
	double white = shade ? 0.55 - 0.35 / (double)(shade + 1) + 0.1 * (double)(shade > 1) : 0;

	for (unsigned shift = 0; shift < 24; shift += 8) {
		double part = base >> shift & 0xff;

		out |= (unsigned)(part + (255 - part) * (white > 0.8 ? 0.8 : white)) << shift;
	}
	return out;
}

bool plot_has(const struct plot *plot, const struct run *run)
{
	for (unsigned a = 0; a < AXES; a++)
		if (plot->only[a].count && !names_have(&plot->only[a], run->at[a]))
			return false;
	return true;
}

/* A number alone does not say of what. */
static char *axis_word(enum axis axis, const char *word)
{
	const char *unit = !*word ? "" : axis == AXIS_VMS ? " VM" : axis == AXIS_SMP ? " vCPU" : "";

	return text("%s%s%s", word, unit, *unit && strcmp(word, "1") != 0 ? "s" : "");
}

char *plot_series_name(const struct plot *plot, const struct run *run)
{
	char *name = text("%s", "");

	for (size_t i = 0; i < plot->series_count; i++) {
		char *word = axis_word(plot->series[i], run->at[plot->series[i]]),
		     *longer = text("%s%s%s", name, *name && *word ? " " : "", word);

		free(name);
		free(word);
		name = longer;
	}
	return name;
}

/* In single quotes nothing but a quote means anything. */
void plot_put_string(FILE *out, const char *words)
{
	fputc('\'', out);
	for (; *words; words++)
		if (*words == '\'')
			fputs("''", out);
		else
			fputc((unsigned char)*words < 0x20 ? ' ' : *words, out);
	fputc('\'', out);
}
