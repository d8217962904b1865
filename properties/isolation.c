/* Guests beside each other.  See isolation.h; called by check.c. */

#include "isolation.h"

#include <stdio.h>

#include "random_guest.h"
#include "trace.h"

enum {
	WATCHED_MOST = 300000,      /* steps of a guest whose trace is taken */
	SKIPPED_MOST = 6,           /* guests that do not run at all */
	RANDOM_NEIGHBOURS = 6, ENDLESS = 6,
	INPUT_EVERY = 20011,        /* steps of the real machine */
	TURNS = 1 << 26,            /* work for its neighbours */
	LOOK = 4000000,             /* work that shows the quantum */
	LOOK_SLOW = 1 << 25,        /* of a monitor that interprets */
	TIMER_SHOWS = 5000,         /* a quantum, and nothing less does */
	CROWD = 3,                  /* neighbours at once */
	FULL = DIRECTORY_ENTRIES - 1,
	FEW = 4,                    /* guests, each of which meets all neighbours */
	SPARSE = 6,                 /* for resource control alone, one neighbour in so many */
};

/* ---- who beside whom ---------------------------------------------------- */

struct neighbours {
	const struct guest *guest[DIRECTORY_ENTRIES * 8];
	unsigned n;
	uint32_t quantum;           /* the monitor's, as seen when nobody has a timer of his own */
	struct guest quiet, idle, waiting, random[RANDOM_NEIGHBOURS], endless[ENDLESS];
};

static void add(struct neighbours *neighbours, const struct guest *guest)
{
	if (neighbours->n < sizeof(neighbours->guest) / sizeof(*neighbours->guest))
		neighbours->guest[neighbours->n++] = guest;
}

#define ARM         isa_encode(INSN_sio, 1, 0, 0, SMALL_BLOCK)
#define BACK(words) isa_encode(INSN_jal, 0, 0, 0, (uint32_t)(-4 * (words)))

/* Neighbours that never end: they loop in innocuous instructions, in privileged ones and
 * nothing else, in traps, in arming a line that has input, with a timer that is far from
 * expiry, and in user mode. */
static void make_endless(struct guest endless[ENDLESS])
{
	const struct small_guest all[ENDLESS] = {
		{ .words = { BACK(0) }, .n = 1 },
		{ .words = { isa_encode(INSN_lpsw, 0, 0, 0, SMALL_BLOCK) }, .n = 1, .block = { SMALL_WORDS, 0, 0, BOUND_ALL } },
		{ .words = { isa_encode(INSN_sw, 0, 0, 1, CELL_NEW_PSW), isa_encode(INSN_addi, 2, 2, 0, 1), isa_encode(INSN_ecall, 0, 0, 0, 0) },
		  .n = 3, .x = { 0, SMALL_WORDS + 4 } },
		{ .words = { ARM, ARM, ARM, ARM, ARM, ARM, ARM, BACK(7) }, .n = 8, .block = { DEVICE_CONSOLE, CONSOLE_ARM } },
		{ .words = { BACK(0) }, .n = 1, .psw = { .status = STATUS_IE | STATUS_TE, .timer = INT32_MAX } },
		{ .words = { BACK(0) }, .n = 1, .psw = { .status = STATUS_M } },
	};
	for (int i = 0; i < ENDLESS; i++) {
		struct small_guest small = all[i];
		small.size = 2048;
		small.psw.bound = BOUND_ALL;
		small_guest(&endless[i], &small);
		snprintf(endless[i].name, sizeof(endless[i].name), "one that never ends (%d)", i + 1);
	}
}

/* Arms its line, waits, disarms it, reads, over and over. */
static void make_waiting(struct guest *waiting)
{
	const uint32_t command = SMALL_BLOCK + offsetof(struct command_block, command);
	const uint32_t sio = isa_encode(INSN_sio, 7, 0, 0, SMALL_BLOCK);
	const struct small_guest small = {
		.words = { isa_encode(INSN_sw, 0, 0, 1, command), sio, isa_encode(INSN_wait, 0, 0, 0, 0),
		           isa_encode(INSN_sw, 0, 0, 2, command), sio, isa_encode(INSN_sw, 0, 0, 3, command), sio, BACK(7) },
		.n = 8,
		.x = { 0, CONSOLE_ARM, CONSOLE_DISARM, CONSOLE_READ },
		.block = { DEVICE_CONSOLE, 0, 0, 1024, 64 },
		.size = 2048,
		.psw = { .bound = BOUND_ALL },
	};
	small_guest(waiting, &small);
	snprintf(waiting->name, sizeof(waiting->name), "one that waits");
}

