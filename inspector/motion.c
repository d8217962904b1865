/* Motion: from a question ("until this machine takes a trap") to runs of the real
 * machine.  Forwards, a run goes on until something is caught that answers it.
 * Backwards, the same question is asked of a stretch of the past, from a moment up
 * to where the session was, and the last answer counts; then of the stretch before.
 */

#include <string.h>

#include "session_inside.h"

static uint64_t now(const struct session *s) { return machine_steps(s->m); }
static uint64_t least(uint64_t a, uint64_t b) { return a < b ? a : b; }

static bool within(const struct session *s, unsigned level)
{
	return levels_within(s->meter.levels, s->meter.running, level);
}

static void look(const struct session *s, unsigned level, struct level_state *state)
{
	*state = (struct level_state){ 0 };
	if (level < s->meter.n)
		state_now(s->m, s->meter.levels, level, state);
}

static struct arrival arrival(enum arrival_why why) { return (struct arrival){ .why = why }; }

static struct arrival went_so(enum went went)
{
	switch (went) {
	case WENT_END:         return arrival(ARRIVED_END);
	case WENT_INPUT:       return arrival(ARRIVED_INPUT);
	case WENT_INTERRUPTED: return arrival(ARRIVED_INTERRUPTED);
	default:               return arrival(ARRIVED);
	}
}

/* ---- questions ---------------------------------------------------------- */

static bool minds_points(enum motion_kind kind) { return kind != MOVE_STEPS && kind != MOVE_INTO; }

static struct hunt hunt_for(const struct motion *motion)
{
	struct hunt hunt = { .level = motion->level, .points = minds_points(motion->kind) };
	switch (motion->kind) {
	case MOVE_EXIT:
		hunt.traps = true;
		hunt.from = (int)motion->argument - 1;
		break;
	case MOVE_REFLECTION:
		hunt.reflections = true;
		break;
	case MOVE_CAUSE:
		hunt.causes = true;
		hunt.cause = (unsigned)motion->argument;
		break;
	case MOVE_VIOLATION:
		hunt.violations = true;
		break;
	case MOVE_STEP:
		hunt.turns = motion->level > 0;
		break;
	case MOVE_CLOCK:
		hunt.turns = motion->level > 0;
		hunt.waits = motion->level == 0;
		break;
	default:
		break;
	}
	return hunt;
}

/* How far a run may go before the question must be asked again. */
static uint64_t bound(const struct session *s, const struct motion *motion)
{
	struct level_state state;
	if (motion->kind != MOVE_CLOCK || !within(s, motion->level))
		return UINT64_MAX;
	look(s, motion->level, &state);
	return now(s) + (state.clock < motion->argument ? motion->argument - state.clock : 1);
}

/* True iff the place where the run has stopped is the answer. */
static bool answered(const struct session *s, const struct motion *motion)
{
	struct level_state state;
	switch (motion->kind) {
	case MOVE_EXIT:
	case MOVE_REFLECTION:
	case MOVE_CAUSE:
	case MOVE_VIOLATION:
		return s->caught;
	case MOVE_CLOCK:
		look(s, motion->level, &state);
		return within(s, motion->level) && state.clock >= motion->argument;
	default:
		return false;
	}
}

/* True if the machine can never run again. */
static bool gone(struct session *s, unsigned level)
{
	struct level_state state;
	session_look(s);
	session_state(s, level, &state);
	return !state.exists || state.vm >= VM_HALTED;
}

/* ---- forwards ----------------------------------------------------------- */

static bool point_stops(struct session *s, struct arrival *at)
{
	return points_judge(s, at) && !points_passed_over(s, at->point);
}

static struct arrival forward(struct session *s, const struct motion *motion, uint64_t to)
{
	struct arrival at;
	if (motion->kind == MOVE_CLOCK && answered(s, motion))
		return arrival(ARRIVED);
	for (;;) {
		enum went went = run_to(s, least(to, bound(s, motion)));
		if (went != WENT_THERE && went != WENT_CAUGHT)
			return went_so(went);
		if (point_stops(s, &at))
			return at;
		if (answered(s, motion))
			return arrival(ARRIVED);
		if (now(s) >= to)
			return arrival(ARRIVED_LIMIT);
	}
}

