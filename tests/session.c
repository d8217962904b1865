/* Sessions: the same run as without one, and any place in it again, bit for bit
 * (inspector/session.h).  PG-32 programs are taken from $PG32, else build/.
 */

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "assemble.h"
#include "inspector/past.h"
#include "inspector/session.h"
#include "random.h"

/* ---- guests under monitors ---------------------------------------------- */

enum { STORAGE = 1 << 18 };

struct file { uint8_t *bytes; size_t size; };

static struct file read_program(const char *name)
{
	char path[256];
	struct file file = { malloc(1 << 22), 0 };
	snprintf(path, sizeof(path), "%s/%s", getenv("PG32") ? getenv("PG32") : "build", name);
	FILE *from = fopen(path, "r");
	cr_assert(from && file.bytes, "no %s", path);
	file.size = fread(file.bytes, 1, 1 << 22, from);
	fclose(from);
	return file;
}

/* Guests side by side in the innermost of depth monitors. */
struct house {
	struct file monitor;
	struct vm_plan machine;
	struct session_config config;
};

static struct house *house_of(unsigned depth, unsigned n, const struct file *guests)
{
	struct house *house = calloc(1, sizeof(*house));
	struct vm_plan vms[4] = { 0 };
	struct refusal why;
	house->monitor = read_program("monitor.elf");
	const struct pack_monitor monitors[4] = {
		{ house->monitor.bytes, house->monitor.size, "m1" }, { house->monitor.bytes, house->monitor.size, "m2" },
		{ house->monitor.bytes, house->monitor.size, "m3" }, { house->monitor.bytes, house->monitor.size, "m4" } };
	for (unsigned i = 0; i < n; i++) {
		cr_assert(disk_from_file(&vms[i].disk, guests[i].bytes, guests[i].size, 64, &why), "%s", why.text);
		vms[i].storage = STORAGE;
		vms[i].lines = 1;
		plan_set_name(&vms[i], "guest");
	}
	if (depth == 0) {
		house->machine = vms[0];
	} else {
		cr_assert(pack_stack(&house->machine, monitors, depth, vms, n, &why), "%s", why.text);
		for (unsigned i = 0; i < n; i++)
			disk_free(&vms[i].disk);
	}
	house->config = (struct session_config){
		.machine = { .storage = house->machine.storage, .lines = house->machine.lines },
		.disk = house->machine.disk.image, .sectors = house->machine.disk.sectors };
	return house;
}

static struct house *house_new(unsigned depth, unsigned n, const char *const *guests)
{
	struct file file[4] = { 0 };
	for (unsigned i = 0; i < n; i++)
		file[i] = read_program(guests[i]);
	struct house *house = house_of(depth, n, file);
	for (unsigned i = 0; i < n; i++)
		free(file[i].bytes);
	return house;
}

static void house_free(struct house *house)
{
	free(house->monitor.bytes);
	disk_free(&house->machine.disk);
	free(house);
}

static struct session *open_session(const struct house *house)
{
	struct refusal why;
	struct session *s = session_new(&house->config, &why);
	cr_assert(s != NULL, "%s", why.text);
	return s;
}

/* ---- comparing ---------------------------------------------------------- */

static uint64_t fold(uint64_t hash, const void *bytes, size_t n)
{
	for (const uint8_t *at = bytes; n > 0; at++, n--)
		hash = (hash ^ *at) * UINT64_C(0x100000001B3);
	return hash;
}

/* All that a machine is, in one number. */
static uint64_t digest(const struct machine *m)
{
	struct psw psw = machine_psw(m);
	struct machine_counts counts = machine_counts(m);
	uint64_t words[] = { machine_clock(m), machine_trapped(m), machine_end(m), machine_exit_code(m) };
	uint64_t hash = fold(UINT64_C(0xCBF29CE484222325), machine_storage(m), machine_storage_size(m));
	hash = fold(hash, &psw, sizeof(psw));
	hash = fold(hash, &counts, sizeof(counts));
	hash = fold(hash, words, sizeof(words));
	for (unsigned x = 0; x < 32; x++) {
		uint32_t value = machine_register(m, x);
		hash = fold(hash, &value, sizeof(value));
	}
	return hash;
}

static struct arrival move(struct session *s, enum motion_kind kind, bool back, unsigned level, uint64_t argument)
{
	return session_move(s, &(struct motion){ .kind = kind, .back = back, .level = level, .argument = argument, .most = 70000000 });
}

/* ---- tests -------------------------------------------------------------- */

static const char *const sort[] = { "guests/sort.elf" };

/* A session's run is the run without one, to its end. */
static void expect_no_change(const char *guest, unsigned depth)
{
	struct house *house = house_new(depth, 1, &guest);
	struct session *s = open_session(house);
	struct machine *m = machine_new(&house->config.machine, NULL);
	enum arrival_why why = move(s, MOVE_CONTINUE, false, 0, 0).why;
	machine_attach_disk(m, house->machine.disk.image, house->machine.disk.sectors);
	machine_ipl(m);
	enum stop stop = machine_run(m, UINT64_MAX);
	cr_expect(why == (stop == STOP_END ? ARRIVED_END : ARRIVED_INPUT), "%s at depth %u", guest, depth);
	cr_expect(eq(u64, digest(session_machine(s)), digest(m)), "%s at depth %u", guest, depth);
	machine_free(m);
	session_free(s);
	house_free(house);
}

