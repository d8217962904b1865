/* The search for small counterexamples.  See shrink.h; called by check.c. */

#include "shrink.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS_MOST = 8192, TRIALS_MOST = 4000, ROUNDS_MOST = 4, STEPS_MOST_SHOWN = 100000 };

#define NOP UINT32_C(0x00000013) /* addi x0, x0, 0 */

struct search {
	const struct check_case *c;
	enum property property;
	struct guest *guest;
	uint32_t *image;   /* the guest's words */
	unsigned words;    /* that IPL loads */
	unsigned trials;
	bool shorter;      /* something was taken away in this round */
};

/* ---- is it still wrong? ------------------------------------------------- */

static bool fails(struct search *s)
{
	struct trial trial;
	struct finding f = { .property = s->property };
	struct pair_case pair = guest_case(s->guest, &s->c->monitor, 1);
	if (s->trials++ >= TRIALS_MOST)
		return false;
	pair.profile = s->c->profile;
	pair.spare_storage = SECTOR * 8;
	trial_run(&trial, &pair, s->guest->limit);
	finding_judge(&f, &trial, s->guest, 1);
	return f.verdict == FAILS && trial.end != TRIAL_REFUSED;
}

/* ---- words -------------------------------------------------------------- */

static bool header(unsigned word) { return word >= CELL_MAGIC / 4 && word <= CELL_DIRECTORY / 4; }
static bool blank(uint32_t word) { return word == 0 || word == NOP; }

static unsigned filled(const struct search *s, unsigned from, unsigned n)
{
	unsigned words = 0;
	for (unsigned i = from; i < from + n; i++)
		words += !blank(s->image[i]) && !header(i);
	return words;
}

/* Makes n words from there all the same, if it still fails. */
static bool try_filling(struct search *s, unsigned from, unsigned n, uint32_t with)
{
	uint32_t kept[WORDS_MOST];
	if (n > WORDS_MOST || filled(s, from, n) == 0)
		return false;
	memcpy(kept, s->image + from, 4 * n);
	for (unsigned i = from; i < from + n; i++)
		if (!header(i))
			s->image[i] = with;
	if (fails(s))
		return s->shorter = true;
	memcpy(s->image + from, kept, 4 * n);
	return false;
}

/* Larger pieces first (Zeller and Hildebrandt 2002). */
static void clear_words(struct search *s)
{
	for (unsigned n = s->words / 2; n > 0; n /= 2)
		for (unsigned from = 0; from < s->words; from += n) {
			unsigned here = from + n <= s->words ? n : s->words - from;
			if (!try_filling(s, from, here, 0))
				try_filling(s, from, here, NOP);
		}
}

static bool try_word(struct search *s, unsigned at, uint32_t word)
{
	uint32_t kept = s->image[at];
	if (kept == word)
		return true;
	s->image[at] = word;
	if (fails(s))
		return true;
	s->image[at] = kept;
	return false;
}

/* A word that must be something may be something simpler. */
static void simplify_words(struct search *s)
{
	static const uint32_t simple[] = { 1, 2, 4, BOUND_ALL, SECTOR };
	for (unsigned i = 0; i < s->words; i++) {
		if (blank(s->image[i]) || header(i) || s->image[i] <= 4)
			continue;
		for (unsigned k = 0; k < sizeof(simple) / sizeof(*simple); k++)
			if (try_word(s, i, simple[k]))
				break;
	}
}

/* Takes away one word at a time from within the program, what follows moving up to the
 * next blank of two words. */
static void close_up(struct search *s)
{
	for (unsigned i = CELL_FREE / 4; i + 1 < s->words; i++) {
		unsigned end = i + 1;
		while (end < s->words && s->image[end] != 0)
			end++;
		if (s->image[i] != NOP || end == i + 1)
			continue;
		uint32_t first = s->image[i];
		memmove(s->image + i, s->image + i + 1, 4 * (end - i - 1));
		s->image[end - 1] = 0;
		if (fails(s)) {
			s->shorter = true;
			i--;
			continue;
		}
		memmove(s->image + i + 1, s->image + i, 4 * (end - i - 1));
		s->image[i] = first;
	}
}

/* ---- what it was given -------------------------------------------------- */

static void try_storage(struct search *s)
{
	static const uint32_t sizes[] = { 512, 1024, 2048 };
	uint32_t kept = s->guest->plan.storage;
	for (unsigned i = 0; i < 3 && sizes[i] < kept; i++) {
		s->guest->plan.storage = sizes[i];
		if (fails(s))
			return;
	}
	s->guest->plan.storage = kept;
}

static void try_sectors(struct search *s)
{
	uint32_t sectors = s->image[CELL_SECTORS / 4];
	while (sectors > 1 && sectors <= s->words * 4 / SECTOR && filled(s, (sectors - 1) * SECTOR / 4, SECTOR / 4) == 0) {
		s->image[CELL_SECTORS / 4] = --sectors;
		if (fails(s))
			continue;
		s->image[CELL_SECTORS / 4] = sectors + 1;
		return;
	}
}

static void try_disk(struct search *s)
{
	uint32_t kept = s->guest->plan.disk.sectors;
	s->guest->plan.disk.sectors = s->image[CELL_SECTORS / 4];
	if (s->guest->plan.disk.sectors == 0 || s->guest->plan.disk.sectors > kept || !fails(s))
		s->guest->plan.disk.sectors = kept;
}

