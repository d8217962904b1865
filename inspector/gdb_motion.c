/* Points, motion, and what gdb is told of why it stopped.  Called by gdb_target.c, a function
 * for each packet.
 */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "gdb_inside.h"

#define STEPS_BETWEEN_LOOKS 1024 /* at whether gdb wants a stop */

/* ---- points -------------------------------------------------------------- */

static const struct point *own_point(const struct gdb_target *target, const struct point *like)
{
	unsigned n;
	const struct point *points = session_points(gdb_session(target), &n);
	for (unsigned i = 0; i < n; i++)
		if (points[i].self == target && points[i].level == like->level && points[i].kind == like->kind &&
		    points[i].address == like->address && points[i].bytes == like->bytes &&
		    strcmp(points[i].text, like->text) == 0)
			return &points[i];
	return NULL;
}

/* gdb takes what stopped it for what it asked for: a breakpoint of its other kind would not
 * be it. */
#define HARDWARE "gdb, hardware"

/* TYPE,ADDRESS,KIND: what Z and z have in common. */
static bool scan_point(const struct gdb_target *target, struct gdb_scan *scan, struct point *point)
{
	static const enum point_kind kinds[] = { POINT_BREAK, POINT_BREAK, POINT_WRITE, POINT_READ, POINT_ACCESS };
	struct gdb_view view = gdb_view(target, target->level);
	uint64_t type, length;
	uint32_t address;
	if (!gdb_scan_number(scan, &type) || type >= sizeof(kinds) / sizeof(*kinds) || !gdb_scan_is(scan, ",") ||
	    !gdb_scan_range(scan, &address, &length) || length > UINT32_MAX)
		return false;
	*point = (struct point){
		.kind = kinds[type],
		.level = target->level,
		.address = address,
		.bytes = kinds[type] == POINT_BREAK ? 4 : (uint32_t)length,
		.absolute = kinds[type] != POINT_BREAK && view.absolute,
		.self = (void *)(uintptr_t)target, /* whose it is */
	};
	snprintf(point->text, sizeof(point->text), "%s", type == 1 ? HARDWARE : "gdb");
	return true;
}

HANDLER(gdb_add_point)
{
	struct point point;
	if (!scan_point(target, scan, &point))
		gdb_put_error(answer, ERROR_SYNTAX);
	else if (point.bytes == 0)
		gdb_put_error(answer, ERROR_REFUSED);
	else if (own_point(target, &point) || session_add_point(gdb_session(target), &point))
		gdb_put_ok(answer);
	else
		gdb_put_error(answer, ERROR_NO_ROOM);
	return GDB_GO_ON;
}

/* One that is not there, since a command has removed it, is as good as removed. */
HANDLER(gdb_remove_point)
{
	struct point like;
	if (!scan_point(target, scan, &like)) {
		gdb_put_error(answer, ERROR_SYNTAX);
		return GDB_GO_ON;
	}
	const struct point *point = own_point(target, &like);
	if (point)
		session_remove_point(gdb_session(target), point->number);
	gdb_put_ok(answer);
	return GDB_GO_ON;
}

void gdb_remove_points(struct gdb_target *target, unsigned level)
{
	unsigned n;
	const struct point *points = session_points(gdb_session(target), &n);
	for (unsigned i = 0; i < n;) {
		if (points[i].self != target || (level < LEVELS_MOST && points[i].level != level)) {
			i++;
			continue;
		}
		session_remove_point(gdb_session(target), points[i].number);
		points = session_points(gdb_session(target), &n);
	}
}

/* ---- why it stopped ------------------------------------------------------ */

void gdb_put_stop(struct gdb_target *target, unsigned signal, unsigned level, const char *reason,
                  struct gdb_text *answer)
{
	if (target->attached[level])
		target->level = level;
	gdb_put(answer, "T%02x", signal);
	if (*reason)
		gdb_put(answer, "%s;", reason);
	gdb_put(answer, "thread:");
	gdb_put_thread(target, answer, target->level);
	gdb_put(answer, ";");
}

/* Why gdb's own point stopped it, in gdb's words; empty: gdb does not know the words. */
static void name_point(const struct gdb_target *target, const struct point *point, char *to, size_t n)
{
	bool hardware = strcmp(point->text, HARDWARE) == 0;
	*to = '\0';
	switch (point->kind) {
	case POINT_WRITE:  snprintf(to, n, "watch:%" PRIx32, point->address); break;
	case POINT_READ:   snprintf(to, n, "rwatch:%" PRIx32, point->address); break;
	case POINT_ACCESS: snprintf(to, n, "awatch:%" PRIx32, point->address); break;
	default:
		if (hardware ? target->hwbreak : target->swbreak)
			snprintf(to, n, hardware ? "hwbreak:" : "swbreak:");
	}
}