/* Every guest of the set, and a few of our own. */
static void find_neighbours(struct neighbours *neighbours, const struct check_case *c)
{
	const struct small_guest nothing = { .size = 2048, .psw = { .bound = BOUND_ALL } };
	*neighbours = (struct neighbours){ .n = 0 };
	small_guest(&neighbours->quiet, &nothing);
	small_guest(&neighbours->idle, &nothing);
	neighbours->idle.plan.lines = 1;
	make_endless(neighbours->endless);
	make_waiting(&neighbours->waiting);
	for (unsigned i = 0; i < RANDOM_NEIGHBOURS; i++)
		if (random_guest(&neighbours->random[i], c->seed + i))
			add(neighbours, &neighbours->random[i]);
	for (unsigned i = 0; i < c->guests.n; i++)
		add(neighbours, &c->guests.guest[i]);
	for (unsigned i = 0; i < c->beside.n; i++)
		add(neighbours, &c->beside.guest[i]);
}

static void free_neighbours(struct neighbours *neighbours)
{
	guest_free(&neighbours->quiet);
	guest_free(&neighbours->idle);
	guest_free(&neighbours->waiting);
	for (unsigned i = 0; i < RANDOM_NEIGHBOURS; i++)
		guest_free(&neighbours->random[i]);
	for (unsigned i = 0; i < ENDLESS; i++)
		guest_free(&neighbours->endless[i]);
}

/* ---- judging ------------------------------------------------------------ */

struct session {
	const struct check_case *c;
	struct finding *isolation, *control; /* either may be NULL */
	struct neighbours neighbours;
	enum input_when when;                /* the input of the guest being judged */
};

static bool open(const struct finding *f) { return f && f->verdict == HOLDS; }
static bool goes_on(const struct session *s) { return open(s->isolation) || open(s->control); }

static struct pair_case beside(const struct check_case *c, const struct guest *guest, const struct guest *neighbour, bool last)
{
	struct pair_case pair = guest_case(guest, &c->monitor, 1);
	pair.profile = c->profile;
	pair.beside = &neighbour->plan;
	pair.besides = 1;
	pair.guest_last = last;
	pair.no_bare = true;
	pair.work = c->work;
	pair.when = INPUT_OPEN;
	return pair;
}

/* It shows at so many steps of the real machine. */
static void fail(const struct check_case *c, struct finding *f, const struct pair_case *pair, const struct guest *guest,
                 const struct guest *neighbour, enum fault fault, const char *what, uint64_t steps)
{
	if (!open(f))
		return;
	finding_show(c, f, pair, steps);
	f->verdict = FAILS;
	f->fault = fault;
	f->guest = guest;
	f->depth = 1;
	snprintf(f->beside, sizeof(f->beside), "%s", neighbour->name);
	f->beside_path[0] = neighbour->path;
	snprintf(f->what, sizeof(f->what), "%s", what);
	finding_keep(f, guest);
}

static void judge_trace(struct session *s, const struct pair_case *pair, const struct guest *guest,
                        const struct guest *neighbour, const struct trace *quiet, const struct trace *trace)
{
	char what[200];
	uint64_t steps;
	enum fault fault;
	if (trace->violation.what[0]) {
		if (open(s->control))
			s->control->violation = trace->violation;
		fail(s->c, s->control, pair, guest, neighbour, fault_of_violation(&trace->violation), trace->violation.what,
		     trace->violation.steps);
	}
	if ((fault = trace_differs(what, sizeof(what), &steps, quiet, trace))) {
		if (fault == FAULT_SHARED_REGISTERS && pair->input_every > 0)
			fault = FAULT_SHARED_COURSE; /* an attention struck: what they show is rather the clock */
		fail(s->c, s->isolation, pair, guest, neighbour, fault, what, steps);
	} else if ((fault = trace_starves(what, sizeof(what), trace, s->neighbours.quantum))) {
		fail(s->c, s->isolation, pair, guest, neighbour, fault, what, trace->real_steps);
		fail(s->c, s->control, pair, guest, neighbour, fault, what, trace->real_steps);
	}
	if (s->isolation) {
		s->isolation->entries += trace->n;
		s->isolation->real_steps += trace->real_steps;
	}
}

