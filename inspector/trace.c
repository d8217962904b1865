/* Traces: what a session's machine does is told to a format.  See trace.h. */

#include "trace.h"

#include <stdlib.h>
#include <string.h>

#define SLICE (UINT64_C(1) << 20) /* steps between looks at the outside */

const char *const trace_kind_names[TRACE_KINDS] = { "trap", "reflection", "entry", "end" };

/* To add a format: a file that defines it, its name in trace.h, and a row here. */
const struct trace_format *const trace_formats[] = {
	&trace_text, &trace_jsonl, &trace_chrome, &trace_folded, &trace_flame, &trace_vcd, &trace_score, NULL,
};

const struct trace_format *trace_format_named(const char *name)
{
	for (const struct trace_format *const *format = trace_formats; *format; format++)
		if (strcmp((*format)->name, name) == 0)
			return *format;
	return NULL;
}

/* ---- names --------------------------------------------------------------- */

static const struct level *level_at(const struct trace *trace, unsigned level)
{
	unsigned n;
	const struct level *levels = session_levels(trace->inspector->session, &n);
	return level < n ? &levels[level] : &levels[0];
}

unsigned trace_depth(const struct trace *trace, unsigned level) { return level_at(trace, level)->depth; }

/* What a VM table says of names is not to be trusted: it must not end a frame, a line or a
 * string. */
void trace_name(const struct trace *trace, unsigned level, char *to, size_t n)
{
	const char *program = program_name(trace->inspector, level);
	if (program)
		snprintf(to, n, "%s", program);
	else
		level_name(trace->inspector, level, to, n);
	for (char *c = to; *c; c++)
		if (*c <= ' ' || *c >= 0x7F || *c == ';')
			*c = '?';
}

const char *trace_symbol(const struct trace *trace, unsigned level, uint32_t pc, uint32_t *offset)
{
	const struct symbols *program = inspector_symbols(trace->inspector, level);
	return program ? symbols_name(program, pc, offset) : NULL;
}

/* Far apart for neighbours. */
unsigned trace_hue(unsigned level) { return (210 + 137 * level) % 360; }

/* ---- what is wanted ------------------------------------------------------ */

static bool in_window(const struct trace_wish *wish, uint64_t clock) { return clock >= wish->from && clock <= wish->to; }

static bool wanted(const struct trace_wish *wish, const struct trace_event *event)
{
	bool trap = event->kind == TRACE_TRAP || event->kind == TRACE_REFLECTION;
	if (wish->level >= 0 && event->level != (unsigned)wish->level && event->caused != (unsigned)wish->level)
		return false;
	if (wish->cause != CAUSES && (!trap || (unsigned)event->cause != wish->cause))
		return false;
	return event->psw.pc >= wish->first && event->psw.pc <= wish->last;
}

static void tell(struct trace *trace, struct trace_event *event)
{
	event->wanted = event->kind == TRACE_END || wanted(trace->wish, event);
	if (trace->format->event && in_window(trace->wish, event->clock))
		trace->format->event(trace, event);
	if (event->kind != TRACE_REFLECTION && event->clock <= trace->wish->to)
		trace->runs = event->level;
}

/* ---- what happens -------------------------------------------------------- */

static struct trace_event event_now(const struct trace *trace, enum trace_kind kind)
{
	const struct machine *m = session_machine(trace->inspector->session);
	return (struct trace_event){ .kind = kind, .steps = machine_steps(m), .clock = machine_clock(m), .psw = machine_psw(m) };
}

static void on_trap(void *self, const struct trap_record *record)
{
	struct trace *trace = self;
	struct trace_event event = event_now(trace, record->level == 0 ? TRACE_TRAP : TRACE_REFLECTION);
	event.level = record->level;
	event.from = record->level == 0 ? record->from : (unsigned)level_at(trace, record->level)->parent;
	event.caused = record->from;
	event.cause = record->cause;
	event.tval = record->tval;
	event.psw = record->old;
	tell(trace, &event);
}

/* After a trap of the real machine it is clear that level 0 runs. */
static void on_turn(void *self, unsigned from)
{
	struct trace *trace = self;
	struct trace_event event = event_now(trace, TRACE_ENTRY);
	event.level = session_running(trace->inspector->session);
	event.from = event.caused = from;
	if (event.level > 0)
		tell(trace, &event);
}

