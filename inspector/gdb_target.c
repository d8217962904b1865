/* gdb's packets, carried out on a session.  See gdb_target.h. */

#include "gdb_target.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
	SIGNAL_NONE = 0, SIGNAL_INT = 2, SIGNAL_ABORT = 6, SIGNAL_TRAP = 5, /* as gdb numbers them */
	MEMORY_MOST = GDB_PACKET_MOST / 2, /* bytes that a packet can hold in hex */
	STEPS_BETWEEN_LOOKS = 1024,
};

/* ---- levels -------------------------------------------------------------- */

static struct session *session_of(const struct gdb_target *target) { return target->inspector->session; }

static bool exists(const struct gdb_target *target, unsigned level)
{
	struct level_state state;
	unsigned n;
	session_levels(session_of(target), &n);
	if (level >= n)
		return false;
	session_state(session_of(target), level, &state);
	return state.exists;
}

/* What gdb sees of a level. */
struct view {
	struct level_state state; /* its PSW: the one that gdb sees */
	bool away;     /* it is a monitor whose VM runs, and will go on at this PSW */
	bool absolute; /* it is a monitor: its addresses are those of its real storage */
};

static struct view view_of(const struct gdb_target *target, unsigned level)
{
	struct view view = { 0 };
	unsigned n;
	const struct level *levels = session_levels(session_of(target), &n);
	if (level >= n)
		return view;
	session_state(session_of(target), level, &view.state);
	struct psw next;
	view.away = view.state.exists && levels[level].hosts && (view.state.psw.status & STATUS_M) &&
	            session_read(session_of(target), level, CELL_NEW_PSW, true, &next, sizeof(next));
	view.absolute = view.state.exists && levels[level].hosts;
	if (view.away)
		view.state.psw = psw_normal(next);
	return view;
}

static void put_thread(const struct gdb_target *target, struct gdb_text *answer, unsigned level)
{
	if (target->multiprocess)
		gdb_put(answer, "p%x.1", level + 1);
	else
		gdb_put(answer, "%x", level + 1);
}

static void put_ok(struct gdb_text *answer) { gdb_put(answer, "OK"); }

static void put_error(struct gdb_text *answer, unsigned code) { gdb_put(answer, "E%02x", code); }

enum { ERROR_NO_SUCH = 1, ERROR_SYNTAX = 2, ERROR_REFUSED = 3, ERROR_NO_ROOM = 4 };

/* Text for the user, on gdb's screen. */
static void say_text(const struct gdb_target *target, const void *bytes, size_t n)
{
	const uint8_t *from = bytes;
	struct gdb_text *packet = target->say && n > 0 ? malloc(sizeof(*packet)) : NULL;
	while (packet && n > 0) {
		size_t some = n < MEMORY_MOST - 1 ? n : MEMORY_MOST - 1;
		packet->n = 0;
		packet->full = false;
		gdb_put(packet, "O");
		gdb_put_hex(packet, from, some);
		target->say(target->self, packet);
		from += some;
		n -= some;
	}
	free(packet);
}

static void say(const struct gdb_target *target, const char *text) { say_text(target, text, strlen(text)); }

/* What the console lines have written since the last look.  Going back takes it back, and
 * going forward it is seen again. */
static void say_output(struct gdb_target *target)
{
	const struct machine *m = session_machine(session_of(target));
	for (unsigned line = 0; line < machine_lines(m); line++) {
		size_t n;
		const uint8_t *bytes = session_output(session_of(target), line, &n);
		if (n > target->inspector->shown[line])
			say_text(target, bytes + target->inspector->shown[line], n - target->inspector->shown[line]);
		target->inspector->shown[line] = n;
	}
}

/* ---- registers ----------------------------------------------------------- */

