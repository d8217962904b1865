/* Commands that show machines: the tree of levels, registers and PSWs, traps, counts, the
 * clock, devices.  Called through the table.
 */

#include <inttypes.h>
#include <string.h>

#include "commands_inside.h"

/* ---- the tree ----------------------------------------------------------- */

const char *level_status(const struct inspector *inspector, unsigned i)
{
	unsigned n;
	const struct level *level = &session_levels(inspector->session, &n)[i];
	const struct machine *m = session_machine(inspector->session);
	if (machine_end(m) == MACHINE_RUNNING && level->parent < 0)
		return session_running(inspector->session) == i ? "running" : "hosting";
	if (session_running(inspector->session) == i && machine_end(m) == MACHINE_RUNNING)
		return "running";
	return level->parent < 0 ? machine_end_names[machine_end(m)] : vm_state_names[level->entry.state % VM_STATES];
}

const char *program_name(const struct inspector *inspector, unsigned level)
{
	const char *path = symbols_path(inspector_symbols(inspector, level));
	const char *slash = path ? strrchr(path, '/') : NULL;
	return slash ? slash + 1 : path;
}

static void say_machine(const struct inspector *inspector, const struct level *level, unsigned i, struct answer *answer)
{
	char name[32], symbol[256];
	struct level_state state;
	const char *program = program_name(inspector, i);
	level_name(inspector, i, name, sizeof(name));
	session_state(inspector->session, i, &state);
	symbol_text(inspector, i, state.psw.pc, symbol, sizeof(symbol));
	answer_say(answer, "%c%*s%u %-*s %-13s %8" PRIu32 "K at 0x%08" PRIx32 "  %-14s %s\n", i == inspector->level ? '>' : ' ',
	           (int)level->depth * 2, "", i, level->depth < 6 ? 24 - 2 * (int)level->depth : 12, name,
	           level_status(inspector, i), level->size >> 10, level->real, program ? program : "", symbol);
	if (level->lie)
		answer_say(answer, " %*s  its anchor lies: %s\n", (int)level->depth * 2, "", level->lie);
}

static json_t *json_level(const struct inspector *inspector, const struct level *level, unsigned i)
{
	char name[32];
	struct level_state state;
	const char *program = symbols_path(inspector_symbols(inspector, i));
	level_name(inspector, i, name, sizeof(name));
	session_state(inspector->session, i, &state);
	return json_pack("{s:i, s:i, s:i, s:s, s:s, s:b, s:b, s:o, s:o, s:o, s:s*, s:s*}", "level", (int)i, "host", level->parent,
	                 "depth", (int)level->depth, "name", name, "state", level_status(inspector, i), "hosts",
	                 (int)level->hosts, "runs", (int)state.running, "real", json_address(level->real), "size",
	                 json_number(level->size), "pc", json_address(state.psw.pc), "program", program, "lie", level->lie);
}

COMMAND(command_levels)
{
	unsigned n;
	const struct level *levels = session_levels(inspector->session, &n);
	json_t *list = json_array();
	(void)self, (void)arguments;
	for (unsigned i = 0; i < n; i++) {
		say_machine(inspector, &levels[i], i, answer);
		inspector_forms(inspector, i, answer);
		json_array_append_new(list, json_level(inspector, &levels[i], i));
	}
	answer_set(answer, "levels", list);
	answer_set(answer, "looked_at", json_number(inspector->level));
	answer_set(answer, "runs", json_number(session_running(inspector->session)));
}

COMMAND(command_level)
{
	(void)self;
	if (!*arguments || read_level(inspector, arguments, &inspector->level, answer))
		describe_place(inspector, NULL, answer);
}

COMMAND(command_up)
{
	unsigned n;
	const struct level *levels = session_levels(inspector->session, &n);
	(void)self, (void)arguments;
	if (levels[inspector->level].parent < 0) {
		answer_fail(answer, "level 0 is the real machine: nothing hosts it");
		return;
	}
	inspector->level = (unsigned)levels[inspector->level].parent;
	describe_place(inspector, NULL, answer);
}

