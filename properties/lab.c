/* Labs read, and their hints found.  See lab.h. */

#include "lab.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

static bool is_property(const char *name)
{
	for (int property = 0; property < PROPERTIES; property++)
		if (strcmp(name, property_names[property]) == 0)
			return true;
	return false;
}

static bool is_fault(const char *name)
{
	for (int fault = FAULT_NONE + 1; fault < FAULTS; fault++)
		if (strcmp(name, fault_classes[fault].name) == 0)
			return true;
	return false;
}

static bool is_instruction(const char *name)
{
	for (int insn = 0; insn < INSNS; insn++)
		if (strcmp(name, isa_insns[insn].name) == 0)
			return true;
	return false;
}

/* What a hint may ask for of a step that differs. */
static bool goes_on(const struct divergence *d) { return d->came_back || d->direct; }
static bool other_pc(const struct divergence *d) { return goes_on(d) && d->bare.psw.pc != d->virtual.psw.pc; }
static bool other_status(const struct divergence *d) { return goes_on(d) && d->bare.psw.status != d->virtual.psw.status; }
static bool other_clock(const struct divergence *d) { return d->bare.clock != d->virtual.clock; }
static bool other_storage(const struct divergence *d) { return d->different > 0; }
static bool stale(const struct divergence *d) { return d->stale; }

static const struct part {
	const char *name;
	bool (*differs)(const struct divergence *d);
} parts[] = {
	{ "pc", other_pc }, { "status", other_status }, { "clock", other_clock }, { "storage", other_storage }, { "resumed", stale },
};

static const struct part *part_named(const char *name)
{
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		if (strcmp(parts[i].name, name) == 0)
			return &parts[i];
	return NULL;
}

static bool is_part(const char *name) { return part_named(name) != NULL; }

/* A hint that can fit nothing would never be missed. */
static bool check_hint(const struct lab_hint *hint, struct refusal *why)
{
	const struct {
		const char *key, *name;
		bool (*is)(const char *name);
	} names[] = { { "property", hint->property, is_property }, { "fault", hint->fault, is_fault },
		          { "instruction", hint->instruction, is_instruction }, { "differs", hint->differs, is_part } };
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (names[i].name && !names[i].is(names[i].name))
			return refuse(why, "a hint names the %s '%.60s', and there is none", names[i].key, names[i].name);
	return true;
}

static bool take_hints(struct lab *lab, const json_t *hints, struct refusal *why)
{
	size_t i;
	json_t *value;
	json_error_t error;
	json_array_foreach(hints, i, value) {
		struct lab_hint *hint = &lab->hint[lab->hints++];
		if (lab->hints == LAB_HINTS_MOST)
			return refuse(why, "there are too many hints");
		if (json_unpack_ex(value, &error, JSON_STRICT, "{s?s, s?s, s?s, s?s, s?s, s:s}", "property", &hint->property, "guest",
		                   &hint->guest, "fault", &hint->fault, "instruction", &hint->instruction, "differs", &hint->differs, "say",
		                   &hint->say) != 0)
			return refuse(why, "%.200s", error.text);
		if (!check_hint(hint, why))
			return false;
	}
	return true;
}

/* A plain name: it is joined to folders, and must not lead out of them. */
static bool plain(const char *name) { return name && *name && *name != '.' && !strchr(name, '/'); }

static bool take_files(const char *to[LAB_FILES_MOST + 1], const json_t *files, struct refusal *why)
{
	size_t i;
	json_t *value;
	if (json_array_size(files) > LAB_FILES_MOST)
		return refuse(why, "there are too many files");
	json_array_foreach(files, i, value) {
		to[i] = json_string_value(value);
		if (!plain(to[i]))
			return refuse(why, "\"hand_in\" and \"made\" want names of files");
	}
	return true;
}

bool lab_parse(struct lab *lab, const void *text, size_t n, struct refusal *why)
{
	json_error_t error;
	json_t *files, *made = NULL, *hints = NULL;
	int number;
	*lab = (struct lab){ .document = json_loadb(text, n, JSON_REJECT_DUPLICATES, &error) };
	if (!lab->document || json_unpack_ex(lab->document, &error, JSON_STRICT, "{s:i, s:s, s:o, s?o, s?s, s?o}", "lab", &number, "title",
	                                     &lab->title, "hand_in", &files, "made", &made, "monitor", &lab->monitor, "hints", &hints) != 0)
		return refuse(why, "%.200s", error.text);
	lab->number = (unsigned)number;
	return take_files(lab->hand_in, files, why) && take_files(lab->made, made, why) && take_hints(lab, hints, why);
}

void lab_free(struct lab *lab)
{
	json_decref(lab->document);
	*lab = (struct lab){ 0 };
}

static bool same(const char *wanted, const char *is) { return !wanted || (is && strcmp(wanted, is) == 0); }

static bool at_instruction(const struct lab_hint *hint, const struct divergence *d)
{
	enum insn insn = d->has_word ? isa_decode(d->word) : INSN_NONE;
	return same(hint->instruction, insn < INSNS ? isa_insns[insn].name : NULL);
}

static bool differs(const struct lab_hint *hint, const struct divergence *d)
{
	return !hint->differs || (d->found && part_named(hint->differs)->differs(d));
}

static bool fits(const struct lab_hint *hint, const struct grade_test *test)
{
	const struct lesson *lesson = test->lesson;
	return lesson && same(hint->property, test->section < PROPERTIES ? property_names[test->section] : NULL) && same(hint->guest, test->name) &&
	       same(hint->fault, lesson->fault->name) && at_instruction(hint, &lesson->where) && differs(hint, &lesson->where);
}

const struct lab_hint *lab_find_hint(const struct lab *lab, const struct grade_test *test)
{
	for (const struct lab_hint *hint = lab->hint; hint < lab->hint + lab->hints; hint++)
		if (fits(hint, test))
			return hint;
	return NULL;
}