/* ---- samples ------------------------------------------------------------- */

/* The machines from the real one to that which runs, and its function. */
static void write_stack(const struct trace *trace, unsigned running, uint32_t pc, FILE *to)
{
	unsigned chain[LEVELS_MOST], n = 0;
	uint32_t offset;
	for (int level = (int)running; level >= 0; level = level_at(trace, (unsigned)level)->parent)
		chain[n++] = (unsigned)level;
	while (n-- > 0) {
		char name[64];
		trace_name(trace, chain[n], name, sizeof(name));
		fprintf(to, "level %u %s%c", chain[n], name, TRACE_FRAME);
	}
	const char *symbol = trace_symbol(trace, running, pc, &offset);
	fputs(symbol ? symbol : "[no symbol]", to);
}

static bool sample(struct trace *trace, uint64_t steps)
{
	const struct machine *m = session_machine(trace->inspector->session);
	char *stack = NULL;
	size_t size = 0;
	if (!trace->format->sample || !in_window(trace->wish, machine_clock(m)))
		return true;
	FILE *to = open_memstream(&stack, &size);
	if (!to)
		return false;
	write_stack(trace, session_running(trace->inspector->session), machine_psw(m).pc, to);
	bool good = fclose(to) == 0 && trace->format->sample(trace, stack, steps);
	free(stack);
	return good;
}

/* ---- running ------------------------------------------------------------- */

static const char *end_of(const struct session *s, enum arrival_why why)
{
	if (why == ARRIVED_END)
		return machine_end_names[machine_end(session_machine(s))];
	if (why == ARRIVED_INPUT)
		return "waits for input";
	return why == ARRIVED_INTERRUPTED ? "interrupted" : "cut here";
}

static uint64_t least(uint64_t a, uint64_t b) { return a < b ? a : b; }

/* Steps to the next look.  None but WAIT takes the clock on by more than 1, so the window's end is
 * not passed by more than one instruction. */
static uint64_t stride(const struct trace *trace)
{
	uint64_t most = trace->format->sample ? trace->wish->every : SLICE;
	uint64_t clock = machine_clock(session_machine(trace->inspector->session));
	return clock < trace->wish->to ? least(most, trace->wish->to - clock) : 1;
}

/* Returns false if memory runs out. */
static bool go_on(struct trace *trace, bool (*progress)(void *self, uint64_t clock), void *self)
{
	struct session *s = trace->inspector->session;
	const struct machine *m = session_machine(s);
	uint64_t looked = 0;
	struct arrival arrival = { .why = ARRIVED };
	bool good = true;
	while (good && arrival.why == ARRIVED && session_now(s) < trace->wish->limit && machine_clock(m) <= trace->wish->to) {
		uint64_t before = session_now(s);
		const struct motion motion = { .kind = MOVE_STEPS, .argument = least(before + stride(trace), trace->wish->limit) };
		arrival = session_move(s, &motion);
		good = sample(trace, session_now(s) - before);
		if (progress && session_now(s) - looked >= SLICE) {
			looked = session_now(s);
			if (!progress(self, machine_clock(m)))
				break;
		}
	}
	struct trace_event end = event_now(trace, TRACE_END);
	end.level = end.from = end.caused = trace->runs; /* whoever runs now may have begun after the window */
	end.why = end_of(s, arrival.why);
	end.clock = least(end.clock, trace->wish->to);
	tell(trace, &end);
	return good;
}

bool trace_run(struct inspector *inspector, const struct trace_wish *wish, const struct trace_format *format,
               const char *title, FILE *to, bool (*progress)(void *self, uint64_t clock), void *self)
{
	struct trace *trace = calloc(1, sizeof(*trace) + format->own);
	if (!trace)
		return false;
	*trace = (struct trace){ .inspector = inspector, .wish = wish, .format = format, .to = to, .own = trace + 1, .title = title,
	                          .runs = session_running(inspector->session) };
	const struct witness witness = { trace, on_trap, on_turn };
	session_witness(inspector->session, &witness);
	bool good = (!format->begin || format->begin(trace)) && go_on(trace, progress, self);
	session_witness(inspector->session, NULL);
	if (format->end)
		format->end(trace);
	free(trace);
	return good;
}
