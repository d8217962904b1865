/* Rubrics read and checked.  See rubric.h. */

#include "rubric.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "profile.h"
#include "rubric_read.h"
#include "task_parse.h"

enum { GUESTS_MOST = 200, WEIGHT_MOST = 1000, POINTS_MOST = 10000, RANDOMS_MOST = 10000, DEPTH_LEAST = 2, DEPTH_MOST = 4, BESIDE_MOST = 8 };

#define BIT(property) (1u << (property))
#define USUAL (BIT(PROPERTY_EQUIVALENCE) | BIT(PROPERTY_CONTROL) | BIT(PROPERTY_EFFICIENCY) | BIT(PROPERTY_INSPECTION))

static bool find_property(const char *name, int *property)
{
	for (*property = 0; *property < PROPERTIES; ++*property)
		if (name && strcmp(name, property_names[*property]) == 0)
			return true;
	return false;
}

bool rubric_is_property(const char *name)
{
	int property;
	return find_property(name, &property);
}

/* ---- guests ------------------------------------------------------------- */

static bool guest_name(struct reading *r, const char *key, const json_t *value)
{
	return take_text(r, key, value, r->guest->name, sizeof(r->guest->name));
}

static bool guest_file(struct reading *r, const char *key, const json_t *value) { return take_path(r, key, value, &r->guest->file); }

static bool guest_weight(struct reading *r, const char *key, const json_t *value)
{
	return take_unsigned(r, key, value, 1, WEIGHT_MOST, &r->guest->weight);
}

static bool guest_properties(struct reading *r, const char *key, const json_t *value)
{
	size_t i;
	json_t *name;
	int property;
	if (!json_is_array(value) || json_array_size(value) == 0)
		return reading_refuse(r, "\"%s\" wants an array of properties", key);
	r->guest->properties = 0;
	json_array_foreach(value, i, name) {
		if (!find_property(json_string_value(name), &property))
			return reading_refuse(r, "there is no property \"%.40s\"", json_is_string(name) ? json_string_value(name) : "?");
		r->guest->properties |= BIT(property);
	}
	return true;
}

static bool guest_hidden(struct reading *r, const char *key, const json_t *value)
{
	return take_bool(r, key, value, &r->guest->hidden);
}

static bool guest_required(struct reading *r, const char *key, const json_t *value)
{
	return take_bool(r, key, value, &r->guest->required);
}

static bool guest_random(struct reading *r, const char *key, const json_t *value)
{
	return take_number(r, key, value, 1, RANDOMS_MOST, &r->guest->randoms);
}

static bool guest_seed(struct reading *r, const char *key, const json_t *value)
{
	return take_number(r, key, value, 0, INT64_MAX, &r->guest->seed);
}

static bool guest_budget(struct reading *r, const char *key, const json_t *value)
{
	return take_number(r, key, value, 1, INT64_MAX, &r->guest->budget);
}

/* Names only; rubric_read_guests reads them. */
static bool guest_beside(struct reading *r, const char *key, const json_t *value)
{
	struct guest_set *beside = &r->guest->beside;
	size_t n = json_array_size(value), i;
	json_t *name;
	if (n == 0 || n > BESIDE_MOST)
		return reading_refuse(r, "\"%s\" wants an array of 1 to %d guests of the standard set", key, BESIDE_MOST);
	if (!(beside->guest = calloc(n, sizeof(*beside->guest))))
		return reading_refuse(r, "no memory");
	json_array_foreach(value, i, name)
		if (!take_text(r, key, name, beside->guest[beside->n++].name, sizeof(beside->guest->name)))
			return false;
	return true;
}

static bool guest_memory(struct reading *r, const char *key, const json_t *value)
{
	return take_unsigned(r, key, value, STORAGE_LEAST, STORAGE_MOST, &r->guest->memory);
}

static bool guest_lines(struct reading *r, const char *key, const json_t *value)
{
	return take_unsigned(r, key, value, 1, 8, &r->guest->lines);
}

static bool guest_late(struct reading *r, const char *key, const json_t *value)
{
	return take_bool(r, key, value, &r->guest->late);
}

static const struct key guest_keys[] = {
	{ "name", guest_name }, { "file", guest_file }, { "weight", guest_weight }, { "properties", guest_properties },
	{ "hidden", guest_hidden }, { "required", guest_required }, { "random", guest_random }, { "seed", guest_seed },
	{ "budget", guest_budget }, { "beside", guest_beside }, { "memory", guest_memory }, { "lines", guest_lines },
	{ "late", guest_late }, { 0 },
};

