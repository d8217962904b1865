/* The two machines of twins.h. */

#include "twins.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* FNV-1a, continued. */
static uint64_t hash(uint64_t so_far, const void *bytes, size_t n)
{
	const uint8_t *b = bytes;
	for (size_t i = 0; i < n; i++)
		so_far = (so_far ^ b[i]) * UINT64_C(0x100000001B3);
	return so_far;
}

static void take_output(void *self, unsigned line, const uint8_t *bytes, size_t n)
{
	struct twin *twin = self;
	twin->output[line] = hash(twin->output[line] + 1, bytes, n);
}

/* ---- what an observer is told ------------------------------------------- */

static void told(struct twin *twin, uint32_t what, uint32_t a, uint32_t b)
{
	uint32_t event[] = { what, a, b };
	twin->events = hash(twin->events, event, sizeof(event));
}

static void see_trap(void *self, struct machine *m, struct psw old, enum cause cause, uint32_t tval)
{
	(void)m;
	told(self, 1, old.pc, (uint32_t)cause ^ tval);
}

static void see_system(void *self, struct machine *m, enum insn insn, struct psw before)
{
	(void)m;
	told(self, 2, insn, before.pc);
}

static void see_transfer(void *self, struct machine *m, const struct command_block *block, enum condition cc)
{
	(void)m;
	told(self, 3, block->result, cc);
}

static void see_store(void *self, struct machine *m, uint32_t real, uint32_t n)
{
	(void)m;
	told(self, 4, real, n);
}

static void see_interception(void *self, struct machine *m, struct psw old, enum interception code, uint32_t parameter)
{
	(void)m;
	told(self, 5, old.pc ^ (uint32_t)code, parameter);
}

static void observe(struct twin *twin, bool on)
{
	struct observer observer = { twin, see_trap, see_system, see_transfer, see_store, see_interception };
	machine_observe(twin->m, on ? &observer : NULL);
}

/* ---- making them and doing the same to both ------------------------------ */

static void make(struct twin *twin, const struct machine_config *config)
{
	struct refusal why;
	twin->m = machine_new(config, &why);
	if (!twin->m) {
		fprintf(stderr, "%s\n", why.text);
		exit(1);
	}
	machine_set_console(twin->m, &(struct console_host){ twin, take_output, NULL });
	machine_attach_disk(twin->m, twin->disk, TWIN_DISK_SECTORS);
}

struct twins *twins_new(uint32_t storage, unsigned lines, const struct profile *profile)
{
	struct twins *twins = calloc(1, sizeof(*twins));
	if (!twins)
		exit(1);
	make(&twins->fast, &(struct machine_config){ storage, lines, profile, false });
	make(&twins->plain, &(struct machine_config){ storage, lines, profile, true });
	return twins;
}

void twins_free(struct twins *twins)
{
	machine_free(twins->fast.m);
	machine_free(twins->plain.m);
	free(twins);
}

#define BOTH(call) \
	do { \
		struct twin *twin = &twins->fast; \
		call; \
		twin = &twins->plain; \
		call; \
	} while (0)

void twins_set_psw(struct twins *twins, struct psw psw) { BOTH(machine_set_psw(twin->m, psw)); }
void twins_set_register(struct twins *twins, unsigned x, uint32_t value) { BOTH(machine_set_register(twin->m, x, value)); }
void twins_write(struct twins *twins, uint32_t real, const void *bytes, size_t n) { BOTH(machine_write(twin->m, real, bytes, n)); }
void twins_input(struct twins *twins, unsigned line, const void *bytes, size_t n) { BOTH(machine_input(twin->m, line, bytes, n)); }
void twins_input_ends(struct twins *twins, unsigned line) { BOTH(machine_input_ends(twin->m, line)); }
void twins_observe(struct twins *twins, bool on) { BOTH(observe(twin, on)); }
void twins_watch(struct twins *twins, uint32_t real, bool on) { BOTH(machine_watch(twin->m, real, on)); }
void twins_break(struct twins *twins, uint32_t real, bool on) { BOTH(machine_break(twin->m, real, on)); }
void twins_ipl(struct twins *twins) { BOTH(machine_ipl(twin->m)); }

void twins_set_clock(struct twins *twins, uint64_t clock, bool trapped)
{
	BOTH((machine_set_clock(twin->m, clock), machine_set_trapped(twin->m, trapped)));
}

void twins_run(struct twins *twins, uint64_t steps)
{
	twins->fast.stop = machine_run(twins->fast.m, steps);
	twins->plain.stop = machine_run_plain(twins->plain.m, steps);
}

/* ---- comparing ---------------------------------------------------------- */

static bool differ(char *why, size_t n, const char *what, uint64_t fast, uint64_t plain)
{
	snprintf(why, n, "%s: engine 0x%llx, plain 0x%llx", what, (unsigned long long)fast, (unsigned long long)plain);
	return false;
}

