/* A guest's trace beside others.  See isolation.h; called by check.c. */

#include "isolation.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "random_guest.h"

enum {
	WATCHED_MOST = 300000,      /* steps of a guest whose trace is taken */
	TRAPS_MOST = 4000,          /* of a trace */
	SKIPPED_MOST = 6,           /* guests that do not run at all */
	RANDOM_NEIGHBOURS = 6, ENDLESS = 4,
	STEPS_EACH = 2000,          /* of the real machine, for an instruction of a VM, at most */
	QUANTA = 3,                 /* of others, after which it should have had a turn */
	SLICE = 1000000,            /* steps of the real machine between looks */
	TURNS = 1 << 26,            /* that its neighbours may take in all */
};

/* ---- traces ------------------------------------------------------------- */

/* What a VM did, seen from outside and counted by its own instructions. */
struct trace {
	uint64_t *at;               /* a digest for each of its own traps */
	size_t n, room;
	bool ended;
	uint32_t state, exit_code;
	uint64_t storage, disk, output;
	uint64_t real_steps;
	uint64_t waited;            /* instructions of others since it ran last */
	uint64_t waited_steps;      /* of the real machine */
	uint32_t longest;           /* time that anybody was given */
};

static uint64_t mix(uint64_t hash, uint64_t word) { return (hash ^ word ^ hash >> 29) * UINT64_C(0x9E3779B97F4A7C15); }

static uint64_t digest(uint64_t hash, const void *bytes, size_t n)
{
	const uint8_t *at = bytes;
	uint64_t word;
	for (; n >= sizeof(word); n -= sizeof(word), at += sizeof(word)) {
		memcpy(&word, at, sizeof(word));
		hash = mix(hash, word);
	}
	for (; n > 0; n--)
		hash = mix(hash, *at++);
	return hash;
}

static void trace_free(struct trace *trace)
{
	free(trace->at);
	*trace = (struct trace){ 0 };
}

/* An exit that is the guest's own: the quantum's end and attentions are not. */
static void note_exit(struct trace *trace, const struct pair *p)
{
	const struct guest_exit *exit = &p->exit;
	if (exit->cause == CAUSE_TIMER || exit->cause == CAUSE_IO || exit->cause == CAUSE_RESET)
		return;
	if (trace->n == trace->room) {
		size_t room = 2 * trace->room + 256;
		uint64_t *at = realloc(trace->at, room * sizeof(*at));
		if (!at)
			return;
		trace->at = at;
		trace->room = room;
	}
	const uint64_t words[] = { exit->real.pc, (uint64_t)exit->cause, exit->tval, p->counts.direct };
	trace->at[trace->n++] = digest(digest(1, words, sizeof(words)), exit->x, sizeof(exit->x));
}

static void note_end(struct trace *trace, const struct pair *p)
{
	const struct vm_entry *vm = pair_table(p);
	trace->ended = true;
	if (p->guest == 0)
		return;
	trace->state = vm->state;
	trace->exit_code = vm->exit_code;
	trace->storage = digest(1, pair_storage(p), p->c->guest->storage);
	trace->disk = digest(1, p->nested_disk.image + (size_t)p->disk_sector * SECTOR, (size_t)p->c->guest->disk.sectors * SECTOR);
	trace->output = 1;
	for (unsigned line = 0; line < p->c->guest->lines; line++)
		trace->output = digest(trace->output + line, p->output[line].at, p->output[line].n);
}

/* All input was there from reset: whoever waits, waits for ever. */
static bool over(const struct pair *p, enum pair_stop stop)
{
	uint32_t state = pair_table(p)->state;
	return stop == PAIR_ENDED || (p->guest && stop != PAIR_ENTERED && state >= VM_WAITING && state < VM_STATES);
}

/* Instructions of all other VMs, directly executed or not, and their traps; of these there
 * is at most one for each instruction. */
static uint64_t others(const struct pair *p)
{
	struct machine_counts counts = machine_counts(p->nested);
	uint64_t n = counts.user_instructions - p->counts.direct;
	for (int cause = CAUSE_PRIVILEGED; cause < CAUSE_TIMER; cause++)
		n += counts.traps[cause] - p->counts.exits[cause];
	return n;
}

static void follow(struct trace *trace, struct pair *p, uint64_t steps)
{
	enum pair_stop stop = PAIR_ENTERED;
	uint64_t before = 0, before_steps = 0;
	p->no_hint = true;
	while (machine_steps(p->nested) < steps && trace->n < TRAPS_MOST && !over(p, stop) && stop != PAIR_BABBLE) {
		stop = pair_advance(p, SLICE);
		if (stop == PAIR_ENTERED && p->entries > 1)
			note_exit(trace, p);
		if (stop == PAIR_ENTERED) {
			before = others(p);
			before_steps = machine_steps(p->nested);
		}
	}
	if (p->exit.is)
		note_exit(trace, p);
	if (over(p, stop))
		note_end(trace, p);
	trace->real_steps = machine_steps(p->nested);
	trace->waited = others(p) - before;
	trace->waited_steps = machine_steps(p->nested) - before_steps;
	trace->longest = p->control.longest;
}

