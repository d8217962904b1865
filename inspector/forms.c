/* Machines of other kinds, as the programs that make them describe them (isa/isa.h: struct
 * form_description): a P-machine, an old computer, the processes of an operating system, and
 * within such a process a monitor with its VMs.  A description is data from an untrusted program:
 * every word is checked by reading it within its program's storage, and what does not hold is not shown.
 * The commands that show and step them; `levels` asks here for its lines.
 */

#include <inttypes.h>
#include <string.h>

#include "commands_inside.h"

enum { ROWS_MOST = 64, FIELDS_MOST = 32, WORDS_MOST = 64, NESTING_MOST = 4 };

/* Where a program stands: a machine's storage, or a part of it. */
struct room {
	const struct inspector *inspector;
	unsigned level;
	uint32_t base, size;
	unsigned nesting;
};

static bool get(const struct room *room, uint32_t at, void *to, uint32_t n)
{
	return at <= room->size && n <= room->size - at &&
	       session_read(room->inspector->session, room->level, room->base + at, true, to, n);
}

static bool get_word(const struct room *room, uint32_t at, uint32_t *word) { return get(room, at, word, sizeof(*word)); }

static struct room room_of(const struct inspector *inspector, unsigned level)
{
	unsigned n;
	const struct level *levels = session_levels(inspector->session, &n);
	return (struct room){ inspector, level, 0, level < n ? levels[level].size : 0, 0 };
}

/* Text of a program, ended and fit for a terminal. */
static void make_plain(char *text, size_t n)
{
	text[n - 1] = '\0';
	for (char *c = text; *c; c++)
		if (*c < ' ' || *c > '~')
			*c = '?';
}

static bool find_form(const struct room *room, struct form_description *form)
{
	struct form_anchor anchor;
	if (!get(room, CELL_FORM, &anchor, sizeof(anchor)) || anchor.magic != FORM_MAGIC ||
	    !get(room, anchor.at, form, sizeof(*form)))
		return false;
	make_plain(form->name, sizeof(form->name));
	return form->rows <= ROWS_MOST && form->n <= FIELDS_MOST;
}

static bool has_row(const struct room *room, const struct form_description *form, uint32_t row)
{
	uint32_t word = 1;
	return !form->present || (get_word(room, form->present + row * form->row_bytes, &word) && word != 0);
}

/* ---- one field ----------------------------------------------------------- */

static bool get_field(const struct room *room, const struct form_description *form, uint32_t i, struct form_field *field)
{
	if (!get(room, form->fields + i * (uint32_t)sizeof(*field), field, sizeof(*field)))
		return false;
	make_plain(field->name, sizeof(field->name));
	return field->count > 0 && field->count <= WORDS_MOST && field->hops <= sizeof(field->hop) && field->bytes <= 4;
}

/* From pointer to pointer. */
static bool follow(const struct room *room, const struct form_field *field, uint32_t *at)
{
	uint32_t word;
	for (unsigned i = 0; i < field->hops; i++) {
		if (!get_word(room, *at, &word))
			return false;
		*at = word + field->hop[i];
	}
	return true;
}

static bool get_value(const struct room *room, const struct form_field *field, uint32_t at, uint32_t *value)
{
	*value = 0;
	return get(room, at, value, field->bytes ? field->bytes : 4);
}

/* Its first word, in a row; below a top that lies lower, fewer words. */
static bool field_begins(const struct room *room, struct form_field *field, uint32_t *at)
{
	uint32_t top;
	*at = field->at;
	if (!field->top)
		return true;
	if (!get_word(room, field->top, &top) || top >= UINT32_MAX / sizeof(uint32_t))
		return false;
	if (top + 1 < field->count)
		field->count = top + 1;
	*at += (uint32_t)sizeof(uint32_t) * (top + 1 - field->count);
	return true;
}

static void say_bits(uint32_t word, struct answer *answer)
{
	for (unsigned bit = 0; bit < 32; bit++)
		answer_say(answer, "%c", word >> bit & 1 ? '#' : '.');
}