Test(session, changes_nothing)
{
	static const char *const guests[] = { "sort", "timer", "disk", "selfmodify", "echo", "privileged-user",
	                                      "hostile-storm-timer", "hostile-dma", "hostile-overwrite" };
	for (size_t i = 0; i < sizeof(guests) / sizeof(*guests); i++) {
		char path[64];
		snprintf(path, sizeof(path), "guests/%s.elf", guests[i]);
		for (unsigned depth = 0; depth <= 2; depth++)
			expect_no_change(path, depth);
	}
	expect_no_change(sort[0], 3);
}

Test(session, back_then_forward)
{
	for (unsigned depth = 0; depth <= 3; depth++) {
		struct dice dice = { depth };
		struct house *house = house_new(depth, 1, sort);
		house->config.interval = 100000;
		struct session *s = open_session(house);
		move(s, MOVE_CONTINUE, false, 0, 0);
		uint64_t end = session_now(s), last = digest(session_machine(s));
		for (int i = 0; i < 20; i++) {
			uint64_t to = 1 + dice_roll(&dice) % (end - 1), step = 1 + dice_below(&dice, 1000);
			move(s, MOVE_STEPS, true, 0, to);
			cr_assert(eq(u64, session_now(s), to));
			uint64_t there = digest(session_machine(s));
			move(s, MOVE_STEPS, false, 0, to + step);
			move(s, MOVE_STEPS, true, 0, to);
			cr_assert(eq(u64, digest(session_machine(s)), there));
		}
		move(s, MOVE_CONTINUE, false, 0, 0);
		cr_expect(eq(u64, digest(session_machine(s)), last));
		session_free(s);
		house_free(house);
	}
}

/* ---- an oracle ------------------------------------------------------------ */

/* What happens in a run, seen step by step: for each step since reset, bits of what is true
 * just after it. */
enum { TICK = 1, EXIT = 2, AT = 4, REFLECTED = 8, PSW_CHANGED = 16, INSIDE = 32 };

struct oracle {
	uint8_t *seen;
	uint64_t end;
	unsigned level; /* of all but EXIT */
	uint32_t address;
};

static bool inside(const struct session *s, unsigned level)
{
	unsigned n, running = session_running(s);
	const struct level *levels = session_levels(s, &n);
	return levels_within(levels, running, level);
}

static bool differ(const struct level_state *a, const struct level_state *b)
{
	return memcmp(&a->psw, &b->psw, sizeof(a->psw)) != 0 || a->clock != b->clock || a->trapped != b->trapped;
}

static bool other_world(const struct level_state *a, const struct level_state *b)
{
	return a->psw.status != b->psw.status || a->psw.base != b->psw.base || a->psw.bound != b->psw.bound;
}

/* An interrupt was the step. */
static bool interrupted(struct machine_counts before, struct machine_counts after)
{
	return before.traps[CAUSE_TIMER] + before.traps[CAUSE_IO] != after.traps[CAUSE_TIMER] + after.traps[CAUSE_IO];
}

static void look_at_traps(const struct session *s, struct oracle *o)
{
	size_t n, before;
	const struct trap_record *traps = session_traps(s, &n, &before);
	cr_assert(n == before);
	for (size_t i = 0; i < n; i++)
		if (traps[i].level == 0)
			o->seen[traps[i].steps] |= EXIT;
		else if (traps[i].level == o->level)
			o->seen[traps[i].steps] |= REFLECTED;
}

/* Steps through a run as far as most.  A breakpoint is at address. */
static void watch_run(struct session *s, struct oracle *o, uint64_t most)
{
	struct level_state state, left = { 0 };
	o->seen = calloc(most + 2, 1);
	for (uint64_t t = session_now(s); t < most && machine_end(session_machine(s)) == MACHINE_RUNNING; t++) {
		bool was = inside(s, o->level);
		struct machine_counts before = machine_counts(session_machine(s));
		unsigned ran = session_running(s);
		struct psw psw = machine_psw(session_machine(s));
		session_state(s, o->level, &state);
		if (was)
			left = state;
		move(s, MOVE_INTO, false, 0, 0);
		if (session_now(s) != t + 1)
			break;
		o->end = t + 1;
		struct machine_counts after = machine_counts(session_machine(s));
		if (ran == o->level && psw.pc == o->address && !interrupted(before, after))
			o->seen[t] |= AT;
		bool is = inside(s, o->level);
		session_state(s, o->level, &state);
		if (is)
			o->seen[t + 1] |= INSIDE;
		if (is && (was || !left.exists || differ(&left, &state)))
			o->seen[t + 1] |= TICK;
		if (is && left.exists && other_world(&left, &state))
			o->seen[t + 1] |= PSW_CHANGED;
	}
	look_at_traps(s, o);
}

static uint64_t after(const struct oracle *o, uint64_t t, uint8_t what)
{
	for (t++; t <= o->end; t++)
		if (o->seen[t] & what)
			return t;
	return 0;
}