COMMAND(command_down)
{
	unsigned n;
	const struct level *levels = session_levels(inspector->session, &n);
	int inner = levels_inner(levels, n, inspector->level);
	(void)self, (void)arguments;
	if (inner < 0) {
		answer_fail(answer, "level %u hosts no machine now", inspector->level);
		return;
	}
	inspector->level = (unsigned)inner;
	describe_place(inspector, NULL, answer);
}

COMMAND(command_where)
{
	(void)self, (void)arguments;
	describe_place(inspector, NULL, answer);
}

/* ---- registers ---------------------------------------------------------- */

COMMAND(info_registers)
{
	struct level_state state;
	json_t *registers = json_object();
	(void)self, (void)arguments;
	session_state(inspector->session, inspector->level, &state);
	for (unsigned x = 0; x < 32; x++) {
		answer_say(answer, "x%-2u %-4s 0x%08" PRIx32 "%s", x, isa_register_names[x], state.x[x], x % 4 == 3 ? "\n" : "   ");
		json_object_set_new(registers, isa_register_names[x], json_number(state.x[x]));
	}
	answer_set(answer, "registers", registers);
}

static void say_psw(const char *which, const struct psw *psw, struct answer *answer)
{
	answer_say(answer, "%-8s pc 0x%08" PRIx32 "  status %" PRIu32 " (%s, interrupts %s, timer %s)\n"
	                   "%-8s base 0x%08" PRIx32 "  bound 0x%08" PRIx32 "  timer %" PRIu32 "\n",
	           which, psw->pc, psw->status, psw->status & STATUS_M ? "user" : "supervisor",
	           psw->status & STATUS_IE ? "enabled" : "off", psw->status & STATUS_TE ? "runs" : "off", "", psw->base,
	           psw->bound, psw->timer);
}

static json_t *json_psw(const struct psw *psw)
{
	return json_pack("{s:I, s:I, s:I, s:I, s:I, s:b, s:b, s:b}", "pc", (json_int_t)psw->pc, "status", (json_int_t)psw->status,
	                 "base", (json_int_t)psw->base, "bound", (json_int_t)psw->bound, "timer", (json_int_t)psw->timer, "user",
	                 (psw->status & STATUS_M) != 0, "interrupts", (psw->status & STATUS_IE) != 0, "timer_runs",
	                 (psw->status & STATUS_TE) != 0);
}

COMMAND(info_psw)
{
	struct level_state state;
	(void)self, (void)arguments;
	session_state(inspector->session, inspector->level, &state);
	say_psw(inspector->level ? "virtual" : "PSW", &state.psw, answer);
	if (inspector->level)
		answer_say(answer, "%-8s pc 0x%08" PRIx32 "  base 0x%08" PRIx32 "  bound 0x%08" PRIx32 ", as the real machine %s\n", "real",
		           state.real.pc, state.real.base, state.real.bound, state.running ? "has it" : "would have it");
	if (state.trapped)
		answer_say(answer, "a trap was taken, and no instruction has completed since\n");
	answer_set(answer, "psw", json_psw(&state.psw));
	answer_set(answer, "real", json_psw(&state.real));
	answer_set(answer, "trapped", json_boolean(state.trapped));
	answer_set(answer, "runs", json_boolean(state.running));
}

/* ---- what happened ------------------------------------------------------ */

#define TRAPS_SHOWN 10

COMMAND(info_traps)
{
	uint64_t wanted;
	size_t n, before;
	const struct trap_record *traps = session_traps(inspector->session, &n, &before);
	json_t *list = json_array();
	(void)self;
	if (!read_value(inspector, arguments, TRAPS_SHOWN, &wanted, answer)) {
		json_decref(list);
		return;
	}
	if (before == 0)
		answer_say(answer, "no traps yet\n");
	for (size_t i = wanted < before ? before - wanted : 0; i < before; i++) {
		answer_say(answer, "step %10" PRIu64 "  ", traps[i].steps);
		describe_trap(inspector, &traps[i], answer);
		answer_say(answer, "\n");
		json_array_append_new(list, json_trap(inspector, &traps[i]));
	}
	answer_set(answer, "traps", list);
}

