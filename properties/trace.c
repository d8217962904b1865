/* A guest's trace beside others.  See trace.h; called by isolation.c. */

#include "trace.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	TRAPS_MOST = 4000,   /* of a trace */
	SLICE = 1000000,     /* steps of the real machine between looks; after its end as many show what others do */
	STEPS_EACH = 2000,   /* of the real machine, for an instruction of a VM, at most */
	QUANTA = 3,          /* of others, after which it should have had a turn */
};

/* ---- traces ------------------------------------------------------------- */

static uint64_t mix(uint64_t hash, uint64_t word) { return (hash ^ word ^ hash >> 29) * UINT64_C(0x9E3779B97F4A7C15); }

static uint64_t digest(uint64_t hash, const void *bytes, size_t n)
{
	const uint8_t *at = bytes;
	uint64_t word;
	for (; n >= sizeof(word); n -= sizeof(word), at += sizeof(word)) {
		memcpy(&word, at, sizeof(word));
		hash = mix(hash, word);
	}
	for (; n > 0; n--)
		hash = mix(hash, *at++);
	return hash;
}

void trace_free(struct trace *trace)
{
	free(trace->at);
	*trace = (struct trace){ 0 };
}

/* An exit that is the guest's own: the quantum's end and attentions are not. */
static void note_exit(struct trace *trace, const struct pair *p)
{
	const struct guest_exit *exit = &p->follow.exit;
	if (exit->cause == CAUSE_TIMER || exit->cause == CAUSE_IO || exit->cause == CAUSE_RESET)
		return;
	if (trace->n == trace->room) {
		size_t room = 2 * trace->room + 256;
		struct traced *at = realloc(trace->at, room * sizeof(*at));
		if (!at)
			return;
		trace->at = at;
		trace->room = room;
	}
	struct traced *now = &trace->at[trace->n++];
	*now = (struct traced){ exit->cause, exit->real.pc, exit->tval, p->counts.direct, { 0 }, machine_steps(p->nested) };
	memcpy(now->x, exit->x, sizeof(now->x));
}

/* A monitor's end is that of its last VM. */
static bool ends_alike(const struct machine *m, const struct vm_entry *vm)
{
	switch (vm->state) {
	case VM_HALTED:        return machine_end(m) == MACHINE_HALTED && machine_exit_code(m) == (vm->exit_code & 0xFF);
	case VM_CHECK_STOPPED: return machine_end(m) == MACHINE_CHECK_STOPPED;
	default:               return true;
	}
}

/* All other VMs of the real machine's monitor have ended, as its table says. */
static bool is_last(const struct pair *p)
{
	for (unsigned i = 1; i < p->meter.n; i++)
		if (p->meter.levels[i].parent == 0 && i != p->guest && p->meter.levels[i].entry.state < VM_HALTED)
			return false;
	return true;
}

static void note_end(struct trace *trace, const struct pair *p)
{
	const struct vm_entry *vm = pair_table(p);
	trace->ended = true;
	if (p->guest == 0)
		return;
	trace->same_end = ends_alike(p->nested, vm);
	trace->state = vm->state;
	trace->exit_code = vm->exit_code;
	trace->storage = digest(1, pair_storage_unpatched(p), p->c->guest->storage);
	trace->disk = digest(1, p->nested_disk.image + (size_t)p->disk_sector * SECTOR, (size_t)p->c->guest->disk.sectors * SECTOR);
	trace->output = 1;
	for (unsigned line = 0; line < p->c->guest->lines; line++)
		trace->output = digest(trace->output + line, p->output[line].at, p->output[line].n);
}

/* True if the guest has come to an end, or waits for input of which no more will come. */
static bool over(const struct pair *p, enum pair_stop stop)
{
	uint32_t state = pair_table(p)->state;
	if (stop == PAIR_ENDED || stop == PAIR_WAITS)
		return true;
	if (!p->guest || stop == PAIR_ENTERED || state < VM_WAITING || state >= VM_STATES)
		return false;
	return state != VM_WAITING || p->c->when != INPUT_LATE || p->late.ended;
}

/* What VMs of the real machine's monitor did without the real processor, by its table: the
 * guest, or all others. */