static uint64_t before(const struct oracle *o, uint64_t t, uint8_t what, uint64_t first)
{
	for (t--; t > first; t--)
		if (o->seen[t] & what)
			return t;
	return 0;
}

/* Going from random places, forwards and back, ends where stepping by hand would have. */
static void expect_as_seen(struct session *s, const struct oracle *o, enum motion_kind kind, uint8_t what, int times)
{
	struct dice dice = { o->level + 17 * what };
	uint64_t first = after(o, 1, INSIDE);
	cr_assert(after(o, 1, what) > 0, "level %u: %d never happens", o->level, what);
	for (int i = 0; i < times; i++) {
		uint64_t from = first + 1 + dice_below(&dice, (uint32_t)(o->end - first - 1));
		move(s, MOVE_STEPS, false, 0, from);
		if (!(kind == MOVE_STEP && !(o->seen[from] & INSIDE)) && (what != PSW_CHANGED || o->seen[from] & INSIDE)) {
			uint64_t to = after(o, from, what);
			struct arrival at = session_move(s, &(struct motion){ .kind = kind, .level = o->level, .most = o->end - from });
			cr_assert(eq(u64, session_now(s), to ? to : o->end), "level %u, %d from %lu: %d", o->level, what, from, at.why);
			cr_assert(to == 0 || at.why == (kind == MOVE_CONTINUE ? ARRIVED_POINT : ARRIVED));
			move(s, MOVE_STEPS, false, 0, from);
		}
		uint64_t to = before(o, from, what, 1);
		struct arrival at = move(s, kind, true, o->level, 0);
		cr_assert(eq(u64, session_now(s), to ? to : 1), "level %u, %d back from %lu: %d", o->level, what, from, at.why);
		cr_assert(at.why == (to == 0 ? ARRIVED_BEGINNING : kind == MOVE_CONTINUE ? ARRIVED_POINT : ARRIVED));
	}
}

static void with_point(struct session *s, const struct oracle *o, struct point point, uint8_t what)
{
	point.level = o->level;
	unsigned number = session_add_point(s, &point);
	expect_as_seen(s, o, MOVE_CONTINUE, what, 25);
	cr_assert(session_remove_point(s, number));
}

/* A machine of a run is stepped, and stopped at points, from anywhere. */
static void expect_motion(unsigned depth, unsigned n, const char *const *guests, unsigned level, uint32_t address,
                          uint64_t most)
{
	struct house *house = house_new(depth, n, guests);
	house->config.interval = 7001; /* many moments, and too many to be kept */
	house->config.past_most = (size_t)3 << 20;
	struct session *s = open_session(house), *by_hand = open_session(house);
	struct oracle o = { .level = level, .address = address };
	watch_run(by_hand, &o, most);
	session_free(by_hand);
	move(s, MOVE_STEPS, false, 0, o.end);
	if (level > 0)
		expect_as_seen(s, &o, MOVE_STEP, TICK, 40);
	expect_as_seen(s, &o, MOVE_EXIT, EXIT, 15);
	if (level > 0)
		expect_as_seen(s, &o, MOVE_REFLECTION, REFLECTED, 15);
	with_point(s, &o, (struct point){ .kind = POINT_BREAK, .address = address, .bytes = 4 }, AT);
	with_point(s, &o, (struct point){ .kind = POINT_PSW }, PSW_CHANGED);
	with_point(s, &o, (struct point){ .kind = POINT_CAUSE, .cause = CAUSES }, level ? REFLECTED : EXIT);
	free(o.seen);
	session_free(s);
	house_free(house);
}

static const char *const timers[] = { "guests/preempt.elf", "guests/privileged-user.elf" };

Test(session, motion_at_the_real_machine) { expect_motion(0, 1, timers, 0, 0x418, 60000); }
Test(session, motion_of_a_guest) { expect_motion(1, 1, timers, 1, 0x418, 400000); }
Test(session, motion_beside_a_neighbour) { expect_motion(1, 2, timers, 2, 0x418, 400000); }
Test(session, motion_of_a_monitor) { expect_motion(2, 1, timers, 1, 0x10B4, 600000); }
Test(session, motion_of_a_guest_in_two_monitors) { expect_motion(2, 1, timers, 2, 0x418, 600000); }

/* ---- a program by hand -------------------------------------------------- */

/* main calls f three times, and f calls g, which counts in COUNT; then it reads a line and
 * halts. */
enum { MAIN = 0x200, F = 0x240, G = 0x280, COUNT = 0x300, BLOCK = 0x320, STACK = 0x8000 };

static void put(uint8_t *image, uint32_t at, const uint32_t *words, size_t n) { memcpy(image + at, words, 4 * n); }

#define PUT(at, ...) put(image, at, (const uint32_t[]){ __VA_ARGS__ }, sizeof((const uint32_t[]){ __VA_ARGS__ }) / 4)

