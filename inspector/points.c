/* Points: where they are on the real machine, and whether one says stop.  Places in a
 * machine's virtual storage move with its R, so they are looked at again whenever
 * the machine begins to run.  Called by the session's users, and as the machine runs.
 */

#include <string.h>

#include "session_inside.h"

/* ---- places ------------------------------------------------------------- */

static uint32_t bytes_of(const struct point *point) { return point->bytes > 0 ? point->bytes : 1; }

static uint64_t bit(unsigned i) { return UINT64_C(1) << i; }

static bool writes(const struct point *point) { return point->kind == POINT_WRITE || point->kind == POINT_ACCESS; }
static bool reads(const struct point *point) { return point->kind == POINT_READ || point->kind == POINT_ACCESS; }

static bool watches_loads(const struct session *s, const struct point *point)
{
	return reads(point) && !point->disabled && point->level == s->meter.running;
}

static uint32_t value_at(const struct session *s, unsigned i)
{
	uint32_t value = 0, n = bytes_of(&s->points[i]);
	machine_read(s->m, s->places[i].real, &value, n < sizeof(value) ? n : sizeof(value));
	return value;
}

static void mark(struct session *s, unsigned i, bool on)
{
	const struct point *point = &s->points[i];
	uint32_t real = s->places[i].real;
	if (point->kind == POINT_BREAK)
		machine_break(s->m, real, on);
	for (uint32_t at = 0; writes(point) && at < bytes_of(point) + WATCH_GRANULE - 1; at += WATCH_GRANULE)
		machine_watch(s->m, real + (at < bytes_of(point) ? at : bytes_of(point) - 1), on);
}

/* Takes the mark of a point away, and puts back what others need. */
static void unmark(struct session *s, unsigned gone)
{
	mark(s, gone, false);
	s->places[gone].known = false;
	for (unsigned i = 0; i < s->points_n; i++)
		if (s->places[i].known)
			mark(s, i, true);
	levels_meter_watch(&s->meter);
}

static void put(struct session *s, unsigned i, bool legal, uint32_t real)
{
	struct place *place = &s->places[i];
	if (place->known && (!legal || place->real != real))
		unmark(s, i);
	if (!legal || place->known)
		return;
	place->known = true;
	place->real = real;
	place->value = value_at(s, i);
	mark(s, i, true);
}

/* Where a point is under R. */
static void put_under(struct session *s, unsigned i, const struct psw *r)
{
	const struct point *point = &s->points[i];
	bool legal = address_legal(point->address, bytes_of(point), r->base, r->bound, machine_storage_size(s->m));
	put(s, i, legal, r->base + point->address);
}

static bool has_place(const struct point *point) { return !point->disabled && (point->kind == POINT_BREAK || writes(point)); }

static void put_in(struct session *s, unsigned i, const struct level *level)
{
	const struct point *point = &s->points[i];
	put(s, i, (uint64_t)point->address + bytes_of(point) <= level->size, level->real + point->address);
}

static void place_first(struct session *s, unsigned i)
{
	const struct point *point = &s->points[i];
	struct level_state state;
	session_state(s, point->level, &state);
	if (!state.exists)
		return;
	if (point->absolute)
		put_in(s, i, &s->view[point->level]);
	else
		put_under(s, i, &state.real);
}

/* ---- the list ----------------------------------------------------------- */

static bool add(struct session *s, const struct point *point, unsigned number)
{
	if (s->points_n == POINTS_MOST || point->level >= LEVELS_MOST)
		return false;
	s->points[s->points_n] = *point;
	s->points[s->points_n].number = number;
	s->points[s->points_n].hits = 0;
	s->places[s->points_n++] = (struct place){ 0 };
	return true;
}

unsigned session_add_point(struct session *s, const struct point *point)
{
	return add(s, point, s->points_made + 1) ? ++s->points_made : 0;
}

bool points_add_own(struct session *s, const struct point *point)
{
	if (!add(s, point, POINT_OWN))
		return false;
	place_first(s, s->points_n - 1);
	return true;
}

static int find(const struct session *s, unsigned number)
{
	for (unsigned i = 0; i < s->points_n; i++)
		if (s->points[i].number == number)
			return (int)i;
	return -1;
}

