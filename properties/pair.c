/* Two machines kept in step.  See pair.h; called by everything that judges. */

#include "pair.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coverage.h"

enum {
	OUTPUT_MOST = 1 << 22, /* bytes of a line */
	TRAP_WORK = 32,        /* of a trap, and of a comparison: how many instructions cost us as much */
	ENTRY_WORK = 256,
	TRANSFER_WORK = 512,   /* of SIO: what it moves may be code that was decoded already */
	LOOK = 1 << 20,        /* at multiples of so many steps */
};

/* ---- what is written ---------------------------------------------------- */

static bool append(struct text *to, const uint8_t *bytes, size_t n)
{
	if (to->n + n > OUTPUT_MOST)
		return false;
	if (to->n + n > to->room) {
		size_t room = 2 * (to->n + n) + 64;
		uint8_t *at = realloc(to->at, room);
		if (!at)
			return false;
		to->at = at;
		to->room = room;
	}
	memcpy(to->at + to->n, bytes, n);
	to->n += n;
	return true;
}

static void take_bare(void *self, unsigned line, const uint8_t *bytes, size_t n)
{
	struct pair *p = self;
	append(&p->bare_output[line], bytes, n);
}

static void take_nested(void *self, unsigned line, const uint8_t *bytes, size_t n)
{
	struct pair *p = self;
	bool guests = line - p->first_line < p->c->guest->lines;
	if (!append(guests ? &p->output[line - p->first_line] : &p->said, bytes, n)) {
		p->babbled = true;
		machine_ask_stop(p->nested);
	}
}

/* ---- events ------------------------------------------------------------- */

/* What a guest hosts is part of it. */
static unsigned climb(const struct pair *p, unsigned machine)
{
	const struct level *levels = p->meter.levels;
	while (levels[machine].depth > p->c->depth)
		machine = (unsigned)levels[machine].parent;
	return machine;
}

static bool is_guest(const struct pair *p, unsigned machine)
{
	const struct level *level = &p->meter.levels[machine];
	return machine > 0 && level->depth == p->c->depth &&
	       (p->c->besides == 0 || level->entry.first_sector == p->sector);
}

/* The machine that ran has made way for another, or for itself. */
static void turned(struct pair *p)
{
	unsigned now = climb(p, p->meter.running);
	if (is_guest(p, now) && (now != p->was || p->follow.exit.is)) {
		p->guest = now;
		p->entered = true;
		machine_ask_stop(p->nested);
	}
	p->was = now;
}

/* A trap that no monitor means to take. An EBREAK may be meant, and what follows from a new PSW under
 * which nothing can be fetched: so a monitor stops its machine. Under an R of its own it tries out what the machine does. */
static bool is_stray(const struct pair *p, const struct psw *old, enum cause cause)
{
	bool never_meant = cause == CAUSE_MEMORY || cause == CAUSE_ILLEGAL || cause == CAUSE_MISALIGNED;
	return p->was == 0 && !(old->status & STATUS_M) && old->base == 0 && old->bound > 0 && never_meant;
}

static void note_stray(struct pair *p, const struct psw *old, enum cause cause, uint32_t tval)
{
	p->trapped_at = machine_steps(p->nested);
	if (is_guest(p, p->was))
		p->stray.is = false;
	else if (!p->stray.is && is_stray(p, old, cause))
		p->stray = (struct stray){ true, old->pc, true, cause, tval, p->trapped_at };
}

/* The machine that ran makes way for a monitor above the guest. */
static void left(struct pair *p, const struct psw *old, enum cause cause, uint32_t tval)
{
	if (is_guest(p, p->was)) {
		follow_note_exit(&p->follow, old, cause, tval);
		p->counts.exits[cause]++;
	}
	note_stray(p, old, cause, tval);
	control_trap(&p->control, p->nested, p->was, old, cause, tval);
	turned(p);
}

/* In interpretive execution, the trap of a guest that has taken it itself: there is no
 * exit, but something to compare. */
static bool took_itself(const struct pair *p) { return p->meter.took > 0 && is_guest(p, climb(p, p->meter.took)); }

static void on_trap(void *self, struct machine *m, struct psw old, enum cause cause, uint32_t tval)
{
	struct pair *p = self;
	if (!took_itself(p)) {
		left(p, &old, cause, tval);
		return;
	}
	p->counts.direct_traps += !follow_interrupted(cause);
	p->counts.direct_interrupts += follow_interrupted(cause);
	p->let = true;
	p->was = climb(p, p->meter.running);
	machine_ask_stop(m);
}