static struct house *calling(unsigned depth)
{
	static uint8_t image[2 * SECTOR];
	PUT(CELL_NEW_PSW, MAIN, 0, 0, BOUND_ALL, 0);
	PUT(CELL_MAGIC, BOOT_MAGIC, 2, 0);
	PUT(MAIN, as_lui(X2, STACK >> 12), as_addi(X8, X0, 3),
	    as_jal(X1, F - (MAIN + 8)), as_addi(X8, X8, -1), as_bne(X8, X0, -8),
	    as_sio(X9, BLOCK, X0), as_wait(), as_addi(X10, X0, BLOCK + 24), as_sio(X9, 0, X10), as_halt(X9));
	PUT(F, as_addi(X2, X2, -16), as_sw(X1, 12, X2), as_jal(X1, G - (F + 8)),
	    as_lw(X1, 12, X2), as_addi(X2, X2, 16), as_jalr(X0, 0, X1));
	PUT(G, as_lw(X6, COUNT, X0), as_addi(X6, X6, 1), as_sw(X6, COUNT, X0), as_jalr(X0, 0, X1));
	PUT(BLOCK, DEVICE_CONSOLE, CONSOLE_ARM, 0, 0, 0, 0, DEVICE_CONSOLE, CONSOLE_READ, 0, COUNT + 8, 4, 0);
	return house_of(depth, 1, &(struct file){ image, sizeof(image) });
}

static uint32_t pc_of(const struct session *s, unsigned level)
{
	struct level_state state;
	session_state(s, level, &state);
	return state.psw.pc;
}

/* The calling program at its first instruction, as the machine level. */
static struct session *at_main(const struct house *house, unsigned level)
{
	struct session *s = open_session(house);
	unsigned n = 1;
	for (session_levels(s, &n); n <= level; session_levels(s, &n))
		cr_assert(eq(int, move(s, MOVE_STEPS, false, 0, session_now(s) + 10).why, ARRIVED));
	if (level > 0)
		move(s, MOVE_UNTIL, false, level, MAIN);
	cr_assert(eq(u32, pc_of(s, level), MAIN));
	return s;
}

static void expect_move(struct session *s, enum motion_kind kind, bool back, unsigned level, uint64_t argument, uint32_t pc)
{
	struct arrival at = move(s, kind, back, level, argument);
	cr_assert(eq(int, at.why, ARRIVED));
	cr_assert(eq(u32, pc_of(s, level), pc), "level %u, kind %d", level, kind);
}

static void expect_calls(unsigned depth)
{
	struct house *house = calling(depth);
	struct session *s = at_main(house, depth);
	expect_move(s, MOVE_UNTIL, false, depth, MAIN + 8, MAIN + 8);
	uint64_t call = session_now(s);
	expect_move(s, MOVE_NEXT, false, depth, 0, MAIN + 12);
	expect_move(s, MOVE_NEXT, true, depth, 0, MAIN + 8);
	cr_assert(eq(u64, session_now(s), call));
	expect_move(s, MOVE_UNTIL, false, depth, G + 4, G + 4);
	uint64_t in_g = session_now(s);
	expect_move(s, MOVE_FINISH, false, depth, 0, F + 12);
	expect_move(s, MOVE_FINISH, false, depth, 0, MAIN + 12);
	expect_move(s, MOVE_UNTIL, true, depth, G + 4, G + 4);
	cr_assert(eq(u64, session_now(s), in_g));
	expect_move(s, MOVE_FINISH, true, depth, 0, F + 8);
	expect_move(s, MOVE_FINISH, true, depth, 0, MAIN + 8);
	cr_assert(eq(u64, session_now(s), call));
	for (int i = 0; i < 3; i++) {
		expect_move(s, MOVE_NEXT, false, depth, 0, MAIN + 12);
		expect_move(s, MOVE_NEXT, false, depth, 0, MAIN + 16);
		expect_move(s, MOVE_NEXT, false, depth, 0, i < 2 ? MAIN + 8 : MAIN + 20);
	}
	session_free(s);
	house_free(house);
}

Test(session, calls_are_passed_over_both_ways)
{
	for (unsigned depth = 0; depth <= 2; depth++)
		expect_calls(depth);
}

/* ---- points ------------------------------------------------------------- */

static void expect_point(struct session *s, bool back, unsigned level, unsigned number, uint32_t pc)
{
	struct arrival at = move(s, MOVE_CONTINUE, back, 0, 0);
	cr_assert(eq(int, at.why, ARRIVED_POINT), "point %u at level %u", number, level);
	cr_assert(at.point == number && at.level == level);
	cr_assert(eq(u32, pc_of(s, level), pc));
}

static bool count_is_two(void *self, const struct session *s, const struct point *point)
{
	uint32_t count = 0;
	(void)self;
	return session_read(s, point->level, COUNT, false, &count, 4) && count == 2;
}