/* Bytes of a register, little-endian as gdb wants them. */
static size_t register_value(const struct view *view, unsigned number, uint64_t *value)
{
	const struct psw *psw = &view->state.psw;
	switch (number) {
	case GDB_PC:     *value = psw->pc; break;
	case GDB_STATUS: *value = psw->status; break;
	case GDB_BASE:   *value = psw->base; break;
	case GDB_BOUND:  *value = psw->bound; break;
	case GDB_TIMER:  *value = psw->timer; break;
	case GDB_CLOCK:  *value = view->state.clock; return 8;
	default:         *value = view->state.x[number];
	}
	return 4;
}

static void put_register(const struct view *view, unsigned number, struct gdb_text *answer)
{
	uint64_t value;
	size_t n = register_value(view, number, &value);
	if (view->state.exists)
		gdb_put_hex(answer, &value, n);
	else
		gdb_put(answer, "%.*s", (int)(2 * n), "xxxxxxxxxxxxxxxx");
}

/* x0 stays 0, whatever is written.  A monitor whose VM runs will go on where its trap cells
 * say, and registers are the VM's until then. */
static bool set_register(const struct gdb_target *target, unsigned number, uint64_t value)
{
	struct view view = view_of(target, target->level);
	uint64_t now;
	if (!view.state.exists)
		return false;
	register_value(&view, number, &now);
	if (value == now || number == 0)
		return true;
	if (view.away)
		return false;
	if (number < 32)
		return session_set_register(session_of(target), target->level, number, (uint32_t)value);
	return number == GDB_PC && session_set_pc(session_of(target), target->level, (uint32_t)value);
}

static enum gdb_after read_registers(struct gdb_target *target, struct gdb_scan *scan, struct gdb_text *answer)
{
	struct view view = view_of(target, target->level);
	(void)scan;
	for (unsigned i = 0; i < GDB_REGISTERS; i++)
		put_register(&view, i, answer);
	return GDB_GO_ON;
}

static bool scan_register(struct gdb_scan *scan, unsigned number, uint64_t *value)
{
	*value = 0;
	return gdb_scan_hex(scan, value, number == GDB_CLOCK ? 8 : 4);
}

static enum gdb_after write_registers(struct gdb_target *target, struct gdb_scan *scan, struct gdb_text *answer)
{
	uint64_t value[GDB_REGISTERS];
	bool good = true;
	for (unsigned i = 0; i < GDB_REGISTERS && good; i++)
		good = scan_register(scan, i, &value[i]);
	if (!good) {
		put_error(answer, ERROR_SYNTAX);
		return GDB_GO_ON;
	}
	for (unsigned i = 0; i < GDB_REGISTERS; i++)
		good &= set_register(target, i, value[i]);
	if (good)
		put_ok(answer);
	else
		put_error(answer, ERROR_REFUSED);
	return GDB_GO_ON;
}

static enum gdb_after read_register(struct gdb_target *target, struct gdb_scan *scan, struct gdb_text *answer)
{
	struct view view = view_of(target, target->level);
	uint64_t number;
	if (gdb_scan_number(scan, &number) && number < GDB_REGISTERS)
		put_register(&view, (unsigned)number, answer);
	else
		put_error(answer, ERROR_SYNTAX);
	return GDB_GO_ON;
}

static enum gdb_after write_register(struct gdb_target *target, struct gdb_scan *scan, struct gdb_text *answer)
{
	uint64_t number, value;
	if (!gdb_scan_number(scan, &number) || number >= GDB_REGISTERS || !gdb_scan_is(scan, "=") ||
	    !scan_register(scan, (unsigned)number, &value))
		put_error(answer, ERROR_SYNTAX);
	else if (set_register(target, (unsigned)number, value))
		put_ok(answer);
	else
		put_error(answer, ERROR_REFUSED);
	return GDB_GO_ON;
}

/* ---- storage ------------------------------------------------------------- */

/* ADDRESS,LENGTH: of 32 bits, as gdb means them. */
static bool scan_range(struct gdb_scan *scan, uint32_t *address, uint64_t *length)
{
	uint64_t at;
	if (!gdb_scan_number(scan, &at) || !gdb_scan_is(scan, ",") || !gdb_scan_number(scan, length))
		return false;
	*address = (uint32_t)at;
	return at <= UINT32_MAX;
}

