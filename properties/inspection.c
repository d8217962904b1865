/* What a VM table says, held against the machine.  See inspection.h; called by check.c. */

#include "inspection.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "inspector/words.h"

static void lies(struct lie *lie, const struct pair *p, enum fault fault, const char *format, ...) __attribute__((format(printf, 4, 5)));

static void lies(struct lie *lie, const struct pair *p, enum fault fault, const char *format, ...)
{
	if (lie->what[0])
		return;
	va_list args;
	va_start(args, format);
	vsnprintf(lie->what, sizeof(lie->what), format, args);
	va_end(args);
	lie->fault = fault;
	lie->clock = machine_clock(p->bare);
	lie->steps = machine_steps(p->nested);
}

static void compare_as(struct lie *lie, const struct pair *p, enum fault fault, const char *what, uint64_t says, uint64_t is)
{
	if (says != is)
		lies(lie, p, fault, _("the VM table says %s 0x%llx; it is 0x%llx"), what, (unsigned long long)says, (unsigned long long)is);
}

static void compare(struct lie *lie, const struct pair *p, const char *what, uint64_t says, uint64_t is)
{
	compare_as(lie, p, FAULT_UNTRUE_TABLE, what, says, is);
}

static void compare_time(struct lie *lie, const struct pair *p, const char *what, uint64_t says, uint64_t is)
{
	compare_as(lie, p, FAULT_UNTOLD_TIME, what, says, is);
}

static void compare_count(struct lie *lie, const struct pair *p, const char *what, uint64_t says, uint64_t is)
{
	compare_as(lie, p, FAULT_MISCOUNTED, what, says, is);
}

static uint64_t two(const uint32_t words[2]) { return (uint64_t)words[1] << 32 | words[0]; }

static uint32_t pending(const struct machine *m)
{
	uint32_t lines = 0;
	for (unsigned line = 0; line < machine_lines(m); line++)
		lines |= (uint32_t)machine_line(m, line).pending << line;
	return lines;
}

/* Attentions that the real machine has yet to take. */
static uint32_t on_its_way(const struct pair *p)
{
	return pending(p->nested) >> p->first_line & (uint32_t)((UINT64_C(1) << p->c->guest->lines) - 1);
}

/* ---- what holds for ever ------------------------------------------------ */

static void compare_allotment(struct lie *lie, const struct pair *p)
{
	const struct vm_entry *vm = pair_told(p);
	const struct vm_plan *guest = p->c->guest;
	compare(lie, p, "storage bytes", vm->size, guest->storage);
	compare(lie, p, "first sector", vm->first_sector, p->sector);
	compare(lie, p, "sectors", vm->sectors, guest->disk.sectors);
	compare(lie, p, "lines", vm->lines, guest->lines);
	compare(lie, p, "first line", vm->lines ? vm->first_line : p->first_line, p->first_line);
	char name[NAME_BYTES] = { 0 };
	memcpy(name, guest->name, strnlen(guest->name, NAME_BYTES));
	if (memcmp(name, vm->name, NAME_BYTES) != 0)
		lies(lie, p, FAULT_UNTRUE_TABLE, _("the VM table says the name '%.12s'; it is '%.12s'"), vm->name, name);
}

static void compare_exits(struct lie *lie, const struct pair *p, enum cause cause, uint32_t says)
{
	char what[40];
	if (says == (uint32_t)p->counts.exits[cause])
		return;
	snprintf(what, sizeof(what), "%s exits", isa_cause_names[cause]);
	compare_count(lie, p, what, says, (uint32_t)p->counts.exits[cause]);
}

/* Reset counts as a trap reflected, or not.  What the real machine took in the guest, its host
 * knows nothing of. */