static bool take_trace(struct trace *trace, const struct pair_case *c, uint64_t steps, struct refusal *why)
{
	struct pair *p = malloc(sizeof(*p));
	*trace = (struct trace){ 0 };
	bool good = p && pair_start(p, c, why);
	if (good) {
		follow(trace, p, steps);
		pair_stop(p);
	}
	free(p);
	return good;
}

/* ---- comparing ---------------------------------------------------------- */

/* Beside the quiet one a trace that has not ended proves nothing about its end. */
static bool differs(char *what, size_t room, const struct trace *quiet, const struct trace *beside, uint32_t quantum)
{
	size_t n = quiet->n < beside->n ? quiet->n : beside->n;
	for (size_t i = 0; i < n; i++)
		if (quiet->at[i] != beside->at[i])
			return snprintf(what, room, "its trace changes at its trap %zu", i + 1) > 0;
	if (!quiet->ended && !beside->ended)
		return false;
	if (!beside->ended && beside->n < TRAPS_MOST && beside->waited_steps > STEPS_EACH * (beside->waited + STEPS_EACH))
		return snprintf(what, room, "it does not go on, and nobody else does") > 0;
	if (!beside->ended)
		return beside->n < TRAPS_MOST && beside->waited > QUANTA * (uint64_t)quantum &&
		       snprintf(what, room, "it does not get its turn: others have had %" PRIu64 " instructions since, in a quantum of %" PRIu32,
		                beside->waited, quantum) > 0;
	if (!quiet->ended)
		return quiet->n < TRAPS_MOST && snprintf(what, room, "it comes to an end") > 0;
	const char *changed = quiet->n != beside->n                                                    ? "the number of its traps"
	                      : quiet->state != beside->state || quiet->exit_code != beside->exit_code ? "its end"
	                      : quiet->output != beside->output                                        ? "its output"
	                      : quiet->disk != beside->disk                                            ? "its disk"
	                      : quiet->storage != beside->storage                                      ? "its storage"
	                                                                                               : NULL;
	return changed && snprintf(what, room, "%s changes", changed) > 0;
}

/* ---- who beside whom ---------------------------------------------------- */

struct neighbours {
	const struct guest *guest[DIRECTORY_ENTRIES * 8];
	unsigned n;
	uint32_t quantum;           /* the monitor's, as seen when nobody has a timer of his own */
	struct guest quiet, random[RANDOM_NEIGHBOURS], endless[ENDLESS];
};

static void add(struct neighbours *neighbours, const struct guest *guest)
{
	if (neighbours->n < sizeof(neighbours->guest) / sizeof(*neighbours->guest))
		neighbours->guest[neighbours->n++] = guest;
}

#define BACK(words) isa_encode(INSN_jal, 0, 0, 0, (uint32_t)(-4 * (words)))

/* Neighbours that never end: they loop in innocuous instructions, in privileged ones and
 * nothing else, in traps, and with a line armed. */
static void make_endless(struct guest endless[ENDLESS])
{
	const struct small_guest all[ENDLESS] = {
		{ .words = { BACK(0) }, .n = 1 },
		{ .words = { isa_encode(INSN_lpsw, 0, 0, 0, SMALL_BLOCK) }, .n = 1, .block = { SMALL_WORDS, 0, 0, BOUND_ALL } },
		{ .words = { isa_encode(INSN_sw, 0, 0, 1, CELL_NEW_PSW), isa_encode(INSN_addi, 2, 2, 0, 1), isa_encode(INSN_ecall, 0, 0, 0, 0) },
		  .n = 3, .x = { 0, SMALL_WORDS + 4 } },
		{ .words = { isa_encode(INSN_sio, 1, 0, 0, SMALL_BLOCK), BACK(0) }, .n = 2, .block = { DEVICE_CONSOLE, CONSOLE_ARM } },
	};
	for (int i = 0; i < ENDLESS; i++) {
		struct small_guest small = all[i];
		small.size = 2048;
		small.psw.bound = BOUND_ALL;
		small_guest(&endless[i], &small);
		snprintf(endless[i].name, sizeof(endless[i].name), "one that never ends (%d)", i + 1);
	}
}

/* Every guest of the set, and a few of our own. */
static void find_neighbours(struct neighbours *neighbours, const struct check_case *c)
{
	const struct small_guest nothing = { .size = 2048, .psw = { .bound = BOUND_ALL } };
	*neighbours = (struct neighbours){ .n = 0 };
	small_guest(&neighbours->quiet, &nothing);
	make_endless(neighbours->endless);
	for (unsigned i = 0; i < RANDOM_NEIGHBOURS; i++)
		if (random_guest(&neighbours->random[i], c->seed + i))
			add(neighbours, &neighbours->random[i]);
	for (unsigned i = 0; i < c->guests.n; i++)
		add(neighbours, &c->guests.guest[i]);
}

