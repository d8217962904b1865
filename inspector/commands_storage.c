/* Commands that show storage, code and source, as one level sees them.  Called through the
 * table.
 */

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "commands_inside.h"

/* ---- the way of an address ---------------------------------------------- */

/* What is exceeded, if it is refused at this place. */
static void say_refusal(const struct inspector *inspector, const struct translation *t, unsigned i, struct answer *answer)
{
	unsigned n;
	const struct level *levels = session_levels(inspector->session, &n);
	if (t->refuses != (int)i)
		return;
	if (i == 0 && t->at[i].address >= t->at[i].bound)
		answer_say(answer, "   <-- refused: not below the bound");
	else
		answer_say(answer, "   <-- refused: beyond its storage, which ends at 0x%08" PRIx32, levels[t->at[i].level].size);
}

static void say_hop(const struct inspector *inspector, const struct translation *t, unsigned i, struct answer *answer)
{
	answer_say(answer, "level %u %-7s 0x%08" PRIx32, t->at[i].level, i == 0 ? "virtual" : "real", t->at[i].address);
	if (i == 0)
		answer_say(answer, "   R: base 0x%08" PRIx32 ", bound 0x%08" PRIx32, t->at[i].base, t->at[i].bound);
	else if (t->at[i].level > 0 && i + 1 < t->n)
		answer_say(answer, "   its storage: base 0x%08" PRIx32 ", size 0x%08" PRIx32, t->at[i].base, t->at[i].bound);
	say_refusal(inspector, t, i, answer);
	answer_say(answer, "\n");
}

COMMAND(command_translate)
{
	struct translation t;
	struct place_at place;
	struct refusal why;
	json_t *chain = json_array();
	(void)self;
	if (!command_address(inspector, *arguments ? arguments : "$pc", &place, &why)) {
		json_decref(chain);
		answer_fail(answer, "%s", why.text);
		return;
	}
	bool legal = session_translate(inspector->session, inspector->level, place.address, 1, place.absolute, &t);
	for (unsigned i = 0; i < t.n; i++) {
		say_hop(inspector, &t, i, answer);
		json_array_append_new(chain, json_pack("{s:i, s:o, s:o, s:o}", "level", (int)t.at[i].level, "address",
		                                       json_address(t.at[i].address), "base", json_address(t.at[i].base), "bound",
		                                       json_address(t.at[i].bound)));
	}
	answer_set(answer, "chain", chain);
	answer_set(answer, "refuses", legal ? json_null() : json_integer(t.refuses));
}

/* ---- examine ------------------------------------------------------------ */

struct layout {
	unsigned count;
	char format;   /* x d u t c s i */
	unsigned unit; /* bytes */
};

/* /COUNT FORMAT UNIT, each or none, before the rest of text. */
static bool read_layout(char **text, struct layout *layout, struct answer *answer)
{
	if (**text != '/')
		return true;
	char *at = *text + 1;
	if (isdigit((unsigned char)*at))
		layout->count = (unsigned)strtoul(at, &at, 10);
	for (; *at && !isspace((unsigned char)*at); at++) {
		const char *unit = strchr("bhw", *at);
		if (unit) {
			layout->unit = 1u << (unit - "bhw");
		} else if (strchr("xdutcsi", *at)) {
			layout->format = *at;
		} else {
			answer_fail(answer, "no format '%c': a count, one of x d u t c s i, and b, h or w for 1, 2, 4 bytes, as in x/8xw", *at);
			return false;
		}
	}
	if (layout->count == 0 || layout->count > 4096) {
		answer_fail(answer, "a count is from 1 to 4096");
		return false;
	}
	*text = at + strspn(at, " \t");
	return true;
}

static void say_binary(struct answer *answer, uint32_t value, unsigned bits)
{
	while (bits-- > 0)
		answer_say(answer, "%c", value >> bits & 1 ? '1' : '0');
}

static void say_unit(struct answer *answer, const struct layout *layout, uint32_t value)
{
	unsigned bits = 8 * layout->unit;
	uint32_t sign = UINT32_C(1) << (bits - 1);
	answer_say(answer, "  ");
	switch (layout->format) {
	case 'd': answer_say(answer, "%" PRId32, (int32_t)((value ^ sign) - sign)); break;
	case 'u': answer_say(answer, "%" PRIu32, value); break;
	case 't': say_binary(answer, value, bits); break;
	case 'c':
		if (value >= ' ' && value < 0x7F)
			answer_say(answer, "'%c' ", (char)value);
		else
			answer_say(answer, "\\x%02" PRIx32, value & 0xFF);
		break;
	default:  answer_say(answer, "0x%0*" PRIx32, 2 * (int)layout->unit, value);
	}
}

