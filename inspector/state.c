/* Machines as they see themselves: which there are, what state each is in, and how an
 * address of one comes to be one of the real machine.  Called by the session's users,
 * and by its motion.
 *
 * Where a VM runs on its host, its registers are the host's, and the host's may be
 * its own host's in turn, down to the real machine.  Else they are as the host
 * saved them.
 */

#include <string.h>

#include "session_inside.h"

/* ---- looking ------------------------------------------------------------ */

/* The meter's machines, and those that it has not met yet; what is no more is
 * empty. */
void session_look(struct session *s)
{
	levels_meter_settle(&s->meter);
	memcpy(s->view, s->meter.levels, s->meter.n * sizeof(*s->view));
	for (unsigned i = 1; i < s->meter.n; i++)
		s->view[i].entry.state = VM_EMPTY;
	s->viewed = levels_find_again(s->m, s->view, s->meter.n);
	memset(s->counts, 0, sizeof(s->counts));
	memcpy(s->counts, s->meter.counts, s->meter.n * sizeof(*s->counts));
}

const struct level *session_levels(const struct session *s, unsigned *n)
{
	*n = s->viewed;
	return s->view;
}

const struct level_counts *session_counts(const struct session *s, unsigned level)
{
	return &s->counts[level < s->viewed ? level : 0];
}

unsigned session_running(const struct session *s) { return s->meter.running; }
const struct control *session_control(const struct session *s) { return &s->control; }

/* ---- state -------------------------------------------------------------- */

/* A VM's entry as it is now.  False if its host no longer says that it is there. */
static bool read_entry(const struct machine *m, const struct level *host, const struct level *vm,
                       struct vm_entry *entry)
{
	struct anchor anchor;
	if (!machine_read(m, host->real + CELL_ANCHOR, &anchor, sizeof(anchor)) || anchor.magic != ANCHOR_MAGIC)
		return false;
	uint64_t at = anchor.table + (uint64_t)vm->vm * anchor.entry_bytes;
	return at + sizeof(*entry) <= host->size && machine_read(m, host->real + (uint32_t)at, entry, sizeof(*entry)) &&
	       entry->state != VM_EMPTY && entry->state < VM_STATES &&
	       host->real + entry->region == vm->real && entry->size == vm->size;
}

static void real_state(const struct machine *m, const struct psw *psw, struct level_state *state)
{
	*state = (struct level_state){ .exists = true, .running = true, .vm = VM_RUNNABLE, .psw = *psw, .real = *psw,
	                               .clock = machine_clock(m), .trapped = machine_trapped(m) };
	if (machine_end(m) != MACHINE_RUNNING)
		state->vm = VM_HALTED + (uint32_t)machine_end(m) - MACHINE_HALTED;
	for (unsigned x = 0; x < 32; x++)
		state->x[x] = machine_register(m, x);
}

/* As the host's table has it. */
static void saved_state(const struct vm_entry *entry, struct level_state *state)
{
	*state = (struct level_state){ .exists = true, .vm = entry->state, .psw = psw_normal(entry->psw),
	                               .clock = (uint64_t)entry->clock[1] << 32 | entry->clock[0],
	                               .trapped = entry->trapped != 0 };
	memcpy(state->x, entry->x, sizeof(state->x));
	state->x[0] = 0;
}

bool state_runs_on(const struct level_state *host, const struct vm_entry *entry)
{
	return host->psw.status & STATUS_M && host->psw.base - entry->region < entry->size;
}

/* What the host's state says of a VM that runs on it, over what its table says. */
static void take_running(const struct level_state *host, const struct vm_entry *entry, struct level_state *state)
{
	uint32_t done = entry->timer_loaded - host->psw.timer;
	memcpy(state->x, host->x, sizeof(state->x));
	state->psw.pc = host->psw.pc;
	if (host->psw.bound > 0)
		state->psw.base = host->psw.base - entry->region;
	if (state->psw.status & STATUS_TE)
		state->psw.timer = done < state->psw.timer ? state->psw.timer - done : 0;
	state->clock += done;
	state->trapped &= done == 0;
	state->running = host->running;
}

struct psw state_composed(const struct psw *psw, uint32_t region, uint32_t size)
{
	struct psw real = *psw;
	uint32_t room = psw->base < size ? size - psw->base : 0;
	real.base = region + (room > 0 ? psw->base : 0);
	real.bound = psw->bound < room ? psw->bound : room;
	return real;
}

