/* Judging itself judged: our monitor holds every property; monitors that hang, crash,
 * print without end, lie or are none get a clear finding within bounded steps; mutants fail
 * the property that they break, and their counterexamples are shrunk to a few words;
 * random guests are the same everywhere; monitors that interpret hold what they are to hold, on
 * machines that break the theorems too.
 *
 *     check MONITOR GUEST-FOLDER BAD-FOLDER MUTANT-FOLDER OTHERS-FOLDER
 *
 * Called by `make check`.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "properties/coverage.h"
#include "properties/explain.h"
#include "properties/random_guest.h"
#include "properties/shrink.h"
#include "tests/tally.h"

enum { ALL = (1 << PROPERTIES) - 1 };

static void run(struct finding findings[PROPERTIES], struct check_case *c, unsigned properties, struct pack_monitor monitor)
{
	c->monitor = monitor;
	check_run(c, properties, findings);
	free((void *)monitor.elf);
}

static void free_all(struct finding findings[PROPERTIES])
{
	for (int property = 0; property < PROPERTIES; property++)
		finding_free(&findings[property]);
}

/* ---- what is right ------------------------------------------------------ */

static void check_good(struct check_case *c, const char *path)
{
	struct finding findings[PROPERTIES];
	c->coverage = calloc(1, sizeof(*c->coverage));
	run(findings, c, ALL, tally_read_monitor("", path));
	for (int property = 0; property < PROPERTIES; property++)
		check(findings[property].verdict == HOLDS, "%s: our own monitor: %s", property_names[property],
		      findings[property].what);
	const struct efficiency *e = &findings[PROPERTY_EFFICIENCY].efficiency;
	check(e->direct == e->innocuous && e->innocuous > 0, "efficiency: not all is counted as direct");
	check(c->coverage && c->coverage->n[1][CAUSE_SVC][1][INSN_ecall][0] > 0, "coverage: no supervisor call was counted");
	free_all(findings);
	free(c->coverage);
	c->coverage = NULL;
}

/* ---- what is no monitor ------------------------------------------------- */

static void check_bad(struct check_case *c, const char *folder, const char *name, enum property property, const char *says)
{
	struct finding findings[PROPERTIES];
	run(findings, c, 1u << property, tally_read_monitor(folder, name));
	const struct finding *f = &findings[property];
	check(f->verdict == FAILS, "%s: %s does not fail", name, property_names[property]);
	check(strstr(f->what, says) != NULL, "%s: '%s' does not say '%s'", name, f->what, says);
	free_all(findings);
}

/* ---- what is wrong ------------------------------------------------------ */

static void check_mutant(struct check_case *c, const char *folder, const char *name, enum property property, unsigned words)
{
	struct finding findings[PROPERTIES];
	c->shrink = words > 0;
	run(findings, c, 1u << property, tally_read_monitor(folder, name));
	c->shrink = false;
	const struct finding *f = &findings[property];
	check(f->verdict == FAILS, "%s: %s does not fail", name, property_names[property]);
	if (words > 0)
		check(f->small && shrink_size(f->small) <= words, "%s: the counterexample has %u words", name,
		      f->small ? shrink_size(f->small) : 0);
	if (property == PROPERTY_EQUIVALENCE)
		check(f->where.found && f->where.has_word, "%s: the diverging instruction is not found", name);
	free_all(findings);
}

/* ---- other monitors, other machines ------------------------------------- */

enum { SHORT = 3000 };

/* The guests that need few steps: they are the whole's, and not to be freed. */
static struct guest_set short_ones(const struct guest_set *all)
{
	struct guest_set some = { calloc(all->n, sizeof(*some.guest)), 0 };
	for (unsigned i = 0; some.guest && i < all->n; i++) {
		struct refusal why;
		struct pair_case c = guest_case(&all->guest[i], NULL, 0);
		if (trial_measure(&c, SHORT, &why) < SHORT)
			some.guest[some.n++] = all->guest[i];
	}
	return some;
}