static void on_interception(void *self, struct machine *m, struct psw old, enum interception code, uint32_t parameter)
{
	(void)m;
	left(self, &old, levels_cause(code, parameter), parameter);
}

static void on_system(void *self, struct machine *m, enum insn insn, struct psw before)
{
	struct pair *p = self;
	(void)insn;
	if (before.status & STATUS_M && is_guest(p, p->was)) {
		p->counts.direct_system++;
		p->let = true;
		machine_ask_stop(m);
	}
	control_system(&p->control, m, &before);
	turned(p);
}

static void on_transfer(void *self, struct machine *m, const struct command_block *block, enum condition cc)
{
	struct pair *p = self;
	p->transfers++;
	control_transfer(&p->control, m, block, cc);
}

static void on_bare_trap(void *self, struct machine *m, struct psw old, enum cause cause, uint32_t tval)
{
	struct pair *p = self;
	p->counts.timed += (machine_psw(m).status & STATUS_TE) != 0;
	if (p->c->coverage)
		coverage_trap(p->c->coverage, p->c->depth, m, &old, cause, tval);
}

static void on_bare_system(void *self, struct machine *m, enum insn insn, struct psw before)
{
	struct pair *p = self;
	p->counts.system++;
	p->counts.timed += (machine_psw(m).status & STATUS_TE) != 0;
	if (p->c->coverage)
		coverage_system(p->c->coverage, p->c->depth, m, &before, insn);
}

/* ---- making the two machines -------------------------------------------- */

static bool copy_disk(struct boot_disk *to, const struct boot_disk *from)
{
	to->sectors = from->sectors;
	to->image = malloc((size_t)from->sectors * SECTOR);
	if (to->image)
		memcpy(to->image, from->image, (size_t)from->sectors * SECTOR);
	return to->image != NULL;
}

/* The guest is the n-th VM of the innermost monitor; each of the others hosts one. */
static void find_place(struct pair *p, unsigned n)
{
	struct allotment given[DIRECTORY_ENTRIES] = { { 0 } }, host = { 0 };
	for (unsigned depth = 1; depth <= p->c->depth; depth++) {
		control_allotments(given, &p->nested_disk, host.first_sector, host.first_line);
		p->sector = given[depth == p->c->depth ? n : 0].first_sector - host.first_sector;
		host = given[depth == p->c->depth ? n : 0];
	}
	p->disk_sector = host.first_sector;
	p->first_line = host.first_line;
}

static bool pack(struct pair *p, struct refusal *why)
{
	struct vm_plan vms[DIRECTORY_ENTRIES];
	const struct pair_case *c = p->c;
	unsigned guest = c->guest_last ? c->besides : 0, n = 0;
	for (unsigned i = 0; i <= c->besides && i < DIRECTORY_ENTRIES; i++)
		vms[i] = i == guest ? *c->guest : c->beside[n++];
	if (!pack_stack(&p->host, c->monitors, c->depth, vms, c->besides + 1, why))
		return false;
	p->nested_disk = p->host.disk;
	find_place(p, guest);
	uint64_t storage = (uint64_t)p->host.storage + c->spare_storage;
	p->host.storage = storage < STORAGE_MOST ? (uint32_t)storage : STORAGE_MOST;
	return true;
}

struct bytes late_piece(const struct pair_case *c, unsigned line, unsigned n)
{
	const struct bytes *input = &c->input[line];
	size_t from = (size_t)n * LATE_BYTES, left = from < input->n ? input->n - from : 0;
	bool all = n == LATE_MOST - 1 || left < LATE_BYTES;
	return left == 0 ? (struct bytes){ NULL, 0 } : (struct bytes){ (const uint8_t *)input->at + from, all ? left : LATE_BYTES };
}

bool late_comes(struct late *late, const struct pair_case *c, struct machine *m, unsigned first)
{
	bool came = false;
	if (c->when != INPUT_LATE || late->ended)
		return false;
	for (unsigned line = 0; line < c->guest->lines && late->times < LATE_MOST; line++) {
		struct bytes piece = late_piece(c, line, late->times);
		came |= piece.n > 0 && machine_input(m, first + line, piece.at, piece.n);
	}
	if (came)
		late->steps[late->times++] = machine_steps(m);
	late->ended = !came;
	late->end = machine_steps(m);
	for (unsigned line = 0; line < c->guest->lines && late->ended; line++)
		machine_input_ends(m, first + line);
	return true;
}

