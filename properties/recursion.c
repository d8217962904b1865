/* A monitor under monitors.  See recursion.h; called by check.c. */

#include "recursion.h"

#include <stdio.h>
#include <string.h>

#include "random_guest.h"

enum {
	DEPTH_MOST = 6, RANDOM_GUESTS = 20,
	STEPS_MOST = 1 << 25,   /* of the real machine, for a guest */
	LOOPS = 5000,           /* to measure how fast a monitor lets its guests run */
	SLOW = 8,               /* then only the shortest guests are run: */
	SLOW_GUESTS = 3, SLOW_STEPS = 400, SLOW_STEPS_MOST = 1 << 30,
	HOSTED_GUESTS = 4, HOSTED_STEPS = 1 << 19,
};

/* What a privileged instruction may cost beyond the least there can be. */
#define COST_MOST 1.25

/* Monitors one under the other, the outermost first. */
struct stack {
	struct pack_monitor monitors[DEPTH_MOST];
	unsigned depth;
	const char *name;
	unsigned slowness;   /* of those that host another */
};

/* The monitor under itself to the depth asked for; and with one known to be good. */
static unsigned make_stacks(struct stack stacks[DEPTH_MOST + 1], const struct check_case *c, unsigned slowness)
{
	unsigned n = 0, slow = 1;
	for (unsigned depth = 2; depth <= c->depth && depth <= DEPTH_MOST; depth++) {
		slow *= slowness;
		stacks[n] = (struct stack){ .depth = depth, .name = "itself", .slowness = slow };
		for (unsigned i = 0; i < depth; i++)
			stacks[n].monitors[i] = c->monitor;
		n++;
	}
	if (!c->reference.elf)
		return n;
	stacks[n++] = (struct stack){ { c->reference, c->monitor }, 2, "the reference monitor", 1 };
	stacks[n++] = (struct stack){ { c->monitor, c->reference }, 2, "the judged one, and the reference monitor", slowness };
	return n;
}

static void fail(struct finding *f, const struct guest *guest, const struct stack *stack, enum fault fault, const char *what)
{
	f->verdict = FAILS;
	f->fault = fault;
	f->guest = guest;
	f->depth = stack->depth;
	snprintf(f->stack, sizeof(f->stack), "%s", stack->name);
	snprintf(f->what, sizeof(f->what), "%s", what);
}

static void count(struct finding *f, const struct trial *trial)
{
	f->guests++;
	f->same += trial->end == TRIAL_SAME;
	f->entries += trial->entries;
	f->instructions += trial->instructions;
	f->real_steps += trial->real_steps;
}

static void try_guest(struct finding *f, const struct check_case *c, const struct guest *guest, const struct stack *stack,
                      struct level_trips *trips)
{
	struct trial trial;
	struct pair_case pair = guest_case(guest, stack->monitors, stack->depth);
	pair.profile = c->profile;
	pair.slowness = stack->slowness;
	pair.work = c->work;
	pair.steps_most = stack->slowness < SLOW ? STEPS_MOST : SLOW_STEPS_MOST;
	pair.coverage = c->coverage;
	if (guest_reads(guest) && trial_waits(&pair)) /* the other way has been tried without nesting */
		pair.when = INPUT_LATE;
	trial_run(&trial, &pair, guest->limit);
	count(f, &trial);
	if (pair.when != INPUT_LATE) { /* a WAIT that waits costs each level a world of its own, idle */
		trips->instructions += trial.trips.instructions;
		trips->exits += trial.trips.exits;
	}
	if (trial.end != TRIAL_SAME) {
		fail(f, guest, stack, trial.fault, trial.what);
		snprintf(f->said, sizeof(f->said), "%s", trial.said);
		finding_locate(f, &trial, &pair);
		finding_show(c, f, &pair, trial.real_steps);
	} else if (trial.violation.what[0]) {
		fail(f, guest, stack, fault_of_violation(&trial.violation), trial.violation.what);
		f->violation = trial.violation;
		finding_show(c, f, &pair, trial.violation.steps);
	}
	f->late = f->verdict == FAILS && pair.when == INPUT_LATE;
}

static void try_random(struct finding *f, const struct check_case *c, uint64_t seed, const struct stack *stack,
                       struct level_trips *trips)
{
	struct guest guest;
	if (!random_guest(&guest, seed))
		return;
	f->randoms++;
	try_guest(f, c, &guest, stack, trips);
	finding_keep(f, &guest);
	guest_free(&guest);
}

static void judge_cost(struct finding *f, const struct stack *stack, const struct level_trips *trips)
{
	char what[200];
	double least = 1u << (stack->depth - 1), mean = (double)trips->exits / (double)trips->instructions;
	if (trips->instructions == 0 || f->verdict != HOLDS)
		return;
	if (strcmp(stack->name, "itself") == 0) {
		f->trips = *trips;
		f->depth = stack->depth;
	}
	if (mean <= COST_MOST * least)
		return;
	snprintf(what, sizeof(what), "%.2f exits of level 0 for each privileged instruction at depth %u; the least is %.0f", mean,
	         stack->depth, least);
	fail(f, NULL, stack, FAULT_COSTLY, what);
	f->trips = *trips;
}

