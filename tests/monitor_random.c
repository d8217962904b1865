/* The monitor against the bare machine: random guests (properties/random_guest.h),
 * bare and under monitors, compared at every entry.  A failure names the seed and the
 * command that shows it.
 *
 *     SEED=n      the first case (default 1); case i has the seed SEED + i
 *     CASES=n     how many (default 600)
 *     DEPTH=n     how many monitors (default: 1, 2 and 3 in turn)
 *     MONITOR=f   an ELF file (default build/monitor.elf)
 *     SIE=1       on a machine with SIE; then two in three guests are hosts by it (sie_host.h)
 */

#include <stdio.h>
#include <stdlib.h>

#include "properties/random_guest.h"
#include "properties/trial.h"
#include "sie_host.h"

enum { DEEPEST = 8, FILE_MOST = 1 << 20 };

struct totals {
	uint64_t cases, entries, ended;
};

static int fail(const struct trial *trial, uint64_t seed, unsigned depth)
{
	printf("seed %llu, depth %u: %s%s%s, after the guest's clock %llu\n"
	       "  again: %sSEED=%llu CASES=1 DEPTH=%u build/tests/monitor_random, and MONITOR as it was\n",
	       (unsigned long long)seed, depth, trial->what, trial->violation.what, trial->lie.what,
	       (unsigned long long)trial->clock, getenv("SIE") ? "SIE=1 " : "", (unsigned long long)seed, depth);
	return 1;
}

static int run_case(const struct pack_monitor *monitors, uint64_t seed, unsigned depth, struct totals *totals)
{
	struct trial trial;
	struct guest guest;
	if (!random_guest(&guest, seed))
		return 1;
	bool sie = getenv("SIE") != NULL;
	if (sie && seed % 9 < 6 && !sie_host(&guest, seed))
		return 1;
	struct pair_case c = guest_case(&guest, monitors, depth);
	c.profile = &isa_profiles[sie ? PROFILE_sie : PROFILE_strict];
	c.plain = seed % 2;
	trial_run(&trial, &c, guest.limit);
	guest_free(&guest);
	totals->cases++;
	totals->entries += trial.entries;
	totals->ended += trial.ended;
	bool good = trial.end == TRIAL_SAME && !trial.violation.what[0] && !trial.lie.what[0];
	return good ? 0 : fail(&trial, seed, depth);
}

static uint64_t setting(const char *name, uint64_t otherwise)
{
	const char *text = getenv(name);
	return text ? strtoull(text, NULL, 0) : otherwise;
}

/* The monitor's bytes; NULL if there are none. */
static void *read_monitor(const char *path, size_t *size)
{
	FILE *file = fopen(path, "rb");
	if (!file)
		return NULL;
	void *bytes = malloc(FILE_MOST);
	*size = bytes ? fread(bytes, 1, FILE_MOST, file) : 0;
	fclose(file);
	return bytes;
}

int main(void)
{
	const char *path = getenv("MONITOR") ? getenv("MONITOR") : "build/monitor.elf";
	struct pack_monitor monitors[DEEPEST];
	struct totals totals = { 0 };
	size_t size = 0;
	void *bytes = read_monitor(path, &size);
	if (!bytes) {
		printf("%s: cannot be read: run make first\n", path);
		return 1;
	}
	for (int i = 0; i < DEEPEST; i++)
		monitors[i] = (struct pack_monitor){ bytes, size, path };
	uint64_t first = setting("SEED", 1), cases = setting("CASES", 600), depth = setting("DEPTH", 0), failed = 0;
	for (uint64_t seed = first; seed < first + cases; seed++)
		failed += (uint64_t)run_case(monitors, seed, depth && depth <= DEEPEST ? (unsigned)depth : 1 + seed % 3, &totals);
	printf("monitor_random: %llu random guests, compared at %llu entries; %llu ended; %llu differ\n",
	       (unsigned long long)totals.cases, (unsigned long long)totals.entries,
	       (unsigned long long)totals.ended, (unsigned long long)failed);
	free(bytes);
	return failed || totals.entries < totals.cases;
}