/* From reset. */
static struct bytes guest_waiting(const struct pair *p, unsigned line, bool *ends)
{
	*ends = p->c->when == INPUT_FIRST;
	return p->c->when == INPUT_LATE ? (struct bytes){ NULL, 0 } : p->c->input[line];
}

/* Neighbours have input on all their lines. */
struct bytes pair_waiting(const struct pair *p, unsigned line, bool *ends)
{
	static const char text[] = "What?";
	if (line - p->first_line < p->c->guest->lines)
		return guest_waiting(p, line - p->first_line, ends);
	*ends = p->c->input_every == 0;
	return p->c->besides > 0 && line > 0 && *ends ? (struct bytes){ text, sizeof(text) - 1 } : (struct bytes){ NULL, 0 };
}

static void give(struct machine *m, unsigned line, struct bytes input, bool ends)
{
	if (input.n > 0)
		machine_input(m, line, input.at, input.n);
	if (ends)
		machine_input_ends(m, line);
}

static struct machine *make(const struct pair *p, const struct vm_plan *plan, const struct boot_disk *disk, bool plain,
                            struct refusal *why)
{
	const struct machine_config config = { plan->storage, plan->lines, p->c->profile, plain };
	struct machine *m = machine_new(&config, why);
	if (!m)
		return NULL;
	machine_attach_disk(m, disk->image, disk->sectors);
	for (unsigned line = 0; line < plan->lines; line++) {
		bool ends;
		struct bytes input = plan == &p->host ? pair_waiting(p, line, &ends) : guest_waiting(p, line, &ends);
		give(m, line, input, ends);
	}
	return m;
}

static bool start_bare(struct pair *p, struct refusal *why)
{
	if (!copy_disk(&p->bare_disk, &p->c->guest->disk))
		return refuse(why, "no memory to compare two machines");
	p->bare = make(p, p->c->guest, &p->bare_disk, true, why);
	if (!p->bare)
		return false;
	machine_set_console(p->bare, &(struct console_host){ p, take_bare, NULL });
	machine_observe(p->bare, &(struct observer){ .self = p, .trap = on_bare_trap, .system = on_bare_system });
	machine_ipl(p->bare);
	return true;
}

static bool start(struct pair *p, struct refusal *why)
{
	if (!pack(p, why))
		return false;
	p->nested = make(p, &p->host, &p->nested_disk, p->c->plain, why);
	p->unpatched = malloc(p->c->guest->storage);
	return p->nested && p->unpatched && (p->c->no_bare || start_bare(p, why));
}

enum stop pair_run_bare(struct pair *p, uint64_t steps)
{
	uint64_t until = machine_steps(p->bare) + steps;
	enum stop stop;
	do
		stop = machine_run_plain(p->bare, until - machine_steps(p->bare));
	while (stop == STOP_INPUT && late_comes(&p->bare_late, p->c, p->bare, 0));
	return stop;
}

static bool run_bare(void *self, uint64_t steps)
{
	return pair_run_bare(self, steps) == STOP_STEPS;
}

bool pair_start(struct pair *p, const struct pair_case *c, struct refusal *why)
{
	*p = (struct pair){ .c = c };
	p->follow = (struct follower){ .meter = &p->meter, .run = run_bare, .self = p };
	if (!start(p, why)) {
		pair_stop(p);
		return false;
	}
	machine_set_console(p->nested, &(struct console_host){ p, take_nested, NULL });
	levels_meter_start(&p->meter, p->nested);
	control_start(&p->control, &p->meter, &p->host.disk);
	levels_meter_also(&p->meter, &(struct observer){ p, on_trap, on_system, on_transfer, NULL, on_interception });
	p->follow.bare = p->bare;
	machine_ipl(p->nested);
	return true;
}

void pair_stop(struct pair *p)
{
	machine_free(p->bare);
	machine_free(p->nested);
	disk_free(&p->bare_disk);
	disk_free(&p->nested_disk);
	for (unsigned line = 0; line < LINES_MOST; line++) {
		free(p->bare_output[line].at);
		free(p->output[line].at);
	}
	free(p->said.at);
	free(p->unpatched);
	*p = (struct pair){ 0 };
}