static void expect_points(unsigned depth)
{
	struct house *house = calling(depth);
	struct session *s = at_main(house, depth);
	unsigned number = session_add_point(s, &(struct point){ .kind = POINT_WRITE, .level = depth, .address = COUNT, .bytes = 4 });
	for (uint32_t i = 0; i < 3; i++) {
		struct arrival at = move(s, MOVE_CONTINUE, false, 0, 0);
		cr_assert(at.why == ARRIVED_POINT && at.point == number && at.old == i && at.new == i + 1);
		cr_assert(eq(u32, pc_of(s, depth), G + 12));
	}
	expect_point(s, true, depth, number, G + 12);
	cr_assert(session_remove_point(s, number));
	number = session_add_point(s, &(struct point){ .kind = POINT_READ, .level = depth, .address = COUNT + 3, .bytes = 1 });
	expect_point(s, true, depth, number, G + 4);
	expect_point(s, true, depth, number, G + 4);
	expect_point(s, false, depth, number, G + 4);
	cr_assert(session_remove_point(s, number));
	number = session_add_point(s, &(struct point){ .kind = POINT_BREAK, .level = depth, .address = F, .bytes = 4,
	                                               .condition = count_is_two });
	expect_point(s, false, depth, number, F);
	cr_assert(session_remove_point(s, number));
	number = session_add_point(s, &(struct point){ .kind = POINT_BREAK, .level = depth, .address = G, .bytes = 4, .ignore = 1,
	                                               .once = true });
	expect_point(s, true, depth, number, G);
	uint32_t count = 9;
	cr_assert(session_read(s, depth, COUNT, true, &count, 4));
	cr_expect(eq(u32, count, 0), "one was passed over");
	cr_expect(session_point(s, number) == NULL);
	session_free(s);
	house_free(house);
}

Test(session, points_at_a_level)
{
	for (unsigned depth = 0; depth <= 2; depth++)
		expect_points(depth);
}

/* ---- from outside ------------------------------------------------------- */

static void expect_output_and_code(struct session *s, uint8_t code)
{
	cr_assert(eq(int, move(s, MOVE_CONTINUE, false, 0, 0).why, ARRIVED_END));
	cr_expect(eq(u8, machine_exit_code(session_machine(s)), code));
}

/* Input, and what is changed by hand, are part of the run from then on, and of its file. */
static void expect_outside(unsigned depth)
{
	struct house *house = calling(depth);
	struct session *s = at_main(house, depth);
	struct refusal why;
	char path[] = "/tmp/droste-session-XXXXXX";
	unsigned line = machine_lines(session_machine(s)) - 1;
	uint64_t main = session_now(s);
	cr_assert(session_mark(s, "main") && !session_mark(s, "") && !session_mark(s, "a name that is much too long for a mark"));
	cr_assert(session_set_register(s, depth, X2, 0x9000));
	cr_assert(session_write(s, depth, COUNT, false, &(uint32_t){ 40 }, 4));
	cr_assert(session_write(s, depth, STORAGE - 2, false, &(uint32_t){ 40 }, 4) == false);
	cr_assert(eq(int, move(s, MOVE_CONTINUE, false, 0, 0).why, ARRIVED_INPUT));
	cr_assert(session_input(s, line, "hello", 5));
	expect_output_and_code(s, CC_DONE);
	uint64_t end = session_now(s), all = digest(session_machine(s));
	cr_assert(session_input(s, line, "hello", 5) == false);
	move(s, MOVE_STEPS, true, 0, main);
	cr_assert(eq(u64, session_known(s), end));
	expect_output_and_code(s, CC_DONE);
	cr_expect(eq(u64, digest(session_machine(s)), all));
	move(s, MOVE_STEPS, true, 0, end - 3);
	uint64_t near = digest(session_machine(s));
	cr_assert(mkstemp(path) >= 0 && session_save(s, path, &why));
	session_free(s);

	s = open_session(house);
	cr_assert(session_load(s, path, &why), "%s", why.text);
	cr_expect(eq(u64, session_now(s), end - 3));
	cr_expect(eq(u64, digest(session_machine(s)), near));
	unsigned marks;
	cr_assert(session_marks(s, &marks)->steps == main && marks == 1);
	move(s, MOVE_STEPS, true, 0, main);
	uint32_t count, sp;
	struct level_state state;
	cr_assert(session_read(s, depth, COUNT, true, &count, 4));
	session_state(s, depth, &state);
	sp = state.x[X2];
	cr_expect(count == 40 && sp == 0x9000);
	cr_assert(session_set_psw(s, depth, PSW_PC, MAIN + 36, NULL), "another future");
	cr_expect(eq(u64, session_known(s), main));
	move(s, MOVE_STEP, false, depth, 0);
	cr_assert(eq(int, move(s, MOVE_CONTINUE, false, 0, 0).why, ARRIVED_END));
	session_free(s);
	remove(path);
	house_free(house);
}

Test(session, what_came_from_outside_comes_again)
{
	for (unsigned depth = 0; depth <= 2; depth++)
		expect_outside(depth);
}

/* ---- a bare twin -------------------------------------------------------- */

/* Of the innermost guest, once there is one, by what its hosts' tables say. */
static struct twin_wish wish_for(const struct session *s, unsigned level)
{
	unsigned n;
	const struct level *levels = session_levels(s, &n);
	struct twin_wish wish = { .level = level, .sectors = levels[level].entry.sectors, .lines = levels[level].entry.lines };
	for (int i = (int)level; i > 0; i = levels[i].parent) {
		wish.first_sector += levels[i].entry.first_sector;
		wish.first_line += levels[i].entry.first_line;
	}
	return wish;
}

