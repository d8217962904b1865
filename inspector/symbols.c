/* Names and source lines of a program.  See symbols.h. */

#include "symbols.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <gelf.h>
#include <stdlib.h>
#include <string.h>

#include "machine/window.h"
#include "plain.h"

struct symbol {
	uint32_t address, end;
	bool weaker; /* than another at the same address: local, or without a size */
	const char *name;
};

/* The code from an address on belongs to a line. */
struct row {
	uint32_t address;
	unsigned order;   /* as the file has them, for those at one address */
	unsigned line;    /* 0: to none */
	bool begins;      /* a statement */
	const char *folder, *file;
};

struct symbols {
	char *path;
	void *bytes;
	Elf *elf;
	Dwarf *dwarf; /* NULL: no lines */
	struct symbol *by_address, *by_name;
	size_t n;
	struct row *row; /* in order of address */
	size_t rows;
	struct copy *copies;
};

/* A name that could not be taken as the file has it. */
struct copy {
	struct copy *next;
	const char *of;
	char text[];
};

enum { SYMBOL_MOST = 200, FILE_MOST = 4096 }; /* bytes of a name; what is longer is cut */

/* ---- reading ------------------------------------------------------------ */

static bool is_plain(const char *name, size_t most)
{
	size_t length = strnlen(name, most + 1);
	bool plain = true;
	for (size_t at = 0; at < length && plain;)
		at += plain_next(name + at, length - at, &plain);
	return plain && length <= most;
}

static void make_plain(char *to, const char *name, size_t length)
{
	bool plain;
	for (size_t at = 0, n; at < length; at += n) {
		n = plain_next(name + at, length - at, &plain);
		memcpy(to, plain ? name + at : "?", plain ? n : 1);
		to += plain ? n : 1;
	}
}

/* A name of the file's, to be shown and to stand in documents.  NULL: there is none, or no
 * memory. */
static const char *plain_name(struct symbols *symbols, const char *name, size_t most)
{
	if (!name || is_plain(name, most))
		return name;
	if (symbols->copies && symbols->copies->of == name)
		return symbols->copies->text;
	size_t length = strnlen(name, most);
	struct copy *copy = calloc(1, sizeof(*copy) + length + 1);
	if (!copy)
		return NULL;
	copy->next = symbols->copies;
	copy->of = name;
	make_plain(copy->text, name, length);
	symbols->copies = copy;
	return copy->text;
}

/* Names that mean something to a person: not those of sections, files and the
 * assembler's own. */
static bool worth_keeping(const GElf_Sym *symbol, const char *name)
{
	unsigned type = GELF_ST_TYPE(symbol->st_info);
	return name && *name && *name != '$' && strncmp(name, ".L", 2) != 0 && symbol->st_shndx != SHN_UNDEF &&
	       symbol->st_shndx < SHN_LORESERVE && (type == STT_NOTYPE || type == STT_FUNC || type == STT_OBJECT);
}

static uint32_t section_end(Elf *elf, unsigned index)
{
	GElf_Shdr header;
	Elf_Scn *section = elf_getscn(elf, index);
	return section && gelf_getshdr(section, &header) ? (uint32_t)(header.sh_addr + header.sh_size) : 0;
}

static void add_symbol(struct symbols *symbols, const GElf_Sym *symbol, const char *name)
{
	uint32_t address = (uint32_t)symbol->st_value;
	symbols->by_address[symbols->n++] = (struct symbol){
		.address = address,
		.end = symbol->st_size > 0 ? address + (uint32_t)symbol->st_size : section_end(symbols->elf, symbol->st_shndx),
		.weaker = symbol->st_size == 0 || GELF_ST_BIND(symbol->st_info) == STB_LOCAL,
		.name = name,
	};
}

static Elf_Scn *symbol_table(Elf *elf, GElf_Shdr *header)
{
	for (Elf_Scn *section = NULL; (section = elf_nextscn(elf, section));)
		if (gelf_getshdr(section, header) && header->sh_type == SHT_SYMTAB)
			return section;
	return NULL;
}

static int in_address_order(const void *a, const void *b)
{
	const struct symbol *x = a, *y = b;
	if (x->address != y->address)
		return x->address < y->address ? -1 : 1;
	if (x->weaker != y->weaker)
		return x->weaker ? -1 : 1;
	return strcmp(y->name, x->name);
}

static int in_name_order(const void *a, const void *b)
{
	const struct symbol *x = a, *y = b;
	int order = strcmp(x->name, y->name);
	return order ? order : (x->address > y->address) - (x->address < y->address);
}

