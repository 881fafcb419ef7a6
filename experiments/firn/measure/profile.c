/*
 * Where do L0's instructions go?  The plugin has counted each; firn's ELF file says of which function it is, and purposes.c what for.
 * A function that was inlined is one of its own here.  Reads: outside.h.  Next: purposes.c.
 */
#include "experiments/firn/measure/profile.h"

#include <cjson/cJSON.h>
#include <dwarf.h>
#include <elfutils/libdwfl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "experiments/firn/measure/measure.h"
#include "experiments/firn/measure/purposes.h"
#include "experiments/firn/tool/complain.h"
#include "experiments/firn/tool/paths.h"

#define ELF "target/firn.elf"
#define TEXT_END "text_end" /* host/boot/link.ld */

static const Dwfl_Callbacks callbacks = {
	.find_elf = dwfl_build_id_find_elf,
	.find_debuginfo = dwfl_standard_find_debuginfo,
	.section_address = dwfl_offline_section_address,
};

struct program_text {
	Dwfl *dwfl;
	Dwfl_Module *module;
};

/* False after one line on stderr. */
static bool open_text(struct program_text *p)
{
	char *path = path_built(ELF);

	*p = (struct program_text){ .dwfl = dwfl_begin(&callbacks) };
	if (p->dwfl && access(path, R_OK) == 0)
		p->module = dwfl_report_offline(p->dwfl, "L0", path, -1);
	if (p->dwfl)
		dwfl_report_end(p->dwfl, NULL, NULL);
	if (!p->module)
		complain(STATUS_FAILED,
			 "cannot read %s, which says which function an address is in; run firn in "
			 "its build folder, after 'make'",
			 path);
	free(path);
	return p->module;
}

static void close_text(struct program_text *p)
{
	if (p->dwfl)
		dwfl_end(p->dwfl);
}

bool profile_text(uint64_t *start, uint64_t *bytes)
{
	struct program_text p;
	GElf_Addr end = 0, low = 0, high;
	GElf_Sym symbol;
	bool good = open_text(&p);

	for (int i = 0; good && i < dwfl_module_getsymtab(p.module); i++) {
		const char *name = dwfl_module_getsym_info(p.module, i, &symbol, &high, NULL, NULL, NULL);

		if (name && strcmp(name, TEXT_END) == 0)
			end = high;
	}
	if (good)
		dwfl_module_info(p.module, NULL, &low, &high, NULL, NULL, NULL, NULL);
	good = good && (end > low || !complain(STATUS_FAILED, "there is no %s in %s", TEXT_END, ELF));
	*start = low;
	*bytes = end - low;
	close_text(&p);
	return good;
}

/* One function and what was executed of it. */
struct part {
	char *name;
	int64_t count;
};

struct parts {
	struct part *part;
	size_t count;
};

static void add(struct parts *parts, const char *name, int64_t count)
{
	for (size_t i = 0; i < parts->count; i++)
		if (strcmp(parts->part[i].name, name) == 0) {
			parts->part[i].count += count;
			return;
		}
	parts->part = grow(parts->part, parts->count + 1, sizeof(parts->part[0]));
	parts->part[parts->count++] = (struct part){ text("%s", name), count };
}

static int larger_first(const void *a, const void *b)
{
	const struct part *x = a, *y = b;

	return x->count != y->count ? (x->count > y->count ? -1 : 1) : strcmp(x->name, y->name);
}

static cJSON *object_of(struct parts *parts, int64_t operations)
{
	cJSON *object = cJSON_CreateObject();
	char number[48];

	if (parts->count)
		qsort(parts->part, parts->count, sizeof(parts->part[0]), larger_first);
	for (size_t i = 0; i < parts->count; i++) {
		if (!rounds_to_nothing(parts->part[i].count, operations))
			cJSON_AddItemToObject(
				object, parts->part[i].name,
				cJSON_CreateRaw(per_operation(number, sizeof(number), parts->part[i].count,
							      operations)));
		free(parts->part[i].name);
	}
	free(parts->part);
	return object;
}

/* The function that a scope is of, unless a header has it and another one is known already. */
static void take_name(Dwarf_Die *scope, const char **function, const char **file)
{
	int tag = dwarf_tag(scope);
	const char *in = dwarf_decl_file(scope), *name = dwarf_diename(scope);

	if ((tag != DW_TAG_inlined_subroutine && tag != DW_TAG_subprogram) || !in || !name ||
	    (*function && purpose_is_of_caller(in)))
		return;
	*function = name;
	*file = in;
}

/* The child that has the address. dwarf_getscopes() gives up at the first that has no address at all. */
static bool descend(Dwarf_Die *die, uint64_t address)
{
	Dwarf_Die child;
	int more = dwarf_child(die, &child);

	for (; more == 0; more = dwarf_siblingof(&child, &child))
		if (dwarf_haspc(&child, address) > 0) {
			*die = child;
			return true;
		}
	return false;
}

/* The innermost function at an address that no header has, and its file; of assembly only the file. */
static void name_address(const struct program_text *p, uint64_t address, const char **function,
			 const char **file)
{
	Dwarf_Addr bias = 0;
	Dwarf_Die *unit = dwfl_module_addrdie(p->module, address, &bias);
	Dwfl_Line *line = dwfl_module_getsrc(p->module, address);

	*function = *file = NULL;
	for (Dwarf_Die die = unit ? *unit : (Dwarf_Die){ 0 }; unit && descend(&die, address - bias);)
		take_name(&die, function, file);
	if (!*function)
		*file = line ? dwfl_lineinfo(line, NULL, NULL, NULL, NULL, NULL) : NULL;
	*file = *file ? *file : "";
}

/* Two files may have functions of one name. */
static void add_function(struct parts *functions, const char *function, const char *file, int64_t count)
{
	const char *slash = strrchr(file, '/'), *base = slash ? slash + 1 : file;
	char *name = function ? text("%s (%s)", function, base) : text("%s", *base ? base : "?");

	add(functions, name, count);
	free(name);
}

cJSON *profile_make(const struct outside_counts *counts, int64_t operations)
{
	struct parts functions = { .count = 0 }, purposes = { .count = 0 };
	struct program_text p;
	cJSON *object;

	if (!open_text(&p)) {
		close_text(&p);
		return NULL;
	}
	for (size_t w = 0; w < counts->words; w++) {
		const char *function, *file;

		if (!counts->word[w])
			continue;
		name_address(&p, counts->text + 4 * w, &function, &file);
		add_function(&functions, function, file, counts->word[w]);
		add(&purposes, purpose_of(file), counts->word[w]);
	}
	object = cJSON_CreateObject();
	cJSON_AddItemToObject(object, "by_function", object_of(&functions, operations));
	cJSON_AddItemToObject(object, "by_purpose", object_of(&purposes, operations));
	close_text(&p);
	return object;
}