/* In step; and where the guest runs, the same to the last bit of PSW, registers and clock. */
static void expect_in_step(const struct session *s)
{
	struct level_state guest, bare;
	struct twin_view twin = session_twin(s);
	cr_assert(twin.state == TWIN_IN_STEP || twin.state == TWIN_WAITS || twin.state == TWIN_ENDED,
	          "level %u at step %llu: state %d, %s at step %llu", twin.level, (unsigned long long)session_now(s), (int)twin.state,
	          twin.what, (unsigned long long)twin.parted);
	cr_assert(eq(u64, twin.told, 0));
	if (twin.state != TWIN_IN_STEP)
		return;
	session_twin_states(s, &guest, &bare);
	cr_assert(memcmp(guest.x, bare.x, sizeof(guest.x)) == 0 && guest.psw.pc == bare.psw.pc);
	if (guest.running)
		cr_assert(memcmp(&guest.psw, &bare.psw, sizeof(guest.psw)) == 0 && guest.clock == bare.clock);
}

static struct session *with_twin(struct house *house, unsigned depth)
{
	struct refusal why;
	house->config.interval = 100000;
	struct session *s = open_session(house);
	cr_assert(session_twin_start(s, &(struct twin_wish){ 0 }, &why) == false, "of the real machine");
	cr_assert(session_twin_start(s, &(struct twin_wish){ .level = depth, .sectors = 1 }, &why) == false, "of none");
	while (session_running(s) != depth)
		move(s, MOVE_STEPS, false, 0, session_now(s) + 20);
	struct twin_wish wish = wish_for(s, depth);
	uint64_t here = session_now(s);
	cr_assert(session_twin_start(s, &wish, &why), "%s", why.text);
	cr_assert(eq(u64, session_now(s), here));
	cr_assert(session_add_point(s, &(struct point){ .kind = POINT_PARTED, .level = depth }) > 0);
	return s;
}

/* Wherever one goes, and whenever input comes. */
static void expect_twin(const char *guest, unsigned depth, bool types)
{
	struct dice dice = { depth };
	struct house *house = house_new(depth, 1, &guest);
	struct session *s = with_twin(house, depth);
	unsigned line = machine_lines(session_machine(s)) - 1;
	for (int i = 0; i < 30; i++) {
		uint64_t now = session_now(s), back = dice_below(&dice, 3000);
		expect_in_step(s);
		move(s, MOVE_STEPS, false, 0, now + dice_below(&dice, 20000));
		expect_in_step(s);
		if (types)
			cr_assert(session_input(s, line, "a line\n", 1 + dice_below(&dice, 7)), "input %d", i);
		expect_in_step(s);
		if (dice_below(&dice, 3) == 0)
			move(s, MOVE_STEP, false, depth, 0);
		move(s, MOVE_STEPS, true, 0, session_now(s) - back);
	}
	if (types)
		session_input_ends(s, line);
	cr_assert(eq(int, move(s, MOVE_CONTINUE, false, 0, 0).why, ARRIVED_END), "%s at depth %u", guest, depth);
	cr_assert(eq(int, session_twin(s).state, TWIN_ENDED));
	move(s, MOVE_STEP, true, depth, 0);
	expect_in_step(s);
	session_twin_stop(s);
	cr_assert(eq(int, session_twin(s).state, TWIN_NONE));
	session_free(s);
	house_free(house);
}

Test(session, a_bare_twin_keeps_in_step)
{
	for (unsigned depth = 1; depth <= 2; depth++) {
		expect_twin("guests/timer.elf", depth, false);
		expect_twin("guests/disk.elf", depth, false);
		expect_twin("guests/sort.elf", depth, false);
		expect_twin("guests/echo.elf", depth, true);
	}
}

/* Asks its line six times how much has come, and reads what there is after what it has. */
static struct house *asking(unsigned depth)
{
	static uint8_t image[2 * SECTOR];
	PUT(CELL_NEW_PSW, MAIN, 0, 0, BOUND_ALL, 0);
	PUT(CELL_MAGIC, BOOT_MAGIC, 2, 0);
	PUT(MAIN, as_addi(X8, X0, 6), as_addi(X10, X0, BLOCK + 24),
	    as_sio(X9, BLOCK, X0), as_sio(X9, 0, X10), as_lw(X11, BLOCK + 44, X0), as_lw(X12, BLOCK + 36, X0),
	    as_add(X12, X12, X11), as_sw(X12, BLOCK + 36, X0), as_addi(X8, X8, -1), as_bne(X8, X0, -28), as_halt(X0));
	PUT(BLOCK, DEVICE_CONSOLE, CONSOLE_QUERY, 0, 0, 0, 0, DEVICE_CONSOLE, CONSOLE_READ, 0, STACK, 64, 0);
	return house_of(depth, 1, &(struct file){ image, sizeof(image) });
}

