/* Motion by functions: a call as one step, until a function returns, back to where it
 * was called.  A call is a JAL or JALR that links in ra or t0, a return a JALR by one of
 * them that does not link.  Called by the session's motion.
 */

#include <string.h>

#include "session_inside.h"

enum { RA = 1, SP = 2, T0 = 5 };

static uint64_t now(const struct session *s) { return machine_steps(s->m); }

static bool links(uint32_t x) { return x == RA || x == T0; }

static bool is_call(uint32_t word)
{
	enum insn insn = isa_decode(word);
	return (insn == INSN_jal || insn == INSN_jalr) && links(isa_rd(word));
}

static bool is_return(uint32_t word)
{
	return isa_decode(word) == INSN_jalr && isa_rd(word) == 0 && links(isa_rs1(word));
}

/* The word at an address of what the machine executes now; 0, which is no instruction, if there
 * is none. */
static uint32_t word_at(const struct session *s, unsigned level, uint32_t pc)
{
	uint32_t word = 0;
	struct psw psw = machine_psw(s->m);
	if (s->meter.running != level || !address_legal(pc, 4, psw.base, psw.bound, machine_storage_size(s->m)))
		return 0;
	return machine_read(s->m, psw.base + pc, &word, 4) ? word : 0;
}

/* What the machine executes next; 0 if it does not run. */
static uint32_t next_word(const struct session *s, unsigned level) { return word_at(s, level, machine_psw(s->m).pc); }

static struct arrival step(struct session *s, unsigned level, bool back, uint64_t to)
{
	return motion_once(s, &(struct motion){ .kind = MOVE_STEP, .level = level, .back = back }, to);
}

/* ---- until an address ---------------------------------------------------- */

static bool in_frame(void *self, const struct session *s, const struct point *point)
{
	const uint32_t *sp = self;
	struct level_state state;
	session_state(s, point->level, &state);
	return state.x[SP] >= *sp;
}

/* Until pc; if sp is not NULL, with a stack pointer that is not less. */
static struct arrival run_until(struct session *s, unsigned level, bool back, uint32_t pc, uint32_t *sp, uint64_t to)
{
	const struct point until = { .kind = POINT_BREAK, .level = level, .address = pc, .bytes = 4,
	                             .condition = sp ? in_frame : NULL, .self = sp };
	if (!points_add_own(s, &until))
		return (struct arrival){ .why = ARRIVED_LIMIT };
	struct arrival at = motion_once(s, &(struct motion){ .kind = MOVE_CONTINUE, .level = level, .back = back }, to);
	session_remove_point(s, POINT_OWN);
	if (at.why == ARRIVED_POINT && at.point == POINT_OWN)
		at = (struct arrival){ .why = ARRIVED };
	return at;
}

struct arrival calls_until(struct session *s, const struct motion *motion, uint64_t to)
{
	return run_until(s, motion->level, motion->back, (uint32_t)motion->argument, NULL, to);
}

/* ---- next --------------------------------------------------------------- */

static struct arrival forward_over(struct session *s, unsigned level, uint64_t to)
{
	uint32_t pc = machine_psw(s->m).pc, sp = machine_register(s->m, SP);
	if (!is_call(next_word(s, level)))
		return step(s, level, false, to);
	return run_until(s, level, false, pc + 4, &sp, to);
}

/* Behind a call, the step before is the callee's return. */
static struct arrival back_over(struct session *s, unsigned level, uint64_t to)
{
	uint32_t call = machine_psw(s->m).pc - 4, sp = machine_register(s->m, SP);
	bool behind = is_call(word_at(s, level, call));
	struct arrival at = step(s, level, true, to);
	if (at.why != ARRIVED || !behind || !is_return(next_word(s, level)))
		return at;
	return run_until(s, level, true, call, &sp, to);
}

struct arrival calls_next(struct session *s, const struct motion *motion, uint64_t to)
{
	return motion->back ? back_over(s, motion->level, to) : forward_over(s, motion->level, to);
}

/* ---- finish ------------------------------------------------------------- */

