/* gdb's packets: the table of them, and those about levels as processes.  See
 * gdb_target.h; registers and storage are in gdb_state.c, motion in gdb_motion.c.
 */

#include <stdlib.h>
#include <string.h>

#include "gdb_inside.h"
#include "plain.h"

/* ---- levels -------------------------------------------------------------- */

struct session *gdb_session(const struct gdb_target *target) { return target->inspector->session; }

bool gdb_exists(const struct gdb_target *target, unsigned level)
{
	struct level_state state;
	unsigned n;
	session_levels(gdb_session(target), &n);
	if (level >= n)
		return false;
	session_state(gdb_session(target), level, &state);
	return state.exists;
}

struct gdb_view gdb_view(const struct gdb_target *target, unsigned level)
{
	struct gdb_view view = { 0 };
	unsigned n;
	const struct level *levels = session_levels(gdb_session(target), &n);
	if (level >= n)
		return view;
	session_state(gdb_session(target), level, &view.state);
	struct psw next;
	view.away = view.state.exists && levels[level].hosts && (view.state.psw.status & STATUS_M) &&
	            session_read(gdb_session(target), level, CELL_NEW_PSW, true, &next, sizeof(next));
	view.absolute = view.state.exists && levels[level].hosts;
	if (view.away)
		view.state.psw = psw_normal(next);
	return view;
}

void gdb_put_thread(const struct gdb_target *target, struct gdb_text *answer, unsigned level)
{
	if (target->multiprocess)
		gdb_put(answer, "p%x.1", level + 1);
	else
		gdb_put(answer, "%x", level + 1);
}

void gdb_put_ok(struct gdb_text *answer) { gdb_put(answer, "OK"); }

void gdb_put_error(struct gdb_text *answer, unsigned code) { gdb_put(answer, "E%02x", code); }

