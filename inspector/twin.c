/* The bare twin of a guest, kept in step.  See twin.h and, for how it follows, follow.h; called
 * as the session's machine runs, and when it is restored.
 *
 * Input reaches a guest when its monitor asks for it, so what comes while the guest is away may be
 * seen before or after the instruction that its monitor carries out, some of it before and
 * some after: whichever agrees is what happened.
 */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "session_inside.h"

#define PAST_MOST ((size_t)128 << 20)

static const struct machine *bare(const struct session *s) { return session_machine(s->twin.bare); }

static bool within(const struct session *s, unsigned machine)
{
	return s->twin.wish.level < s->meter.n && levels_within(s->meter.levels, machine, s->twin.wish.level);
}

static bool follows(const struct session *s)
{
	return s->twin.bare && (s->twin.place.state == TWIN_WAITS || s->twin.place.state == TWIN_IN_STEP);
}

/* ---- the bare machine --------------------------------------------------- */

static bool run(void *self, uint64_t steps)
{
	struct session *s = self, *twin = s->twin.bare;
	uint64_t to = session_now(twin) + steps;
	run_go(twin, to);
	return session_now(twin) == to;
}

/* As it was at a step.  Whether it waits there for ever is not for it to find out, but for its
 * guest. */
static void put(struct session *twin, uint64_t steps, bool anew)
{
	twin->waits_at = UINT64_MAX;
	if (anew || machine_end(twin->m) != MACHINE_RUNNING)
		run_restore(twin, past_nearest(&twin->past, steps));
	run_go(twin, steps);
}

/* The same, n events given; the rest of its run is forgotten. */
static void go_back(struct session *twin, uint64_t steps, size_t n)
{
	recording_cut(&twin->recording, n);
	past_cut(&twin->past, steps, n);
	put(twin, steps, twin->given > n);
	session_end_future(twin);
}

static void stand(struct session *s)
{
	if (s->twin.away)
		put(s->twin.bare, s->twin.place.bare, false);
	s->twin.away = false;
}

/* The events of the session that are for it and have not been passed on. */
static bool is_its(const struct session *s, const struct event *event)
{
	return (event->kind == EVENT_INPUT || event->kind == EVENT_INPUT_ENDS) &&
	       event->at - s->twin.wish.first_line < s->twin.wish.lines;
}

/* What it has been given before comes again by itself. */
static void pass_one(struct session *s, const struct event *event)
{
	struct twin *twin = &s->twin;
	unsigned line = event->at - twin->wish.first_line;
	if (twin->place.bare_given++ < twin->bare->recording.n)
		return;
	if (event->kind == EVENT_INPUT)
		session_input(twin->bare, line, event->bytes, event->n);
	else
		session_input_ends(twin->bare, line);
}

static void pass_until(struct session *s, size_t given)
{
	for (; s->twin.place.given < given; s->twin.place.given++)
		if (is_its(s, &s->recording.events[s->twin.place.given]))
			pass_one(s, &s->recording.events[s->twin.place.given]);
}

static void pass(struct session *s) { pass_until(s, s->given); }

static bool has_come(const struct session *s)
{
	for (size_t i = s->twin.place.given; i < s->given; i++)
		if (is_its(s, &s->recording.events[i]))
			return true;
	return false;
}

/* ---- parting ------------------------------------------------------------ */

static void part(struct session *s, const char *what)
{
	struct twin_place *place = &s->twin.place;
	place->state = TWIN_PARTED;
	place->stored = false;
	place->parted = machine_steps(s->m);
	snprintf(place->what, sizeof(place->what), "%s", what);
	if (s->hunt.points)
		points_on_parting(s);
}

/* Whether its host owns up to code that it has changed: then storage differs by that. */
static bool is_patched(const struct session *s)
{
	struct patch_list list;
	const struct level *host = &s->meter.levels[s->meter.levels[s->twin.wish.level].parent];
	return machine_read(s->m, host->real + CELL_PATCHES, &list, sizeof(list)) && list.magic == PATCHES_MAGIC && list.count > 0;
}