/* A point that gdb knows nothing of: in the inspector's words. */
static void say_why(struct gdb_target *target, const struct arrival *arrival)
{
	char *text = NULL;
	size_t size = 0;
	struct answer answer = { .text = open_memstream(&text, &size) };
	if (!answer.text)
		return;
	target->inspector->last = *arrival;
	inspector_why(target->inspector, &answer);
	if (fclose(answer.text) == 0)
		gdb_say_bytes(target, text, size);
	free(text);
}

static void put_point(struct gdb_target *target, const struct arrival *arrival, struct gdb_text *answer)
{
	const struct point *point = session_point(gdb_session(target), arrival->point);
	char text[96];
	if (point && point->self == target) {
		name_point(target, point, text, sizeof(text));
		gdb_put_stop(target, SIGNAL_TRAP, arrival->level, text, answer);
		return;
	}
	say_why(target, arrival);
	gdb_put_stop(target, SIGNAL_TRAP, arrival->level, "", answer);
}

static void say_end(const struct gdb_target *target, const struct arrival *arrival, unsigned level)
{
	const struct machine *m = session_machine(gdb_session(target));
	char text[128];
	if (arrival->why == ARRIVED_GONE)
		snprintf(text, sizeof(text), "the machine at level %u has ended; the others can go on\n", level);
	else if (machine_end(m) == MACHINE_HALTED)
		snprintf(text, sizeof(text), "the machine has halted with code %u\n", machine_exit_code(m));
	else
		snprintf(text, sizeof(text), "the machine has ended: %s\n", machine_end_names[machine_end(m)]);
	gdb_say(target, text);
}

/* The end is told once as the end of what can be run, so that one can look at it and go
 * back.  Who goes on all the same sees the process end. */
static void put_end(struct gdb_target *target, const struct arrival *arrival, unsigned level, struct gdb_text *answer)
{
	const struct machine *m = session_machine(gdb_session(target));
	uint64_t now = session_now(gdb_session(target));
	if (target->told_end != now) {
		target->told_end = now;
		say_end(target, arrival, level);
		gdb_put_stop(target, SIGNAL_NONE, level, "replaylog:end", answer);
		return;
	}
	struct gdb_view view = gdb_view(target, level);
	bool halted = arrival->why == ARRIVED_GONE ? !view.state.exists || view.state.vm == VM_HALTED
	                                           : machine_end(m) == MACHINE_HALTED;
	gdb_put(answer, halted ? "W%02x" : "X%02x", halted ? machine_exit_code(m) : SIGNAL_ABORT);
	if (target->multiprocess)
		gdb_put(answer, ";process:%x", level + 1);
	target->attached[level] = false;
	gdb_remove_points(target, level);
}

static void put_arrival(struct gdb_target *target, const struct arrival *arrival, unsigned level, struct gdb_text *answer)
{
	switch (arrival->why) {
	case ARRIVED:
		gdb_put_stop(target, SIGNAL_TRAP, level, "", answer);
		break;
	case ARRIVED_POINT:
		put_point(target, arrival, answer);
		break;
	case ARRIVED_END:
	case ARRIVED_GONE:
		put_end(target, arrival, level, answer);
		break;
	case ARRIVED_BEGINNING:
		gdb_put_stop(target, SIGNAL_NONE, gdb_exists(target, level) ? level : 0, "replaylog:begin", answer);
		break;
	case ARRIVED_INPUT:
		gdb_say(target, "the machine waits for input: give it some with 'monitor type TEXT'\n");
		gdb_put_stop(target, SIGNAL_INT, level, "", answer);
		break;
	case ARRIVED_INTERRUPTED:
	case ARRIVED_LIMIT:
		gdb_put_stop(target, SIGNAL_INT, level, "", answer);
		break;
	}
}

/* ---- motion -------------------------------------------------------------- */

static struct arrival move(const struct gdb_target *target, enum motion_kind kind, bool back, unsigned level)
{
	const struct motion motion = { .kind = kind, .back = back, .level = level, .most = target->inspector->most };
	return session_move(gdb_session(target), &motion);
}

/* Goes to where a PSW change of the level is behind. */
static struct arrival back_to_psw_change(const struct gdb_target *target, unsigned level)
{
	const struct point point = { .kind = POINT_PSW, .level = level, .text = "gdb" };
	unsigned number = session_add_point(gdb_session(target), &point);
	struct arrival arrival = move(target, MOVE_CONTINUE, true, level);
	session_remove_point(gdb_session(target), number);
	if (arrival.why == ARRIVED_POINT && arrival.point == number)
		arrival.why = ARRIVED;
	return arrival;
}

/* A monitor whose VM runs first has to come back: with the next trap that it takes, or at
 * the instruction with which it left. */