static void free_neighbours(struct neighbours *neighbours)
{
	guest_free(&neighbours->quiet);
	for (unsigned i = 0; i < RANDOM_NEIGHBOURS; i++)
		guest_free(&neighbours->random[i]);
	for (unsigned i = 0; i < ENDLESS; i++)
		guest_free(&neighbours->endless[i]);
}

static struct pair_case beside(const struct check_case *c, const struct guest *guest, const struct guest *neighbour, bool last)
{
	struct pair_case pair = guest_case(guest, &c->monitor, 1);
	pair.profile = c->profile;
	pair.beside = &neighbour->plan;
	pair.besides = 1;
	pair.guest_last = last;
	return pair;
}

static void fail(struct finding *f, const struct guest *guest, const struct guest *neighbour, const char *what)
{
	f->verdict = FAILS;
	f->guest = guest;
	f->depth = 1;
	snprintf(f->beside, sizeof(f->beside), "%s", neighbour->name);
	snprintf(f->what, sizeof(f->what), "%s", what);
}

/* One guest beside one neighbour, in the order given. */
static void judge_beside(struct finding *f, const struct check_case *c, const struct neighbours *neighbours,
                         const struct guest *guest, const struct guest *neighbour, const struct trace *quiet, bool last)
{
	struct trace trace;
	struct refusal why;
	char what[200];
	struct pair_case pair = beside(c, guest, neighbour, last);
	if (!take_trace(&trace, &pair, quiet->real_steps + TURNS, &why)) {
		fail(f, guest, neighbour, why.text);
		return;
	}
	f->entries += trace.n;
	f->real_steps += trace.real_steps;
	if (differs(what, sizeof(what), quiet, &trace, neighbours->quantum))
		fail(f, guest, neighbour, what);
	trace_free(&trace);
}

/* Beside those that end, and those that do not, which come first.  Of many guests each
 * meets only some of them. */
static void judge_all(struct finding *f, const struct check_case *c, const struct guest *guest,
                      const struct neighbours *neighbours, const struct trace *quiet, bool last)
{
	bool alone = c->guests.n == 1;
	for (unsigned i = 0; i < ENDLESS && last && f->verdict == HOLDS; i++)
		if (alone || f->guests % ENDLESS == i)
			judge_beside(f, c, neighbours, guest, &neighbours->endless[i], quiet, last);
	for (unsigned i = 0; i < neighbours->n && f->verdict == HOLDS; i++)
		if (alone || (i + f->guests) % 2 == last)
			judge_beside(f, c, neighbours, guest, neighbours->guest[i], quiet, last);
}

/* False if the guest does not run even beside the quiet one, which says nothing. */
static bool judge_guest(struct finding *f, const struct check_case *c, const struct guest *guest,
                        const struct neighbours *neighbours, bool last)
{
	struct trace quiet;
	struct refusal why;
	struct pair_case pair = beside(c, guest, &neighbours->quiet, last);
	if (!take_trace(&quiet, &pair, TURNS / 4, &why)) {
		fail(f, guest, &neighbours->quiet, why.text);
		return true;
	}
	bool runs = quiet.n > 0 || (quiet.ended && quiet.state != VM_EMPTY);
	if (runs)
		judge_all(f, c, guest, neighbours, &quiet, last);
	trace_free(&quiet);
	return runs;
}

/* The guest is short enough to be run beside all others. */
static bool short_enough(const struct guest *guest)
{
	struct refusal why;
	struct pair_case c = guest_case(guest, NULL, 0);
	return trial_measure(&c, WATCHED_MOST, &why) < WATCHED_MOST;
}

/* Both loop for ever: nothing but the quantum's end stops them. */
static uint32_t measure_quantum(const struct check_case *c, const struct guest *endless)
{
	struct trace trace;
	struct refusal why;
	struct pair_case pair = beside(c, endless, endless, false);
	if (!take_trace(&trace, &pair, 4 * SLICE, &why))
		return 0;
	uint32_t longest = trace.longest;
	trace_free(&trace);
	return longest;
}

void isolation_judge(struct finding *f, const struct check_case *c)
{
	struct neighbours neighbours;
	find_neighbours(&neighbours, c);
	neighbours.quantum = measure_quantum(c, &neighbours.endless[0]);
	unsigned skipped = 0;
	for (unsigned i = 0; i < c->guests.n && f->verdict == HOLDS && skipped < SKIPPED_MOST; i++) {
		if (c->guests.n > 1 && !short_enough(&c->guests.guest[i]))
			continue;
		for (int last = 0; last < 2 && f->verdict == HOLDS; last++)
			skipped += !judge_guest(f, c, &c->guests.guest[i], &neighbours, last);
		f->guests++;
	}
	free_neighbours(&neighbours);
}