/* A guest in interpretive execution: what it is, the machine itself says. */
static void take_guest(const struct machine *m, const struct machine_guest *guest, struct level_state *state)
{
	state->psw = guest->psw;
	state->clock = guest->clock;
	state->trapped = guest->trapped;
	state->running = true;
	for (unsigned x = 0; x < 32; x++)
		state->x[x] = machine_register(m, x);
}

/* A host of such a guest that has its own host do SIE for it: shown as if it were the real
 * machine, under the PSW that holds the guest. */
static void take_host(const struct level_state *host, const struct vm_entry *entry, struct level_state *state)
{
	take_running(host, entry, state);
	state->psw.status |= STATUS_M | STATUS_IE;
	state->psw.bound = host->psw.bound;
}

static void compose_down(const struct level *levels, unsigned i, struct level_state *state)
{
	state->real = state_composed(&state->psw, levels[i].real, levels[i].size);
	state->real.status |= STATUS_M;
}

void state_of(const struct machine *m, const struct level *levels, unsigned i, const struct psw *psw,
              const struct machine_guest *guest, struct level_state *state)
{
	if (levels[i].parent < 0) {
		real_state(m, psw, state);
		return;
	}
	struct level_state host;
	struct vm_entry entry;
	state_of(m, levels, (unsigned)levels[i].parent, psw, guest, &host);
	if (!host.exists || !read_entry(m, &levels[levels[i].parent], &levels[i], &entry)) {
		*state = (struct level_state){ 0 };
		return;
	}
	saved_state(&entry, state);
	bool inside = guest && guest->origin - levels[i].real < levels[i].size;
	if (inside && guest->extent == levels[i].size)
		take_guest(m, guest, state);
	else if (inside)
		take_host(&host, &entry, state);
	else if (state_runs_on(&host, &entry))
		take_running(&host, &entry, state);
	if (state->running)
		state->real = *psw;
	else
		compose_down(levels, i, state);
}

void state_now(const struct machine *m, const struct level *levels, unsigned i, struct level_state *state)
{
	struct psw psw = machine_psw(m);
	struct machine_guest guest;
	state_of(m, levels, i, &psw, machine_guest(m, &guest) ? &guest : NULL, state);
}

void session_state(const struct session *s, unsigned level, struct level_state *state)
{
	*state = (struct level_state){ 0 };
	if (level < s->viewed)
		state_now(s->m, s->view, level, state);
}

bool state_advanced(const struct level_state *before, const struct level_state *after)
{
	return memcmp(&before->psw, &after->psw, sizeof(before->psw)) != 0 || before->clock != after->clock ||
	       before->trapped != after->trapped;
}

/* ---- addresses ---------------------------------------------------------- */

static void add_step(struct translation *t, unsigned level, uint32_t address, uint32_t base, uint32_t bound)
{
	t->at[t->n].level = level;
	t->at[t->n].address = address;
	t->at[t->n].base = base;
	t->at[t->n].bound = bound;
	t->n++;
}

/* From a machine's storage down to the real one's; false at the first that refuses. */
static bool go_down(const struct session *s, int level, uint32_t address, uint32_t bytes, struct translation *t)
{
	for (; level >= 0; level = s->view[level].parent) {
		const struct level *machine = &s->view[level];
		add_step(t, (unsigned)level, address, machine->entry.region, machine->size);
		if ((uint64_t)address + bytes > machine->size) {
			t->refuses = (int)t->n - 1;
			return false;
		}
		address += machine->entry.region;
	}
	return true;
}

bool session_translate(const struct session *s, unsigned level, uint32_t address, uint32_t bytes, bool absolute,
                       struct translation *t)
{
	struct level_state state;
	*t = (struct translation){ .refuses = -1 };
	session_state(s, level, &state);
	if (!state.exists) {
		add_step(t, level, address, 0, 0);
		t->refuses = 0;
		return false;
	}
	uint32_t base = absolute ? 0 : state.psw.base, bound = absolute ? BOUND_ALL : state.psw.bound;
	add_step(t, level, address, base, bound);
	if (!absolute && !address_legal(address, bytes, base, bound, s->view[level].size)) {
		t->refuses = 0;
		return false;
	}
	return go_down(s, (int)level, base + address, bytes, t);
}

bool session_read(const struct session *s, unsigned level, uint32_t address, bool absolute, void *to, uint32_t n)
{
	struct translation t;
	return session_translate(s, level, address, n, absolute, &t) && machine_read(s->m, t.at[t.n - 1].address, to, n);
}