#define PATIENCE (UINT64_C(1) << 16) /* steps after which to see if a machine is gone */

/* Until the machine has taken a step: it completed an instruction directly, or it runs
 * again and has changed. */
static struct arrival forward_step(struct session *s, unsigned level, uint64_t to)
{
	struct arrival at;
	struct level_state state;
	for (;;) {
		if (now(s) >= to)
			return arrival(ARRIVED_LIMIT);
		bool was = within(s, level);
		enum went went = run_to(s, least(to, now(s) + (was ? 1 : PATIENCE)));
		if (went != WENT_THERE && went != WENT_CAUGHT)
			return went_so(went);
		if (point_stops(s, &at))
			return at;
		if (within(s, level)) {
			look(s, level, &state);
			if (was || !s->left.exists || state_advanced(&s->left, &state))
				return arrival(ARRIVED);
		} else if (gone(s, level)) {
			return arrival(ARRIVED_GONE);
		}
	}
}

/* ---- backwards ---------------------------------------------------------- */

/* The last answer in a stretch of the past. */
struct answer_found {
	bool any;
	uint64_t steps;
	struct arrival at;
};

/* Steps of a machine, seen at the places where it begins and ceases to run. */
struct steps_seen {
	bool begun;     /* it has run before; else the place where it begins to counts */
	bool runs;
	uint64_t since; /* it runs since then */
};

static void found_at(struct answer_found *found, uint64_t steps, struct arrival at)
{
	if (found->any && found->steps >= steps)
		return;
	*found = (struct answer_found){ true, steps, at };
}

static void see_step(const struct session *s, unsigned level, struct steps_seen *seen, struct answer_found *found)
{
	struct level_state state;
	bool runs = within(s, level);
	if (seen->runs && !runs && now(s) - 1 > seen->since)
		found_at(found, now(s) - 1, arrival(ARRIVED));
	if (!seen->runs && runs) {
		look(s, level, &state);
		if (!seen->begun || (s->left.exists && state_advanced(&s->left, &state)))
			found_at(found, now(s), arrival(ARRIVED));
		seen->begun = true;
		seen->since = now(s);
	}
	seen->runs = runs;
}

/* From where the session is to the step last, inclusive; or, if somebody is awaited, until nobody
 * is. */
static enum went search(struct session *s, const struct motion *motion, uint64_t last, struct answer_found *found)
{
	struct arrival at;
	bool steps = motion->kind == MOVE_STEP, awaiting = s->awaited != 0;
	struct steps_seen seen = { s->meter.have_run >> motion->level & 1, within(s, motion->level), now(s) };
	for (;;) {
		enum went went = run_to(s, least(last, bound(s, motion)));
		if (went == WENT_INTERRUPTED)
			return went;
		if (points_judge(s, &at))
			found_at(found, now(s), at);
		else if (answered(s, motion))
			found_at(found, now(s), arrival(ARRIVED));
		if (steps)
			see_step(s, motion->level, &seen, found);
		if (now(s) >= last || went == WENT_END || went == WENT_INPUT || (awaiting && s->awaited == 0))
			break;
	}
	if (steps && seen.runs && now(s) > seen.since)
		found_at(found, now(s), arrival(ARRIVED));
	return WENT_THERE;
}

/* The machines whose state, as they last ceased to run, a search has to know. */
static uint64_t remembered(const struct session *s, const struct motion *motion)
{
	uint64_t levels = motion->kind == MOVE_STEP ? UINT64_C(1) << motion->level : 0;
	for (unsigned i = 0; i < s->points_n; i++)
		if (s->points[i].kind == POINT_PSW && !s->points[i].disabled)
			levels |= UINT64_C(1) << s->points[i].level;
	return levels;
}

