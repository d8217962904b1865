/* Sessions: the same run as without one, and any place in it again, bit for bit
 * (inspector/session.h).  PG-32 programs are taken from $PG32, else build/.
 */

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/* n guests side by side in the innermost of depth monitors. */
struct house {
	struct file monitor;
	struct vm_plan machine;
	struct session_config config;
};

static struct house *house_new(unsigned depth, unsigned n, const char *const *guests)
{
	struct house *house = calloc(1, sizeof(*house));
	struct vm_plan vms[4] = { 0 };
	struct refusal why;
	house->monitor = read_program("monitor.elf");
	const struct pack_monitor monitors[4] = {
		{ house->monitor.bytes, house->monitor.size, "m1" }, { house->monitor.bytes, house->monitor.size, "m2" },
		{ house->monitor.bytes, house->monitor.size, "m3" }, { house->monitor.bytes, house->monitor.size, "m4" } };
	for (unsigned i = 0; i < n; i++) {
		struct file guest = read_program(guests[i]);
		cr_assert(disk_from_file(&vms[i].disk, guest.bytes, guest.size, 64, &why), "%s", why.text);
		free(guest.bytes);
		vms[i].storage = STORAGE;
		vms[i].lines = 1;
		plan_set_name(&vms[i], guests[i]);
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
	return session_move(s, &(struct motion){ .kind = kind, .back = back, .level = level, .argument = argument });
}

/* ---- tests -------------------------------------------------------------- */

static const char *const sort[] = { "guests/sort.elf" };

/* A session's run is the run without one, to its end. */
Test(session, changes_nothing)
{
	for (unsigned depth = 0; depth <= 3; depth++) {
		struct house *house = house_new(depth, 1, sort);
		struct session *s = open_session(house);
		struct arrival at = move(s, MOVE_CONTINUE, false, 0, 0);
		cr_expect(eq(int, at.why, ARRIVED_END));
		struct machine *m = machine_new(&house->config.machine, NULL);
		machine_attach_disk(m, house->machine.disk.image, house->machine.disk.sectors);
		machine_ipl(m);
		machine_run(m, UINT64_MAX);
		cr_expect(eq(u64, digest(session_machine(s)), digest(m)), "depth %u", depth);
		machine_free(m);
		session_free(s);
		house_free(house);
	}
}

Test(session, back_then_forward)
{
	for (unsigned depth = 0; depth <= 3; depth++) {
		struct dice dice = { depth };
		struct house *house = house_new(depth, 1, sort);
		struct session *s = open_session(house);
		move(s, MOVE_CONTINUE, false, 0, 0);
		uint64_t end = session_now(s), after = digest(session_machine(s));
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
		cr_expect(eq(u64, digest(session_machine(s)), after));
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
		if (is && (was || (left.exists && differ(&left, &state))))
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
