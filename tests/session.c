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