/* The stretch after the moment from, up to last.  A machine that does not run at last may
 * have changed before: the search goes on until it shows. */
static enum went search_stretch(struct session *s, const struct motion *motion, uint64_t from, uint64_t last,
                                struct answer_found *found)
{
	run_restore(s, past_nearest(&s->past, from));
	enum went went = search(s, motion, last, found);
	if (went != WENT_THERE || last + 1 == s->back_from)
		return went;
	for (unsigned i = 0; i < s->meter.n; i++)
		if (remembered(s, motion) >> i & 1 && !within(s, i))
			s->awaited |= UINT64_C(1) << i;
	if (s->awaited)
		went = search(s, motion, s->back_from - 1, found);
	s->awaited = 0;
	return went;
}

static enum went search_back(struct session *s, const struct motion *motion, uint64_t to, struct answer_found *found)
{
	enum went went = WENT_THERE;
	const struct moment *moment = past_before(&s->past, s->back_from);
	for (uint64_t last = s->back_from - 1; moment && went == WENT_THERE && !found->any && last > to;) {
		uint64_t from = moment->steps;
		went = search_stretch(s, motion, from, last, found);
		moment = past_before(&s->past, from);
		last = from;
	}
	return went;
}

struct arrival motion_give_up(struct session *s, uint64_t from)
{
	atomic_store(&s->interrupted, false);
	run_go(s, from);
	return arrival(ARRIVED_INTERRUPTED);
}

/* The last place before now where the question is answered; not before to. */
static struct arrival backward(struct session *s, const struct motion *motion, uint64_t to)
{
	uint64_t first = s->past.moments[0].steps;
	for (;;) {
		struct answer_found found = { 0 };
		uint64_t from = s->back_from = now(s);
		if (from <= to || from <= first)
			return arrival(from <= first ? ARRIVED_BEGINNING : ARRIVED_LIMIT);
		enum went went = search_back(s, motion, to, &found);
		s->back_from = 0;
		if (went == WENT_INTERRUPTED)
			return motion_give_up(s, from);
		bool good = found.any && found.steps >= to;
		run_go(s, good ? found.steps : to > first ? to : first);
		if (!good)
			return arrival(to > first ? ARRIVED_LIMIT : ARRIVED_BEGINNING);
		if (found.at.why != ARRIVED_POINT || !points_passed_over(s, found.at.point))
			return found.at;
	}
}

/* True iff the machine's clock, where the session stands, is certain to be less. */
static bool clock_before(const struct session *s, const struct motion *motion)
{
	struct level_state state;
	look(s, motion->level, &state);
	return !state.exists || (within(s, motion->level) && state.clock < motion->argument);
}

/* A clock only goes on: from a moment at which it was less, forwards. */
static struct arrival back_to_clock(struct session *s, const struct motion *motion, uint64_t to)
{
	uint64_t from = now(s), first = s->past.moments[0].steps;
	const struct moment *moment = past_before(&s->past, from);
	for (; moment; moment = past_before(&s->past, moment->steps)) {
		run_restore(s, moment);
		if (clock_before(s, motion))
			break;
	}
	s->hunt.points = false;
	struct arrival at = forward(s, motion, from);
	if (at.why == ARRIVED_INTERRUPTED)
		return motion_give_up(s, from);
	if (at.why == ARRIVED && now(s) < from && now(s) >= to)
		return at;
	run_go(s, to > first ? to : first);
	return arrival(to > first ? ARRIVED_LIMIT : ARRIVED_BEGINNING);
}

/* ---- motions ------------------------------------------------------------ */

/* On the way back, moments are kept closer to where it came from: who goes back
 * often goes back again. */
static struct arrival go(struct session *s, uint64_t to)
{
	uint64_t first = s->past.moments[0].steps;
	s->back_from = to < now(s) ? now(s) : 0;
	enum went went = run_go(s, to > first ? to : first);
	s->back_from = 0;
	if (to < first)
		return arrival(ARRIVED_BEGINNING);
	return now(s) == to ? arrival(ARRIVED) : went_so(went);
}