static void expect_twin_ends(struct session *s, unsigned line, uint64_t first, uint64_t second)
{
	move(s, MOVE_STEPS, second < session_now(s), 0, second);
	cr_assert(session_input(s, line, "c", 1));
	cr_assert(eq(int, move(s, MOVE_CONTINUE, false, 0, 0).why, ARRIVED_END), "ab at step %llu, c at %llu: %s parts",
	          (unsigned long long)first, (unsigned long long)second, session_twin(s).what);
	cr_assert(eq(int, session_twin(s).state, TWIN_ENDED));
}

/* Wherever in a round the first comes, and however soon the second: the guest sees both, one or none of
 * them, and so does the bare machine.  The latest first, since what comes takes the place of what was to come. */
Test(session, a_twin_gets_input_when_its_guest_does)
{
	for (unsigned depth = 1; depth <= 2; depth++) {
		struct house *house = asking(depth);
		struct session *s = with_twin(house, depth);
		unsigned line = machine_lines(session_machine(s)) - 1;
		uint64_t here = session_now(s);
		for (uint64_t first = here + 800; first > here; first -= 10) {
			move(s, MOVE_STEPS, first < session_now(s), 0, first);
			cr_assert(session_input(s, line, "ab", 2));
			for (unsigned soon = 625; soon > 0; soon /= 5)
				expect_twin_ends(s, line, first, first + soon);
		}
		session_free(s);
		house_free(house);
	}
}

/* What is changed by hand is no fault of the monitor's; going back makes it undone. */
Test(session, a_twin_knows_what_was_changed_by_hand)
{
	struct house *house = house_new(1, 1, sort);
	struct session *s = with_twin(house, 1);
	uint64_t before = session_now(s);
	move(s, MOVE_STEP, false, 1, 0);
	cr_assert(session_set_register(s, 1, X10, 0x55));
	cr_assert(eq(int, session_twin(s).state, TWIN_CHANGED));
	move(s, MOVE_CONTINUE, false, 0, 0);
	cr_assert(eq(int, session_twin(s).state, TWIN_CHANGED));
	move(s, MOVE_STEPS, true, 0, before);
	expect_in_step(s);
	session_free(s);
	house_free(house);
}

Test(session, files_of_other_machines_are_refused)
{
	struct house *house = calling(0), *other = calling(1);
	struct session *s = open_session(house), *t = open_session(other);
	struct refusal why;
	char path[] = "/tmp/droste-session-XXXXXX";
	cr_assert(mkstemp(path) >= 0 && session_save(s, path, &why));
	cr_expect(session_load(t, path, &why) == false && strstr(why.text, "another machine"));
	cr_expect(session_load(t, "/nowhere/at/all", &why) == false && strstr(why.text, "No such file"));
	FILE *file = fopen(path, "a");
	cr_assert(file != NULL);
	fputs("12 write 0 0\n", file);
	fclose(file);
	cr_expect(session_load(s, path, &why) == false && strstr(why.text, "damaged"));
	cr_expect(eq(int, move(s, MOVE_INTO, false, 0, 0).why, ARRIVED), "it is as it was");
	remove(path);
	session_free(s);
	session_free(t);
	house_free(house);
	house_free(other);
}

/* ---- ends --------------------------------------------------------------- */

Test(session, a_machine_that_waits_for_ever_does_so_again)
{
	static const char *const echo[] = { "guests/hostile-wait.elf" };
	struct house *house = house_new(1, 1, echo);
	struct session *s = open_session(house);
	for (unsigned line = 0; line < machine_lines(session_machine(s)); line++)
		session_input_ends(s, line);
	cr_assert(eq(int, move(s, MOVE_CONTINUE, false, 0, 0).why, ARRIVED_END));
	uint64_t end = session_now(s), all = digest(session_machine(s));
	move(s, MOVE_STEPS, true, 0, 1);
	cr_assert(machine_end(session_machine(s)) == MACHINE_RUNNING);
	cr_expect(eq(int, move(s, MOVE_STEPS, false, 0, end).why, ARRIVED));
	cr_expect(eq(u64, digest(session_machine(s)), all));
	cr_expect(eq(int, move(s, MOVE_STEP, false, 1, 0).why, ARRIVED_END));
	cr_expect(eq(int, move(s, MOVE_STEP, false, 9, 0).why, ARRIVED_GONE));
	session_free(s);
	house_free(house);
}

Test(session, clocks_are_reached_both_ways)
{
	static const char *const clocks[] = { "guests/clock.elf" };
	for (unsigned depth = 0; depth <= 2; depth++) {
		struct level_state state;
		struct house *house = house_new(depth, 1, clocks);
		struct session *s = open_session(house);
		unsigned n;
		for (session_levels(s, &n); n <= depth; session_levels(s, &n))
			move(s, MOVE_STEPS, false, 0, session_now(s) + 10);
		static const uint64_t clock[] = { 20, 5000, 3000000000, 7200000000 };
		uint64_t at[4];
		for (int i = 0; i < 4; i++) {
			cr_assert(eq(int, move(s, MOVE_CLOCK, false, depth, clock[i]).why, ARRIVED));
			session_state(s, depth, &state);
			cr_assert(state.clock >= clock[i] && (i > 0 || state.clock == clock[i]), "depth %u: %lu", depth, state.clock);
			at[i] = session_now(s);
		}
		for (int i = 3; i-- > 0;) {
			cr_assert(eq(int, move(s, MOVE_CLOCK, true, depth, clock[i]).why, ARRIVED));
			cr_assert(eq(u64, session_now(s), at[i]), "depth %u", depth);
		}
		session_free(s);
		house_free(house);
	}
}

