/* Every guest at depths 0 to 3, and side by side: the expectations at its head hold
 * at every depth, and a virtual machine ends with the very storage, registers, PSW,
 * clock, disk and output with which the bare machine of the same size ends.  A hostile guest is run
 * beside one that behaves, whose run must not change.
 *
 *     guests MONITOR ELF-FOLDER SOURCE...     all of it for these guests
 *
 * The guest of guests/NAME.c is ELF-FOLDER/NAME.elf; see guests/README.md for
 * what its first lines may say.  Called by `make check`.
 */

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inspector/levels.h"

enum { DEEPEST = 3, GUESTS_MOST = 128, SIDE_BY_SIDE = 3 };

#define STEPS_MOST UINT64_C(20000000000)

struct text {
	char *bytes;
	size_t n;
};

/* A guest and what its source says of it. */
struct guest {
	char name[64];
	struct text elf, output, input[2]; /* of line 0; of each other */
	enum machine_end end;
	unsigned exit_code;
	uint32_t memory, disk;
	unsigned lines;
};

/* All that is left when a guest has ended, on whatever machine it ran. */
struct outcome {
	bool ended;
	enum machine_end end;
	unsigned exit_code;
	uint32_t size;
	uint8_t *storage;
	uint32_t x[32];
	struct psw psw;
	uint64_t clock;
	bool trapped;
	struct text disk;
	struct text output[LINES_MOST];
};

static unsigned passed, failed;

/* ---- small things ------------------------------------------------------- */

static void *must(void *p)
{
	if (!p) {
		fprintf(stderr, "guests: out of memory\n");
		exit(1);
	}
	return p;
}

static void append(struct text *to, const void *bytes, size_t n)
{
	to->bytes = must(realloc(to->bytes, to->n + n + 1));
	if (n > 0)
		memcpy(to->bytes + to->n, bytes, n);
	to->n += n;
	to->bytes[to->n] = '\0';
}

static bool same_text(const struct text *a, const struct text *b)
{
	return a->n == b->n && (a->n == 0 || memcmp(a->bytes, b->bytes, a->n) == 0);
}

static struct text read_file(const char *path)
{
	struct text text = { NULL, 0 };
	FILE *file = fopen(path, "rb");
	if (!file) {
		fprintf(stderr, "guests: cannot read %s\n", path);
		exit(1);
	}
	char part[4096];
	for (size_t n; (n = fread(part, 1, sizeof(part), file)) > 0;)
		append(&text, part, n);
	fclose(file);
	return text;
}

/* Counts a check, and says which if it failed. */
static bool check(bool good, const char *format, ...)
{
	if (good) {
		passed++;
		return true;
	}
	failed++;
	va_list args;
	va_start(args, format);
	fprintf(stderr, "guests: ");
	vfprintf(stderr, format, args);
	fprintf(stderr, "\n");
	va_end(args);
	return false;
}

/* ---- what a source says ------------------------------------------------- */

/* The C string at s, quotes and all, appended to text. */
static void append_string(struct text *text, const char *s, const char *where)
{
	static const char from[] = "ntrb\"\\", to[] = "\n\t\r\b\"\\";
	if (*s++ != '"') {
		fprintf(stderr, "guests: %s: a text is not in quotes\n", where);
		exit(1);
	}
	for (; *s && *s != '"'; s++) {
		char c = *s;
		if (c == '\\' && s[1] == 'x') {
			char digits[3] = { s[2], s[2] ? s[3] : '\0', '\0' };
			c = (char)strtoul(digits, NULL, 16);
			s += 1 + strlen(digits);
		} else if (c == '\\') {
			const char *known = strchr(from, *++s);
			c = known ? to[known - from] : *s;
		}
		append(text, &c, 1);
	}
}

static enum machine_end end_named(const char *name, const char *where)
{
	for (int end = 0; end < MACHINE_ENDS; end++)
		if (strncmp(name, machine_end_names[end], strlen(machine_end_names[end])) == 0)
			return (enum machine_end)end;
	fprintf(stderr, "guests: %s: no such end: %s\n", where, name);
	exit(1);
}

