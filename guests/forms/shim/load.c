/* The loader: puts a program for the handle library (handles.h) into storage, and binds the calls that it
 * imports by name: to the library itself, or to the shim, which translates each to calls of POSIX's
 * library (shim.c).  The program's file is the same either way.
 *
 *     shim [-n] [-c] PROGRAM     -n: its own library, not the shim; -c: say what calls cost
 *
 * A call that the library does not have, or the shim does not know, is found here, before the program
 * begins.  The program is trusted: it runs in this process, with the loader and both libraries.
 */

#include "library.h"
#include "program.h"

enum { NOT_A_PROGRAM = 126, NO_ENTRY_POINT = 127, USAGE = 125, PROGRAM_MOST = 1 << 20, IMPORTS_MOST = 32 };

typedef void function(void);

static const struct entry_point {
	const char *name;
	function *native, *shim; /* NULL: it does not know the call */
} calls[] = {
#define CALL(result, name, arguments, does) { #name, (function *)native_##name, (function *)shim_##name },
#define OWN(result, name, arguments, does)  { #name, (function *)native_##name, NULL },
#include "calls.def"
};

static struct {
	const char *path;
	bool native, counting;
	uint8_t *image;
} load;

static _Noreturn void refuse(const char *why)
{
	fprintf(stderr, "shim: %s: %s\n", load.path, why);
	exit(NOT_A_PROGRAM);
}

/* ---- calls counted ----------------------------------------------------------- */

extern uint32_t counted_calls[IMPORTS_MOST][2]; /* count.S: two instructions each */

static struct count {
	const struct entry_point *call;
	function *address;
	uint32_t times;
	uint64_t instructions, began;
} counts[IMPORTS_MOST];

static uint32_t clock_costs; /* what a look at the clock takes */

function *count_before(uint32_t n);
void count_after(uint32_t n);

function *count_before(uint32_t n)
{
	counts[n].times++;
	counts[n].began = os_clock();
	return counts[n].address;
}

void count_after(uint32_t n) { counts[n].instructions += os_clock() - counts[n].began - clock_costs; }

static void show_count(const char *name, const struct count *c)
{
	unsigned long each = c->times ? (unsigned long)(c->instructions / c->times) : 0;
	fprintf(stderr, "%-15s %6lu %20lu\n", name, (unsigned long)c->times, each);
}

static void show_counts(void)
{
	struct count all = { .times = 0 };
	fprintf(stderr, "%-15s %6s %20s\n", load.native ? "native" : "translated", "calls", "instructions a call");
	for (const struct count *c = counts; c < counts + IMPORTS_MOST && c->call; c++) {
		if (c->times == 0 || strcmp(c->call->name, "LeaveProgram") == 0)
			continue;
		show_count(c->call->name, c);
		all.times += c->times;
		all.instructions += c->instructions;
	}
	show_count("all", &all);
}

void program_end(uint32_t code)
{
	if (load.counting)
		show_counts();
	exit((int)(code & 0xFF));
}

/* ---- the program -------------------------------------------------------------- */

static const struct header *header(void) { return (const struct header *)(void *)load.image; }

static bool is_sound(const struct header *h)
{
	return h->file_bytes >= sizeof(*h) && h->bytes >= h->file_bytes && h->bytes <= PROGRAM_MOST &&
	       h->entry % 4 == 0 && h->entry < h->file_bytes &&
	       h->imports % 4 == 0 && h->imports <= h->imports_end && h->imports_end <= h->file_bytes &&
	       h->imports_end - h->imports <= IMPORTS_MOST * sizeof(struct import);
}

static void read_program(void)
{
	struct header h;
	int fd = open(load.path, O_RDONLY);
	if (fd < 0)
		exit(complain("shim", load.path) + NOT_A_PROGRAM - 1);
	if (read(fd, &h, sizeof(h)) != sizeof(h) || h.magic != PROGRAM_MAGIC)
		refuse("not a program for the handle library");
	if (!is_sound(&h))
		refuse("a damaged program");
	if (!(load.image = calloc(1, h.bytes)))
		refuse("there is not so much storage");
	memcpy(load.image, &h, sizeof(h));
	for (uint32_t at = sizeof(h); at < h.file_bytes;) {
		ssize_t n = read(fd, load.image + at, h.file_bytes - at);
		if (n <= 0)
			refuse("a damaged program");
		at += (uint32_t)n;
	}
	close(fd);
}

static const char *import_name(const struct import *import)
{
	const char *name = (const char *)load.image + import->name;
	if (import->name >= header()->file_bytes || !memchr(name, 0, header()->file_bytes - import->name))
		refuse("a damaged program");
	return name;
}

static const struct entry_point *find(const char *name)
{
	for (const struct entry_point *c = calls; c < calls + sizeof(calls) / sizeof(calls[0]); c++)
		if (strcmp(c->name, name) == 0)
			return c;
	return NULL;
}

static void bind(struct import *import, uint32_t n)
{
	const char *name = import_name(import);
	const struct entry_point *call = find(name);
	function *address = call ? load.native ? call->native : call->shim : NULL;
	if (!address) {
		fprintf(stderr, "shim: %s: entry point %s not found in the handle library\n", load.path, name);
		exit(NO_ENTRY_POINT);
	}
	counts[n] = (struct count){ .call = call, .address = address };
	import->address = (uint32_t)(load.counting ? (uintptr_t)counted_calls[n] : (uintptr_t)address);
}

static void bind_all(void)
{
	struct import *import = (struct import *)(void *)(load.image + header()->imports);
	uint32_t n = (header()->imports_end - header()->imports) / sizeof(*import);
	for (uint32_t i = 0; i < n; i++)
		bind(&import[i], i);
}

static _Noreturn void usage(void)
{
	fprintf(stderr, "usage: shim [-n] [-c] PROGRAM\n");
	exit(USAGE);
}

int main(int argc, char **argv)
{
	int i = 1;
	for (; i < argc && argv[i][0] == '-'; i++) {
		load.native |= strcmp(argv[i], "-n") == 0;
		load.counting |= strcmp(argv[i], "-c") == 0;
		if (strcmp(argv[i], "-n") != 0 && strcmp(argv[i], "-c") != 0)
			usage();
	}
	if (i + 1 != argc)
		usage();
	load.path = argv[i];
	read_program();
	bind_all();
	uint64_t before = os_clock();
	clock_costs = (uint32_t)(os_clock() - before);
	((function *)(uintptr_t)(load.image + header()->entry))();
	return 0;
}