/* What a monitor is to hold, and what not, a bit for each property, on this machine. */
static void check_verdicts(const struct check_case *all, enum profile_number profile, const char *folder, const char *name,
                           unsigned holds, unsigned fails)
{
	struct finding findings[PROPERTIES];
	struct check_case c = *all;
	c.guests = short_ones(&all->guests);
	c.profile = &isa_profiles[profile];
	c.randoms = 20;
	run(findings, &c, holds | fails, tally_read_monitor(folder, name));
	for (int property = 0; property < PROPERTIES; property++) {
		const struct finding *f = &findings[property];
		if ((holds | fails) >> property & 1)
			check(f->verdict == (holds >> property & 1 ? HOLDS : FAILS), "%s on %s: %s %s: %s", name, c.profile->name,
			      property_names[property], verdict_names[f->verdict], f->what);
	}
	if (holds >> PROPERTY_EQUIVALENCE & 1)
		check(findings[PROPERTY_EQUIVALENCE].same == findings[PROPERTY_EQUIVALENCE].guests, "%s: not all guests came to an end", name);
	free_all(findings);
	free(c.guests.guest);
}

/* How much of a program's virtual user mode the hybrid monitor executes directly: nearly
 * all, and of supervisor mode nothing. */
static void check_hybrid_efficiency(const struct check_case *all, const char *folder)
{
	struct check_case c = *all;
	struct trial trial;
	const struct guest *guest = all->guests.guest;
	while (guest < all->guests.guest + all->guests.n && strcmp(guest->name, "preempt") != 0)
		guest++;
	c.monitor = tally_read_monitor(folder, "/hybrid.elf");
	struct pair_case pair = guest_case(guest, &c.monitor, 1);
	trial_run(&trial, &pair, 0);
	const struct efficiency *e = &trial.efficiency;
	check(trial.end == TRIAL_SAME, "hybrid: preempt: %s", trial.what);
	check(e->direct > 0 && e->direct < e->innocuous, "hybrid: %llu of %llu innocuous instructions direct", (unsigned long long)e->direct,
	      (unsigned long long)e->innocuous);
	free((void *)c.monitor.elf);
}

#define BIT(property) (1u << (property))

/* Theorem 3: the PDP-10's RETU takes the plain monitor's guests away from it; a hybrid
 * monitor does not mind.  One that interprets all minds nothing, at a price. */
static void check_others(const struct check_case *c, const char *reference, const char *folder)
{
	const unsigned right = BIT(PROPERTY_EQUIVALENCE) | BIT(PROPERTY_CONTROL);
	const unsigned slow = BIT(PROPERTY_EFFICIENCY);
	check_verdicts(c, PROFILE_pdp10, "", reference, 0, BIT(PROPERTY_EQUIVALENCE));
	check_verdicts(c, PROFILE_pdp10, folder, "/hybrid.elf", right, slow);
	check_verdicts(c, PROFILE_strict, folder, "/hybrid.elf", right | BIT(PROPERTY_ISOLATION), slow);
	check_verdicts(c, PROFILE_strict, folder, "/interpreting.elf", right | BIT(PROPERTY_RECURSION), slow);
	check_verdicts(c, PROFILE_x86, folder, "/interpreting.elf", right, slow);
	check_verdicts(c, PROFILE_x86, folder, "/hybrid.elf", 0, BIT(PROPERTY_EQUIVALENCE));
	check_verdicts(c, PROFILE_strict, folder, "/assembly.elf", ALL, 0);
	check_hybrid_efficiency(c, folder);
}

/* ---- random guests ------------------------------------------------------ */

static void check_random(void)
{
	struct guest a, b;
	for (uint64_t seed = 0; seed < 50; seed++) {
		bool made = random_guest(&a, seed) && random_guest(&b, seed);
		check(made && a.plan.disk.sectors == b.plan.disk.sectors && a.plan.storage == b.plan.storage &&
		              memcmp(a.plan.disk.image, b.plan.disk.image, (size_t)a.plan.disk.sectors * SECTOR) == 0,
		      "random guest %llu is not the same twice", (unsigned long long)seed);
		guest_free(&a);
		guest_free(&b);
	}
}