static void try_lines(struct search *s)
{
	bool late = s->guest->late;
	s->guest->late = false;
	s->guest->late = late && !fails(s);
	unsigned kept = s->guest->plan.lines;
	s->guest->plan.lines = 1;
	if (kept > 1 && !fails(s))
		s->guest->plan.lines = kept;
	for (int line = 0; line < 2; line++) {
		size_t n = s->guest->input[line].n;
		s->guest->input[line].n = 0;
		if (n > 0 && !fails(s))
			s->guest->input[line].n = n;
	}
}

/* Nobody need look on longer than to the fault. */
static void try_limit(struct search *s)
{
	uint64_t kept = s->guest->limit;
	for (uint64_t limit = 32; limit < kept || kept == 0; limit *= 4) {
		s->guest->limit = limit;
		if (fails(s))
			return;
	}
	s->guest->limit = kept;
}

/* ---- all of it ---------------------------------------------------------- */

void shrink(struct guest *guest, const struct check_case *c, enum property property)
{
	struct search s = { .c = c, .property = property, .guest = guest, .image = (uint32_t *)(void *)guest->plan.disk.image };
	uint32_t sectors = s.image[CELL_SECTORS / 4];
	s.words = (sectors < guest->plan.disk.sectors ? sectors : guest->plan.disk.sectors) * SECTOR / 4;
	try_limit(&s);
	for (int round = 0; round < ROUNDS_MOST; round++) {
		s.shorter = false;
		clear_words(&s);
		close_up(&s);
		if (!s.shorter)
			break;
	}
	simplify_words(&s);
	try_storage(&s);
	try_sectors(&s);
	try_disk(&s);
	try_lines(&s);
	try_limit(&s);
}

static unsigned words_of(const struct guest *guest) { return guest->plan.disk.sectors * SECTOR / 4; }

static uint32_t word_of(const struct guest *guest, unsigned i)
{
	uint32_t word;
	memcpy(&word, guest->plan.disk.image + 4 * (size_t)i, 4);
	return word;
}

unsigned shrink_size(const struct guest *guest)
{
	unsigned n = 0;
	for (unsigned i = 0; i < words_of(guest); i++)
		n += !blank(word_of(guest, i)) && !header(i);
	return n;
}

/* ---- showing ------------------------------------------------------------ */

/* Which words the bare machine fetches. */
static void mark_executed(const struct guest *guest, bool *executed)
{
	struct refusal why;
	const struct machine_config config = { guest->plan.storage, guest->plan.lines, NULL, true };
	struct machine *m = machine_new(&config, &why);
	if (!m)
		return;
	struct boot_disk disk = { malloc((size_t)guest->plan.disk.sectors * SECTOR), guest->plan.disk.sectors };
	if (disk.image) {
		memcpy(disk.image, guest->plan.disk.image, (size_t)disk.sectors * SECTOR);
		machine_attach_disk(m, disk.image, disk.sectors);
		for (unsigned line = 0; line < guest->plan.lines; line++) {
			if (line < 2 && guest->input[line].n > 0)
				machine_input(m, line, guest->input[line].at, guest->input[line].n);
			machine_input_ends(m, line);
		}
		machine_ipl(m);
		for (int i = 0; i < STEPS_MOST_SHOWN && machine_end(m) == MACHINE_RUNNING; i++) {
			struct psw psw = machine_psw(m);
			uint64_t word = ((uint64_t)psw.base + psw.pc) / 4;
			if (word < words_of(guest))
				executed[word] = true;
			if (machine_run_plain(m, 1) == STOP_INPUT)
				break;
		}
	}
	disk_free(&disk);
	machine_free(m);
}

static const char *role(unsigned i)
{
	static const char *const fields[] = { "new PSW: pc", "new PSW: status", "new PSW: base", "new PSW: bound", "new PSW: timer" };
	return 4 * i >= CELL_NEW_PSW && 4 * i < CELL_MAGIC ? fields[i - CELL_NEW_PSW / 4] : "";
}

static void list_word(const struct guest *guest, unsigned i, bool executed, FILE *to)
{
	char text[96] = "";
	if (executed)
		disassemble(word_of(guest, i), 4 * i, text, sizeof(text));
	for (char *tab = strchr(text, '\t'); tab; tab = strchr(text, '\t'))
		*tab = ' ';
	fprintf(to, "    %08x: %08" PRIx32 "  %s\n", 4 * i, word_of(guest, i), executed ? text : role(i));
}

/* The last of the words from i on that are like it. */
static unsigned last_alike(const struct guest *guest, const bool *executed, unsigned i)
{
	while (i + 1 < words_of(guest) && executed[i] && executed[i + 1] && word_of(guest, i + 1) == word_of(guest, i))
		i++;
	return i;
}

void shrink_list(const struct guest *guest, FILE *to)
{
	bool *executed = calloc(words_of(guest), sizeof(*executed));
	if (!executed)
		return;
	mark_executed(guest, executed);
	for (unsigned i = 0; i < words_of(guest); i++) {
		if (header(i) || (!executed[i] && blank(word_of(guest, i))))
			continue;
		list_word(guest, i, executed[i], to);
		unsigned last = last_alike(guest, executed, i);
		if (last > i)
			fprintf(to, "    %08x: the same, to here\n", 4 * last);
		i = last;
	}
	free(executed);
}
