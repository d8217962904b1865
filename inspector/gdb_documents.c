/* The documents that gdb asks for: registers, threads, storage, programs, processes.  See
 * gdb_target.h; called by gdb_target.c.
 */

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "gdb_inside.h"

/* ---- registers ----------------------------------------------------------- */

static const char *const abi_names[32] = {
	"zero", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "fp", "s1", "a0", "a1", "a2", "a3", "a4", "a5",
	"a6", "a7", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6",
};

/* The types of ra, sp and fp as gdb's own description of RV32 has them. */
static const char *type_of(unsigned x)
{
	return x == 1 ? "code_ptr" : x == 2 || x == 8 || x == 3 || x == 4 ? "data_ptr" : "int";
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
		fprintf(to, "<reg name=\"%s\" bitsize=\"32\" regnum=\"%u\" type=\"%s\"/>\n", abi_names[x], x, type_of(x));
	fprintf(to, "<reg name=\"pc\" bitsize=\"32\" regnum=\"%d\" type=\"code_ptr\"/>\n</feature>\n"
	        "<feature name=\"org.droste.psw\">\n<flags id=\"status\" size=\"4\">\n"
	        "<field name=\"M\" start=\"0\" end=\"0\"/>\n<field name=\"IE\" start=\"1\" end=\"1\"/>\n"
	        "<field name=\"TE\" start=\"2\" end=\"2\"/>\n</flags>\n"
	        "<reg name=\"status\" bitsize=\"32\" regnum=\"%d\" type=\"status\" group=\"system\"/>\n"
	        "<reg name=\"base\" bitsize=\"32\" regnum=\"%d\" type=\"uint32\" group=\"system\"/>\n"
	        "<reg name=\"bound\" bitsize=\"32\" regnum=\"%d\" type=\"uint32\" group=\"system\"/>\n"
	        "<reg name=\"timer\" bitsize=\"32\" regnum=\"%d\" type=\"uint32\" group=\"system\"/>\n"
	        "<reg name=\"clock\" bitsize=\"64\" regnum=\"%d\" type=\"uint64\" group=\"system\"/>\n</feature>\n</target>\n",
	        GDB_PC, GDB_STATUS, GDB_BASE, GDB_BOUND, GDB_TIMER, GDB_CLOCK);
	return true;
}

/* ---- levels -------------------------------------------------------------- */

void gdb_level_name(const struct gdb_target *target, unsigned level, char *to, size_t n)
{
	unsigned levels_n;
	const struct level *levels = session_levels(target->inspector->session, &levels_n);
	const struct symbols *program = inspector_symbols(target->inspector, level);
	const char *path = program ? symbols_path(program) : NULL;
	const char *slash = path ? strrchr(path, '/') : NULL;
	char name[NAME_BYTES + 1] = { 0 };
	if (level < levels_n && levels[level].parent >= 0)
		memcpy(name, levels[level].entry.name, NAME_BYTES);
	snprintf(to, n, "%s", name[0] ? name : slash ? slash + 1 : path ? path : "machine");
	for (char *c = to; *c; c++)
		if (!isalnum((unsigned char)*c) && !strchr("._+-", *c))
			*c = '?';
}

static const char *const vm_state_names[VM_STATES] = {
	"empty", "runnable", "waiting", "halted", "check-stopped", "disabled wait",
};

static const char *state_name(const struct level_state *state)
{
	if (!state->exists)
		return "gone";
	if (state->running)
		return "running";
	return state->vm < VM_STATES ? vm_state_names[state->vm] : "unknown";
}

static bool write_threads(const struct gdb_target *target, const char *annex, FILE *to)
{
	unsigned n;
	const struct level *levels = session_levels(target->inspector->session, &n);
	if (*annex)
		return false;
	fputs("<?xml version=\"1.0\"?>\n<threads>\n", to);
	for (unsigned i = 0; i < n; i++) {
		struct level_state state;
		char name[64];
		session_state(target->inspector->session, i, &state);
		gdb_level_name(target, i, name, sizeof(name));
		if (target->attached[i] && state.exists)
			fprintf(to, target->multiprocess ? "<thread id=\"p%x.1\" name=\"%s\">depth %u, %s</thread>\n"
			                                 : "<thread id=\"%x\" name=\"%s\">depth %u, %s</thread>\n",
			        i + 1, name, levels[i].depth, state_name(&state));
	}
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
		struct level_state state;
		char name[64];
		session_state(target->inspector->session, i, &state);
		gdb_level_name(target, i, name, sizeof(name));
		fprintf(to, "<item><column name=\"pid\">%u</column><column name=\"user\">depth %u</column>"
		        "<column name=\"command\">%s</column><column name=\"state\">%s</column></item>\n",
		        i + 1, levels[i].depth, name, state_name(&state));
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