static void read_line(struct guest *guest, const char *key, const char *value)
{
	if (strcmp(key, "expect-exit") == 0)
		guest->exit_code = (unsigned)strtoul(value, NULL, 0);
	else if (strcmp(key, "expect-end") == 0)
		guest->end = end_named(value, guest->name);
	else if (strcmp(key, "expect-output") == 0)
		append_string(&guest->output, value, guest->name);
	else if (strcmp(key, "input") == 0)
		append_string(&guest->input[0], value, guest->name);
	else if (strcmp(key, "input-on-1") == 0)
		append_string(&guest->input[1], value, guest->name);
	else if (strcmp(key, "memory") == 0)
		guest->memory = (uint32_t)strtoul(value, NULL, 0);
	else if (strcmp(key, "disk") == 0)
		guest->disk = (uint32_t)strtoul(value, NULL, 0);
	else if (strcmp(key, "lines") == 0)
		guest->lines = (unsigned)strtoul(value, NULL, 0);
}

static void read_source(struct guest *guest, const char *path)
{
	struct text source = read_file(path);
	char key[32];
	int at;
	for (char *line = strtok(source.bytes, "\n"); line; line = strtok(NULL, "\n")) {
		at = 0;
		if (sscanf(line, "// %31[a-z0-9-]: %n", key, &at) == 1 && at > 0)
			read_line(guest, key, line + at);
	}
	free(source.bytes);
}

static void guest_read(struct guest *guest, const char *source, const char *elf_folder)
{
	*guest = (struct guest){ .end = MACHINE_HALTED, .memory = 1 << 20, .disk = 16, .lines = 1 };
	const char *slash = strrchr(source, '/');
	snprintf(guest->name, sizeof(guest->name), "%s", slash ? slash + 1 : source);
	guest->name[strcspn(guest->name, ".")] = '\0';
	read_source(guest, source);
	char path[512];
	snprintf(path, sizeof(path), "%s/%s.elf", elf_folder, guest->name);
	guest->elf = read_file(path);
}

/* ---- a machine to run on ------------------------------------------------ */

struct bench {
	struct vm_plan plan;
	struct machine *m;
	struct text output[LINES_MOST];
};

static void take_output(void *self, unsigned line, const uint8_t *bytes, size_t n)
{
	struct bench *bench = self;
	append(&bench->output[line], bytes, n);
}

static void refused(const struct refusal *why)
{
	fprintf(stderr, "guests: %s\n", why->text);
	exit(1);
}

static struct vm_plan plan_of(const struct guest *guest)
{
	struct refusal why;
	struct vm_plan vm = { .storage = guest->memory, .lines = guest->lines };
	if (!disk_from_file(&vm.disk, guest->elf.bytes, guest->elf.n, guest->disk, &why))
		refused(&why);
	plan_set_name(&vm, guest->name);
	return vm;
}

/* The machine in which depth monitors, one under the other, host the guests; the
 * bare one if depth is 0. */
static struct vm_plan plan_under(const struct text *monitor, unsigned depth, const struct guest *const *guests, unsigned n)
{
	struct vm_plan vms[SIDE_BY_SIDE], machine;
	struct pack_monitor monitors[DEEPEST];
	struct refusal why;
	for (unsigned i = 0; i < n; i++)
		vms[i] = plan_of(guests[i]);
	if (depth == 0)
		return vms[0];
	for (unsigned i = 0; i < depth; i++)
		monitors[i] = (struct pack_monitor){ monitor->bytes, monitor->n, "monitor.elf" };
	if (!pack_stack(&machine, monitors, depth, vms, n, &why))
		refused(&why);
	for (unsigned i = 0; i < n; i++)
		disk_free(&vms[i].disk);
	return machine;
}

static void bench_make(struct bench *bench, struct vm_plan plan)
{
	struct refusal why;
	*bench = (struct bench){ .plan = plan };
	bench->m = machine_new(&(struct machine_config){ .storage = plan.storage, .lines = plan.lines }, &why);
	if (!bench->m)
		refused(&why);
	machine_set_console(bench->m, &(struct console_host){ bench, take_output, NULL });
	machine_attach_disk(bench->m, plan.disk.image, plan.disk.sectors);
}

static void bench_free(struct bench *bench)
{
	machine_free(bench->m);
	disk_free(&bench->plan.disk);
	for (unsigned line = 0; line < LINES_MOST; line++)
		free(bench->output[line].bytes);
}