/* The neighbour, the next ones, and as many that do nothing as make n: whoever comes third, or
 * last of all, may be treated otherwise. */
static const struct guest *in_crowd(const struct session *s, unsigned first, unsigned k)
{
	return k < CROWD ? s->neighbours.guest[(first + k) % s->neighbours.n] : &s->neighbours.idle;
}

/* False if there are not lines enough for all. */
static bool make_crowd(struct pair_case *pair, struct vm_plan crowd[DIRECTORY_ENTRIES], const struct session *s,
                       const struct guest *guest, unsigned first, unsigned n)
{
	unsigned lines = guest->plan.lines;
	for (unsigned k = 0; k < n; k++) {
		crowd[k] = in_crowd(s, first, k)->plan;
		lines += crowd[k].lines;
	}
	pair->beside = crowd;
	pair->besides = n;
	return lines < LINES_MOST;
}

/* So that it can be run again. */
static void name_crowd(struct finding *f, const struct session *s, unsigned first, unsigned n)
{
	unsigned named = 0;
	for (unsigned k = 0; k < n && k < CROWD; k++)
		if (in_crowd(s, first, k)->path)
			f->beside_path[named++] = in_crowd(s, first, k)->path;
}

static void judge_crowded(struct session *s, const struct guest *guest, unsigned first, unsigned n, const struct trace *quiet)
{
	struct trace trace;
	struct refusal why;
	struct vm_plan crowd[DIRECTORY_ENTRIES];
	struct pair_case pair = beside(s->c, guest, s->neighbours.guest[first], true);
	pair.when = s->when;
	if (!make_crowd(&pair, crowd, s, guest, first, n) || !trace_take(&trace, &pair, quiet->work + TURNS, &why))
		return;
	struct guest all = { .name = "" }; /* for its name */
	static const char *const others[] = { [2] = "another", [CROWD] = "two others", [FULL] = "fourteen others" };
	snprintf(all.name, sizeof(all.name), "%.40s and %s", s->neighbours.guest[first]->name, others[n]);
	bool was_open[] = { open(s->isolation), open(s->control) };
	judge_trace(s, &pair, guest, &all, quiet, &trace);
	if (was_open[0] && !open(s->isolation))
		name_crowd(s->isolation, s, first, n);
	if (was_open[1] && !open(s->control))
		name_crowd(s->control, s, first, n);
	trace_free(&trace);
}

/* Three others; and sometimes two, or as many as a directory has room for.  To run one of them
 * again, all who may come first do. */
static void judge_crowds(struct session *s, unsigned turn, const struct guest *guest, const struct trace *quiet)
{
	bool again = s->c->thorough && s->c->beside.n > 0;
	for (unsigned i = 0; i < (again ? s->neighbours.n : 1) && goes_on(s); i++) {
		unsigned first = (turn + i) % s->neighbours.n;
		judge_crowded(s, guest, first, CROWD, quiet);
		if (s->c->thorough && (again || turn % 2 == 0) && goes_on(s))
			judge_crowded(s, guest, first, 2, quiet);
		if ((again || turn == 0) && goes_on(s))
			judge_crowded(s, guest, first, FULL, quiet);
	}
}

/* One guest beside one neighbour, in the order given, for whom input comes every so often. */
static void judge_beside(struct session *s, const struct guest *guest, const struct guest *neighbour, const struct trace *quiet,
                         bool last, uint64_t input_every)
{
	struct trace trace;
	struct refusal why;
	struct pair_case pair = beside(s->c, guest, neighbour, last);
	pair.when = s->when;
	pair.input_every = input_every;
	if (!trace_take(&trace, &pair, quiet->work + TURNS, &why)) {
		fail(s->c, s->isolation, &pair, guest, neighbour, FAULT_NO_MONITOR, why.text, 0);
		fail(s->c, s->control, &pair, guest, neighbour, FAULT_NO_MONITOR, why.text, 0);
		return;
	}
	judge_trace(s, &pair, guest, neighbour, quiet, &trace);
	trace_free(&trace);
}

/* Beside those that end, and those that do not, which come first.  Of many guests each
 * meets only some of them. */