static const uint8_t *guest_storage(const struct session *s)
{
	return machine_storage(s->m) + s->meter.levels[s->twin.wish.level].real;
}

static bool alike(const struct session *s)
{
	return is_patched(s) || memcmp(machine_storage(bare(s)), guest_storage(s), machine_storage_size(bare(s))) == 0;
}

static bool same_storage(struct session *s)
{
	char what[TWIN_WHAT];
	const uint8_t *own = machine_storage(bare(s)), *guest = guest_storage(s);
	uint32_t at = 0;
	s->twin.place.compared = machine_counts(bare(s)).instructions;
	if (alike(s))
		return true;
	while (own[at] == guest[at])
		at++;
	s->twin.place.address = at & ~UINT32_C(3);
	snprintf(what, sizeof(what), "storage at 0x%08" PRIx32, s->twin.place.address);
	part(s, what);
	s->twin.place.stored = true;
	return false;
}

/* Under way a host may not have written all yet. */
static bool same_output(struct session *s, bool ended)
{
	char what[TWIN_WHAT];
	for (unsigned line = 0; line < s->twin.wish.lines; line++) {
		struct output own = session_output(s->twin.bare, line), guest = session_output(s, s->twin.wish.first_line + line);
		uint64_t from = own.before > guest.before ? own.before : guest.before;
		uint64_t own_end = own.before + own.n, guest_end = guest.before + guest.n;
		bool same = guest_end <= own_end && (!ended || guest_end == own_end);
		if (same && (guest_end <= from || memcmp(own.bytes + (from - own.before), guest.bytes + (from - guest.before),
		                                         (size_t)(guest_end - from)) == 0))
			continue;
		snprintf(what, sizeof(what), "the output of line %u", line);
		part(s, what);
		return false;
	}
	return true;
}

/* What its host's table says is no more than told: what differs there is noted, no more. */
static void compare_told(struct session *s)
{
	struct level_state state;
	struct psw own = machine_psw(bare(s));
	struct twin_place *place = &s->twin.place;
	state_now(s->m, s->meter.levels, s->twin.wish.level, &state);
	const char *what = !state.exists ? NULL : state.psw.status != own.status ? "status"
	                 : state.psw.base != own.base || state.psw.bound != own.bound ? "R"
	                 : state.clock != machine_clock(bare(s)) ? "clock" : NULL;
	if (!what || place->told)
		return;
	place->told = machine_steps(s->m);
	snprintf(place->told_what, sizeof(place->told_what), "%s", what);
}

static bool compare_all(struct session *s)
{
	if (!same_storage(s) || !same_output(s, false))
		return false;
	s->twin.place.whole = machine_steps(s->m);
	return true;
}

/* All of storage is worth a look when the guest has done about as much as that costs. */
static bool is_due(const struct session *s)
{
	return s->twin.place.entries <= 1 ||
	       machine_counts(bare(s)).instructions - s->twin.place.compared >= machine_storage_size(bare(s)) / 64;
}

static void agree(struct session *s)
{
	s->twin.place.state = TWIN_IN_STEP;
	s->twin.place.agreed = machine_steps(s->m);
	compare_told(s);
	if (is_due(s))
		compare_all(s);
}

/* ---- following ---------------------------------------------------------- */

static bool catch_up(struct session *s, uint64_t direct)
{
	return follow_catch_up(&s->twin.follow, direct, s->twin.place.direct_traps);
}

/* Where the bare machine stands, to come back to. */
struct standing {
	uint64_t steps;
	size_t bare_given, given;
};

static void stand_again(struct session *s, const struct standing *before)
{
	go_back(s->twin.bare, before->steps, before->bare_given);
	s->twin.place.bare_given = before->bare_given;
	s->twin.place.given = before->given;
}

/* What came up to there comes before what the guest left for; the rest after it. */
static bool catch_up_around(struct session *s, uint64_t direct, size_t given)
{
	pass_until(s, given);
	s->twin.follow.no_hint = true;
	bool agrees = catch_up(s, direct);
	s->twin.follow.no_hint = false;
	pass(s);
	return (agrees || catch_up(s, direct)) && alike(s);
}