static bool same_psw(struct psw a, struct psw b, char *why, size_t n)
{
	static const char *const names[5] = { "pc", "status", "base", "bound", "timer" };
	uint32_t x[5] = { a.pc, a.status, a.base, a.bound, a.timer }, y[5] = { b.pc, b.status, b.base, b.bound, b.timer };
	for (int i = 0; i < 5; i++)
		if (x[i] != y[i])
			return differ(why, n, names[i], x[i], y[i]);
	return true;
}

static bool same_guest(const struct twins *twins, char *why, size_t n)
{
	struct machine_guest a = { 0 }, b = { 0 };
	if (machine_guest(twins->fast.m, &a) != machine_guest(twins->plain.m, &b))
		return differ(why, n, "storage of a guest", a.extent, b.extent);
	if (!same_psw(a.psw, b.psw, why, n) || !same_psw(a.host, b.host, why, n))
		return false;
	if (a.origin != b.origin || a.extent != b.extent || a.description != b.description)
		return differ(why, n, "a guest's storage", a.origin, b.origin);
	return (a.clock == b.clock && a.trapped == b.trapped && a.pending == b.pending) ||
	       differ(why, n, "a guest's clock, trapped bit or pending lines", a.clock, b.clock);
}

static bool same_storage(const struct twins *twins, char *why, size_t n)
{
	uint32_t size = machine_storage_size(twins->plain.m);
	const uint8_t *a = machine_storage(twins->fast.m), *b = machine_storage(twins->plain.m);
	if (memcmp(a, b, size) == 0)
		return true;
	uint32_t at = 0;
	while (a[at] == b[at])
		at++;
	char what[32];
	snprintf(what, sizeof(what), "storage at 0x%x", at);
	return differ(why, n, what, a[at], b[at]);
}

static bool same_line(const struct twins *twins, unsigned line, char *why, size_t n)
{
	struct line_state a = machine_line(twins->fast.m, line), b = machine_line(twins->plain.m, line);
	if (a.armed != b.armed || a.pending != b.pending || a.waiting != b.waiting)
		return differ(why, n, "bytes waiting on a line, or its state", a.waiting, b.waiting);
	return twins->fast.output[line] == twins->plain.output[line] || differ(why, n, "output of line", line, line);
}

static bool same_counts(const struct twins *twins, char *why, size_t n)
{
	struct machine_counts a = machine_counts(twins->fast.m), b = machine_counts(twins->plain.m);
	if (a.instructions != b.instructions)
		return differ(why, n, "instructions", a.instructions, b.instructions);
	for (int code = 0; code < INTERCEPTIONS; code++)
		if (a.interceptions[code] != b.interceptions[code])
			return differ(why, n, "interceptions", a.interceptions[code], b.interceptions[code]);
	if (a.user_instructions != b.user_instructions)
		return differ(why, n, "user instructions", a.user_instructions, b.user_instructions);
	for (int cause = 0; cause < CAUSES; cause++)
		if (a.traps[cause] != b.traps[cause])
			return differ(why, n, isa_cause_names[cause], a.traps[cause], b.traps[cause]);
	return true;
}

bool twins_same(const struct twins *twins, char *why, size_t n)
{
	const struct machine *a = twins->fast.m, *b = twins->plain.m;
	if (twins->fast.stop != twins->plain.stop)
		return differ(why, n, "stop", twins->fast.stop, twins->plain.stop);
	if (!same_psw(machine_psw(a), machine_psw(b), why, n) || !same_guest(twins, why, n))
		return false;
	for (unsigned x = 0; x < 32; x++)
		if (machine_register(a, x) != machine_register(b, x)) {
			char name[8];
			snprintf(name, sizeof(name), "x%u", x);
			return differ(why, n, name, machine_register(a, x), machine_register(b, x));
		}
	if (machine_clock(a) != machine_clock(b))
		return differ(why, n, "clock", machine_clock(a), machine_clock(b));
	if (machine_trapped(a) != machine_trapped(b))
		return differ(why, n, "trapped", machine_trapped(a), machine_trapped(b));
	if (machine_end(a) != machine_end(b) || machine_exit_code(a) != machine_exit_code(b))
		return differ(why, n, "end", machine_end(a), machine_end(b));
	for (unsigned line = 0; line < machine_lines(b); line++)
		if (!same_line(twins, line, why, n))
			return false;
	if (memcmp(twins->fast.disk, twins->plain.disk, sizeof(twins->fast.disk)) != 0)
		return differ(why, n, "disk", 0, 0);
	if (twins->fast.events != twins->plain.events)
		return differ(why, n, "what observers were told", twins->fast.events, twins->plain.events);
	return same_counts(twins, why, n) && same_storage(twins, why, n);
}