static void judge_all(struct session *s, unsigned turn, const struct guest *guest, const struct trace *quiet, bool last)
{
	bool few = s->c->guests.n <= FEW;
	unsigned one_in = open(s->isolation) ? 2 : SPARSE;
	for (unsigned i = 0; i < ENDLESS && last && goes_on(s); i++)
		if (few || turn % ENDLESS == i)
			judge_beside(s, guest, &s->neighbours.endless[i], quiet, last, 0);
	for (unsigned i = 0; i < s->neighbours.n && goes_on(s); i++)
		if (few || (i + turn) % one_in == last)
			judge_beside(s, guest, s->neighbours.guest[i], quiet, last, 0);
	if (s->when == INPUT_OPEN && goes_on(s))
		judge_beside(s, guest, &s->neighbours.waiting, quiet, last, INPUT_EVERY);
	if (last && goes_on(s) && s->neighbours.n > 0)
		judge_crowds(s, turn, guest, quiet);
}

/* False if the guest does not run even beside the quiet one, which says nothing. */
static bool judge_guest(struct session *s, unsigned turn, const struct guest *guest, bool last, enum input_when when)
{
	struct trace quiet;
	struct refusal why;
	struct pair_case pair = beside(s->c, guest, &s->neighbours.quiet, last);
	s->when = pair.when = when;
	if (!trace_take(&quiet, &pair, TURNS / 4, &why)) {
		fail(s->c, s->isolation, &pair, guest, &s->neighbours.quiet, FAULT_NO_MONITOR, why.text, 0);
		fail(s->c, s->control, &pair, guest, &s->neighbours.quiet, FAULT_NO_MONITOR, why.text, 0);
		return true;
	}
	bool runs = quiet.n > 0 || (quiet.ended && quiet.state != VM_EMPTY);
	if (runs)
		judge_all(s, turn, guest, &quiet, last);
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

static bool waits_for_input(const struct check_case *c, const struct guest *guest)
{
	struct pair_case pair = guest_case(guest, NULL, 0);
	pair.profile = c->profile;
	return guest_reads(guest) && trial_waits(&pair);
}

/* Both loop for ever: nothing but the quantum's end stops them. */
static uint32_t look_for_quantum(const struct check_case *c, const struct guest *endless, uint64_t work, bool interpreted)
{
	struct trace trace;
	struct refusal why;
	struct pair_case pair = beside(c, endless, endless, false);
	if (!trace_take(&trace, &pair, work, &why))
		return 0;
	uint64_t quantum = interpreted ? trace.gap : trace.longest;
	trace_free(&trace);
	return quantum < QUANTUM_MOST ? (uint32_t)quantum : QUANTUM_MOST;
}

/* Of VMs that do not get the real processor, or get it a few instructions at a time, the
 * real timer shows nothing. */
static uint32_t measure_quantum(const struct check_case *c, const struct guest *endless)
{
	uint32_t quantum = look_for_quantum(c, endless, LOOK, false);
	if (quantum < TIMER_SHOWS)
		quantum = look_for_quantum(c, endless, LOOK_SLOW, true);
	return quantum ? quantum : QUANTUM_MOST;
}

/* The i-th guest to be judged: those of the set, then the random ones. */
static const struct guest *guest_of(const struct session *s, unsigned i)
{
	return i < s->c->guests.n ? &s->c->guests.guest[i] : &s->neighbours.random[i - s->c->guests.n];
}

void isolation_judge(struct finding *isolation, struct finding *control, const struct check_case *c)
{
	struct session s = { .c = c, .isolation = isolation, .control = control };
	unsigned all = c->guests.n + (c->randoms > 0 ? RANDOM_NEIGHBOURS : 0), skipped = 0;
	find_neighbours(&s.neighbours, c);
	s.neighbours.quantum = measure_quantum(c, &s.neighbours.endless[0]);
	for (unsigned i = 0; i < all && goes_on(&s) && skipped < SKIPPED_MOST; i++) {
		const struct guest *guest = guest_of(&s, i);
		if (c->guests.n > 1 && guest->path && !short_enough(guest))
			continue;
		unsigned before = skipped;
		bool waits = waits_for_input(c, guest);
		skipped += !judge_guest(&s, i, guest, false, waits ? INPUT_LATE : INPUT_OPEN);
		if (goes_on(&s))
			skipped += !judge_guest(&s, i, guest, true, INPUT_OPEN);
		if (goes_on(&s) && waits && c->thorough)
			judge_guest(&s, i, guest, true, INPUT_LATE);
		if (isolation) {
			isolation->guests++;
			isolation->same += skipped == before;
		}
	}
	free_neighbours(&s.neighbours);
}