static bool read_names(struct symbols *symbols)
{
	GElf_Shdr header;
	GElf_Sym symbol;
	Elf_Scn *section = symbol_table(symbols->elf, &header);
	Elf_Data *data = section ? elf_getdata(section, NULL) : NULL;
	if (!data || header.sh_entsize == 0)
		return true;
	size_t most = data->d_size / header.sh_entsize;
	symbols->by_address = calloc(most + 1, sizeof(struct symbol));
	symbols->by_name = calloc(most + 1, sizeof(struct symbol));
	if (!symbols->by_address || !symbols->by_name)
		return false;
	for (size_t i = 0; i < most && gelf_getsym(data, (int)i, &symbol); i++) {
		const char *name = plain_name(symbols, elf_strptr(symbols->elf, header.sh_link, symbol.st_name), SYMBOL_MOST);
		if (worth_keeping(&symbol, name))
			add_symbol(symbols, &symbol, name);
	}
	memcpy(symbols->by_name, symbols->by_address, symbols->n * sizeof(struct symbol));
	if (symbols->n == 0)
		return true;
	qsort(symbols->by_address, symbols->n, sizeof(struct symbol), in_address_order);
	qsort(symbols->by_name, symbols->n, sizeof(struct symbol), in_name_order);
	return true;
}

static bool add_row(struct symbols *symbols, size_t *room, const struct row *row)
{
	if (symbols->rows == *room) {
		*room = *room ? 2 * *room : 256;
		struct row *rows = reallocarray(symbols->row, *room, sizeof(*rows));
		if (!rows)
			return false;
		symbols->row = rows;
	}
	symbols->row[symbols->rows++] = *row;
	return true;
}

static const char *folder_of(Dwarf_Die *unit)
{
	Dwarf_Attribute attribute;
	return dwarf_formstring(dwarf_attr(unit, DW_AT_comp_dir, &attribute));
}

/* Of a unit's lines those count whose code the linker has kept. */
static bool read_unit(struct symbols *symbols, size_t *room, Dwarf_Die *unit)
{
	Dwarf_Lines *lines;
	size_t n;
	const char *folder = folder_of(unit);
	if (dwarf_getsrclines(unit, &lines, &n) != 0)
		return true;
	for (size_t i = 0; i < n; i++) {
		Dwarf_Line *line = dwarf_onesrcline(lines, i);
		Dwarf_Addr address;
		int number = 0;
		bool ends = false, begins = false;
		const char *file = plain_name(symbols, dwarf_linesrc(line, NULL, NULL), FILE_MOST);
		if (!file || dwarf_lineaddr(line, &address) != 0 || dwarf_lineno(line, &number) != 0 ||
		    dwarf_lineendsequence(line, &ends) != 0 || dwarf_linebeginstatement(line, &begins) != 0 ||
		    dwarf_haspc(unit, address - ends) != 1)
			continue;
		struct row row = { (uint32_t)address, (unsigned)symbols->rows, ends || number < 0 ? 0 : (unsigned)number,
		                   begins && !ends, folder, file };
		if (!add_row(symbols, room, &row))
			return false;
	}
	return true;
}

/* The end of one piece of code comes before the beginning of the next. */
static int in_code_order(const void *a, const void *b)
{
	const struct row *x = a, *y = b;
	if (x->address != y->address)
		return x->address < y->address ? -1 : 1;
	if ((x->line == 0) != (y->line == 0))
		return x->line == 0 ? -1 : 1;
	return (x->order > y->order) - (x->order < y->order);
}

static bool read_lines(struct symbols *symbols)
{
	size_t header, room = 0;
	Dwarf_Die unit;
	for (Dwarf_Off at = 0, next; dwarf_nextcu(symbols->dwarf, at, &next, &header, NULL, NULL, NULL) == 0; at = next)
		if (dwarf_offdie(symbols->dwarf, at + header, &unit) && !read_unit(symbols, &room, &unit))
			return false;
	if (symbols->rows > 0)
		qsort(symbols->row, symbols->rows, sizeof(struct row), in_code_order);
	return true;
}

struct symbols *symbols_read(const void *elf, size_t size, const char *path)
{
	struct symbols *symbols = file_is_elf(elf, size) ? calloc(1, sizeof(*symbols)) : NULL;
	if (!symbols)
		return NULL;
	symbols->path = strdup(path);
	symbols->bytes = malloc(size);
	if (symbols->path && symbols->bytes) {
		elf_version(EV_CURRENT);
		symbols->elf = elf_memory(memcpy(symbols->bytes, elf, size), size);
		symbols->dwarf = dwarf_begin_elf(symbols->elf, DWARF_C_READ, NULL);
	}
	if (symbols->elf && read_names(symbols) && read_lines(symbols))
		return symbols;
	symbols_free(symbols);
	return NULL;
}