/* All input of a guest's lines, which begin at first. */
static void give_input(struct machine *m, const struct guest *guest, unsigned first)
{
	for (unsigned line = 0; line < guest->lines; line++) {
		const struct text *input = &guest->input[line > 0];
		if (!machine_input(m, first + line, input->bytes, input->n))
			must(NULL);
	}
}

/* The whole input of each guest waits, and all lines have ended; then the machine runs to
 * its end. */
static void bench_run(struct bench *bench, const struct guest *const *guests, const unsigned *first_lines, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		give_input(bench->m, guests[i], first_lines[i]);
	for (unsigned line = 0; line < bench->plan.lines; line++)
		machine_input_ends(bench->m, line);
	machine_ipl(bench->m);
	machine_run(bench->m, STEPS_MOST);
}

/* ---- what is left ------------------------------------------------------- */

static void outcome_free(struct outcome *o)
{
	free(o->storage);
	free(o->disk.bytes);
	for (unsigned line = 0; line < LINES_MOST; line++)
		free(o->output[line].bytes);
}

static void take_storage(struct outcome *o, const struct bench *bench, uint32_t real, uint32_t size)
{
	o->size = size;
	o->storage = must(malloc(size));
	machine_read(bench->m, real, o->storage, size);
}

static void take_lines(struct outcome *o, const struct bench *bench, unsigned first, unsigned lines)
{
	for (unsigned line = 0; line < lines; line++)
		append(&o->output[line], bench->output[first + line].bytes, bench->output[first + line].n);
}

static struct outcome outcome_bare(const struct bench *bench)
{
	const struct machine *m = bench->m;
	struct outcome o = {
		.ended = machine_end(m) != MACHINE_RUNNING, .end = machine_end(m), .exit_code = machine_exit_code(m),
		.psw = machine_psw(m), .clock = machine_clock(m), .trapped = machine_trapped(m),
	};
	for (unsigned x = 0; x < 32; x++)
		o.x[x] = machine_register(m, x);
	take_storage(&o, bench, 0, machine_storage_size(m));
	take_lines(&o, bench, 0, machine_lines(m));
	append(&o.disk, bench->plan.disk.image, (size_t)bench->plan.disk.sectors * SECTOR);
	return o;
}

/* A VM that waits for ever is still waiting in the table. */
static enum machine_end end_of_vm(uint32_t state)
{
	switch (state) {
	case VM_HALTED: return MACHINE_HALTED;
	case VM_CHECK_STOPPED: return MACHINE_CHECK_STOPPED;
	case VM_WAITING: case VM_DISABLED_WAIT: return MACHINE_DISABLED_WAIT;
	}
	return MACHINE_RUNNING;
}

static struct outcome outcome_vm(const struct bench *bench, const struct level *vm, const struct disk_node *place)
{
	const struct vm_entry *e = &vm->entry;
	struct outcome o = {
		.ended = machine_end(bench->m) != MACHINE_RUNNING, .end = end_of_vm(e->state), .exit_code = e->exit_code,
		.psw = e->psw, .clock = e->clock[0] | (uint64_t)e->clock[1] << 32, .trapped = e->trapped,
	};
	memcpy(o.x, e->x, sizeof(o.x));
	take_storage(&o, bench, vm->real, vm->size);
	take_lines(&o, bench, place->first_line, place->lines);
	append(&o.disk, bench->plan.disk.image + (size_t)place->first_sector * SECTOR, (size_t)place->sectors * SECTOR);
	return o;
}

/* ---- running guests under monitors -------------------------------------- */

struct places {
	unsigned depth, n;
	struct disk_node node[SIDE_BY_SIDE];
};

static void add_place(void *self, const struct disk_node *node)
{
	struct places *places = self;
	if (node->depth == places->depth && places->n < SIDE_BY_SIDE)
		places->node[places->n++] = *node;
}

/* The i-th machine at depth. */
static const struct level *level_at(const struct level *levels, unsigned n, unsigned depth, unsigned i)
{
	for (unsigned k = 0; k < n; k++)
		if (levels[k].depth == depth && i-- == 0)
			return &levels[k];
	return NULL;
}

