/* Where a machine is and why, in words and as a document.  Called by the commands, each
 * time something has moved.
 */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "commands_inside.h"
#include "plain.h"

/* ---- names -------------------------------------------------------------- */

void level_name(const struct inspector *inspector, unsigned level, char *name, size_t n)
{
	unsigned count;
	const struct level *levels = session_levels(inspector->session, &count);
	if (level >= count && level < inspector->programs) /* not there yet */
		snprintf(name, n, "%s", inspector->program[level].vm);
	else if (level >= count || levels[level].parent < 0)
		snprintf(name, n, "real machine");
	else
		snprintf(name, n, "%.*s", NAME_BYTES, levels[level].entry.name);
	for (char *c = name; *c; c++)
		if ((unsigned char)*c < ' ' || (unsigned char)*c >= 0x7F)
			*c = '?';
}

/* Symbols name a machine's storage, so a virtual address is looked up past R. */
void symbol_at(const struct inspector *inspector, unsigned level, struct place_at place, char *text, size_t n)
{
	uint32_t offset;
	struct level_state state = { 0 };
	if (!place.absolute)
		session_state(inspector->session, level, &state);
	const char *name = symbols_name(inspector_symbols(inspector, level), state.psw.base + place.address, &offset);
	if (!name)
		snprintf(text, n, "%s", "");
	else if (offset == 0)
		snprintf(text, n, "<%.200s>", name);
	else
		snprintf(text, n, "<%.200s+%" PRIu32 ">", name, offset);
}

void symbol_text(const struct inspector *inspector, unsigned level, uint32_t address, char *text, size_t n)
{
	symbol_at(inspector, level, (struct place_at){ address, false }, text, n);
}

struct source_line inspector_line(const struct inspector *inspector, unsigned level)
{
	struct level_state state;
	session_state(inspector->session, level, &state);
	return symbols_line(inspector_symbols(inspector, level), state.psw.base + state.psw.pc);
}

void instruction_text(const struct inspector *inspector, unsigned level, struct place_at place, char *text, size_t n)
{
	uint32_t word;
	if (!session_read(inspector->session, level, place.address, place.absolute, &word, sizeof(word))) {
		snprintf(text, n, "no storage here");
		return;
	}
	disassemble(word, place.address, text, n);
	for (char *tab = text; (tab = strchr(tab, '\t'));)
		*tab = ' ';
}

char *source_text(struct source_line at)
{
	char *text = NULL;
	size_t room = 0;
	ssize_t n = -1;
	FILE *source = at.file ? source_open(at) : NULL;
	if (!source)
		return NULL;
	for (unsigned i = 0; i < at.line && (n = getline(&text, &room, source)) >= 0; i++)
		;
	fclose(source);
	if (n < 0) {
		free(text);
		return NULL;
	}
	text[strcspn(text, "\r\n")] = '\0';
	return text;
}

/* ---- traps -------------------------------------------------------------- */

/* The old pc belongs to the machine that ran; whatever hosts it has added to its base. */
static void trap_symbol(const struct inspector *inspector, const struct trap_record *trap, char *text, size_t n)
{
	unsigned count;
	const struct level *levels = session_levels(inspector->session, &count);
	uint32_t moved = trap->from < count && trap->level < count ? levels[trap->from].real - levels[trap->level].real : 0;
	symbol_at(inspector, trap->from, (struct place_at){ trap->old.base - moved + trap->old.pc, true }, text, n);
}

void describe_trap(const struct inspector *inspector, const struct trap_record *trap, struct answer *answer)
{
	char symbol[256], from[32];
	trap_symbol(inspector, trap, symbol, sizeof(symbol));
	level_name(inspector, trap->from, from, sizeof(from));
	answer_say(answer, "%s, tval 0x%08" PRIx32 ", old pc 0x%08" PRIx32 "%s%s, taken by level %u",
	           isa_cause_names[trap->cause], trap->tval, trap->old.pc, *symbol ? " " : "", symbol, trap->level);
	if (trap->from != trap->level)
		answer_say(answer, " from level %u (%s)", trap->from, from);
}

json_t *json_trap(const struct inspector *inspector, const struct trap_record *trap)
{
	char symbol[256];
	trap_symbol(inspector, trap, symbol, sizeof(symbol));
	return json_pack("{s:I, s:i, s:i, s:s, s:o, s:o, s:o, s:s}", "steps", (json_int_t)trap->steps, "level", (int)trap->level,
	                 "from", (int)trap->from, "cause", isa_cause_names[trap->cause], "tval", json_address(trap->tval),
	                 "pc", json_address(trap->old.pc), "status", json_number(trap->old.status), "symbol", symbol);
}

/* The trap that the last step was, if it was one. */
static const struct trap_record *trap_now(const struct inspector *inspector)
{
	size_t n, before;
	const struct trap_record *traps = session_traps(inspector->session, &n, &before);
	uint64_t now = session_now(inspector->session);
	return before > 0 && traps[before - 1].steps == now ? &traps[before - 1] : NULL;
}