static void say_word(const struct form_field *field, uint32_t word, struct answer *answer)
{
	if (field->style == FORM_BITS)
		say_bits(word, answer);
	else
		answer_say(answer, field->style == FORM_HEX ? "0x%08" PRIx32 : "%" PRId32, word);
}

static void say_words(const struct room *room, const struct form_field *field, uint32_t at, json_t *row, struct answer *answer)
{
	json_t *words = json_array();
	for (uint32_t i = 0, word; i < field->count && get_word(room, at + 4 * i, &word); i++) {
		unsigned each = field->style == FORM_BITS ? 1 : field->style == FORM_HEX ? 4 : 8;
		answer_say(answer, i % each ? " " : "\n    ");
		say_word(field, word, answer);
		json_array_append_new(words, field->style == FORM_SIGNED ? json_integer((int32_t)word) : json_number(word));
	}
	json_object_set_new(row, field->name, words);
}

static void say_text(const struct room *room, const struct form_field *field, uint32_t at, json_t *row, struct answer *answer)
{
	char text[WORDS_MOST + 1] = "";
	if (!get(room, at, text, field->count))
		return;
	make_plain(text, field->count + 1);
	answer_say(answer, "%s", text);
	json_object_set_new(row, field->name, json_string(text));
}

static void say_field(const struct room *room, struct form_field field, uint32_t offset, bool whole, json_t *row,
                      struct answer *answer)
{
	uint32_t at, word;
	bool is_array = field.style != FORM_TEXT && field.count > 1;
	if ((is_array && !whole) || !field_begins(room, &field, &at))
		return;
	at += offset;
	if (!follow(room, &field, &at))
		return;
	answer_say(answer, "%s%s ", is_array ? "\n   " : "  ", field.name);
	if (field.style == FORM_TEXT) {
		say_text(room, &field, at, row, answer);
	} else if (is_array) {
		say_words(room, &field, at, row, answer);
	} else if (get_value(room, &field, at, &word)) {
		say_word(&field, word, answer);
		json_object_set_new(row, field.name, field.style == FORM_SIGNED ? json_integer((int32_t)word) : json_number(word));
	}
}

/* ---- a monitor in a part of storage ---------------------------------------- */

static void say_vm(const struct room *room, const struct vm_entry *vm, json_t *list, struct answer *answer)
{
	char name[NAME_BYTES + 1] = "";
	memcpy(name, vm->name, NAME_BYTES);
	make_plain(name, sizeof(name));
	uint64_t clock = (uint64_t)vm->clock[1] << 32 | vm->clock[0];
	answer_say(answer, "%*sVM %s  %s  %" PRIu32 "K at 0x%08" PRIx32 "  pc 0x%08" PRIx32 "  clock %" PRIu64 "  emulated %" PRIu32
	                   "  reflected %" PRIu32 "\n", 6 + 4 * (int)room->nesting, "", name, vm_state_names[vm->state],
	           vm->size >> 10, vm->region, vm->psw.pc, clock, vm->emulated, vm->reflected);
	json_array_append_new(list, json_pack("{s:s, s:s, s:o, s:o, s:o, s:o}", "vm", name, "state", vm_state_names[vm->state], "region",
	                                      json_address(vm->region), "size", json_number(vm->size), "pc",
	                                      json_address(vm->psw.pc), "clock", json_number(clock)));
}

/* As levels.h follows an anchor, but in a process. */
static void say_monitor(const struct room *room, json_t *list, struct answer *answer)
{
	struct anchor anchor;
	if (!get(room, CELL_ANCHOR, &anchor, sizeof(anchor)) || anchor.magic != ANCHOR_MAGIC || anchor.entries > ROWS_MOST ||
	    anchor.entry_bytes < sizeof(struct vm_entry))
		return;
	for (uint32_t i = 0; i < anchor.entries; i++) {
		struct vm_entry vm;
		uint64_t at = anchor.table + (uint64_t)i * anchor.entry_bytes;
		if (at > room->size || !get(room, (uint32_t)at, &vm, sizeof(vm)))
			return;
		bool inside = vm.region <= room->size && vm.size <= room->size - vm.region;
		if (vm.state != VM_EMPTY && vm.state < VM_STATES && inside)
			say_vm(room, &vm, list, answer);
	}
}