/* Runs them side by side at depth; false if one of them cannot be found at the end. */
static bool run_under(const struct text *monitor, unsigned depth, const struct guest *const *guests, unsigned n,
                      struct outcome *outcomes, enum machine_end *end, unsigned *code)
{
	struct bench bench;
	bench_make(&bench, plan_under(monitor, depth, guests, n));
	struct places places = { .depth = depth };
	struct refusal why;
	if (!disk_walk(bench.plan.disk.image, bench.plan.disk.sectors, add_place, &places, &why))
		refused(&why);
	unsigned first_lines[SIDE_BY_SIDE];
	for (unsigned i = 0; i < n; i++)
		first_lines[i] = places.node[i].first_line;
	bench_run(&bench, guests, first_lines, n);
	*end = machine_end(bench.m);
	*code = machine_exit_code(bench.m);

	static struct level levels[LEVELS_MOST];
	unsigned found = levels_find(bench.m, levels, LEVELS_MOST);
	bool all = true;
	for (unsigned i = 0; i < n; i++) {
		const struct level *vm = level_at(levels, found, depth, i);
		outcomes[i] = vm ? outcome_vm(&bench, vm, &places.node[i]) : (struct outcome){ 0 };
		all &= vm != NULL;
	}
	bench_free(&bench);
	return all;
}

static struct outcome run_bare(const struct guest *guest)
{
	struct bench bench;
	bench_make(&bench, plan_under(NULL, 0, &guest, 1));
	bench_run(&bench, &guest, &(unsigned){ 0 }, 1);
	struct outcome o = outcome_bare(&bench);
	bench_free(&bench);
	return o;
}

/* ---- judging ------------------------------------------------------------ */

static void check_expected(const struct guest *g, const struct outcome *o, const char *where)
{
	check(o->ended, "%s %s: still running after %llu steps", g->name, where, (unsigned long long)STEPS_MOST);
	check(o->end == g->end, "%s %s: ends in %s, not %s", g->name, where, machine_end_names[o->end], machine_end_names[g->end]);
	check(g->end != MACHINE_HALTED || o->exit_code == g->exit_code, "%s %s: exits with %u, not %u", g->name, where,
	      o->exit_code, g->exit_code);
	check(same_text(&o->output[0], &g->output), "%s %s: writes\n%s\nand not\n%s", g->name, where,
	      o->output[0].bytes ? o->output[0].bytes : "", g->output.bytes ? g->output.bytes : "");
}

static uint32_t first_difference(const struct outcome *a, const struct outcome *b)
{
	uint32_t at = 0;
	while (at < a->size && a->storage[at] == b->storage[at])
		at++;
	return at;
}

/* All that the machine is, to the last bit. */
static void check_same(const struct guest *g, const struct outcome *bare, const struct outcome *vm, const char *where)
{
	if (!check(vm->storage != NULL, "%s %s: not in its monitor's table", g->name, where))
		return;
	const struct psw *p = &bare->psw, *q = &vm->psw;
	check(vm->end == bare->end && vm->exit_code == bare->exit_code, "%s %s: ends in %s with %u, bare in %s with %u",
	      g->name, where, machine_end_names[vm->end], vm->exit_code, machine_end_names[bare->end], bare->exit_code);
	check(memcmp(p, q, sizeof(*p)) == 0, "%s %s: PSW (0x%x, %u, 0x%x, 0x%x, %u), bare (0x%x, %u, 0x%x, 0x%x, %u)", g->name,
	      where, q->pc, q->status, q->base, q->bound, q->timer, p->pc, p->status, p->base, p->bound, p->timer);
	for (unsigned x = 0; x < 32; x++)
		check(vm->x[x] == bare->x[x], "%s %s: x%u is 0x%x, bare 0x%x", g->name, where, x, vm->x[x], bare->x[x]);
	check(vm->clock == bare->clock, "%s %s: clock %llu, bare %llu", g->name, where, (unsigned long long)vm->clock,
	      (unsigned long long)bare->clock);
	check(vm->trapped == bare->trapped, "%s %s: trapped is %d, bare %d", g->name, where, vm->trapped, bare->trapped);
	check(vm->size == bare->size && memcmp(vm->storage, bare->storage, bare->size) == 0,
	      "%s %s: storage differs from the bare run's at 0x%x", g->name, where, first_difference(vm, bare));
	check(same_text(&vm->disk, &bare->disk), "%s %s: the disk differs from the bare run's", g->name, where);
	for (unsigned line = 0; line < g->lines; line++)
		check(same_text(&vm->output[line], &bare->output[line]), "%s %s: output on line %u differs from the bare run's",
		      g->name, where, line);
}

