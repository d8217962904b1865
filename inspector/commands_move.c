/* Commands that move: each asks the session for one motion, then says where that led.
 * Called through the table, whose rows say which motion and which way.
 */

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "commands_inside.h"

static const struct trap_record *last_trap(const struct inspector *inspector)
{
	size_t n, before;
	const struct trap_record *traps = session_traps(inspector->session, &n, &before);
	return before > 0 ? &traps[before - 1] : NULL;
}

/* ---- going -------------------------------------------------------------- */

/* The level to look at after a motion: whoever it was about. */
static unsigned level_after(const struct inspector *inspector, const struct motion *motion, const struct arrival *arrival)
{
	const struct trap_record *trap = last_trap(inspector);
	if (arrival->why == ARRIVED_POINT)
		return arrival->level;
	if (arrival->why != ARRIVED)
		return inspector->level;
	if (motion->kind == MOVE_INTO || motion->kind == MOVE_EXIT || motion->kind == MOVE_VIOLATION)
		return session_running(inspector->session);
	if (motion->kind == MOVE_REFLECTION && trap)
		return trap->level;
	return inspector->level;
}

static void arrive(struct inspector *inspector, const struct motion *motion, struct answer *answer)
{
	inspector->level = level_after(inspector, motion, &inspector->last);
	describe_output(inspector, answer);
	describe_place(inspector, &inspector->last, answer);
}

static void go(struct inspector *inspector, struct motion motion, struct answer *answer)
{
	motion.level = inspector->level;
	motion.most = inspector->most;
	inspector->last = session_move(inspector->session, &motion);
	arrive(inspector, &motion, answer);
}

static struct motion motion_of(const struct inspector_command *self)
{
	return (struct motion){ .kind = (enum motion_kind)self->kind, .back = self->back };
}

/* ---- by count ----------------------------------------------------------- */

COMMAND(command_move)
{
	struct motion motion = motion_of(self);
	if (read_value(inspector, arguments, 1, &motion.count, answer))
		go(inspector, motion, answer);
}

/* ---- by source line ----------------------------------------------------- */

#define LINE_MOST 100000 /* instructions, calls taken whole: a line may be a loop */

static bool same_line(const struct source_line *a, const struct source_line *b)
{
	return a->line == b->line && (a->file == b->file || (a->file && b->file && strcmp(a->file, b->file) == 0));
}

static struct arrival go_to_other_line(struct inspector *inspector, const struct motion *motion)
{
	struct source_line from = inspector_line(inspector, motion->level), now;
	struct arrival arrival;
	unsigned n = 0;
	do {
		arrival = session_move(inspector->session, motion);
		now = inspector_line(inspector, motion->level);
	} while (arrival.why == ARRIVED && same_line(&from, &now) && ++n < LINE_MOST);
	return arrival;
}

COMMAND(command_line)
{
	struct motion motion = motion_of(self);
	uint64_t count;
	if (!read_value(inspector, arguments, 1, &count, answer))
		return;
	motion.level = inspector->level;
	motion.most = inspector->most;
	inspector->last = (struct arrival){ .why = ARRIVED };
	while (count-- > 0 && inspector->last.why == ARRIVED)
		inspector->last = go_to_other_line(inspector, &motion);
	arrive(inspector, &motion, answer);
}

/* ---- to a place --------------------------------------------------------- */

COMMAND(command_until)
{
	struct motion motion = motion_of(self);
	if (!*arguments)
		answer_fail(answer, "until where? Give an address, a symbol or FILE:LINE");
	else if (read_value(inspector, without_star(arguments), 0, &motion.argument, answer) && is_code_address(motion.argument, answer))
		go(inspector, motion, answer);
}

COMMAND(command_exit)
{
	struct motion motion = motion_of(self);
	unsigned from;
	if (*arguments) {
		if (!read_level(inspector, arguments, &from, answer))
			return;
		motion.argument = 1 + from;
	}
	go(inspector, motion, answer);
}

bool read_cause(const char *text, unsigned *cause, struct answer *answer)
{
	for (*cause = 0; *cause < CAUSES; ++*cause)
		if (strcmp(text, isa_cause_names[*cause]) == 0)
			return true;
	if (strcmp(text, "any") == 0)
		return true;
	if (isdigit((unsigned char)text[0]) && text[1] == '\0' && text[0] - '0' < CAUSES) {
		*cause = (unsigned)(text[0] - '0');
		return true;
	}
	answer_fail(answer, "no cause '%s': there are reset, privileged, memory, svc, breakpoint, illegal, misaligned, timer, io", text);
	return false;
}