static void say_label(const struct inspector *inspector, const struct place_at *place, struct answer *answer)
{
	char symbol[256];
	symbol_at(inspector, inspector->level, *place, symbol, sizeof(symbol));
	answer_say(answer, "%s0x%08" PRIx32 "%s%s:", place->absolute && !*symbol ? "@" : "", place->address, *symbol ? " " : "", symbol);
}

static void refuse_address(const struct inspector *inspector, const struct place_at *place, struct answer *answer)
{
	answer_fail(answer, "no storage at %s0x%08" PRIx32 " of level %u: 'translate %s0x%" PRIx32 "' says who refuses",
	            place->absolute ? "@" : "", place->address, inspector->level, place->absolute ? "@" : "", place->address);
}

static bool read_unit(const struct inspector *inspector, const struct place_at *place, unsigned bytes, uint32_t *value,
                      struct answer *answer)
{
	*value = 0;
	if (session_read(inspector->session, inspector->level, place->address, place->absolute, value, bytes))
		return true;
	refuse_address(inspector, place, answer);
	return false;
}

static void examine_units(const struct inspector *inspector, struct place_at *place, const struct layout *layout,
                          struct answer *answer)
{
	unsigned in_row = layout->format == 't' ? 1 : 16 / layout->unit;
	json_t *values = json_array();
	uint32_t value;
	in_row = layout->unit == 4 ? 4 : in_row > 8 ? 8 : in_row;
	for (unsigned i = 0; i < layout->count && read_unit(inspector, place, layout->unit, &value, answer); i++) {
		if (i % in_row == 0)
			say_label(inspector, place, answer);
		say_unit(answer, layout, value);
		if (i % in_row == in_row - 1 || i + 1 == layout->count)
			answer_say(answer, "\n");
		json_array_append_new(values, json_number(value));
		place->address += layout->unit;
	}
	answer_set(answer, "values", values);
}

static void examine_strings(const struct inspector *inspector, struct place_at *place, unsigned count, struct answer *answer)
{
	json_t *strings = json_array();
	for (unsigned i = 0; i < count; i++) {
		uint8_t text[256];
		uint32_t n = 0, byte;
		say_label(inspector, place, answer);
		answer_say(answer, "  \"");
		while (n < sizeof(text) && read_unit(inspector, place, 1, &byte, answer)) {
			place->address++;
			if (byte == 0)
				break;
			answer_say(answer, byte >= ' ' && byte < 0x7F ? "%c" : "\\x%02x", (unsigned)byte);
			text[n++] = (uint8_t)byte;
		}
		answer_say(answer, "\"\n");
		json_array_append_new(strings, json_bytes(text, n));
		if (answer->failed)
			break;
	}
	answer_set(answer, "strings", strings);
}

static void list_code(const struct inspector *inspector, struct place_at place, unsigned count, struct answer *answer)
{
	struct level_state state;
	json_t *list = json_array();
	session_state(inspector->session, inspector->level, &state);
	uint32_t pc = state.psw.pc + (place.absolute ? state.psw.base : 0);
	for (unsigned i = 0; i < count; i++, place.address += 4) {
		char text[96], symbol[256];
		uint32_t word = 0;
		bool there = session_read(inspector->session, inspector->level, place.address, place.absolute, &word, sizeof(word));
		instruction_text(inspector, inspector->level, place, text, sizeof(text));
		symbol_at(inspector, inspector->level, place, symbol, sizeof(symbol));
		answer_say(answer, "%s 0x%08" PRIx32 " %-20s %s\n", place.address == pc ? "=>" : "  ", place.address, symbol, text);
		json_array_append_new(list, json_pack("{s:o, s:o, s:s, s:s}", "address", json_address(place.address), "word",
		                                      json_address(word), "symbol", symbol, "text", text));
		if (!there)
			break;
	}
	answer_set(answer, "instructions", list);
}

COMMAND(command_examine)
{
	struct layout layout = { 1, 'x', 4 };
	struct place_at place = { .address = inspector->listed };
	struct refusal why;
	(void)self;
	if (!read_layout(&arguments, &layout, answer))
		return;
	if (*arguments && !command_address(inspector, arguments, &place, &why)) {
		answer_fail(answer, "%s", why.text);
		return;
	}
	if (layout.format == 'c')
		layout.unit = 1;
	answer_set(answer, "address", json_address(place.address));
	if (layout.format == 'i') {
		list_code(inspector, place, layout.count, answer);
		place.address += 4 * layout.count;
	} else if (layout.format == 's') {
		examine_strings(inspector, &place, layout.count, answer);
	} else {
		examine_units(inspector, &place, &layout, answer);
	}
	inspector->listed = place.address;
}

