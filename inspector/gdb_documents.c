/* The documents that gdb asks for: registers, threads, storage, programs, processes.  See
 * gdb_target.h; called by gdb_target.c.
 */

#include <stdlib.h>
#include <string.h>

#include "gdb_inside.h"
#include "xml.h"

/* ---- registers ----------------------------------------------------------- */

/* The types of ra, sp and fp as gdb's own description of RV32 has them. */
static const char *type_of(unsigned x)
{
	return x == 1 ? "code_ptr" : x == 2 || x == 8 || x == 3 || x == 4 ? "data_ptr" : "int";
}

/* The rest of PG-32's state, numbered from GDB_STATUS on. */
static const struct {
	const char *name, *type;
	unsigned bits;
} system_registers[] = {
	{ "status", "status", 32 }, { "base", "uint32", 32 }, { "bound", "uint32", 32 }, { "timer", "uint32", 32 },
	{ "clock", "uint64", 64 },
};

_Static_assert(GDB_STATUS + sizeof(system_registers) / sizeof(*system_registers) == GDB_REGISTERS, "all are described");

static void write_system_registers(FILE *to)
{
	fputs("<feature name=\"org.droste.psw\">\n<flags id=\"status\" size=\"4\">\n"
	      "<field name=\"M\" start=\"0\" end=\"0\"/>\n<field name=\"IE\" start=\"1\" end=\"1\"/>\n"
	      "<field name=\"TE\" start=\"2\" end=\"2\"/>\n</flags>\n", to);
	for (unsigned i = 0; i < GDB_REGISTERS - GDB_STATUS; i++)
		fprintf(to, "<reg name=\"%s\" bitsize=\"%u\" regnum=\"%u\" type=\"%s\" group=\"system\"/>\n",
		        system_registers[i].name, system_registers[i].bits, GDB_STATUS + i, system_registers[i].type);
	fputs("</feature>\n", to);
}

/* Without the osabi, gdb takes the program for one of Linux and steps by planting
 * breakpoints. */
static bool write_features(const struct gdb_target *target, const char *annex, FILE *to)
{
	(void)target;
	if (strcmp(annex, "target.xml") != 0)
		return false;
	fputs("<?xml version=\"1.0\"?>\n<!DOCTYPE target SYSTEM \"gdb-target.dtd\">\n<target version=\"1.0\">\n"
	      "<architecture>riscv:rv32</architecture>\n<osabi>none</osabi>\n"
	      "<feature name=\"org.gnu.gdb.riscv.cpu\">\n", to);
	for (unsigned x = 0; x < 32; x++)
		fprintf(to, "<reg name=\"%s\" bitsize=\"32\" regnum=\"%u\" type=\"%s\"/>\n", isa_register_names[x], x, type_of(x));
	fprintf(to, "<reg name=\"pc\" bitsize=\"32\" regnum=\"%d\" type=\"code_ptr\"/>\n</feature>\n", GDB_PC);
	write_system_registers(to);
	fputs("</target>\n", to);
	return true;
}

/* ---- levels -------------------------------------------------------------- */

/* The VM's name, which is data from a monitor; the real machine has that of its program. */
static void put_name(const struct gdb_target *target, unsigned level, FILE *to)
{
	char name[32];
	const char *program = level == 0 ? program_name(target->inspector, level) : NULL;
	level_name(target->inspector, level, name, sizeof(name));
	xml_put(to, program ? program : name);
}

static void write_thread(const struct gdb_target *target, unsigned level, unsigned depth, FILE *to)
{
	fprintf(to, target->multiprocess ? "<thread id=\"p%x.1\" name=\"" : "<thread id=\"%x\" name=\"", level + 1);
	put_name(target, level, to);
	fprintf(to, "\">depth %u, %s</thread>\n", depth, level_status(target->inspector, level));
}

static bool write_threads(const struct gdb_target *target, const char *annex, FILE *to)
{
	unsigned n;
	const struct level *levels = session_levels(target->inspector->session, &n);
	if (*annex)
		return false;
	fputs("<?xml version=\"1.0\"?>\n<threads>\n", to);
	for (unsigned i = 0; i < n; i++)
		if (target->attached[i] && gdb_exists(target, i))
			write_thread(target, i, levels[i].depth, to);
	fputs("</threads>\n", to);
	return true;
}