COMMAND(command_cause)
{
	struct motion motion = motion_of(self);
	unsigned cause;
	if (!read_cause(next_word(&arguments), &cause, answer) || !read_value(inspector, arguments, 1, &motion.count, answer))
		return;
	motion.argument = cause;
	if (cause == CAUSES)
		answer_fail(answer, "which cause? 'exit' stops at any");
	else
		go(inspector, motion, answer);
}

/* ---- to a time ---------------------------------------------------------- */

static void go_to_clock(struct inspector *inspector, uint64_t clock, struct answer *answer)
{
	struct level_state state;
	session_state(inspector->session, inspector->level, &state);
	go(inspector, (struct motion){ .kind = MOVE_CLOCK, .argument = clock, .back = clock < state.clock }, answer);
}

COMMAND(command_clock)
{
	uint64_t clock;
	if (!*arguments)
		info_clock(inspector, self, arguments, answer);
	else if (read_value(inspector, arguments, 0, &clock, answer))
		go_to_clock(inspector, clock, answer);
}

static void go_to_step(struct inspector *inspector, uint64_t steps, struct answer *answer)
{
	go(inspector, (struct motion){ .kind = MOVE_STEPS, .argument = steps }, answer);
}

COMMAND(command_goto)
{
	unsigned n;
	uint64_t value;
	const struct mark *marks = session_marks(inspector->session, &n);
	(void)self;
	for (unsigned i = 0; i < n; i++) {
		if (strcmp(marks[i].name, arguments) == 0) {
			go_to_step(inspector, marks[i].steps, answer);
			return;
		}
	}
	if (!*arguments)
		answer_fail(answer, "go where? Give a mark, a clock, or #STEPS");
	else if (read_value(inspector, arguments + (*arguments == '#'), 0, &value, answer)) {
		if (*arguments == '#')
			go_to_step(inspector, value, answer);
		else
			go_to_clock(inspector, value, answer);
	}
}

/* ---- to a machine that is not there yet --------------------------------- */

/* A machine that is there, if it is the one meant: a guest, or the level named. */
static bool meant(const struct inspector *inspector, unsigned level, int wanted)
{
	int program = inspector_program(inspector, level);
	if (wanted >= 0)
		return level == (unsigned)wanted;
	for (unsigned i = 0; program >= 0 && i < inspector->programs; i++)
		if (inspector->program[i].host == program)
			return false;
	return program >= 0;
}

struct goal {
	const struct inspector *inspector;
	int wanted; /* a level, or -1: a guest */
	bool reached;
};

static void on_turn(void *self, unsigned from)
{
	struct goal *goal = self;
	struct session *session = goal->inspector->session;
	(void)from;
	if (goal->reached || !meant(goal->inspector, session_running(session), goal->wanted))
		return;
	goal->reached = true;
	session_interrupt(session);
}

bool inspector_enter(struct inspector *inspector, int wanted)
{
	struct goal goal = { inspector, wanted, false };
	const struct witness witness = { &goal, NULL, on_turn };
	if (meant(inspector, session_running(inspector->session), wanted)) {
		inspector->level = session_running(inspector->session);
		return false;
	}
	uint64_t most = inspector->most ? session_now(inspector->session) + inspector->most : UINT64_MAX;
	session_witness(inspector->session, &witness);
	struct arrival arrival = session_move(inspector->session, &(struct motion){ .kind = MOVE_STEPS, .argument = most });
	session_witness(inspector->session, NULL);
	if (goal.reached)
		arrival.why = ARRIVED;
	else if (arrival.why == ARRIVED)
		arrival.why = ARRIVED_LIMIT;
	inspector->last = arrival;
	inspector->level = session_running(inspector->session);
	return true;
}

COMMAND(command_enter)
{
	bool number = isdigit((unsigned char)*arguments);
	int wanted = number ? atoi(arguments) : -1;
	(void)self;
	if (*arguments && !number) {
		answer_fail(answer, "enter which level? Give a number, or nothing for a guest");
		return;
	}
	bool moved = inspector_enter(inspector, wanted);
	describe_output(inspector, answer);
	describe_place(inspector, moved ? &inspector->last : NULL, answer);
}