static struct arrival come_back(const struct gdb_target *target, bool back, unsigned level)
{
	if (back)
		return back_to_psw_change(target, level);
	return move(target, level == 0 ? MOVE_EXIT : MOVE_REFLECTION, false, level);
}

static struct arrival step(const struct gdb_target *target, bool back, unsigned level)
{
	struct arrival arrival = { .why = ARRIVED };
	bool away = gdb_view(target, level).away;
	if (away)
		arrival = come_back(target, back, level);
	if (arrival.why == ARRIVED && !(away && back))
		arrival = move(target, MOVE_STEP, back, level);
	return arrival;
}

/* Steps as long as pc is in a source line's range. */
static struct arrival step_range(const struct gdb_target *target, unsigned level, uint64_t from, uint64_t to)
{
	for (uint64_t n = 1;; n++) {
		struct arrival arrival = step(target, false, level);
		uint32_t pc = gdb_view(target, level).state.psw.pc;
		if (arrival.why != ARRIVED || pc < from || pc >= to || (target->inspector->most && n >= target->inspector->most))
			return arrival;
		if (n % STEPS_BETWEEN_LOOKS == 0 && target->asked && target->asked(target->self))
			return (struct arrival){ .why = ARRIVED_INTERRUPTED, .level = level };
	}
}

/* A level that has ended does not keep the others from going on. */
static struct arrival go(struct gdb_target *target, bool back, unsigned level)
{
	uint64_t before = session_now(gdb_session(target));
	target->forwards = !back;
	struct arrival arrival = move(target, MOVE_CONTINUE, back, level);
	if (arrival.why == ARRIVED_GONE && session_now(gdb_session(target)) == before && target->told_end == before && level > 0)
		arrival = move(target, MOVE_CONTINUE, back, 0);
	target->forwards = false;
	return arrival;
}

static void arrive(struct gdb_target *target, struct arrival arrival, unsigned level, struct gdb_text *answer)
{
	unsigned n;
	session_levels(gdb_session(target), &n);
	gdb_say_output(target);
	put_arrival(target, &arrival, level < n ? level : 0, answer);
}

/* The level of a thread, or if it means any, the one that gdb moves.  One that does not exist
 * at this time moves as all do. */
static unsigned level_of(const struct gdb_target *target, int process)
{
	unsigned level = process > 0 && process <= LEVELS_MOST ? (unsigned)process - 1 : target->moving;
	return gdb_exists(target, level) ? level : 0;
}

struct action {
	char what;       /* c, s or r; signals are left out: the machine has none */
	uint64_t from, to;
	int process;
};

static bool scan_action(struct gdb_scan *scan, struct action *action)
{
	uint64_t signal;
	*action = (struct action){ 0 };
	if (!gdb_scan_is(scan, ";") || scan->at == scan->end)
		return false;
	action->what = *scan->at++;
	if ((action->what == 'C' || action->what == 'S') && !gdb_scan_number(scan, &signal))
		return false;
	action->what |= 0x20;
	if (action->what == 'r' && !(gdb_scan_number(scan, &action->from) && gdb_scan_is(scan, ",") &&
	                             gdb_scan_number(scan, &action->to)))
		return false;
	if (gdb_scan_is(scan, ":") && !gdb_scan_process(scan, &action->process))
		return false;
	return strchr("csr", action->what) != NULL;
}

/* All levels are one machine, so that one action decides: the first step, else the first. */
HANDLER(gdb_resume)
{
	struct action action, chosen = { 0 };
	if (gdb_scan_is(scan, "?")) {
		gdb_put(answer, "vCont;c;C;s;S;r");
		return GDB_GO_ON;
	}
	while (scan_action(scan, &action))
		if (!chosen.what || (chosen.what == 'c' && action.what != 'c'))
			chosen = action;
	if (!chosen.what || scan->at < scan->end) {
		gdb_put_error(answer, ERROR_SYNTAX);
		return GDB_GO_ON;
	}
	unsigned level = level_of(target, chosen.process);
	if (chosen.what == 'c')
		arrive(target, go(target, false, level), level, answer);
	else if (chosen.what == 's')
		arrive(target, step(target, false, level), level, answer);
	else
		arrive(target, step_range(target, level, chosen.from, chosen.to), level, answer);
	return GDB_GO_ON;
}

HANDLER(gdb_step_back)
{
	(void)scan;
	unsigned level = level_of(target, 0);
	arrive(target, step(target, true, level), level, answer);
	return GDB_GO_ON;
}

HANDLER(gdb_go_back)
{
	(void)scan;
	unsigned level = level_of(target, 0);
	arrive(target, go(target, true, level), level, answer);
	return GDB_GO_ON;
}