bool session_remove_point(struct session *s, unsigned number)
{
	int i = find(s, number);
	if (i < 0)
		return false;
	if (s->places[i].known)
		unmark(s, (unsigned)i);
	size_t after = --s->points_n - (unsigned)i;
	memmove(&s->points[i], &s->points[i + 1], after * sizeof(s->points[i]));
	memmove(&s->places[i], &s->places[i + 1], after * sizeof(s->places[i]));
	return true;
}

struct point *session_point(struct session *s, unsigned number)
{
	int i = find(s, number);
	return i < 0 ? NULL : &s->points[i];
}

const struct point *session_points(const struct session *s, unsigned *n)
{
	*n = s->points_n;
	return s->points;
}

/* ---- a motion's ------------------------------------------------------- */

void points_arm(struct session *s)
{
	for (unsigned i = 0; i < s->points_n; i++)
		if (has_place(&s->points[i]))
			place_first(s, i);
	points_begin(s);
}

void points_disarm(struct session *s)
{
	for (unsigned i = 0; i < s->points_n; i++)
		if (s->places[i].known)
			unmark(s, i);
}

/* Points of the machine that runs are where its R puts them; or in its storage, which may
 * not have been there before. */
static void follow(struct session *s)
{
	struct psw psw = machine_psw(s->m);
	for (unsigned i = 0; i < s->points_n; i++) {
		const struct point *point = &s->points[i];
		if (!has_place(point) || point->level != s->meter.running)
			continue;
		if (point->absolute)
			put_in(s, i, &s->meter.levels[point->level]);
		else
			put_under(s, i, &psw);
	}
}

/* ---- as things happen --------------------------------------------------- */

static void catch_point(struct session *s, unsigned i)
{
	s->caught_points |= bit(i);
	machine_ask_stop(s->m);
}

void points_on_trap(struct session *s, unsigned level, enum cause cause)
{
	for (unsigned i = 0; s->hunt.points && i < s->points_n; i++) {
		const struct point *point = &s->points[i];
		if (point->kind == POINT_CAUSE && point->level == level && (point->cause == CAUSES || point->cause == (unsigned)cause))
			catch_point(s, i);
	}
}

void points_on_violation(struct session *s)
{
	for (unsigned i = 0; i < s->points_n; i++)
		if (s->points[i].kind == POINT_CONTROL)
			catch_point(s, i);
}

void points_on_parting(struct session *s)
{
	for (unsigned i = 0; i < s->points_n; i++)
		if (s->points[i].kind == POINT_PARTED)
			catch_point(s, i);
}

static bool same_world(const struct psw *a, const struct psw *b)
{
	return a->status == b->status && a->base == b->base && a->bound == b->bound;
}

/* The PSW of the point's machine, which runs. */
static void look_at_psw(struct session *s, unsigned i)
{
	struct level_state state;
	struct place *place = &s->places[i];
	state_now(s->m, s->meter.levels, s->points[i].level, &state);
	if (!state.exists)
		return;
	if (place->seen && !same_world(&place->psw, &state.psw))
		catch_point(s, i);
	place->seen = true;
	place->psw = state.psw;
}

void points_on_turn(struct session *s)
{
	follow(s);
	for (unsigned i = 0; i < s->points_n; i++) {
		const struct point *point = &s->points[i];
		if (point->kind == POINT_PSW && point->level < s->meter.n &&
		    levels_within(s->meter.levels, s->meter.running, point->level))
			look_at_psw(s, i);
		if (watches_loads(s, point))
			machine_ask_stop(s->m); /* its steps are looked at from here on */
	}
}

void points_begin(struct session *s)
{
	for (unsigned i = 0; i < s->points_n; i++) {
		s->places[i].seen = false;
		if (s->places[i].known)
			s->places[i].value = value_at(s, i);
	}
	points_on_turn(s);
	s->caught_points = 0;
}

void points_on_store(struct session *s, uint32_t real, uint32_t n)
{
	for (unsigned i = 0; i < s->points_n; i++) {
		const struct place *place = &s->places[i];
		if (place->known && writes(&s->points[i]) && (uint64_t)real < (uint64_t)place->real + bytes_of(&s->points[i]) &&
		    place->real < (uint64_t)real + n)
			catch_point(s, i);
	}
}