/* A monitor's own storage lies under the base that its traps load, also while a VM of
 * it runs under another. */
static uint32_t real_address(const struct view *view, uint32_t address)
{
	return view->away ? address + view->state.psw.base : address;
}

/* As much of it as there is. */
static enum gdb_after read_memory(struct gdb_target *target, struct gdb_scan *scan, struct gdb_text *answer)
{
	uint8_t bytes[MEMORY_MOST];
	uint32_t address;
	uint64_t n;
	if (!scan_range(scan, &address, &n)) {
		put_error(answer, ERROR_SYNTAX);
		return GDB_GO_ON;
	}
	struct view view = view_of(target, target->level);
	n = n < sizeof(bytes) ? n : sizeof(bytes);
	while (n > 0 && !(view.state.exists && session_read(session_of(target), target->level, real_address(&view, address),
	                                                    view.away, bytes, (uint32_t)n)))
		n /= 2;
	if (n > 0)
		gdb_put_hex(answer, bytes, n);
	else
		put_error(answer, ERROR_REFUSED);
	return GDB_GO_ON;
}

static void store(struct gdb_target *target, uint32_t address, const void *bytes, size_t n, struct gdb_text *answer)
{
	struct view view = view_of(target, target->level);
	if (n == 0 || (view.state.exists && session_write(session_of(target), target->level, real_address(&view, address),
	                                                  view.away, bytes, (uint32_t)n)))
		put_ok(answer);
	else
		put_error(answer, ERROR_REFUSED);
}

static enum gdb_after write_memory(struct gdb_target *target, struct gdb_scan *scan, struct gdb_text *answer)
{
	uint8_t bytes[MEMORY_MOST];
	uint32_t address;
	uint64_t n;
	if (scan_range(scan, &address, &n) && n <= sizeof(bytes) && gdb_scan_is(scan, ":") && gdb_scan_hex(scan, bytes, n))
		store(target, address, bytes, n, answer);
	else
		put_error(answer, ERROR_SYNTAX);
	return GDB_GO_ON;
}

static enum gdb_after write_binary(struct gdb_target *target, struct gdb_scan *scan, struct gdb_text *answer)
{
	uint32_t address;
	uint64_t n;
	if (scan_range(scan, &address, &n) && gdb_scan_is(scan, ":") && n == (uint64_t)(scan->end - scan->at))
		store(target, address, scan->at, n, answer);
	else
		put_error(answer, ERROR_SYNTAX);
	return GDB_GO_ON;
}

/* ---- points -------------------------------------------------------------- */