/* A machine that has run the guest to its end, or NULL. */
static struct machine *run_bare(struct guest *guest)
{
	struct refusal why;
	const struct machine_config config = { guest->plan.storage, guest->plan.lines, NULL, true };
	struct machine *m = machine_new(&config, &why);
	if (!m)
		return NULL;
	machine_attach_disk(m, guest->plan.disk.image, guest->plan.disk.sectors);
	machine_ipl(m);
	machine_run(m, 10000);
	return m;
}

/* The program's words stand where SMALL_WORDS says, and begin with the registers asked for. */
static void check_small(void)
{
	static const uint32_t values[] = { 0, 1, 0x7FF, 0x800, 0x1C0, UINT32_MAX, 0xFFFFF800, 0x80000000, 0x12345678 };
	for (unsigned i = 0; i < sizeof(values) / sizeof(*values); i++) {
		const uint32_t store = isa_encode(INSN_sw, 0, 0, 7, SMALL_BLOCK);
		const struct small_guest small = { .words = { store }, .n = 1, .x = { [7] = values[i] }, .psw = { .bound = BOUND_ALL },
		                                   .size = 2048 };
		struct guest guest;
		uint32_t word = 0, stored = ~values[i];
		struct machine *m = small_guest(&guest, &small) ? run_bare(&guest) : NULL;
		check(m && machine_read(m, SMALL_WORDS, &word, 4) && word == store, "the words of a small guest are not at SMALL_WORDS");
		check(m && machine_read(m, SMALL_BLOCK, &stored, 4) && stored == values[i], "x7 of a small guest is %x, not %x", stored,
		      values[i]);
		machine_free(m);
		guest_free(&guest);
	}
}

int main(int argc, char **argv)
{
	struct refusal why;
	struct check_case c = { .seed = 1, .randoms = 60, .depth = 2 };
	if (argc != 6) {
		fprintf(stderr, "usage: check MONITOR GUEST-FOLDER BAD-FOLDER MUTANT-FOLDER OTHERS-FOLDER\n");
		return 1;
	}
	if (!guest_set_read(&c.guests, argv[2], &why)) {
		fprintf(stderr, "check: %s\n", why.text);
		return 1;
	}
	check_random();
	check_small();
	c.reference = tally_read_monitor("", argv[1]);
	check_good(&c, argv[1]);
	check_bad(&c, argv[2], "/hello.elf", PROPERTY_EQUIVALENCE, "not a monitor");
	check_bad(&c, argv[2], "/hello.elf", PROPERTY_CONTROL, "not a monitor");
	check_bad(&c, argv[3], "/hangs.elf", PROPERTY_EQUIVALENCE, "never entered");
	check_bad(&c, argv[3], "/crashes.elf", PROPERTY_EQUIVALENCE, "check-stop");
	check_bad(&c, argv[3], "/babbles.elf", PROPERTY_EQUIVALENCE, "does not end");
	check_bad(&c, argv[3], "/lies.elf", PROPERTY_EQUIVALENCE, "output");
	check_bad(&c, argv[3], "/supervisor.elf", PROPERTY_CONTROL, "supervisor mode");
	check_mutant(&c, argv[4], "/drift.elf", PROPERTY_EQUIVALENCE, 20);
	check_mutant(&c, argv[4], "/lra-whole-word.elf", PROPERTY_EQUIVALENCE, 0);
	check_mutant(&c, argv[4], "/single-steps.elf", PROPERTY_EFFICIENCY, 0);
	check_mutant(&c, argv[4], "/bound-not-clamped.elf", PROPERTY_CONTROL, 20);
	check_mutant(&c, argv[4], "/x31-lost.elf", PROPERTY_ISOLATION, 0);
	check_mutant(&c, argv[4], "/privileged-in-trip.elf", PROPERTY_RECURSION, 0);
	check_mutant(&c, argv[4], "/exits-miscounted.elf", PROPERTY_INSPECTION, 20);
	check_others(&c, argv[1], argv[5]);
	guest_set_free(&c.guests);
	free((void *)c.reference.elf);
	return tally_end();
}
