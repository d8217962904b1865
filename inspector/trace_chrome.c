/* A trace in the format of Chrome's about:tracing, which Perfetto reads: one track for each
 * level with what runs there, an instruction to a microsecond, and arrows for traps and
 * reflections.  See trace.h.
 */

#include "trace.h"

/* A slice is open on the track of whoever runs.  A machine that hosts runs because of a trap,
 * which names its slice. */
struct chrome {
	bool begun;                  /* a slice is open */
	bool named[LEVELS_MOST];     /* the track has its name */
	int cause[LEVELS_MOST];      /* 1 + cause last taken; 0: none yet */
	uint64_t until[LEVELS_MOST]; /* its last slice was closed there */
	uint64_t flow[LEVELS_MOST];  /* reflected to it, not yet entered; 0: none */
	uint64_t flows;
	uint64_t count;
};

static void put(struct trace *trace, json_t *object)
{
	struct chrome *chrome = trace->own;
	fputs(chrome->count++ > 0 ? ",\n" : "", trace->to);
	json_dumpf(object, trace->to, JSON_COMPACT);
	json_decref(object);
}

/* What all events have. */
static json_t *event_of(const char *phase, const char *name, unsigned level, uint64_t clock)
{
	return json_pack("{s:s, s:s, s:s, s:i, s:i, s:I}", "ph", phase, "name", name, "cat", "droste",
	                 "pid", 1, "tid", (int)level, "ts", (json_int_t)clock);
}

static void name_track(struct trace *trace, unsigned level)
{
	struct chrome *chrome = trace->own;
	char name[64], text[96];
	if (chrome->named[level])
		return;
	chrome->named[level] = true;
	trace_name(trace, level, name, sizeof(name));
	snprintf(text, sizeof(text), "level %u: %s", level, name);
	put(trace, json_pack("{s:s, s:s, s:i, s:i, s:{s:s}}", "ph", "M", "name", "thread_name", "pid", 1, "tid", (int)level,
	                     "args", "name", text));
	put(trace, json_pack("{s:s, s:s, s:i, s:i, s:{s:i}}", "ph", "M", "name", "thread_sort_index", "pid", 1, "tid", (int)level,
	                     "args", "sort_index", (int)level));
}

/* ---- slices -------------------------------------------------------------- */

static void open_slice(struct trace *trace, unsigned level, uint64_t clock)
{
	struct chrome *chrome = trace->own;
	char name[64];
	name_track(trace, level);
	trace_name(trace, level, name, sizeof(name));
	put(trace, event_of("B", chrome->cause[level] ? isa_cause_names[chrome->cause[level] - 1] : name, level, clock));
	chrome->begun = true;
}

static void close_slice(struct trace *trace, unsigned level, uint64_t clock)
{
	struct chrome *chrome = trace->own;
	if (chrome->begun)
		put(trace, event_of("E", "", level, clock));
	chrome->begun = false;
	chrome->until[level] = clock;
}

/* ---- arrows -------------------------------------------------------------- */

static void put_flow(struct trace *trace, const char *phase, uint64_t id, unsigned level, uint64_t clock)
{
	json_t *flow = event_of(phase, "trap", level, clock);
	json_object_set_new(flow, "id", json_integer((json_int_t)id));
	if (*phase == 'f')
		json_object_set_new(flow, "bp", json_string("e"));
	put(trace, flow);
}

static void put_instant(struct trace *trace, const struct trace_event *event, const char *name)
{
	char pc[16], tval[16];
	json_t *instant = event_of("i", name, event->level, event->clock);
	snprintf(pc, sizeof(pc), "0x%08x", event->psw.pc);
	snprintf(tval, sizeof(tval), "0x%08x", event->tval);
	json_object_set_new(instant, "s", json_string("t"));
	json_object_set_new(instant, "args", json_pack("{s:s, s:s, s:i, s:s}", "cause", isa_cause_names[event->cause],
	                                               "pc", pc, "from", (int)event->from, "tval", tval));
	put(trace, instant);
}

/* ---- events -------------------------------------------------------------- */

static void put_trap(struct trace *trace, const struct trace_event *event)
{
	struct chrome *chrome = trace->own;
	uint64_t id = ++chrome->flows;
	chrome->cause[event->level] = 1 + (int)event->cause;
	if (event->from == event->level) {
		name_track(trace, event->level);
		put_instant(trace, event, "trap");
		return;
	}
	if (event->wanted && chrome->begun)
		put_flow(trace, "s", id, event->from, event->clock);
	bool arrow = event->wanted && chrome->begun;
	close_slice(trace, event->from, event->clock);
	open_slice(trace, event->level, event->clock);
	if (arrow)
		put_flow(trace, "f", id, event->level, event->clock);
	if (event->wanted)
		put_instant(trace, event, "trap");
}

static void put_reflection(struct trace *trace, const struct trace_event *event)
{
	struct chrome *chrome = trace->own;
	chrome->cause[event->level] = 1 + (int)event->cause;
	if (!event->wanted)
		return;
	name_track(trace, event->level);
	chrome->flow[event->level] = ++chrome->flows;
	/* A host that has left its slice to enter the machine did it there. */
	uint64_t left = chrome->until[event->from];
	put_flow(trace, "s", chrome->flow[event->level], event->from, event->from > 0 && left > trace->wish->from ? left - 1 : event->clock);
	put_instant(trace, event, "reflection");
}

static void put_entry(struct trace *trace, const struct trace_event *event)
{
	struct chrome *chrome = trace->own;
	close_slice(trace, event->from, event->clock);
	open_slice(trace, event->level, event->clock);
	if (chrome->flow[event->level])
		put_flow(trace, "f", chrome->flow[event->level], event->level, event->clock);
	chrome->flow[event->level] = 0;
}

/* In a window, the first event is the first that is known of who has run since it begins. */
static void put_event(struct trace *trace, const struct trace_event *event)
{
	const struct chrome *chrome = trace->own;
	if (!chrome->begun)
		open_slice(trace, trace->runs, trace->wish->from);
	switch (event->kind) {
	case TRACE_TRAP:       put_trap(trace, event); break;
	case TRACE_REFLECTION: put_reflection(trace, event); break;
	case TRACE_ENTRY:      put_entry(trace, event); break;
	default:               close_slice(trace, event->level, event->clock);
	}
}

static bool begin(struct trace *trace)
{
	fputs("{\"displayTimeUnit\":\"ns\",\"traceEvents\":[\n", trace->to);
	put(trace, json_pack("{s:s, s:s, s:i, s:i, s:{s:s}}", "ph", "M", "name", "process_name", "pid", 1, "tid", 0,
	                     "args", "name", "droste: 1 us is 1 instruction"));
	uint64_t clock = machine_clock(session_machine(trace->inspector->session));
	if (clock >= trace->wish->from)
		open_slice(trace, session_running(trace->inspector->session), clock);
	return true;
}

static void end(struct trace *trace) { fputs("\n]}\n", trace->to); }

const struct trace_format trace_chrome = {
	.name = "chrome",
	.summary = "for Perfetto and about:tracing: a track for each level, traps as arrows",
	.own = sizeof(struct chrome),
	.begin = begin,
	.event = put_event,
	.end = end,
};
