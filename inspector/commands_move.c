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
	if (motion->kind == MOVE_INTO || motion->kind == MOVE_EXIT)
		return session_running(inspector->session);
	if (motion->kind == MOVE_REFLECTION && trap)
		return trap->level;
	return inspector->level;
}

static void go(struct inspector *inspector, struct motion motion, struct answer *answer)
{
	motion.level = inspector->level;
	motion.most = inspector->most;
	inspector->last = session_move(inspector->session, &motion);
	inspector->level = level_after(inspector, &motion, &inspector->last);
	describe_output(inspector, answer);
	describe_place(inspector, &inspector->last, answer);
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

/* ---- to a place --------------------------------------------------------- */

COMMAND(command_until)
{
	struct motion motion = motion_of(self);
	if (!*arguments)
		answer_fail(answer, "until where? Give an address, a symbol or FILE:LINE");
	else if (read_value(inspector, arguments, 0, &motion.argument, answer))
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

static bool was_entered(const struct inspector *inspector, unsigned level)
{
	struct level_state state;
	const struct level_counts *counts = session_counts(inspector->session, level);
	uint64_t any = counts->direct + counts->privileged;
	for (unsigned cause = 0; cause < CAUSES; cause++)
		any += counts->traps[cause];
	session_state(inspector->session, level, &state);
	return any > 0 || state.running;
}

/* The machine meant, if it runs or has run; else -1. */
static int find_entered(const struct inspector *inspector, int wanted)
{
	unsigned n;
	session_levels(inspector->session, &n);
	for (unsigned i = 0; i < n; i++)
		if (meant(inspector, i, wanted) && was_entered(inspector, i))
			return (int)i;
	return -1;
}

static struct arrival go_quietly(struct inspector *inspector, uint64_t steps)
{
	return session_move(inspector->session, &(struct motion){ .kind = MOVE_STEPS, .argument = steps });
}

#define STRIDE (UINT64_C(1) << 20) /* steps between looks */

/* Strides until it has been entered; -1: it never is. */
static int go_past_entry(struct inspector *inspector, int wanted)
{
	uint64_t start = session_now(inspector->session), limit = inspector->most ? start + inspector->most : UINT64_MAX;
	int level;
	inspector->last = (struct arrival){ .why = ARRIVED };
	while ((level = find_entered(inspector, wanted)) < 0 && inspector->last.why == ARRIVED) {
		uint64_t now = session_now(inspector->session);
		if (now >= limit)
			inspector->last.why = ARRIVED_LIMIT;
		else
			inspector->last = go_quietly(inspector, limit - now < STRIDE ? limit : now + STRIDE);
	}
	return level;
}

/* The first step at which it has been entered, by halving. */
static uint64_t find_entry(struct inspector *inspector, int wanted)
{
	uint64_t after = session_now(inspector->session), before = after > STRIDE ? after - STRIDE - 1 : 0;
	while (after - before > 1) {
		uint64_t middle = before + (after - before) / 2;
		go_quietly(inspector, middle);
		if (find_entered(inspector, wanted) < 0)
			before = middle;
		else
			after = middle;
	}
	return after;
}

COMMAND(command_enter)
{
	int wanted = isdigit((unsigned char)*arguments) ? atoi(arguments) : -1;
	(void)self;
	if (*arguments && (wanted < 0 || (unsigned)wanted >= inspector->programs)) {
		answer_fail(answer, "enter which level? Give a number below %u, or nothing for the first guest", inspector->programs);
		return;
	}
	int level = find_entered(inspector, wanted);
	bool there = level >= 0;
	if (!there && (level = go_past_entry(inspector, wanted)) >= 0)
		inspector->last = go_quietly(inspector, find_entry(inspector, wanted));
	if (level >= 0)
		inspector->level = (unsigned)level;
	describe_output(inspector, answer);
	describe_place(inspector, there ? NULL : &inspector->last, answer);
}