static void compare_counts(struct lie *lie, const struct pair *p)
{
	if (p->c->pardons > 0)
		return; /* the bare machine may have gone another way */
	const struct vm_entry *vm = pair_told(p);
	uint64_t traps = 0;
	struct machine_counts bare = machine_counts(p->bare);
	for (int cause = CAUSE_PRIVILEGED; cause < CAUSES; cause++) {
		compare_exits(lie, p, (enum cause)cause, vm->exits[cause]);
		traps += bare.traps[cause];
	}
	traps -= p->counts.direct_traps + p->counts.direct_interrupts;
	if (vm->reflected != (uint32_t)traps && vm->reflected != (uint32_t)traps + 1)
		compare_count(lie, p, "traps reflected", vm->reflected, traps);
	compare_count(lie, p, "instructions emulated", vm->emulated,
	        (uint32_t)(bare.instructions - p->counts.direct));
}

/* ---- at an entry -------------------------------------------------------- */

static void compare_psw(struct lie *lie, const struct pair *p)
{
	const struct psw *says = &pair_told(p)->psw, is = follow_psw(p->bare);
	compare(lie, p, "pc", says->pc, is.pc);
	compare(lie, p, "status", says->status, is.status);
	compare(lie, p, "base", says->base, is.base);
	compare(lie, p, "bound", says->bound, is.bound);
	compare_time(lie, p, "timer", says->timer, is.timer);
}

void inspection_entered(struct lie *lie, const struct pair *p)
{
	const struct vm_entry *vm = pair_told(p);
	const struct level *host = &p->meter.levels[0], *guest = &p->meter.levels[p->guest];
	struct psw real = machine_psw(p->nested), bare = machine_psw(p->bare);
	struct machine_guest inner; /* that the guest itself runs by SIE: then the real R may be for that one, or not yet */
	bool shows = real.bound > 0 && bare.base < machine_storage_size(p->bare) && !machine_guest(p->bare, &inner);
	if (lie->what[0] || guest->parent != 0)
		return;
	if (host->lie)
		lies(lie, p, FAULT_UNTRUE_TABLE, _("the anchor cannot be believed: %s"), host->lie);
	compare(lie, p, "state", vm->state, VM_RUNNABLE);
	compare(lie, p, "that the VM now running is", host->anchor.running, guest->vm);
	compare_time(lie, p, "timer loaded", vm->timer_loaded, real.timer);
	if (shows)
		compare(lie, p, "region", vm->region, real.base - bare.base);
	compare_psw(lie, p);
	compare_time(lie, p, "clock", two(vm->clock), machine_clock(p->bare));
	compare(lie, p, "trapped", vm->trapped != 0, machine_trapped(p->bare));
	compare(lie, p, "pending", vm->pending | on_its_way(p), pending(p->bare));
	compare_allotment(lie, p);
	compare_counts(lie, p);
}

/* ---- at the end --------------------------------------------------------- */

/* A VM that waits for ever does so on a machine in disabled wait. */
void inspection_ended(struct lie *lie, const struct pair *p)
{
	static const enum vm_state states[MACHINE_ENDS] = { VM_RUNNABLE, VM_HALTED, VM_CHECK_STOPPED, VM_DISABLED_WAIT };
	const struct vm_entry *vm = pair_told(p);
	enum machine_end end = machine_end(p->bare);
	if (lie->what[0] || p->meter.levels[p->guest].parent != 0)
		return;
	if (p->guest == 0) {
		lies(lie, p, FAULT_UNTRUE_TABLE, _("the anchor and VM table show no virtual machine"));
		return;
	}
	if (!(end == MACHINE_DISABLED_WAIT && vm->state == VM_WAITING))
		compare_as(lie, p, FAULT_UNTOLD_END, "state", vm->state, states[end]);
	if (end == MACHINE_HALTED)
		compare_as(lie, p, FAULT_UNTOLD_END, "exit code", vm->exit_code, machine_exit_code(p->bare));
	compare_psw(lie, p);
	compare_time(lie, p, "clock", two(vm->clock), machine_clock(p->bare));
	for (unsigned x = 1; x < 32; x++) {
		char what[8];
		snprintf(what, sizeof(what), "x%u", x);
		compare(lie, p, what, vm->x[x], machine_register(p->bare, x));
	}
	compare_allotment(lie, p);
}