/* ---- a monitor as a guest ----------------------------------------------- */

/* A guest and the monitor that hosts it, made one guest. */
static bool make_hosted(struct guest *hosted, const struct pack_monitor *inner, const struct guest *guest)
{
	struct refusal why;
	*hosted = (struct guest){ .limit = HOSTED_STEPS };
	if (!pack_under(&hosted->plan, inner, &guest->plan, 1, &why))
		return false;
	hosted->input[1] = guest->input[0]; /* the monitor keeps line 0 */
	plan_set_name(&hosted->plan, "monitor");
	return true;
}

/* Not only what it hosts: the hosted monitor itself does what it does bare, and the VM table
 * above it says so of it. */
static void try_hosted(struct finding *f, const struct check_case *c, const struct guest *guest)
{
	const struct stack stack = { .depth = 1, .name = "the judged one, a monitor between them" };
	const struct pack_monitor *inner = c->reference.elf ? &c->reference : &c->monitor;
	struct trial trial;
	struct guest hosted;
	if (!make_hosted(&hosted, inner, guest))
		return;
	struct pair_case pair = guest_case(&hosted, &c->monitor, 1);
	pair.profile = c->profile;
	pair.work = c->work;
	trial_run(&trial, &pair, hosted.limit);
	count(f, &trial);
	const char *what = trial.end != TRIAL_SAME ? trial.what : trial.violation.what[0] ? trial.violation.what : trial.lie.what;
	if (what[0]) {
		fail(f, guest, &stack, FAULT_BAD_HOST, what);
		finding_show(c, f, &pair, trial.end != TRIAL_SAME     ? trial.real_steps
		                          : trial.violation.what[0] ? trial.violation.steps
		                                                    : trial.lie.steps);
	}
	disk_free(&hosted.plan.disk);
}

/* ---- how fast ----------------------------------------------------------- */

/* Real steps of a guest that counts down from n. */
static uint64_t measure(const struct check_case *c, uint32_t n)
{
	const struct small_guest small = {
		.words = { isa_encode(INSN_addi, 1, 1, 0, (uint32_t)-1), isa_encode(INSN_bne, 0, 1, 0, (uint32_t)-4) },
		.n = 2, .x = { 0, n }, .psw = { .bound = BOUND_ALL }, .size = 2048,
	};
	struct trial trial = { 0 };
	struct guest guest;
	if (!small_guest(&guest, &small))
		return 0;
	struct pair_case pair = guest_case(&guest, &c->monitor, 1);
	pair.work = c->work;
	pair.profile = c->profile;
	trial_run(&trial, &pair, 0);
	guest_free(&guest);
	return trial.real_steps;
}

/* How many steps of the real machine one innocuous instruction of a guest takes. */
static unsigned slowness_of(const struct check_case *c)
{
	uint64_t few = measure(c, 1), many = measure(c, LOOPS);
	return many > few ? (unsigned)((many - few) / (2 * LOOPS)) + 1 : 1;
}

static bool short_enough(const struct guest *guest)
{
	struct refusal why;
	struct pair_case c = guest_case(guest, NULL, 0);
	return trial_measure(&c, SLOW_STEPS, &why) < SLOW_STEPS;
}

/* ---- all of it ---------------------------------------------------------- */

/* Of a monitor that interprets, exits say nothing of the cost. */
static void try_stack(struct finding *f, const struct check_case *c, const struct stack *stack, bool costs)
{
	struct level_trips trips = { 0 };
	bool slow = stack->slowness >= SLOW;
	unsigned tried = 0;
	for (unsigned i = 0; i < c->guests.n && f->verdict == HOLDS && !(slow && tried == SLOW_GUESTS); i++) {
		if (slow && !short_enough(&c->guests.guest[i]))
			continue;
		try_guest(f, c, &c->guests.guest[i], stack, &trips);
		tried++;
	}
	for (uint64_t i = 0; i < c->randoms && i < RANDOM_GUESTS && !slow && f->verdict == HOLDS; i++)
		try_random(f, c, c->seed + i, stack, &trips);
	if (costs)
		judge_cost(f, stack, &trips);
}

void recursion_judge(struct finding *f, const struct check_case *c)
{
	struct stack stacks[DEPTH_MOST + 1];
	unsigned slowness = slowness_of(c), n = make_stacks(stacks, c, slowness);
	for (unsigned i = 0; i < c->guests.n && i < HOSTED_GUESTS && f->verdict == HOLDS; i++)
		try_hosted(f, c, &c->guests.guest[i]);
	for (unsigned s = 0; s < n && f->verdict == HOLDS; s++)
		try_stack(f, c, &stacks[s], slowness < SLOW);
}
