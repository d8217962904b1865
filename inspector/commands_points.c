/* Commands for points: where a motion stops.  Called through the table, whose rows say of
 * which kind.
 */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "commands_inside.h"

static const char *const kind_names[] = {
	[POINT_BREAK] = "break", [POINT_WRITE] = "watch", [POINT_READ] = "rwatch", [POINT_ACCESS] = "awatch",
	[POINT_CAUSE] = "catch", [POINT_PSW] = "catch psw", [POINT_CONTROL] = "catch control", [POINT_PARTED] = "compare",
};

/* ---- conditions --------------------------------------------------------- */

/* Where a condition cannot be evaluated, somebody should look. */
static bool holds(void *self, const struct session *session, const struct point *point)
{
	const struct inspector *inspector = self;
	uint64_t value;
	(void)session;
	return !command_evaluate(inspector, point->level, point->text, &value, NULL) || value != 0;
}

static bool set_condition(struct inspector *inspector, struct point *point, const char *text, struct answer *answer)
{
	uint64_t value;
	struct refusal why;
	if (strlen(text) >= sizeof(point->text)) {
		answer_fail(answer, "a condition has at most %zu characters", sizeof(point->text) - 1);
		return false;
	}
	if (*text && !command_evaluate(inspector, point->level, text, &value, &why)) {
		answer_fail(answer, "%s", why.text);
		return false;
	}
	strcpy(point->text, text);
	point->condition = *text ? holds : NULL;
	point->self = inspector;
	return true;
}

/* ---- lists -------------------------------------------------------------- */

static void say_point(const struct inspector *inspector, const struct point *point, struct answer *answer)
{
	char symbol[256] = "";
	answer_say(answer, "%u: %s", point->number, kind_names[point->kind]);
	if (point->kind == POINT_CAUSE)
		answer_say(answer, " %s", point->cause < CAUSES ? isa_cause_names[point->cause] : "any");
	if (point->kind < POINT_CAUSE) {
		symbol_at(inspector, point->level, (struct place_at){ point->address, point->absolute }, symbol, sizeof(symbol));
		answer_say(answer, " %s0x%08" PRIx32 "%s%s", point->absolute && !*symbol ? "@" : "", point->address, *symbol ? " " : "", symbol);
	}
	if (point->kind != POINT_BREAK && point->kind < POINT_CAUSE)
		answer_say(answer, ", %" PRIu32 " bytes", point->bytes);
	if (point->kind != POINT_CONTROL)
		answer_say(answer, " at level %u", point->level);
	answer_say(answer, "%s%s%s%s", point->text[0] ? " if " : "", point->text,
	           point->once ? ", once" : "", point->disabled ? ", disabled" : "");
	if (point->hits > 0)
		answer_say(answer, ", %" PRIu64 " hits", point->hits);
	if (point->ignore > 0)
		answer_say(answer, ", passed over %" PRIu64 " times more", point->ignore);
	answer_say(answer, "\n");
}

static json_t *json_point(const struct point *point)
{
	return json_pack("{s:i, s:s, s:i, s:o, s:s*, s:s, s:b, s:b, s:I, s:I}", "point", (int)point->number, "kind",
	                 kind_names[point->kind], "level", (int)point->level, "address", json_address(point->address), "cause",
	                 point->kind == POINT_CAUSE && point->cause < CAUSES ? isa_cause_names[point->cause] : NULL, "condition",
	                 point->text, "once", point->once, "disabled", point->disabled, "hits", (json_int_t)point->hits, "ignore",
	                 (json_int_t)point->ignore);
}

COMMAND(info_points)
{
	unsigned n;
	const struct point *points = session_points(inspector->session, &n);
	json_t *list = json_array();
	(void)self, (void)arguments;
	if (n == 0)
		answer_say(answer, "no points: 'break', 'watch' and 'catch' make some\n");
	for (unsigned i = 0; i < n; i++) {
		say_point(inspector, &points[i], answer);
		json_array_append_new(list, json_point(&points[i]));
	}
	answer_set(answer, "points", list);
}

/* ---- making ------------------------------------------------------------- */

static void add(struct inspector *inspector, struct point *point, const char *condition, struct answer *answer)
{
	point->level = inspector->level;
	if (condition && !set_condition(inspector, point, condition, answer))
		return;
	unsigned number = session_add_point(inspector->session, point);
	if (number == 0) {
		answer_fail(answer, "there is no room for more points: 'delete' some");
		return;
	}
	say_point(inspector, session_point(inspector->session, number), answer);
	answer_set(answer, "point", json_number(number));
}

