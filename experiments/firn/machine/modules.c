/*
 * Which files does L1 find in its RAM besides its kernel and initramfs?  Those of --module: what a hypervisor boots, as Xen's binding
 * has it.  Next: machine_tree.c, and host/create/load.c, which copies them.
 */
#include "experiments/firn/machine/modules.h"

#include <stdlib.h>
#include <string.h>

#include "experiments/firn/tool/complain.h"

/* Ends what is before it, and gives what is behind; NULL if words do not have it. */
static char *cut(char *words, const char *option)
{
	char *found = strstr(words, option);

	if (!found)
		return NULL;
	*found = '\0';
	return found + strlen(option);
}

/* The words of bootargs are the last: there may be any comma in them. False after one line on stderr. */
static bool understand(char *words, const char *given, struct l1_module *node)
{
	node->bootargs = cut(words, ",bootargs=");
	node->compatible = cut(words, ",compatible=");
	if (node->compatible && strcmp(node->compatible, "multiboot,module") == 0)
		node->compatible = NULL;
	if (node->compatible && (!*node->compatible || strlen(node->compatible) > COMPATIBLE_MAX))
		return !complain(STATUS_USAGE,
				 "--module %s: compatible is to be one word of at most %d characters, like "
				 "multiboot,kernel",
				 given, COMPATIBLE_MAX);
	return true;
}

bool modules_check(const struct option_words *words)
{
	bool good = words->count <= MODULES_MAX ||
		    !complain(STATUS_USAGE, "more than %d modules; give fewer", MODULES_MAX);

	for (size_t i = 0; good && i < words->count; i++) {
		char *copy = text("%s", words->word[i]);
		struct l1_module node;

		good = understand(copy, words->word[i], &node);
		free(copy);
	}
	return good;
}

bool modules_open(struct modules *modules, const struct option_words *words)
{
	if (!modules_check(words))
		return false;
	for (size_t i = 0; i < words->count; i++) {
		modules->words[i] = text("%s", words->word[i]);
		modules->image[i].fd = -1;
		modules->count = i + 1;
		if (!understand(modules->words[i], words->word[i], &modules->node[i]) ||
		    !image_open_plain(&modules->image[i], "module", modules->words[i], ""))
			return false;
		modules->node[i].file.bytes = modules->image[i].bytes;
	}
	return true;
}

static uint64_t up(uint64_t n, uint64_t block)
{
	return (n + block - 1) / block * block;
}

uint64_t modules_bytes(const struct modules *modules, uint64_t block)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < modules->count; i++)
		bytes += up(modules->image[i].bytes, block);
	return bytes;
}

void modules_place(struct modules *modules, uint64_t pa, uint64_t block)
{
	for (size_t i = 0; i < modules->count; i++) {
		pa = up(pa, block);
		modules->node[i].file.pa = pa;
		pa += modules->image[i].bytes;
	}
}

void modules_close(struct modules *modules)
{
	for (size_t i = 0; i < modules->count; i++) {
		image_close(&modules->image[i]);
		free(modules->words[i]);
	}
	modules->count = 0;
}