/* ---- in step ------------------------------------------------------------ */

const struct vm_entry *pair_table(const struct pair *p) { return &p->meter.levels[p->guest].entry; }
const struct vm_entry *pair_told(const struct pair *p) { return &p->meter.levels[p->guest].told; }
const uint8_t *pair_storage(const struct pair *p) { return machine_storage(p->nested) + p->meter.levels[p->guest].real; }

/* The host's declaration, or none.  What it says is only ever applied to a copy, and a
 * false original is seen for the difference it makes. */
static struct patch_list declared_patches(const struct pair *p, const struct level *host)
{
	struct patch_list list;
	if (host->size < CELL_PATCHES + sizeof(list))
		return (struct patch_list){ 0 };
	memcpy(&list, machine_storage(p->nested) + host->real + CELL_PATCHES, sizeof(list));
	bool holds = list.magic == PATCHES_MAGIC && list.at <= host->size &&
	             list.count <= (host->size - list.at) / sizeof(struct patch);
	return holds ? list : (struct patch_list){ 0 };
}

static void undo(const struct pair *p, uint32_t guest_at, const struct patch *patch)
{
	uint32_t offset = patch->at - guest_at, word;
	if (offset > p->c->guest->storage - 4)
		return;
	memcpy(&word, p->unpatched + offset, 4);
	if (word == patch->in_place)
		memcpy(p->unpatched + offset, &patch->original, 4);
}

const uint8_t *pair_storage_unpatched(const struct pair *p)
{
	const struct level *guest = &p->meter.levels[p->guest];
	if (p->guest == 0 || guest->parent < 0)
		return pair_storage(p);
	const struct level *host = &p->meter.levels[guest->parent];
	struct patch_list list = declared_patches(p, host);
	if (list.count == 0)
		return pair_storage(p);
	memcpy(p->unpatched, pair_storage(p), p->c->guest->storage);
	for (uint32_t i = 0; i < list.count; i++) {
		struct patch patch;
		memcpy(&patch, machine_storage(p->nested) + host->real + list.at + i * sizeof(patch), sizeof(patch));
		undo(p, guest->real - host->real, &patch);
	}
	return p->unpatched;
}

static void note_agreement(struct pair *p)
{
	struct machine_counts bare = machine_counts(p->bare);
	p->counts.instructions = bare.instructions;
	memcpy(p->counts.traps, bare.traps, sizeof(bare.traps));
	p->agreed = p->counts;
	if (!p->indirect_at && bare.instructions - p->counts.system > p->counts.direct - p->counts.direct_system)
		p->indirect_at = machine_steps(p->nested);
}

/* Innocuous instructions of the bare machine that were not executed directly. */
static int64_t indirect(const struct pair_counts *counts)
{
	return (int64_t)(counts->instructions - counts->system) - (int64_t)(counts->direct - counts->direct_system);
}

/* What has been written already may be the beginning of what is to be. */
static void put_output_in_step(struct text *bare, const struct text *nested)
{
	if (nested->n == 0 || (nested->n <= bare->n && memcmp(bare->at, nested->at, nested->n) == 0))
		return;
	bare->n = 0;
	append(bare, nested->at, nested->n);
}

void pair_put_in_step(struct pair *p)
{
	const struct vm_entry *vm = pair_table(p);
	struct psw psw = vm->psw;
	p->counts.instructions = machine_counts(p->bare).instructions;
	p->counts.pardoned += indirect(&p->counts) - indirect(&p->agreed);
	psw.pc = machine_psw(p->nested).pc;
	machine_set_psw(p->bare, psw);
	machine_set_clock(p->bare, (uint64_t)vm->clock[1] << 32 | vm->clock[0]);
	machine_set_trapped(p->bare, vm->trapped != 0);
	for (unsigned x = 1; x < 32; x++)
		machine_set_register(p->bare, x, machine_register(p->nested, x));
	machine_write(p->bare, 0, pair_storage_unpatched(p), p->c->guest->storage);
	for (unsigned line = 0; line < p->c->guest->lines; line++)
		put_output_in_step(&p->bare_output[line], &p->output[line]);
	follow_keep_pace(&p->follow, p->counts.direct, p->counts.direct_traps);
	note_agreement(p);
	p->in_step = true;
}