/* Two guests of a name could not be told apart in a report. */
static bool check_guest(const struct reading *r)
{
	const struct rubric_guest *guest = r->guest;
	if (!guest->name[0])
		return reading_refuse(r, "a guest needs a \"name\"");
	if (guest->randoms && guest->file)
		return reading_refuse(r, "\"random\" and \"file\" exclude each other");
	if (guest->randoms && guest->properties & ~USUAL)
		return reading_refuse(r, "random guests are for equivalence, control, efficiency and inspection");
	if (guest->beside.n > 0 && !(guest->properties & BIT(PROPERTY_ISOLATION)))
		return reading_refuse(r, "\"beside\" is for isolation, which this guest is not for");
	for (const struct rubric_guest *other = r->rubric->guest; other < guest; other++)
		if (strcmp(other->name, guest->name) == 0)
			return reading_refuse(r, "there is another guest of this name");
	return true;
}

/* A guest is an object, or no more than its name. */
static bool take_guest(struct reading *r, size_t i, const json_t *value)
{
	r->guest = &r->rubric->guest[r->rubric->guests++];
	*r->guest = (struct rubric_guest){ .weight = 1, .properties = USUAL, .seed = 1 };
	snprintf(r->at, sizeof(r->at), "guest %zu", i + 1);
	bool good = json_is_string(value) ? guest_name(r, "name", value) : take_object(r, value, guest_keys);
	if (good && r->guest->name[0])
		snprintf(r->at, sizeof(r->at), "guest %zu, '%s'", i + 1, r->guest->name);
	return good && check_guest(r);
}

/* ---- the document ------------------------------------------------------- */

static bool rubric_title(struct reading *r, const char *key, const json_t *value)
{
	return take_text(r, key, value, r->rubric->title, sizeof(r->rubric->title));
}

static bool rubric_points(struct reading *r, const char *key, const json_t *value)
{
	const char *name;
	json_t *points;
	int property;
	if (!json_is_object(value))
		return reading_refuse(r, "\"%s\" wants an object: the points of each property", key);
	json_object_foreach((json_t *)value, name, points) {
		if (!find_property(name, &property))
			return reading_refuse(r, "there is no property \"%.40s\"", name);
		if (!take_unsigned(r, name, points, 0, POINTS_MOST, &r->rubric->points[property]))
			return false;
	}
	return true;
}

static bool rubric_depth(struct reading *r, const char *key, const json_t *value)
{
	return take_unsigned(r, key, value, DEPTH_LEAST, DEPTH_MOST, &r->rubric->depth);
}

static bool rubric_budget(struct reading *r, const char *key, const json_t *value)
{
	return take_number(r, key, value, 1, INT64_MAX, &r->rubric->budget);
}

static bool rubric_profile(struct reading *r, const char *key, const json_t *value)
{
	const char *name = json_string_value(value);
	r->rubric->profile = name ? profile_find(name) : NULL;
	return r->rubric->profile || reading_refuse(r, "\"%s\" wants the name of a profile that droste ships", key);
}

static bool rubric_guests(struct reading *r, const char *key, const json_t *value)
{
	size_t n = json_array_size(value), i;
	json_t *guest;
	if (n == 0 || n > GUESTS_MOST)
		return reading_refuse(r, "\"%s\" wants an array of 1 to %d guests", key, GUESTS_MOST);
	r->rubric->guest = calloc(n, sizeof(*r->rubric->guest));
	if (!r->rubric->guest)
		return reading_refuse(r, "no memory");
	json_array_foreach(value, i, guest)
		if (!take_guest(r, i, guest))
			return false;
	return true;
}

static const struct key rubric_keys[] = {
	{ "title", rubric_title }, { "points", rubric_points }, { "depth", rubric_depth }, { "budget", rubric_budget },
	{ "profile", rubric_profile },
	{ "guests", rubric_guests }, { "parts", tasks_parse_parts }, { "tasks", tasks_parse }, { "answers", tasks_parse_answers }, { 0 },
};

unsigned rubric_weight(const struct rubric *rubric, enum property property)
{
	unsigned weight = 0;
	for (unsigned i = 0; i < rubric->guests; i++)
		if (rubric->guest[i].properties & BIT(property))
			weight += rubric->guest[i].weight;
	return weight;
}

static bool check_whole(struct reading *r)
{
	unsigned points = r->rubric->tasks.n;
	snprintf(r->at, sizeof(r->at), "the rubric");
	if (r->rubric->guests == 0 && r->rubric->tasks.n == 0)
		return reading_refuse(r, "it has no \"guests\" and no \"tasks\"");
	for (int property = 0; property < PROPERTIES; property++) {
		points += r->rubric->points[property];
		if (r->rubric->points[property] > 0 && rubric_weight(r->rubric, (enum property)property) == 0)
			return reading_refuse(r, "%s is worth %u points, and no guest is for it", property_names[property],
			              r->rubric->points[property]);
	}
	return points > 0 || reading_refuse(r, "no property is worth any \"points\"");
}