static void motion_begin(struct session *s, const struct motion *motion)
{
	s->hunt = hunt_for(motion);
	s->judged = now(s);
	s->left = (struct level_state){ 0 };
}

struct arrival motion_once(struct session *s, const struct motion *motion, uint64_t to)
{
	unsigned level = motion->level;
	motion_begin(s, motion);
	switch (motion->kind) {
	case MOVE_STEPS:
		return go(s, motion->argument);
	case MOVE_INTO:
		return go(s, motion->back ? now(s) - 1 : now(s) + 1);
	case MOVE_STEP:
		if (level == 0)
			return motion->back ? go(s, now(s) - 1) : forward_step(s, level, to);
		return motion->back ? backward(s, motion, to) : forward_step(s, level, to);
	case MOVE_CLOCK:
		return motion->back ? back_to_clock(s, motion, to) : forward(s, motion, to);
	case MOVE_NEXT:
		return calls_next(s, motion, to);
	case MOVE_FINISH:
		return calls_finish(s, motion, to);
	case MOVE_UNTIL:
		return calls_until(s, motion, to);
	default:
		return motion->back ? backward(s, motion, to) : forward(s, motion, to);
	}
}

static uint64_t limit(const struct session *s, const struct motion *motion)
{
	if (motion->back)
		return motion->most > 0 && motion->most < now(s) ? now(s) - motion->most : 0;
	return motion->most > 0 && motion->most < UINT64_MAX - now(s) ? now(s) + motion->most : UINT64_MAX;
}

/* Steps of the real machine back: it is known where they end. */
static struct arrival back_by(struct session *s, const struct motion *motion, uint64_t n, uint64_t to)
{
	uint64_t there = n < now(s) ? now(s) - n : 0;
	motion_begin(s, motion);
	struct arrival at = go(s, there > to ? there : to);
	return there < to && at.why == ARRIVED ? arrival(ARRIVED_LIMIT) : at;
}

static struct arrival move(struct session *s, const struct motion *motion)
{
	uint64_t to = limit(s, motion), n = motion->count > 0 ? motion->count : 1;
	struct arrival at = arrival(ARRIVED);
	if (motion->back && (motion->kind == MOVE_INTO || (motion->kind == MOVE_STEP && motion->level == 0)))
		return back_by(s, motion, n, to);
	for (; n > 0 && at.why == ARRIVED; n--)
		at = motion_once(s, motion, to);
	return at;
}

struct arrival session_move(struct session *s, const struct motion *motion)
{
	struct level_state state;
	session_state(s, motion->level, &state);
	if (!state.exists)
		return (struct arrival){ .why = ARRIVED_GONE, .level = motion->level };
	atomic_store(&s->interrupted, false);
	if (minds_points(motion->kind))
		points_arm(s);
	struct arrival at = move(s, motion);
	points_disarm(s);
	if (at.why == ARRIVED_POINT && session_point(s, at.point) && session_point(s, at.point)->kind == POINT_PARTED)
		twin_locate(s);
	s->hunt = (struct hunt){ 0 };
	s->back_from = s->awaited = 0;
	session_look(s);
	twin_on_stop(s);
	const struct point *point = at.why == ARRIVED_POINT ? session_point(s, at.point) : NULL;
	if (point && point->once)
		session_remove_point(s, at.point);
	return at;
}

void session_interrupt(struct session *s)
{
	atomic_store(&s->interrupted, true);
	machine_ask_stop(s->m);
}

void session_witness(struct session *s, const struct witness *witness)
{
	s->witness = witness ? *witness : (struct witness){ 0 };
}

void session_on_progress(struct session *s, void (*progress)(void *self, uint64_t steps, uint64_t to), void *self)
{
	s->untold = 0;
	s->progress = progress;
	s->progress_self = self;
}
