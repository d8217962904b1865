/* A guest run and measured, bare or under the monitor that comes with Droste, as `droste run --stats` and `droste
 * nest` do it: what a student can measure is what the grader measures.  See task.h; called by task.c.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "check.h"
#include "inspector/levels.h"
#include "task.h"

enum { MEMORY = 16 << 20, OUTPUT_MOST = 1 << 20, FILE_MOST = 16 << 20, SPARE = 64, DEPTH_MOST = TASK_LEVELS - 1 };

#define LIMIT UINT64_C(2000000000) /* steps */

/* ---- the guest ---------------------------------------------------------- */

static char *path_of(const char *file, const char *folder)
{
	char *path = NULL;
	return (*file == '/' ? asprintf(&path, "%s", file) : asprintf(&path, "%s/%s", folder, file)) < 0 ? NULL : path;
}

static bool read_given(struct guest *guest, const struct task_run *run, const char *standard, const char *folder, struct refusal *why)
{
	char *path = NULL;
	if (run->file)
		path = path_of(run->file, folder);
	else if (asprintf(&path, "%s/%s.elf", standard, run->guest) < 0)
		path = NULL;
	bool good = path && guest_read(guest, path, 0, 0, why);
	free(path);
	return good;
}

/* Another file that the rubric names, whole; with a 0 behind it. */
static bool read_file(struct text *to, const char *file, const char *folder, struct refusal *why)
{
	char *path = path_of(file, folder);
	bool good = path && text_read(to, path, why);
	free(path);
	return good;
}

static bool hash_file(const char *file, const char *folder, uint64_t *hash, struct refusal *why)
{
	struct text text;
	if (!file)
		return true;
	if (!read_file(&text, file, folder, why))
		return false;
	*hash = XXH64(text.at, text.n, *hash);
	free(text.at);
	return true;
}

/* The files of one run added to the hash. */
static bool hash_given(const struct task_run *run, const char *standard, const char *folder, uint64_t *hash, struct refusal *why)
{
	struct guest guest;
	if (!run->guest[0])
		return true;
	if (!read_given(&guest, run, standard, folder, why))
		return false;
	bool hashed = guest_hash(&guest, hash) || refuse(why, "no memory");
	guest_free(&guest);
	return hashed && hash_file(run->monitor, folder, hash, why) && hash_file(run->input, folder, hash, why);
}

bool tasks_read_guests(const struct tasks *tasks, const char *standard, const char *folder, uint64_t *hash, struct refusal *why)
{
	for (unsigned i = 0; i < tasks->n; i++) {
		const struct task *task = &tasks->task[i];
		if (!hash_given(&task->truth.run, standard, folder, hash, why))
			return false;
		for (unsigned k = 0; k < task->mistakes; k++)
			if (!hash_given(&task->mistake[k].truth.run, standard, folder, hash, why))
				return false;
	}
	return true;
}

/* A guest of the submission's: no file beside it says how it is run. */
static bool read_own(struct guest *guest, const struct task_case *c, const char *name, struct refusal *why)
{
	size_t n = 0;
	struct refusal what;
	char *file = task_read(c->submission, name, FILE_MOST, &n, why);
	*guest = (struct guest){ .plan = { .lines = 1 }, .file = (uint8_t *)file, .file_size = n };
	if (!file)
		return false;
	plan_set_name(&guest->plan, name);
	if (disk_from_file(&guest->plan.disk, file, n, SPARE, &what))
		return true;
	return refuse(why, "%.60s %.180s", name, what.text);
}

/* ---- the run ------------------------------------------------------------ */

struct listener {
	struct measured *to;
	struct machine *m;
	unsigned first_line, lines;
	size_t room;
};

static void listen(void *self, unsigned line, const uint8_t *bytes, size_t n)
{
	struct listener *l = self;
	struct measured *to = l->to;
	if (line - l->first_line >= l->lines)
		return;
	if (to->bytes + n + 1 > l->room) {
		size_t room = 2 * (to->bytes + n) + 4096;
		char *more = to->bytes + n > OUTPUT_MOST ? NULL : realloc(to->output, room);
		if (!more) {
			to->babbled = true;
			machine_ask_stop(l->m);
			return;
		}
		to->output = more;
		l->room = room;
	}
	memcpy(to->output + to->bytes, bytes, n);
	to->bytes += n;
	to->output[to->bytes] = '\0';
}

/* The guest's machine by its chain of hosts; what each of them did. */
static void note(struct measured *to, struct levels_meter *meter, struct machine *m, unsigned depth)
{
	int at = 0;
	unsigned level = 0;
	levels_meter_read(meter);
	for (; at >= 0 && level < TASK_LEVELS; level++) {
		to->machine[level] = levels_instructions(meter, (unsigned)at);
		to->own[level] = meter->counts[at].direct;
		memcpy(to->traps[level], meter->counts[at].traps, sizeof(to->traps[level]));
		to->instructions = to->machine[level];
		to->privileged = meter->counts[at].privileged;
		to->clock = level ? (uint64_t)meter->levels[at].entry.clock[1] << 32 | meter->levels[at].entry.clock[0] : machine_clock(m);
		at = level < depth ? levels_inner(meter->levels, meter->n, (unsigned)at) : -1;
	}
	for (int i = 0; i < SYSTEM_INSNS; i++) {
		to->trips[i != INSN_sio - INSN_SYSTEM][0] += meter->trips[i].instructions;
		to->trips[i != INSN_sio - INSN_SYSTEM][1] += meter->trips[i].exits;
	}
	to->end = machine_end(m);
	to->code = machine_exit_code(m);
}