bool pair_end_was_seen(const struct pair *p)
{
	int64_t ahead = follow_ahead(&p->follow, p->counts.direct, p->counts.direct_traps);
	return p->entries > 0 && ahead >= 0 && ahead <= 2;
}

/* The bare machine catches up with the guest that has just been entered. */
static void catch_up(struct pair *p)
{
	if (p->c->no_bare)
		return;
	p->follow.guest = p->guest;
	p->in_step = follow_catch_up(&p->follow, p->counts.direct, p->counts.direct_traps);
	if (p->in_step)
		note_agreement(p);
}

static void count(struct pair *p)
{
	levels_meter_read(&p->meter);
	if (p->guest == 0)
		for (unsigned i = 1; i < p->meter.n; i++)
			if (is_guest(p, i))
				p->guest = i;
	p->follow.guest = p->guest;
	p->counts.direct = p->guest ? follow_direct(&p->follow) : 0;
	uint64_t others = machine_counts(p->nested).instructions - p->counts.direct;
	if (p->entries == 0)
		p->boot_instructions = others;
	p->counts.monitor_instructions = others - p->boot_instructions;
}

uint64_t pair_work(const struct pair *p)
{
	struct machine_counts counts = machine_counts(p->nested);
	uint64_t traps = 0;
	for (int cause = 0; cause < CAUSES; cause++)
		traps += counts.traps[cause];
	return machine_steps(p->nested) + TRAP_WORK * traps + ENTRY_WORK * p->entries + TRANSFER_WORK * p->transfers;
}

bool pair_exhausted(const struct pair *p) { return p->c->work && *p->c->work == 0; }

static void spend(struct pair *p)
{
	if (!p->c->work)
		return;
	uint64_t all = pair_work(p), more = all - p->spent;
	*p->c->work -= more < *p->c->work ? more : *p->c->work;
	p->spent = all;
}

/* So many steps that they cannot cost more than is left, nor than is waited for, were each of them SIO. */
static uint64_t affordable(const struct pair *p, uint64_t steps)
{
	uint64_t work = p->c->work ? *p->c->work : UINT64_MAX;
	if (p->c->idle_most && p->c->idle_most < work)
		work = p->c->idle_most;
	uint64_t most = work / (TRANSFER_WORK + 1) + 1;
	return steps < most ? steps : most;
}

unsigned pair_line_beside(const struct pair *p) { return p->c->guest_last ? 1 : p->first_line + p->c->guest->lines; }

/* Beside others that run, only the VM table says that the guest waits. */
static void look_for_waiting(struct pair *p)
{
	if (p->c->besides == 0 || p->c->when != INPUT_LATE)
		return;
	count(p);
	if (p->guest && pair_table(p)->state == VM_WAITING)
		late_comes(&p->late, p->c, p->nested, p->first_line);
}

static void look_around(struct pair *p)
{
	if (p->c->input_every == 0)
		look_for_waiting(p);
	else if (!machine_input(p->nested, pair_line_beside(p), PAIR_BYTE_BESIDE, 1))
		p->babbled = true;
}

enum pair_stop pair_advance(struct pair *p, uint64_t steps)
{
	if (pair_exhausted(p))
		return PAIR_LIMIT;
	uint64_t until = machine_steps(p->nested) + affordable(p, steps), now;
	uint64_t every = p->c->input_every ? p->c->input_every : LOOK;
	enum stop stop = STOP_STEPS;
	p->entered = p->let = false;
	while (!p->entered && !p->let && !p->babbled && (now = machine_steps(p->nested)) < until) {
		uint64_t look = (now / every + 1) * every;
		stop = machine_run(p->nested, (until < look ? until : look) - now);
		if (machine_steps(p->nested) == look)
			look_around(p);
		if (stop == STOP_END || (stop == STOP_INPUT && !late_comes(&p->late, p->c, p->nested, p->first_line)))
			break;
	}
	count(p);
	spend(p);
	if (p->babbled)
		return PAIR_BABBLE;
	if (p->entered) {
		catch_up(p);
		p->entries++;
		p->follow.exit.is = false;
		return PAIR_ENTERED;
	}
	if (stop == STOP_END)
		return PAIR_ENDED;
	if (stop == STOP_INPUT)
		return PAIR_WAITS;
	if (!p->guest || climb(p, p->meter.running) != p->guest)
		return PAIR_LIMIT;
	catch_up(p);
	return PAIR_UNDER_WAY;
}