static uint64_t told(const struct pair *p, bool guest)
{
	uint64_t n = 0;
	for (unsigned i = 1; i < p->meter.n; i++)
		if (p->meter.levels[i].parent == 0 && (i == p->guest) == guest)
			n += (uint64_t)p->meter.levels[i].entry.emulated + p->meter.levels[i].entry.reflected;
	return n;
}

/* Instructions of all other VMs: executed directly, and trapped or interpreted, as was seen
 * or as they say, whichever is more. */
static uint64_t others(const struct pair *p)
{
	struct machine_counts counts = machine_counts(p->nested);
	uint64_t traps = counts.interceptions[INTERCEPTION_INSTRUCTION] + counts.interceptions[INTERCEPTION_CHECK_STOP];
	uint64_t says = told(p, false);
	for (int cause = CAUSE_PRIVILEGED; cause < CAUSE_TIMER; cause++)
		traps += counts.traps[cause] - p->counts.exits[cause];
	traps -= p->counts.direct_traps;
	return counts.user_instructions - p->counts.direct + (says > traps ? says : traps);
}

/* The guest has had a turn: what others have had since its last. */
static void note_turn(struct trace *trace, const struct pair *p, uint64_t *others_then, uint64_t *steps_then)
{
	uint64_t now = others(p);
	if (now - *others_then > trace->gap)
		trace->gap = now - *others_then;
	*others_then = now;
	*steps_then = machine_steps(p->nested);
}

static void follow(struct trace *trace, struct pair *p, uint64_t work)
{
	enum pair_stop stop = PAIR_ENTERED;
	uint64_t others_then = 0, steps_then = 0;
	p->follow.no_hint = true;
	while (pair_work(p) < work && !pair_exhausted(p) && trace->n < TRAPS_MOST && !over(p, stop) && stop != PAIR_BABBLE) {
		uint64_t went = told(p, true);
		stop = pair_advance(p, SLICE);
		if (stop == PAIR_ENTERED && p->entries > 1)
			note_exit(trace, p);
		if (stop == PAIR_ENTERED)
			trace->was_last = is_last(p);
		if (stop == PAIR_ENTERED || told(p, true) != went)
			note_turn(trace, p, &others_then, &steps_then);
	}
	if (p->follow.exit.is)
		note_exit(trace, p);
	if (over(p, stop))
		note_end(trace, p);
	trace->made = p->guest > 0;
	trace->went = p->counts.direct + told(p, true);
	trace->real_steps = machine_steps(p->nested);
	trace->work = pair_work(p);
	trace->waited = others(p) - others_then;
	trace->waited_steps = machine_steps(p->nested) - steps_then;
	trace->longest = p->control.longest;
	trace->violation = p->control.first;
}

bool trace_take(struct trace *trace, const struct pair_case *c, uint64_t work, struct refusal *why)
{
	struct pair *p = malloc(sizeof(*p));
	*trace = (struct trace){ 0 };
	bool good = p && pair_start(p, c, why);
	if (good) {
		follow(trace, p, work);
		pair_stop(p);
	}
	free(p);
	return good;
}

/* ---- comparing ---------------------------------------------------------- */

enum fault trace_starves(char *what, size_t room, const struct trace *trace, uint32_t quantum)
{
	if (trace->ended || trace->n == TRAPS_MOST)
		return FAULT_NONE;
	if (trace->waited_steps > STEPS_EACH * (trace->waited + STEPS_EACH)) {
		snprintf(what, room, "it does not go on, and nobody else does");
		return FAULT_STALLED;
	}
	if (trace->waited <= QUANTA * (uint64_t)quantum)
		return FAULT_NONE;
	if (!trace->made) {
		snprintf(what, room, "no virtual machine is made for it: others have had %" PRIu64 " instructions, and the VM table does not show it",
		         trace->waited);
		return FAULT_NEVER_ENTERS;
	}
	snprintf(what, room, "it does not get its turn: others have had %" PRIu64 " instructions since, in a quantum of %" PRIu32,
	         trace->waited, quantum);
	return FAULT_STARVED;
}

static enum fault changes(char *what, size_t room, enum fault fault, const char *format, ...) __attribute__((format(printf, 4, 5)));

static enum fault changes(char *what, size_t room, enum fault fault, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	vsnprintf(what, room, format, args);
	va_end(args);
	return fault;
}

