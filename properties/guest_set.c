/* Guests found and read.  See guest_set.h. */

#include "guest_set.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

enum { MEMORY = 1 << 20, DISK_SECTORS = 16, FILE_MOST = 1 << 26 };

/* ---- files -------------------------------------------------------------- */

static bool read_stream(FILE *stream, struct text *to)
{
	for (size_t n = 1; n > 0; to->n += n) {
		if (to->n >= FILE_MOST)
			return false;
		if (to->n + 1 >= to->room) {
			to->room = 2 * to->room + 4096;
			uint8_t *at = realloc(to->at, to->room);
			if (!at)
				return false;
			to->at = at;
		}
		n = fread(to->at + to->n, 1, to->room - to->n - 1, stream);
	}
	to->at[to->n] = '\0';
	return !ferror(stream);
}

bool text_read(struct text *to, const char *path, struct refusal *why)
{
	*to = (struct text){ 0 };
	FILE *stream = fopen(path, "rb");
	if (!stream)
		return refuse(why, "%.150s: %.80s", path, strerror(errno));
	bool good = read_stream(stream, to);
	fclose(stream);
	if (good)
		return true;
	free(to->at);
	return refuse(why, "%.150s: cannot be read whole", path);
}

/* ---- expectations ------------------------------------------------------- */

static void put(struct text *text, char c)
{
	if (text->n < text->room)
		text->at[text->n++] = (uint8_t)c;
}

/* The C string at s, quotes and all, appended to text, which has room for it. */
static void append_string(struct text *text, const char *s)
{
	static const char from[] = "ntrb\"\\", to[] = "\n\t\r\b\"\\";
	for (s += *s == '"'; *s && *s != '"'; s++) {
		if (*s != '\\') {
			put(text, *s);
		} else if (s[1] == 'x') {
			char digits[3] = { s[2], s[2] ? s[3] : '\0', '\0' };
			put(text, (char)strtoul(digits, NULL, 16));
			s += 1 + strlen(digits);
		} else if (s[1]) {
			const char *known = strchr(from, *++s);
			put(text, known ? to[known - from] : *s);
		}
	}
}

static void read_line(struct guest *guest, uint32_t *disk, const char *key, const char *value)
{
	if (strcmp(key, "input") == 0)
		append_string(&guest->input[0], value);
	else if (strcmp(key, "input-on-1") == 0)
		append_string(&guest->input[1], value);
	else if (strcmp(key, "arrival") == 0)
		guest->late = strcmp(value, "late") == 0;
	else if (strcmp(key, "steps") == 0)
		guest->limit = strtoull(value, NULL, 0);
	else if (strcmp(key, "memory") == 0)
		guest->plan.storage = (uint32_t)strtoul(value, NULL, 0);
	else if (strcmp(key, "disk") == 0)
		*disk = (uint32_t)strtoul(value, NULL, 0);
	else if (strcmp(key, "lines") == 0)
		guest->plan.lines = (unsigned)strtoul(value, NULL, 0);
}

/* Expectations of the output and the end are for tests of guests: here the bare
 * machine says what is right. */
static bool read_expectations(struct guest *guest, const char *path, uint32_t *disk, struct refusal *why)
{
	struct text text;
	char *state, key[32];
	if (!text_read(&text, path, why))
		return false;
	for (int i = 0; i < 2; i++)
		guest->input[i] = (struct text){ malloc(text.n + 1), 0, text.n + 1 };
	bool room = guest->input[0].at && guest->input[1].at;
	if (room)
		for (char *line = strtok_r((char *)text.at, "\n", &state); line; line = strtok_r(NULL, "\n", &state)) {
			int at = 0;
			if (sscanf(line, "%31[a-z0-9-]: %n", key, &at) == 1 && at > 0)
				read_line(guest, disk, key, line + at);
		}
	free(text.at);
	return room || refuse(why, "%.150s: no memory", path);
}

static void write_string(FILE *to, const char *key, const struct text *text)
{
	if (text->n == 0)
		return;
	fprintf(to, "%s: \"", key);
	for (size_t i = 0; i < text->n; i++)
		if (text->at[i] < ' ' || text->at[i] > '~' || text->at[i] == '"' || text->at[i] == '\\')
			fprintf(to, "\\x%02x", text->at[i]);
		else
			fputc(text->at[i], to);
	fputs("\"\n", to);
}

void guest_write_expectations(const struct guest *guest, FILE *to)
{
	fprintf(to, "memory: %" PRIu32 "\nlines: %u\n", guest->plan.storage, guest->plan.lines);
	if (guest->limit)
		fprintf(to, "steps: %" PRIu64 "\n", guest->limit);
	if (guest->late)
		fputs("arrival: late\n", to);
	write_string(to, "input", &guest->input[0]);
	write_string(to, "input-on-1", &guest->input[1]);
}

