/* Commands that hold a guest against the bare machine: beside it, live, or by a run of its own.  Called
 * through the table.
 */

#include <inttypes.h>
#include <string.h>

#include "commands_inside.h"

static const char *const state_names[TWIN_STATES] = {
	[TWIN_NONE] = "none", [TWIN_WAITS] = "waits", [TWIN_IN_STEP] = "in step", [TWIN_ENDED] = "ended", [TWIN_PARTED] = "parted",
	[TWIN_CHANGED] = "changed",
};

/* ---- both states -------------------------------------------------------- */

static void say_word(const char *name, uint32_t guest, uint32_t bare, struct answer *answer)
{
	answer_say(answer, "  %-8s 0x%08" PRIx32 "   0x%08" PRIx32 "%s\n", name, guest, bare, guest == bare ? "" : "   <--");
}

static void say_registers(const struct level_state *guest, const struct level_state *bare, struct answer *answer)
{
	unsigned differ = 0;
	for (unsigned x = 1; x < 32; x++) {
		if (guest->x[x] == bare->x[x])
			continue;
		say_word(isa_register_names[x], guest->x[x], bare->x[x], answer);
		differ++;
	}
	answer_say(answer, "  %s registers are the same\n", differ ? "the other" : "all");
}

static void say_storage(const struct inspector *inspector, const struct twin_view *twin, struct answer *answer)
{
	char name[12];
	uint32_t guest = 0, bare = 0;
	session_read(inspector->session, twin->level, twin->address, true, &guest, sizeof(guest));
	session_read(twin->bare, 0, twin->address, true, &bare, sizeof(bare));
	snprintf(name, sizeof(name), "@%" PRIx32, twin->address);
	say_word(name, guest, bare, answer);
}

/* Those that differ. */
static void say_cells(const struct inspector *inspector, struct answer *answer)
{
	uint32_t guest[TRAP_CELLS], bare[TRAP_CELLS];
	session_twin_cells(inspector->session, guest, bare);
	for (unsigned i = 0; i < TRAP_CELLS; i++)
		if (guest[i] != bare[i])
			say_word(session_cell_names[i], guest[i], bare[i], answer);
}

static json_t *json_state(const struct level_state *state)
{
	json_t *registers = json_array();
	for (unsigned x = 0; x < 32; x++)
		json_array_append_new(registers, json_number(state->x[x]));
	return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:o}", "pc", (json_int_t)state->psw.pc, "status", (json_int_t)state->psw.status,
	                 "base", (json_int_t)state->psw.base, "bound", (json_int_t)state->psw.bound, "timer",
	                 (json_int_t)state->psw.timer, "clock", (json_int_t)state->clock, "registers", registers);
}

static void say_states(const struct inspector *inspector, const struct twin_view *twin, struct answer *answer)
{
	struct level_state guest, bare;
	session_twin_states(inspector->session, &guest, &bare);
	answer_say(answer, "           level %-2u     bare%s\n", twin->level, guest.running ? "" : ", before what the guest has left for");
	say_word("pc", guest.psw.pc, bare.psw.pc, answer);
	say_word("status", guest.psw.status, bare.psw.status, answer);
	say_word("base", guest.psw.base, bare.psw.base, answer);
	say_word("bound", guest.psw.bound, bare.psw.bound, answer);
	if (guest.running) {
		say_word("timer", guest.psw.timer, bare.psw.timer, answer);
		answer_say(answer, "  %-8s %-10" PRIu64 "   %-10" PRIu64 "%s\n", "clock", guest.clock, bare.clock,
		           guest.clock == bare.clock ? "" : "   <--");
	}
	say_registers(&guest, &bare, answer);
	if (twin->state == TWIN_PARTED && twin->stored)
		say_storage(inspector, twin, answer);
	else if (twin->state == TWIN_PARTED)
		say_cells(inspector, answer);
	answer_set(answer, "guest", json_state(&guest));
	answer_set(answer, "bare", json_state(&bare));
}

/* ---- how they stand ----------------------------------------------------- */

static void say_twin(const struct inspector *inspector, const struct twin_view *twin, struct answer *answer)
{
	char name[32];
	level_name(inspector, twin->level, name, sizeof(name));
	answer_say(answer, "level %u (%s) and its bare twin ", twin->level, name);
	switch (twin->state) {
	case TWIN_WAITS:   answer_say(answer, "have not begun: the real machine has not yet executed for it\n"); break;
	case TWIN_IN_STEP: answer_say(answer, "are in step\n"); break;
	case TWIN_ENDED:   answer_say(answer, "have ended alike\n"); break;
	case TWIN_CHANGED: answer_say(answer, "are not compared since it was changed by hand, at step %" PRIu64 "\n", twin->parted); break;
	default:
		answer_say(answer, "part at step %" PRIu64 ": %s; ", twin->parted, twin->what);
		if (twin->agreed > 0)
			answer_say(answer, "they agreed last at step %" PRIu64 "\n", twin->agreed);
		else
			answer_say(answer, "they have never agreed\n");
	}
	if (twin->told)
		answer_say(answer, "since step %" PRIu64 " its VM table does not say what it should: %s\n", twin->told, twin->told_what);
}

