/*
 * firn version: which firn is it, and with what would it measure?  The provenance that results have.
 */
#include <stdio.h>

#include "experiments/firn/command/commands.h"
#include "experiments/firn/measure/provenance.h"
#include "experiments/firn/tool/complain.h"
#include "experiments/firn/tool/options.h"

/* Nothing where it is not known. */
static void print_known(const cJSON *known, const char *name, const char *as)
{
	const char *word = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(known, name));

	if (word && *word)
		printf("%s %s\n", as, word);
}

int command_version(int argc, char **argv)
{
	cJSON *known;

	if (!options_parse("version", argc, argv, NULL, 0))
		return STATUS_USAGE;
	known = provenance(NULL, false);
	print_known(known, "firn", "firn");
	print_known(known, "qemu", "QEMU");
	print_known(known, "l0_sha256", "L0's image, SHA-256");
	cJSON_Delete(known);
	return 0;
}