/* ---- loads -------------------------------------------------------------- */

/* What the next instruction is about to load. */
struct load {
	uint32_t address, bytes; /* virtual; bytes 0: nothing */
};

static uint32_t load_bytes(enum insn insn)
{
	switch (insn) {
	case INSN_lb: case INSN_lbu: return 1;
	case INSN_lh: case INSN_lhu: return 2;
	case INSN_lw:                return 4;
	case INSN_lpsw:              return sizeof(struct psw);
	case INSN_sio:               return sizeof(struct command_block);
	default:                     return 0;
	}
}

static struct load next_load(const struct session *s)
{
	uint32_t word;
	struct psw psw = machine_psw(s->m);
	if (!address_legal(psw.pc, 4, psw.base, psw.bound, machine_storage_size(s->m)) ||
	    !machine_read(s->m, psw.base + psw.pc, &word, 4))
		return (struct load){ 0, 0 };
	enum insn insn = isa_decode(word);
	return (struct load){ machine_register(s->m, isa_rs1(word)) + isa_imm_i(word),
	                      insn == INSN_NONE ? 0 : load_bytes(insn) };
}

static bool loads(const struct session *s, const struct point *point, struct load load)
{
	uint32_t from = point->address;
	if (point->absolute)
		from += s->meter.levels[point->level].real - machine_psw(s->m).base;
	return load.address - from < bytes_of(point) || from - load.address < load.bytes;
}

bool points_step(struct session *s, uint64_t *loading)
{
	bool single = false;
	*loading = 0;
	for (unsigned i = 0; i < s->points_n; i++) {
		const struct point *point = &s->points[i];
		if (!watches_loads(s, point))
			continue;
		single = true;
		struct load load = next_load(s);
		if (load.bytes > 0 && loads(s, point, load))
			*loading |= bit(i);
	}
	return single;
}

/* ---- judging ------------------------------------------------------------ */

/* Points at the instruction that comes next, if a run has stopped before it. */
static uint64_t breaks_here(const struct session *s)
{
	uint64_t here = 0;
	struct psw psw = machine_psw(s->m);
	for (unsigned i = 0; machine_at_break(s->m) && i < s->points_n; i++) {
		const struct point *point = &s->points[i];
		bool its = point->absolute ? levels_within(s->meter.levels, s->meter.running, point->level)
		                           : point->level == s->meter.running;
		if (point->kind == POINT_BREAK && s->places[i].known && its && s->places[i].real == psw.base + psw.pc)
			here |= bit(i);
	}
	return here;
}

static bool holds(struct session *s, const struct point *point)
{
	if (point->disabled)
		return false;
	if (!point->condition)
		return true;
	session_look(s);
	return point->condition(point->self, s, point);
}

static void fill_arrival(struct session *s, unsigned i, struct arrival *arrival)
{
	struct place *place = &s->places[i];
	uint32_t new = place->known ? value_at(s, i) : 0;
	unsigned level = s->points[i].kind == POINT_CONTROL ? s->meter.running : s->points[i].level;
	*arrival = (struct arrival){ ARRIVED_POINT, level, s->points[i].number, place->value, new };
}

bool points_judge(struct session *s, struct arrival *arrival)
{
	bool stop = false;
	uint64_t now = machine_steps(s->m), caught = s->caught_points;
	if (now != s->judged)
		caught |= breaks_here(s);
	s->judged = now;
	s->caught_points = 0;
	for (unsigned i = 0; caught && i < s->points_n; i++) {
		if (!(caught & bit(i)))
			continue;
		if (!stop && holds(s, &s->points[i])) {
			fill_arrival(s, i, arrival);
			stop = true;
		}
		s->places[i].value = s->places[i].known ? value_at(s, i) : 0;
	}
	return stop;
}

bool points_passed_over(struct session *s, unsigned number)
{
	struct point *point = session_point(s, number);
	if (!point)
		return false;
	point->hits++;
	if (point->ignore == 0)
		return false;
	point->ignore--;
	return true;
}