static bool write_processes(const struct gdb_target *target, const char *annex, FILE *to)
{
	unsigned n;
	const struct level *levels = session_levels(target->inspector->session, &n);
	if (*annex && strcmp(annex, "processes") != 0)
		return false;
	fputs("<?xml version=\"1.0\"?>\n<!DOCTYPE target SYSTEM \"osdata.dtd\">\n<osdata type=\"processes\">\n", to);
	for (unsigned i = 0; i < n; i++) {
		fprintf(to, "<item><column name=\"pid\">%u</column><column name=\"user\">depth %u</column><column name=\"command\">",
		        i + 1, levels[i].depth);
		put_name(target, i, to);
		fprintf(to, "</column><column name=\"state\">%s</column></item>\n", level_status(target->inspector, i));
	}
	fputs("</osdata>\n", to);
	return true;
}

/* ---- storage and programs ------------------------------------------------ */

/* gdb keeps one map for all processes, and asks once: so it is the real machine's, in
 * which every other has its storage.  What is past a machine's own limits is refused when it is
 * read. */
static bool write_memory_map(const struct gdb_target *target, const char *annex, FILE *to)
{
	if (*annex)
		return false;
	fprintf(to, "<?xml version=\"1.0\"?>\n<!DOCTYPE memory-map PUBLIC \"+//IDN gnu.org//DTD GDB Memory Map V1.0//EN\" "
	        "\"http://sourceware.org/gdb/gdb-memory-map.dtd\">\n<memory-map>\n"
	        "<memory type=\"ram\" start=\"0x0\" length=\"0x%x\"/>\n</memory-map>\n",
	        machine_storage_size(session_machine(target->inspector->session)));
	return true;
}

static bool write_exec_file(const struct gdb_target *target, const char *annex, FILE *to)
{
	char *end;
	unsigned long process = *annex ? strtoul(annex, &end, 16) : target->level + 1;
	if (*annex && *end)
		return false;
	const struct symbols *program = process > 0 && process <= LEVELS_MOST
		? inspector_symbols(target->inspector, (unsigned)process - 1) : NULL;
	if (program)
		fputs(symbols_path(program), to);
	return program != NULL;
}

/* To add a document: a row here, and the function that writes it. */
const struct gdb_document gdb_documents[] = {
	{ "features", write_features },
	{ "threads", write_threads },
	{ "osdata", write_processes },
	{ "memory-map", write_memory_map },
	{ "exec-file", write_exec_file },
	{ 0 },
};

/* ---- a part of one ------------------------------------------------------- */

/* OBJECT:read:ANNEX:OFFSET,LENGTH. */
struct request {
	const struct gdb_document *document;
	char annex[32];
	uint64_t offset, length;
};

static bool scan_request(struct gdb_scan *scan, struct request *request)
{
	const struct gdb_document *document = gdb_documents;
	while (document->name && !gdb_scan_is(scan, document->name))
		document++;
	request->document = document;
	if (!document->name || !gdb_scan_is(scan, ":read:"))
		return false;
	const char *colon = memchr(scan->at, ':', (size_t)(scan->end - scan->at));
	if (!colon || (size_t)(colon - scan->at) >= sizeof(request->annex))
		return false;
	memcpy(request->annex, scan->at, (size_t)(colon - scan->at));
	request->annex[colon - scan->at] = '\0';
	scan->at = colon + 1;
	return gdb_scan_number(scan, &request->offset) && gdb_scan_is(scan, ",") && gdb_scan_number(scan, &request->length);
}

static void put_part(const char *text, size_t size, const struct request *request, struct gdb_text *answer)
{
	if (request->offset > size) {
		gdb_put_error(answer, ERROR_SYNTAX);
		return;
	}
	size_t left = size - request->offset;
	size_t n = request->length < left ? request->length : left;
	gdb_put(answer, "m");
	if (gdb_put_binary(answer, text + request->offset, n) == left)
		answer->bytes[0] = 'l';
}

HANDLER(gdb_give_document)
{
	struct request request;
	char *text = NULL;
	size_t size = 0;
	FILE *to = scan_request(scan, &request) ? open_memstream(&text, &size) : NULL;
	bool written = to && request.document->write(target, request.annex, to);
	if (to && fclose(to) == 0 && written)
		put_part(text, size, &request, answer);
	else
		gdb_put_error(answer, ERROR_NO_SUCH);
	free(text);
	return GDB_GO_ON;
}