static bool read_place(struct inspector *inspector, const char *text, struct point *point, struct answer *answer)
{
	struct place_at place;
	struct refusal why;
	if (!command_address(inspector, text, &place, &why)) {
		answer_fail(answer, "%s", why.text);
		return false;
	}
	point->address = place.address;
	point->absolute = place.absolute;
	return true;
}

const char *without_star(const char *text) { return *text == '*' ? text + 1 : text; }

bool is_code_address(uint64_t address, struct answer *answer)
{
	if (address % 4 == 0)
		return true;
	answer_fail(answer, "no instruction stands at 0x%08" PRIx64 ": addresses of code are multiples of 4, lines FILE:LINE or :LINE", address);
	return false;
}

COMMAND(command_break)
{
	struct point point = { .kind = POINT_BREAK, .bytes = 4, .once = self->once };
	char *condition = split_at_word(arguments, "if");
	if (read_place(inspector, *arguments ? without_star(arguments) : "$pc", &point, answer) && is_code_address(point.address, answer))
		add(inspector, &point, condition, answer);
}

COMMAND(command_watch)
{
	struct point point = { .kind = (enum point_kind)self->kind };
	char *condition = split_at_word(arguments, "if"), *comma = strchr(arguments, ',');
	uint64_t bytes = 4;
	if (comma)
		*comma++ = '\0';
	if (!*arguments) {
		answer_fail(answer, "watch what? Give an address or a symbol, and perhaps a comma and how many bytes");
		return;
	}
	if (!read_place(inspector, arguments, &point, answer) ||
	    (comma && !read_value(inspector, comma, 4, &bytes, answer)))
		return;
	if (bytes == 0 || bytes > 4096) {
		answer_fail(answer, "1 to 4096 bytes can be watched");
		return;
	}
	point.bytes = (uint32_t)bytes;
	add(inspector, &point, condition, answer);
}

COMMAND(command_catch)
{
	struct point point = { .kind = POINT_CAUSE };
	char *condition = split_at_word(arguments, "if");
	(void)self;
	if (strcmp(arguments, "psw") == 0)
		point.kind = POINT_PSW;
	else if (strcmp(arguments, "control") == 0)
		point.kind = POINT_CONTROL;
	else if (!read_cause(*arguments ? arguments : "any", &point.cause, answer))
		return;
	add(inspector, &point, condition, answer);
}

/* ---- changing ----------------------------------------------------------- */

static struct point *read_point(struct inspector *inspector, const char *text, struct answer *answer)
{
	char *end;
	unsigned long number = strtoul(text, &end, 10);
	struct point *point = end != text && *end == '\0' ? session_point(inspector->session, (unsigned)number) : NULL;
	if (!point)
		answer_fail(answer, "no point '%s': 'info points' lists them", text);
	return point;
}

COMMAND(command_ignore)
{
	struct point *point = read_point(inspector, next_word(&arguments), answer);
	uint64_t times;
	(void)self;
	if (!point || !read_value(inspector, arguments, 1, &times, answer))
		return;
	point->ignore = times;
	say_point(inspector, point, answer);
}

/* One of them, or all. */
static void disable(struct inspector *inspector, char *arguments, bool disabled, struct answer *answer)
{
	unsigned n;
	const struct point *points = session_points(inspector->session, &n);
	if (*arguments) {
		struct point *point = read_point(inspector, arguments, answer);
		if (point)
			point->disabled = disabled;
		return;
	}
	for (unsigned i = 0; i < n; i++)
		session_point(inspector->session, points[i].number)->disabled = disabled;
}

COMMAND(command_enable)
{
	(void)self;
	disable(inspector, arguments, false, answer);
}

COMMAND(command_disable)
{
	(void)self;
	disable(inspector, arguments, true, answer);
}

COMMAND(command_delete)
{
	unsigned n;
	const struct point *points = session_points(inspector->session, &n);
	(void)self;
	if (*arguments) {
		struct point *point = read_point(inspector, arguments, answer);
		if (point)
			session_remove_point(inspector->session, point->number);
		return;
	}
	while (n > 0 && session_remove_point(inspector->session, points[0].number))
		points = session_points(inspector->session, &n);
}

COMMAND(command_condition)
{
	struct point *point = read_point(inspector, next_word(&arguments), answer);
	(void)self;
	if (point && set_condition(inspector, point, arguments, answer))
		say_point(inspector, point, answer);
}
