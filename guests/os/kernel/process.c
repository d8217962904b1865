/* Processes: made, ended, put to sleep, and whose turn it is.  Round robin; a process
 * keeps the processor until its quantum is used up or it has to wait.
 */

#include "form.h"
#include "kernel.h"

struct process processes[PROCESSES];
struct process *running;

static const struct process *const end_of_table = processes + PROCESSES;

#define FOR_EACH(p) for (struct process *p = processes; p < end_of_table; p++)

/* ---- for those who look on ----------------------------------------------- */

static const struct form_field fields[] = {
	FORM_FIELD("process", processes[0].number, SIGNED), FORM_FIELD("name", processes[0].name, TEXT),
	FORM_FIELD("pc", processes[0].context.psw.pc, HEX), FORM_FIELD("base", processes[0].base, HEX),
	FORM_FIELD("size", processes[0].size, HEX), FORM_FIELD("state", processes[0].state, SIGNED),
	FORM_FIELD("registers", processes[0].context.x, HEX),
};

static const struct form_description description = {
	.name = "tiny operating system", .rows = PROCESSES, .row_bytes = sizeof(struct process),
	.present = FORM_ADDRESS(processes[0].state), .region = FORM_ADDRESS(processes[0].base),
	.size = FORM_ADDRESS(processes[0].size), .fields = FORM_ADDRESS(fields), .n = sizeof(fields) / sizeof(*fields),
};

FORM_ANCHOR(description);

/* ---- made and ended ------------------------------------------------------ */

struct process *process_new(struct jail *jail)
{
	static int32_t last;
	FOR_EACH(p) {
		if (p->state != PROCESS_NONE)
			continue;
		*p = (struct process){ .state = PROCESS_READY, .number = ++last, .pid = ++jail->last_pid, .jail = jail };
		p->where = (struct where){ ROOT_INODE, ROOT_INODE };
		p->group = p->number;
		return p;
	}
	return NULL;
}

static bool is_alive(const struct process *p) { return p->state == PROCESS_READY || p->state == PROCESS_WAITING; }

static bool sees(const struct process *p, const struct process *other)
{
	return p->jail == jail_outside || p->jail == other->jail;
}

int32_t process_number(const struct process *p, const struct process *to)
{
	return !sees(to, p) ? 0 : to->jail == jail_outside ? p->number : p->pid;
}

struct process *process_find(const struct process *by, int32_t number)
{
	FOR_EACH(p)
		if (is_alive(p) && number > 0 && process_number(p, by) == number)
			return p;
	return NULL;
}

/* The first process of the jail. */
static struct process *first_of(const struct jail *jail)
{
	FOR_EACH(p)
		if (p->jail == jail && p->pid == 1)
			return p;
	return processes;
}

/* It brings up the orphans. */
static void give_away_children(const struct process *of)
{
	FOR_EACH(p)
		if (p->parent == of)
			p->parent = first_of(p->jail);
}

/* The first process of a jail takes all others with it, and what is left of them. */
static void empty_jail(const struct process *first)
{
	terminal_leaves(first->jail);
	FOR_EACH(p)
		if (p->jail == first->jail && p != first) {
			if (is_alive(p))
				process_end(p, KILLED);
			p->state = PROCESS_NONE;
		}
}

/* It stays in the table until its parent has asked for the code. */
void process_end(struct process *p, int32_t code)
{
	if (p == processes)
		halt((uint32_t)code);
	for (int i = 0; i < FILES_EACH; i++)
		if (p->files[i]) {
			jail_pays(p->jail);
			file_close(p->files[i]);
			log_commit();
			jail_settle();
		}
	storage_free(p);
	if (p->pid == 1)
		empty_jail(p);
	give_away_children(p);
	p->state = PROCESS_ENDED;
	p->code = code;
	p->guest = 0;
	process_wake(p->parent);
}

void process_end_group(int32_t group, int32_t code)
{
	FOR_EACH(p)
		if (p->group == group && is_alive(p))
			process_end(p, code);
}

/* ---- waiting ------------------------------------------------------------- */

void process_wait(struct process *p, const void *what, uint64_t until)
{
	p->state = PROCESS_WAITING;
	p->awaits = what;
	p->until = until;
}

void process_wake(const void *what)
{
	FOR_EACH(p)
		if (p->state == PROCESS_WAITING && p->awaits == what)
			p->state = PROCESS_READY;
}

static void wake_sleepers(void)
{
	uint64_t now = stck();
	FOR_EACH(p)
		if (p->state == PROCESS_WAITING && p->until && p->until <= now)
			p->state = PROCESS_READY;
}

/* ---- whose turn ---------------------------------------------------------- */

/* The next after the one that runs, round the table, itself last. */
static struct process *next_ready(void)
{
	struct process *p = running ? running : processes;
	for (int i = 0; i < PROCESSES; i++) {
		p = p + 1 < end_of_table ? p + 1 : processes;
		if (p->state == PROCESS_READY && !jail_rests_until(p->jail))
			return p;
	}
	return NULL;
}

/* When it can go on, if only time is in the way; else 0. */
static uint64_t goes_on(const struct process *p)
{
	return p->state == PROCESS_WAITING ? p->until : p->state == PROCESS_READY ? jail_rests_until(p->jail) : 0;
}

/* Instructions until the first sleeper is to be woken; 0: nobody sleeps. */
static uint32_t until_first(void)
{
	uint64_t first = 0, now = stck();
	FOR_EACH(p)
		if (goes_on(p) && (!first || goes_on(p) < first))
			first = goes_on(p);
	if (!first)
		return 0;
	return first <= now ? 1 : first - now > UINT32_MAX ? UINT32_MAX : (uint32_t)(first - now);
}

/* Nobody can run.  WAIT ends with input, or when the timer has run out, though
 * neither interrupt is let in; without a sleeper, and with no input to come, it ends the
 * machine. */
static void idle(void)
{
	uint32_t time = until_first();
	if (time) {
		stmr(time);
		ssm(STATUS_TE);
	}
	wait_for_interrupt();
	ssm(0);
	terminal_poll();
}

static uint32_t least(uint32_t a, uint32_t b) { return a < b ? a : b; }

/* Always in user mode, interrupts on, the timer running. */
static _Noreturn void enter(struct process *p)
{
	struct context *context = p->guest ? &p->guest_context : &p->context;
	struct psw *psw = &context->psw;
	p->given = least(p->quantum, jail_has_left(p->jail));
	if (p->guest) {
		psw->base = p->base + p->guest_base;
		psw->bound = p->guest_bound;
		if (p->guest_timed)
			p->given = least(p->given, p->guest_left);
	} else {
		psw->base = p->base;
		psw->bound = p->size;
	}
	psw->timer = p->given;
	psw->status = STATUS_BITS;
	running = p;
	resume(context);
}

_Noreturn void schedule(void)
{
	wake_sleepers();
	struct process *p = running;
	if (!p || p->state != PROCESS_READY || p->quantum == 0 || jail_rests_until(p->jail)) {
		while (!(p = next_ready())) {
			idle();
			wake_sleepers();
		}
		p->quantum = QUANTUM;
	}
	enter(p);
}

/* ---- a process's storage, as the kernel sees it -------------------------- */

void *process_bytes(const struct process *p, uint32_t address, uint32_t n)
{
	if (address > p->size || n > p->size - address)
		return NULL;
	return (void *)(uintptr_t)(p->base + address);
}

char *process_string(const struct process *p, uint32_t address)
{
	char *text = process_bytes(p, address, 0);
	return text && memchr(text, 0, p->size - address) ? text : NULL;
}