void symbols_free(struct symbols *symbols)
{
	if (!symbols)
		return;
	dwarf_end(symbols->dwarf);
	elf_end(symbols->elf);
	for (struct copy *copy = symbols->copies, *next; copy; copy = next) {
		next = copy->next;
		free(copy);
	}
	free(symbols->row);
	free(symbols->by_address);
	free(symbols->by_name);
	free(symbols->bytes);
	free(symbols->path);
	free(symbols);
}

const char *symbols_path(const struct symbols *symbols) { return symbols ? symbols->path : NULL; }

/* ---- names -------------------------------------------------------------- */

/* The last symbol that begins at an address or before it. */
static const struct symbol *last_before(const struct symbols *symbols, uint32_t address)
{
	size_t low = 0, high = symbols->n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (symbols->by_address[middle].address <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low > 0 ? &symbols->by_address[low - 1] : NULL;
}

const char *symbols_name(const struct symbols *symbols, uint32_t address, uint32_t *offset)
{
	const struct symbol *symbol = symbols ? last_before(symbols, address) : NULL;
	if (!symbol || address >= symbol->end)
		return NULL;
	if (offset)
		*offset = address - symbol->address;
	return symbol->name;
}

/* The first name that is not before a text, in n bytes of both. */
static size_t first_name(const struct symbols *symbols, const char *text, size_t n)
{
	size_t low = 0, high = symbols->n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (strncmp(symbols->by_name[middle].name, text, n) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool symbols_address(const struct symbols *symbols, const char *name, uint32_t *address)
{
	size_t i = symbols ? first_name(symbols, name, strlen(name) + 1) : 0;
	if (!symbols || i == symbols->n || strcmp(symbols->by_name[i].name, name) != 0)
		return false;
	*address = symbols->by_name[i].address;
	return true;
}

const char *symbols_match(const struct symbols *symbols, const char *prefix, unsigned n)
{
	size_t length = strlen(prefix);
	if (!symbols)
		return NULL;
	for (size_t i = first_name(symbols, prefix, length); i < symbols->n; i++) {
		const char *name = symbols->by_name[i].name;
		if (strncmp(name, prefix, length) != 0)
			return NULL;
		bool again = i > 0 && strcmp(name, symbols->by_name[i - 1].name) == 0;
		if (!again && n-- == 0)
			return name;
	}
	return NULL;
}

/* ---- source lines ------------------------------------------------------- */

struct source_line symbols_line(const struct symbols *symbols, uint32_t address)
{
	size_t low = 0, high = symbols ? symbols->rows : 0;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (symbols->row[middle].address <= address)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == 0 || symbols->row[low - 1].line == 0)
		return (struct source_line){ 0 };
	const struct row *row = &symbols->row[low - 1];
	return (struct source_line){ row->folder, row->file, row->line };
}

static FILE *open_in(const char *folder, const char *file)
{
	char *path;
	if (asprintf(&path, "%s/%s", folder, file) < 0)
		return NULL;
	FILE *source = fopen(path, "r");
	free(path);
	return source;
}

FILE *source_open(struct source_line at)
{
	FILE *source = at.folder && *at.file != '/' ? open_in(at.folder, at.file) : NULL;
	if (!source)
		source = fopen(at.file, "r");
	for (const char *part = at.file; !source && (part = strchr(part, '/'));)
		source = fopen(++part, "r");
	return source;
}

/* True iff a path is wanted, or ends with it after a slash. */
static bool same_file(const char *path, const char *wanted)
{
	size_t n = strlen(path), m = strlen(wanted);
	return m <= n && strcmp(path + n - m, wanted) == 0 && (m == n || path[n - m - 1] == '/');
}

/* A line without code means the next one that has some. */
bool symbols_line_address(const struct symbols *symbols, const char *file, unsigned line, uint32_t *address)
{
	const struct row *best = NULL;
	for (size_t i = 0; symbols && i < symbols->rows; i++) {
		const struct row *row = &symbols->row[i];
		if (row->begins && row->line >= line && (!best || row->line < best->line) && same_file(row->file, file))
			best = row;
	}
	if (best)
		*address = best->address;
	return best;
}