/* What has come meanwhile comes first; or else, after what the guest left for, all of it or
 * some.  What the guest was told of it may show in storage only. */
static bool catch_up_with_input(struct session *s, uint64_t direct)
{
	struct twin *twin = &s->twin;
	const struct standing before = { session_now(twin->bare), twin->place.bare_given, twin->place.given };
	const struct pace pace = twin->follow.pace;
	pass(s);
	bool agrees = catch_up(s, direct);
	if (twin->place.state == TWIN_WAITS || (agrees && alike(s)))
		return agrees;
	for (size_t given = before.given; given < s->given; given++) {
		stand_again(s, &before);
		twin->follow.pace = pace;
		if (catch_up_around(s, direct, given))
			return true;
	}
	stand_again(s, &before);
	twin->follow.pace = pace;
	pass(s);
	return catch_up(s, direct);
}

/* After what the guest has been seen to do, and no further. */
static void stop_there(struct session *s, uint64_t steps, uint64_t direct)
{
	go_back(s->twin.bare, steps, s->twin.place.bare_given);
	s->twin.follow.no_hint = true;
	catch_up(s, direct);
	s->twin.follow.no_hint = false;
}

/* The guest runs, and may just have been entered. */
static void meet(struct session *s)
{
	const char *what;
	stand(s);
	levels_meter_read(&s->meter);
	uint64_t direct = follow_direct(&s->twin.follow);
	uint64_t steps = session_now(s->twin.bare);
	bool input = has_come(s);
	if (input ? catch_up_with_input(s, direct) : catch_up(s, direct)) {
		agree(s);
		return;
	}
	if (!input)
		stop_there(s, steps, direct);
	part(s, follow_agrees(&s->twin.follow, &what) ? "the number of instructions" : what);
}

void twin_on_turn(struct session *s, unsigned ran)
{
	if (!follows(s) || !within(s, s->meter.running) || (within(s, ran) && !s->twin.follow.exit.is))
		return;
	s->twin.place.entries++;
	meet(s);
	s->twin.follow.exit.is = false;
	if (s->twin.pauses)
		run_catch(s);
}

void twin_on_exit(struct session *s, const struct psw *old, enum cause cause, uint32_t tval)
{
	const char *what;
	if (!follows(s) || !within(s, s->ran))
		return;
	follow_note_exit(&s->twin.follow, old, cause, tval);
	if (s->twin.place.state != TWIN_IN_STEP)
		return;
	stand(s);
	levels_meter_settle(&s->meter);
	if (!follow_to_exit(&s->twin.follow, follow_direct(&s->twin.follow), s->twin.place.direct_traps, &what))
		part(s, what);
}

void twin_on_own_trap(struct session *s, enum cause cause)
{
	if (follows(s) && within(s, s->meter.took))
		s->twin.place.direct_traps += !follow_interrupted(cause);
}

/* True iff a guest that is in step runs now. */
static bool is_here(const struct session *s)
{
	return s->twin.place.state == TWIN_IN_STEP && within(s, s->meter.running) && !s->twin.follow.exit.is;
}

/* Input for a guest that runs is there at once. */
void twin_on_event(struct session *s, const struct event *event)
{
	if (!follows(s) || s->twin.place.state == TWIN_WAITS)
		return;
	const struct level *level = &s->meter.levels[s->twin.wish.level];
	bool by_hand = event->kind == EVENT_WRITE ? event->at - level->real < level->size
	             : (event->kind == EVENT_REGISTER || event->kind == EVENT_PSW) && within(s, s->meter.running);
	if (by_hand) {
		s->twin.place.state = TWIN_CHANGED;
		s->twin.place.parted = machine_steps(s->m);
	} else if (is_its(s, event) && is_here(s)) {
		s->given--; /* as it was before */
		meet(s);
		s->given++;
		pass(s);
	}
}

/* ---- stopping ----------------------------------------------------------- */