/* Alone at every depth; the real machine ends as the guest does. */
static struct outcome check_alone(const struct text *monitor, const struct guest *g)
{
	struct outcome bare = run_bare(g);
	check_expected(g, &bare, "bare");
	for (unsigned depth = 1; depth <= DEEPEST && bare.ended; depth++) {
		char where[32];
		snprintf(where, sizeof(where), "at depth %u", depth);
		struct outcome vm;
		enum machine_end end;
		unsigned code;
		run_under(monitor, depth, &g, 1, &vm, &end, &code);
		check_expected(g, &vm, where);
		check_same(g, &bare, &vm, where);
		check(end == bare.end && code == bare.exit_code, "%s %s: the real machine ends in %s with %u", g->name, where,
		      machine_end_names[end], code);
		outcome_free(&vm);
	}
	return bare;
}

/* Side by side at depth: each equals its own bare run. */
static void check_beside(const struct text *monitor, unsigned depth, const struct guest *const *guests,
                         const struct outcome *const *bare, unsigned n)
{
	struct outcome vms[SIDE_BY_SIDE];
	enum machine_end end;
	unsigned code;
	run_under(monitor, depth, guests, n, vms, &end, &code);
	for (unsigned i = 0; i < n; i++) {
		char where[200];
		snprintf(where, sizeof(where), "at depth %u beside %s%s%s", depth, guests[(i + 1) % n]->name,
		         n > 2 ? " and " : "", n > 2 ? guests[(i + 2) % n]->name : "");
		check_expected(guests[i], &vms[i], where);
		check_same(guests[i], bare[i], &vms[i], where);
		outcome_free(&vms[i]);
	}
}

/* ---- all of them -------------------------------------------------------- */

static bool hostile(const struct guest *g) { return strncmp(g->name, "hostile", 7) == 0; }

/* Guests i, i + step, ... of all, n of them, at depth. */
static void check_group(const struct text *monitor, unsigned depth, const struct guest *guests, const struct outcome *bare,
                        unsigned all, unsigned i, unsigned step, unsigned n)
{
	const struct guest *g[SIDE_BY_SIDE];
	const struct outcome *b[SIDE_BY_SIDE];
	for (unsigned k = 0; k < n; k++) {
		g[k] = &guests[(i + k * step) % all];
		b[k] = &bare[(i + k * step) % all];
	}
	check_beside(monitor, depth, g, b, n);
}

/* Each beside the next, and beside the next two: so every guest has neighbours on
 * both sides; every hostile one beside each of the first few that behave. */
static void check_all_beside(const struct text *monitor, const struct guest *guests, const struct outcome *bare, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		check_group(monitor, 1, guests, bare, n, i, 1, 2);
		check_group(monitor, 1 + i % 2, guests, bare, n, i, 1, 3);
		for (unsigned k = 0, peers = 0; hostile(&guests[i]) && k < n && peers < 3; k++)
			if (!hostile(&guests[k])) {
				check_group(monitor, 1, guests, bare, n, i, (k + n - i) % n, 2);
				peers++;
			}
	}
}

int main(int argc, char **argv)
{
	if (argc < 4 || argc - 3 > GUESTS_MOST) {
		fprintf(stderr, "usage: guests MONITOR ELF-FOLDER SOURCE...\n");
		return 1;
	}
	struct text monitor = read_file(argv[1]);
	static struct guest guests[GUESTS_MOST];
	static struct outcome bare[GUESTS_MOST];
	unsigned n = (unsigned)argc - 3;
	for (unsigned i = 0; i < n; i++)
		guest_read(&guests[i], argv[3 + i], argv[2]);
	for (unsigned i = 0; i < n; i++)
		bare[i] = check_alone(&monitor, &guests[i]);
	if (n > 1)
		check_all_beside(&monitor, guests, bare, n);
	for (unsigned i = 0; i < n; i++) {
		outcome_free(&bare[i]);
		free(guests[i].elf.bytes);
		free(guests[i].output.bytes);
		free(guests[i].input[0].bytes);
		free(guests[i].input[1].bytes);
	}
	free(monitor.bytes);
	printf("%u passed, %u failed\n", passed, failed);
	return failed > 0;
}