/* ---- why it stopped ----------------------------------------------------- */

static const char *const why_names[] = {
	[ARRIVED] = "arrived", [ARRIVED_POINT] = "point", [ARRIVED_END] = "end", [ARRIVED_BEGINNING] = "beginning",
	[ARRIVED_INPUT] = "input", [ARRIVED_INTERRUPTED] = "interrupted", [ARRIVED_LIMIT] = "limit", [ARRIVED_GONE] = "gone",
};

static void say_end(struct inspector *inspector, unsigned level, struct answer *answer)
{
	unsigned n;
	char name[32];
	const struct level *levels = session_levels(inspector->session, &n);
	const struct machine *m = session_machine(inspector->session);
	level_name(inspector, level, name, sizeof(name));
	bool real = level >= n || levels[level].parent < 0;
	const char *how = real ? machine_end_names[machine_end(m)]
	                : levels[level].entry.state < VM_STATES ? vm_state_names[levels[level].entry.state] : "gone";
	unsigned code = real ? machine_exit_code(m) : levels[level].entry.exit_code & 0xFF;
	bool halted = strcmp(how, "halted") == 0;
	answer_say(answer, "level %u (%s) has ended: %s", level, name, how);
	if (halted)
		answer_say(answer, " with code %u", code);
	answer_say(answer, "\n");
	answer_set(answer, "end", json_string(how));
	answer_set(answer, "code", halted ? json_number(code) : json_null());
}

/* The violation of resource control that the last step was, if it was one. */
static const struct violation *violation_now(const struct inspector *inspector)
{
	const struct control *control = session_control(inspector->session);
	return control->violations > 0 && control->last.steps == session_now(inspector->session) ? &control->last : NULL;
}

static void say_violation(const struct inspector *inspector, struct answer *answer)
{
	const struct violation *violation = violation_now(inspector);
	if (!violation)
		return;
	answer_say(answer, "resource control is violated: %s\n", violation->what);
	answer_set(answer, "violation", json_string(violation->what));
}

static void say_point(struct inspector *inspector, const struct arrival *arrival, struct answer *answer)
{
	const struct point *point = session_point(inspector->session, arrival->point);
	const struct trap_record *trap = trap_now(inspector);
	answer_set(answer, "point", json_number(arrival->point));
	answer_say(answer, "point %u", arrival->point);
	if (!point) {
		answer_say(answer, ", which was for once\n");
		return;
	}
	if (point->kind == POINT_WRITE || point->kind == POINT_READ || point->kind == POINT_ACCESS) {
		answer_say(answer, ": 0x%08" PRIx32 " was 0x%08" PRIx32 ", is 0x%08" PRIx32, point->address, arrival->old, arrival->new);
		answer_set(answer, "old", json_address(arrival->old));
		answer_set(answer, "new", json_address(arrival->new));
	} else if (point->kind == POINT_CAUSE && trap) {
		answer_say(answer, ": ");
		describe_trap(inspector, trap, answer);
	} else if (point->kind == POINT_PSW) {
		answer_say(answer, ": the PSW's status, base or bound has changed");
	} else if (point->kind == POINT_PARTED) {
		answer_say(answer, ": ");
		describe_parting(inspector, answer);
		return;
	} else if (point->kind == POINT_CONTROL) {
		answer_say(answer, ": ");
		say_violation(inspector, answer);
		return;
	} else if (point->kind == POINT_BREAK) {
		answer_say(answer, ": a breakpoint");
	}
	answer_say(answer, "\n");
}


static void say_input(struct answer *answer)
{
	answer_say(answer, "the machine waits for input: 'type TEXT' gives it a line, 'eof' ends its input\n");
}

static void say_why(struct inspector *inspector, const struct arrival *arrival, struct answer *answer)
{
	const struct trap_record *trap = trap_now(inspector);
	answer_set(answer, "why", json_string(why_names[arrival->why]));
	switch (arrival->why) {
	case ARRIVED:
		say_violation(inspector, answer);
		if (trap) {
			answer_say(answer, "a trap: ");
			describe_trap(inspector, trap, answer);
			answer_say(answer, "\n");
			answer_set(answer, "trap", json_trap(inspector, trap));
		}
		break;
	case ARRIVED_POINT:       say_point(inspector, arrival, answer); break;
	case ARRIVED_END:         say_end(inspector, arrival->level, answer); break;
	case ARRIVED_BEGINNING:   answer_say(answer, "this is the beginning: nothing was before\n"); break;
	case ARRIVED_INPUT:       say_input(answer); break;
	case ARRIVED_INTERRUPTED: answer_say(answer, "interrupted\n"); break;
	case ARRIVED_LIMIT:       answer_say(answer, "the limit of steps is reached\n"); break;
	case ARRIVED_GONE:        answer_say(answer, "the machine does not run any more\n"); break;
	}
}

void inspector_why(struct inspector *inspector, struct answer *answer) { say_why(inspector, &inspector->last, answer); }

/* ---- where it is -------------------------------------------------------- */