bool guest_hash(const struct guest *guest, uint64_t *hash)
{
	char *text = NULL;
	size_t n = 0;
	FILE *to = open_memstream(&text, &n);
	if (to)
		guest_write_expectations(guest, to);
	bool good = to && fclose(to) == 0;
	if (good)
		*hash = XXH64(text, n, XXH64(guest->plan.disk.image, (size_t)guest->plan.disk.sectors * SECTOR, *hash));
	free(text);
	return good;
}

/* ---- guests ------------------------------------------------------------- */

/* path without its ending, then .expect */
static void expectations_of(char *to, size_t room, const char *path)
{
	const char *dot = strrchr(path, '.'), *slash = strrchr(path, '/');
	int n = (int)(dot && (!slash || dot > slash) ? (size_t)(dot - path) : strlen(path));
	snprintf(to, room, "%.*s.expect", n, path);
}

static bool read_guest(struct guest *guest, const char *path, bool expects, struct refusal *why)
{
	struct text file;
	struct refusal what;
	char expectations[512];
	uint32_t disk = DISK_SECTORS;
	expectations_of(expectations, sizeof(expectations), path);
	FILE *there = fopen(expectations, "rb");
	if (there)
		fclose(there);
	if ((there || expects) && !read_expectations(guest, expectations, &disk, why))
		return false;
	if (!text_read(&file, path, why))
		return false;
	guest->file = file.at;
	guest->file_size = file.n;
	guest->path = strdup(path);
	plan_set_name(&guest->plan, path);
	snprintf(guest->name, sizeof(guest->name), "%s", strrchr(path, '/') ? strrchr(path, '/') + 1 : path);
	*strchrnul(guest->name, '.') = '\0';
	if (!guest->path || !disk_from_file(&guest->plan.disk, file.at, file.n, disk, &what))
		return refuse(why, "%.150s: %.80s", path, guest->path ? what.text : "no memory");
	return true;
}

bool guest_read(struct guest *guest, const char *path, uint32_t memory, unsigned lines, struct refusal *why)
{
	*guest = (struct guest){ .plan = { .storage = memory ? memory : MEMORY, .lines = lines ? lines : 1 } };
	if (read_guest(guest, path, false, why))
		return true;
	guest_free(guest);
	return false;
}

void guest_free(struct guest *guest)
{
	free(guest->path);
	free(guest->file);
	free(guest->input[0].at);
	free(guest->input[1].at);
	disk_free(&guest->plan.disk);
	*guest = (struct guest){ 0 };
}

bool guest_reads(const struct guest *guest) { return guest->input[0].n + guest->input[1].n > 0; }

struct pair_case guest_case(const struct guest *guest, const struct pack_monitor *monitors, unsigned depth)
{
	struct pair_case pair = {
		.guest = &guest->plan,
		.monitors = monitors,
		.depth = depth,
		.when = guest->late ? INPUT_LATE : INPUT_FIRST,
		.input[0] = { guest->input[0].at, guest->input[0].n },
	};
	for (unsigned line = 1; line < guest->plan.lines && line < LINES_MOST; line++)
		pair.input[line] = (struct bytes){ guest->input[1].at, guest->input[1].n };
	return pair;
}

/* ---- the set ------------------------------------------------------------ */

static int by_name(const void *a, const void *b)
{
	const struct guest *x = a, *y = b;
	return strcmp(x->name, y->name);
}

static bool add(struct guest_set *set, const char *path, struct refusal *why)
{
	struct guest *guest = realloc(set->guest, (set->n + 1) * sizeof(*guest));
	if (!guest)
		return refuse(why, "%.150s: no memory", path);
	set->guest = guest;
	if (!guest_read(&set->guest[set->n], path, 0, 0, why))
		return false;
	set->n++;
	return true;
}

static bool read_all(struct guest_set *set, DIR *directory, const char *folder, struct refusal *why)
{
	char path[512];
	for (struct dirent *entry; (entry = readdir(directory));) {
		size_t stem = strlen(entry->d_name) - strlen(".expect");
		if (strlen(entry->d_name) <= strlen(".expect") || strcmp(entry->d_name + stem, ".expect") != 0)
			continue;
		snprintf(path, sizeof(path), "%s/%.*s.elf", folder, (int)stem, entry->d_name);
		if (!add(set, path, why))
			return false;
	}
	return set->n > 0 || refuse(why, "%.150s: there are no guests in it: each needs NAME.elf and NAME.expect", folder);
}

bool guest_set_read(struct guest_set *set, const char *folder, struct refusal *why)
{
	*set = (struct guest_set){ 0 };
	DIR *directory = opendir(folder);
	if (!directory)
		return refuse(why, "%.150s: %.80s", folder, strerror(errno));
	bool good = read_all(set, directory, folder, why);
	closedir(directory);
	if (good)
		qsort(set->guest, set->n, sizeof(*set->guest), by_name);
	else
		guest_set_free(set);
	return good;
}

void guest_set_free(struct guest_set *set)
{
	for (unsigned i = 0; i < set->n; i++)
		guest_free(&set->guest[i]);
	free(set->guest);
	*set = (struct guest_set){ 0 };
}