COMMAND(info_exits)
{
	unsigned n;
	const struct level *level = &session_levels(inspector->session, &n)[inspector->level];
	const struct level_counts *counts = session_counts(inspector->session, inspector->level);
	json_t *causes = json_object();
	(void)self, (void)arguments;
	answer_say(answer, level->parent < 0 ? "traps of the real machine:\n" : "exits to its monitor, as the VM table says:\n");
	for (unsigned cause = 0; cause < CAUSES; cause++) {
		uint64_t times = level->parent < 0 ? counts->traps[cause] : level->entry.exits[cause];
		if (times > 0)
			answer_say(answer, "  %-12s %" PRIu64 "\n", isa_cause_names[cause], times);
		json_object_set_new(causes, isa_cause_names[cause], json_number(times));
	}
	answer_set(answer, "exits", causes);
	if (level->parent < 0)
		return;
	answer_say(answer, "of these %" PRIu32 " instructions emulated, %" PRIu32 " traps reflected\n", level->entry.emulated,
	           level->entry.reflected);
	answer_set(answer, "emulated", json_number(level->entry.emulated));
	answer_set(answer, "reflected", json_number(level->entry.reflected));
}

static uint64_t traps_of(const struct level_counts *counts)
{
	uint64_t sum = 0;
	for (unsigned cause = 0; cause < CAUSES; cause++)
		sum += counts->traps[cause];
	return sum;
}

COMMAND(info_counts)
{
	unsigned n;
	char name[32];
	json_t *list = json_array();
	(void)self, (void)arguments;
	session_levels(inspector->session, &n);
	answer_say(answer, "level                 completed itself   System instructions   traps taken\n");
	for (unsigned i = 0; i < n; i++) {
		const struct level_counts *counts = session_counts(inspector->session, i);
		level_name(inspector, i, name, sizeof(name));
		answer_say(answer, "%2u %-12s %22" PRIu64 " %21" PRIu64 " %13" PRIu64 "\n", i, name, counts->direct, counts->privileged,
		           traps_of(counts));
		json_array_append_new(list, json_pack("{s:i, s:s, s:I, s:I, s:I}", "level", (int)i, "name", name, "direct",
		                                      (json_int_t)counts->direct, "privileged", (json_int_t)counts->privileged,
		                                      "traps", (json_int_t)traps_of(counts)));
	}
	answer_set(answer, "counts", list);
}

static void say_control(const struct inspector *inspector, struct answer *answer)
{
	const struct control *control = session_control(inspector->session);
	const struct violation *first = &control->first;
	if (control->vms == 0)
		answer_say(answer, "resource control: nobody hosts anybody, as the disk's directory says\n");
	else if (control->violations == 0)
		answer_say(answer, "resource control: kept\n");
	else
		answer_say(answer, "resource control: violated %" PRIu64 " time%s, first at step %" PRIu64 ": %s\n", control->violations,
		           control->violations > 1 ? "s" : "",
		           first->steps, first->what);
	answer_set(answer, "violations", json_number(control->violations));
	answer_set(answer, "first_violation", control->violations ? json_pack("{s:I, s:s}", "steps", (json_int_t)first->steps, "what",
	                                                                      first->what) : json_null());
}

static void say_traps(const struct level_counts *counts, struct answer *answer)
{
	uint64_t all = traps_of(counts);
	answer_say(answer, "%" PRIu64 " traps of the real machine", all);
	for (unsigned cause = 0, n = 0; cause < CAUSES; cause++)
		if (counts->traps[cause] > 0)
			answer_say(answer, "%s %" PRIu64 " %s", n++ ? "," : ":", counts->traps[cause], isa_cause_names[cause]);
	answer_say(answer, "\n");
	answer_set(answer, "exits", json_number(all));
}

/* The gauges: what a machine executes itself, what that costs its hosts, and whether the
 * outermost of these keeps control. */