/* ---- the forms of a room --------------------------------------------------- */

static void say_form(const struct room *room, bool whole, json_t *list, struct answer *answer);

/* What stands in the part of storage that a row has. */
static void say_inside(const struct room *room, const struct form_description *form, uint32_t offset, json_t *row, struct answer *answer)
{
	struct room inner = *room;
	uint32_t base, size;
	if (!form->region || !form->size || room->nesting == NESTING_MOST || !get_word(room, form->region + offset, &base) ||
	    !get_word(room, form->size + offset, &size) || base > room->size || size > room->size - base)
		return;
	inner.base += base;
	inner.size = size;
	inner.nesting++;
	json_t *list = json_array();
	say_form(&inner, false, list, answer);
	say_monitor(&inner, list, answer);
	json_object_set_new(row, "inside", list);
}

static void say_row(const struct room *room, const struct form_description *form, uint32_t i, bool whole, json_t *list,
                    struct answer *answer)
{
	json_t *row = json_pack("{s:s}", "form", form->name);
	uint32_t offset = i * form->row_bytes;
	struct form_field field;
	answer_say(answer, "%*s%s:", 4 + 4 * (int)room->nesting, "", form->name);
	for (uint32_t f = 0; f < form->n; f++)
		if (get_field(room, form, f, &field))
			say_field(room, field, offset, whole, row, answer);
	answer_say(answer, "\n");
	say_inside(room, form, offset, row, answer);
	json_array_append_new(list, row);
}

static void say_form(const struct room *room, bool whole, json_t *list, struct answer *answer)
{
	struct form_description form;
	if (!find_form(room, &form))
		return;
	for (uint32_t i = 0; i < form.rows; i++)
		if (has_row(room, &form, i))
			say_row(room, &form, i, whole, list, answer);
}

void inspector_forms(const struct inspector *inspector, unsigned level, struct answer *answer)
{
	struct room room = room_of(inspector, level);
	json_t *list = json_array();
	say_form(&room, false, list, answer);
	json_decref(list);
}

/* ---- commands ---------------------------------------------------------------- */

static bool has_form(const struct inspector *inspector, struct form_description *form, struct answer *answer)
{
	struct room room = room_of(inspector, inspector->level);
	if (find_form(&room, form))
		return true;
	answer_fail(answer, "the program of level %u describes no machine of its own", inspector->level);
	return false;
}

COMMAND(info_form)
{
	struct form_description form;
	struct room room = room_of(inspector, inspector->level);
	json_t *list = json_array();
	(void)self, (void)arguments;
	if (has_form(inspector, &form, answer))
		say_form(&room, true, list, answer);
	answer_set(answer, "forms", list);
}

/* Until the word that counts its steps has been stored into so often. */
static struct arrival step_form(struct inspector *inspector, uint32_t steps, uint64_t count, bool back)
{
	const struct point point = { .kind = POINT_WRITE, .level = inspector->level, .address = steps, .bytes = 4, .absolute = true };
	const struct motion motion = { .kind = MOVE_CONTINUE, .back = back, .level = inspector->level, .most = inspector->most };
	struct arrival at = { .why = ARRIVED_LIMIT };
	unsigned number = session_add_point(inspector->session, &point);
	while (number && count-- > 0) {
		at = session_move(inspector->session, &motion);
		if (at.why != ARRIVED_POINT || at.point != number)
			break;
		at.why = ARRIVED;
	}
	if (number)
		session_remove_point(inspector->session, number);
	return at;
}

COMMAND(command_form_step)
{
	struct form_description form;
	uint64_t count;
	if (!read_value(inspector, arguments, 1, &count, answer) || !has_form(inspector, &form, answer))
		return;
	if (!form.steps) {
		answer_fail(answer, "%s does not count its steps", form.name);
		return;
	}
	inspector->last = step_form(inspector, form.steps, count, self->back);
	describe_output(inspector, answer);
	describe_place(inspector, &inspector->last, answer);
	inspector_forms(inspector, inspector->level, answer);
}