static void run_machine(struct measured *to, struct machine *m, const struct vm_plan *real, const struct guest *guest, unsigned depth,
                        uint64_t limit)
{
	struct levels_meter meter;
	struct listener listener = { .to = to, .m = m, .first_line = depth, .lines = guest->plan.lines };
	machine_set_console(m, &(struct console_host){ &listener, listen, NULL });
	machine_attach_disk(m, real->disk.image, real->disk.sectors);
	machine_input(m, depth, guest->input[0].at, guest->input[0].n);
	for (unsigned line = 0; line < machine_lines(m); line++)
		machine_input_ends(m, line);
	levels_meter_start(&meter, m);
	machine_ipl(m);
	for (uint64_t before = 0; !to->babbled && machine_steps(m) < limit; before = machine_steps(m)) {
		enum stop stop = machine_run(m, limit - before);
		if (stop != STOP_STEPS && stop != STOP_ASKED)
			break;
	}
	note(to, &meter, m, depth);
}

static bool run_guest(struct measured *to, const struct task_run *run, const struct pack_monitor *monitor, struct guest *guest, struct refusal *why)
{
	struct pack_monitor monitors[DEPTH_MOST];
	struct vm_plan real = guest->plan;
	for (unsigned i = 0; i < run->depth; i++)
		monitors[i] = *monitor;
	if (run->depth > 0 && !pack_stack(&real, monitors, run->depth, &guest->plan, 1, why))
		return false;
	const struct machine_config config = { real.storage, real.lines, run->profile, false };
	struct machine *m = machine_new(&config, why);
	if (m)
		run_machine(to, m, &real, guest, run->depth, run->limit ? run->limit : LIMIT);
	machine_free(m);
	if (run->depth > 0)
		disk_free(&real.disk);
	return m != NULL;
}

/* What a run needs beside its guest. */
struct given {
	struct text monitor;
	struct pack_monitor named;
};

/* The guest's input is what the rubric says, and Ctrl-D, as droste run --eof types it. */
static bool give_input(struct guest *guest, const struct task_case *c, const char *file, struct refusal *why)
{
	struct text input;
	if (!file)
		return true;
	if (!read_file(&input, file, c->folder, why))
		return false;
	input.at[input.n++] = '\4'; /* in the place of the 0 behind */
	free(guest->input[0].at);
	guest->input[0] = input;
	return true;
}

static bool open_run(struct guest *guest, struct given *given, const struct task_case *c, const struct task_run *run, struct refusal *why)
{
	*given = (struct given){ .named = c->monitor };
	bool own = run->file && !run->guest[0];
	if (!(own ? read_own(guest, c, run->file, why) : read_given(guest, run, c->standard, c->folder, why)))
		return false;
	if (!give_input(guest, c, run->input, why) || (run->monitor && !read_file(&given->monitor, run->monitor, c->folder, why)))
		return false;
	if (run->monitor)
		given->named = (struct pack_monitor){ given->monitor.at, given->monitor.n, run->monitor };
	return true;
}

static void close_run(struct guest *guest, struct given *given)
{
	guest_free(guest);
	free(given->monitor.at);
}

bool task_measure(struct measured *to, const struct task_case *c, const struct task_run *run, struct refusal *why)
{
	struct guest guest = { 0 };
	struct given given;
	*to = (struct measured){ 0 };
	bool good = open_run(&guest, &given, c, run, why);
	guest.plan.storage = run->memory ? run->memory : MEMORY;
	good = good && run_guest(to, run, &given.named, &guest, why);
	close_run(&guest, &given);
	return good;
}

#define BIT(property) (1u << (property))

/* As the guest's .expect says: so droste check has it. */
bool task_judge(const struct task_case *c, const struct task_run *run, char *to, size_t room, struct refusal *why)
{
	static const enum property judged[] = { PROPERTY_EQUIVALENCE, PROPERTY_CONTROL, PROPERTY_EFFICIENCY };
	struct guest guest = { 0 };
	struct given given;
	struct finding findings[PROPERTIES];
	size_t n = 0;
	*to = '\0';
	bool good = open_run(&guest, &given, c, run, why);
	if (good) {
		struct check_case check = { .monitor = given.named, .reference = c->monitor, .guests = { &guest, 1 }, .profile = run->profile };
		check_alone(&check, &guest, findings);
		for (unsigned i = 0; i < sizeof(judged) / sizeof(*judged); i++)
			if (findings[judged[i]].verdict == FAILS && n < room)
				n += (size_t)snprintf(to + n, room - n, "%s%s", n ? " " : "", property_names[judged[i]]);
		for (int property = 0; property < PROPERTIES; property++)
			finding_free(&findings[property]);
	}
	close_run(&guest, &given);
	return good;
}

void measured_free(struct measured *m)
{
	free(m->output);
	*m = (struct measured){ 0 };
}