COMMAND(info_properties)
{
	unsigned n;
	char name[32];
	const struct level *levels = session_levels(inspector->session, &n);
	json_t *list = json_array();
	(void)self, (void)arguments;
	for (unsigned i = 0; i < n; i++) {
		const struct level_counts *counts = session_counts(inspector->session, i);
		uint64_t all = counts->direct + counts->privileged;
		double share = all ? 100.0 * (double)counts->direct / (double)all : 100.0;
		level_name(inspector, i, name, sizeof(name));
		answer_say(answer, "level %u (%s): %.4f%% of its %" PRIu64 " instructions executed directly%s\n", i, name, share, all,
		           levels[i].lie ? "; its anchor lies" : "");
		json_array_append_new(list, json_pack("{s:i, s:s, s:f, s:I, s:b}", "level", (int)i, "name", name, "direct_share", share,
		                                      "instructions", (json_int_t)all, "lies", levels[i].lie != NULL));
	}
	answer_set(answer, "levels", list);
	say_traps(session_counts(inspector->session, 0), answer);
	say_control(inspector, answer);
}

COMMAND(info_clock)
{
	struct level_state state;
	(void)self, (void)arguments;
	session_state(inspector->session, inspector->level, &state);
	answer_say(answer, "clock of level %u: %" PRIu64 "; timer %" PRIu32 "\nsteps of the real machine: %" PRIu64 ", known up to %" PRIu64 "\n",
	           inspector->level, state.clock, state.psw.timer, session_now(inspector->session),
	           session_known(inspector->session));
	answer_set(answer, "clock", json_number(state.clock));
	answer_set(answer, "timer", json_number(state.psw.timer));
	answer_set(answer, "steps", json_number(session_now(inspector->session)));
	answer_set(answer, "known", json_number(session_known(inspector->session)));
}

COMMAND(info_marks)
{
	unsigned n;
	const struct mark *marks = session_marks(inspector->session, &n);
	json_t *list = json_array();
	(void)self, (void)arguments;
	if (n == 0)
		answer_say(answer, "no marks: 'mark NAME' makes one\n");
	for (unsigned i = 0; i < n; i++) {
		answer_say(answer, "%-*s step %" PRIu64 "\n", MARK_BYTES, marks[i].name, marks[i].steps);
		json_array_append_new(list, json_pack("{s:s, s:I}", "name", marks[i].name, "steps", (json_int_t)marks[i].steps));
	}
	answer_set(answer, "marks", list);
}

/* ---- devices ------------------------------------------------------------ */

unsigned first_line_of(const struct inspector *inspector, unsigned level)
{
	unsigned n, line = 0;
	const struct level *levels = session_levels(inspector->session, &n);
	for (int i = (int)level; i > 0; i = levels[i].parent)
		line += levels[i].entry.first_line;
	return line;
}

/* The innermost machine that has been given a line. */
static unsigned owner_of(const struct inspector *inspector, unsigned line)
{
	unsigned n, owner = 0;
	const struct level *levels = session_levels(inspector->session, &n);
	for (unsigned i = 1; i < n; i++)
		if (levels[i].parent == (int)owner && line - first_line_of(inspector, i) < levels[i].entry.lines)
			owner = i;
	return owner;
}

COMMAND(info_devices)
{
	char name[32];
	const struct machine *m = session_machine(inspector->session);
	json_t *list = json_array();
	(void)self, (void)arguments;
	for (unsigned line = 0; line < machine_lines(m); line++) {
		unsigned owner = owner_of(inspector, line);
		struct line_state state = machine_line(m, line);
		struct output output = session_output(inspector->session, line);
		uint64_t written = output.before + output.n;
		level_name(inspector, owner, name, sizeof(name));
		answer_say(answer, "line %2u of level %u (%s): %" PRIu64 " bytes written, %zu of input wait%s%s%s\n", line, owner, name, written,
		           state.waiting, state.armed ? ", armed" : "", state.pending ? ", pending" : "",
		           state.ended ? ", input has ended" : "");
		json_array_append_new(list, json_pack("{s:i, s:i, s:I, s:I, s:b, s:b, s:b}", "line", (int)line, "level", (int)owner,
		                                      "written", (json_int_t)written, "waiting", (json_int_t)state.waiting, "armed",
		                                      state.armed, "pending", state.pending, "ended", state.ended));
	}
	answer_set(answer, "lines", list);
}
