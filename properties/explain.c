/* Findings in words.  See explain.h. */

#include "explain.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "inspector/symbols.h"
#include "shrink.h"

/* ---- one line ----------------------------------------------------------- */

static void print_basis(const struct finding *f, FILE *to)
{
	const struct efficiency *e = &f->efficiency;
	fprintf(to, "%u guests", f->guests);
	if (f->randoms > 0)
		fprintf(to, ", %" PRIu64 " of them random", f->randoms);
	if (f->property == PROPERTY_ISOLATION)
		fprintf(to, " beside hostile and other ones; %" PRIu64 " traps, the same beside all", f->entries);
	else if (f->entries > 0)
		fprintf(to, "; %" PRIu64 " instructions, compared at %" PRIu64 " entries", f->instructions, f->entries);
	if (f->property == PROPERTY_EFFICIENCY && e->innocuous > 0)
		fprintf(to, "; %.4f%% direct, %.1f monitor instructions an exit", 100.0 * (double)e->direct / (double)e->innocuous,
		        e->exits ? (double)e->monitor_instructions / (double)e->exits : 0.0);
	if (f->property == PROPERTY_RECURSION && f->trips.instructions > 0)
		fprintf(to, "; to depth %u: %.2f exits of level 0 for a privileged instruction, least %u", f->depth,
		        (double)f->trips.exits / (double)f->trips.instructions, 1u << (f->depth - 1));
}

void explain_verdict(const struct finding *f, FILE *to)
{
	fprintf(to, "%-12s %-9s  ", property_names[f->property], verdict_names[f->verdict]);
	if (f->verdict == HOLDS)
		print_basis(f, to);
	else
		fputs(f->what, to);
	fputc('\n', to);
}

/* ---- the instruction ---------------------------------------------------- */

uint32_t explain_address(const struct finding *f) { return f->where.before.psw.base + f->where.before.psw.pc; }

char *explain_source(const struct guest *guest, uint32_t address)
{
	return guest && guest->file ? explain_place(guest->file, guest->file_size, guest->name, address) : NULL;
}

char *explain_place(const void *elf, size_t size, const char *name, uint32_t address)
{
	struct symbols *symbols = symbols_read(elf, size, name);
	struct source_line line = symbols_line(symbols, address);
	const char *slash = line.file ? strrchr(line.file, '/') : NULL;
	const char *function = symbols_name(symbols, address, NULL);
	char *text = NULL;
	if (line.file && asprintf(&text, "%s:%u%s%s%s", slash ? slash + 1 : line.file, line.line, function ? " (" : "",
	                          function ? function : "", function ? ")" : "") < 0)
		text = NULL;
	symbols_free(symbols);
	return text;
}

/* ---- both states -------------------------------------------------------- */

static const char *mark(bool differs) { return differs ? "  <--" : ""; }

static void print_word(FILE *to, const char *name, uint32_t before, uint32_t bare, uint32_t virtual, bool always)
{
	if (always || before != bare || bare != virtual)
		fprintf(to, "    %-10s %08" PRIx32 "   %08" PRIx32 "   %08" PRIx32 "%s\n", name, before, bare, virtual,
		        mark(bare != virtual));
}

static void print_psw(FILE *to, const struct divergence *d)
{
	const struct psw *a = &d->before.psw, *b = &d->bare.psw, *v = &d->virtual.psw;
	print_word(to, "pc", a->pc, b->pc, v->pc, true);
	print_word(to, "status", a->status, b->status, v->status, true);
	print_word(to, "base", a->base, b->base, v->base, true);
	print_word(to, "bound", a->bound, b->bound, v->bound, true);
	print_word(to, "timer", a->timer, b->timer, v->timer, true);
	fprintf(to, "    %-10s %-10" PRIu64 " %-10" PRIu64 " %-10" PRIu64 "%s\n", "clock", d->before.clock, d->bare.clock,
	        d->virtual.clock, mark(d->bare.clock != d->virtual.clock));
}

static void print_bytes(FILE *to, const char *name, const uint8_t bytes[16])
{
	fprintf(to, "    %-10s", name);
	for (int i = 0; i < 16; i++)
		fprintf(to, "%s%02x", i % 4 ? "" : " ", bytes[i]);
	fputc('\n', to);
}

const char *explain_trap(const struct moment *moment)
{
	return !moment->trapped ? "none" : moment->cause < CAUSES ? isa_cause_names[moment->cause] : "?";
}

static void print_states(FILE *to, const struct divergence *d)
{
	char name[8];
	fprintf(to, "    %-10s %-10s %-10s %s\n", "", "before", "bare", "virtual, after");
	print_psw(to, d);
	const char *bare = explain_trap(&d->bare), *virtual = explain_trap(&d->virtual);
	if (d->bare.trapped || d->virtual.trapped)
		fprintf(to, "    %-21s %-10s %s%s\n", "trap taken", bare, virtual, mark(strcmp(bare, virtual) != 0));
	for (unsigned x = 1; x < 32; x++) {
		snprintf(name, sizeof(name), "x%u", x);
		print_word(to, name, d->before.x[x], d->bare.x[x], d->virtual.x[x], false);
	}
	if (d->bare.end != d->virtual.end)
		fprintf(to, "    %-21s %-10s %s  <--\n", "end", machine_end_names[d->bare.end], machine_end_names[d->virtual.end]);
	if (d->different == 0)
		return;
	fprintf(to, "    storage: %" PRIu64 " bytes differ, the first at 0x%08" PRIx32 "\n", d->different, d->address);
	print_bytes(to, "bare", d->bare_bytes);
	print_bytes(to, "virtual", d->virtual_bytes);
}