/* ---- code --------------------------------------------------------------- */

#define CODE_SHOWN 10

COMMAND(command_disassemble)
{
	struct place_at place;
	struct refusal why;
	uint64_t count = CODE_SHOWN;
	char *comma = strchr(arguments, ',');
	(void)self;
	if (comma)
		*comma++ = '\0';
	if (!command_address(inspector, *arguments ? arguments : "$pc", &place, &why))
		answer_fail(answer, "%s", why.text);
	else if (!comma || read_value(inspector, comma, CODE_SHOWN, &count, answer))
		list_code(inspector, place, count > 4096 ? 4096 : (unsigned)count, answer);
}

/* ---- source ------------------------------------------------------------- */

#define LINES_AROUND 5

static void list_around(const struct source_line *here, bool is_now, struct answer *answer)
{
	unsigned first = here->line > LINES_AROUND ? here->line - LINES_AROUND : 1;
	json_t *list = json_array();
	for (unsigned line = first; line < first + 2 * LINES_AROUND; line++) {
		char *text = source_text((struct source_line){ here->folder, here->file, line });
		if (!text && line == first)
			answer_fail(answer, "cannot read the source %s: start droste where that is", here->file);
		if (!text)
			break;
		answer_say(answer, "%s%4u\t%s\n", is_now && line == here->line ? "=>" : "  ", line, text);
		json_array_append_new(list, json_bytes((const uint8_t *)text, strlen(text)));
		free(text);
	}
	answer_set(answer, "file", json_string(here->file));
	answer_set(answer, "first", json_number(first));
	answer_set(answer, "lines", list);
}

COMMAND(command_list)
{
	struct place_at place;
	struct refusal why;
	struct level_state state;
	(void)self;
	if (!command_address(inspector, *arguments ? arguments : "$pc", &place, &why)) {
		answer_fail(answer, "%s", why.text);
		return;
	}
	session_state(inspector->session, inspector->level, &state);
	struct source_line here = symbols_line(inspector_symbols(inspector, inspector->level),
	                                       place.address + (place.absolute ? 0 : state.psw.base));
	if (here.file)
		list_around(&here, !*arguments, answer);
	else
		answer_fail(answer, "no source line is known for 0x%08" PRIx32 " of level %u: compile with -g", place.address,
		            inspector->level);
}

/* ---- values ------------------------------------------------------------- */

/* As an address, a value has a symbol beside it. */
static void find_symbol(const struct inspector *inspector, const char *text, char *symbol, size_t n)
{
	struct place_at place;
	*symbol = '\0';
	if (command_address(inspector, text, &place, NULL))
		symbol_at(inspector, inspector->level, place, symbol, n);
}

COMMAND(command_print)
{
	struct layout layout = { 1, '\0', 4 };
	char symbol[256];
	uint64_t value;
	(void)self;
	if (!read_layout(&arguments, &layout, answer) || !read_value(inspector, *arguments ? arguments : "$pc", 0, &value, answer))
		return;
	find_symbol(inspector, layout.format ? "" : *arguments ? arguments : "$pc", symbol, sizeof(symbol));
	if (layout.format && layout.format != 's' && layout.format != 'i')
		say_unit(answer, &layout, (uint32_t)value);
	else
		answer_say(answer, "  0x%" PRIx64 " = %" PRIu64, value, value);
	answer_say(answer, " %s\n", value <= UINT32_MAX ? symbol : "");
	answer_set(answer, "value", json_number(value));
	answer_set(answer, "symbol", json_string(symbol));
}

COMMAND(command_symbols)
{
	const struct symbols *symbols = inspector_symbols(inspector, inspector->level);
	json_t *list = json_object();
	const char *name;
	(void)self;
	if (!symbols)
		answer_fail(answer, "level %u has no symbols: its program is not among the files given", inspector->level);
	else
		answer_say(answer, "%s\n", symbols_path(symbols));
	for (unsigned i = 0; (name = symbols_match(symbols, arguments, i)); i++) {
		uint32_t address = 0;
		symbols_address(symbols, name, &address);
		answer_say(answer, "0x%08" PRIx32 " %s\n", address, name);
		json_object_set_new(list, name, json_address(address));
	}
	answer_set(answer, "symbols", list);
}