static const char *state_name(const struct trace *trace) { return trace->state < VM_STATES ? vm_state_names[trace->state] : "?"; }

/* What is other in how they ended. */
static enum fault end_differs(char *what, size_t room, const struct trace *quiet, const struct trace *beside)
{
	if (!beside->ended)
		return FAULT_NONE;
	if (!quiet->ended)
		return beside->went < quiet->went ? changes(what, room, FAULT_SHARED_END, "it comes to an end, and beside a quiet one it goes on") : FAULT_NONE;
	if (quiet->n != beside->n)
		return changes(what, room, FAULT_SHARED_END, "it ends after %zu traps of its own, and beside a quiet one after %zu", beside->n, quiet->n);
	if (quiet->state != beside->state)
		return changes(what, room, FAULT_SHARED_END, "by its VM table it comes to be %s, and beside a quiet one %s", state_name(beside),
		               state_name(quiet));
	if (quiet->exit_code != beside->exit_code)
		return changes(what, room, FAULT_SHARED_END, "its exit code is %" PRIu32 ", and beside a quiet one %" PRIu32, beside->exit_code,
		               quiet->exit_code);
	if (beside->was_last && !beside->same_end)
		return changes(what, room, FAULT_SHARED_END, "it ended last, and the machine ends otherwise");
	if (quiet->output != beside->output)
		return changes(what, room, FAULT_SHARED_DEVICE, "its output is not what it is beside a quiet one");
	if (quiet->disk != beside->disk)
		return changes(what, room, FAULT_SHARED_DEVICE, "its disk is not what it is beside a quiet one");
	return quiet->storage != beside->storage ? changes(what, room, FAULT_SHARED_STORAGE, "its storage is not what it is beside a quiet one") : FAULT_NONE;
}

static bool same_course(const struct traced *a, const struct traced *b)
{
	return a->cause == b->cause && a->pc == b->pc && a->tval == b->tval && a->direct == b->direct;
}

static bool same_registers(const struct traced *a, const struct traced *b) { return memcmp(a->x, b->x, sizeof(a->x)) == 0; }

/* Its n-th trap is another. */
static enum fault trap_differs(char *what, size_t room, size_t n, const struct traced *quiet, const struct traced *beside)
{
	const char *cause = isa_cause_names[beside->cause];
	unsigned x = 1;
	if (quiet->cause != beside->cause || quiet->pc != beside->pc || quiet->tval != beside->tval)
		return changes(what, room, FAULT_SHARED_COURSE,
		               "its trap %zu is %s at pc 0x%08" PRIx32 ", tval 0x%" PRIx32 ", and beside a quiet one %s at pc 0x%08" PRIx32 ", tval 0x%" PRIx32, n,
		               cause, beside->pc, beside->tval, isa_cause_names[quiet->cause], quiet->pc, quiet->tval);
	if (quiet->direct != beside->direct)
		return changes(what, room, FAULT_SHARED_COURSE,
		               "by its trap %zu, %s at pc 0x%08" PRIx32 ", it has executed %" PRIu64 " instructions directly, and beside a quiet one %" PRIu64, n,
		               cause, beside->pc, beside->direct, quiet->direct);
	while (x < 31 && quiet->x[x] == beside->x[x])
		x++;
	return changes(what, room, FAULT_SHARED_REGISTERS,
	               "at its trap %zu, %s at pc 0x%08" PRIx32 ", x%u is 0x%08" PRIx32 ", and beside a quiet one 0x%08" PRIx32, n, cause, beside->pc, x,
	               beside->x[x], quiet->x[x]);
}

enum fault trace_differs(char *what, size_t room, uint64_t *steps, const struct trace *quiet, const struct trace *beside)
{
	size_t n = quiet->n < beside->n ? quiet->n : beside->n, same = 0;
	const struct traced *a = quiet->at, *b = beside->at;
	while (same < n && same_course(&a[same], &b[same]) && same_registers(&a[same], &b[same]))
		same++;
	*steps = same < n ? b[same].steps : beside->real_steps;
	return same < n ? trap_differs(what, room, same + 1, &a[same], &b[same]) : end_differs(what, room, quiet, beside);
}