/* Since the tape of traps stood there, the machine has taken one. */
static bool has_trapped(const struct session *s, unsigned level, uint64_t since)
{
	const struct trap_record *traps = (const struct trap_record *)s->traps.items;
	for (uint64_t i = s->traps.now; i > since && i > s->traps.first; i--)
		if (traps[i - 1 - s->traps.first].level == level)
			return true;
	return false;
}

/* A function ends by its return, what handles a trap by LPSW; handlers of traps that came on the way end
 * first. */
static struct arrival forward_out(struct session *s, unsigned level, uint64_t to)
{
	for (unsigned handlers = 0;;) {
		uint32_t word = next_word(s, level);
		uint64_t traps = s->traps.now;
		struct arrival at = forward_over(s, level, to);
		if (at.why != ARRIVED)
			return at;
		bool resumes = isa_decode(word) == INSN_lpsw;
		if (!is_call(word) && has_trapped(s, level, traps))
			handlers++;
		else if (resumes && handlers > 0)
			handlers--;
		else if (resumes || is_return(word))
			return at;
	}
}

/* Calls not yet returned from, the latest last; and returns from calls before them. */
#define CALLS_MOST 4096

struct calls {
	uint64_t at[CALLS_MOST]; /* a ring */
	size_t n, returns;
};

static void count_call(struct calls *calls, uint32_t word, uint64_t steps)
{
	if (is_call(word))
		calls->at[calls->n++ % CALLS_MOST] = steps;
	else if (is_return(word) && calls->n > 0)
		calls->n--;
	else if (is_return(word))
		calls->returns++;
}

/* Goes on to a step, and counts what the machine calls. */
static enum went follow_calls(struct session *s, unsigned level, uint64_t to, struct calls *calls)
{
	calls->n = calls->returns = 0;
	while (now(s) < to) {
		uint32_t word = next_word(s, level);
		uint64_t before = now(s), instructions = machine_counts(s->m).instructions;
		enum went went = run_to(s, now(s) + 1);
		if (went == WENT_INTERRUPTED)
			return went;
		if (machine_counts(s->m).instructions != instructions)
			count_call(calls, word, before);
	}
	return WENT_THERE;
}

/* Finds the call that led to where the session goes back from.  On a first way there, moments
 * are kept close to it, so that the first stretches are short; returned counts the calls
 * that later stretches have returned from. */
static enum went find_call(struct session *s, unsigned level, uint64_t to, uint64_t *call)
{
	struct calls calls;
	size_t returned = 0;
	enum went went = run_go(s, s->back_from);
	for (uint64_t last = s->back_from; went != WENT_INTERRUPTED && *call == 0;) {
		const struct moment *moment = past_before(&s->past, last);
		if (!moment || last <= to)
			break;
		uint64_t from = moment->steps;
		run_restore(s, moment);
		went = follow_calls(s, level, last, &calls);
		if (calls.n > returned)
			*call = calls.at[(calls.n - 1 - returned) % CALLS_MOST];
		else
			returned += calls.returns - calls.n;
		last = from;
	}
	return went;
}

static struct arrival back_out(struct session *s, unsigned level, uint64_t to)
{
	uint64_t call = 0, from = s->back_from = now(s);
	const struct moment *moment = past_before(&s->past, from);
	if (!moment)
		return (struct arrival){ .why = ARRIVED_BEGINNING };
	s->hunt = (struct hunt){ .level = level };
	run_restore(s, moment);
	enum went went = find_call(s, level, to, &call);
	s->back_from = 0;
	if (went == WENT_INTERRUPTED)
		return motion_give_up(s, from);
	uint64_t first = s->past.moments[0].steps;
	bool good = call > to;
	run_go(s, good ? call : to > first ? to : first);
	return (struct arrival){ .why = good ? ARRIVED : to > first ? ARRIVED_LIMIT : ARRIVED_BEGINNING };
}

struct arrival calls_finish(struct session *s, const struct motion *motion, uint64_t to)
{
	return motion->back ? back_out(s, motion->level, to) : forward_out(s, motion->level, to);
}