/* The parts before the tasks that name them, wherever they stand. */
static int by_need(const char *key) { return strcmp(key, "tasks") == 0; }

static bool take_document(struct reading *r, const json_t *document)
{
	const char *name;
	json_t *value;
	bool good = json_is_object(document) || reading_refuse(r, "an object is wanted here");
	for (int last = 0; last < 2 && good; last++)
		json_object_foreach((json_t *)document, name, value) {
			json_t *one = by_need(name) == last ? json_pack("{s:O}", name, value) : NULL;
			snprintf(r->at, sizeof(r->at), "the rubric");
			good = good && (!one || take_object(r, one, rubric_keys));
			json_decref(one);
		}
	return good;
}

bool rubric_parse(struct rubric *rubric, const void *text, size_t n, struct refusal *why)
{
	struct reading r = { .rubric = rubric, .at = "the rubric", .why = why };
	json_error_t error;
	*rubric = (struct rubric){ .title = "A monitor", .depth = DEPTH_LEAST, .budget = RUBRIC_BUDGET,
		                        .tasks = { .answers = "answers.txt" }, .hash = XXH64(text, n, 0) };
	json_t *document = json_loadb(text, n, JSON_REJECT_DUPLICATES, &error);
	if (!document) {
		snprintf(r.at, sizeof(r.at), "line %d", error.line);
		return reading_refuse(&r, "%s", error.text);
	}
	bool good = take_document(&r, document) && check_whole(&r);
	json_decref(document);
	return good;
}

/* ---- the guests' files -------------------------------------------------- */

/* One of a path that asprintf made, of this many characters. */
static bool read_named(struct guest *guest, const char *name, char *path, int n, const struct rubric_guest *as, struct refusal *why)
{
	bool good = n >= 0 && guest_read(guest, path, as->memory, as->lines, why);
	if (n >= 0)
		free(path);
	if (good)
		snprintf(guest->name, sizeof(guest->name), "%s", name);
	return good;
}

static bool read_standard(struct guest *guest, const char *name, const struct rubric_guest *as, const char *standard, struct refusal *why)
{
	char *path = NULL;
	int n = asprintf(&path, "%s/%s.elf", standard, name);
	if (read_named(guest, name, path, n, as, why))
		return true;
	return refuse(why, "guest '%s' is not of the standard set: name its \"file\"", name);
}

static bool read_guest(struct rubric_guest *to, const char *standard, const char *folder, struct refusal *why)
{
	char *path = NULL;
	if (!to->file)
		return read_standard(&to->guest, to->name, to, standard, why);
	int n = *to->file == '/' ? asprintf(&path, "%s", to->file) : asprintf(&path, "%s/%s", folder, to->file);
	bool good = read_named(&to->guest, to->name, path, n, to, why);
	to->guest.call = *to->file == '/' ? strrchr(to->file, '/') + 1 : to->file; /* where the lecturer has it is no matter of the report's */
	return good;
}

static bool read_beside(struct rubric *rubric, struct guest_set *beside, const char *standard, struct refusal *why)
{
	static const struct rubric_guest usual = { .weight = 1 };
	for (unsigned i = 0; i < beside->n; i++) {
		char name[sizeof(beside->guest->name)];
		memcpy(name, beside->guest[i].name, sizeof(name));
		if (!read_standard(&beside->guest[i], name, &usual, standard, why))
			return false;
		if (!guest_hash(&beside->guest[i], &rubric->hash))
			return refuse(why, "no memory");
	}
	return true;
}

static bool set_arrival(struct rubric_guest *guest, struct refusal *why)
{
	guest->guest.late |= guest->late;
	if (!guest->late || guest_reads(&guest->guest))
		return true;
	return refuse(why, "guest '%s' has no input that could come late", guest->name);
}

bool rubric_read_guests(struct rubric *rubric, const char *standard, const char *folder, struct refusal *why)
{
	for (unsigned i = 0; i < rubric->guests; i++) {
		struct rubric_guest *guest = &rubric->guest[i];
		if (guest->randoms)
			continue;
		if (!read_guest(guest, standard, folder, why) || !set_arrival(guest, why))
			return false;
		if (!guest_hash(&guest->guest, &rubric->hash))
			return refuse(why, "no memory");
		if (!read_beside(rubric, &guest->beside, standard, why))
			return false;
	}
	return tasks_read_guests(&rubric->tasks, standard, folder, &rubric->hash, why);
}

void rubric_free(struct rubric *rubric)
{
	for (unsigned i = 0; i < rubric->guests; i++) {
		free(rubric->guest[i].file);
		guest_free(&rubric->guest[i].guest);
		guest_set_free(&rubric->guest[i].beside);
	}
	free(rubric->guest);
	tasks_free(&rubric->tasks);
	*rubric = (struct rubric){ 0 };
}