static void print_step(FILE *to, const struct divergence *d)
{
	char text[96] = "which cannot be fetched";
	if (d->has_word)
		disassemble(d->word, d->before.psw.pc, text, sizeof(text));
	for (char *tab = strchr(text, '\t'); tab; tab = strchr(text, '\t'))
		*tab = ' ';
	fprintf(to, "  %s %08" PRIx32 ": %s\n", d->interrupt ? "an interrupt before" : "at", d->before.psw.pc, text);
	fprintf(to, "  clock %" PRIu64 ", after %" PRIu64 " steps of the guest, in virtual %s mode\n", d->before.clock, d->steps,
	        d->before.psw.status & STATUS_M ? "user" : "supervisor");
	if (d->direct)
		fputs("  executed directly by the real machine\n", to);
	else
		fprintf(to, "  trapped to the monitor: %s, tval 0x%08" PRIx32 "%s\n", isa_cause_names[d->cause], d->tval,
		        d->came_back ? "" : "; the guest was not entered again");
}

/* ---- all of it ---------------------------------------------------------- */

static void print_exits(FILE *to, const struct efficiency *e)
{
	fprintf(to, "  %" PRIu64 " of %" PRIu64 " innocuous instructions executed directly (%.4f%%)\n", e->direct, e->innocuous,
	        e->innocuous ? 100.0 * (double)e->direct / (double)e->innocuous : 100.0);
	fprintf(to, "  %" PRIu64 " exits, of which the guest requires %" PRIu64 ":", e->exits, e->required);
	for (int cause = 0; cause < CAUSES; cause++)
		if (e->by_cause[cause] > 0)
			fprintf(to, " %s %" PRIu64, isa_cause_names[cause], e->by_cause[cause]);
	fputc('\n', to);
}

static void print_violation(FILE *to, const struct violation *v)
{
	fprintf(to, "  real PSW: pc %08x status %x base %08x bound %08x timer %08x\n", v->psw.pc, v->psw.status, v->psw.base,
	        v->psw.bound, v->psw.timer);
	fprintf(to, "  after %" PRIu64 " steps of the real machine\n", v->steps);
}

static void print_filled(const char *head, const char *text, const struct finding *f, FILE *to)
{
	fputs(head, to);
	fault_fill(text, &f->where, to);
}

void explain_class(const struct finding *f, FILE *to)
{
	if (f->verdict != FAILS)
		return;
	const struct fault_class *fault = &fault_classes[f->fault ? f->fault : FAULT_OTHER];
	print_filled("  fault: ", fault->name, f, to);
	print_filled(", in ", fault->part, f, to);
	print_filled("\n         (ours: ", fault->ours, f, to);
	fputs(")\n", to);
}

void explain_small(const struct finding *f, FILE *to)
{
	if (!f->small)
		return;
	const struct vm_plan *plan = &f->small->plan;
	fprintf(to, "  smallest program found that shows it: %u words of random guest %" PRIu64 ", in %" PRIu32 " bytes of storage, %u line%s\n",
	        shrink_size(f->small), f->small->seed, plan->storage, plan->lines, plan->lines > 1 ? "s" : "");
	shrink_list(f->small, to);
	if (!f->small_where.found || f->small_where.at_start)
		return;
	print_step(to, &f->small_where);
	print_states(to, &f->small_where);
}

void explain_fault(const struct finding *f, const char *source, FILE *to)
{
	if (f->verdict != FAILS)
		return;
	if (f->guest)
		fprintf(to, "  guest %s%s%s%s%s, at depth %u%s\n", f->guest->name, f->beside[0] ? " beside " : "", f->beside,
		        f->stack[0] ? ", under " : "", f->stack, f->depth, f->late ? ", its input coming when it waits for it" : "");
	if (f->property == PROPERTY_EFFICIENCY)
		print_exits(to, &f->efficiency);
	if (f->violation.what[0])
		print_violation(to, &f->violation);
	if (f->where.found && f->where.at_start)
		fprintf(to, "  %s\n", f->where.came_back ? "already when the guest is entered first" : "before the guest was ever entered");
	else if (f->where.found)
		print_step(to, &f->where);
	if (f->stray.is && f->stray.trapped)
		fprintf(to, "  the monitor's own code trapped: %s, tval 0x%08" PRIx32 ", at pc 0x%08" PRIx32 ", after %" PRIu64 " steps of the real machine\n",
		        isa_cause_names[f->stray.cause], f->stray.tval, f->stray.pc, f->stray.steps);
	else if (f->stray.is)
		fprintf(to, "  the monitor is in its own code, at pc 0x%08" PRIx32 ", and does not come back\n", f->stray.pc);
	if (source)
		fprintf(to, "  source: %s\n", source);
	if (f->where.found && (!f->where.at_start || f->where.came_back))
		print_states(to, &f->where);
	if (f->said[0])
		fprintf(to, "  the monitor wrote: %s\n", f->said);
}