/* How the guest has ended: its machine_end and code.  False if it has not. */
static bool guest_end(const struct session *s, enum machine_end *end, unsigned *code)
{
	const struct vm_entry *entry = &s->view[s->twin.wish.level].entry;
	bool told = s->twin.wish.level < s->viewed && entry->state >= VM_HALTED && entry->state < VM_STATES;
	*end = told ? MACHINE_HALTED + (enum machine_end)(entry->state - VM_HALTED) : machine_end(s->m);
	*code = told ? entry->exit_code & 0xFF : machine_exit_code(s->m);
	return *end != MACHINE_RUNNING;
}

static void compare_ends(struct session *s, enum machine_end end, unsigned code)
{
	struct session *twin = s->twin.bare;
	bool seen = s->twin.place.state == TWIN_IN_STEP; /* else its host has kept it, and its storage, elsewhere */
	stand(s);
	pass(s);
	session_move(twin, &(struct motion){ .kind = MOVE_CONTINUE, .most = machine_steps(s->m) + 1000 });
	if (machine_end(bare(s)) != end)
		part(s, "the end");
	else if (end == MACHINE_HALTED && machine_exit_code(bare(s)) != code)
		part(s, "the exit code");
	else if (same_output(s, true) && (!seen || same_storage(s)))
		s->twin.place.state = TWIN_ENDED;
}

void twin_on_stop(struct session *s)
{
	enum machine_end end;
	unsigned code;
	if (!follows(s))
		return;
	if (is_here(s))
		meet(s);
	if (is_here(s))
		compare_all(s);
	if (follows(s) && guest_end(s, &end, &code))
		compare_ends(s, end, code);
}

/* ---- where they part ---------------------------------------------------- */

/* At a step or, if the guest is away there, where it is entered next; not beyond last. */
static bool differs_at(struct session *s, uint64_t step, uint64_t last)
{
	run_go(s, step);
	s->twin.pauses = true;
	if (follows(s) && !is_here(s))
		run_to(s, last);
	s->twin.pauses = false;
	if (is_here(s))
		meet(s);
	if (is_here(s))
		compare_all(s);
	return s->twin.place.state == TWIN_PARTED;
}

void twin_locate(struct session *s)
{
	struct twin_place *place = &s->twin.place;
	uint64_t found = machine_steps(s->m), high = found;
	uint64_t low = place->whole;
	s->hunt = (struct hunt){ 0 };
	s->back_from = found;
	while (low + 1 < high && !atomic_load(&s->interrupted)) {
		uint64_t middle = low + (high - low) / 2;
		if (differs_at(s, middle, found)) {
			found = machine_steps(s->m);
			high = middle;
		} else {
			low = machine_steps(s->m) > middle ? machine_steps(s->m) : middle;
		}
	}
	s->back_from = 0;
	atomic_store(&s->interrupted, false);
	if (differs_at(s, found, found))
		place->agreed = low;
}

/* ---- moments ------------------------------------------------------------ */

struct twin_place twin_place(const struct session *s)
{
	struct twin_place place = s->twin.place;
	if (!s->twin.bare)
		return (struct twin_place){ 0 };
	place.exit = s->twin.follow.exit;
	place.pace = s->twin.follow.pace;
	if (!s->twin.away)
		place.bare = session_now(s->twin.bare);
	return place;
}

void twin_restore(struct session *s, const struct twin_place *place)
{
	if (!s->twin.bare)
		return;
	s->twin.place = *place;
	s->twin.follow.exit = place->exit;
	s->twin.follow.pace = place->pace;
	s->twin.away = true;
}

/* What the bare machine was to be given will not come. */
void twin_end_future(struct session *s)
{
	if (!s->twin.bare || s->twin.bare->recording.n <= s->twin.place.bare_given)
		return;
	go_back(s->twin.bare, s->twin.away ? s->twin.place.bare : session_now(s->twin.bare), s->twin.place.bare_given);
	s->twin.away = false;
}

/* ---- making ------------------------------------------------------------- */