static void describe_twin(const struct inspector *inspector, const struct twin_view *twin, struct answer *answer)
{
	say_twin(inspector, twin, answer);
	bool beyond = twin->state == TWIN_PARTED && twin->parted != session_now(inspector->session);
	if (beyond)
		answer_say(answer, "'goto #%" PRIu64 "' goes there, where both can be seen\n", twin->parted);
	else if (twin->state == TWIN_IN_STEP || twin->state == TWIN_PARTED)
		say_states(inspector, twin, answer);
	answer_set(answer, "twin", json_string(state_names[twin->state]));
	answer_set(answer, "twin_of", json_number(twin->level));
	answer_set(answer, "entries", json_number(twin->entries));
	answer_set(answer, "agreed", json_number(twin->agreed));
	if (twin->state != TWIN_PARTED && twin->state != TWIN_CHANGED)
		return;
	answer_set(answer, "parted", json_number(twin->parted));
	answer_set(answer, "what", json_string(twin->what));
}

void describe_parting(const struct inspector *inspector, struct answer *answer)
{
	struct twin_view twin = session_twin(inspector->session);
	if (twin.state == TWIN_PARTED && twin.parted == session_now(inspector->session))
		describe_twin(inspector, &twin, answer);
}

COMMAND(info_twin)
{
	struct twin_view twin = session_twin(inspector->session);
	(void)self, (void)arguments;
	if (twin.state == TWIN_NONE) {
		answer_say(answer, "no level is compared: 'compare on' lets a bare machine follow this one\n");
		answer_set(answer, "twin", json_string(state_names[TWIN_NONE]));
		return;
	}
	describe_twin(inspector, &twin, answer);
	if (twin.state == TWIN_IN_STEP)
		answer_say(answer, "compared at %" PRIu64 " entries\n", twin.entries);
}

/* ---- on and off --------------------------------------------------------- */

/* The level looked at; of the real machine, its innermost guest. */
static unsigned compared_level(const struct inspector *inspector)
{
	unsigned n, level = inspector->level;
	const struct level *levels = session_levels(inspector->session, &n);
	for (int inner; inspector->level == 0 && (inner = levels_inner(levels, n, level)) >= 0;)
		level = (unsigned)inner;
	return level;
}

static void remove_points(struct session *session)
{
	unsigned n;
	const struct point *points = session_points(session, &n);
	for (unsigned i = n; i-- > 0;)
		if (points[i].kind == POINT_PARTED)
			session_remove_point(session, points[i].number);
}

static void compare_on(struct inspector *inspector, struct answer *answer)
{
	struct refusal why;
	unsigned level = compared_level(inspector);
	int i = inspector_program(inspector, level);
	const struct program_at *program = i < 0 ? NULL : &inspector->program[i];
	struct twin_wish wish = { .level = level };
	if (program)
		wish = (struct twin_wish){ level, program->first_sector, program->sectors, program->first_line, program->lines };
	if (!session_twin_start(inspector->session, &wish, &why)) {
		answer_fail(answer, "%s", why.text);
		return;
	}
	remove_points(inspector->session);
	struct point point = { .kind = POINT_PARTED, .level = level };
	unsigned number = session_add_point(inspector->session, &point);
	if (number == 0)
		answer_say(answer, "there is no room for a point: nothing stops where they part\n");
	else
		answer_say(answer, "%u: compare at level %u\n", number, level);
	struct twin_view twin = session_twin(inspector->session);
	describe_twin(inspector, &twin, answer);
}

#define COMPARED UINT64_C(100000000) /* steps of the bare machine: some seconds */

static void judge(struct inspector *inspector, const char *steps, struct answer *answer)
{
	uint64_t most;
	if (!read_value(inspector, steps, COMPARED, &most, answer))
		return;
	if (inspector->compare)
		inspector->compare(inspector->compare_self, inspector, most, answer);
	else
		answer_fail(answer, "there is nothing to compare with here: the machine runs no monitor");
}

COMMAND(command_compare)
{
	(void)self;
	if (strcmp(arguments, "on") == 0) {
		compare_on(inspector, answer);
	} else if (strcmp(arguments, "off") == 0) {
		remove_points(inspector->session);
		session_twin_stop(inspector->session);
	} else {
		judge(inspector, arguments, answer);
	}
}