/* Text for the user, on gdb's screen. */
static void say_plain(const struct gdb_target *target, const char *text, size_t n)
{
	const uint8_t *from = (const uint8_t *)text;
	struct gdb_text *packet = malloc(sizeof(*packet));
	while (packet && n > 0) {
		size_t some = n < GDB_BYTES_MOST - 1 ? n : GDB_BYTES_MOST - 1;
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

/* gdb shows it as it comes. */
void gdb_say_bytes(const struct gdb_target *target, const void *bytes, size_t n)
{
	char *text = NULL;
	size_t length;
	FILE *to = target->say && n > 0 ? open_memstream(&text, &length) : NULL;
	if (!to)
		return;
	plain_put(to, bytes, n);
	if (fclose(to) == 0)
		say_plain(target, text, length);
	free(text);
}

void gdb_say(const struct gdb_target *target, const char *text) { gdb_say_bytes(target, text, strlen(text)); }

/* What the console lines have written since the last look.  Going back takes it back, and
 * going forward it is seen again. */
void gdb_say_output(struct gdb_target *target)
{
	const struct machine *m = session_machine(gdb_session(target));
	for (unsigned line = 0; line < machine_lines(m); line++) {
		struct output output = inspector_output(target->inspector, line);
		gdb_say_bytes(target, output.bytes, output.n);
	}
}

/* ---- processes ----------------------------------------------------------- */

/* Who comes with `target extended-remote` chooses the processes; with `target remote`, gets
 * the level that is looked at. */
static HANDLER(be_extended)
{
	(void)scan;
	memset(target->attached, false, sizeof(target->attached));
	gdb_put_ok(answer);
	return GDB_GO_ON;
}

static HANDLER(say_why)
{
	(void)scan;
	for (unsigned i = 0; i <= LEVELS_MOST; i++) {
		unsigned level = i == 0 ? target->level : i - 1; /* this one, if it can be */
		if (target->attached[level] && gdb_exists(target, level)) {
			target->level = target->moving = level;
			gdb_put_stop(target, SIGNAL_TRAP, level, "", answer);
			return GDB_GO_ON;
		}
	}
	gdb_put(answer, "W00");
	return GDB_GO_ON;
}

static HANDLER(choose_thread)
{
	int process;
	bool registers = gdb_scan_is(scan, "g");
	if ((!registers && !gdb_scan_is(scan, "c")) || !gdb_scan_process(scan, &process)) {
		gdb_put_error(answer, ERROR_SYNTAX);
		return GDB_GO_ON;
	}
	if (process > LEVELS_MOST || (process > 0 && !target->attached[process - 1])) {
		gdb_put_error(answer, ERROR_NO_SUCH);
		return GDB_GO_ON;
	}
	if (process > 0)
		*(registers ? &target->level : &target->moving) = (unsigned)process - 1;
	gdb_put_ok(answer);
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

static HANDLER(is_alive)
{
	unsigned level;
	if (scan_attached(target, scan, &level) && gdb_exists(target, level))
		gdb_put_ok(answer);
	else
		gdb_put_error(answer, ERROR_NO_SUCH);
	return GDB_GO_ON;
}

static HANDLER(attach)
{
	uint64_t process;
	if (!gdb_scan_number(scan, &process) || process < 1 || process > LEVELS_MOST || !gdb_exists(target, (unsigned)process - 1)) {
		gdb_put_error(answer, ERROR_NO_SUCH);
		return GDB_GO_ON;
	}
	target->level = target->moving = (unsigned)process - 1;
	target->attached[target->level] = true;
	gdb_put_stop(target, SIGNAL_TRAP, target->level, "", answer);
	return GDB_GO_ON;
}

static void detach(struct gdb_target *target, unsigned level)
{
	target->attached[level] = false;
	gdb_remove_points(target, level);
}

/* D;PROCESS, vKill;PROCESS: the machine is one, and stays for whoever attaches next.  D alone
 * is all of them. */
static HANDLER(let_go)
{
	unsigned level;
	if (scan->at == scan->end) {
		gdb_target_leave(target);
		gdb_put_ok(answer);
	} else if (gdb_scan_is(scan, ";") && scan_attached(target, scan, &level)) {
		detach(target, level);
		gdb_put_ok(answer);
	} else {
		gdb_put_error(answer, ERROR_NO_SUCH);
	}
	return GDB_GO_ON;
}

static HANDLER(hang_up)
{
	(void)scan;
	(void)answer;
	gdb_target_leave(target);
	return GDB_HANG_UP;
}

/* gdb's `run`: again from where gdb found the machine. */
static HANDLER(run_again)
{
	const struct motion motion = { .kind = MOVE_STEPS, .argument = target->start,
	                               .back = target->start < session_now(gdb_session(target)) };
	(void)scan;
	session_move(gdb_session(target), &motion);
	target->attached[target->level] = true;
	target->told_end = 0;
	return say_why(target, scan, answer);
}

/* ---- questions ----------------------------------------------------------- */

static HANDLER(say_supported)
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

static HANDLER(be_quiet)
{
	(void)target;
	(void)scan;
	gdb_put_ok(answer);
	return GDB_BE_QUIET;
}

static HANDLER(say_attached)
{
	(void)target;
	(void)scan;
	gdb_put(answer, "1"); /* was there before gdb: quitting detaches */
	return GDB_GO_ON;
}

static HANDLER(say_current)
{
	(void)scan;
	gdb_put(answer, "QC");
	gdb_put_thread(target, answer, target->level);
	return GDB_GO_ON;
}

static HANDLER(list_threads)
{
	(void)scan;
	for (unsigned i = 0; i < LEVELS_MOST; i++) {
		if (!target->attached[i] || !gdb_exists(target, i))
			continue;
		gdb_put(answer, answer->n ? "," : "m");
		gdb_put_thread(target, answer, i);
	}
	if (answer->n == 0)
		gdb_put(answer, "l");
	return GDB_GO_ON;
}

static HANDLER(list_no_more)
{
	(void)target;
	(void)scan;
	gdb_put(answer, "l");
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
	uint64_t before = session_now(gdb_session(target));
	struct answer answer = { .text = open_memstream(&text, &size) };
	if (!answer.text)
		return;
	target->inspector->level = target->level;
	command_run(target->inspector, line, &answer);
	if (fclose(answer.text) == 0)
		gdb_say_bytes(target, text, size);
	free(text);
	if (session_now(gdb_session(target)) != before)
		gdb_say(target, "it stands elsewhere now: 'maintenance flush register-cache' makes gdb look again\n");
}

static HANDLER(do_command)
{
	char line[1024];
	size_t n = (size_t)(scan->end - scan->at) / 2;
	if (n >= sizeof(line) || !gdb_scan_hex(scan, line, n)) {
		gdb_put_error(answer, ERROR_SYNTAX);
		return GDB_GO_ON;
	}
	line[n] = '\0';
	if (touches_files(line))
		gdb_say(target, "files are not for gdb: use 'droste debug'\n");
	else
		command(target, line);
	gdb_put_ok(answer);
	return target->inspector->quit ? GDB_HANG_UP : GDB_GO_ON;
}

/* ---- the table ----------------------------------------------------------- */

/* Every packet that is understood, by its beginning, or whole; a longer one stands before one
 * that it begins with.  An empty answer to all others tells gdb so.  To add one: a row, and its
 * function, which gets what follows. */
static const struct {
	const char *begins;
	enum gdb_after (*run)(struct gdb_target *target, struct gdb_scan *scan, struct gdb_text *answer);
	bool whole; /* nothing follows */
} packets[] = {
	{ "qSupported", say_supported, false },
	{ "QStartNoAckMode", be_quiet, true },
	{ "qXfer:", gdb_give_document, false },
	{ "qfThreadInfo", list_threads, true },
	{ "qsThreadInfo", list_no_more, true },
	{ "qAttached", say_attached, false },
	{ "qRcmd,", do_command, false },
	{ "qC", say_current, true },
	{ "vAttach;", attach, false },
	{ "vCont", gdb_resume, false },
	{ "vKill", let_go, false },
	{ "vRun", run_again, false },
	{ "bs", gdb_step_back, true },
	{ "bc", gdb_go_back, true },
	{ "!", be_extended, true },
	{ "?", say_why, true },
	{ "D", let_go, false },
	{ "G", gdb_write_registers, false },
	{ "H", choose_thread, false },
	{ "M", gdb_write_memory, false },
	{ "P", gdb_write_register, false },
	{ "T", is_alive, false },
	{ "X", gdb_write_binary, false },
	{ "Z", gdb_add_point, false },
	{ "g", gdb_read_registers, true },
	{ "k", hang_up, true },
	{ "m", gdb_read_memory, false },
	{ "p", gdb_read_register, false },
	{ "z", gdb_remove_point, false },
};

enum gdb_after gdb_target_do(struct gdb_target *target, const char *packet, size_t n, struct gdb_text *answer)
{
	struct gdb_scan scan = { packet, packet + n };
	for (size_t i = 0; i < sizeof(packets) / sizeof(*packets); i++)
		if (!(packets[i].whole && n != strlen(packets[i].begins)) && gdb_scan_is(&scan, packets[i].begins))
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
	gdb_remove_points(target, LEVELS_MOST);
	memset(target->attached, false, sizeof(target->attached));
}