static bool is_sane(const struct session *s, const struct twin_wish *wish, struct refusal *why)
{
	if (wish->level == 0)
		return refuse(why, "level 0 is the bare machine: compare a level that it hosts");
	if (wish->level >= s->viewed || s->view[wish->level].entry.state == VM_EMPTY)
		return refuse(why, "the level does not exist now: 'enter' goes on until a guest runs");
	if (wish->sectors == 0 || (uint64_t)wish->first_sector + wish->sectors > s->sectors)
		return refuse(why, "it is not known from which disk the level booted");
	return true;
}

/* With the disk as it is at the session's beginning, where the session is. */
static bool make(struct session *s, const struct twin_wish *wish, struct refusal *why)
{
	const struct session_config config = {
		.machine = { .storage = s->view[wish->level].size, .lines = wish->lines, .profile = machine_profile(s->m) },
		.disk = s->disk + (size_t)wish->first_sector * SECTOR,
		.sectors = wish->sectors,
		.past_most = PAST_MOST,
	};
	s->twin = (struct twin){ .bare = session_new(&config, why), .wish = *wish };
	if (!s->twin.bare)
		return false;
	s->twin.follow = (struct follower){ .meter = &s->meter, .guest = wish->level, .bare = bare(s), .run = run, .self = s };
	return true;
}

/* The session's moments know nothing of it, so the run is gone through again. */
bool session_twin_start(struct session *s, const struct twin_wish *wish, struct refusal *why)
{
	uint64_t now = session_now(s);
	if (!is_sane(s, wish, why))
		return false;
	session_twin_stop(s);
	run_restore(s, &s->past.moments[0]);
	bool made = make(s, wish, why);
	if (made) {
		past_cut(&s->past, s->past.moments[0].steps, s->past.moments[0].given);
		s->past.moments[0].twin = (struct twin_place){ .bare = session_now(s->twin.bare), .state = TWIN_WAITS };
		twin_restore(s, &s->past.moments[0].twin);
	}
	do
		atomic_store(&s->interrupted, false); /* half a way would help nobody */
	while (run_go(s, now) == WENT_INTERRUPTED);
	session_look(s);
	twin_on_stop(s);
	return made;
}

void session_twin_stop(struct session *s)
{
	session_free(s->twin.bare);
	s->twin = (struct twin){ 0 };
}

struct twin_view session_twin(const struct session *s)
{
	const struct twin *twin = &s->twin;
	if (!twin->bare)
		return (struct twin_view){ .state = TWIN_NONE };
	if (twin->away)
		stand((struct session *)(uintptr_t)s); /* where it stands is no part of what the session is */
	return (struct twin_view){ twin->place.state, twin->wish.level, twin->bare, twin->place.what, twin->place.stored,
	                           twin->place.address, twin->place.agreed, twin->place.parted, twin->place.entries,
	                           twin->place.told, twin->place.told_what };
}

void session_twin_states(const struct session *s, struct level_state *guest, struct level_state *own)
{
	const struct guest_exit *exit = &s->twin.follow.exit;
	struct twin_view twin = session_twin(s);
	session_state(twin.bare, 0, own);
	session_state(s, twin.level, guest);
	if (!exit->is)
		return;
	guest->running = false;
	guest->psw.pc = exit->real.pc;
	memcpy(guest->x, exit->x, sizeof(guest->x));
}

const char *const session_cell_names[TRAP_CELLS] = { "old pc", "o.status", "old base", "o.bound", "o.timer", "cause", "tval" };

void session_twin_cells(const struct session *s, uint32_t guest[TRAP_CELLS], uint32_t own[TRAP_CELLS])
{
	struct twin_view twin = session_twin(s);
	memset(guest, 0, TRAP_CELLS * sizeof(*guest));
	memset(own, 0, TRAP_CELLS * sizeof(*own));
	session_read(s, twin.level, CELL_OLD_PSW, true, guest, TRAP_CELLS * sizeof(*guest));
	session_read(twin.bare, 0, CELL_OLD_PSW, true, own, TRAP_CELLS * sizeof(*own));
}