static void say_instruction(struct inspector *inspector, const struct level_state *state, struct answer *answer)
{
	char instruction[96], symbol[256];
	instruction_text(inspector, inspector->level, (struct place_at){ state->psw.pc, false }, instruction, sizeof(instruction));
	symbol_text(inspector, inspector->level, state->psw.pc, symbol, sizeof(symbol));
	answer_say(answer, "=> 0x%08" PRIx32 " %s%s%s\n", state->psw.pc, symbol, *symbol ? " " : "", instruction);
	answer_set(answer, "pc", json_address(state->psw.pc));
	answer_set(answer, "symbol", json_string(symbol));
	answer_set(answer, "instruction", json_string(instruction));
}

static void say_source(struct inspector *inspector, struct answer *answer)
{
	struct source_line line = inspector_line(inspector, inspector->level);
	char *text = source_text(line);
	if (text)
		answer_say(answer, "%u\t%s\n", line.line, text);
	answer_set(answer, "file", line.file ? json_string(line.file) : json_null());
	answer_set(answer, "line", line.file ? json_number(line.line) : json_null());
	free(text);
}

static void say_level(struct inspector *inspector, const struct level_state *state, struct answer *answer)
{
	char name[32];
	struct source_line line = inspector_line(inspector, inspector->level);
	const char *function = symbols_name(inspector_symbols(inspector, inspector->level), state->psw.base + state->psw.pc, NULL);
	const char *slash = line.file ? strrchr(line.file, '/') : NULL;
	level_name(inspector, inspector->level, name, sizeof(name));
	answer_say(answer, "level %u (%s), %s mode%s, clock %" PRIu64 ", step %" PRIu64, inspector->level, name,
	           state->psw.status & STATUS_M ? "user" : "supervisor", state->running ? "" : ", not running now", state->clock,
	           session_now(inspector->session));
	if (function)
		answer_say(answer, ", in %s", function);
	if (line.file)
		answer_say(answer, " at %s:%u", slash ? slash + 1 : line.file, line.line);
	answer_say(answer, "\n");
}

static void set_place(struct inspector *inspector, const struct level_state *state, struct answer *answer)
{
	char name[32];
	level_name(inspector, inspector->level, name, sizeof(name));
	answer_set(answer, "level", json_number(inspector->level));
	answer_set(answer, "name", json_string(name));
	answer_set(answer, "running", json_boolean(state->running));
	answer_set(answer, "runs", json_number(session_running(inspector->session)));
	answer_set(answer, "clock", json_number(state->clock));
	answer_set(answer, "steps", json_number(session_now(inspector->session)));
	answer_set(answer, "user", json_boolean(state->psw.status & STATUS_M));
}

void describe_place(struct inspector *inspector, const struct arrival *arrival, struct answer *answer)
{
	struct level_state state;
	if (arrival)
		say_why(inspector, arrival, answer);
	session_state(inspector->session, inspector->level, &state);
	if (!state.exists) {
		answer_say(answer, "level %u does not exist now\n", inspector->level);
		return;
	}
	say_level(inspector, &state, answer);
	say_source(inspector, answer);
	say_instruction(inspector, &state, answer);
	set_place(inspector, &state, answer);
}

/* ---- output ------------------------------------------------------------- */

void describe_bytes(struct answer *answer, unsigned line, const uint8_t *bytes, size_t n)
{
	while (n > 0) {
		const uint8_t *end = memchr(bytes, '\n', n);
		size_t length = end ? (size_t)(end - bytes) : n;
		answer_say(answer, "[line %u] ", line);
		plain_put(answer->text, (const char *)bytes, length);
		answer_say(answer, "\n");
		length += end != NULL;
		bytes += length;
		n -= length;
	}
}

void describe_loss(struct answer *answer, unsigned line, uint64_t bytes)
{
	if (bytes > 0)
		answer_say(answer, "[line %u: %" PRIu64 " bytes before are not kept]\n", line, bytes);
}

struct output inspector_output(struct inspector *inspector, unsigned line)
{
	struct output output = session_output(inspector->session, line);
	uint64_t shown = inspector->shown[line], written = output.before + output.n;
	inspector->shown[line] = written;
	if (shown > written)
		shown = written;
	if (shown > output.before) {
		output.bytes += shown - output.before;
		output.n -= (size_t)(shown - output.before);
		shown = output.before;
	}
	output.before -= shown; /* of what has not been shown */
	return output;
}

void describe_output(struct inspector *inspector, struct answer *answer)
{
	char key[16];
	json_t *lines = json_object();
	for (unsigned line = 0; line < machine_lines(session_machine(inspector->session)); line++) {
		struct output output = inspector_output(inspector, line);
		describe_loss(answer, line, output.before);
		if (output.n > 0) {
			describe_bytes(answer, line, output.bytes, output.n);
			snprintf(key, sizeof(key), "%u", line);
			json_object_set_new(lines, key, json_bytes(output.bytes, output.n));
		}
	}
	answer_set(answer, "output", lines);
}