static const struct point *own_point(const struct gdb_target *target, const struct point *like)
{
	unsigned n;
	const struct point *points = session_points(session_of(target), &n);
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
	struct view view = view_of(target, target->level);
	uint64_t type, length;
	uint32_t address;
	if (!gdb_scan_number(scan, &type) || type >= sizeof(kinds) / sizeof(*kinds) || !gdb_scan_is(scan, ",") ||
	    !scan_range(scan, &address, &length) || length > UINT32_MAX)
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

static enum gdb_after add_point(struct gdb_target *target, struct gdb_scan *scan, struct gdb_text *answer)
{
	struct point point;
	if (!scan_point(target, scan, &point))
		put_error(answer, ERROR_SYNTAX);
	else if (point.bytes == 0 || !exists(target, target->level))
		put_error(answer, ERROR_REFUSED);
	else if (own_point(target, &point) || session_add_point(session_of(target), &point))
		put_ok(answer);
	else
		put_error(answer, ERROR_NO_ROOM);
	return GDB_GO_ON;
}

static enum gdb_after remove_point(struct gdb_target *target, struct gdb_scan *scan, struct gdb_text *answer)
{
	struct point like;
	const struct point *point = NULL;
	if (!scan_point(target, scan, &like))
		put_error(answer, ERROR_SYNTAX);
	else if (!(point = own_point(target, &like)))
		put_error(answer, ERROR_NO_SUCH);
	if (point && session_remove_point(session_of(target), point->number))
		put_ok(answer);
	return GDB_GO_ON;
}

/* Of one level; LEVELS_MOST: of all. */
static void remove_points(struct gdb_target *target, unsigned level)
{
	unsigned n;
	const struct point *points = session_points(session_of(target), &n);
	for (unsigned i = 0; i < n;) {
		if (points[i].self != target || (level < LEVELS_MOST && points[i].level != level)) {
			i++;
			continue;
		}
		session_remove_point(session_of(target), points[i].number);
		points = session_points(session_of(target), &n);
	}
}

/* ---- why it stopped ------------------------------------------------------ */

/* gdb does not expect to hear of a process to which it has not attached; of the one that it
 * hears of, it takes the registers to be. */
static void put_stop(struct gdb_target *target, unsigned signal, unsigned level, const char *reason,
                     struct gdb_text *answer)
{
	if (target->attached[level])
		target->level = level;
	gdb_put(answer, "T%02x", signal);
	if (*reason)
		gdb_put(answer, "%s;", reason);
	gdb_put(answer, "thread:");
	put_thread(target, answer, target->level);
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

static void put_point(struct gdb_target *target, const struct arrival *arrival, struct gdb_text *answer)
{
	const struct point *point = session_point(session_of(target), arrival->point);
	char text[96];
	if (point && point->self == target) {
		name_point(target, point, text, sizeof(text));
		put_stop(target, SIGNAL_TRAP, arrival->level, text, answer);
		return;
	}
	snprintf(text, sizeof(text), "point %u at level %u\n", arrival->point, arrival->level);
	say(target, text);
	put_stop(target, SIGNAL_TRAP, arrival->level, "", answer);
}

static void say_end(const struct gdb_target *target, const struct arrival *arrival, unsigned level)
{
	const struct machine *m = session_machine(session_of(target));
	char text[128];
	if (arrival->why == ARRIVED_GONE)
		snprintf(text, sizeof(text), "the machine at level %u has ended; the others can go on\n", level);
	else if (machine_end(m) == MACHINE_HALTED)
		snprintf(text, sizeof(text), "the machine has halted with code %u\n", machine_exit_code(m));
	else
		snprintf(text, sizeof(text), "the machine has ended: %s\n", machine_end_names[machine_end(m)]);
	say(target, text);
}

/* The end is told once as the end of what can be run, so that one can look at it and go
 * back.  Who goes on all the same sees the process end. */
static void put_end(struct gdb_target *target, const struct arrival *arrival, unsigned level, struct gdb_text *answer)
{
	const struct machine *m = session_machine(session_of(target));
	uint64_t now = session_now(session_of(target));
	if (target->told_end != now) {
		target->told_end = now;
		say_end(target, arrival, level);
		put_stop(target, SIGNAL_NONE, level, "replaylog:end", answer);
		return;
	}
	struct view view = view_of(target, level);
	bool halted = arrival->why == ARRIVED_GONE ? !view.state.exists || view.state.vm == VM_HALTED
	                                           : machine_end(m) == MACHINE_HALTED;
	gdb_put(answer, halted ? "W%02x" : "X%02x", halted ? machine_exit_code(m) : SIGNAL_ABORT);
	if (target->multiprocess)
		gdb_put(answer, ";process:%x", level + 1);
	target->attached[level] = false;
	remove_points(target, level);
}

static void put_arrival(struct gdb_target *target, const struct arrival *arrival, unsigned level, struct gdb_text *answer)
{
	switch (arrival->why) {
	case ARRIVED:
		put_stop(target, SIGNAL_TRAP, level, "", answer);
		break;
	case ARRIVED_POINT:
		put_point(target, arrival, answer);
		break;
	case ARRIVED_END:
	case ARRIVED_GONE:
		put_end(target, arrival, level, answer);
		break;
	case ARRIVED_BEGINNING:
		put_stop(target, SIGNAL_NONE, exists(target, level) ? level : 0, "replaylog:begin", answer);
		break;
	case ARRIVED_INPUT:
		say(target, "the machine waits for input: give it some with 'monitor type TEXT'\n");
		put_stop(target, SIGNAL_INT, level, "", answer);
		break;
	case ARRIVED_INTERRUPTED:
	case ARRIVED_LIMIT:
		put_stop(target, SIGNAL_INT, level, "", answer);
		break;
	}
}

/* ---- motion -------------------------------------------------------------- */

static struct arrival move(const struct gdb_target *target, enum motion_kind kind, bool back, unsigned level)
{
	const struct motion motion = { .kind = kind, .back = back, .level = level, .most = target->inspector->most };
	return session_move(session_of(target), &motion);
}

/* Goes to where a PSW change of the level is behind. */
static struct arrival back_to_psw_change(const struct gdb_target *target, unsigned level)
{
	const struct point point = { .kind = POINT_PSW, .level = level, .text = "gdb" };
	unsigned number = session_add_point(session_of(target), &point);
	struct arrival arrival = move(target, MOVE_CONTINUE, true, level);
	session_remove_point(session_of(target), number);
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
	bool away = view_of(target, level).away;
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
		uint32_t pc = view_of(target, level).state.psw.pc;
		if (arrival.why != ARRIVED || pc < from || pc >= to || (target->inspector->most && n >= target->inspector->most))
			return arrival;
		if (n % STEPS_BETWEEN_LOOKS == 0 && target->asked && target->asked(target->self))
			return (struct arrival){ .why = ARRIVED_INTERRUPTED, .level = level };
	}
}

/* A level that has ended does not keep the others from going on. */
static struct arrival go(struct gdb_target *target, bool back, unsigned level)
{
	uint64_t before = session_now(session_of(target));
	struct arrival arrival = move(target, MOVE_CONTINUE, back, level);
	if (arrival.why == ARRIVED_GONE && session_now(session_of(target)) == before && target->told_end == before && level > 0)
		arrival = move(target, MOVE_CONTINUE, back, 0);
	return arrival;
}

static void arrive(struct gdb_target *target, struct arrival arrival, unsigned level, struct gdb_text *answer)
{
	unsigned n;
	session_levels(session_of(target), &n);
	say_output(target);
	put_arrival(target, &arrival, level < n ? level : 0, answer);
}

/* The level of a thread, or if it means any, the one that gdb moves.  One that does not exist
 * at this time moves as all do. */
static unsigned level_of(const struct gdb_target *target, int process)
{
	unsigned level = process > 0 && process <= LEVELS_MOST ? (unsigned)process - 1 : target->moving;
	return exists(target, level) ? level : 0;
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
static enum gdb_after resume(struct gdb_target *target, struct gdb_scan *scan, struct gdb_text *answer)
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
		put_error(answer, ERROR_SYNTAX);
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

static enum gdb_after step_back(struct gdb_target *target, struct gdb_scan *scan, struct gdb_text *answer)
{
	(void)scan;
	unsigned level = level_of(target, 0);
	arrive(target, step(target, true, level), level, answer);
	return GDB_GO_ON;
}

static enum gdb_after go_back(struct gdb_target *target, struct gdb_scan *scan, struct gdb_text *answer)
{
	(void)scan;
	unsigned level = level_of(target, 0);
	arrive(target, go(target, true, level), level, answer);
	return GDB_GO_ON;
}

/* ---- processes ----------------------------------------------------------- */

/* Who comes with `target extended-remote` chooses the processes; with `target remote`, gets
 * the level that is looked at. */
static enum gdb_after be_extended(struct gdb_target *target, struct gdb_scan *scan, struct gdb_text *answer)
{
	(void)scan;
	memset(target->attached, false, sizeof(target->attached));
	put_ok(answer);
	return GDB_GO_ON;
}

static enum gdb_after say_why(struct gdb_target *target, struct gdb_scan *scan, struct gdb_text *answer)
{
	(void)scan;
	for (unsigned i = 0; i <= LEVELS_MOST; i++) {
		unsigned level = i == 0 ? target->level : i - 1; /* this one, if it can be */
		if (target->attached[level] && exists(target, level)) {
			target->level = target->moving = level;
			put_stop(target, SIGNAL_TRAP, level, "", answer);
			return GDB_GO_ON;
		}
	}
	gdb_put(answer, "W00");
	return GDB_GO_ON;
}

static enum gdb_after choose_thread(struct gdb_target *target, struct gdb_scan *scan, struct gdb_text *answer)
{
	int process;
	bool registers = gdb_scan_is(scan, "g");
	if ((!registers && !gdb_scan_is(scan, "c")) || !gdb_scan_process(scan, &process)) {
		put_error(answer, ERROR_SYNTAX);
		return GDB_GO_ON;
	}
	if (process > LEVELS_MOST || (process > 0 && !target->attached[process - 1])) {
		put_error(answer, ERROR_NO_SUCH);
		return GDB_GO_ON;
	}
	if (process > 0)
		*(registers ? &target->level : &target->moving) = (unsigned)process - 1;
	put_ok(answer);
	return GDB_GO_ON;
}

static bool scan_attached(const struct gdb_target *target, struct gdb_scan *scan, unsigned *level)
{
	int process;
	if (!gdb_scan_process(scan, &process) || process < 1 || process > LEVELS_MOST || !target->attached[process - 1])
		return false;
	*level = (unsigned)process - 1;
	return true;
}

static enum gdb_after is_alive(struct gdb_target *target, struct gdb_scan *scan, struct gdb_text *answer)
{
	unsigned level;
	if (scan_attached(target, scan, &level) && exists(target, level))
		put_ok(answer);
	else
		put_error(answer, ERROR_NO_SUCH);
	return GDB_GO_ON;
}

static enum gdb_after attach(struct gdb_target *target, struct gdb_scan *scan, struct gdb_text *answer)
{
	uint64_t process;
	if (!gdb_scan_number(scan, &process) || process < 1 || process > LEVELS_MOST || !exists(target, (unsigned)process - 1)) {
		put_error(answer, ERROR_NO_SUCH);
		return GDB_GO_ON;
	}
	target->level = target->moving = (unsigned)process - 1;
	target->attached[target->level] = true;
	put_stop(target, SIGNAL_TRAP, target->level, "", answer);
	return GDB_GO_ON;
}

static void detach(struct gdb_target *target, unsigned level)
{
	target->attached[level] = false;
	remove_points(target, level);
}

/* D;PROCESS, vKill;PROCESS: the machine is one, and stays for whoever attaches next.  D alone
 * is all of them. */
static enum gdb_after let_go(struct gdb_target *target, struct gdb_scan *scan, struct gdb_text *answer)
{
	unsigned level;
	if (scan->at == scan->end) {
		gdb_target_leave(target);
		put_ok(answer);
	} else if (gdb_scan_is(scan, ";") && scan_attached(target, scan, &level)) {
		detach(target, level);
		put_ok(answer);
	} else {
		put_error(answer, ERROR_NO_SUCH);
	}
	return GDB_GO_ON;
}

static enum gdb_after hang_up(struct gdb_target *target, struct gdb_scan *scan, struct gdb_text *answer)
{
	(void)scan;
	(void)answer;
	gdb_target_leave(target);
	return GDB_HANG_UP;
}

/* gdb's `run`: again from where gdb found the machine. */
static enum gdb_after run_again(struct gdb_target *target, struct gdb_scan *scan, struct gdb_text *answer)
{
	const struct motion motion = { .kind = MOVE_STEPS, .argument = target->start,
	                               .back = target->start < session_now(session_of(target)) };
	(void)scan;
	session_move(session_of(target), &motion);
	target->attached[target->level] = true;
	target->told_end = 0;
	return say_why(target, scan, answer);
}

/* ---- questions ----------------------------------------------------------- */

static enum gdb_after say_supported(struct gdb_target *target, struct gdb_scan *scan, struct gdb_text *answer)
{
	const char *theirs = scan->at; /* ends with 0: gdb_packets.h */
	target->multiprocess = strstr(theirs, "multiprocess+") != NULL;
	target->swbreak = strstr(theirs, "swbreak+") != NULL;
	target->hwbreak = strstr(theirs, "hwbreak+") != NULL;
	gdb_put(answer, "PacketSize=%x;multiprocess+;QStartNoAckMode+;swbreak+;hwbreak+;vContSupported+;"
	        "ReverseStep+;ReverseContinue+", GDB_PACKET_MOST);
	for (const struct gdb_document *document = gdb_documents; document->name; document++)
		gdb_put(answer, ";qXfer:%s:read+", document->name);
	return GDB_GO_ON;
}

static enum gdb_after be_quiet(struct gdb_target *target, struct gdb_scan *scan, struct gdb_text *answer)
{
	(void)target;
	(void)scan;
	put_ok(answer);
	return GDB_BE_QUIET;
}

static enum gdb_after say_attached(struct gdb_target *target, struct gdb_scan *scan, struct gdb_text *answer)
{
	(void)target;
	(void)scan;
	gdb_put(answer, "1"); /* was there before gdb: quitting detaches */
	return GDB_GO_ON;
}

static enum gdb_after say_current(struct gdb_target *target, struct gdb_scan *scan, struct gdb_text *answer)
{
	(void)scan;
	gdb_put(answer, "QC");
	put_thread(target, answer, target->level);
	return GDB_GO_ON;
}

static enum gdb_after list_threads(struct gdb_target *target, struct gdb_scan *scan, struct gdb_text *answer)
{
	(void)scan;
	for (unsigned i = 0; i < LEVELS_MOST; i++) {
		if (!target->attached[i] || !exists(target, i))
			continue;
		gdb_put(answer, answer->n ? "," : "m");
		put_thread(target, answer, i);
	}
	if (answer->n == 0)
		gdb_put(answer, "l");
	return GDB_GO_ON;
}

static enum gdb_after list_no_more(struct gdb_target *target, struct gdb_scan *scan, struct gdb_text *answer)
{
	(void)target;
	(void)scan;
	gdb_put(answer, "l");
	return GDB_GO_ON;
}

/* ---- documents ----------------------------------------------------------- */

/* OBJECT:read:ANNEX:OFFSET,LENGTH. */
struct request {
	const struct gdb_document *document;
	char annex[32];
	uint64_t offset, length;
};

static bool scan_request(struct gdb_scan *scan, struct request *request)
{
	const struct gdb_document *document = gdb_documents;
	while (document->name && !gdb_scan_is(scan, document->name))
		document++;
	request->document = document;
	if (!document->name || !gdb_scan_is(scan, ":read:"))
		return false;
	const char *colon = memchr(scan->at, ':', (size_t)(scan->end - scan->at));
	if (!colon || (size_t)(colon - scan->at) >= sizeof(request->annex))
		return false;
	memcpy(request->annex, scan->at, (size_t)(colon - scan->at));
	request->annex[colon - scan->at] = '\0';
	scan->at = colon + 1;
	return gdb_scan_number(scan, &request->offset) && gdb_scan_is(scan, ",") && gdb_scan_number(scan, &request->length);
}

static void put_part(const char *text, size_t size, const struct request *request, struct gdb_text *answer)
{
	if (request->offset > size) {
		put_error(answer, ERROR_SYNTAX);
		return;
	}
	size_t left = size - request->offset;
	size_t n = request->length < left ? request->length : left;
	gdb_put(answer, "m");
	if (gdb_put_binary(answer, text + request->offset, n) == left)
		answer->bytes[0] = 'l';
}

static enum gdb_after give_document(struct gdb_target *target, struct gdb_scan *scan, struct gdb_text *answer)
{
	struct request request;
	char *text = NULL;
	size_t size = 0;
	FILE *to = scan_request(scan, &request) ? open_memstream(&text, &size) : NULL;
	bool written = to && request.document->write(target, request.annex, to);
	if (to && fclose(to) == 0 && written)
		put_part(text, size, &request, answer);
	else
		put_error(answer, ERROR_NO_SUCH);
	free(text);
	return GDB_GO_ON;
}

/* ---- the inspector's own commands ---------------------------------------- */

/* Whoever reaches the port may change the machine, but not this computer's files. */
static bool touches_files(const char *line)
{
	const struct inspector_command *row = command_named(line);
	return row && row->takes_file;
}

static void command(struct gdb_target *target, const char *line)
{
	char *text = NULL;
	size_t size = 0;
	uint64_t before = session_now(session_of(target));
	struct answer answer = { .text = open_memstream(&text, &size) };
	if (!answer.text)
		return;
	target->inspector->level = target->level;
	command_run(target->inspector, line, &answer);
	if (fclose(answer.text) == 0)
		say_text(target, text, size);
	free(text);
	if (session_now(session_of(target)) != before)
		say(target, "it stands elsewhere now: 'maintenance flush register-cache' makes gdb look again\n");
}

static enum gdb_after do_command(struct gdb_target *target, struct gdb_scan *scan, struct gdb_text *answer)
{
	char line[1024];
	size_t n = (size_t)(scan->end - scan->at) / 2;
	if (n >= sizeof(line) || !gdb_scan_hex(scan, line, n)) {
		put_error(answer, ERROR_SYNTAX);
		return GDB_GO_ON;
	}
	line[n] = '\0';
	if (touches_files(line))
		say(target, "files are not for gdb: use 'droste debug'\n");
	else
		command(target, line);
	put_ok(answer);
	return target->inspector->quit ? GDB_HANG_UP : GDB_GO_ON;
}

/* ---- the table ----------------------------------------------------------- */

/* Every packet that is understood, by its beginning; a longer one stands before one that it
 * begins with.  An empty answer to all others tells gdb so.  To add one: a row, and its
 * function, which gets what follows. */
static const struct {
	const char *begins;
	enum gdb_after (*run)(struct gdb_target *target, struct gdb_scan *scan, struct gdb_text *answer);
} packets[] = {
	{ "qSupported", say_supported },
	{ "QStartNoAckMode", be_quiet },
	{ "qXfer:", give_document },
	{ "qfThreadInfo", list_threads },
	{ "qsThreadInfo", list_no_more },
	{ "qAttached", say_attached },
	{ "qRcmd,", do_command },
	{ "qC", say_current },
	{ "vAttach;", attach },
	{ "vCont", resume },
	{ "vKill", let_go },
	{ "vRun", run_again },
	{ "bs", step_back },
	{ "bc", go_back },
	{ "!", be_extended },
	{ "?", say_why },
	{ "D", let_go },
	{ "G", write_registers },
	{ "H", choose_thread },
	{ "M", write_memory },
	{ "P", write_register },
	{ "T", is_alive },
	{ "X", write_binary },
	{ "Z", add_point },
	{ "g", read_registers },
	{ "k", hang_up },
	{ "m", read_memory },
	{ "p", read_register },
	{ "z", remove_point },
};

enum gdb_after gdb_target_do(struct gdb_target *target, const char *packet, size_t n, struct gdb_text *answer)
{
	struct gdb_scan scan = { packet, packet + n };
	for (size_t i = 0; i < sizeof(packets) / sizeof(*packets); i++)
		if (gdb_scan_is(&scan, packets[i].begins))
			return packets[i].run(target, &scan, answer);
	return GDB_GO_ON;
}

void gdb_target_start(struct gdb_target *target, struct inspector *inspector)
{
	*target = (struct gdb_target){
		.inspector = inspector,
		.level = inspector->level,
		.moving = inspector->level,
		.start = session_now(inspector->session),
	};
	target->attached[inspector->level] = true;
}

void gdb_target_leave(struct gdb_target *target)
{
	remove_points(target, LEVELS_MOST);
	memset(target->attached, false, sizeof(target->attached));
}