static void interrupt(void *self, uint64_t steps, uint64_t to)
{
	(void)steps, (void)to;
	session_interrupt(self);
}

/* On the way forwards it stays where it was stopped; on the way back, it has not moved. */
Test(session, motion_can_be_interrupted)
{
	static const char *const compress[] = { "guests/compress.elf" };
	struct house *house = house_new(1, 1, compress);
	house->config.interval = 1 << 20;
	struct session *s = open_session(house);
	session_on_progress(s, interrupt, s);
	cr_expect(eq(int, move(s, MOVE_CONTINUE, false, 0, 0).why, ARRIVED_INTERRUPTED));
	uint64_t now = session_now(s), there = digest(session_machine(s));
	cr_expect(now > 1 && machine_end(session_machine(s)) == MACHINE_RUNNING);
	session_on_progress(s, NULL, NULL);
	move(s, MOVE_STEPS, false, 0, now - 1);
	move(s, MOVE_STEPS, false, 0, now);
	cr_expect(eq(u64, digest(session_machine(s)), there));
	cr_expect(eq(int, move(s, MOVE_CLOCK, false, 0, 1).why, ARRIVED), "it is there already");
	cr_expect(eq(u64, session_now(s), now));
	move(s, MOVE_STEPS, false, 0, 7000000);
	there = digest(session_machine(s));
	session_on_progress(s, interrupt, s);
	cr_expect(eq(int, move(s, MOVE_CAUSE, true, 0, CAUSE_MISALIGNED).why, ARRIVED_INTERRUPTED));
	cr_expect(session_now(s) == 7000000 && digest(session_machine(s)) == there);
	session_free(s);
	house_free(house);
}

/* Whatever a monitor's tables say, looking does no harm. */
Test(session, tables_that_lie_are_looked_at)
{
	struct dice dice = { 5 };
	struct house *house = house_new(2, 1, sort);
	struct session *s = open_session(house);
	move(s, MOVE_STEPS, false, 0, 300000);
	for (int i = 0; i < 3000; i++) {
		unsigned n, host = dice_below(&dice, 2);
		const struct level *levels = session_levels(s, &n);
		uint32_t table = levels[host < n ? host : 0].anchor.table;
		uint32_t at = dice_one_in(&dice, 3) ? CELL_ANCHOR + 4 * dice_below(&dice, 5) : table + 4 * dice_below(&dice, 64);
		uint32_t word = dice_one_in(&dice, 2) ? dice_word(&dice) : dice_below(&dice, 1 << 20);
		session_write(s, host, at, true, &word, 4);
		for (unsigned level = 0; level < LEVELS_MOST; level += 1 + level / 4) {
			struct level_state state;
			struct translation t;
			session_state(s, level, &state);
			bool legal = session_translate(s, level, dice_word(&dice) >> dice_below(&dice, 32), 4, i % 2, &t);
			cr_assert(t.n > 0 && t.n <= LEVELS_MOST + 2 && (legal ? t.refuses < 0 : t.refuses == (int)t.n - 1));
		}
		if (i % 100 == 0)
			session_move(s, &(struct motion){ .kind = MOVE_STEP, .level = dice_below(&dice, 3), .most = 20000 });
		if (i % 300 == 0)
			move(s, MOVE_STEPS, true, 0, 300000);
	}
	session_free(s);
	house_free(house);
}

/* ---- the past ----------------------------------------------------------- */

/* However long a run, its past takes no more memory than it may, and reaches to the
 * beginning; moments are the closer the nearer they are to now. */
Test(session, the_past_is_bounded)
{
	struct house *house = house_new(1, 1, sort);
	struct machine *m = machine_new(&house->config.machine, NULL);
	struct past past = { .most = (size_t)1 << 20 };
	static struct levels_meter meter;
	machine_attach_disk(m, house->machine.disk.image, house->machine.disk.sectors);
	levels_meter_start(&meter, m);
	machine_ipl(m);
	for (uint64_t steps = 1; steps < 1000; steps++) {
		cr_assert(past_keep(&past, &(struct moment){ .steps = steps }, m, &meter));
		cr_assert(past.bytes <= past.most || past.n == 2);
		machine_run(m, 2000);
	}
	cr_assert(past.n > 10 && past.moments[0].steps == 1 && past.moments[past.n - 1].steps == 999);
	uint64_t near = past.moments[past.n - 1].steps - past.moments[past.n - 3].steps;
	uint64_t far = past.moments[2].steps - past.moments[0].steps;
	cr_expect(near < 20 && far > 50, "near %lu, far %lu", near, far);
	cr_expect(past_before(&past, 1) == NULL && past_nearest(&past, 1) == past.moments);
	past_cut(&past, 500, 0);
	cr_expect(past.moments[past.n - 1].steps <= 500);
	past_free(&past);
	cr_expect(eq(sz, past.bytes, 0));
	machine_free(m);
	house_free(house);
}
